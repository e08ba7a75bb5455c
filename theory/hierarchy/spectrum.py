"""Singular values of the levels of a regular tree."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Integer, Rational, Sum, Symbol, sqrt

from ..claims import claim
from ..derivations import Combines, Derivation, Follows, Induction, Proportional, Step
from ..edges import Witness
from .sequences import (
    ANALYZER,
    COHERENCE,
    EIGENVALUE,
    LEAVES,
    NODES,
    STRENGTH,
    WITHIN,
    B,
    C,
    D,
    Delta,
    M,
    N,
    epsilon,
    k,
    l,
    lam,
    levels,
    n,
    q,
    s,
)

__all__ = ["decreasing", "gap", "identity"]

_BELOW = levels((k, Integer(0), D - 1))


@claim(
    "hierarchy.decreasing.gap",
    where=ANALYZER,
    levels=_BELOW,
    derivation=Derivation(
        (
            Step(
                "the sums differ in their first term",
                Eq(lam(k) - lam(k + 1), n(k) * Delta(k)),
                Follows(),
            ),
        )
    ),
    source="spectrum of the branching diffusion",
)
def gap() -> Any:
    """Consecutive levels differ by n_k Delta_k."""
    return Eq(lam(k) - lam(k + 1), n(k) * Delta(k))


_RISE = Eq(lam(k) - lam(k + 1), 4 * n(k) * q(k) * epsilon(k - 1) * (1 - epsilon(k - 1)))
_STRICT = Equivalent(
    lam(k) > lam(k + 1), q(k) * epsilon(k - 1) * (1 - epsilon(k - 1)) > 0, evaluate=False
)


@claim(
    "hierarchy.decreasing",
    where=ANALYZER,
    levels=_BELOW,
    rests_on=["hierarchy.decreasing.gap"],
    derivation=Derivation(
        (
            Step("the step between two levels", _RISE, Follows()),
            Step("all its other factors are positive", _STRICT, Proportional(4 * n(k))),
        )
    ),
    source="Saxe, McClelland & Ganguli: singular values decrease with level",
)
def decreasing() -> Any:
    """strict."""
    return _STRICT


@claim(
    "coherence.identity",
    where=[*ANALYZER, STRENGTH, WITHIN, COHERENCE],
    levels=levels(),
    derivation=Derivation(
        (
            Step(
                "level by level",
                Eq(lam(k), n(k) * C(k)),
                Induction(k, D),
            ),
            Step("s", Eq(s(k) ** 2, N * n(k) * C(k)), Combines({1: N})),
        )
    ),
    source="x",
)
def identity() -> Any:
    """Coherence."""
    return Eq(s(k) ** 2, N * n(k) * C(k))
