"""The figure of `simulate gain`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..figure_parts import label, plain
from ..figures.style import COLOURS, VERMILION
from ..plots import check_figure, drawn
from .gain import GainSettings
from .gain_judged import GainResult, Shown
from .gain_theory import test_error

__all__ = ["gain_figure"]

MARKS = "osD^v<"
POINTS = 31
"""Gains at which theory's curve is drawn."""


def gain_figure(result: GainResult, asked: GainSettings, title: str, path: str) -> bytes:
    """Theory's curves and the trained regressions over them; beside it the digits, if any.

    The bytes of a file of the format that the name ``path`` ends with.  Raises ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    panels = 3 if result.shown else 1
    figure: Any = Figure(figsize=(4.6 * panels + 0.6, 4.6), layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    first, *others = np.atleast_1d(figure.subplots(1, panels))
    _draw_model(first, result, asked)
    if others:
        regression, networks = others
        for i, shown in enumerate(result.shown[:-1]):
            _draw_shown(regression, shown, i, shown.error, shown.error_error, "-")
        regression.set_title("digits, regression: shown, not judged", **_SMALL)
        _logarithmic(regression)
        regression.set_xlim(left=0)
        label(
            regression, "size of initial weights  $\\sigma_{w0}$", "test error  (squared, summed)"
        )
        regression.legend(fontsize="small", frameon=False)
        _draw_networks(networks, result.shown[-1])
    return drawn(figure, path)


_SMALL: dict[str, Any] = {"fontsize": "small", "loc": "left", "color": "0.3"}


def _logarithmic(axes: Any) -> None:
    """A logarithmic axis with plain numbers, 1, 2 and 5 of every decade."""
    from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

    axes.set_yscale("log")
    ticks = [digit * 10.0**power for power in range(-4, 5) for digit in (1, 2, 5)]
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def _draw_model(axes: Any, result: GainResult, asked: GainSettings) -> None:
    for i, alpha in enumerate(asked.alphas):
        mine = [point for point in result.points if point.alpha == alpha]
        colour = COLOURS[i % len(COLOURS)]
        gains = np.linspace(0, max(asked.gains), POINTS)
        ratio = mine[0].examples, asked.inputs
        curve = [test_error(*ratio, asked.sigma_w, float(g), asked.sigma_eps) for g in gains]
        axes.plot(gains, curve, color=colour, linewidth=1.4)
        axes.errorbar(
            [point.gain for point in mine],
            [point.error for point in mine],
            yerr=[point.standard_error for point in mine],
            linestyle="none",
            marker=MARKS[i % len(MARKS)],
            color=colour,
            capsize=3,
            label=f"α = {alpha:g}",
        )
    axes.set_xlim(left=-0.05)
    _logarithmic(axes)
    axes.set_title("model: lines theory, points descent to its end", **_SMALL)
    label(axes, "size of initial weights  $\\sigma_{w0}$", "test error")
    axes.legend(fontsize="small", frameon=False, loc="upper left")


def _draw_shown(
    axes: Any, shown: Shown, i: int, values: list[float], errors: list[float], line: str
) -> None:
    axes.errorbar(
        shown.gains,
        values,
        yerr=errors,
        linestyle=line,
        marker=MARKS[i % len(MARKS)],
        color=COLOURS[i % len(COLOURS)],
        capsize=3,
        label=shown.name.removeprefix("regression, ").replace("alpha=", "α = "),
    )


def _draw_networks(axes: Any, shown: Shown) -> None:
    for i, (values, errors, name) in enumerate(
        ((shown.error, shown.error_error, "train"), (shown.wrong, shown.wrong_error, "test"))
    ):
        axes.errorbar(
            shown.gains,
            100 * np.array(values),
            yerr=100 * np.array(errors),
            linestyle="--" if name == "train" else "-",
            marker=MARKS[i],
            color="0.35" if name == "train" else VERMILION,
            capsize=3,
            clip_on=False,
            label=name,
        )
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.set_title("digits, tanh networks: shown, not judged", **_SMALL)
    label(axes, "gain  g  of the initial weights", "wrong answers  (%)")
    axes.legend(fontsize="small", frameon=False)
