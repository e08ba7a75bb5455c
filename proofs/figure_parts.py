"""What figures share: dots, legends beside the axes, labels, names of points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.numerics.networks import FloatArray

__all__ = [
    "DOT",
    "beside",
    "dots",
    "label",
    "like",
    "named_points",
    "plain",
    "shortened",
    "unit",
]

DOT: dict[str, Any] = {"marker": "o", "markersize": 3.6, "markerfacecolor": "white"}
"""An open dot, in the words of matplotlib."""

NAME = 16
"""Characters of a name."""


def dots(axes: Any, times: FloatArray, values: FloatArray, colour: Any, size: float = 3.4) -> None:
    """Open dots without a line."""
    style = {**DOT, "markersize": size}
    axes.plot(times, values, linestyle="none", markeredgecolor=colour, markeredgewidth=0.9, **style)


def like(label: str, **style: Any) -> Any:
    """What a legend shows: a black line or dot of that style."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **{"color": "black", "label": label, **style})


def beside(axes: Any, handles: list[Any], title: str | None = None) -> None:
    """A legend on the right of the axes."""
    axes.legend(
        handles=handles,
        title=title,
        title_fontsize="small",
        fontsize="small",
        frameon=False,
        alignment="left",
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
    )


def label(axes: Any, x: str, y: str) -> None:
    """Name the two axes."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)


def unit(tau: float) -> str:
    """The unit of time, in words."""
    return f"(unit in which τ = {tau:g})"


def plain(text: str) -> str:
    """Text that matplotlib does not read as a formula."""
    return text.replace("$", r"\$")


def shortened(text: str, most: int) -> str:
    """The beginning of a text, and dots where it is longer."""
    return text if len(text) <= most else text[: most - 3] + "..."


def named_points(
    points: FloatArray, names: Sequence[str], near: float
) -> list[tuple[FloatArray, str]]:
    """Points and their names; points nearer to each other than ``near`` share one."""
    places: list[FloatArray] = []
    shared: list[list[str]] = []
    for point, name in zip(points, names, strict=True):
        told = plain(shortened(name, NAME))
        gaps = [float(np.linalg.norm(point - place)) for place in places]
        if gaps and min(gaps) < near:
            shared[gaps.index(min(gaps))].append(told)
        else:
            places.append(point)
            shared.append([told])
    labels = [", ".join(group if len(group) < 4 else [*group[:2], "..."]) for group in shared]
    return list(zip(places, labels, strict=True))
