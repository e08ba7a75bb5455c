"""The ratio of the speeds of two modes, which decides between rise and fall of what they share.

An item has the property to the degree f = c_1 a_1 + c_2 a_2, the modes' strengths weighted by
c = u v (row of U times column of V^T).  Where c_1 and c_2 differ in sign the two modes pull
against each other, and the ratio R of their speeds decides.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Lambda,
    Symbol,
    exp,
)

from ..claims import claim
from ..definitions import define
from ..derivations import (
    Derivation,
    Follows,
    Integrated,
    Premise,
    Solved,
    Step,
)
from ..edges import Limit
from ..symbols import s, s1, s2, t, tau
from .readout import SOURCE, strengths

__all__ = ["STRONGER", "R", "h", "passing", "ratio", "t_star", "upward"]

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
