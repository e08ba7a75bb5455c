"""Items put in places whose pattern their distances follow: chains, rings, grids, trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lgamma, log, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from .networks import FloatArray

__all__ = [
    "FEW_ITEMS",
    "Distances",
    "IntArray",
    "Pattern",
    "arrange",
    "balanced_pattern",
    "chain_pattern",
    "class_means",
    "grid_pattern",
    "ring_pattern",
    "rook_pattern",
    "squares_left",
]

IntArray = NDArray[np.intp]

FEW_ITEMS = 150
"""Beyond so many items searches are shorter."""
SWEEPS, FEWER_SWEEPS = 60, 20
"""Rounds of exchanges, each with a new estimate of the values of the classes."""
PURSUED, FEWER_PURSUED = 3, 1
"""Starts, the best, from which items are exchanged."""


class Distances:
    """Squared distances ``D`` ``(P, P)`` of items, and what searches start from."""

    def __init__(self, values: FloatArray) -> None:
        self.values = values
        self.count = len(values)

    @cached_property
    def coordinates(self) -> FloatArray:
        """Classical scaling: axes as columns, the longest first, ``(P, P)``."""
        rows = np.mean(self.values, axis=0)
        centred = -(self.values - rows - rows[:, None] + np.mean(rows)) / 2
        eigenvalues, vectors = np.linalg.eigh(centred)
        axes: FloatArray = (vectors * np.sqrt(np.maximum(eigenvalues, 0)))[:, ::-1]
        return axes

    @cached_property
    def linkage(self) -> FloatArray:
        """Average linkage: every merger at the mean distance between what it joins."""
        made: FloatArray = hierarchy.linkage(squareform(self.values, checks=False), "average")
        return made

    @cached_property
    def leaves(self) -> IntArray:
        """Items in the order of the tree of average linkage."""
        return np.asarray(hierarchy.leaves_list(self.linkage), dtype=np.intp)


@dataclass(frozen=True)
class Pattern:
    """Which pairs of places are alike: ``classes[p, q]`` from 0, diagonal left out.

    Every class has a value of its own, or the values are ``basis @ parameters``; ``symmetries``
    is the logarithm of the number of rearrangements that leave the classes as they are.
    """

    classes: IntArray
    symmetries: float
    basis: FloatArray | None = None

    @cached_property
    def count(self) -> int:
        """Number of classes."""
        return int(np.max(self.classes)) + 1

    @property
    def parameters(self) -> int:
        """Number of free values."""
        return self.count if self.basis is None else self.basis.shape[1]

    @cached_property
    def log_arrangements(self) -> float:
        """Logarithm of the number of different arrangements."""
        return lgamma(len(self.classes) + 1) - self.symmetries


def ring_pattern(count: int) -> Pattern:
    """Places on a ring; classes are the distances along it."""
    lag = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    return Pattern(np.minimum(lag, count - lag) - 1, log(2 * count))


def chain_pattern(count: int, linear: bool = False) -> Pattern:
    """Places on a line; classes are the distances along it.

    With ``linear`` the value of a class is a constant plus a step times its distance: distances
    add up along the line, in equal steps.
    """
    lag = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    steps = np.arange(1.0, count)
    basis = np.stack([np.ones(count - 1), steps], axis=1) if linear else None
    return Pattern(lag - 1, log(2), basis)


def grid_pattern(rows: int, columns: int) -> Pattern:
    """Places on a grid, row by row; classes are pairs of distances along rows and columns."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    down = np.abs(np.subtract.outer(row, row))
    across = np.abs(np.subtract.outer(column, column))
    if rows == columns:
        down, across = np.minimum(down, across), np.maximum(down, across)
    _, classes = np.unique(down * columns + across, return_inverse=True)
    # The smallest code, 0, is the diagonal.
    symmetries = log(8 if rows == columns else 4)
    return Pattern(classes.reshape(down.shape) - 1, symmetries)


