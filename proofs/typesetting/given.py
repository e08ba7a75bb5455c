"""What a claim is given, in words and formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition
from lemmata.theory.levels import Levels
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Symbol

from .style import Style

__all__ = ["Given", "defined", "givens"]


@dataclass(frozen=True, slots=True)
class Given:
    """LaTeX text, a relation between or none, LaTeX text."""

    before: str
    relation: Any = None
    after: str = ""


def defined(definition: Definition) -> Any:
    """The equation of a "where" line."""
    return Eq(definition.head, definition.body, evaluate=False)


def givens(claim: Claim, style: Style | None = None) -> Iterator[Given]:
    """Assumptions, facts on matrices, ranges of indices and sequences, in this order."""
    from .claims import typeset_in

    def shown(expr: Any) -> str:
        return typeset_in(claim, expr, style)

    for relation in claim.given:
        yield Given("", relation)
    if claim.facts:
        yield from _facts(claim.facts, shown)
    if claim.levels:
        yield from _ranges(claim.levels, shown)


def _facts(facts: MatrixFacts, shown: Any) -> Iterator[Given]:
    for letter in facts.orthonormal_columns:
        yield Given(f"${shown(letter.T * letter)} = I$")
    for word, letters in (
        ("diagonal", facts.diagonal),
        ("symmetric", facts.symmetric),
        ("constant", facts.constant),
        ("random", facts.random),
    ):
        if letters:
            yield Given(f"${', '.join(map(shown, letters))}$ {word}")
    for left, right in facts.commuting:
        yield Given(f"${shown(left)} {shown(right)} = {shown(right)} {shown(left)}$")
    for letter, variance in facts.gaussian:
        told = f"independent, Gaussian, of variance ${shown(variance)}$"
        yield Given(f"entries of ${shown(letter)}$ {told}")
    if facts.time is not None:
        yield Given(f"${shown(facts.time)}$ is the time")
    for equation in facts.given:
        yield Given("", equation)


_SIGNS = {
    "count": r"\in \{1, 2, \dots\}",
    "probability": r"\in [0, 1]",
    "positive": "> 0",
    "nonnegative": r"\geq 0",
    "real": r"\in \mathbb{R}",
}


def _ranges(levels: Levels, shown: Any) -> Iterator[Given]:
    for index, low, high in levels.indices:
        yield Given(f"${shown(index)} = {shown(low)}, \\dots, {shown(high)}$")
    for sequence in levels.sequences:
        place = Symbol("l", integer=True)
        ends = f"l = {shown(sequence.low)}, \\dots, {shown(sequence.high)}"
        yield Given(f"${shown(sequence.symbol(place))} {_SIGNS[sequence.kind]}$ for ${ends}$")
    for term, value in levels.boundary.items():
        yield Given("", Eq(term, value, evaluate=False))
    for recursion in levels.recursions:
        yield Given("", recursion.first)
        yield Given("", recursion.step)
