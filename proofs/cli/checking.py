"""`check`: the equations of a manuscript against the claims."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ..tex import Manuscript, TexError, read_manuscript
from .main import NOTHING, REFUTED, UNDECIDED, USAGE
from .streams import STDOUT, check_reports, console, write_reports

__all__ = ["command"]

_WORST_FIRST = (REFUTED, USAGE, UNDECIDED, 0, NOTHING)


@click.command("check")
@click.argument("papers", nargs=-1, required=True, metavar="PAPER.tex...")
@click.option(
    "--suggestions/--no-suggestions",
    default=True,
    show_default=True,
    help="Say which claims equations without annotation seem to state.",
)
@click.option(
    "--suggestion-seconds",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="Processor time for suggestions in each manuscript.",
)
@click.option(
    "--all",
    "show_all",
    is_flag=True,
    help="Also show what is proved, and every equation without annotation.",
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers.")
@click.option("--json", "json_file", metavar="FILE", help="Write a JSON report; - is stdout.")
@click.option("--sarif", "sarif_file", metavar="FILE", help="Write SARIF 2.1.0; - is stdout.")
def command(
    papers: tuple[str, ...],
    suggestions: bool,
    suggestion_seconds: float,
    show_all: bool,
    seed: int,
    json_file: str | None,
    sarif_file: str | None,
) -> int:
    """Check the equations of LaTeX manuscripts against the claims.

    A comment before an equation says what it states: `% lemmata: modes.trajectory [s=S, a_0=u_0]`,
    or `% lemmata: follows` for a step from the equation before.  Each is proved equal to the claim,
    or refuted with a point and the smallest edit that makes it right.  Nothing of a manuscript is
    executed.  Exit codes: 0 all annotated equations are proved, 1 one is refuted, 2 a manuscript is
    refused or an annotation misspelt, 3 one is undecided or could not be read, 5 nothing is
    annotated.
    """
    _keep_papers(papers, json=json_file, sarif=sarif_file)
    check_reports(json=json_file, sarif=sarif_file)
    manuscripts = [_read(paper) for paper in papers]
    for manuscript in manuscripts:
        _keep_papers(manuscript.files, json=json_file, sarif=sarif_file)
    # What is refused is refused before the claims are imported, which takes a while.
    from ..manuscript import Outcome
    from ..manuscript.checker import check_read
    from ..manuscript.machine import json_report, sarif_report
    from ..manuscript.telling import blocks, summary

    reports = [
        check_read(manuscript, paper, suggestions, seed, suggestion_seconds)
        for manuscript, paper in zip(manuscripts, papers, strict=True)
    ]
    out = console(stderr=STDOUT in (json_file, sarif_file))
    for report in reports:
        for finding in report.findings:
            quiet = finding.outcome in (Outcome.PROVED, Outcome.IGNORED) and not finding.note
            silent = finding.outcome is Outcome.UNANNOTATED and not finding.suggestions
            if (quiet or silent) and not show_all:
                continue
            for line, style in blocks(finding):
                out.print(line, style=style or None, markup=False, soft_wrap=True)
    out.print(summary(reports), markup=False, soft_wrap=True)
    written = write_reports(
        [
            ("json", json_file, lambda: json_report(reports)),
            ("sarif", sarif_file, lambda: sarif_report(reports)),
        ]
    )
    codes = {report.exit_code for report in reports}
    return next(code for code in _WORST_FIRST if code in codes) if written else USAGE


def _read(paper: str) -> Manuscript:
    try:
        return read_manuscript(paper)
    except TexError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{paper}: {error.strerror or error}") from None


def _keep_papers(papers: Sequence[str], **reports: str | None) -> None:
    """Refuse reports that would be written over a manuscript or a file of it."""
    for option, path in reports.items():
        if path is None or path == STDOUT or not Path(path).exists():
            continue
        for paper in papers:
            if Path(paper).exists() and Path(path).samefile(paper):
                told = f"{path} is a file of the manuscript: name another file for the report"
                raise click.UsageError(f"--{option}: {told}")
