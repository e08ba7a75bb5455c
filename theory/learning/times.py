"""Learning times, from the equation of motion and from the learning curve."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Function, Integer, Lambda, Rational, exp, log

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Assumption, Limit, Witness
from ..symbols import T, a0, a_f, delta, s, tau
from .modes import trajectory

__all__ = ["FROM_ABOVE", "TIME", "from_above", "inverse", "learning_time", "unbounded"]

_SLOWNESS = Eq(T(a_f).diff(a_f), tau / (2 * a_f * (s - a_f)))
_START = Eq(T(a0), 0)
_POINT = {a0: Integer(1), a_f: Integer(2), s: Integer(4), tau: Integer(1)}
_INSIDE = (
    Assumption(a0 < s, {**_POINT, a0: Integer(5)}),
    Assumption(a_f < s, {**_POINT, a_f: Integer(5)}),
)
TIME = tau / (2 * s) * log(a_f * (s - a0) / (a0 * (s - a_f)))
"""Time from a_0 to a_f of a mode of strength s, both below s."""
FROM_ABOVE = tau / (2 * s) * log(a_f * (a0 - s) / (a0 * (a_f - s)))
"""The same for both above s."""


def _learning_time() -> Derivation:
    spent = T(a_f) - tau / (2 * s) * log(a_f / (s - a_f))
    value = -tau / (2 * s) * log(a0 / (s - a0))
    return Derivation(
        (
            Step("the time per strength is the inverse of the speed", _SLOWNESS, Premise()),
            Step("the clock starts at a_0", _START, Premise()),
            Step(
                "partial fractions: 1/(a(s - a)) = (1/a + 1/(s - a))/s",
                Eq(T(a_f).diff(a_f), tau / (2 * s) * (1 / a_f + 1 / (s - a_f))),
                Follows(),
            ),
            Step(
                "so T less the logarithm does not depend on a_f",
                Eq(spent.diff(a_f, evaluate=False), 0),
                Follows(),
            ),
            Step("it has its value at a_0", Eq(spent, value), Integrated(a_f, a0)),
            Step("solve for T", Eq(T(a_f), TIME), Solved()),
        )
    )


@claim(
    "modes.learning_time",
    given=[_SLOWNESS, _START, *_INSIDE],
    rests_on=["modes.ode"],
    derivation=_learning_time,
    source="Saxe, McClelland & Ganguli: learning time of a mode",
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "af": a_f, "tau": tau},
        outputs={"t": TIME},
        domain=(a0 <= a_f, a_f < s),
    ),
    limits=[Limit(a_f, a0, Integer(0), "nothing is left to learn")],
)
def learning_time() -> Any:
    """Time from a_0 to a_f, as the integral of tau/(2a(s - a)); a_f = s is never reached.

    Both must lie below s; the time is negative for a_f below a_0.
    """
    return Eq(T(a_f), TIME)


@claim(
    "modes.learning_time.from_above",
    given=[
        _SLOWNESS,
        _START,
        Assumption(s < a0, {**_POINT, a_f: Integer(5)}),
        Assumption(s < a_f, {**_POINT, a0: Integer(5)}),
    ],
    rests_on=["modes.ode"],
    source="decay of a mode that starts above its singular value",
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "af": a_f, "tau": tau},
        outputs={"t": FROM_ABOVE},
        domain=(s < a_f, a_f <= a0),
    ),
)
def from_above() -> Any:
    """A mode that starts above s decays to a_f > s in the same time, both signs turned."""
    return Eq(T(a_f), FROM_ABOVE)


_a = Function("a")
_CURVE = define(
    _a,
    Lambda(trajectory.statement.lhs.args[0], trajectory.statement.rhs),
    means="strength of one mode",
)


@claim(
    "modes.learning_time.inverse",
    where=[_CURVE],
    given=[a0 < s, a_f < s],
    rests_on=["modes.trajectory", "modes.learning_time"],
    source="the learning time is the inverse of the learning curve",
)
def inverse() -> Any:
    """The learning curve has the strength a_f at the learning time: both derivations agree."""
    return Eq(_a(TIME) - a_f, 0)


_BEGIN = s / (1 + (s - a_f) / a_f * exp(2 * delta))


@claim(
    "modes.learning_time.unbounded",
    given=[a0 < s, a_f < s],
    rests_on=["modes.learning_time"],
    source="what O(tau/s) hides",
)
def unbounded() -> Any:
    """The time to a_f exceeds any multiple delta of tau/s, exactly for small enough a_0.

    O(tau/s) hides the logarithm ln(s/a_0)/2: no constant bounds s T/tau.  The time is inversely
    proportional to s where a_0 and a_f are both proportional to it.
    """
    return Equivalent(TIME > delta * tau / s, a0 < _BEGIN, evaluate=False)


@claim(
    "modes.learning_time.slogan",
    given=[_SLOWNESS, _START, a0 < a_f, a_f < s],
    expects="refuted",
    corrected_by=["modes.learning_time"],
    source="the talk's learning time (tau/s) ln(s/epsilon) read as exact",
    witness=Witness(_POINT, (-Rational(1, 8), log(4) / 4)),
)
def slogan() -> Any:
    """Guard: (tau/s) ln(s/a_0) is an approximation, not the time to any given a_f.

    T is the time from a_0 to a_f.
    """
    return Eq(T(a_f), tau / s * log(s / a0))
