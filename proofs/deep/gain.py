"""Test error against the size of the initial weights: theory's model, and digits beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from lemmata.numerics.deep_data import Whitening, centred, one_hot, whitening
from lemmata.numerics.deep_devices import Place, placer
from lemmata.numerics.deep_regression import descend_regression
from lemmata.numerics.deep_starts import gaussian_weights
from lemmata.numerics.deep_training import train_classifiers
from lemmata.numerics.digits import CLASSES, Digits, split
from lemmata.numerics.networks import FloatArray

from .runs import Cell

__all__ = [
    "PROFILES",
    "GainSettings",
    "digits_name",
    "examples",
    "gain_cells",
    "model_name",
    "network_name",
]

ACCURACY = 1e-5
"""Distance of the trained weights from the end, of ``sqrt(N)``: their error is known to it."""
MOST = 200_000
"""Updates of one regression."""


@dataclass(frozen=True)
class GainSettings:
    """What is trained: ``P = alpha N`` examples of ``inputs`` N, for each of ``alphas``.

    ``gains``: sizes of the initial weights, beside ``sigma_w`` of the teacher and ``sigma_eps`` of
    the noise.  On digits, shown only: regression on ``components``, and networks of ``layers``
    matrices with ``width`` tanh units, from Gaussian weights of ``network_gains``, each at the best
    of ``rates`` in training.
    """

    alphas: tuple[float, ...]
    inputs: int
    gains: tuple[float, ...]
    sigma_w: float
    sigma_eps: float
    seeds: int
    components: int
    digit_tests: int
    layers: int
    width: int
    network_gains: tuple[float, ...]
    examples: int
    updates: int
    rates: tuple[float, ...]


_GAINS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_NETWORKS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
PROFILES = {
    "tiny": GainSettings(
        (0.5, 2.0), 24, (0.0, 1.0), 1.0, 0.5, 4, 16, 100, 3, 10, (1.0, 3.0), 60, 20, (0.05,)
    ),
    "quick": GainSettings(
        (0.25, 0.5, 2.0), 200, _GAINS, 1.0, 0.5, 30, 32, 597, 4, 50, _NETWORKS, 200, 400,
        (0.1, 0.03, 0.01, 0.003),
    ),
    "full": GainSettings(
        (0.25, 0.5, 0.75, 1.5, 2.0, 4.0), 600, _GAINS, 1.0, 0.5, 100, 50, 597, 4, 100, _NETWORKS,
        400, 2000, (0.2, 0.1, 0.05, 0.025, 0.0125, 0.006, 0.003),
    ),
}  # fmt: skip


def examples(alpha: float, inputs: int) -> int:
    """``P``, the whole number nearest to ``alpha N``; at least 1."""
    return max(1, round(alpha * inputs))


def gain_cells(digits: Digits | None, asked: GainSettings, device: str) -> list[Cell]:
    """One cell for each seed of the model at each ``alpha``, and of the digits where they are."""
    place, single = placer(device), placer(device, "float32")
    numbers = range(asked.seeds)
    cells = [_model_cell(asked, alpha, i, place) for i in numbers for alpha in asked.alphas]
    if digits is None:
        return cells
    # Of all images that may be learned: inputs have the covariance of the model.
    white = whitening(digits.images, asked.components)
    for i in numbers:
        cells += [_digits_cell(digits, white, asked, alpha, i, place) for alpha in asked.alphas]
        cells.append(_network_cell(digits, asked, i, single))
    return cells


def model_name(alpha: float, number: int) -> str:
    """A cell of the model."""
    return f"model, alpha={alpha:g}, seed {number}"


def digits_name(alpha: float, number: int) -> str:
    """A cell of regression on the digits."""
    return f"digits, alpha={alpha:g}, seed {number}"


def network_name(number: int) -> str:
    """A cell of networks on the digits."""
    return f"networks on digits, seed {number}"


def _starts(asked: GainSettings, outputs: int, inputs: int, rng: np.random.Generator) -> FloatArray:
    """One draw of Gaussian weights, at every gain."""
    unit = rng.standard_normal((outputs, inputs))
    return np.array(asked.gains)[:, None, None] * unit


def _model_cell(asked: GainSettings, alpha: float, number: int, place: Place) -> Cell:
    def work(rng: np.random.Generator) -> dict[str, Any]:
        N, P = asked.inputs, examples(alpha, asked.inputs)
        X = rng.standard_normal((N, P)) / sqrt(N)
        teacher = asked.sigma_w * rng.standard_normal((1, N))
        Y = teacher @ X + asked.sigma_eps * rng.standard_normal((1, P))
        starts = _starts(asked, 1, N, rng)
        trained = descend_regression(
            X, Y, starts, accuracy=ACCURACY * sqrt(N), most=MOST, place=place
        )
        gaps = np.sqrt(np.sum((trained.weights - teacher) ** 2, axis=(1, 2)))
        # |w - w_end| <= d moves |w - teacher|^2 by at most 2 |w - teacher| d + d^2.
        doubt = (2 * gaps * trained.distance + trained.distance**2) / N
        return {"error": gaps**2 / N + asked.sigma_eps**2, "doubt": doubt}

    return Cell(model_name(alpha, number), work)


def _digits_cell(
    digits: Digits,
    white: Whitening,
    asked: GainSettings,
    alpha: float,
    number: int,
    place: Place,
) -> Cell:
    def work(rng: np.random.Generator) -> dict[str, Any]:
        N, P = asked.components, examples(alpha, asked.components)
        data = split(digits, P, asked.digit_tests, rng)
        x, x_tests = (white.of(part) / sqrt(N) for part in (data.images, data.test_images))
        mean = 1 / CLASSES
        trained = descend_regression(
            x,
            one_hot(data.labels) - mean,
            _starts(asked, CLASSES, N, rng),
            accuracy=ACCURACY * sqrt(N),
            most=MOST,
            place=place,
        )
        answers = trained.weights @ x_tests
        squares = np.sum((one_hot(data.test_labels) - mean - answers) ** 2, axis=1)
        wrong = answers.argmax(axis=1) != data.test_labels
        return {"error": squares.mean(axis=-1), "wrong": wrong.mean(axis=-1)}

    return Cell(digits_name(alpha, number), work)


def _network_cell(digits: Digits, asked: GainSettings, number: int, place: Place) -> Cell:
    def work(rng: np.random.Generator) -> dict[str, Any]:
        data = centred(split(digits, asked.examples, asked.digit_tests, rng))
        widths = [len(digits.images), *[asked.width] * (asked.layers - 1), CLASSES]
        unit = gaussian_weights(widths, rng)
        gains = np.repeat(asked.network_gains, len(asked.rates))[:, None, None]
        trained = train_classifiers(
            [gains * layer for layer in unit],
            data,
            activation="tanh",
            loss="softmax",
            rates=[*asked.rates] * len(asked.network_gains),
            momentum=0.9,
            updates=asked.updates,
            batch_size=min(100, asked.examples),
            marks=[asked.updates],
            rng=rng,
            place=place,
        )
        shape = len(asked.network_gains), len(asked.rates)
        losses = trained.train_loss[0].reshape(shape)
        return {
            "loss": [[x if np.isfinite(x) else None for x in row] for row in losses.tolist()],
            "train": trained.train_error[0].reshape(shape),
            "test": trained.test_error[0].reshape(shape),
        }

    return Cell(network_name(number), work)
