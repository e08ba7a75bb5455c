"""`latex`: claims as LaTeX, files of commands, and whether a file is stale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from lemmata.theory.claims import Claim

from ..findings import FindingsError, read_findings
from ..typesetting import COLUMN, Style, StyleError, claim_lines
from ..typesetting.macros import macro_lines
from ..typesetting.renaming import resolved
from ..typesetting.stale import header
from ..typesetting.style import ENVIRONMENTS, FRACTIONS, renames
from .finding import find, matching, unmatched
from .main import NOTHING
from .streams import STDOUT, check_reports, fail, write_reports

__all__ = ["Request", "chosen", "command", "requested", "statuses_of", "text_of"]


class _Width(click.FloatRange):
    """Points; a range of click lets pass what compares with nothing."""

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """The number; what is none fails with the range that it has to be in."""
        found = float(super().convert(value, param, ctx))
        if math.isnan(found):
            self.fail(f"{value} is not in the range {self.min}<=x<={self.max}.", param, ctx)
        return found


@click.command("latex")
@click.argument("claims", nargs=-1)
@click.option("--derivation", is_flag=True, help="Also the steps, with their reasons.")
@click.option("--macros", is_flag=True, help="A file of commands to \\input, one for each claim.")
@click.option(
    "--rename",
    multiple=True,
    metavar="NAME=LATEX",
    help="Print a symbol of the claims by another name; may be given again.",
)
@click.option(
    "--fraction",
    type=click.Choice(FRACTIONS),
    default="frac",
    show_default=True,
    help="How fractions are set.",
)
@click.option(
    "--environment",
    type=click.Choice(ENVIRONMENTS),
    default="equation",
    show_default=True,
    help="What a statement stands in.",
)
@click.option(
    "--width",
    type=_Width(100, 10_000),
    default=COLUMN,
    show_default=True,
    help="Width of the text column in points: longer formulas are broken into lines.",
)
@click.option(
    "--document", is_flag=True, help="The whole theory as a paper, with what was verified."
)
@click.option(
    "--figures/--no-figures",
    default=True,
    help="Figures of the paper, in a folder beside it (default: drawn).",
)
@click.option(
    "--evidence",
    metavar="FILE",
    help="A report of `verify --json`: its statuses go into the file of commands, all of "
    "it into the paper.",
)
@click.option(
    "--profile",
    type=click.Choice(["quick", "full", "thorough"]),
    default="quick",
    show_default=True,
    help="Profile of verify, for a paper without --evidence.",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes of verify (default: cores).")
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of verify.")
@click.option("-o", "--output", metavar="FILE", help="Write there, the whole file or nothing.")
@click.option(
    "--check",
    "checked",
    metavar="FILE",
    help="Say which claims of a written file have changed since.",
)
def command(checked: str | None, output: str | None, **options: Any) -> int:
    """The equation as LaTeX, from the very object that is checked.

    CLAIMS are ids, or patterns such as 'modes.*'; none with --document.  The first line that is
    printed says how it was made: --check FILE reads it there and prints one line for each claim
    that is told otherwise now; of other files it compares the digests in their comments and the
    equations that follow them.
    Exit codes: 0 done, or the file is as it would be written today, 1 the file is stale, 2 bad
    input, 5 a pattern matches nothing.
    """
    if checked is not None:
        if options["claims"] or output is not None:
            raise click.UsageError("--check: the file says itself how it was made: give it alone")
        from .stale import check

        return check(checked, options["evidence"])
    if options["document"]:
        return _document(output or STDOUT, options)
    request = requested(options)
    check_reports(output=output)
    missing = unmatched(request.patterns) if _has_pattern(request.patterns) else None
    if missing:
        fail(missing)
        return NOTHING
    claims = chosen(request.patterns)
    text = text_of(request, claims, request.statuses())
    return 0 if write_reports([("output", output or STDOUT, lambda: text)]) else 2


@dataclass(frozen=True)
class Request:
    """What is to be printed, and how; ``arguments`` are those that say so."""

    patterns: tuple[str, ...]
    style: Style
    derivation: bool
    macros: bool
    width: float
    evidence: str | None
    arguments: tuple[str, ...]

    def statuses(self) -> Mapping[str, str]:
        """Statuses by id, from the report of `verify` that was named."""
        return {} if self.evidence is None else statuses_of(self.evidence)


def statuses_of(evidence: str) -> Mapping[str, str]:
    """Statuses by id from a report of `verify`; raises ``click.UsageError`` for what is none."""
    try:
        findings = read_findings(evidence)
    except FindingsError as error:
        raise click.UsageError(f"--evidence: {error}") from None
    return {finding.claim.id: str(finding.status) for finding in findings}


def requested(options: Mapping[str, Any]) -> Request:
    """What the options ask for; raises ``click.UsageError`` for what does not go together."""
    if not options["claims"]:
        raise click.UsageError("claims: none is named: give ids or patterns, as in 'modes.*'")
    if options["macros"] and options["derivation"]:
        raise click.UsageError("--derivation: a command holds one equation: leave out --macros")
    if options["evidence"] and not options["macros"]:
        raise click.UsageError("--evidence: only a file of commands tells statuses: add --macros")
    try:
        style = Style(renames(options["rename"]), options["fraction"], options["environment"])
    except StyleError as error:
        raise click.UsageError(str(error)) from None
    return Request(
        options["claims"],
        style,
        options["derivation"],
        options["macros"],
        options["width"],
        options["evidence"],
        tuple(_arguments(options)),
    )


def _arguments(options: Mapping[str, Any]) -> list[str]:
    """The arguments that ask for the same again, evidence left aside: it is told in the file."""
    told = list(options["claims"])
    told += [f"--{name}" for name in ("derivation", "macros") if options[name]]
    for pair in options["rename"]:
        told += ["--rename", pair]
    for name, usual in (("fraction", "frac"), ("environment", "equation"), ("width", COLUMN)):
        if options[name] != usual:
            told += [f"--{name}", f"{options[name]}"]
    return told


def _document(output: str, options: Mapping[str, Any]) -> int:
    """The paper: all claims, in a form of its own."""
    from ..document import command as write

    usual = {"claims": (), "derivation": False, "macros": False, "rename": (), "fraction": "frac",
             "environment": "equation", "width": COLUMN}  # fmt: skip
    other = [name for name, value in usual.items() if options[name] != value]
    if other:
        raise click.UsageError(f"--document: the paper has all claims: leave out {other[0]}")
    kept = ("evidence", "profile", "jobs", "seed", "figures")
    return write(output, **{name: options[name] for name in kept})


def chosen(patterns: Sequence[str]) -> list[Claim]:
    """The claims of ids, each once and in their order; those that match patterns, as registered.

    Raises ``click.UsageError`` for an id that is unknown.
    """
    if _has_pattern(patterns):
        return matching(patterns)
    return list({id: find(id) for id in patterns}.values())


def _has_pattern(patterns: Sequence[str]) -> bool:
    return any(set("*?[") & set(pattern) for pattern in patterns)


def text_of(request: Request, claims: list[Claim], statuses: Mapping[str, str]) -> str:
    """What is written: how it was made, and the claims."""
    lines = [header(request.arguments)]
    try:
        style = resolved(request.style, claims)
        if request.macros:
            lines += macro_lines(claims, style, statuses)
        else:
            for claim in claims:
                lines += claim_lines(
                    claim,
                    derivation=request.derivation,
                    style=style,
                    width=request.width,
                )
                lines.append("")
    except StyleError as error:
        raise click.UsageError(str(error)) from None
    return "\n".join(lines).rstrip("\n") + "\n"
