"""Trees of items with a flip probability on each link, regular or not: built, checked, walked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, repeat
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tree_numbers import TreeError, flip_probability, flips_by_level, told

__all__ = ["MOST_NODES", "Tree", "TreeError", "regular_tree", "tree_of", "tree_of_walk"]

MOST_NODES = 4_000_000
"""Larger trees are refused: lists that share their parts can denote endless ones."""


@dataclass(frozen=True)
class Tree:
    """A rooted tree; its leaves are the items.

    Nodes are numbered level by level from the root, which is node 0, and from left to right.
    ``parents[n]``: the node above ``n``, -1 for the root; ``flips[n]``: probability that a feature
    flips on the link to ``n``, 0 for the root; ``items``: the leaves from left to right, the order
    of a walk in depth; ``names``: their names.
    """

    parents: tuple[int, ...]
    flips: tuple[Fraction, ...]
    items: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def P(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def depths(self) -> NDArray[np.intp]:
        """Number of links from the root to every node."""
        found = np.zeros(len(self.parents), dtype=np.intp)
        for node, parent in enumerate(self.parents[1:], start=1):
            found[node] = found[parent] + 1
        return found

    @property
    def levels(self) -> list[range]:
        """The nodes of each level, from the root down."""
        starts = np.searchsorted(depths := self.depths, np.arange(depths[-1] + 2))
        return [range(int(a), int(b)) for a, b in pairwise(starts)]

    @property
    def children(self) -> list[list[int]]:
        """The nodes below every node, from left to right."""
        found: list[list[int]] = [[] for _ in self.parents]
        for node, parent in enumerate(self.parents[1:], start=1):
            found[parent].append(node)
        return found

    @property
    def leaves_below(self) -> list[list[int]]:
        """Positions in ``items`` of the leaves at or below every node."""
        found: list[list[int]] = [[] for _ in self.parents]
        for position, item in enumerate(self.items):
            found[item].append(position)
        for node in range(len(self.parents) - 1, 0, -1):
            # Positions below the left child come first: nodes are met from right to left.
            found[self.parents[node]][:0] = found[node]
        return found

    @property
    def common_levels(self) -> NDArray[np.intp]:
        """Level of the closest common ancestor of every two items, ``(P, P)``; own on the diagonal.

        The level of a node is its number of links from the root.
        """
        depths, below = self.depths, self.leaves_below
        found = np.zeros((self.P, self.P), dtype=np.intp)
        for node in range(1, len(self.parents)):  # deeper nodes come later
            found[np.ix_(below[node], below[node])] = depths[node]
        return found


def regular_tree(B: Sequence[int], epsilon: Any, names: Sequence[str] | None = None) -> Tree:
    """The tree whose level-l nodes have ``B[l]`` children, each link flipping with ``epsilon[l]``.

    ``epsilon``: one number per level, or one for all.  Numbers are exact: an int, a ``Fraction``,
    the decimal or p/q that a text spells, the binary value of a float.  Raises ``TreeError``.
    """
    counts = [_children(level, count) for level, count in enumerate(_sequence("B", B))]
    if not counts:
        raise TreeError("B=[]: the tree is empty: give one number of children per level")
    flips = flips_by_level(epsilon, len(counts), f"B has {len(counts)} levels")
    nodes, total = 1, 1
    for count in counts:
        nodes *= count
        total += nodes
        if total > MOST_NODES:
            raise TreeError(f"B={counts}: more than {MOST_NODES} nodes: give a smaller tree")
    parents, found, first, width = [-1], [Fraction(0)], 0, 1
    for count, flip in zip(counts, flips, strict=True):
        parents.extend(first + i // count for i in range(width * count))
        found.extend(repeat(flip, width * count))
        first, width = first + width, width * count
    items = tuple(range(first, first + width))
    return Tree(tuple(parents), tuple(found), items, _names(names, [None] * width))


def tree_of(nested: Any, epsilon: Any = None, names: Sequence[str] | None = None) -> Tree:
    """The tree that nested lists denote.

    Without ``epsilon`` a node is the list of its links ``[flip probability, node below]``; with
    ``epsilon``, one number for all links or one per level, it is the list of the nodes below.  A
    leaf is ``[]`` or the name of an item.  ``names``: those of all items from left to right.
    Raises ``TreeError`` for an empty tree, a list that contains itself, a link without a flip
    probability, and as ``regular_tree``.
    """
    if isinstance(nested, str):
        raise TreeError(f"tree={nested!r}: a leaf alone is no tree: give a list of its branches")
    table: list[tuple[int, int, Any]] = []  # parent, depth, flip, in the order of a walk in depth
    leaves: list[int] = []
    given: list[str | None] = []
    for parent, depth, flip, node in _walk(nested, epsilon is None):
        table.append((parent, depth, flip))
        if isinstance(node, str) or not node:
            leaves.append(len(table) - 1)
            given.append(node if isinstance(node, str) else None)
    if len(table) == 1:
        raise TreeError("tree=[]: the tree is empty: give its root at least one branch")
    depth = max(depth for _, depth, _ in table)
    if epsilon is None:
        flips = [Fraction(0), *(flip for _, _, flip in table[1:])]
    else:
        by_level = flips_by_level(epsilon, depth, f"the tree has {depth} levels of links")
        flips = [Fraction(0), *(by_level[depth - 1] for _, depth, _ in table[1:])]
    found = _names(names, given)
    return tree_of_walk([p for p, _, _ in table], [d for _, d, _ in table], flips, leaves, found)


def _walk(nested: Any, linked: bool) -> Iterator[tuple[int, int, Any, Any]]:
    """Parent, depth, flip and list of every node, a node before what is below it.

    Not recursive: a tree may be deeper than Python's stack.
    """
    count = 1
    yield -1, 0, Fraction(0), _node("tree", nested)
    stack = [(0, iter(enumerate(nested)), id(nested), "tree")]
    ancestors = {id(nested)}
    while stack:
        parent, branches, identity, place = stack[-1]
        entry = next(branches, None)
        if entry is None:
            stack.pop()
            ancestors.discard(identity)
            continue
        where = f"{place}[{entry[0]}]"
        flip, node = _link(where, entry[1]) if linked else (None, entry[1])
        _node(where, node)
        if id(node) in ancestors:
            raise TreeError(f"{where} contains itself, a cycle: give a tree that ends in leaves")
        if count == MOST_NODES:
            raise TreeError(f"tree: more than {MOST_NODES} nodes: give a smaller tree")
        yield parent, len(stack), flip, node
        if node and not isinstance(node, str):
            stack.append((count, iter(enumerate(node)), id(node), where))
            ancestors.add(id(node))
        count += 1


def _node(where: str, node: Any) -> Any:
    if isinstance(node, str):
        if not node.strip():
            raise TreeError(f"{where}={node!r}: the name of an item is empty: write one, or []")
        return node
    if not isinstance(node, list | tuple):
        raise TreeError(f"{where}={told(node)}: give a node: a list, or the name of an item")
    return node


def _link(where: str, link: Any) -> tuple[Fraction, Any]:
    if not isinstance(link, list | tuple) or len(link) != 2 or isinstance(link[0], list | tuple):
        raise TreeError(
            f"{where}={told(link)}: epsilon is missing: write each link as [epsilon, node], or "
            "give epsilon for the whole tree"
        )
    return flip_probability(f"{where}: epsilon", link[0]), link[1]


def tree_of_walk(
    parents: list[int],
    depths: list[int],
    flips: list[Fraction],
    leaves: list[int],
    names: tuple[str, ...],
) -> Tree:
    """The tree whose nodes were met by a walk in depth: numbered anew, level by level.

    ``parents`` (-1 for the root), ``depths`` and ``flips`` of every node, ``leaves`` and their
    ``names``, all in the order of the walk.
    """
    order = sorted(range(len(parents)), key=depths.__getitem__)  # stable: left to right
    place = {node: number for number, node in enumerate(order)}
    place[-1] = -1
    return Tree(
        tuple(place[parents[node]] for node in order),
        tuple(flips[node] for node in order),
        tuple(place[leaf] for leaf in leaves),
        names,
    )


def _children(level: int, count: Any) -> int:
    integral = isinstance(count, Integral) and not isinstance(count, bool)
    if not integral or count < 1:
        raise TreeError(f"B[{level}]={told(count)}: give a whole number of children, 1 or more")
    return int(count)


def _sequence(name: str, value: Any) -> list[Any]:
    if isinstance(value, str | bytes) or not hasattr(value, "__len__"):
        raise TreeError(f"{name}={told(value)}: give a list with one number per level")
    return list(value)


def _names(names: Sequence[str] | None, given: list[str | None]) -> tuple[str, ...]:
    """``names`` where there are any, else those given in the tree, else numbers."""
    found = [name or f"item {i}" for i, name in enumerate(given, start=1)]
    if names is not None:
        found = [str(name) for name in names]
        if len(found) != len(given):
            raise TreeError(
                f"names has {len(found)} entries and the tree {len(given)} items: give one each"
            )
    first: dict[str, int] = {}
    for i, name in enumerate(found):
        if first.setdefault(name, i) != i:
            raise TreeError(f"names: items {first[name] + 1} and {i + 1} are both {name!r}: rename")
    return tuple(found)
