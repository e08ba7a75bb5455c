"""Items in clusters, or in two crossing partitions, so that distances depend on sharing alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist

from .arrangements import (
    FEW_ITEMS,
    Distances,
    IntArray,
    arrange,
    class_means,
    rook_pattern,
)
from .networks import FloatArray

__all__ = ["clusters", "crossing_partitions", "partition_fit", "redundancy"]

SWEEPS, FEWER_SWEEPS = 10, 4
"""Times that every item is considered once more; fewer beyond ``FEW_ITEMS``."""
AXES = 40
"""Axes of classical scaling in which groups are sought."""
STARTS = 24
"""Random tables from which the best exchanges are pursued."""


def clusters(distances: Distances, count: int) -> IntArray:
    """Labels of ``count`` clusters (or fewer): the tree of average linkage cut, then improved.

    Each item in turn goes to the cluster that leaves the least squares to the distances, with
    one value inside and one between.
    """
    labels = _cut(distances.linkage, count)
    (improved,) = _improved(distances.values, [labels])
    return improved


def crossing_partitions(distances: Distances, rows: int, columns: int) -> tuple[IntArray, IntArray]:
    """Labels of two partitions into ``rows`` and ``columns`` groups (or fewer).

    The first is read from the ``rows - 1`` longest axes of classical scaling, the second from the
    longest axes of what the first leaves over; with one item for every pair of groups, also from
    exchanges in a table of that shape.  Then each item in turn goes to the pair of groups with
    the least squares, with a value for pairs that share both, the first, the second or none.
    """
    axes = distances.coordinates[:, :AXES]
    first = _grouped(axes[:, : rows - 1], rows)
    rest = axes - _centroids(axes, first)[first]
    left, sizes, _ = np.linalg.svd(rest, full_matrices=False)
    second = _grouped((left * sizes)[:, : columns - 1], columns)
    starts = [[first, second]]
    if rows * columns == distances.count:
        starts.append(_tabulated(distances, rows, columns))
    ends = [_improved(distances.values, start) for start in starts]
    squares = [
        float(np.sum((distances.values - partition_fit(distances.values, end)[0]) ** 2))
        for end in ends
    ]
    one, other = ends[int(np.argmin(squares))]
    return one, other


def _tabulated(distances: Distances, rows: int, columns: int) -> list[IntArray]:
    """Labels from a table that items are exchanged in, from fixed random starts."""
    rng = np.random.default_rng(0)
    starts = [rng.permutation(distances.count) for _ in range(STARTS)]
    _, order = arrange(distances, rook_pattern(rows, columns), starts)
    labels = [np.empty(distances.count, dtype=np.intp) for _ in range(2)]
    labels[0][order], labels[1][order] = np.divmod(np.arange(distances.count), columns)
    return labels


def partition_fit(values: FloatArray, labels: list[IntArray]) -> tuple[FloatArray, FloatArray]:
    """The fit ``(P, P)``, and the value of every class: what pairs share, none first.

    With two partitions class ``1`` shares the first, ``2`` the second, ``3`` both.
    """
    classes = np.zeros(values.shape, dtype=np.intp)
    for k, one in enumerate(labels):
        classes += np.equal.outer(one, one) * 2**k
    means, _ = class_means(values, classes, 2 ** len(labels))
    fit: FloatArray = means[classes]
    np.fill_diagonal(fit, 0.0)
    return fit, means


def redundancy(one: IntArray, other: IntArray) -> float:
    """Mutual information of two partitions over the smaller entropy: 1 nested, 0 fully crossing.

    1 also where a partition has a single group.
    """
    joint = np.zeros((np.max(one) + 1, np.max(other) + 1))
    np.add.at(joint, (one, other), 1)
    # Counted first: shares 1/n do not sum to 1, and a single group has no entropy.
    counts = (joint.sum(axis=1), joint.sum(axis=0), joint.ravel())
    entropies = [_entropy(count / len(one)) for count in counts]
    smaller = min(entropies[:2])
    return (entropies[0] + entropies[1] - entropies[2]) / smaller if smaller > 0 else 1.0


def _entropy(shares: FloatArray) -> float:
    positive = shares[shares > 0]
    return float(-np.sum(positive * np.log(positive)))


def _cut(linkage: FloatArray, count: int) -> IntArray:
    made = hierarchy.fcluster(linkage, count, "maxclust")
    return np.asarray(made, dtype=np.intp) - 1


def _grouped(axes: FloatArray, count: int) -> IntArray:
    return _cut(hierarchy.linkage(pdist(axes), "ward"), count)


def _centroids(axes: FloatArray, labels: IntArray) -> FloatArray:
    belongs = np.equal.outer(np.arange(np.max(labels) + 1), labels).astype(np.float64)
    means: FloatArray = belongs @ axes / np.maximum(belongs.sum(axis=1), 1)[:, None]
    return means


def _improved(values: FloatArray, labels: list[IntArray]) -> list[IntArray]:
    """Labels after sweeps over all items, the values of the classes renewed after each."""
    labels = [np.array(one) for one in labels]
    sizes = [int(np.max(one)) + 1 for one in labels]
    for _ in range(SWEEPS if len(values) <= FEW_ITEMS else FEWER_SWEEPS):
        _, means = partition_fit(values, labels)
        if not _swept(values, labels, sizes, means):
            break
    return [np.unique(one, return_inverse=True)[1].reshape(-1) for one in labels]


def _swept(values: FloatArray, labels: list[IntArray], sizes: list[int], means: FloatArray) -> bool:
    """Move every item once to its best groups; whether any moved."""
    costs = [(values - mean) ** 2 - (values - means[0]) ** 2 for mean in means[1:]]
    moved, count = False, len(values)
    # Rounding of a sum of P squares.
    noise = 8 * count * np.finfo(np.float64).eps * float(np.max(values)) ** 2
    for i in range(count):
        others = np.arange(count) != i
        total = np.zeros(sizes)
        if len(sizes) == 1:
            total += _summed(costs[0][i], labels[0], sizes[0], others)
        else:
            one, other = (_summed(costs[k][i], labels[k], sizes[k], others) for k in range(2))
            joint = labels[0] * sizes[1] + labels[1]
            both = costs[2][i] - costs[0][i] - costs[1][i]
            crossed = _summed(both, joint, sizes[0] * sizes[1], others).reshape(sizes)
            total += one[:, None] + other + crossed
        now = tuple(int(partition[i]) for partition in labels)
        best = np.unravel_index(int(np.argmin(total)), total.shape)
        if total[best] < total[now] - noise:
            moved = True
            for partition, group in zip(labels, best, strict=True):
                partition[i] = group
    return moved


def _summed(
    costs: FloatArray, labels: IntArray, count: int, others: NDArray[np.bool_]
) -> FloatArray:
    sums = np.bincount(labels[others], weights=costs[others], minlength=count)
    return np.asarray(sums, dtype=np.float64)
