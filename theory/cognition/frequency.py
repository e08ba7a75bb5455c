"""Familiarity: items that are seen more often are learned faster, not better."""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Integer,
    Lambda,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
    exp,
    oo,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Limit, Witness
from ..learning.modes import commuting_inputs
from ..letters import N2, N3, P
from ..matrix_calculus import MatrixExponential, TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import a, a0, lam, s, t, tau

__all__ = [
    "clock",
    "correlated_slogan",
    "flow",
    "flow_output",
    "frequency",
    "shallow",
    "strength_slogan",
]

_SOURCE = "familiarity: items of unequal frequency, one-hot inputs"
R, U = MatrixSymbol("R", N2, P), MatrixSymbol("U", N3, P)
A, B, D, F = (MatrixSymbol(name, P, P) for name in ("A", "B", "D", "F"))
"""Strengths of the two layers, lengths of the items' properties, frequencies; all diagonal."""
_MADE21, _MADE32 = R * A, U * B * R.T
_ITEMS = U * D
"""Properties of orthogonal items: one column of length |y_i| an item."""
_MODES = (
    Eq(tau * TimeDerivative(A), B * (D - B * A) * F),
    Eq(tau * TimeDerivative(B), A * (D - B * A) * F),
)
_GAP = _ITEMS * F - _MADE32 * _MADE21 * F


def _facts(law: Any) -> MatrixFacts:
    return MatrixFacts(
        orthonormal_columns=(R, U), diagonal=(A, B, D, F), constant=(R, U, D, F), given=(law,)
    )


@claim(
    "cognition.frequency.flow",
    facts=_facts(_MODES[0]),
    rests_on=["descent.averaged"],
    source=_SOURCE,
)
def flow() -> Any:
    """With Sigma11 = F and Sigma31 = Y F, F = diag(p), orthogonal items are learned one by one.

    Y = U D, one column of length |y_i| an item: W21 = R A and W32 = U B R^T solve the averaged flow
    when tau dA/dt = B (D - B A) F, and likewise B.
    """
    return matrix_equation(tau * TimeDerivative(_MADE21), _MADE32.T * _GAP)


@claim(
    "cognition.frequency.flow.output",
    facts=_facts(_MODES[1]),
    rests_on=["descent.averaged.output"],
    source=_SOURCE,
)
def flow_output() -> Any:
    """The same for the second layer, tau dB/dt = A (D - B A) F."""
    return matrix_equation(tau * TimeDerivative(_MADE32), _GAP * _MADE21.T)


p, y = Symbol("p", positive=True), Symbol("y", positive=True)
"""Frequency of an item and the length of its properties, |y_i|."""
_ODE = Eq(tau * a(t).diff(t), 2 * p * a(t) * (y - a(t)))
_START = Eq(a(0), a0)
_CURVE = y / (1 + (y / a0 - 1) * exp(-2 * p * y * t / tau))
_AT = {s: p * y, lam: p}


def _frequency() -> Derivation:
    return Derivation(
        (
            Step("an item's mode, balanced", _ODE, Premise()),
            Step("it starts at a_0", _START, Premise()),
            Step(
                "inputs of variance lambda = p along a mode of strength s = p|y|",
                commuting_inputs.statement.subs(_AT, simultaneous=True),
                Premise(commuting_inputs.id, _AT),
            ),
            Step("p cancels but in the exponent", Eq(a(t), _CURVE), Follows()),
        )
    )


@claim(
    "cognition.frequency",
    given=[_ODE, _START],
    rests_on=[
        "cognition.frequency.flow",
        "cognition.frequency.flow.output",
        "modes.commuting_inputs",
    ],
    derivation=_frequency,
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"p": p, "y": y, "a0": a0, "tau": tau, "t": t}, outputs={"a": _CURVE}
    ),
    limits=[
        Limit(t, oo, y, "the asymptote is |y|, whatever the frequency"),
        Limit(t, Integer(0), a0, "the start"),
    ],
)
def frequency() -> Any:
    """An item of frequency p follows the curve of a mode of strength |y| at the rate 2 p |y|/tau.

    Orthogonal items, one-hot inputs, balanced layers.  p sets the speed only: the asymptote is |y|.
    """
    return Eq(a(t), _CURVE)


_a = Function("a")


@claim(
    "cognition.frequency.clock",
    where=[
        define(_a, Lambda((p, t), _CURVE), means="strength of an item of frequency p at time t")
    ],
    rests_on=["cognition.frequency"],
    source=_SOURCE,
)
def clock() -> Any:
    """Frequency is a clock: an item of frequency p is at time t where one of frequency 1 is at pt.

    All learning times are therefore inversely proportional to p.
    """
    return Eq(_a(p, t) - _a(1, p * t), 0)


_W0, _Y = MatrixSymbol("W0", N3, P), MatrixSymbol("Y", N3, P)
_LAYER = _Y + (_W0 - _Y) * MatrixExponential(F, -t / tau)


@claim(
    "cognition.frequency.shallow",
    facts=MatrixFacts(diagonal=(F,), constant=(F, _W0, _Y), time=t),
    rests_on=["modes.shallow.flow"],
    source=_SOURCE,
)
def shallow() -> Any:
    """In one layer each item has the rate p_i/tau exactly: W = Y + (W_0 - Y) e^(-F t/tau).

    F = diag(p); any items, correlated or not, since one-hot inputs share no weights.
    """
    return matrix_equation(tau * TimeDerivative(_LAYER), (_Y - _LAYER) * F)


@claim(
    "cognition.frequency.strength_slogan",
    expects="refuted",
    corrected_by=["cognition.frequency"],
    source="familiar items are known better in the end",
    witness=Witness({p: Rational(1, 2), y: Integer(2)}, (Integer(1),)),
)
def strength_slogan() -> Any:
    """Guard: an item's mode is not at rest at p|y|, the strength of its mode in Sigma31.

    The right side of its equation of motion there does not vanish for p < 1.

    p is the frequency of the item, y the length of its properties.
    """
    strength = p * y
    return Eq(2 * p * strength * (y - strength), 0)


_Z = MatrixSymbol("Z", N3, P)
_ONE = Integer(1)


@claim(
    "cognition.frequency.correlated_slogan",
    facts=MatrixFacts(
        orthonormal_columns=(R,), diagonal=(A, B, D, F), constant=(R, _Z, D, F), given=(_MODES[0],)
    ),
    expects="refuted",
    corrected_by=["cognition.frequency.flow"],
    source="items are learned one by one, read for items that share properties",
    witness=Witness(
        {
            R: Matrix([[1, 0], [0, 1]]),
            _Z: Matrix([[1, Rational(3, 5)], [0, Rational(4, 5)]]),
            A: Matrix([[1, 0], [0, 1]]),
            B: Matrix([[1, 0], [0, 1]]),
            D: Matrix([[2, 0], [0, 2]]),
            F: Matrix([[Rational(1, 2), 0], [0, Rational(1, 2)]]),
            tau: _ONE,
        },
        (Integer(0), -Rational(3, 10), -Rational(3, 10), Integer(0)),
    ),
)
def correlated_slogan() -> Any:
    """Guard: items that share properties are not learned one by one, Y = Z D with Z^T Z != I.

    W21 = R A and W32 = Z B R^T, D holds the lengths and F the frequencies of the items.
    """
    made32 = _Z * B * R.T
    return matrix_equation(
        tau * TimeDerivative(_MADE21), made32.T * (_Z * D * F - made32 * _MADE21 * F)
    )
