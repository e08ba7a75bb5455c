"""Evidence ``matrix``: identities of symbolic size, decided in the free algebra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq

from .evidence import Budget
from .verdicts import Status, Verdict
from .words.decide import Decision, decide

__all__ = ["Matrix", "matrix_verdict"]


class Matrix:
    """Proved by rewriting words for all sizes; refuted at exact matrices."""

    kind = "matrix"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Matrix claims."""
        return claim.kind == "matrix"

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Vacuous when a proof could not be confirmed at any point of the domain."""
        sides = (claim.expand(side) for side in (claim.statement.lhs, claim.statement.rhs))
        stated = Eq(*sides, evaluate=False)
        decision = decide(stated, claim.facts, rng=rng, draws=budget.points)
        if claim.given and decision.status == "refuted":
            reason = "the point may not satisfy the assumptions between numbers"
            decision = replace(decision, status="undecided", reason=reason, counterexample=None)
        return matrix_verdict(self.kind, decision)


def matrix_verdict(kind: str, decision: Decision) -> Verdict:
    """A decision of the free algebra as a verdict."""
    status = Status[decision.status.upper()]
    if decision.status == "proved" and not decision.decided:
        status = Status.VACUOUS
    example = decision.counterexample
    names = (
        {**example.scalars, **{k: str(v) for k, v in example.matrices.items()}} if example else None
    )
    return Verdict(
        kind,
        status,
        drawn=decision.drawn,
        decided=decision.decided,
        worst=f"left {example.left}, right {example.right}" if example else "",
        reason=decision.reason,
        counterexample=names,
    )
