"""Cases that are one formula: what holds apart from one place, and its value there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Ge, Gt, Le, Lt, Ne, Piecewise, S
from sympy.functions.elementary.piecewise import ExprCondPair

from ..exact.zero_test import decide_zero
from ..expansion import inequalities

__all__ = ["has_cases", "without_cases"]

_WIDER = {Gt: Ge, Lt: Le}


def has_cases(relation: Any) -> bool:
    """Whether the relation distinguishes cases."""
    return bool(relation.atoms(Piecewise))


def without_cases(relation: Any, claim: Claim, rng: np.random.Generator) -> Any:
    """The relation with each formula by cases that is one formula as that one."""
    if not has_cases(relation):
        return relation
    made = {node: _merged(node, claim, rng) for node in relation.atoms(Piecewise)}
    sides = (
        side.xreplace({k: v for k, v in made.items() if v is not None}) for side in relation.args
    )
    return relation.func(*sides, evaluate=False)


def _merged(node: Any, claim: Claim, rng: np.random.Generator) -> Any:
    """The formula of all cases but that of one place, where it has the value told there."""
    pairs: Sequence[ExprCondPair] = node.args
    if len(pairs) != 2:
        return None
    for (value, condition), (other, place) in (pairs, pairs[::-1]):
        at = _place(condition, place)
        if at is None:
            continue
        symbol, worth = at
        there = value.xreplace({symbol: worth}) - other.xreplace({symbol: worth})
        relations = [r.xreplace({symbol: worth}) for r in inequalities(claim)]
        relations = [r for r in relations if r not in (S.true, S.false)]
        if decide_zero(there, relations, rng=rng).status == "proved":
            return value
    return None


def _place(condition: Any, place: Any) -> tuple[Any, Any] | None:
    """The symbol and its value at the one place of ``place``, where ``condition`` is all else.

    Of two conditions the first that holds counts, so that one that always holds is all else.
    """
    if isinstance(place, Eq) and condition == S.true:
        return _solved(place)
    if not isinstance(condition, Ne | Gt | Lt):
        return None
    if not (isinstance(place, Eq) or place == S.true):
        return None
    apart = Eq(condition.lhs, condition.rhs, evaluate=False)
    if not isinstance(condition, Ne) and _WIDER[type(condition)](*condition.args) != S.true:
        return None
    if isinstance(place, Eq) and {*place.args} != {*apart.args}:
        return None
    return _solved(apart)


def _solved(place: Eq) -> tuple[Any, Any] | None:
    for symbol, worth in (place.args, place.args[::-1]):
        if symbol.is_Symbol and not worth.has(symbol):
            return symbol, worth
    return None
