"""Points from distances: classical and least-squares multidimensional scaling, and alignment."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import check_whole

__all__ = [
    "aligned",
    "classical_scaling",
    "distances_of_kernel",
    "scaling_path",
    "stress",
    "stress_scaling",
]

FloatArray = NDArray[np.float64]

SWEEPS = 300
SETTLED = 1e-7
"""Sweeps end when the stress falls by less than this share of itself."""

FEWEST, WORK = 20, 40_000_000
"""A path is swept at least so many times, and no more often than makes so many distances."""


def distances_of_kernel(kernel: ArrayLike) -> FloatArray:
    """Distances ``|h_i - h_j|`` of points with inner products ``kernel`` ``(..., P, P)``."""
    inner = np.asarray(kernel, dtype=np.float64)
    own = np.diagonal(inner, axis1=-2, axis2=-1)
    squares = own[..., :, None] + own[..., None, :] - 2 * inner
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)))


def classical_scaling(distances: ArrayLike, dimensions: int = 2) -> tuple[FloatArray, FloatArray]:
    """Classical multidimensional scaling: points ``(P, dimensions)`` and all eigenvalues.

    The eigenvalues are those of ``-J D J / 2``, with ``D`` the squared distances and ``J`` the
    projector that removes means, decreasing; ``dimensions`` of them, the largest, give the points,
    0 where one is negative.  The largest coordinate along every axis is positive; inside a
    multiplet of equal eigenvalues the axes are arbitrary.
    """
    check_whole("dimensions", dimensions)
    centred = np.asarray(distances, dtype=np.float64) ** 2 / -2
    centred = centred - centred.mean(axis=0) - centred.mean(axis=1)[:, None] + centred.mean()
    values, vectors = np.linalg.eigh((centred + centred.T) / 2)
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = vectors[:, :dimensions] * np.sqrt(np.maximum(values[:dimensions], 0.0))
    peaks = kept[np.argmax(np.abs(kept), axis=0), np.arange(kept.shape[1])]
    points = np.zeros((len(kept), dimensions))
    points[:, : kept.shape[1]] = kept * np.where(peaks < 0, -1.0, 1.0)
    return points, values


def stress(points: FloatArray, distances: FloatArray) -> float:
    """Half the sum over all pairs of ``(|x_i - x_j| - d_ij)^2``, both orders counted."""
    return float(np.sum((_distances(points) - distances) ** 2) / 2)


def stress_scaling(distances: ArrayLike, start: ArrayLike) -> FloatArray:
    """Least-squares multidimensional scaling: points near ``start`` whose stress is stationary.

    Guttman's transform, which never increases the stress (de Leeuw 1977), until the stress settles.
    The result keeps the number of dimensions of ``start`` and its mean at zero.
    """
    wanted = np.asarray(distances, dtype=np.float64)
    points = np.array(start, dtype=np.float64)
    points -= points.mean(axis=0)
    before = stress(points, wanted)
    for _ in range(SWEEPS):
        points = _transformed(points, wanted)
        after = stress(points, wanted)
        if before - after <= SETTLED * before:
            break
        before = after
    return points


def scaling_path(distances: ArrayLike, start: ArrayLike) -> FloatArray:
    """Scalings ``(T, P, dimensions)`` of distances ``(T, P, P)`` that move smoothly in time.

    Beside the stress of every time, the squared steps from one time to the next are made small,
    ``P`` times their sum: alternately at even and at odd times, Guttman's transform is averaged
    with the two neighbours, which never increases the total.  ``start``: points ``(T, P,
    dimensions)`` to begin with; the whole path is turned so that its end is seen as that of
    ``start``.
    """
    wanted = np.asarray(distances, dtype=np.float64)
    first = np.asarray(start, dtype=np.float64)
    path = first - first.mean(axis=1, keepdims=True)
    for _ in range(max(FEWEST, min(SWEEPS, WORK // wanted.size))):
        for parity in (0, 1):
            here = np.arange(parity, len(path), 2)
            total = _transformed(path[here], wanted[here])
            count = np.ones((len(here), 1, 1))
            for beside in (here - 1, here + 1):
                inside = (beside >= 0) & (beside < len(path))
                total[inside] += path[beside[inside]]
                count[inside] += 1
            path[here] = total / count
    return np.asarray(path @ _turned(path[-1], first[-1]))


def aligned(points: FloatArray, reference: FloatArray) -> FloatArray:
    """``points`` rotated or reflected about the origin to be closest to ``reference``.

    The orthogonal Procrustes problem (Schoenemann 1966): with ``points^T reference = A S B^T`` the
    solution is ``points A B^T``.
    """
    return np.asarray(points @ _turned(points, reference))


def _turned(points: FloatArray, reference: FloatArray) -> FloatArray:
    left, _, right = np.linalg.svd(points.T @ reference)
    return np.asarray(left @ right)


def _distances(points: FloatArray) -> FloatArray:
    squares = np.sum(points**2, axis=-1)
    inner = points @ points.swapaxes(-1, -2)
    gaps = squares[..., :, None] + squares[..., None, :] - 2 * inner
    return np.asarray(np.sqrt(np.maximum(gaps, 0.0)))


def _transformed(points: FloatArray, wanted: FloatArray) -> FloatArray:
    found = _distances(points)
    ratio = np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)
    moved = ratio.sum(axis=-1)[..., None] * points - ratio @ points
    return np.asarray(moved / points.shape[-2])
