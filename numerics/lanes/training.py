"""Gradient flow and descent of linear networks of any depth, one network a lane.

The weights of one group of networks, and all that is computed from them, lie in one array that
stays in the cache over all steps; a matrix is known by the place of its first entry.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .products import multiply

__all__ = ["advance"]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _residual(data: Any, weights: int, widths: Any, starts: Any, places: Any) -> Any:
    """Write Sigma31 - W_tot Sigma11, and the products of the first l layers; the former's place."""
    last, inputs = len(widths) - 2, widths[0]
    target, square, room, step = places[2], places[3], places[4], places[6]
    error = room + (last + 1) * step
    below, minus = weights, data.dtype.type(-1)
    for layer in range(1, last + 1):
        closing = square < 0 and layer == last
        out = error if closing else room + layer * step
        multiply(
            1 if closing else 0, data, (out, target, 0), minus,
            (weights + starts[layer], widths[layer], 1), (below, inputs, 1),
            widths[layer + 1], inputs, widths[layer],
        )  # fmt: skip
        below = out
    if square >= 0:
        multiply(
            1, data, (error, target, 0), minus,
            (below, inputs, 1), (square, inputs, 1), widths[last + 1], inputs, inputs,
        )  # fmt: skip
    return error


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _stage(
    mode: int, data: Any, weights: int, out: int, base: int, alpha: Any,
    widths: Any, starts: Any, places: Any, lanes: int,
) -> None:  # fmt: skip
    """With F the velocity at ``weights``: out = base + alpha F in mode 1, and in mode 2
    out = (-base + one + 2 two + three)/3 + alpha F with the three states that follow ``base``."""
    last, inputs = len(widths) - 2, widths[0]
    if last == 0:
        _single_layer(mode, data, weights, out, base, alpha, widths, starts, places, lanes)
        return
    error = _residual(data, weights, widths, starts, places)
    states, room, carried_to, step = places[1], places[4], places[5], places[6]
    for layer in range(last, 0, -1):
        below = weights if layer == 1 else room + (layer - 1) * step
        outputs, hidden, start = widths[layer + 1], widths[layer], starts[layer]
        multiply(
            mode, data, (out + start, base + start, states), alpha,
            (error, inputs, 1), (below, 1, inputs), outputs, hidden, inputs,
        )  # fmt: skip
        carried = carried_to + (layer % 2) * step
        written = (out, base, states) if layer == 1 else (carried, carried, 0)
        multiply(
            mode if layer == 1 else 0, data, written, alpha,
            (weights + start, 1, hidden), (error, inputs, 1), hidden, inputs, outputs,
        )  # fmt: skip
        error = carried


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _single_layer(
    mode: int, data: Any, weights: int, out: int, base: int, alpha: Any,
    widths: Any, starts: Any, places: Any, lanes: int,
) -> None:  # fmt: skip
    entries, white, states = widths[0] * widths[1], places[3] < 0, places[1] * lanes
    error = places[4] if white else _residual(data, weights, widths, starts, places)
    third = data.dtype.type(1 / 3)
    for i in range(entries * lanes):
        if white:
            velocity = data[places[2] * lanes + i] - data[weights * lanes + i]
        else:
            velocity = data[error * lanes + i]
        at = base * lanes + i
        before = data[at]
        if mode == 2:
            two = data[at + 2 * states]
            before = (data[at + states] - before + data[at + 3 * states] + two + two) * third
        data[out * lanes + i] = before + alpha * velocity


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _spread(data: Any, place: int, matrices: Any, first: int, lanes: int) -> None:
    """Matrices from ``first`` on, one a lane; the last again where there are no more."""
    for lane in range(lanes):
        row = min(first + lane, len(matrices) - 1)
        for entry in range(matrices.shape[1]):
            data[(place + entry) * lanes + lane] = matrices[row, entry]


@njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _exchange(
    data: Any, place: int, networks: Any, batch: int, first: int, lanes: int,
    widths: Any, starts: Any, back: bool,
) -> None:  # fmt: skip
    """Weights of the networks from ``first`` on to their lanes, or ``back``."""
    for layer in range(len(starts)):
        size, begin = widths[layer] * widths[layer + 1], starts[layer]
        matrices = networks[batch * begin : batch * (begin + size)].reshape(batch, size)
        if not back:
            _spread(data, place + begin, matrices, first, lanes)
            continue
        for lane in range(min(lanes, batch - first)):
            for entry in range(size):
                matrices[first + lane, entry] = data[(place + begin + entry) * lanes + lane]


@njit(cache=True, error_model="numpy", nogil=True)  # type: ignore[untyped-decorator]
def advance(
    networks: Any, batch: int, Sigma31: Any, Sigma11: Any, widths: Any, starts: Any, places: Any,
    entries: int, lanes: int, step: float, steps: int, flow: bool,
) -> None:  # fmt: skip
    """``steps`` steps of every network, in place.

    ``networks``: one layer after another, in each all ``batch`` matrices; ``Sigma31`` ``(1 or
    batch, ...)``; ``Sigma11`` ``(1, ...)``, not looked at where the layout has none; the rest as of
    ``layout.Layout``.  ``flow``: the classical Runge-Kutta method of order 4 with ``step`` in the
    units of tau, otherwise gradient descent with the learning rate ``step``.

    With one = y + h/2 k1, two = y + h/2 k2, three = y + h k3 the weighted sum of the slopes is
    y + h/6 (k1 + 2 k2 + 2 k3 + k4) = (-y + one + 2 two + three)/3 + h/6 k4: no sum is carried.
    """
    data = np.empty(entries * lanes, networks.dtype)
    kind = networks.dtype.type
    factors = (kind(step / 2), kind(step / 2), kind(step), kind(step / 6))
    y, states = places[0], places[1]
    # A single call of the stage: a compiler would copy it into each of several.
    stages = 4 * steps if flow else steps
    cycle = 4 if flow else 2
    for first in range(0, batch, lanes):
        _exchange(data, y, networks, batch, first, lanes, widths, starts, False)
        _spread(data, places[2], Sigma31, first, lanes)
        if places[3] >= 0:
            _spread(data, places[3], Sigma11, first, lanes)
        for count in range(stages):
            stage = count % cycle
            weights, out = y + stage * states, y + (stage + 1) % cycle * states
            base = y if flow else weights
            alpha = factors[stage] if flow else kind(step)
            mode = 2 if flow and stage == 3 else 1
            _stage(mode, data, weights, out, base, alpha, widths, starts, places, lanes)
        last = y + stages % cycle * states
        _exchange(data, last, networks, batch, first, lanes, widths, starts, True)
