"""The lines of a CSV file as cells of text, with one clear line for what is no such file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import NamedTuple

__all__ = ["DataError", "Row", "TextTable", "read_text_table"]

LARGEST = 2**28
"""Bytes of the largest file that is read."""


class DataError(ValueError):
    """A file that is not a table of items; one line naming the place, the value and the fix."""


class Row(NamedTuple):
    """One line of a file: its number from 1 and its cells, blanks around them removed."""

    line: int
    cells: list[str]


class TextTable(NamedTuple):
    """A header and the rows below it, all of one length; first cells are names of items."""

    source: str
    header: Row
    rows: Iterator[Row]


def read_text_table(path: str | PathLike[str]) -> TextTable:
    """Read a CSV file: names of columns in the first row, names of items in the first column.

    UTF-8 with or without byte-order mark, any line ends, quoted fields; blank lines are skipped.
    Raises ``DataError``, at once or while rows are read, for a file without a header of at least
    two columns, a column without a name or named twice, an item without a name, a line of
    another length, or text that is no CSV.
    """
    source = Path(path)
    lines = _lines(source, _text(source))
    header = next(lines, None)
    if header is None:
        raise DataError(f"{source}: the file is empty; write a header line and one line per item")
    _check_header(source, header)
    return TextTable(str(source), header, _checked(source, header, lines))


def _text(source: Path) -> str:
    try:
        if source.is_file() and source.stat().st_size > LARGEST:
            raise DataError(
                f"{source}: {source.stat().st_size} bytes, more than {LARGEST}: too large; give "
                "fewer items or properties"
            )
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


def _lines(source: Path, text: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), strict=True, skipinitialspace=True)
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield Row(start, [" ".join(cell.split()) for cell in row])
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{source}, line {start}: {error}; close the quotes and separate fields by commas"
        ) from error


def _check_header(source: Path, header: Row) -> None:
    line, cells = header
    if len(cells) == 1:
        raise DataError(
            f"{source}, line {line}: the header {cells[0]!r} has no property column; separate "
            "the columns by commas: item,property,..."
        )
    first: dict[str, int] = {}
    for column, name in enumerate(cells[1:], start=2):
        if not name:
            raise DataError(f"{source}, line {line}, column {column}: no property name; write one")
        if name in first:
            raise DataError(
                f"{source}, line {line}, column {column}: property {name!r} is already column "
                f"{first[name]}; rename or remove one"
            )
        first[name] = column


def _checked(source: Path, header: Row, lines: Iterator[Row]) -> Iterator[Row]:
    items: dict[str, int] = {}
    for line, cells in lines:
        _check_row(f"{source}, line {line}, column", cells, header.cells, items)
        items[cells[0]] = line
        yield Row(line, cells)
    if not items:
        raise DataError(
            f"{source}, line {header.line}: only a header; write one line per item below it"
        )


def _check_row(place: str, row: list[str], header: list[str], items: dict[str, int]) -> None:
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
