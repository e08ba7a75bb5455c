"""Learning times."""

from __future__ import annotations

from typing import Any

from sympy import Eq, log

from ..claims import Evaluation, claim
from ..symbols import T, a0, a_f, s, tau

__all__ = ["learning_time"]

_SLOWNESS = Eq(T(a_f).diff(a_f), tau / (2 * a_f * (s - a_f)))
_START = Eq(T(a0), 0)
_INSIDE = (a0 < a_f, a_f < s)
TIME = tau / (2 * s) * log(a_f * (s - a0) / (a0 * (s - a_f)))


@claim(
    "modes.learning_time",
    given=[_SLOWNESS, _START, *_INSIDE],
    rests_on=["modes.trajectory"],
    source="Saxe, McClelland & Ganguli: learning time of a mode",
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "af": a_f, "tau": tau},
        outputs={"t": TIME},
        domain=(a0 <= a_f, a_f < s),
    ),
)
def learning_time() -> Any:
    """Time from a_0 to a_f, as the integral of tau/(2a(s - a)); a_f = s is never reached.

    O(tau/s) hides the logarithm ln(s/a_0), which grows without bound as a_0 tends to 0.
    """
    return Eq(T(a_f), TIME)


@claim(
    "modes.learning_time.slogan",
    given=[_SLOWNESS, _START, *_INSIDE],
    expects="refuted",
    source="the talk's learning time (tau/s) ln(s/epsilon) read as exact",
)
def slogan() -> Any:
    """Guard: (tau/s) ln(s/a_0) is an approximation, not the time to any given a_f."""
    return Eq(T(a_f), tau / s * log(s / a0))
