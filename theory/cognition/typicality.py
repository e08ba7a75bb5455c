"""Typicality: how much of a mode an item has, and how it shows while the network learns."""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Equivalent,
    Function,
    Gt,
    Integer,
    Inverse,
    Lambda,
    Le,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
)

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Witness
from ..letters import N3, P, rank
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import a01, a02, s1, s2, t, tau
from .illusory import BEGIN, STARTS
from .readout import c1, strengths
from .speeds import STRONGER

__all__ = [
    "ahead",
    "cosine_slogan",
    "label_slogan",
    "overshoot",
    "readout",
    "target_slogan",
    "transient",
    "typicality",
]

_SOURCE = "Saxe, McClelland & Ganguli: typicality and prototypes"
Y = MatrixSymbol("Y", N3, P)
"""Properties of the items, one column an item."""
U, V = MatrixSymbol("U", N3, rank), MatrixSymbol("V", P, rank)
A, S, D = (
    MatrixSymbol("A", rank, rank),
    MatrixSymbol("S", rank, rank),
    MatrixSymbol("D", P, P),
)
SVD = Eq(Y, U * S * V.T)
_FACTS = MatrixFacts(orthonormal_columns=(U, V), diagonal=(S,), given=(SVD,))


@claim("cognition.typicality", facts=_FACTS, source=_SOURCE)
def typicality() -> Any:
    """The typicality v_i of an item in a mode is u^T y_i/s: V = Y^T U S^-1, from Y = U S V^T.

    Below it the feature synthesizer or prototype, the sum of the items weighted by typicality:
    U = Y V S^-1.  All modes with s > 0 at once; with averages in place of sums s stands for P s.
    Signs of u and v are arbitrary together, and in a multiplet of equal s only their span counts.
    """
    weighted = BlockMatrix([[Y.T * U * Inverse(S)], [Y * V * Inverse(S)]])
    return matrix_equation(weighted, BlockMatrix([[V], [U]]))


_OUTPUT = U * A * V.T


@claim(
    "cognition.typicality.readout",
    facts=MatrixFacts(orthonormal_columns=(U, V), diagonal=(A,)),
    rests_on=["modes.decoupling.solution", "cognition.typicality"],
    source=_SOURCE,
)
def readout() -> Any:
    """What a mode reads of the outputs, u^T yhat_i = a v_i, shows typicality at every time.

    Below it what the pattern v of items reads of a property, yhat_m v = a u_m.  Yhat = U A V^T on
    the decoupled manifold; each of its modes grows by itself.
    """
    read = BlockMatrix([[(U.T * _OUTPUT).T], [_OUTPUT * V]])
    return matrix_equation(read, BlockMatrix([[V * A], [U * A]]))


_MOVING = Eq(tau * TimeDerivative(A), 2 * A * (S - A))


def _transient() -> Derivation:
    return Derivation(
        (
            Step("the singular value decomposition of the items", SVD, Premise()),
            Step("balanced modes", _MOVING, Premise()),
            Step(
                "each mode of the output moves while it is not learned",
                matrix_equation(tau * TimeDerivative(_OUTPUT), 2 * U * A * (S - A) * V.T),
                Follows(),
            ),
            Step(
                "and U(S - A)V^T is what the outputs lack",
                _TRANSIENT,
                Follows(),
            ),
        )
    )


_TRANSIENT = matrix_equation(tau * TimeDerivative(_OUTPUT), 2 * (U * A * U.T) * (Y - _OUTPUT))


@claim(
    "cognition.typicality.transient",
    facts=MatrixFacts(
        orthonormal_columns=(U, V),
        diagonal=(A, S),
        constant=(U, V, S, Y),
        given=(SVD, _MOVING),
    ),
    rests_on=["modes.ode", "modes.decoupling.solution"],
    derivation=_transient,
    source=_SOURCE,
)
def transient() -> Any:
    """All outputs come to rest at the targets: tau dYhat/dt = 2 U A U^T (Y - Yhat).

    The label of an item therefore shows its typicality only on the way.
    """
    return _TRANSIENT


@claim(
    "cognition.typicality.cosine_slogan",
    facts=MatrixFacts(orthonormal_columns=(U, V), diagonal=(S, D)),
    expects="refuted",
    corrected_by=["cognition.typicality"],
    source="typicality read as the cosine between an item and the prototype",
    witness=Witness(
        {
            U: Matrix([[1]]),
            S: Matrix([[5]]),
            V: Matrix([Rational(3, 5), Rational(4, 5)]),
            D: Matrix([[Rational(1, 3), 0], [0, Rational(1, 4)]]),
        },
        (-Rational(2, 5), -Rational(3, 5)),
    ),
)
def cosine_slogan() -> Any:
    """Guard: typicality is an inner product, no cosine: items scaled by D have another one.

    Both items of the witness have the cosine 1 with the prototype; their typicalities are 3/5 and
    4/5, and would be 1/5 each for items of length 1: an item rich in features looks typical.

    Y = U S V^T are the properties of the items, Y D those of the items scaled.
    """
    return matrix_equation((U * S * V.T * D).T * U * Inverse(S), V)


