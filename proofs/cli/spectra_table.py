"""The table of sampled spectra beside the theory, for `simulate products` and `isometry`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from ..deep.spectra_verdicts import FALSE_ALARM, Compared
from ..verdicts import Status
from .streams import WIDE

__all__ = ["entries", "print_spectra", "say"]

_TOLD = {
    Status.SAMPLED: "yes",
    Status.VACUOUS: "budget too large",
    Status.REFUTED: "NO",
    Status.UNDECIDED: "",
}
RESULT = {
    Status.SAMPLED: "every difference from the theory is explained by chance and finite width",
    Status.VACUOUS: "a budget exceeds half of the value it is for and decides nothing: give more "
    "--draws or a larger --width",
    Status.UNDECIDED: "not everything could be compared",
    Status.REFUTED: "the simulation contradicts the theory",
}


def print_spectra(out: Console, heading: str, rows: Sequence[Compared], status: Status) -> None:
    """The heading, one table of all that is compared, what is left open, and the result."""
    table = _table(rows)
    endless = out.options.update(width=WIDE)
    # A narrow terminal wraps whole lines, which is better than numbers folded in their cells.
    out.width = max(out.width, Measurement.get(out, endless, table).maximum)
    say(out, heading)
    out.print(table, crop=False)
    for row in rows:
        if row.theory is None and row.note:
            say(out, f"{row.of}, {row.what}: {row.note}")
    say(out, f"\nFalse alarms: in less than {FALSE_ALARM:g} of all runs that follow the theory.")
    say(out, RESULT[status])


def say(out: Console, text: str) -> None:
    """A text, wrapped by the terminal only."""
    out.print(text, markup=False, soft_wrap=True)


def _table(rows: Sequence[Compared]) -> Table:
    made = Table(box=None, pad_edge=False)
    made.add_column("", overflow="fold")
    for heading in ("theory", "measured", "|difference|", "budget"):
        made.add_column(heading, justify="right", overflow="fold")
    for heading in ("mostly", "explained", ""):
        made.add_column(heading, overflow="fold")
    for of, group in groupby(rows, key=lambda row: row.of):
        made.add_row(of)
        for row in group:
            made.add_row(f"  {row.what}", *_cells(row))
    return made


def _cells(row: Compared) -> list[str]:
    measured = "-" if row.measured is None else f"{row.measured:.5g}"
    difference = row.difference
    if row.theory is None or difference is None:
        return ["-", measured, "", "", "", "", ""]
    mostly = max(row.terms, key=lambda name: row.terms[name])
    return [
        f"{row.theory:.5g}",
        measured,
        *(_size(row, x) for x in (difference, row.budget)),
        mostly,
        _TOLD[row.status],
        row.note,
    ]


def _size(row: Compared, size: float) -> str:
    return f"{size:.2%}" if row.relative else f"{size:.2g}"


def entries(text: str) -> list[str]:
    """What commas separate."""
    return [part.strip() for part in text.split(",")]
