"""A step of a manuscript as a claim of its own, put to the court's rules of derivation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import Derivation, Follows, Premise, Rule, Step
from lemmata.theory.edges import Assumption
from sympy import Eq, S

from ..derivation import changed_goal
from ..exact.zero_test import decide_zero
from ..expansion import assumed_equations, inequalities
from ..poles import defined_throughout
from ..rules import differentiated, premise_rules, rewrite
from ..signs import Signs
from .generators import factor_candidates
from .step_rules import combinations, combined
from .time_limit import check_time

__all__ = ["UNSHOWN", "assuming", "rewritten", "shown", "vanishes"]

UNSHOWN = "no rule of derivation shows the step"


def assuming(claim: Claim | None, premises: Sequence[Any], goal: Any) -> Claim:
    """The step as a claim of its own: what is assumed, and the goal."""
    told = tuple(Assumption(premise) for premise in premises)
    if claim is None:
        return Claim("manuscript.step", goal, assumptions=told)
    return replace(
        claim,
        id="manuscript.step",
        statement=goal,
        assumptions=(*claim.assumptions, *told),
        derivation=None,
        expects="proved",
        evaluation=None,
        witness=None,
        limits=(),
    )


def shown(
    base: Claim, premises: Sequence[Any], goal: Any, rule: Rule, rng: np.random.Generator
) -> bool:
    """Whether the rule proves the goal from the premises."""
    check_time()
    steps = [Step("told before", premise, Premise()) for premise in premises]
    derivation = Derivation((*steps, Step("the step", goal, rule)))
    try:
        decision = changed_goal(replace(base, derivation=derivation), goal, rng)
    except (UnknownFunctionError, ValueError, TypeError, AttributeError):
        return False
    return decision.status == "proved"


def vanishes(base: Claim, premises: Sequence[Any], expr: Any, rng: np.random.Generator) -> bool:
    """Whether the expression is 0 by the premises as rewrite rules, or by a sum of them."""
    if expr == 0:
        return True
    goal = Eq(expr, S.Zero, evaluate=False)
    return any(
        shown(base, premises, goal, rule, rng) for rule in _rules(base, premises, goal)
    ) or rewritten(base, premises, goal, rng)


def _rules(base: Claim, premises: Sequence[Any], goal: Any) -> Iterable[Rule]:
    yield Follows()
    if any(isinstance(premise, Eq) for premise in premises):
        yield from combinations(base, premises, goal)
        several = combined(base, premises, goal)
        if several is not None:
            yield several


def rewritten(base: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator) -> bool:
    """Whether the goal is a multiple of a premise, once others are used as rewrite rules."""
    relations = inequalities(base)
    rules = premise_rules([*assumed_equations(base)], relations)
    if not rules:
        return False
    signs = Signs(relations)

    def known(relation: Any) -> Any:
        plain = differentiated(base.expand(differentiated(relation.lhs - relation.rhs)))
        return rewrite(plain, rules)

    mine = known(goal)
    for premise in premises:
        theirs = known(premise) if isinstance(premise, Eq) else S.Zero
        if theirs == 0:
            continue
        for factor, _ in factor_candidates(mine, theirs):
            check_time()
            if not defined_throughout(factor, signs):
                continue
            if decide_zero(mine - factor * theirs, relations, rng=rng).status == "proved":
                return True
    return False
