"""Every false slogan: stated, refuted, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lemmata.theory.claims import Claim

from ..guards import corrections, row
from .claims import WitnessView, capital, paragraphs, witness
from .contents import Part
from .mathematics import STATEMENT, formula
from .numbering import Numbers
from .references import cited
from .talk import TALK

__all__ = ["Erratum", "Group", "errata"]

CORRECTIONS = 3
"""No more corrections than these are printed beside a slogan."""


@dataclass(frozen=True, slots=True)
class Erratum:
    """One slogan; ``instead`` are links to true claims, each with what it says."""

    reference: str
    source: str
    statement: str
    refuted: str
    witness: WitnessView | None
    instead: tuple[tuple[str, str], ...]


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
    return Erratum(
        reference=numbers.reference(claim.id),
        source=capital(cited(claim)),
        statement=formula(claim, claim.statement, STATEMENT).latex,
        refuted=paragraphs(claim, numbers)[0],
        witness=witness(claim),
        instead=tuple(_instead(claim, numbers)),
    )


def _instead(slogan: Claim, numbers: Numbers) -> Iterator[tuple[str, str]]:
    """The true claims that the slogan is named after, or else the first of its row."""
    stem = f"{slogan.id.rpartition('.')[0]}."
    told = list(corrections(slogan))
    near = [claim for claim in told if stem.startswith(f"{claim.id}.")]
    main = [claim for claim in told if claim.id == row(slogan.id)]
    inside = [claim for claim in told if claim.id.startswith(stem)]
    chosen = {claim.id: claim for claim in (*near, *main, *inside)[:CORRECTIONS] if claim.doc}
    for claim in (chosen or {claim.id: claim for claim in told[:1]}).values():
        yield numbers.reference(claim.id), paragraphs(claim, numbers)[0]
