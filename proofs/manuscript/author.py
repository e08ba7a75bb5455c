"""The author's own text of a part of an equation, and where it stands."""

from __future__ import annotations

import re
from dataclasses import replace

from ..notation import nodes, written
from ..notation.nodes import Node
from ..tex import Equation, Place
from .common_factors import Divided
from .edits import Edit
from .findings import EditTold
from .narrowed import narrowed
from .repeated import EditEverywhere
from .roles import pieces

__all__ = ["AuthorText", "unplaced"]

_TRAILING = re.compile(
    r"(?:\s|&|~|\\[bB]ig+[lrm]?|\\[,;:!>]|\\quad|\\qquad|\\\\|\\nonumber|\\notag|\\label\{[^{}]*\}|%[^\n]*)+$"
)
_SIZES = re.compile(r"\\[bB]igg?[lrm]?(?![A-Za-z])")
SHORT, LONG = 2, 24
"""Tokens of the part that is shown around a change: at least so many more, at most so many."""


class AuthorText:
    """Parts of one equation by their tokens."""

    def __init__(self, equation: Equation) -> None:
        self.equation = equation
        self.tokens = equation.tokens
        self.lines = equation.source.split("\n")

    def region(self, start: int, end: int) -> tuple[Place, Place, str] | None:
        """Where the tokens from ``start`` to ``end`` stand, and their text; None for a macro's."""
        if not 0 <= start < end <= len(self.tokens):
            return None
        inside = [token.place for token in self.tokens[start:end]]
        outside = {t.place for t in (*self.tokens[:start], *self.tokens[end:])}
        if outside & set(inside) or len(set(inside)) < len(inside) or inside != sorted(inside):
            return None
        after = self.tokens[end].place if end < len(self.tokens) else self.equation.end
        if any(place.file != self.equation.place.file for place in (*inside, after)):
            return None
        text = _TRAILING.sub("", self._between(inside[0], after))
        return (inside[0], _behind(inside[0], text), text) if text else None

    def _between(self, start: Place, end: Place) -> str:
        first, last = start.line - self.equation.place.line, end.line - self.equation.place.line
        if not 0 <= first <= last < len(self.lines):
            return ""
        offset = self.equation.place.column - 1
        lines = list(self.lines[first : last + 1])
        lines[-1] = lines[-1][: end.column - 1 - (offset if last == 0 else 0)]
        lines[0] = lines[0][start.column - 1 - (offset if first == 0 else 0) :]
        return "\n".join(lines)

    def of(self, node: Node) -> str:
        """The author's text of a part; written anew where it comes from a macro."""
        found = self.region(node.start, node.end)
        return written(node) if found is None else self._shown(found[2])

    def _shown(self, text: str) -> str:
        return " ".join(_SIZES.sub("", text).split())

    def told(self, edit: Edit, formula: Node) -> EditTold:
        """An edit in the author's words."""
        if isinstance(edit, Divided):
            told = self.of(edit.old)
            return EditTold(edit.kind, "", told, "", written(edit.applied(formula)))
        count = 1 + len(edit.others) if isinstance(edit, EditEverywhere) else 1
        within = self._around(edit, formula) if count == 1 else None
        start, end, becomes = narrowed(edit)
        region = self.region(start, end)
        was = self.of(edit.old) if region is None else self._shown(region[2])
        if region is None:
            becomes = written(edit.new)
        return EditTold(
            kind=edit.kind,
            within="" if within is None else self.of(within),
            instead_of=was,
            write=becomes,
            corrected=written(edit.applied(formula)),
            place=None if region is None or count > 1 else region[0],
            end=None if region is None or count > 1 else region[1],
            count=count,
        )

    def _around(self, edit: Edit, formula: Node) -> Node | None:
        """The smallest part around a change that says where it is."""
        size = len(pieces(written(edit.old)))
        chain = [formula]
        for number in edit.way[:-1]:
            chain.append(chain[-1].children[number])
        for node in reversed(chain[1:]):
            plain = isinstance(node, nodes.Group) and node.left == "{"
            count = len(pieces(written(node)))
            if not plain and count >= size + SHORT:
                return node if count <= LONG else None
        return None


def unplaced(node: Node) -> Node:
    """The same formula without places: it was read from other tokens."""
    children = tuple(unplaced(child) for child in node.children)
    return replace(node.with_children(children), start=-1, end=-1)


def _behind(place: Place, text: str) -> Place:
    lines = text.split("\n")
    if len(lines) == 1:
        return Place(place.file, place.line, place.column + len(text))
    return Place(place.file, place.line + len(lines) - 1, len(lines[-1]) + 1)
