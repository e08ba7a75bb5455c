"""Where strategies shrink to, which edge cases they reach, and how often they reach them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from lemmata.proofs.strategies import (
    Hierarchy,
    balanced_initializations,
    hierarchies,
    mode_strengths,
    orthogonal_matrices,
    positive_definite_matrices,
    spectra,
)

F = Fraction
GENERATE = settings(max_examples=2000, phases=[Phase.generate])  # found, not shrunk
SHRINK = settings(GENERATE, phases=[Phase.generate, Phase.shrink])
ONE = [[F(1)]]
ONES = [[F(1), F(0)], [F(0), F(1)]]


def always(_: Any) -> bool:
    return True


SIMPLEST: dict[str, tuple[Any, Callable[[Any], bool], Any]] = {
    "a mode": (mode_strengths(), always, (F(1), F(1, 10))),
    "a strong mode": (mode_strengths(), lambda m: m.s >= 20, (F(100), F(10))),
    "a mode above its end": (mode_strengths(), lambda m: m.a0 > m.s, (F(1), F(2))),
    "bounds without a power of ten": (
        mode_strengths(min_value="3/7", max_value="5/6"),
        always,
        (F(3, 7), F(3, 70)),
    ),
    "a spectrum": (spectra(), always, [F(1)]),
    "three values": (spectra(min_size=3), always, [F(3), F(2), F(1)]),
    "a multiplet": (spectra(), lambda s: len(set(s)) < len(s), [F(1), F(1)]),
    "a zero": (spectra(min_size=2, allow_zero=True), lambda s: s[-1] == 0, [F(1), F(0)]),
    "values that all fit": (
        spectra(min_size=3, max_size=3, min_value=1, max_value=2, gap="1/2", degenerate=False),
        always,
        [F(2), F(3, 2), F(1)],
    ),
    "a hierarchy": (hierarchies(), always, Hierarchy.regular([2], [F(1, 10)])),
    "a deeper one": (
        hierarchies(),
        lambda h: h.levels and h.D == 2,
        Hierarchy.regular([2, 2], [F(1, 10)] * 2),
    ),
    "an irregular one": (
        hierarchies(regular=False),
        always,
        Hierarchy([(F(1, 10), []), (F(0), [])]),
    ),
    "a rotation": (orthogonal_matrices(), always, ONE),
    "a 2x2 one": (orthogonal_matrices(size=2), always, ONES),
    "a reflection": (orthogonal_matrices(size=2, determinant=-1), always, [[-1, 0], [0, 1]]),
    "a definite matrix": (positive_definite_matrices(), always, ONE),
    "an ill-conditioned one": (
        positive_definite_matrices(size=2, min_condition=10, max_condition=10),
        always,
        [[F(1), F(0)], [F(0), F(10)]],
    ),
    "a balanced start": (balanced_initializations(), always, (ONE, ONE)),
    "a balanced start of three sizes": (
        balanced_initializations(sizes=(2, 1, 1)),
        always,
        ([[F(1), F(0)]], ONE),
    ),
    "any imbalance": (balanced_initializations(imbalance=None), always, (ONE, ONE)),
}


@pytest.mark.parametrize("case", SIMPLEST)
def test_shrinks_to_the_simplest_value(case: str) -> None:
    strategy, condition, simplest = SIMPLEST[case]
    assert find(strategy, condition, settings=SHRINK) == simplest


FIT = {"degenerate": False, "allow_zero": True}
ONLY = {
    "values that fit only with a zero": (
        spectra(min_size=4, max_size=9, min_value=1, max_value=3, gap=1, **FIT),
        [F(3), F(2), F(1), F(0)],
    ),
    "values that fit with a zero only above it": (
        spectra(min_size=3, min_value=1, max_value=6, gap=3, **FIT),
        [F(6), F(3), F(0)],
    ),
    "one value": (spectra(min_size=2, max_size=2, min_value=3, max_value=3), [F(3), F(3)]),
    "multiples of the identity": (
        positive_definite_matrices(size=2, min_eigenvalue=3, max_eigenvalue=3),
        [[F(3), F(0)], [F(0), F(3)]],
    ),
}


@pytest.mark.parametrize("case", ONLY)
def test_nothing_else_fits(case: str) -> None:
    strategy, value = ONLY[case]
    with pytest.raises(NoSuchExample):
        find(strategy, lambda drawn: drawn != value, settings=settings(max_examples=50))


def is_permutation(R: Any) -> bool:
    return R != ONES and all(x in (0, 1) for row in R for x in row)


def imbalance(start: Any) -> Fraction:
    W21, W32 = np.array(start.W21, dtype=object), np.array(start.W32, dtype=object)
    return Fraction((W32.T @ W32 - W21 @ W21.T)[0, 0])


def shape(start: Any) -> tuple[int, int, int]:
    return len(start.W21[0]), len(start.W21), len(start.W32)


def rank_zero(start: Any) -> bool:
    return not any(x for row in start.W21 for x in row)


def not_diagonal(rows: Any) -> bool:
    return any(x for i, row in enumerate(rows) for j, x in enumerate(row) if i != j)


REACHED: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "tiny start": (mode_strengths(), lambda m: m.a0 / m.s == F(1, 10**8)),
    "start at half maximum": (mode_strengths(), lambda m: m.a0 * 2 == m.s),
    "start at the fixed point": (mode_strengths(), lambda m: m.a0 == m.s),
    "start above the fixed point": (mode_strengths(), lambda m: m.a0 > m.s),
    "strongest": (mode_strengths(), lambda m: m.s == 100),
    "weakest": (mode_strengths(), lambda m: m.s == F(1, 100)),
    "weakest, of no power of ten": (mode_strengths(min_value=F(3, 7)), lambda m: m.s == F(3, 7)),
    "unstable fixed point": (mode_strengths(allow_zero=True), lambda m: m.a0 == 0),
    "negative start": (mode_strengths(allow_negative=True), lambda m: m.a0 < 0),
    "triplet": (spectra(), lambda s: len(s) - len(set(s)) >= 2),
    "all equal": (spectra(min_size=3, max_size=3), lambda s: len(set(s)) == 1),
    "nearly equal": (spectra(), lambda s: any(0 < x - y < x / 10**6 for x, y in pairwise(s))),
    "far apart": (spectra(), lambda s: s[0] > 1000 * s[-1]),
    "two zeros": (spectra(allow_zero=True), lambda s: s.count(0) == 2),
    "only zeros": (spectra(min_size=2, allow_zero=True), lambda s: not any(s)),
    "empty": (spectra(min_size=0), lambda s: s == []),
    "zero of values that differ": (
        spectra(min_size=2, degenerate=False, allow_zero=True),
        lambda s: s[-1] == 0,
    ),
    "unary level": (hierarchies(regular=True), lambda h: 1 in h.B),
    "one item only": (hierarchies(), lambda h: h.P == 1),
    "no flips": (hierarchies(regular=True), lambda h: 0 in h.epsilon),
    "no structure": (hierarchies(regular=True), lambda h: F(1, 2) in h.epsilon),
    "more likely to flip": (hierarchies(regular=True), lambda h: max(h.epsilon) > F(1, 2)),
    "always flips": (hierarchies(regular=True), lambda h: 1 in h.epsilon),
    "three different branchings": (
        hierarchies(regular=True),
        lambda h: len(set(h.B)) == h.D == 3,
    ),
    "leaves at different depths": (
        hierarchies(regular=False),
        lambda h: any(not below for _, below in h.tree) and h.D > 1,
    ),
    "irregular below a regular top": (
        hierarchies(),
        lambda h: h.levels is None and len({(flip, len(t)) for flip, t in h.tree}) == 1,
    ),
    "permutation": (orthogonal_matrices(size=2), is_permutation),
    "permutation of three": (orthogonal_matrices(size=3), is_permutation),
    "full rotation": (orthogonal_matrices(size=3), lambda R: all(x for row in R for x in row)),
    "minus one": (orthogonal_matrices(size=1), lambda R: R == [[-1]]),
    "half turn": (orthogonal_matrices(size=2), lambda R: R == [[-1, 0], [0, -1]]),
    "multiple of the identity": (
        positive_definite_matrices(size=3),
        lambda A: A[0][0] != 1 and A == [[A[0][0] * (i == j) for j in range(3)] for i in range(3)],
    ),
    "worst condition": (
        positive_definite_matrices(size=2, max_condition=1000),
        lambda A: (A[0][0] + A[1][1]) ** 2 * 1000 == (A[0][0] * A[1][1] - A[0][1] ** 2) * 1001**2,
    ),
    "correlated inputs": (positive_definite_matrices(size=3), not_diagonal),
    "bottleneck": (balanced_initializations(), lambda w: shape(w)[1] < min(shape(w)[::2])),
    "wide hidden layer": (balanced_initializations(), lambda w: shape(w)[1] > max(shape(w)[::2])),
    "not square": (balanced_initializations(), lambda w: len(set(shape(w))) == 3),
    "small": (balanced_initializations(sizes=(1, 1, 1)), lambda w: abs(w.W21[0][0]) == F(1, 1000)),
    "dead": (balanced_initializations(allow_zero=True), rank_zero),
    "first layer empty": (
        balanced_initializations(sizes=(1, 1, 1), imbalance=1, allow_zero=True),
        rank_zero,
    ),
    "positive imbalance": (balanced_initializations(imbalance=None), lambda w: imbalance(w) > 0),
    "negative imbalance": (balanced_initializations(imbalance=None), lambda w: imbalance(w) < 0),
    "imbalance of a wide hidden layer": (
        balanced_initializations(sizes=(1, 2, 3), imbalance=None),
        lambda w: imbalance(w) > 0,
    ),
    "alive on the wrong mode": (
        balanced_initializations(sizes=(2, 1, 2), aligned_with=(ONES, ONES)),
        lambda w: w.W21[0][0] == 0,
    ),
}


@pytest.mark.parametrize("case", REACHED)
def test_edge_case_is_reached(case: str) -> None:
    strategy, condition = REACHED[case]
    find(strategy, condition, settings=GENERATE)


DRAWS = 200
OFTEN = {
    "start above the fixed point": DRAWS // 20,
    "triplet": DRAWS // 20,
    "unary level": DRAWS // 10,
    "no structure": DRAWS // 10,
    "more likely to flip": DRAWS // 5,
    "bottleneck": DRAWS // 20,
    "wide hidden layer": DRAWS // 20,
    "positive imbalance": DRAWS // 20,
    "nearly equal": DRAWS // 20,
}


@pytest.mark.parametrize("case", OFTEN)
def test_edge_case_is_frequent(case: str) -> None:
    strategy, condition = REACHED[case]
    seen: Counter[bool] = Counter()

    @settings(max_examples=DRAWS, derandomize=True, database=None)
    @given(strategy)
    def count(value: Any) -> None:
        seen[bool(condition(value))] += 1

    count()
    assert seen[True] >= OFTEN[case], seen


DECADES = {
    "strengths": (mode_strengths(), lambda m: m.s, F(1, 100), 4),
    "ratios": (mode_strengths(), lambda m: m.a0 / m.s, F(1, 10**8), 8),
    "scales": (
        balanced_initializations(sizes=(1, 1, 1)),
        lambda w: abs(w.W21[0][0]),
        F(1, 1000),
        3,
    ),
}


@pytest.mark.parametrize("case", DECADES)
def test_every_decade_is_drawn(case: str) -> None:
    strategy, value, low, count = DECADES[case]
    for k in range(count):
        start = low * 10**k
        find(strategy, lambda x, start=start: start < value(x) < 10 * start, settings=GENERATE)


STRATEGIES = [
    mode_strengths(),
    spectra(),
    hierarchies(),
    hierarchies(regular=False),
    orthogonal_matrices(),
    positive_definite_matrices(),
    balanced_initializations(),
    balanced_initializations(imbalance=None, allow_zero=True),
]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_health_check_fails(strategy: Any) -> None:
    drawn = []

    @settings(suppress_health_check=[], derandomize=True, database=None, max_examples=50)
    @given(st.lists(strategy, min_size=2, max_size=2))
    def draw(values: Any) -> None:
        drawn.append(values)

    draw()
    assert len(drawn) >= 50
