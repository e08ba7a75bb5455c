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
    Equivalent,
    Function,
    Ge,
    Gt,
    Integer,
    Lambda,
    Le,
    Lt,
    Rational,
    Symbol,
    log,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Evident, Follows, Premise, Step
from ..edges import Assumption, Limit, Witness
from ..outputs import Branch
from ..symbols import a0, a_f, c, delta, eta, s, s1
from .letters import D
from .times import BELOW_COUNT, RISING, F, integrated, primitive

__all__ = [
    "deeper_is_slower",
    "delay",
    "endless",
    "iterations",
    "one_matrix",
    "saturates",
    "slogan",
    "two_matrices",
    "unbounded",
    "weak_modes",
]

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
_FROM = (
    Assumption(a0 < s, {**_POINT, a0: Integer(5)}),
    Assumption(a_f < s, {**_POINT, a_f: Integer(5)}),
)
_INPUTS = {"s": s, "s1": s1, "a0": a0, "af": a_f, "c": c}
_NOTHING = Limit(a_f, a0, Integer(0), "nothing is left to learn")
_LOGARITHMS = "partial fractions: this combination of logarithms grows as fast"


def _law(power: Any) -> Any:
    """Iterations per strength: s_1^p/(c a^p (s - a))."""
    return Eq(n(a_f).diff(a_f), s1**power / (c * a_f**power * (s - a_f)))


_ONE = log((s - a0) / (s - a_f)) / c


