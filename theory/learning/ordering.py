"""Which of two modes is learned first: the absolute and the fractional criterion."""

from __future__ import annotations

from typing import Any

from sympy import E, Eq, Equivalent, Integer, LambertW, Rational, log

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Crosses, Derivation, Evident, Follows, Ordered, SameSign, Step
from ..edges import Witness
from ..symbols import a0, a01, a02, a_f, c, s, s1, s2, tau

__all__ = ["fraction_criterion", "stronger_first", "tie"]


def _time(strength: Any) -> Any:
    return tau / (2 * strength) * log(a_f * (strength - a0) / (a0 * (strength - a_f)))


_FIRST = Equivalent(_time(s1) < _time(s2), s1 > s2, evaluate=False)


def _stronger_first() -> Derivation:
    slope = _time(s).diff(s, evaluate=False)
    logarithm = log(a_f * (s - a0) / (a0 * (s - a_f)))
    terms = -tau / (2 * s**2) * logarithm - tau / (2 * s) * (1 / (s - a_f) - 1 / (s - a0))
    return Derivation(
        (
            Step("differentiate the learning time in the strength", Eq(slope, terms), Follows()),
            Step("both terms are negative", slope < 0, Evident()),
            Step("a decreasing function orders its values", _FIRST, Ordered(s)),
        )
    )


TIE = s1 / (1 + ((s2 - a02) / a02) ** (s1 / s2))
"""The start a_01 from which mode 1 reaches half its strength together with mode 2."""


@claim(
    "modes.stronger_first",
    given=[a0 < a_f, a_f < s, a_f < s1, a_f < s2],
    rests_on=["modes.learning_time"],
    derivation=_stronger_first,
    source="Saxe, McClelland & Ganguli: stronger modes are learned first",
    evaluation=Evaluation(
        inputs={"s1": s1, "s2": s2, "a02": a02},
        outputs={"a01": TIE},
        domain=(a02 < s2,),
        certified_by="modes.stronger_first.tie",
    ),
)
def stronger_first() -> Any:
    """From one start a_0, a given strength a_f is reached first by the stronger mode, always.

    Equal a_0 is needed: see the tie at unequal starts, whose curve ``evaluate`` gives.
    """
    return _FIRST


@claim(
    "modes.stronger_first.tie",
    where=[define(a01, TIE, means="start of mode 1")],
    given=[a02 < s2],
    source="order reversed by unequal starts",
)
def tie() -> Any:
    """Two modes reach half strength together when a_01 = s1/(1 + ((s2 - a_02)/a_02)^(s1/s2)).

    For a_02 > s2/2 both start above it, and both times are negative.
    """
    return Eq(
        tau / (2 * s1) * log((s1 - a01) / a01),
        tau / (2 * s2) * log((s2 - a02) / a02),
        evaluate=False,
    )




@claim(
    "modes.stronger_first.unequal_slogan",
    given=[s1 > s2, a01 < s2 / 2, a02 < s2 / 2, s2 < 2 * s1],
    expects="refuted",
    corrected_by=["modes.stronger_first.tie", "modes.stronger_first"],
    source="stronger modes are learned first, read without equal starts",
    witness=Witness(
        {
            s1: Integer(2),
            s2: Integer(1),
            a01: Rational(1, 10),
            a02: Rational(1, 3),
            tau: Integer(1),
        },
        (log(2) / 2 - log(19) / 4,),
    ),
)
def unequal_slogan() -> Any:
    """Guard: with unequal starts the stronger mode may reach half strength later.

    The two sides are the times to half strength of modes that start at a_01 and a_02.
    """
    half1 = tau / (2 * s1) * log((s1 - a01) / a01)
    return half1 < tau / (2 * s2) * log((s2 - a02) / a02)


def _fraction_time(strength: Any) -> Any:
    return tau / (2 * strength) * log(c * (strength - a0) / (a0 * (1 - c)))


_W = LambertW(c / (E * (1 - c)))
S_STAR = a0 * (1 + 1 / _W)
_LEVEL = log(c * (s - a0) / (a0 * (1 - c))) - s / (s - a0)
_SLOPE = _fraction_time(s).diff(s, evaluate=False)
_CRITERION = Equivalent(_SLOPE < 0, s > S_STAR, evaluate=False)


def _fraction_criterion() -> Derivation:
    rising = _LEVEL.diff(s, evaluate=False)
    return Derivation(
        (
            Step(
                "the level h(s) that decides has the derivative",
                Eq(rising, 1 / (s - a0) + a0 / (s - a0) ** 2),
                Follows(),
            ),
            Step("h increases", rising > 0, Evident()),
            Step(
                "and vanishes at s*, by the equation of the Lambert function",
                Eq(_LEVEL.xreplace({s: S_STAR}), 0),
                Follows(),
            ),
            Step(
                "so it is positive above s* alone",
                Equivalent(_LEVEL > 0, s > S_STAR, evaluate=False),
                Crosses(s, S_STAR),
            ),
            Step(
                "the slope of the learning time is -tau/(2s^2) h(s)",
                _CRITERION,
                SameSign(tau / (2 * s**2)),
            ),
        )
    )


@claim(
    "modes.fraction_criterion",
    given=[c < 1, a0 < s],
    rests_on=["modes.learning_time"],
    derivation=_fraction_criterion,
    source="learning to a fixed fraction of the final strength",
    evaluation=Evaluation(inputs={"c": c, "a0": a0}, outputs={"s_star": S_STAR}, domain=(c < 1,)),
)
def fraction_criterion() -> Any:
    """The time to a fraction c of the final strength decreases in s exactly above s*.

    s* = a_0 (1 + 1/W(c/(e(1-c)))), W the principal Lambert function; below s* (and above a_0/c,
    where the time is positive) the order is reversed: weaker modes get there first.
    """
    return _CRITERION


@claim(
    "modes.fraction_criterion.slogan",
    given=[c < 1, a0 < c * s1, a0 < c * s2, s1 > s2],
    expects="refuted",
    corrected_by=["modes.fraction_criterion", "modes.fraction_criterion.reversed"],
    source="stronger modes are learned first, read with a fraction of the final strength",
    witness=Witness(
        {
            s1: Rational(5, 2),
            s2: Rational(21, 10),
            a0: Integer(1),
            c: Rational(1, 2),
            tau: Integer(1),
        },
        (log(Rational(11, 10)) * 5 / 21 - log(Rational(3, 2)) / 5,),
    ),
)
def fraction_slogan() -> Any:
    """Guard: the stronger of two modes need not reach the fraction c of its strength first.

    The two sides are the times from a_0 to c s_1 and to c s_2.
    """
    return _fraction_time(s1) < _fraction_time(s2)


_REVERSED = Equivalent(_SLOPE > 0, s < S_STAR, evaluate=False)


def _reversed() -> Derivation:
    *start, _, _ = _fraction_criterion().steps
    return Derivation(
        (
            *start,
            Step(
                "so it is negative below s* alone",
                Equivalent(-_LEVEL > 0, s < S_STAR, evaluate=False),
                Crosses(s, S_STAR),
            ),
            Step(
                "the slope of the learning time is -tau/(2s^2) h(s)",
                _REVERSED,
                SameSign(tau / (2 * s**2)),
            ),
        )
    )


@claim(
    "modes.fraction_criterion.reversed",
    given=[c < 1, a0 < s],
    rests_on=["modes.learning_time"],
    derivation=_reversed,
    source="the region in which weaker modes reach a fraction of their strength first",
)
def reversed_region() -> Any:
    """Exactly below s* the time to a fraction of the final strength increases with s."""
    return _REVERSED
