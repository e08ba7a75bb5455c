"""Tables of items and their properties, read from CSV, and their correlations."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .examples import Convention
from .networks import FloatArray

__all__ = ["Correlations", "DataError", "ItemTable", "correlations", "read_items"]

# float() alone also takes "nan", "inf", "1_000" and digits of other scripts.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class DataError(ValueError):
    """A file that is not a table of items; one line naming the place, the value and the fix."""


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
    source = Path(path)
    rows = _rows(source, _text(source))
    line, header = next(rows, (0, []))
    if not header:
        raise DataError(f"{source}: the file is empty; write a header line and one line per item")
    properties = _properties(source, line, header)
    items: dict[str, int] = {}
    values = []
    for line, row in rows:
        _check_row(source, line, row, header, items)
        items[row[0]] = line
        values.append([_number(source, line, header, row, j) for j in range(1, len(header))])
    if not items:
        raise DataError(f"{source}, line {line}: only a header; write one line per item below it")
    return ItemTable(tuple(items), properties, np.array(values))


def _text(source: Path) -> str:
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{source}: {error.strerror}; give the path of a CSV file") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{source}: byte {error.start} is not UTF-8 text; save the table as CSV in UTF-8"
        ) from error
    if "\0" in text:
        raise DataError(f"{source}: contains a zero byte, so it is no text; save the table as CSV")
    return text


def _rows(source: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True, skipinitialspace=True)
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield start, [" ".join(cell.split()) for cell in row]
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{source}, line {start}: {error}; close the quotes and separate fields by commas"
        ) from error


def _properties(source: Path, line: int, header: list[str]) -> tuple[str, ...]:
    if len(header) == 1:
        raise DataError(
            f"{source}, line {line}: the header {header[0]!r} has no property column; separate "
            "the columns by commas: item,property,..."
        )
    first: dict[str, int] = {}
    for column, name in enumerate(header[1:], start=2):
        if not name:
            raise DataError(f"{source}, line {line}, column {column}: no property name; write one")
        if name in first:
            raise DataError(
                f"{source}, line {line}, column {column}: property {name!r} is already column "
                f"{first[name]}; rename or remove one"
            )
        first[name] = column
    return tuple(first)


def _check_row(
    source: Path, line: int, row: list[str], header: list[str], items: dict[str, int]
) -> None:
    place = f"{source}, line {line}, column"
    if len(row) < len(header):
        raise DataError(
            f"{place} {len(row) + 1} ({header[len(row)]!r}): the line ends after {len(row)} of "
            f"{len(header)} columns; write the missing cells"
        )
    if len(row) > len(header):
        raise DataError(
            f"{place} {len(header) + 1}: found {row[len(header)]!r} beyond the {len(header)} "
            "columns of the header; remove it or name its column"
        )
    if not row[0]:
        raise DataError(f"{place} 1: no item name; write one")
    if row[0] in items:
        raise DataError(
            f"{place} 1: item {row[0]!r} is already on line {items[row[0]]}; rename or remove one"
        )


def _number(source: Path, line: int, header: list[str], row: list[str], column: int) -> float:
    cell = row[column]
    place = f"{source}, line {line}, column {column + 1} ({header[column]!r})"
    if not cell:
        raise DataError(f"{place}: the cell is empty; write 0, 1 or a decimal number")
    value = float(cell) if NUMBER.fullmatch(cell) else float("nan")
    if not np.isfinite(value):
        raise DataError(f"{place}: {cell!r} is no finite number; write 0, 1 or a decimal number")
    return value
