"""The rule of derivations that inverts x e^x: which branch, and for which unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, LambertW, S, exp
from sympy.core.function import AppliedUndef

from .exact.zero_test import ZeroDecision, decide_zero
from .expansion import inequalities
from .poles import defined_throughout
from .signs import Signs

__all__ = ["check_lambert"]


def check_lambert(
    claim: Claim, relation: Any, before: Any, x: Any, rng: np.random.Generator
) -> ZeroDecision:
    """Decide "so the left side is where x = W(z)", from x e^x = z and x > -1.

    On x > -1 the function x e^x is one to one, and W its inverse.
    """
    relations = inequalities(claim)
    signs, inside = Signs(relations), claim.expand(S.Zero + x)
    if not isinstance(relation, Eq):
        return _undecided("this rule proves equations only")
    given = claim.expand(before.lhs) - inside * exp(inside)
    if decide_zero(given, relations, rng=rng).status != "proved":
        return _undecided("the step before is not of the form x e^x = z")
    if not defined_throughout(inside, signs) or 1 not in (
        signs.sign(inside + 1),
        signs.sign((inside + 1).expand()),
    ):
        return _undecided(f"{x} is not shown to exceed -1")
    unknown, found = relation.lhs, claim.expand(relation.rhs)
    if found.has(unknown):
        return _undecided(f"{unknown} is not isolated")
    if unknown == x:
        reached = found
    elif isinstance(unknown, AppliedUndef) and signs.sign(inside.diff(unknown)):
        reached = inside.xreplace({unknown: found})
    else:
        return _undecided(f"{x} is not shown to be monotone in {unknown}")
    return decide_zero(reached - LambertW(claim.expand(before.rhs)), relations, rng=rng)


def _undecided(reason: str) -> ZeroDecision:
    return ZeroDecision("undecided", reason=reason)
