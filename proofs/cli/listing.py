"""`list`, `show` and `latex`."""

from __future__ import annotations

from collections.abc import Sequence

import click

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
        click.echo(f"{claim.id:<{width}}  {claim.doc.splitlines()[0] if claim.doc else ''}")
    return 0


def show_claim(id: str) -> int:
    """Print everything that is known of one claim before it is verified."""
    claim = find(id)
    click.echo(f"{claim.id}  [{claim.kind}, digest {claim.digest}]\n\n{claim.doc}\n")
    click.echo(f"statement  {claim.statement}")
    for definition in claim.where:
        click.echo(f"where      {definition.head} := {definition.body}  ({definition.means})")
    for relation in (*claim.given, *(claim.facts.given if claim.facts else ())):
        click.echo(f"given      {relation}")
    for limit in claim.limits:
        click.echo(f"limit      {limit.variable} -> {limit.to}: {limit.value}  ({limit.means})")
    if claim.witness:
        at = ", ".join(f"{k} = {v}" for k, v in claim.witness.at.items())
        told = ", ".join(map(str, claim.witness.difference))
        click.echo(f"witness    {at}: left - right = {told}")
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
    from ..typeset import claim_lines

    for claim in [find(id) for id in ids]:
        for line in claim_lines(claim, derivation=derivation):
            click.echo(line)
    return 0
