"""Round trip: what is printed of a claim is read back as the same claim, every part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lemmata.proofs.court import collect
from lemmata.proofs.notation import parse, read, vocabulary_of, written
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.tex import read_formula
from lemmata.proofs.typesetting import typeset_in
from sympy import Add, Basic, Mul


def parts(claim: Any) -> Iterator[tuple[str, Any]]:
    """The statement, every definition, assumption and step, and what recursions say."""
    yield "statement", claim.statement
    for definition in claim.where:
        yield "head", definition.head
        yield "body", definition.body
    yield from (("given", relation) for relation in claim.given)
    if claim.facts is not None:
        yield from (("fact", relation) for relation in claim.facts.given)
    if claim.levels is not None:
        for recursion in claim.levels.recursions:
            yield "recursion", recursion.first
            yield "recursion", recursion.step
    if claim.derivation is not None:
        yield from (("step", step.relation) for step in claim.derivation.steps)


def round_trips(claims: Any) -> tuple[Counter[str], list[str]]:
    """How many parts came back as the same tree, and those that did not."""
    same: Counter[str] = Counter()
    failed: list[str] = []
    seen: set[Any] = set()
    for claim in claims:
        new = [(kind, part) for kind, part in parts(claim) if isinstance(part, Basic)]
        new = [(k, part) for k, part in new if k == "statement" or part not in seen]
        seen |= {part for _, part in new}
        vocabulary = vocabulary_of(claim)
        for kind, part in new:
            latex = typeset_in(claim, part)
            try:
                back = read(parse(read_formula(latex)), vocabulary)
            except ValueError as error:
                failed.append(f"{claim.id} {kind} {latex}: {error}")
                continue
            if rebuilt(back) == rebuilt(part):
                same[kind] += 1
            else:
                failed.append(f"{claim.id} {kind} {latex}: {back}")
    return same, failed


def test_every_part_of_every_claim_comes_back() -> None:
    claims = list(collect())
    same, failed = round_trips(claims)
    print(f"round trip: {sum(same.values())} parts came back as the same tree: {dict(same)}")
    assert failed == []
    assert same["statement"] == len(claims)
    assert sum(same.values()) > 1000


def test_other_statements_do_not_come_back_as_the_same() -> None:
    changed = 0
    for claim in list(collect())[::25]:
        statement = claim.statement
        if not (hasattr(statement, "lhs") and isinstance(statement.rhs, Add | Mul)):
            continue
        other = statement.func(statement.lhs, 2 * statement.rhs, evaluate=False)
        assert rebuilt(other) != rebuilt(statement)
        latex = typeset_in(claim, other)
        back = read(parse(read_formula(latex)), vocabulary_of(claim))
        assert rebuilt(back) == rebuilt(other) != rebuilt(statement)
        changed += 1
    assert changed >= 5


def test_what_is_read_is_written_and_read_again() -> None:
    for claim in list(collect())[::10]:
        tree = parse(read_formula(typeset_in(claim, claim.statement)))
        assert parse(read_formula(written(tree))) == tree
