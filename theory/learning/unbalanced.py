"""One mode with unequal layers: a closed form for every start, without division by the imbalance.

With p = (v + w)^2/4 and m = (v - w)^2/4 (v, w the two layers' strengths) the product is
u = p - m, p grows at the rate at which m decays, and p m is conserved: each obeys a scalar
Riccati equation whose solution is regular for every start, balanced or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Eq, Function, Integer, Lambda, Subs, Symbol, exp, sqrt, tanh

from ..claims import Evaluation, claim
from ..definitions import Definition, define, expand_all
from ..derivations import (
    Combines,
    Derivation,
    Follows,
    Integrated,
    Premise,
    Solved,
    Step,
)
from ..edges import Limit, Witness
from ..symbols import A, B, a0, kappa, s, t, tau, u
from .layers import WHITE_LAYERS, v, w
from .modes import trajectory
from .negative import stuck

__all__ = [
    "closed_equation",
    "conserved",
    "decaying",
    "growing",
    "product_of_parts",
    "split",
    "unbalanced_trajectory",
]

p, m = Function("p"), Function("m")
_SOURCE = "two-layer mode dynamics of the three-layer network"
_PARTS = (
    define(u, Lambda(t, v(t) * w(t)), means="strength of the mode"),
    define(p, Lambda(t, (v(t) + w(t)) ** 2 / 4), means="the part that grows"),
    define(m, Lambda(t, (v(t) - w(t)) ** 2 / 4), means="the part that decays"),
)
_LAYERS = ["modes.decoupling.solution", "modes.decoupling.solution.output"]


@claim("modes.unbalanced.split", where=_PARTS, source=_SOURCE)
def split() -> Any:
    """The strength of a mode is the difference of its two parts, u = p - m."""
    return Eq(u(t), p(t) - m(t))


@claim(
    "modes.unbalanced.growing_part",
    where=_PARTS,
    given=WHITE_LAYERS,
    rests_on=_LAYERS,
    source=_SOURCE,
)
def growing_part() -> Any:
    """p = (v + w)^2/4 obeys tau dp/dt = 2(sp - p^2 + pm)."""
    return Eq(tau * p(t).diff(t), 2 * (s * p(t) - p(t) ** 2 + p(t) * m(t)))


@claim(
    "modes.unbalanced.decaying_part",
    where=_PARTS,
    given=WHITE_LAYERS,
    rests_on=_LAYERS,
    source=_SOURCE,
)
def decaying_part() -> Any:
    """m = (v - w)^2/4 obeys tau dm/dt = -2(sm + m^2 - pm)."""
    return Eq(tau * m(t).diff(t), -2 * (s * m(t) + m(t) ** 2 - p(t) * m(t)))


@claim(
    "modes.unbalanced.conserved",
    given=WHITE_LAYERS,
    rests_on=_LAYERS,
    source="conserved imbalance of one mode",
)
def conserved() -> Any:
    """The imbalance c_0 = v^2 - w^2 of one mode does not change."""
    return Eq((v(t) ** 2 - w(t) ** 2).diff(t, evaluate=False), 0)


@claim(
    "modes.unbalanced.product",
    where=_PARTS,
    rests_on=["modes.unbalanced.conserved"],
    source="conserved imbalance of one mode",
)
def product_of_parts() -> Any:
    """The product of the two parts is c_0^2/16: with the imbalance, it does not change."""
    return Eq(16 * p(t) * m(t), (v(t) ** 2 - w(t) ** 2) ** 2)


@claim(
    "modes.unbalanced.second_order",
    given=WHITE_LAYERS,
    rests_on=_LAYERS,
    source=_SOURCE,
)
def second_order() -> Any:
    """The speed of u = vw changes as tau d/dt[(v^2+w^2)(s-u)] = (s-u)[4u(s-u) - (v^2+w^2)^2].

    As (v^2 + w^2)^2 = (v^2 - w^2)^2 + 4u^2 and v^2 - w^2 is conserved, u obeys a second-order
    equation of its own, polynomial for every start.
    """
    strength = v(t) * w(t)
    speed = (v(t) ** 2 + w(t) ** 2) * (s - strength)
    squares = (v(t) ** 2 - w(t) ** 2) ** 2 + 4 * strength**2
    right = (s - strength) * (4 * strength * (s - strength) - squares)
    return Eq(tau * speed.diff(t, evaluate=False), right)


P0, M0 = Symbol("p_0", nonnegative=True), Symbol("m_0", nonnegative=True)
_RATE = define(kappa, 2 * sqrt(s**2 + 4 * P0 * M0), means="rate at which the mode settles")
_E = exp(kappa * t / tau)
_ABOVE = kappa + 2 * s
_UP = _ABOVE**2 * _E + 4 * M0 * _ABOVE * (_E - 1) + 16 * P0 * M0
_DOWN = _ABOVE**2 + 4 * P0 * _ABOVE * (_E - 1) + 16 * P0 * M0 * _E
_GROWN, _DECAYED = P0 * _UP / _DOWN, M0 * _DOWN / _UP
"""Solutions from p_0 and m_0, written without a difference: their product shows to be p_0 m_0."""
_BELOW = 16 * P0 * M0 / _ABOVE
"""kappa - 2s, written so that it shows that it is not negative."""


def _run_back(x: Any, pull: Any) -> Any:
    """Where the flow to which x belongs was a time t ago.

    The ratio of the distances of x to the fixed points (2 pull +- kappa)/4 decays as 1/E; solved
    for the earlier x, it has no exception where x starts at a fixed point.
    """
    high, low = (2 * pull + kappa) / 4, (2 * pull - kappa) / 4
    return (low * (x - high) * _E - high * (x - low)) / ((x - high) * _E - (x - low))


def _relaxing(equation: Any, start: Any, pull: Any, solution: Any, factor: Any) -> Derivation:
    """The flow of a scalar Riccati equation, run back from any time, ends at the start."""
    before = _run_back(solution.lhs, pull)
    return Derivation(
        (
            Step("the equation of this part", equation, Premise()),
            Step("its start", start, Premise()),
            Step(
                "run back for the time t, the flow ends at one point",
                Eq(before.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("which is the start", Eq(before, start.rhs), Integrated(t, Integer(0))),
            Step("solve for this part, whose factor is negative", solution, Solved(factor)),
        )
    )


_GROWTH = Eq(tau * p(t).diff(t), 2 * (s * p(t) - p(t) ** 2 + P0 * M0))
_DECAY = Eq(tau * m(t).diff(t), -2 * (s * m(t) + m(t) ** 2 - P0 * M0))
_P_START, _M_START = Eq(p(0), P0), Eq(m(0), M0)


@claim(
    "modes.unbalanced.growing",
    where=[_RATE],
    given=[_GROWTH, _P_START],
    rests_on=["modes.unbalanced.growing_part", "modes.unbalanced.product"],
    derivation=_relaxing(
        _GROWTH,
        _P_START,
        s,
        Eq(p(t), _GROWN),
        -4 * P0 * (_E - 1) - _BELOW * _E - _ABOVE,
    ),
    source=_SOURCE,
)
def growing() -> Any:
    """p obeys tau dp/dt = 2(sp - p^2 + p_0 m_0) and is regular for every p_0, m_0 >= 0."""
    return Eq(p(t), _GROWN)


@claim(
    "modes.unbalanced.decaying",
    where=[_RATE],
    given=[_DECAY, _M_START],
    rests_on=["modes.unbalanced.decaying_part", "modes.unbalanced.product"],
    derivation=_relaxing(
        _DECAY,
        _M_START,
        -s,
        Eq(m(t), _DECAYED),
        -4 * M0 * (_E - 1) - _ABOVE * _E - _BELOW,
    ),
    source=_SOURCE,
)
def decaying() -> Any:
    """m obeys tau dm/dt = -2(sm + m^2 - p_0 m_0)."""
    return Eq(m(t), _DECAYED)


STRENGTH = Eq(u(t), _GROWN - _DECAYED)
"""The product of the two layer strengths, by p_0, m_0 and kappa."""


def strength_of(growing_start: Any, decaying_start: Any) -> tuple[Definition, ...]:
    """What ``STRENGTH`` is written with, for these starts of the two parts."""
    return (
        define(P0, growing_start, means="start of the part that grows"),
        define(M0, decaying_start, means="start of the part that decays"),
        _RATE,
    )


def composed(premises: Sequence[Step], laws: Sequence[Any]) -> Derivation:
    """From the ``laws`` of p and m: their product is kept, so that each of them moves alone."""
    product, first = p(t) * m(t), len(premises) + 1
    return Derivation(
        (
            *premises,
            Step("the part that grows", laws[0], Follows()),
            Step("the part that decays", laws[1], Follows()),
            Step("their product is conserved", Eq(product.diff(t, evaluate=False), 0), Follows()),
            Step(
                "so that it keeps its initial value",
                Eq(product, P0 * M0),
                Integrated(t, Integer(0)),
            ),
            Step("the growing part alone", _GROWTH, Combines({first: 1, first + 3: 2})),
            Step("its start", _P_START, Follows()),
            Step("it is known", growing.statement, Premise(growing.id)),
            Step("the decaying part alone", _DECAY, Combines({first + 1: 1, first + 3: 2})),
            Step("its start", _M_START, Follows()),
            Step("it is known", decaying.statement, Premise(decaying.id)),
            Step("the strength is their difference", Eq(u(t), p(t) - m(t)), Follows()),
            Step("insert both", STRENGTH, Combines({first + 6: 1, first + 9: -1, first + 10: 1})),
        )
    )


_SCALAR = strength_of((A + B) ** 2 / 4, (A - B) ** 2 / 4)
_STARTS = (Eq(v(0), A), Eq(w(0), B))


def _from_layers() -> Derivation:
    told = (
        Step("the first layer of the mode", WHITE_LAYERS[0], Premise()),
        Step("the second layer of the mode", WHITE_LAYERS[1], Premise()),
        Step("the start of the first layer", _STARTS[0], Premise()),
        Step("the start of the second layer", _STARTS[1], Premise()),
    )
    return composed(told, (growing_part.statement, decaying_part.statement))


@claim(
    "modes.unbalanced_trajectory",
    where=[*_PARTS, *_SCALAR],
    given=[*WHITE_LAYERS, *_STARTS],
    rests_on=[*_LAYERS, "modes.unbalanced.growing", "modes.unbalanced.decaying"],
    derivation=_from_layers,
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"s": s, "a0": A, "b0": B, "tau": tau, "t": t},
        outputs={"u": expand_all(_SCALAR, STRENGTH.rhs)},
    ),
    limits=[
        Limit(t, Integer(0), A * B, "the start"),
        Limit(B, A, trajectory.statement.rhs.subs(a0, A**2), "logistic"),
        Limit(B, -A, stuck.statement.rhs.subs(a0, A**2), "stuck"),
    ],
)
def unbalanced_trajectory() -> Any:
    """The product u of two unequal layer strengths, for every real start.

    One formula for all imbalances and signs: it contains the logistic (A_0 = B_0), the stuck mode
    (A_0 = -B_0, not 0: u stays negative) and the lazy limit.
    """
    return STRENGTH


def _motion(square: Any, product: Any, norms: Any) -> list[Any]:
    """u'' from ``second_order`` with (v^2 - w^2)^2 = ``square``, and both initial values."""
    right = (s - u(t)) * (4 * u(t) * (s - u(t)) - square - 4 * u(t) ** 2)
    speed = tau * Subs(u(t).diff(t), t, 0)
    return [
        Eq(tau**2 * u(t).diff(t, 2), right),
        Eq(u(0), product),
        Eq(speed, norms * (s - product)),
    ]


_MOTION = _motion((A**2 - B**2) ** 2, A * B, A**2 + B**2)


@claim(
    "modes.unbalanced.closed_equation",
    where=_SCALAR,
    given=_MOTION,
    rests_on=["modes.unbalanced.second_order"],
    source=_SOURCE,
)
def closed_equation() -> Any:
    """The same curve is the only solution of the second-order equation that u obeys alone."""
    return STRENGTH


@claim(
    "modes.unbalanced.balanced_slogan",
    given=_MOTION,
    expects="refuted",
    corrected_by=["modes.unbalanced.closed_equation"],
    source="the balanced curve used with a_0 = A_0 B_0 for unequal layers",
    witness=Witness(
        {A: Integer(2), B: Integer(1), s: Integer(3), tau: Integer(1), t: Integer(0)},
        (Integer(9), Integer(0), -Integer(1)),
    ),
)
def balanced_slogan() -> Any:
    """Guard: unequal layers do not follow the balanced curve started at their product.

    A_0 and B_0 are the strengths of the two layers at the start.
    """
    grown = tanh(s * t / tau)
    return Eq(u(t), s * A * B * (1 + grown) / (s * (1 - grown) + 2 * A * B * grown))


@claim(
    "modes.unbalanced.rate",
    source="speed of a mode with unequal layers: rich and lazy",
)
def rate() -> Any:
    """The rate v^2 + w^2 at which u approaches s is sqrt(c_0^2 + 4u^2), c_0 = v^2 - w^2.

    It is |c_0| while |u| is small beside |c_0|: then u relaxes exponentially, as in a shallow
    network (lazy), and 2|u| where c_0 = 0 (rich).
    """
    return Eq((A**2 + B**2) ** 2, (A**2 - B**2) ** 2 + 4 * (A * B) ** 2)
