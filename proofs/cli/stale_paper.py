r"""`latex --check` of the paper: it is written again and compared, the figures aside.

Without the evidence with which it was made the statuses are taken as the paper tells them, and what
else tells of the run (the abstract, the lines of evidence and their table) is not compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import click
from lemmata.theory.claims import Claim

from ..court import collect
from ..findings import Finding, Findings, FindingsError, read_findings
from ..typesetting.stale import Line, differences, numbered
from ..verdicts import Status

__all__ = ["paper_differences"]

_HEAD = re.compile(
    r"\\claimhead\{[^{}]*\}\{[^{}]*\}\{(?P<id>[a-z0-9_.]+)\}.*\{(?P<status>[a-z]+)\}"
)
_FIGURES = (r"\begin{figure}", r"\end{figure}")
_ABSTRACT = (r"\begin{abstract}", r"\end{abstract}")
_TABLE = (r"\chapter{Evidence}", r"\begin{thebibliography}")
_NO_MUTANTS = {"total": 0, "refuted": 0, "equivalent": 0, "alive": 0}


def paper_differences(old: str, evidence: str | None) -> tuple[list[str], str]:
    """A line for each claim that is told otherwise now, and what to say where there is none."""
    from ..document import book

    if evidence:
        try:
            findings = read_findings(evidence)
        except FindingsError as error:
            raise click.UsageError(f"--evidence: {error}") from None
    else:
        findings = _as_told(old)
    lines = differences(
        _compared(numbered(old), run=bool(evidence)),
        _compared(numbered(book(findings)), run=bool(evidence)),
    )
    kept = "it is what would be written today, figures aside"
    if not evidence:
        kept = (
            "claims, equations and prose are what would be written today; what tells of the run was"
            " not compared: give --evidence"
        )
    return list(lines), kept


def _as_told(old: str) -> Findings:
    """Findings with the statuses and in the order of the paper.

    Claims that it lacks come last, as they are expected.
    """
    told = {found["id"]: found["status"] for found in _HEAD.finditer(old)}
    place = {id: number for number, id in enumerate(told)}
    claims = sorted(collect(), key=lambda claim: place.get(claim.id, len(place)))
    return Findings(
        {claim.id: _finding(claim, told) for claim in claims},
        profile="", seed=0, seconds=0.0, versions=defaultdict(str), machine=defaultdict(str),
    )  # fmt: skip


def _finding(claim: Claim, told: Mapping[str, str]) -> Finding:
    name = told.get(claim.id, claim.expects).upper()
    status = Status[name] if name in Status.__members__ else Status.UNDECIDED
    return Finding(claim, status, True, (), _NO_MUTANTS)


def _compared(lines: Iterable[Line], *, run: bool) -> list[Line]:
    """The lines that are compared; those that tell of the ``run`` only where it is known."""
    left_out = [_FIGURES, *([] if run else [_ABSTRACT, _TABLE])]
    kept: list[Line] = []
    until = ""
    for number, line in lines:
        if until:
            until = "" if line.startswith(until) else until
            continue
        until = next((last for first, last in left_out if line.startswith(first)), "")
        of_run = line.startswith((r"\item[Evidence]", r"\author{")) and not run
        if not (until or of_run or line.startswith("See Figure")):
            kept.append((number, line))
    return kept
