"""Products of matrices with one network a lane, panel by panel."""

from __future__ import annotations

from typing import Any

from numba import njit

from .blocks import ROWS, WIDTHS, panel

__all__ = ["multiply"]

KINDS = len(WIDTHS)


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
    """A product of two matrices of ``data``, used as ``blocks.panel`` says for ``mode``.

    ``written``: first entries of out, base and moved, each stored row by row; ``left``: first
    entry, row step, inner step; ``right``: first entry, inner step, column step.
    """
    out, base, moved = written
    pairs = rows // ROWS
    done = pairs * ROWS
    j = 0
    while j < columns:
        left_over = columns - j
        # Numbers of blocks.WIDTHS; blocks.SHAPES run over mode, rows and these.
        kind = 3
        if left_over >= 4:
            kind = 0 if right[2] == 1 else 1
        elif left_over >= 2:
            kind = 2
        shape, first = mode * ROWS * KINDS + kind, right[0] + j * right[2]
        if pairs:
            places = (
                out + j, base + j, moved + j, columns, left[0], left[1], left[2],
                first, right[1], right[2], inner,
            )  # fmt: skip
            panel(shape + (ROWS - 1) * KINDS, data, alpha, beta, places, pairs)
        if done < rows:
            shift = done * columns + j
            places = (
                out + shift, base + shift, moved + shift, columns, left[0] + done * left[1],
                left[1], left[2], first, right[1], right[2], inner,
            )  # fmt: skip
            panel(shape, data, alpha, beta, places, rows - done)
        j += WIDTHS[kind][0]
