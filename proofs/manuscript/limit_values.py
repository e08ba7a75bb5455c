"""Limits in an equation of a manuscript: what they are worth by the claim."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.edges import Limit as Edge
from sympy import Dummy, Eq, Limit, nan, oo, zoo

from ..evidence import BUDGETS
from ..limits import Limits, limit_at_infinity
from ..signs import Signs
from ..verdicts import Status

__all__ = ["ONLY_A_LIMIT", "limits_of", "without_limits"]

ONLY_A_LIMIT = "a limit says less than the claim does"


def limits_of(relation: Any) -> set[Any]:
    """The limits of which the relation speaks."""
    return set(relation.atoms(Limit))


def without_limits(
    claim: Claim, relation: Any, reduced: Any, signs: Signs, rng: np.random.Generator
) -> Any:
    """The relation with the values of its limits, None where one is not shown.

    ``reduced`` inserts what the claim says and defines.
    """
    values = {}
    for node in limits_of(relation):
        value = _value(claim, node, reduced, signs, rng)
        if value is None:
            return None
        values[node] = value
    return Eq(relation.lhs.xreplace(values), relation.rhs.xreplace(values), evaluate=False)


def _value(claim: Claim, node: Any, reduced: Any, signs: Signs, rng: np.random.Generator) -> Any:
    """By evidence ``limits``: the domain reaches there, and the formula tends to the value."""
    function, variable, to = node.args[:3]
    if limits_of(function) or not getattr(variable, "is_Symbol", False) or to.has(variable):
        return None
    formula = reduced(function)
    moved = limit_at_infinity(formula, variable, signs) if to is oo else None
    value = moved if to is oo else formula.subs(variable, to)
    if value is None or value.has(nan, zoo, oo, variable):
        return None
    statement = Eq(Dummy("limit", real=True), formula, evaluate=False)
    edge = Edge(variable, to, value, "a limit of the manuscript")
    changed = replace(claim, statement=statement, limits=(edge,), derivation=None)
    verdict = Limits().check(changed, BUDGETS["quick"], rng)
    return value if verdict.status is Status.PROVED else None
