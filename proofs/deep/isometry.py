"""Jacobians of deep random networks, sampled over the gain: what is drawn, and in which parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log
from typing import Any

import numpy as np
from lemmata.numerics.arrays import Arrays
from lemmata.numerics.jacobians import NONLINEARITIES, JacobianSample, sample_jacobians
from lemmata.numerics.random_weights import WEIGHTS, Weights
from lemmata.numerics.sampling_bounds import draws_needed
from lemmata.numerics.spectral_samples import (
    fractions_above,
    histogram,
    log_moment,
    relative_variance,
)
from numpy.typing import NDArray

from .products import arrays_on
from .runs import Cell
from .spectra_verdicts import FALSE_ALARM

__all__ = [
    "PROFILES",
    "IsometrySettings",
    "Plan",
    "bins",
    "cell_name",
    "checked",
    "isometry_cells",
    "rate",
    "shares",
    "sizes",
]

FloatArray = NDArray[np.float64]
Plan = Mapping[tuple[str, float], Sequence[float]]
"""Logarithms, of squares over their mean, at which fractions are read; by weights and gain."""

CHOICES = [name for name in NONLINEARITIES if name != "linear"]
"""Linear networks are products: `simulate products`."""
BLOCKS = 8
"""Parts in which the draws of one width are made, and kept when a run is stopped."""
SIZES = ((9, 12), (3, 4), (1, 1))
"""Parts of the width, and how many draws of each for one at the width."""
LEAST_WIDTH = 18
TENTHS = 9
"""Fractions compared at most."""
PARTS = 5
"""Comparisons for each kind of weights and gain."""
EPS = float(np.finfo(np.float64).eps)
BINS, LOWEST, HIGHEST = 120, -30.0, 8.0
DEAD = -1e6
"""Stands for the logarithm of zero, where all of a few units rest: JSON has no infinity."""


@dataclass(frozen=True)
class IsometrySettings:
    """What is sampled: ``layers`` weight matrices of ``width`` squared, at every gain.

    ``length``: ``q_0`` of the input; None: the fixed point of the length map, which then must be
    above zero.
    """

    nonlinearity: str
    gains: tuple[float, ...]
    layers: int
    width: int
    weights: tuple[Weights, ...]
    sigma_b: float
    length: float | None
    draws: int


_BOTH: tuple[Weights, ...] = ("gaussian", "orthogonal")
PROFILES = {
    "tiny": IsometrySettings("tanh", (1.0, 1.1), 3, 18, _BOTH, 0.0, 1.0, 48),
    "quick": IsometrySettings("tanh", (0.9, 1.0, 1.1), 30, 200, _BOTH, 0.0, 1.0, 320),
    "full": IsometrySettings(
        "tanh", (0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.5), 30, 500, _BOTH, 0.0, 1.0, 384
    ),
}


def checked(asked: IsometrySettings) -> IsometrySettings:
    """Raise ``ValueError`` for settings from which nothing could be told."""
    for kind in asked.weights:
        if kind not in WEIGHTS:
            raise ValueError(f"weights: {kind!r} is none of {', '.join(WEIGHTS)}")
    if asked.nonlinearity not in CHOICES:
        raise ValueError(f"nonlinearity: {asked.nonlinearity!r} is none of {', '.join(CHOICES)}")
    if asked.width < LEAST_WIDTH:
        raise ValueError(f"width={asked.width}: give {LEAST_WIDTH} or more")
    if asked.layers < 1:
        raise ValueError(f"layers={asked.layers}: give 1 or more")
    for gain in asked.gains:
        _positive("gains", gain)
    if asked.length is not None:
        _positive("q0", asked.length)
    if not (isfinite(asked.sigma_b) and asked.sigma_b >= 0):
        raise ValueError(f"sigma-b={asked.sigma_b}: give a finite number, 0 or more")
    least = draws_needed(rate(asked) / (3 * TENTHS))
    if asked.draws < least:
        raise ValueError(
            f"draws={asked.draws}: give {least} or more: fewer tell nothing at the false-alarm "
            f"rate {FALSE_ALARM:g}"
        )
    return asked


def _positive(name: str, value: float) -> None:
    if not (isfinite(value) and value > 0):
        raise ValueError(f"{name}={value}: give a positive finite number")


def rate(asked: IsometrySettings) -> float:
    """Rate of false alarms of one comparison."""
    return FALSE_ALARM / (PARTS * len(asked.gains) * len(asked.weights))


def bins() -> FloatArray:
    """Edges in which logarithms of squared singular values over their mean are counted."""
    return np.linspace(LOWEST, HIGHEST, BINS + 1)


def sizes(asked: IsometrySettings) -> list[tuple[int, int]]:
    """Widths, increasing, and the draws at each."""
    return [(round(asked.width / part), times * asked.draws) for part, times in SIZES]


def shares(draws: int) -> list[int]:
    """Draws of each part."""
    size = ceil(draws / BLOCKS)
    return [min(size, draws - first) for first in range(0, draws, size)]


def cell_name(weights: str, width: int, block: int) -> str:
    """Name of a cell."""
    return f"{weights} N={width}, part {block}"


def isometry_cells(
    asked: IsometrySettings, lengths: Sequence[float], device: str, plan: Plan
) -> list[Cell]:
    """The parts of the experiment, largest first; ``lengths``: of the input, for every gain.

    All gains of a part share their weights.
    """
    arrays = arrays_on(device)
    return [
        _cell(asked, lengths, weights, width, block, share, arrays, plan)
        for weights in asked.weights
        for width, draws in reversed(sizes(asked))
        for block, share in enumerate(shares(draws))
    ]


def _cell(
    asked: IsometrySettings,
    lengths: Sequence[float],
    weights: Weights,
    width: int,
    block: int,
    share: int,
    arrays: Arrays,
    plan: Plan,
) -> Cell:
    name = cell_name(weights, width, block)

    def work(rng: np.random.Generator) -> dict[str, Any]:
        found = sample_jacobians(
            asked.nonlinearity,
            weights,
            width,
            asked.layers,
            asked.gains,
            share,
            rng,
            lengths=lengths,
            sigma_b=asked.sigma_b,
            arrays=arrays,
        )
        return {
            f"{gain!r}": _readings(sample, gain, asked.layers, plan.get((weights, gain), ()))
            for gain, sample in zip(asked.gains, found, strict=True)
        }

    return Cell(name, work)


def _readings(
    sample: JacobianSample, gain: float, layers: int, at: Sequence[float]
) -> dict[str, Any]:
    logs, width = sample.log_squares, sample.log_squares.shape[-1]
    mean = log_moment(logs, 1)
    alive = np.isfinite(mean)
    with np.errstate(divide="ignore"):
        grown = np.log(sample.lengths[:, -1] / sample.lengths[:, 0])
    return {
        "mean": np.maximum(mean, DEAD),
        "spread": np.log(np.maximum(relative_variance(logs), EPS)),
        "largest": np.maximum(logs[:, 0], DEAD),
        "above": fractions_above(logs, [0.0]),
        "shape": fractions_above(logs - np.maximum(mean, DEAD)[:, None], at),
        # Directions that no layer clips grow by exactly g a layer, but for rounding.
        "top": np.mean(logs >= 2 * layers * log(gain) - 4 * layers * width**2 * EPS, axis=-1),
        "grown": np.maximum(grown, DEAD),
        "zeros": np.mean(np.isinf(logs), axis=-1),
        "flat": sample.flat.sum(axis=-1) / width,
        "counts": histogram(logs[alive] - mean[alive, None], bins()),
    }
