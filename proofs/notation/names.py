r"""One spelling for each name: ``a_0``, ``a_{0}`` and ``{a}_{0}`` are the same letter."""

from __future__ import annotations

from .nodes import (
    Accent,
    Empty,
    Group,
    Letter,
    Named,
    Node,
    Number,
    Product,
    Scripted,
    Sequence,
    Sum,
    Text,
)
from .signs import FONTS
from .writing import written

__all__ = ["VARIANTS", "plain_spelling", "spelling", "symbol_name"]

_SHOWN_FONTS = {r"\mathbb", r"\mathcal", r"\mathscr", r"\mathfrak"}

VARIANTS = {
    r"\varepsilon": r"\epsilon",
    r"\vartheta": r"\theta",
    r"\varphi": r"\phi",
    r"\varrho": r"\rho",
    r"\varsigma": r"\sigma",
    r"\varkappa": r"\kappa",
    r"\varpi": r"\pi",
}
"""Other shapes of Greek letters."""


def spelling(node: Node, *, fonts: bool = True) -> str:
    r"""The name that a node spells, scripts and all.

    Without ``fonts`` an upright or bold letter is spelled as a plain one, and ``\varepsilon`` as
    ``\epsilon``; script, double and Gothic letters always differ.
    """
    if isinstance(node, Letter):
        return node.text if fonts else VARIANTS.get(node.text, node.text)
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Text | Named):
        return node.text.strip() if isinstance(node, Text) else node.name
    if isinstance(node, Empty):
        return ""
    if isinstance(node, Accent):
        inside = spelling(node.content, fonts=fonts)
        word = len(inside) > 1 and inside.isalnum()
        if node.command in FONTS - _SHOWN_FONTS and (word or not fonts):
            return inside
        return f"{node.command}{{{inside}}}"
    if isinstance(node, Group) and node.left == "{":
        return spelling(node.content, fonts=fonts)
    if isinstance(node, Product) and not any(node.signs):
        return "".join(spelling(item, fonts=fonts) for item in node.items)
    if isinstance(node, Sum):
        parts = zip(node.signs, node.terms, strict=True)
        return "".join(sign + spelling(term, fonts=fonts) for sign, term in parts)
    if isinstance(node, Sequence):
        return ",".join(spelling(item, fonts=fonts) for item in node.items)
    if isinstance(node, Scripted):
        text = spelling(node.base, fonts=fonts) + "'" * node.primes
        text += "" if node.sub is None else "_{" + spelling(node.sub, fonts=fonts) + "}"
        return text + ("" if node.sup is None else "^{" + spelling(node.sup, fonts=fonts) + "}")
    return written(node)


def plain_spelling(node: Node) -> str:
    """The name without fonts."""
    return spelling(node, fonts=False)


def symbol_name(name: str) -> str:
    """The name of a new symbol: a spelling without backslashes and braces."""
    return "".join(c for c in name if c not in "\\{}")
