"""Items on a ring and on a chain: their modes are waves, the slow ones the strongest."""

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

ITEMS, SMOOTHNESS, FEATURES = 24, 25, 6000
"""Items, the variance sigma^2 of one item alone, and sampled features."""
WAVES = (1, 2, 3)


@styled
def draw(rng: np.random.Generator) -> Any:
    """Three waves of a ring; and the strengths of all modes of a ring and a chain."""
    figure, (waves, strengths) = canvas(1, 2, 3.0, width_ratios=[1.15, 1])
    sampled = {ring: _sampled(ring, rng) for ring in (True, False)}
    _draw_waves(waves, sampled[True][1])
    for ring, colour, mark, line in ((True, BLUE, "o", "-"), (False, VERMILION, "s", LINES[1])):
        name = "ring" if ring else "chain"
        told = _foretold(f"structures.{name}")
        numbers = np.arange(1, ITEMS + 1)
        strengths.plot(numbers, told, color=colour, linestyle=line, label=name)
        points(strengths, numbers, sampled[ring][0], colour, mark, markersize=3.6)
    strengths.set_xlim(0, ITEMS + 0.6)
    strengths.set_yscale("log")
    strengths.set_yticks([0.5, 1, 2, 5], ["0.5", "1", "2", "5"])
    strengths.minorticks_off()
    strengths.set_xlabel("number of the mode")
    strengths.set_ylabel(r"strength  $s/\sqrt{N}$")
    strengths.legend(loc="upper right")
    name_panel(strengths, "b", "slow waves are strong")
    return figure


def _sampled(ring: bool, rng: np.random.Generator) -> tuple[Any, Any]:
    """Singular values and object analyzers of features that vary smoothly between neighbours."""
    links = np.eye(ITEMS, k=1) + np.eye(ITEMS, k=-1)
    if ring:
        links[0, -1] = links[-1, 0] = 1
    precision = np.diag(links.sum(axis=0) + 1 / SMOOTHNESS) - links
    half = np.linalg.cholesky(np.linalg.inv(precision))
    features = rng.standard_normal((FEATURES, ITEMS)) @ half.T
    values, vectors = np.linalg.eigh(features.T @ features / FEATURES)
    return np.sqrt(values[::-1]), vectors[:, ::-1]


def _foretold(id: str) -> Any:
    """Square roots of the eigenvalues of a claim, decreasing."""
    from ..deep.claimed import located, to_float
    from ..evaluation import evaluate

    given = {"P": str(ITEMS), "sigma2": str(SMOOTHNESS)}
    values = evaluate(located(id), given, 20)["values"]["eigenvalues"]["value"]
    return np.sqrt(sorted(map(to_float, values), reverse=True))


def _draw_waves(axes: Any, analyzers: Any) -> None:
    """Only the plane of two waves of one strength is told: each is seen in it as the theory's."""
    from sympy import Symbol, lambdify

    from ..deep.claimed import located

    shape = {str(d.symbol): d.expression for d in located("structures.ring").where}["v"]
    others = {str(s): s for s in shape.expr.free_symbols}
    names = [*shape.variables, *(others.get(name, Symbol(name)) for name in ("k", "P", "phi"))]
    wave = lambdify(names, shape.expr, "numpy")
    items, fine = np.arange(ITEMS), np.linspace(0, ITEMS - 1, 12 * ITEMS)
    for place, k in enumerate(WAVES):
        colour, shift = COLOURS[place], -2.6 * place
        told = wave(items, k, ITEMS, 0.0)
        plane = analyzers[:, 2 * k - 1 : 2 * k + 1]
        seen = plane @ (plane.T @ told)
        seen *= np.linalg.norm(told) / np.linalg.norm(seen)
        axes.plot(fine, shift + wave(fine, k, ITEMS, 0.0), color=colour, linestyle=LINES[place])
        points(axes, items, shift + seen, colour, MARKS[place], markersize=3.6)
        axes.axhline(shift, color=GREY, linewidth=0.5, zorder=0)
        axes.text(ITEMS + 0.1, shift, f"$k={k}$", color=colour, va="center")
    axes.set_xlim(-0.5, ITEMS - 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("item on the ring")
    axes.set_ylabel("modes, one below the other")
    name_panel(axes, "a", "the modes of a ring are waves")


FIGURE = Figure(
    name="structures",
    title="On a ring or a chain of items the modes are waves",
    caption=(
        "Items on a ring or on a chain, with features that vary smoothly from neighbour to "
        "neighbour. Left: three modes of a ring of 24 items; lines are the waves of the theory, "
        "marks the singular vectors of 6000 sampled features. Two waves of one length share a "
        "strength, so that only their plane is determined; the samples are drawn inside their own "
        "plane. Right: the strengths of all modes, over the root of the number of features. Slow "
        "waves are strong, so they are learned first; on a ring they come in pairs, on a chain one "
        "by one."
    ),
    alt=(
        "Left, three cosine curves with one, two and three periods over the items of a ring, with "
        "marks on them. Right, two falling sequences of strengths on a logarithmic axis: that of "
        "the ring falls in steps of two, that of the chain step by step."
    ),
    draw=draw,
    claims=("structures.ring", "structures.ring.doublet", "structures.chain"),
)
