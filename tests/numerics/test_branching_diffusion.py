"""The branching diffusion: two exact routes and samples agree; orders that come out wrong."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lemmata.numerics.branching_diffusion import (
    characteristic_polynomial,
    eigenvalues,
    enumerated_similarity,
    exact_similarity,
    feature_blocks,
    feature_law,
    sampled_features,
    sampled_similarity,
    similarity_matrix,
    split_strengths,
    wrong_order_probability,
    wrong_order_trials,
)
from lemmata.numerics.statistics import hoeffding_radius
from lemmata.numerics.trees import TreeError, regular_tree, tree_of
from lemmata.proofs.strategies import hierarchies

EPS = float(np.finfo(float).eps)
FALSE_ALARM = 1e-9
FOUR = regular_tree([2, 2], "1/10")
SMALL = hierarchies(max_depth=3, max_branching=3)


def rng(seed=0):
    return np.random.default_rng(seed)


@st.composite
def small_trees(draw, most=11):
    tree = tree_of(draw(SMALL).tree)
    assume(len(tree.parents) <= most)
    return tree


@given(small_trees())
def test_visiting_all_flips_and_carrying_means_agree(tree):
    assert enumerated_similarity(tree) == exact_similarity(tree)


@given(small_trees())
def test_the_law_of_a_feature_is_a_law_that_knows_no_sign(tree):
    law = feature_law(tree)
    assert sum(law.values()) == 1
    assert all(p > 0 for p in law.values())
    assert all(law[tuple(-x for x in pattern)] == p for pattern, p in law.items())


@given(hierarchies(max_depth=4))
def test_float64_is_as_close_as_it_says(h):
    tree = tree_of(h.tree)
    exact = np.array([[float(x) for x in row] for row in exact_similarity(tree)])
    factors = 2 * (len(tree.levels) - 1)
    # A rounded probability e gives 1 - 2 e within eps; both products and sums of two round.
    bound = factors * 4 * EPS
    assert np.all(np.abs(similarity_matrix(tree) - exact) <= bound)


def test_known_similarities_of_a_regular_tree():
    similar = exact_similarity(FOUR)
    assert similar[0] == [1, Fraction(16, 25), Fraction(256, 625), Fraction(256, 625)]
    assert eigenvalues(similar) == [
        (Fraction(1537, 625), 1),
        (Fraction(513, 625), 1),
        (Fraction(9, 25), 2),
    ]


def test_in_an_irregular_tree_a_finer_split_can_be_stronger():
    leaves = [["1/10", []] for _ in range(3)]
    tree = tree_of(
        [["1/10", [["1/10", leaves[:1]]]], ["1/10", [["1/10", leaves], ["1/10", leaves]]]]
    )
    found = eigenvalues(exact_similarity(tree))
    assert (Fraction(657, 625), 1) in found
    assert sum(multiplicity for _, multiplicity in found) == tree.P
    values = [float(value) for value, _ in found]
    assert values[1] == 657 / 625
    assert values[2] == pytest.approx(0.845203, abs=0.5e-6)  # half a unit of the last digit


@given(small_trees())
def test_the_exact_spectrum_is_that_of_the_matrix(tree):
    exact = exact_similarity(tree)
    coefficients = characteristic_polynomial(exact)
    assert coefficients[-1] == 1
    assert -coefficients[-2] == sum(row[i] for i, row in enumerate(exact)) == tree.P
    values = [float(v) for v, m in eigenvalues(exact) for _ in range(m)]
    computed = np.linalg.eigvalsh(np.array(exact, dtype=float))[::-1]
    # Backward stability: eigenvalues move by no more than the error of the matrix.
    assert np.all(np.abs(values - computed) <= 8 * tree.P * EPS * computed[0])


def test_matrices_that_have_no_such_spectrum_are_refused():
    one, zero = Fraction(1), Fraction(0)
    with pytest.raises(ValueError, match="not symmetric"):
        eigenvalues([[one, one], [zero, one]])
    with pytest.raises(ValueError, match="not square"):
        characteristic_polynomial([[one, one]])


# Samples.


@given(hierarchies(max_depth=3), st.integers(1, 30), st.integers(1, 9))
def test_one_seed_one_sample_whatever_the_blocks(h, count, block):
    tree = tree_of(h.tree)
    features = sampled_features(tree, count, rng(1))
    assert features.shape == (tree.P, count)
    assert set(np.unique(features)) <= {-1.0, 1.0}
    again = list(feature_blocks(tree, count, rng(1), block))
    assert np.array_equal(features, np.concatenate(again, axis=1))
    assert max(part.shape[1] for part in again) <= block
    gram = sampled_similarity(tree, count, rng(1))
    assert np.array_equal(gram, features @ features.T / count)


@given(small_trees(most=9))
def test_a_sample_has_only_possible_patterns(tree):
    law = feature_law(tree)
    for feature in sampled_features(tree, 50, rng()).T:
        assert tuple(int(x) for x in feature) in law


@pytest.mark.parametrize(
    "nested",
    [
        [["1/10", [["1/5", "a"], ["4/5", "b"]]], ["1/2", "c"], [0, "d"], [1, "e"]],
        [["1/10", [["1/10", "a"]]], ["3/10", [["9/10", "b"], ["1/10", "c"]]]],
    ],
)
def test_samples_have_the_exact_similarity(nested):
    tree, count = tree_of(nested), 20_000
    exact = np.array(exact_similarity(tree), dtype=float)
    radius = hoeffding_radius(FALSE_ALARM, count, 2.0, tree.P**2 + tree.P)
    assert np.all(np.abs(sampled_similarity(tree, count, rng()) - exact) <= radius)
    assert np.all(np.abs(sampled_features(tree, count, rng(1)).mean(axis=1)) <= radius)
    # A wrong probability on one link would be noticed.
    other = exact_similarity(tree_of([["4/10", nested[0][1]], *nested[1:]]))
    assert np.any(np.abs(sampled_similarity(tree, count, rng()) - np.array(other, float)) > radius)


def test_what_cannot_be_sampled_or_enumerated_is_named():
    with pytest.raises(ValueError, match="count=0: give a whole number, 1 or more"):
        sampled_features(FOUR, 0, rng())
    with pytest.raises(ValueError, match="rng=0: give numpy"):
        sampled_features(FOUR, 1, 0)
    with pytest.raises(TreeError, match=r"its 31 nodes have 2\^31 patterns"):
        enumerated_similarity(regular_tree([2] * 4, 0))
    with pytest.raises(TreeError, match="fewer than two of its nodes branch"):
        wrong_order_probability(regular_tree([2], 0), 3)


# Orders.


@given(hierarchies(max_depth=3, max_branching=3))
def test_strengths_of_splits_and_of_the_mean_share_the_norm(h):
    tree = tree_of(h.tree)
    features = sampled_features(tree, 5, rng(2))
    total = features.mean(axis=0) ** 2 * tree.P
    for split, strength in split_strengths(tree, features).items():
        total = total + strength * (len(tree.children[split]) - 1)
    # Contrasts of all splits and the constant vector are an orthonormal basis.
    assert np.all(np.abs(total - tree.P) <= 8 * len(tree.parents) * EPS * tree.P)


def test_strengths_are_quadratic_forms_of_contrasts():
    features = sampled_features(FOUR, 200, rng())
    found = split_strengths(FOUR, features)
    for split, contrast in ((0, [1, 1, -1, -1]), (1, [1, -1, 0, 0]), (2, [0, 0, 1, -1])):
        # Whole numbers over 2 or 4: exact on both sides.
        v = np.array(contrast)
        assert np.array_equal(found[split], (v @ features) ** 2 / (v @ v))


@pytest.mark.parametrize(("ties", "known"), [(False, 0.05233), (True, 0.06935)])
def test_known_probability_of_a_wrong_order(ties, known):
    assert float(wrong_order_probability(FOUR, 32, ties=ties)) == pytest.approx(
        known, abs=0.5e-5
    )  # half a unit of the last digit


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("nested", [FOUR, tree_of([["a", ["b", "c", "d"]], "e"], "1/5")])
def test_the_probability_is_that_of_all_samples_of_two_features(nested, ties):
    law, total = feature_law(nested), Fraction(0)
    for first, second in product(law, repeat=2):
        strengths = split_strengths(nested, np.array([first, second], dtype=float).T)
        means = [round(float(s.sum()) * 720) for s in strengths.values()]
        if means[0] < max(means[1:]) or (ties and means[0] == max(means[1:])):
            total += law[first] * law[second]
    assert wrong_order_probability(nested, 2, ties=ties) == total


@pytest.mark.parametrize("ties", [False, True])
def test_trials_have_the_exact_probability(ties):
    trials, count = 2000, 8
    share = wrong_order_trials(FOUR, count, trials, rng(), ties=ties) / trials
    radius = hoeffding_radius(FALSE_ALARM, trials, 1.0)
    assert abs(share - float(wrong_order_probability(FOUR, count, ties=ties))) <= radius
    between = wrong_order_probability(FOUR, count, ties=True) - wrong_order_probability(FOUR, count)
    assert float(between) > sqrt(1 / trials)  # ties are no detail
