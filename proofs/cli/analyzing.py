"""`analyze`: what theory predicts of a table of one's own."""

from __future__ import annotations

import os
import time
from typing import Any

import click
from lemmata.numerics.categories import Classification, read_classifications
from lemmata.numerics.datasets import DataError, ItemTable, read_classified_items
from lemmata.numerics.similarities import similarity_problem

from ..analysis.analysis import Analysis, analyze
from ..analysis.figures import FIGURES, one_figure, whole_page
from ..analysis.report import analysis_report
from ..analysis.settings import Criterion, Settings
from ..analysis.summary import print_analysis
from ..data import SHIPPED, shipped_items
from ..plots import PlotError, check_figure
from .main import USAGE
from .streams import STDOUT, check_reports, console, fail, write_reports

__all__ = ["run"]


def run(
    *,
    table: str,
    categories: str | None,
    category_column: tuple[str, ...],
    similarity: bool | None,
    criterion: str,
    json_file: str | None,
    plot: str | None,
    figures: str | None,
    **settings: Any,
) -> int:
    """Analyse, print and write; return the exit code, 0 when it ran.

    Raises ``click.UsageError``, before anything is written, for a bad table or setting.
    """
    _check_outputs(json_file, plot, figures)
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
    title = f"{name}: {len(items.items)} items"
    reports: list[tuple[str, str | None, Any]] = [
        ("json", json_file, lambda: analysis_report(found, asked, seconds)),
        ("plot", plot, lambda: whole_page(found, title, str(plot))),
    ]
    written = write_reports(reports) and _write_figures(found, title, figures)
    print_analysis(console(stderr=json_file == STDOUT), found, name)
    return 0 if written else USAGE


def _check_outputs(json_file: str | None, plot: str | None, figures: str | None) -> None:
    try:
        if plot is not None:
            check_figure(plot)
        if figures is not None:
            check_figure("modes.png")
    except PlotError as error:
        raise click.UsageError(f"{'--plot' if plot else '--figures'}: {error}") from None
    check_reports(json=json_file, plot=plot)
    if figures is not None and not os.path.isdir(figures):
        if os.path.exists(figures):
            raise click.UsageError(f"--figures: {figures} is a file, give the name of a folder")
        check_reports(figures=figures)


def _write_figures(found: Analysis, title: str, folder: str | None) -> bool:
    if folder is None:
        return True
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        fail(f"--figures: cannot make {folder}: {error.strerror or error}")
        return False
    paths = {name: os.path.join(folder, f"{name}.png") for name in FIGURES}
    made = {name: one_figure(found, name, title, path) for name, path in paths.items()}
    return write_reports(
        [
            ("figures", paths[name], lambda content=content: content)
            for name, content in made.items()
            if content is not None
        ]
    )


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
