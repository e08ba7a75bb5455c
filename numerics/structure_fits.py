"""Structures that similarities of items may have, each fitted to squared distances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import lgamma, log
from typing import Literal

import numpy as np
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from .arrangements import (
    Distances,
    IntArray,
    Pattern,
    arrange,
    balanced_pattern,
    chain_pattern,
    grid_pattern,
    ring_pattern,
    squares_left,
)
from .networks import FloatArray
from .partitions import clusters, crossing_partitions, partition_fit, redundancy
from .tours import short_path, short_tour

__all__ = ["CONTAINS", "Candidate", "Fit", "Kind", "candidates", "squared_distances"]

Kind = Literal[
    "clusters",
    "regular hierarchy",
    "irregular hierarchy",
    "ring",
    "chain",
    "grid",
    "ordering",
    "cross-cutting",
]

CONTAINS: dict[Kind, tuple[Kind, ...]] = {
    "regular hierarchy": ("clusters",),
    "irregular hierarchy": ("clusters", "regular hierarchy"),
    "chain": ("ordering", "ring"),
    "grid": ("clusters", "cross-cutting"),
    "cross-cutting": ("clusters",),
}
"""Structures that are special cases of others: preferred unless the others fit clearly better."""

MOST_CLUSTERS = 16
MOST_HIERARCHIES, DEEPEST = 3, 5
"""Regular hierarchies of each number of levels, and the largest number."""
MOST_CROSSED = 6
REDUNDANT = 0.25
"""Two partitions cross while one says less than this part of what it could about the other."""
WEAKEST = 1 / 8
"""And while sharing one makes pairs closer by at least this part of what sharing both does."""


@dataclass(frozen=True)
class Fit:
    """A fitted structure: its squared distances ``(P, P)`` and where it puts the items.

    ``order``: items along the structure; ``groups``: one or two lists of labels, or none;
    ``tree``: the mergers of an irregular hierarchy as SciPy has them, or None.
    """

    distances: FloatArray
    order: IntArray
    groups: tuple[IntArray, ...] = ()
    tree: FloatArray | None = None


@dataclass(frozen=True)
class Candidate:
    """A structure of known size: ``detail`` says which, as in ``2 x 2 x 2`` or ``5 clusters``.

    ``shape``: numbers of groups, branching factors, or rows and columns;
    ``parameters``: free values; ``log_arrangements``: logarithm of the number of ways to put the
    items in it.
    """

    kind: Kind
    detail: str
    parameters: int
    log_arrangements: float
    fit: Callable[[Distances], Fit]
    shape: tuple[int, ...]

    def is_full(self, fit: Fit) -> bool:
        """Whether a fit uses all groups, and is not that of a smaller candidate."""
        used = tuple(int(np.max(labels)) + 1 for labels in fit.groups)
        return not used or self.shape == used


def squared_distances(similarity: FloatArray) -> FloatArray:
    """``D_ij = G_ii + G_jj - 2 G_ij``, the mean squared difference where ``G`` is a mean product.

    A constant added to a property does not change it.
    """
    own = np.diagonal(similarity)
    values: FloatArray = own + own[:, None] - 2 * similarity
    np.fill_diagonal(values, 0.0)
    return (values + values.T) / 2


def candidates(distances: Distances) -> list[Candidate]:
    """All structures that the items are tried in; none for fewer than four.

    Of the regular hierarchies those that fit best before items are exchanged.
    """
    count = distances.count
    if count < 4:
        return []
    found = [_clusters(count, k) for k in range(2, min(MOST_CLUSTERS, count // 2) + 1)]
    found += [_balanced(branching) for branching in _hierarchies(distances)]
    found.append(_tree(count))
    if count >= 5:
        found.append(_ring(count))
    found.append(_line(count, "chain", False))
    found.append(_line(count, "ordering", True))
    found += [
        _grid(rows, count // rows)
        for rows in range(2, count)
        if count % rows == 0 and rows <= count // rows and count > 4
    ]
    most = min(MOST_CROSSED, count // 2)
    found += [
        _crossed(count, rows, columns)
        for rows in range(2, most + 1)
        for columns in range(2, most + 1)
        if rows * columns < count or (rows * columns == count and rows <= columns)
    ]
    return found


def _clusters(count: int, number: int) -> Candidate:
    def fit(distances: Distances) -> Fit:
        labels = clusters(distances, number)
        order = distances.leaves[np.argsort(labels[distances.leaves], kind="stable")]
        return Fit(partition_fit(distances.values, [labels])[0], order, (labels,))

    arrangements = count * log(number) - lgamma(number + 1)
    return Candidate("clusters", f"{number} clusters", 2, max(arrangements, 0.0), fit, (number,))


def _balanced(branching: tuple[int, ...]) -> Candidate:
    pattern = balanced_pattern(branching)

    def fit(distances: Distances) -> Fit:
        made, order = arrange(distances, pattern, [distances.leaves])
        return Fit(made, order)

    detail = " x ".join(str(children) for children in branching)
    return _candidate("regular hierarchy", detail, pattern, fit, branching)


def _tree(count: int) -> Candidate:
    def fit(distances: Distances) -> Fit:
        made = squareform(hierarchy.cophenet(distances.linkage))
        return Fit(made, distances.leaves, tree=distances.linkage)

    # Binary trees with named leaves: (2P - 3)!! = (2P - 2)! / (2^(P - 1) (P - 1)!).
    trees = lgamma(2 * count - 1) - (count - 1) * log(2) - lgamma(count)
    return Candidate("irregular hierarchy", f"{count - 1} mergers", count - 1, trees, fit, (count,))


def _ring(count: int) -> Candidate:
    pattern = ring_pattern(count)

    def fit(distances: Distances) -> Fit:
        axes = distances.coordinates
        around = np.argsort(np.arctan2(axes[:, 1], axes[:, 0]), kind="stable")
        starts = [short_tour(distances.values, start) for start in (around, distances.leaves)]
        return Fit(*arrange(distances, pattern, starts))

    return _candidate("ring", f"{count} places", pattern, fit, (count,))


def _line(count: int, kind: Kind, linear: bool) -> Candidate:
    pattern = chain_pattern(count, linear)

    def fit(distances: Distances) -> Fit:
        along = np.argsort(distances.coordinates[:, 0], kind="stable")
        starts = [short_path(distances.values, start) for start in (along, distances.leaves)]
        return Fit(*arrange(distances, pattern, [along, *starts]))

    detail = "equal steps" if linear else f"{count} places"
    return _candidate(kind, detail, pattern, fit, (count,))


def _grid(rows: int, columns: int) -> Candidate:
    pattern = grid_pattern(rows, columns)

    def fit(distances: Distances) -> Fit:
        axes = distances.coordinates
        # A square grid leaves the direction of its two axes open; in a long one later axes of
        # scaling may run along the long side once more.
        turns = max(8, 2 * columns) if rows > columns / 2 else 2
        starts = [
            _cut_in_rows(_turned(axes[:, [0, other]], np.pi * turn / count), rows, columns)
            for other, count in ((1, turns), (2, 2), (3, 2))
            for turn in range(count)
        ]
        return Fit(*arrange(distances, pattern, starts))

    return _candidate("grid", f"{rows} x {columns}", pattern, fit, (rows, columns))


def _turned(axes: FloatArray, angle: float) -> FloatArray:
    cosine, sine = np.cos(angle), np.sin(angle)
    turned: FloatArray = axes @ np.array([[cosine, -sine], [sine, cosine]])
    return turned


def _cut_in_rows(axes: FloatArray, rows: int, columns: int) -> IntArray:
    order = np.argsort(axes[:, 0], kind="stable").reshape(rows, columns)
    along = np.argsort(axes[order, 1], axis=1, kind="stable")
    return np.take_along_axis(order, along, axis=1).ravel()


def _crossed(count: int, rows: int, columns: int) -> Candidate:
    def fit(distances: Distances) -> Fit:
        labels = list(crossing_partitions(distances, rows, columns))
        order = np.lexsort((labels[1], labels[0]))
        made, means = partition_fit(distances.values, labels)
        closer = means[0] - means
        # A hierarchy of two levels, or clusters, which are other structures.
        if redundancy(*labels) > REDUNDANT or min(closer[1:3]) < WEAKEST * closer[3]:
            made = np.zeros_like(made)
        return Fit(made, order, tuple(labels))

    arrangements = count * log(rows * columns) - lgamma(rows + 1) - lgamma(columns + 1)
    detail = f"{rows} groups across {columns}"
    return Candidate("cross-cutting", detail, 4, max(arrangements, 0.0), fit, (rows, columns))


def _candidate(
    kind: Kind,
    detail: str,
    pattern: Pattern,
    fit: Callable[[Distances], Fit],
    shape: tuple[int, ...],
) -> Candidate:
    return Candidate(kind, detail, pattern.parameters, pattern.log_arrangements, fit, shape)


def _hierarchies(distances: Distances) -> list[tuple[int, ...]]:
    """Branching factors of regular hierarchies with two inner levels or more."""
    found: list[tuple[int, ...]] = []
    every = list(_ordered_factors(distances.count))
    for depth in range(3, DEEPEST + 1):
        deep = [f for f in every if len(f) == depth]
        if len(deep) > MOST_HIERARCHIES:
            left = [squares_left(distances, balanced_pattern(f), distances.leaves) for f in deep]
            deep = [deep[k] for k in np.argsort(left, kind="stable")[:MOST_HIERARCHIES]]
        found += deep
    return found


def _ordered_factors(count: int) -> Iterator[tuple[int, ...]]:
    yield (count,)
    for first in range(2, count // 2 + 1):
        if count % first == 0:
            yield from ((first, *rest) for rest in _ordered_factors(count // first))
