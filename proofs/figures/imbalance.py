"""A mode whose two layers differ moves on a hyperbola, and loses its stages."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figure import Figure
from .style import COLOURS, LINES, MARKS, canvas, name_panel, points, styled

__all__ = ["FIGURE"]

IMBALANCES = (0.0, 0.4, 0.6, 2.0)
START, UNTIL = 0.01, 4.0
FINE, DOTS = 161, 17
REACH = 1.65


@styled
def draw(rng: np.random.Generator) -> Any:
    """Curves of one mode at four imbalances, and the plane of its two layers."""
    from .training import diagonal_flow

    figure, (curves, plane) = canvas(1, 2, 3.0, width_ratios=[1.25, 1])
    dots = np.linspace(0, UNTIL, DOTS)
    starts = [_layers(c) for c in IMBALANCES]
    pairs = [np.array(pair) for pair in zip(*starts, strict=True)]
    below, above = diagonal_flow(pairs, np.ones(len(IMBALANCES)), dots)
    for i, c in enumerate(IMBALANCES):
        _draw_curve(curves, c, i)
        points(curves, dots, below[:, i] * above[:, i], COLOURS[i], MARKS[i])
    _draw_plane(plane, below, above)
    curves.set_xlim(0, UNTIL)
    curves.set_ylim(0, 1.05)
    curves.set_xlabel(r"time  $t/\tau$")
    curves.set_ylabel("strength of the mode  $u=vw$,  $s=1$")
    curves.legend(loc="lower right", title=r"imbalance $c_0=v^2-w^2$", title_fontsize=8.5)
    name_panel(curves, "a", "stages fade with the imbalance")
    return figure


def _layers(c: float) -> tuple[float, float]:
    """The strengths ``v`` and ``w`` of product ``START`` and imbalance ``c``."""
    square = (c + np.hypot(c, 2 * START)) / 2
    return float(np.sqrt(square)), float(START / np.sqrt(square))


def _draw_curve(axes: Any, c: float, place: int) -> None:
    from ..deep.claimed import claimed, claimed_form

    v, w = _layers(c)

    def strength(t: float) -> float:
        return claimed_form(
            "modes.unbalanced_trajectory", "statement", s=1, A_0=v, B_0=w, tau=1, t=t
        )

    times = np.linspace(0, UNTIL, FINE)
    curve = np.array([START, *(strength(float(t)) for t in times[1:])])
    axes.plot(times, curve, color=COLOURS[place], linestyle=LINES[place], label=f"${c:g}$")
    if c < np.sqrt(0.5):
        ends = claimed("modes.inflection", s=1, c=c)
        for level in (ends["u_minus"], ends["u_plus"]):
            if level > START:
                at = float(np.interp(level, curve, times))
                axes.plot(at, level, "*", color=COLOURS[place], markersize=9, zorder=4)


def _draw_plane(axes: Any, below: Any, above: Any) -> None:
    grid = np.linspace(-REACH, REACH, 401)
    v, w = np.meshgrid(grid, grid)
    axes.contour(v, w, v**2 - w**2, levels=np.linspace(-2.4, 2.4, 9), colors="0.85", linewidths=0.7,
                 linestyles="solid")  # fmt: skip
    right = grid[grid > 1 / REACH]
    for sign in (1, -1):
        axes.plot(sign * right, sign / right, color="black", linewidth=1.6)
    for i in range(len(IMBALANCES)):
        axes.plot(below[:, i], above[:, i], color=COLOURS[i], linestyle=LINES[i], zorder=2)
        points(axes, below[:, i], above[:, i], COLOURS[i], MARKS[i], markersize=3.4)
    axes.set_xlim(-0.4, REACH)
    axes.set_ylim(-0.4, REACH)
    axes.set_aspect("equal")
    axes.set_xlabel("first layer  $v$")
    axes.set_ylabel("second layer  $w$")
    axes.text(0.73, 1.42, "$vw=s$", ha="left")
    name_panel(axes, "b", "paths are hyperbolas")


FIGURE = Figure(
    name="imbalance",
    title="Stages need layers of like strength",
    caption=(
        "One mode of strength 1 whose two layers begin at the product 0.01 with different squares. "
        "Left: its strength; lines are the theory, marks gradient flow. Stars are the inflections: "
        "the curve is convex between them, and there are none once the imbalance exceeds the "
        "strength divided by the root of 2; the most unequal layers learn almost exponentially "
        "from the first moment. Right: the same paths in the plane of the two layers; the "
        "difference of the squares is conserved, so that each follows a hyperbola, grey, up to the "
        "black one of the solutions."
    ),
    alt=(
        "Left, four curves of strength against time: the balanced one is S-shaped, with growing "
        "imbalance the slow beginning vanishes. Right, the plane of both layers with four paths "
        "along grey hyperbolas that end on a black hyperbola."
    ),
    draw=draw,
    claims=("modes.unbalanced_trajectory", "modes.unbalanced.conserved", "modes.inflection"),
)
