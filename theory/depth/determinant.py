"""The sign of the determinant of square balanced networks, and the starts that never learn."""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Function,
    Identity,
    Integer,
    Inverse,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
)

from ..claims import claim
from ..edges import Witness
from ..letters import N1, N2, N3
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import s, t, tau

__all__ = [
    "alignment_slogan",
    "jacobi",
    "minus_start",
    "orthogonal_start",
    "rectangular_slogan",
    "term",
    "three",
    "turn",
    "two",
    "unbalanced_slogan",
]

_SOURCE = "determinant of balanced deep linear networks"
_RESTS = ["depth.end_to_end"]
n = Symbol("n", integer=True, positive=True)


def _square(*names: str) -> list[Any]:
    return [MatrixSymbol(name, n, n) for name in names]


w11, w12, w21, w22 = (Function(f"w_{i}{j}") for i in (1, 2) for j in (1, 2))


@claim("depth.end_to_end.jacobi", source="Jacobi's formula, here for 2 x 2 matrices")
def jacobi() -> Any:
    """d(det W)/dt = tr(adj(W) dW/dt): so where W is invertible d ln|det W|/dt = tr(W^-1 dW/dt).

    Shown here for 2 x 2 matrices only; for larger ones it is taken from the books.
    """
    determinant = w11(t) * w22(t) - w12(t) * w21(t)
    rates = w22(t) * w11(t).diff(t) - w12(t) * w21(t).diff(t)
    rates += w11(t) * w22(t).diff(t) - w21(t) * w12(t).diff(t)
    return Eq(determinant.diff(t, evaluate=False), rates)


_W1, _W2, _W3, _SIGMA = _square("W_1", "W_2", "W_3", "Sigma31")
_BALANCE = (matrix_equation(_W2.T * _W2, _W1 * _W1.T), matrix_equation(_W3.T * _W3, _W2 * _W2.T))
_GAP = _SIGMA - _W2 * _W1
_FLOWS = (
    matrix_equation(tau * TimeDerivative(_W1), _W2.T * _GAP),
    matrix_equation(tau * TimeDerivative(_W2), _GAP * _W1.T),
)
_SWAP = matrix_equation(Inverse(_W1) * _W2.T, _W1.T * Inverse(_W2))


@claim(
    "depth.end_to_end.turn",
    facts=MatrixFacts(given=(_BALANCE[0],)),
    rests_on=["depth.conservation"],
    source=_SOURCE,
)
def turn() -> Any:
    """Balanced invertible layers differ by a turn: O = W_1^-1 W_2^T = W_1^T W_2^-1 is orthogonal.

    Stated as O W_2 = W_1^T and its transpose: O O^T = W_1^T W_2^-1 W_2 W_1^-T = I.  The trace
    of O times a matrix is at most the sum of its singular values.
    """
    square = _W2.T * _W2
    left = BlockMatrix([[Inverse(_W1) * square], [square * Inverse(_W1.T)]])
    return matrix_equation(left, BlockMatrix([[_W1.T], [_W1]]))


@claim(
    "depth.end_to_end.determinant",
    facts=MatrixFacts(given=(*_FLOWS, _SWAP, _BALANCE[0])),
    rests_on=[
        *_RESTS,
        "depth.end_to_end.turn",
        "depth.end_to_end.jacobi",
        "depth.end_to_end.mirrored",
    ],
    source=_SOURCE,
)
def two() -> Any:
    """D = 2, square: d ln|det W|/dt = (2/tau) tr(O (Sigma31 - W)), O = W_1^-1 W_2^T orthogonal.

    Bounded by (2/tau) times the sum of the singular values of what remains to be learned: det W
    never reaches 0 and keeps its sign.  So a flow with det W(0) det Sigma31 < 0 cannot learn: in
    square nets and for Sigma31 of full rank half of all orthogonal starts, exactly
    (depth.end_to_end.mirrored).  Any depth: depth.end_to_end.determinant_term, and for each
    singular value depth.end_to_end.kept_away.
    """
    rate = Trace(Inverse(_W1) * Inverse(_W2) * (tau * TimeDerivative(_W2 * _W1)))
    return matrix_equation(rate, 2 * Trace(Inverse(_W1) * _W2.T * _GAP))


