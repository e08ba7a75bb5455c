"""Single changes of a scalar expression: an integer, a sign, an exponent, a symbol, a factor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Derivative, Eq, Equivalent, Ge, Gt, Integer, Le, Lt, Mul, Pow, Rational
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .changes import Change

__all__ = ["mutants"]

_FLIPPED = {Gt: Lt, Lt: Gt, Ge: Le, Le: Ge}


def mutants(statement: Any) -> Iterator[tuple[Change, Any]]:
    """All statements that differ from ``statement`` by one change, with the change in words."""
    seen = {statement}
    for change, mutant in _relations(statement):
        if mutant not in seen and isinstance(mutant, Relational | Equivalent):
            seen.add(mutant)
            yield change, mutant


def _relations(statement: Any) -> Iterator[tuple[Change, Any]]:
    if isinstance(statement, Equivalent):
        parts = sorted(statement.args, key=str)
        for i, part in enumerate(parts):
            for change, other in _relations(part):
                yield change, Equivalent(other, *parts[:i], *parts[i + 1 :], evaluate=False)
        return
    left, right = statement.lhs, statement.rhs
    make = statement.func
    symbols = sorted((left - right).free_symbols, key=str)
    for change, other in _changes(right, symbols):
        yield change, make(left, other, evaluate=False)
    if isinstance(statement, Eq) and not _plain_head(left):
        for change, other in _changes(left, symbols):
            yield change, make(other, right, evaluate=False)
    if not isinstance(statement, Eq):
        for change, other in _changes(left, symbols):
            yield change, make(other, right, evaluate=False)
        yield Change("relation reversed"), _FLIPPED[make](left, right, evaluate=False)


def _plain_head(expr: Any) -> bool:
    return isinstance(expr, AppliedUndef)


def _changes(expr: Any, symbols: list[Any]) -> Iterator[tuple[Change, Any]]:
    yield Change("factor 2 at ", expr), 2 * expr
    yield Change("sign of ", expr), -expr
    if expr == 0:
        yield Change("0 becomes 1"), Integer(1)
    yield from _inner(expr, symbols)


def _inner(expr: Any, symbols: list[Any]) -> Iterator[tuple[Change, Any]]:
    if isinstance(expr, Derivative) and not isinstance(expr.expr, AppliedUndef):
        for change, other in _inner(expr.expr, symbols):
            yield change, Derivative(other, *expr.variable_count, evaluate=False)
        return
    if isinstance(expr, AppliedUndef | Derivative):
        return
    if expr.is_Rational and expr != 0:
        yield Change(expr, " becomes ", expr + 1), expr + 1
        yield Change(expr, " becomes ", -expr), -expr
        if expr not in (1, -1):
            yield Change(expr, " becomes ", expr - 1), expr - 1
        return
    if expr.is_Symbol:
        for other in symbols:
            if other != expr and other.assumptions0 == expr.assumptions0:
                yield Change(expr, " becomes ", other), other
        return
    if isinstance(expr, Add):
        yield from _terms(expr)
    if isinstance(expr, Mul):
        yield from _factors(expr)
    if isinstance(expr, Pow):
        yield Change("exponent of ", expr), Pow(expr.base, expr.exp + 1)
        if expr.exp == Rational(1, 2):
            yield Change("root of ", expr, " lost"), expr.base
    for i, arg in enumerate(expr.args):
        for change, other in _inner(arg, symbols):
            yield change, expr.func(*expr.args[:i], other, *expr.args[i + 1 :])


def _terms(expr: Any) -> Iterator[tuple[Change, Any]]:
    for term in expr.args:
        yield Change("sign of ", term), expr - 2 * term
        yield Change(term, " dropped"), expr - term
        yield Change(term, " doubled"), expr + term


def _factors(expr: Any) -> Iterator[tuple[Change, Any]]:
    for i, factor in enumerate(expr.args):
        yield Change("factor ", factor, " dropped"), Mul(*expr.args[:i], *expr.args[i + 1 :])
        yield Change(factor, " squared"), expr * factor
