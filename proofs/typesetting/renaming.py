r"""Names that somebody chose: they are names, and the formulas read back as the claim's.

``lemmata check`` reads a printed formula with the same renaming; what it would read as anything
but the claim is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lemmata.theory.claims import Claim
from sympy import Basic

from .names import latex_of_name, named
from .scope import named_things

if TYPE_CHECKING:
    from ..notation import Node
    from .printer import Printer
    from .style import Style

__all__ = ["chosen_name", "refuse_unreadable", "relations_of", "resolved"]

_MEANT = frozenset(
    [r"\pi", r"\infty", r"\partial", r"\nabla", r"\top", r"\mathbb{E}", r"\mathbb{R}",
     r"\mathbb{Z}", r"\mathbb{C}"]
)  # fmt: skip
"""Signs that mean something by themselves in what is printed."""
_ABOVE = frozenset(["*", "+", "-", r"\star", r"\dagger", r"\ast", r"\circ"])
"""What may stand above a letter and is no power."""


def chosen_name(name: str, latex: str) -> str:
    r"""The LaTeX of a name: ``tau`` is ``\tau``.

    Raises ``ValueError`` with the reason where it is no name, where it has a power, or where it is
    a sign that means something by itself.
    """
    from ..notation import parse
    from ..notation.vocabulary import as_latex, spelled
    from ..tex import read_formula

    made = as_latex(latex)
    spelled(made)
    tree: Node = parse(read_formula(made))
    base, above = _taken_apart(tree)
    if spelled(made) in _MEANT or base in _MEANT:
        raise ValueError("means something else in a formula")
    if not _is_letter(base):
        raise ValueError("begins with no letter")
    if above and above not in _ABOVE and above != named(name).tail and not _bracketed(above):
        raise ValueError(f"would be read as a power: write no ^{{{above}}}")
    return made


def _taken_apart(tree: Node) -> tuple[str, str]:
    """Spelling of the letter without scripts, and of what stands above it."""
    from ..notation.names import spelling
    from ..notation.nodes import Accent, Scripted

    above = ""
    while isinstance(tree, Scripted | Accent):
        if isinstance(tree, Scripted):
            above = spelling(tree.sup) if tree.sup is not None else above
            tree = tree.base
        elif tree.command in (r"\mathbb", r"\mathcal"):
            break
        else:
            tree = tree.content
    return spelling(tree), above


def _is_letter(base: str) -> bool:
    return base.isalpha() or base.startswith("\\")


def _bracketed(above: str) -> bool:
    return above.startswith("(") and above.endswith(")")


def resolved(style: Style, claims: Iterable[Claim]) -> Style:
    r"""The style with the names of the claims: ``\tau`` and ``a_{0}`` are ``tau`` and ``a_0``.

    Raises ``StyleError`` for a name that none of the claims has.
    """
    from .style import StyleError

    if not style.names:
        return style
    known: dict[str, str] = {}
    for claim in claims:
        for name, _ in named_things(printed_of(claim)):
            known[name] = latex_of_name(name)
    found: dict[str, str] = {}
    for name, latex in style.names.items():
        meant = name if name in known else _with_latex(name, known)
        if meant is None:
            raise StyleError(f"names: {name} is no name of {_which(claims)}: {_near(name, known)}")
        if meant in found:
            raise StyleError(f"names: {meant} is renamed twice: keep one")
        found[meant] = latex
    return replace(style, names=found)


def _with_latex(name: str, known: Mapping[str, str]) -> str | None:
    from ..notation.vocabulary import spelled

    try:
        key = spelled(name)
    except ValueError:
        return None
    return next((text for text, latex in known.items() if spelled(latex) == key), None)


def _which(claims: Iterable[Claim]) -> str:
    ids = [claim.id for claim in claims]
    return ids[0] if len(ids) == 1 else f"any of the {len(ids)} claims"


def _near(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    alike = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    alike += [n for n in names if n.casefold() == name.casefold() and n not in alike]
    if alike:
        return f"did you mean {', '.join(alike)}?"
    return f"the names are {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"


def refuse_unreadable(claim: Claim, printer: Printer) -> None:
    """Raise ``StyleError`` where a formula of the claim would be read as another one."""
    from ..notation import parse, read, vocabulary_of
    from ..notation.shapes import rebuilt
    from ..tex import read_formula
    from .style import StyleError

    present = {name for name, _ in named_things(printed_of(claim))}
    names = {name: latex for name, latex in printer.style.names.items() if name in present}
    if not names:
        return
    told = ", ".join(f"{name}={latex}" for name, latex in names.items())
    try:
        vocabulary = vocabulary_of(claim, names)
        for part in relations_of(claim):
            latex = printer.piece(part).latex
            if rebuilt(read(parse(read_formula(latex)), vocabulary)) != rebuilt(part):
                raise ValueError(f"{latex} would be read as another formula")
    except ValueError as error:
        raise StyleError(
            f"names: with {told}, {claim.id} cannot be read back: {error}: choose another name"
        ) from None


def relations_of(claim: Claim) -> Iterator[Basic]:
    """Every formula of a claim, the two sides of a definition one by one."""
    found: list[Any] = [claim.statement, *claim.given]
    for definition in claim.where:
        found += [definition.head, definition.body]
    found += claim.facts.given if claim.facts else ()
    for recursion in claim.levels.recursions if claim.levels else ():
        found += [recursion.first, recursion.step]
    found += [step.relation for step in claim.derivation.steps] if claim.derivation else []
    yield from dict.fromkeys(part for part in found if isinstance(part, Basic))


def printed_of(claim: Claim) -> Iterator[Any]:
    """Every expression of a claim that is printed."""
    from .claims import expressions_of

    return expressions_of(claim)
