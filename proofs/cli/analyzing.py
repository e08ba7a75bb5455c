"""`analyze`: what theory predicts of a table of one's own."""

from __future__ import annotations

import os
import time
from typing import Any

import click
from lemmata.numerics.categories import Classification, read_classifications
from lemmata.numerics.datasets import DataError, ItemTable, read_classified_items
from lemmata.numerics.similarities import similarity_problem

from ..analysis.analysis import analyze
from ..analysis.report import analysis_report
from ..analysis.settings import Criterion, Settings
from ..analysis.summary import print_analysis
from ..data import SHIPPED, shipped_items
from .main import USAGE
from .streams import STDOUT, check_reports, console, write_reports

__all__ = ["run"]


def run(
    *,
    table: str,
    categories: str | None,
    category_column: tuple[str, ...],
    similarity: bool | None,
    criterion: str,
    json_file: str | None,
    **settings: Any,
) -> int:
    """Analyse, print and write; return the exit code, 0 when it ran.

    Raises ``click.UsageError``, before anything is written, for a bad table or setting.
    """
    check_reports(json=json_file)
    started = time.perf_counter()
    try:
        made = Settings(criterion=Criterion.parse(criterion), **settings)
        items, kinds = _read(table, categories, category_column)
        given = _is_similarity(items) if similarity is None else similarity
        found = analyze(items, made, kinds, given_similarity=given)
    except DataError as error:
        raise click.UsageError(f"table: {error}") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    seconds = time.perf_counter() - started
    name = table if table in SHIPPED else os.path.basename(table)
    asked = {
        "table": name,
        "categories": None if categories is None else os.path.basename(categories),
        "category_columns": list(category_column),
        "similarity": given,
        "criterion": criterion,
        **settings,
    }
    written = write_reports([("json", json_file, lambda: analysis_report(found, asked, seconds))])
    print_analysis(console(stderr=json_file == STDOUT), found, name)
    return 0 if written else USAGE


def _is_similarity(items: ItemTable) -> bool:
    return similarity_problem(items) is None


def _read(
    table: str, categories: str | None, columns: tuple[str, ...]
) -> tuple[ItemTable, tuple[Classification, ...]]:
    no_kinds: tuple[Classification, ...] = ()
    if table in SHIPPED:
        if columns:
            raise ValueError(f"category-column: {table} has no column of categories")
        items, kinds = shipped_items(table), no_kinds
    else:
        if not os.path.exists(table) and os.path.basename(table) == table:
            shipped = ", ".join(SHIPPED)
            raise ValueError(
                f"table: {table!r} is neither a shipped table ({shipped}) nor a file: give the "
                "path of a CSV file"
            )
        try:
            items, kinds = read_classified_items(table, tuple(dict.fromkeys(columns)))
        except DataError as error:
            raise ValueError(f"table: {error}") from None
    if categories is None:
        return items, kinds
    try:
        return items, (*kinds, *read_classifications(categories, items.items))
    except DataError as error:
        raise ValueError(f"categories: {error}") from None
