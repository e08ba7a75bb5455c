"""Rows of figures as a table for the terminal."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.table import Table

from .timing import Row


def notes(rows: list[Row]) -> list[str]:
    """A line for everything that was not measured, and why."""
    found = [f"{row['engine']}: {row['note']}" for row in rows if speed(row) is None]
    return list(dict.fromkeys(found))


def tables(rows: list[Row]) -> list[Table]:
    """A table of a section, if anything was measured: a line per engine, cases apart.

    Ratios are to the best peer; ``steps/s`` are network-steps a second.
    """
    table = Table(box=None, pad_edge=False)
    for name in ("case", "engine", "figure", "GFLOP/s", "of dgemm", "spread", "ours/peer"):
        table.add_column(
            name, justify="left" if name in ("case", "engine") else "right", no_wrap=True
        )
    measured = [row for row in rows if speed(row) is not None]
    for case, group in groupby(measured, key=_case):
        of_case = list(group)
        best = _best_peer(of_case)
        for i, row in enumerate(of_case):
            table.add_row(case if i == 0 else "", str(row["engine"]), *_cells(row, best))
        table.add_section()
    return [table] if measured else []


def _case(row: Row) -> str:
    case, digits = str(row["case"]), row.get("digits")
    return case if digits is None or "digits" in case else f"{case}, {digits} digits"


def speed(row: Row) -> float | None:
    """What is larger for a faster engine: work a second, or one over the seconds."""
    if "network_steps_per_s" in row:
        return float(row["network_steps_per_s"])
    seconds = row.get("cpu_s", row.get("seconds"))
    return 1 / float(seconds) if seconds else None


def is_ours(row: Row) -> bool:
    """Whether a row is one of our engines."""
    return str(row["engine"]).startswith("lemmata")


def _best_peer(rows: list[Row]) -> float | None:
    # Steps of another method are counted as ours, so they are no measure of speed.
    found = [speed(row) for row in rows if not is_ours(row) and row.get("same_steps", True)]
    return max((value for value in found if value), default=None)


def _cells(row: Row, best: float | None) -> list[str]:
    value = speed(row)
    ratio = f"{value / best:.2f}" if value and best and is_ours(row) else ""
    spread = f"{100 * row['spread']:.0f} %" if "spread" in row else ""
    share = f"{100 * row['of_dgemm']:.0f} %" if "of_dgemm" in row else ""
    flops = f"{row['gflops']:.1f}" if "gflops" in row else ""
    return [_figure(row), flops, share, spread, ratio]


def _figure(row: Row) -> str:
    if "network_steps_per_s" in row:
        return f"{row['network_steps_per_s']:.3g} steps/s"
    seconds: Any = row.get("cpu_s", row.get("seconds"))
    return f"{1000 * seconds:.3g} ms"
