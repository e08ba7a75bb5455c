"""What is read off two modes: a property of an item, f = c_1 a_1 + c_2 a_2."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, MatrixSymbol, Symbol, exp

from ..claims import claim
from ..definitions import Definition, define
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Limit
from ..letters import N1, N3, rank
from ..matrix_calculus import matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import a01, a02, s1, s2, t, tau

__all__ = ["SOURCE", "c1", "c2", "curve", "f", "modes", "readout_of", "strengths"]

SOURCE = "Saxe, McClelland & Ganguli: illusory correlations; here the exact condition, two modes"
c1, c2 = Symbol("c_1", positive=True), Symbol("c_2", real=True)
"""Weights of the two modes in the property, u_m v_i of each; the sign of the first is fixed."""
f = Function("f")
"""Degree to which the item has the property."""
strengths = (Function("a_1"), Function("a_2"))
"""Strengths of the two modes."""


def readout_of(first: Any, second: Any) -> tuple[Definition, ...]:
    """The readout and its two modes, of these curves."""
    a_1, a_2 = strengths
    return (
        define(a_1, Lambda(t, first), means="strength of the first mode"),
        define(a_2, Lambda(t, second), means="strength of the second mode"),
        define(f, Lambda(t, c1 * a_1(t) + c2 * a_2(t)), means="the property as it is read out"),
    )


_U, _V = MatrixSymbol("U", N3, rank), MatrixSymbol("V", N1, rank)
_A, _S = MatrixSymbol("A", rank, rank), MatrixSymbol("S", rank, rank)
_ITEM = MatrixSymbol("x", N1, 1)
_PROPERTY = MatrixSymbol("p", N3, 1)


@claim(
    "cognition.illusory.modes",
    facts=MatrixFacts(orthonormal_columns=(_U, _V), diagonal=(_A, _S)),
    rests_on=["modes.decoupling.solution"],
    source=SOURCE,
)
def modes() -> Any:
    """A property of an item is read off the modes with the weights U^T p and V^T x: W = U A V^T.

    p^T W x is the sum over modes of (u^T p) a (v^T x), and it ends at the true value p^T U S V^T x:
    what is missing is the same sum with s - a in place of a.
    """
    missing = _PROPERTY.T * (_U * _S * _V.T) * _ITEM - _PROPERTY.T * (_U * _A * _V.T) * _ITEM
    return matrix_equation(missing, (_U.T * _PROPERTY).T * (_S - _A) * (_V.T * _ITEM))


_STARTS = tuple(Eq(g(0), x) for g, x in zip(strengths, (a01, a02), strict=True))
_ODES = tuple(
    Eq(tau * g(t).diff(t), 2 * g(t) * (x - g(t))) for g, x in zip(strengths, (s1, s2), strict=True)
)


def _saturating(strength: Any, start: Any) -> Any:
    return strength / (1 + (strength / start - 1) * exp(-2 * strength * t / tau))


_CURVE = c1 * _saturating(s1, a01) + c2 * _saturating(s2, a02)


def _mode(g: Any, strength: Any, start: Any) -> tuple[Step, ...]:
    """The curve of one mode from its equation of motion and its start, which stand above."""
    kept = (strength / g(t) - 1) * exp(2 * strength * t / tau)
    return (
        Step(
            "s/a - 1 decays as fast as the exponential grows", Eq(kept.diff(t, evaluate=False), 0)
        ),
        Step("their product keeps its value", Eq(kept, strength / start - 1), Integrated(t, 0)),
        Step("solve for the mode", Eq(g(t), _saturating(strength, start)), Solved()),
    )


def _curve() -> Derivation:
    first, second = strengths
    return Derivation(
        (
            *(Step("the equation of motion of a balanced mode", e, Premise()) for e in _ODES),
            *(Step("the start of a mode", e, Premise()) for e in _STARTS),
            *_mode(first, s1, a01),
            *_mode(second, s2, a02),
            Step("add them up", Eq(f(t), _CURVE), Follows()),
        )
    )


@claim(
    "cognition.illusory.curve",
    where=[
        define(
            f,
            Lambda(t, c1 * strengths[0](t) + c2 * strengths[1](t)),
            means="the property as it is read out",
        )
    ],
    given=[*_ODES, *_STARTS],
    rests_on=["modes.ode", "cognition.illusory.modes"],
    derivation=_curve,
    source=SOURCE,
    limits=[Limit(t, Integer(0), c1 * a01 + c2 * a02, "the start")],
)
def curve() -> Any:
    """A property that two balanced modes share is a sum of two logistic curves, for any starts."""
    return Eq(f(t), _CURVE)
