"""LaTeX of the parts of a claim, in formulas that fit the columns of the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lemmata.theory.claims import Claim

from ..typesetting import defined, display, givens, typeset_in

__all__ = [
    "LIST",
    "STATEMENT",
    "Formula",
    "formula",
    "given",
    "in_line",
    "number",
    "point",
    "where",
]

STATEMENT = 390.0
"""Points of a line that a statement has beside its number."""
LIST = 420.0
"""Points of a line in the lists below it, whose letters are a tenth smaller."""

READABLE = 9
"""Characters of a fraction that is read at a glance."""


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


def number(claim: Claim, value: Any) -> str:
    """An exact value; where that tells nothing about its size, with its first digits."""
    exact = in_line(claim, value)
    if value.is_Rational and len(str(value)) <= READABLE:
        return exact
    digits = value.evalf(4) if value.is_number else None
    return rf"{exact} \approx {digits}" if digits is not None and digits.is_Float else exact


def formula(claim: Claim, relation: Any, width: float, after: str = "") -> Formula:
    """A relation broken into lines of that width."""
    lines = display(claim, relation, width=width)
    if len(lines) == 1:
        return Formula(lines[0], after=after)
    # A split cannot be measured before it is set: an aligned of the same lines can.
    inner = "\n".join(lines[1:-1])
    return Formula(f"\\begin{{aligned}}\n{inner}\n\\end{{aligned}}", long=True, after=after)


def where(claim: Claim) -> Iterator[tuple[Formula, str]]:
    """The definitions with what they mean, in words as they were written."""
    for definition in claim.where:
        yield formula(claim, defined(definition), LIST), definition.means


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
