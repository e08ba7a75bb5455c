"""What rests on what, as drawings one can follow: of all chapters, of one, around one claim."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from ..document.contents import Chapter, Part
from ..findings import Findings
from ..guards import row
from .badges import Badge, badge_of, weakest_badge
from .layering import Edge
from .layout import laid_out

__all__ = ["GraphView", "Links", "NodeView", "around", "chapter_map", "links_of", "overview"]

ID, TITLE = 7.3, 6.6
"""Width of a letter of an id and of a title."""
SIDES, MARK = 24.0, 16.0
"""Width of the margins of a label, and of the mark in front of it."""
LONGEST = 46
"""Longer labels lose their middle."""


@dataclass(frozen=True, slots=True)
class NodeView:
    """A box that leads to ``href``; ``badge`` is drawn in front of the label.

    ``role`` is "own", "here" (the claim that is looked at) or "outside".
    """

    name: str
    label: str
    href: str
    badge: Badge | None
    role: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class GraphView:
    """A drawing: ``title`` says what it shows; ``edges`` are names of nodes with their paths."""

    title: str
    width: float
    height: float
    nodes: tuple[NodeView, ...]
    edges: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Links:
    """What each claim on the page rests on and what rests on it, directly, on the page or not."""

    below: Mapping[str, tuple[str, ...]]
    above: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Told:
    """A node before it has a place."""

    label: str
    href: str
    badge: Badge | None
    role: str = "own"


def links_of(findings: Findings) -> Links:
    """The links of all claims of a run, in the order of the run."""
    above: dict[str, list[str]] = {id: [] for id in findings.by_id}
    for found in findings:
        for other in found.claim.rests_on:
            above.setdefault(other, []).append(found.claim.id)
    below = {found.claim.id: found.claim.rests_on for found in findings}
    return Links(below, {id: tuple(ids) for id, ids in above.items()})


def overview(parts: Iterable[Part], links: Links) -> GraphView:
    """The chapters of all parts."""
    chapters = [chapter for part in parts for chapter in part.chapters]
    told = {c.stem: _Told(c.title, f"#chapter-{c.stem}", None) for c in chapters}
    edges = _joined(links, lambda id: id.partition(".")[0], told)
    return _drawn("What the chapters rest on", told, edges, letter=TITLE)


def chapter_map(chapter: Chapter, findings: Findings, links: Links) -> GraphView:
    """The rows of a chapter, and those of others that they rest on or that rest on them."""
    own = {section.row: section.claims for section in chapter.sections}
    known = {row(id) for id in findings.by_id}
    edges = _joined(links, row, known)
    near = {edge for edge in edges if edge[0] in own or edge[1] in own}
    told = {}
    for id in dict.fromkeys([*own, *sorted(node for edge in near for node in edge)]):
        if id in own:
            badge = weakest_badge(findings[c.id] for c in own[id] if c.expects != "refuted")
            told[id] = _Told(id, f"#row-{id}", badge)
        else:
            told[id] = _Told(id, f"#row-{id}", None, "outside")
    return _drawn(f"What the rows of chapter {chapter.number} rest on", told, near)


def around(id: str, findings: Findings, links: Links) -> GraphView | None:
    """A claim with what it rests on and what rests on it, directly; None where it stands alone."""
    near = [o for o in (*links.below[id], *links.above[id]) if o in findings]
    if not near:
        return None
    names = dict.fromkeys([id, *near])
    told = {
        o: _Told(o, f"#{o}", badge_of(findings[o]), "here" if o == id else "own") for o in names
    }
    edges = {(below, o) for o in names for below in links.below[o] if below in names}
    return _drawn(f"What {id} rests on, and what rests on it", told, edges)


def _joined(links: Links, name: Callable[[str], str], known: Collection[str]) -> set[Edge]:
    """Edges between groups of claims; ``name`` is the group of a claim."""
    pairs = {(name(b), name(id)) for id, below in links.below.items() for b in below}
    return {
        (tail, head) for tail, head in pairs if tail != head and tail in known and head in known
    }


def _drawn(
    title: str, told: Mapping[str, _Told], edges: Collection[Edge], *, letter: float = ID
) -> GraphView:
    labels = {name: _shortened(node.label) for name, node in told.items()}
    beside = {name: SIDES + (MARK if node.badge else 0) for name, node in told.items()}
    widths = {name: round(len(label) * letter + beside[name], 1) for name, label in labels.items()}
    layout = laid_out(widths, edges)
    nodes = []
    for name, node in told.items():
        box = layout.boxes[name]
        nodes.append(
            NodeView(
                name, labels[name], node.href, node.badge, node.role,
                round(box.x, 1), round(box.y, 1), box.width, box.height,
            )
        )  # fmt: skip
    paths = tuple((*curve.edge, curve.path) for curve in layout.curves)
    return GraphView(title, round(layout.width), round(layout.height), tuple(nodes), paths)


def _shortened(label: str) -> str:
    if len(label) <= LONGEST:
        return label
    return f"{label[: LONGEST // 2]}…{label[-(LONGEST - LONGEST // 2 - 1) :]}"
