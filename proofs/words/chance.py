"""Random exact matrices: small rationals, orthonormal columns, symmetric, diagonal, balanced."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

import flint
import numpy as np

from .fields import Rationals

__all__ = ["Chance", "RejectedError"]


class RejectedError(Exception):
    """A draw that cannot satisfy the facts, for example too few rows for orthonormal columns."""


class Chance:
    """Draws exact rational matrices from a NumPy generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.numbers = Rationals()

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def rational(self, *, positive: bool = False) -> Any:
        """A small nonzero rational; of either sign unless ``positive``."""
        value = flint.fmpq(self.integer(1, 5), self.integer(1, 3))
        return value if positive or self.integer(0, 1) else -value

    def matrix(self, rows: int, cols: int) -> Any:
        """Small rationals, zeros among them."""
        entries = [
            flint.fmpq(self.integer(-3, 3), self.integer(1, 2)) for _ in range(rows * cols)
        ]
        return flint.fmpq_mat(rows, cols, entries)

    def diagonal(self, size: int, entries: list[Any] | None = None) -> Any:
        """A diagonal matrix of nonzero, mostly different rationals."""
        result = flint.fmpq_mat(size, size)
        for i in range(size):
            result[i, i] = self.rational() if entries is None else entries[i]
        return result

    def symmetric(self, size: int) -> Any:
        """A symmetric matrix of small rationals."""
        half = self.matrix(size, size)
        return half + half.transpose()

    def identity(self, size: int) -> Any:
        """The identity."""
        return self.diagonal(size, [1] * size)

    def orthonormal(self, rows: int, cols: int) -> Any:
        """Orthonormal columns of a Cayley transform (I - A)(I + A)^-1 with A skew.

        Raises ``RejectedError`` when there are more columns than rows.
        """
        if cols > rows:
            raise RejectedError(f"{cols} orthonormal columns do not fit in {rows} rows")
        half = self.matrix(rows, rows)
        skew, one = half - half.transpose(), self.identity(rows)
        orthogonal = ((one - skew) * (one + skew).inv()).tolist()
        signs = [1 - 2 * self.integer(0, 1) for _ in range(cols)]
        picked = [[row[j] * signs[j] for j in range(cols)] for row in orthogonal]
        return self.numbers.matrix(picked)

    def polynomial_of(self, matrix: Any) -> Any:
        """A random quadratic polynomial of a matrix, which therefore commutes with it."""
        powers = [self.identity(matrix.nrows()), matrix, matrix * matrix]
        return reduce(add, (power * self.rational() for power in powers))

    def balanced(self, shape: tuple[int, int, int], gap: Any) -> tuple[Any, Any]:
        """(X, Y), X m by h and Y h by n, with X^T X = Y Y^T + gap I, all rational.

        X = U D' R^T and Y = R D V^T with D'^2 = D^2 + gap: D' = (p + q)/2 and D = (p - q)/2
        for pq = gap.  Raises ``RejectedError`` when gap is not 0 and h exceeds m or n.
        """
        m, h, n = shape
        rank = min(shape)
        if gap != 0 and rank < h:
            raise RejectedError(f"a balance with gap {gap} needs hidden width {h} <= {min(m, n)}")
        small, large = [], []
        for _ in range(rank):
            p = self.rational()
            q = gap / p if gap != 0 else flint.fmpq(0)
            large.append((p + q) / 2)
            small.append((p - q) / 2 if gap != 0 else p / 2)
        middle = self.orthonormal(h, rank)
        left, right = self.orthonormal(m, rank), self.orthonormal(n, rank)
        x = left * self.diagonal(rank, large) * middle.transpose()
        return x, middle * self.diagonal(rank, small) * right.transpose()

    def balanced_above(self, y: Any, rows: int) -> Any:
        """X = U Y^T with U^T U = I, so that X^T X = Y Y^T for a Y drawn before."""
        return self.orthonormal(rows, y.ncols()) * y.transpose()
