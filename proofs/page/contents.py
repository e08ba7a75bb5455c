"""The page before it is written: parts, chapters, sections, errata."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..court import collect
from ..document.contents import Part, arranged
from ..findings import Finding, Findings
from .badges import BADGES, Badge
from .claims import ClaimView, claim_view
from .errata import ErrataGroup, errata_of
from .figures import FiguresView, FigureView
from .glossary import KINDS
from .graph import GraphView, Links, chapter_map, links_of, overview
from .mathematics import MathematicsError
from .summary import SummaryView, summary_of

__all__ = ["ChapterView", "PageView", "PartView", "SectionView", "page_view"]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A row: claims with their numbers."""

    row: str
    title: str
    claims: tuple[tuple[str, ClaimView], ...]


@dataclass(frozen=True, slots=True)
class ChapterView:
    """Rows whose ids share the first word, and what they rest on."""

    number: int
    stem: str
    title: str
    sections: tuple[SectionView, ...]
    graph: GraphView

    @property
    def count(self) -> int:
        """How many claims it has."""
        return sum(len(section.claims) for section in self.sections)


@dataclass(frozen=True, slots=True)
class PartView:
    """Chapters under one title."""

    title: str
    chapters: tuple[ChapterView, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """All that the page shows; ``made`` says when, and nothing else depends on time.

    ``evidence`` explains kinds of evidence; ``kinds`` are those of claims, ``ids`` all claims,
    ``shown`` the figures of a claim.
    """

    made: str
    summary: SummaryView
    parts: tuple[PartView, ...]
    overview: GraphView
    errata: tuple[ErrataGroup, ...]
    figures: FiguresView
    badges: tuple[Badge, ...]
    evidence: Mapping[str, str]
    kinds: tuple[str, ...]
    ids: Collection[str]
    shown: Mapping[str, tuple[FigureView, ...]]


def page_view(findings: Findings, figures: FiguresView, made: str) -> PageView:
    """The page of a run; claims stand in the order in which they were made."""
    claims = [claim for claim in collect() if claim.id in findings]
    parts, links = arranged(claims), links_of(findings)
    return PageView(
        made=made,
        summary=summary_of(findings),
        parts=tuple(_part(part, findings, links) for part in parts),
        overview=overview(parts, links),
        errata=errata_of(parts, findings),
        figures=figures,
        badges=tuple(BADGES.values()),
        evidence=KINDS,
        kinds=tuple(sorted({claim.kind for claim in claims})),
        ids=findings.by_id.keys(),
        shown=_shown(figures),
    )


def _shown(figures: FiguresView) -> dict[str, tuple[FigureView, ...]]:
    """The figures of each claim that is drawn."""
    found: dict[str, tuple[FigureView, ...]] = {}
    for figure in figures.figures:
        for id in figure.claims:
            found[id] = (*found.get(id, ()), figure)
    return found


def _claim(found: Finding, findings: Findings, links: Links) -> ClaimView:
    """The claim; a formula that is not understood is told with the claim it stands in."""
    try:
        return claim_view(found, findings, links)
    except MathematicsError as error:
        raise MathematicsError(f"{found.claim.id}: {error}") from None


def _part(part: Part, findings: Findings, links: Links) -> PartView:
    made = []
    for chapter in part.chapters:
        views = {
            claim.id: (number, _claim(findings[claim.id], findings, links))
            for number, claim in chapter.numbered
        }
        sections = tuple(
            SectionView(s.row, s.title, tuple(views[claim.id] for claim in s.claims))
            for s in chapter.sections
        )
        graph = chapter_map(chapter, findings, links)
        made.append(ChapterView(chapter.number, chapter.stem, chapter.title, sections, graph))
    return PartView(part.title, tuple(made))
