"""What is told of the representations of items over time: by level, and as drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from lemmata.numerics.embedding import (
    aligned,
    classical_scaling,
    distances_of_kernel,
    scaling_path,
    stress,
    stress_scaling,
)
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.trees import Tree

from .tree_comparison import TreeComparison

__all__ = [
    "ByLevel",
    "common_levels",
    "distances_by_level",
    "generalisation_by_level",
    "scaling_paths",
    "telling_times",
    "unfoldings",
]


@dataclass(frozen=True)
class ByLevel:
    """A quantity of pairs of items, by the level of their closest common ancestor.

    ``levels``: those that occur, from the root (level 0) down; ``simulation`` and ``analytics``
    ``(T, levels)``: means over the pairs.
    """

    levels: tuple[int, ...]
    simulation: FloatArray
    analytics: FloatArray


def common_levels(tree: Tree) -> tuple[int, ...]:
    """Levels of the closest common ancestors of two items, from the root down."""
    apart = ~np.eye(tree.P, dtype=bool)
    return tuple(int(level) for level in np.unique(tree.common_levels[apart]))


def distances_by_level(found: TreeComparison) -> ByLevel:
    """Distances ``|h_i - h_j|`` of the representations: root of the mean square over the pairs."""

    def squares(kernels: FloatArray) -> FloatArray:
        return np.asarray(distances_of_kernel(kernels) ** 2)

    simulation, analytics = _means(found, squares(found.kernels), squares(found.foretold))
    return ByLevel(common_levels(found.tree), np.sqrt(simulation), np.sqrt(analytics))


def generalisation_by_level(found: TreeComparison) -> ByLevel:
    """How far a property learned of one item is expected of another: ``h_i . h_j / |h_i|^2``.

    The readout of the new property is learned on the frozen representation of item ``i`` alone,
    from zero: it is the multiple of ``h_i`` that fits.
    """

    def shares(kernels: FloatArray) -> FloatArray:
        own = np.diagonal(kernels, axis1=1, axis2=2)[:, :, None]
        return np.divide(kernels, own, out=np.zeros_like(kernels), where=own > 0)

    simulation, analytics = _means(found, shares(found.kernels), shares(found.foretold))
    return ByLevel(common_levels(found.tree), simulation, analytics)


def scaling_paths(found: TreeComparison) -> tuple[FloatArray, FloatArray]:
    """Multidimensional scaling in the plane over time, of simulation and analytics, ``(T, P, 2)``.

    The last points of the analytics have the smaller stress of two starts: classical scaling, and
    the items on a circle from left to right.  Those of the simulation start there, so that both are
    seen from the same side.  Each path starts from the readout that has its last points in the end.
    """
    wanted = distances_of_kernel(found.foretold), distances_of_kernel(found.kernels)
    angles = 2 * np.pi * (np.arange(found.tree.P) + 0.5) / found.tree.P
    circle = np.stack([-np.cos(angles), np.sin(angles)], axis=1) * wanted[0][-1].max() / 2
    classical = classical_scaling(wanted[0][-1])[0]
    ends = [stress_scaling(wanted[0][-1], start) for start in (circle, classical)]
    last = min(ends, key=lambda points: stress(points, wanted[0][-1]))
    analytics = scaling_path(wanted[0], _foretold_readout(found, last))
    own = aligned(stress_scaling(wanted[1][-1], analytics[-1]), analytics[-1])
    return scaling_path(wanted[1], _readout(found, own)), analytics


def unfoldings(found: TreeComparison) -> tuple[FloatArray, FloatArray]:
    """One readout of the representations over time, of simulation and analytics, ``(T, P)``.

    The readout that puts the items, in the end, in a row from left to right.
    """
    row: FloatArray = np.arange(found.tree.P)[:, None] - np.float64(found.tree.P - 1) / 2
    return _readout(found, row)[..., 0], _foretold_readout(found, row)[..., 0]


def _readout(found: TreeComparison, last: FloatArray) -> FloatArray:
    """``d^T h_i(t)``, ``(T, P, k)``, with the smallest ``d`` that gives ``last`` in the end."""
    W21 = found.run.trainings["small random"].W21
    values, vectors = np.linalg.eigh(found.kernels[-1])
    grown = values > _least(found)
    inverse = (vectors[:, grown] / values[grown]) @ vectors[:, grown].T
    return np.asarray(W21.transpose(0, 2, 1) @ (W21[-1] @ (inverse @ last)))


def _foretold_readout(found: TreeComparison, last: FloatArray) -> FloatArray:
    """The same of ``H = R sqrt(A) V^T``: ``sum_l sqrt(a_l(t) / a_l(T)) P_l last``.

    Each level unfolds with its mode.
    """
    shares = np.sqrt(found.analytics / found.analytics[-1])
    shares[:, found.analytics[-1] <= _least(found)] = 0.0
    parts = np.array([level.level.projector @ last for level in found.levels])
    return np.asarray(np.einsum("tl,lik->tik", shares, parts))


def _least(found: TreeComparison) -> float:
    """What has not grown beyond the start tells no items apart, and is not read out."""
    return 4 * max(level.random.a0 for level in found.levels)


def telling_times(found: TreeComparison, most: int = 4) -> list[int]:
    """Places of at most ``most`` recorded times: between the half-times of levels, and the last."""
    times = found.run.times
    halves = sorted(
        level.random.population_time
        for level in found.levels
        if level.random.population_time is not None and level.random.population_time < times[-1]
    )
    between = [(a + b) / 2 for a, b in pairwise(halves)]
    places = sorted({int(np.argmin(np.abs(times - t))) for t in [*between, float(times[-1])]})
    chosen = np.unique(np.linspace(0, len(places) - 1, min(most, len(places))).round().astype(int))
    return [places[i] for i in chosen]


def _means(found: TreeComparison, *matrices: FloatArray) -> list[FloatArray]:
    common, apart = found.tree.common_levels, ~np.eye(found.tree.P, dtype=bool)
    pairs = [apart & (common == level) for level in common_levels(found.tree)]
    means = []
    for matrix in matrices:
        told = [matrix[:, chosen].mean(axis=1) for chosen in pairs]
        means.append(np.array(told).reshape(len(pairs), len(matrix)).T)
    return means
