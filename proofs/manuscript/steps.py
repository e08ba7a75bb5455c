"""Whether an equation follows from earlier ones, by the rules of derivations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from sympy import Eq, Equivalent, Ge, Gt, Le, Lt, Ne, exp
from sympy.core.relational import Relational

from ..expansion import inequalities
from ..levels.signs import LevelSigns
from ..notation.nodes import Node
from ..region import prove_relation
from ..signs import Signs
from ..verdicts import Status
from .cases import has_cases
from .comparison import Comparison, proved, undecided
from .numeric_sums import written_out
from .places import arguments_of, at_places, fixed, moving_in, rates_alike, specialised
from .plain_functions import plainly
from .scalar import ScalarEquations
from .step_court import UNSHOWN, assuming, rewritten, shown, vanishes
from .step_differentials import as_rates
from .step_inequalities import decided_inequality
from .step_integrals import integrated
from .step_matrices import of_matrices, over_levels
from .step_rules import rules_of
from .step_values import by_values, contradicted, solves
from .time_limit import OutOfTimeError, check_time, limited
from .undefined_at import undefined_note

__all__ = ["Told", "arguments_of", "check_step"]

_INEQUALITY = (Gt, Ge, Lt, Le)
SECONDS = 6.0
"""Of the processor: how long one step is looked at."""
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

    A link that was shown is a premise for those behind it.  ``arguments``: for each declared
    function the symbols that it is declared to depend on.
    """
    moving = moving_in(claim, arguments or {})
    if claim is None or claim.kind not in ("matrix", "levels"):
        premises, links = ([*map(written_out, told)] for told in (premises, links))
    told = [_read(premise, moving) for premise in premises]
    worst = proved()
    try:
        with limited(SECONDS):
            for link in links:
                goal = _read(link, moving)
                found = _one(claim, told, goal, moving, rng)
                if found.status is Status.REFUTED:
                    return found
                if found.status is Status.PROVED:
                    told.append(goal)
                if worst.status is Status.PROVED and (found.status < worst.status or found.note):
                    worst = found
    except OutOfTimeError:
        return undecided(f"not decided within {SECONDS:g} s")
    return worst


def _read(relation: Any, moving: Moving) -> Any:
    """The relation with differentials as rates, and rates at places written in one way."""
    if not isinstance(relation, Relational):
        return relation
    return rates_alike(as_rates(plainly(relation), moving), moving)


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
    if has_cases(goal):
        return undecided(f"{UNSHOWN}: its cases are not shown to be one formula")
    if any(isinstance(premise, Equivalent) for premise in premises):
        # No rule uses an equivalence, which may exclude the point at which a step fails.
        rest = [premise for premise in premises if not isinstance(premise, Equivalent)]
        found = _one(claim, rest, goal, moving, rng)
        return undecided(UNSHOWN) if found.status is Status.REFUTED else found
    if isinstance(goal, Equivalent) and (claim is None or claim.kind not in ("matrix", "levels")):
        return _equivalence(assuming(claim, premises, goal))
    if isinstance(goal, Ne | Equivalent):
        return undecided(f"{UNSHOWN}: it is neither an equation nor an inequality")
    if claim is not None and claim.levels is not None:
        return _noted(claim, premises, goal, over_levels(claim, premises, goal, rng))
    base = assuming(claim, premises, goal)
    if base.kind == "matrix":
        return of_matrices(base, premises, goal, rng)
    told = [*premises, *specialised(base, premises, goal, moving)]
    return _noted(base, told, goal, _of_scalars(claim, told, goal, moving, rng))


def _equivalence(base: Claim) -> Comparison:
    """Whether both sides assert that the same is positive, up to a positive factor."""
    try:
        shown_so = prove_relation(base, inequalities(base))
    except (UnknownFunctionError, ValueError, TypeError):
        return undecided(UNSHOWN)
    return proved() if shown_so else undecided(UNSHOWN)


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
    if not all(isinstance(relation, Relational) for relation in spoken):
        return undecided(UNSHOWN)
    found = _by_rules(claim, spoken[:-1], spoken[-1], moving, numbers, rng)
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
    numbers: Mapping[Any, Any],
    rng: np.random.Generator,
) -> Comparison:
    base = assuming(claim, premises, goal)
    premises = [*premises, *_without_exponentials(premises)]
    for added, rule in rules_of(base, premises, goal, moving):
        if shown(base, [*premises, *added], goal, rule, rng):
            return proved()
    if not isinstance(goal, Eq):
        return decided_inequality(base, premises, goal, moving, rng)
    if rewritten(base, premises, goal, rng) or _equivalent(base, premises, goal, rng):
        return proved()
    if _squared(base, premises, goal, rng):
        return proved()
    missing = integrated(base, premises, goal, moving, numbers, rng)
    if missing == "" or solves(claim, premises, goal, rng):
        return proved()
    found = by_values(base, rng)
    if found.status is Status.UNDECIDED:
        found = contradicted(claim, premises, goal, rng) or found
    return undecided(missing) if missing and found.status is Status.UNDECIDED else found


def _without_exponentials(premises: Sequence[Any]) -> list[Any]:
    """a = b for e^a = e^b between real numbers."""
    return [
        Eq(p.lhs.args[0], p.rhs.args[0], evaluate=False)
        for p in premises
        if isinstance(p, Eq)
        and all(isinstance(side, exp) and side.args[0].is_real for side in (p.lhs, p.rhs))
    ]


def _squared(base: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator) -> bool:
    """Whether the squares of the sides are equal, and neither side is negative."""
    signs = Signs(inequalities(base))
    sides = [base.expand(side) for side in goal.args]
    if not all(signs.sign(side) == 1 or signs.not_negative(side) for side in sides):
        return False
    return vanishes(base, premises, goal.lhs**2 - goal.rhs**2, rng)


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
