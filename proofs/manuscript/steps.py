"""Whether an equation follows from earlier ones, by the rules of derivations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import (
    Derivation,
    Premise,
    Rule,
    Step,
)
from lemmata.theory.edges import Assumption
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Ge, Gt, Le, Lt, S

from ..derivation import changed_goal
from ..domain import rational
from ..evidence import BUDGETS
from ..expansion import sides
from ..identity import decide_claim
from ..levels.instances import draw_instance, random_source
from ..levels.normal import LevelNormal
from ..levels.values import Values
from ..notation.nodes import Node
from ..region import prove_relation
from ..trial import Trial
from ..uniqueness import missing_data
from ..verdicts import Status
from ..words.decide import decide
from .comparing import known
from .comparison import Comparison, proved, undecided
from .generators import factor_candidates
from .matrices import MatrixEquations, refuted_by
from .scalar import ScalarEquations, told_value
from .sequences import described
from .step_rules import rules_of

__all__ = ["Told", "check_step"]

_INEQUALITY = (Gt, Ge, Lt, Le)
MOST_REPLACEMENTS = 40
DRAWS = 60


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier equation of the manuscript, and its label."""

    formula: Node
    label: str | None


def check_step(
    claim: Claim | None,
    premises: Sequence[Any],
    links: Sequence[Any],
    rng: np.random.Generator,
) -> Comparison:
    """Whether all ``links`` follow from the ``premises`` and what the claim assumes."""
    worst = proved()
    for link in links:
        found = _one(claim, premises, link, rng)
        if found.status is Status.REFUTED:
            return found
        if found.status is not Status.PROVED:
            worst = found
    return worst


def _one(
    claim: Claim | None, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison:
    if goal in premises:
        return proved("it repeats the equation before it")
    if claim is not None and claim.levels is not None:
        return _over_levels(claim, premises, goal, rng)
    base = _assuming(claim, premises, goal)
    if base.kind == "matrix":
        return _of_matrices(base, premises, goal, rng)
    for added, rule in rules_of(base, premises, goal):
        if _shown(base, [*premises, *added], goal, rule, rng):
            return proved()
    if not isinstance(goal, Eq):
        return _inequality(base, rng)
    found = _by_values(base, rng)
    if found.status is Status.UNDECIDED:
        return _contradicted(claim, premises, goal, rng) or found
    return found


def _contradicted(
    claim: Claim | None, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison | None:
    """The goal fails at a point where the premises, and all that is assumed, hold.

    Either the claim implies the premises and contradicts the goal; or, without a claim, there is
    one premise that determines one of its parts, which is put in.
    """
    if claim is not None:
        about = known(claim)
        if any(about.follows(p, rng).status is not Status.PROVED for p in premises):
            return None
        found = about.follows(goal, rng)
    else:
        if len(premises) != 1 or not isinstance(premises[0], Eq):
            return None
        premise = ScalarEquations(Claim("manuscript.step", premises[0]))
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
    kinds = ("positive", "nonnegative", "negative", "integer")
    return all(getattr(value, f"is_{kind}") for kind in kinds if getattr(head, f"is_{kind}", None))


def _assuming(claim: Claim | None, premises: Sequence[Any], goal: Any) -> Claim:
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


def _shown(
    base: Claim, premises: Sequence[Any], goal: Any, rule: Rule, rng: np.random.Generator
) -> bool:
    steps = [Step("told before", premise, Premise()) for premise in premises]
    derivation = Derivation((*steps, Step("the step", goal, rule)))
    try:
        decision = changed_goal(replace(base, derivation=derivation), goal, rng)
    except (UnknownFunctionError, ValueError, TypeError, AttributeError):
        return False
    return decision.status == "proved"


def _by_values(base: Claim, rng: np.random.Generator) -> Comparison:
    """By inserting what is known; refuted at an exact point where values may be chosen freely."""
    try:
        decisions = decide_claim(base, rng, BUDGETS["quick"].points)
    except (UnknownFunctionError, ValueError, TypeError) as error:
        return undecided(str(error))
    for decision in decisions:
        if decision.status == "refuted":
            point = {k: str(v) for k, v in (decision.point or {}).items()}
            one, other = next(
                ((a, b) for a, b in sides(base) if not base.expand(a - b).is_zero), (S.Zero, S.Zero)
            )
            values = [told_value(side, decision.point or {}) for side in (one, other)]
            return Comparison(Status.REFUTED, "it does not follow", point, values[0], values[1])
    unshown = [d for d in decisions if d.status != "proved"]
    missing = missing_data(base) if not unshown else ""
    if decisions and not unshown and not missing:
        return proved()
    reason = missing or (unshown[0].reason if unshown else "")
    return undecided(f"no rule of derivation shows the step: {reason}")


def _inequality(base: Claim, rng: np.random.Generator) -> Comparison:
    from ..expansion import inequalities

    try:
        if prove_relation(base, inequalities(base)):
            return proved()
        trial = Trial(base)
    except (UnknownFunctionError, ValueError, TypeError) as error:
        return undecided(str(error))
    for _ in range(DRAWS):
        point = trial.domain.draw(rng)
        if point is None:
            break
        if trial.holds(point) is False:
            told = {k: str(v) for k, v in point.items()}
            return Comparison(Status.REFUTED, "it does not follow", told)
    return undecided("no rule of derivation shows the step")


def _of_matrices(
    base: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison:
    facts = base.facts or MatrixFacts()
    for premise in premises:
        same = MatrixEquations(replace(base, statement=premise, facts=replace(facts, given=())))
        if isinstance(premise, Eq) and same.same(goal, rng).status is Status.PROVED:
            return proved()
    told = tuple(p for p in premises if isinstance(p, Eq) and p.lhs.is_Matrix)
    try:
        decision = decide(goal, replace(facts, given=(*facts.given, *told)), rng=rng)
    except (ValueError, TypeError) as error:
        return undecided(f"the equation before it is no rule for matrices: {error}")
    if decision.status == "proved":
        return proved(decision.reason)
    if decision.status == "refuted" and decision.counterexample is not None:
        return replace(refuted_by(decision.counterexample), reason="it does not follow")
    return undecided(f"no rule of derivation shows the step: {decision.reason}")


def _over_levels(
    claim: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison:
    normal = LevelNormal(claim)
    if isinstance(goal, Eq):
        mine = goal.lhs - goal.rhs
        for premise in premises:
            if isinstance(premise, Eq):
                theirs = premise.lhs - premise.rhs
                slopes = [factor for factor, _ in factor_candidates(mine, theirs)]
                candidates = [S.One, S.NegativeOne, *slopes]
                if any(normal.vanishes(mine - f * theirs) for f in candidates):
                    return proved()
        if normal.vanishes(mine):
            return proved()
    changed = replace(claim, statement=goal, derivation=None)
    source = random_source(rng)
    for _ in range(DRAWS):
        instance = draw_instance(changed, source, attempts=3)
        if instance is None:
            continue
        values = Values(changed, instance)
        if all(values.holds(p) is True for p in premises) and values.holds(goal) is False:
            return Comparison(Status.REFUTED, "it does not follow", described(instance))
    return undecided("no rule of derivation shows the step")
