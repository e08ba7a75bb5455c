"""Functions that authors write in terms of those that the court knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.theory.claims import Claim
from sympy import (
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    sec,
    sech,
    sin,
    sinh,
    tanh,
)

__all__ = ["plainly"]

_MEANT: dict[Any, Callable[[Any], Any]] = {
    sech: lambda x: 1 / cosh(x),
    csch: lambda x: 1 / sinh(x),
    sec: lambda x: 1 / cos(x),
    csc: lambda x: 1 / sin(x),
    cot: lambda x: cos(x) / sin(x),
    erfc: lambda x: 1 - erf(x),
    factorial: lambda x: gamma(x + 1),
}
_HYPERBOLIC = (sinh, cosh, tanh, coth)
_BY_EXPONENTIALS: dict[Any, Callable[[Any], Any]] = {
    sinh: lambda x: (exp(x) - exp(-x)) / 2,
    cosh: lambda x: (exp(x) + exp(-x)) / 2,
}


def plainly(relation: Any, claim: Claim | None = None) -> Any:
    """The relation without functions that neither the court knows nor the claim writes.

    Hyperbolic sines are exponentials where the claim has no hyperbolic functions.
    """
    told = [] if claim is None else [claim.statement, *(d.body for d in claim.where)]
    found = [f for f in _MEANT if relation.has(f) and not any(part.has(f) for part in told)]
    if found:
        relation = _without(relation, found)
    if claim is not None and not any(part.has(*_HYPERBOLIC) for part in told):
        return _without(relation, [f for f in _BY_EXPONENTIALS if relation.has(f)])
    return relation


def _without(relation: Any, functions: list[Any]) -> Any:
    if getattr(relation, "is_Boolean", False):
        args = (_without(part, functions) for part in relation.args)
        return relation.func(*args, evaluate=False)
    for function in functions:
        meant = _MEANT.get(function) or _BY_EXPONENTIALS[function]
        relation = relation.replace(function, meant)
    return relation
