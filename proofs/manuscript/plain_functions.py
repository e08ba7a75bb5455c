"""Functions that authors write in terms of those that the court knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.theory.claims import Claim
from sympy import (
    cos,
    cosh,
    cot,
    csc,
    csch,
    erf,
    erfc,
    factorial,
    gamma,
    sec,
    sech,
    sin,
    sinh,
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


def plainly(relation: Any, claim: Claim | None = None) -> Any:
    """The relation without functions that neither the court knows nor the claim writes."""
    told = [] if claim is None else [claim.statement, *(d.body for d in claim.where)]
    found = [f for f in _MEANT if relation.has(f) and not any(part.has(f) for part in told)]
    if not found:
        return relation
    return _without(relation, found)


def _without(relation: Any, functions: list[Any]) -> Any:
    if getattr(relation, "is_Boolean", False):
        args = (_without(part, functions) for part in relation.args)
        return relation.func(*args, evaluate=False)
    for function in functions:
        relation = relation.replace(function, _MEANT[function])
    return relation
