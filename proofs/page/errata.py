"""Every false slogan: stated, refuted, corrected; those of the talk first, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lemmata.theory.claims import Claim
from markupsafe import Markup

from ..document.contents import Part
from ..document.talk import TALK
from ..findings import Findings
from ..guards import corrections, row
from .claims import WitnessView, first_words, witness_view
from .latex import broken_in
from .mathematics import formula, words

__all__ = ["ErrataGroup", "ErratumView", "errata_of"]

BESIDE = 3
"""Corrections that are named where no claim has the slogan's own stem."""


@dataclass(frozen=True, slots=True)
class ErratumView:
    """A false slogan: what it says, where it fails, and what is true instead."""

    id: str
    number: str
    told: Markup
    statement: Markup
    witness: WitnessView
    confirmed: bool
    corrections: tuple[tuple[str, str], ...]
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
    return ErratumView(
        id=claim.id,
        number=number,
        told=words(first_words(claim.doc)),
        statement=formula(broken_in(claim, claim.statement), display=True),
        witness=witness_view(claim),
        confirmed=findings[claim.id].as_expected,
        corrections=tuple((c.id, first_words(c.doc)) for c in _instead(claim, findings)),
        row=row(claim.id),
    )


def _instead(slogan: Claim, findings: Findings) -> Iterator[Claim]:
    """True claims that the slogan is named after, or else those beside it; on the page."""
    true = [claim for claim in corrections(slogan) if claim.id in findings]
    own = [claim for claim in true if slogan.id.startswith(f"{claim.id}.")]
    yield from own or true[:BESIDE]
