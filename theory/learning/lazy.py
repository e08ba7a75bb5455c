"""How long an unbalanced mode takes: the rich and the lazy regime as its two limits."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Rational, Symbol, log, sqrt

from ..claims import claim
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Assumption, Limit, Witness
from ..symbols import T, a0, a_f, c0, s, t, tau
from .layers import WHITE_LAYERS, v, w
from .times import TIME

__all__ = ["lazy", "lazy_slogan", "speed", "unbalanced_time"]

u0, u_f = Symbol("u_0", positive=True), Symbol("u_f", positive=True)
"""Initial and final strength of the mode."""
zeta = Symbol("zeta", nonnegative=True)
"""Inverse of the size of the imbalance, 1/|c_0|."""
Theta = Function("Theta")
"""Learning time in units of tau/|c_0|."""
_POINT = {u0: Integer(1), u_f: Integer(2), s: Integer(4)}
_INSIDE = (u0 < s, u_f < s)


@claim(
    "modes.unbalanced.speed",
    given=WHITE_LAYERS,
    rests_on=["modes.product_rule"],
    source="speed of a mode with unequal layers",
)
def speed() -> Any:
    """The speed of u = vw is (s - u) sqrt(c_0^2 + 4u^2)/tau; here squared, c_0 = v^2 - w^2."""
    strength = v(t) * w(t)
    rate = (v(t) ** 2 - w(t) ** 2) ** 2 + 4 * strength**2
    return Eq((tau * strength.diff(t, evaluate=False)) ** 2, (s - strength) ** 2 * rate)


def _root(square: Any, slope: Any, x: Any) -> Any:
    return sqrt(square + slope * x**2)


def _time(unit: Any, square: Any, slope: Any) -> Any:
    """The integral of unit/((s - u) sqrt(square + slope u^2)) from u_0 to u_f."""
    top = _root(square, slope, s)

    def inside(x: Any) -> Any:
        return square + slope * s * x + top * _root(square, slope, x)

    return unit / top * log(inside(u_f) * (s - u0) / (inside(u0) * (s - u_f)))


def _derivation(clock: Any, law: Any, unit: Any, square: Any, slope: Any) -> Derivation:
    top = _root(square, slope, s)

    def primitive(x: Any) -> Any:
        inside = square + slope * s * x + top * _root(square, slope, x)
        return unit / top * log(inside / (s - x))

    spent = clock(u_f) - primitive(u_f)
    return Derivation(
        (
            Step("the time per strength is the inverse of the speed", law, Premise()),
            Step("the clock starts at u_0", Eq(clock(u0), 0), Premise()),
            Step(
                "the clock less a logarithm does not depend on u_f",
                Eq(spent.diff(u_f, evaluate=False), 0),
                Follows(),
            ),
            Step("it has its value at u_0", Eq(spent, -primitive(u0)), Integrated(u_f, u0)),
            Step("solve for the clock", Eq(clock(u_f), _time(unit, square, slope)), Solved()),
        )
    )


_LAW = Eq(T(u_f).diff(u_f), tau / ((s - u_f) * _root(c0**2, Integer(4), u_f)))


@claim(
    "modes.unbalanced.learning_time",
    given=[
        _LAW,
        Eq(T(u0), 0),
        *(
            Assumption(relation, {**_POINT, x: Integer(5), c0: Integer(3), tau: Integer(1)})
            for relation, x in zip(_INSIDE, (u0, u_f), strict=True)
        ),
    ],
    rests_on=["modes.unbalanced.speed", "modes.unbalanced.conserved"],
    derivation=_derivation(T, _LAW, tau, c0**2, Integer(4)),
    source="speed of a mode with unequal layers",
    limits=[
        Limit(c0, Integer(0), TIME.xreplace({a0: u0, a_f: u_f}), "rich: balanced layers"),
        Limit(u_f, u0, Integer(0), "nothing is left to learn"),
    ],
)
def unbalanced_time() -> Any:
    """Time from u_0 to u_f at the imbalance c_0, both strengths positive and below s."""
    return Eq(T(u_f), _time(tau, c0**2, Integer(4)))


_LAZY_LAW = Eq(Theta(u_f).diff(u_f), 1 / ((s - u_f) * _root(Integer(1), 4 * zeta**2, u_f)))


@claim(
    "modes.unbalanced.lazy",
    given=[
        _LAZY_LAW,
        Eq(Theta(u0), 0),
        *(
            Assumption(relation, {**_POINT, x: Integer(5), zeta: Integer(1)})
            for relation, x in zip(_INSIDE, (u0, u_f), strict=True)
        ),
    ],
    rests_on=["modes.unbalanced.learning_time"],
    derivation=_derivation(Theta, _LAZY_LAW, Integer(1), Integer(1), 4 * zeta**2),
    source="speed of a mode with unequal layers: the lazy regime",
    limits=[
        Limit(
            zeta,
            Integer(0),
            log((s - u0) / (s - u_f)),
            "lazy: u approaches s as exp(-|c_0| t/tau), as in a shallow network",
        )
    ],
)
def lazy() -> Any:
    """The same in units of tau/|c_0|, zeta = 1/|c_0|: regular at infinite imbalance.

    There the distance s - u decays exponentially from the start, at the rate |c_0|/tau of this
    mode: no stage, no sigmoid.  The first correction is of order zeta^2 s^2.
    """
    return Eq(Theta(u_f), _time(Integer(1), Integer(1), 4 * zeta**2))


@claim(
    "modes.unbalanced.lazy_slogan",
    given=[_LAZY_LAW, Eq(Theta(u0), 0), *_INSIDE],
    expects="refuted",
    corrected_by=["modes.unbalanced.lazy"],
    source="the lazy limit used at finite imbalance",
    witness=Witness(
        {u0: Rational(1, 2), u_f: Rational(3, 4), s: Integer(1), zeta: Rational(1, 2)},
        (Rational(4, 5), Integer(0)),
    ),
)
def lazy_slogan() -> Any:
    """Guard: unequal layers alone do not make a mode exponential; |c_0| must be far above s.

    Theta is the time from u_0 to u_f in units of tau/|c_0|, and zeta = 1/|c_0|.
    """
    return Eq(Theta(u_f), log((s - u0) / (s - u_f)))
