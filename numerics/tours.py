"""Short tours and paths through items, from which searches for rings and chains start."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .networks import FloatArray

__all__ = ["short_path", "short_tour"]

MOST = 1000
"""Reversals that are considered together."""


def short_tour(distances: FloatArray, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Reverse stretches of a closed tour while that shortens it.

    No exchange of two links shortens the result; it need not be the shortest tour.
    """
    tour, count = np.array(order), len(order)
    following = np.roll(np.arange(count), -1)
    above = np.triu(np.ones((count, count), dtype=bool), 2)
    for _ in range(5 * count):
        along = distances[np.ix_(tour, tour)]
        link = along[np.arange(count), following]
        # Links (i, i+1) and (j, j+1) become (i, j) and (i+1, j+1).
        change = along + along[np.ix_(following, following)] - link[:, None] - link
        noise = 8 * np.finfo(np.float64).eps * float(np.max(np.abs(along)))
        rows, columns = np.nonzero(above & (change < -noise))
        if not len(rows):
            break
        for i, j in _apart(rows, columns, np.argsort(change[rows, columns], kind="stable")):
            tour[i + 1 : j + 1] = tour[i + 1 : j + 1][::-1].copy()
    return tour


def _apart(
    rows: NDArray[np.intp], columns: NDArray[np.intp], ranked: NDArray[np.intp]
) -> list[tuple[int, int]]:
    """The best stretches that have no place in common: their gains add up."""
    chosen: list[tuple[int, int]] = []
    used = np.zeros(int(np.max(columns)) + 2, dtype=bool)
    for k in ranked[:MOST]:
        i, j = int(rows[k]), int(columns[k])
        if not np.any(used[i : j + 2]):
            used[i : j + 2] = True
            chosen.append((i, j))
    return chosen


def short_path(distances: FloatArray, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """The same for an open path: a tour through one more item at distance zero of all."""
    count = len(order)
    wider = np.zeros((count + 1, count + 1))
    wider[:count, :count] = distances
    tour = short_tour(wider, np.append(order, count))
    cut = int(np.flatnonzero(tour == count)[0])
    return np.concatenate([tour[cut + 1 :], tour[:cut]])
