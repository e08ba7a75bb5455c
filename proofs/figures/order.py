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
    OPEN,
    VERMILION,
    canvas,
    explain,
    name_panel,
    points,
    styled,
)

__all__ = ["FIGURE"]

START = 0.1
FRACTIONS = (0.5, 0.8, 0.95)
STRONGEST, DOTS, POINTS = 1.6, 12, 160
S1, S2 = 2.0, 1.0
PAIRS = 44


@styled
def draw(rng: np.random.Generator) -> Any:
    """Time to a fraction of the final strength; and who is first from unequal starts."""
    figure, (times, ties) = canvas(1, 2, 3.0)
    _draw_times(times)
    _draw_ties(ties, rng)
    return figure


def _draw_times(axes: Any) -> None:
    from ..deep.claimed import claimed, claimed_form
    from .training import scalar_flow, time_at

    for place, c in enumerate(FRACTIONS):
        colour = COLOURS[place]
        least = START / c

        def time_to(s: float, c: float = c) -> float:
            return claimed_form(
                "modes.learning_time", "statement", s=s, a_0=START, a_f=c * s, tau=1
            )

        strengths = np.linspace(least * 1.004, STRONGEST, POINTS)
        axes.plot(strengths, [time_to(float(s)) for s in strengths], color=colour,
                  linestyle=LINES[place], label=f"$c={c:g}$")  # fmt: skip
        told = np.linspace(least * 1.05, STRONGEST, DOTS)
        moments = np.linspace(0, 12, 601)
        both = scalar_flow([np.full(DOTS, START**0.5)] * 2, told, moments)
        reached = [
            time_at(moments, both[0][:, i] * both[1][:, i], c * s) for i, s in enumerate(told)
        ]
        points(axes, told, reached, colour, MARKS[place])
        best = claimed("modes.fraction_criterion", c=c, a0=START)["s_star"]
        if best < STRONGEST:
            axes.plot(best, time_to(best), "*", color=colour, markersize=9, zorder=4)
    axes.set_xlim(0, STRONGEST)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("strength of the mode  $s$")
    axes.set_ylabel(r"time to a fraction $c$ of it  $t/\tau$")
    axes.legend(loc="upper right")
    name_panel(axes, "a", "slowest is not the weakest")


def _draw_ties(axes: Any, rng: np.random.Generator) -> None:
    from ..deep.claimed import claimed
    from .training import scalar_flow, time_at

    starts = np.linspace(0.004, 0.5 * S2 * 0.98, POINTS // 2)
    tie = np.array(
        [claimed("modes.stronger_first", s1=S1, s2=S2, a02=float(a))["a01"] for a in starts]
    )
    axes.fill_between(starts, 0, tie, color=VERMILION, alpha=0.13, linewidth=0)
    axes.fill_between(starts, tie, 1.0, color=BLUE, alpha=0.11, linewidth=0)
    axes.plot(starts, tie, color="black")
    axes.plot([0, 0.49], [0, 0.49], color=GREY, linewidth=0.8, linestyle=LINES[2])
    weak = rng.uniform(0.03, 0.47, PAIRS)
    strong = 0.6 * rng.uniform(0.03, 1.0, PAIRS) ** 1.6
    moments = np.linspace(0, 6, 601)
    first, second = (
        scalar_flow([start**0.5] * 2, np.full(PAIRS, s), moments)
        for start, s in ((strong, S1), (weak, S2))
    )
    for i in range(PAIRS):
        ahead = time_at(moments, first[0][:, i] * first[1][:, i], S1 / 2) < time_at(
            moments, second[0][:, i] * second[1][:, i], S2 / 2
        )
        colour, mark = (BLUE, "o") if ahead else (VERMILION, "s")
        points(axes, weak[i], strong[i], colour, mark)
    axes.set_xlim(0, 0.49)
    axes.set_ylim(0, 0.6)
    return None
