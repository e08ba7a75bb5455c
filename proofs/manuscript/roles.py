"""What the parts of a formula are there for: values, indices, limits, names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from ..notation import nodes
from ..notation.nodes import Node

__all__ = ["Way", "changed_tokens", "is_name", "parts", "pieces"]

Way = tuple[int, ...]
VALUE, INDEX, LIMIT, NAME, SIDE = "value", "index", "limit", "name", "side"

_PIECE = re.compile(r"[+-]\s*1(?![\d.])|\\[A-Za-z]+|\\.|\d+(?:\.\d*)?|\S")
_NOTHING = frozenset([*"{}_^&()", r"\left", r"\right", r"\,", r"\;", r"\!", r"\cdot"])


def is_name(node: Node) -> bool:
    """Whether the node is one name: a letter, with or without a subscript."""
    if isinstance(node, nodes.Scripted):
        plain = isinstance(node.base, nodes.Letter | nodes.Accent)
        return plain and node.sup is None and not node.primes
    return isinstance(node, nodes.Letter | nodes.Accent)


def parts(node: Node, way: Way = (), role: str = SIDE) -> Iterator[tuple[Way, Node, str]]:
    """Every part of a formula with the way to it and what it is there for, outer parts first."""
    yield way, node, role
    for number, child in enumerate(node.children):
        inside = _role(node, number, child, role)
        if inside:
            yield from parts(child, (*way, number), inside)


def _role(node: Node, number: int, child: Node, role: str) -> str:
    if isinstance(node, nodes.Relation | nodes.Logic | nodes.Sequence):
        return SIDE if isinstance(node, nodes.Logic | nodes.Sequence) else _side(role)
    if isinstance(node, nodes.Scripted):
        return _script_role(node, number, child, role)
    if isinstance(node, nodes.Accent | nodes.Differential | nodes.Text):
        return ""
    if isinstance(child, nodes.Named | nodes.Operator | nodes.Text | nodes.Empty):
        return NAME if isinstance(child, nodes.Named) else ""
    return VALUE if role == SIDE else role


def _side(role: str) -> str:
    return role if role in (INDEX, LIMIT) else VALUE


def _script_role(node: nodes.Scripted, number: int, child: Node, role: str) -> str:
    present = [name for name in ("base", "sub", "sup") if getattr(node, name) is not None]
    which = present[number]
    if isinstance(node.base, nodes.Operator):
        return "" if which == "base" else LIMIT
    if which == "base":
        # The letters of a name are no values of their own once it has a subscript.
        return "" if node.sub is not None else role
    if which == "sub":
        return INDEX
    return VALUE if role == SIDE else role


def pieces(text: str) -> list[str]:
    """The tokens of LaTeX that a reader sees; one more and one less are one token."""
    found = ("".join(p.split()) for p in _PIECE.findall(text))
    return [p for p in found if p not in _NOTHING]


def changed_tokens(before: str, after: str) -> int:
    """How many tokens one has to write anew, or take away, to make one text the other."""
    one, other = pieces(before), pieces(after)
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return sum(
        max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )
