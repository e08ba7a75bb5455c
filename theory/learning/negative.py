"""A balanced mode with opposite signs: the mode that never learns, and the formula that lies."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Lt, exp, oo

from ..claims import claim
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Limit, Witness
from ..symbols import a, a0, s, t, tau
from .layers import STRENGTH, WHITE_LAYERS, v, w

__all__ = ["opposite_layers", "stays_negative", "stuck"]

_OPPOSITE = Eq(v(t), -w(t))
_ODE = Eq(tau * a(t).diff(t), -2 * a(t) * (s - a(t)))
_START = Eq(a(0), -a0)


@claim(
    "modes.negative_start.ode",
    where=[STRENGTH],
    given=[*WHITE_LAYERS, _OPPOSITE],
    rests_on=["modes.product_rule"],
    source="the mode equation for balanced layers of opposite sign",
)
def opposite_layers() -> Any:
    """Balanced layers of opposite sign, v = -w, obey tau da/dt = -2a(s - a): a <= 0 only decays.

    v^2 + w^2 is 2|a|, and |a| = -a: the speed is 2|a|(s - a), not 2a(s - a).
    """
    return _ODE


_E = exp(2 * s * t / tau)
_CURVE = -s / ((s / a0 + 1) * _E - 1)


def _stuck() -> Derivation:
    kept = (s / a(t) - 1) * exp(-2 * s * t / tau)
    return Derivation(
        (
            Step("the equation of motion of opposite layers", _ODE, Premise()),
            Step("the mode starts at -a_0", _START, Premise()),
            Step(
                "s/a - 1 moves away from 0 as fast as the exponential grows",
                Eq(kept.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("their quotient keeps its value", Eq(kept, -s / a0 - 1), Integrated(t, 0)),
            Step("solve for a", Eq(a(t), _CURVE), Solved()),
        )
    )


@claim(
    "modes.negative_start",
    given=[_ODE, _START],
    rests_on=["modes.negative_start.ode"],
    derivation=_stuck,
    source="the mode equation for balanced layers of opposite sign",
    limits=[
        Limit(t, Integer(0), -a0, "the start"),
        Limit(t, oo, Integer(0), "the mode is never learned: it tends to 0 from below"),
    ],
)
def stuck() -> Any:
    """From a(0) = -a_0 < 0 with balanced layers the mode tends to 0 and is never learned."""
    return Eq(a(t), _CURVE)


@claim(
    "modes.negative_start.stays_negative",
    rests_on=["modes.negative_start"],
    source="a mode of opposite layers never crosses zero",
)
def stays_negative() -> Any:
    """It stays negative for ever: at no time t >= 0 does it reach zero."""
    return Lt(_CURVE, 0, evaluate=False)


@claim(
    "modes.negative_start.slogan",
    given=[_ODE, _START],
    expects="refuted",
    corrected_by=["modes.negative_start"],
    source="the logistic curve used with a negative initial strength",
    witness=Witness(
        {s: Integer(2), a0: Integer(1), tau: Integer(1), t: Integer(0)},
        (-Integer(12), Integer(0)),
    ),
)
def slogan() -> Any:
    """Guard: the logistic curve with -a_0 in place of a_0 is not what such a mode does.

    It has a pole where e^(2st/tau) = 1 + s/a_0, and beyond the pole it would even learn.
    """
    return Eq(a(t), s * _E / (_E - 1 - s / a0))
