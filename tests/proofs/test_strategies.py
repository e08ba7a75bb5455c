"""What each strategy promises, as exact equalities of what it draws."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import isqrt, prod
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.court import collect
from lemmata.proofs.strategies import (
    balanced_initializations,
    from_claim,
    hierarchies,
    mode_strengths,
    orthogonal_matrices,
    positive_definite_matrices,
    spectra,
)
from sympy import Ge, Gt, Le, Lt, Ne, Rational

sizes = st.integers(1, 4)
positive = st.builds(
    lambda n, d, k: Fraction(n, d) * Fraction(10) ** k,
    st.integers(1, 40),
    st.integers(1, 7),
    st.integers(-5, 4),
)
intervals = st.tuples(positive, positive).map(sorted)


def exact(rows: Any) -> Any:
    return np.array(rows, dtype=object)


def rational(array: Any) -> Any:
    """The exact values of floats."""
    return exact([[Fraction(float(x)) for x in row] for row in array])


def one(size: int) -> Any:
    return exact([[Fraction(int(i == j)) for j in range(size)] for i in range(size)])


def flint_matrix(rows: Any) -> Any:
    return flint.fmpq_mat([[flint.fmpq(x.numerator, x.denominator) for x in r] for r in rows])


def determinant(rows: Any) -> Fraction:
    found = flint_matrix(rows).det()
    return Fraction(int(found.p), int(found.q))


def eigenvalues(rows: Any) -> list[Fraction]:
    """Those of a matrix whose eigenvalues are all rational, rising."""
    _, factors = flint_matrix(rows).charpoly().factor()
    found = []
    for factor, power in factors:
        assert factor.degree() == 1
        root = -factor[0] / factor[1]
        found += [Fraction(int(root.p), int(root.q))] * power
    return sorted(found)


def root(value: Fraction) -> Fraction:
    found = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    assert found**2 == value
    return found


@given(st.data(), intervals, intervals)
def test_strengths_lie_in_their_bounds(data: Any, values: Any, ratios: Any) -> None:
    (low, high), (least, most) = values, ratios
    bounds = {"min_value": low, "max_value": high, "min_ratio": least, "max_ratio": most}
    s, a0 = data.draw(mode_strengths(**bounds))
    assert isinstance(s, Fraction)
    assert isinstance(a0, Fraction)
    assert low <= s <= high
    assert least <= a0 / s <= most


@given(mode_strengths(allow_zero=True, allow_negative=True))
def test_a_strength_is_zero_or_of_either_sign_in_the_same_range(mode: Any) -> None:
    assert mode.a0 == 0 or Fraction(1, 10**8) <= abs(mode.a0) / mode.s <= 2


@given(mode_strengths(dtype=float))
def test_strengths_as_floats(mode: Any) -> None:
    assert type(mode.s) is type(mode.a0) is float
    assert 0 < mode.a0 <= 2 * mode.s


@given(st.data(), intervals, st.integers(0, 4), st.integers(0, 3), st.booleans())
def test_spectra_decrease_within_their_bounds(
    data: Any, values: Any, least: int, more: int, zeros: bool
) -> None:
    low, high = values
    s = data.draw(
        spectra(
            min_size=least,
            max_size=least + more,
            min_value=low,
            max_value=high,
            allow_zero=zeros,
        )
    )
    assert least <= len(s) <= least + more
    assert all(x >= y for x, y in pairwise(s))
    assert all(low <= x <= high or (zeros and x == 0) for x in s)


@given(st.data(), st.integers(0, 6), positive, st.booleans(), st.booleans())
def test_values_that_differ_keep_the_gap(
    data: Any, size: int, gap: Fraction, zeros: bool, degenerate: bool
) -> None:
    s = data.draw(
        spectra(
            min_size=size,
            max_size=size,
            min_value=gap / 3,
            max_value=gap * 7,
            gap=gap,
            allow_zero=zeros,
            degenerate=degenerate,
        )
    )
    assert len(s) == size
    assert all(x - y >= gap or (degenerate and x == y) for x, y in pairwise(s))


@given(spectra(min_size=2, max_size=6, degenerate=False, allow_zero=True, dtype=float))
def test_floats_tell_nearly_equal_values_apart(s: Any) -> None:
    assert s.dtype == np.float64
    assert s.ndim == 1
    assert np.all(s[:-1] > s[1:])


@given(st.data(), st.integers(1, 10**6))
def test_floats_tell_values_of_a_narrow_range_apart(data: Any, ulps: int) -> None:
    high = 1 + Fraction(ulps, 2**50)
    s = data.draw(
        spectra(min_size=2, max_size=2, min_value=1, max_value=high, degenerate=False, dtype=float)
    )
    assert s[0] > s[1]


@given(st.data(), sizes, st.none() | sizes, st.sampled_from([None, 1, -1]))
def test_orthogonal_matrices_are_so_exactly(
    data: Any, size: int, columns: int | None, sign: int | None
) -> None:
    if columns is None:
        R = exact(data.draw(orthogonal_matrices(size=size, determinant=sign)))
        assert determinant(R) == (sign or determinant(R))
    else:
        size, columns = max(size, columns), min(size, columns)
        R = exact(data.draw(orthogonal_matrices(size=size, columns=columns)))
    assert R.shape == (size, columns or size)
    assert np.all(R.T @ R == one(R.shape[1]))


@given(orthogonal_matrices(), orthogonal_matrices(columns=2))
def test_orthogonal_matrices_of_any_size(square: Any, tall: Any) -> None:
    assert np.all(exact(square) @ exact(square).T == one(len(square)))
    assert np.all(exact(tall).T @ exact(tall) == one(2))


@given(orthogonal_matrices(dtype=float))
def test_rounded_orthogonal_matrices_keep_their_bound(R: Any) -> None:
    assert R.dtype == np.float64
    off = rational(R).T @ rational(R) - one(len(R))
    # |R^T E + E^T R| <= 2 * 2^-53 and |E^T E| <= 2^-106, as columns have norm 1.
    assert np.all(abs(off) <= Fraction(1, 2**52) + Fraction(1, 2**106))


@given(st.data(), sizes, intervals, intervals)
def test_definite_matrices_have_the_eigenvalues_asked_for(
    data: Any, size: int, values: Any, worst: Any
) -> None:
    low, high = values
    mildest, most = (max(Fraction(1), x) for x in worst)
    mildest = min(mildest, high / low) if size > 1 else Fraction(1)
    A = data.draw(
        positive_definite_matrices(
            size=size,
            min_eigenvalue=low,
            max_eigenvalue=high,
            min_condition=mildest,
            max_condition=max(most, mildest),
        )
    )
    assert np.all(exact(A) == exact(A).T)
    assert all(determinant([row[:k] for row in A[:k]]) > 0 for k in range(1, size + 1))
    found = eigenvalues(A)
    assert low <= found[0] <= found[-1] <= high
    assert mildest <= found[-1] / found[0] <= max(most, mildest)


@given(positive_definite_matrices(min_condition=3, dtype=float))
def test_rounded_definite_matrices_are_symmetric_and_definite(A: Any) -> None:
    assert A.dtype == np.float64
    assert A.shape == (len(A), len(A))
    assert len(A) > 1
    assert np.all(A == A.T)
    rows = rational(A)
    assert all(determinant(rows[:k, :k]) > 0 for k in range(1, len(A) + 1))


def imbalance_of(start: Any) -> Any:
    W21, W32 = exact(start.W21), exact(start.W32)
    return W32.T @ W32 - W21 @ W21.T


@given(st.data(), st.tuples(sizes, sizes, sizes), st.booleans())
def test_balanced_layers_are_so_exactly(data: Any, shape: Any, zeros: bool) -> None:
    start = data.draw(balanced_initializations(sizes=shape, allow_zero=zeros))
    inputs, hidden, outputs = shape
    assert exact(start.W21).shape == (hidden, inputs)
    assert exact(start.W32).shape == (outputs, hidden)
    assert np.all(imbalance_of(start) == 0)


@given(st.data(), positive, st.sampled_from([1, -1]))
def test_any_imbalance_is_met_exactly(data: Any, size: Fraction, sign: int) -> None:
    most = max(size, Fraction(2))
    start = data.draw(balanced_initializations(imbalance=sign * size, max_scale=most))
    assert np.all(imbalance_of(start) == sign * size * one(len(start.W21)))


@given(st.data(), st.tuples(sizes, sizes, sizes))
def test_an_imbalance_left_open_is_one_number(data: Any, shape: Any) -> None:
    start = data.draw(balanced_initializations(sizes=shape, imbalance=None))
    found = imbalance_of(start)
    assert np.all(found == found[0, 0] * one(len(found)))


@given(st.data(), st.tuples(sizes, sizes), intervals, st.sampled_from([0, "9/4", "-9/4", 2]))
def test_strengths_of_hidden_directions_lie_in_their_bounds(
    data: Any, ends: Any, scales: Any, imbalance: Any
) -> None:
    hidden, (low, high) = min(ends), (x + 1 for x in scales)
    shape = (ends[0], hidden, ends[1])
    asked = {"imbalance": imbalance, "min_scale": low, "max_scale": high}
    start = data.draw(balanced_initializations(sizes=shape, **asked))
    one_layer, other = exact(start.W21) @ exact(start.W21).T, exact(start.W32).T @ exact(start.W32)
    pairs = zip(eigenvalues(one_layer), eigenvalues(other), strict=True)
    assert all(low <= (root(p2) + root(q2)) / 2 <= high for p2, q2 in pairs)


# A rational above sqrt(2)/2 by less than the strategy's own bound of that root is.
CLOSE = Fraction(114243, 161564)


@given(balanced_initializations(sizes=(1, 1, 1), imbalance=2, max_scale=CLOSE))
def test_a_scale_just_large_enough_is_kept(start: Any) -> None:
    p, q = abs(start.W21[0][0]), abs(start.W32[0][0])
    assert q**2 - p**2 == 2
    assert p + q <= 2 * CLOSE


@given(st.data(), st.tuples(sizes, sizes, sizes))
def test_aligned_layers_start_on_the_modes_of_the_data(data: Any, shape: Any) -> None:
    inputs, hidden, outputs = shape
    U = data.draw(orthogonal_matrices(size=outputs))
    V = data.draw(orthogonal_matrices(size=inputs))
    start = data.draw(balanced_initializations(sizes=shape, aligned_with=(U, V)))
    product = exact(U).T @ exact(start.W32) @ exact(start.W21) @ exact(V)
    reach = min(inputs, outputs)
    strengths = [product[i, i] for i in range(reach)]
    assert np.all(product[:reach, :reach] == np.diag(strengths) + Fraction(0))
    assert np.all(product[reach:] == 0)
    assert np.all(product[:, reach:] == 0)
    assert sum(a > 0 for a in strengths) == min(hidden, reach)
    assert all(Fraction(1, 10**6) <= a <= 4 for a in strengths if a)
    # Each layer on its own is diagonal between the modes and its hidden directions.
    below = exact(V).T @ exact(start.W21).T @ exact(start.W21) @ exact(V)
    assert np.all(below == np.diag(np.diagonal(below)) + Fraction(0))


@given(st.data(), st.sampled_from(["1/3", "-1/3", 1, -1]), st.booleans())
def test_aligned_layers_of_any_imbalance_start_no_mode_below_zero(
    data: Any, imbalance: Any, zeros: bool
) -> None:
    U, V = data.draw(orthogonal_matrices(size=3)), data.draw(orthogonal_matrices(size=2))
    asked = {"imbalance": imbalance, "allow_zero": zeros, "aligned_with": (U, V)}
    start = data.draw(balanced_initializations(sizes=(2, 2, 3), **asked))
    product = exact(U).T @ exact(start.W32) @ exact(start.W21) @ exact(V)
    assert np.all(product == np.vstack([np.diag(np.diagonal(product)), [[0, 0]]]) + Fraction(0))
    assert np.all(np.diagonal(product) >= 0)


@given(balanced_initializations(sizes=(3, 2, 4), imbalance=None, dtype=float))
def test_balanced_layers_as_floats(start: Any) -> None:
    assert start.W21.dtype == start.W32.dtype == np.float64
    assert start.W21.shape == (2, 3)
    assert start.W32.shape == (4, 2)
    W21, W32 = rational(start.W21), rational(start.W32)
    found = W32.T @ W32 - W21 @ W21.T
    # Rounding moves W21 W21^T by at most 2(2^-53) + 2^-106 times |W21|_F^2 an entry, and so W32.
    size = np.sum(W21 * W21) + np.sum(W32 * W32)
    bound = 2 * (Fraction(1, 2**52) + Fraction(1, 2**106)) * size
    assert abs(found[0, 1]) <= bound
    assert abs(found[0, 0] - found[1, 1]) <= 2 * bound


def nodes(tree: Any, level: int = 0) -> Any:
    """(level, number of children, flips below) of every node."""
    yield level, len(tree), tuple(flip for flip, _ in tree)
    for _, below in tree:
        yield from nodes(below, level + 1)


def paths(tree: Any, above: tuple[Any, ...] = ()) -> list[Any]:
    """For each leaf the links that lead to it, as (place, flip)."""
    if not tree:
        return [above]
    links = enumerate(tree)
    return [p for i, (flip, below) in links for p in paths(below, (*above, (i, flip)))]


@given(st.data(), st.tuples(sizes, sizes), st.tuples(sizes, sizes), st.tuples(sizes, sizes))
def test_hierarchies_keep_their_bounds(data: Any, depth: Any, branching: Any, flips: Any) -> None:
    shallow, deep = (min(3, x) for x in sorted(depth))
    few, many = (min(3, x) for x in sorted(branching))
    low, high = (Fraction(x - 1, 3) for x in sorted(flips))
    h = data.draw(
        hierarchies(
            min_depth=shallow,
            max_depth=deep,
            min_branching=few,
            max_branching=many,
            min_epsilon=low,
            max_epsilon=high,
        )
    )
    seen = list(nodes(h.tree))
    assert all(few <= n <= many for _, n, _ in seen if n)
    assert all(shallow <= level <= deep for level, n, _ in seen if not n)
    assert all(low <= flip <= high for _, _, below in seen for flip in below)
    assert h.P == sum(n == 0 for _, n, _ in seen)
    assert h.D == max(level for level, _, _ in seen)


@given(hierarchies(regular=True))
def test_regular_hierarchies_are_what_their_levels_say(h: Any) -> None:
    assert h.P == prod(h.B)
    assert h.D == len(h.B) == len(h.epsilon)
    leaves = paths(h.tree)[:12]
    for one_path, other in combinations(leaves, 2):
        shared = next(k for k in range(h.D) if one_path[k][0] != other[k][0])
        similarity = prod(1 - 2 * flip for path in (one_path, other) for _, flip in path[shared:])
        assert similarity == prod((1 - 2 * flip) ** 2 for flip in h.epsilon[shared:])


@given(hierarchies(regular=False))
def test_irregular_hierarchies_are_never_regular(h: Any) -> None:
    assert h.levels is h.B is h.epsilon is None
    seen = list(nodes(h.tree))
    counts = {(level, n) for level, n, _ in seen}
    flips = {(level, flip) for level, _, below in seen for flip in below}
    assert len(counts) > h.D + 1 or len(flips) > h.D


@given(hierarchies())
def test_a_hierarchy_prints_as_what_makes_it(h: Any) -> None:
    shown = repr(h)
    assert shown.startswith("Hierarchy.regular(B=" if h.levels else "Hierarchy([(Fraction(")
    if h.levels:
        assert type(h).regular(h.B, h.epsilon) == h


CLAIMS = ["modes.trajectory", "modes.learning_time", "modes.stronger_first", "modes.inflection"]


@pytest.mark.parametrize("id", CLAIMS)
@given(data=st.data())
@settings(max_examples=30)
def test_points_of_a_claim_satisfy_its_assumptions(id: str, data: Any) -> None:
    stated = collect()[id]
    point = data.draw(from_claim(stated))
    assert all(isinstance(value, Fraction) for value in point.values())
    values = {atom: Rational(x.numerator, x.denominator) for atom, x in point.items()}
    assert all(value > 0 for atom, value in values.items() if atom.is_positive)
    bounds = [r for r in stated.given if isinstance(r, Gt | Ge | Lt | Le | Ne)]
    known = [r for r in bounds if r.free_symbols <= values.keys()]
    assert all(bool(r.subs(values)) for r in known)
