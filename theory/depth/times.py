"""Learning times at every depth, from the equation of motion.

With x = a/s and p = 2 - 2/D the time is an integral of dx/(x^p (1 - x)).  One function does all
depths: Phi(x, 1, q) = F(1, q; 1 + q; x)/q, with d/dx [x^q Phi(x, 1, q)] = x^(q - 1)/(1 - x).  Below
s it is taken at x with q = 2/D - 1, above s at s/a with p in the place of q.  Where q = 0 (D = 2),
where p = 0 (D = 1) and at infinite depth logarithms take its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Eq, Function, Ge, Integer, Lambda, Ne, Symbol, lerchphi

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Assumption, Limit
from ..outputs import Branch
from ..symbols import T, a0, a_f, s, tau
from .letters import D, N_l

__all__ = [
    "ABOVE",
    "ABOVE_COUNT",
    "BELOW",
    "BELOW_COUNT",
    "FALLING",
    "INPUTS",
    "LAW",
    "NOTHING",
    "RISING",
    "SOURCE",
    "START",
    "F",
    "G",
    "from_above",
    "integrated",
    "law",
    "learning_time",
    "primitive",
]

SOURCE = "Saxe, McClelland & Ganguli: learning time of a mode in deep linear networks"


def primitive(q: Any, x: Any) -> Any:
    """x^q Phi(x, 1, q) = (x^q/q) F(1, q; 1 + q; x), whose derivative is x^(q-1)/(1 - x)."""
    return x**q * lerchphi(x, 1, q)


def law(depth: Any) -> Any:
    """The time per strength, the inverse of the speed, at that depth."""
    return Eq(T(a_f).diff(a_f), tau / (depth * a_f ** (2 - 2 / depth) * (s - a_f)))


LAW = law(D)
START = Eq(T(a0), 0)
_POINT = {D: Integer(3), a0: Integer(1), a_f: Integer(2), s: Integer(4), tau: Integer(1)}
BELOW = (
    Assumption(a0 < s, {**_POINT, a0: Integer(5)}),
    Assumption(a_f < s, {**_POINT, a_f: Integer(5)}),
)
ABOVE = (
    Assumption(s < a0, {**_POINT, a_f: Integer(5)}),
    Assumption(s < a_f, {**_POINT, a0: Integer(5)}),
)
RISING, FALLING = (a0 <= a_f, a_f < s), (s < a_f, a_f <= a0)
INPUTS = {"s": s, "a0": a0, "af": a_f, "tau": tau}
_DEEP_INPUTS = {"N_l": N_l, **INPUTS}


def integrated(
    speed: Any, spent: Callable[[Any], Any], time: Any, told: str, clock: Any = T
) -> Callable[[], Derivation]:
    """From the time per strength to the time: an antiderivative, and its value at a_0."""

    def steps() -> Derivation:
        reached = spent(a_f)
        return Derivation(
            (
                Step("the time per strength is the inverse of the speed", speed, Premise()),
                Step("the clock starts at a_0", Eq(clock(a0), 0), Premise()),
                Step(told, Eq(reached.diff(a_f, evaluate=False), speed.rhs), Follows()),
                Step(
                    "so the clock less it does not depend on a_f",
                    Eq((clock(a_f) - reached).diff(a_f, evaluate=False), 0),
                    Follows(),
                ),
                Step(
                    "it has its value at a_0",
                    Eq(clock(a_f) - reached, -spent(a0)),
                    Integrated(a_f, a0),
                ),
                Step("solve for it", Eq(clock(a_f), time), Solved()),
            )
        )

    return steps


NOTHING = Limit(a_f, a0, Integer(0), "nothing is left to learn")
_POWER = 2 - 2 / D
_RATE = tau * s**-_POWER / D
F, G = Function("F"), Function("G")
_x, _y = Symbol("x", positive=True), Symbol("y", positive=True)
ABOVE_COUNT = define(
    G, Lambda(_y, primitive(_POWER, _y)), means="counts the time above s, at y = s/a"
)
BELOW_COUNT = define(
    F, Lambda(_x, primitive(2 / D - 1, _x)), means="counts the time below s, at x = a/s"
)
_HIGH = _RATE * (G(s / a_f) - G(s / a0))


@claim(
    "depth.learning_time.from_above",
    where=[ABOVE_COUNT],
    given=[LAW, START, *ABOVE, Assumption(Ge(D, 2))],
    rests_on=["depth.ode", "depth.learning_time.clock_above"],
    derivation=integrated(
        LAW, lambda z: _RATE * G(s / z), _HIGH, "G, taken at s/a_f, changes as fast"
    ),
    evaluation=Evaluation(
        inputs=_DEEP_INPUTS,
        outputs={"t": ABOVE_COUNT.expand(_HIGH)},
        derived={D: N_l - 1},
        domain=(Ge(N_l, 3), *FALLING),
    ),
    source=SOURCE,
    limits=[NOTHING],
)
def from_above() -> Any:
    """Time from a_0 down to a_f, both above s, at any depth D = N_l - 1 >= 2.

    With p = 2 - 2/D it is tau s^(-p)/D times the increase of G(y) = y^p Phi(y, 1, p) =
    (y^p/p) F(1, p; 1 + p; y), from y = s/a_0 to s/a_f.
    """
    return Eq(T(a_f), _HIGH)


_LOW = _RATE * (F(a_f / s) - F(a0 / s))
_BRANCHES = (
    Branch("depth.learning_time.infinite", RISING, infinite=N_l, units=N_l - 1),
    Branch("depth.learning_time.infinite_from_above", FALLING, infinite=N_l, units=N_l - 1),
    Branch("depth.learning_time.layers_2", (Eq(N_l, 2), *RISING)),
    Branch("depth.learning_time.layers_2_from_above", (Eq(N_l, 2), *FALLING)),
    Branch("depth.learning_time.layers_3", (Eq(N_l, 3), *RISING)),
    Branch("depth.learning_time.from_above", FALLING),
)


@claim(
    "depth.learning_time",
    where=[BELOW_COUNT],
    given=[LAW, START, *BELOW, Assumption(Ge(D, 3))],
    rests_on=[
        "depth.ode",
        "depth.learning_time.clock",
        *dict.fromkeys(branch.claim for branch in _BRANCHES),
    ],
    derivation=integrated(
        LAW, lambda z: _RATE * F(z / s), _LOW, "F, taken at a_f/s, changes as fast"
    ),
    evaluation=Evaluation(
        inputs=_DEEP_INPUTS,
        outputs={"t": BELOW_COUNT.expand(_LOW)},
        derived={D: N_l - 1},
        domain=(Ge(N_l, 4), *RISING),
        branches=_BRANCHES,
        asked={
            Ge(N_l, 2): "N_l must be 2, 3, ... or oo",
            Ge((a_f - a0) * (s - a_f), 0): "af must lie between a0 and s",
            Ne(a_f, s): "s is never reached: give an af between a0 and s",
        },
    ),
    source=SOURCE,
    limits=[NOTHING],
)
def learning_time() -> Any:
    """Time from a_0 to a_f, both below s, at any depth D = N_l - 1 >= 3.

    With p = 2 - 2/D and q = 2/D - 1 it is tau s^(-p)/D times the increase of F(x) =
    x^q Phi(x, 1, q) = (x^q/q) F(1, q; 1 + q; x), from x = a_0/s to a_f/s.  The other cases are
    claims of their own: N_l = 2 and 3, infinite depth (in units of tau/(N_l - 1)), decay from above
    s, null modes; ``evaluate`` takes the one that its inputs ask for.  a_f lies between a_0 and s,
    which is never reached.
    """
    return Eq(T(a_f), _LOW)
