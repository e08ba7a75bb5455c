"""Networks on features of a tree against the theory, and what it would not let pass."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from lemmata.numerics.branching_diffusion import exact_similarity, similarity_matrix
from lemmata.numerics.embedding import distances_of_kernel
from lemmata.numerics.trees import regular_tree, tree_of
from lemmata.proofs import tree_balanced, tree_comparison, tree_figures, tree_levels
from lemmata.proofs.analysis.mode_arrays import curves
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.mode_curves import mode_curve
from lemmata.proofs.mode_enclosures import enclosed_curve
from lemmata.proofs.strategies import hierarchies
from lemmata.proofs.tree_comparison import compare_tree, default_hidden
from lemmata.proofs.tree_measurements import (
    distances_by_level,
    generalisation_by_level,
    scaling_paths,
    telling_times,
    unfoldings,
)
from lemmata.proofs.tree_report import tree_report
from lemmata.proofs.tree_theory import Population, population, representations
from lemmata.proofs.verdicts import Status
from lemmata.theory.cognition.induction import induction_property
from lemmata.theory.hierarchy.differentiation import differentiation

EPS = float(np.finfo(float).eps)
SHARP = 1e-6
"""How small a budget has to be beside what it is compared with, or nothing is told by that: no
tolerance."""
FOUR = regular_tree([2, 2], "1/10", ["canary", "salmon", "oak", "rose"])
LEAVES = [["1/10", []] for _ in range(3)]
IRREGULAR = tree_of(
    [["1/10", [["1/10", LEAVES[:1]]]], ["1/10", [["1/10", LEAVES], ["1/10", LEAVES]]]]
)


def compared(tree, seed=0, **given_):
    return compare_tree(
        tree, rng=np.random.default_rng(seed), **{"features": 200, "hidden": 32, **given_}
    )


@pytest.fixture(scope="module")
def four():
    return compared(FOUR)


@pytest.fixture(scope="module")
def irregular():
    return compared(IRREGULAR, features=2000, hidden=64)


# The theory's side.


@given(hierarchies(max_depth=3, max_branching=3))
@settings(max_examples=40)
def test_the_theory_of_a_tree_has_the_spectrum_of_its_similarity(h):
    tree = tree_of(h.tree)
    known, exact = population(tree), np.array(exact_similarity(tree), dtype=float)
    assert bool(known.claims) == (h.levels is not None)
    size = 64 * tree.P * len(tree.levels) * EPS
    assert np.all(np.abs(known.similarity - exact) <= size)
    rebuilt = np.zeros_like(exact)
    for level in known.levels:
        P = level.projector
        assert np.all(np.abs(P @ P - P) <= size)
        assert level.multiplicity == round(float(np.trace(P)))
        rebuilt += level.s**2 * P
    assert np.all(np.abs(rebuilt - exact) <= size)
    strengths = [level.s for level in known.levels]
    assert strengths == sorted(strengths, reverse=True)
    places = [place for level in known.levels for place in level.places]
    assert places == list(range(len(places)))


@pytest.mark.parametrize(
    ("B", "epsilon", "names"),
    [
        ([2, 2], "1/10", ["level 0", "level 1", "level 2"]),
        ([2, 1, 3], ["0.1", "0.5", "0.2"], ["levels 0-1", "level 3"]),
        ([2, 1, 2], ["0.1", "0.1", "0.5"], ["levels 0, 1, 3"]),
        ([2, 2], [1, 0], ["level 0"]),
    ],
)
def test_levels_of_one_strength_are_one_multiplet(B, epsilon, names):
    assert [level.name for level in population(regular_tree(B, epsilon)).levels] == names


def test_what_the_modes_of_an_irregular_tree_tell_apart():
    tree = tree_of(["x", [["a", "b"], ["c", "d"]], ["1", "2", "3", "4", "5"]], "1/10")
    told = [level.about for level in population(tree).levels]
    assert told[0] == "all items"
    assert "x | a, b, c, d | 1, 2, 3, 2 more" in told
    assert "a, b | c, d" in told
    assert {level.about for level in population(FOUR).levels} == {""}


def test_generalisation_of_a_known_tree():
    levels, times = population(FOUR).levels, np.array([1.0, 3.0, 5.0, 20.0])
    strengths = [curves(np.array([level.s]), 1.0, 1e-3, 1.0, times)[0] for level in levels]
    inner = representations(levels, np.stack(strengths, axis=-1))
    known = pytest.approx([0.469, 0.735, 0.261, 0.180], abs=0.5e-3)  # three digits
    assert inner[:, 0, 2] / inner[:, 0, 0] == known


@pytest.mark.parametrize(
    ("B", "epsilon"), [("2,2", "1/10,1/10"), ("3,2,2", "1/10,2/3,1/5"), ("2,1,3", "1/5,1/7,0")]
)
@pytest.mark.parametrize("t", ["1/2", "3", "7"])
def test_representations_have_the_distances_and_projections_of_the_claims(B, epsilon, t):
    tree = regular_tree([int(n) for n in B.split(",")], epsilon.split(","))
    given_ = {"B": B, "epsilon": epsilon, "a0": "1/100", "tau": "2", "t": t}
    levels, time = population(tree).levels, np.array([float(Fraction(t))])
    strengths = [curves(np.array([level.s]), 1.0, 1e-2, 2.0, time)[0] for level in levels]
    inner = representations(levels, np.stack(strengths, axis=-1))[0]
    # Modes of strength 0, of items that never differ, keep what theory has them start with.
    null = 1e-2 / (1 + 2 * 1e-2 * time[0] / 2) * (np.eye(tree.P) - sum(x.projector for x in levels))
    inner = inner + null
    distances, common = distances_of_kernel(inner), tree.common_levels
    told = evaluate(differentiation, given_, 20)["values"]["distance_by_level"]["value"]
    foretold = evaluate(induction_property, given_, 20)["values"]["projection_by_level"]["value"]
    # Ten operations and the exponents of the curves, a sum over levels, and one of three terms.
    exponent = 2 * levels[0].s * time[0] / 2
    rounding = (10 + exponent + 4 * len(tree.levels)) * EPS * inner.max()
    for level in range(len(tree.levels) - 1):
        pairs = np.argwhere(common == level)
        if len(pairs):  # not below an only child
            i, j = pairs[0]
            assert distances[i, j] ** 2 == pytest.approx(float(told[level]) ** 2, abs=4 * rounding)
            projected = pytest.approx(float(foretold[level]), abs=2 * rounding / inner[i, i])
            assert inner[j, i] / inner[i, i] == projected


@pytest.mark.parametrize("a0", [1e-6, 1e-3, 2.0])
def test_an_enclosed_curve_contains_the_curves_in_doubt(a0):
    times, doubt = np.array([0.0, 0.5, 3.0, 40.0]), 1e-6
    ball = enclosed_curve(1.3, doubt, a0, 2.0, times)
    for s in (1.3 - doubt, 1.3, 1.3 + doubt):
        exact = mode_curve(s, 0.0, 1.0, a0, 2.0, times)
        assert np.all(np.abs(exact.strengths - ball.strengths) <= ball.error + exact.error)
    # da/ds is at most a/s + 2 t/tau a |1 - a/s| and changes by less than a part in 100; s stands
    # twice in the curve, whose ball is so much too wide.
    a = ball.strengths
    slope = a / 1.3 + times * a * np.abs(1 - a / 1.3)
    assert np.all(ball.error <= 2 * 1.01 * doubt * slope + 8 * EPS * a)


# The comparison.


@given(hierarchies(max_depth=2, max_branching=2))
@settings(max_examples=8)
def test_every_tree_is_learned_as_foretold(h):
    found = compared(tree_of(h.tree), features=100, times=9)
    assert found.status is Status.SAMPLED


def test_what_is_compared(four):
    assert four.status is Status.SAMPLED
    assert [level.level.name for level in four.levels] == ["level 0", "level 1", "level 2"]
    assert [len(level.s) for level in four.levels] == [1, 1, 2]
    strengths = np.concatenate([level.s for level in four.levels])
    assert np.all(strengths == four.run.modes.s)
    for i, level in enumerate(four.levels):
        assert level.flow.largest <= level.flow.budget < SHARP * level.final
        assert level.learning_time < level.random.flow_time  # a_0/2 on average, and coupled modes
        assert four.measured["decoupled"][-1, i] > 0.9 * level.final
        assert level.random.largest < 0.2 * level.final
        assert abs(level.final - level.level.s) < 0.2
    assert four.orders == (("level 0", "level 1", "level 2"),) * 2


def test_in_an_irregular_tree_the_finer_split_is_learned_first(irregular):
    second, third = irregular.population.levels[1:3]
    finer = np.array([0, 1, 1, 1, -1, -1, -1]) / np.sqrt(6)
    assert finer @ second.projector @ finer == pytest.approx(1, abs=64 * EPS)
    assert second.s**2 == pytest.approx(657 / 625, abs=64 * EPS)
    assert third.s**2 == pytest.approx(0.845203, abs=0.5e-6)  # six digits
    assert irregular.status is Status.SAMPLED
    assert irregular.orders == (("mode 1", "mode 2", "mode 3", "modes 4-7"),) * 2


def test_one_seed_one_verdict(four):
    again, other = compared(FOUR), compared(FOUR, seed=1)
    assert again.levels[1].flow == four.levels[1].flow
    assert np.array_equal(again.kernels, four.kernels)
    assert not np.array_equal(other.kernels, four.kernels)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [({"features": 3}, [1, 1, 1]), ({"features": 1}, [1]), ({"hidden": 1}, [1, 1, 2])],
)
def test_few_features_and_few_hidden_units(given_, kept):
    found = compared(FOUR, times=9, **given_)
    assert [len(level.s) for level in found.levels] == kept
    assert found.status is Status.SAMPLED
    if "hidden" in given_:
        assert [level.final > 0 for level in found.levels] == [True, False, False]
        assert found.levels[2].learning_time is None


def test_an_error_that_crosses_zero_is_within_its_budget():
    """At t = 5.4 both runs are off by next to nothing, and their difference by less."""
    found = compared(regular_tree([2], 0), features=1, start_scale=1e-6, times=30)
    assert found.levels[0].flow.share < 0.1
    assert found.status is Status.SAMPLED


def test_identical_items_and_a_single_one():
    twins = compared(tree_of([["1/10", [[0, "a"], [0, "b"]]], ["1/10", "c"]]), times=9)
    assert [len(level.s) for level in twins.levels] == [1, 1]
    assert twins.status is Status.SAMPLED
    alone = compared(tree_of([["1/10", "a"]]), times=9)
    assert [len(level.s) for level in alone.levels] == [1]
    assert distances_by_level(alone).levels == ()


# What must not pass.


def test_a_wrong_curve_is_refuted(monkeypatch):
    def slower(s, doubt, a0, tau, times):
        return enclosed_curve(s, doubt, a0, tau * (1 + 1e-6), times)

    monkeypatch.setattr(tree_levels, "enclosed_curve", slower)
    found = compared(FOUR, times=9)
    assert {level.flow.status for level in found.levels} == {Status.REFUTED}
    assert found.status is Status.REFUTED


def test_features_of_another_tree_are_refuted(monkeypatch):
    wrong = population(regular_tree([2, 2], "3/10"))
    monkeypatch.setattr(tree_comparison, "population", lambda tree: wrong)
    found = compared(FOUR, times=9, features=1000)
    assert found.sampling.status is Status.REFUTED
    assert found.status is Status.REFUTED


def test_a_budget_that_decides_nothing_is_vacuous(monkeypatch):
    def vague(s, doubt, a0, tau, times):
        curve = enclosed_curve(s, doubt, a0, tau, times)
        return curve._replace(error=curve.error + 1.0)

    monkeypatch.setattr(tree_levels, "enclosed_curve", vague)
    found = compared(FOUR, times=9)
    assert found.status is Status.VACUOUS


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 2])
def test_a_claim_with_another_strength_is_refuted(monkeypatch, factor):
    right = population(FOUR)
    wrong = replace(right.levels[1], s=right.levels[1].s * factor)
    levels = (right.levels[0], wrong, right.levels[2])
    known = Population(right.similarity, levels, right.claims)
    monkeypatch.setattr(tree_comparison, "population", lambda tree: known)
    found = compared(FOUR, times=9, features=20_000)
    statuses = [level.shift_status for level in found.levels]
    assert statuses == [Status.SAMPLED, Status.REFUTED, Status.SAMPLED]
    assert found.status is Status.REFUTED


def test_a_wrong_solution_of_the_whole_map_is_refuted(monkeypatch):
    right = tree_balanced._map
    monkeypatch.setattr(tree_balanced, "_map", lambda run, t, tau: right(run, t * 1.0001, tau))
    found = compared(FOUR, times=9)
    assert found.balanced.status is Status.REFUTED
    assert found.status is Status.REFUTED
    monkeypatch.setattr(tree_balanced, "_map", lambda *given: (right(*given)[0], 10.0))
    assert compared(FOUR, times=9).balanced.status is Status.VACUOUS


@pytest.mark.parametrize("given_", [{"features": 3}, {"hidden": 2}, {"start_scale": 2.0}])
def test_small_random_balanced_weights_follow_the_whole_solution(given_):
    found = compared(FOUR, times=9, **given_)
    assert found.balanced.status is Status.SAMPLED
    assert found.balanced.largest <= found.balanced.budget < SHARP * found.levels[0].level.s
    assert found.balanced.looks == 9


# Bad arguments.


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"features": 0}, "features=0: give a whole number, 1 or more"),
        ({"hidden": 0}, "hidden=0: give a whole number, 1 or more"),
        ({"times": 1}, "times=1: give a whole number, 2 or more"),
        ({"tau": -1.0}, "tau=-1.0: give a positive finite number"),
        ({"start_scale": float("nan")}, "start_scale=nan: give a positive finite number"),
        ({"until": 0.0}, "until=0.0: give a positive finite number"),
        ({"tree": regular_tree([257], 0)}, "tree: 257 items: the network is trained on at most"),
    ],
)
def test_bad_arguments_are_named(bad, told):
    with pytest.raises(ValueError, match=told):
        compared(bad.pop("tree", FOUR), **bad)


# What is drawn and told.


def test_distances_and_generalisation_by_level(four):
    distances, shares = distances_by_level(four), generalisation_by_level(four)
    assert distances.levels == shares.levels == (0, 1)
    for told in (distances, shares):
        assert told.simulation.shape == told.analytics.shape == (81, 2)
    final = four.kernels[-1]
    # Sums and quotients of a few inner products, the largest of them on the diagonal.
    rounding = 16 * EPS
    apart = distances_of_kernel(final)
    expected = (apart[0, 1] ** 2 + apart[2, 3] ** 2) / 2
    allowed = rounding * final.max()
    assert distances.simulation[-1, 1] ** 2 == pytest.approx(expected, abs=allowed)
    wide = final[np.ix_([0, 1], [2, 3])]
    expected = (
        (wide / final[[0, 1], [0, 1]][:, None]).sum()
        + (wide.T / final[[2, 3], [2, 3]][:, None]).sum()
    ) / 8
    assert shares.simulation[-1, 0] == pytest.approx(expected, abs=rounding)
    # Broad first, specific in the end; coarse distinctions are drawn first.
    assert shares.analytics[:, 0].max() > 2 * shares.analytics[-1, 0]
    assert np.all(distances.analytics[20:, 0] >= distances.analytics[20:, 1])


def test_scalings_and_unfoldings_are_continuous_and_seen_from_one_side(four):
    simulation, analytics = scaling_paths(four)
    assert simulation.shape == analytics.shape == (81, 4, 2)
    size = np.abs(analytics).max()
    for path in (simulation, analytics):
        assert np.abs(np.diff(path, axis=0)).max() < 0.15 * size
    assert np.sum(simulation[-1] * analytics[-1]) > 0.95 * np.sum(analytics[-1] ** 2)
    rows = unfoldings(four)
    # The final kernel, of four items and 32 units, times its inverse.
    rounding = (32 + 16) * EPS * np.linalg.cond(four.kernels[-1]) * 1.5
    for row in rows:
        assert row[-1] == pytest.approx([-1.5, -0.5, 0.5, 1.5], abs=rounding)
        assert np.abs(row[0]).max() < 0.2
    half = np.argmin(np.abs(four.run.times - 4))
    for row in rows:  # in the end all neighbours are as far apart
        inside, between = (abs(row[half, a] - row[half, b]) for a, b in ((0, 1), (1, 2)))
        assert inside < 0.8 * between


def test_hidden_units_by_default():
    found = compare_tree(FOUR, rng=np.random.default_rng(0), features=5, times=2)
    assert found.run.trainings["small random"].W21.shape[1] == default_hidden(FOUR) == 128
    assert default_hidden(regular_tree([300], 0)) == 364


def test_times_that_tell_the_levels_apart(four):
    chosen = telling_times(four)
    assert chosen == sorted(set(chosen))
    assert chosen[-1] == 80
    assert len(chosen) == 3
    assert telling_times(four, 1) == chosen[-1:] or len(telling_times(four, 1)) == 1


def test_the_report_is_json_and_whole(four, irregular):
    for found in (four, irregular):
        report = json.loads(tree_report(found, {"seed": 0}, 1.5))
        assert report["schema"] == "lemmata.simulate.tree/1"
        assert report["status"] == "sampled"
        assert len(report["times"]) == len(report["strength"]["decoupled"]["flow"]) == 81
        assert report["levels"][1]["flow"]["share"] <= 1
        assert report["balanced"]["status"] == "sampled"
        assert report["order"]["theory"] == list(found.orders[0])
        assert report["distance"]["common_ancestor"] == list(distances_by_level(found).levels)
    assert report["tree"]["B"] is None
    assert report["claims"][0] == "modes.commuting_inputs"
    assert report["claims"][-1] == "modes.riccati"
    report = json.loads(tree_report(four, {}, 0.0))
    assert report["tree"]["B"] == [2, 2]
    assert report["tree"]["epsilon"] == ["1/10", "1/10"]
    assert report["claims"][:2] == ["hierarchy.similarity", "hierarchy.singular_value"]


def test_equal_figures_are_equal_files_and_one_item_can_be_drawn(irregular):
    pytest.importorskip("matplotlib")
    first, again = (
        tree_figures.tree_figure("modes", irregular, "title", 1.0, "f.svg") for _ in range(2)
    )
    assert first == again
    alone = compared(tree_of([["1/10", "a"]]), times=9)
    for kind in ("six_panels", "distances", "unfolding"):
        assert tree_figures.tree_figure(kind, alone, "title", 1.0, "f.png")


def test_similarities_in_float64_are_those_of_the_claims():
    tree = regular_tree([3, 2, 2], ["1/10", "3/5", "1/4"])
    assert np.all(np.abs(population(tree).similarity - similarity_matrix(tree)) <= 64 * EPS)
