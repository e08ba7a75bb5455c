"""One change made at every place where the same part stands: what a macro puts there, say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..notation import nodes
from ..notation.nodes import Node, replaced, walk
from .building import number_node
from .edits import Edit, plain_edits
from .roles import VALUE, Way, parts

__all__ = ["EditEverywhere", "repeated_edits"]

SMALLEST = 3
"""Letters and numbers of a part that is worth repeating a change for."""
NUMBERS = (1, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class EditEverywhere(Edit):
    """The change at ``way``, and the same one at ``others``."""

    others: tuple[Way, ...] = ()

    def applied(self, whole: Node) -> Node:
        """The formula after the change."""
        for way in (self.way, *self.others):
            whole = replaced(whole, way, self.new)
        return whole


def repeated_edits(whole: Node) -> Iterator[EditEverywhere]:
    """Changes of a number or a sign inside of a part that stands at several places."""
    places: dict[Node, list[Way]] = {}
    for way, node, role in parts(whole):
        if role == VALUE and _size(node) >= SMALLEST:
            places.setdefault(node, []).append(way)
    for part, ways in places.items():
        if len(ways) < 2:
            continue
        for edit in _inside(part):
            first, *others = ways
            yield EditEverywhere(first, part, edit.applied(part), edit.kind, tuple(others))


def _inside(part: Node) -> Iterator[Edit]:
    for edit in plain_edits(part):
        if edit.kind in ("sign", "leading sign"):
            yield edit
    for way, node, role in parts(part, role=VALUE):
        if role == VALUE and isinstance(node, nodes.Number):
            for number in NUMBERS:
                if number_node(number) != node:
                    yield Edit(way, node, number_node(number), "factor")


def _size(node: Node) -> int:
    return sum(isinstance(inner, nodes.Letter | nodes.Number) for _, inner in walk(node))
