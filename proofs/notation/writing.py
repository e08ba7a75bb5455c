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

_CLOSE = ((Sequence, ", "), (Relation, " = "), (Sum, " + "), (Sum, " - "))
_TIGHT = re.compile(r"[-+]?")
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")


def written(node: Node) -> str:
    r"""LaTeX that ``parse`` reads back as the same tree.

    Where an edit put a sum into a product, or a product under an exponent, parentheses are added
    (``grouping``): the tree that is read back is the one with these.
    """
    return _joined([_text(grouped(node))])


def _text(node: Node) -> str:
    return str(_WRITERS[type(node)](node))


def _joined(parts: list[str]) -> str:
    """The parts in a row, with a blank where a command would swallow a letter."""
    found = ""
    for part in parts:
        glued = _ENDS_IN_COMMAND.search(found) and part[:1].isalpha()
        found += (" " if glued else "") + part
    return found


def _sum(node: Sum) -> str:
    """Signs between terms stand apart, one before the first term does not: ``-2 x + y``."""
    found = node.signs[0] + _text(node.terms[0])
    if not _TIGHT.fullmatch(node.signs[0]):
        found = f"{node.signs[0]} {_text(node.terms[0])}"
    for sign, term in zip(node.signs[1:], node.terms[1:], strict=True):
        found += f" {sign} {_text(term)}"
    return found


def _product(node: Product) -> str:
    """Items side by side; a slash and the bracket of a function stand close: ``a(t) b/c``."""
    found = _text(node.items[0])
    pairs = zip(node.items, node.items[1:], node.signs[1:], strict=False)
    for before, item, sign in pairs:
        text = _text(item)
        if sign == "/":
            found += "/" + text
        elif sign:
            found += f" {sign} {text}"
        else:
            found += text if _stands_close(before, item) else " " + text
    return found


def _stands_close(before: Node, item: Node) -> bool:
    """Whether authors leave no blank between: ``dt``, ``n!``, ``a(t)``."""
    if isinstance(item, Letter) and item.text == "!":
        return True
    upright = isinstance(before, Accent) and before.content == Letter("d")
    if upright or before == Letter("d"):
        return True
    return _is_called(before, item)


def _is_called(before: Node, item: Node) -> bool:
    """Whether the bracket behind a name is one as functions have: ``\\ln(...)``, ``a(t)``."""
    group = item.base if isinstance(item, Scripted) else item
    if not isinstance(group, Group) or group.left not in ("(", "["):
        return False
    name = before.base if isinstance(before, Scripted) else before
    content = group.content
    argument = content.base if isinstance(content, Scripted) and content.sup is None else content
    single = isinstance(argument, Letter | Number | Sequence)
    return isinstance(name, Named) or (isinstance(name, Letter | Accent) and single)


def _alternating(items: tuple[Node, ...], signs: tuple[str, ...]) -> str:
    found = _text(items[0])
    for sign, item in zip(signs, items[1:], strict=True):
        close = sign in (",", ";") and found
        found += sign if close else f" {sign}" if found else sign
        found += f" {_text(item)}"
    return found.rstrip()


def _braced(text: str) -> str:
    """A script; one letter or digit needs no braces."""
    return text if (len(text) == 1 and text.isalnum()) or text == r"\top" else "{" + text + "}"


def _below(node: Node) -> str:
    """An index without blanks: ``a_{1,k}``, ``q_{k-1}``, ``x_{ij}``, ``\\sum_{l=1}``."""
    if isinstance(node, Product) and not any(node.signs) and all(map(_is_one_letter, node.items)):
        return "".join(map(_text, node.items))
    text = _text(node)
    for kind, sign in _CLOSE:
        text = text.replace(sign, sign.strip()) if isinstance(node, kind) else text
    return text


def _is_one_letter(node: Node) -> bool:
    return isinstance(node, Letter) and len(node.text) == 1


def _scripted(node: Scripted) -> str:
    text = _text(node.base) + "'" * node.primes
    text += "" if node.sub is None else "_" + _braced(_below(node.sub))
    return text + ("" if node.sup is None else "^" + _braced(_text(node.sup)))


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
    return f"{_text(node.head)} {_text(node.body)} " + _joined([r"\,", _text(node.differential)])


def _differential(node: Differential) -> str:
    return _joined([_text(node.sign), _text(node.variable)])


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
    Product: _product,
    Sum: _sum,
    Sequence: lambda node: _alternating(node.items, node.signs),
    Relation: lambda node: _alternating(node.sides, node.signs),
    Logic: lambda node: _alternating(node.sides, node.signs),
}
