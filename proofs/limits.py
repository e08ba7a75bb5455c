"""Evidence ``limits``: what a formula equals at special values and tends to at infinity."""

from __future__ import annotations

from math import lcm
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.edges import Limit
from sympy import (
    Dummy,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Poly,
    S,
    exp,
    fraction,
    nan,
    oo,
    together,
    zoo,
)
from sympy.core.function import AppliedUndef

from .domain import gap
from .evidence import Budget
from .exact.normal_form import vanishes
from .exact.zero_test import decide_zero
from .expansion import assumed_equations, inequalities
from .intervals import interval
from .poles import continuous_at
from .signs import Signs
from .verdicts import Status, Verdict

__all__ = ["Limits", "limit_at_infinity"]


class Limits:
    """Exact: values are put in; at infinity decaying exponentials are powers of X -> 0.

    A limit at infinity holds where the leading coefficients do not vanish, which the zero test
    shows for the symbols in general.
    """

    kind = "limits"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that declare limits."""
        return bool(claim.limits)

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Proved when every declared limit is; else the worst one is named."""
        relations = inequalities(claim)
        for number, limit in enumerate(claim.limits):
            told = f"{limit.variable} -> {limit.to}"
            if not _reached(claim, limit):
                reason = f"{told}: the domain is not shown to reach there"
                return Verdict(self.kind, Status.UNDECIDED, len(claim.limits), number, told, reason)
            found = _tends_to(claim, limit, relations)
            if found is None:
                reason = f"{told}: not shown to be continuous, or no form in decaying exponentials"
                return Verdict(self.kind, Status.UNDECIDED, len(claim.limits), number, told, reason)
            decision = decide_zero(found - claim.expand(limit.value), relations, rng=rng)
            if decision.status != "proved":
                status = Status[decision.status.upper()]
                reason = f"{told}: it is {found}, not {limit.value}"
                return Verdict(self.kind, status, len(claim.limits), number, told, reason)
        return Verdict(self.kind, Status.PROVED, len(claim.limits), len(claim.limits))


def _reached(claim: Claim, limit: Limit) -> bool:
    """Whether the domain of the variable reaches to the limit, for all values of the rest."""
    relations, variable = inequalities(claim), limit.variable
    if any(d.symbol == variable for d in claim.where) or interval([], variable) is None:
        return False
    if any(e.has(variable) and not e.atoms(AppliedUndef) for e in assumed_equations(claim)):
        return False
    if limit.to is not oo:
        to = claim.expand(S.Zero + limit.to)
        return not to.has(variable) and _closed(relations, variable, to)
    domain = interval(relations, variable)
    if domain is None or variable.is_extended_nonpositive:
        return False
    slopes = [bound.diff(variable).expand() for bound in domain.bounds]
    return all(Signs(domain.others).not_negative(slope) for slope in slopes)


def _closed(relations: list[Any], variable: Any, value: Any) -> bool:
    """Whether every relation holds at the value, or at least its weak form."""
    if any(r.has(variable) and not isinstance(r, Gt | Ge | Lt | Le) for r in relations):
        return False
    signs = Signs([r for r in relations if not r.has(variable)])
    gaps = [gap(r).xreplace({variable: value}) for r in relations if r.has(variable)]
    if variable.is_extended_nonnegative:
        gaps.append(value)
    if variable.is_extended_nonpositive:
        gaps.append(-value)
    return all(signs.not_negative(expr) for expr in gaps)


def _tends_to(claim: Claim, limit: Limit, relations: list[Any]) -> Any:
    expr = claim.expand(claim.statement.rhs)
    if limit.to is oo:
        return limit_at_infinity(expr, limit.variable, Signs(relations))
    to = claim.expand(S.Zero + limit.to)
    if not continuous_at(expr, limit.variable, to, Signs(relations)):
        return None
    value = expr.subs(limit.variable, to)
    return None if value.has(nan, zoo, oo) else value


def limit_at_infinity(expr: Any, variable: Any, signs: Signs) -> Any:
    """Limit as ``variable`` -> oo of a rational function of it or of exponentials linear in it.

    None when the expression is not of that form, or when a rate has no certain sign.
    """
    expr = expr.rewrite(exp)
    grown = [e for e in expr.atoms(exp) if e.has(variable)]
    x = Dummy("X", positive=True)
    if not grown:
        return _at_zero(expr.xreplace({variable: 1 / x}), x)
    rates = [e.exp.diff(variable).expand() for e in grown]
    if any(rate.has(variable) for rate in rates):
        return None
    ratios = [(rate / rates[0]).cancel() for rate in rates]
    direction = signs.sign(rates[0])
    if not direction or not all(ratio.is_Rational for ratio in ratios):
        return None
    scale = Integer(lcm(*(int(ratio.q) for ratio in ratios)))
    powers = {
        e: x ** (-direction * ratio * scale) * exp(e.exp.subs(variable, 0))
        for e, ratio in zip(grown, ratios, strict=True)
    }
    expr = expr.xreplace(powers)
    return None if expr.has(variable) else _at_zero(expr, x)


def _at_zero(expr: Any, x: Any) -> Any:
    """Value at x = 0 of a rational function of x, by its lowest coefficients."""
    parts = fraction(together(expr))
    if not all(part.is_polynomial(x) for part in parts):
        return None
    (over, above), (under, below) = (_lowest(part, x) for part in parts)
    if over is None or above > below:
        return S.Zero
    if above != below or under is None or vanishes(under):
        return None
    return over / under


def _lowest(part: Any, x: Any) -> tuple[Any, int]:
    poly = Poly(part.expand(), x)
    for (power,), coefficient in reversed(poly.terms()):
        if coefficient.cancel() != 0:
            return coefficient, power
    return None, 0
