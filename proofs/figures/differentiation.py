"""A hierarchy is differentiated from its coarsest distinction to the finest."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figure import Figure
from .style import COLOURS, GREY, LINES, MARKS, canvas, name_panel, points, styled

__all__ = ["FIGURE"]

BRANCHES, FLIP = (2, 2, 2), "1/20"
START, HIDDEN = 1e-4, 16
UNTIL, FINE, DOTS = 16.0, 161, 33
NAMES = ("two kingdoms", "one kingdom", "one family")


@styled
def draw(rng: np.random.Generator) -> Any:
    """Distances of the representations of items by level; and one readout, which unfolds."""
    from lemmata.numerics.modes import decoupled_start, input_output_modes
    from lemmata.numerics.trees import regular_tree

    from ..deep.claimed import claimed_form
    from ..tree_theory import population
    from .training import trained

    tree = regular_tree(BRANCHES, FLIP)
    theory = population(tree)
    dots, fine = np.linspace(0, UNTIL, DOTS), np.linspace(0, UNTIL, FINE)
    strengths = np.array(
        [
            [
                claimed_form("modes.trajectory", "a", s=level.s, a_0=START, tau=1, t=float(t))
                for level in theory.levels
            ]
            for t in fine
        ]
    )
    # The symmetric root of the similarity has the modes of features of unlimited number.
    root = np.sum([level.s * level.projector for level in theory.levels], axis=0)
    first, _ = trained(decoupled_start(input_output_modes(root), START, HIDDEN, rng), root, dots)
    figure, (distances, unfolding) = canvas(1, 2, 3.0)
    _draw_distances(distances, tree, theory, strengths, first, fine, dots)
    _draw_unfolding(unfolding, tree, theory, strengths, first, fine, dots)
    for axes in (distances, unfolding):
        axes.set_xlim(0, UNTIL)
        axes.set_xlabel(r"time  $t/\tau$")
    return figure


def _draw_distances(
    axes: Any, tree: Any, theory: Any, strengths: Any, first: Any, fine: Any, dots: Any
) -> None:
    from ..tree_theory import representations

    foretold, own = representations(theory.levels, strengths), first.transpose(0, 2, 1) @ first
    for level, name in enumerate(NAMES):
        i, j = np.argwhere(tree.common_levels == level)[0]
        colour = COLOURS[level]
        axes.plot(fine, _distance(foretold, i, j), color=colour, linestyle=LINES[level], label=name)
        points(axes, dots, _distance(own, i, j), colour, MARKS[level], markersize=3.6)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("distance of two representations")
    axes.legend(loc="lower right", title="two items of", title_fontsize=8.5, alignment="left")
    name_panel(axes, "a", "coarse distinctions come first")


def _distance(kernels: Any, i: int, j: int) -> Any:
    """Of the representations of two items, from the inner products of all."""
    return np.sqrt(np.maximum(kernels[:, i, i] + kernels[:, j, j] - 2 * kernels[:, i, j], 0))


def _draw_unfolding(
    axes: Any, tree: Any, theory: Any, strengths: Any, first: Any, fine: Any, dots: Any
) -> None:
    """One direction of the hidden layer, which in the end has the items in a row."""
    row = np.arange(tree.P) - (tree.P - 1) / 2
    shares = np.sqrt(strengths / strengths[-1])
    parts = np.array([level.projector @ row for level in theory.levels])
    last = first[-1]
    direction = last @ np.linalg.solve(last.T @ last, row)
    foretold, measured = shares @ parts, first.transpose(0, 2, 1) @ direction
    for item in range(tree.P):
        family, kingdom = item // 2, item // 4
        colour = COLOURS[kingdom]
        axes.plot(fine, foretold[:, item], color=colour, linestyle=LINES[family % 2])
        points(axes, dots[::2], measured[::2, item], colour, MARKS[kingdom], markersize=3.2)
        axes.text(UNTIL * 1.02, foretold[-1, item], f"item {item + 1}", va="center", fontsize=8.5)
    axes.axhline(0, color=GREY, linewidth=0.6, zorder=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylabel("one direction of the hidden layer")
    name_panel(axes, "b", "the tree unfolds from its root")


FIGURE = Figure(
    name="differentiation",
    title="A hierarchy is learned from the root to the leaves",
    caption=(
        "Eight items, the leaves of a binary tree along which features flip with the probability "
        "0.05 at every link. Left: distances between the hidden representations of two items that "
        "part at the root, one level below, and two levels below. Right: the representations seen "
        "along the direction that has them in a row in the end. Lines are the theory, marks a "
        "network trained by gradient flow. Each level of the tree is one multiplet of modes, and "
        "coarser levels are stronger: kingdoms part first, then families, then single items."
    ),
    alt=(
        "Left, three curves of distance against time rise one after the other: items of two "
        "kingdoms first and farthest, then those of one kingdom, then those of one family. Right, "
        "a bundle of eight lines that splits in two, then in four, then in eight, like a tree."
    ),
    draw=draw,
    claims=("hierarchy.differentiation", "hierarchy.decreasing", "modes.trajectory"),
)
