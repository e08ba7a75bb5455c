"""`simulate products`: singular values of products of random matrices, beside the theory."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import click
from lemmata.numerics.random_weights import WEIGHTS

from ..deep.products import PROFILES, ProductSettings, bins, checked, product_cells
from ..deep.products_judged import ProductsResult, products_result
from ..deep.products_theory import AMPLIFIED, NORM, ORTHOGONAL, SPECTRUM
from ..deep.spectra_figures import products_figure
from ..deep.spectra_verdicts import FALSE_ALARM, told_comparison
from .deep_runs import Found, Outcome, Shared, conduct, deep_options
from .spectra_table import entries, print_spectra

__all__ = ["command", "run"]

CLAIMS = {
    "gaussian": (NORM, SPECTRUM, AMPLIFIED),
    "uniform": (NORM, SPECTRUM, AMPLIFIED),
    "orthogonal": (ORTHOGONAL,),
}


@click.command("products")
@click.option("--width", type=int, help="Rows and columns of a matrix (quick: 300).")
@click.option("--depths", metavar="D,D,...", help="Numbers of factors (quick: 1,2,5,10).")
@click.option("--gain", type=float, help="Factor g of every matrix (default: 1).")
@click.option(
    "--draws",
    type=click.IntRange(1),
    help="Products at the width; more at a third and a ninth of it (quick: 256).",
)
@click.option(
    "--weights", metavar="KIND,...", help=f"Of {', '.join(WEIGHTS)} (quick: gaussian,orthogonal)."
)
@click.option(
    "--graded/--no-graded",
    default=None,
    help="Also find the singular values that rounding hides, some ten times slower.",
)
@deep_options
def command(shared: Shared, **settings: Any) -> int:
    """Sample products of random matrices; singular values and norms beside the theory.

    Three widths measure what a finite width does, chance is bounded at a stated rate.  Exit codes:
    0 every difference is explained, 1 one contradicts the theory, 3 some budget decides nothing.
    """
    return run(shared, **settings)


def run(shared: Shared, **changed: Any) -> int:
    """Sample, compare, print and write; return the exit code."""
    asked = _asked(shared.profile, changed)
    shared.check()
    settings = asdict(asked)

    def judged(found: Found) -> Outcome:
        result, title, claims = products_result(found, asked), _title(asked), _claims(asked)
        heading = f"{title}; seed {shared.seed}\nclaims: {', '.join(claims)}\n"
        return Outcome(
            status=result.status,
            claims=claims,
            results=_told(result),
            figure=lambda path: products_figure(result, title, path),
            show=lambda out: print_spectra(out, heading, result.rows, result.status),
        )

    return conduct("products", shared, settings, product_cells(asked, shared.device), judged)


def _asked(profile: str, changed: dict[str, Any]) -> ProductSettings:
    given = {name: value for name, value in changed.items() if value is not None}
    if "depths" in given:
        given["depths"] = tuple(sorted({_whole("depths", d) for d in entries(given["depths"])}))
    if "weights" in given:
        given["weights"] = tuple(dict.fromkeys(entries(given["weights"])))
    try:
        return checked(replace(PROFILES[profile], **given))
    except ValueError as error:
        raise click.UsageError(f"--{error}") from None


def _whole(option: str, text: str) -> int:
    """A positive whole number; ``click.UsageError`` for another text."""
    if not (text.isdecimal() and int(text) > 0):
        raise click.UsageError(f"--{option}: {text!r} is no whole number above 0: give 1,2,5")
    return int(text)


def _claims(asked: ProductSettings) -> list[str]:
    return list(dict.fromkeys(claim for kind in asked.weights for claim in CLAIMS[kind]))


def _title(asked: ProductSettings) -> str:
    return (
        f"products of {asked.width} x {asked.width} matrices, gain {asked.gain:g}, "
        f"{asked.draws} draws"
    )


def _told(result: ProductsResult) -> dict[str, Any]:
    return {
        "false_alarm": FALSE_ALARM,
        "unit": "squared singular values over gain^(2 D), but for the fraction above 1",
        "comparisons": [told_comparison(row) for row in result.rows],
        "histograms": [
            {
                "weights": weights,
                "D": depth,
                "log_squares": bins(depth),
                "counts": counts,
            }
            for (weights, depth), counts in result.counts.items()
        ],
        "densities": [
            {
                "D": depth,
                "squares": curve.squares,
                "density": curve.density,
                "tail": curve.tail,
            }
            for depth, curve in result.curves.items()
        ],
    }
