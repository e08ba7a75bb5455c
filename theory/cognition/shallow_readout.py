"""The shallow network has no illusions for white inputs, and may have them for correlated ones."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Function, Integer, Lambda, MatrixSymbol, Rational, Symbol, exp, oo

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Limit, Witness
from ..letters import N1, N3, Sigma31
from ..letters import x as item
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import b, b0, lam, s, s1, s2, t, tau
from .readout import c1, c2, f

__all__ = ["coloured", "coloured_condition", "curve", "monotone", "overshoot_slogan", "readout"]

_SOURCE = "the shallow network: what one property of one item does while it learns"
_W = MatrixSymbol("W", N3, N1)
_PROPERTY = MatrixSymbol("p", N3, 1)
_FLOW = Eq(tau * TimeDerivative(_W), Sigma31 - _W)


@claim(
    "cognition.illusory.shallow.readout",
    facts=MatrixFacts(given=(_FLOW,), constant=(_PROPERTY, item)),
    rests_on=["modes.shallow.flow"],
    source=_SOURCE,
)
def readout() -> Any:
    """In one layer with white inputs every readout p^T W x relaxes at the rate 1/tau.

    Any number of modes, any start: p picks a property (or a combination), x an item.
    """
    read = _PROPERTY.T * _W * item
    return matrix_equation(tau * TimeDerivative(read), _PROPERTY.T * Sigma31 * item - read)


f0, f_end = Symbol("f_0", real=True), Symbol("f_oo", real=True)
"""The readout at the start and in the end."""
_RELAXES = Eq(tau * f(t).diff(t), f_end - f(t))
_START = Eq(f(0), f0)
_CURVE = f_end + (f0 - f_end) * exp(-t / tau)


def _curve() -> Derivation:
    missing = (f(t) - f_end) * exp(t / tau)
    return Derivation(
        (
            Step("the readout relaxes to its final value", _RELAXES, Premise()),
            Step("it starts at f_0", _START, Premise()),
            Step(
                "what is missing decays at the rate 1/tau",
                Eq(missing.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("so it keeps its initial value", Eq(missing, f0 - f_end), Integrated(t, 0)),
            Step("solve for f", Eq(f(t), _CURVE), Solved()),
        )
    )


@claim(
    "cognition.illusory.shallow.curve",
    given=[_RELAXES, _START],
    rests_on=["cognition.illusory.shallow.readout"],
    derivation=_curve,
    source=_SOURCE,
    limits=[Limit(t, oo, f_end, "the true value")],
)
def curve() -> Any:
    """Every readout of the shallow network is f_oo + (f_0 - f_oo) e^(-t/tau), white inputs."""
    return Eq(f(t), _CURVE)


@claim(
    "cognition.illusory.shallow",
    where=[define(f, Lambda(t, _CURVE), means="a readout of the shallow network")],
    rests_on=["cognition.illusory.shallow.curve"],
    source=_SOURCE,
)
def monotone() -> Any:
    """No illusions: at every time the readout rises exactly if its final value is above its start.

    White inputs, any start: it runs from f_0 to f_oo without turning.
    """
    return Equivalent(f(t).diff(t) > 0, f_end > f0, evaluate=False)


_COLOURED = Eq(tau * b(t).diff(t), s - lam * b(t))
_B_START = Eq(b(0), b0)
_B_CURVE = s / lam + (b0 - s / lam) * exp(-lam * t / tau)


def _coloured() -> Derivation:
    missing = (b(t) - s / lam) * exp(lam * t / tau)
    return Derivation(
        (
            Step("a mode of one layer", _COLOURED, Premise()),
            Step("it starts at b_0", _B_START, Premise()),
            Step(
                "what is missing decays at the rate lambda/tau",
                Eq(missing.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("so it keeps its initial value", Eq(missing, b0 - s / lam), Integrated(t, 0)),
            Step("solve for b", Eq(b(t), _B_CURVE), Solved()),
        )
    )


@claim(
    "cognition.illusory.shallow.coloured",
    given=[_COLOURED, _B_START],
    rests_on=["modes.shallow.modes"],
    derivation=_coloured,
    source="one layer whose inputs have the variance lambda along a mode",
    limits=[
        Limit(t, oo, s / lam, "the regression coefficient of the mode"),
        Limit(lam, Integer(1), s + (b0 - s) * exp(-t / tau), "white inputs"),
    ],
)
def coloured() -> Any:
    """Where Sigma11 shares the right singular vectors each mode relaxes at its rate lambda/tau."""
    return Eq(b(t), _B_CURVE)


lam1, lam2 = Symbol("lambda_1", positive=True), Symbol("lambda_2", positive=True)
"""Variance of the inputs along the two modes."""
_b1, _b2 = Function("b_1"), Function("b_2")
_MODES = tuple(
    define(g, Lambda(t, x / y * (1 - exp(-y * t / tau))), means=told)
    for g, x, y, told in (
        (_b1, s1, lam1, "the first mode, from 0"),
        (_b2, s2, lam2, "the second mode, from 0"),
    )
)
_READ = define(f, Lambda(t, c1 * _b1(t) + c2 * _b2(t)), means="the property as it is read out")


@claim(
    "cognition.illusory.shallow.coloured_condition",
    where=[*_MODES, _READ],
    rests_on=["cognition.illusory.shallow.coloured"],
    source="one layer with correlated inputs: two modes",
)
def coloured_condition() -> Any:
    """With correlated inputs the property rises while -c_2 s_2/(c_1 s_1) < e^((l_2 - l_1)t/tau).

    l_i are the eigenvalues of Sigma11 along the modes, from an empty start, c_1 > 0.  For
    l_1 > l_2 the right side falls from 1 to 0: the property rises and then falls exactly where
    0 < -c_2 s_2 < c_1 s_1.  Correlated inputs give illusions to a network without a hidden layer.
    """
    bound = exp((lam2 - lam1) * t / tau)
    return Equivalent(f(t).diff(t) > 0, -c2 * s2 / (c1 * s1) < bound, evaluate=False)


@claim(
    "cognition.illusory.shallow.slogan",
    where=[*_MODES, _READ],
    expects="refuted",
    corrected_by=["cognition.illusory.shallow.coloured_condition", "cognition.illusory.shallow"],
    source="shallow networks show no illusory correlations, read without white inputs",
    witness=Witness(
        {
            s1: Integer(1),
            s2: Integer(1),
            c1: Integer(1),
            c2: -Rational(3, 4),
            lam1: Integer(2),
            lam2: Integer(1),
            tau: Integer(1),
            t: Integer(0),
        },
        (Rational(1, 4), -Rational(1, 4)),
    ),
)
def overshoot_slogan() -> Any:
    """Guard: with correlated inputs a property may rise although its final value is below 0.

    Modes of strengths s_i with the input variances lambda_i along them, weighed by c_i in the
    property.
    """
    end = c1 * s1 / lam1 + c2 * s2 / lam2
    return Equivalent(f(t).diff(t) > 0, end > 0, evaluate=False)
