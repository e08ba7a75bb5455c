"""Equations between scalars against a claim: what it makes of them, and whether they say as much.

An equation says what the claim says when, with definitions inserted as far as one likes, left minus
right is a factor that cannot vanish times left minus right of the claim, and the latter is not
identically zero then: where it is, everything that is true is such a multiple.  Equations that are
given, and the claim itself, show that an equation is true, but never that it says as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from lemmata.numerics.balls import enclose, evaluate_balls
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.theory.claims import Claim
from lemmata.theory.definitions import expand_all
from sympy import Add, Eq, factor
from sympy.core.function import AppliedUndef

from ..domain import Domain, rational
from ..exact.zero_test import ZeroDecision, decide_zero, free_atoms
from ..expansion import assumed_equations, inequalities
from ..rules import differentiated, premise_rules, rewrite
from ..signs import Signs
from ..tied import self_contained
from ..verdicts import Status
from .comparison import Comparison, proved, undecided
from .floats import monomial_ratios
from .generators import bases, factor_candidates, over, solved_for, unlogged
from .inserted import inserted
from .less import says_less
from .simple_points import simple_point
from .time_limit import check_time

__all__ = ["ScalarEquations", "told_point"]

DIGITS = 8
HOLDS = "it holds, but it is not shown to say as much as the claim does"
LOOKED_AT = 6


class ScalarEquations:
    """Equations and solutions: one claim, and equations to compare with it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.relations = inequalities(claim)
        self.signs = Signs(self.relations)
        self.rules = premise_rules(assumed_equations(claim), self.relations)
        self.solved = solved_for(claim.statement)
        self.starts = {
            r.lhs: r.rhs
            for r in claim.given
            if isinstance(r, Eq)
            and isinstance(r.lhs, AppliedUndef)
            and all(a.is_number for a in r.lhs.args)
            and r.rhs.is_Symbol
        }

    @cached_property
    def residual(self) -> Any:
        """Left minus right of the claim."""
        return self.claim.statement.lhs - self.claim.statement.rhs

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
        left, right = (differentiated(self.claim.expand(s)) for s in (relation.lhs, relation.rhs))
        if self._vanishes(left - right, rng):
            return proved()
        left, right = self.reduced(relation.lhs), self.reduced(relation.rhs)
        decision = decide_zero(left - right, self.relations, rng=rng)
        if decision.status == "proved":
            return proved()
        if decision.status == "undecided":
            return undecided(decision.reason)
        tied = self._tied(relation, decision, rng)
        if tied:
            return undecided(tied)
        point = simple_point((left, right), self.relations, decision.point or {})
        one, other = (told_value(side, point) for side in (left, right))
        reason = "the two sides differ"
        return Comparison(Status.REFUTED, reason, _texts(point), one, other)

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
        found = self._as_much(relation, rng)
        if found.status is not Status.PROVED:
            return found
        doubt = self._restated(relation) or says_less(
            self.claim, relation, lambda reduced, told: _holds(reduced, told, rng)
        )
        if doubt:
            return undecided(doubt)
        return replace(found, note=self._undefined(relation, rng))

    def _as_much(self, relation: Any, rng: np.random.Generator) -> Comparison:
        mine = differentiated(relation.lhs - relation.rhs)
        if relation.lhs == relation.rhs or (_empty(mine) and not _empty(self.residual)):
            return undecided("both sides are the same whatever the claim says: it states nothing")
        reason = HOLDS
        for level in self._levels(relation):
            check_time()
            theirs, own = level(self.residual), level(mine)
            if theirs == 0 or self._vanishes(theirs, rng):
                continue
            found = self._multiple(own, theirs, rng)
            if found.status is Status.PROVED:
                return found
            if reason == HOLDS and found.reason:
                reason = found.reason
        if self._literally(relation, rng) or self._term_by_term(relation):
            return proved()
        return undecided(reason)

    def _restated(self, relation: Any) -> str:
        """Which definition the equation is as it stands, though the claim is another equation."""
        for definition in self.claim.where:
            told = definition.head - definition.body
            if _proportional(relation.lhs - relation.rhs, told):
                if _proportional(self.residual, told):
                    continue
                return f"it restates the definition of {definition.head}"
        return ""

    def _vanishes(self, expr: Any, rng: np.random.Generator) -> bool:
        return decide_zero(expr, self.relations, rng=rng).status == "proved"

    def _levels(self, relation: Any) -> Iterator[Any]:
        """Ways to insert definitions: none, those of which one side only speaks, all."""
        where = self.claim.where
        spoken = {d.symbol for d in where if self.claim.statement.has(d.symbol)}
        written = {d.symbol for d in where if relation.has(d.symbol)}
        seen: list[set[Any]] = []
        for chosen in (
            set(),
            spoken - written,
            written - spoken,
            spoken ^ written,
            {d.symbol for d in where},
        ):
            if chosen in seen:
                continue
            seen.append(chosen)
            yield self._inserting(chosen)

    def _inserting(self, chosen: set[Any]) -> Any:
        definitions = tuple(d for d in self.claim.where if d.symbol in chosen)

        def level(expr: Any) -> Any:
            return differentiated(expand_all(definitions, differentiated(expr)))

        return level

    def _multiple(self, one: Any, other: Any, rng: np.random.Generator) -> Comparison:
        """Whether ``one`` is ``other`` times a factor without zeros, both as they stand."""
        other_over, other_under = over(other)
        doubt = ""
        for form in (one, *unlogged(one), *self._squared(one)):
            form_over, form_under = over(form)
            told = (slope for slope, _ in factor_candidates(form_over, other_over))
            ratios = monomial_ratios(form_over, other_over, self.relations, rng)
            for found in chain(told, ratios):
                check_time()
                if not self._vanishes(form_over - found * other_over, rng):
                    continue
                above, below = over(found)
                less = self._zero(above, [other_under])
                more = self._zero(below, [other_under, form_under])
                if less is None and more is None:
                    return proved()
                word, part = ("divided", more) if less is None else ("multiplied", less)
                says = "more" if less is None else "less"
                doubt = (
                    f"it is the claim {word} by {part}, which is not shown to be without zeros: "
                    f"it may say {says}"
                )
        return undecided(doubt)

    def _squared(self, one: Any) -> list[Any]:
        """A^2 - B^2 for A - B where neither side is negative: it vanishes where A - B does."""
        terms = one.as_ordered_terms()
        if len(terms) != 2:
            return []
        first, second = terms
        if self.signs.sign(first) * self.signs.sign(second) != -1:
            return []
        return [first**2 - second**2]

    def _zero(self, product: Any, excluded: Sequence[Any]) -> Any:
        """A factor that may vanish, None for none; what is ``excluded`` vanishes nowhere."""
        if self.signs.sign(product):
            return None
        known = [part for expr in excluded for part in (*bases(expr), *bases(factor(expr)))]
        for part in bases(factor(product)):
            if self.signs.sign(part) or self.signs.sign(part.expand()):
                continue
            if not any((part / other).cancel().is_number for other in known):
                return part
        return None

    def _literally(self, relation: Any, rng: np.random.Generator) -> bool:
        """One side is a side of the claim as it stands, the other the other by definitions."""
        statement = self.claim.statement
        for left, right in ((relation.lhs, relation.rhs), (relation.rhs, relation.lhs)):
            for mine, theirs in ((statement.lhs, statement.rhs), (statement.rhs, statement.lhs)):
                if left == 0 or left != mine or not self._unsolved(right):
                    continue
                if _kept(left, right) and not _kept(left, theirs):
                    continue
                if self._vanishes(differentiated(self.claim.expand(right - theirs)), rng):
                    return True
        return False

    def _unsolved(self, side: Any) -> bool:
        """Whether the side is free of what the claim determines."""
        if self.solved is None:
            return True
        head = self.solved[0]
        return not side.has(head.func if isinstance(head, AppliedUndef) else head)

    def _term_by_term(self, relation: Any) -> bool:
        """The terms are those of the claim, all times one number, on whatever side they stand."""
        mine, theirs = _terms(relation), _terms(self.claim.statement)
        if len(mine) != len(theirs) or len(mine) < 2:
            return False
        for first in mine:
            ratio = first / theirs[0]
            if ratio.is_Rational and ratio != 0:
                wanted = [(ratio * term).expand() for term in theirs]
                if sorted(wanted, key=str) == sorted((t.expand() for t in mine), key=str):
                    return True
        return False

    def _undefined(self, relation: Any, rng: np.random.Generator) -> str:
        """Where the claim is defined and the equation is not; empty where none was found."""
        told = [self.reduced(side) for side in (relation.lhs, relation.rhs)]
        theirs = [self.reduced(self.claim.statement.rhs)]
        atoms = set().union(*(free_atoms(e) for e in (*told, *theirs)))
        domain = Domain(list(atoms), self.relations)
        try:
            mine, other = (compile_expressions(e, domain.atoms) for e in (told, theirs))
        except UnknownFunctionError:
            return ""
        for _ in range(LOOKED_AT):
            point = domain.draw(rng)
            if point is None:
                return ""
            values = [point[a] for a in domain.atoms]
            if all(b.is_finite() for b in evaluate_balls(other, values, 128)) and not all(
                b.is_finite() for b in evaluate_balls(mine, values, 128)
            ):
                where = ", ".join(f"{k} = {v}" for k, v in _texts(point).items())
                return f"it is undefined where the claim is not, as at {where}"
        return ""


