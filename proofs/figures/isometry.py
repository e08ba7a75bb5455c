"""The edge of chaos, and the singular values of a Jacobian near it."""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.numerics.random_weights import Weights

from .figure import Figure
from .style import BLUE, LINES, VERMILION, canvas, name_panel, points, styled

__all__ = ["FIGURE"]

GAINS, BIASES = np.linspace(0.7, 2.3, 7), np.linspace(0.02, 0.41, 5)
UNITS, LAYERS, SETTLED = 160, 24, 10
LENGTHS = np.concatenate([np.geomspace(1e-3, 0.2, 25), np.linspace(0.25, 2.2, 25)])
SLOPE, GAIN, SQUARE, DEEP, WIDE, DRAWS = "tanh", 1.05, 0.1, 10, 96, 5
"""The network of the second panel: nonlinearity, gain, mean square of the input, layers, units."""
KINDS: tuple[tuple[Weights, str, Any], ...] = (
    ("orthogonal", VERMILION, "-"),
    ("gaussian", BLUE, LINES[1]),
)


@styled
def draw(rng: np.random.Generator) -> Any:
    """Where small differences grow; and spectra of Gaussian and of orthogonal weights."""
    figure, (plane, spectra) = canvas(1, 2, 3.0)
    _draw_plane(plane, rng)
    _draw_spectra(spectra, rng)
    return figure


def _draw_plane(axes: Any, rng: np.random.Generator) -> None:
    from ..deep.claimed import claimed

    edge = [claimed("isometry.edge_of_chaos", q_star=float(q)) for q in LENGTHS]
    w2, b2 = (np.array([told[name] for told in edge]) for name in ("sigma_w2", "sigma_b2"))
    w2, b2 = np.append(1.0, w2), np.append(0.0, b2)
    top, low, high = 0.48, 0.5, 2.5
    axes.fill_betweenx(b2, low, w2, color=BLUE, alpha=0.10, linewidth=0)
    axes.fill_betweenx(b2, w2, high, color=VERMILION, alpha=0.12, linewidth=0)
    axes.plot(w2, b2, color="black")
    for square in GAINS:
        for bias in BIASES:
            grows = _growth(float(square), float(bias), rng) > 1
            points(axes, square, bias, VERMILION if grows else BLUE, "s" if grows else "o")
    axes.text(0.55, top - 0.012, "differences shrink", color=BLUE, va="top", fontsize=9)
    told = {"color": VERMILION, "ha": "right", "va": "center", "fontsize": 9}
    axes.text(high - 0.04, 0.069, "differences\ngrow", linespacing=0.95, **told)
    axes.set_xlim(low, high)
    axes.set_ylim(0, top)
    axes.set_xlabel(r"variance of the weights  $\sigma_w^2$")
    axes.set_ylabel(r"variance of the biases  $\sigma_b^2$")
    name_panel(axes, "a", "the edge of chaos")


def _growth(square: float, bias: float, rng: np.random.Generator) -> float:
    """Mean factor per layer of the squared size of a small difference, once lengths settle."""
    x, difference = rng.standard_normal(UNITS), rng.standard_normal(UNITS)
    grown = []
    for layer in range(LAYERS):
        W = rng.standard_normal((UNITS, UNITS)) * np.sqrt(square / UNITS)
        before = W @ x + np.sqrt(bias) * rng.standard_normal(UNITS)
        x, moved = np.tanh(before), (1 - np.tanh(before) ** 2) * (W @ difference)
        size = float(np.linalg.norm(moved))
        if layer >= SETTLED:
            grown.append(2 * np.log(size / np.linalg.norm(difference)))
        difference = moved / size
    return float(np.exp(np.mean(grown)))


def _draw_spectra(axes: Any, rng: np.random.Generator) -> None:
    from lemmata.numerics.jacobians import sample_jacobians

    from ..deep.isometry_spectra import jacobian_spectrum
    from ..deep.isometry_theory import predicted

    network = predicted(SLOPE, GAIN, 0.0, SQUARE, DEEP)
    edges = np.linspace(-10.0, 3.2, 67)
    for kind, colour, line in KINDS:
        (found,) = sample_jacobians(SLOPE, kind, WIDE, DEEP, [GAIN], DRAWS, rng, lengths=[SQUARE])
        logs = found.log_squares.ravel()
        counts = np.histogram(logs, edges)[0] / logs.size / np.diff(edges)
        axes.stairs(counts, np.exp(edges), fill=True, color=colour, alpha=0.3)
        spectrum = jacobian_spectrum(SLOPE, network, GAIN, kind == "gaussian")
        if spectrum is not None:
            axes.plot(np.exp(spectrum.logs), spectrum.density, color=colour, linestyle=line)
    axes.set_xscale("log")
    axes.set_xlim(np.exp(edges[0]), np.exp(edges[-1]))
    axes.set_ylim(bottom=0)
    axes.set_xticks([1e-4, 1e-2, 1.0])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(r"squared singular value  $\lambda$")
    axes.set_ylabel(r"density of  $\ln\lambda$")
    axes.text(0.09, 0.62, "orthogonal", color=VERMILION, ha="right")
    axes.text(0.01, 0.2, "Gaussian", color=BLUE, ha="right")
    name_panel(axes, "b", "Jacobian of ten layers near it")


FIGURE = Figure(
    name="isometry",
    title="At the edge of chaos orthogonal weights keep almost all directions",
    caption=(
        "Deep networks of tanh units with random weights. Left: on the black curve the mean "
        "squared singular value of a layer is 1; left of it small differences of two inputs shrink "
        "from layer to layer, right of it they grow. Circles and squares are sampled networks in "
        "which they shrank or grew. Right: squared singular values of the Jacobian of ten layers "
        "near the edge, at the gain 1.05; bars are sampled networks, lines the theory of unlimited "
        "width. Orthogonal weights keep nearly all of them within one decade, Gaussian weights "
        "spread them over many."
    ),
    alt=(
        "Left, a plane of two variances cut by a rising curve: circles left of it, squares right "
        "of it. Right, two histograms on a logarithmic axis, each with a curve over it: "
        "a narrow one for orthogonal weights, a broad one for Gaussian weights."
    ),
    draw=draw,
    claims=("isometry.edge_of_chaos", "isometry.length_map", "isometry.spectrum.variance"),
)
