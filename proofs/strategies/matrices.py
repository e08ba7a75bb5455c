"""Exact matrices of drawn rationals: orthogonal ones by Cayley transforms, products, float64."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import factorial
from typing import Any

import flint
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from .rationals import Array, Matrix, floats

__all__ = ["cayley", "columns", "diagonal", "draw_orthogonal", "fmpq_matrix", "told"]

Flint = Any
"""``flint.fmpq_mat``: exact rationals."""

ENTRIES = sorted(
    {Fraction(n, d) for n in range(-4, 5) for d in (1, 2, 3)},
    key=lambda x: (x.denominator, abs(x), x < 0),
)
"""Entries of antisymmetric matrices, the simplest first."""


def fmpq_matrix(rows: Sequence[Sequence[Fraction | int]]) -> Flint:
    """The exact matrix with these rows; at least one, none empty."""
    return flint.fmpq_mat([[flint.fmpq(x.numerator, x.denominator) for x in row] for row in rows])


def told(matrix: Flint, in_float: bool) -> Matrix | Array:
    """Rows of ``Fraction``, or a float64 array of them rounded to nearest."""
    rows = [[Fraction(int(x.p), int(x.q)) for x in row] for row in matrix.tolist()]
    return floats(rows) if in_float else rows


def diagonal(entries: Sequence[Fraction | int]) -> Flint:
    """The square matrix with ``entries`` on the diagonal."""
    size = range(len(entries))
    return fmpq_matrix([[entries[i] if i == j else 0 for j in size] for i in size])


def columns(matrix: Flint, places: Iterable[int]) -> Flint:
    """The columns at ``places``, in that order."""
    chosen = list(places)
    return flint.fmpq_mat([[row[place] for place in chosen] for row in matrix.tolist()])


def cayley(skew: Flint) -> Flint:
    """(I - A)(I + A)^-1: a rotation for every antisymmetric A, as 1 + i x is never 0."""
    one = diagonal([1] * skew.nrows())
    return (one - skew) * (one + skew).inv()


def draw_orthogonal(draw: DrawFn, size: int, determinant: int | None = None) -> Flint:
    """A rational orthogonal matrix: a Cayley transform with its columns permuted and signed.

    Every rational orthogonal matrix is a Cayley transform times a matrix of signs.  Shrinks to
    the identity (determinant -1: the first sign of it changed).
    """
    order, even = _permutation(draw(st.integers(0, factorial(size) - 1)), size)
    changed = draw(st.integers(0, 2**size - 1))  # bit i: the sign of column i
    sign = 1 if even == (changed.bit_count() % 2 == 0) else -1
    if determinant not in (None, sign):
        changed ^= 1
    rotation = cayley(_draw_skew(draw, size))
    return columns(rotation, order) * diagonal([-1 if changed >> i & 1 else 1 for i in range(size)])


def _permutation(code: int, size: int) -> tuple[list[int], bool]:
    """The permutation with that number in factorial base, and whether it is even; 0 the identity.

    A digit is how many of the later elements are smaller, so that they sum to the inversions.
    """
    left, order, inversions = list(range(size)), [], 0
    for base in range(size, 0, -1):
        code, place = divmod(code, base)
        order.append(left.pop(place))
        inversions += place
    return order, inversions % 2 == 0


def _draw_skew(draw: DrawFn, size: int) -> Flint:
    rows = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            rows[i][j] = draw(st.sampled_from(ENTRIES))
            rows[j][i] = -rows[i][j]
    return fmpq_matrix(rows)
