"""A syntax tree as LaTeX again, also after an edit."""

from __future__ import annotations

import re
from typing import Any

from .grouping import grouped
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
    Scripted,
    Sequence,
    Sum,
    Text,
)

__all__ = ["written"]

_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")


def written(node: Node) -> str:
    r"""LaTeX that ``parse`` reads back as the same tree.

    Where an edit put a sum into a product, or a product under an exponent, parentheses are added
    (``grouping``): the tree that is read back is the one with these.
    """
    return _joined([_text(grouped(node))])


def _text(node: Node) -> str:
    return str(_WRITERS[type(node)](node))


def _joined(parts: list[str], between: str = "") -> str:
    """The parts in a row, with a blank where a command would swallow a letter."""
    found = ""
    for part in parts:
        glued = _ENDS_IN_COMMAND.search(found) and part[:1].isalpha()
        found += (" " if glued and not between else between if found else "") + part
    return found


def _signed(items: tuple[Node, ...], signs: tuple[str, ...]) -> str:
    parts: list[str] = []
    for item, sign in zip(items, signs, strict=True):
        parts += [sign, _text(item)] if sign else [_text(item)]
    return " ".join(parts)


def _alternating(items: tuple[Node, ...], signs: tuple[str, ...]) -> str:
    parts = [_text(items[0])]
    for sign, item in zip(signs, items[1:], strict=True):
        parts += [sign, _text(item)]
    return " ".join(part for part in parts if part)


def _scripted(node: Scripted) -> str:
    text = _text(node.base) + "'" * node.primes
    text += "" if node.sub is None else "_{" + _text(node.sub) + "}"
    return text + ("" if node.sup is None else "^{" + _text(node.sup) + "}")


def _group(node: Group) -> str:
    inside = _text(node.content)
    if node.left == "{":
        return "{" + inside + "}"
    if node.sized:
        left, right = rf"\left{node.left}", rf"\right{node.right}"
    else:
        left, right = node.left, node.right
    return _joined([left, inside, right])


def _fraction(node: Fraction) -> str:
    return f"{node.command}{{{_text(node.numerator)}}}{{{_text(node.denominator)}}}"


def _root(node: Root) -> str:
    index = "" if node.index is None else f"[{_text(node.index)}]"
    return rf"\sqrt{index}{{{_text(node.radicand)}}}"


def _matrix(node: Matrix) -> str:
    rows = r" \\ ".join(" & ".join(_text(cell) for cell in row) for row in node.rows)
    if node.environment == "substack":
        return rf"\substack{{{rows}}}"
    columns = ""
    if node.environment in ("array", "subarray"):
        columns = "{" + "c" * max(len(row) for row in node.rows) + "}"
    return rf"\begin{{{node.environment}}}{columns} {rows} \end{{{node.environment}}}"


def _integral(node: Integral) -> str:
    return _joined([_text(node.head), _text(node.body), r"\,", _text(node.differential)], " ")


def _differential(node: Differential) -> str:
    return _joined([_text(node.sign), _text(node.variable)], " ")


_WRITERS: dict[type[Node], Any] = {
    Number: lambda node: node.text,
    Letter: lambda node: node.text,
    Named: lambda node: node.text,
    Operator: lambda node: node.text,
    Text: lambda node: rf"\text{{{node.text}}}",
    Empty: lambda node: "",
    Accent: lambda node: f"{node.command}{{{_text(node.content)}}}",
    Scripted: _scripted,
    Group: _group,
    Fraction: _fraction,
    Root: _root,
    Matrix: _matrix,
    Differential: _differential,
    Integral: _integral,
    Product: lambda node: _signed(node.items, node.signs),
    Sum: lambda node: _signed(node.terms, node.signs),
    Sequence: lambda node: _alternating(node.items, node.signs),
    Relation: lambda node: _alternating(node.sides, node.signs),
    Logic: lambda node: _alternating(node.sides, node.signs),
}