d1 = Symbol("d_1", positive=True)
"""Weight of the first mode in the label of the other item."""
_g, _f = Function("g"), Function("f")
_t0 = Symbol("t_0", real=True)
_FIRST, _SECOND = strengths


def _label(function: Any, weight: Any, means: str) -> Any:
    """A label whose final value is 1: the second mode has what the first leaves."""
    rest = (1 - weight * s1) / s2
    return define(function, Lambda(t, weight * _FIRST(t) + rest * _SECOND(t)), means=means)


_LABELS = [
    *STARTS[:2],
    _label(_f, c1, "label of the item that is more typical of the first mode"),
    _label(_g, d1, "label of the other item"),
]
_GIVEN = [STRONGER, a01 < s1, a02 < s2, d1 < c1]


@claim(
    "cognition.typicality.ahead",
    where=[*_LABELS, define(_t0, BEGIN, means="when the first mode has the larger fraction")],
    given=_GIVEN,
    rests_on=["cognition.illusory.untrue", "cognition.typicality"],
    source=_SOURCE,
)
def ahead() -> Any:
    """Of two items with the same final label 1, the one more typical of mode 1 is ahead after t_0.

    t_0 is that of ``cognition.illusory.untrue``: the difference of the two labels is a property
    that is not true.  Before t_0 the typical item is behind, and in the end both labels are 1.
    """
    return Equivalent(_f(t) > _g(t), t > _t0, evaluate=False)


@claim(
    "cognition.typicality.label_slogan",
    where=_LABELS[:2],
    given=_GIVEN,
    expects="refuted",
    corrected_by=["cognition.typicality.ahead"],
    source="typical items have the larger label output, read for every time",
    witness=Witness(
        {
            s1: Integer(2),
            s2: Integer(1),
            a01: Rational(1, 2),
            a02: Rational(1, 2),
            c1: Integer(1),
            d1: Rational(1, 2),
            tau: Integer(1),
            t: Integer(0),
        },
        (-Rational(1, 4),),
    ),
)
def label_slogan() -> Any:
    """Guard: early in learning the more typical of two items may have the smaller label.

    The typicalities in the first mode are as c_1 and d_1; both labels end at 1.
    """
    one, other = (w * _FIRST(t) + (1 - w * s1) / s2 * _SECOND(t) for w in (c1, d1))
    return Gt(one, other, evaluate=False)


_missing = tuple(Function(f"m_{k}") for k in (1, 2))
_MISSING = tuple(
    define(m, Lambda(t, 1 - g(t) / x), means=told)
    for m, g, x, told in zip(
        _missing,
        strengths,
        (s1, s2),
        ("fraction of mode 1 that is not learned yet", "fraction of mode 2"),
        strict=True,
    )
)


@claim(
    "cognition.typicality.overshoot",
    where=[*_LABELS[:3], *_MISSING],
    rests_on=["cognition.illusory.curve", "cognition.typicality"],
    source=_SOURCE,
)
def overshoot() -> Any:
    """The label of an item exceeds its target 1 while c_1 s_1 m_1 < (c_1 s_1 - 1) m_2.

    m_i is the fraction of a mode that is missing.  As m_1/m_2 falls to 0, the label of an item that
    is so typical that c_1 s_1 > 1 ends by falling to 1 from above, and others rise to it.
    """
    first, second = (m(t) for m in _missing)
    return Equivalent(_f(t) > 1, c1 * s1 * first < (c1 * s1 - 1) * second, evaluate=False)


@claim(
    "cognition.typicality.target_slogan",
    where=_LABELS[:2],
    given=[STRONGER, a01 < s1, a02 < s2],
    expects="refuted",
    corrected_by=["cognition.typicality.overshoot"],
    source="the label of an item grows up to its target",
    witness=Witness(
        {
            s1: Integer(2),
            s2: Integer(1),
            a01: Rational(15, 8),
            a02: Rational(1, 8),
            c1: Integer(1),
            tau: Integer(1),
            t: Integer(0),
        },
        (-Rational(3, 4),),
    ),
)
def target_slogan() -> Any:
    """Guard: a label may exceed its target before the weaker mode corrects it.

    The left side is the label, c_1 its weight on the first mode; it ends at 1.
    """
    return Le(c1 * _FIRST(t) + (1 - c1 * s1) / s2 * _SECOND(t), 1)
