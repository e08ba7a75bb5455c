"""No level in the middle of a regular tree can be learned first."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Rational

from ..claims import claim
from ..derivations import Derivation, Evident, Follows, Step
from ..edges import Witness
from ..hierarchy.sequences import (
    ANALYZER,
    COHERENCE,
    WITHIN,
    B,
    C,
    D,
    epsilon,
    k,
    lam,
    levels,
    n,
    q,
)

__all__ = ["basic_level", "coherence_peak"]


def _rise(level: Any) -> Any:
    return 4 * n(level) * q(level) * epsilon(level - 1) * (1 - epsilon(level - 1))


_STEPS = (
    Step(
        "the step from the level above",
        Eq(lam(k - 1) - lam(k), _rise(k - 1), evaluate=False),
        Follows(),
    ),
    Step(
        "from two levels above",
        Eq(lam(k - 2) - lam(k), _rise(k - 2) + _rise(k - 1), evaluate=False),
        Follows(),
    ),
    Step(
        "to the level below",
        Eq(lam(k - 1) - lam(k + 1), _rise(k - 1) + _rise(k), evaluate=False),
        Follows(),
    ),
)


@claim(
    "cognition.basic_level",
    where=ANALYZER,
    levels=levels((k, 2, D - 1)),
    rests_on=["hierarchy.decreasing", "modes.stronger_first"],
    derivation=Derivation(
        (*_STEPS, Step("none of them is negative", lam(k - 1) >= lam(k), Evident()))
    ),
    source="basic-level advantage, and why the order of learning cannot show it",
)
def basic_level() -> Any:
    """In a regular tree no level between two others is the stronger mode of the three.

    The level above it is always at least as strong, so that from equal starts it is learned
    first: acquisition from coarse to fine cannot single out a basic level, whatever the branching
    factors and flip probabilities.  A basic level needs frequency, an irregular tree or another
    measure, such as coherence, which can peak in the middle.
    """
    return lam(k - 1) >= lam(k)


@claim(
    "cognition.basic_level.coherence_slogan",
    where=[*ANALYZER, WITHIN, COHERENCE],
    levels=levels((k, 1, D - 1)),
    expects="refuted",
    corrected_by=["cognition.basic_level"],
    source="the same read for coherence",
    witness=Witness(
        {
            D: 3, k: 2, B(0): 2, B(1): 2, B(2): 2,
            epsilon(0): Rational(1, 10), epsilon(1): Rational(1, 4), epsilon(2): Rational(1, 50),
        },
        (Rational(2875483, 15625000),),
    ),
)  # fmt: skip
def coherence_peak() -> Any:
    """Guard: the coherence of a middle level can exceed that of the levels above and below."""
    return (C(k) - C(k - 1)) * (C(k) - C(k + 1)) <= 0
