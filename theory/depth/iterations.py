"""Iterations to learn a mode with the best stable rate: deeper is slower, by a finite delay.

The largest stable rate is 2/lambda_max with lambda_max = D s_1^p, p = 2 - 2/D, for the strongest
mode s_1 (depth.learning_rate).  With the rate eta = c/(D s_1^p) an iteration is a time eta tau, and
the learning times count iterations.  Modes start below their s: above it the curvature on the way
is larger than at the end, and the rate is not stable.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Ge,
    Integer,
    Le,
    log,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..edges import Assumption, Limit
from ..outputs import Branch
from ..symbols import a0, a_f, c, eta, s, s1
from .letters import D
from .times import BELOW_COUNT, RISING, F, integrated

__all__ = ["ENDLESS", "FROM", "TWO", "endless", "iterations", "one_matrix", "two_matrices"]

_SOURCE = "Saxe, McClelland & Ganguli: learning speed of deep linear networks, rate optimised"
n = Function("n")
_POWER, _Q = 2 - 2 / D, 2 / D - 1
_RATE = define(eta, c / (D * s1**_POWER), means="learning rate, c times the stable scale")
_START = Eq(n(a0), 0)
_POINT = {
    D: Integer(3),
    a0: Integer(1),
    a_f: Integer(2),
    s: Integer(4),
    s1: Integer(4),
    c: Integer(1),
}
FROM = (
    Assumption(a0 < s, {**_POINT, a0: Integer(5)}),
    Assumption(a_f < s, {**_POINT, a_f: Integer(5)}),
)
_INPUTS = {"s": s, "s1": s1, "a0": a0, "af": a_f, "c": c}
_NOTHING = Limit(a_f, a0, Integer(0), "nothing is left to learn")
_LOGARITHMS = "partial fractions: this combination grows as fast"


def _law(power: Any) -> Any:
    """Iterations per strength: s_1^p/(c a^p (s - a))."""
    return Eq(n(a_f).diff(a_f), s1**power / (c * a_f**power * (s - a_f)))


_ONE = log((s - a0) / (s - a_f)) / c


@claim(
    "depth.iterations.layers_2",
    given=[_law(0), _START, *FROM],
    rests_on=["depth.learning_time.layers_2"],
    derivation=integrated(_law(0), lambda z: -log(s - z) / c, _ONE, _LOGARITHMS, n),
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "af": a_f, "c": c}, outputs={"n": _ONE}, domain=RISING
    ),
    source=_SOURCE,
    limits=[_NOTHING],
)
def one_matrix() -> Any:
    """The shallow network, D = 1: all modes take the same number of iterations."""
    return Eq(n(a_f), _ONE)


TWO = s1 / (c * s) * log(a_f * (s - a0) / (a0 * (s - a_f)))


@claim(
    "depth.iterations.layers_3",
    given=[_law(1), _START, *FROM],
    rests_on=["depth.learning_time.layers_3"],
    derivation=integrated(_law(1), lambda z: s1 / (c * s) * log(z / (s - z)), TWO, _LOGARITHMS, n),
    evaluation=Evaluation(inputs=_INPUTS, outputs={"n": TWO}, domain=RISING),
    source=_SOURCE,
    limits=[_NOTHING],
)
def two_matrices() -> Any:
    """Three layers, D = 2: (1/c)(s_1/s) times the increase of log(x/(1 - x)), x = a/s."""
    return Eq(n(a_f), TWO)


ENDLESS = s1**2 / (c * s**2) * (log(a_f * (s - a0) / (a0 * (s - a_f))) + s / a0 - s / a_f)


@claim(
    "depth.iterations.infinite",
    given=[_law(2), _START, *FROM],
    rests_on=["depth.learning_time.infinite"],
    derivation=integrated(
        _law(2),
        lambda z: s1**2 / (c * s**2) * (log(z / (s - z)) - s / z),
        ENDLESS,
        _LOGARITHMS,
        n,
    ),
    evaluation=Evaluation(inputs=_INPUTS, outputs={"n": ENDLESS}, domain=RISING),
    source=_SOURCE,
    limits=[_NOTHING],
)
def endless() -> Any:
    """Infinite depth: (1/c)(s_1/s)^2 times the increase of log(x/(1-x)) - 1/x, finite."""
    return Eq(n(a_f), ENDLESS)


_LAW = Eq(n(a_f).diff(a_f), 1 / (eta * D * a_f**_POWER * (s - a_f)))
_SCALE = (s1 / s) ** _POWER / c
_COUNT = _SCALE * (F(a_f / s) - F(a0 / s))
_BRANCHES = (
    Branch("depth.iterations.infinite", RISING, infinite=D),
    Branch("depth.iterations.layers_2", (Eq(D, 1), *RISING)),
    Branch("depth.iterations.layers_3", (Eq(D, 2), *RISING)),
)


@claim(
    "depth.iterations",
    where=[_RATE, BELOW_COUNT],
    given=[_LAW, _START, *FROM, Assumption(Ge(D, 3))],
    rests_on=[
        "depth.learning_time",
        "depth.learning_rate",
        *(branch.claim for branch in _BRANCHES),
    ],
    derivation=integrated(
        _LAW,
        lambda z: _SCALE * F(z / s),
        _COUNT,
        "F, taken at a_f/s, grows as fast",
        n,
    ),
    evaluation=Evaluation(
        inputs={"D": D, **_INPUTS},
        outputs={"n": BELOW_COUNT.expand(_COUNT)},
        domain=(Ge(D, 3), *RISING),
        branches=_BRANCHES,
        asked={
            Le(s, s1): "s1 is the largest singular value: give an s1 of at least s",
            c < 2: "the rate is stable below c = 2 only: give a c below 2",
            a0 <= a_f: "give an af from a0 on, below s",
            a_f < s: "s is never reached: give an af below s",
        },
    ),
    source=_SOURCE,
    limits=[_NOTHING],
)
def iterations() -> Any:
    """Iterations from a_0 to a_f, both below s, with the rate eta = c/(D s_1^p), D >= 3.

    n = (1/c)(s_1/s)^p I, p = 2 - 2/D, where I is the increase of F(x) = x^q Phi(x, 1, q) =
    (x^q/q) F(1, q; 1 + q; x), q = 2/D - 1, from x = a_0/s to a_f/s: a time in
    units of eta tau, and the number of iterations of gradient descent as far as steps are short (c
    well below 1).
    """
    return Eq(n(a_f), _COUNT)
