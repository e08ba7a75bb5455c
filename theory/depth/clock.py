"""The clock of a mode: what the equation of motion makes grow at a constant rate."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Ge, Lambda, exp

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Assumption
from ..symbols import a, s, t, tau
from .letters import D, k
from .times import ABOVE_COUNT, BELOW_COUNT, F, G

__all__ = ["clock", "clock_above"]

_POWER = 2 - 2 / D
_SOURCE = "Saxe, McClelland & Ganguli: learning time of a mode in deep linear networks"
_ODE = Eq(tau * a(t).diff(t), D * a(t) ** _POWER * (s - a(t)))
_PACE = D * s**_POWER / tau


def _steps(odds: Any, told: str, stated: Any) -> Derivation:
    return Derivation(
        (
            Step(f"the equation of motion, in {told}", odds, Premise()),
            Step("that is, in a: the equation of depth.ode", _ODE, Follows()),
            Step("the chain rule", stated, Follows()),
        )
    )


_BELOW = define(a, Lambda(t, s / (1 + exp(-k(t)))), means="strength of the mode, between 0 and s")
_ODDS = Eq(tau * k(t).diff(t), D * s * a(t) ** (_POWER - 1))
_CLOCK = Eq(F(a(t) / s).diff(t, evaluate=False), _PACE)


@claim(
    "depth.learning_time.clock",
    where=[_BELOW, BELOW_COUNT],
    given=[_ODDS, Assumption(Ge(D, 3))],
    rests_on=["depth.ode"],
    derivation=_steps(_ODDS, "k = log(a/(s - a))", _CLOCK),
    source=_SOURCE,
)
def clock() -> Any:
    """F(a/s) grows at the constant rate D s^p/tau along the flow below s: it is the clock.

    So F(a(t)/s) = F(a_0/s) + D s^p t/tau, the learning time solved for t: from depth.ode alone,
    with no inverse function.
    """
    return _CLOCK


_OVER = define(a, Lambda(t, s * (1 + exp(k(t)))), means="strength of the mode, above s")
_EXCESS = Eq(tau * k(t).diff(t), -D * a(t) ** _POWER)
_CLOCK_ABOVE = Eq(G(s / a(t)).diff(t, evaluate=False), _PACE)


@claim(
    "depth.learning_time.clock_above",
    where=[_OVER, ABOVE_COUNT],
    given=[_EXCESS, Assumption(Ge(D, 2))],
    rests_on=["depth.ode"],
    derivation=_steps(_EXCESS, "k = log(a/s - 1)", _CLOCK_ABOVE),
    source=_SOURCE,
)
def clock_above() -> Any:
    """Above s it is G(s/a) that grows at the constant rate D s^p/tau along the flow."""
    return _CLOCK_ABOVE
