"""Matrix equations that hold for all matrices, told apart by how they are written.

Where a claim is an identity, every true equation is a multiple of it.  So its differentials,
averages, time derivatives, traces, inverses and exponentials are taken as letters of their own,
equal where their arguments are; and where it is an identity even then, its terms as they stand.
Numbers stand before the letters of linear operators, the trace of a sum is a sum of traces, and
that of a product is the same for any factor in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from sympy import (
    Add,
    BlockMatrix,
    Inverse,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    S,
    Symbol,
    Trace,
    Transpose,
)

from .time_limit import check_time

__all__ = ["Opaque", "as_number", "term_by_term"]

_LINEAR = (
    Average,
    MatrixDifferential,
    ScalarAverage,
    ScalarDifferential,
    ScalarTimeDerivative,
    TimeDerivative,
    Trace,
)
_OPERATORS = (*_LINEAR, IntegratedExponential, Inverse, MatrixExponential)
_SCALAR_OF = {
    Average: ScalarAverage,
    MatrixDifferential: ScalarDifferential,
    TimeDerivative: ScalarTimeDerivative,
}


class Opaque:
    """``replaced``: an expression with a letter for each operator; ``equal`` compares arguments."""

    def __init__(self, equal: Callable[[Any, Any], bool]) -> None:
        self.equal = equal
        self.known: list[tuple[Any, Any]] = []

    def replaced(self, expr: Any) -> Any:
        """The operators inside first: their arguments are compared without looking into them."""
        check_time()
        if not expr.args or isinstance(expr, MatrixSymbol | Symbol):
            return expr
        args = [self.replaced(arg) for arg in expr.args]
        made = expr if list(expr.args) == args else expr.func(*args)
        if not isinstance(made, _OPERATORS):
            return made
        if isinstance(made, Trace) and isinstance(made.arg, MatAdd):
            return Add(*(self._scaled(Trace(term)) for term in made.arg.args))
        return self._scaled(made) if isinstance(made, _LINEAR) else self._letter(made)

    def _scaled(self, node: Any) -> Any:
        """The letter of a linear operator, with the numbers of its argument before it."""
        argument = node.args[0]
        if not isinstance(argument, MatMul | Mul):
            return self._letter(node)
        if isinstance(argument, MatMul):
            scale, rest = argument.as_coeff_matrices()
            inside = rest[0] if len(rest) == 1 else MatMul(*rest)
        else:
            scale, inside = argument.as_coeff_Mul()
        # What a symbol may be worth can change with time or with the example; traces know none.
        number, symbol = (scale, S.One) if isinstance(node, Trace) else scale.as_coeff_Mul()
        if symbol != 1:
            inside = symbol * inside
        letter = self._letter(node.func(inside, *node.args[1:]))
        return letter if number == 1 else number * letter

    def _letter(self, node: Any) -> Any:
        for other, letter in self.known:
            if type(other) is type(node) and self._alike(other, node):
                return letter
        name = f"opaque{len(self.known)}"
        letter = Symbol(name, real=True)
        if getattr(node, "is_Matrix", False):
            letter = MatrixSymbol(name, *check_shapes(node))
        self.known.append((node, letter))
        return letter

    def _alike(self, one: Any, other: Any) -> bool:
        if self._each(one.args, other.args):
            return True
        if not isinstance(one, Trace):
            return False
        mine, theirs = _factors(one.arg), _factors(other.arg)
        turned = [_transposed(part) for part in reversed(theirs)]
        return any(
            self._each(mine, factors)
            for order in (theirs, turned)
            for factors in _cycles(order)
            if len(mine) == len(theirs)
        )

    def _each(self, one: Sequence[Any], other: Sequence[Any]) -> bool:
        if len(one) != len(other):
            return False
        return all(
            a == b or (_compared(a) and _compared(b) and self.equal(a, b))
            for a, b in zip(one, other, strict=True)
        )


def as_number(expr: Any) -> Any:
    """A matrix of one row and one column as a scalar: its trace, taken inside of operators."""
    if not getattr(expr, "is_Matrix", False):
        return expr
    if isinstance(expr, MatAdd):
        return Add(*(as_number(term) for term in expr.args))
    if type(expr) in _SCALAR_OF:
        return _SCALAR_OF[type(expr)](as_number(expr.args[0]), *expr.args[1:])
    if isinstance(expr, MatMul):
        scale, factors = expr.as_coeff_matrices()
        if scale != 1 or len(factors) == 1:
            inside = factors[0] if len(factors) == 1 else MatMul(*factors)
            return scale * as_number(inside)
        moving = [f for f in factors if type(f) in _SCALAR_OF and f.shape == (1, 1)]
        if moving and all(f.shape == (1, 1) for f in factors):
            return Mul(*(as_number(f) for f in factors))
    return S.Zero if _is_zero(expr) else Trace(expr)


def _factors(expr: Any) -> list[Any]:
    return list(expr.args) if isinstance(expr, MatMul) else [expr]


def _transposed(part: Any) -> Any:
    return part.arg if isinstance(part, Transpose) else Transpose(part)


def _cycles(factors: Sequence[Any]) -> Iterator[list[Any]]:
    """The factors of a trace with each of them in front."""
    for start in range(len(factors)):
        yield [*factors[start:], *factors[:start]]


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