def _holds(reduced: Claim, relation: Any, rng: np.random.Generator) -> str:
    """Whether the relation holds by what ``reduced`` defines and assumes."""
    relations = inequalities(reduced)
    rules = premise_rules(assumed_equations(reduced), relations)
    difference = reduced.expand(differentiated(relation.lhs - relation.rhs))
    difference = rewrite(differentiated(difference), rules)
    decision = decide_zero(difference, relations, rng=rng)
    return decision.status if decision.status != "undecided" or decision.decided else "unknown"


def _proportional(one: Any, other: Any) -> bool:
    """Whether an expression is a number times another one, term by term."""
    one, other = (differentiated(e).expand() for e in (one, other))
    if one == 0 or other == 0:
        return False
    mine, theirs = one.as_coefficients_dict(), other.as_coefficients_dict()
    if set(mine) != set(theirs):
        return False
    ratios = {mine[part] / theirs[part] for part in mine}
    return len(ratios) == 1


def _empty(residual: Any) -> bool:
    """Whether the equation holds as it stands, by plain algebra and differentiation."""
    plain = differentiated(residual)
    return plain == 0 or bool(plain.expand() == 0)


def _kept(side: Any, other: Any) -> bool:
    """Whether the one side stands in the other as a whole."""
    return bool(other.has(side)) or set(Add.make_args(side)) <= set(Add.make_args(other))


def _terms(relation: Any) -> list[Any]:
    """All terms with the signs they have on the left."""
    left, right = (Add.make_args(side) for side in (relation.lhs, relation.rhs))
    return [term for term in (*left, *(-term for term in right)) if term != 0]


def _texts(point: Mapping[Any, Fraction]) -> dict[Any, str]:
    return {k: str(v) for k, v in sorted(point.items(), key=lambda item: str(item[0]))}


def told_value(expr: Any, point: Mapping[Any, Fraction]) -> str:
    """A value as text: exact where it is rational, else some digits."""
    exact = expr.xreplace({k: rational(v) for k, v in point.items()})
    if exact.is_Rational:
        return str(exact)
    atoms = list(point)
    try:
        program = compile_expressions([expr], atoms)
        (ball,) = enclose(program, [point[a] for a in atoms], DIGITS)
    except (UnknownFunctionError, ArithmeticError):
        return "undefined"
    return str(ball.str(DIGITS, radius=False))


def told_point(point: Mapping[Any, str]) -> str:
    """The point in one line."""
    return ", ".join(f"{k} = {v}" for k, v in point.items())
