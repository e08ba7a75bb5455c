"""Whether a domain is an interval in one variable, and what lies in that interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Ge, Gt, Le, Lt, S, Symbol
from sympy.core.relational import Relational

from .domain import gap
from .expansion import inequalities
from .signs import Signs
from .tied import runs_freely

__all__ = ["Interval", "interval", "interval_of", "without"]

_CONVEX = [
    Symbol("x", **{kind: True}).assumptions0
    for kind in ("real", "positive", "negative", "nonnegative", "nonpositive")
]
"""Declared domains that are intervals: a number that is not zero, or an integer, has gaps."""


@dataclass(frozen=True)
class Interval:
    """Expressions linear in ``variable`` that are positive or not negative on the interval.

    ``others`` are the relations that do not speak of the variable.
    """

    variable: Any
    bounds: tuple[Any, ...]
    others: tuple[Any, ...]

    def has_inside(self, value: Any) -> bool:
        """Whether ``value`` certainly lies inside; its ends are not inside."""
        signs = Signs(self.others)
        return all(_positive(signs, bound) for bound in self._at(value))

    def reaches(self, value: Any) -> bool:
        """Whether ``value`` certainly lies inside or at an end."""
        signs = Signs(self.others)
        return all(
            _positive(signs, bound) or signs.not_negative(bound) for bound in self._at(value)
        )

    def _at(self, value: Any) -> list[Any]:
        value = S.Zero + value
        found = [bound.xreplace({self.variable: value}) for bound in self.bounds]
        if self.variable.is_extended_nonnegative:
            found.append(value)
        if self.variable.is_extended_nonpositive:
            found.append(-value)
        return found


def _positive(signs: Signs, expr: Any) -> bool:
    return 1 in (signs.sign(expr), signs.sign(expr.expand()))


def interval_of(claim: Claim, variable: Any) -> Interval | None:
    """``interval`` on the domain of a claim; None also where an equation ties the variable."""
    return interval(inequalities(claim), variable) if runs_freely(claim, variable) else None


def interval(relations: Sequence[Any], variable: Any) -> Interval | None:
    """The interval of ``variable`` for given values of all else; None when it may have gaps."""
    if variable.assumptions0 not in _CONVEX:
        return None
    bounds = []
    for relation in relations:
        if not relation.has(variable):
            continue
        if not isinstance(relation, Gt | Ge | Lt | Le):
            return None
        expr = gap(relation)
        if expr.diff(variable, 2).expand() != 0:
            return None
        bounds.append(expr)
    return Interval(variable, tuple(bounds), without(relations, variable))


def without(relations: Sequence[Any], variable: Any) -> tuple[Any, ...]:
    """The relations that do not speak of the variable, and what two that do say together."""
    others = [r for r in relations if not r.has(variable)]
    bounds = [r for r in relations if r.has(variable) and isinstance(r, Gt | Ge | Lt | Le)]
    for one, other in combinations(bounds, 2):
        total = (gap(one) + gap(other)).expand()
        if not total.has(variable) and not total.is_number:
            firm = isinstance(one, Gt | Lt) or isinstance(other, Gt | Lt)
            others.append((Gt if firm else Ge)(total, 0))
    return tuple(r for r in others if isinstance(r, Relational))
