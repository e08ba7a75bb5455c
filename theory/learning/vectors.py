"""One mode with arbitrary hidden vectors: the effective initial strength |a + b|^2/4."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Lambda, Le, MatrixSymbol, Symbol, Trace

from ..claims import Evaluation, claim
from ..definitions import define, expand_all
from ..derivations import Derivation, Premise, Step
from ..edges import Limit
from ..letters import N1, N2, N3, Sigma31
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import s, t, tau, u
from .unbalanced import (
    M0,
    P0,
    STRENGTH,
    composed,
    decaying_part,
    growing_part,
    m,
    p,
    strength_of,
)

__all__ = ["difference_decays", "hidden_flow", "sum_grows", "vector_mode"]

_a, _b = MatrixSymbol("a", N2, 1), MatrixSymbol("b", N2, 1)
"""Hidden vectors of the mode: W21 = a v^T and W32 = u b^T."""
_v, _u = MatrixSymbol("v", N1, 1), MatrixSymbol("u", N3, 1)
FIRST = Eq(tau * TimeDerivative(_a), s * _b - _b * (_b.T * _a))
SECOND = Eq(tau * TimeDerivative(_b), s * _a - _a * (_a.T * _b))
_MAP21, _MAP32 = _a * _v.T, _u * _b.T


@claim(
    "modes.vector_mode.flow",
    facts=MatrixFacts(
        orthonormal_columns=(_u, _v),
        constant=(_u, _v, Sigma31),
        given=(FIRST, Eq(Sigma31, s * _u * _v.T)),
    ),
    rests_on=["descent.averaged", "descent.averaged.output"],
    source="one mode with arbitrary hidden vectors",
)
def hidden_flow() -> Any:
    """W21 = a v^T and W32 = u b^T solve the flow when tau da/dt = b(s - a^T b), and likewise b.

    For white inputs, Sigma11 = I, and Sigma31 = s u v^T; u and v are of length 1.
    """
    gap = Sigma31 - _MAP32 * _MAP21
    return matrix_equation(tau * TimeDerivative(_MAP21), _MAP32.T * gap)


_SUM = _a + _b


@claim(
    "modes.vector_mode.sum_grows",
    facts=MatrixFacts(given=(FIRST, SECOND)),
    rests_on=["modes.vector_mode.flow"],
    source="one mode with arbitrary hidden vectors",
)
def sum_grows() -> Any:
    """|a + b|^2 grows at the rate 2(s - a^T b)/tau: p = |a + b|^2/4 as in a scalar mode.

    The number a^T b = b^T a is written either way, left and right of the square.
    """
    square = _SUM.T * _SUM
    right = 2 * s * square - _b.T * _a * square - square * _a.T * _b
    return matrix_equation(tau * TimeDerivative(square), right)


_DIFFERENCE = _a - _b


@claim(
    "modes.vector_mode.difference_decays",
    facts=MatrixFacts(given=(FIRST, SECOND)),
    rests_on=["modes.vector_mode.flow"],
    source="one mode with arbitrary hidden vectors",
)
def difference_decays() -> Any:
    """|a - b|^2 decays at the rate 2(s - a^T b)/tau: m = |a - b|^2/4 as in a scalar mode."""
    square = _DIFFERENCE.T * _DIFFERENCE
    right = _b.T * _a * square + square * _a.T * _b - 2 * s * square
    return matrix_equation(tau * TimeDerivative(square), right)


NORMS = Symbol("n_0", nonnegative=True)
"""|a|^2 + |b|^2 at the start."""
DOT = Symbol("d_0", real=True)
"""a^T b at the start."""
_VECTOR = strength_of((NORMS + 2 * DOT) / 4, (NORMS - 2 * DOT) / 4)


_PRODUCT = define(u, Lambda(t, p(t) - m(t)), means="a^T b = |a + b|^2/4 - |a - b|^2/4")
_GIVEN = (
    Eq(tau * p(t).diff(t), 2 * p(t) * (s - p(t) + m(t))),
    Eq(tau * m(t).diff(t), -2 * m(t) * (s - p(t) + m(t))),
    Eq(p(0), P0),
    Eq(m(0), M0),
)


def _from_squares() -> Derivation:
    told = (
        Step("the square of the sum", _GIVEN[0], Premise()),
        Step("the square of the difference", _GIVEN[1], Premise()),
        Step("the start of the sum", _GIVEN[2], Premise()),
        Step("the start of the difference", _GIVEN[3], Premise()),
    )
    return composed(told, (growing_part.statement, decaying_part.statement))


_CAUCHY = (Le(2 * DOT, NORMS), Le(-2 * DOT, NORMS))
"""Of the numbers that two vectors have."""


@claim(
    "modes.vector_mode",
    where=[_PRODUCT, *_VECTOR],
    given=[*_GIVEN, *_CAUCHY],
    rests_on=[
        "modes.vector_mode.sum_grows",
        "modes.vector_mode.difference_decays",
        "modes.unbalanced.growing",
        "modes.unbalanced.decaying",
    ],
    derivation=_from_squares,
    source="one mode with arbitrary hidden vectors",
    evaluation=Evaluation(
        inputs={"s": s, "a": _a, "b": _b, "tau": tau, "t": t},
        outputs={"u": expand_all(_VECTOR, STRENGTH.rhs)},
        derived={
            NORMS: Trace(_a.T * _a) + Trace(_b.T * _b),
            DOT: Trace(_a.T * _b),
        },
        domain=_CAUCHY,
    ),
    limits=[Limit(t, Integer(0), DOT, "the start")],
)
def vector_mode() -> Any:
    """One mode with hidden vectors a, b: n_0 = |a|^2 + |b|^2 and d_0 = a^T b at the start.

    The effective initial strength is p(0) = |a + b|^2/4, whatever the initial product.
    """
    return STRENGTH
