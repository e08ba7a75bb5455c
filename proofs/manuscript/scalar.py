"""Equations between scalars against a claim: what it makes of them.

Equations that are given, and the claim itself, show that an equation is true, but never that it
says as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Integral
from sympy.core.function import AppliedUndef

from ..exact.zero_test import ZeroDecision, decide_zero, free_atoms
from ..expansion import assumed_equations, inequalities
from ..rules import differentiated, premise_rules, rewrite
from ..signs import Signs
from ..tied import self_contained
from ..verdicts import Status
from .as_much import AsMuch
from .comparison import Comparison, proved, undecided
from .generators import solved_for
from .inserted import inserted
from .less import says_less
from .limit_values import ONLY_A_LIMIT, limits_of, without_limits
from .simple_points import simple_point
from .told_values import in_words, point_texts, told_point, told_value
from .undefined_points import undefined_point

__all__ = ["ScalarEquations", "told_value"]

NO_INTEGRAL = "its integral is not shown to be what the claim says"
NO_LIMIT = "what its limit is worth is not shown"


class ScalarEquations:
    """Equations and solutions: one claim, and equations to compare with it.

    ``condition``: it holds for some values of its symbols only, and so determines one of them.
    """

    def __init__(self, claim: Claim, *, condition: bool = False) -> None:
        self.claim = claim
        self.relations = inequalities(claim)
        self.signs = Signs(self.relations)
        self.rules = premise_rules(assumed_equations(claim), self.relations)
        defined = {d.symbol for d in claim.where}
        self.solved = solved_for(claim.statement, defined, condition=condition)
        self.starts = {
            r.lhs: r.rhs
            for r in claim.given
            if isinstance(r, Eq)
            and isinstance(r.lhs, AppliedUndef)
            and all(a.is_number for a in r.lhs.args)
            and r.rhs.is_Symbol
        }

    def names(self) -> Sequence[Any]:
        """Symbols and values of functions of the statement."""
        return free_atoms(self.claim.statement)

    def reduced(self, expr: Any) -> Any:
        """What ``expr`` is worth under the claim, all that is defined and given inserted."""
        expr = differentiated(expr)
        if self.solved is not None:
            expr = inserted(expr, *self.solved, self.claim, self.signs)
        return rewrite(differentiated(self.claim.expand(expr)), self.rules)

    def follows(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the equation holds wherever the claim does; refuted at an exact point."""
        if not isinstance(relation, Eq):
            return undecided("the claim is an equation, and this is none")
        if limits_of(relation):
            known = without_limits(self.claim, relation, self.reduced, self.signs, rng)
            return undecided(NO_LIMIT) if known is None else self.follows(known, rng)
        left, right = (differentiated(self.claim.expand(s)) for s in (relation.lhs, relation.rhs))
        if self._vanishes(left - right, rng):
            return proved()
        left, right = self.reduced(relation.lhs), self.reduced(relation.rhs)
        decision = decide_zero(left - right, self.relations, rng=rng)
        if decision.status == "proved":
            return proved()
        if decision.status == "undecided":
            integrals = relation.atoms(Integral) - self.claim.statement.atoms(Integral)
            return (
                self._by_integration(relation, rng)
                if integrals
                else undecided(in_words(decision.reason))
            )
        tied = self._tied(relation, decision, rng)
        if tied:
            return undecided(tied)
        point = simple_point((left, right), self.relations, decision.point or {})
        one, other = (told_value(side, point) for side in (left, right))
        reason = "the two sides differ"
        told = told_point(point, relation, self.claim.statement, self.reduced)
        return Comparison(Status.REFUTED, reason, told, one, other)

    def _by_integration(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the equation is a step from the claim: differentiated, and known at one place."""
        from .steps import check_step

        difference = relation.lhs - relation.rhs
        ends = {limit[2] for node in relation.atoms(Integral) for limit in node.limits if limit[1:]}
        for end in sorted((end for end in ends if end.is_Symbol), key=str):
            rate = self.reduced(differentiated(difference).diff(end))
            if not rate.has(Integral) and self._fails(rate, rng):
                return undecided(f"its two sides do not change with {end} at one rate")
        found = check_step(self.claim, [self.claim.statement], [relation], rng)
        return proved() if found.status is Status.PROVED else undecided(NO_INTEGRAL)

    def _fails(self, expr: Any, rng: np.random.Generator) -> bool:
        return decide_zero(expr, self.relations, rng=rng, draws=4).status == "refuted"

    def contradicts(self, relation: Any, rng: np.random.Generator) -> bool:
        """Whether the equation fails where the claim, by itself and its definitions, holds."""
        if not isinstance(relation, Eq) or self.solved is None:
            return False
        difference = differentiated(relation.lhs - relation.rhs)
        difference = inserted(difference, *self.solved, self.claim, self.signs)
        difference = differentiated(self.claim.expand(difference.xreplace(self.starts)))
        return decide_zero(difference, self.relations, rng=rng, draws=4).status == "refuted"

    def _tied(self, relation: Any, decision: ZeroDecision, rng: np.random.Generator) -> str:
        """Why values at the point may not be chosen freely; empty where they may."""
        if all(atom.is_Symbol for atom in decision.point or {}) and self._settled(rng):
            return ""
        changed = replace(self.claim, statement=relation, derivation=None)
        if self_contained(changed):
            return ""
        return "what is assumed ties the functions to other values, so that no point refutes it"

    def _settled(self, rng: np.random.Generator) -> bool:
        """Whether all equations that are assumed hold by themselves once all is inserted."""
        for relation in assumed_equations(self.claim):
            left = self.reduced(relation.lhs - relation.rhs)
            if left != 0 and decide_zero(left, self.relations, rng=rng).status != "proved":
                return False
        return True

    def same(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the equation says no less than the claim."""
        if not isinstance(relation, Eq):
            return undecided("the claim is an equation, and this is none")
        if limits_of(relation) and not limits_of(self.claim.statement):
            return undecided(ONLY_A_LIMIT)
        found = AsMuch(self.claim, self.signs).compare(relation, rng)
        if found.status is not Status.PROVED:
            return found
        doubt = says_less(self.claim, relation, lambda less, told: _holds(less, told, rng))
        if doubt:
            return undecided(doubt)
        return replace(found, note=self._undefined(relation, rng))

    def _vanishes(self, expr: Any, rng: np.random.Generator) -> bool:
        return decide_zero(expr, self.relations, rng=rng).status == "proved"

    def _undefined(self, relation: Any, rng: np.random.Generator) -> str:
        """Where the claim is defined and the equation is not; empty where none was found."""
        point = undefined_point(self.claim, relation, self.reduced, self.relations, rng)
        if point is None:
            return ""
        where = ", ".join(f"{k} = {v}" for k, v in point_texts(point).items())
        return f"it is undefined where the claim is not, as at {where}"


def _holds(reduced: Claim, relation: Any, rng: np.random.Generator) -> str:
    """Whether the relation holds by what ``reduced`` defines and assumes."""
    relations = inequalities(reduced)
    rules = premise_rules(assumed_equations(reduced), relations)
    difference = reduced.expand(differentiated(relation.lhs - relation.rhs))
    difference = rewrite(differentiated(difference), rules)
    decision = decide_zero(difference, relations, rng=rng)
    return decision.status if decision.status != "undecided" or decision.decided else "unknown"
