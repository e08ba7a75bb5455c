"""How long an expression gets when it is multiplied out: what is too long is not compared."""

from __future__ import annotations

from typing import Any

from sympy import BlockMatrix, Equivalent, MatAdd, MatPow, MatrixSymbol, Symbol

__all__ = ["too_long"]

HIGHEST = 12
"""Power of a matrix that is multiplied out."""
MOST_TERMS = 3000
"""Products into which a side may be multiplied out."""
MANY = MOST_TERMS + 1


def too_long(relation: Any) -> str:
    """Why a relation is not multiplied out; empty where it is."""
    if isinstance(relation, Equivalent):
        return next(filter(None, map(too_long, relation.args)), "")
    if any(p.exp.is_Integer and abs(p.exp) > HIGHEST for p in relation.atoms(MatPow)):
        return f"a power of a matrix is higher than {HIGHEST}"
    if any(_terms(side) > MOST_TERMS for side in (relation.lhs, relation.rhs)):
        return f"multiplied out, a side has more than {MOST_TERMS} terms"
    return ""


def _terms(expr: Any) -> int:
    """At most so many products are left when it is multiplied out; ``MANY`` for many."""
    if not expr.args or isinstance(expr, MatrixSymbol | Symbol):
        return 1
    if isinstance(expr, BlockMatrix):
        most = max(_terms(block) for block in expr.blocks)
        return min(most * int(max(expr.blocks.shape)), MANY)
    parts = [_terms(arg) for arg in expr.args]
    if isinstance(expr, MatAdd) or expr.is_Add:
        return min(sum(parts), MANY)
    if isinstance(expr, MatPow) or expr.is_Pow:
        power = int(abs(expr.exp)) if expr.exp.is_Integer else 1
        return MANY if parts[0] > 1 and power > HIGHEST else min(parts[0] ** power, MANY)
    product = 1
    for count in parts:
        product = min(product * count, MANY)
    return product
