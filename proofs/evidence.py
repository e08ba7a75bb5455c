"""Evidence: one way of looking at a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from lemmata.theory.claims import Claim

from .verdicts import Verdict

__all__ = ["BUDGETS", "Budget", "Evidence"]


@dataclass(frozen=True, slots=True)
class Budget:
    """How much work evidence may do: points drawn, digits of enclosures, networks trained.

    ``networks``: of one region of parameters, trained at once on ``device``.
    """

    profile: str
    points: int
    digits: int
    trajectories: bool
    networks: int = 0
    device: str = "cpu"


BUDGETS = {
    "quick": Budget("quick", points=12, digits=15, trajectories=False),
    "full": Budget("full", points=60, digits=30, trajectories=True, networks=256),
    "thorough": Budget("thorough", points=400, digits=50, trajectories=True, networks=4096),
}


class Evidence(Protocol):
    """A kind of evidence: ``applies`` to a claim or not, and ``check`` gives a verdict."""

    kind: str

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Whether this kind can say anything about the claim."""
        ...

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """The verdict; a kind that cannot decide says so."""
        ...
