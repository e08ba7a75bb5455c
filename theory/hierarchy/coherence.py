"""Coherence of categories, and what it has to do with the singular values and with speed."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Integer, Rational, Symbol, exp

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Combines, Derivation, Follows, Induction, Premise, SameSign, Step
from ..edges import Witness
from ..learning.ordering import stronger_first
from ..symbols import a0, a_f, s1, s2, tau
from ..symbols import s as any_strength
from .sequences import (
    ANALYZER,
    COHERENCE,
    ITEMS,
    NODES,
    STRENGTH,
    WITHIN,
    B,
    C,
    D,
    Delta,
    M,
    N,
    P,
    epsilon,
    k,
    lam,
    levels,
    n,
    s,
    whole,
)

__all__ = ["identity", "recursion", "speed"]

_ALL = (*ANALYZER, STRENGTH, WITHIN, COHERENCE)
_IDENTITY = Eq(s(k) ** 2, N * n(k) * C(k))


@claim(
    "coherence.identity",
    where=_ALL,
    levels=levels(),
    rests_on=["hierarchy.analyzers"],
    derivation=Derivation(
        (
            Step(
                "from the leaves up: both sides grow by n_k Delta_k from level k + 1 to level k",
                Eq(lam(k), n(k) * C(k)),
                Induction(k, D),
            ),
            Step("s_k^2 is N times the eigenvalue", _IDENTITY, Combines({1: N})),
        )
    ),
    source="Saxe, McClelland & Ganguli: singular value and category coherence, corrected",
    evaluation=Evaluation(inputs={"B": B, "epsilon": epsilon, "level": k}, outputs={"C": C(k)}),
)
def identity() -> Any:
    """The square of the singular value of level k is N n_k C_k.

    C_k: mean similarity of the ordered pairs inside a category of level k, self-pairs included,
    less that to the nearest outside category, a sibling (0 for the root).
    """
    return _IDENTITY


@claim(
    "coherence.identity.levels",
    where=[*_ALL, NODES, ITEMS],
    levels=levels(),
    rests_on=["coherence.identity"],
    derivation=Derivation(
        (
            Step("the identity", _IDENTITY, Premise("coherence.identity")),
            Step(
                "a node of level k has n_k = P/M_k items",
                Eq(s(k) ** 2, N * P * C(k) / M(k)),
                Combines({1: Integer(1)}),
            ),
        )
    ),
    source="Saxe, McClelland & Ganguli: singular value = coherence times exp(-level), corrected",
)
def by_level() -> Any:
    """The square of the singular value is N P C_k/M_k: coherence times exp(-level).

    The level counted in logarithms of branching factors, ln M_k = sum of ln B_l; the square, and
    not the singular value itself; with the factor N P.
    """
    return Eq(s(k) ** 2, N * P * C(k) / M(k))


@claim(
    "coherence.identity.recursion",
    where=_ALL,
    levels=levels((k, Integer(0), D - 1)),
    rests_on=["coherence.identity"],
    derivation=Derivation(
        (
            Step(
                "sums over pairs: those that part at k, and those of the children",
                Eq(C(k), Delta(k) + C(k + 1) / B(k)),
                Follows(),
            ),
        )
    ),
    source="coherence from level to level",
)
def recursion() -> Any:
    """A category is as coherent as its share of its children's coherence, and the rise at k."""
    return Eq(C(k), Delta(k) + C(k + 1) / B(k))


_HALF = {
    D: 2, k: 2, N: 3, B(0): 2, B(1): 2, epsilon(0): Rational(1, 4), epsilon(1): Rational(1, 4)
}  # fmt: skip


@claim(
    "coherence.identity.slide_slogan",
    where=[*_ALL, NODES, ITEMS],
    levels=levels(),
    expects="refuted",
    corrected_by=["coherence.identity.levels"],
    source="Saxe, McClelland & Ganguli: singular value = coherence times exp(-level), as written",
    witness=Witness(_HALF, (Rational(3, 2) - Rational(3, 4) * exp(-2),)),
)
def slide() -> Any:
    """Guard: the singular value is not coherence times exp(-level), with this coherence."""
    return Eq(s(k), C(k) * exp(-k))


