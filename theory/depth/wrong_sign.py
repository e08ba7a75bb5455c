"""A mode of wrong sign, and a mode that the task does not ask for: both fade, at any depth.

With the wrong sign (a < 0 < s) the size |a| falls and takes an infinite time to zero, where the
mode could turn: it is never learned.  With s = 0 it falls algebraically, slower the deeper.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Ge,
    Integer,
    Lambda,
    Symbol,
    exp,
    lerchphi,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import (
    Crosses,
    Evident,
    Extreme,
    Follows,
    Integrated,
    Premise,
    SameSign,
    Solved,
    Step,
)
from ..derivations import Derivation as Steps
from ..edges import Assumption, Limit
from ..symbols import T, a, a0, a_f, s, t, tau
from .chain import DEPTH, EQUAL, POSITIVE, STRENGTH
from .letters import D, N_l, hidden, k, r, w
from .times import START, integrated

__all__ = [
    "never",
    "null_mode",
    "null_mode_infinite",
    "null_mode_layers_2",
    "null_ode",
    "null_time",
    "time",
]

_SOURCE = "deep linear networks, a mode that starts with the wrong sign"
_POWER, _Q = 2 - 2 / D, 2 / D - 1
_x = Symbol("x", positive=True)
_K = Function("K")
_COUNT = define(
    _K, Lambda(_x, _x**_Q * lerchphi(-_x, 1, _Q)), means="counts the time, at x = |a|/s"
)
_RATE = tau * s**-_POWER / D
_LAW = Eq(T(a_f).diff(a_f), -tau / (D * a_f**_POWER * (s + a_f)))
_TIME = _RATE * (_K(a0 / s) - _K(a_f / s))


@claim(
    "depth.ode.negative.time",
    where=[_COUNT],
    given=[_LAW, START, Assumption(Ge(D, 3))],
    rests_on=["depth.ode.negative"],
    derivation=integrated(
        _LAW, lambda z: -_RATE * _K(z / s), _TIME, "K, taken at a_f/s, changes as fast"
    ),
    evaluation=Evaluation(
        inputs={"N_l": N_l, "s": s, "a0": a0, "af": a_f, "tau": tau},
        outputs={"t": _COUNT.expand(_TIME)},
        derived={D: N_l - 1},
        domain=(Ge(N_l, 4), a_f <= a0),
    ),
    source=_SOURCE,
    limits=[Limit(a_f, a0, Integer(0), "nothing has faded yet")],
)
def time() -> Any:
    """Time in which a mode of wrong sign falls from the size a_0 to a_f, D = N_l - 1 >= 3.

    K(x) = x^q Phi(-x, 1, q), q = 2/D - 1, has the derivative x^(q-1)/(1 + x).
    """
    return Eq(T(a_f), _TIME)


_EXPLICIT = define(T, Lambda(a_f, _TIME), means="time from the size a_0 to a_f")
_BOUND = tau * (a_f**_Q - a0**_Q) / ((D - 2) * (s + a0))
_NEVER = Ge(T(a_f), _BOUND)


def _never() -> Steps:
    distance = Derivative(a_f - a0, a_f)
    excess = Derivative(T(a_f) - _BOUND, a_f)
    factor = tau / (D * a_f**_POWER * (s + a_f) * (s + a0))
    return Steps(
        (
            Step("the derivative of a_f - a_0", Eq(distance, 1), Follows()),
            Step("is positive", distance > 0, Evident()),
            Step("a_f - a_0 vanishes at a_0", Eq(Integer(0), 0, evaluate=False), Follows()),
            Step(
                "so it is positive above a_0 alone",
                Equivalent(a_f - a0 > 0, a_f > a0, evaluate=False),
                Crosses(a_f, a0),
            ),
            Step(
                "the time less the bound changes as a positive multiple of it",
                Equivalent(excess > 0, a_f > a0, evaluate=False),
                SameSign(factor),
            ),
            Step("and is least at a_0, where both vanish", _NEVER, Extreme(a_f, a0)),
        )
    )


@claim(
    "depth.ode.negative.never",
    where=[_EXPLICIT, _COUNT],
    given=[Ge(D, 3)],
    rests_on=["depth.ode.negative.time"],
    derivation=_never,
    source=_SOURCE,
)
def never() -> Any:
    """A mode of wrong sign is never learned: its size takes an infinite time to zero.

    At depth D = N_l - 1 >= 3 the time to the size a_f is at least
    (tau/((D - 2)(s + a_0))) (a_f^q - a_0^q), q = 2/D - 1 < 0, which is unbounded as a_f tends to 0.
    For D = 2 it is exponential (modes.negative_start); the shallow network, D = 1, does turn.
    """
    return _NEVER


_NULL_RELATIVE = Eq(tau * k(t).diff(t), -(r(t) ** 2))
_NULL_ODE = Eq(tau * a(t).diff(t), -DEPTH * a(t) ** (3 - 2 / DEPTH))
_FADING = "deep linear networks, modes that the task does not ask for"


@claim(
    "depth.learning_time.null_mode.ode",
    where=[POSITIVE, STRENGTH],
    given=[_NULL_RELATIVE, EQUAL, Assumption(Ge(N_l, 2))],
    rests_on=["depth.ode.gradient", "depth.ode.conserved"],
    derivation=Steps(
        (
            Step("the flow of the logarithm of one layer, s = 0", _NULL_RELATIVE, Premise()),
            Step(
                "that is, of the layer, down the gradient of (r w)^2/2",
                Eq(tau * w(t).diff(t), -(r(t) ** 2) * w(t)),
                Follows(),
            ),
            Step("all layers are equal", EQUAL, Premise()),
            Step("the chain rule for a = w^(N_l - 1)", _NULL_ODE, Follows()),
        )
    ),
    source=_FADING,
)
def null_ode() -> Any:
    """A mode with s = 0 of equal positive layers obeys tau da/dt = -(N_l-1) a^(3-2/(N_l-1))."""
    return _NULL_ODE


_DEPTH, _FADES = hidden + 1, 2 * hidden / (hidden + 1)
_NULL_LAW = Eq(T(a_f).diff(a_f), -tau / (_DEPTH * a_f ** (1 + _FADES)))
_NULL_TIME = tau * (a_f**-_FADES - a0**-_FADES) / (2 * hidden)


@claim(
    "depth.learning_time.null_mode.time",
    given=[_NULL_LAW, START],
    rests_on=["depth.learning_time.null_mode.ode"],
    derivation=integrated(
        _NULL_LAW,
        lambda z: tau * z**-_FADES / (2 * hidden),
        _NULL_TIME,
        "this power changes as fast",
    ),
    evaluation=Evaluation(
        inputs={"N_l": N_l, "a0": a0, "af": a_f, "tau": tau},
        outputs={"t": _NULL_TIME},
        derived={hidden: N_l - 2},
        domain=(Ge(N_l, 3), a_f <= a0),
    ),
    source=_FADING,
    limits=[Limit(a_f, a0, Integer(0), "nothing has faded yet")],
)
def null_time() -> Any:
    """Time in which a mode with s = 0 falls from a_0 to a_f: (tau/(2H)) (a_f^-p - a_0^-p).

    H = N_l - 2 >= 1: number of hidden layers; p = 2H/(H + 1), that is, 2 - 2/(N_l - 1).
    """
    return Eq(T(a_f), _NULL_TIME)


_START = Eq(a(0), a0)
_NULL_MOTION = Eq(tau * a(t).diff(t), -_DEPTH * a(t) ** (1 + _FADES))
_NULL = (a0**-_FADES + 2 * hidden * t / tau) ** (-1 / _FADES)


@claim(
    "depth.learning_time.null_mode",
    given=[_NULL_MOTION, _START],
    rests_on=["depth.learning_time.null_mode.ode"],
    evaluation=Evaluation(
        inputs={"N_l": N_l, "a0": a0, "tau": tau, "t": t},
        outputs={"a": _NULL},
        derived={hidden: N_l - 2},
        domain=(Ge(N_l, 3),),
    ),
    source=_FADING,
    limits=[Limit(t, Integer(0), a0, "the start")],
)
def null_mode() -> Any:
    """A mode with s = 0 fades as a = [a_0^-p + 2H t/tau]^(-1/p), p = 2H/(H + 1), H = N_l - 2 >= 1.

    For long times like t^(-(H + 1)/(2H)): 1/t for three layers, down to t^(-1/2) at infinite depth.
    """
    return Eq(a(t), _NULL)


_SHALLOW = Eq(tau * a(t).diff(t), -a(t))
_FADED = Eq(a(t), a0 * exp(-t / tau))


def _shallow() -> Steps:
    kept = a(t) * exp(t / tau)
    return Steps(
        (
            Step("the equation of motion", _SHALLOW, Premise()),
            Step("the mode starts at a_0", _START, Premise()),
            Step("a e^(t/tau) does not change", Eq(kept.diff(t, evaluate=False), 0), Follows()),
            Step("it keeps its initial value", Eq(kept, a0), Integrated(t, 0)),
            Step("solve for a", _FADED, Solved()),
        )
    )


@claim(
    "depth.learning_time.null_mode.layers_2",
    given=[_SHALLOW, _START],
    rests_on=["depth.learning_time.null_mode.ode"],
    derivation=_shallow,
    evaluation=Evaluation(inputs={"a0": a0, "tau": tau, "t": t}, outputs={"a": _FADED.rhs}),
    source=_FADING,
)
def null_mode_layers_2() -> Any:
    """In the shallow network, N_l = 2, a mode with s = 0 fades exponentially."""
    return _FADED


_ENDLESS = Eq(tau * a(t).diff(t), -(a(t) ** 3))
_SLOW = (a0**-2 + 2 * t / tau) ** (-Integer(1) / 2)


@claim(
    "depth.learning_time.null_mode.infinite",
    given=[_ENDLESS, _START],
    rests_on=["depth.learning_time.null_mode.ode"],
    evaluation=Evaluation(inputs={"a0": a0, "tau": tau, "t": t}, outputs={"a": _SLOW}),
    source=_FADING,
)
def null_mode_infinite() -> Any:
    """At infinite depth, tau for tau/(N_l - 1), a mode with s = 0 fades as t^(-1/2)."""
    return Eq(a(t), _SLOW)
