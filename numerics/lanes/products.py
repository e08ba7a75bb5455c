"""Products of matrices with one network a lane, panel by panel."""

from __future__ import annotations

from typing import Any

from numba import njit

from .blocks import COLUMNS, ROWS, panel

__all__ = ["multiply"]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def multiply(
    mode: int,
    data: Any,
    written: tuple[int, int, int],
    alpha: Any,
    left: tuple[int, int, int],
    right: tuple[int, int, int],
    rows: int,
    columns: int,
    inner: int,
) -> None:
    """A product of two matrices of ``data``, used as ``blocks.panel`` says for ``mode``.

    ``written``: first entries of out and base, each stored row by row, and the step between states;
    ``left``: first entry, row step, inner step; ``right``: first entry, inner step, column step.
    """
    out, base, state_step = written
    j, width = 0, 0
    while j < columns:
        while COLUMNS[width] > columns - j:
            width += 1
        i, height = 0, 0
        while i < rows:
            while ROWS[height] > rows - i:
                height += 1
            blocks = (rows - i) // ROWS[height]
            shape = ((mode * len(ROWS) + height) * len(COLUMNS) + width)
            shift = i * columns + j
            places = (
                out + shift, base + shift, state_step, columns, left[0] + i * left[1], left[1],
                left[2], right[0] + j * right[2], right[1], right[2], inner,
            )  # fmt: skip
            panel(shape, data, alpha, places, blocks)
            i += blocks * ROWS[height]
        j += COLUMNS[width]
