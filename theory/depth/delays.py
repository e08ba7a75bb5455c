"""Iterations at different depths compared: the finite delay, and what slows deep networks down."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Function, Ge, Gt, Integer, Lambda, Le, Lt, Rational, Symbol

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Evident, Follows, Premise, Step
from ..edges import Assumption, Witness
from ..symbols import a0, a_f, c, delta, s, s1
from .iterations import ENDLESS, FROM, TWO
from .letters import D
from .times import primitive

__all__ = ["deeper_is_slower", "delay", "saturates", "slogan", "unbounded", "weak_modes"]

_POWER, _Q = 2 - 2 / D, 2 / D - 1
_DEEP, _THREE = Symbol("n_oo", real=True), Symbol("n_3", real=True)
_DELAY = (s / a0 - s / a_f) / c
_COUNTED = (
    define(_DEEP, ENDLESS.subs(s1, s), means="iterations of the strongest mode, infinite depth"),
    define(_THREE, TWO.subs(s1, s), means="iterations of the strongest mode, three layers"),
)


@claim(
    "depth.iterations.delay",
    where=_COUNTED,
    given=FROM[:2],
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
    corrected_by=["depth.iterations.delay", "depth.iterations.unbounded"],
    source="the talk: infinitely deep networks learn with a delay of order 1, read as small",
    witness=Witness(
        {a0: Rational(1, 1000), a_f: Rational(19, 20), s: Integer(1), c: Integer(1)},
        (Integer(100) - Integer(1000) + Rational(20, 19),),
    ),
)
def slogan() -> Any:
    """Guard: the delay is not below 100 iterations, c = 1 or not: the start decides.

    The left side is the number of iterations by which infinite depth is later than three
    layers at the rate eta = c/(D s^p), from a_0 to a_f for the strongest mode.
    """
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
