"""How the time to learn depends on depth."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figure import Figure
from .style import COLOURS, LINES, MARKS, canvas, name_panel, points, styled

__all__ = ["FIGURE"]

LAYERS = (1, 2, 3, 5)
"""Weight matrices of the networks in the first panel."""
START, UNTIL = 0.05, 5.0
DEPTHS = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30)
SIMULATED = (1, 2, 3, 5, 10, 30)
STARTS = (0.03, 0.1, 0.3)
FRACTION = 0.9
"""Of its final strength: learned."""


@styled
def draw(rng: np.random.Generator) -> Any:
    """Learning curves of one mode at four depths; and updates at the best rate against depth."""
    figure, (curves, updates) = canvas(1, 2, 3.0)
    _draw_curves(curves)
    _draw_updates(updates)
    return figure


def _draw_curves(axes: Any) -> None:
    from .training import diagonal_flow

    for place, D in enumerate(LAYERS):
        colour = COLOURS[place]
        strengths = START + (1 - START) * np.linspace(0, 1, 71)[:-1]
        strengths = np.append(strengths, 1 - np.geomspace(0.01, 3e-4, 12))
        times = [_time(D, START, float(a)) for a in strengths]
        name = "1 layer" if D == 1 else f"{D} layers"
        axes.plot(times, strengths, color=colour, linestyle=LINES[place], label=name)
        dots = np.linspace(0, UNTIL, 26)
        layers = diagonal_flow([np.array([START ** (1 / D)])] * D, np.ones(1), dots)
        measured = np.prod([layer[:, 0] for layer in layers], axis=0)
        points(axes, dots, measured, colour, MARKS[place], markersize=3.4)
    axes.set_xlim(0, UNTIL)
    axes.set_ylim(0, 1.05)
    axes.set_xlabel(r"time  $t/\tau$")
    axes.set_ylabel("strength of the mode  $a$,  $s=1$")
    axes.legend(loc="lower right")
    name_panel(axes, "a", "deeper, later, steeper")


def _time(D: int | str, a0: float, af: float) -> float:
    """From ``a0`` to ``af`` at ``s = tau = 1``; at infinite depth, of ``tau`` times the depth."""
    from ..deep.claimed import claimed, claimed_form

    if af == a0:
        return 0.0
    if D == 2:
        return claimed_form("modes.learning_time", "statement", s=1, a_0=a0, a_f=af, tau=1)
    if isinstance(D, int) and D > 2:
        known = {"D": D, "s": 1, "a_0": a0, "a_f": af, "tau": 1}
        return claimed_form("depth.learning_time", "statement", **known)
    layers = "oo" if D == "oo" else 2
    return claimed("depth.learning_time", N_l=layers, s=1, a0=a0, af=af, tau=1)["t"]


def _draw_updates(axes: Any) -> None:
    """At the rate ``c / D`` a time ``t`` takes ``t D / c`` updates."""
    measured = {D: _measured_updates(D) for D in SIMULATED}
    for place, a0 in enumerate(STARTS):
        colour = COLOURS[place]
        theory = [D * _time(D, a0, FRACTION) for D in DEPTHS]
        axes.plot(DEPTHS, theory, color=colour, linestyle=LINES[place])
        points(axes, SIMULATED, [measured[D][place] for D in SIMULATED], colour, MARKS[place])
        limit = _time("oo", a0, FRACTION)
        axes.plot([30, 62], [limit, limit], color=colour, linewidth=1.0)
        axes.text(66, limit, rf"$\infty$,  $a_0={a0:g}$", color=colour, va="center", fontsize=8.5)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.9, 62)
    axes.set_ylim(1.5, 60)
    axes.set_xticks([1, 2, 3, 5, 10, 30], ["1", "2", "3", "5", "10", "30"])
    axes.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    axes.minorticks_off()
    axes.set_xlabel("layers of weights  $D$")
    axes.set_ylabel("updates until learned, times $c$")
    name_panel(axes, "b", "the delay of depth is finite")


def _measured_updates(D: int) -> list[float]:
    """The same from the flow of one network that has a mode for each start."""
    from .training import diagonal_flow, time_at

    ends = [1.1 * _time(D, a0, FRACTION) for a0 in STARTS]
    moments = np.unique(np.concatenate([np.linspace(0, end, 101) for end in ends]))
    layers = diagonal_flow([np.array(STARTS) ** (1 / D)] * D, np.ones(len(STARTS)), moments)
    product = np.prod(layers, axis=0)
    return [D * time_at(moments, product[:, i], FRACTION) for i in range(len(STARTS))]


FIGURE = Figure(
    name="depth",
    title="Depth delays learning, but no more than a finite time",
    caption=(
        "Left: one mode of strength 1 from the start 0.05 in networks of one, two, three and five "
        "layers of weights; lines are the theory, marks gradient flow. Deeper networks wait longer "
        "before they learn at a higher speed. Right: updates until the mode has nine tenths of its "
        "strength, for three starts, at the rate c divided by the depth, which is as large as "
        "stability allows up to the constant c. The number saturates with depth at the value on "
        "the right; it is the larger the smaller the start."
    ),
    alt=(
        "Left, four rising curves: with one layer the rise is immediate, with more layers it is "
        "later and steeper. Right, on logarithmic axes, three curves of updates against depth that "
        "rise and level off at horizontal lines, highest for the smallest start."
    ),
    draw=draw,
    claims=("depth.learning_time", "depth.iterations", "depth.iterations.saturates"),
)
