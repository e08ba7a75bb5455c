"""Products of random matrices: few directions grow, most shrink."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figure import Figure
from .style import BLUE, WIDTH, name_panel, points, styled

__all__ = ["FIGURE"]

DEPTHS = (1, 2, 4, 8)
CHAIN = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20)
MATRIX, DRAWS = 200, 4
POINTS, BINS = 90, 36


@styled
def draw(rng: np.random.Generator) -> Any:
    """Spectra of four depths on a logarithmic axis; and the share of directions that grow."""
    from lemmata.numerics.random_products import product_spectra
    from matplotlib.figure import Figure as Canvas

    logs = product_spectra("gaussian", MATRIX, CHAIN, DRAWS, rng)
    figure: Any = Canvas(figsize=(WIDTH, 3.4), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.04, wspace=0.04, hspace=0.04)
    axes = figure.subplot_mosaic(
        [["1", "2", "share"], ["4", "8", "share"]], width_ratios=[1, 1, 1.35]
    )
    for depth in DEPTHS:
        _draw_spectrum(axes[str(depth)], depth, logs[depth].ravel())
    _draw_share(axes["share"], logs)
    return figure


def _draw_spectrum(axes: Any, depth: int, logs: Any) -> None:
    from ..deep.products_theory import spectrum

    curve = spectrum(depth, POINTS)
    low, high = -7.0 if depth < 4 else -14.0, float(np.log(curve.squares[-1])) + 0.6
    edges = np.linspace(low, high, BINS + 1)
    counts = np.histogram(logs, edges)[0]
    axes.axvspan(1, np.exp(high), color="0.93", zorder=0, linewidth=0)
    axes.stairs(
        counts / logs.size / np.diff(edges), np.exp(edges), fill=True, color=BLUE, alpha=0.35
    )
    axes.plot(curve.squares, curve.squares * curve.density, color="black", linewidth=1.3)
    axes.set_xscale("log")
    axes.set_xlim(np.exp(low), np.exp(high))
    axes.set_ylim(bottom=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks([x for x in (1e-6, 1e-3, 1.0) if x >= np.exp(low)])
    axes.minorticks_off()
    axes.text(0.03, 0.93, f"$D={depth}$", transform=axes.transAxes, va="top")
    if depth == DEPTHS[0]:
        name_panel(axes, "a", r"density of $\ln\lambda$")
    if depth > 2:
        axes.set_xlabel(r"$\lambda$")


def _draw_share(axes: Any, logs: Any) -> None:
    from ..deep.products_theory import amplified

    axes.plot(CHAIN, [100 * amplified(depth) for depth in CHAIN], color=BLUE)
    points(axes, CHAIN, [100 * np.mean(logs[depth] > 0) for depth in CHAIN], BLUE)
    axes.set_ylim(0, 50)
    axes.set_xlim(0, CHAIN[-1] + 0.5)
    axes.set_xlabel("factors  $D$")
    axes.set_ylabel(r"directions with $\lambda>1$  (%)")
    name_panel(axes, "b", "fewer and fewer grow")


FIGURE = Figure(
    name="products",
    title="A product of random matrices keeps few directions",
    caption=(
        "Squared singular values of products of D square Gaussian matrices that keep the length of "
        "a vector on average. Left: four depths on a logarithmic axis; bars are sampled matrices "
        "of size 200, lines the Fuss-Catalan law of unlimited size, and values above 1, which are "
        "amplified, lie on grey. Right: the share of them, which falls with the number of factors "
        "while the few that are left grow; the line is the theory, marks are sampled."
    ),
    alt=(
        "Four histograms that follow black curves: with more factors the spectrum spreads over "
        "many decades, mostly below one. Beside them a falling curve of the share above one "
        "against the number of factors, from about forty percent to about ten."
    ),
    draw=draw,
    claims=("products.fuss_catalan.density", "products.amplified_fraction"),
)
