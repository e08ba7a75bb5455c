"""What is no claim over levels: refused at once, with the term and the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef, UndefinedFunction

if TYPE_CHECKING:
    from .claims import Claim
    from .levels import Levels

__all__ = ["refuse_over_levels"]


def refuse_over_levels(made: Claim) -> None:
    """Raise ``ValueError`` for what has no single meaning over sequences.

    A sequence, an index or the depth that is defined as well; a term with other than one
    whole-number argument; a sum over more than one index, over one with a declared sign, or over a
    symbol that means something outside the sum; a definition that would be caught by its own sums
    where it is used.
    """
    levels = made.levels
    assert levels is not None
    fixed = {levels.depth, *(index for index, _, _ in levels.indices)}
    fixed |= {recursion.index for recursion in levels.recursions}
    free = {s.symbol for s in levels.sequences} | {r.symbol for r in levels.recursions}
    for definition in made.where:
        if definition.symbol in free | fixed:
            raise ValueError(
                f"where: {definition.symbol} is free over levels in {made.id}, and defined: choose"
            )
    parts = list(_parts(made, levels))
    for expr in parts:
        _refuse_terms(made, expr, free)
        _refuse_sums(made, expr, fixed)
    _refuse_caught(made, parts)


def _parts(made: Claim, levels: Levels) -> Iterator[Any]:
    yield made.statement
    yield from made.given
    yield from (definition.body for definition in made.where)
    for recursion in levels.recursions:
        yield from (recursion.value, recursion.following)
    for step in made.derivation.steps if made.derivation is not None else ():
        yield step.relation
        factor = getattr(step.by, "factor", None)
        if hasattr(factor, "atoms"):
            yield factor


def _refuse_terms(made: Claim, expr: Any, free: set[Any]) -> None:
    for term in expr.atoms(AppliedUndef):
        if any(getattr(term, f"is_{what}") is not None for what in _DECLARED):
            raise ValueError(
                f"statement: {term.func} in {made.id} has declared assumptions: declare the "
                "function without, its kind or its definition says it"
            )
        if term.func in free and not (len(term.args) == 1 and term.args[0].is_integer):
            raise ValueError(
                f"statement: {term} in {made.id}: a sequence takes one whole number"
            )


_DECLARED = ("positive", "negative", "nonnegative", "nonpositive", "zero", "integer")


def _refuse_sums(made: Claim, expr: Any, fixed: set[Any]) -> None:
    for node in expr.atoms(ExprWithLimits):
        if len(node.limits) != 1 or len(node.limits[0]) != 3:
            raise ValueError(
                f"statement: {node} in {made.id} runs over other than one range: write sums inside "
                "sums, each from one end to the other"
            )
        (index,) = node.bound_symbols
        if not index.is_integer or index.is_nonnegative is not None or index.is_zero is not None:
            raise ValueError(
                f"statement: the index {index} of {node} in {made.id}: declare it with "
                "integer=True alone, its range says the rest"
            )
        if index in fixed:
            raise ValueError(
                f"statement: {index} is an index of {made.id} and bound in {node}: rename it there"
            )


def _refuse_caught(made: Claim, parts: list[Any]) -> None:
    functions = {d.symbol: d for d in made.where if isinstance(d.symbol, UndefinedFunction)}
    bound = {symbol: _bound(made.expand(d.expression.expr)) for symbol, d in functions.items()}
    for expr in parts:
        for term in expr.atoms(AppliedUndef):
            caught = bound.get(term.func, set()) & set().union(*(a.free_symbols for a in term.args))
            if caught:
                symbol = min(caught, key=str)
                raise ValueError(
                    f"where: {symbol} in {term} of {made.id} would be caught by a sum in the "
                    f"definition of {term.func}: rename the bound symbol"
                )


def _bound(expr: Any) -> set[Any]:
    return set().union(*(node.bound_symbols for node in expr.atoms(ExprWithLimits)))