@claim(
    "coherence.identity.root_slogan",
    where=[*_ALL, NODES, ITEMS],
    levels=levels(),
    expects="refuted",
    corrected_by=["coherence.identity.levels"],
    source="the same with the level in logarithms of branching factors and the factor N P",
    witness=Witness(_HALF, (Rational(3, 2) - Rational(9, 4),)),
)
def unsquared() -> Any:
    """Guard: without the square it fails in any unit of the level: twice the coherence is not
    twice the singular value.
    """
    return Eq(s(k), N * P * C(k) / M(k))


@claim(
    "coherence.speed.levels_slogan",
    where=_ALL,
    levels=levels((k, Integer(1), D - 1)),
    expects="refuted",
    corrected_by=["coherence.identity", "coherence.speed"],
    source="Saxe, McClelland & Ganguli: coherent categories are learned faster, across levels",
    witness=Witness(
        {
            D: 2,
            k: 1,
            N: 1,
            B(0): 3,
            B(1): 3,
            epsilon(0): Rational(3, 20),
            epsilon(1): Rational(3, 20),
        },
        (Rational(-901, 10000), Rational(7497, 10000)),
    ),
)
def across_levels() -> Any:
    """Guard: across levels of one tree the more coherent category need not be the stronger mode.

    With B = 3, 3 and epsilon = 3/20 the categories of level 2 are more coherent than those of
    level 1, and weaker.
    """
    return Equivalent(C(k) > C(k + 1), lam(k) > lam(k + 1), evaluate=False)


_n = whole("n", positive=True)
_C1, _C2 = Symbol("C_1", positive=True), Symbol("C_2", positive=True)
_COHERENCES = tuple(
    define(symbol, strength**2 / (N * _n), means="coherence, by coherence.identity")
    for symbol, strength in ((_C1, s1), (_C2, s2))
)
_FIRST = stronger_first.statement
(_SOONER,) = (part for part in _FIRST.args if part.has(tau))
_SPEED = Equivalent(_SOONER, _C1 > _C2, evaluate=False)


@claim(
    "coherence.speed",
    where=_COHERENCES,
    given=[a0 < a_f, a_f < s1, a_f < s2],
    rests_on=["coherence.identity", "modes.stronger_first"],
    derivation=Derivation(
        (
            Step(
                "the stronger mode is learned first",
                _FIRST,
                Premise("modes.stronger_first", {any_strength: s1}),
            ),
            Step(
                "at one size and one number of features the more coherent is the stronger",
                _SPEED,
                SameSign((s1 + s2) / (N * _n)),
            ),
        )
    ),
    source="Saxe, McClelland & Ganguli: coherent categories are learned faster",
)
def speed() -> Any:
    """Of two categories of one size n, from one start a_0, the more coherent is learned first.

    For categories whose contrast is a mode, of two domains or trees with the same number of
    features, and a given strength a_f; to a fraction of the final strength only above the
    threshold of modes.fraction_criterion.  Across levels of one tree it may be reversed
    (coherence.speed.levels_slogan); at one level of one homogeneous tree all coherences are equal
    and the statement is empty.
    """
    return _SPEED


_UNEQUAL1, _UNEQUAL2 = whole("n_1", positive=True), whole("n_2", positive=True)


@claim(
    "coherence.speed.sizes_slogan",
    given=[],
    expects="refuted",
    corrected_by=["coherence.identity", "coherence.speed"],
    source="Saxe, McClelland & Ganguli: coherent categories are learned faster, at any size",
    witness=Witness(
        {_C1: Integer(1), _C2: Integer(2), _UNEQUAL1: Integer(4), _UNEQUAL2: Integer(1)},
        (Integer(-1), Integer(2)),
    ),
)
def sizes() -> Any:
    """Guard: the larger of two categories may be the stronger mode though it is less coherent.

    C_1 and C_2 are the coherences of categories of n_1 and n_2 items; the squared strength of
    the mode of a category goes with their product.
    """
    return Equivalent(
        _C1 > _C2, _UNEQUAL1 * _C1 > _UNEQUAL2 * _C2, evaluate=False
    )
