"""Evidence ``region``: inequalities and equivalences over a whole, also unbounded, domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Add, Equivalent, Ge, Gt, Le, Lt, Mul, S, exp, factor, fraction, log, together

from .boxes import cover
from .certificates import recheck
from .domain import Domain, gap, strict
from .evidence import Budget
from .exact.atoms import Atoms
from .exact.normal_form import vanishes
from .expansion import inequalities
from .poles import defined_throughout
from .probes import steep
from .rules import differentiated
from .signs import Signs
from .trial import Trial, relations_of
from .verdicts import Status, Verdict

__all__ = ["Region", "positive_multiple", "prove_relation"]


class Region:
    """Signs proved by structure and polynomial certificates; balls and bisection for the rest.

    Proved: every gap has a certain sign on the domain (an equivalence: both gaps are positive
    multiples of each other), and every certificate passes its recheck.  Enclosed: the domain is
    a bounded box, every part of which a ball decides.  Leftover boxes are reported.
    """

    kind = "region"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Inequalities and equivalences that hold and have no derivation of their own."""
        if claim.expects == "refuted":
            return False
        return claim.kind in ("inequality", "equivalence") and claim.derivation is None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Proved, enclosed, refuted (a box on which the statement fails) or undecided."""
        relations = inequalities(claim)
        domain = Trial(claim).domain
        if domain.draw(rng) is None:
            reason = "no point was found that satisfies the assumptions"
            return Verdict(self.kind, Status.VACUOUS, reason=reason)
        proof = prove_relation(claim, relations)
        if proof:
            return Verdict(self.kind, Status.PROVED, 1, 1, worst=proof)
        return self._bisected(claim, relations)

    def _bisected(self, claim: Claim, relations: Sequence[Any]) -> Verdict:
        trial = Trial(claim)
        if isinstance(claim.statement, Equivalent):
            reason = "no gap of the equivalence is shown to be a positive multiple of the other"
            return Verdict(self.kind, Status.UNDECIDED, 1, 0, reason=reason)
        found = cover(trial.program, trial.domain.atoms, relations)
        if found is None:
            reason = "no certificate, and the domain is no bounded box that balls could cover"
            return Verdict(self.kind, Status.UNDECIDED, 1, 0, reason=reason)
        if found.failing:
            return Verdict(
                self.kind,
                Status.REFUTED,
                found.drawn,
                found.decided,
                worst=found.failing,
                reason=f"the statement fails on the whole box {found.failing}",
            )
        good = not found.left
        return Verdict(
            self.kind,
            Status.ENCLOSED if good else Status.UNDECIDED,
            found.drawn,
            found.decided,
            worst="" if good else found.left[0],
            reason="" if good else f"{len(found.left)} boxes are left, for example {found.left[0]}",
        )


def prove_relation(claim: Claim, relations: Sequence[Any]) -> str:
    """How the inequality or equivalence is proved on all of the domain; empty when it is not."""
    parts = relations_of(claim.statement)
    gaps = [differentiated(claim.expand(gap(r))) for r in parts]
    if isinstance(claim.statement, Equivalent):
        if len(gaps) != 2 or strict(parts[0]) != strict(parts[1]):
            return ""
        # In this order: the quotient of two gaps may be an expression of any size.
        if _monotone(gaps[0], gaps[1], relations) or _monotone(gaps[1], gaps[0], relations):
            return "one gap is monotone and vanishes where the other does"
        one, other = gaps
        return "both gaps have one sign" if positive_multiple(one, other, relations) else ""
    signs = Signs(relations)
    for candidate in _forms(gaps[0], signs):
        if signs.sign(candidate) == 1:
            if not all(recheck(c) for c in signs.certificates):
                return ""
            return f"{len(signs.certificates)} certificates" if signs.certificates else "signs"
    return ""


def positive_multiple(one: Any, other: Any, relations: Sequence[Any]) -> bool:
    """Whether the quotient of the two expressions is certainly positive on the domain."""
    if vanishes(one) or vanishes(other):
        return vanishes(one) and vanishes(other)
    signs = Signs(relations)
    symbols = {x for e in (one, other, *relations) for x in e.free_symbols}
    positive = Domain(list(symbols), relations).positive
    for left in _forms(one, signs):
        for right in _forms(other, signs):
            quotient = Atoms(positive).canonical(left / right)
            if not steep(quotient):
                quotient = factor(quotient)
            if signs.sign(quotient) == 1:
                return all(recheck(c) for c in signs.certificates)
    return False


def _monotone(one: Any, other: Any, relations: Sequence[Any]) -> bool:
    """``other`` has the sign of x - y, and ``one`` increases in x and vanishes at x = y.

    The mean value theorem then gives both one sign, where the domain is an interval in x that
    contains y.  The denominators of ``one``, where positive, are cleared first.
    """
    signs = Signs(relations)
    other = _without_positive_factors(other, signs)
    pieces = sorted(other.free_symbols, key=str)
    if len(pieces) != 2:
        return False
    numerator, denominator = fraction(together(one))
    if signs.sign(denominator) != 1:
        return False
    for x, y in (pieces, pieces[::-1]):
        direction = {x - y: 1, y - x: -1}.get(other, 0)
        if not direction or not interval_with(relations, x, y, signs):
            continue
        if not defined_throughout(numerator, signs, x):
            continue
        if (
            vanishes(numerator.xreplace({x: y}))
            and signs.sign((direction * numerator.diff(x)).expand(log=False)) == 1
        ):
            return all(recheck(c) for c in signs.certificates)
    return False


def _without_positive_factors(expr: Any, signs: Signs) -> Any:
    """An expression of the same sign, free of the factors that are certainly positive."""
    if steep(expr) or not expr.is_rational_function():
        return expr
    parts = Mul.make_args(factor(expr))
    if len(parts) == 1:
        return expr
    return Mul(*(part for part in parts if signs.sign(part) != 1))


def interval_with(relations: Sequence[Any], x: Any, y: Any, signs: Signs) -> bool:
    """Whether the domain is an interval in ``x`` that contains ``y`` with it."""
    if y.assumptions0 != x.assumptions0:
        return False
    for relation in relations:
        if not relation.has(x):
            continue
        if not isinstance(relation, Gt | Ge | Lt | Le):
            return False
        expr = gap(relation)
        if expr.diff(x, 2) != 0:
            return False
        if relation.xreplace({x: y}) not in relations and signs.sign(expr.xreplace({x: y})) != 1:
            return False
    return True


def _forms(expr: Any, signs: Signs) -> list[Any]:
    """Expressions that have the sign of ``expr`` on the domain."""
    forms = [expr]
    numerator, denominator = fraction(together(expr))
    if denominator != 1 and signs.sign(denominator) == 1:
        forms.append(numerator)
    return [*forms, *(plain for form in forms for plain in _without_logarithms(form))]


def _without_logarithms(expr: Any) -> list[Any]:
    """Forms of the same sign: k (log A - p log B - c) has the sign of k (A - B^p e^c).

    A and B are positive where the logarithms are defined.  One form for each logarithm taken as
    A; none where there are products of logarithms.
    """
    if not expr.has(log):
        return []
    terms = Add.make_args(expr.expand(log=False))
    logs = [_logarithm(term) for term in terms if term.has(log)]
    if None in logs:
        return []
    rest = sum((term for term in terms if not term.has(log)), S.Zero)
    forms = []
    for scale in dict.fromkeys(front for front, _ in logs):
        over, under = S.One, exp((-rest / scale).cancel())
        for front, argument in logs:
            share = (front / scale).cancel()
            if share.could_extract_minus_sign():
                under *= argument**-share
            else:
                over *= argument**share
        forms.append(scale * (over - under))
    return forms


def _logarithm(term: Any) -> Any:
    factors = Mul.make_args(term)
    logs = [f for f in factors if isinstance(f, log)]
    if len(logs) != 1 or (term / logs[0]).has(log):
        return None
    return term / logs[0], logs[0].args[0]
