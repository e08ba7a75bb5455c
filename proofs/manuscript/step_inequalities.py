"""Steps to an inequality: sums and positive multiples of what is known, signs, and points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from sympy import Add, Eq, Ge, Gt, Le, Lt, S, exp, log

from ..domain import gap, strict
from ..exact.zero_test import decide_zero
from ..expansion import assumed_equations, inequalities
from ..region import prove_relation
from ..rules import differentiated, premise_rules, rewrite
from ..signs import Signs
from ..trial import Trial
from ..verdicts import Status
from .comparison import Comparison, proved, undecided
from .generators import factor_candidates, over
from .step_court import UNSHOWN, shown
from .step_points import NO_POINT, Premises
from .step_rules import combined, rates_of, rules_of
from .time_limit import check_time

__all__ = ["decided_inequality"]

_INEQUALITY = (Gt, Ge, Lt, Le)
DRAWS = 60
COMPLETED = 3
"""Points at which the goal fails, of which it is asked whether the premises hold there."""


def decided_inequality(
    base: Claim,
    premises: Sequence[Any],
    goal: Any,
    moving: Mapping[Any, frozenset[Any]],
    rng: np.random.Generator,
) -> Comparison:
    """Whether the inequality follows; refuted at a point at which it fails and all else holds."""
    if _adds_up(base, premises, goal) or _multiplied(base, premises, goal, rng):
        return proved()
    if not strict(goal):
        equal = Eq(goal.lhs, goal.rhs, evaluate=False)
        asked = replace(base, statement=equal)
        for added, rule in rules_of(asked, premises, equal, moving):
            if shown(asked, [*premises, *added], equal, rule, rng):
                return proved()
    if any(_evident(base, form) for form in _known(base, premises, goal, moving)):
        return proved()
    try:
        if any(
            prove_relation(replace(base, statement=r), inequalities(base)) for r in _forms(goal)
        ):
            return proved()
        trial = Trial(base)
    except (UnknownFunctionError, ValueError, TypeError):
        return undecided(UNSHOWN)
    premised, failed = Premises(base, rng), 0
    for _ in range(DRAWS):
        check_time()
        point = trial.domain.draw(rng)
        if point is None or failed == COMPLETED:
            break
        if trial.holds(point) is False:
            whole = premised.completed(point)
            if whole is not None:
                told = {k: str(v) for k, v in whole.items()}
                return Comparison(Status.REFUTED, "it does not follow", told)
            failed += 1
    return undecided(f"{UNSHOWN}, and {NO_POINT}" if failed else UNSHOWN)


def _known(
    base: Claim, premises: Sequence[Any], goal: Any, moving: Mapping[Any, frozenset[Any]]
) -> Iterator[Any]:
    """The goal with the values and rates that the premises tell put in."""
    equations = [p for p in premises if isinstance(p, Eq)]
    rates = [r for _, told in rates_of(equations, moving) for r in told]
    rules = premise_rules([*assumed_equations(base), *rates], inequalities(base))
    for form in _forms(goal):
        sides = (rewrite(differentiated(base.expand(side)), rules) for side in form.args)
        yield type(form)(*sides, evaluate=False)


def _evident(base: Claim, relation: Any) -> bool:
    """Whether what it asserts to be positive has that sign, over one denominator too."""
    signs = Signs(inequalities(base))
    above, below = over(gap(relation))
    if any(signs.sign(expr) == 1 for expr in (gap(relation), (above / below))):
        return True
    if strict(relation):
        return False
    return signs.not_negative(gap(relation)) or (
        signs.not_negative(above) and signs.sign(below) == 1
    )


def _adds_up(base: Claim, premises: Sequence[Any], goal: Any) -> bool:
    """Whether the premises, those that are inequalities times positive numbers, add up to it."""
    told = [p for p in premises if isinstance(p, (Eq, *_INEQUALITY))]
    gaps = [Eq(p.lhs - p.rhs if isinstance(p, Eq) else gap(p), 0, evaluate=False) for p in told]
    found = combined(base, gaps, Eq(gap(goal), 0, evaluate=False))
    if found is None:
        return False
    used = [(told[n - 1], factor) for n, factor in found.factors.items()]
    ordered = [(p, factor) for p, factor in used if not isinstance(p, Eq)]
    positive = all(factor.is_positive for _, factor in ordered)
    return positive and (not strict(goal) or any(strict(p) for p, _ in ordered))


def _multiplied(base: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator) -> bool:
    """Whether the goal is an inequality that is known times something positive."""
    relations = inequalities(base)
    signs = Signs(relations)
    known = [r for p in (*premises, *base.given) if isinstance(p, _INEQUALITY) for r in _forms(p)]
    for wanted in _forms(goal):
        mine_over, mine_under = over(differentiated(base.expand(gap(wanted))))
        for told in known:
            check_time()
            if strict(wanted) and not strict(told):
                continue
            theirs_over, theirs_under = over(differentiated(base.expand(gap(told))))
            for found, _ in factor_candidates(mine_over, theirs_over):
                whole = found * theirs_under / mine_under
                if signs.sign(whole) != 1 and signs.sign(whole.expand()) != 1:
                    continue
                rest = mine_over - found * theirs_over
                if decide_zero(rest, relations, rng=rng).status == "proved":
                    return True
    return False


def _forms(relation: Any) -> Iterator[Any]:
    """The inequality, and others that say the same where it is defined.

    ln A < ln B, or e^A < e^B, or powers with the same positive exponent of what is not negative,
    for A < B; ln A < B for A < e^B.
    """
    yield relation
    left, right = relation.args
    compared = type(relation)
    if isinstance(left, exp) and isinstance(right, exp):
        yield compared(left.args[0], right.args[0], evaluate=False)
    elif _same_power(left, right):
        yield compared(left.base, right.base, evaluate=False)
    sides = [_unlogged(side) for side in (left, right)]
    if any(s.has(log) for s in (left, right)) and None not in sides:
        yield compared(*sides, evaluate=False)


def _same_power(left: Any, right: Any) -> bool:
    powers = left.is_Pow and right.is_Pow and left.exp == right.exp
    return bool(
        powers and left.exp.is_positive and left.base.is_nonnegative and right.base.is_nonnegative
    )


def _unlogged(side: Any) -> Any:
    """e to the side, where what is in its logarithms is positive wherever they are defined."""
    made = S.One
    for term in Add.make_args(side.expand(log=False)):
        number, rest = term.as_coeff_Mul()
        if isinstance(rest, log) and number.is_Integer:
            made *= rest.args[0] ** number
        elif term.has(log):
            return None
        else:
            made *= exp(term)
    return made
