"""Matrix equations that hold for all matrices, told apart by how they are written.

Where a claim is an identity, every true equation is a multiple of it.  So its differentials,
averages, time derivatives, traces, inverses and exponentials are taken as letters of their own,
equal where their arguments are; and where it is an identity even then, its terms as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lemmata.theory.matrix_calculus import (
    Average,
    IntegratedExponential,
    MatrixDifferential,
    MatrixExponential,
    ScalarAverage,
    ScalarDifferential,
    ScalarTimeDerivative,
    TimeDerivative,
    check_shapes,
)
from sympy import Add, BlockMatrix, Inverse, MatAdd, MatMul, MatrixSymbol, Mul, S, Symbol, Trace

__all__ = ["Opaque", "term_by_term"]

_OPERATORS = (
    Average,
    IntegratedExponential,
    Inverse,
    MatrixDifferential,
    MatrixExponential,
    ScalarAverage,
    ScalarDifferential,
    ScalarTimeDerivative,
    TimeDerivative,
    Trace,
)


class Opaque:
    """``replaced``: an expression with a letter for each operator; ``equal`` compares arguments."""

    def __init__(self, equal: Callable[[Any, Any], bool]) -> None:
        self.equal = equal
        self.known: list[tuple[Any, Any]] = []

    def replaced(self, expr: Any) -> Any:
        """The operators inside first: their arguments are compared without looking into them."""
        if not expr.args or isinstance(expr, MatrixSymbol | Symbol):
            return expr
        args = [self.replaced(arg) for arg in expr.args]
        made = expr if list(expr.args) == args else expr.func(*args)
        return self._letter(made) if isinstance(made, _OPERATORS) else made

    def _letter(self, node: Any) -> Any:
        for other, letter in self.known:
            if type(other) is type(node) and self._alike(other.args, node.args):
                return letter
        name = f"opaque{len(self.known)}"
        letter = Symbol(name, real=True)
        if getattr(node, "is_Matrix", False):
            letter = MatrixSymbol(name, *check_shapes(node))
        self.known.append((node, letter))
        return letter

    def _alike(self, one: Sequence[Any], other: Sequence[Any]) -> bool:
        if len(one) != len(other):
            return False
        return all(
            a == b or (_compared(a) and _compared(b) and self.equal(a, b))
            for a, b in zip(one, other, strict=True)
        )


def _compared(part: Any) -> bool:
    return bool(getattr(part, "is_Matrix", False) or getattr(part, "is_commutative", False))


def term_by_term(relation: Any, statement: Any) -> bool:
    """Whether the terms are those of the claim times one number, on whatever side they stand."""
    mine, theirs = _terms(relation), _terms(statement)
    if len(mine) != len(theirs) or not mine:
        return False
    first, scale = theirs[0]
    for other, number in mine:
        if other == first:
            ratio = number / scale
            wanted = sorted(((t, ratio * n) for t, n in theirs), key=str)
            if wanted == sorted(mine, key=str):
                return True
    return False


def _terms(relation: Any) -> list[tuple[Any, Any]]:
    """All terms, and the numbers before them on the left side."""
    found = []
    for side, sign in ((relation.lhs, S.One), (relation.rhs, S.NegativeOne)):
        parts = (
            [side]
            if isinstance(side, BlockMatrix)
            else (MatAdd if side.is_Matrix else Add).make_args(side)
        )
        for part in parts:
            plain = part.doit(deep=False)
            number, rest = _split(plain)
            if not _is_zero(rest) and number != 0:
                found.append((rest, sign * number))
    return found


def _split(term: Any) -> tuple[Any, Any]:
    if not isinstance(term, MatMul | Mul):
        return S.One, term
    number, rest = term.as_coeff_mul() if isinstance(term, Mul) else term.as_coeff_matrices()
    if isinstance(term, Mul):
        return number, Mul(*rest)
    known, scalar = number.as_coeff_Mul()
    return known, MatMul(scalar, rest).doit(deep=False) if scalar != 1 else rest


def _is_zero(part: Any) -> bool:
    return bool(part == 0 or getattr(part, "is_ZeroMatrix", False))
