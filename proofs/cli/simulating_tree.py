"""`simulate tree`: features sampled from a tree, the network trained on them, theory beside it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import click
import numpy as np
from lemmata.numerics.tree_files import read_tree
from lemmata.numerics.trees import Tree, TreeError, regular_tree

from ..files import check_writable
from ..plots import PlotError, check_figure
from ..tree_comparison import TreeComparison, compare_tree
from ..tree_figures import FIGURES, six_panels, tree_figure
from ..tree_orders import WrongOrders, count_wrong_orders
from ..tree_report import tree_report
from ..verdicts import Status, weakest
from .main import REFUTED, UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, fail, write_reports
from .tree_table import print_tree_comparison, tree_title

__all__ = ["run"]


def run(
    *,
    tree: str | None,
    branching: str | None,
    epsilon: str | None,
    seed: int,
    json_file: str | None,
    plot: str | None,
    figures: str | None,
    orders: int | None,
    **settings: Any,
) -> int:
    """Sample, train, compare, print and write; return the exit code.

    The tables go to stdout, or to stderr when the JSON report does.  Raises ``click.UsageError``
    for a bad tree or setting, before anything is trained where that can be known.
    """
    _check_outputs(json_file, plot, figures)
    given, started = _tree(tree, branching, epsilon), time.perf_counter()
    counted = None if orders is None else _orders(given, settings["features"], orders, seed)
    found = _compare(given, seed, settings)
    seconds = time.perf_counter() - started
    name = None if tree is None else os.path.basename(tree)
    asked = {"tree": name, **settings, "orders": orders, "seed": seed}
    title, tau = tree_title(found, asked), settings["tau"]
    written = write_reports(
        [
            ("json", json_file, lambda: tree_report(found, asked, seconds, counted)),
            ("plot", plot, lambda: six_panels(found, title, tau, str(plot))),
            *_figures(found, title, tau, figures),
        ]
    )
    print_tree_comparison(console(stderr=json_file == STDOUT), found, asked, counted)
    if not written:
        return USAGE
    status = weakest([found.status, *([] if counted is None else [counted.status])])
    if status >= Status.SAMPLED:
        return 0
    return REFUTED if status is Status.REFUTED else UNDECIDED


def _check_outputs(json_file: str | None, plot: str | None, figures: str | None) -> None:
    for option, path in (("plot", plot), ("figures", figures and "figure.png")):
        if path is not None:
            try:
                check_figure(path)
            except PlotError as error:
                raise click.UsageError(f"--{option}: {error}") from None
    check_reports(json=json_file, plot=plot)
    if figures is not None:
        _check_folder(figures)


def _check_folder(figures: str) -> None:
    """Refuse a folder that could not be made or written to."""
    if os.path.lexists(figures) and not os.path.isdir(figures):
        raise click.UsageError(f"--figures: {figures} is a file: give the name of a folder")
    inside = os.path.isdir(figures)
    try:
        check_writable(os.path.join(figures, "figure.png") if inside else figures)
    except OSError as error:
        raise click.UsageError(f"--figures: {error}") from None


def _figures(
    found: TreeComparison, title: str, tau: float, folder: str | None
) -> list[tuple[str, str, Callable[[], bytes]]]:
    if folder is None:
        return []
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        fail(f"--figures: cannot make {folder}: {error.strerror or error}")
    paths = {kind: os.path.join(folder, f"{kind}.png") for kind in FIGURES}

    def maker(kind: str) -> Callable[[], bytes]:
        return lambda: tree_figure(kind, found, title, tau, paths[kind])

    return [("figures", paths[kind], maker(kind)) for kind in FIGURES]


def _tree(path: str | None, branching: str | None, epsilon: str | None) -> Tree:
    if (path is None) == (branching is None):
        raise click.UsageError(
            "tree: give either --branching 2,2 --epsilon 0.1, or --tree FILE.json"
        )
    flips = None if epsilon is None else _entries(epsilon)
    try:
        if path is not None:
            return read_tree(path, flips)
        return regular_tree([_whole(part) for part in str(branching).split(",")], flips)
    except TreeError as error:
        raise click.UsageError(f"tree: {error}") from None


def _entries(epsilon: str) -> Any:
    parts = epsilon.split(",")
    return parts if len(parts) > 1 else parts[0]


def _whole(text: str) -> Any:
    return int(text) if text.strip().isdecimal() else text


def _orders(tree: Tree, features: int, trials: int, seed: int) -> WrongOrders:
    try:
        return count_wrong_orders(tree, features, trials, np.random.default_rng((seed, 1)))
    except ValueError as error:
        raise click.UsageError(f"--orders: {error}") from None


def _compare(tree: Tree, seed: int, settings: dict[str, Any]) -> TreeComparison:
    talk = console(stderr=True)
    try:
        if not talk.file.isatty():
            return compare_tree(tree, rng=np.random.default_rng(seed), **settings)
        with talk.status("training: gradient flow from two starts"):
            return compare_tree(tree, rng=np.random.default_rng(seed), **settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except FloatingPointError as error:
        raise click.UsageError(f"{error}: give a shorter --until") from None
