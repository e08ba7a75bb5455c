"""Exact matrices of drawn rationals: orthogonal ones by Cayley transforms, products, float64."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import flint
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from .rationals import Array, Matrix, floats

__all__ = ["cayley", "columns", "diagonal", "draw_orthogonal", "fmpq_matrix", "told"]

Flint = Any
"""``flint.fmpq_mat``: exact rationals."""


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
    order = draw(st.permutations(range(size)))
    signs = draw(st.lists(st.sampled_from([1, -1]), min_size=size, max_size=size))
    if determinant is not None and _parity(order) * _product(signs) != determinant:
        signs[0] = -signs[0]
    rotation = cayley(_draw_skew(draw, size))
    return columns(rotation, order) * diagonal(signs)


def _draw_skew(draw: DrawFn, size: int) -> Flint:
    rows = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            rows[i][j] = Fraction(draw(st.integers(-4, 4)), draw(st.integers(1, 3)))
            rows[j][i] = -rows[i][j]
    return fmpq_matrix(rows)


def _parity(order: Sequence[int]) -> int:
    pairs = ((i, j) for j in range(len(order)) for i in range(j))
    return _product([-1 if order[i] > order[j] else 1 for i, j in pairs])


def _product(signs: Sequence[int]) -> int:
    return -1 if signs.count(-1) % 2 else 1
