"""Modes are learned one after the other in a deep network, side by side in a shallow one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figure import Figure
from .style import COLOURS, GREY, LINES, MARKS, OPEN, canvas, explain, name_panel, points, styled

__all__ = ["FIGURE"]

SHOWN = (0, 1, 2, 4)
"""Modes of the table of animals that are drawn, from the strongest."""
START, HIDDEN = 1e-3, 16
UNTIL, DOTS = 5.0, 26


@styled
def draw(rng: np.random.Generator) -> Any:
    """Theory of deep and shallow modes, over the flow of networks on a table of animals."""
    from lemmata.numerics.datasets import correlations
    from lemmata.numerics.modes import (
        decoupled_start,
        input_output_modes,
        mode_strengths,
        small_random_start,
    )

    from ..data import shipped_items
    from .training import maps_of

    Sigma31 = correlations(shipped_items("animals"), "sum").Sigma31
    modes, (outputs, inputs) = input_output_modes(Sigma31), Sigma31.shape
    dots, fine = np.linspace(0, UNTIL, DOTS), np.linspace(0, UNTIL, 8 * DOTS)
    aligned = decoupled_start(modes, START, HIDDEN, rng)
    scale = float(np.sqrt(2 * START / HIDDEN))
    random = small_random_start((inputs, HIDDEN, outputs), scale, rng)
    nothing = [np.zeros((outputs, inputs))]
    figure, (deep, shallow) = canvas(1, 2, 2.9, sharey=True)
    for axes, start, theory in ((deep, aligned, _deep), (shallow, nothing, _shallow)):
        strengths = mode_strengths(maps_of(start, Sigma31, dots), modes)
        for place, mode in enumerate(SHOWN):
            colour, s = COLOURS[place], float(modes.s[mode])
            curve = [theory(s, float(time)) for time in fine]
            axes.plot(fine, curve, color=colour, linestyle=LINES[place])
            points(axes, dots, strengths[:, mode], colour, MARKS[place], markersize=3.4)
            axes.annotate(
                f"$s={s:.2f}$",
                (UNTIL, curve[-1]),
                xytext=(5, 0),
                textcoords="offset points",
                color=colour,
                va="center",
                fontsize=8.5,
            )
        axes.set_xlim(0, UNTIL)
        axes.set_xlabel(r"time  $t/\tau$")
    strengths = mode_strengths(maps_of(random, Sigma31, fine), modes)
    deep.plot(fine, strengths[:, list(SHOWN)], color=GREY, linewidth=0.8, zorder=0)
    deep.set_ylim(bottom=0)
    explain(shallow, [("theory", {}), ("gradient flow", OPEN)], loc="lower right")
    deep.set_ylabel("strength of a mode  $a$")
    name_panel(deep, "a", "two layers of weights: in stages")
    name_panel(shallow, "b", "one layer: side by side")
    return figure


def _deep(s: float, t: float) -> float:
    from ..deep.claimed import claimed_form

    return claimed_form("modes.trajectory", "a", s=s, a_0=START, tau=1, t=t)


def _shallow(s: float, t: float) -> float:
    from ..deep.claimed import claimed_form

    return claimed_form("modes.shallow", "statement", s=s, b_0=0, tau=1, t=t) if t else 0.0


FIGURE = Figure(
    name="modes",
    title="Deep networks learn in stages, shallow ones do not",
    caption=(
        "Strengths of four modes of the shipped table of eight animals and plants. Lines are the "
        "closed curves of the theory, marks the gradient flow of a network from a start that is "
        "aligned with the modes. Left: two layers of weights with 16 hidden units; every mode "
        "waits, then is learned quickly, the stronger one first. Grey lines are the same network "
        "from small random weights. Right: one layer of weights; all modes relax at the same rate."
    ),
    alt=(
        "Two panels of strength against time. Left, four S-shaped curves that rise one after the "
        "other, the stronger earlier, with the marks of a trained network on them and grey curves "
        "of a random start close by. Right, four curves that rise at once and level off together."
    ),
    draw=draw,
    claims=("modes.trajectory", "modes.shallow", "modes.stronger_first"),
)