def balanced_pattern(branching: Sequence[int]) -> Pattern:
    """Leaves of a tree with ``branching[l]`` children at level ``l``; classes are levels."""
    count = prod(branching)
    classes = np.full((count, count), -1)
    leaves = np.arange(count)
    symmetries, nodes, size = 0.0, 1, count
    for level, children in enumerate(branching):
        symmetries += nodes * lgamma(children + 1)
        nodes, size = nodes * children, size // children
        below = np.equal.outer(leaves // size, leaves // size)
        classes[~below & (classes < 0)] = level
    return Pattern(classes, symmetries)


def rook_pattern(rows: int, columns: int) -> Pattern:
    """Places in rows and columns of no order; classes: the same row, the same column, neither."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    classes = np.where(np.equal.outer(column, column), 1, 2)
    classes[np.equal.outer(row, row)] = 0
    return Pattern(classes, lgamma(rows + 1) + lgamma(columns + 1))


def class_means(values: FloatArray, classes: IntArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Mean of ``values`` in every class off the diagonal, and its number of pairs, ``(count,)``."""
    shifted = classes + 1
    np.fill_diagonal(shifted, 0)
    sizes = np.bincount(shifted.ravel(), minlength=count + 1)[1:].astype(np.float64)
    sums = np.bincount(shifted.ravel(), weights=values.ravel(), minlength=count + 1)[1:]
    return sums / np.maximum(sizes, 1), sizes


def arrange(
    distances: Distances, pattern: Pattern, starts: Sequence[IntArray]
) -> tuple[FloatArray, IntArray]:
    """The pattern's fit to the distances ``(P, P)``, and the items in the order of its places.

    From the best of the starts, orders of the items, pairs of items are exchanged while the sum
    of squared residuals decreases, values and places in turn; the best end is taken.  A local
    optimum: nothing says that no other arrangement is better.
    """
    ends = [_start(distances.values, pattern, np.array(order)) for order in starts]
    ends.sort(key=lambda end: end.squares)
    pursued = PURSUED if distances.count <= FEW_ITEMS else FEWER_PURSUED
    ends = [_improved(distances.values, pattern, end) for end in ends[:pursued]]
    best = min(ends, key=lambda end: end.squares)
    return best.fit, best.order


def squares_left(distances: Distances, pattern: Pattern, order: IntArray) -> float:
    """Sum of squared residuals of the pattern with the items in a given order."""
    return _start(distances.values, pattern, order).squares


class _Arrangement(NamedTuple):
    squares: float
    fit: FloatArray
    order: IntArray


def _start(values: FloatArray, pattern: Pattern, order: IntArray) -> _Arrangement:
    fit = _fitted(values, pattern, order)
    return _Arrangement(float(np.sum((values - fit) ** 2)), fit, order)


def _improved(values: FloatArray, pattern: Pattern, found: _Arrangement) -> _Arrangement:
    for _ in range(SWEEPS if len(values) <= FEW_ITEMS else FEWER_SWEEPS):
        moved = _exchanged(values, found.fit, _places(found.order))
        if moved is None:
            break
        new = _start(values, pattern, _places(moved))
        if not new.squares < found.squares:
            break
        found = new
    return found


def _places(order: IntArray) -> IntArray:
    """The inverse of a permutation."""
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return place


def _fitted(values: FloatArray, pattern: Pattern, order: IntArray) -> FloatArray:
    place = _places(order)
    classes = pattern.classes[np.ix_(place, place)]
    means, sizes = class_means(values, classes, pattern.count)
    if pattern.basis is not None:
        weights = np.sqrt(sizes)[:, None]
        solved = np.linalg.lstsq(pattern.basis * weights, means * weights[:, 0], rcond=None)[0]
        means = pattern.basis @ solved
    fit: FloatArray = means[np.maximum(classes, 0)]
    np.fill_diagonal(fit, 0.0)
    return fit


def _exchanged(values: FloatArray, fit: FloatArray, place: IntArray) -> IntArray | None:
    """Places after disjoint exchanges that together increase ``sum_ij D_ij fit_ij``, or None.

    That sum is all that depends on the arrangement.  Exchanging a and b adds
    ``2 (M_ab + M_ba - M_aa - M_bb + 2 D_ab fit_ab)`` to it, ``M = D fit``.
    """
    product = values @ fit
    own = np.diagonal(product)
    gain = product + product.T - own - own[:, None] + 2 * values * fit
    # Rounding of sums of P products.
    noise = len(values) * np.finfo(np.float64).eps * float(np.max(np.abs(product)))
    rows, columns = np.nonzero(np.triu(gain, 1) > 8 * noise)
    if not len(rows):
        return None
    ranked = np.argsort(-gain[rows, columns], kind="stable")
    used, moved = np.zeros(len(values), dtype=bool), place.copy()
    pairs: list[tuple[int, int]] = []
    for k in ranked:
        a, b = int(rows[k]), int(columns[k])
        if not used[a] and not used[b]:
            used[a] = used[b] = True
            pairs.append((a, b))
    new = np.arange(len(values))
    for a, b in pairs:
        new[a], new[b] = b, a
    together = float(np.sum(values * fit[np.ix_(new, new)]))
    if together <= float(np.sum(values * fit)) + 2 * gain[pairs[0]] * (1 - 1e-9):
        pairs = pairs[:1]
    for a, b in pairs:
        moved[a], moved[b] = place[b], place[a]
    return moved
