"""Where the ratio of the speeds of two modes turns, and how large it is there."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Eq, Equivalent, Integer, Lambda, Le, Symbol, exp

from ..claims import claim
from ..definitions import define
from ..derivations import (
    Crosses,
    Derivation,
    Evident,
    Extreme,
    Follows,
    Premise,
    SameSign,
    Step,
)
from ..symbols import s1, s2, tau
from .readout import SOURCE, strengths
from .speeds import STRONGER, R, h

__all__ = ["CROSSING", "TOP", "T", "highest", "maximum", "turning"]

a_1, a_2 = strengths
T = Symbol("T", real=True)
"""Time from t* on, negative before."""
_LEAD = (s1 - s2) / 2


def _through(strength: Any, value: Any) -> Any:
    """The curve of a mode that has a value at the time t*, see ``passing``."""
    return strength / (1 + (strength / value - 1) * exp(-2 * strength * T / tau))


CROSSING = (
    define(a_1, Lambda(T, _through(s1, h + _LEAD)), means="first mode, (s_1 - s_2)/2 ahead at t*"),
    define(a_2, Lambda(T, _through(s2, h)), means="second mode, of strength h at t*"),
    define(
        R,
        Lambda(T, a_1(T) * (s1 - a_1(T)) / (a_2(T) * (s2 - a_2(T)))),
        means="ratio of the speeds, by the equation of motion",
    ),
)
_K1, _K2 = (s1 + s2 - 2 * h) / (2 * h + s1 - s2), (s2 - h) / h
"""s/a - 1 of both modes at t*."""
_E1, _E2 = (exp(x * T / tau) for x in (s1, s2))
_SUM, _DIFFERENCE = (exp(x * T / tau) for x in (s1 + s2, s1 - s2))
_TURNING = Equivalent(Derivative(R(T), T) < 0, T > 0, evaluate=False)


def _turning() -> Derivation:
    level = (s1 - s2) * (_SUM - _K1 * _K2 / _SUM) + (s1 + s2) * (
        _K2 * _DIFFERENCE - _K1 / _DIFFERENCE
    )
    rising = _SUM + _K1 * _K2 / _SUM + _K2 * _DIFFERENCE + _K1 / _DIFFERENCE
    slope = level.diff(T, evaluate=False)
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
            Step("and vanishes at t*", Eq(level.subs(T, 0), 0), Follows()),
            Step(
                "so it is positive after t* alone",
                Equivalent(level > 0, T > 0, evaluate=False),
                Crosses(T, Integer(0)),
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


TOP = 1 + (s1**2 - s2**2) / (4 * h * (s2 - h))
"""R at t*."""
_AT_MOST = Le(R(T), TOP)


@claim(
    "cognition.illusory.maximum",
    where=CROSSING,
    given=[STRONGER, h < s2],
    rests_on=["cognition.illusory.turning"],
    source=SOURCE,
)
def maximum() -> Any:
    """At t* the ratio of the speeds is 1 + (s_1^2 - s_2^2)/(4 a_2 (s_2 - a_2)), a_2 = h there."""
    return Eq(R(Integer(0)), TOP)


@claim(
    "cognition.illusory.highest",
    where=CROSSING,
    given=[STRONGER, h < s2],
    rests_on=["cognition.illusory.turning"],
    derivation=Derivation(
        (
            Step("R falls exactly after t*", _TURNING, Premise("cognition.illusory.turning")),
            Step("so it is largest there", _AT_MOST, Extreme(T, Integer(0))),
        )
    ),
    source=SOURCE,
)
def highest() -> Any:
    """At no time does R exceed R_max = 1 + (s_1^2 - s_2^2)/(4h(s_2 - h)), its value at t*.

    So a property with -c_2/c_1 >= R_max never rises.
    """
    return _AT_MOST
