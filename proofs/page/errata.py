"""Every false slogan: stated, refuted, corrected; those of the talk first, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lemmata.theory.claims import Claim
from markupsafe import Markup

from ..document.contents import Part
from ..document.mathematics import letters
from ..document.talk import TALK
from ..findings import Findings
from ..guards import corrections, row
from .badges import Badge, badge_of
from .claims import definitions, first_words, given_of, paragraphs
from .failing import WitnessView, witness_view
from .latex import broken_in, latex_in
from .mathematics import formula, words

__all__ = ["ErrataGroup", "ErratumView", "errata_of"]


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A claim that says what holds instead; ``badge`` is how it stands, None where it is not here.

    ``given`` is told where its formula alone is that of the slogan.
    """

    id: str
    told: Markup
    statement: Markup
    where: tuple[tuple[Markup, Markup], ...]
    given: tuple[Markup, ...]
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class ErratumView:
    """A false slogan: what it says, where it fails, and what is true instead.

    ``where`` defines the letters of its formula and, in turn, those of which they are made; of
    levels of a tree, which are long, ``meaning`` tells only what these are.  ``more`` is what is
    said beyond the first paragraph.
    """

    id: str
    number: str
    told: Markup
    more: tuple[Markup, ...]
    statement: Markup
    where: tuple[tuple[Markup, Markup], ...]
    meaning: tuple[tuple[Markup, Markup], ...]
    given: tuple[Markup, ...]
    witness: WitnessView
    confirmed: bool
    corrections: tuple[CorrectionView, ...]
    row: str


@dataclass(frozen=True, slots=True)
class ErrataGroup:
    """Slogans that may be read into one statement of the talk, or those of a chapter."""

    title: Markup
    talk: bool
    errata: tuple[ErratumView, ...]


def errata_of(parts: Iterable[Part], findings: Findings) -> tuple[ErrataGroup, ...]:
    """Groups of the talk, then by chapter what the talk does not say."""
    chapters = [chapter for part in parts for chapter in part.chapters]
    views = {
        claim.id: _view(number, claim, findings)
        for chapter in chapters
        for number, claim in chapter.numbered
        if claim.expects == "refuted"
    }
    said = {id for _, ids in TALK for id in ids}
    groups = [
        ErrataGroup(words(statement), True, tuple(views[id] for id in ids if id in views))
        for statement, ids in TALK
    ]
    for chapter in chapters:
        rest = [c.id for _, c in chapter.numbered if c.id in views and c.id not in said]
        groups.append(ErrataGroup(words(chapter.title), False, tuple(views[id] for id in rest)))
    return tuple(group for group in groups if group.errata)


def _view(number: str, claim: Claim, findings: Findings) -> ErratumView:
    stated, below = letters(claim)
    return ErratumView(
        id=claim.id,
        number=number,
        told=words(first_words(claim.doc)),
        more=paragraphs(claim.doc)[1:],
        statement=formula(broken_in(claim, claim.statement), display=True),
        where=tuple(definitions(claim, stated)),
        meaning=tuple((formula(latex_in(claim, d.head)), words(d.means)) for d in below),
        given=() if claim.kind == "solution" else given_of(claim),
        witness=witness_view(claim),
        confirmed=findings[claim.id].as_expected,
        corrections=tuple(_instead(claim, findings)),
        row=row(claim.id),
    )


def _instead(slogan: Claim, findings: Findings) -> Iterator[CorrectionView]:
    said = broken_in(slogan, slogan.statement)
    for claim in corrections(slogan):
        true = broken_in(claim, claim.statement)
        yield CorrectionView(
            id=claim.id,
            told=words(first_words(claim.doc)),
            statement=formula(true, display=True),
            where=tuple(definitions(claim, letters(claim)[0])),
            given=given_of(claim) if true == said else (),
            badge=badge_of(findings[claim.id]) if claim.id in findings else None,
        )
