"""Which of two modes is learned first, and when the order is turned round."""

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

START = 0.1
FRACTIONS = (0.5, 0.8, 0.95)
STRONGEST, DOTS, POINTS = 1.2, 11, 120
S1, S2 = 2.0, 1.0
PAIRS, HIGH, WIDE = 44, 0.6, 0.49


@styled
def draw(rng: np.random.Generator) -> Any:
    """Time to a fraction of the final strength; and who is first from unequal starts."""
    figure, (times, ties) = canvas(1, 2, 3.0)
    _draw_times(times)
    _draw_ties(ties, rng)
    return figure


def _draw_times(axes: Any) -> None:
    from ..deep.claimed import claimed
    from .training import diagonal_flow, time_at

    for place, c in enumerate(FRACTIONS):
        colour, least = COLOURS[place], START / c
        strengths = least * (1 + np.geomspace(0.004, STRONGEST / least - 1, POINTS))
        theory = [_time_to(float(s), c) for s in strengths]
        axes.plot(strengths, theory, color=colour, linestyle=LINES[place], label=f"$c={c:g}$")
        told, moments = np.linspace(least * 1.06, STRONGEST, DOTS), np.linspace(0, 16, 401)
        below, above = diagonal_flow([np.full(DOTS, START**0.5)] * 2, told, moments)
        reached = [time_at(moments, below[:, i] * above[:, i], c * s) for i, s in enumerate(told)]
        points(axes, told, reached, colour, MARKS[place])
        best = claimed("modes.fraction_criterion", c=c, a0=START)["s_star"]
        axes.plot(best, _time_to(best, c), "*", color=colour, markersize=9, zorder=4)
    axes.set_xlim(0, STRONGEST)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("strength of the mode  $s$")
    axes.set_ylabel(r"time to the strength $cs$,  $t/\tau$")
    axes.legend(loc="upper right")
    name_panel(axes, "a", "the weakest may be first")


def _time_to(s: float, c: float) -> float:
    from ..deep.claimed import claimed_form

    return claimed_form("modes.learning_time", "statement", s=s, a_0=START, a_f=c * s, tau=1)


def _draw_ties(axes: Any, rng: np.random.Generator) -> None:
    from ..deep.claimed import claimed

    starts = np.linspace(0.004, WIDE, POINTS // 2)
    tie = np.array(
        [claimed("modes.stronger_first", s1=S1, s2=S2, a02=float(a))["a01"] for a in starts]
    )
    axes.fill_between(starts, 0, tie, color=VERMILION, alpha=0.14, linewidth=0)
    axes.fill_between(starts, tie, HIGH, color=BLUE, alpha=0.10, linewidth=0)
    axes.plot(starts, tie, color="black")
    axes.plot([0, WIDE], [0, WIDE], color=GREY, linewidth=0.9, linestyle=LINES[2])
    strong, weak = rng.uniform(0.06, HIGH - 0.07, PAIRS), rng.uniform(0.02, WIDE - 0.01, PAIRS)
    ahead = _first_is_ahead(strong, weak)
    for chosen, colour, mark in ((ahead, BLUE, "o"), (~ahead, VERMILION, "s")):
        points(axes, weak[chosen], strong[chosen], colour, mark)
    axes.set_xlim(0, WIDE)
    axes.set_ylim(0, HIGH)
    axes.set_xlabel(f"start of the weaker mode  $a_{{02}}$,  $s_2={S2:g}$")
    axes.set_ylabel(f"start of the stronger mode  $a_{{01}}$,  $s_1={S1:g}$")
    told = {"fontsize": 9, "va": "center"}
    axes.text(0.012, 0.572, "stronger first", color=BLUE, **told)
    axes.text(WIDE - 0.012, 0.028, "weaker first", color=VERMILION, ha="right", **told)
    name_panel(axes, "b", "unequal starts")


def _first_is_ahead(strong: Any, weak: Any) -> Any:
    """Whether the stronger mode of each pair is the first at half its strength, by the flow."""
    from .training import diagonal_flow, time_at

    moments = np.linspace(0, 6, 201)
    reached = []
    for start, s in ((strong, S1), (weak, S2)):
        below, above = diagonal_flow([start**0.5] * 2, np.full(PAIRS, s), moments)
        values = below * above
        reached.append([time_at(moments, values[:, i], s / 2) for i in range(PAIRS)])
    return np.array(reached[0]) < np.array(reached[1])


FIGURE = Figure(
    name="order",
    title="Which mode is first depends on what first means",
    caption=(
        "Left: the time until a mode has the fraction c of its final strength s, from the start "
        "0.1. Lines are the theory, marks gradient flow. It falls with s only beyond the star, the "
        "strength of the fraction criterion; weaker modes than that are the sooner the weaker they "
        "are. Right: two modes of the strengths 2 and 1 from unequal starts. On the black curve "
        "both have half their strength at one time; below it the weaker mode is first. Circles "
        "and squares are trained networks in which the stronger or the weaker mode was first; on "
        "the dotted line the starts are equal."
    ),
    alt=(
        "Two panels. Left, three curves of learning time against strength: each rises steeply, has "
        "a maximum marked by a star and falls slowly. Right, a plane of two starts cut by a curve "
        "that bends upward: circles above it, where the stronger mode is first, squares below it."
    ),
    draw=draw,
    claims=("modes.learning_time", "modes.fraction_criterion", "modes.stronger_first.tie"),
)
