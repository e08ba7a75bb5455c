"""Evidence ``witness``: the recorded point at which a slogan fails, and by exactly how much."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_calculus import TimeDerivative
from sympy import Integer, Mul

from .domain import Domain, rational
from .evidence import Budget
from .exact.normal_form import vanishes
from .expansion import inequalities
from .trial import Trial
from .verdicts import Status, Verdict
from .words.errors import OutOfReachError
from .words.fields import Rationals
from .words.values import Point, Values

__all__ = ["Witness", "matrix_fault", "matrix_sides", "scalar_fault"]


class Witness:
    """Refuted, as a guard must be, when the recorded point shows exactly the recorded failure.

    Undecided when the point is outside the domain, when a difference is not the recorded one, or
    when the statement holds there: then it is no longer the slogan that was recorded.
    """

    kind = "witness"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims with a recorded witness."""
        return claim.witness is not None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Compare every difference at the point with its record."""
        assert claim.witness is not None
        wrong = matrix_fault(claim) if claim.kind == "matrix" else scalar_fault(claim)
        count = len(claim.witness.difference)
        at = {str(k): str(v) for k, v in claim.witness.at.items()}
        if wrong:
            return Verdict(self.kind, Status.UNDECIDED, count, 0, reason=wrong, counterexample=at)
        told = ", ".join(str(d) for d in claim.witness.difference)
        return Verdict(
            self.kind,
            Status.REFUTED,
            count,
            count,
            worst=f"left - right = {told}",
            reason="the statement fails at the recorded point",
            counterexample=at,
        )


def scalar_fault(claim: Claim) -> str:
    """Why a scalar claim does not fail as its witness records; empty when it does."""
    assert claim.witness is not None
    try:
        trial, at = Trial(claim), claim.witness.at
    except UnknownFunctionError as error:
        return str(error)
    missing = [a for a in trial.domain.atoms if a not in at]
    if missing:
        return f"the witness gives no value to {missing[0]}"
    point = {a: Fraction(int(at[a].p), int(at[a].q)) for a in trial.domain.atoms}
    if Domain(trial.domain.atoms, inequalities(claim)).contains(point) is not True:
        return "the witness is outside the domain"
    values = {k: rational(v) for k, v in point.items()}
    found = [expr.subs(values) for expr in trial.gaps]
    if len(found) != len(claim.witness.difference):
        return f"the statement compares {len(found)} things, the record has another number"
    for value, recorded in zip(found, claim.witness.difference, strict=True):
        if not vanishes(value - recorded):
            return f"left - right is {value} at the witness, recorded is {recorded}"
    return "" if trial.holds(point) is False else "the statement does not fail at the witness"


def matrix_fault(claim: Claim) -> str:
    """Why a matrix claim does not fail as its witness records; empty when it does."""
    assert claim.witness is not None
    try:
        (left, right), broken = matrix_sides(claim)
    except (ArithmeticError, OutOfReachError) as error:
        return f"the statement has no exact value at the witness: {error}"
    if broken:
        return f"the witness does not satisfy {broken}"
    found = [rational(Fraction(int(x.p), int(x.q))) for x in (left - right).entries()]
    if tuple(found) != tuple(claim.witness.difference):
        return f"left - right is {found} at the witness, recorded is {claim.witness.difference}"
    return "" if any(found) else "the statement does not fail at the witness"


def matrix_sides(claim: Claim) -> tuple[tuple[Any, Any], str]:
    """Left and right at the witness in exact rationals, and an assumption broken there."""
    assert claim.witness is not None
    at = claim.witness.at
    matrices = {k: v.tolist() for k, v in at.items() if hasattr(v, "tolist")}
    scalars = {k: v for k, v in at.items() if not hasattr(v, "tolist")}
    for letter, rows in matrices.items():
        scalars.update(zip(letter.shape, map(Integer, (len(rows), len(rows[0]))), strict=True))
    given = claim.facts.given if claim.facts else ()
    still = Values(Point(scalars=scalars, matrices=matrices), Rationals())
    rates = {letter: [[0] * len(r[0]) for _ in r] for letter, r in matrices.items()}
    for equation in given:
        moving = [d.args[0] for d in equation.lhs.atoms(TimeDerivative)]
        if moving:
            factor = still.scalar(Mul(*[a for a in equation.lhs.args if not _is_matrix(a)]))
            rates[moving[0]] = (still.matrix(equation.rhs) * (1 / factor)).tolist()
        elif not still.numbers.is_zero(still.matrix(equation.lhs) - still.matrix(equation.rhs)):
            return (None, None), str(equation)
    values = Values(Point(scalars=scalars, matrices=matrices, rates=rates), Rationals())
    return (values.matrix(claim.statement.lhs), values.matrix(claim.statement.rhs)), ""


def _is_matrix(expr: Any) -> bool:
    return bool(getattr(expr, "is_Matrix", False))
