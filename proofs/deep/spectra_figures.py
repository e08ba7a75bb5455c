"""Figures of sampled spectra: histograms on a logarithmic axis, theory's density over them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..figure_parts import label, plain
from ..plots import check_figure, drawn
from .products import bins
from .products_judged import ProductsResult

__all__ = ["COLOURS", "products_figure"]

FloatArray = NDArray[np.float64]

COLOURS = {"gaussian": "#0072b2", "uniform": "#009e73", "orthogonal": "#d55e00"}
"""Blue, green and vermilion, which colour-blind readers tell apart (Okabe & Ito)."""
SHOWN = 0.01
"""Fraction of the smallest squared singular values that is left out of a panel."""


def products_figure(result: ProductsResult, title: str, path: str) -> bytes:
    """One panel for each kind of weights and depth; the bytes of a file of that name.

    Squared singular values on a logarithmic axis, those above 1 on a grey ground.  Raises
    ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    asked = result.settings
    rows, columns = len(asked.weights), len(asked.depths)
    figure: Any = Figure(figsize=(2.9 * columns + 1.0, 2.3 * rows + 0.9), layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    panels = figure.subplots(rows, columns, squeeze=False, sharex="col")
    for row, weights in zip(panels, asked.weights, strict=True):
        for axes, depth in zip(row, asked.depths, strict=True):
            _draw_product(axes, result, weights, depth)
        label(row[0], "", f"{weights} weights\ndensity of ln λ")
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
        told = "all equal" if asked.gain == 1 else f"all equal {np.exp(grown):.3g}"
        axes.text(0.03, 0.96, told, transform=axes.transAxes, va="top", fontsize="small")
    else:
        draw_histogram(axes, edges, result.counts[weights, depth], COLOURS[weights])
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
    axes: Any, edges: FloatArray, counts: FloatArray, colour: str, **style: Any
) -> None:
    """Counts in bins of logarithms as a density of the logarithm; all that was counted is 1."""
    total = max(1.0, float(np.sum(counts)))
    axes.stairs(
        counts / total / np.diff(edges),
        np.exp(edges),
        fill=True,
        color=colour,
        **{"alpha": 0.45, **style},
    )


def finish_panel(axes: Any, low: float, high: float) -> None:
    """A logarithmic axis between ``exp(low)`` and ``exp(high)``; what is amplified on grey."""
    axes.set_xscale("log")
    axes.set_xlim(np.exp(low), np.exp(high))
    if high > 0:
        axes.axvspan(1.0, np.exp(high), color="0.93", zorder=0)
    axes.set_ylim(bottom=0)


def tell_fraction(axes: Any, result: ProductsResult, weights: str, depth: int) -> None:
    """Say in the panel how many are above 1, measured and by the theory."""
    of = f"{weights}, D = {depth}"
    rows = [row for row in result.rows if row.of == of and row.what == "fraction above 1"]
    if not rows or rows[0].measured is None:
        return
    told = f"above 1: {rows[0].measured:.1%}"
    if rows[0].theory is not None:
        told += f"\ntheory {rows[0].theory:.1%}"
    axes.text(0.03, 0.96, told, transform=axes.transAxes, va="top", fontsize="small")


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
