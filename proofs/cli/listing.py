"""`list` and `show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import MatrixSymbol

from ..guards import guards
from .finding import find, matching, unmatched
from .main import NOTHING
from .streams import fail

__all__ = ["list_claims", "show_claim"]


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
    for line in (*_of_matrices(claim), *_over_levels(claim)):
        click.echo(line)
    for assumption in claim.assumptions:
        if assumption.counterexample is not None:
            at = ", ".join(f"{k} = {v}" for k, v in assumption.counterexample.items())
            click.echo(f"needed     {assumption.relation}: without it false at {at}")
    for limit in claim.limits:
        click.echo(f"limit      {limit.variable} -> {limit.to}: {limit.value}  ({limit.means})")
    if claim.witness:
        at = ", ".join(f"{k} = {v}" for k, v in claim.witness.at.items())
        told = ", ".join(map(str, claim.witness.difference))
        click.echo(f"witness    {at}: left - right = {told}")
    click.echo(f"expects    {claim.expects}\nsource     {claim.source}")
    for other in claim.rests_on:
        click.echo(f"rests on   {other}")
    for line in _edges(claim):
        click.echo(line)
    if claim.derivation:
        for number, step in enumerate(claim.derivation.steps, 1):
            click.echo(f"step {number:<5} {step.relation}    ({step.why})")
    if claim.evaluation:
        optional = claim.evaluation.optional
        names = " ".join(f"[{n}]" if n in optional else n for n in claim.evaluation.inputs)
        click.echo(f"evaluate   {names} -> {' '.join(claim.evaluation.outputs)}")
    return 0


def _of_matrices(claim: Claim) -> Iterator[str]:
    """What is assumed of matrix letters, and their sizes."""
    facts = claim.facts or MatrixFacts()
    for told, letters in (
        ("orthonormal columns", facts.orthonormal_columns),
        ("symmetric", facts.symmetric),
        ("diagonal", facts.diagonal),
        ("constant in time", facts.constant),
        ("random, changing from example to example", facts.random),
    ):
        if letters:
            yield f"matrices   {', '.join(map(str, letters))}: {told}"
    for left, right in facts.commuting:
        yield f"matrices   {left} and {right}: commute"
    for letter, variance in facts.gaussian:
        yield f"matrices   {letter}: independent Gaussian entries, mean 0, variance {variance}"
    if facts.time is not None:
        yield f"matrices   {facts.time}: the time by which they are differentiated"
    for shape, names in _sizes(claim).items():
        yield f"size       {', '.join(names)}: {shape}"


def _sizes(claim: Claim) -> dict[str, list[str]]:
    """The letters of each size, those of the statement and of what is given."""
    relations = (claim.statement, *claim.given, *(claim.facts.given if claim.facts else ()))
    letters = {letter for relation in relations for letter in relation.atoms(MatrixSymbol)}
    found: dict[str, list[str]] = {}
    for letter in sorted(letters, key=str):
        found.setdefault(f"{letter.rows} x {letter.cols}", []).append(str(letter))
    return found


def _over_levels(claim: Claim) -> Iterator[str]:
    """Ranges of indices, free sequences, conventions at their ends, recursions."""
    levels = claim.levels
    if levels is None:
        return
    for index, low, high in levels.indices:
        yield f"for all    {index} from {low} to {high}, any {levels.depth}"
    for sequence in levels.sequences:
        what = f"{sequence.symbol}(l), l from {sequence.low} to {sequence.high}"
        yield f"for all    {what}: {_VALUES[sequence.kind]}"
    for term, value in levels.boundary.items():
        yield f"convention {term} = {value}"
    for recursion in levels.recursions:
        yield f"given      {recursion.first}"
        yield f"given      {recursion.step}"


_VALUES = {
    "count": "whole numbers from 1",
    "probability": "numbers from 0 to 1",
    "positive": "positive numbers",
    "nonnegative": "numbers from 0",
    "real": "real numbers",
}


def _edges(claim: Claim) -> Iterator[str]:
    """Where the claim ends: its guards, or that it holds on all of its domain."""
    if claim.expects == "refuted":
        return
    found = list(guards(claim))
    for guard in found:
        yield f"edge       {guard.id}: {' '.join(guard.doc.partition(chr(10) * 2)[0].split())}"
    if not found and not claim.given and not (claim.facts and claim.facts.given):
        yield "edge       none: it holds for all values of what is named above"
