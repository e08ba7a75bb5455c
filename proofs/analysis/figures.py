"""Figures of `analyze`; matplotlib is imported when one is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import groupby
from pathlib import PurePath
from typing import Any

import numpy as np

from ..plots import check_figure, colours
from .analysis import Analysis
from .categories import Category
from .illusions import Illusion, Output
from .mode_arrays import curves
from .tables import SHOWN, numbers

__all__ = ["FIGURES", "one_figure", "whole_page"]

CURVES = 6
"""Outputs that are drawn."""
LABELLED = 40
"""No more items are labelled in a matrix, or drawn as a tree."""
INK = "#333333"


def one_figure(found: Analysis, name: str, title: str, path: str) -> bytes | None:
    """The figure ``name`` of ``FIGURES`` as the bytes of a file; None where it has no content.

    The format is that of ``path``.  Raises ``PlotError`` as ``check_figure``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    draw, has_content = FIGURES[name]
    if not has_content(found):
        return None
    figure = Figure(figsize=(7.2, 5.0), layout="constrained")
    figure.suptitle(title, fontsize="medium", x=0.01, ha="left")
    draw(figure.subplots(), found)
    return _bytes(figure, path)


def whole_page(found: Analysis, title: str, path: str) -> bytes:
    """All figures that have content on one page.  Raises ``PlotError`` as ``check_figure``."""
    check_figure(path)
    from matplotlib.figure import Figure

    drawn = [draw for draw, has_content in FIGURES.values() if has_content(found)]
    rows = (len(drawn) + 1) // 2
    figure = Figure(figsize=(14, 4.8 * rows), layout="constrained")
    figure.suptitle(title, fontsize="large", x=0.01, ha="left")
    axes = figure.subplots(rows, 2, squeeze=False).ravel()
    for draw, one in zip(drawn, axes, strict=False):
        draw(one, found)
    for spare in axes[len(drawn) :]:
        spare.set_axis_off()
    return _bytes(figure, path)


def _bytes(figure: Any, path: str) -> bytes:
    from matplotlib import rc_context

    kind, made = PurePath(path).suffix[1:].lower(), BytesIO()
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}  # equal figures, equal files
    with rc_context({"svg.hashsalt": "lemmata"}):
        figure.savefig(made, format=kind, dpi=150, metadata=undated.get(kind))
    return made.getvalue()


def _draw_modes(axes: Any, found: Analysis) -> None:
    modes, asked = found.modes.modes[:SHOWN], found.settings
    learned = [mode.time for mode in modes if mode.time is not None]
    last = 1.5 * max(learned) if learned else 20 * asked.tau / modes[0].s
    times = np.linspace(0, last, 400)
    strengths = np.array([mode.s for mode in modes])
    drawn = curves(strengths, found.modes.input_strength, asked.start_scale, asked.tau, times)
    shades = colours(len(modes))
    for mode, curve, colour in zip(modes, drawn, shades, strict=True):
        several = f" x {len(mode.numbers)}" if len(mode.numbers) > 1 else ""
        axes.plot(times, curve, color=colour, label=f"{numbers(mode)}: s = {mode.s:.3g}{several}")
        if mode.time is not None:
            level = float(np.interp(mode.time, times, curve))
            axes.plot([mode.time], [level], "o", color=colour, markersize=4)
    axes.set_title(f"Modes; points: learned at {asked.criterion}", loc="left", fontsize="medium")
    axes.set_xlabel(f"time  (unit in which τ = {asked.tau:g})")
    axes.set_ylabel("strength  (unit of the table)")
    axes.set_xlim(0, last)
    axes.set_ylim(bottom=0)
    axes.legend(
        title="mode", fontsize="small", frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1)
    )


def _draw_similarity(axes: Any, found: Analysis) -> None:
    fit, names = found.structure.fit, found.table.items
    order = np.arange(len(names)) if fit is None else np.asarray(fit.order)
    values = found.similarity.values[np.ix_(order, order)]
    largest = float(np.max(np.abs(values)))
    signed = bool(np.min(values) < 0)
    image = axes.imshow(
        values,
        cmap="RdBu_r" if signed else "viridis",
        vmin=-largest if signed else float(np.min(values)),
        vmax=largest,
        interpolation="nearest",
    )
    axes.figure.colorbar(image, ax=axes, shrink=0.85)
    best = found.structure.best
    how = "items in the order of the file" if best is None else f"items along the {_kind(found)}"
    axes.set_title(f"Similarity; {how}", loc="left", fontsize="medium")
    if len(names) <= LABELLED:
        size = "small" if len(names) <= 20 else "xx-small"
        labels = [_short(names[i]) for i in order]
        axes.set_xticks(range(len(names)), labels, rotation=90, fontsize=size)
        axes.set_yticks(range(len(names)), labels, fontsize=size)


def _kind(found: Analysis) -> str:
    best = found.structure.best
    assert best is not None
    return f"{best.candidate.kind}, {best.candidate.detail}"


