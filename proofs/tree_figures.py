"""Figures of `simulate tree`: simulation beside analytics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.numerics.networks import FloatArray

from .figure_parts import DOT, beside, dots, label, like, named_points, plain, unit
from .plots import check_figure, colours, drawn
from .tree_comparison import TreeComparison
from .tree_measurements import (
    ByLevel,
    distances_by_level,
    generalisation_by_level,
    scaling_paths,
    telling_times,
    unfoldings,
)

__all__ = ["FIGURES", "six_panels", "tree_figure"]

NAMED = 16
"""Items are named in a figure where there are no more than these."""

SIDES = ("simulation", "analytics")

TITLES = {
    "simulation": "simulation: gradient flow, sampled features, small random weights",
    "analytics": "analytics: closed forms at unlimited features",
}


def six_panels(found: TreeComparison, title: str, tau: float, path: str) -> bytes:
    """Simulation above, analytics below: mode strengths, scaling in the plane, similarities.

    The bytes of a file of the format that the name ``path`` ends with.  Raises ``PlotError``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(15.0, 7.4), layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    paths, places = scaling_paths(found), telling_times(found, 3)
    reach = _reach(paths)
    widths = [1.0, 0.95, *[1.5 / len(places)] * len(places)]
    panels = figure.subplots(2, len(widths), width_ratios=widths)
    for row, side, points in zip(panels, SIDES, paths, strict=True):
        axes, plane, *squares = row
        axes.set_title(TITLES[side] + "\n\n", fontsize="small", loc="left", color="0.3")
        axes.set_title("learning of the modes", fontsize="medium")
        plane.set_title("multidimensional scaling", fontsize="medium")
        _draw_strengths(axes, found, side)
        label(axes, "time  " + unit(tau), "strength of a mode  (feature / √N)")
        _draw_plane(plane, found, points, reach)
        _bar(figure, _draw_similarities(squares, found, side, places), squares)
    return drawn(figure, path)


def tree_figure(kind: str, found: TreeComparison, title: str, tau: float, path: str) -> bytes:
    """One of ``FIGURES``, as the bytes of a file; ``KeyError`` for another name."""
    check_figure(path)
    if kind == "six_panels":
        return six_panels(found, title, tau, path)
    from matplotlib.figure import Figure

    width, height = _SIZES[kind]
    figure: Any = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(plain(title), fontsize="medium", x=0.01, ha="left")
    _DRAW[kind](figure, found, tau)
    return drawn(figure, path)


# Mode strengths.


