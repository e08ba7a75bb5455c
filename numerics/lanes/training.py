"""Gradient flow and descent of linear networks of any depth, one network a lane.

The weights of one group of networks, and all that is computed from them, lie in one array that
stays in the cache over all steps; a matrix is known by the place of its first entry.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .products import multiply

__all__ = ["advance_descent", "advance_flow"]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _residual(data: Any, weights: int, widths: Any, starts: Any, places: Any, one: Any) -> Any:
    """Write Sigma31 - W_tot Sigma11, and the products of the first l layers; the former's place."""
    last, inputs = len(widths) - 2, widths[0]
    target, square, room, step = places[4], places[5], places[6], places[8]
    error = room + (last + 1) * step
    below = weights
    for layer in range(1, last + 1):
        closing = square < 0 and layer == last
        out = error if closing else room + layer * step
        multiply(
            1 if closing else 0, data, (out, target, out), one, one,
            (weights + starts[layer], widths[layer], 1), (below, inputs, 1),
            widths[layer + 1], inputs, widths[layer],
        )  # fmt: skip
        below = out
    if square >= 0:
        multiply(
            1, data, (error, target, error), one, one,
            (below, inputs, 1), (square, inputs, 1), widths[last + 1], inputs, inputs,
        )  # fmt: skip
    return error


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _stage(
    data: Any, weights: int, base: int, total: int, moved: int, alpha: Any, beta: Any,
    first: bool, widths: Any, starts: Any, places: Any, lanes: int,
) -> None:  # fmt: skip
    """With F the velocity at ``weights``: total += beta F, and moved = base + alpha F.

    At the ``first`` stage total = base + beta F instead.
    """
    mode = 3 if first else 2
    last, inputs = len(widths) - 2, widths[0]
    if last == 0:
        _single_layer(
            data, weights, base, total, moved, alpha, beta, first, widths, starts, places, lanes
        )
        return
    error = _residual(data, weights, widths, starts, places, alpha)
    room, carried_to, step = places[6], places[7], places[8]
    for layer in range(last, 0, -1):
        below = weights if layer == 1 else room + (layer - 1) * step
        outputs, hidden, start = widths[layer + 1], widths[layer], starts[layer]
        multiply(
            mode, data, (total + start, base + start, moved + start), alpha, beta,
            (error, inputs, 1), (below, 1, inputs), outputs, hidden, inputs,
        )  # fmt: skip
        carried = carried_to + (layer % 2) * step
        out = (total, base, moved) if layer == 1 else (carried, carried, carried)
        multiply(
            mode if layer == 1 else 0, data, out, alpha, beta,
            (weights + start, 1, hidden), (error, inputs, 1), hidden, inputs, outputs,
        )  # fmt: skip
        error = carried


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _single_layer(
    data: Any, weights: int, base: int, total: int, moved: int, alpha: Any, beta: Any,
    first: bool, widths: Any, starts: Any, places: Any, lanes: int,
) -> None:  # fmt: skip
    entries, white = widths[0] * widths[1], places[5] < 0
    error = places[6] if white else _residual(data, weights, widths, starts, places, alpha)
    for i in range(entries * lanes):
        if white:
            velocity = data[places[4] * lanes + i] - data[weights * lanes + i]
        else:
            velocity = data[error * lanes + i]
        before = data[base * lanes + i]
        data[moved * lanes + i] = before + alpha * velocity
        data[total * lanes + i] = (before if first else data[total * lanes + i]) + beta * velocity


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _load(
    data: Any, group: Any, Sigma31: Any, Sigma11: Any, places: Any, lanes: int
) -> None:
    data[: group.size] = group
    target, square = places[4] * lanes, places[5] * lanes
    data[target : target + Sigma31.size] = Sigma31
    if square >= 0:
        data[square : square + Sigma11.size] = Sigma11


@njit(cache=True, error_model="numpy", nogil=True)  # type: ignore[untyped-decorator]
def advance_flow(
    groups: Any, Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, places: Any,
    entries: int, lanes: int, step: float, steps: int,
) -> None:  # fmt: skip
    """``steps`` steps of the classical Runge-Kutta method of order 4, for each group in place.

    ``groups`` ``(groups, size * lanes)``; ``Sigma31`` ``(1 or groups, ...)``; ``step`` in the
    units of tau; the rest as of ``layout.Layout``.
    """
    data = np.empty(entries * lanes, groups.dtype)
    kind, size = groups.dtype.type, groups.shape[1] // lanes
    half, third, sixth, whole = kind(step / 2), kind(step / 3), kind(step / 6), kind(step)
    one, other = places[1], places[2]
    for g in range(groups.shape[0]):
        weights, total = places[0], places[3]
        _load(data, groups[g], Sigma31[g % Sigma31.shape[0]], Sigma11, places, lanes)
        for _ in range(steps):
            _stage(data, weights, weights, total, one, half, sixth, True,
                   widths, starts, places, lanes)  # fmt: skip
            _stage(data, one, weights, total, other, half, third, False,
                   widths, starts, places, lanes)  # fmt: skip
            _stage(data, other, weights, total, one, whole, third, False,
                   widths, starts, places, lanes)  # fmt: skip
            _stage(data, one, weights, total, other, whole, sixth, False,
                   widths, starts, places, lanes)  # fmt: skip
            weights, total = total, weights
        groups[g] = data[weights * lanes : (weights + size) * lanes]


@njit(cache=True, error_model="numpy", nogil=True)  # type: ignore[untyped-decorator]
def advance_descent(
    groups: Any, Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, places: Any,
    entries: int, lanes: int, step: float, steps: int,
) -> None:  # fmt: skip
    """``steps`` steps of full-batch gradient descent with the learning rate ``step``."""
    data = np.empty(entries * lanes, groups.dtype)
    kind, size = groups.dtype.type, groups.shape[1] // lanes
    rate, none = kind(step), kind(0)
    unused = places[1]
    for g in range(groups.shape[0]):
        weights, total = places[0], places[3]
        _load(data, groups[g], Sigma31[g % Sigma31.shape[0]], Sigma11, places, lanes)
        for _ in range(steps):
            _stage(data, weights, weights, total, unused, none, rate, True,
                   widths, starts, places, lanes)  # fmt: skip
            weights, total = total, weights
        groups[g] = data[weights * lanes : (weights + size) * lanes]
