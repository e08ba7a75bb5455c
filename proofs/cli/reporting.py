"""`report`: everything that is known, on one page that opens offline."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from .evidence import evidence_options, gather
from .main import UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, fail, write_reports

__all__ = ["command"]


@click.command("report")
@click.option("-o", "--output", metavar="FILE", default="report.html", show_default=True,
              help="Where the page is written; - is stdout.")
@click.option("--figures/--no-figures", default=True, show_default=True,
              help="Draw the figures (they need matplotlib).")
@evidence_options
def command(
    output: str, figures: bool, evidence: str | None, profile: str, jobs: int | None, seed: int
) -> int:
    """One HTML page: claims, evidence, counterexamples, errata, what rests on what, figures.

    It opens from a file, asks for nothing from the network, and is searched and followed by
    clicking.  Exit codes: 0 it was written, 2 it could not be, or the report of --evidence cannot
    be used, 3 verifying ended early.
    """
    check_reports(output=output)
    findings = gather(evidence, profile, jobs, seed)
    if findings is None:
        return UNDECIDED
    from ..page import MathematicsError, drawn_figures, no_figures, report_page

    drawn = drawn_figures(findings.seed) if figures else no_figures()
    try:
        page = report_page(findings, drawn, made=_now())
    except MathematicsError as error:
        fail(f"cannot be set as mathematics: {error}")
        return USAGE
    if not write_reports([("output", output, lambda: page)]):
        return USAGE
    if output != STDOUT:
        size = len(page.encode()) / 1e6
        console(stderr=True).print(f"{output}: {len(findings)} claims, {size:.1f} MB")
    return 0


def _now() -> str:
    """The time, or that of SOURCE_DATE_EPOCH where pages must be made again byte by byte."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)
    return f"{now:%Y-%m-%d %H:%M} UTC"
