"""Sums and products between numbers, written out."""

from __future__ import annotations

from typing import Any

from sympy import Add, Integer, Mul, Product, Sum

__all__ = ["written_out"]

MOST = 64
"""Terms of one sum or factors of one product."""


def written_out(relation: Any, known: Any = None) -> Any:
    """The relation with its sums and products between numbers term by term.

    Those that ``known`` has stay.  What has more terms stays as well: SymPy's closed forms would
    be taken on trust.
    """
    kept = set() if known is None else known.atoms(Sum, Product)
    outermost = [
        node
        for node in relation.atoms(Sum, Product) - kept
        if not any(node in other.atoms(Sum, Product) - {other} for other in kept)
    ]
    made = {node: found for node in outermost if (found := _terms(node)) is not None}
    if not made:
        return relation
    if getattr(relation, "is_Boolean", False):
        sides = (side.xreplace(made) for side in relation.args)
        return relation.func(*sides, evaluate=False)
    return relation.xreplace(made)


def _terms(node: Any) -> Any:
    if any(len(limit) != 3 for limit in node.limits):
        return None
    *inner, (index, first, last) = node.limits
    if not (first.is_Integer and last.is_Integer) or last - first >= MOST:
        return None
    if any(limit[0] == index for limit in inner):
        return None
    body = node.func(node.function, *inner) if inner else node.function
    values = range(int(first), int(last) + 1)
    found = [written_out(body.subs(index, Integer(value))) for value in values]
    return (Add if isinstance(node, Sum) else Mul)(*found)
