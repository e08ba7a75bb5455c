"""What an equation is made of, whatever its names are: compared between manuscripts and claims."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.gaussian import GaussianAverage
from lemmata.theory.matrix_calculus import (
    Average,
    MatrixDifferential,
    MatrixExponential,
    ScalarAverage,
    ScalarDifferential,
    ScalarTimeDerivative,
    TimeDerivative,
)
from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Inverse,
    MatrixSymbol,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Trace,
    Transpose,
    preorder_traversal,
)
from sympy.core.function import AppliedUndef, Function

from ..court import collect
from ..notation import nodes
from ..notation.nodes import Node, walk

__all__ = ["features_of_claim", "features_of_formula", "likely", "telling"]

_KINDS: tuple[tuple[type, str], ...] = (
    (Derivative, "rate"),
    (TimeDerivative, "rate"),
    (ScalarTimeDerivative, "rate"),
    (Sum, "sum"),
    (Product, "product"),
    (Trace, "tr"),
    (Transpose, "transpose"),
    (Inverse, "inverse"),
    (Average, "average"),
    (ScalarAverage, "average"),
    (GaussianAverage, "average"),
    (MatrixDifferential, "differential"),
    (ScalarDifferential, "differential"),
    (MatrixExponential, "exp"),
)
_SAME = {"log": "ln", "atan": "arctan"}
_NAMED = {"log": "ln", "Tr": "tr", "trace": "tr", "Trace": "tr", "E": "average"}
MOST = 16
LEAST = 0.45
"""Share of what an equation is made of that a claim must have as well."""


def features_of_claim(claim: Claim) -> Counter[str]:
    """What the statement is made of."""
    found: Counter[str] = Counter()
    statement = claim.statement
    equation, logic = isinstance(statement, Eq), isinstance(statement, Equivalent)
    found["=" if equation else "iff" if logic else "<"] = 1
    for part in preorder_traversal(statement):
        found.update(_part(part))
    names = statement.free_symbols | {f.func for f in statement.atoms(AppliedUndef)}
    sizes = {s for m in statement.atoms(MatrixSymbol) for s in m.shape}
    found["names"] = len(names - sizes)
    return found


def _part(part: Any) -> Iterator[str]:
    for kind, name in _KINDS:
        if isinstance(part, kind):
            yield name
    if isinstance(part, Rational):
        yield from (str(n) for n in (abs(part.p), part.q) if n > 1)
    if isinstance(part, Pow) and part.exp in (S.Half, -S.Half):
        yield "sqrt"
    if isinstance(part, Function) and not isinstance(part, AppliedUndef | GaussianAverage):
        name = type(part).__name__
        yield _SAME.get(name, name)


def features_of_formula(formula: Node) -> Counter[str]:
    """What a formula is made of."""
    found: Counter[str] = Counter()
    names = set()
    if isinstance(formula, nodes.Logic):
        found["iff"] = 1
    elif isinstance(formula, nodes.Relation):
        found["=" if "=" in formula.signs else "<"] = 1
    for _, node in walk(formula):
        found.update(_node(node))
        if isinstance(node, nodes.Letter) and node.text not in ("e", "d", r"\top", r"\pi"):
            names.add(node.text)
    found["names"] = len(names)
    return found


def _node(node: Node) -> Iterator[str]:
    if isinstance(node, nodes.Number):
        if node.text.isdigit() and int(node.text) > 1:
            yield node.text
    elif isinstance(node, nodes.Named):
        yield _NAMED.get(node.name, node.name)
    elif isinstance(node, nodes.Operator):
        yield {r"\sum": "sum", r"\prod": "product", r"\int": "integral"}.get(node.text, node.text)
    elif isinstance(node, nodes.Root):
        yield "sqrt"
    elif isinstance(node, nodes.Accent):
        if node.command in (r"\dot", r"\ddot"):
            yield "rate"
        if isinstance(node.content, nodes.Letter):
            if node.command == r"\mathbb" and node.content.text == "E":
                yield "average"
            if node.command == r"\mathrm" and node.content.text == "e":
                yield "exp"
    elif isinstance(node, nodes.Scripted):
        if isinstance(node.base, nodes.Letter) and node.base.text == "e" and node.sup is not None:
            yield "exp"
        if _is_transpose(node.sup):
            yield "transpose"
    elif isinstance(node, nodes.Fraction) and _starts_with_d(node.denominator):
        yield "rate"


def _is_transpose(node: Node | None) -> bool:
    while isinstance(node, nodes.Group | nodes.Accent):
        node = node.content
    return isinstance(node, nodes.Letter) and node.text in (r"\top", "T")


def _starts_with_d(node: Node) -> bool:
    while isinstance(node, nodes.Group):
        node = node.content
    first = node.items[0] if isinstance(node, nodes.Product) else node
    while isinstance(first, nodes.Accent | nodes.Scripted):
        first = first.content if isinstance(first, nodes.Accent) else first.base
    return isinstance(first, nodes.Letter) and first.text in ("d", r"\partial")


@cache
def _table() -> tuple[tuple[tuple[Claim, Counter[str]], ...], Mapping[str, float]]:
    """The features of all claims, and how much each feature tells."""
    told = tuple((claim, features_of_claim(claim)) for claim in collect())
    count: Counter[str] = Counter()
    for _, features in told:
        count.update(set(features))
    weights = {name: math.log(1 + len(told) / n) for name, n in count.items()}
    return told, weights


def likely(formula: Node) -> list[tuple[float, Claim]]:
    """Claims that are made of much the same, the most alike first, and how alike they are."""
    mine = features_of_formula(formula)
    told, weights = _table()
    scored = [(_alike(mine, theirs, weights), claim) for claim, theirs in told]
    good = [(score, claim) for score, claim in scored if score >= LEAST]
    good.sort(key=lambda item: (-item[0], len(item[1].id)))
    return good[:MOST]


def telling(formula: Node) -> float:
    """How much the parts of a formula tell of where it may come from."""
    weights = _table()[1]
    found = features_of_formula(formula)
    return sum(_weight(n, weights) * count for n, count in found.items() if n != "names")


def _alike(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    names = set(one) | set(other)
    shared = sum(_weight(n, weights) * min(one[n], other[n]) for n in names if n != "names")
    total = sum(_weight(n, weights) * max(one[n], other[n]) for n in names if n != "names")
    close = 1 / (1 + abs(one["names"] - other["names"]))
    return (shared + close) / (total + 1) if total else 0.0


def _weight(name: str, weights: Mapping[str, float]) -> float:
    return weights.get(name, 3.0)
