"""Singular values of the levels of a regular tree, and when they decrease."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Function, Integer, Lambda, Rational, Sum, sqrt

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Proportional, Step
from ..edges import Witness
from .sequences import (
    ANALYZER,
    ITEMS,
    MULTIPLICITY,
    NODES,
    STRENGTH,
    B,
    D,
    Delta,
    M,
    N,
    P,
    epsilon,
    k,
    l,
    lam,
    levels,
    mult,
    n,
    q,
    s,
)

__all__ = [
    "average_convention",
    "decreasing",
    "gap",
    "one_convention",
    "singular_value",
    "strict_slogan",
]

_BELOW = levels((k, Integer(0), D - 1))
_SQUARE = Eq(s(k) ** 2, N * P * Sum(Delta(l) / M(l), (l, k, D)), evaluate=False)
_TOGETHER = Eq(
    mult(k) * s(k) ** 2, mult(k) * N * P * Sum(Delta(l) / M(l), (l, k, D)), evaluate=False
)


@claim(
    "hierarchy.singular_value",
    where=[*ANALYZER, NODES, STRENGTH, MULTIPLICITY, ITEMS],
    levels=levels(),
    rests_on=["hierarchy.analyzers", "hierarchy.analyzers.multiplicity"],
    derivation=Derivation(
        (
            Step(
                "a node of level k has the share n_k = P/M_k of the items",
                Eq(n(k) * M(k), P, evaluate=False),
                Follows(),
            ),
            Step(
                "so that the eigenvalue is",
                Eq(lam(k), P * Sum(Delta(l) / M(l), (l, k, D)), evaluate=False),
                Follows(),
            ),
            Step("s^2 is N times the eigenvalue", _SQUARE, Follows()),
            Step("as often as there are contrasts", _TOGETHER, Follows()),
        )
    ),
    source="Saxe, McClelland & Ganguli: singular values of a hierarchy",
    evaluation=Evaluation(
        inputs={"B": B, "epsilon": epsilon, "level": k, "N": N},
        outputs={"s": s(k), "eigenvalue": lam(k), "multiplicity": mult(k)},
    ),
)
def singular_value() -> Any:
    """s_k^2 = N P times the sum over l >= k of Delta_l/M_l, for Sigma31 = Y (sums over items).

    Stated with the multiplicity mu_k: what level k adds to the squared norm of Y.
    ``eigenvalue`` is that of the similarity matrix, the limit of Y^T Y/N for many features (see
    hierarchy.finite_features).  Level k has M_k - M_(k-1) such values, level 0 one; a level of
    only children has none.
    """
    return _TOGETHER


_s_avg = Function("s_avg")
_AVERAGE = define(
    _s_avg,
    Lambda(k, sqrt(N * lam(k) / P**2)),
    means="singular value of level k, Sigma31 = Y/P: the Gram matrix is N/P^2 times the similarity",
)


@claim(
    "hierarchy.singular_value.average",
    where=[*ANALYZER, NODES, STRENGTH, ITEMS, _AVERAGE],
    levels=levels(),
    rests_on=["hierarchy.singular_value"],
    source="Saxe, McClelland & Ganguli: correlations as averages over one-hot items",
    derivation=Derivation(
        (
            Step(
                "in terms of the rises",
                Eq(_s_avg(k) ** 2, N / P * Sum(Delta(l) / M(l), (l, k, D)), evaluate=False),
                Follows(),
            ),
            Step("1/P of the other", Eq(_s_avg(k) ** 2 * P**2, s(k) ** 2), Follows()),
        )
    ),
)
def average_convention() -> Any:
    """With averages over one-hot items the singular values are smaller by the factor 1/P."""
    return Eq(_s_avg(k) ** 2 * P**2, s(k) ** 2)


@claim(
    "hierarchy.singular_value.convention_slogan",
    where=[*ANALYZER, NODES, STRENGTH, ITEMS, _AVERAGE],
    levels=levels(),
    expects="refuted",
    corrected_by=["hierarchy.singular_value.average"],
    source="one singular value for sums and for averages over the items",
    witness=Witness(
        {D: 1, k: 1, N: 3, B(0): 2, epsilon(0): Rational(1, 4)}, (Rational(-27, 16),)
    ),
)
def one_convention() -> Any:
    """Guard: sums and averages over the items have different singular values, by the factor P."""
    return Eq(_s_avg(k) ** 2, s(k) ** 2)


@claim(
    "hierarchy.decreasing.gap",
    where=ANALYZER,
    levels=_BELOW,
    rests_on=["hierarchy.analyzers"],
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
    """The eigenvalues of consecutive levels differ by n_k Delta_k, never a negative number."""
    return Eq(lam(k) - lam(k + 1), n(k) * Delta(k))


_OTHERS = q(k) * epsilon(k - 1) * (1 - epsilon(k - 1))
_STRICT = Equivalent(lam(k) > lam(k + 1), _OTHERS > 0, evaluate=False)


@claim(
    "hierarchy.decreasing",
    where=ANALYZER,
    levels=_BELOW,
    rests_on=["hierarchy.analyzers"],
    derivation=Derivation(
        (
            Step(
                "the step between two levels, as 1 - rho = 4 epsilon (1 - epsilon)",
                Eq(lam(k) - lam(k + 1), 4 * n(k) * _OTHERS),
                Follows(),
            ),
            Step("n_k is positive", _STRICT, Proportional(4 * n(k))),
        )
    ),
    source="Saxe, McClelland & Ganguli: singular values are a decreasing function of the level",
)
def decreasing() -> Any:
    """In a regular tree singular values never increase with the level; here, when they decrease.

    lambda_k > lambda_(k+1) exactly if no link at level k or below has epsilon = 1/2 (q_k > 0) and
    the links into level k do flip some features but not all: 0 < epsilon_(k-1) < 1, where
    epsilon_(-1) = 1/2 stands for the fair coin at the root.  For any branching factors and flip
    probabilities by level, epsilon above 1/2 included.
    """
    return _STRICT


@claim(
    "hierarchy.decreasing.always_slogan",
    where=ANALYZER,
    levels=_BELOW,
    expects="refuted",
    corrected_by=["hierarchy.decreasing"],
    source="Saxe, McClelland & Ganguli: a decreasing function of the level, read as strictly so",
    witness=Witness({D: 1, k: 0, B(0): 2, epsilon(0): Rational(1, 2)}, (Integer(0),)),
)
def strict_slogan() -> Any:
    """Guard: at epsilon = 1/2 all levels above have one singular value: no strict decrease."""
    return lam(k) > lam(k + 1)

