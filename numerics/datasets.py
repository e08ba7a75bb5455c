"""Tables of items and their properties, read from CSV, and their correlations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import NamedTuple

import numpy as np

from .categories import Classification
from .examples import Convention
from .networks import FloatArray
from .table_files import DataError, Row, TextTable, read_text_table

__all__ = [
    "Correlations",
    "DataError",
    "ItemTable",
    "correlations",
    "read_classified_items",
    "read_items",
]

# float() alone also takes "nan", "inf", "1_000" and digits of other scripts.
_DIGITS = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
NUMBER = re.compile(_DIGITS, re.ASCII)
NUMBERS = re.compile(rf"{_DIGITS}(,{_DIGITS})*", re.ASCII)

MISSING = frozenset({"?", "-", ".", "na", "n/a", "nan", "nil", "none", "null", "missing"})
"""How tables mark a missing value, in small letters."""


@dataclass(frozen=True)
class ItemTable:
    """Items and their properties: ``values[i, j]`` is property ``j`` of item ``i``, ``(P, N3)``."""

    items: tuple[str, ...]
    properties: tuple[str, ...]
    values: FloatArray


class Correlations(NamedTuple):
    """Input correlations ``Sigma11`` ``(P, P)`` and input-output ones ``Sigma31`` ``(N3, P)``."""

    Sigma11: FloatArray
    Sigma31: FloatArray


def correlations(table: ItemTable, convention: Convention = "average") -> Correlations:
    """Correlations of one-hot items with their properties, the outputs ``Y = values^T``.

    ``"average"``: ``Sigma11 = E[x x^T] = I/P``, ``Sigma31 = E[y x^T] = Y/P``; ``"sum"``:
    ``Sigma11 = I``, ``Sigma31 = Y``.  Raises ``ValueError`` for another convention.
    """
    if convention not in ("average", "sum"):
        raise ValueError(f"convention={convention!r}: give 'average' or 'sum'")
    count = len(table.items)
    share = count if convention == "average" else 1
    return Correlations(np.eye(count) / share, table.values.T / share)


def read_items(path: str | PathLike[str]) -> ItemTable:
    """Read a CSV table: property names in the first row, item names in the first column.

    Cells are 0, 1 or decimal numbers.  UTF-8 with or without byte-order mark, any line ends,
    quoted fields; blank lines are skipped, blanks around a cell removed.  Raises ``DataError``,
    with file, line, column, value and the fix, for anything else.
    """
    return read_classified_items(path, ())[0]


def read_classified_items(
    path: str | PathLike[str], columns: Sequence[str]
) -> tuple[ItemTable, tuple[Classification, ...]]:
    """Read a table as ``read_items``; the named ``columns`` are no properties but categories.

    Their cells are names of categories, any text.  Raises ``DataError`` also for a column that
    is not there, or when no property is left.
    """
    text = read_text_table(path)
    header = text.header.cells
    named = [_column(text, name) for name in columns]
    numeric = [j for j in range(1, len(header)) if j not in named]
    if not numeric:
        raise DataError(f"{text.source}: every column is a category; leave one with properties")
    items, values, labels = [], [], []
    for row in text.rows:
        items.append(row.cells[0])
        values.append(_numbers(text, row, numeric))
        labels.append([_label(text, row, j) for j in named])
    table = ItemTable(tuple(items), tuple(header[j] for j in numeric), np.array(values))
    kinds = [
        Classification.of_labels(name, table.items, [row[i] for row in labels])
        for i, name in enumerate(columns)
    ]
    return table, tuple(kinds)


def _column(text: TextTable, name: str) -> int:
    header = text.header.cells[1:]
    if name not in header:
        raise DataError(
            f"{text.source}, line {text.header.line}: no column is named {name!r}; the columns "
            f"are {', '.join(header[:8])}{', ...' if len(header) > 8 else ''}"
        )
    return header.index(name) + 1


def _label(text: TextTable, row: Row, column: int) -> str:
    cell = row.cells[column]
    if not cell or cell.casefold() in MISSING:
        raise DataError(
            f"{_place(text, row, column)}: {cell!r} names no category of {row.cells[0]!r}; write "
            "one or remove the item"
        )
    return cell


def _numbers(text: TextTable, row: Row, columns: Sequence[int]) -> FloatArray:
    cells = [row.cells[j] for j in columns]
    # One match for the whole line: a cell with a comma of its own has another count of commas.
    joined = ",".join(cells)
    if NUMBERS.fullmatch(joined) and joined.count(",") == len(cells) - 1:
        values = np.array(cells, dtype=np.float64)
        if np.all(np.isfinite(values)):
            return values
    return np.array([_number(text, row, j) for j in columns])


def _number(text: TextTable, row: Row, column: int) -> float:
    cell, place = row.cells[column], _place(text, row, column)
    if not cell:
        raise DataError(f"{place}: the cell is empty; write 0, 1 or a decimal number")
    value = float(cell) if NUMBER.fullmatch(cell) else float("nan")
    if np.isfinite(value):
        return value
    if cell.casefold() in MISSING:
        raise DataError(
            f"{place}: {cell!r} is no finite number but marks a missing value; write 0, 1 or a "
            "decimal number, or remove the item or the property"
        )
    raise DataError(
        f"{place}: {cell!r} is no finite number; write 0, 1 or a decimal number, or read the "
        "column as categories"
    )


def _place(text: TextTable, row: Row, column: int) -> str:
    return f"{text.source}, line {row.line}, column {column + 1} ({text.header.cells[column]!r})"
