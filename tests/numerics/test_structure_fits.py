"""Planted structures are found again, whatever the order of the items; shuffled ones are not."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.numerics import structure_choice
from lemmata.numerics.arrangements import (
    Distances,
    arrange,
    balanced_pattern,
    chain_pattern,
    grid_pattern,
    ring_pattern,
    rook_pattern,
)
from lemmata.numerics.partitions import clusters, redundancy
from lemmata.numerics.structure_choice import choose_structure
from lemmata.numerics.structure_fits import CONTAINS, Candidate, candidates, squared_distances
from lemmata.numerics.structure_lengths import choose_structure_of_similarity
from lemmata.numerics.structure_scores import (
    LEAST_SHARE,
    Score,
    as_good,
    heads_of_kinds,
    preferred,
)
from lemmata.numerics.tours import short_path, short_tour

from . import planted

EPS = float(np.finfo(float).eps)


def rounding_of_redundancy(one, other):
    """Of a difference of entropies, each a sum of shares times logarithms, over the smaller one."""
    shares = [np.bincount(labels) / len(labels) for labels in (one, other)]
    smaller = min(-np.sum(p * np.log(p, where=p > 0, out=np.zeros_like(p))) for p in shares)
    # A share sums up to n numbers, which moves p log p by 1 + log n times as much.
    return 3 * len(one) * EPS * (1 + np.log(len(one))) / smaller


def distances_of(values):
    return squared_distances(values @ values.T / values.shape[1])


@pytest.mark.parametrize("kind", planted.PLANTED)
def test_a_planted_structure_is_found_and_its_shuffle_is_none(kind):
    make, detail = planted.PLANTED[kind]
    rng = np.random.default_rng(1)
    values = make(rng)
    values = values[rng.permutation(len(values))]
    found = choose_structure(values, rng)
    assert found.best is not None
    assert (found.best.candidate.kind, found.best.candidate.detail) == (kind, detail)
    assert found.best.share > LEAST_SHARE
    assert found.p_value == 0.01
    assert found.reason == ""
    assert sorted(found.fit.order) == list(range(len(values)))
    shuffled = choose_structure(rng.permuted(values, axis=0), rng)
    assert shuffled.best is None
    assert shuffled.fit is None
    assert "unrelated" in shuffled.reason


def test_places_are_recovered_up_to_symmetry():
    rng = np.random.default_rng(2)
    values = planted.chain(rng)
    order = rng.permutation(20)
    found = choose_structure(values[order], rng)
    recovered = order[found.fit.order]
    assert min(recovered.tolist(), recovered[::-1].tolist()) == list(range(20))
    values = planted.clusters(rng)
    found = choose_structure(values, rng)
    (labels,) = found.fit.groups
    hidden = np.repeat(np.arange(4), (5, 4, 3, 6))
    assert redundancy(labels, hidden) == pytest.approx(
        1, abs=rounding_of_redundancy(labels, hidden)
    )
    assert len(set(labels)) == 4


def test_items_without_these_structures_have_none():
    rng = np.random.default_rng(0)
    found = choose_structure(planted.points(rng), rng)
    assert found.best is None
    assert found.p_value == 0.01
    assert found.reproducible > 0.5
    assert "of what is reproducible, less than 67%" in found.reason


def test_an_inverse_likeness_counts_as_negative(monkeypatch):
    monkeypatch.setattr(structure_choice, "FALSE_ALARM", 1.0)
    rng = np.random.default_rng(0)
    found = choose_structure(rng.normal(size=(8, 12)), rng)
    assert min(score.explained for score in found.scores) < 0


def test_unrelated_properties_of_unequal_size_are_seldom_taken_for_related():
    """At 1 false alarm in 100 three or more of 25 are found once in 500 times."""
    alarms = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        values = rng.normal(size=(8, 12)) * np.where(np.arange(12) < 2, 10.0, 1.0)
        alarms += choose_structure(values, rng).p_value <= 0.01
    assert alarms < 3


def test_random_similarities_of_few_items_are_not_described():
    """Some arrangement always fits a few items: its price is what tells that it means nothing."""
    for seed in range(12):
        values = np.random.default_rng(seed).random((8, 8))
        found = choose_structure_of_similarity(values + values.T)
        assert found.best is None
        assert found.reason.startswith("no structure describes")
        for score in found.scores:
            assert score.length >= 0
        # Without the price of an arrangement every one of these tables had a structure.
        assert min(s.length - s.candidate.log_arrangements for s in found.scores) < -3


def scored(table, kinds, parameters):
    made = [
        Candidate(kind, "", k, 0.0, lambda _: None, ())
        for kind, k in zip(kinds, parameters, strict=True)
    ]
    return [
        Score(candidate, float(np.mean(column)), 0.0, 1.0)
        for candidate, column in zip(made, table.T, strict=True)
    ]


def test_a_special_case_is_preferred_unless_beaten_by_a_standard_error():
    close = np.array([[0.50, 0.49, 0.30], [0.60, 0.61, 0.30], [0.55, 0.54, 0.30]])
    clear = np.array([[0.50, 0.45, 0.30], [0.60, 0.54, 0.30], [0.55, 0.50, 0.30]])
    for table, chosen in ((close, 1), (clear, 0)):
        scores = scored(table, ["chain", "ordering", "ring"], [9, 2, 5])
        assert preferred([0, 1, 2], scores, table) == chosen
        other = "chain" if chosen else "ordering"
        assert (other in as_good(chosen, [0, 1, 2], scores, table)) == (chosen == 1)
    # Not a special case of each other: the higher score wins, however close.
    scores = scored(close, ["ring", "clusters", "grid"], [9, 2, 5])
    assert preferred([0, 1, 2], scores, close) == 0
    # Of one kind the one with fewer values, where it is as good.
    for table, head in ((close, 1), (clear, 0)):
        kinds = ["regular hierarchy", "regular hierarchy", "ring"]
        assert heads_of_kinds(scored(table, kinds, [4, 3, 5]), table)[0] == head


def exact(name):
    """Similarities that have the structure exactly."""
    lag = np.abs(np.subtract.outer(np.arange(12), np.arange(12)))
    row, column = np.divmod(np.arange(12), 4)
    apart = np.abs(np.subtract.outer(row, row)) + np.abs(np.subtract.outer(column, column))
    same_row, same_column = np.equal.outer(row, row), np.equal.outer(column, column)
    return {
        "ring": 0.7 ** np.minimum(lag, 12 - lag),
        "chain": 0.7**lag,
        "grid": 0.7**apart,
        "clusters": 0.4 * np.eye(12) + 0.6 * same_row,
        "regular hierarchy": 0.3 * np.eye(12)
        + 0.4 * np.equal.outer(row * 2 + column // 2, row * 2 + column // 2)
        + 0.3 * same_row,
        "ordering": 1 - lag / 12,
        "cross-cutting": 0.4 * same_row + 0.3 * same_column + 0.3 * np.eye(12),
    }[name]


@pytest.mark.parametrize(
    "kind",
    ["ring", "chain", "grid", "clusters", "regular hierarchy", "ordering", "cross-cutting"],
)
def test_an_exact_similarity_is_described_and_its_shuffle_is_not(kind):
    rng = np.random.default_rng(0)
    similarity, order = exact(kind), rng.permutation(12)
    found = choose_structure_of_similarity(similarity[np.ix_(order, order)])
    assert found.best is not None
    assert found.best.candidate.kind == kind
    assert found.best.explained == 1  # squares of roundings are lost beside 1
    shuffled, pairs = np.eye(12), np.triu_indices(12, 1)
    shuffled[pairs] = rng.permutation(similarity[pairs])
    shuffled += np.triu(shuffled, 1).T
    assert choose_structure_of_similarity(shuffled).best is None


def test_equal_distances_and_few_items_have_no_structure():
    assert choose_structure_of_similarity(np.eye(6)).reason == "all squared distances are equal"
    assert choose_structure_of_similarity(0.3 + np.eye(6)).best is None
    assert "fewer than four" in choose_structure(np.eye(3), np.random.default_rng(0)).reason


def test_similarities_of_no_properties_are_taken():
    similarity = exact("clusters") + 3 * (exact("clusters") > 0.5)  # above their own diagonal
    np.fill_diagonal(similarity, 1)
    assert np.linalg.eigvalsh(similarity)[0] < 0
    assert choose_structure_of_similarity(similarity).best.candidate.kind == "clusters"


def squares(values, pattern, order):
    """Least squares of one arrangement, class by class."""
    left = 0.0
    classes = pattern.classes
    placed = values[np.ix_(order, order)]
    for k in range(pattern.count):
        chosen = placed[(classes == k) & ~np.eye(len(values), dtype=bool)]
        left += float(np.sum((chosen - np.mean(chosen)) ** 2))
    return left


def rounding_of_squares(left, values):
    """Of a sum of squares: every residual errs by rounding of a mean of up to all values."""
    each = values.size * EPS * np.abs(values).max()
    return 2 * np.sqrt(left * values.size) * each + values.size * EPS * left


@pytest.mark.parametrize(
    "pattern",
    [
        ring_pattern(6),
        chain_pattern(6),
        grid_pattern(2, 3),
        rook_pattern(2, 3),
        balanced_pattern((3, 2)),
    ],
)
def test_exchanges_reach_the_best_of_all_arrangements_of_six_items(pattern):
    rng = np.random.default_rng(5)
    hidden = rng.permutation(6)
    noise = 0.1 * rng.random((6, 6))
    values = rng.random(pattern.count)[pattern.classes][np.ix_(hidden, hidden)] + noise + noise.T
    np.fill_diagonal(values, 0)
    starts = [rng.permutation(6) for _ in range(30)]
    every = min(squares(values, pattern, np.array(p)) for p in permutations(range(6)))
    found = []
    for one in starts:
        fit, order = arrange(Distances(values), pattern, [one])
        found.append(float(np.sum((values - fit) ** 2)))
        left = squares(values, pattern, order)
        rounding = rounding_of_squares(left, values)
        assert found[-1] == pytest.approx(left, abs=rounding)
        assert found[-1] <= squares(values, pattern, one) + rounding
    assert min(found) == pytest.approx(every, abs=rounding_of_squares(every, values))


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        (ring_pattern(5), 10),
        (chain_pattern(5), 2),
        (grid_pattern(2, 3), 4),
        (grid_pattern(2, 2), 8),
        (rook_pattern(2, 3), 12),
        (rook_pattern(2, 2), 4),
        (balanced_pattern((2, 2)), 8),
        (balanced_pattern((3, 2)), 48),
    ],
)
def test_symmetries_are_counted(pattern, count):
    items = len(pattern.classes)
    same = sum(
        np.array_equal(pattern.classes[np.ix_(p, p)], pattern.classes)
        for p in permutations(range(items))
    )
    assert same == count
    # The exponential passes the error of a sum of logarithms on, one at most of every item.
    logs = items * max(1, np.log(count))
    assert np.exp(pattern.symmetries) == pytest.approx(count, rel=logs * EPS, abs=0)


@given(st.integers(0, 10**6), st.integers(4, 9))
def test_no_exchange_of_two_links_shortens_a_short_tour(seed, count):
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(count, 2))
    lengths = np.linalg.norm(places[:, None] - places, axis=2)

    def along(tour, closed):
        ends = np.append(tour, tour[0]) if closed else tour
        return sum(lengths[a, b] for a, b in pairwise(ends))

    for closed, search in ((True, short_tour), (False, short_path)):
        found = search(lengths, rng.permutation(count))
        assert sorted(found) == list(range(count))
        for i in range(count):
            for j in range(i + 1, count):
                other = found.copy()
                other[i : j + 1] = other[i : j + 1][::-1]
                # Gains below the rounding of four lengths are no gains.
                noise = 8 * EPS * lengths.max() + count * EPS * along(found, closed)
                assert along(other, closed) >= along(found, closed) - noise


@given(st.lists(st.integers(0, 3), min_size=2, max_size=12), st.integers(0, 100))
def test_redundancy_is_one_where_nested(labels, seed):
    coarse = np.unique(np.array(labels), return_inverse=True)[1]
    fine = np.arange(len(labels))
    assert redundancy(0 * coarse, fine) == 1
    allowed = rounding_of_redundancy(coarse, fine) if np.any(coarse) else 0
    assert redundancy(coarse, fine) == pytest.approx(1, rel=0, abs=allowed)
    row, column = np.divmod(np.arange(6), 3)
    assert redundancy(row, column) == pytest.approx(0, abs=rounding_of_redundancy(row, column))


def test_clusters_leave_no_better_place_for_any_item():
    rng = np.random.default_rng(0)
    values = planted.clusters(rng, properties=30, epsilon=0.3)
    measured = distances_of(values)
    labels = clusters(Distances(measured), 4)
    same = np.equal.outer(labels, labels)
    off = ~np.eye(len(labels), dtype=bool)
    inside, between = np.mean(measured[same & off]), np.mean(measured[~same])

    def cost(i, k):
        mean = np.where(labels == k, inside, between)
        return np.sum(((measured[i] - mean) ** 2)[np.arange(len(labels)) != i])

    for i in range(len(labels)):
        costs = [cost(i, k) for k in range(np.max(labels) + 1)]
        assert costs[labels[i]] <= min(costs) + rounding_of_squares(min(costs), measured)


def test_candidates_are_counted_rightly():
    found = candidates(Distances(1 - np.eye(12)))
    sizes = {(c.kind, c.detail): (c.parameters, np.exp(c.log_arrangements)) for c in found}

    def about(count):
        # Sums of up to four logarithms of up to 50, each rounded.
        return pytest.approx(count, rel=4 * 50 * EPS, abs=0)

    assert sizes["ring", "12 places"] == (6, about(19958400))
    assert sizes["chain", "12 places"] == (11, about(239500800))
    assert sizes["ordering", "equal steps"][0] == 2
    assert sizes["irregular hierarchy", "11 mergers"] == (11, about(13749310575))
    assert sizes["regular hierarchy", "2 x 2 x 3"] == (3, about(479001600 / (2**3 * 6**4)))
    assert {c.kind for c in found} >= {k for kinds in CONTAINS.values() for k in kinds}
