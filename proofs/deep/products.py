"""Products of random matrices, sampled: singular values and norms beside the claims.

A gain ``g`` only multiplies squared singular values by ``g^(2 D)``: everything is compared in units
of that, and only the fraction of amplified directions depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log
from typing import Any

import numpy as np
from lemmata.numerics.arrays import Arrays, arrays_of
from lemmata.numerics.deep_devices import placer
from lemmata.numerics.length_spreads import length_spreads
from lemmata.numerics.random_products import (
    log_growths,
    orthogonal_products,
    product_spectra,
    resolved_above,
)
from lemmata.numerics.random_weights import WEIGHTS, Weights
from lemmata.numerics.sampling_bounds import draws_needed
from lemmata.numerics.spectral_samples import (
    fractions_above,
    histogram,
    log_moment,
    relative_variance,
)
from numpy.typing import NDArray

from .claimed import NotAvailableError
from .products_theory import norm_law, spectrum
from .runs import Cell
from .spectra_verdicts import FALSE_ALARM

__all__ = [
    "POINTS",
    "PROFILES",
    "ProductSettings",
    "arrays_on",
    "bins",
    "checked",
    "norm_name",
    "norm_plan",
    "product_cells",
    "rate",
    "shares",
    "sizes",
    "spectrum_name",
    "thresholds",
]

FloatArray = NDArray[np.float64]

BLOCKS = 8
"""Parts in which the draws of one width are made, and kept when a run is stopped."""
QUANTILES, POINTS = 9, 199
"""Fractions compared, and points of theory's curve from which they are taken."""
BINS = 60
NORM_WIDTH = 32
"""Norms are exact at every width: a narrow one is measured best."""
LEAST_WIDTH = 18
PARTS = 6
"""Comparisons for each kind of weights and depth, at most: what the false alarms are shared by."""
SIZES = ((9, 32), (3, 8), (1, 1))
"""Parts of the width, and how many draws of each for one at the width: about the time of one."""


@dataclass(frozen=True)
class ProductSettings:
    """What is sampled; ``numbers``: random numbers that the norms at one depth may take."""

    width: int
    depths: tuple[int, ...]
    gain: float
    draws: int
    weights: tuple[Weights, ...]
    numbers: int
    graded: bool = False


PROFILES = {
    "tiny": ProductSettings(18, (1, 2), 1.0, 48, ("gaussian", "orthogonal"), 10**6),
    "quick": ProductSettings(300, (1, 2, 5, 10), 1.0, 256, ("gaussian", "orthogonal"), 2 * 10**8),
    "full": ProductSettings(
        1000, (1, 2, 5, 10, 100), 1.0, 256, ("gaussian", "uniform", "orthogonal"), 10**9
    ),
}


def checked(asked: ProductSettings) -> ProductSettings:
    """Raise ``ValueError`` for settings from which nothing could be told."""
    for kind in asked.weights:
        if kind not in WEIGHTS:
            raise ValueError(f"weights: {kind!r} is none of {', '.join(WEIGHTS)}")
    if asked.width < LEAST_WIDTH:
        raise ValueError(f"width={asked.width}: give {LEAST_WIDTH} or more")
    if not (isfinite(asked.gain) and asked.gain > 0):
        raise ValueError(f"gain={asked.gain}: give a positive finite number")
    least = draws_needed(rate(asked) / (3 * QUANTILES))
    if asked.draws < least:
        raise ValueError(
            f"draws={asked.draws}: give {least} or more: fewer tell nothing at the false-alarm "
            f"rate {FALSE_ALARM:g}"
        )
    return asked


def rate(asked: ProductSettings) -> float:
    """Rate of false alarms of one comparison."""
    return FALSE_ALARM / (PARTS * len(asked.depths) * len(asked.weights))


def arrays_on(device: str) -> Arrays:
    """Arithmetic on the device "cpu" or "cuda"."""
    return arrays_of([placer(device)([0.0])])


def bins(depth: int) -> FloatArray:
    """Edges in which logarithms of squared singular values are counted."""
    return np.linspace(-4.0 * (depth + 1), log(4 * (depth + 1)), BINS + 1)


def sizes(asked: ProductSettings) -> list[tuple[int, int]]:
    """Widths, increasing, and the draws at each."""
    return [(round(asked.width / part), times * asked.draws) for part, times in SIZES]


