"""Every false slogan: stated, refuted, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition

from ..guards import corrections
from .claims import WitnessView, capital, paragraphs, witness
from .contents import Part
from .mathematics import STATEMENT, Formula, formula, given, letters, meant, where
from .numbering import Numbers
from .references import cited
from .talk import TALK

__all__ = ["Correction", "Erratum", "Group", "errata"]

INSTEAD = 410.0
"""Points of a line that the formula of a correction has."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A claim that says what holds instead: in words, and its formula.

    ``where`` defines the letters of the formula; ``given`` is told where the formula alone is that
    of the slogan.
    """

    reference: str
    words: str
    formula: str
    where: tuple[tuple[Formula, str], ...]
    given: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Erratum:
    """One slogan: its letters, the point at which it fails, and what is true instead.

    ``where`` defines the letters of the formula and, in turn, those of which they are made; of
    levels of a tree, which are long, ``meaning`` tells only what these are.
    """

    reference: str
    source: str
    statement: str
    where: tuple[tuple[Formula, str], ...]
    meaning: tuple[tuple[str, str], ...]
    given: tuple[Formula, ...]
    refuted: str
    witness: WitnessView | None
    instead: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Slogans that may be read into one statement."""

    title: str
    errata: tuple[Erratum, ...]


def errata(parts: Iterable[Part], numbers: Numbers) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Groups of the talk, in its order; then by chapter the slogans that are none of these."""
    chapters = [chapter for part in parts for chapter in part.chapters]
    slogans = {
        claim.id: claim
        for chapter in chapters
        for _, claim in chapter.numbered
        if claim.expects == "refuted"
    }
    talk = []
    for statement, ids in TALK:
        found = [_erratum(slogans.pop(id), numbers) for id in ids if id in slogans]
        if found:
            talk.append(Group(numbers.prose(statement), tuple(found)))
    others = []
    for chapter in chapters:
        rest = [_erratum(c, numbers) for _, c in chapter.numbered if c.id in slogans]
        if rest:
            others.append(Group(chapter.title, tuple(rest)))
    return tuple(talk), tuple(others)


def _erratum(claim: Claim, numbers: Numbers) -> Erratum:
    stated, below = letters(claim)
    return Erratum(
        reference=numbers.reference(claim.id),
        source=capital(cited(claim)),
        statement=formula(claim, claim.statement, STATEMENT).latex,
        where=_defined(claim, stated, numbers),
        meaning=tuple((head, numbers.prose(means)) for head, means in meant(claim, below)),
        given=_told(claim),
        refuted=" ".join(paragraphs(claim, numbers)),
        witness=witness(claim),
        instead=tuple(_instead(claim, numbers)),
    )


def _defined(
    claim: Claim, definitions: Iterable[Definition], numbers: Numbers
) -> tuple[tuple[Formula, str], ...]:
    return tuple((told, numbers.prose(means)) for told, means in where(claim, definitions))


def _told(claim: Claim) -> tuple[Formula, ...]:
    """What is given; not for a solution, whose equations are told where it is put into them."""
    return () if claim.kind == "solution" else tuple(given(claim))


def _instead(slogan: Claim, numbers: Numbers) -> Iterator[Correction]:
    said = formula(slogan, slogan.statement, INSTEAD).latex
    for claim in corrections(slogan):
        true = formula(claim, claim.statement, INSTEAD).latex
        yield Correction(
            reference=numbers.reference(claim.id),
            words=paragraphs(claim, numbers)[0],
            formula=true,
            where=_defined(claim, letters(claim)[0], numbers),
            given=tuple(given(claim)) if true == said else (),
        )
