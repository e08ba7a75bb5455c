"""Trees given by a table in which every node names the one above."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .tree_numbers import TreeError, flip_probability, flips_by_level
from .trees import Tree, tree_of_walk

__all__ = ["tree_of_table"]


def tree_of_table(parents: Mapping[str, str | None], epsilon: Any) -> Tree:
    """The tree in which every named node names the one above; the root names none.

    The root may be left out of the table, or given with ``None``.  ``epsilon``: one number for all
    links, one per level, or a table with one for the link above each node.  Items, the nodes above
    no other, keep their names.  Raises ``TreeError`` for a cycle, two roots, no node, a missing
    probability.
    """
    if not isinstance(parents, Mapping) or not parents:
        raise TreeError("parents: the tree is empty: name the node above each node")
    above = {str(node): parent for node, parent in parents.items() if parent is not None}
    for node, parent in above.items():
        if not isinstance(parent, str):
            raise TreeError(f"parents[{node!r}]={parent!r}: give the name of the node above")
    below: dict[str, list[str]] = {}
    for node, parent in above.items():
        below.setdefault(parent, []).append(node)
    roots = [str(node) for node, parent in parents.items() if parent is None]
    roots += [node for node in below if node not in above and node not in roots]
    _check_roots(above, roots)
    order: list[tuple[str, int]] = []
    depth: list[int] = []
    place, walked = 0, [(roots[0], -1, 0)]
    while walked:
        node, parent_place, level = walked.pop()
        order.append((node, parent_place))
        depth.append(level)
        walked += [(child, place, level + 1) for child in reversed(below.get(node, []))]
        place += 1
    if len(order) < len(above) + 1:
        reached = {node for node, _ in order}
        _raise_cycle(above, next(node for node in above if node not in reached))
    if len(order) == 1:
        raise TreeError(f"parents={dict(parents)!r}: the tree is empty: give the root a branch")
    flips = _flips_of_table([node for node, _ in order], depth, epsilon)
    leaves = [i for i, (node, _) in enumerate(order) if node not in below]
    names = tuple(order[i][0] for i in leaves)
    return tree_of_walk([p for _, p in order], depth, flips, leaves, names)


def _check_roots(above: Mapping[str, str], roots: list[str]) -> None:
    if not roots:
        _raise_cycle(above, next(iter(above)))
    if len(roots) > 1:
        raise TreeError(
            f"parents: {roots[0]!r} and {roots[1]!r} have no node above them: give one root"
        )


def _raise_cycle(above: Mapping[str, str], node: str) -> None:
    seen: list[str] = []
    while node not in seen:
        seen.append(node)
        node = above[node]
    cycle = [*seen[seen.index(node) :], node]
    told = " -> ".join(cycle if len(cycle) < 8 else [*cycle[:4], "...", cycle[-1]])
    raise TreeError(f"parents: {told} is a cycle: give a tree, in which the root has no node above")


def _flips_of_table(nodes: list[str], depths: list[int], epsilon: Any) -> list[Fraction]:
    if epsilon is None:
        raise TreeError("epsilon is missing: give one number, one per level or one per node")
    if not isinstance(epsilon, Mapping):
        deep = max(depths)
        flips = flips_by_level(epsilon, deep, f"the tree has {deep} levels of links")
        return [Fraction(0), *(flips[depth - 1] for depth in depths[1:])]
    unknown = [node for node in epsilon if node not in nodes[1:]]
    if unknown:
        raise TreeError(f"epsilon[{unknown[0]!r}]: no link leads to such a node: remove it")
    missing = [node for node in nodes[1:] if node not in epsilon]
    if missing:
        raise TreeError(f"epsilon[{missing[0]!r}] is missing: give the link above it one")
    given = [flip_probability(f"epsilon[{node!r}]", epsilon[node]) for node in nodes[1:]]
    return [Fraction(0), *given]
