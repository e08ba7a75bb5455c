"""Rows that only continue an equation: each of their links has to follow from the claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim

from ..verdicts import Status
from .comparing import SECONDS, prepared, undecided_cases
from .comparison import Comparison, Known, proved, undecided
from .time_limit import OutOfTimeError, limited

__all__ = ["all_follow"]


def all_follow(
    claim: Claim, about: Known, links: Sequence[Any], rng: np.random.Generator
) -> Comparison:
    """Whether every link follows from the claim; the first that is refuted decides."""
    if claim.expects == "refuted":
        return undecided(f"{claim.id} is a slogan known to be false: nothing follows from it")
    doubt = None
    try:
        with limited(SECONDS):
            for link in links:
                plain = prepared(claim, link, rng)
                cases = undecided_cases(claim, plain)
                found = undecided(cases) if cases else about.follows(plain, rng)
                if found.status is Status.REFUTED:
                    return found
                if found.status is not Status.PROVED:
                    doubt = doubt or found
    except OutOfTimeError:
        return undecided(f"not decided within {SECONDS:g} s")
    return doubt or proved()
