"""Similarities of items: from their properties, or read as a matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .datasets import DataError, ItemTable
from .networks import FloatArray

__all__ = ["Similarity", "read_similarity", "similarity_of", "similarity_problem"]


@dataclass(frozen=True)
class Similarity:
    """Similarity ``G`` ``(P, P)`` of items, symmetric: a mean over properties of products.

    ``negative``: the share of its negative eigenvalues in the sum of all absolute ones; no
    properties have such a similarity.
    """

    items: tuple[str, ...]
    values: FloatArray
    negative: float = 0.0


def similarity_of(table: ItemTable) -> Similarity:
    """``G = Y^T Y / N``, the mean over the ``N`` properties of products of two items."""
    values = table.values @ table.values.T / len(table.properties)
    return Similarity(table.items, (values + values.T) / 2)


def similarity_problem(table: ItemTable) -> str | None:
    """Why the table is no similarity matrix: its shape, its names, or two entries; else None.

    Entries that mirror each other may differ by rounding, ``2 eps |G|_F``: the symmetric part is
    then closer than the accuracy of computed eigenvalues.
    """
    rows, columns = len(table.items), len(table.properties)
    if rows != columns:
        return f"it has {rows} rows and {columns} columns: a similarity matrix is square"
    for place, (row, column) in enumerate(zip(table.items, table.properties, strict=True), 1):
        if row != column:
            return f"row {place} is {row!r} and column {place} is {column!r}: give equal names"
    gap = np.abs(table.values - table.values.T)
    if np.max(gap) > 2 * np.finfo(np.float64).eps * np.linalg.norm(table.values):
        i, j = np.unravel_index(np.argmax(gap), gap.shape)
        one, other = table.values[i, j], table.values[j, i]
        return (
            f"the entry of {table.items[i]!r} and {table.items[j]!r} is {one:g}, but {other:g} the "
            "other way round: make it symmetric"
        )
    return None


def read_similarity(table: ItemTable) -> tuple[Similarity, ItemTable]:
    """A similarity matrix, and properties that have the positive part of it.

    The properties are the rows of ``G^(1/2)`` times ``sqrt(P)``, so that ``Y^T Y / P`` is ``G``
    without its negative part.  Eigenvalues closer than their accuracy are made equal: their
    roots would be further apart than singular values that count as equal.  Raises ``DataError``
    for what ``similarity_problem`` names, or a matrix without a positive eigenvalue.
    """
    problem = similarity_problem(table)
    if problem:
        raise DataError(f"no similarity matrix: {problem}")
    values = (table.values + table.values.T) / 2
    eigenvalues, vectors = np.linalg.eigh(values)
    total = float(np.sum(np.abs(eigenvalues)))
    if not eigenvalues[-1] > 0:
        raise DataError("no similarity matrix: no eigenvalue is positive; give similarities")
    # Eigenvalues are known to P eps of the largest one (backward stability).
    doubt = len(values) * np.finfo(np.float64).eps * np.max(np.abs(eigenvalues))
    negative = float(np.sum(np.abs(eigenvalues[eigenvalues < -doubt]))) / total
    kept = np.where(eigenvalues > doubt, _levelled(eigenvalues, 2 * doubt), 0)
    roots = np.sqrt(kept * len(values))
    square_root = (vectors * roots) @ vectors.T
    made = ItemTable(table.items, table.items, (square_root + square_root.T) / 2)
    return Similarity(table.items, values, negative), made


def _levelled(increasing: FloatArray, doubt: float) -> FloatArray:
    """Neighbours within ``doubt`` of each other, replaced by their mean."""
    groups = np.split(increasing, np.flatnonzero(np.diff(increasing) > doubt) + 1)
    return np.concatenate([np.full(len(group), np.mean(group)) for group in groups])
