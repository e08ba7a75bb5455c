"""Descent of one deep linear network at several learning rates, until the first has learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, nan

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, Arrays, arrays_of, to_host
from .deep_devices import Place
from .networks import FloatArray, as_weights, end_to_end

__all__ = ["Race", "descend_until"]


@dataclass(frozen=True)
class Race:
    """Which of the rates came first, and when.

    ``iterations`` and ``crossing`` of the first that reached the loss: the number of updates after
    which the loss is below it, and where a line through the logarithms of the loss before and after
    the last update meets it.  None, and NaN, where none did within the updates allowed, which are
    ``tried``.  ``rate``: the first one, or the one with the least loss in the end; ``loss`` its
    loss; ``lost`` the rates at which the loss grew beyond ``GROWN`` times that of the start, or
    overflowed.
    """

    iterations: int | None
    crossing: float
    rate: float
    loss: float
    tried: int
    lost: tuple[float, ...]


GROWN = 1e3
"""Times the loss at the start, or the loss of the map zero if that is larger: given up."""


def descend_until(
    weights: Sequence[FloatArray],
    Sigma31: FloatArray,
    rates: Sequence[float],
    *,
    loss: float,
    most: int,
    place: Place,
) -> Race:
    """Train ``W_l <- W_l - rate dE/dW_l``, ``E = 1/2 |Sigma31 - W_D ... W_1|_F^2``.

    A copy of the network for each of ``rates``, side by side; stops when the first has a loss of
    at most ``loss``, or after ``most`` updates.  Raises ``ValueError`` for no rate.
    """
    if not rates:
        raise ValueError("rates is empty: give at least one")
    as_weights(weights)
    alive: NDArray[np.float64] = np.array(sorted(rates, reverse=True), dtype=np.float64)
    layers = [place(np.repeat(layer[None], len(alive), axis=0)) for layer in weights]
    arrays, target = arrays_of(layers), place(Sigma31[None])
    before, lost = np.full(len(alive), nan), list[float]()
    limit = GROWN * max(
        0.5 * float(np.sum(Sigma31**2)),
        0.5 * float(np.sum((Sigma31 - end_to_end(list(weights))) ** 2)),
    )
    for count in range(most + 1):
        below = _forward(arrays, layers)
        residual = target - below[-1]
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is given up
            losses = to_host(arrays.xp.sum(residual * residual, axis=(-2, -1))) / 2
        if np.any(losses <= loss):
            return _first(count, alive, losses, before, loss, lost)
        kept = np.isfinite(losses) & (losses <= limit)
        if not kept.all():
            lost.extend(float(rate) for rate in alive[~kept])
            places = arrays.indices(np.flatnonzero(kept))
            alive, losses = alive[kept], losses[kept]
            if not len(alive):
                return Race(None, nan, min(rates), inf, count, tuple(lost))
            layers, below, (residual,) = (
                [arrays.xp.take(part, places, axis=0) for part in parts]
                for parts in (layers, below, [residual])
            )
        if count < most:
            speed = place(alive[:, None, None])
            _update(arrays, layers, below, speed * residual)
        before = losses
    i = int(np.argmin(before))
    return Race(None, nan, float(alive[i]), float(before[i]), most, tuple(lost))


def _first(
    count: int,
    alive: FloatArray,
    losses: FloatArray,
    before: FloatArray,
    loss: float,
    lost: list[float],
) -> Race:
    crossings = [
        _crossing(count, was, now, loss) if now <= loss else inf
        for was, now in zip(before, losses, strict=True)
    ]
    i = int(np.argmin(crossings))
    return Race(count, crossings[i], float(alive[i]), float(losses[i]), count, tuple(lost))


def _crossing(count: int, was: float, now: float, loss: float) -> float:
    if count == 0 or now <= 0:
        return float(count)
    return count - (log(loss) - log(now)) / (log(was) - log(now))


def _forward(arrays: Arrays, layers: list[Array]) -> list[Array]:
    """``W_l ... W_1`` for every ``l``."""
    below = [layers[0]]
    for layer in layers[1:]:
        below.append(arrays.xp.matmul(layer, below[-1]))
    return below


def _update(arrays: Arrays, layers: list[Array], below: list[Array], residual: Array) -> None:
    """Add ``W_{>l}^T residual W_{<l}^T`` to every layer."""
    matmul, above = arrays.xp.matmul, None
    for i in range(len(layers) - 1, 0, -1):
        # Outputs are fewer than inputs and hidden units: all products have them on one side.
        change = matmul(residual, below[i - 1].mT)
        old = layers[i]  # not changed in place: the layers below need it
        layers[i] = old + (change if above is None else matmul(above.mT, change))
        above = old if above is None else matmul(above, old)
    layers[0] = layers[0] + (residual if above is None else matmul(above.mT, residual))
