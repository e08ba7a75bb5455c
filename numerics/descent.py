"""Discrete gradient descent on linear networks: full batch, and one example at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .networks import FloatArray, as_weights, end_to_end, squared_error, weight_gradients

__all__ = ["Convention", "DescentRecord", "descend", "descend_per_example"]

Convention = Literal["average", "sum"]
"""Whether correlations and losses are averages over the examples, or sums."""


@dataclass(frozen=True)
class DescentRecord:
    """Networks at the recorded iterations; ``batch`` is absent for one network.

    ``iterations`` ``(T,)``, the numbers of updates made; ``weights``: one array
    ``(T, batch, n_{l+1}, n_l)`` per layer; ``maps`` ``(T, batch, N3, N1)``; ``loss``
    ``(T, batch)``, ``1/2 sum_mu ||y_mu - W_tot x_mu||^2``, divided by ``P`` for averages.
    """

    iterations: NDArray[np.int64]
    weights: tuple[FloatArray, ...]
    maps: FloatArray
    loss: FloatArray


class _Descent:
    """Weights, examples as columns, and what was recorded so far."""

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        inputs: ArrayLike,
        outputs: ArrayLike,
        lambda_: float,
        convention: Convention,
    ) -> None:
        self.layers, self.lambda_ = as_weights(weights), lambda_
        self.x = np.array(inputs, dtype=np.float64)
        self.y = np.array(outputs, dtype=np.float64)
        for name, data, rows in (
            ("inputs", self.x, self.layers[0].shape[-1]),
            ("outputs", self.y, self.layers[-1].shape[-2]),
        ):
            if data.ndim != 2 or len(data) != rows or not np.all(np.isfinite(data)):
                raise ValueError(
                    f"{name} has shape {data.shape}: give finite numbers, one example per column, "
                    f"{rows} rows"
                )
        if self.x.shape[1] != self.y.shape[1] or not self.x.shape[1]:
            raise ValueError(
                f"inputs has {self.x.shape[1]} examples (columns) and outputs "
                f"{self.y.shape[1]}: give equally many, at least one"
            )
        if not (np.isfinite(lambda_) and lambda_ > 0):
            raise ValueError(f"lambda_={lambda_!r}: give a positive finite learning rate")
        if convention not in ("average", "sum"):
            raise ValueError(f"convention={convention!r}: give 'average' or 'sum'")
        self.share = 1 / self.x.shape[1] if convention == "average" else 1.0
        self.taken: list[list[FloatArray]] = []

    def move(self, residual: FloatArray) -> None:
        directions = weight_gradients(self.layers, residual)
        for layer, direction in zip(self.layers, directions, strict=True):
            layer += self.lambda_ * direction

    def keep(self) -> None:
        if not all(np.all(np.isfinite(layer)) for layer in self.layers):
            raise FloatingPointError(
                f"the weights overflow: lambda_={self.lambda_} is too large, lower it"
            )
        self.taken.append([layer.copy() for layer in self.layers])

    def record(self, iterations: NDArray[np.int64]) -> DescentRecord:
        weights = tuple(np.stack(layer) for layer in zip(*self.taken, strict=True))
        maps = end_to_end(weights)
        loss = self.share * squared_error(maps, self.x, self.y)
        return DescentRecord(iterations, weights, maps, loss)


def descend(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    lambda_: float,
    iterations: ArrayLike,
    convention: Convention = "average",
) -> DescentRecord:
    """Full-batch descent ``W_l <- W_l + lambda W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    ``inputs`` ``(N1, P)`` and ``outputs`` ``(N3, P)`` hold one example per column.  The loss is
    ``1/2 sum_mu ||y_mu - W_tot x_mu||^2`` with ``Sigma31 = Y X^T``, ``Sigma11 = X X^T`` for
    ``convention="sum"``, all divided by ``P`` for ``"average"``.  ``iterations``: increasing
    numbers of updates after which to record; 0 is the start.  Raises ``ValueError`` for a bad
    argument, ``FloatingPointError`` when the weights overflow.
    """
    state = _Descent(weights, inputs, outputs, lambda_, convention)
    marks, made = _as_iterations(iterations), 0
    Sigma31, Sigma11 = state.share * state.y @ state.x.T, state.share * state.x @ state.x.T
    for mark in marks:
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(mark - made):
                state.move(Sigma31 - end_to_end(state.layers) @ Sigma11)
        made = mark
        state.keep()
    return state.record(marks)


def descend_per_example(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    lambda_: float,
    epochs: ArrayLike,
    rng: np.random.Generator,
    convention: Convention = "average",
) -> DescentRecord:
    """Stochastic descent: one update ``lambda W_{>l}^T (y - W_tot x) x^T W_{<l}^T`` per example.

    Every epoch presents each example once, in an order drawn from ``rng`` and shared by the
    networks of a batch.  ``epochs``: increasing numbers of epochs after which to record;
    the record counts updates, ``P`` per epoch.  ``convention`` scales the recorded loss only: an
    update always uses one example.  Arguments and errors otherwise as ``descend``.
    """
    state = _Descent(weights, inputs, outputs, lambda_, convention)
    marks, made, examples = _as_iterations(epochs, "epochs"), 0, state.x.shape[1]
    for mark in marks:
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(mark - made):
                for example in rng.permutation(examples):
                    _present(state, int(example))
        made = mark
        state.keep()
    return state.record(marks * examples)


def _present(state: _Descent, example: int) -> None:
    x, y = state.x[:, example, None], state.y[:, example, None]
    state.move((y - end_to_end(state.layers) @ x) @ x.T)


def _as_iterations(iterations: ArrayLike, name: str = "iterations") -> NDArray[np.int64]:
    given = np.atleast_1d(np.asarray(iterations))
    whole = given.ndim == 1 and given.size and np.issubdtype(given.dtype, np.integer)
    if not whole or given[0] < 0 or np.any(np.diff(given) < 0):
        raise ValueError(f"{name}={iterations!r}: give increasing whole numbers from 0 on")
    return given.astype(np.int64)