def _draw_strengths(axes: Any, found: TreeComparison, side: str) -> None:
    times, shades = found.run.times, colours(len(found.levels))
    strengths = found.run.trainings["small random"].strengths
    for i, (level, colour) in enumerate(zip(found.levels, shades, strict=True)):
        if side == "simulation":
            places = level.level.places[: len(level.s)]
            if len(places) > 1:
                axes.plot(times, strengths[:, places], color=colour, linewidth=0.5, alpha=0.35)
            curve = found.measured["small random"][:, i]
            label = f"{level.level.name}: s = {level.final:.3g}{_count(len(level.s))}"
        else:
            curve = found.analytics[:, i]
            label = f"{level.level.name}: s = {level.level.s:.3g}{_count(level.level.multiplicity)}"
        axes.plot(times, curve, color=colour, linewidth=2, label=label)
    axes.set_xlim(0, float(times[-1]))
    axes.set_ylim(0, 1.06 * max(float(found.run.modes.s[0]), found.levels[0].level.s))
    axes.legend(fontsize="small", frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _count(multiplicity: int) -> str:
    return "" if multiplicity == 1 else f"  (mean of {multiplicity})"


def _modes(figure: Any, found: TreeComparison, tau: float) -> None:
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    times, shades = found.run.times, colours(len(found.levels))
    trained = found.run.trainings["decoupled"]
    for i, (level, colour) in enumerate(zip(found.levels, shades, strict=True)):
        above.plot(
            times,
            found.theory["small random"][:, i],
            color=colour,
            linewidth=1.6,
            label=f"{level.level.name}: s = {level.final:.3g}{_count(len(level.s))}",
        )
        above.plot(times, found.analytics[:, i], ":", color=colour, linewidth=1.3)
        dots(above, times, found.measured["small random"][:, i], colour)
        gap = np.abs(found.measured["decoupled"] - found.theory["decoupled"])[:, i]
        dots(below, times, np.where(gap > 0, gap, np.nan), colour, size=2.4)
        below.plot(times, found.budget[:, i], color=colour, linewidth=1)
    below.set_yscale("log")
    above.set_xlim(0, float(times[-1]))
    above.set_ylim(bottom=0)
    label(above, "", "strength of a level  (feature / √N)")
    label(below, "time  " + unit(tau), "|simulation - theory|\n(feature / √N)")
    above.set_title("small random start", fontsize="small", loc="left", color="0.3")
    told = ", ".join(trained.budget.terms)
    below.set_title(
        f"decoupled start; error budget: {told}, singular values",
        fontsize="small",
        loc="left",
        color="0.3",
    )
    kinds = [
        like("gradient flow", linestyle="none", **DOT),
        like("theory, singular values\nof the sample", linewidth=1.6),
        like("theory, unlimited features", linestyle=":", linewidth=1.3),
    ]
    beside(above, [*above.get_legend_handles_labels()[0], like("", linestyle="none"), *kinds])
    kinds = [like("difference", linestyle="none", **DOT), like("error budget", linewidth=1)]
    beside(below, kinds)


# Representations.


def _draw_plane(axes: Any, found: TreeComparison, points: FloatArray, reach: float) -> None:
    for i, colour in enumerate(_item_colours(found)):
        axes.plot(points[:, i, 0], points[:, i, 1], color=colour, linewidth=0.9, alpha=0.8)
        axes.plot(*points[-1, i], "o", color=colour, markersize=5 if found.tree.P <= NAMED else 3)
    if found.tree.P <= NAMED:
        for (x, y), name in named_points(points[-1], found.tree.names, 0.06 * reach):
            axes.annotate(
                name,
                (x, y),
                xytext=(5 if x >= 0 else -5, 4 if y >= 0 else -4),
                textcoords="offset points",
                ha="left" if x >= 0 else "right",
                va="bottom" if y >= 0 else "top",
                fontsize="x-small",
            )
    axes.plot(*points[0].mean(axis=0), "+", color="black", markersize=9, markeredgewidth=1.2)
    room = 1.42 if found.tree.P <= NAMED else 1.0
    axes.set_xlim(-room * reach, room * reach)
    axes.set_ylim(-reach * room, reach * room)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])


def _reach(paths: Sequence[FloatArray]) -> float:
    """Half the width of a plane that holds all points; a single item stays at its middle."""
    return 1.08 * max(float(np.abs(points).max()) for points in paths) or 1.0


def _scaling(figure: Any, found: TreeComparison, tau: float) -> None:
    paths = scaling_paths(found)
    reach = _reach(paths)
    for axes, side, points in zip(figure.subplots(1, 2), SIDES, paths, strict=True):
        axes.set_title(side, fontsize="medium")
        _draw_plane(axes, found, points, reach)
        label(axes, "+ start of training, ● end; hidden representations", "")


def _unfolding(figure: Any, found: TreeComparison, tau: float) -> None:
    panels, both = figure.subplots(1, 2, sharey=True), unfoldings(found)
    for axes, side, rows in zip(panels, SIDES, both, strict=True):
        for i, colour in enumerate(_item_colours(found)):
            axes.plot(found.run.times, rows[:, i], color=colour, linewidth=1.1)
        axes.set_title(side, fontsize="medium")
        axes.set_xlim(0, float(found.run.times[-1]))
        label(axes, "time  " + unit(tau), "")
    panels[0].set_ylabel("readout of the hidden representation\n(places of the items in the end)")
    if found.tree.P <= 2 * NAMED:
        named = named_points(both[1][-1][:, None], found.tree.names, 0.3)
        ticks = [float(place[0]) for place, _ in named]
        panels[1].set_yticks(ticks, [name for _, name in named], fontsize="x-small")
        panels[0].tick_params(left=False, labelleft=False)
        panels[1].tick_params(left=False, labelleft=False, labelright=True)


