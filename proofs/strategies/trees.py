"""Hierarchies of items: the trees of the branching diffusion, regular or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Hierarchy", "Levels", "Tree"]

Tree = list[tuple[Fraction, Any]]
"""A node: its links as pairs (flip probability, node below); a leaf, one item, is ``[]``."""

Levels = list[tuple[int, Fraction]]
"""Branching factor and flip probability of each level, from the root down."""


@dataclass(frozen=True, repr=False)
class Hierarchy:
    """A tree of items with a flip probability at each link.

    ``tree`` is a nested list: a node is the list of its links ``(epsilon, node)``, a leaf ``[]``.
    """

    tree: Tree

    @classmethod
    def regular(cls, B: Sequence[int], epsilon: Sequence[Fraction]) -> Hierarchy:
        """The tree whose level-l nodes have B[l] children, each link flipping with epsilon[l].

        Raises ``ValueError`` when ``B`` and ``epsilon`` differ in length.
        """
        tree: Tree = []
        for children, flip in reversed(list(zip(B, epsilon, strict=True))):
            tree = [(flip, tree)] * children
        return cls(tree)

    @property
    def levels(self) -> Levels | None:
        """(B_l, epsilon_l) of each level from the root down, None when the tree is irregular.

        A tree is regular when all nodes of a level have the same number of children, and all
        links below them the same flip probability.
        """
        found, nodes = [], [self.tree]
        while any(nodes):
            links = [link for node in nodes for link in node]
            flips = {flip for flip, _ in links}
            counts = {len(node) for node in nodes}
            if len(counts) > 1 or len(flips) > 1:
                return None
            found.append((counts.pop(), flips.pop()))
            nodes = [below for _, below in links]
        return found

    @property
    def B(self) -> list[int] | None:
        """Branching factors B_0, ..., B_{D-1} of a regular tree, None of an irregular one."""
        return None if self.levels is None else [children for children, _ in self.levels]

    @property
    def epsilon(self) -> list[Fraction] | None:
        """Flip probabilities of the levels of a regular tree, None of an irregular one."""
        return None if self.levels is None else [flip for _, flip in self.levels]

    @property
    def D(self) -> int:
        """Depth: links from the root to the farthest leaf."""
        return _depth(self.tree)

    @property
    def P(self) -> int:
        """Number of items, the leaves."""
        return _leaves(self.tree)

    def __repr__(self) -> str:
        if self.levels is None:
            return f"Hierarchy({self.tree!r})"
        return f"Hierarchy.regular(B={self.B!r}, epsilon={self.epsilon!r})"


def _depth(tree: Tree) -> int:
    return max((1 + _depth(below) for _, below in tree), default=0)


def _leaves(tree: Tree) -> int:
    return sum(_leaves(below) for _, below in tree) if tree else 1
