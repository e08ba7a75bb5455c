"""Evidence ``mutants``: every single change of the statement is refuted or proved equivalent."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq

from .evidence import Budget
from .identity import decide_claim
from .mutations import mutants as scalar_mutants
from .points import Points
from .verdicts import Status, Verdict
from .words.decide import decide
from .words.mutants import mutants as matrix_mutants

__all__ = ["FLOOR", "MutantEvidence"]

FLOOR = 8
LIMITS = {"quick": 16, "full": 60, "thorough": None}


class MutantEvidence:
    """Proved when no mutant is alive and there are at least ``FLOOR``; else undecided.

    A guard (``expects="refuted"``) is false already: there a mutant is killed when it is shown to
    be a different statement from the one that is guarded, so that the recorded slogan is pinned.
    """

    kind = "mutants"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Every claim."""
        return True

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Counts total, refuted, equivalent, alive; ``worst`` names a survivor."""
        outcomes = self._outcomes(claim, budget, rng)
        counts = dict.fromkeys(("refuted", "equivalent", "alive"), 0)
        survivors = []
        for change, outcome in outcomes:
            counts[outcome] += 1
            if outcome == "alive":
                survivors.append(change)
        total = len(outcomes)
        good = not survivors and total >= FLOOR
        reason = "" if good else _why(survivors, total)
        return Verdict(
            self.kind,
            Status.PROVED if good else Status.UNDECIDED,
            drawn=total,
            decided=total - len(survivors),
            worst=survivors[0] if survivors else "",
            reason=reason,
            counts={"total": total, **counts},
        )

    def _outcomes(
        self, claim: Claim, budget: Budget, rng: np.random.Generator
    ) -> list[tuple[str, str]]:
        limit = LIMITS[budget.profile]
        if claim.kind == "matrix":
            return _matrix_outcomes(claim, limit, rng)
        return [
            (change, _outcome(claim, mutant, budget, rng))
            for change, mutant in islice(scalar_mutants(claim.statement), limit)
        ]


def _why(survivors: list[str], total: int) -> str:
    if survivors:
        return f"{len(survivors)} of {total} mutants survive"
    return f"only {total} mutants, {FLOOR} are needed"


def _matrix_outcomes(
    claim: Claim, limit: int | None, rng: np.random.Generator
) -> list[tuple[str, str]]:
    made = matrix_mutants(claim.statement, claim.facts)
    outcomes = [(m.change, "equivalent") for m in made.equivalent]
    for mutant in islice(made.wrong, limit):
        decision = decide(mutant.equation, claim.facts, rng=rng)
        # A mutant that is defined at no point is vacuous, and vacuous is never a pass.
        nowhere = decision.status == "undecided" and decision.drawn > 0 and not decision.decided
        killed = decision.status == "refuted" or nowhere
        outcomes.append((mutant.change, "refuted" if killed else "alive"))
    return outcomes


def _outcome(claim: Claim, mutant: Any, budget: Budget, rng: np.random.Generator) -> str:
    if claim.expects == "refuted" and isinstance(mutant, Eq):
        mutant = Eq(mutant.lhs - mutant.rhs, claim.statement.lhs - claim.statement.rhs)
        if mutant in (True, False):
            return "equivalent" if mutant == True else "refuted"  # noqa: E712 (SymPy booleans)
    changed = replace(claim, statement=mutant)
    if claim.kind in ("equation", "solution"):
        decisions = decide_claim(changed, rng, 40)
        if any(d.status == "refuted" for d in decisions):
            return "refuted"
        return "equivalent" if all(d.status == "proved" for d in decisions) else "alive"
    verdict = Points().check(changed, replace(budget, points=max(80, budget.points)), rng)
    return "refuted" if verdict.status is Status.REFUTED else "alive"
