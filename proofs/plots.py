"""Figures; matplotlib is imported when one is drawn."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import PurePath
from typing import Any

import numpy as np

from .figures.style import BLACK, COLOURS, GREY, ramp
from .items_comparison import ItemsComparison

__all__ = ["FORMATS", "PlotError", "check_figure", "colours", "drawn", "items_figure"]

FORMATS = (".png", ".pdf", ".svg")

DISTINCT = (*COLOURS, GREY, BLACK)
"""Colours that are told apart; more modes than these are shaded in order."""

NAMED = 20
"""The legend names no more modes than these."""


class PlotError(ValueError):
    """A figure that cannot be drawn; one line with the fix."""


def check_figure(path: str) -> None:
    """Raise ``PlotError`` for a file name of another kind, or when matplotlib is missing."""
    if PurePath(path).suffix.lower() not in FORMATS:
        raise PlotError(f"{path}: give a file name that ends with {', '.join(FORMATS)}")
    if find_spec("matplotlib") is None:
        raise PlotError("matplotlib is not installed: python -m pip install 'lemmata[plot]'")


def items_figure(found: ItemsComparison, title: str, tau: float, path: str) -> bytes:
    """Theory's curves over the trained networks, and their differences, as the bytes of a file.

    The format is that of the name ``path``.  Above: lines are theory and points gradient flow,
    both from the decoupled start; dashed lines are gradient flow from the small random start.
    Below: ``|simulation - theory|`` of flow and of descent from the decoupled start, and the error
    budgets as thin lines.  Raises ``PlotError`` as ``check_figure``.
    """
    check_figure(path)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 6.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    above.set_title(title, fontsize="medium", loc="left")
    for i, colour in enumerate(colours(len(found.modes))):
        _draw_strengths(above, found, i, colour)
        _draw_differences(below, found, i, colour)
    _draw_budgets(below, found)
    above.set_ylabel("strength of a mode  (unit of the table)")
    below.set_ylabel("|simulation - theory|\n(unit of the table)")
    below.set_xlabel(f"time  (unit in which τ = {tau:g})")
    below.set_yscale("log")
    above.set_xlim(0, float(found.run.times[-1]))
    _explain(above, below)
    return drawn(figure, path)


def drawn(figure: Any, path: str) -> bytes:
    """A figure of matplotlib as the bytes of a file of that name; equal figures, equal bytes."""
    from matplotlib import rc_context

    kind, made = PurePath(path).suffix[1:].lower(), BytesIO()
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    # Type 3 fonts, the default in PDF, are refused by many publishers.
    with rc_context({"svg.hashsalt": "lemmata", "pdf.fonttype": 42}):
        figure.savefig(made, format=kind, dpi=160, metadata=undated.get(kind))
    return made.getvalue()


def colours(count: int) -> list[Any]:
    """As many colours: distinct ones, or beyond eight of them shades in order."""
    return list(DISTINCT[:count]) if count <= len(DISTINCT) else ramp(count)


def _draw_strengths(axes: Any, found: ItemsComparison, i: int, colour: Any) -> None:
    run, mode = found.run, found.modes[i]
    name = f"{_numbers(mode.numbers)}: s = {mode.s:.3g}" if i < NAMED else None
    axes.plot(run.times, found.theory["decoupled"][:, i], color=colour, label=name, zorder=2)
    axes.plot(
        run.times,
        run.flow["decoupled"].subspaces[:, i],
        linestyle="none",
        marker="o",
        markersize=3.2,
        markerfacecolor="white",
        markeredgecolor=colour,
        zorder=3,
    )
    axes.plot(
        run.times,
        run.flow["small random"].subspaces[:, i],
        linestyle=(0, (4, 2)),
        linewidth=1.1,
        alpha=0.8,
        color=colour,
        zorder=1,
    )


def _draw_differences(axes: Any, found: ItemsComparison, i: int, colour: Any) -> None:
    theory = found.theory["decoupled"][:, i]
    for training, marker in ((found.run.flow, "o"), (found.run.descent, "s")):
        gap = np.abs(training["decoupled"].subspaces[:, i] - theory)
        axes.plot(
            found.run.times,
            np.where(gap > 0, gap, np.nan),
            linestyle="none",
            marker=marker,
            markersize=2.4,
            markerfacecolor=colour if marker == "s" else "white",
            markeredgecolor=colour,
            markeredgewidth=0.7,
        )


def _draw_budgets(axes: Any, found: ItemsComparison) -> None:
    for style, budget in (("-", found.budgets["flow"]), ("--", found.budgets["descent"])):
        axes.plot(found.run.times, budget.max(axis=-1), style, color="black", linewidth=0.9)


def _numbers(numbers: tuple[int, ...]) -> str:
    first, last = numbers[0], numbers[-1]
    return f"mode {first}" if first == last else f"modes {first}-{last}"


def _explain(above: Any, below: Any) -> None:
    from matplotlib.lines import Line2D

    def like(label: str, **style: Any) -> Any:
        return Line2D([], [], **{"color": "black", "label": label, **style})

    dots = {"linestyle": "none", "marker": "o", "markersize": 4, "markerfacecolor": "white"}
    squares = {"linestyle": "none", "marker": "s", "markersize": 3}
    beside: dict[str, Any] = {"fontsize": "small", "frameon": False}
    modes = above.legend(loc="upper left", bbox_to_anchor=(1.01, 1), **beside)
    kinds = [
        like("theory, decoupled start"),
        like("gradient flow from it", **dots),
        like("gradient flow from the\nsmall random start", linestyle=(0, (4, 2)), linewidth=1.1),
    ]
    above.legend(handles=kinds, loc="lower left", bbox_to_anchor=(1.01, 0), **beside)
    above.add_artist(modes)
    differences = [
        like("gradient flow", **dots),
        like("error budget of flow", linewidth=0.9),
        like("descent", **squares),
        like("error budget of descent", linestyle="--", linewidth=0.9),
    ]
    below.legend(
        handles=differences,
        title="decoupled start",
        title_fontsize="small",
        alignment="left",
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        **beside,
    )
