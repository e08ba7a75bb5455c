"""LaTeX of the parts of a claim, in formulas that fit the columns of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition
from sympy.core.function import AppliedUndef

from ..typesetting import defined, display, givens, typeset_in

__all__ = [
    "LIST",
    "STATEMENT",
    "Formula",
    "formula",
    "given",
    "in_line",
    "letters",
    "meant",
    "point",
    "where",
]

STATEMENT = 390.0
"""Points of a line that a statement has beside its number."""
LIST = 420.0
"""Points of a line in the lists below it, whose letters are a tenth smaller."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula for a display, ``long`` where it has several lines; LaTeX text around it."""

    latex: str
    long: bool = False
    before: str = ""
    after: str = ""


def in_line(claim: Claim, expr: Any) -> str:
    """An expression as that claim prints it, on one line, without delimiters."""
    return typeset_in(claim, expr)


def formula(claim: Claim, relation: Any, width: float, after: str = "") -> Formula:
    """A relation broken into lines of that width."""
    lines = display(claim, relation, width=width)
    if len(lines) == 1:
        return Formula(lines[0], after=after)
    # A split cannot be measured before it is set: an aligned of the same lines can.
    inner = "\n".join(lines[1:-1])
    return Formula(f"\\begin{{aligned}}\n{inner}\n\\end{{aligned}}", long=True, after=after)


def where(
    claim: Claim, definitions: Iterable[Definition] | None = None
) -> Iterator[tuple[Formula, str]]:
    """The definitions, all or those, with what they mean, in words as they were written."""
    for definition in claim.where if definitions is None else definitions:
        yield formula(claim, defined(definition), LIST), definition.means


def letters(claim: Claim) -> tuple[list[Definition], list[Definition]]:
    """The definitions of the letters in the statement, and those that are only told in words.

    Those that the first need in turn are among them, but for levels of a tree, where they are long.
    """
    stated = _needed(claim, claim.statement)
    found, left = list(stated), list(stated)
    while left:
        new = [d for d in _needed(claim, left.pop().body) if d not in found]
        found, left = found + new, left + new
    if claim.kind != "levels":
        return [d for d in claim.where if d in found], []
    return stated, [d for d in claim.where if d in found and d not in stated]


def _needed(claim: Claim, expr: Any) -> list[Definition]:
    names = {*expr.free_symbols, *(f.func for f in expr.atoms(AppliedUndef))}
    return [definition for definition in claim.where if definition.symbol in names]


def meant(claim: Claim, definitions: Iterable[Definition]) -> Iterator[tuple[str, str]]:
    """Only the letters that these define, with what they mean."""
    for definition in definitions:
        yield in_line(claim, definition.head), definition.means


def given(claim: Claim) -> Iterator[Formula]:
    """Assumptions, facts on matrices, ranges of indices and sequences."""
    for told in givens(claim):
        if told.relation is None:
            yield Formula("", before=told.before, after=told.after)
        else:
            found = formula(claim, told.relation, LIST)
            yield Formula(found.latex, found.long, told.before, told.after)


def point(claim: Claim, at: Mapping[Any, Any]) -> Iterator[str]:
    """A point as equations, one a name."""
    for name, value in at.items():
        yield f"{in_line(claim, name)} = {in_line(claim, value)}"
