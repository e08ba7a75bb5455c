r"""For which values of its symbols a claim is stated: ``s, \tau > 0``, ``N \in \{1, 2, ...\}``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Basic, MatrixSymbol, Symbol

from .style import Style

__all__ = ["domain", "formulas", "sizes", "told_domain"]

_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\in \{1, 2, \dots\}", ("is_integer", "is_positive")),
    (r"\in \{0, 1, \dots\}", ("is_integer", "is_nonnegative")),
    (r"\in \mathbb{Z} \setminus \{0\}", ("is_integer", "is_nonzero")),
    (r"\in \mathbb{Z}", ("is_integer",)),
    ("> 0", ("is_positive",)),
    (r"\geq 0", ("is_nonnegative",)),
    ("< 0", ("is_negative",)),
    (r"\leq 0", ("is_nonpositive",)),
    (r"\neq 0", ("is_real", "is_nonzero")),
    (r"\in \mathbb{R}", ("is_real",)),
    (r"\in \mathbb{C} \setminus \{0\}", ("is_nonzero",)),
    (r"\in \mathbb{C}", ()),
)
"""What is told of a symbol: of the first line all of whose properties it has."""


def domain(claim: Claim, style: Style | None = None) -> Iterator[tuple[list[str], str]]:
    """The free symbols of a claim, those of one kind together, as LaTeX, and their kind."""
    bound = {d.symbol for d in claim.where} | _indices(claim)
    symbols = [s for s in _named(claim) if isinstance(s, Symbol) and s not in bound]
    yield from _grouped(symbols, _kind, claim, style)


def sizes(claim: Claim, style: Style | None = None) -> Iterator[tuple[list[str], str]]:
    """The matrix letters of a claim, those of one size together, and their rows and columns."""
    shown = _shown(claim, style)
    letters = [s for s in _named(claim) if isinstance(s, MatrixSymbol)]

    def size(letter: Any) -> str:
        return rf"\in \mathbb{{R}}^{{{shown(letter.rows)} \times {shown(letter.cols)}}}"

    yield from _grouped(letters, size, claim, style)


def told_domain(claim: Claim, style: Style | None = None) -> str:
    r"""What a claim is stated for, as LaTeX text: ``$s$, $\tau > 0$; $t \geq 0$``."""
    kinds = (*domain(claim, style), *sizes(claim, style))
    return "; ".join(
        ", ".join([*(f"${name}$" for name in names[:-1]), f"${names[-1]} {kind}$"])
        for names, kind in kinds
    )


def formulas(claim: Claim, style: Style | None = None) -> Iterator[str]:
    r"""What a claim is stated for, a formula for each kind: ``s, \tau > 0``."""
    for names, kind in (*domain(claim, style), *sizes(claim, style)):
        yield f"{', '.join(names)} {kind}"


def _grouped(
    things: Iterable[Any], kind: Callable[[Any], str], claim: Claim, style: Style | None
) -> Iterator[tuple[list[str], str]]:
    shown = _shown(claim, style)
    found: dict[str, list[str]] = {}
    for thing in things:
        found.setdefault(kind(thing), []).append(shown(thing))
    order = [told for told, _ in _KINDS]
    for told in sorted(found, key=lambda k: order.index(k) if k in order else 0):
        yield found[told], told


def _kind(symbol: Any) -> str:
    return next(told for told, needs in _KINDS if all(getattr(symbol, need) for need in needs))


def _shown(claim: Claim, style: Style | None) -> Callable[[Any], str]:
    from .claims import typeset_in

    return lambda expr: typeset_in(claim, expr, style)


def _named(claim: Claim) -> list[Any]:
    """Free symbols and letters of what is stated, defined and given, by name.

    A variable that stands in the head of a definition and nowhere else is bound there.
    """
    stated: list[Any] = [claim.statement, *claim.given]
    others: list[Any] = [d.body for d in claim.where]
    if claim.facts:
        facts = claim.facts
        others += [*facts.given, facts.time, *facts.orthonormal_columns, *facts.symmetric]
        others += [*facts.diagonal, *facts.constant, *facts.random]
        others += [part for pair in (*facts.commuting, *facts.gaussian) for part in pair]
    if claim.levels:
        others.append(claim.levels.depth)
        others += [end for _, *ends in claim.levels.indices for end in ends]
        others += [end for s in claim.levels.sequences for end in (s.low, s.high)]
    heads: set[Any] = {s for d in claim.where for s in d.head.free_symbols}
    said = _free(stated)
    names = said | {s for s in _free(others) if s not in heads}
    return sorted(names, key=lambda s: (str(s).lower(), str(s)))


def _free(parts: Iterable[Any]) -> set[Any]:
    found = {s for part in parts if isinstance(part, Basic) for s in part.free_symbols}
    found |= {s for letter in found if isinstance(letter, MatrixSymbol)
              for size in letter.shape for s in size.free_symbols}  # fmt: skip
    return {s for s in found if isinstance(s, Symbol | MatrixSymbol)}


def _indices(claim: Claim) -> set[Any]:
    """Symbols whose range is told by the levels."""
    return {index for index, _, _ in claim.levels.indices} if claim.levels else set()
