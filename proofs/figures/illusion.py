"""What is not true is believed for a while: an illusory correlation."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figure import Figure
from .style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKS,
    VERMILION,
    canvas,
    name_panel,
    points,
    styled,
)

__all__ = ["FIGURE"]

ITEMS, PROPERTY = ("oak", "rose", "pine", "robin"), "has leaves"
START, HIDDEN = 1e-3, 16
UNTIL, FINE, DOTS = 5.0, 181, 41
S1, S2, TWO_START = 2.0, 1.0, 0.01
WEIGHTS = ((1.4, "rises, then falls"), (6.0, "falls, rises, falls"), (12.5, "only falls"))
"""Weights against the stronger mode, and what a property with them does."""


@styled
def draw(rng: np.random.Generator) -> Any:
    """A property of four items over time; and the ratio of the speeds of two modes."""
    figure, (course, ratio) = canvas(1, 2, 3.0)
    _draw_course(course, rng)
    _draw_ratio(ratio)
    for axes in (course, ratio):
        axes.set_xlabel(r"time  $t/\tau$")
    return figure


def _draw_course(axes: Any, rng: np.random.Generator) -> None:
    from lemmata.numerics.datasets import correlations
    from lemmata.numerics.modes import decoupled_start, input_output_modes

    from ..data import shipped_items
    from ..deep.claimed import claimed_form
    from .training import maps_of

    table = shipped_items("animals")
    Sigma31, asked = correlations(table, "sum").Sigma31, table.properties.index(PROPERTY)
    modes = input_output_modes(Sigma31)
    dots, fine = np.linspace(0, UNTIL, DOTS), np.linspace(0, UNTIL, FINE)
    trained = maps_of(decoupled_start(modes, START, HIDDEN, rng), Sigma31, dots)[:, asked]
    strengths = np.array(
        [
            [
                claimed_form("modes.trajectory", "a", s=float(s), a_0=START, tau=1, t=float(t))
                for s in modes.s
            ]
            for t in fine
        ]
    )
    for place, item in enumerate(ITEMS):
        number, colour = table.items.index(item), COLOURS[place]
        curve = strengths @ (modes.u[asked] * modes.v[number])
        illusory = item == "pine"
        axes.plot(fine, curve, color=colour, linestyle=LINES[place])
        points(axes, dots, trained[:, number], colour, MARKS[place], markersize=3.4)
        if illusory:
            axes.fill_between(fine, 0, curve, color=colour, alpha=0.13, linewidth=0)
    for (x, y), item, place in (
        ((2.3, 1.085), "rose", 1),
        ((2.75, 0.70), "oak", 0),
        ((1.75, 0.52), "pine: an illusion", 2),
        ((3.1, -0.09), "robin", 3),
    ):
        axes.text(x, y, item, color=COLOURS[place], va="center")
    axes.axhline(0, color=GREY, linewidth=0.6, zorder=0)
    axes.set_xlim(0, UNTIL)
    axes.set_ylim(-0.2, 1.15)
    axes.set_ylabel(f"the network says it {PROPERTY}")
    name_panel(axes, "a", "the pine has leaves, for a while")


def _draw_ratio(axes: Any) -> None:
    from ..deep.claimed import claimed, claimed_form
    from .training import diagonal_flow

    def strength(s: float, t: float) -> float:
        return claimed_form("modes.trajectory", "a", s=s, a_0=TWO_START, tau=1, t=t)

    fine, dots = np.linspace(0, 5, FINE), np.linspace(0, 5, 21)
    a1, a2 = (np.array([strength(s, float(t)) for t in fine]) for s in (S1, S2))
    speeds = a1 * (S1 - a1) / (a2 * (S2 - a2))
    axes.fill_between(fine, 0, speeds, color=BLUE, alpha=0.10, linewidth=0)
    axes.plot(fine, speeds, color="black")
    targets = np.array([S1, S2])
    below, above = diagonal_flow([np.full(2, TWO_START**0.5)] * 2, targets, dots)
    moving = (below**2 + above**2) * (targets - below * above)
    points(axes, dots, moving[:, 0] / moving[:, 1], "black", markersize=3.6)
    told = {"s1": S1, "s2": S2, "a0": TWO_START, "tau": 1}
    highest = claimed("cognition.illusory", c1=1, c2=-1, **told)["R_max"]
    turn = claimed("cognition.illusory.turns", **told)["t"]
    axes.plot(turn, highest, "*", color="black", markersize=10, zorder=4)
    axes.annotate(r"$R_\max$", (turn, highest), xytext=(9, -1), textcoords="offset points")
    for weight, words in WEIGHTS:
        rises = np.where(speeds > weight, weight, np.nan)
        axes.axhline(weight, color=VERMILION, linewidth=1.0, linestyle=LINES[2], zorder=1)
        axes.plot(fine, rises, color=BLUE, linewidth=2.6, zorder=2)
        axes.text(4.95, weight + 0.2, words, ha="right", va="bottom", fontsize=8.5)
    axes.text(1.05, 3.3, "rises", color=BLUE, ha="center")
    axes.set_xlim(0, 5)
    axes.set_ylim(0, 14)
    axes.set_ylabel(r"ratio of the speeds  $R=\dot a_1/\dot a_2$")
    name_panel(axes, "b", "when two modes disagree")


FIGURE = Figure(
    name="illusion",
    title="What is not true is believed for a while",
    caption=(
        "Left: what a network that learns the shipped table says of the leaves of four items. The "
        "pine has none, but until finer modes are learned it is taken for a plant like the others. "
        "Lines are the sum of the modes of the theory, marks a network trained by gradient flow. "
        "Right: two modes of the strengths 2 and 1 that pull a property in opposite directions. "
        "The curve is the ratio R of their speeds; the property rises exactly while the weight "
        "against it, a horizontal line, is below the curve. Beyond the star, the largest ratio, "
        "it never rises."
    ),
    alt=(
        "Left, four curves over time: two rise to one, one stays near zero, and that of the pine "
        "rises above one half and falls back to zero. Right, a curve with one peak over three "
        "horizontal lines: the lowest is below the curve at first, the middle one only around the "
        "peak, the highest never."
    ),
    draw=draw,
    claims=("cognition.illusory", "cognition.illusory.condition", "cognition.illusory.turns"),
)
