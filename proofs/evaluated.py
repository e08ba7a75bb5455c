"""Evidence ``evaluation``: the formulas that ``evaluate`` computes are those that are stated."""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.registry import REGISTRY
from sympy import preorder_traversal

from .evidence import Budget
from .exact.zero_test import decide_zero
from .expansion import inequalities
from .verdicts import Status, Verdict

__all__ = ["Evaluated"]


class Evaluated:
    """Proved when each output solves what is given, or stands in the statement or its terms."""

    kind = "evaluation"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that evaluate to something."""
        return claim.evaluation is not None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """One decision an output."""
        what = claim.evaluation
        assert what is not None
        stated = claim if not what.certified_by else REGISTRY[what.certified_by]
        count = len(what.outputs)
        for number, (name, expr) in enumerate(what.outputs.items()):
            status, reason = _stands_in(stated, expr, rng)
            if status is not Status.PROVED:
                told = f"{name} is not what {stated.id} states: {reason}"
                return Verdict(self.kind, status, count, number, name, told)
        return Verdict(self.kind, Status.PROVED, count, count)


def _stands_in(stated: Claim, expr: Any, rng: np.random.Generator) -> tuple[Status, str]:
    sides = [stated.statement, stated.expand(stated.statement), *(d.body for d in stated.where)]
    if any(expr == part for side in sides for part in preorder_traversal(side)):
        return Status.PROVED, ""
    if stated.kind != "solution":
        return Status.UNDECIDED, f"{expr} does not occur in it"
    relations = inequalities(stated)
    decision = decide_zero(expr - stated.expand(stated.statement.rhs), relations, rng=rng)
    return Status[decision.status.upper()], decision.reason or decision.ball