def thresholds(asked: ProductSettings, depth: int) -> tuple[FloatArray, FloatArray]:
    """Logarithms at which fractions are compared, and theory's fractions: near tenths.

    Those that rounding could have moved are left out, unless all values are found accurately.
    """
    try:
        curve = spectrum(depth, POINTS)
    except NotAvailableError:
        return np.zeros(0), np.zeros(0)
    tenths = np.arange(QUANTILES, 0, -1) / (QUANTILES + 1)
    near = np.argmin(np.abs(curve.tail[:, None] - tenths), axis=0)
    lost = resolved_above(asked.width, depth) ** 2 * curve.squares[-1]
    kept = near if asked.graded else near[curve.squares[near] > 100 * lost]
    return np.log(curve.squares[kept]), curve.tail[kept]


# Cells.


def product_cells(asked: ProductSettings, device: str) -> list[Cell]:
    """The parts of the experiment; the largest come first."""
    arrays = arrays_on(device)
    cells: list[Cell] = []
    for weights in asked.weights:
        if weights == "orthogonal":
            cells.append(_orthogonal_cell(asked, arrays))
            continue
        for width, draws in reversed(sizes(asked)):
            cells += _spectrum_cells(asked, weights, width, draws, arrays)
        for depth in asked.depths:
            cells += _norm_cells(asked, weights, depth, arrays)
    return cells


def shares(draws: int) -> list[int]:
    """Draws of each part."""
    size = ceil(draws / BLOCKS)
    return [min(size, draws - first) for first in range(0, draws, size)]


def _spectrum_cells(
    asked: ProductSettings, weights: Weights, width: int, draws: int, arrays: Arrays
) -> list[Cell]:
    at = {D: [*thresholds(asked, D)[0], -2 * D * log(asked.gain)] for D in asked.depths}

    def cell(block: int, share: int) -> Cell:
        def work(rng: np.random.Generator) -> dict[str, Any]:
            found = product_spectra(
                weights, width, asked.depths, share, rng, graded=asked.graded, arrays=arrays
            )
            return {str(D): _readings(logs, at[D], bins(D)) for D, logs in found.items()}

        return Cell(spectrum_name(weights, width, block), work)

    return [cell(block, share) for block, share in enumerate(shares(draws))]


def spectrum_name(weights: str, width: int, block: int) -> str:
    """Name of a cell."""
    return f"{weights} N={width}, part {block}"


def _readings(logs: FloatArray, at: Sequence[float], edges: FloatArray) -> dict[str, Any]:
    return {
        "mean": log_moment(logs, 1),
        "spread": np.log(relative_variance(logs)),
        "largest": logs[:, 0],
        "above": fractions_above(logs, at),
        "counts": histogram(logs, edges),
    }


def _orthogonal_cell(asked: ProductSettings, arrays: Arrays) -> Cell:
    def work(rng: np.random.Generator) -> dict[str, Any]:
        found = orthogonal_products(asked.width, asked.depths, BLOCKS, rng, arrays=arrays)
        return {
            str(D): {
                "smallest": sample.sizes.min(),
                "largest": sample.sizes.max(),
                "rounding": sample.bound,
                "counts": histogram(2 * np.log(sample.sizes), bins(D)),
            }
            for D, sample in found.items()
        }

    return Cell("orthogonal", work)


def _norm_cells(asked: ProductSettings, weights: Weights, depth: int, arrays: Arrays) -> list[Cell]:
    width, draws = norm_plan(asked, depth)

    def cell(block: int, share: int) -> Cell:
        def work(rng: np.random.Generator) -> dict[str, Any]:
            return {"logs": log_growths(weights, width, depth, share, rng, arrays=arrays)}

        return Cell(norm_name(weights, depth, block), work)

    return [cell(block, share) for block, share in enumerate(shares(draws))]


def norm_name(weights: str, depth: int, block: int) -> str:
    """Name of a cell."""
    return f"norm, {weights} D={depth}, part {block}"


def norm_plan(asked: ProductSettings, depth: int) -> tuple[int, int]:
    """Width, and as many draws as measure mean, variance and log mean, or as can be paid for."""
    width = min(NORM_WIDTH, asked.width)
    most = max(1, asked.numbers // (depth * width**2))
    try:
        law = norm_law(width, depth)
    except NotAvailableError:
        return width, min(most, 1000)
    spreads, spent = length_spreads(width, depth), 18 * log(2 / rate(asked))
    wanted = [spreads.log / law.log_mean**2, spreads.square / law.variance**2]
    payable = [ceil(spent * ratio) for ratio in wanted if spent * ratio <= most]
    return width, max(payable, default=most)
