"""`list`, `show` and `latex`."""

from __future__ import annotations

from collections.abc import Sequence

import click
from lemmata.theory.claims import Claim
from sympy import latex

from .finding import find, matching, unmatched
from .main import NOTHING
from .streams import fail

__all__ = ["list_claims", "print_latex", "show_claim"]


def list_claims(patterns: Sequence[str]) -> int:
    """Print one line a claim; exit code 5 when a pattern matches nothing."""
    missing = unmatched(patterns)
    if missing:
        fail(missing)
        return NOTHING
    claims = matching(patterns)
    width = max(len(c.id) for c in claims)
    for claim in claims:
        mark = "guard " if claim.expects == "refuted" else ""
        click.echo(f"{claim.id:<{width}}  {mark}{claim.doc.splitlines()[0] if claim.doc else ''}")
    return 0


def show_claim(id: str) -> int:
    """Print everything that is known of one claim before it is verified."""
    claim = find(id)
    click.echo(f"{claim.id}  [{claim.kind}, digest {claim.digest}]\n\n{claim.doc}\n")
    click.echo(f"statement  {claim.statement}")
    for definition in claim.where:
        click.echo(f"where      {definition.head} := {definition.body}  ({definition.means})")
    for relation in claim.given:
        click.echo(f"given      {relation}")
    click.echo(f"expects    {claim.expects}\nsource     {claim.source}")
    for other in claim.rests_on:
        click.echo(f"rests on   {other}")
    if claim.derivation:
        for number, step in enumerate(claim.derivation.steps, 1):
            click.echo(f"step {number:<5} {step.relation}    ({step.why})")
    if claim.evaluation:
        names = " ".join(claim.evaluation.inputs)
        click.echo(f"evaluate   {names} -> {' '.join(claim.evaluation.outputs)}")
    return 0


def print_latex(ids: Sequence[str], derivation: bool) -> int:
    """Print statement, where and given of each claim as LaTeX."""
    for claim in [find(id) for id in ids]:
        click.echo(f"% {claim.id}  digest {claim.digest}")
        for line in _lines(claim, derivation):
            click.echo(line)
    return 0


def _lines(claim: Claim, derivation: bool) -> list[str]:
    lines = [f"\\[ {latex(claim.statement)} \\]"]
    where = [f"{latex(d.head)} = {latex(d.body)}" for d in claim.where]
    if where:
        lines.append("where $" + "$, $".join(where) + "$;")
    if claim.given:
        lines.append("given $" + "$, $".join(latex(r) for r in claim.given) + "$.")
    if derivation and claim.derivation:
        lines.append("\\begin{enumerate}")
        steps = claim.derivation.steps
        lines += [f"  \\item {step.why}: $ {latex(step.relation)} $" for step in steps]
        lines.append("\\end{enumerate}")
    return lines