_PULL = MatrixSymbol("G", n, n)
_FLOWS3 = (
    matrix_equation(tau * TimeDerivative(_W1), _W2.T * _W3.T * _PULL),
    matrix_equation(tau * TimeDerivative(_W2), _W3.T * _PULL * _W1.T),
    matrix_equation(tau * TimeDerivative(_W3), _PULL * _W1.T * _W2.T),
)
_SWAP3 = matrix_equation(Inverse(_W2) * _W3.T, _W2.T * Inverse(_W3))


@claim(
    "depth.end_to_end.determinant_three",
    facts=MatrixFacts(given=(*_FLOWS3, _SWAP, _SWAP3, *_BALANCE)),
    rests_on=[*_RESTS, "depth.end_to_end.turn", "depth.end_to_end.jacobi"],
    source=_SOURCE,
)
def three() -> Any:
    """D = 3: d ln|det W|/dt = (3/tau) tr(W_1^-1 W_2^T W_3^T G), bounded again; any force G."""
    inverse = Inverse(_W1) * Inverse(_W2) * Inverse(_W3)
    rate = Trace(inverse * (tau * TimeDerivative(_W3 * _W2 * _W1)))
    return matrix_equation(rate, 3 * Trace(Inverse(_W1) * _W2.T * _W3.T * _PULL))


_INVERSE, _LEFT, _RIGHT, _REST = _square("Z", "X", "Y", "Q")


@claim(
    "depth.end_to_end.determinant_term",
    facts=MatrixFacts(
        symmetric=(_LEFT, _RIGHT, _REST),
        given=(matrix_equation(_LEFT * _INVERSE, _INVERSE * _RIGHT),),
    ),
    rests_on=[*_RESTS, "depth.end_to_end.gram", "depth.end_to_end.jacobi"],
    source=_SOURCE,
)
def term() -> Any:
    """Any depth, square: d ln|det W|/dt = (D/tau) tr(B^(D-1) W^-1 G), for any force G.

    Stated for one term A^(D-j) G B^(j-1) of the flow: Z = W^-T, X = A^(D-j), Y = B^(D-j) and
    Q = B^(j-1), with X Z = Z Y as A W = W B: each of the D terms adds tr(Q Y W^-1 G), and
    Q Y = B^(D-1).  As B^(D-1) W^-1 = B^-1 W^T has the singular values sigma^(1-2/D), this is
    bounded for D >= 2.
    """
    left = Trace(_INVERSE.T * (_LEFT * _PULL * _REST))
    return matrix_equation(left, Trace(_REST * _RIGHT * _INVERSE.T * _PULL))


v, w = Function("v"), Function("w")
_ONE = Matrix([[1]])


@claim(
    "depth.end_to_end.unbalanced_slogan",
    given=[
        Eq(tau * v(t).diff(t), w(t) * (s - v(t) * w(t))),
        Eq(tau * w(t).diff(t), v(t) * (s - v(t) * w(t))),
    ],
    expects="refuted",
    corrected_by=["modes.product_rule", "modes.ode"],
    source="the sign of the determinant, without balance",
    witness=Witness(
        {v(t): Integer(0), w(t): Integer(1), s: Integer(3), tau: Integer(1)}, (Integer(3),)
    ),
)
def unbalanced_slogan() -> Any:
    """Guard: without balance the rate of vw does not vanish with vw, and its sign may change.

    v and w are the two layers of one mode of strength s; vw is the determinant of a map of size 1.
    """
    product = v(t) * w(t)
    return Eq(tau * product.diff(t, evaluate=False), 2 * product * (s - product))


_R1, _R2 = _square("R_1", "R_2")
_g = Symbol("g", positive=True)


