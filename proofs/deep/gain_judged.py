"""What `simulate gain` found, against theory; and what is shown of the digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from lemmata.numerics.networks import FloatArray
from scipy.stats import t as student

from ..verdicts import Status, weakest
from .gain import GainSettings, digits_name, examples, model_name, network_name
from .gain_theory import test_error

__all__ = ["FALSE_ALARM", "GainResult", "Point", "Shown", "finite_size", "gain_result"]

FALSE_ALARM = 1e-3
"""Rate at which any point is said to contradict a theory that holds, for seeds that are normal."""
VAGUE = 0.2
"""A budget of more than this share of theory's error decides nothing."""


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
    if network_name(0) in found:
        shown = [_shown_regression(found, asked, alpha) for alpha in asked.alphas]
        shown.append(_shown_networks(found, asked))
    return GainResult(points, shown, weakest(point.status for point in points))


def _points(found: Mapping[str, Any], asked: GainSettings, alpha: float) -> list[Point]:
    rows = [found[model_name(alpha, number)] for number in range(asked.seeds)]
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
    rows = [found[digits_name(alpha, number)] for number in range(asked.seeds)]
    parts = [np.array([row[name] for row in rows]) for name in ("error", "wrong")]
    return _shown(f"regression, alpha={alpha:g}", asked.gains, *parts)


def _shown_networks(found: Mapping[str, Any], asked: GainSettings) -> Shown:
    rows = [found[network_name(number)] for number in range(asked.seeds)]
    losses = np.array([row["loss"] for row in rows], dtype=np.float64)
    means = np.where(np.isfinite(losses), losses, np.inf).mean(axis=0)
    best = means.argmin(axis=1)
    places = np.arange(len(asked.network_gains))
    parts = [np.array([row[name] for row in rows])[:, places, best] for name in ("train", "test")]
    return _shown("tanh networks", asked.network_gains, *parts)


def _shown(name: str, gains: Any, errors: FloatArray, wrong: FloatArray) -> Shown:
    parts = [part.tolist() for part in (*_mean(errors), *_mean(wrong))]
    return Shown(name, [float(gain) for gain in gains], *parts)
