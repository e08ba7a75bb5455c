"""A finite number of features: how far the sampled similarity is from that of the hierarchy."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Rational, Sum, Symbol

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Induction, Step
from ..edges import Assumption, Witness
from .sequences import ITEMS, LEAVES, SIMILARITY, STAY, B, D, N, P, epsilon, k, levels, m, n, q

__all__ = ["finite_features", "one_pair", "order_slogan", "wrong_order"]

_q, _mean, _count = Symbol("q", real=True), Symbol("g", real=True), Symbol("N", positive=True)
_AGREE, _DIFFER = (1 + _q) / 2, (1 - _q) / 2
_VARIANCE = define(
    _mean,
    (_AGREE * (1 - _q) ** 2 + _DIFFER * (-1 - _q) ** 2) / _count,
    means="variance of the mean of N products, +1 with probability (1 + q)/2 and -1 otherwise",
)


@claim(
    "hierarchy.finite_features.one_pair",
    where=[_VARIANCE],
    rests_on=["hierarchy.similarity"],
    source="fluctuation of a sampled similarity",
)
def one_pair() -> Any:
    """The sampled similarity of two items has the mean q and the variance (1 - q^2)/N.

    A mean of N independent products eta_i eta_j, each +1 or -1 with the mean q.  The same for
    any tree.
    """
    return Eq(_mean, (1 - _q**2) / _count, evaluate=False)


_f, _pairs = Function("f"), Function("p")
_FLUCTUATION = define(
    _f,
    Lambda(k, P * Sum((n(m) - n(m + 1)) * (1 - q(m) ** 2) / N, (m, k, D - 1))),
    means="expected squared Frobenius norm of what the categories of level k of the sampled "
    "similarity are off: of each item's n_m - n_(m+1) partners at every level m the variance",
)
_SQUARES = define(
    _pairs,
    Lambda(k, P * (1 + Sum((n(m) - n(m + 1)) * q(m) ** 2, (m, k, D - 1)))),
    means="squared Frobenius norm of the similarity inside the categories of level k",
)
_EXACT = Eq(N * _f(k), P * n(k) - _pairs(k), evaluate=False)


@claim(
    "hierarchy.finite_features",
    where=[STAY, SIMILARITY, LEAVES, ITEMS, _FLUCTUATION, _SQUARES],
    levels=levels((k, Integer(0), D)),
    rests_on=["hierarchy.finite_features.one_pair"],
    derivation=Derivation(
        (
            Step("from the leaves up", _EXACT, Induction(k, D)),
        )
    ),
    source="similarities of a hierarchy sampled with N features",
    evaluation=Evaluation(
        inputs={"B": B, "epsilon": epsilon, "N": N}, outputs={"fluctuation": _f(0)}
    ),
)
def finite_features() -> Any:
    """The expected squared distance of the sampled similarity from its limit is exactly

    E |G_N - G|^2 = (sum over all pairs of 1 - q^2)/N, here for the pairs inside categories of level
    k; ``fluctuation`` is that of all pairs, k = 0 (squared Frobenius norm).  For N to infinity
    the sampled singular values s/sqrt(N) tend to those of the hierarchy, by Weyl's inequality; at
    finite N multiplets split, and an order of levels is certain only where
    |G_N - G| is below half of the smallest gap.
    """
    return _EXACT


_e, _d = Symbol("epsilon", positive=True), Symbol("d", positive=True)
_wrong = Symbol("p_wrong", real=True)
_WRONG = define(
    _wrong,
    _d**2 + 2 * _d * (1 - _d),
    means="probability that the items differ in both pairs of siblings, or in one of them: then "
    "that split has the strength 2, and the one between the pairs at most 1",
)
_DIFFERS = define(
    _d, 2 * _e * (1 - _e), means="probability that two siblings differ: one flips, one does not"
)
_ONE_FEATURE = 1 - (1 - 2 * _e * (1 - _e)) ** 2


@claim(
    "hierarchy.finite_features.wrong_order",
    where=[_WRONG, _DIFFERS],
    given=[Assumption(_e < 1)],
    rests_on=["hierarchy.similarity"],
    source="two pairs of items and one feature",
    evaluation=Evaluation(
        inputs={"epsilon": _e}, outputs={"probability": _ONE_FEATURE}, domain=(_e < 1,)
    ),
)
def wrong_order() -> Any:
    """With one feature the first of two splits is the weaker one with this probability.

    B = 2, 2 and epsilon at the leaves: strengths (eta_1 + eta_2 - eta_3 - eta_4)^2/4 and
    (eta_1 - eta_2)^2/2.  For more features: by enumeration or simulation, see ``lemmata simulate``.
    """
    return Eq(_wrong, _ONE_FEATURE, evaluate=False)


@claim(
    "hierarchy.finite_features.order_slogan",
    given=[_e < 1],
    expects="refuted",
    corrected_by=["hierarchy.finite_features.wrong_order"],
    source="singular values decrease with the level, read for any number of features",
    witness=Witness({_e: Rational(1, 10)}, (Rational(819, 2500),)),
)
def order_slogan() -> Any:
    """Guard: with finitely many features the order is not certain.

    The left side is the probability of the wrong order with one feature, B = 2, 2 and epsilon
    at the leaves: the slogan says that it vanishes.
    """
    return Eq(_ONE_FEATURE, 0, evaluate=False)