@claim(
    "depth.end_to_end.orthogonal_start",
    facts=MatrixFacts(orthonormal_columns=(_R1, _R2)),
    source="orthogonal initialization of square layers",
)
def orthogonal_start() -> Any:
    """Square orthogonal layers of one gain g are balanced: both squares are g^2 I."""
    lower, upper = _g * _R1, _g * _R2
    both = BlockMatrix([[upper.T * upper], [lower * lower.T]])
    return matrix_equation(both, BlockMatrix([[_g**2 * Identity(n)], [_g**2 * Identity(n)]]))


_TALL, _NEXT = MatrixSymbol("R_1", N2, N1), MatrixSymbol("R_2", N3, N2)


@claim(
    "depth.end_to_end.rectangular_slogan",
    facts=MatrixFacts(orthonormal_columns=(_TALL, _NEXT)),
    expects="refuted",
    corrected_by=["depth.end_to_end.orthogonal_start"],
    source="orthogonal initialization of layers that widen",
    witness=Witness(
        {_TALL: Matrix([1, 0]), _NEXT: Matrix([[1, 0], [0, 1]]), _g: Integer(2)},
        (Integer(0), Integer(0), Integer(0), Integer(4)),
    ),
)
def rectangular_slogan() -> Any:
    """Guard: layers with orthonormal columns that widen are not balanced, R_1 R_1^T is not I.

    W_1 = g R_1 and W_2 = g R_2.
    """
    upper, lower = _g * _NEXT, _g * _TALL
    return matrix_equation(upper.T * upper, lower * lower.T)


_S = MatrixSymbol("S", n, n)


@claim(
    "depth.end_to_end.alignment_slogan",
    facts=MatrixFacts(orthonormal_columns=(_R1, _R2), diagonal=(_S,)),
    expects="refuted",
    corrected_by=["depth.end_to_end.aligning_solution", "depth.end_to_end.orthogonal_start"],
    source="the talk: orthogonal initializations can find the decoupled initial conditions",
    witness=Witness(
        {
            _R1: Matrix([[Rational(3, 5), -Rational(4, 5)], [Rational(4, 5), Rational(3, 5)]]),
            _R2: Matrix([[1, 0], [0, 1]]),
            _S: Matrix([[2, 0], [0, 1]]),
        },
        (Integer(0), Rational(4, 5), Rational(4, 5), Integer(0)),
    ),
)
def alignment_slogan() -> Any:
    """Guard: orthogonal starts are balanced but not aligned: their map does not commute with S.

    In the basis of the task, Sigma31 = S, aligned starts are diagonal.

    R_1 and R_2 are the layers at the start.
    """
    product = _R2 * _R1
    return matrix_equation(product * _S, _S * product)


_X, _BEYOND, _BEFORE = _square("X", "F", "G")
_SHRINKING = matrix_equation(
    tau * TimeDerivative(_X), -(_BEYOND * _BEFORE) * (_S + _BEYOND * _X * _BEFORE)
)


@claim(
    "depth.end_to_end.minus_start",
    facts=MatrixFacts(diagonal=(_X, _S, _BEYOND, _BEFORE), constant=(_S,), given=(_SHRINKING,)),
    rests_on=["depth.conservation.averaged", "depth.ode.negative"],
    source="orthogonal starts with U^T Q V = -I",
)
def minus_start() -> Any:
    """A start at U^T W V = -X^D, X > 0 diagonal, stays of that form and only decays, at any depth.

    Sigma31 = S in the basis of the task; all layers are X but the last, -X.  A layer sees
    -F = -X^(D-j) above and G = X^(j-1) below, the last F G = X^(D-1).  So each mode is the negative
    start of depth.ode.negative and tends to 0.  det W = (-1)^n det X^D > 0 for even n: the
    determinant is not all.
    """
    gap = _S - (-_BEYOND) * _X * _BEFORE
    moved = BlockMatrix([[tau * TimeDerivative(_X)], [tau * TimeDerivative(-_X)]])
    forces = [[(-_BEYOND).T * gap * _BEFORE.T], [gap * (_BEYOND * _BEFORE).T]]
    return matrix_equation(moved, BlockMatrix(forces))
