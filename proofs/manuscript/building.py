"""Parts of formulas that edits write."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ..notation import nodes
from ..notation.nodes import Node

__all__ = [
    "bracketed",
    "fraction_node",
    "number_node",
    "raised",
    "rooted",
    "times",
    "without_exponent",
]


def number_node(value: int) -> Node:
    """A whole number, with its sign."""
    plain = nodes.Number(str(abs(value)))
    return plain if value >= 0 else nodes.Sum((plain,), ("-",))


def fraction_node(value: Fraction) -> Node:
    """A rational number."""
    if value.denominator == 1:
        return number_node(value.numerator)
    made = nodes.Fraction(
        r"\frac", nodes.Number(str(abs(value.numerator))), nodes.Number(str(value.denominator))
    )
    return made if value > 0 else nodes.Sum((made,), ("-",))


def times(factor: Node, node: Node) -> Node:
    """``factor`` before ``node``, in brackets where it is a sum of several terms."""
    number = isinstance(factor, nodes.Number | nodes.Fraction)
    if isinstance(node, nodes.Sum) and len(node.terms) == 1:
        return replace(node, terms=(times(factor, node.terms[0]),))
    if isinstance(node, nodes.Product):
        leading = not number and isinstance(node.items[0], nodes.Number)
        if leading and node.signs[1:2] in ((), ("",)):
            items = (node.items[0], factor, *node.items[1:])
            return nodes.Product(items, ("", "", *node.signs[1:]))
        items, signs = (factor, *node.items), ("", *node.signs)
    elif not number and isinstance(node, nodes.Number):
        return nodes.Product((node, factor), ("", ""))
    else:
        items, signs = (factor, bracketed(node)), ("", "")
    if isinstance(factor, nodes.Number) and isinstance(items[1], nodes.Number):
        signs = ("", r"\cdot", *signs[2:])
    return nodes.Product(items, signs)


def bracketed(node: Node) -> Node:
    """The node, in round brackets where it is a sum."""
    if isinstance(node, nodes.Sum):
        return nodes.Group("(", node, ")", sized=True)
    return node


def without_exponent(node: Node) -> Node:
    """The base of a power."""
    if not isinstance(node, nodes.Scripted):
        return node
    return replace(node, sup=None) if node.sub is not None or node.primes else node.base


def raised(node: Node, exponent: Node) -> Node:
    """``node`` to a power."""
    if isinstance(node, nodes.Scripted) and node.sup is None:
        return replace(node, sup=exponent)
    if isinstance(node, nodes.Letter | nodes.Accent | nodes.Number):
        return nodes.Scripted(node, None, exponent)
    if isinstance(node, nodes.Group) and node.left != "{":
        return nodes.Scripted(node, None, exponent)
    return nodes.Scripted(nodes.Group("(", node, ")", sized=True), None, exponent)


def rooted(node: Node) -> Node:
    """The square root of ``node``."""
    return nodes.Root(node.content if isinstance(node, nodes.Group) else node)
