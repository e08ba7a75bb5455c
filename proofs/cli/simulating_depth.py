"""`simulate depth`: training time of deep linear networks against depth, from four starts."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import click
from lemmata.numerics.deep_data import WhitenedData, whitened
from lemmata.numerics.digits import Digits, DigitsError, read_digits
from rich.console import Console
from rich.table import Table

from ..deep.depth import (
    PROFILES,
    SLOW,
    STARTS,
    DepthResult,
    DepthSettings,
    Times,
    depth_cells,
    depth_result,
)
from ..deep.depth_figure import depth_figure
from ..deep.depth_theory import CLAIMS
from ..verdicts import Status
from .deep_runs import Found, Outcome, Shared, conduct, deep_options

__all__ = ["command", "run"]


@click.command("depth")
@click.option("--data", default="digits", show_default=True, metavar="FOLDER",
              help="Digits of scikit-learn, or a folder with MNIST's files.")
@click.option("--depths", metavar="D,D,...", help="Weight matrices (quick: 2,3,5,10,20,50,100).")
@click.option("--components", type=click.IntRange(10),
              help="Principal components, and hidden units (quick: 32).")
@click.option("--share", type=click.FloatRange(0, 1, min_open=True, max_open=True),
              help="The loss to reach, of that of the map zero (quick: 0.01).")
@click.option("--start-scale", type=click.FloatRange(0, min_open=True),
              help="Strength of decoupled modes, of the strongest one (quick: 0.05).")
@click.option("--most", type=click.IntRange(1), help="Updates allowed (quick: 2000).")
@click.option("--seeds", type=click.IntRange(2), help="Seeds (quick: 5).")
@deep_options
def command(shared: Shared, **settings: Any) -> int:
    """Updates until deep linear networks have learned the digits, against depth.

    Pixels are centred, projected onto principal components and each divided by its standard
    deviation, so that Sigma11 = I; outputs are the ten labels.  Networks start decoupled,
    orthogonal, pretrained layer by layer, or Gaussian (Glorot); the rate is the best of a grid over
    the depth.  Exit codes: 0 from the decoupled start, descent at small rates takes the time of
    theory, 1 it does not, 3 the budgets cannot decide.  The other starts are shown.
    """
    return run(shared, **settings)


def run(
    shared: Shared,
    *,
    data: str,
    depths: str | None,
    **changed: Any,
) -> int:
    """Train, compare, print and write; return the exit code."""
    shared.check()
    given = {name: value for name, value in changed.items() if value is not None}
    if depths is not None:
        given["depths"] = _depths(depths)
    asked: DepthSettings = replace(PROFILES[shared.profile], **given)
    digits, learned = _data(data, asked)
    settings = {"data": digits.name, "digest": digits.digest, **asdict(asked)}

    def judged(found: Found) -> Outcome:
        result = depth_result(found, learned, asked)
        title = (
            f"{digits.name}: linear networks, {asked.components} whitened components, "
            f"{len(learned.s)} modes, loss {asked.share:g}"
        )
        return Outcome(
            status=result.status,
            claims=CLAIMS,
            results=_told(result, learned),
            figure=lambda path: depth_figure(result, asked, title, path),
            show=lambda out: _print(out, result, learned, asked, title),
        )

    return conduct("depth", shared, settings, depth_cells(learned, asked, shared.device), judged)


def _depths(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise click.UsageError(f"--depths: {text!r}: give whole numbers, 2,10,100")
    found = tuple(int(part) for part in parts)
    if min(found) < 2 or list(found) != sorted(set(found)):
        raise click.UsageError(f"--depths: {text}: give increasing numbers from 2 on")
    return found


def _data(source: str, asked: DepthSettings) -> tuple[Digits, WhitenedData]:
    try:
        digits = read_digits(source)
        learned = whitened(digits.images, digits.labels, asked.components)
    except (DigitsError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    if not asked.start_scale < learned.s[-1]:
        raise click.UsageError(
            f"--start-scale: {asked.start_scale:g}: theory's modes start below their final "
            f"strength: give less than {learned.s[-1]:.3g}"
        )
    return digits, learned


def _told(result: DepthResult, learned: WhitenedData) -> dict[str, Any]:
    return {
        "s": learned.s,
        "unit": learned.unit,
        "variance_kept": learned.kept,
        "times": [asdict(times) for times in result.times],
        "flows": [asdict(flow) | {"rates": SLOW} for flow in result.flows],
        "infinite_depth": result.infinite,
    }


def _print(
    out: Console, result: DepthResult, learned: WhitenedData, asked: DepthSettings, title: str
) -> None:
    _say(out, title)
    _say(out, f"Updates at the best of the rates c/depth, c = 1.9 to 0.01; {asked.seeds} seeds.")
    out.print(_best(result, asked))
    _say(out, "")
    _say(out, f"Decoupled start at a_0 = {asked.start_scale:g} s_1, rates c/depth: c x updates.")
    out.print(_slow(result))
    _say(out, f"Infinite depth: {result.infinite:.5g}.")
    _say(out, _conclusion(result.status))


def _conclusion(status: Status) -> str:
    if status >= Status.SAMPLED:
        return "From the decoupled start, descent takes the time of theory at every depth."
    if status is Status.REFUTED:
        return "A descent from the decoupled start contradicts the theory."
    return "The error budgets are too large to decide: give a smaller --share."


def _best(result: DepthResult, asked: DepthSettings) -> Table:
    made = Table(box=None, pad_edge=False)
    made.add_column("depth", justify="right")
    for start in STARTS:
        made.add_column(start, justify="right")
    made.add_column("theory, decoupled", justify="right")
    for depth in asked.depths:
        row = {times.start: times for times in result.times if times.depth == depth}
        theory = row["decoupled"].theory
        told = "-" if theory is None else f"{theory:.1f}"
        made.add_row(str(depth), *(_mean(row[start], asked) for start in STARTS), told)
    return made


def _mean(times: Times, asked: DepthSettings) -> str:
    if times.mean is None:
        missed = sum(n is None for n in times.iterations)
        return f"> {asked.most} in {missed} of {len(times.iterations)}"
    if times.error is None:
        return f"{times.mean:.0f}"
    return f"{times.mean:.1f} ± {times.error:.1f}"


def _slow(result: DepthResult) -> Table:
    made = Table(box=None, pad_edge=False)
    for heading in ("depth", *(f"c = {c:g}" for c in SLOW), "theory", "difference", "budget"):
        made.add_column(heading, justify="right")
    made.add_column("")
    for flow in result.flows:
        numbers = [*flow.measured, flow.theory, flow.difference, flow.budget]
        told = ["-" if number is None else f"{number:.4g}" for number in numbers]
        made.add_row(str(flow.depth), *told, str(flow.status))
    return made


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
