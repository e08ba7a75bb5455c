"""Stages: where a learning curve is sigmoidal, and how ignorance compares with transition."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Gt, Integer, Lt, Rational, Symbol, log, sqrt

from ..claims import Evaluation, claim
from ..definitions import define
from ..edges import Assumption, Limit, Witness
from ..symbols import a0, a_f, alpha, c0, delta, s, t, tau
from .layers import WHITE_LAYERS, v, w
from .times import TIME

__all__ = ["inflection", "stage_ratio", "stageless", "vanishing_ratio"]

u = Symbol("u", real=True)
"""Strength of one mode, a number here."""
_MINUS, _PLUS = Symbol("u_minus", real=True), Symbol("u_plus", real=True)
_ROOT = sqrt(s**2 - 2 * c0**2)
_INFLECTIONS = (
    define(_MINUS, (s - _ROOT) / 4, means="strength at which the curve turns convex"),
    define(_PLUS, (s + _ROOT) / 4, means="strength at which the curve turns concave"),
)
_PULL = s - v(t) * w(t)
_SQUARES = v(t) ** 2 + w(t) ** 2
_SPEED = _SQUARES * _PULL


@claim(
    "modes.inflection.acceleration",
    given=WHITE_LAYERS,
    rests_on=["modes.product_rule"],
    source="second derivative of the learning curve of one mode",
)
def acceleration() -> Any:
    """tau^2 u'' = (s - u)(4u(s - u) - 4u^2 - c_0^2), with u = vw and c_0 = v^2 - w^2."""
    product, imbalance = v(t) * w(t), v(t) ** 2 - w(t) ** 2
    right = _PULL * (4 * product * _PULL - 4 * product**2 - imbalance**2)
    return Eq(tau * _SPEED.diff(t, evaluate=False), right)


ACCELERATION = (s - u) * (4 * u * (s - u) - 4 * u**2 - c0**2)
"""tau^2 u'' of a mode of strength u and imbalance c_0."""
_FACTORS = -8 * (s - u) * (u - _PLUS) * (u - _MINUS)
_POINT = {s: Integer(1), c0: Integer(1), u: Rational(1, 2)}


@claim(
    "modes.inflection",
    where=_INFLECTIONS,
    given=[Assumption(2 * c0**2 < s**2, _POINT)],
    rests_on=["modes.inflection.acceleration", "modes.unbalanced.conserved"],
    source="where a mode's curve is sigmoidal, balanced and not",
    evaluation=Evaluation(
        inputs={"s": s, "c": c0},
        outputs={"u_minus": _INFLECTIONS[0].body, "u_plus": _INFLECTIONS[1].body},
        domain=(2 * c0**2 < s**2,),
    ),
    limits=[
        Limit(
            c0,
            Integer(0),
            -8 * u * (s - u) * (u - s / 2),
            "a balanced mode, u > 0, is convex up to s/2 and concave above",
        )
    ],
)
def inflection() -> Any:
    """The curve is convex exactly between u_- and u_+ = (s -+ sqrt(s^2 - 2c_0^2))/4, for u < s.

    Both lie between 0 and s/2 for 0 < |c_0| < s/sqrt 2; a balanced mode grows from a_0 > 0 and
    never crosses u_- = 0.  The curve shows a convex part iff it starts below u_+: then, and then
    only, is it sigmoidal.
    """
    return Eq(ACCELERATION, _FACTORS)


_INSIDE = [Assumption(u < s), Assumption(_MINUS < u), Assumption(u < _PLUS)]


@claim(
    "modes.inflection.convex",
    given=_INSIDE,
    rests_on=["modes.inflection"],
    source="the convex part of a mode's curve",
)
def convex() -> Any:
    """Between the two inflections the curve is convex: the transition gathers speed."""
    return Gt(_FACTORS, 0, evaluate=False)


@claim(
    "modes.inflection.concave_above",
    given=[Assumption(u < s), Assumption(_PLUS < u), Assumption(_MINUS < _PLUS)],
    rests_on=["modes.inflection"],
    source="the concave part of a mode's curve",
)
def concave_above() -> Any:
    """Above u_+ the curve is concave: a mode that starts there shows no stage."""
    return Lt(_FACTORS, 0, evaluate=False)


@claim(
    "modes.inflection.stageless",
    given=[
        Assumption(u < s),
        Assumption(
            s**2 < 2 * c0**2, {s: Integer(4), c0: Integer(1), u: Integer(1)}
        ),
    ],
    rests_on=["modes.inflection.acceleration"],
    source="a deep network without stages",
)
def stageless() -> Any:
    """Beyond the imbalance |c_0| > s/sqrt 2 every curve is concave below s: deep, yet stageless.

    The acceleration is -(s - u)(8(u - s/4)^2 + (2c_0^2 - s^2)/2).
    """
    squares = 8 * (u - s / 4) ** 2 + (2 * c0**2 - s**2) / 2
    return Lt(-(s - u) * squares, 0, evaluate=False)


@claim(
    "modes.inflection.completed_square",
    rests_on=["modes.inflection.acceleration"],
    source="a deep network without stages",
)
def completed_square() -> Any:
    """The acceleration with its square completed."""
    squares = 8 * (u - s / 4) ** 2 + (2 * c0**2 - s**2) / 2
    return Eq(ACCELERATION, -(s - u) * squares)


@claim(
    "modes.inflection.slogan",
    given=[u < s],
    expects="refuted",
    corrected_by=["modes.inflection", "modes.inflection.stageless"],
    source="deep networks show stage-like transitions, read without the imbalance",
    witness=Witness({s: Integer(1), c0: Integer(1), u: Rational(1, 4)}, (-Rational(3, 8),)),
)
def sigmoidal_slogan() -> Any:
    """Guard: a deep network's curve need not be convex anywhere, not even at u = s/4.

    The left side is tau^2 times the acceleration of u = vw, c_0 = v^2 - w^2 the imbalance of
    the layers.
    """
    return Gt(ACCELERATION, 0, evaluate=False)


_IGNORANCE = TIME.subs(a_f, alpha * s)
_TRANSITION = TIME.subs({a0: alpha * s, a_f: (1 - alpha) * s}, simultaneous=True)
_T_IGNORANCE, _T_TRANSITION = (Symbol(name, positive=True) for name in ("t_ign", "t_tr"))
_RATIO = 2 * log((1 - alpha) / alpha) / log(alpha * (s - a0) / ((1 - alpha) * a0))
_HALF = Assumption(alpha < Rational(1, 2))
_BELOW = Assumption(a0 < alpha * s)


@claim(
    "modes.stage_ratio",
    where=[
        define(_T_IGNORANCE, _IGNORANCE, means="time from a_0 to alpha s"),
        define(_T_TRANSITION, _TRANSITION, means="time from alpha s to (1 - alpha) s"),
    ],
    given=[_BELOW, _HALF],
    rests_on=["modes.learning_time"],
    source="Saxe, McClelland & Ganguli: stage-like transitions",
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "alpha": alpha, "tau": tau},
        outputs={"ignorance": _IGNORANCE, "transition": _TRANSITION, "ratio": _RATIO},
        domain=(alpha < Rational(1, 2), a0 < alpha * s),
    ),
)
def stage_ratio() -> Any:
    """Transition over ignorance is 2 ln((1-alpha)/alpha) / ln(alpha(s-a_0)/((1-alpha)a_0)).

    It depends on a_0/s alone and tends to 0 with it, but only as 1/ln(s/a_0).
    """
    return Eq(_T_TRANSITION / _T_IGNORANCE, _RATIO)


_SMALL = s / (1 + ((1 - alpha) / alpha) ** (1 + 2 / delta))


@claim(
    "modes.stage_ratio.vanishes",
    given=[_BELOW, _HALF],
    rests_on=["modes.stage_ratio"],
    source="how slowly the ratio tends to zero",
)
def vanishing_ratio() -> Any:
    """The ratio is below delta exactly when a_0 < s/(1 + ((1-alpha)/alpha)^(1 + 2/delta)).

    So it tends to 0, but for delta = 1/10 at alpha = 1/10 a_0/s must be below 9^-21.
    """
    return Equivalent(_RATIO < delta, a0 < _SMALL, evaluate=False)


@claim(
    "modes.stage_ratio.slogan",
    given=[a0 < alpha * s, alpha < Rational(1, 2), 1000 * a0 < s],
    expects="refuted",
    corrected_by=["modes.stage_ratio.vanishes"],
    source="transitions are short beside ignorance, read for initial weights as used in practice",
    witness=Witness(
        {s: Integer(1), a0: Rational(1, 2000), alpha: Rational(1, 10)},
        (Rational(1, 10) - 2 * log(9) / log(Rational(1999, 9)),),
    ),
)
def short_slogan() -> Any:
    """Guard: a start a thousand times below s does not make the transition a tenth of ignorance.

    The left side is the time from alpha s to (1 - alpha)s over the time from a_0 to alpha s.
    """
    return Lt(_RATIO, Rational(1, 10), evaluate=False)
