r"""``\underbrace{a + b}_{\text{words}}``: a part of a formula with words below or above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .nodes import Accent, Letter, Node, Product, Scripted, Sum, Text
from .words import is_remark
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["BRACES", "is_labelled", "labelled"]

BRACES = (r"\underbrace", r"\overbrace")


def is_labelled(node: Node) -> bool:
    """Whether a node is a part with a brace below or above it."""
    base = node.base if isinstance(node, Scripted) else node
    if not isinstance(base, Accent):
        return False
    name = isinstance(base.content, Letter | Scripted | Accent)
    return base.command in BRACES or (base.command == r"\underline" and not name)


def labelled(reader: Reader, node: Node, *, alone: bool = False) -> Node:
    """What stands at the brace.

    ``alone``: nothing stands beside it that would bind closer than a sum.  Words at the brace must
    be a mere name of the part; formulas there would say more than the equation.
    """
    base = node.base if isinstance(node, Scripted) else node
    assert isinstance(base, Accent)
    if isinstance(node, Scripted):
        if node.primes:
            raise reader.error("a prime behind a brace is not understood", node)
        for label in (node.sub, node.sup):
            if label is not None and not (isinstance(label, Text) and is_remark(label.text)):
                raise reader.error(
                    f"{written(label)} at the brace says more than the formula: write it on its "
                    "own, and at the brace only words",
                    label,
                )
    content = base.content
    slash = isinstance(content, Product) and any(s in ("/", r"\div") for s in content.signs)
    if not alone and (isinstance(content, Sum) or slash):
        raise reader.error(f"{base.command} is no bracket: write brackets inside of it", node)
    return content