@claim(
    "depth.iterations.layers_2",
    given=[_law(0), _START, *_FROM],
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


_TWO = s1 / (c * s) * log(a_f * (s - a0) / (a0 * (s - a_f)))


@claim(
    "depth.iterations.layers_3",
    given=[_law(1), _START, *_FROM],
    rests_on=["depth.learning_time.layers_3"],
    derivation=integrated(_law(1), lambda z: s1 / (c * s) * log(z / (s - z)), _TWO, _LOGARITHMS, n),
    evaluation=Evaluation(inputs=_INPUTS, outputs={"n": _TWO}, domain=RISING),
    source=_SOURCE,
    limits=[_NOTHING],
)
def two_matrices() -> Any:
    """Three layers, D = 2: (1/c)(s_1/s) times the increase of log(x/(1 - x)), x = a/s."""
    return Eq(n(a_f), _TWO)


_ENDLESS = s1**2 / (c * s**2) * (log(a_f * (s - a0) / (a0 * (s - a_f))) + s / a0 - s / a_f)


@claim(
    "depth.iterations.infinite",
    given=[_law(2), _START, *_FROM],
    rests_on=["depth.learning_time.infinite"],
    derivation=integrated(
        _law(2),
        lambda z: s1**2 / (c * s**2) * (log(z / (s - z)) - s / z),
        _ENDLESS,
        _LOGARITHMS,
        n,
    ),
    evaluation=Evaluation(inputs=_INPUTS, outputs={"n": _ENDLESS}, domain=RISING),
    source=_SOURCE,
    limits=[_NOTHING],
)
def endless() -> Any:
    """Infinite depth: (1/c)(s_1/s)^2 times the increase of log(x/(1-x)) - 1/x, finite."""
    return Eq(n(a_f), _ENDLESS)


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
    given=[_LAW, _START, *_FROM, Assumption(Ge(D, 3))],
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


_DEEP, _THREE = Symbol("n_oo", real=True), Symbol("n_3", real=True)
_DELAY = (s / a0 - s / a_f) / c
_COUNTED = (
    define(_DEEP, _ENDLESS.subs(s1, s), means="iterations of the strongest mode, infinite depth"),
    define(_THREE, _TWO.subs(s1, s), means="iterations of the strongest mode, three layers"),
)


@claim(
    "depth.iterations.delay",
    where=_COUNTED,
    given=_FROM[:2],
    rests_on=["depth.iterations.infinite", "depth.iterations.layers_3"],
    derivation=Derivation(
        (
            Step("infinite depth", Eq(_DEEP, _COUNTED[0].body), Premise()),
            Step("three layers", Eq(_THREE, _COUNTED[1].body), Premise()),
            Step("the logarithms are the same", Eq(_DEEP - _THREE, _DELAY), Follows()),
        )
    ),
    source="Saxe, McClelland & Ganguli: the delay of infinitely deep over three-layer networks",
)
def delay() -> Any:
    """Infinite depth takes (1/c)(s/a_0 - s/a_f) more iterations than three layers, exactly.

    For the strongest mode, s = s_1.  It is finite, and its constant is s/a_0.
    """
    return Eq(_DEEP - _THREE, _DELAY)


@claim(
    "depth.iterations.unbounded",
    given=[Assumption(a0 < a_f)],
    rests_on=["depth.iterations.delay"],
    source="what a delay of order 1 hides",
)
def unbounded() -> Any:
    """The delay exceeds any number delta, exactly for small enough a_0: its order hides s/a_0."""
    return Equivalent(_DELAY > delta, a0 < s / (c * delta + s / a_f), evaluate=False)


@claim(
    "depth.iterations.slogan",
    given=[a0 < a_f, a_f < s, c < 2],
    expects="refuted",
    source="the talk: infinitely deep networks learn with a delay of order 1, read as small",
    witness=Witness(
        {a0: Rational(1, 1000), a_f: Rational(19, 20), s: Integer(1), c: Integer(1)},
        (Integer(100) - Integer(1000) + Rational(20, 19),),
    ),
)
def slogan() -> Any:
    """Guard: the delay is not below 100 iterations, c = 1 or not: the start decides."""
    return Lt(_DELAY, 100 / c)


_D1, _D2 = (Symbol(name, integer=True, positive=True) for name in ("D_1", "D_2"))


def _pace(name: str, depth: Any, power: Any) -> Any:
    """Iterations per strength, as in the laws above: s_1^p/(c a^p (s - a))."""
    body = (s1 / a_f) ** power / (c * (s - a_f))
    return define(Function(name), Lambda(a_f, body), means=f"iterations per strength, {depth}")


def _slower(deep: Any, shallow: Any, exponent: Any) -> tuple[Any, Derivation]:
    """The first takes more iterations per strength: the statement and its steps."""
    ratio = deep.head / shallow.head
    stated = Gt(ratio, 1)
    steps = (
        Step("the quotient of the two", Eq(ratio, (s1 / a_f) ** exponent), Follows()),
        Step("p grows with depth, and a < s_1", stated, Evident()),
    )
    return stated, Derivation(steps)


_DEEPER = (_pace("g", "depth D_2", 2 - 2 / _D2), _pace("h", "depth D_1", 2 - 2 / _D1))
_SLOWER, _BY_DEPTH = _slower(*_DEEPER, 2 / _D1 - 2 / _D2)


@claim(
    "depth.iterations.deeper_is_slower",
    where=_DEEPER,
    given=[Assumption(a_f < s), Le(s, s1), Assumption(_D1 < _D2)],
    rests_on=["depth.iterations", "depth.iterations.layers_2", "depth.iterations.layers_3"],
    derivation=_BY_DEPTH,
    source="learning speed of deep linear networks at the best stable rate",
)
def deeper_is_slower() -> Any:
    """At the best stable rate the deeper network, D_2 > D_1, takes more iterations per strength.

    For every mode s <= s_1, at every strength a_f below s, and so on every way up: learning time
    in iterations grows with depth, strictly.
    """
    return _SLOWER


_DEEPEST = (_pace("g", "infinite depth", 2), _pace("h", "depth D", 2 - 2 / D))
_SATURATES, _BELOW_INFINITE = _slower(*_DEEPEST, 2 / D)


@claim(
    "depth.iterations.saturates",
    where=_DEEPEST,
    given=[Assumption(a_f < s), Le(s, s1)],
    rests_on=["depth.iterations.deeper_is_slower", "depth.iterations.infinite"],
    derivation=_BELOW_INFINITE,
    source="learning speed of deep linear networks at the best stable rate",
)
def saturates() -> Any:
    """Infinite depth takes more iterations per strength than any finite depth D.

    And finitely many (depth.iterations.infinite): there the slowdown with depth saturates.
    """
    return _SATURATES


_x0, _xf = (Symbol(name, positive=True) for name in ("x_0", "x_f"))
_count = Function("n")


@claim(
    "depth.iterations.weak_modes",
    where=[
        define(
            _count,
            Lambda(
                _mode := Symbol("s", positive=True),
                (s1 / _mode) ** _POWER / c * (primitive(_Q, _xf) - primitive(_Q, _x0)),
            ),
            means="iterations of a mode from x_0 s to x_f s",
        )
    ],
    given=[_x0 < 1, _xf < 1, Ge(D, 3)],
    rests_on=["depth.iterations"],
    source="learning speed of weak modes in deep linear networks",
)
def weak_modes() -> Any:
    """At equal relative starts x_0 a weak mode is slower than the strongest by (s_1/s)^p.

    By 1, s_1/s and (s_1/s)^2 for D = 1, 2 and oo: the conditioning is squared by depth.
    """
    return Eq(_count(s), (s1 / s) ** _POWER * _count(s1))
