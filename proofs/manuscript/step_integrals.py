r"""Steps by integration: what does not change and vanishes at one place vanishes everywhere.

Left minus right of the goal is D.  Where D' = 0 by the premises, for every value of the variable
in its interval, and D = 0 at one place of it, D = 0, if D is defined on the way.  It is where
the premises are, as they are told for all values of the variable; where signs tell so; and where
a part p obeys p' = k p with k defined, for then p vanishes nowhere or everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Derivative, Dummy, Eq, Function, Integral, Pow, S, Subs, log
from sympy.core.function import AppliedUndef

from ..expansion import assumed_equations, inequalities
from ..intervals import interval_of
from ..poles import SMOOTH
from ..rules import differentiated, premise_rules, rewrite
from ..signs import Signs
from .generators import factor_candidates, solved_for
from .places import inside, put, rates_alike, specialised
from .step_court import vanishes
from .time_limit import check_time
from .undefined_at import conditions, factors_of

__all__ = ["integrated"]


def integrated(
    base: Claim,
    premises: Sequence[Any],
    goal: Any,
    moving: Mapping[Any, frozenset[Any]],
    numbers: Mapping[Any, Any],
    rng: np.random.Generator,
) -> str | None:
    """Empty where integration shows the goal, else what is missing; None where it is no way.

    ``numbers``: what stands for values of functions at places.
    """
    difference = goal.lhs - goal.rhs
    for variable in sorted(set().union(*moving.values()) if moving else (), key=str):
        if not difference.has(variable) or interval_of(base, variable) is None:
            continue
        way = _Way(base, premises, variable, moving, numbers)
        factor_of = way.growth(difference, rng)
        if factor_of is None:
            continue
        for start in way.starts(difference):
            there = specialised(base, premises, Eq(way.at(difference, start), 0), moving)
            known = [*premises, *(p.xreplace(dict(numbers)) for p in there)]
            if vanishes(base, known, way.at(difference, start), rng):
                return way.doubt(difference, start) or way.doubt(factor_of, start)
    return None


@dataclass
class _Way:
    """The values that the variable runs through."""

    base: Claim
    premises: Sequence[Any]
    variable: Any
    moving: Mapping[Any, frozenset[Any]]
    numbers: Mapping[Any, Any]

    def growth(self, expr: Any, rng: np.random.Generator) -> Any:
        """The k with D' = k D by the premises, None where there is none."""
        rate = differentiated(differentiated(expr).diff(self.variable))
        if vanishes(self.base, self.premises, rate, rng):
            return S.Zero
        if expr.has(Integral):
            return None
        own, rate = self._known(expr), self._solved(self._known(rate))
        for factor_of, _ in factor_candidates(rate, own):
            check_time()
            if vanishes(self.base, self.premises, rate - factor_of * own, rng):
                return factor_of
        return None

    def _solved(self, expr: Any) -> Any:
        """With the rates that the premises determine."""
        told = [solved_for(p) for p in self.premises if not p.atoms(Subs)]
        rates = {head: formula for head, formula in filter(None, told) if head.is_Derivative}
        return expr.xreplace(rates)

    def starts(self, expr: Any) -> Iterator[Any]:
        """Places of the interval of which the expression, or what is assumed, speaks."""
        told = [expr, *self.base.given, *self.numbers]
        calls = {x for part in told for f in part.atoms(AppliedUndef) for x in f.args}
        integrals = {node for part in told for node in part.atoms(Integral)}
        lower = {limit[1] for node in integrals for limit in node.limits if limit[1:]}
        for place in [S.Zero, *sorted((calls | lower) - {S.Zero}, key=str)]:
            if not place.has(self.variable) and inside(
                self.base, self.variable, place, self.moving
            ):
                yield place

    def at(self, expr: Any, place: Any) -> Any:
        """The value at a place; an integral from there to there is 0."""
        value = put(expr, self.variable, place)
        empty = {
            node: S.Zero
            for node in value.atoms(Integral)
            if len(node.limits) == 1 and self._known(node.limits[0][1] - node.limits[0][2]) == 0
        }
        value = rates_alike(differentiated(value.xreplace(empty)), self.moving)
        return value.xreplace(dict(self.numbers))

    @cached_property
    def signs(self) -> Signs:
        """Signs that are known."""
        return Signs(inequalities(self.base))

    @cached_property
    def _rules(self) -> Any:
        return premise_rules(assumed_equations(self.base), inequalities(self.base))

    def _known(self, expr: Any) -> Any:
        return rewrite(differentiated(self.base.expand(expr)), self._rules).expand()

    @cached_property
    def _excluded(self) -> set[Any]:
        """What does not vanish since the premises, that hold everywhere, are defined."""
        told = [part for p in self.premises for part in (p, self.base.expand(p))]
        asked = {part for r in told for kind, part in conditions(r) if kind != "root"}
        found = {base for part in asked for base in factors_of(part)}
        # A pole at a known place, as of 1/(t - 3), cuts the interval in two instead.
        return {part for part in found if self._unknown(part)}

    def _unknown(self, part: Any) -> bool:
        calls = self.base.expand(part).atoms(AppliedUndef)
        return any(call.has(self.variable) for call in calls)

    def doubt(self, expr: Any, start: Any) -> str:
        """Why the expression may be undefined on the way; empty where it is defined."""
        strange = self._strange(expr)
        if strange:
            return strange
        for kind, part in sorted(conditions(expr), key=str):
            if part.has(self.variable) and not self._kept(part, kind):
                return f"{part} is not shown to be without zeros on the way"
        return self._under_integrals(expr, start)

    def _strange(self, expr: Any) -> str:
        for node in expr.atoms(Function, Pow):
            smooth = isinstance(node, (AppliedUndef, Pow, log, *SMOOTH))
            if node.has(self.variable) and not smooth:
                return f"{node} is not shown to be smooth"
        return ""

    def _under_integrals(self, expr: Any, start: Any) -> str:
        for node in expr.atoms(Integral):
            if len(node.limits) != 1 or len(node.limits[0]) != 3:
                return f"{node} is no integral of one variable"
            if node.function.atoms(Integral):
                return f"{node} is an integral of another one"
            x, low, high = node.limits[0]
            doubt = self._strange(node.function.xreplace({x: self.variable}))
            if doubt:
                return doubt
            # What lies between the ends is passed on the way, where the way leads from end to end.
            passed = self._known(self.at(high, start) - low) == 0
            for kind, part in conditions(node.function):
                still = not part.xreplace({x: Dummy()}).has(self.variable)
                held = passed and still and self._kept(part.xreplace({x: high}), kind)
                if not held and not self._between(part, x, low, high, kind):
                    return f"{part} is not shown to be without zeros between {low} and {high}"
        return ""

    def _between(self, part: Any, x: Any, low: Any, high: Any, kind: str) -> bool:
        """Whether a part that is linear in x has one sign at both ends, or one at all."""
        if part.diff(x, 2).expand() != 0:
            sign = self.signs.sign(part)
            return sign == 1 or (sign == -1 and kind == "zero")
        ends = {self.signs.sign(self.base.expand(part.xreplace({x: end}))) for end in (low, high)}
        return ends == {1} or (ends == {-1} and kind == "zero")

    def _kept(self, part: Any, kind: str) -> bool:
        """Whether the part vanishes nowhere on the way, and has no pole there.

        Then it keeps its sign, which is right where the goal has a value at all.
        """
        check_time()
        return all(self._nonzero(base) for base in factors_of(part))

    def _nonzero(self, part: Any) -> bool:
        if part.is_number or not part.has(self.variable):
            return True
        expanded = self.base.expand(part)
        if self.signs.sign(expanded) or self.signs.sign(expanded.expand()):
            return True
        if any((part / other).cancel().is_number for other in self._excluded if other != 0):
            return True
        return self._invariant(part)

    def _invariant(self, part: Any) -> bool:
        """Whether p' = k p with k defined: p then vanishes everywhere or nowhere."""
        if part.has(Integral):
            return False
        value, rate = self._known(part), self._known(differentiated(part).diff(self.variable))
        if value == 0 or rate.has(Derivative):
            return False
        factor_of = (rate / value).cancel()
        poles = [base for _, p in conditions(factor_of) for base in factors_of(p)]
        return not self._strange(factor_of) and all(
            not p.has(self.variable) or self.signs.sign(p) for p in poles
        )
