"""What sampled Jacobians say of the claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log
from typing import Any

import numpy as np
from lemmata.numerics.free_products import LogSpectrum
from numpy.typing import NDArray

from ..verdicts import Status
from .claimed import NotAvailableError
from .isometry import IsometrySettings, Plan, cell_name, rate, shares, sizes
from .isometry_spectra import Tail, jacobian_spectrum, tail_points
from .isometry_theory import (
    DEPTH,
    GAUSSIAN_SPECTRUM,
    LENGTH_MAP,
    SPECTRUM,
    VARIANCE,
    Predicted,
    atom,
    predicted,
    top,
)
from .spectra_verdicts import (
    FEWEST,
    Compared,
    compared_sizes,
    compared_tail,
    gathered,
    not_known,
    weakest_of,
)

__all__ = ["IsometryResult", "IsometryTheory", "isometry_result", "isometry_theory"]

FloatArray = NDArray[np.float64]
NAMES = ("mean", "spread", "largest", "above", "shape", "top", "grown", "zeros", "flat")
SHALLOW = 40
"""Widths that a depth must fit into for the largest square to be near its limit."""
MOST_LAYERS = 200
"""Deeper spectra are not worked out: their time grows with the depth."""


@dataclass(frozen=True)
class IsometryTheory:
    """What the claims say: by gain, the layers; by weights and gain, the spectrum and its tail.

    ``missing``: why there is nothing.
    """

    networks: dict[float, Predicted] = field(default_factory=dict)
    spectra: dict[tuple[str, float], LogSpectrum] = field(default_factory=dict)
    tails: dict[tuple[str, float], Tail] = field(default_factory=dict)
    missing: str = ""

    @property
    def plan(self) -> Plan:
        """Where fractions are read: what all values of a draw share is left out."""
        return {
            (weights, gain): (tail.logs - self.networks[gain].log_mean).tolist()
            for (weights, gain), tail in self.tails.items()
        }


@dataclass(frozen=True)
class IsometryResult:
    """What is compared, and what is drawn.

    ``counts[weights, gain]``: histogram in ``bins`` of the logarithms of the squared singular
    values over their mean in each draw, at the width; ``medians[weights, gain]``: of what is read
    off the draws.
    """

    settings: IsometrySettings
    theory: IsometryTheory
    rows: list[Compared]
    counts: dict[tuple[str, float], FloatArray]
    medians: dict[tuple[str, float], dict[str, float]]
    status: Status


def isometry_theory(asked: IsometrySettings, lengths: Sequence[float]) -> IsometryTheory:
    """All that the claims say of the networks asked for; not for use in threads."""
    try:
        networks = {
            gain: predicted(asked.nonlinearity, gain, asked.sigma_b, length, asked.layers)
            for gain, length in zip(asked.gains, lengths, strict=True)
        }
    except NotAvailableError as error:
        return IsometryTheory(missing=str(error))
    spectra: dict[tuple[str, float], LogSpectrum] = {}
    tails: dict[tuple[str, float], Tail] = {}
    for gain, network in networks.items():
        for weights in asked.weights if asked.layers <= MOST_LAYERS else ():
            free = weights != "orthogonal"
            found = jacobian_spectrum(asked.nonlinearity, network, gain, free)
            if found is not None:
                spectra[weights, gain] = found
                tails[weights, gain] = tail_points(found, asked.width, asked.layers)
    return IsometryTheory(networks, spectra, tails)


def isometry_result(
    found: Mapping[str, Any], asked: IsometrySettings, theory: IsometryTheory
) -> IsometryResult:
    """All comparisons, and the histograms at the width."""
    rows: list[Compared] = []
    counts: dict[tuple[str, float], FloatArray] = {}
    medians: dict[tuple[str, float], dict[str, float]] = {}
    for gain in asked.gains:
        for weights in asked.weights:
            collected = _collected(found, asked, weights, gain)
            widest = collected[asked.width]
            counts[weights, gain] = widest["counts"]
            medians[weights, gain] = {
                "log_mean": float(np.median(widest["mean"])),
                "log_largest": float(np.median(widest["largest"])),
                "above": float(np.median(widest["above"][:, -1])),
                "zeros": float(np.median(widest["zeros"])),
                "flat": float(np.median(widest["flat"])),
            }
            rows += _judged(collected, asked, weights, gain, theory)
    return IsometryResult(asked, theory, rows, counts, medians, weakest_of(rows))


def _collected(
    found: Mapping[str, Any], asked: IsometrySettings, weights: str, gain: float
) -> dict[int, dict[str, FloatArray]]:
    """The readings of all parts of a width, one after the other, by width."""
    parts = {
        width: [
            found[cell_name(weights, width, block)][repr(gain)]
            for block in range(len(shares(draws)))
        ]
        for width, draws in sizes(asked)
    }
    return gathered(parts, NAMES)


def _judged(
    collected: Mapping[int, Mapping[str, FloatArray]],
    asked: IsometrySettings,
    weights: str,
    gain: float,
    theory: IsometryTheory,
) -> list[Compared]:
    """Factors per layer of length and mean square (geometric means), and the relative variance."""
    rows, of, network = [], f"{weights}, g = {gain:g}", theory.networks.get(gain)
    for what, name, claim, layers in (
        ("length, per layer", "grown", LENGTH_MAP, asked.layers),
        ("mean square, per layer", "mean", DEPTH, asked.layers),
        ("relative variance", "spread", VARIANCE, 1),
    ):
        draws = {width: readings[name] / layers for width, readings in collected.items()}
        if network is None:
            measured = exp(float(np.median(draws[asked.width])))
            rows.append(not_known(what, of, claim, measured, theory.missing, missing=True))
            continue
        logs = {
            "grown": network.log_growth,
            "mean": network.log_mean,
            "spread": log(network.relative_variance(weights)),
        }
        told = exp(logs[name] / layers)
        rows.append(compared_sizes(what, of, claim, told, draws, rate(asked), 1.0))
    if (weights, gain) in theory.tails:
        rows += _judged_distribution(collected, asked, of, theory, (weights, gain))
    if network is not None and network.share is not None:
        rows += _judged_top(collected, asked, weights, of, network)
    return rows


def _judged_distribution(
    collected: Mapping[int, Mapping[str, FloatArray]],
    asked: IsometrySettings,
    of: str,
    theory: IsometryTheory,
    key: tuple[str, float],
) -> list[Compared]:
    rows, spectrum, tail = [], theory.spectra[key], theory.tails[key]
    fraction, doubt = (
        float(np.interp(0.0, spectrum.logs, known, right=0.0))
        for known in (spectrum.tail, spectrum.error)
    )
    if min(fraction, 1 - fraction) * asked.width >= FEWEST:
        draws = {width: readings["above"] for width, readings in collected.items()}
        rows.append(compared_tail(of, VARIANCE, [0.0], [fraction], draws, rate(asked), [doubt]))
        rows[-1] = replace(rows[-1], what="fraction above 1")
    if len(tail.logs):
        draws = {width: readings["shape"] for width, readings in collected.items()}
        _, told, doubts = (part.tolist() for part in tail)
        at = theory.plan[key]
        found = compared_tail(of, VARIANCE, at, told, draws, rate(asked), doubts)
        rows.append(replace(found, what="distribution over mean"))
    return rows


def _judged_top(
    collected: Mapping[int, Mapping[str, FloatArray]],
    asked: IsometrySettings,
    weights: str,
    of: str,
    network: Predicted,
) -> list[Compared]:
    """Where slopes are 0 or 1 in equal shares: the atom at the top, or the edge below it."""
    share, layers = network.share or 0.0, asked.layers
    untouched = atom(share, layers) if weights == "orthogonal" else 0.0
    if untouched > 0:
        draws = {width: readings["top"][:, None] for width, readings in collected.items()}
        found = compared_tail(of, SPECTRUM, [0.0], [untouched], draws, rate(asked))
        return [replace(found, what="atom at the top")]
    if SHALLOW * layers > asked.width:
        return []
    told = exp(network.log_mean) * top(weights, share, layers)
    draws = {width: readings["largest"] for width, readings in collected.items()}
    claim = SPECTRUM if weights == "orthogonal" else GAUSSIAN_SPECTRUM
    return [compared_sizes("largest square", of, claim, told, draws, rate(asked), 2 / 3)]
