"""Learning times at every depth, from the equation of motion.

With x = a/s and p = 2 - 2/D the time is an integral of dx/(x^p (1 - x)).  One function does all
depths: Phi(x, 1, q) = F(1, q; 1 + q; x)/q, with d/dx [x^q Phi(x, 1, q)] = x^(q - 1)/(1 - x).  Below
s it is taken at x with q = 2/D - 1, above s at 1/x with p; q = 0 (D = 2) is the logistic time,
D = oo has elementary forms, and so has every integer D (``finite_sums``).
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Ge, Integer, lerchphi

from ..claims import claim
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Assumption, Limit
from ..symbols import T, a0, a_f, s, tau
from .letters import D

__all__ = ["ABOVE", "BELOW", "TIME", "learning_time", "primitive"]

_SOURCE = "Saxe, McClelland & Ganguli: learning time of a mode in deep linear networks"
POWER = 2 - 2 / D
SLOWNESS = Eq(T(a_f).diff(a_f), tau / (D * a_f**POWER * (s - a_f)))
START = Eq(T(a0), 0)


def primitive(q: Any, x: Any) -> Any:
    """x^q Phi(x, 1, q) = (x^q/q) F(1, q; 1 + q; x), whose derivative is x^(q-1)/(1 - x)."""
    return x**q * lerchphi(x, 1, q)


def _spent(x: Any) -> Any:
    return tau * s**-POWER / D * primitive(2 / D - 1, x)


_POINT = {D: Integer(3), a0: Integer(1), a_f: Integer(2), s: Integer(4), tau: Integer(1)}
BELOW = (
    Assumption(a0 < s, {**_POINT, a0: Integer(5)}),
    Assumption(a_f < s, {**_POINT, a_f: Integer(5)}),
)
ABOVE = (
    Assumption(s < a0, {**_POINT, a_f: Integer(5)}),
    Assumption(s < a_f, {**_POINT, a0: Integer(5)}),
)
TIME = tau * s**-POWER / D * (primitive(2 / D - 1, a_f / s) - primitive(2 / D - 1, a0 / s))


def _integrated(spent: Any, at_start: Any, told: str, time: Any, law: Any) -> Derivation:
    """From the speed at each strength to the time: an antiderivative, and its value at a_0."""
    return Derivation(
        (
            Step("the time per strength is the inverse of the speed", law, Premise()),
            Step("the clock starts at a_0", START, Premise()),
            Step(told, Eq(spent.diff(a_f, evaluate=False), law.rhs), Follows()),
            Step(
                "so T less it does not depend on a_f",
                Eq((T(a_f) - spent).diff(a_f, evaluate=False), 0),
                Follows(),
            ),
            Step("it has its value at a_0", Eq(T(a_f) - spent, -at_start), Integrated(a_f, a0)),
            Step("solve for T", Eq(T(a_f), time), Solved()),
        )
    )


@claim(
    "depth.learning_time",
    given=[SLOWNESS, START, *BELOW, Assumption(Ge(D, 3))],
    rests_on=["depth.ode"],
    derivation=lambda: _integrated(
        _spent(a_f / s),
        _spent(a0 / s),
        "the time that x^q Phi(x, 1, q) counts, x = a_f/s, q = 2/D - 1, passes as fast",
        TIME,
        SLOWNESS,
    ),
    source=_SOURCE,
    limits=[Limit(a_f, a0, Integer(0), "nothing is left to learn")],
)
def learning_time() -> Any:
    """Time from a_0 to a_f, both below s, at any depth D = N_l - 1 >= 3.

    With p = 2 - 2/D, q = 2/D - 1 and x = a/s it is tau s^(-p)/D times the increase of
    x^q Phi(x, 1, q) = (x^q/q) F(1, q; 1 + q; x).
    """
    return Eq(T(a_f), TIME)
