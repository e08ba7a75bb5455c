"""Infinite depth: the equation of motion per layer, and its solution by the Lambert function.

A mode of D equal layers moves D times as fast as one layer drives it.  With the time constant
tau/D held fixed as D grows, its motion has a limit, which both ends of the strength obey: growth
to s from below and decay to s from above.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Lambda, LambertW, exp, log

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import (
    Combines,
    Derivation,
    Follows,
    Integrated,
    Lambert,
    Premise,
    Step,
)
from ..edges import Limit, Witness
from ..symbols import a, a0, s, t, tau
from .letters import epsilon, k

__all__ = ["infinite_trajectory", "logistic_slogan", "per_layer"]

_SOURCE = "Saxe, McClelland & Ganguli: infinitely deep linear networks"
_POSITIVE = define(a, Lambda(t, exp(k(t))), means="strength of the mode, positive")


@claim(
    "depth.infinite_trajectory.per_layer",
    where=[_POSITIVE],
    given=[Eq(tau * k(t).diff(t), exp(k(t)) ** (1 - 2 * epsilon) * (s - exp(k(t))))],
    rests_on=["depth.ode"],
    source=_SOURCE,
    limits=[
        Limit(epsilon, Integer(0), a(t) ** 2 * (s - a(t)), "infinite depth"),
        Limit(epsilon, Integer(1), s - a(t), "the shallow network"),
    ],
)
def per_layer() -> Any:
    """Per layer, tau for tau/D, a mode obeys tau da/dt = a^(2 - 2 epsilon) (s - a), epsilon = 1/D.

    This is depth.ode divided by D; at epsilon = 0, infinite depth, tau da/dt = a^2 (s - a).
    """
    return Eq(tau * a(t).diff(t), a(t) ** (2 - 2 * epsilon) * (s - a(t)))


_FALLEN = define(a, Lambda(t, s * exp(-k(t))), means="strength of the mode, positive")
_LAW = Eq(tau * k(t).diff(t), -(s**2) * exp(-k(t)) * (1 - exp(-k(t))))
_ODE = Eq(tau * a(t).diff(t), a(t) ** 2 * (s - a(t)))
_START = Eq(k(0), log(s / a0))
_Y, _Y0 = exp(k(t)) - 1, s / a0 - 1
_ARGUMENT = _Y0 * exp(_Y0 - s**2 * t / tau)
_SOLUTION = Eq(a(t), s / (1 + LambertW(_ARGUMENT)))


def _trajectory() -> Derivation:
    kept = _Y * exp(_Y + s**2 * t / tau)
    return Derivation(
        (
            Step("the equation of motion of k = log(s/a)", _LAW, Premise()),
            Step("that is, of infinite depth per layer", _ODE, Follows()),
            Step("the mode starts at a_0", _START, Premise()),
            Step(
                "y e^y, y = s/a - 1, decays at the rate s^2/tau",
                Eq(kept.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step(
                "so that its product with the inverse decay keeps its value",
                Eq(kept, _Y0 * exp(_Y0)),
                Integrated(t, 0),
            ),
            Step(
                "divided by the inverse decay",
                Eq(_Y * exp(_Y), _ARGUMENT),
                Combines({5: exp(-(s**2) * t / tau)}),
            ),
            Step(
                "y > -1, so y is the principal branch",
                Eq(k(t), log(1 + LambertW(_ARGUMENT))),
                Lambert(_Y),
            ),
            Step("a = s/(1 + y)", _SOLUTION, Follows()),
        )
    )


@claim(
    "depth.infinite_trajectory",
    where=[_FALLEN],
    given=[_LAW, _START],
    rests_on=["depth.infinite_trajectory.per_layer"],
    derivation=_trajectory,
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "tau": tau, "t": t}, outputs={"a": _SOLUTION.rhs}
    ),
    source=_SOURCE,
)
def infinite_trajectory() -> Any:
    """At infinite depth a = s/(1 + W(y_0 e^(y_0 - s^2 t/tau))), y_0 = s/a_0 - 1, for every a_0 > 0.

    tau stands for tau/(N_l - 1), held fixed as N_l grows, as in depth.learning_time with N_l = oo.
    W is the principal branch for a_0 < s (y_0 > 0) and for a_0 > s (-1 < y_0 < 0) alike.
    """
    return _SOLUTION


@claim(
    "depth.infinite_trajectory.logistic_slogan",
    given=[_ODE, Eq(a(0), a0)],
    expects="refuted",
    corrected_by=["depth.infinite_trajectory"],
    source="the talk: deep networks learn like shallow ones up to a delay, read of the curve",
    witness=Witness(
        {s: Integer(2), a0: Integer(1), t: Integer(0), tau: Integer(1)},
        (Integer(1), Integer(0)),
    ),
)
def logistic_slogan() -> Any:
    """Guard: the curve of infinite depth is not the logistic of its final rate s^2/tau.

    Its approach to s is (depth.infinite_trajectory, y small); its escape from a_0 is algebraic.
    """
    return Eq(a(t), s / (1 + (s / a0 - 1) * exp(-(s**2) * t / tau)))
