"""`simulate gain`: test error against the size of the initial weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import click
from lemmata.numerics.digits import Digits, DigitsError, read_digits
from rich.console import Console
from rich.table import Table

from ..deep.gain import PROFILES, GainSettings, examples, gain_cells
from ..deep.gain_figure import gain_figure
from ..deep.gain_judged import FALSE_ALARM, GainResult, Shown, gain_result
from ..deep.gain_theory import CLAIM
from ..verdicts import Status
from .deep_runs import Found, Outcome, Shared, conduct, deep_options

__all__ = ["command", "run"]


@click.command("gain")
@click.option("--data", default="digits", show_default=True, metavar="FOLDER",
              help="Shown beside the model: digits of scikit-learn, a folder with MNIST's files, "
              "or none.")
@click.option("--alphas", metavar="A,A,...", help="Examples over inputs (quick: 0.25,0.5,2).")
@click.option("--gains", metavar="G,G,...",
              help="Sizes of the initial weights (quick: 0,0.5,1,1.5,2,3).")
@click.option("--inputs", type=click.IntRange(4), help="Inputs of the model (quick: 200).")
@click.option("--sigma-w", type=click.FloatRange(0), help="Size of the teacher (default: 1).")
@click.option("--sigma-eps", type=click.FloatRange(0), help="Noise (default: 0.5).")
@click.option("--seeds", type=click.IntRange(3), help="Seeds (quick: 30).")
@deep_options
def command(shared: Shared, **settings: Any) -> int:
    """Test error of linear regression, trained to its end, against the initial weights.

    P = alpha N examples of a noisy teacher; below alpha = 1 what the examples do not see keeps its
    initial weights.  Digits, by regression and by tanh networks, are shown beside it and not
    judged.  Exit codes: 0 the mean errors are those of theory, 1 one contradicts it, 3 too few
    seeds to tell.
    """
    return run(shared, **settings)


def run(
    shared: Shared,
    *,
    data: str,
    alphas: str | None,
    gains: str | None,
    **changed: Any,
) -> int:
    """Train, compare, print and write; return the exit code."""
    shared.check()
    given = {name: value for name, value in changed.items() if value is not None}
    if alphas is not None:
        given["alphas"] = _numbers("alphas", alphas, lambda x: x > 0, "above zero")
    if gains is not None:
        given["gains"] = _numbers("gains", gains, lambda x: x >= 0, "of zero or more")
    asked: GainSettings = replace(PROFILES[shared.profile], **given)
    digits = _digits(data, asked)
    named = (None, None) if digits is None else (digits.name, digits.digest)
    settings = {"data": named[0], "digest": named[1], **asdict(asked)}

    def judged(found: Found) -> Outcome:
        result = gain_result(found, asked)
        title = (
            f"regression on {asked.inputs} inputs, teacher {asked.sigma_w:g}, noise "
            f"{asked.sigma_eps:g}, {asked.seeds} seeds"
        )
        return Outcome(
            status=result.status,
            claims=[CLAIM],
            results={
                "points": [asdict(point) for point in result.points],
                "shown": [asdict(shown) for shown in result.shown],
                "false_alarm": FALSE_ALARM,
            },
            figure=lambda path: gain_figure(result, asked, title, path),
            show=lambda out: _print(out, result, title),
        )

    return conduct("gain", shared, settings, gain_cells(digits, asked, shared.device), judged)


def _numbers(
    option: str, text: str, allowed: Callable[[float], bool], what: str
) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(allowed(x) and x < float("inf") for x in found):
        raise click.UsageError(f"--{option}: {text!r}: give numbers {what}: 0.5,1,2")
    if list(found) != sorted(set(found)):
        raise click.UsageError(f"--{option}: {text}: give increasing numbers")
    return found


def _digits(source: str, asked: GainSettings) -> Digits | None:
    for alpha in asked.alphas:
        if abs(examples(alpha, asked.inputs) - asked.inputs) < 2:
            raise click.UsageError(
                f"--alphas: {alpha:g}: as many examples as inputs leave an infinite error: give "
                "numbers away from 1"
            )
    if source == "none":
        return None
    try:
        digits = read_digits(source)
    except DigitsError as error:
        raise click.UsageError(str(error)) from None
    own = digits.test_images is not None
    most = max(asked.examples, *(examples(alpha, asked.components) for alpha in asked.alphas))
    if most + (0 if own else asked.digit_tests) > len(digits.labels):
        raise click.UsageError(
            f"--alphas: {max(asked.alphas):g}: only {len(digits.labels)} digits are there: give "
            "smaller numbers, or --data none"
        )
    return digits


def _print(out: Console, result: GainResult, title: str) -> None:
    _say(out, title)
    out.print(_points(result))
    _say(
        out,
        f"Budget: Student's quantile at {FALSE_ALARM:g} over all points, finite size, training.",
    )
    for shown in result.shown:
        _say(out, "")
        _say(out, f"Digits, {shown.name}: shown, not judged.")
        out.print(_shown(shown))
    _say(out, _conclusion(result.status))


def _conclusion(status: Status) -> str:
    if status >= Status.SAMPLED:
        return "Every mean error is that of theory within its budget."
    if status is Status.REFUTED:
        return "A mean error contradicts the theory."
    return "The error budgets are too large to decide: give more --seeds or more --inputs."


def _points(result: GainResult) -> Table:
    made = Table(box=None, pad_edge=False)
    headings = ("alpha", "gain", "test error", "theory", "cost of the gain", "difference", "budget")
    for heading in headings:
        made.add_column(heading, justify="right")
    made.add_column("")
    for point in result.points:
        made.add_row(
            f"{point.alpha:g}",
            f"{point.gain:g}",
            _with_error(point.error, point.standard_error),
            f"{point.theory:.4f}",
            _with_error(point.cost, point.cost_error),
            f"{point.error - point.theory:.4f}",
            f"{sum(point.terms.values()):.4f}",
            str(point.status),
        )
    return made


def _shown(shown: Shown) -> Table:
    networks = shown.name == "tanh networks"
    made = Table(box=None, pad_edge=False)
    for heading in ("gain", "wrong in training %" if networks else "squared error", "wrong %"):
        made.add_column(heading, justify="right")
    unit = 100 if networks else 1
    for i, gain in enumerate(shown.gains):
        made.add_row(
            f"{gain:g}",
            _with_error(unit * shown.error[i], unit * shown.error_error[i]),
            _with_error(100 * shown.wrong[i], 100 * shown.wrong_error[i]),
        )
    return made


def _with_error(value: float, error: float) -> str:
    return f"{value:.3f} ± {error:.3f}"


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
