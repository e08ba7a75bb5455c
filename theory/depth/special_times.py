"""Learning times where the general form has a pole: two and three layers, and infinite depth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Eq, Integer, Rational, log

from ..claims import Evaluation, claim
from ..edges import Witness
from ..symbols import T, a0, a_f, s, tau
from .letters import D
from .times import (
    ABOVE,
    BELOW,
    FALLING,
    INPUTS,
    LAW,
    NOTHING,
    RISING,
    SOURCE,
    START,
    integrated,
    law,
)

__all__ = [
    "infinite",
    "infinite_from_above",
    "slogan",
    "three_layers",
    "two_layers",
    "two_layers_from_above",
]

INFINITE_LAW = Eq(T(a_f).diff(a_f), tau / (a_f**2 * (s - a_f)))
_LOGARITHMS = "partial fractions: this combination changes as fast"

_ONE = tau * log((s - a0) / (s - a_f))


@claim(
    "depth.learning_time.layers_2",
    given=[law(Integer(1)), START, *BELOW],
    rests_on=["depth.ode"],
    derivation=integrated(law(Integer(1)), lambda z: -tau * log(s - z), _ONE, _LOGARITHMS),
    evaluation=Evaluation(inputs=INPUTS, outputs={"t": _ONE}, domain=RISING),
    source=SOURCE,
    limits=[NOTHING],
)
def two_layers() -> Any:
    """The shallow network, N_l = 2: an exponential, and the same time for every s.

    Time from a_0 to a_f, both below s.
    """
    return Eq(T(a_f), _ONE)


_ONE_ABOVE = tau * log((a0 - s) / (a_f - s))


@claim(
    "depth.learning_time.layers_2_from_above",
    given=[law(Integer(1)), START, *ABOVE],
    rests_on=["depth.ode"],
    derivation=integrated(law(Integer(1)), lambda z: -tau * log(z - s), _ONE_ABOVE, _LOGARITHMS),
    evaluation=Evaluation(inputs=INPUTS, outputs={"t": _ONE_ABOVE}, domain=FALLING),
    source=SOURCE,
    limits=[NOTHING],
)
def two_layers_from_above() -> Any:
    """The shallow network, N_l = 2, from a_0 down to a_f, both above s."""
    return Eq(T(a_f), _ONE_ABOVE)


_TWO = tau / (2 * s) * log(a_f * (s - a0) / (a0 * (s - a_f)))


@claim(
    "depth.learning_time.layers_3",
    given=[law(Integer(2)), START, *BELOW],
    rests_on=["depth.ode"],
    derivation=integrated(
        law(Integer(2)), lambda z: tau / (2 * s) * log(z / (s - z)), _TWO, _LOGARITHMS
    ),
    evaluation=Evaluation(inputs=INPUTS, outputs={"t": _TWO}, domain=RISING),
    source=SOURCE,
    limits=[NOTHING],
)
def three_layers() -> Any:
    """Three layers, N_l = 3: the logistic time, the one depth at which Phi(x, 1, q) has a pole.

    Time from a_0 to a_f, both below s: that of modes.learning_time.
    """
    return Eq(T(a_f), _TWO)


def _infinite(odds: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda z: tau / s**2 * (log(odds(z)) - s / z)


_ENDLESS = tau / s**2 * (log(a_f * (s - a0) / (a0 * (s - a_f))) + s / a0 - s / a_f)


@claim(
    "depth.learning_time.infinite",
    given=[INFINITE_LAW, START, *BELOW],
    rests_on=["depth.ode"],
    derivation=integrated(INFINITE_LAW, _infinite(lambda z: z / (s - z)), _ENDLESS, _LOGARITHMS),
    evaluation=Evaluation(inputs=INPUTS, outputs={"t": _ENDLESS}, domain=RISING),
    source="Saxe, McClelland & Ganguli: learning time of infinitely deep linear networks",
    limits=[NOTHING],
)
def infinite() -> Any:
    """Infinite depth, where tau stands for tau/(N_l - 1), held fixed as N_l grows.

    (s^2/tau) T is the increase of log(x/(1-x)) - 1/x, x = a/s, both ends below s.
    """
    return Eq(T(a_f), _ENDLESS)


_ENDLESS_ABOVE = tau / s**2 * (log(a_f * (a0 - s) / (a0 * (a_f - s))) + s / a0 - s / a_f)


@claim(
    "depth.learning_time.infinite_from_above",
    given=[INFINITE_LAW, START, *ABOVE],
    rests_on=["depth.ode"],
    derivation=integrated(
        INFINITE_LAW, _infinite(lambda z: z / (z - s)), _ENDLESS_ABOVE, _LOGARITHMS
    ),
    evaluation=Evaluation(inputs=INPUTS, outputs={"t": _ENDLESS_ABOVE}, domain=FALLING),
    source="Saxe, McClelland & Ganguli: learning time of infinitely deep linear networks",
    limits=[NOTHING],
)
def infinite_from_above() -> Any:
    """Infinite depth, tau for tau/(N_l - 1), from a_0 down to a_f, both above s."""
    return Eq(T(a_f), _ENDLESS_ABOVE)


@claim(
    "depth.learning_time.slogan",
    given=[LAW, START, a0 < s, a_f < s],
    expects="refuted",
    corrected_by=["depth.learning_time", "depth.learning_time.layers_3"],
    source="the talk: learning time of deep networks, read as that of three layers over the depth",
    witness=Witness(
        {D: Integer(4), s: Integer(2), a0: Integer(1), a_f: Integer(1), tau: Integer(1)},
        (Rational(1, 4), Integer(0)),
    ),
)
def slogan() -> Any:
    """Guard: the logistic time of three layers is not that of other depths.

    At small a_0 the time per layer grows from the logarithm of s/a_0 to s/a_0 itself.

    T is the time from a_0 in a network with D + 1 layers of units.
    """
    return Eq(T(a_f), _TWO)
