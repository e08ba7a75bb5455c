"""Outputs that are sums of growing modes: where they rise and fall again while they are learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .networks import FloatArray

__all__ = ["Excursions", "find_excursions", "largest"]

BLOCK = 1 << 17
"""Values of outputs at all times that are scanned together: few enough to stay in the cache."""


@dataclass(frozen=True)
class Excursions:
    """Heights ``(N3, P)`` of the excursions of all outputs.

    ``up``: how far an output rises above its initial value and falls again; ``down``: the same
    of its negative.  ``error``: how wrong a height may be.
    """

    up: NDArray[np.float32]
    down: NDArray[np.float32]
    error: float


def find_excursions(
    u: FloatArray, s: FloatArray, v: FloatArray, ratios: FloatArray, accuracy: float
) -> Excursions:
    """Scan all outputs ``f_mi(t) = sum_alpha u_m s_alpha r_alpha(t) v_i`` at all times.

    ``u`` ``(N3, r)``, ``s`` ``(r,)``, ``v`` ``(P, r)``; ``ratios`` ``(r, T)``: what part of its
    final strength a mode has, 0 to 1.  Height: the largest ``min(M - f(0), M - f(t))`` over
    ``t``, ``M`` the highest value up to ``t``.

    The curves of all modes are combinations of few: ``r_alpha(t) = sum_k g_k h_k(t)`` up to
    singular values of ``ratios`` that are left out.  An output changes by at most the first of
    them times ``(sum_alpha (u s v)^2)^(1/2) <= s_1``; they are left out while that is below
    ``accuracy / 4``, so that a height, a difference of two values, is within ``accuracy / 2`` and
    the rounding of single precision.  For r modes and k shapes that is at most r + k + 6 roundings
    of sums of ``|h_k| |u s g_k v|``, which by Cauchy and Schwarz is at most r times the largest
    ``(sum_alpha (u s v)^2)^(1/2)``, as no ratio exceeds 1: a bound, far above what happens.
    """
    g, sizes, h = np.linalg.svd(ratios, full_matrices=False)
    largest_term = float(np.max(np.sqrt((u**2) @ (s**2 * np.max(v**2, axis=0)))))
    few = max(1, int(np.sum(sizes * largest_term > accuracy / 4)))
    weights = (g[:, :few] * s[:, None]).T.astype(np.float32)
    shapes = (sizes[:few, None] * h[:few]).T.astype(np.float32)
    left, right = u.astype(np.float32), np.ascontiguousarray(v.T, dtype=np.float32)
    up = np.empty((len(u), len(v)), np.float32)
    down = np.empty_like(up)
    rows = max(1, BLOCK // (len(v) * max(len(shapes), 1)))
    stretch = rows * max(1, 256 // rows)
    for first in range(0, len(u), stretch):
        part = left[first : first + stretch]
        basis = np.stack([(part * w) @ right for w in weights])
        for row in range(0, len(part), rows):
            some = np.ascontiguousarray(basis[:, row : row + rows]).reshape(few, -1)
            outputs = shapes @ some
            place = slice(first + row, first + min(row + rows, len(part)))
            up[place] = _heights(outputs, np.maximum).reshape(-1, len(v))
            down[place] = _heights(outputs, np.minimum).reshape(-1, len(v))
    roundings = (len(s) + few + 6) * float(np.finfo(np.float32).eps)
    rounding = roundings * len(s) * largest_term
    return Excursions(up, down, accuracy / 2 + rounding)


def _heights(outputs: NDArray[np.float32], extreme: np.ufunc) -> NDArray[np.float32]:
    """Per column the largest of ``min(|M - f(0)|, |M - f(t)|)``, ``M`` the extreme up to t."""
    reached = extreme.accumulate(outputs, axis=0)
    back = np.abs(reached - outputs)
    reached -= outputs[0]
    np.minimum(back, np.abs(reached, out=reached), out=back)
    heights: NDArray[np.float32] = np.max(back, axis=0)
    return heights


def largest(heights: NDArray[np.float32], count: int) -> list[tuple[int, int]]:
    """Indices of the ``count`` largest positive heights, the largest first."""
    flat = heights.ravel()
    count = min(count, flat.size)
    if count == 0:
        return []
    chosen = np.argpartition(flat, flat.size - count)[flat.size - count :]
    # Equal heights keep the order of the table.
    chosen = chosen[np.lexsort((chosen, -flat[chosen]))]
    rows, columns = np.unravel_index(chosen, heights.shape)
    return [(int(m), int(i)) for m, i in zip(rows, columns, strict=True) if heights[m, i] > 0]
