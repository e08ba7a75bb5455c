"""Evidence ``points``: exact points of the domain, decided by balls."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.theory.claims import Claim
from lemmata.theory.gaussian import GaussianAverage

from .averages_rule import averaged, unknown_under_average
from .evidence import Budget
from .strategies.domains import points_of
from .tied import derivation_decides, self_contained
from .trial import Trial
from .verdicts import Status, Verdict

__all__ = ["Points", "readable"]

POINTS_PER_AVERAGE = 6
"""An average takes as long as a thousand operations: with averages fewer points are drawn."""


class Points:
    """Hypothesis draws exact rationals that satisfy ``given``; balls decide rigorously.

    For equations a point confirms that the balls of both sides overlap; for inequalities and
    equivalences that they hold.  A failing point is a rigorous refutation; Hypothesis shrinks it.
    """

    kind = "points"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Scalar claims whose statement can be read at a point."""
        if claim.kind == "matrix" or unknown_under_average(claim):
            return False
        return not derivation_decides(claim) or (averaged(claim) and self_contained(claim))

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """Sampled when every decided point agrees; vacuous when no point of the domain exists."""
        try:
            trial = Trial(claim)
        except UnknownFunctionError as error:
            return Verdict(self.kind, Status.UNDECIDED, reason=str(error))
        search = _Search(trial)
        averages = claim.expand(claim.statement).atoms(GaussianAverage)
        count = -(-budget.points // POINTS_PER_AVERAGE) if averages else budget.points
        found = search.run(count, int(rng.integers(2**32)))
        drawn, decided = search.drawn, search.decided
        if found is not None:
            return Verdict(
                self.kind,
                Status.REFUTED,
                drawn,
                decided,
                worst=trial.describe(found),
                reason="the statement fails at the counterexample",
                counterexample=readable(found),
            )
        if not drawn:
            reason = "no point was found that satisfies the assumptions"
            return Verdict(self.kind, Status.VACUOUS, reason=reason)
        if not decided:
            return Verdict(self.kind, Status.UNDECIDED, drawn, 0, reason=_why(trial))
        return Verdict(self.kind, Status.SAMPLED, drawn, decided)


class _FoundError(Exception):
    """A point at which the claim fails."""


class _Search:
    """One campaign of Hypothesis: counts, and the simplest failing point."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.drawn = self.decided = 0
        self.failing: Mapping[Any, Fraction] | None = None

    def run(self, count: int, start: int) -> Mapping[Any, Fraction] | None:
        """The simplest failing point among ``count`` draws, or None."""
        if not self.trial.domain.atoms:
            count = 1

        @seed(start)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
        )
        @given(points_of(self.trial.domain))
        def look(point: Mapping[Any, Fraction]) -> None:
            holds = self.trial.holds(point)
            if self.failing is None:
                self.drawn += 1
                self.decided += holds is not None
            if holds is False:
                self.failing = point
                raise _FoundError

        with suppress(_FoundError, Unsatisfiable):
            look()
        return self.failing


def _why(trial: Trial) -> str:
    if not trial.refutes:
        return "the assumptions tie the functions to other times: only a derivation can decide"
    return "no point was decided"


def readable(point: Mapping[Any, Fraction]) -> dict[str, str]:
    """A counterexample as names and exact values."""
    return {str(atom): str(value) for atom, value in sorted(point.items(), key=lambda i: str(i[0]))}
