"""`simulate table`: 30 tanh layers, Gaussian or orthogonal weights, gain 1 or 1.1, in small."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import click
from lemmata.numerics.digits import DigitsError, read_digits, split
from rich.console import Console
from rich.table import Table

from ..deep.runs import generator
from ..deep.table import (
    FALSE_ALARM,
    PROFILES,
    PUBLISHED,
    SOURCE,
    STARTS,
    Order,
    TableResult,
    TableSettings,
    pilot_cells,
    table_cells,
    table_result,
)
from ..deep.table_figure import table_figure
from ..verdicts import Status
from .deep_runs import Found, Outcome, Shared, conduct, deep_options

__all__ = ["command", "run"]


@click.command("table")
@click.option("--data", default="digits", show_default=True, metavar="FOLDER",
              help="Digits of scikit-learn, or a folder with MNIST's files.")
@click.option("--layers", type=click.IntRange(2), help="Weight matrices (quick: 30).")
@click.option("--width", type=click.IntRange(1), help="Units of a hidden layer (quick: 50).")
@click.option("--updates", type=click.IntRange(6), help="Updates (quick: 150).")
@click.option("--seeds", type=click.IntRange(2, 22), help="Seeds, in pairs (quick: 20).")
@click.option("--loss", type=click.Choice(["softmax", "squared"]), help="Default: softmax.")
@deep_options
def command(shared: Shared, **settings: Any) -> int:
    """Train deep tanh networks from four starts; test the order of the errors published.

    Gaussian or orthogonal weights of gain 1 or 1.1, each at the learning rate that is best for it,
    several seeds.  Exit codes: 0 orthogonal weights of gain 1.1 are the best of the four in
    training and test, 1 one of the others is better, 3 too few seeds to tell.
    """
    return run(shared, **settings)


def run(
    shared: Shared,
    *,
    data: str,
    **changed: Any,
) -> int:
    """Train, judge, print and write; return the exit code."""
    shared.check()
    given = {name: value for name, value in changed.items() if value is not None}
    asked: TableSettings = replace(PROFILES[shared.profile], **given)
    try:
        digits = read_digits(data)
        split(digits, asked.train, asked.test, generator(shared.seed, "check"))
    except DigitsError as error:
        raise click.UsageError(str(error)) from None
    settings = {"data": digits.name, "digest": digits.digest, **asdict(asked)}

    def judged(found: Found) -> Outcome:
        result, title = table_result(found, asked), _title(digits.name, asked)
        return Outcome(
            status=result.status,
            claims=["isometry.table"],
            results=_told(result),
            figure=lambda path: table_figure(result, title, path),
            show=lambda out: _print(out, result, title),
        )

    pilots = pilot_cells(digits, asked, shared.seed, shared.device)
    then = table_cells(digits, asked, shared.seed, shared.device)
    return conduct("table", shared, settings, pilots, judged, then)


def _title(name: str, asked: TableSettings) -> str:
    return (
        f"{name}: {asked.layers} layers of {asked.width} tanh units, {asked.loss}, "
        f"{asked.updates} updates, {asked.seeds} seeds"
    )


def _told(result: TableResult) -> dict[str, Any]:
    rows = []
    for i, start in enumerate(STARTS):
        rows.append(
            {
                "ensemble": start.ensemble,
                "gain": start.gain,
                "rate": result.rates[start],
                "train_loss": result.losses[i],
                **{
                    which: {
                        "wrong": result.wrong[which][:, i],
                        "percent": result.percent[which][0, i],
                        "standard_error": result.percent[which][1, i],
                        "course": result.course[which][:, i],
                        "published": PUBLISHED[start][which],
                    }
                    for which in ("train", "test")
                },
            }
        )
    return {
        "updates": result.updates,
        "starts": rows,
        "orders": [_told_order(order) for order in result.orders],
        "false_alarm": FALSE_ALARM,
        "published_source": SOURCE,
    }


def _told_order(order: Order) -> dict[str, Any]:
    return {**asdict(order), "smaller": order.smaller.name, "larger": order.larger.name}


def _print(out: Console, result: TableResult, title: str) -> None:
    _say(out, title)
    out.print(_errors(result))
    _say(out, f"Cited: {SOURCE}.")
    _say(out, "")
    out.print(_orders(result))
    _say(
        out,
        "Exact test of signs over paired seeds; some order is told wrongly in "
        f"{100 * FALSE_ALARM:g}% of runs in which no start differs from another. * Decides.",
    )
    _say(out, _conclusion(result))


def _conclusion(result: TableResult) -> str:
    if result.status >= Status.SAMPLED:
        return "Orthogonal weights of gain 1.1 are the best of the four, as published."
    if result.status is Status.REFUTED:
        return "Here another start is better than orthogonal weights of gain 1.1."
    deciding = [order.status for order in result.orders if order.decides]
    found = sum(status is Status.SAMPLED for status in deciding)
    return (
        f"Undecided: {found} of the {len(deciding)} orders that decide are found as published, "
        "none the other way; more --seeds, or another size, may tell."
    )


def _errors(result: TableResult) -> Table:
    made = Table(box=None, pad_edge=False)
    made.add_column("start")
    for heading in ("rate", "train %", "test %", "published train %", "test %"):
        made.add_column(heading, justify="right")
    for i, start in enumerate(STARTS):
        made.add_row(
            start.name,
            f"{result.rates[start]:g}",
            *(_with_error(*result.percent[which][:, i]) for which in ("train", "test")),
            *(f"{PUBLISHED[start][which]:g}" for which in ("train", "test")),
        )
    return made


def _orders(result: TableResult) -> Table:
    made = Table(box=None, pad_edge=False)
    for heading in ("smaller error", "than", "of"):
        made.add_column(heading)
    made.add_column("by %", justify="right")
    made.add_column("published by %", justify="right")
    made.add_column("here")
    for order in result.orders:
        made.add_row(
            order.smaller.name + (" *" if order.decides else ""),
            order.larger.name,
            order.which,
            _with_error(order.difference, order.error),
            _with_error(order.published, order.noise),
            str(order.status),
        )
    return made


def _with_error(value: float, error: float) -> str:
    return f"{value:.2f} ± {error:.2f}"


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
