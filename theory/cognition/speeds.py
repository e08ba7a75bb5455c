"""The ratio of the speeds of two modes, which decides between rise and fall of what they share.

An item has the property to the degree f = c_1 a_1 + c_2 a_2, the modes' strengths weighted by
c = u v (row of U times column of V^T).  Where c_1 and c_2 differ in sign the two modes pull
against each other, and the ratio R of their speeds decides.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Lambda,
    Symbol,
    exp,
)

from ..claims import claim
from ..definitions import define
from ..derivations import (
    Crosses,
    Derivation,
    Evident,
    Follows,
    Integrated,
    Premise,
    SameSign,
    Solved,
    Step,
)
from ..edges import Limit
from ..symbols import s, s1, s2, t, tau
from .readout import SOURCE, strengths

__all__ = ["CROSSING", "STRONGER", "R", "h", "passing", "ratio", "t_star", "turning", "upward"]

a_1, a_2 = strengths
R = Function("R")
"""Speed of the first mode over speed of the second."""
h = Symbol("h", positive=True)
"""Strength of the second mode when the first is (s_1 - s_2)/2 above it."""
t_star = Symbol("t_star", positive=True)
"""The time at which that is so."""
STRONGER = s2 < s1
_LEAD = (s1 - s2) / 2
ODES = tuple(
    Eq(tau * f(t).diff(t), 2 * f(t) * (x - f(t))) for f, x in zip(strengths, (s1, s2), strict=True)
)
_SPEEDS = define(R, Lambda(t, a_1(t).diff(t) / a_2(t).diff(t)), means="ratio of the speeds")


@claim(
    "cognition.illusory.ratio",
    where=[_SPEEDS],
    given=ODES,
    rests_on=["modes.ode"],
    source=SOURCE,
)
def ratio() -> Any:
    """The ratio R of the speeds of two modes obeys d ln R/dt = (2/tau)((s_1 - s_2) - 2(a_1 - a_2)).

    So it rises while the first mode is less than (s_1 - s_2)/2 ahead of the second, and falls
    afterwards.  Written as dR/dt = R d ln R/dt, it needs no sign of the speeds.
    """
    lead = (s1 - s2) - 2 * (a_1(t) - a_2(t))
    return Eq(tau * R(t).diff(t), 2 * R(t) * lead)


@claim(
    "cognition.illusory.upward",
    given=ODES,
    rests_on=["modes.ode"],
    source=SOURCE,
)
def upward() -> Any:
    """The lead a_1 - a_2 crosses (s_1 - s_2)/2 upward alone, at the slope (s_1^2 - s_2^2)/(2 tau).

    tau d(a_1 - a_2)/dt is that number times tau where the lead is (s_1 - s_2)/2.
    """
    lead = a_1(t) - a_2(t)
    pull = (s1 + s2 - 2 * a_1(t) - 2 * a_2(t)) * (lead - _LEAD)
    return Eq(tau * lead.diff(t, evaluate=False), pull + (s1**2 - s2**2) / 2)


def _through(strength: Any, value: Any) -> Any:
    """The curve of a mode that has a value at the time t_star."""
    return strength / (1 + (strength / value - 1) * exp(-2 * strength * (t - t_star) / tau))


_MODE = Eq(tau * a_2(t).diff(t), 2 * a_2(t) * (s - a_2(t)))
_AT_STAR = Eq(a_2(t_star), h)


def _passing() -> Derivation:
    ignorance = s / a_2(t) - 1
    kept = ignorance * exp(2 * s * (t - t_star) / tau)
    return Derivation(
        (
            Step("the equation of motion of a balanced mode", _MODE, Premise()),
            Step("its value at t_star", _AT_STAR, Premise()),
            Step(
                "s/a - 1 decays at the rate 2s/tau, by the quotient rule",
                Eq(tau * ignorance.diff(t), -2 * s * ignorance),
                Follows(),
            ),
            Step(
                "so that its product with the inverse decay does not change",
                Eq(kept.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("it keeps its value", Eq(kept, s / h - 1), Integrated(t, t_star)),
            Step("solve for a", Eq(a_2(t), _through(s, h)), Solved()),
        )
    )


@claim(
    "cognition.illusory.passing",
    given=[_MODE, _AT_STAR, h < s],
    rests_on=["modes.ode"],
    derivation=_passing,
    source=SOURCE,
    limits=[Limit(t, t_star, h, "the value at that time")],
)
def passing() -> Any:
    """The curve of a mode by its value h at any time t_star, instead of by its start."""
    return Eq(a_2(t), _through(s, h))


CROSSING = (
    define(a_1, Lambda(t, _through(s1, h + _LEAD)), means="first mode, (s_1 - s_2)/2 ahead at t*"),
    define(a_2, Lambda(t, _through(s2, h)), means="second mode, of strength h at t*"),
    define(
        R,
        Lambda(t, a_1(t) * (s1 - a_1(t)) / (a_2(t) * (s2 - a_2(t)))),
        means="ratio of the speeds, by the equation of motion",
    ),
)
_K1, _K2 = (s1 + s2 - 2 * h) / (2 * h + s1 - s2), (s2 - h) / h
"""s/a - 1 of both modes at t_star."""
_E1, _E2 = (exp(x * (t - t_star) / tau) for x in (s1, s2))
_SUM, _DIFFERENCE = (exp(x * (t - t_star) / tau) for x in (s1 + s2, s1 - s2))
_TURNING = Equivalent(Derivative(R(t), t) < 0, t > t_star, evaluate=False)


def _turning() -> Derivation:
    level = (s1 - s2) * (_SUM - _K1 * _K2 / _SUM) + (s1 + s2) * (
        _K2 * _DIFFERENCE - _K1 / _DIFFERENCE
    )
    rising = _SUM + _K1 * _K2 / _SUM + _K2 * _DIFFERENCE + _K1 / _DIFFERENCE
    slope = level.diff(t, evaluate=False)
    factor = (
        2 * s1**2 * _K1 * _E1**3 * (_E2**2 + _K2) / (tau * s2**2 * _K2 * _E2 * (_E1**2 + _K1) ** 3)
    )
    return Derivation(
        (
            Step(
                "what the lead lacks, times a positive factor, has the derivative",
                Eq(slope, (s1**2 - s2**2) / tau * rising),
                Follows(),
            ),
            Step("it increases throughout", slope > 0, Evident()),
            Step("and vanishes at t*", Eq(level.subs(t, t_star), 0), Follows()),
            Step(
                "so it is positive after t* alone",
                Equivalent(level > 0, t > t_star, evaluate=False),
                Crosses(t, t_star),
            ),
            Step("dR/dt is minus a positive multiple of it", _TURNING, SameSign(factor)),
        )
    )


@claim(
    "cognition.illusory.turning",
    where=CROSSING,
    given=[STRONGER, h < s2],
    rests_on=["cognition.illusory.ratio", "cognition.illusory.passing"],
    derivation=_turning,
    source=SOURCE,
)
def turning() -> Any:
    """R falls exactly after the time t* at which a_1 - a_2 = (s_1 - s_2)/2: R(t*) is its maximum.

    Any two starts between 0 and the modes' own strengths; from equal starts the lead is 0 at first
    and s_1 - s_2 in the end, so that there is such a time.
    """
    return _TURNING
