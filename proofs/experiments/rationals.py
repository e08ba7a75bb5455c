"""Random matrices of exact rationals: orthogonal, diagonal, and without structure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

__all__ = ["Matrix", "columns", "diagonal", "draw", "orthogonal", "rational", "rectangle"]

Matrix = Any
"""``flint.fmpq_mat``: rationals, so that a start is orthogonal or balanced exactly."""


def rational(value: Fraction | int) -> Any:
    """The ``flint.fmpq`` of an exact number."""
    fraction = Fraction(value)
    return flint.fmpq(fraction.numerator, fraction.denominator)


def draw(rng: np.random.Generator, low: int, high: int, denominator: int) -> Fraction:
    """A rational from ``low`` to ``high``, uniform over the multiples of 1/``denominator``."""
    numerator = rng.integers(low * denominator, high * denominator, endpoint=True)
    return Fraction(int(numerator), denominator)


def diagonal(entries: Sequence[Fraction | int], rows: int | None = None) -> Matrix:
    """The matrix with ``entries`` on the diagonal, square or with so many rows."""
    height, width = len(entries) if rows is None else rows, len(entries)
    made = flint.fmpq_mat(height, width)
    for i, entry in enumerate(entries[:height]):
        made[i, i] = rational(entry)
    return made


def columns(matrix: Matrix, places: Iterable[int]) -> Matrix:
    """The columns at ``places``, in that order."""
    chosen = list(places)
    return flint.fmpq_mat([[row[place] for place in chosen] for row in matrix.tolist()])


def rectangle(rows: int, width: int, rng: np.random.Generator) -> Matrix:
    """A matrix of multiples of 1/4 from -1 to 1."""
    entries = [rational(draw(rng, -1, 1, 4)) for _ in range(rows * width)]
    return flint.fmpq_mat(rows, width, entries)


def orthogonal(size: int, count: int, rng: np.random.Generator) -> Matrix:
    """``count`` rational orthonormal columns of an orthogonal matrix of that ``size``.

    The Cayley transform (I - A)(I + A)^-1 of an antisymmetric A, which exists for every A, with
    random signs: so both determinants occur.
    """
    skew = flint.fmpq_mat(size, size)
    for i in range(size):
        for j in range(i):
            entry = rational(draw(rng, -1, 1, 3))
            skew[i, j], skew[j, i] = entry, -entry
    one = diagonal([1] * size)
    signs = [int(sign) for sign in rng.choice([-1, 1], size)]
    whole = (one - skew) * (one + skew).inv() * diagonal(signs)
    return columns(whole, range(count))
