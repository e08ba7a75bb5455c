"""`simulate`: the network on a table of items, theory over simulation."""

from __future__ import annotations

import os
import time
from typing import Any

import click
import numpy as np
from lemmata.numerics.datasets import DataError, ItemTable, read_items
from rich.console import Console

from ..data import SHIPPED, shipped_items
from ..items_comparison import ItemsComparison, compare_items
from ..items_report import simulation_report
from ..plots import PlotError, check_figure, items_figure
from ..verdicts import Status
from .items_table import print_comparison
from .main import REFUTED, UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, write_reports

__all__ = ["exit_code", "run"]


def run(
    *, table: str, seed: int, json_file: str | None, plot: str | None, **settings: Any
) -> int:
    """Train, compare, print and write; return the exit code.

    The tables go to stdout, or to stderr when the JSON report does.  Raises ``click.UsageError``
    for a bad table or setting, before anything is trained where that can be known.
    """
    _check_outputs(json_file, plot)
    items, started = _read(table), time.perf_counter()
    found = _compare(items, seed, settings)
    seconds = time.perf_counter() - started
    name = table if table in SHIPPED else os.path.basename(table)
    asked = {"table": name, **settings, "seed": seed}
    written = write_reports(
        [
            ("json", json_file, lambda: simulation_report(items, found, asked, seconds)),
            ("plot", plot, lambda: _figure(items, found, name, settings, str(plot))),
        ]
    )
    out = console(stderr=json_file == STDOUT)
    print_comparison(out, items, found, asked)
    return exit_code(found) if written else USAGE


def exit_code(found: ItemsComparison) -> int:
    """0 every difference is explained, 1 one contradicts the theory, 3 a budget cannot decide."""
    if found.status >= Status.SAMPLED:
        return 0
    return REFUTED if found.status is Status.REFUTED else UNDECIDED


def _check_outputs(json_file: str | None, plot: str | None) -> None:
    if plot is not None:
        try:
            check_figure(plot)
        except PlotError as error:
            raise click.UsageError(f"--plot: {error}") from None
    check_reports(json=json_file, plot=plot)


def _read(table: str) -> ItemTable:
    if table in SHIPPED:
        return shipped_items(table)
    if not os.path.exists(table) and os.path.basename(table) == table:
        shipped = ", ".join(SHIPPED)
        raise click.UsageError(
            f"table: {table!r} is neither a shipped table ({shipped}) nor a file: give the path "
            "of a CSV file"
        )
    try:
        return read_items(table)
    except DataError as error:
        raise click.UsageError(f"table: {error}") from None


def _compare(items: ItemTable, seed: int, settings: dict[str, Any]) -> ItemsComparison:
    talk: Console = console(stderr=True)
    try:
        if not talk.file.isatty():
            return compare_items(items, rng=np.random.default_rng(seed), **settings)
        with talk.status("training: gradient flow and descent, from two starts"):
            return compare_items(items, rng=np.random.default_rng(seed), **settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except FloatingPointError as error:
        raise click.UsageError(f"{error}: give more --updates or a shorter --until") from None


def _figure(
    items: ItemTable, found: ItemsComparison, name: str, settings: dict[str, Any], path: str
) -> bytes:
    title = (
        f"{name}: {len(items.items)} items, {len(items.properties)} properties, "
        f"{settings['hidden']} hidden units"
    )
    return items_figure(found, title, settings["tau"], path)
