"""Whether an equation follows from earlier ones, by the rules of derivations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from sympy import Eq, Equivalent, Ge, Gt, Le, Lt, Ne, S, exp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..derivation import changed_goal
from ..domain import gap, rational, strict
from ..evidence import BUDGETS
from ..expansion import inequalities, sides
from ..identity import decide_claim
from ..levels.instances import draw_instance, random_source
from ..levels.normal import LevelNormal
from ..levels.signs import LevelSigns
from ..levels.values import Values
from ..notation.nodes import Node
from ..region import prove_relation
from ..signs import Signs
from ..trial import Trial
from ..uniqueness import missing_data
from ..verdicts import Status
from ..words.decide import decide
from .comparing import known
from .comparison import Comparison, proved, undecided
from .generators import factor_candidates
from .matrices import MatrixEquations, refuted_by
from .places import arguments_of, at_places, fixed, moving_in
from .scalar import ScalarEquations, told_value
from .sequences import described
from .step_rules import combined, rules_of
from .time_limit import OutOfTimeError, check_time, limited
from .undefined_at import undefined_note

__all__ = ["Told", "arguments_of", "check_step"]

_INEQUALITY = (Gt, Ge, Lt, Le)
DRAWS = 60
SECONDS = 6.0
"""Of the processor: how long one step is looked at."""
UNSHOWN = "no rule of derivation shows the step"
Moving = Mapping[Any, frozenset[Any]]


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
    arguments: Moving | None = None,
) -> Comparison:
    """Whether all ``links`` follow from the ``premises`` and what the claim assumes.

    ``arguments``: for each declared function the symbols that it is declared to depend on.
    """
    moving = moving_in(claim, arguments or {})
    worst = proved()
    try:
        with limited(SECONDS):
            for link in links:
                found = _one(claim, premises, link, moving, rng)
                if found.status is Status.REFUTED:
                    return found
                if worst.status is Status.PROVED and (found.status < worst.status or found.note):
                    worst = found
    except OutOfTimeError:
        return undecided(f"not decided within {SECONDS:g} s")
    return worst


def _one(
    claim: Claim | None,
    premises: Sequence[Any],
    goal: Any,
    moving: Moving,
    rng: np.random.Generator,
) -> Comparison:
    if not isinstance(goal, Relational | Equivalent):
        return undecided("both sides are the same or opposite: it says nothing")
    if not all(isinstance(premise, Relational | Equivalent) for premise in premises):
        return undecided("what it should follow from says nothing")
    if goal in premises:
        return proved("it repeats the equation before it")
    if isinstance(goal, Ne | Equivalent):
        return undecided(f"{UNSHOWN}: it is neither an equation nor an inequality")
    if claim is not None and claim.levels is not None:
        return _noted(claim, premises, goal, _over_levels(claim, premises, goal, rng))
    base = _assuming(claim, premises, goal)
    if base.kind == "matrix":
        return _of_matrices(base, premises, goal, rng)
    return _noted(base, premises, goal, _of_scalars(claim, premises, goal, moving, rng))


def _noted(base: Claim, premises: Sequence[Any], goal: Any, found: Comparison) -> Comparison:
    """A proof, with where the goal says nothing though the premises do."""
    if found.status is not Status.PROVED or found.note:
        return found
    told = [*premises, *base.given, *(d.body for d in base.where)]
    if base.levels is not None:
        signs = LevelSigns(base)

        def positive(part: Any) -> bool:
            return signs.positive(part)

        def nonzero(part: Any) -> bool:
            return signs.positive(part) or signs.positive(-part)
    else:
        known = Signs(inequalities(base))

        def positive(part: Any) -> bool:
            return known.sign(base.expand(part)) == 1

        def nonzero(part: Any) -> bool:
            return bool(part.is_nonzero) or known.sign(base.expand(part)) != 0

    return proved(undefined_note(goal, told, nonzero, positive))


def _of_scalars(
    claim: Claim | None,
    premises: Sequence[Any],
    goal: Any,
    moving: Moving,
    rng: np.random.Generator,
) -> Comparison:
    spoken = [*premises, goal]
    numbers = fixed(spoken, moving)
    for part, number in numbers.items():
        spoken = [relation.xreplace({part: number}) for relation in spoken]
    found = _by_rules(claim, spoken[:-1], spoken[-1], moving, rng)
    if found.status is not Status.REFUTED:
        return found
    if at_places([*premises, goal]):
        return undecided(f"{UNSHOWN}, and values of a function at several places are no free ones")
    back = {number: part for part, number in numbers.items()}
    return replace(found, point={back.get(k, k): v for k, v in found.point.items()})


def _by_rules(
    claim: Claim | None,
    premises: Sequence[Any],
    goal: Any,
    moving: Moving,
    rng: np.random.Generator,
) -> Comparison:
    base = _assuming(claim, premises, goal)
    premises = [*premises, *_without_exponentials(premises)]
    for added, rule in rules_of(base, premises, goal, moving):
        check_time()
        if _shown(base, [*premises, *added], goal, rule, rng):
            return proved()
    if not isinstance(goal, Eq):
        return _inequality(base, premises, goal, moving, rng)
    if _equivalent(base, premises, goal, rng):
        return proved()
    found = _by_values(base, rng)
    if found.status is Status.UNDECIDED:
        return _contradicted(claim, premises, goal, rng) or found
    return found


def _without_exponentials(premises: Sequence[Any]) -> list[Any]:
    """a = b for e^a = e^b between real numbers."""
    return [
        Eq(p.lhs.args[0], p.rhs.args[0], evaluate=False)
        for p in premises
        if isinstance(p, Eq)
        and all(isinstance(side, exp) and side.args[0].is_real for side in (p.lhs, p.rhs))
    ]


def _equivalent(base: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator) -> bool:
    """Whether the goal is one of the premises times something that has no zeros."""
    assumed = tuple(a for a in base.assumptions if isinstance(a.relation, _INEQUALITY))
    for premise in premises:
        if not isinstance(premise, Eq):
            continue
        told = [
            Eq(*(base.expand(side) for side in r.args), evaluate=False) for r in (premise, goal)
        ]
        for one, other in (told, told[::-1]):
            check_time()
            about = ScalarEquations(Claim("manuscript.step", one, assumptions=assumed))
            if about.same(other, rng).status is Status.PROVED:
                return True
    return False


def _contradicted(
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
    functions = any(r.atoms(AppliedUndef) for r in (base.statement, *base.given))
    return undecided(f"{UNSHOWN}: {reason}" if functions else UNSHOWN)


def _inequality(
    base: Claim,
    premises: Sequence[Any],
    goal: Any,
    moving: Moving,
    rng: np.random.Generator,
) -> Comparison:
    if _adds_up(base, premises, goal):
        return proved()
    if not strict(goal):
        equal = Eq(goal.lhs, goal.rhs, evaluate=False)
        asked = replace(base, statement=equal)
        for added, rule in rules_of(asked, premises, equal, moving):
            if _shown(asked, [*premises, *added], equal, rule, rng):
                return proved()
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
    return undecided(UNSHOWN)


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
    return undecided(f"{UNSHOWN}: {decision.reason}")


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
    return undecided(UNSHOWN)
