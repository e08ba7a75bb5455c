"""For which values of its symbols a claim is stated, in words and signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Basic, MatrixSymbol, Symbol

from .mathematics import in_line

__all__ = ["domain", "sizes"]

_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\in \{1, 2, \dots\}", ("is_integer", "is_positive")),
    (r"\in \{0, 1, \dots\}", ("is_integer", "is_nonnegative")),
    (r"\in \mathbb{Z}", ("is_integer",)),
    ("> 0", ("is_positive",)),
    (r"\ge 0", ("is_nonnegative",)),
    ("< 0", ("is_negative",)),
    (r"\in \mathbb{R}", ("is_real",)),
    (r"\in \mathbb{C}", ()),
)


def domain(claim: Claim) -> Iterator[str]:
    """Formulas such as ``s, \\tau > 0``, the free symbols of the claim gathered by their sign."""
    bound = {d.symbol for d in claim.where} | _indices(claim)
    symbols = [s for s in _atoms(claim) if not isinstance(s, MatrixSymbol) and s not in bound]
    for told, properties in _KINDS:
        named = [s for s in symbols if all(getattr(s, name) for name in properties)]
        symbols = [s for s in symbols if s not in named]
        if named:
            yield f"{', '.join(in_line(claim, s) for s in named)} {told}"


def sizes(claim: Claim) -> Iterator[str]:
    """Formulas that tell rows and columns of matrix letters, those of one size together."""
    found: dict[tuple[Any, Any], list[Any]] = {}
    for letter in _atoms(claim):
        if isinstance(letter, MatrixSymbol):
            found.setdefault(letter.shape, []).append(letter)
    for (rows, columns), letters in found.items():
        shape = rf"{in_line(claim, rows)} \times {in_line(claim, columns)}"
        named = ", ".join(in_line(claim, letter) for letter in letters)
        yield rf"{named} \in \mathbb{{R}}^{{{shape}}}"


def _atoms(claim: Claim) -> list[Any]:
    """Free symbols and matrix letters of what is stated, defined and given, by name."""
    parts: list[Any] = [claim.statement, *claim.given, *(d.body for d in claim.where)]
    heads = {s for d in claim.where for s in d.head.free_symbols}
    if claim.facts:
        parts += [*claim.facts.given, *([claim.facts.time] if claim.facts.time else [])]
    symbols = {s for part in parts if isinstance(part, Basic) for s in part.free_symbols}
    stated = claim.statement.free_symbols.union(*(r.free_symbols for r in claim.given))
    kept = {s for s in symbols if s in stated or s not in heads}
    names = {s for s in kept if isinstance(s, Symbol | MatrixSymbol)}
    return sorted(names, key=lambda s: (str(s).lower(), str(s)))


def _indices(claim: Claim) -> set[Any]:
    """Symbols whose range is told by the levels."""
    if claim.levels is None:
        return set()
    return {index for index, _, _ in claim.levels.indices}
