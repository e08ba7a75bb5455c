"""Steps between matrices, and between sequences over levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Ge, Gt, Le, Lt, S

from ..domain import gap, strict
from ..levels.normal import LevelNormal
from ..levels.signs import LevelSigns
from ..levels.values import Values
from ..verdicts import Status
from ..words.decide import decide
from .comparison import Comparison, proved, undecided
from .generators import factor_candidates
from .level_points import drawn
from .matrices import MatrixEquations, refuted_by
from .sequences import described
from .step_court import UNSHOWN
from .time_limit import check_time

__all__ = ["of_matrices", "over_levels"]

_INEQUALITY = (Gt, Ge, Lt, Le)
DRAWS = 60


def of_matrices(
    base: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison:
    """By algebra with what is told as facts on the letters."""
    facts = base.facts or MatrixFacts()
    for premise in premises:
        if not isinstance(premise, Eq) or _of_matrices(premise) is not _of_matrices(goal):
            continue
        same = MatrixEquations(replace(base, statement=premise, facts=replace(facts, given=())))
        if same.same(goal, rng).status is Status.PROVED:
            return proved()
    told, kept = _rules(facts, premises, rng)
    known = replace(facts, given=(*facts.given, *told))
    try:
        decision = decide(goal, known, rng=rng)
    except (ValueError, TypeError):
        return undecided(UNSHOWN)
    if decision.status == "proved":
        return proved(decision.reason)
    if decision.status == "refuted" and decision.counterexample is not None:
        # A premise that is no rule may exclude the point, unless the others imply it.
        if all(decide(p, known, rng=rng).status == "proved" for p in kept):
            return replace(refuted_by(decision.counterexample), reason="it does not follow")
        return undecided(UNSHOWN)
    return undecided(f"{UNSHOWN}: {decision.reason}")


def _of_matrices(relation: Any) -> bool:
    return any(getattr(side, "is_Matrix", False) for side in relation.args)


def _rules(
    facts: MatrixFacts, premises: Sequence[Any], rng: np.random.Generator
) -> tuple[list[Any], list[Any]]:
    """The premises that are rules, one word on their left side, and the others."""
    told: list[Any] = []
    others: list[Any] = []
    for premise in premises:
        check_time()
        try:
            usable = isinstance(premise, Eq) and premise.lhs.is_Matrix
            if usable:
                known = replace(facts, given=(*facts.given, *told, premise))
                decide(premise, known, rng=rng, draws=1)
            (told if usable else others).append(premise)
        except (ValueError, TypeError):
            others.append(premise)
    return told, others


def over_levels(
    claim: Claim, premises: Sequence[Any], goal: Any, rng: np.random.Generator
) -> Comparison:
    """By the normal form for every depth, as a multiple of what is told before."""
    normal = LevelNormal(claim)
    if isinstance(goal, Eq):
        mine = goal.lhs - goal.rhs
        for premise in premises:
            if isinstance(premise, Eq):
                check_time()
                theirs = premise.lhs - premise.rhs
                slopes = [factor for factor, _ in factor_candidates(mine, theirs)]
                candidates = [S.One, S.NegativeOne, *slopes]
                if any(normal.vanishes(mine - f * theirs) for f in candidates):
                    return proved()
        if normal.vanishes(mine):
            return proved()
    if isinstance(goal, _INEQUALITY) and _signed(claim, premises, goal):
        return proved()
    changed = replace(claim, statement=goal, derivation=None)
    for instance in drawn(changed, rng, DRAWS):
        values = Values(changed, instance)
        if all(values.holds(p) is True for p in premises) and values.holds(goal) is False:
            return Comparison(Status.REFUTED, "it does not follow", described(instance))
    return undecided(UNSHOWN)


def _signed(claim: Claim, premises: Sequence[Any], goal: Any) -> bool:
    """Whether what the goal asserts has its sign, once an equation that is told is put in."""
    signs = LevelSigns(claim)
    shows = signs.positive if strict(goal) else signs.not_negative
    mine = gap(goal)
    told = [p.lhs - p.rhs for p in premises if isinstance(p, Eq)]
    forms = [mine, *(mine - sign * theirs for theirs in told for sign in (1, -1))]
    return any(shows(form) or shows(form.expand()) for form in forms)