def _draw_similarities(
    panels: Sequence[Any], found: TreeComparison, side: str, places: Sequence[int]
) -> Any:
    shown = {kind: _shares(found, kind, places) for kind in SIDES}
    least = min(0.0, *(float(matrices.min()) for matrices in shown.values()))
    most = max(1.0, *(float(matrices.max()) for matrices in shown.values()))
    for axes, place, matrix in zip(panels, places, shown[side], strict=True):
        image = axes.imshow(matrix, cmap="viridis", vmin=least, vmax=most, interpolation="nearest")
        axes.set_title(f"t = {found.run.times[place]:.3g}", fontsize="medium")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel("items", fontsize="small")
    panels[0].set_ylabel("items", fontsize="small")
    return image


def _bar(figure: Any, image: Any, panels: Sequence[Any]) -> None:
    bar = figure.colorbar(image, ax=list(panels), shrink=0.62, pad=0.02)
    bar.set_label("similarity  $h_i \\cdot h_j$\nover the mean of $|h|^2$", fontsize="small")
    bar.ax.tick_params(labelsize="small")


def _shares(found: TreeComparison, side: str, places: Sequence[int]) -> FloatArray:
    """Similarities in the hidden layer over their mean on the diagonal, at some times."""
    kernels = found.kernels if side == "simulation" else found.foretold
    chosen = kernels[list(places)]
    sizes = np.trace(chosen, axis1=1, axis2=2) / found.tree.P
    return np.asarray(chosen / sizes[:, None, None])


def _similarities(figure: Any, found: TreeComparison, tau: float) -> None:
    places = telling_times(found, 5)
    panels = figure.subplots(2, len(places), squeeze=False)
    for row, side in zip(panels, SIDES, strict=True):
        image = _draw_similarities(row, found, side, places)
        row[0].set_ylabel(f"{side}\n\nitems", fontsize="small")
    _bar(figure, image, panels.flat)


# Pairs of items by level.


def _draw_by_level(figure: Any, found: TreeComparison, told: ByLevel, tau: float) -> Any:
    axes = figure.subplots()
    for i, colour in enumerate(colours(len(told.levels))):
        axes.plot(found.run.times, told.analytics[:, i], color=colour, linewidth=1.6)
        dots(axes, found.run.times, told.simulation[:, i], colour)
    axes.set_xlim(0, float(found.run.times[-1]))
    handles = [
        like(f"level {level}", color=colour, linewidth=1.6)
        for level, colour in zip(told.levels, colours(len(told.levels)), strict=True)
    ]
    kinds = [like("simulation", linestyle="none", **DOT), like("analytics", linewidth=1.6)]
    handles += [like("", linestyle="none"), *kinds]
    beside(axes, handles, "closest common\nancestor of two items")
    return axes


def _distances(figure: Any, found: TreeComparison, tau: float) -> None:
    axes = _draw_by_level(figure, found, distances_by_level(found), tau)
    axes.set_ylim(bottom=0)
    label(axes, "time  " + unit(tau), "distance of representations  $|h_i - h_j|$")


def _generalisation(figure: Any, found: TreeComparison, tau: float) -> None:
    axes = _draw_by_level(figure, found, generalisation_by_level(found), tau)
    axes.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    label(
        axes,
        "time  " + unit(tau),
        "a property learned of item i, expected of j\n$h_i \\cdot h_j\\,/\\,|h_i|^2$",
    )


def _item_colours(found: TreeComparison) -> list[Any]:
    """One colour for each branch of the uppermost split."""
    tree, below = found.tree, found.tree.leaves_below
    split = next(node for node, branches in enumerate(tree.children) if len(branches) != 1)
    branches = tree.children[split] or [split]
    shades, found_colours = colours(len(branches)), [None] * tree.P
    for branch, colour in zip(branches, shades, strict=True):
        for position in below[branch]:
            found_colours[position] = colour
    return found_colours


_DRAW = {
    "modes": _modes,
    "scaling": _scaling,
    "unfolding": _unfolding,
    "similarities": _similarities,
    "distances": _distances,
    "generalisation": _generalisation,
}
_SIZES = {
    "modes": (9.4, 6.8),
    "scaling": (10.4, 5.4),
    "unfolding": (10.4, 5.4),
    "similarities": (11.5, 6.2),
    "distances": (8.8, 4.8),
    "generalisation": (8.8, 4.8),
}

FIGURES = ("six_panels", *_DRAW)
"""Names of the figures of a tree."""
