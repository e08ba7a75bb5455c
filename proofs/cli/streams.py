"""Where output goes: results and talk, in a terminal or not, and reports that may be "-"."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ..files import check_writable, write_whole

__all__ = ["STDOUT", "WIDE", "check_reports", "console", "fail", "id_table", "write_reports"]

STDOUT = "-"
WIDE = 10_000
"""Nothing is cut or wrapped where no terminal says how wide a line is."""


def console(stderr: bool = False) -> Console:
    """A console on stdout or stderr, as wide as the terminal, or endless where there is none.

    A terminal is asked for itself: variables that force colours do not make one.
    """
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDE
    return _Console(stderr=stderr, width=width, highlight=False, emoji=False)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the error through: rich would exit with 1, which says refuted here."""
        raise BrokenPipeError


def id_table(headings: list[str], ids: list[str]) -> Table:
    """A plain table whose first column is never cut; numbers are for the caller to align."""
    table = Table(box=None, pad_edge=False)
    longest = max((len(id) for id in ids), default=0)
    table.add_column(headings[0], min_width=longest, no_wrap=True)
    for heading in headings[1:]:
        table.add_column(heading, overflow="fold")
    return table


def fail(message: str) -> None:
    """One line on stderr."""
    click.echo(f"lemmata: {message}", err=True)


def check_reports(**paths: str | None) -> None:
    """Refuse, before any work, reports that could not be written.

    Raises ``click.UsageError``; also when more than one report goes to stdout.
    """
    for option, path in paths.items():
        if path is None or path == STDOUT:
            continue
        try:
            check_writable(path)
        except OSError as error:
            raise click.UsageError(f"--{option}: {error}") from None
    if sum(path == STDOUT for path in paths.values()) > 1:
        options = " and ".join(f"--{option}" for option, path in paths.items() if path == STDOUT)
        raise click.UsageError(f"{options}: only one report can go to stdout")


def write_reports(reports: list[tuple[str, str | None, Any]]) -> bool:
    """Write ``(option, path, content)`` one after the other; "-" is stdout, None is nowhere.

    ``content`` is called to make the text or the bytes.  A report that cannot be written is
    told on stderr in one line; False then, after the others were written.
    """
    written = True
    for option, path, content in reports:
        if path is None:
            continue
        made = content()
        if path == STDOUT:
            click.echo(made, nl=False)
            continue
        try:
            write_whole(path, made)
        except OSError as error:
            fail(f"--{option}: cannot write {path}: {error.strerror or error}")
            written = False
    return written
