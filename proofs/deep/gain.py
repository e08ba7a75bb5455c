"""Test error against the size of the initial weights: theory's model, and digits beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from lemmata.numerics.deep_data import centred, one_hot, whitened_inputs
from lemmata.numerics.deep_devices import Place, placer
from lemmata.numerics.deep_regression import descend_regression
from lemmata.numerics.deep_starts import gaussian_weights
from lemmata.numerics.deep_training import train_classifiers
from lemmata.numerics.digits import CLASSES, Digits, split
from lemmata.numerics.networks import FloatArray
from scipy.stats import t as student

from ..verdicts import Status, weakest
from .gain_theory import test_error
from .runs import Cell

__all__ = [
    "FALSE_ALARM",
    "PROFILES",
    "GainResult",
    "GainSettings",
    "Point",
    "Shown",
    "examples",
    "gain_cells",
    "gain_result",
]

FALSE_ALARM = 1e-3
"""Rate at which any point is said to contradict a theory that holds, for seeds that are normal."""
ACCURACY = 1e-5
"""Distance of the trained weights from the end, of ``sqrt(N)``: their error is known to it."""
MOST = 200_000
"""Updates of one regression."""
VAGUE = 0.2
"""A budget of more than this share of theory's error decides nothing."""


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
    cells = []
    for number in range(asked.seeds):
        cells += [_model_cell(asked, alpha, number, place) for alpha in asked.alphas]
        if digits is not None:
            cells += [_digits_cell(digits, asked, alpha, number, place) for alpha in asked.alphas]
            cells.append(_network_cell(digits, asked, number, single))
    return cells


def _model_name(alpha: float, number: int) -> str:
    return f"model, alpha={alpha:g}, seed {number}"


def _digits_name(alpha: float, number: int) -> str:
    return f"digits, alpha={alpha:g}, seed {number}"


def _network_name(number: int) -> str:
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

    return Cell(_model_name(alpha, number), work)


def _digits_cell(
    digits: Digits, asked: GainSettings, alpha: float, number: int, place: Place
) -> Cell:
    def work(rng: np.random.Generator) -> dict[str, Any]:
        N, P = asked.components, examples(alpha, asked.components)
        # Whitened on all images that may be learned: inputs have the covariance of the model.
        data = split(digits, P, asked.digit_tests, rng)
        x, x_tests = whitened_inputs(digits.images, N, data.images, data.test_images)
        x, x_tests = x / sqrt(N), x_tests / sqrt(N)
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

    return Cell(_digits_name(alpha, number), work)


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

    return Cell(_network_name(number), work)


@dataclass(frozen=True)
class Point:
    """One ``alpha`` and one gain of the model: means over the seeds, and theory's error.

    ``cost``: what the gain adds to the error of the same seed at the first gain; ``terms`` of the
    budget: "seeds" (Student's quantile of the mean), "size" (finite ``N``), "training".
    """

    alpha: float
    examples: int
    gain: float
    error: float
    standard_error: float
    cost: float
    cost_error: float
    theory: float
    terms: dict[str, float]
    status: Status


@dataclass(frozen=True)
class Shown:
    """Means and standard errors on the digits, against ``gains``; not judged."""

    name: str
    gains: list[float]
    error: list[float]
    error_error: list[float]
    wrong: list[float]
    wrong_error: list[float]


@dataclass(frozen=True)
class GainResult:
    """The ``points`` of the model, what is ``shown`` on digits, and the weakest status."""

    points: list[Point]
    shown: list[Shown]
    status: Status


def gain_result(found: Mapping[str, Any], asked: GainSettings) -> GainResult:
    """Means, standard errors, and what is judged, of what the cells found."""
    points = [point for alpha in asked.alphas for point in _points(found, asked, alpha)]
    shown = []
    if _network_name(0) in found:
        shown = [_shown_regression(found, asked, alpha) for alpha in asked.alphas]
        shown.append(_shown_networks(found, asked))
    return GainResult(points, shown, weakest(point.status for point in points))


def _points(found: Mapping[str, Any], asked: GainSettings, alpha: float) -> list[Point]:
    rows = [found[_model_name(alpha, number)] for number in range(asked.seeds)]
    errors, doubts = (np.array([row[name] for row in rows]) for name in ("error", "doubt"))
    P = examples(alpha, asked.inputs)
    size = finite_size(P, asked.inputs, asked.sigma_eps)
    looks = len(asked.alphas) * len(asked.gains)
    quantile = float(student.isf(FALSE_ALARM / (2 * looks), asked.seeds - 1))
    means, spreads = _mean(errors)
    costs, cost_spreads = _mean(errors - errors[:, :1])
    points = []
    for i, gain in enumerate(asked.gains):
        theory = test_error(P, asked.inputs, asked.sigma_w, gain, asked.sigma_eps)
        terms = {
            "seeds": quantile * float(spreads[i]),
            "size": size,
            "training": float(doubts[:, i].max()),
        }
        points.append(
            Point(
                alpha=alpha,
                examples=P,
                gain=gain,
                error=float(means[i]),
                standard_error=float(spreads[i]),
                cost=float(costs[i]),
                cost_error=float(cost_spreads[i]),
                theory=theory,
                terms=terms,
                status=_judged(float(means[i]) - theory, sum(terms.values()), theory),
            )
        )
    return points


def _judged(difference: float, budget: float, theory: float) -> Status:
    if abs(difference) > budget:
        return Status.REFUTED
    return Status.SAMPLED if budget <= VAGUE * theory else Status.VACUOUS


def finite_size(P: int, N: int, sigma_eps: float) -> float:
    """How far the mean error at ``N`` inputs is from its limit.

    The noise leaves ``sigma_eps^2 E tr (X X^T)^+ / N``, and the inverse of a Wishart matrix of
    ``n`` degrees of freedom and ``p`` rows, here the more and the fewer of ``P`` and ``N``, has the
    mean ``1 / (n - p - 1)``, for ``1 / (n - p)`` in the limit.  All else in the mean is exact.
    """
    more, fewer = max(P, N), min(P, N)
    if more - fewer < 2:
        return float("inf")
    return sigma_eps**2 * fewer * (1 / (more - fewer - 1) - 1 / (more - fewer))


def _mean(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means over the seeds, the first axis, and their standard errors."""
    return values.mean(axis=0), values.std(axis=0, ddof=1) / sqrt(len(values))


def _shown_regression(found: Mapping[str, Any], asked: GainSettings, alpha: float) -> Shown:
    rows = [found[_digits_name(alpha, number)] for number in range(asked.seeds)]
    parts = [np.array([row[name] for row in rows]) for name in ("error", "wrong")]
    return _shown(f"regression, alpha={alpha:g}", asked.gains, *parts)


def _shown_networks(found: Mapping[str, Any], asked: GainSettings) -> Shown:
    rows = [found[_network_name(number)] for number in range(asked.seeds)]
    losses = np.array([row["loss"] for row in rows], dtype=np.float64)
    means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=0)
    best = means.argmin(axis=1)
    places = np.arange(len(asked.network_gains))
    parts = [np.array([row[name] for row in rows])[:, places, best] for name in ("train", "test")]
    return _shown("tanh networks", asked.network_gains, *parts)


def _shown(name: str, gains: Any, errors: FloatArray, wrong: FloatArray) -> Shown:
    parts = [part.tolist() for part in (*_mean(errors), *_mean(wrong))]
    return Shown(name, [float(gain) for gain in gains], *parts)
