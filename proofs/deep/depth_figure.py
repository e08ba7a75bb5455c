"""The figure of `simulate depth`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..figure_parts import label, like, plain
from ..figures.style import BLACK, BLUE, GREEN, SKY, VERMILION
from ..plots import check_figure, drawn
from .depth import SLOW, STARTS, DepthResult, DepthSettings

__all__ = ["depth_figure"]

STYLES = {
    "decoupled": (BLACK, "o"),
    "orthogonal": (VERMILION, "s"),
    "pretrained": (GREEN, "^"),
    "Gaussian": (BLUE, "v"),
}
"""Colours of the starts, and marks."""


def depth_figure(result: DepthResult, asked: DepthSettings, title: str, path: str) -> bytes:
    """Updates at the best rate against depth; and those of slow descents against theory.

    The bytes of a file of the format that the name ``path`` ends with.  Raises ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(11.4, 5.0), layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    best, slow = figure.subplots(1, 2, width_ratios=[1.25, 1.0])
    handles = _draw_best(best, result, asked)
    figure.legend(
        handles=handles,
        fontsize="small",
        frameon=False,
        loc="outside lower left",
        ncols=len(handles),
    )
    _draw_slow(slow, result)
    for axes in (best, slow):
        axes.set_xscale("log")
        axes.set_xticks(asked.depths, [str(d) for d in asked.depths], fontsize="small")
        axes.minorticks_off()
    return drawn(figure, path)


def _draw_best(axes: Any, result: DepthResult, asked: DepthSettings) -> list[Any]:
    """Draw, and return what the legend shows."""
    handles = []
    for place, start in enumerate(STARTS):
        colour, mark = STYLES[start]
        mine = [times for times in result.times if times.start == start]
        shift = 1.03 ** (place - 1.5)  # so that marks of equal height are seen
        for times in mine:
            reached = [n for n in times.iterations if n is not None]
            axes.plot(
                [times.depth * shift] * len(reached),
                reached,
                mark,
                color=colour,
                alpha=0.3,
                markersize=3,
            )
            missed = len(times.iterations) - len(reached)
            if missed:
                axes.plot(
                    times.depth * shift,
                    asked.most,
                    mark,
                    color=colour,
                    markerfacecolor="white",
                    markersize=7,
                )
                axes.annotate(
                    f"{missed}/{len(times.iterations)}",
                    (times.depth * shift, asked.most),
                    xytext=(0, 6),
                    textcoords="offset points",
                    ha="center",
                    fontsize="x-small",
                    color=colour,
                )
        known = [times for times in mine if times.mean is not None]
        axes.errorbar(
            [times.depth * shift for times in known],
            [times.mean for times in known],
            yerr=[times.error or 0.0 for times in known],
            color=colour,
            marker=mark,
            markersize=5,
            capsize=3,
            linewidth=1.3,
        )
        handles.append(like(start, color=colour, marker=mark, markersize=5))
    foretold = [times for times in result.times if times.theory is not None]
    axes.plot(
        [times.depth for times in foretold],
        [times.theory for times in foretold],
        ":",
        color="black",
        linewidth=1.6,
    )
    handles += [
        like("theory: decoupled, flow", linestyle=":", linewidth=1.6),
        like(
            "not reached by so many seeds",
            linestyle="none",
            marker="o",
            markerfacecolor="white",
            markersize=7,
        ),
    ]
    axes.set_yscale("log")
    axes.axhline(asked.most, color="0.75", linewidth=0.8, zorder=0)
    axes.set_ylim(top=3 * asked.most)
    axes.set_title(
        "at the best of the rates tried, for each seed", fontsize="small", loc="left", color="0.3"
    )
    label(axes, "depth  (weight matrices)", f"updates until the loss is {asked.share:g}")
    return handles


def _draw_slow(axes: Any, result: DepthResult) -> None:
    depths = [flow.depth for flow in result.flows]
    axes.plot(
        depths,
        [flow.theory for flow in result.flows],
        color="black",
        linewidth=1.4,
        label="theory, gradient flow",
    )
    axes.axhline(
        result.infinite,
        color="black",
        linewidth=1.0,
        linestyle="--",
        label="theory, infinite depth",
    )
    shades = (SKY, BLUE, VERMILION)
    for i, (c, colour) in enumerate(zip(SLOW, shades, strict=True)):
        values = np.array([flow.measured[i] for flow in result.flows], dtype=np.float64)
        last = i == len(SLOW) - 1
        budgets = [flow.budget or 0.0 for flow in result.flows] if last else None
        axes.errorbar(
            depths,
            values,
            yerr=budgets,
            linestyle="none",
            marker="ox+"[2 - i],
            color=colour,
            capsize=3,
            markersize=6,
            label=f"c = {c:g}" + (" and error budget" if last else ""),
        )
    axes.set_ylim(bottom=0)
    axes.set_title("decoupled start, rate c / depth", fontsize="small", loc="left", color="0.3")
    label(axes, "depth  (weight matrices)", "c × updates")
    axes.legend(fontsize="small", frameon=False, loc="lower right")
