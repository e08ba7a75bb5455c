"""Evidence ``points``: exact points of the domain, decided by balls."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.theory.claims import Claim
from sympy import Equivalent, Ge, Gt, Le, Lt

from .domain import Domain, gap
from .evidence import Budget
from .exact.zero_test import free_atoms
from .expansion import inequalities, residuals
from .identity import readable
from .verdicts import Status, Verdict

__all__ = ["Points"]

BITS = 512


class Points:
    """Draws exact rationals that satisfy ``given``; balls decide each statement rigorously.

    For equations a point confirms that the residual's ball contains zero; for inequalities and
    equivalences that they hold.  A failing point is a rigorous refutation, shrunk towards small
    numbers.
    """

    kind = "points"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Scalar claims."""
        return claim.kind != "matrix"

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Sampled when every decided point agrees; vacuous when no point of the domain exists."""
        try:
            trial = _Trial(claim)
        except UnknownFunctionError as error:
            return Verdict(self.kind, Status.UNDECIDED, reason=str(error))
        drawn = decided = 0
        for _ in range(budget.points):
            point = trial.domain.draw(rng)
            if point is None:
                break
            drawn += 1
            holds = trial.holds(point)
            if holds is False:
                small = _shrink(trial, point)
                return Verdict(
                    self.kind,
                    Status.REFUTED,
                    drawn,
                    decided + 1,
                    worst=trial.describe(small),
                    reason="the statement fails at the counterexample",
                    counterexample=readable(small),
                )
            decided += holds is not None
        if not drawn:
            return Verdict(self.kind, Status.VACUOUS, reason="no point satisfies the assumptions")
        if not decided:
            return Verdict(self.kind, Status.UNDECIDED, drawn, 0, reason="no point was decided")
        return Verdict(self.kind, Status.SAMPLED, drawn, decided)


class _Trial:
    """A claim compiled once: its domain and what must be looked at in each point."""

    def __init__(self, claim: Claim) -> None:
        if claim.kind in ("equation", "solution"):
            self.parts = residuals(claim)
        else:
            self.parts = [claim.expand(gap(r)).doit() for r in _atoms_of(claim.statement)]
        self.claim = claim
        relations = inequalities(claim)
        atoms: set[Any] = set()
        for expr in (*self.parts, *relations):
            atoms |= set(free_atoms(expr))
        self.domain = Domain(list(atoms), relations)
        self.program = compile_expressions(self.parts, self.domain.atoms)

    def holds(self, point: dict[Any, Fraction]) -> bool | None:
        """Whether the statement holds at the point; None when balls cannot decide."""
        results = sign(self.program, [point[a] for a in self.domain.atoms], BITS)
        if self.claim.kind in ("equation", "solution"):
            if any(r.sign is not None for r in results):
                return False
            return True if all(r.ball.is_finite() for r in results) else None
        truths = [None if r.sign is None else r.sign > 0 for r in results]
        if any(truth is None for truth in truths):
            return None
        if isinstance(self.claim.statement, Equivalent):
            return len(set(truths)) == 1
        return bool(truths[0])

    def describe(self, point: dict[Any, Fraction]) -> str:
        """The values of the parts at the point."""
        results = sign(self.program, [point[a] for a in self.domain.atoms], BITS)
        return ", ".join(result.ball.str(12, radius=False) for result in results)


def _atoms_of(statement: Any) -> list[Any]:
    if isinstance(statement, Gt | Ge | Lt | Le):
        return [statement]
    return sorted(statement.args, key=str)


def _shrink(trial: _Trial, point: dict[Any, Fraction]) -> dict[Any, Fraction]:
    """The point with each coordinate replaced by the simplest value that still fails."""
    simple = [Fraction(n, d) for d in (1, 2, 3, 4, 10) for n in (1, 2, 3)]
    for atom in trial.domain.atoms:
        for value in simple:
            if _size(value) >= _size(point[atom]):
                continue
            candidate = {**point, atom: value}
            if trial.domain.contains(candidate) and trial.holds(candidate) is False:
                point = candidate
                break
    return point


def _size(value: Fraction) -> int:
    return abs(value.numerator) + value.denominator
