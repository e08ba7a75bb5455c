"""Evidence ``identity``: the statement with definitions expanded is decided by the zero test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from lemmata.theory.claims import Claim

from .evidence import Budget
from .exact.zero_test import ZeroDecision, decide_zero
from .expansion import inequalities, residuals
from .points import readable
from .tied import derivation_decides, self_contained
from .uniqueness import missing_data
from .verdicts import Status, Verdict

__all__ = ["Identity", "decide_claim"]


def decide_claim(claim: Claim, rng: np.random.Generator, draws: int) -> list[ZeroDecision]:
    """One decision for each residual of an equation or a solution."""
    relations = inequalities(claim)
    found = [decide_zero(r, relations, rng=rng, draws=draws) for r in residuals(claim)]
    if self_contained(claim):
        return found
    reason = "the assumptions tie the functions to other times: only a derivation can decide"
    return [
        replace(d, status="undecided", reason=reason) if d.status == "refuted" else d for d in found
    ]


class Identity:
    """Equations and solutions: proved by the normal form, refuted by a ball at an exact point."""

    kind = "identity"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Equations between scalars."""
        return claim.kind in ("equation", "solution") and not derivation_decides(claim)

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Proved when every residual vanishes identically."""
        decisions = decide_claim(claim, rng, budget.points)
        for decision in decisions:
            if decision.status == "refuted":
                return Verdict(
                    self.kind,
                    Status.REFUTED,
                    drawn=len(decisions),
                    decided=len(decisions),
                    worst=f"left - right = {decision.ball}",
                    reason="the two sides differ at the counterexample",
                    counterexample=readable(decision.point or {}),
                )
        undecided = [d for d in decisions if d.status != "proved"]
        reason = undecided[0].reason if undecided else missing_data(claim)
        status = Status.UNDECIDED if undecided or not decisions or reason else Status.PROVED
        return Verdict(
            self.kind,
            status,
            drawn=len(decisions),
            decided=len(decisions) - len(undecided),
            reason=reason,
        )
