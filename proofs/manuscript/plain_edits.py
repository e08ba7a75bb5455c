"""What else may stand for one part of a formula, of whatever names it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..notation import nodes
from ..notation.nodes import Node
from .building import without_exponent
from .roles import INDEX, LIMIT, NAME, VALUE

__all__ = ["plain_changes"]

_OPPOSITE = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", r"\leq": r"\geq", r"\geq": r"\leq"}
_WEAKER = {"<": r"\leq", ">": r"\geq", r"\le": "<", r"\ge": ">", r"\leq": "<", r"\geq": ">"}
_FUNCTIONS = (
    {"sin": r"\sin", "cos": r"\cos", "tan": r"\tan"},
    {"sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "coth": r"\coth"},
    {"arcsin": r"\arcsin", "arccos": r"\arccos", "arctan": r"\arctan"},
)
_LOGARITHMS = ("ln", "log")
_TO_BASE_2 = nodes.Scripted(nodes.Named("log", r"\log"), nodes.Number("2"))

Change = tuple[Node, str]
"""What is written for a part, and what was wrong with it in a word."""


def plain_changes(node: Node, role: str) -> Iterator[Change]:
    """Changes that need no number: signs, terms, factors, fractions, functions, relations."""
    if isinstance(node, nodes.Relation) and role not in (INDEX, LIMIT):
        yield from _relations(node)
    if isinstance(node, nodes.Sum):
        yield from _terms(node)
    elif isinstance(node, nodes.Product) and role == VALUE:
        yield from _factors(node)
    elif isinstance(node, nodes.Fraction) and role == VALUE and node.command != r"\binom":
        turned = replace(node, numerator=node.denominator, denominator=node.numerator)
        yield turned, "fraction"
    elif isinstance(node, nodes.Named) and role == NAME:
        yield from _functions(node)
    elif isinstance(node, nodes.Scripted) and _is_logarithm(node.base) and node.sup is None:
        yield nodes.Named("ln", r"\ln"), "function"
    elif isinstance(node, nodes.Scripted) and node.sup is not None and role == VALUE:
        yield without_exponent(node), "exponent"
    elif isinstance(node, nodes.Root) and node.index is None and role == VALUE:
        yield nodes.Group("(", node.radicand, ")", sized=True), "root"


def _relations(node: nodes.Relation) -> Iterator[Change]:
    for number, sign in enumerate(node.signs):
        for table, kind in ((_OPPOSITE, "direction"), (_WEAKER, "strictness")):
            if sign in table:
                signs = (*node.signs[:number], table[sign], *node.signs[number + 1 :])
                yield replace(node, signs=signs), kind


def _terms(node: nodes.Sum) -> Iterator[Change]:
    for number, sign in enumerate(node.signs):
        other = "-" if sign in ("", "+") else "+" if number else ""
        signs = (*node.signs[:number], other, *node.signs[number + 1 :])
        plain = len(signs) == 1 and not other
        kind = "sign" if number or sign == "-" else "leading sign"
        yield node.terms[0] if plain else replace(node, signs=signs), kind
        if len(node.terms) > 1:
            yield _without_term(node, number), "extra term"


def _without_term(node: nodes.Sum, number: int) -> Node:
    terms = (*node.terms[:number], *node.terms[number + 1 :])
    signs = [*node.signs[:number], *node.signs[number + 1 :]]
    signs[0] = "" if signs[0] == "+" else signs[0]
    if len(terms) == 1 and signs[0] == "":
        return terms[0]
    return nodes.Sum(terms, tuple(signs))


def _factors(node: nodes.Product) -> Iterator[Change]:
    if len(node.items) < 2:
        return
    for number, item in enumerate(node.items):
        items = (*node.items[:number], *node.items[number + 1 :])
        signs = [*node.signs[:number], *node.signs[number + 1 :]]
        if isinstance(item, nodes.Named | nodes.Operator) or (number == 0 and signs[0] == "/"):
            continue
        signs[0] = ""
        kept: Node = nodes.Product(items, tuple(signs)) if len(items) > 1 else items[0]
        yield kept, "extra factor"
    for number in range(len(node.items) - 1):
        one, other = node.items[number], node.items[number + 1]
        if one != other and not isinstance(one, nodes.Named | nodes.Number):
            items = (*node.items[:number], other, one, *node.items[number + 2 :])
            yield replace(node, items=items), "order"


def _functions(node: nodes.Named) -> Iterator[Change]:
    for family in _FUNCTIONS:
        for name, text in family.items():
            if node.name in family and name != node.name:
                yield nodes.Named(name, text), "function"
    if _is_logarithm(node):
        yield _TO_BASE_2, "function"


def _is_logarithm(node: Node) -> bool:
    return isinstance(node, nodes.Named) and node.name in _LOGARITHMS
