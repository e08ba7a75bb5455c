"""The tables of `simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lemmata.numerics.datasets import ItemTable
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from ..items_comparison import Difference, ItemsComparison, ModeComparison
from ..mode_curves import CLAIMS
from ..verdicts import Status
from .streams import WIDE

__all__ = ["print_comparison"]

_EXPLAINED = {
    Status.SAMPLED: "yes",
    Status.VACUOUS: "budget too large",
    Status.UNDECIDED: "undecided",
    Status.REFUTED: "NO",
}
_RESULT = {
    Status.SAMPLED: "every difference from the decoupled start is explained by its error budget",
    Status.VACUOUS: "an error budget exceeds half of a mode's strength and decides nothing: "
    "give more --updates, or a longer --until",
    Status.UNDECIDED: "descent differs by more than its measured error: give more --updates",
    Status.REFUTED: "gradient flow from the decoupled start contradicts the theory",
}


def print_comparison(
    out: Console, table: ItemTable, found: ItemsComparison, settings: Mapping[str, Any]
) -> None:
    """Print the setting, one table for the decoupled start, one for the small random one."""
    decoupled, random = _decoupled(found), _random(found)
    # A narrow terminal wraps whole lines, which is better than numbers folded in their cells.
    endless = out.options.update(width=WIDE)
    wide = max(Measurement.get(out, endless, made).maximum for made in (decoupled, random))
    out.width = max(out.width, wide)
    _say(out, _setting(table, found, settings))
    _say(out, "\nDecoupled start, where the theory is exact")
    out.print(decoupled, crop=False)
    _say(out, "\nSmall random start, where the theory is approximate only")
    out.print(random, crop=False)
    _say(out, _caveat(found))
    _say(out, f"\n{_RESULT[found.status]}")


def _setting(table: ItemTable, found: ItemsComparison, settings: Mapping[str, Any]) -> str:
    run, sums = found.run, settings["convention"] == "sum"
    input_strength = "I" if sums else f"I/{len(table.items)}"
    lambda_ = str(Fraction(run.input_strength).limit_denominator(10**6))
    updates = int(run.iterations[-1])
    rate = run.times[-1] / updates / settings["tau"]
    left_out = f"; {found.left_out} modes of strength 0 left out" if found.left_out else ""
    return (
        f"{settings['table']}: {len(table.items)} items, {len(table.properties)} properties; "
        f"{settings['hidden']} hidden units; {'sums' if sums else 'averages'}, Sigma11 = "
        f"{input_strength}{left_out}\n"
        f"theory: {CLAIMS[0]} with lambda = {lambda_}, a_0 = {settings['start_scale']:g}, tau = "
        f"{settings['tau']:g}; times to half strength: {CLAIMS[1]}\n"
        f"simulation: gradient flow, and descent in {updates} updates of learning rate {rate:.3g}, "
        f"to t = {run.times[-1]:.4g}; seed {settings['seed']}"
    )


def _decoupled(found: ItemsComparison) -> Table:
    made = _table(
        "mode",
        ("s", "x", "t_half theory", "simulated", "|sim - theory|", "at t", "budget"),
        ("mostly", "explained"),
    )
    for method in ("flow", "descent"):
        made.add_row(method)
        for mode in found.modes:
            simulated = mode.flow_time if method == "flow" else mode.descent_time
            made.add_row(
                _numbers(mode),
                f"{mode.s:.5g}",
                str(len(mode.numbers)),
                _time(mode.learning_time),
                _time(simulated),
                *_told(mode.flow if method == "flow" else mode.descent),
            )
    return made


def _told(difference: Difference) -> tuple[str, ...]:
    return (
        f"{difference.largest:.2e}",
        f"{difference.time:.3g}",
        f"{difference.budget:.2e}",
        difference.dominant,
        _EXPLAINED[difference.status],
    )


def _random(found: ItemsComparison) -> Table:
    numbers = ("s", "x", "a_0", "t_half theory", "flow", "descent", "|flow - theory|", "at t")
    made = _table("mode", (*numbers, "of final", "sim. error"), ())
    for mode in found.modes:
        random, full = mode.random, mode.s / found.run.input_strength
        made.add_row(
            _numbers(mode),
            f"{mode.s:.5g}",
            str(len(mode.numbers)),
            f"{random.a0:.3g}",
            _time(random.learning_time),
            _time(random.flow_time),
            _time(random.descent_time),
            f"{random.largest:.2e}",
            f"{random.time:.3g}",
            f"{random.largest / full:.1%}",
            f"{random.budget:.1e}",
        )
    return made


def _caveat(found: ItemsComparison) -> str:
    off = sum(mode.random.largest > mode.random.budget for mode in found.modes)
    return (
        "This start is neither decoupled nor balanced. Theory's curve is that of each mode alone, "
        "from its effective\nstart a_0 = |W21 v + W32^T u|^2/4 (mean over a multiplet). Rows that "
        f"are off by more than the simulation's error:\n{off} of {len(found.modes)}; the excess is "
        "the coupling of the modes and the imbalance of the layers, which this theory\nleaves out. "
        "It is no verdict."
    )


def _table(first: str, right: tuple[str, ...], left: tuple[str, ...]) -> Table:
    made = Table(box=None, pad_edge=False)
    made.add_column(first, overflow="fold")
    for heading in right:
        made.add_column(heading, justify="right", overflow="fold")
    for heading in left:
        made.add_column(heading, overflow="fold")
    return made


def _numbers(mode: ModeComparison) -> str:
    first, last = mode.numbers[0], mode.numbers[-1]
    return f"{first}" if first == last else f"{first}-{last}"


def _time(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
