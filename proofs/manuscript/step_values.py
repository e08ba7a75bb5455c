"""Steps by what is known put in: solutions of laws, and points at which a step fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from sympy import Dummy, Eq, S, Subs
from sympy.core.function import AppliedUndef

from ..domain import rational
from ..evidence import BUDGETS
from ..expansion import sides
from ..identity import decide_claim
from ..uniqueness import missing_data
from ..verdicts import Status
from .comparing import known
from .comparison import Comparison, proved, undecided
from .scalar import ScalarEquations, told_value
from .step_court import UNSHOWN, assuming
from .step_points import NO_POINT, Premises

__all__ = ["by_values", "contradicted", "solves"]


def by_values(base: Claim, rng: np.random.Generator) -> Comparison:
    """By inserting what is known; refuted at an exact point where values may be chosen freely."""
    try:
        decisions = decide_claim(base, rng, BUDGETS["quick"].points)
    except (UnknownFunctionError, ValueError, TypeError):
        return undecided(UNSHOWN)
    for decision in decisions:
        if decision.status == "refuted":
            found = Premises(base, rng).completed(decision.point or {})
            if found is None:
                return undecided(f"{UNSHOWN}, and {NO_POINT}")
            point = {k: str(v) for k, v in found.items()}
            one, other = next(
                ((a, b) for a, b in sides(base) if not base.expand(a - b).is_zero), (S.Zero, S.Zero)
            )
            values = [told_value(side, found) for side in (one, other)]
            return Comparison(Status.REFUTED, "it does not follow", point, values[0], values[1])
    unshown = [d for d in decisions if d.status != "proved"]
    missing = missing_data(base) if not unshown else ""
    if decisions and not unshown and not missing:
        return proved()
    return undecided(f"{UNSHOWN}: {missing}" if missing else UNSHOWN)


def solves(
    claim: Claim | None, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> bool:
    """Whether f(t) = F is the solution of a law with f(0), as the goal names it, for its start."""
    head = goal.lhs
    if not isinstance(head, AppliedUndef) or goal.rhs.has(head):
        return False
    told = [*premises, goal, *(() if claim is None else claim.given)]
    values = {
        f: Dummy(str(f), real=True, positive=f.is_positive or None)
        for part in told
        for f in part.atoms(AppliedUndef)
        if f.func == head.func and all(x.is_number for x in f.args)
    }
    if len(values) != 1 or (claim is not None and claim.where):
        return False
    ((start, value),) = values.items()
    formula = Eq(head, goal.rhs.xreplace(values), evaluate=False)
    base = assuming(claim, [*premises, Eq(start, value, evaluate=False)], formula)
    return by_values(base, rng).status is Status.PROVED


def contradicted(
    claim: Claim | None, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison | None:
    """The goal fails at a point where the premises, and all that is assumed, hold.

    Either the claim implies the premises and contradicts the goal; or, without a claim, there is
    one premise that determines one of its parts, which is put in.
    """
    if claim is not None:
        if not isinstance(goal, Eq):
            return None
        about = known(claim)
        if any(about.follows(p, rng).status is not Status.PROVED for p in premises):
            return None
        found = about.follows(goal, rng)
    else:
        if len(premises) != 1 or not isinstance(premises[0], Eq) or premises[0].atoms(Subs):
            return None
        premise = ScalarEquations(Claim("manuscript.step", premises[0]), condition=True)
        found = premise.follows(goal, rng)
        if found.status is Status.REFUTED and not _admissible(premise, found):
            return None
    if found.status is not Status.REFUTED:
        return None
    return replace(found, reason="it does not follow")


def _admissible(premise: ScalarEquations, found: Comparison) -> bool:
    """Whether what the premise determines has, at the point, the sign that is declared of it."""
    if premise.solved is None:
        return False
    head, formula = premise.solved
    if not (head.is_Symbol or head.is_Function):
        return True
    point = {k: rational(Fraction(v)) for k, v in found.point.items() if k != head}
    value = formula.xreplace(point)
    if value.is_finite is False or value.is_real is False:
        return False
    kinds = ("positive", "nonnegative", "negative", "integer")
    return all(getattr(value, f"is_{kind}") for kind in kinds if getattr(head, f"is_{kind}", None))
