"""What `simulate depth|products|isometry|table|gain` share: options, progress, reports, exit codes.

A module ``simulating_NAME`` defines its click command as ``command``, with `deep_options` and what
options it has beside; `Shared.check` refuses what cannot be done, and `conduct` runs the cells,
writes the reports and returns the exit code.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import click
from lemmata.numerics.blas_threads import usable_cores
from lemmata.numerics.deep_devices import array_problem
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..deep.reports import deep_report
from ..deep.runs import Cell, State, run_cells
from ..files import check_writable
from ..plots import PlotError, check_figure
from ..verdicts import Status
from .main import REFUTED, UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, write_reports

__all__ = ["Found", "Outcome", "Shared", "conduct", "deep_options"]

PROFILES = ("tiny", "quick", "full")

Found = dict[str, dict[str, Any]]
"""What the cells found, by name."""


@dataclass(frozen=True)
class Shared:
    """The options that all experiments on deep networks have."""

    profile: str
    seed: int
    json_file: str | None
    plot: str | None
    resume: str | None
    device: str

    def check(self) -> None:
        """Raise ``click.UsageError``, before any work, for what could not be written or used."""
        if self.plot is not None:
            try:
                check_figure(self.plot)
            except PlotError as error:
                raise click.UsageError(f"--plot: {error}") from None
        check_reports(json=self.json_file, plot=self.plot)
        if self.resume is not None:
            try:
                check_writable(self.resume)
            except OSError as error:
                raise click.UsageError(f"--resume: {error}") from None
        problem = array_problem(self.device)
        if problem:
            raise click.UsageError(f"device: {self.device}: {problem}")

    @property
    def state_path(self) -> str | None:
        """The file that keeps finished cells."""
        if self.resume is not None or self.json_file in (None, STDOUT):
            return self.resume
        return f"{self.json_file}.unfinished"


@dataclass(frozen=True)
class Outcome:
    """What the cells come to: verdict, claims, entries of the JSON report, figure and tables.

    ``figure`` takes the name of the file, ``show`` the console to print on.
    """

    status: Status
    claims: Sequence[str]
    results: Mapping[str, Any]
    figure: Callable[[str], bytes]
    show: Callable[[Console], None]


def deep_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of `Shared`, and hand them to the command as its first argument."""

    @functools.wraps(command)
    def called(**settings: Any) -> int:
        shared = Shared(**{field.name: settings.pop(field.name) for field in fields(Shared)})
        return command(shared, **settings)

    made: Callable[..., int] = called
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
        made = option(made)
    return made


def conduct(
    command: str,
    shared: Shared,
    settings: Mapping[str, Any],
    cells: Sequence[Cell],
    judged: Callable[[Found], Outcome],
    then: Callable[[Found], Sequence[Cell]] | None = None,
) -> int:
    """Run the cells, judge what they found, write the reports, print; return the exit code.

    ``settings``: all that the numbers depend on beside ``seed`` and ``device``; other ones than
    those of the state file are refused.  ``then`` makes further cells of what the first ones found.
    The tables go to stdout, or to stderr when the JSON report does.  A state beside the JSON report
    is removed when everything is written; the one of ``--resume`` stays.  Raises
    ``click.UsageError`` for what the cells or the state refuse; Ctrl-C says what is kept.
    """
    asked = {"profile": shared.profile, **settings, "seed": shared.seed, "device": shared.device}
    started = time.perf_counter()
    found, state = _run(command, shared, asked, cells, then)
    outcome, seconds = judged(found), time.perf_counter() - started

    def report() -> str:
        return deep_report(
            command,
            claims=outcome.claims,
            settings=asked,
            status=outcome.status,
            results=outcome.results,
            seconds=seconds,
        )

    written = write_reports(
        [
            ("json", shared.json_file, report),
            ("plot", shared.plot, lambda: outcome.figure(str(shared.plot))),
        ]
    )
    outcome.show(console(stderr=shared.json_file == STDOUT))
    if not written:
        return USAGE
    if shared.resume is None:
        state.remove()
    return _exit_code(outcome.status)


def _run(
    command: str,
    shared: Shared,
    asked: Mapping[str, Any],
    cells: Sequence[Cell],
    then: Callable[[Found], Sequence[Cell]] | None,
) -> tuple[Found, State]:
    path, workers = shared.state_path, 1 if shared.device == "cuda" else usable_cores()
    try:
        state = State(path, command, asked)
        found = _watched(command, cells, shared.seed, state, workers)
        if then is not None:
            found |= _watched(command, then(found), shared.seed, state, workers)
    except KeyboardInterrupt:
        if path is None:
            raise
        raise KeyboardInterrupt(f"the same command goes on from {path}") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except FloatingPointError as error:
        raise click.UsageError(f"{error}: give other settings") from None
    return found, state


def _watched(command: str, cells: Sequence[Cell], seed: int, state: State, workers: int) -> Found:
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


def _exit_code(status: Status) -> int:
    """0 as the theory says, 1 something contradicts it, 3 not decided."""
    if status >= Status.SAMPLED:
        return 0
    return REFUTED if status is Status.REFUTED else UNDECIDED
