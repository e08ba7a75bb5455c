"""Products of matrices with one network a lane, block by block."""

from __future__ import annotations

from typing import Any

from numba import njit

from .blocks import COLUMNS, ROWS, block

__all__ = ["multiply"]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def multiply(
    mode: int,
    data: Any,
    written: tuple[int, int, int],
    alpha: Any,
    beta: Any,
    left: tuple[int, int, int],
    right: tuple[int, int, int],
    rows: int,
    columns: int,
    inner: int,
) -> None:
    """A product of two matrices of ``data``, used as ``blocks.block`` says for ``mode``.

    ``written``: first entries of out, base and moved, each stored row by row; ``left``: first
    entry, row step, inner step; ``right``: first entry, inner step, column step.
    """
    out, base, moved = written
    for j in range(0, columns, COLUMNS):
        width = min(COLUMNS, columns - j)
        first = right[0] + j * right[2]
        for i in range(0, rows, ROWS):
            shift = i * columns + j
            places = (
                out + shift,
                base + shift,
                moved + shift,
                columns,
                left[0] + i * left[1],
                left[1],
                left[2],
                first,
                right[1],
                right[2],
                inner,
            )
            block(mode, min(ROWS, rows - i), width, data, alpha, beta, places)
