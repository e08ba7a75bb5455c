"""When the levels of a tree stand apart: constant branching factor and flip probability."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Integer, Lambda, Product, Rational, Symbol

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Induction, Proportional, Step
from ..edges import Witness
from .sequences import ANALYZER, B, D, epsilon, j, k, lam, levels, whole

__all__ = ["closed_form", "separation"]

_b = whole("b", positive=True)
_e = Symbol("e", positive=True)
_KEPT = _b * (1 - 2 * _e) ** 2
_UNIFORM = (
    *ANALYZER,
    define(B, Lambda(k, _b), means="one branching factor"),
    define(epsilon, Lambda(k, _e), means="one flip probability"),
)
_GIVEN = (1 - _e > 0, (1 - 2 * _e) ** 2 > 0)


def _levels(low: int, high: Any) -> Any:
    return levels((k, Integer(low), high), sequences=(), boundary={})


_SHRINKS = Eq(lam(k) - lam(k + 1), _KEPT * (lam(k + 1) - lam(k + 2)))
_SEPARATE = Equivalent(
    lam(k) - lam(k + 1) > lam(k + 1) - lam(k + 2), _KEPT > 1, evaluate=False
)


@claim(
    "hierarchy.separation",
    where=_UNIFORM,
    given=_GIVEN,
    levels=_levels(1, D - 2),
    rests_on=["hierarchy.analyzers", "hierarchy.decreasing.gap"],
    derivation=Derivation(
        (
            Step("each gap is b (1 - 2 epsilon)^2 times the next", _SHRINKS, Follows()),
            Step(
                "the gaps are positive",
                _SEPARATE,
                Proportional(
                    4 * _e * (1 - _e) * Product(_KEPT, (j, k + 1, D - 1))
                ),
            ),
        )
    ),
    source="condition for reconstruction on trees (Kesten and Stigum), here for the spectrum",
    evaluation=Evaluation(inputs={"B": _b, "epsilon": _e}, outputs={"threshold": _KEPT}),
)
def separation() -> Any:
    """The gaps between levels grow geometrically toward the root exactly if B(1-2 epsilon)^2 > 1.

    For one branching factor B and one flip probability other than 0, 1/2 and 1, levels 1 and
    below (level 0 is set apart by the mean over items).  ``threshold`` is B (1 - 2 epsilon)^2.
    """
    return _SEPARATE


_SUM = Eq(
    (1 - _KEPT) * lam(k),
    4 * _e * (1 - _e) * (1 - Product(_KEPT, (j, k, D))),
    evaluate=False,
)


@claim(
    "hierarchy.separation.sum",
    where=_UNIFORM,
    given=_GIVEN,
    levels=_levels(1, D),
    rests_on=["hierarchy.analyzers"],
    derivation=Derivation(
        (Step("a geometric sum, from the leaves up", _SUM, Induction(k, D)),)
    ),
    source="spectrum of the branching diffusion at constant rates",
)
def closed_form() -> Any:
    """lambda_k (1 - x) = (1 - rho)(1 - x^(D-k+1)), for k >= 1 and x = B rho, rho = (1-2 epsilon)^2.

    1 - rho = 4 epsilon (1 - epsilon).  Below the threshold, x < 1, all levels stay under
    (1 - rho)/(1 - x) at any depth: they saturate.
    """
    return _SUM


@claim(
    "hierarchy.separation.slogan",
    where=_UNIFORM,
    given=_GIVEN,
    levels=_levels(1, D - 2),
    expects="refuted",
    corrected_by=["hierarchy.separation"],
    source="coarse levels stand out more than fine ones, read for any flip probability",
    witness=Witness({D: 3, k: 1, _b: 2, _e: Rational(1, 4)}, (Rational(-3, 16),)),
)
def slogan() -> Any:
    """Guard: at B = 2, epsilon = 1/4 the gaps shrink toward the root."""
    return lam(k) - lam(k + 1) > lam(k + 1) - lam(k + 2)
