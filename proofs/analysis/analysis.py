"""Everything that is said of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from lemmata.numerics.categories import Classification
from lemmata.numerics.datasets import DataError, ItemTable
from lemmata.numerics.similarities import Similarity, read_similarity, similarity_of
from lemmata.numerics.structure_choice import choose_structure
from lemmata.numerics.structure_lengths import choose_structure_of_similarity
from lemmata.numerics.structure_scores import Choice

from .categories import Category, find_categories
from .illusions import Illusions, find_illusions
from .modes import Order, TableModes, learning_order, table_modes
from .settings import Settings

__all__ = ["Analysis", "analyze"]

MOST_ITEMS = 1000
MOST_WORK = 1e10
"""Items squared times properties (or the reverse, whichever is less): minutes."""
LARGEST = 1e100
"""Squares of larger values, or of the inverse of smaller ones, leave the range of numbers."""


@dataclass(frozen=True)
class Analysis:
    """What ``analyze`` found; ``illusions`` is None where only a similarity is known.

    ``dominant``: the property with the largest part of the sum of squares, and that part.
    """

    table: ItemTable
    similarity: Similarity
    given_similarity: bool
    settings: Settings
    modes: TableModes
    order: Order
    structure: Choice
    categories: tuple[Category, ...]
    illusions: Illusions | None
    dominant: tuple[str, float]


def analyze(
    table: ItemTable,
    settings: Settings,
    classifications: Sequence[Classification] = (),
    *,
    given_similarity: bool = False,
) -> Analysis:
    """Analyse items by properties, or with ``given_similarity`` a matrix of similarities.

    Raises ``DataError`` for a table that is constant, too large or no similarity matrix.
    """
    _check(table)
    if given_similarity:
        similarity, table = read_similarity(table)
    else:
        similarity = similarity_of(table)
    found = table_modes(table, settings, sampled=not given_similarity)
    categories = [
        category
        for kind in classifications
        for category in find_categories(similarity.values, kind, found, settings)
    ]
    if given_similarity:
        structure = choose_structure_of_similarity(similarity.values)
    else:
        structure = choose_structure(table.values, np.random.default_rng(settings.seed))
    squares = np.sum(table.values**2, axis=0)
    top = int(np.argmax(squares))
    return Analysis(
        table=table,
        similarity=similarity,
        given_similarity=given_similarity,
        settings=settings,
        modes=found,
        order=learning_order(found, settings),
        structure=structure,
        categories=tuple(categories),
        illusions=None if given_similarity else find_illusions(table, found, settings),
        dominant=(table.properties[top], float(squares[top] / np.sum(squares))),
    )


def _check(table: ItemTable) -> None:
    items, properties = table.values.shape
    if items < 2:
        raise DataError(f"it has one item only, {table.items[0]!r}: give two or more")
    if np.ptp(table.values) == 0:
        raise DataError(
            f"every value is {table.values.flat[0]:g}: the table is constant, nothing tells its "
            "items apart; give properties that differ"
        )
    size = float(np.max(np.abs(table.values)))
    if not 1 / LARGEST < size < LARGEST:
        raise DataError(f"its largest value is {size:g} in size: give it in another unit")
    work = items * properties * min(items, properties)
    if items > MOST_ITEMS or work > MOST_WORK:
        raise DataError(
            f"{items} items and {properties} properties are too large: give at most {MOST_ITEMS} "
            f"items, and items x properties x the smaller of both up to {MOST_WORK:.0e}"
        )
