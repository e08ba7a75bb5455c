"""`simulate isometry`: Jacobians of deep random networks over the gain, beside the theory."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import click
from lemmata.numerics.random_weights import WEIGHTS

from ..deep.claimed import NotAvailableError
from ..deep.isometry import PROFILES, IsometrySettings, bins, checked, isometry_cells
from ..deep.isometry_judged import IsometryResult, isometry_result, isometry_theory
from ..deep.isometry_theory import (
    DEPTH,
    GAUSSIAN_SPECTRUM,
    LENGTH_MAP,
    PHI,
    SPECTRUM,
    VARIANCE,
    stationary,
)
from ..deep.spectra_figures import isometry_figure
from ..deep.spectra_verdicts import FALSE_ALARM, told_comparison
from .deep_runs import Found, Outcome, Shared, conduct, deep_options
from .spectra_table import entries, print_spectra

__all__ = ["command", "run"]

FIXED = "fixed"


@click.command("isometry")
@click.option("--nonlinearity", help=f"One of {', '.join(PHI)} (default: tanh).")
@click.option("--gains", metavar="G,G,...", help="Gains g of the weights (quick: 0.9,1,1.1).")
@click.option("--layers", type=int, help="Weight matrices L (quick: 30).")
@click.option("--width", type=int, help="Units of every layer (quick: 200).")
@click.option("--weights", metavar="KIND,...",
              help=f"Of {', '.join(WEIGHTS)} (quick: gaussian,orthogonal).")
@click.option("--sigma-b", type=float, help="Standard deviation of the biases (default: 0).")
@click.option("--q0", metavar="Q",
              help=f"Mean square of the input, or `{FIXED}`: that of the fixed point (default: 1).")
@click.option("--draws", type=click.IntRange(1),
              help="Networks of the width; more at a third and a ninth of it (quick: 320).")
@deep_options
def command(shared: Shared, **settings: Any) -> int:
    """Sample Jacobians of deep random networks; their singular values beside the theory.

    Lengths, mean and variance of the squared singular values, layer by layer from the input's
    length.  Three widths measure what a finite width does, chance is bounded at a stated rate.
    Exit codes: 0 every difference is explained, 1 one contradicts the theory, 3 some budget
    decides nothing.
    """
    return run(shared, **settings)


def run(shared: Shared, **changed: Any) -> int:
    """Sample, compare, print and write; return the exit code."""
    asked = _asked(shared.profile, changed)
    shared.check()
    lengths = _lengths(asked)
    theory = isometry_theory(asked, lengths)
    settings = {**asdict(asked), "lengths": lengths}

    def judged(found: Found) -> Outcome:
        result = isometry_result(found, asked, theory)
        title, claims = _title(asked), _claims(result)
        heading = f"{title}; seed {shared.seed}\nclaims: {', '.join(claims)}\n"
        return Outcome(
            status=result.status,
            claims=claims,
            results=_told(result),
            figure=lambda path: isometry_figure(result, title, path),
            show=lambda out: print_spectra(out, heading, result.rows, result.status),
        )

    cells = isometry_cells(asked, lengths, shared.device, theory.plan)
    return conduct("isometry", shared, settings, cells, judged)


def _asked(profile: str, changed: dict[str, Any]) -> IsometrySettings:
    given = {name: value for name, value in changed.items() if value is not None}
    if "gains" in given:
        numbers = [_number("gains", text) for text in entries(given["gains"])]
        given["gains"] = tuple(sorted(set(numbers)))
    if "weights" in given:
        given["weights"] = tuple(dict.fromkeys(entries(given["weights"])))
    if "q0" in given:
        q0 = given.pop("q0")
        given["length"] = None if q0 == FIXED else _number("q0", q0)
    try:
        return checked(replace(PROFILES[profile], **given))
    except ValueError as error:
        raise click.UsageError(f"--{error}") from None


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise click.UsageError(f"--{option}: {text!r} is no number") from None


def _lengths(asked: IsometrySettings) -> list[float]:
    if asked.length is not None:
        return [asked.length] * len(asked.gains)
    found = []
    for gain in asked.gains:
        try:
            length = stationary(asked.nonlinearity, gain, asked.sigma_b)
        except NotAvailableError as error:
            raise click.UsageError(f"--q0: {error}: give a number") from None
        if not length > 0:
            raise click.UsageError(
                f"--q0: at gain {gain:g} lengths shrink to zero: give a number, or larger --gains"
            )
        found.append(length)
    return found


def _claims(result: IsometryResult) -> list[str]:
    order = (LENGTH_MAP, DEPTH, VARIANCE, SPECTRUM, GAUSSIAN_SPECTRUM)
    used = {row.claim for row in result.rows}
    return [claim for claim in order if claim in used]


def _title(asked: IsometrySettings) -> str:
    bias = f", sigma_b {asked.sigma_b:g}" if asked.sigma_b else ""
    start = "at the fixed point" if asked.length is None else f"q_0 = {asked.length:g}"
    return (
        f"{asked.layers} layers of {asked.width} {asked.nonlinearity} units{bias}, {start}, "
        f"{asked.draws} draws"
    )


def _told(result: IsometryResult) -> dict[str, Any]:
    return {
        "false_alarm": FALSE_ALARM,
        "comparisons": [told_comparison(row) for row in result.rows],
        "networks": [
            {
                "gain": gain,
                "lengths": network.lengths,
                "chi": [layer.chi for layer in network.layers],
                "mu1": [layer.mu1 for layer in network.layers],
                "mu2": [layer.mu2 for layer in network.layers],
                "log_mean_square": network.log_mean,
                "relative_variance": {
                    weights: network.relative_variance(weights)
                    for weights in result.settings.weights
                },
            }
            for gain, network in result.theory.networks.items()
        ],
        "densities": [
            {
                "weights": weights,
                "gain": gain,
                "log_squares": spectrum.logs,
                "density": spectrum.density,
                "tail": spectrum.tail,
                "error": spectrum.error,
            }
            for (weights, gain), spectrum in result.theory.spectra.items()
        ],
        "histograms": [
            {
                "weights": weights,
                "gain": gain,
                "log_squares_over_mean": bins(),
                "counts": counts,
                "medians": result.medians[weights, gain],
            }
            for (weights, gain), counts in result.counts.items()
        ],
    }
