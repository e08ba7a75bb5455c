"""What `simulate depth|products|isometry|table|gain` share: options, progress, reports, exit codes.

A module ``simulating_NAME`` defines its click command as ``command``, with `deep_options` and what
options it has beside; `prepare` refuses what cannot be done, `run_experiment` runs the cells, and
`finish` writes the reports and returns the exit code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
from lemmata.numerics.blas_threads import usable_cores
from lemmata.numerics.deep_devices import array_problem
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..deep.runs import Cell, State, run_cells
from ..files import check_writable
from ..plots import PlotError, check_figure
from ..verdicts import Status
from .main import REFUTED, UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, write_reports

__all__ = ["Run", "deep_options", "exit_code", "finish", "prepare", "run_experiment"]

PROFILES = ("tiny", "quick", "full")

Run = tuple[dict[str, dict[str, Any]], float]
"""What the cells found, by name, and the seconds this took."""


def deep_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add ``profile``, ``seed``, ``json_file``, ``plot``, ``resume`` and ``device``."""
    for option in reversed(
        (
            click.option(
                "--profile",
                type=click.Choice(PROFILES),
                default="quick",
                show_default=True,
                help="tiny only shows that all runs.",
            ),
            click.option(
                "--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers."
            ),
            click.option(
                "--json", "json_file", metavar="FILE", help="Write a JSON report; - is stdout."
            ),
            click.option("--plot", metavar="FILE", help="Draw a figure: .png, .pdf or .svg."),
            click.option(
                "--resume",
                metavar="FILE",
                help="Keep finished parts there, and go on from it (default: beside the "
                "JSON report, until that is written).",
            ),
            click.option(
                "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", help="Default: cpu."
            ),
        )
    ):
        command = option(command)
    return command


def prepare(*, json_file: str | None, plot: str | None, resume: str | None, device: str) -> None:
    """Raise ``click.UsageError``, before any work, for what could not be written or used."""
    if plot is not None:
        try:
            check_figure(plot)
        except PlotError as error:
            raise click.UsageError(f"--plot: {error}") from None
    check_reports(json=json_file, plot=plot)
    if resume is not None:
        try:
            check_writable(resume)
        except OSError as error:
            raise click.UsageError(f"--resume: {error}") from None
    problem = array_problem(device)
    if problem:
        raise click.UsageError(f"device: {device}: {problem}")


def _state_path(json_file: str | None, resume: str | None) -> str | None:
    if resume is not None or json_file in (None, STDOUT):
        return resume
    return f"{json_file}.unfinished"


def run_experiment(
    command: str,
    cells: Sequence[Cell],
    settings: Mapping[str, Any],
    *,
    seed: int,
    json_file: str | None,
    resume: str | None,
    device: str,
    then: Callable[[dict[str, dict[str, Any]]], Sequence[Cell]] | None = None,
) -> tuple[Run, State]:
    """Run the cells; what they found and the seconds this took, and the state for `finish`.

    ``then`` makes further cells of what the first ones found, which are run after them.

    ``settings``: all that the numbers depend on beside ``seed`` and ``device``; other ones than
    those of the state file are refused.  A bar of progress is shown on a terminal.  Raises
    ``click.UsageError`` for what the cells or the state refuse; Ctrl-C says what is kept.
    """
    path, started = _state_path(json_file, resume), time.perf_counter()
    workers = 1 if device == "cuda" else usable_cores()
    try:
        state = State(path, command, {**settings, "seed": seed, "device": device})
        found = _watched(command, cells, seed, state, workers)
        if then is not None:
            found |= _watched(command, then(found), seed, state, workers)
    except KeyboardInterrupt:
        if path is None:
            raise
        raise KeyboardInterrupt(f"the same command goes on from {path}") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except FloatingPointError as error:
        raise click.UsageError(f"{error}: give other settings") from None
    return (found, time.perf_counter() - started), state


def _watched(
    command: str, cells: Sequence[Cell], seed: int, state: State, workers: int
) -> dict[str, dict[str, Any]]:
    talk = console(stderr=True)
    if not talk.file.isatty():
        return run_cells(cells, seed=seed, state=state, workers=workers)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=talk, transient=True) as bar:
        task = bar.add_task(command, total=len(cells), last="")

        def tell(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, last=name)

        return run_cells(cells, seed=seed, state=state, workers=workers, progress=tell)


def finish(
    *,
    state: State,
    resume: str | None,
    status: Status,
    json_file: str | None,
    plot: str | None,
    report: Callable[[], str],
    figure: Callable[[], bytes],
    show: Callable[[Any], None],
) -> int:
    """Write the reports, show the tables on the console that `show` gets, return the exit code.

    The tables go to stdout, or to stderr when the JSON report does.  A state beside the JSON report
    is removed when everything is written; the one of ``resume`` stays.
    """
    written = write_reports([("json", json_file, report), ("plot", plot, figure)])
    show(console(stderr=json_file == STDOUT))
    if not written:
        return USAGE
    if resume is None:
        state.remove()
    return exit_code(status)


def exit_code(status: Status) -> int:
    """0 as the theory says, 1 something contradicts it, 3 not decided."""
    if status >= Status.SAMPLED:
        return 0
    return REFUTED if status is Status.REFUTED else UNDECIDED
