"""The book as LaTeX, and the command that writes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import click
from jinja2 import DictLoader, Environment, StrictUndefined

from ..cli.evidence import gather
from ..cli.main import UNDECIDED, USAGE
from ..cli.streams import STDOUT, check_reports, fail, write_reports
from ..findings import Findings
from ..typesetting import escaped
from .claims import claim_view
from .contents import Part, arranged
from .errata import errata
from .illustrations import Illustration, by_row, drawn_beside, missing
from .numbering import Numbers
from .references import TOOLS, bibliography, keys_of
from .summary import summary
from .tables import SYMBOLS, definitions, evidence_rows, index

__all__ = ["book", "command"]


_TEMPLATES = ("book.tex.j2", "preamble.tex.j2", "claim.tex.j2", "errata.tex.j2", "tables.tex.j2")


def command(
    output: str,
    *,
    evidence: str | None = None,
    profile: str = "quick",
    jobs: int | None = None,
    seed: int = 0,
    figures: bool = True,
) -> int:
    """Write the book to ``output``, its figures into a folder beside it; return the exit code.

    What is known is read from ``evidence``, a report of `verify`, or verified now.  Figures are
    left out, with one line on stderr, where matplotlib is missing or the book goes to stdout.
    """
    check_reports(output=output)
    findings = gather(evidence, profile, jobs, seed)
    if findings is None:
        return UNDECIDED
    parts, numbers = _arranged(findings)
    try:
        drawn = _figures(output, parts, numbers) if figures else []
    except OSError as error:
        raise click.UsageError(f"--output: cannot write the figures: {error}") from None
    text = book(findings, drawn)
    return 0 if write_reports([("output", output, lambda: text)]) else USAGE


def _figures(output: str, parts: Sequence[Part], numbers: Numbers) -> list[Illustration]:
    without = "the book goes to stdout" if output == STDOUT else missing()
    if without:
        fail(f"figures are left out: {without}")
        return []
    rows = [section.row for part in parts for c in part.chapters for section in c.sections]
    return drawn_beside(output, numbers, rows)


def book(findings: Findings, figures: Sequence[Illustration] = ()) -> str:
    """All claims of these findings as one LaTeX document; equal findings give equal text."""
    parts, numbers = _arranged(findings)
    claims = [found.claim for found in findings]
    cites = frozenset(key for claim in claims for key in keys_of(claim)) | set(TOOLS)
    talk, others = errata(parts, numbers)
    return (
        _environment()
        .get_template("book.tex.j2")
        .render(
            parts=parts,
            views={found.claim.id: claim_view(found, numbers) for found in findings},
            numbers=numbers.by_id,
            summary=summary(findings, numbers),
            symbols=[
                (symbol, escaped(code), numbers.prose(means)) for symbol, code, means in SYMBOLS
            ],
            definitions=list(definitions(parts, numbers)),
            evidence=evidence_rows(parts, findings, numbers),
            talk=talk,
            others=others,
            papers=bibliography(cites),
            index=index(numbers),
            figures=defaultdict(list, by_row(figures)),
        )
    )


def _arranged(findings: Findings) -> tuple[tuple[Part, ...], Numbers]:
    parts = arranged(found.claim for found in findings)
    return parts, Numbers.of(parts)


def _environment() -> Environment:
    """Jinja with delimiters that LaTeX does not use."""
    here = files(__package__)
    sources = {name: here.joinpath(name).read_text("utf-8") for name in _TEMPLATES}
    settings: dict[str, Any] = {
        "block_start_string": "((*",
        "block_end_string": "*))",
        "variable_start_string": "((=",
        "variable_end_string": "=))",
        "comment_start_string": "((#",
        "comment_end_string": "#))",
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
        "undefined": StrictUndefined,
        "autoescape": False,
    }
    return Environment(loader=DictLoader(sources), **settings)
