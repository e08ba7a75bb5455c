"""What sampled Jacobians say of the claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..verdicts import Status
from .claimed import NotAvailableError
from .isometry import IsometrySettings, cell_name, rate, shares, sizes
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
from .spectra_verdicts import Compared, compared_sizes, compared_tail, not_known, weakest_of

__all__ = ["IsometryResult", "isometry_result"]

FloatArray = NDArray[np.float64]
NAMES = ("mean", "spread", "largest", "above", "top", "grown", "zeros", "flat")
SHALLOW = 40
"""Widths that a depth must fit into for the largest square to be near its limit."""


@dataclass(frozen=True)
class IsometryResult:
    """What is compared, and what is drawn.

    ``counts[weights, gain]``: histogram in ``bins`` of the logarithms of the squared singular
    values over their mean in each draw, at the width; ``medians[weights, gain]``: of what is not
    compared; ``networks[gain]``: what the claims say of each layer.
    """

    settings: IsometrySettings
    starts: dict[float, float]
    rows: list[Compared]
    counts: dict[tuple[str, float], FloatArray]
    medians: dict[tuple[str, float], dict[str, float]]
    networks: dict[float, Predicted]
    status: Status


def isometry_result(
    found: Mapping[str, Any], asked: IsometrySettings, lengths: Sequence[float]
) -> IsometryResult:
    """All comparisons, and the histograms at the width."""
    starts = dict(zip(asked.gains, lengths, strict=True))
    networks, missing = _networks(asked, starts)
    rows: list[Compared] = []
    counts, medians = {}, {}
    for gain in asked.gains:
        for weights in asked.weights:
            collected = _collected(found, asked, weights, gain)
            widest = collected[asked.width]
            counts[weights, gain] = widest["counts"]
            medians[weights, gain] = {
                "log_mean": float(np.median(widest["mean"])),
                "log_largest": float(np.median(widest["largest"])),
                **{name: float(np.median(widest[name])) for name in ("above", "zeros", "flat")},
            }
            of = f"{weights}, g = {gain:g}"
            rows += _judged(collected, asked, weights, of, networks.get(gain), missing)
    return IsometryResult(asked, starts, rows, counts, medians, networks, weakest_of(rows))


def _networks(
    asked: IsometrySettings, starts: Mapping[float, float]
) -> tuple[dict[float, Predicted], str]:
    try:
        return {
            gain: predicted(asked.nonlinearity, gain, asked.sigma_b, starts[gain], asked.layers)
            for gain in asked.gains
        }, ""
    except NotAvailableError as error:
        return {}, str(error)


def _collected(
    found: Mapping[str, Any], asked: IsometrySettings, weights: str, gain: float
) -> dict[int, dict[str, FloatArray]]:
    """The readings of all parts of a width, one after the other, by width."""
    collected = {}
    for width, draws in sizes(asked):
        parts = [
            found[cell_name(weights, width, block)][repr(gain)]
            for block in range(len(shares(draws)))
        ]
        readings = {
            name: np.concatenate([np.array(part[name], dtype=np.float64) for part in parts])
            for name in NAMES
        }
        readings["counts"] = np.sum([part["counts"] for part in parts], axis=0)
        collected[width] = readings
    return collected


def _judged(
    collected: Mapping[int, Mapping[str, FloatArray]],
    asked: IsometrySettings,
    weights: str,
    of: str,
    network: Predicted | None,
    missing: str,
) -> list[Compared]:
    """Factors per layer of length and mean square (geometric means), and the relative variance."""
    rows = []
    for what, name, claim, layers in (
        ("length, per layer", "grown", LENGTH_MAP, asked.layers),
        ("mean square, per layer", "mean", DEPTH, asked.layers),
        ("relative variance", "spread", VARIANCE, 1),
    ):
        draws = {width: readings[name] / layers for width, readings in collected.items()}
        if network is None:
            measured = exp(float(np.median(draws[asked.width])))
            rows.append(not_known(what, of, claim, measured, missing, missing=True))
            continue
        theory = {
            "grown": network.log_growth,
            "mean": network.log_mean,
            "spread": log(network.relative_variance(weights)),
        }[name]
        told = exp(theory / layers)
        rows.append(compared_sizes(what, of, claim, told, draws, rate(asked), 1.0))
    if network is not None and network.share is not None:
        rows += _judged_top(collected, asked, weights, of, network)
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
