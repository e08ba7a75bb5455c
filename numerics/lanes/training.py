"""Gradient flow and descent of linear networks of any depth, one network a lane.

The weights of one group of networks lie in one array, layer after layer, row by row, the lanes of
an entry side by side; they stay in the cache over all steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .products import multiply

__all__ = ["advance_descent", "advance_flow"]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _residual(
    weights: Any, Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, room: Any
) -> None:
    """Sigma31 - W_tot Sigma11 into the last row of ``room``; products of the first l layers before.

    ``Sigma11`` of size 0 is the identity.
    """
    last, inputs = len(widths) - 2, widths[0]
    white = Sigma11.size == 0
    out = room[last + 1]
    one = room.dtype.type(1)
    if last == 0 and white:
        for i in range(widths[1] * inputs * (Sigma31.size // (widths[1] * inputs))):
            out[i] = Sigma31[i] - weights[i]
        return
    below, place = weights, 0
    for layer in range(1, last + 1):
        mode, target = (1, out) if white and layer == last else (0, room[layer])
        multiply(
            mode, target, 0, Sigma31, out, one, one,
            weights, (starts[layer], widths[layer], 1), below, (place, inputs, 1),
            widths[layer + 1], inputs, widths[layer],
        )  # fmt: skip
        below, place = room[layer], 0
    if not white:
        multiply(
            1, out, 0, Sigma31, out, one, one,
            below, (place, inputs, 1), Sigma11, (0, inputs, 1),
            widths[last + 1], inputs, inputs,
        )  # fmt: skip


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _stage(
    weights: Any, base: Any, total: Any, moved: Any, alpha: Any, beta: Any,
    Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, room: Any, back: Any,
) -> None:  # fmt: skip
    """With F the velocity at ``weights``: total += beta F, and moved = base + alpha F."""
    _residual(weights, Sigma31, Sigma11, widths, starts, room)
    last, inputs = len(widths) - 2, widths[0]
    error = room[last + 1]
    for layer in range(last, 0, -1):
        below = weights if layer == 1 else room[layer - 1]
        outputs, hidden = widths[layer + 1], widths[layer]
        multiply(
            2, total, starts[layer], base, moved, alpha, beta,
            error, (0, inputs, 1), below, (0, 1, inputs),
            outputs, hidden, inputs,
        )  # fmt: skip
        if layer > 1:
            carried = back[layer % 2]
            multiply(
                0, carried, 0, base, moved, alpha, beta,
                weights, (starts[layer], 1, hidden), error, (0, inputs, 1),
                hidden, inputs, outputs,
            )  # fmt: skip
            error = carried
        else:
            multiply(
                2, total, 0, base, moved, alpha, beta,
                weights, (starts[1], 1, hidden), error, (0, inputs, 1),
                hidden, inputs, outputs,
            )  # fmt: skip
    if last == 0:
        lanes = total.size // (widths[1] * inputs)
        for i in range(widths[1] * inputs * lanes):
            moved[i] = base[i] + alpha * error[i]
            total[i] += beta * error[i]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _rooms(widths: Any, size: int, lanes: int, dtype: Any) -> Any:
    """Buffers for the products of layers, for the error carried back, and for four states."""
    widest = 0
    for width in widths:
        widest = max(widest, width)
    entries = widest * widths[0] * lanes
    return (
        np.empty((len(widths), entries), dtype),
        np.empty((2, entries), dtype),
        np.empty((4, size), dtype),
    )


@njit(cache=True, error_model="numpy", nogil=True)  # type: ignore[untyped-decorator]
def advance_flow(
    groups: Any, Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, lanes: int,
    step: Any, steps: int,
) -> None:  # fmt: skip
    """``steps`` steps of the classical Runge-Kutta method of order 4, for each group in place.

    ``groups`` ``(groups, entries * lanes)``; ``Sigma31`` ``(1 or groups, ...)``; ``step`` in the
    units of tau, in the type of the weights.
    """
    room, back, states = _rooms(widths, groups.shape[1], lanes, groups.dtype)
    weights, one, other, total = states[0], states[1], states[2], states[3]
    half, third, sixth = step / 2, step / 3, step / 6
    kind = groups.dtype.type
    half, third, sixth, whole = kind(half), kind(third), kind(sixth), kind(step)
    for g in range(groups.shape[0]):
        target = Sigma31[g % Sigma31.shape[0]]
        weights[:] = groups[g]
        for _ in range(steps):
            total[:] = weights
            _stage(weights, weights, total, one, half, sixth,
                   target, Sigma11, widths, starts, room, back)  # fmt: skip
            _stage(one, weights, total, other, half, third,
                   target, Sigma11, widths, starts, room, back)  # fmt: skip
            _stage(other, weights, total, one, whole, third,
                   target, Sigma11, widths, starts, room, back)  # fmt: skip
            _stage(one, weights, total, other, whole, sixth,
                   target, Sigma11, widths, starts, room, back)  # fmt: skip
            weights[:] = total
        groups[g] = weights


@njit(cache=True, error_model="numpy", nogil=True)  # type: ignore[untyped-decorator]
def advance_descent(
    groups: Any, Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, lanes: int,
    step: Any, steps: int,
) -> None:  # fmt: skip
    """``steps`` steps of full-batch gradient descent with the learning rate ``step``."""
    room, back, states = _rooms(widths, groups.shape[1], lanes, groups.dtype)
    weights, unused, total = states[0], states[1], states[2]
    rate, none = groups.dtype.type(step), groups.dtype.type(0)
    for g in range(groups.shape[0]):
        target = Sigma31[g % Sigma31.shape[0]]
        weights[:] = groups[g]
        for _ in range(steps):
            total[:] = weights
            _stage(weights, weights, total, unused, none, rate,
                   target, Sigma11, widths, starts, room, back)  # fmt: skip
            weights[:] = total
        groups[g] = weights
