"""Matrices of balls (`flint.arb_mat`): assembly, norms, exponentials, inverse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flint

from .precision import Rational, as_fraction, exact_ball

__all__ = [
    "block_matrix",
    "block_row",
    "frobenius_norm_bound",
    "identity",
    "integrated_exponential",
    "inverse",
    "matrix",
    "matrix_exponential",
    "rational_rows",
    "to_nested",
    "transpose",
    "zeros",
]


def rational_rows(rows: Sequence[Sequence[Rational]], name: str = "rows") -> list[list[Any]]:
    """The entries of a rectangular table as exact `Fraction`s.

    Raises
    ------
    ValueError
        If the table is empty or its rows differ in length.
    TypeError
        If an entry is not an exact rational.
    """
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            f"{name}: row lengths {[len(row) for row in rows]}: give at least one row, "
            "all of the same positive length"
        )
    return [[as_fraction(entry, name) for entry in row] for row in rows]


def matrix(rows: Sequence[Sequence[Rational]]) -> flint.arb_mat:
    """The ball matrix of exact rationals, every entry rounded once to the working precision.

    Raises
    ------
    ValueError, TypeError
        As `rational_rows`.
    """
    return flint.arb_mat([[exact_ball(x) for x in row] for row in rational_rows(rows)])


def identity(size: int) -> flint.arb_mat:
    """The `size` by `size` identity."""
    return flint.arb_mat([[int(i == j) for j in range(size)] for i in range(size)])


def zeros(rows: int, columns: int) -> flint.arb_mat:
    """The zero matrix."""
    return flint.arb_mat(rows, columns)


def to_nested(balls: flint.arb_mat) -> list[list[flint.arb]]:
    """The entries as a list of rows of `flint.arb`."""
    width = balls.ncols()
    entries = balls.entries()
    return [entries[i * width : (i + 1) * width] for i in range(balls.nrows())]


def transpose(balls: flint.arb_mat) -> flint.arb_mat:
    """The transpose, exact."""
    return balls.transpose()


def block_row(blocks: Sequence[flint.arb_mat]) -> flint.arb_mat:
    """The matrix [B1, B2, ...] of blocks side by side.

    Raises
    ------
    ValueError
        If the blocks have different numbers of rows, or there is none.
    """
    heights = [block.nrows() for block in blocks]
    if len(set(heights)) != 1:
        raise ValueError(f"blocks: numbers of rows {heights} differ: give blocks of equal height")
    tables = [to_nested(block) for block in blocks]
    return flint.arb_mat([[x for table in tables for x in table[i]] for i in range(heights[0])])


def block_matrix(blocks: Sequence[Sequence[flint.arb_mat]]) -> flint.arb_mat:
    """The matrix assembled from rows of blocks.

    Raises
    ------
    ValueError
        If heights within a row, or widths of the rows, do not fit.
    """
    rows = [block_row(row) for row in blocks]
    widths = [row.ncols() for row in rows]
    if len(set(widths)) != 1:
        raise ValueError(f"blocks: numbers of columns {widths} differ: give rows of equal width")
    return flint.arb_mat([line for row in rows for line in to_nested(row)])


def frobenius_norm_bound(balls: flint.arb_mat) -> flint.arb:
    """An exact number at or above ||A||_F = sqrt(sum A_ij^2) for every A in the balls."""
    total = flint.arb(0)
    for entry in balls.entries():
        size = entry.abs_upper()
        total += size * size
    return total.sqrt().upper()


def matrix_exponential(generator: flint.arb_mat, time: flint.arb | Rational = 1) -> flint.arb_mat:
    """exp(F t) for a square ball matrix F and a ball or rational t.

    Raises
    ------
    ValueError
        If F is not square.
    """
    _require_square(generator, "generator")
    return (generator * _as_ball(time)).exp()


def integrated_exponential(
    generator: flint.arb_mat, time: flint.arb | Rational = 1
) -> flint.arb_mat:
    """The integral of exp(F u) du from 0 to t, also for a singular F.

    It is the upper right block of exp([[F, I], [0, 0]] t).

    Raises
    ------
    ValueError
        If F is not square.
    """
    size = _require_square(generator, "generator")
    zero = zeros(size, size)
    augmented = block_matrix([[generator, identity(size)], [zero, zero]])
    rows = to_nested(matrix_exponential(augmented, time))
    return flint.arb_mat([row[size:] for row in rows[:size]])


def inverse(balls: flint.arb_mat) -> flint.arb_mat:
    """Balls of A^-1 for every A in the balls.

    Raises
    ------
    ValueError
        If the matrix is not square.
    ZeroDivisionError
        If some matrix in the balls may be singular at the working precision.
    """
    size = _require_square(balls, "balls")
    try:
        return balls.inv()
    except ZeroDivisionError:
        raise ZeroDivisionError(
            f"balls: this {size} x {size} matrix cannot be proved invertible at "
            f"{flint.ctx.prec} bits: raise the working precision, or use a route without inverse"
        ) from None


def _as_ball(value: flint.arb | Rational) -> flint.arb:
    return value if isinstance(value, flint.arb) else exact_ball(value)


def _require_square(balls: flint.arb_mat, name: str) -> int:
    rows, columns = int(balls.nrows()), int(balls.ncols())
    if rows != columns:
        raise ValueError(f"{name}: shape {rows} x {columns} is not square")
    return rows
