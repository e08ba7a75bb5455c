"""One look for all figures: colours that colour-blind readers tell apart, marks, lines, letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

__all__ = [
    "BLACK",
    "BLUE",
    "COLOURS",
    "GREEN",
    "GREY",
    "LINES",
    "MARKS",
    "OPEN",
    "ORANGE",
    "PURPLE",
    "SKY",
    "VERMILION",
    "WIDTH",
    "canvas",
    "explain",
    "ink",
    "name_panel",
    "points",
    "ramp",
    "styled",
]

BLACK, GREY = "#000000", "#6b6b6b"
BLUE, VERMILION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
SKY, PURPLE = "#56b4e9", "#cc79a7"
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, SKY, PURPLE)
"""Of Okabe & Ito, in the order of use."""
MARKS = ("o", "s", "^", "D", "v", "<")
LINES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (1.2, 1.6)), (0, (6, 1.6, 1.2, 1.6)), (0, (3, 1.4)))
"""Curves differ by these and their marks too, not by colour alone."""

LEGIBLE = 5.4
"""Least contrast of letters with white: on a light grey it is 4.5, which WCAG asks for."""

WIDTH = 6.4
"""Inches: the width of a column of text; letters are then as large as in the text around."""

LOOK: dict[str, Any] = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 9.5,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 6.0,
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.7,
    "axes.edgecolor": "#333333",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.minor.width": 0.5,
    "ytick.minor.width": 0.5,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "legend.borderaxespad": 0.2,
    "legend.labelspacing": 0.35,
    "lines.linewidth": 1.5,
    "lines.solid_capstyle": "round",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}

Draw = Callable[[np.random.Generator], Any]


def styled(draw: Draw) -> Draw:
    """A figure drawn in this look, whatever the settings of the reader; alike on any cores."""

    @wraps(draw)
    def drawn(rng: np.random.Generator) -> Any:
        from lemmata.numerics.blas_threads import one_thread_each
        from matplotlib import rc_context, rcdefaults, rcParams

        with rc_context(), one_thread_each():
            rcdefaults()
            rcParams.update(LOOK)
            figure = draw(rng)
            _darken_letters(figure)
            # Ticks are made when they are needed: now, in this look.  Then the layout stays.
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
        return figure

    return drawn


def _darken_letters(figure: Any) -> None:
    """Letters in the colour of a curve are as dark as they must be to be read."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_color(ink(text.get_color()))


def ink(colour: Any) -> tuple[float, float, float]:
    """The colour, darkened until its contrast with white is that of legible letters."""
    from matplotlib.colors import to_rgb

    found = np.array(to_rgb(colour))
    while 1.05 / (_luminance(found) + 0.05) < LEGIBLE:
        found = 0.98 * found
    red, green, blue = map(float, found)
    return red, green, blue


def _luminance(colour: Any) -> float:
    """Relative luminance of WCAG, of sRGB between 0 and 1."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def canvas(rows: int, columns: int, height: float, **layout: Any) -> tuple[Any, Any]:
    """A figure as wide as a column of text, and its axes."""
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.05, wspace=0.06, hspace=0.06)
    return figure, figure.subplots(rows, columns, **layout)


def name_panel(axes: Any, letter: str, title: str) -> None:
    """The letter and the title of a panel, above it on the left."""
    axes.set_title(rf"$\mathbf{{{letter}}}$   {title}")


def points(axes: Any, x: Any, y: Any, colour: Any, mark: str = "o", **style: Any) -> None:
    """Open marks: what was simulated."""
    look = {"markersize": 4.2, "markeredgewidth": 1.0, "markerfacecolor": "white", "zorder": 3}
    axes.plot(x, y, mark, markeredgecolor=colour, **{**look, **style})


OPEN: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 4.2,
    "markeredgewidth": 1.0,
    "markerfacecolor": "white",
}
"""An open mark, in a legend."""


def explain(axes: Any, entries: list[tuple[str, dict[str, Any]]], **place: Any) -> None:
    """A legend of lines and marks in black: what they are, whatever their colour."""
    from matplotlib.lines import Line2D

    looks = [{"color": "#333333", "linewidth": 1.3, **look} for _, look in entries]
    handles = [Line2D([], [], **look) for look in looks]
    axes.legend(handles, [label for label, _ in entries], **place)


def ramp(count: int) -> list[Any]:
    """Shades in order, dark to light, that also differ in grey."""
    from matplotlib import colormaps

    return [colormaps["viridis"](x) for x in np.linspace(0.05, 0.82, count)]
