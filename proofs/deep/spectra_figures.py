"""Figures of sampled spectra: histograms on a logarithmic axis, theory's density over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..figure_parts import label, plain
from ..figures.style import BLUE, GREEN, VERMILION
from ..plots import check_figure, drawn
from . import isometry
from .isometry_judged import IsometryResult
from .products import bins
from .products_judged import ProductsResult
from .spectra_verdicts import Compared

__all__ = ["COLOURS", "isometry_figure", "products_figure"]

FloatArray = NDArray[np.float64]

COLOURS = {"gaussian": BLUE, "uniform": GREEN, "orthogonal": VERMILION}
LINE = 0.35
"""Height of a panel that only shows where all values are."""
SHOWN = 0.01
"""Fraction of the squared singular values, the smallest, that is left out of a panel."""


def products_figure(result: ProductsResult, title: str, path: str) -> bytes:
    """One panel for each kind of weights and depth; the bytes of a file of that name.

    Squared singular values on a logarithmic axis, those above 1 on a grey ground.  Raises
    ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    asked = result.settings
    rows, columns = len(asked.weights), len(asked.depths)
    heights = [LINE if weights == "orthogonal" else 1.0 for weights in asked.weights]
    size = 2.9 * columns + 1.0, 2.4 * sum(heights) + 1.0
    figure: Any = Figure(figsize=size, layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    panels = figure.subplots(rows, columns, squeeze=False, sharex="col", height_ratios=heights)
    for row, weights in zip(panels, asked.weights, strict=True):
        for axes, depth in zip(row, asked.depths, strict=True):
            _draw_product(axes, result, weights, depth)
        density = "" if weights == "orthogonal" else "\ndensity of ln λ"
        label(row[0], "", f"{weights}{density}")
    for axes, depth in zip(panels[0], asked.depths, strict=True):
        axes.set_title(f"D = {depth}", fontsize="medium")
    for axes in panels[-1]:
        axes.set_xlabel("squared singular value λ")
    return drawn(figure, path)


def _draw_product(axes: Any, result: ProductsResult, weights: str, depth: int) -> None:
    asked = result.settings
    grown = 2 * depth * np.log(asked.gain)
    edges, curve = bins(depth) + grown, result.curves.get(depth)
    low, high = _window(result, depth)
    if weights == "orthogonal":
        axes.axvline(np.exp(grown), color=COLOURS[weights], linewidth=3)
        axes.set_yticks([])
        told = f"all λ = {np.exp(grown):.3g}"
        axes.text(0.03, 0.96, told, transform=axes.transAxes, va="top", fontsize="small")
    else:
        drawn_values = asked.width * asked.draws
        draw_histogram(axes, edges, result.counts[weights, depth], drawn_values, COLOURS[weights])
    if weights != "orthogonal" and curve is not None:
        axes.plot(
            np.exp(np.log(curve.squares) + grown),
            curve.squares * curve.density,
            color="black",
            linewidth=1.2,
        )
    finish_panel(axes, low + grown, high + grown)
    tell_fraction(axes, result, weights, depth)


def draw_histogram(
    axes: Any, edges: FloatArray, counts: FloatArray, total: int, colour: str
) -> None:
    """Counts in bins of logarithms as a density of the logarithm, of ``total`` values in all."""
    axes.stairs(counts / total / np.diff(edges), np.exp(edges), fill=True, color=colour, alpha=0.45)


def finish_panel(axes: Any, low: float, high: float) -> None:
    """A logarithmic axis between ``exp(low)`` and ``exp(high)``; what is amplified on grey."""
    axes.set_xscale("log")
    axes.set_xlim(np.exp(low), np.exp(high))
    if high > 0:
        axes.axvspan(1.0, np.exp(high), color="0.93", zorder=0)
    axes.set_ylim(bottom=0)


def tell_fraction(axes: Any, result: ProductsResult, weights: str, depth: int) -> None:
    """Say in the panel how many are above 1, measured and by the theory."""
    row = _row(result.rows, f"{weights}, D = {depth}", "fraction above 1")
    if row is None or row.measured is None:
        return
    told = f"above 1: {row.measured:.1%}"
    if row.theory is not None:
        told += f"\ntheory {row.theory:.1%}"
    axes.text(0.03, 0.96, told, transform=axes.transAxes, va="top", fontsize="small")


def _row(rows: Sequence[Compared], of: str, what: str) -> Compared | None:
    return next((row for row in rows if (row.of, row.what) == (of, what)), None)


def _window(result: ProductsResult, depth: int) -> tuple[float, float]:
    """Logarithms between which almost all values lie, without the gain."""
    edges = bins(depth)
    counts: FloatArray = sum(
        np.asarray(c, dtype=np.float64)
        for (weights, D), c in result.counts.items()
        if D == depth and weights != "orthogonal"
    ) + np.zeros(len(edges) - 1)
    if not np.sum(counts):
        return -2.0, 2.0
    low = int(np.searchsorted(np.cumsum(counts), SHOWN * np.sum(counts)))
    return float(edges[low]), float(edges[-1])


# Jacobians.


def isometry_figure(result: IsometryResult, title: str, path: str) -> bytes:
    """One row for each kind of weights, one column for each gain; the bytes of a file.

    Squared singular values on a logarithmic axis, those above 1 on a grey ground, and the mean as
    the theory has it.  Raises ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    asked = result.settings
    rows, columns = len(asked.weights), len(asked.gains)
    size = 2.9 * columns + 1.0, 2.3 * rows + 1.0
    figure: Any = Figure(figsize=size, layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey="row")
    for row, weights in zip(panels, asked.weights, strict=True):
        for axes, gain in zip(row, asked.gains, strict=True):
            _draw_jacobian(axes, result, weights, gain)
        label(row[0], "", f"{weights}\ndensity of ln λ")
    for axes, gain in zip(panels[0], asked.gains, strict=True):
        axes.set_title(f"g = {gain:g}", fontsize="medium")
    for axes in panels[-1]:
        axes.set_xlabel("squared singular value λ")
    low, high = _reach(result)
    for row in panels:
        for axes in row:
            finish_panel(axes, low, high)
        row[0].set_ylim(top=1.35 * max(float(axes.dataLim.ymax) for axes in row))
    return drawn(figure, path)


def _draw_jacobian(axes: Any, result: IsometryResult, weights: str, gain: float) -> None:
    asked, network = result.settings, result.theory.networks.get(gain)
    edges = isometry.bins() + result.medians[weights, gain]["log_mean"]
    counts = result.counts[weights, gain]
    draw_histogram(axes, edges, counts, asked.width * asked.draws, COLOURS[weights])
    spectrum = result.theory.spectra.get((weights, gain))
    if spectrum is not None:
        axes.plot(np.exp(spectrum.logs), spectrum.density, color="black", linewidth=1.2)
    told = []
    if network is not None:
        axes.axvline(np.exp(network.log_mean), color="black", linewidth=1.2, linestyle="--")
        told.append(f"mean {np.exp(network.log_mean):.3g} (dashed)")
    row = _row(result.rows, f"{weights}, g = {gain:g}", "relative variance")
    if row is not None and row.measured is not None:
        theory = "" if row.theory is None else f", theory {row.theory:.3g}"
        told.append(f"relative variance {row.measured:.3g}{theory}")
    axes.text(
        0.03, 0.96, "\n".join(told), transform=axes.transAxes, va="top", fontsize="small", zorder=4
    )


def _reach(result: IsometryResult) -> tuple[float, float]:
    """Logarithms between which all panels show almost all that was counted."""
    lows, highs = [], [0.0]
    for (weights, gain), counts in result.counts.items():
        edges = isometry.bins() + result.medians[weights, gain]["log_mean"]
        share = np.cumsum(counts) / max(1.0, float(np.sum(counts)))
        lows.append(float(edges[int(np.searchsorted(share, 5 * SHOWN))]))
        highs.append(1.0 + float(edges[min(len(edges) - 1, int(np.searchsorted(share, 1.0)) + 2)]))
    return min(lows), max(highs)
