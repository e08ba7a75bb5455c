"""What an equation between matrices may be a multiple of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from lemmata.theory.matrix_calculus import check_shapes
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Inverse, MatMul, MatrixSymbol, Mul, S, Transpose

from ..words.engine import Engine
from ..words.errors import OutOfReachError
from .time_limit import check_time

__all__ = ["equal", "is_matrix", "multiples", "scales", "stronger"]

MOST_RATIOS = 12
NUMBERS = (S.One, S.NegativeOne, S(2), S(-2), S.Half, -S.Half)


def multiples(facts: MatrixFacts, mine: Any, theirs: Any, scales: list[Any]) -> bool:
    """Whether ``mine`` is a scalar that cannot vanish times ``theirs``.

    Or times its transpose, or ``theirs`` multiplied by a matrix of which it has the inverse.
    """
    if is_matrix(mine) is not is_matrix(theirs):
        return False
    for other in _forms(theirs):
        if is_matrix(mine) and mine.shape != other.shape:
            continue
        for scale in chain(scales, _ratios(mine, other)):
            check_time()
            if equal(facts, mine, scale * other):
                return True
    return False


def stronger(facts: MatrixFacts, mine: Any, theirs: Any) -> bool:
    """Whether ``theirs`` is ``mine`` times a scalar or a letter that stands in it."""
    if is_matrix(mine) is not is_matrix(theirs):
        return False
    if is_matrix(mine) and mine.shape != theirs.shape:
        return any(equal(facts, made, theirs) for made in _lengthened(mine, theirs))
    return any(equal(facts, scale * mine, theirs) for scale in _coefficients(theirs))


def _lengthened(mine: Any, theirs: Any) -> Iterator[Any]:
    """``mine`` times a letter of ``theirs`` or its transpose, on one side."""
    for letter in sorted(theirs.atoms(MatrixSymbol), key=str):
        for factor in (letter, Transpose(letter)):
            if mine.cols == factor.rows:
                yield MatMul(mine, factor)
            if factor.cols == mine.rows:
                yield MatMul(factor, mine)


def scales(claim: Any, symbols: Iterator[Any]) -> list[Any]:
    """Numbers, and symbols that do not vanish."""
    found: list[Any] = [*NUMBERS]
    for symbol in symbols:
        if not getattr(symbol, "is_Symbol", False) or not symbol.is_nonzero:
            continue
        if symbol.is_integer and not claim.statement.has(symbol):
            continue
        for number in NUMBERS:
            found += [number * symbol, number / symbol]
    return found


def _ratios(mine: Any, theirs: Any) -> list[Any]:
    """Quotients of the numbers before the terms of both, but for those that are always tried."""
    above, below = (_numbers(expr) for expr in (mine, theirs))
    found = {sign * one / other for one in above for other in below for sign in (1, -1)}
    return sorted(found - set(NUMBERS), key=str)[:MOST_RATIOS]


def _numbers(expr: Any) -> set[Any]:
    told = {S.One}
    for part in expr.atoms(MatMul, Mul) | {expr}:
        scale = part.as_coeff_matrices()[0] if isinstance(part, MatMul) else part
        if isinstance(part, MatMul | Mul):
            told.add(abs(scale.as_coeff_Mul()[0]))
    return {number for number in told if number.is_Rational and number != 0}


def _forms(theirs: Any) -> Iterator[Any]:
    yield theirs
    if not is_matrix(theirs):
        return
    yield Transpose(theirs).doit()
    for inverse in sorted(theirs.atoms(Inverse), key=str):
        for made in ((theirs, inverse.arg), (inverse.arg, theirs)):
            if made[0].cols == made[1].rows:
                yield MatMul(*made)


def _coefficients(expr: Any) -> list[Any]:
    """Powers of symbols before the matrices and traces, which have a value wherever they do."""
    found = set()
    for part in (expr, *expr.atoms(MatMul)):
        scale = part.as_coeff_matrices()[0] if isinstance(part, MatMul) else S.One
        found |= {scale, *scale.as_ordered_factors()}
    if not is_matrix(expr):
        found |= {f for term in expr.as_ordered_terms() for f in term.as_ordered_factors()}
        found = {f for f in found if not f.has(MatrixSymbol)}
    told = [f for f in found if f.free_symbols and f.is_polynomial(*f.free_symbols)]
    return sorted(told, key=str)


def equal(facts: MatrixFacts, left: Any, right: Any) -> bool:
    """Whether two expressions have one normal form under the facts."""
    try:
        if check_shapes(left) != check_shapes(right):
            return False
        return Engine(facts, (left, right)).equal(left, right)
    except (OutOfReachError, ValueError, TypeError, NotImplementedError):
        return False


def is_matrix(expr: Any) -> bool:
    """Whether it is a matrix, of one row and one column as well."""
    return bool(getattr(expr, "is_Matrix", False))
