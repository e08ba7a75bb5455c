"""Whether values of further symbols exist that satisfy linear inequalities (Fourier, Motzkin)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sympy import Ge, Gt, Le, Lt, S

from .domain import gap, strict
from .instances import certain, declared

__all__ = ["unsolved"]

_SIGNS = {"positive", "negative", "nonnegative", "nonpositive", "nonzero"}


def unsolved(relations: Iterable[Any], free: Iterable[Any], domain: Sequence[Any]) -> str:
    """Why no values of the free symbols are shown to satisfy all relations; empty where some do.

    One symbol after the other is eliminated: each lower bound must lie below each upper one.
    """
    left = list(relations)
    for symbol in sorted(free, key=str):
        bounds = [*left, *_declared_bounds(symbol)]
        lower: list[Any] = []
        upper: list[Any] = []
        rest: list[Any] = []
        for relation in bounds:
            if not isinstance(relation, Gt | Ge | Lt | Le):
                return f"{relation} is assumed, and not shown to hold for some {symbol}"
            slope = gap(relation).diff(symbol).expand()
            if not slope.is_Rational:
                return f"{relation} is assumed, and not shown to hold for some {symbol}"
            (lower if slope > 0 else upper if slope < 0 else rest).append((relation, slope))
        between = [_between(one, other) for one in lower for other in upper]
        if between and _may_jump(symbol):
            return f"no {symbol} is shown to lie between the bounds that are assumed of it"
        left = [r for r in (*(told for told, _ in rest), *between) if r is not S.true]
    for relation in left:
        if not certain(relation, domain):
            return f"{relation} is assumed, and not asked of the inputs"
    return ""


def _may_jump(symbol: Any) -> bool:
    """Whether the declared domain may lack a number between two of its numbers."""
    facts = {fact.removeprefix("extended_") for fact, so in declared(symbol).items() if so}
    return not facts <= _SIGNS or ("nonzero" in facts and not facts & {"positive", "negative"})


def _declared_bounds(symbol: Any) -> list[Any]:
    found = []
    if symbol.is_extended_nonnegative:
        bound = Gt if symbol.is_extended_positive else Ge
        found.append(bound(symbol, 0, evaluate=False))
    if symbol.is_extended_nonpositive:
        bound = Lt if symbol.is_extended_negative else Le
        found.append(bound(symbol, 0, evaluate=False))
    return found


def _between(lower: tuple[Any, Any], upper: tuple[Any, Any]) -> Any:
    """That the lower bound lies below the upper one."""
    (above, slope), (below, fall) = lower, upper
    room = (gap(above) / slope - gap(below) / fall).expand()
    return (Gt if strict(above) or strict(below) else Ge)(room, 0)
