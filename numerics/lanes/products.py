"""Products of matrices with one network a lane, block by block."""

from __future__ import annotations

from typing import Any

from numba import njit

from .blocks import COLUMNS, ROWS, block

__all__ = ["multiply"]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def multiply(
    mode: int,
    out: Any,
    start: int,
    base: Any,
    moved: Any,
    alpha: Any,
    beta: Any,
    left: Any,
    left_at: tuple[int, int, int],
    right: Any,
    right_at: tuple[int, int, int],
    rows: int,
    columns: int,
    inner: int,
) -> None:
    """``left right`` into ``out`` from entry ``start`` on, as ``blocks.block`` says for ``mode``.

    ``left_at``: first entry, row step, inner step; ``right_at``: first entry, inner step, column
    step.  ``out``, ``base`` and ``moved`` are stored row by row.
    """
    for j in range(0, columns, COLUMNS):
        width = min(COLUMNS, columns - j)
        for i in range(0, rows, ROWS):
            places = (
                start + i * columns + j,
                columns,
                left_at[0] + i * left_at[1],
                left_at[1],
                left_at[2],
                right_at[0] + j * right_at[2],
                right_at[1],
                right_at[2],
                inner,
            )
            height = min(ROWS, rows - i)
            block(mode, height, width, out, base, moved, left, right, alpha, beta, places)
