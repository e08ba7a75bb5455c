"""The syntax tree, built while the grammar reads: one method for each of its rules."""

from __future__ import annotations

from typing import Any

from lark import Token as Terminal
from lark import Transformer

from .errors import NotationError
from .nodes import (
    Accent,
    Differential,
    Empty,
    Fraction,
    Group,
    Integral,
    Letter,
    Logic,
    Matrix,
    Named,
    Node,
    Number,
    Operator,
    Product,
    Relation,
    Root,
    Sequence,
    Sum,
    Text,
)
from .scripts import carrying, is_carried, with_scripts
from .signs import EQUIVALENT

__all__ = ["builder"]

_HENCE = (r"\Rightarrow", r"\Longrightarrow", r"\implies", *sorted(EQUIVALENT))
"""Arrows that say, at the beginning, no more than "hence" or "equivalently"."""
_SHOWN = {
    r"\lparen": "(",
    r"\rparen": ")",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\vert": "|",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
    r"\Vert": r"\|",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\lbrack": "[",
    r"\rbrack": "]",
}


def _from(part: Any) -> int:
    start: Any = part.start_pos if isinstance(part, Terminal) else part.start
    return int(start)


def _to(part: Any) -> int:
    end: Any = part.end_pos if isinstance(part, Terminal) else part.end
    return int(end)


def _span(parts: list[Any]) -> dict[str, Any]:
    return {"start": _from(parts[0]), "end": _to(parts[-1])}


def _bare(part: Any) -> Any:
    """An argument without its braces."""
    return part.content if isinstance(part, Group) and part.left == "{" else part


def _alternating(parts: list[Any]) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    return tuple(parts[::2]), tuple(str(sign) for sign in parts[1::2])


def builder() -> Any:
    """What makes nodes of the rules that the parser has read."""
    return _Build()


class _Build(Transformer):  # type: ignore[type-arg]
    """One method for each rule of the grammar; called from the inside out."""

    def start(self, parts: list[Any]) -> Node:
        return parts[-1]  # type: ignore[no-any-return]

    def hence(self, parts: list[Any]) -> Terminal:
        sign: Terminal = parts[0]
        if sign not in _HENCE:
            raise NotationError(f"something is missing before {sign!s}", _from(sign))
        return sign

    def apart(self, parts: list[Any]) -> list[Any]:
        return parts

    def formula(self, parts: list[Any]) -> Node:
        items: list[Node] = []
        signs: list[str] = []
        waiting = ""
        flat = [p for part in parts for p in (part if isinstance(part, list) else [part])]
        for part in flat:
            comma = isinstance(part, Terminal) and part.type != "TEXT"
            if comma and (waiting or not items):
                raise NotationError(f"something is missing before {part!s}", _from(part))
            if comma:
                waiting = "," if part.startswith("\\") else str(part)
                continue
            text = isinstance(part, Terminal)
            items.append(Text(str(part), **_span([part])) if text else part)
            signs.append(waiting)
            waiting = ""
        if waiting:
            raise NotationError(f"something is missing behind {waiting}", _from(flat[-1]))
        if len(items) == 1:
            return items[0]
        return Sequence(tuple(items), tuple(signs[1:]), **_span(items))

    def logic(self, parts: list[Any]) -> Node:
        return parts[0] if len(parts) == 1 else Logic(*_alternating(parts), **_span(parts))

    def relation(self, parts: list[Any]) -> Node:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        span = _span(parts)
        if isinstance(parts[0], Terminal):
            parts = [Empty(start=span["start"], end=span["start"]), *parts]
        return Relation(*_alternating(parts), **span)

    def sum(self, parts: list[Any]) -> Node:
        terms: list[Node] = []
        signs: list[str] = []
        waiting: list[str] = []
        for part in parts:
            if isinstance(part, Terminal):
                waiting.append(str(part))
            else:
                terms.append(part)
                signs.append(" ".join(waiting))
                waiting = []
        if len(terms) == 1 and not signs[0]:
            return terms[0]
        return Sum(tuple(terms), tuple(signs), **_span(parts))

    def product(self, parts: list[Any]) -> Node:
        items: list[Node] = []
        signs: list[str] = []
        waiting = ""
        for part in parts:
            if isinstance(part, Terminal):
                waiting = str(part)
            elif items and not waiting and is_carried(part):
                items[-1] = carrying(items[-1], part)
            else:
                items.append(part)
                signs.append(waiting)
                waiting = ""
        if len(items) == 1:
            return items[0]
        return Product(tuple(items), tuple(signs), **_span(parts))

    def scripted(self, parts: list[Any]) -> Node:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        base, *scripts = parts
        return with_scripts(base, scripts)

    def script(self, parts: list[Any]) -> tuple[Terminal, Any, int]:
        return parts[0], _bare(parts[1]) if len(parts) > 1 else None, _to(parts[-1])

    def letter(self, parts: list[Any]) -> Node:
        return Letter(str(parts[0]), **_span(parts))

    def mark(self, parts: list[Any]) -> Node:
        return Letter(str(parts[0]), **_span(parts))

    def number(self, parts: list[Any]) -> Node:
        return Number(str(parts[0]), **_span(parts))

    def words(self, parts: list[Any]) -> Node:
        return Text(str(parts[0]), **_span(parts))

    def operator(self, parts: list[Any]) -> Node:
        return Operator(str(parts[0]), **_span(parts))

    def named(self, parts: list[Any]) -> Node:
        text = str(parts[0])
        name = text.partition("{")[2].rstrip("}") or text[1:]
        return Named(name, text, **_span(parts))

    def braces(self, parts: list[Any]) -> Node:
        return Group("{", _content(parts), "}", **_span(parts))

    def group(self, parts: list[Any]) -> Node:
        left, right = str(parts[0]), str(parts[-1])
        sized = left.startswith(r"\left") and left not in (r"\left",)
        if sized:
            left, right = left.removeprefix(r"\left"), right.removeprefix(r"\right")
        left, right = _SHOWN.get(left, left), _SHOWN.get(right, right)
        return Group(left, _content(parts), right, sized, **_span(parts))

    def fraction(self, parts: list[Any]) -> Node:
        return Fraction(str(parts[0]), _bare(parts[1]), _bare(parts[2]), **_span(parts))

    def optional(self, parts: list[Any]) -> Node:
        return parts[1]  # type: ignore[no-any-return]

    def root(self, parts: list[Any]) -> Node:
        index = parts[1] if len(parts) == 3 else None
        return Root(_bare(parts[-1]), index, **_span(parts))

    def accent(self, parts: list[Any]) -> Node:
        return Accent(str(parts[0]), _bare(parts[1]), **_span(parts))

    def integral(self, parts: list[Any]) -> Node:
        sign, *scripts, body, d, variable = parts
        head: Node = Operator(str(sign), **_span([sign]))
        if scripts:
            head = with_scripts(head, scripts)
        last = Differential(_d(d), variable, **_span([d, variable]))
        return Integral(head, body, last, **_span([sign, variable]))

    def differential(self, parts: list[Any]) -> Node:
        return Differential(_d(parts[0]), parts[1], **_span(parts))

    def matrix(self, parts: list[Any]) -> Node:
        rows = [row for row in parts[1:-1] if not isinstance(row, Terminal)]
        if len(rows) > 1 and len(rows[-1]) == 1 and isinstance(rows[-1][0], Empty):
            rows.pop()
        return Matrix(str(parts[0]), tuple(rows), **_span(parts))

    def row(self, parts: list[Any]) -> tuple[Node, ...]:
        return tuple(part for part in parts if not isinstance(part, Terminal))

    def cell(self, parts: list[Any]) -> Node:
        return parts[0] if parts else Empty()


def _content(parts: list[Any]) -> Node:
    if len(parts) == 3:
        return parts[1]  # type: ignore[no-any-return]
    return Empty(start=_to(parts[0]), end=_to(parts[0]))


def _d(sign: Terminal) -> Node:
    span = _span([sign])
    if str(sign) == r"\mathrm{d}":
        return Accent(r"\mathrm", Letter("d", **span), **span)
    return Letter(str(sign), **span)
