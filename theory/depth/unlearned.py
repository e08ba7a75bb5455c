"""What two square layers do not learn: the rank that Sigma31 needs, and half of all turns.

Letters as in ``two_layers``: Z = V^T W_1^T + U^T W_2 is the overlap with what grows.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Function,
    Identity,
    Integer,
    Lambda,
    MatrixSymbol,
    Rational,
    Symbol,
    symbols,
)

from ..claims import claim
from ..definitions import define
from ..edges import Witness
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import delta, t, tau

__all__ = ["full_rank_slogan", "mirrored", "mirrored_determinant", "signed_start", "unlearned"]

n = Symbol("n", integer=True, positive=True)
g = Symbol("g", positive=True)
_W1, _W2, _U, _V, _S, _Q = (MatrixSymbol(name, n, n) for name in ("W_1", "W_2", "U", "V", "S", "Q"))
_y = MatrixSymbol("y", n, 1)
_OVERLAP = _V.T * _W1.T + _U.T * _W2


@claim(
    "depth.end_to_end.unlearned_overlap",
    facts=MatrixFacts(orthonormal_columns=(_U, _V)),
    rests_on=["depth.end_to_end.singular_kept"],
    source="two-layer linear networks from balanced starts without alignment",
)
def unlearned() -> Any:
    """y^T (S - U^T W V) y = y^T S y + |W_1 V y|^2 - (y^T Z) W_1 V y, for every y; W = W_2 W_1.

    Sigma31 = U S V^T.  Where y^T Z = 0 at least y^T S y is missing, and a singular Z stays
    singular (depth.end_to_end.singular_kept): so for Sigma31 of full rank, S > 0, the largest
    singular value of Sigma31 - W is for ever at least the smallest of S.  Where S y = 0 nothing
    need be missing: depth.end_to_end.full_rank_slogan.
    """
    missing = _y.T * (_S - _U.T * (_W2 * _W1) * _V) * _y
    seen = _W1 * _V * _y
    return matrix_equation(missing, _y.T * _S * _y + seen.T * seen - _y.T * _OVERLAP * seen)


_X, _SIGNS = MatrixSymbol("X", n, n), MatrixSymbol("E", n, n)
_SIGNED = matrix_equation(tau * TimeDerivative(_X), _SIGNS * _X * _S - _X * _X * _X)


@claim(
    "depth.end_to_end.signed_start",
    facts=MatrixFacts(
        diagonal=(_X, _SIGNS, _S),
        orthonormal_columns=(_SIGNS,),
        constant=(_SIGNS, _S),
        given=(_SIGNED,),
    ),
    rests_on=["depth.conservation.averaged", "depth.conservation.averaged_next"],
    source="two square layers whose product starts diagonal with entries of any sign",
)
def signed_start() -> Any:
    """From W_1 = X, W_2 = E X, E = diag(+-1), each mode moves by itself: tau dx/dt = e x s - x^3.

    Sigma31 = S in the basis of the task; both layers obey the flow at all times.
    """
    gap = _S - _SIGNS * _X * _X
    moved = BlockMatrix([[tau * TimeDerivative(_X)], [tau * TimeDerivative(_SIGNS * _X)]])
    forces = [[(_SIGNS * _X).T * gap], [gap * _X.T]]
    return matrix_equation(moved, BlockMatrix(forces))


@claim(
    "depth.end_to_end.full_rank_slogan",
    rests_on=["depth.end_to_end.signed_start", "depth.learning_time.null_mode"],
    expects="refuted",
    corrected_by=["depth.end_to_end.signed_start", "depth.learning_time.null_mode"],
    source="two orthogonal layers learn everything only if -1 is no eigenvalue, at any rank",
    witness=Witness(
        {g: Integer(1), t: Integer(1), tau: Integer(1), delta: Rational(1, 2)},
        (-Rational(1, 6),),
    ),
)
def full_rank_slogan() -> Any:
    """Guard: at lower rank all may be learned although -1 is an eigenvalue of U^T Q V.

    Sigma31 = S = diag(1, 0), U = V = I, Q = diag(1, -1), W_1 = g I, W_2 = g Q: Z is singular for
    ever, yet nothing keeps Sigma31 - W above any delta.  The first mode is learned, the second,
    -w^2 with tau dw/dt = -w^3 (depth.end_to_end.signed_start), fades to its target 0 like
    m = [g^-2 + 2t/tau]^-1 (depth.learning_time.null_mode, N_l = 3).
    """
    return g**2 * tau / (tau + 2 * g**2 * t) > delta


_UNIT = MatrixSymbol("e", n, 1)
_MIRROR = Identity(n) - 2 * _UNIT * _UNIT.T


@claim(
    "depth.end_to_end.mirrored",
    facts=MatrixFacts(orthonormal_columns=(_Q, _UNIT)),
    rests_on=["depth.end_to_end.mirrored_determinant"],
    source="half of all orthogonal matrices have determinant -1",
)
def mirrored() -> Any:
    """Exactly half of all orthogonal Q have det Q < 0: Q -> F Q, F = I - 2 e e^T, pairs the halves.

    F Q is orthogonal, F F Q = Q and det F Q = -det Q (for 2 x 2 matrices
    depth.end_to_end.mirrored_determinant; for larger ones, with e the first unit vector, F
    multiplies the first row by -1, and every term of the determinant has one factor from it).  The
    uniform law (Haar) of orthogonal matrices is, by definition, unchanged by multiplication with F.
    """
    turned = _MIRROR * _Q
    both = BlockMatrix([[_MIRROR * turned], [turned.T * turned]])
    return matrix_equation(both, BlockMatrix([[_Q], [Identity(n)]]))


_entries = _a, _b, _c, _d = symbols("a b c d", real=True)
_p, _q = symbols("e_1 e_2", real=True)
_det = Function("det")
_DETERMINANT = define(
    _det, Lambda(_entries, _a * _d - _b * _c), means="determinant of the rows (a, b), (c, d)"
)


@claim(
    "depth.end_to_end.mirrored_determinant",
    where=[_DETERMINANT],
    source="determinant of a reflected matrix, here 2 x 2",
)
def mirrored_determinant() -> Any:
    """det((I - 2 e e^T) Q) = (1 - 2 |e|^2) det Q, -det Q for |e| = 1; here for 2 x 2 matrices."""
    along = _p * _a + _q * _c, _p * _b + _q * _d
    first = [entry - 2 * _p * part for entry, part in zip((_a, _b), along, strict=True)]
    second = [entry - 2 * _q * part for entry, part in zip((_c, _d), along, strict=True)]
    return Eq(_det(*first, *second), (1 - 2 * (_p**2 + _q**2)) * _det(*_entries))