def _draw_structures(axes: Any, found: Analysis) -> None:
    choice = found.structure
    scores = choice.scores[::-1]
    chosen = None if choice.best is None else choice.best.candidate
    bars = ["C0" if score.candidate == chosen else "#b8c4d0" for score in scores]
    places = np.arange(len(scores))
    explained = [max(score.explained, 0.0) for score in scores]
    axes.barh(places, explained, color=bars, height=0.7)
    axes.errorbar(
        explained, places, xerr=[s.error for s in scores], fmt="none", ecolor=INK, elinewidth=1
    )
    labels = [f"{s.candidate.kind}\n{s.candidate.detail}" for s in scores]
    axes.set_yticks(places, labels, fontsize="small")
    axes.set_xlabel("part of squared distances explained")
    if choice.reproducible is not None:
        axes.axvline(max(choice.reproducible, 0), color=INK, linestyle="--", linewidth=1)
        axes.set_xlabel("part of squared distances explained, held out (dashed: reproducible)")
    axes.set_xlim(left=0)
    verdict = "none of these" if chosen is None else _kind(found)
    axes.set_title(f"Structure: {verdict}", loc="left", fontsize="medium")


def _draw_tree(axes: Any, found: Analysis) -> None:
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import squareform

    fit = found.structure.fit
    assert fit is not None
    mergers = hierarchy.linkage(squareform(fit.distances, checks=False), "average")
    drawn = hierarchy.dendrogram(mergers, no_plot=True, labels=list(found.table.items))
    for along, heights in zip(drawn["icoord"], drawn["dcoord"], strict=True):
        axes.plot(heights, along, color="C0", linewidth=1.4)
    names = [_short(name) for name in drawn["ivl"]]
    size = "small" if len(names) <= 20 else "xx-small"
    axes.set_yticks(5 + 10 * np.arange(len(names)), names, fontsize=size)
    axes.set_xlim(left=0)
    axes.invert_xaxis()
    axes.yaxis.tick_right()
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("squared distance at which branches meet")
    axes.set_title(f"Tree of the {_kind(found)}", loc="left", fontsize="medium")


def _is_tree(found: Analysis) -> bool:
    best = found.structure.best
    few = len(found.table.items) <= LABELLED
    return best is not None and "hierarchy" in best.candidate.kind and few


def _draw_categories(axes: Any, found: Analysis) -> None:
    groups = [list(g) for _, g in groupby(found.categories, key=lambda c: c.classification)]
    shown: list[Category] = [c for group in groups for c in group][:LABELLED][::-1]
    places = np.arange(len(shown))
    within = [c.coherence.within for c in shown]
    outside = [c.coherence.outside for c in shown]
    axes.hlines(places, outside, within, color="#b8c4d0", linewidth=4)
    axes.plot(outside, places, "o", color="C1", label="to the nearest category")
    axes.plot(within, places, "o", color="C0", label="within")
    labels = [f"{_short(c.coherence.category)} ({c.coherence.size})" for c in shown]
    axes.set_yticks(places, labels, fontsize="small" if len(shown) <= 20 else "xx-small")
    axes.set_xlabel("mean similarity; the distance of the points is the coherence C")
    axes.set_title("Coherence of categories (items)", loc="left", fontsize="medium")
    axes.margins(y=0.1)
    axes.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.01, 1))


def _draw_illusions(axes: Any, found: Analysis) -> None:
    assert found.illusions is not None
    shown = found.illusions.largest[:CURVES]
    last = 1.3 * max(one.window[1] for one in shown)
    times = np.linspace(0, last, 500)
    for one, colour in zip(shown, colours(len(shown)), strict=True):
        output = _output(found, one)
        label = f"{_short(one.item)}: {_short(one.property)} (true {one.final:.3g})"
        values = output.at(times)
        axes.plot(times, values, color=colour, label=label)
        inside = (times >= one.window[0]) & (times <= one.window[1])
        axes.plot(times[inside], values[inside], color=colour, linewidth=3.5, alpha=0.35)
        axes.plot([one.time], [one.peak], "o", color=colour, markersize=4)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title(
        "Illusory correlations, the largest; thick: beyond half the height",
        loc="left",
        fontsize="medium",
    )
    axes.set_xlabel(f"time  (unit in which τ = {found.settings.tau:g})")
    axes.set_ylabel("predicted output")
    axes.set_xlim(0, last)
    axes.legend(fontsize="small", frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))


def _output(found: Analysis, one: Illusion) -> Output:
    m = found.table.properties.index(one.property)
    return Output(found.modes, found.settings, m, found.table.items.index(one.item))


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"{name[:17]}…"


Draw = Callable[[Any, Analysis], None]

FIGURES: Mapping[str, tuple[Draw, Callable[[Analysis], bool]]] = {
    "modes": (_draw_modes, lambda found: True),
    "similarity": (_draw_similarity, lambda found: True),
    "structure": (_draw_structures, lambda found: bool(found.structure.scores)),
    "tree": (_draw_tree, _is_tree),
    "illusions": (
        _draw_illusions,
        lambda found: found.illusions is not None and bool(found.illusions.largest),
    ),
    "categories": (_draw_categories, lambda found: bool(found.categories)),
}
"""Names of the figures, what draws them on axes, and whether there is anything to draw."""
