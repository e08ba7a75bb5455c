"""Classifiers trained on labelled examples: softmax or squared error, momentum, minibatches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .activations import Choice
from .arguments import check_whole
from .arrays import Array, to_host
from .deep_data import CentredData, one_hot
from .deep_devices import Place
from .examples import Presentation
from .networks import FloatArray
from .nonlinear_state import ExampleState

__all__ = ["Classified", "Loss", "train_classifiers"]

Loss = Literal["softmax", "squared"]


@dataclass(frozen=True)
class Classified:
    """Shares of wrong answers, and losses on what is learned, after ``marks`` updates.

    ``(marks, networks)``.  Where a network has overflowed its errors are 1, nothing right, and its
    loss is infinite.
    """

    marks: NDArray[np.int64]
    train_error: FloatArray
    test_error: FloatArray
    train_loss: FloatArray


class _SoftmaxState(ExampleState):
    """The same networks with the loss ``mean_mu -log softmax(f(x_mu))_label``."""

    def field(self, flat: Array, out: Array) -> Array:
        """Write minus the gradient of the loss on the chosen examples into ``out``."""
        arrays, layers, velocities = self.arrays, self.views(flat), self._outs(out)
        signals, slopes = self._forward(layers, arrays.spread(self.seen_x, self.batch))
        back = self.seen_share * (self.seen_y - self._shares(signals.pop()))
        for i in range(len(layers) - 1, -1, -1):
            velocities[i] = arrays.matmul(back, signals[i].mT, out=velocities[i])
            if i:
                back = (layers[i].mT @ back) * slopes[i - 1]
        return self._joined(velocities, out)

    def _shares(self, answers: Array) -> Array:
        xp = self.arrays.xp
        raised = xp.exp(answers - xp.max(answers, axis=-2, keepdims=True))
        return raised / xp.sum(raised, axis=-2, keepdims=True)


def train_classifiers(
    weights: Sequence[ArrayLike],
    data: CentredData,
    *,
    activation: Choice,
    loss: Loss,
    rates: Sequence[float],
    momentum: float,
    updates: int,
    batch_size: int,
    marks: Sequence[int],
    rng: np.random.Generator,
    place: Place,
) -> Classified:
    """Train networks ``f(x) = W_D phi(... phi(W_1 x))`` side by side, by stochastic descent.

    ``weights``: one array ``(networks, n_{l+1}, n_l)`` per layer; ``rates``: one for each network.
    ``v <- momentum v - rate grad``, ``W <- W + v``, with the gradient of the mean loss over
    ``batch_size`` examples, in epochs shuffled by ``rng`` and shared by all networks: cross-entropy
    of the softmax of the answers, or half of the squared distance to columns of the identity.
    Raises ``ValueError`` for bad arguments.
    """
    check_whole("updates", updates)
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum={momentum!r}: give a number from 0 to below 1")
    layers = [place(layer) for layer in weights]
    make = _SoftmaxState if loss == "softmax" else ExampleState
    state = make(layers, place(data.inputs), place(one_hot(data.labels)), activation)
    if len(rates) != state.batch:
        raise ValueError(f"rates={list(rates)}: give one for each of {state.batch} networks")
    speeds = [np.broadcast_to(np.reshape(rates, (-1, 1, 1)), shape) for shape in state.shapes]
    speed = place(np.concatenate([part.reshape(-1) for part in speeds]))
    batches = Presentation(state.examples, batch_size, rng).orders(0, 1)
    tests, counted = place(data.test_inputs), sorted(set(marks))
    flat, out = state.state, state.arrays.empty((state.size,))
    velocity, rows = 0 * flat, []
    with np.errstate(over="ignore", invalid="ignore"):  # networks may overflow; they are told
        for count in range(updates + 1):
            if count in counted:
                rows.append(_told(state, flat, tests, data, loss))
            if count < updates:
                state.choose(next(batches))
                # In place: a state keeps the views of every vector that it has seen.
                velocity *= momentum
                velocity += speed * state.field(flat, out)
                flat += velocity
    train_error, test_error, train_loss = np.stack(rows, axis=1)
    return Classified(np.array(counted), train_error, test_error, train_loss)


def _told(
    state: ExampleState, flat: Array, tests: Array, data: CentredData, loss: Loss
) -> FloatArray:
    """Errors of training and test, and the loss, ``(3, networks)``."""
    layers = state.views(flat)
    learned, tested = (to_host(_answers(state, layers, inputs)) for inputs in (state.x, tests))
    losses = _losses(learned, data.labels, loss)
    wrong = [
        np.mean(answers.argmax(axis=1) != labels, axis=-1)
        for answers, labels in ((learned, data.labels), (tested, data.test_labels))
    ]
    finite = np.isfinite(losses)
    return np.stack([*(np.where(finite, part, 1.0) for part in wrong), _or_inf(losses, finite)])


def _or_inf(losses: FloatArray, finite: NDArray[np.bool_]) -> FloatArray:
    return np.where(finite, losses, np.inf)


def _answers(state: ExampleState, layers: Sequence[Array], inputs: Array) -> Array:
    signal = inputs
    for layer, phi in zip(layers[:-1], state.activations, strict=True):
        signal = phi.value(state.arrays, layer @ signal)
    return layers[-1] @ signal


def _losses(answers: FloatArray, labels: NDArray[np.int64], loss: Loss) -> FloatArray:
    if loss == "squared":
        gaps = one_hot(labels) - answers
        return np.asarray(np.sum(gaps**2, axis=(1, 2)) / (2 * len(labels)))
    most = answers.max(axis=1, keepdims=True)
    total = most[:, 0] + np.log(np.sum(np.exp(answers - most), axis=1))
    right = np.take_along_axis(answers, labels[None, None, :], axis=1)[:, 0]
    return np.asarray(np.mean(total - right, axis=-1))
