"""The figure of `simulate table`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..figure_parts import label, plain
from ..figures.style import BLUE, VERMILION
from ..plots import check_figure, drawn
from .table import PUBLISHED, STARTS, Start, TableResult

__all__ = ["COLOURS", "table_figure"]

COLOURS = {"Gaussian": BLUE, "orthogonal": VERMILION}


def table_figure(result: TableResult, title: str, path: str) -> bytes:
    """Errors in the end with standard errors beside the published ones, and their course.

    The bytes of a file of the format that the name ``path`` ends with.  Raises ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(10.4, 6.6), layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    panels = figure.subplots(2, 2, width_ratios=[1.0, 1.25])
    for (ends, courses), which in zip(panels, ("train", "test"), strict=True):
        _draw_ends(ends, result, which)
        _draw_course(courses, result, which)
    return drawn(figure, path)


def _draw_ends(axes: Any, result: TableResult, which: str) -> None:
    means, errors = result.percent[which]
    for i, start in enumerate(STARTS):
        own = 100 * result.wrong[which][:, i]
        own = own / (result.settings.train if which == "train" else result.settings.test)
        spread = i + np.linspace(-0.16, 0.16, len(own))
        axes.plot(spread, own, "o", color=COLOURS[start.ensemble], alpha=0.35, markersize=3)
        bar = 0 if np.isnan(errors[i]) else errors[i]
        axes.errorbar(
            i - 0.28, means[i], yerr=bar, color=COLOURS[start.ensemble], marker="o", capsize=4
        )
        axes.plot(i + 0.28, PUBLISHED[start][which], "D", color="0.35", markersize=5)
    axes.set_xticks(range(len(STARTS)), [_name(start) for start in STARTS], fontsize="small")
    axes.set_ylim(bottom=0)
    axes.set_xlim(-0.6, len(STARTS) - 0.4)
    label(axes, "", f"{which} error  (%)")
    if which == "train":
        axes.set_title(
            "● mean, standard error, runs    ◆ published (MNIST, single runs)",
            fontsize="small",
            loc="left",
            color="0.3",
        )


def _draw_course(axes: Any, result: TableResult, which: str) -> None:
    for i, start in enumerate(STARTS):
        axes.plot(
            result.updates,
            result.course[which][:, i],
            color=COLOURS[start.ensemble],
            linestyle="-" if start.gain > 1 else "--",
            marker="o" if start.gain > 1 else "s",
            markersize=4,
            clip_on=False,
            label=start.name,
        )
    axes.set_yscale("symlog", linthresh=1)
    ticks = [0, 0.5, 1, 2, 5, 10, 20, 50, 100]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_ylim(0, 100)
    axes.set_xlim(0, result.updates[-1])
    label(axes, "updates" if which == "test" else "", f"mean {which} error  (%)")
    if which == "train":
        axes.legend(fontsize="small", frameon=False, loc="upper right")


def _name(start: Start) -> str:
    return f"{start.ensemble}\ng = {start.gain:g}"
