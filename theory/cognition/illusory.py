"""Illusory correlations: when a property that two modes share rises before it falls.

An item has the property to the degree f = c_1 a_1 + c_2 a_2, the modes' strengths weighted by
c = u v (row of U times column of V^T).  Where c_1 and c_2 differ in sign the two modes pull
against each other, and the ratio R of their speeds decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Gt,
    Integer,
    Lambda,
    Rational,
    Subs,
    Symbol,
    exp,
    log,
)

from ..claims import Evaluation, claim
from ..definitions import define, expand_all
from ..edges import Limit, Witness
from ..outputs import Root
from ..symbols import a0, a01, a02, s1, s2, t, tau
from .readout import SOURCE, c1, c2, f, readout_of, strengths
from .speeds import STRONGER, R, h
from .turning import CROSSING, TOP, T

__all__ = ["BEGIN", "STARTS", "condition", "early_slogan", "illusory", "turns"]

a_1, a_2 = strengths
_LEAD = (s1 - s2) / 2
STARTS = readout_of(
    *(
        x / (1 + (x / y - 1) * exp(-2 * x * t / tau))
        for x, y in zip((s1, s2), (a01, a02), strict=True)
    )
)
_SLOPES = define(R, Lambda(t, a_1(t).diff(t) / a_2(t).diff(t)), means="ratio of the speeds")


@claim(
    "cognition.illusory.condition",
    where=[*STARTS, _SLOPES],
    given=[a01 < s1, a02 < s2],
    rests_on=["cognition.illusory.curve"],
    source=SOURCE,
)
def condition() -> Any:
    """The property rises exactly while -c_2/c_1 < R, for c_1 > 0 and any c_2.

    Both modes grow, 0 < a_0i < s_i.  Weights of one sign (c_2 >= 0) therefore never show an
    illusion; for c_1 < 0 < c_2 the signs of both and of f are turned.
    """
    return Equivalent(f(t).diff(t) > 0, -c2 / c1 < R(t), evaluate=False)


_EQUAL = tuple(replace(d, expression=d.expression.subs({a01: a0, a02: a0})) for d in STARTS[:2])
_RATIO = define(
    R,
    Lambda(t, a_1(t) * (s1 - a_1(t)) / (a_2(t) * (s2 - a_2(t)))),
    means="ratio of the speeds, by the equation of motion",
)
_TOGETHER = (*_EQUAL, _RATIO)


_K1, _K2 = (s1 - a0) / a0, (s2 - a0) / a0
_GROWN, _APART = (exp(x * t / tau) for x in (s1 + s2, s1 - s2))
LEVEL = (s1 - s2) * (_GROWN - _K1 * _K2 / _GROWN) + (s1 + s2) * (_K2 * _APART - _K1 / _APART)
"""What the lead has beyond (s_1 - s_2)/2, times a positive factor that makes it increase in t."""
_L = Function("L")
_LEVEL = define(_L, Lambda(t, LEVEL), means="increases in t, term by term")


@claim(
    "cognition.illusory.lead",
    where=[*_EQUAL, _LEVEL],
    rests_on=["modes.trajectory"],
    source=SOURCE,
)
def lead() -> Any:
    """From equal starts what the lead a_1 - a_2 has beyond (s_1 - s_2)/2 has the sign of L.

    For a_0 < s_2 < s_1 the function L increases, from below 0 at the start to above it: so there is
    one time t* at which the lead is (s_1 - s_2)/2, and it comes after the start.
    """
    first, second = (exp(x * t / tau) for x in (s1, s2))
    positive = first * second / ((first**2 + s1 / a0 - 1) * (second**2 + s2 / a0 - 1))
    return Eq(2 * (a_1(t) - a_2(t)) - (s1 - s2), positive * _L(t))


def _latest() -> Any:
    """A time at which ``LEVEL`` is certainly positive.

    There e^(2(s_1 - s_2)t/tau) >= K_1/K_2 and e^(2(s_1 + s_2)t/tau) > K_1 K_2.
    """
    return tau * (log(_K1 / _K2) / (s1 - s2) + log(1 + _K1 * _K2) / (s1 + s2)) / 2


_TURN = Root(t, LEVEL, Integer(0), _latest())


@claim(
    "cognition.illusory.turns",
    where=[*_TOGETHER, _LEVEL],
    given=[STRONGER, a0 < s2],
    rests_on=["cognition.illusory.lead", "cognition.illusory.ratio"],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"s1": s1, "s2": s2, "a0": a0, "tau": tau},
        outputs={"t": t},
        domain=(STRONGER, a0 < s2),
        derived={t: _TURN},
    ),
)
def turns() -> Any:
    """From equal starts the ratio R of the speeds falls exactly after t*, where L(t) = 0.

    ``evaluate`` finds this zero; R_max = R(t*) is told by ``cognition.illusory``.
    """
    return Equivalent(R(t).diff(t) < 0, _L(t) > 0, evaluate=False)


_FADING = exp(-2 * (s1 - s2) * t / tau)
_BRACKET = (1 + _K2 * exp(-2 * s2 * t / tau)) / (1 + _K1 * exp(-2 * s1 * t / tau))


@claim(
    "cognition.illusory.tail",
    where=_TOGETHER,
    given=[STRONGER, a0 < s2],
    rests_on=["modes.trajectory", "cognition.illusory.ratio"],
    source=SOURCE,
    limits=[Limit(t, Integer(0), (s1 - a0) / (s2 - a0), "the ratio at the start")],
)
def tail() -> Any:
    """The ratio of the speeds in full: in the end it falls as e^(-2(s_1 - s_2)t/tau).

    R(0) = (s_1 - a_0)/(s_2 - a_0): below it a property rises from the start, between it and R_max
    it falls, rises and falls.
    """
    return Eq(R(t), s1**2 * _K1 / (s2**2 * _K2) * _FADING * _BRACKET**2)


R_MAX = Symbol("R_max", positive=True)
_HIGHEST = define(R_MAX, TOP, means="largest ratio of the speeds")
_PASSING = (
    *CROSSING[:2],
    define(f, Lambda(T, c1 * a_1(T) + c2 * a_2(T)), means="the property as it is read out"),
)


@claim(
    "cognition.illusory",
    where=[*_PASSING, _HIGHEST],
    given=[STRONGER, h < s2],
    rests_on=[
        "cognition.illusory.condition",
        "cognition.illusory.turning",
        "cognition.illusory.maximum",
        "cognition.illusory.highest",
        "cognition.illusory.passing",
        "cognition.illusory.turns",
        "cognition.illusory.tail",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"s1": s1, "s2": s2, "c1": c1, "c2": c2, "a0": a0, "tau": tau},
        outputs={"R_max": expand_all(_TOGETHER, R(t))},
        domain=(STRONGER, a0 < s2),
        derived={t: _TURN},
        certified_by="cognition.illusory.turns",
    ),
)
def illusory() -> Any:
    """At t*, where a_1 - a_2 = (s_1 - s_2)/2, the property rises iff -c_2/c_1 < R_max.

    R_max = 1 + (s_1^2 - s_2^2)/(4 a_2 (s_2 - a_2)) at that time, the largest value that the ratio
    of the speeds ever has: for |c_2|/c_1 >= R_max the property never rises, for less it rises
    around t* and falls in the end, as R falls to 0.  It rises from the start where |c_2|/c_1 is
    below R(0) = (s_1 - a_0)/(s_2 - a_0).  Two modes with s_1 > s_2, c_1 > 0, starts below s_2.
    """
    slope = Subs(Derivative(f(T), T), T, 0)
    return Equivalent(slope > 0, -c2 / c1 < R_MAX, evaluate=False)


_UNTRUE = (
    *STARTS[:2],
    define(c2, -c1 * s1 / s2, means="the weight that makes c_1 s_1 + c_2 s_2 = 0"),
)
BEGIN = tau / (2 * (s1 - s2)) * log((s1 - a01) * a02 / ((s2 - a02) * a01))
_PROPERTY = c1 * a_1(t) + c2 * a_2(t)


@claim(
    "cognition.illusory.untrue",
    where=_UNTRUE,
    given=[STRONGER, a01 < s1, a02 < s2],
    rests_on=["modes.trajectory"],
    source=SOURCE,
)
def untrue() -> Any:
    """A property that is not true, c_1 s_1 + c_2 s_2 = 0, is believed at all times after t_0.

    t_0 = tau ln((s_1 - a_01) a_02/((s_2 - a_02) a_01))/(2(s_1 - s_2)): an illusory excursion above
    0 always occurs, whatever the singular values and the starts.  From equal starts t_0 > 0, and
    before it the property is denied.
    """
    return Equivalent(_PROPERTY > 0, t > BEGIN, evaluate=False)


_AT_ONCE = [Subs(Derivative(g(t), t), t, 0) for g in strengths]


@claim(
    "cognition.illusory.start",
    where=_EQUAL,
    given=[STRONGER, a0 < s2],
    rests_on=["modes.trajectory", "cognition.illusory.condition"],
    source=SOURCE,
)
def start() -> Any:
    """From equal starts R(0) > s_1/s_2, the weight that a property which is not true would need.

    Such a property therefore rises from the first moment on.
    """
    return Gt(_AT_ONCE[0] / _AT_ONCE[1], s1 / s2, evaluate=False)


@claim(
    "cognition.illusory.start_slogan",
    where=STARTS[:2],
    given=[STRONGER, a01 < s1, a02 < s2],
    expects="refuted",
    corrected_by=["cognition.illusory.start"],
    source="a property that is not true rises from the first moment on, read for any start",
    witness=Witness(
        {s1: Integer(2), s2: Integer(1), a01: Rational(1, 8), a02: Rational(1, 2), tau: Integer(1)},
        (-Rational(17, 16),),
    ),
)
def start_slogan() -> Any:
    """Guard: where the stronger mode starts lower, such a property may fall at first."""
    return Gt(_AT_ONCE[0] / _AT_ONCE[1], s1 / s2, evaluate=False)


_EARLY = {
    s1: Integer(2),
    s2: Integer(1),
    a01: Rational(1, 2),
    a02: Rational(1, 2),
    c1: Integer(1),
    tau: Integer(1),
    t: Integer(0),
}


@claim(
    "cognition.illusory.early_slogan",
    where=_UNTRUE,
    given=[STRONGER, a01 < s1, a02 < s2],
    expects="refuted",
    corrected_by=["cognition.illusory.untrue"],
    source="illusory correlations occur early in learning, read literally",
    witness=Witness(_EARLY, (-Rational(1, 2),)),
)
def early_slogan() -> Any:
    """Guard: the illusion is not there early in learning: before t_0 the property is denied.

    c_1 and c_2 weigh the two modes in the property, which is not true: c_1 s_1 + c_2 s_2 = 0.
    """
    return Gt(_PROPERTY, 0, evaluate=False)


_SLOPE_AT_STAR = c1 * (h + _LEAD) * (s1 - h - _LEAD) + c2 * h * (s2 - h)


@claim(
    "cognition.illusory.opposite_slogan",
    given=[STRONGER, h < s2, c2 < 0],
    expects="refuted",
    corrected_by=["cognition.illusory"],
    source="two modes that pull in opposite directions always produce an illusory correlation",
    witness=Witness(
        {s1: Integer(3), s2: Integer(1), h: Rational(1, 2), c1: Integer(1), c2: Integer(-10)},
        (-Rational(1, 4),),
    ),
)
def opposite_slogan() -> Any:
    """Guard: opposite signs are not enough: for |c_2|/c_1 >= R_max the property only falls.

    The speed of the property at t*, in units of 2/tau; the ratio of the speeds is largest then.

    c_1 and c_2 weigh the two modes in the property, h = a_2 at t*, where a_1 - a_2 = (s_1 -
    s_2)/2.
    """
    return Gt(_SLOPE_AT_STAR, 0, evaluate=False)
