"""Two square layers, balanced but not aligned: solved in closed form, and when all is learned.

Sigma31 = U S V^T of full rank, Sigma11 = I.  Z = V^T W_1^T + U^T W_2 is the overlap of the weights
with the directions that grow, N = V^T W_1^T - U^T W_2 that with those that decay.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Function,
    Identity,
    Inverse,
    Lambda,
    MatrixSymbol,
    Rational,
    Symbol,
    exp,
    oo,
)

from ..claims import claim
from ..definitions import define
from ..edges import Limit
from ..matrix_calculus import (
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
    matrix_equation,
)
from ..matrix_facts import MatrixFacts
from ..symbols import s, t, tau

__all__ = [
    "aligning",
    "aligning_solution",
    "inverse_gram",
    "inverse_gram_solution",
    "learned",
    "limit",
    "mapping",
    "orthogonal_overlap",
    "overlaps",
    "singular_kept",
]

_SOURCE = "two-layer linear networks from balanced starts without alignment"
_RESTS = ["depth.conservation.averaged", "depth.conservation.averaged_next", "depth.conservation"]
n = Symbol("n", integer=True, positive=True)


def _square(*names: str) -> list[Any]:
    return [MatrixSymbol(name, n, n) for name in names]


_W1, _W2, _U, _V, _S, _SIGMA = _square("W_1", "W_2", "U", "V", "S", "Sigma31")
_ONE = Identity(n)
_GAP = _SIGMA - _W2 * _W1
_FLOWS = (
    matrix_equation(tau * TimeDerivative(_W1), _W2.T * _GAP),
    matrix_equation(tau * TimeDerivative(_W2), _GAP * _W1.T),
)
_BALANCE = matrix_equation(_W2.T * _W2, _W1 * _W1.T)
_DECOMPOSED = matrix_equation(_SIGMA, _U * _S * _V.T)
_GROWING, _DECAYING = _V.T * _W1.T + _U.T * _W2, _V.T * _W1.T - _U.T * _W2
_GRAM = _W1 * _W1.T
_TASK: dict[str, Any] = {
    "orthonormal_columns": (_U, _V),
    "diagonal": (_S,),
    "constant": (_U, _V, _S, _SIGMA),
}


@claim(
    "depth.end_to_end.overlaps",
    facts=MatrixFacts(**_TASK, given=(*_FLOWS, _BALANCE, _DECOMPOSED)),
    rests_on=_RESTS,
    source=_SOURCE,
)
def overlaps() -> Any:
    """tau dZ/dt = S Z - Z C and tau dN/dt = -S N - N C, C = W_1 W_1^T, from any balanced start."""
    moved = BlockMatrix([[tau * TimeDerivative(_GROWING)], [tau * TimeDerivative(_DECAYING)]])
    rates = [
        [_S * _GROWING - _GROWING * _GRAM],
        [-_S * _DECAYING - _DECAYING * _GRAM],
    ]
    return matrix_equation(moved, BlockMatrix(rates))


_Z, _N, _C = _square("Z", "N", "C")
_OVERLAPS = (
    matrix_equation(tau * TimeDerivative(_Z), _S * _Z - _Z * _C),
    matrix_equation(tau * TimeDerivative(_N), -_S * _N - _N * _C),
)
_RATIO = _N * Inverse(_Z)
_ALIGNING = matrix_equation(tau * TimeDerivative(_RATIO), -(_S * _RATIO) - _RATIO * _S)


@claim(
    "depth.end_to_end.aligning",
    facts=MatrixFacts(diagonal=(_S,), constant=(_S,), given=_OVERLAPS),
    rests_on=["depth.end_to_end.overlaps"],
    source=_SOURCE,
)
def aligning() -> Any:
    """Where Z is invertible, R = N Z^-1 obeys tau dR/dt = -S R - R S: misalignment only decays."""
    return _ALIGNING


_R0 = MatrixSymbol("R_0", n, n)
_SHRUNK = MatrixExponential(_S, -t / tau)
_R = _SHRUNK * _R0 * _SHRUNK


@claim(
    "depth.end_to_end.aligning_solution",
    facts=MatrixFacts(diagonal=(_S,), constant=(_S, _R0), time=t),
    rests_on=["depth.end_to_end.aligning"],
    source=_SOURCE,
)
def aligning_solution() -> Any:
    """R(t) = e^(-S t/tau) R(0) e^(-S t/tau): it tends to 0 for S > 0, V^T W_1^T to U^T W_2."""
    return matrix_equation(tau * TimeDerivative(_R), -(_S * _R) - _R * _S)


_FOURTH = Rational(1, 4)
_OVER_GRAM = Inverse(_Z * _Z.T)


@claim(
    "depth.end_to_end.gram_of_overlap",
    facts=MatrixFacts(given=(_BALANCE,), orthonormal_columns=(_U, _V)),
    source=_SOURCE,
)
def gram_of_overlaps() -> Any:
    """C = W_1 W_1^T is (Z^T Z + N^T N)/4."""
    total = _GROWING.T * _GROWING + _DECAYING.T * _DECAYING
    return matrix_equation(_FOURTH * total, _GRAM)


_TURNED = MatrixSymbol("R", n, n)
_HALF = Rational(1, 2)
_SOURCE_TERM = _HALF * (_Z.T * _Z + _Z.T * (_TURNED.T * _TURNED) * _Z)


@claim(
    "depth.end_to_end.inverse_gram",
    facts=MatrixFacts(
        diagonal=(_S,),
        constant=(_S,),
        given=(matrix_equation(tau * TimeDerivative(_Z), _S * _Z - _HALF * _Z * _SOURCE_TERM),),
    ),
    rests_on=["depth.end_to_end.overlaps", "depth.end_to_end.gram_of_overlap"],
    source=_SOURCE,
)
def inverse_gram() -> Any:
    """M = (Z Z^T)^-1 obeys the linear tau dM/dt = -S M - M S + (I + R^T R)/2.

    C = (Z^T Z + Z^T R^T R Z)/4 as N = R Z.
    """
    moved = Inverse(_Z.T) * Inverse(_Z)
    right = -(_S * moved) - moved * _S + _HALF * (_ONE + _TURNED.T * _TURNED)
    return matrix_equation(tau * TimeDerivative(moved), right)


_M0 = MatrixSymbol("M_0", n, n)
_GROWN_SUM = IntegratedExponential(2 * _S, t / tau)
_DECAYED_SUM = IntegratedExponential(-2 * _S, t / tau)
_INSIDE = _M0 + _HALF * _GROWN_SUM + _HALF * (_R0.T * _DECAYED_SUM * _R0)
_M = _SHRUNK * _INSIDE * _SHRUNK


@claim(
    "depth.end_to_end.inverse_gram_solution",
    facts=MatrixFacts(diagonal=(_S,), constant=(_S, _R0, _M0), time=t),
    rests_on=["depth.end_to_end.inverse_gram", "depth.end_to_end.aligning_solution"],
    source=_SOURCE,
)
def inverse_gram_solution() -> Any:
    """M(t) = e^(-St/tau) [M(0) + E(2S)/2 + R(0)^T E(-2S) R(0)/2] e^(-St/tau), closed form.

    E(F) is the integral of e^(F u) over u from 0 to t/tau.  As E(2S) = (e^(2St/tau) - I)/(2S) and
    all else stays bounded before it decays, M tends to S^-1/4 for S > 0 and invertible Z(0).
    """
    right = -(_S * _M) - _M * _S + _HALF * (_ONE + _R.T * _R)
    return matrix_equation(tau * TimeDerivative(_M), right)


@claim(
    "depth.end_to_end.two_layer_map",
    facts=MatrixFacts(
        orthonormal_columns=(_U, _V),
        given=(
            matrix_equation(_N, _TURNED * _Z),
            matrix_equation(_W1, _HALF * (_Z + _N).T * _V.T),
            matrix_equation(_W2, _HALF * _U * (_Z - _N)),
        ),
    ),
    rests_on=["depth.end_to_end.two_layer_limit", "depth.end_to_end.aligning_solution"],
    source=_SOURCE,
)
def mapping() -> Any:
    """U^T W V = (I - R) Z Z^T (I + R^T)/4: with R -> 0 and Z Z^T -> 4 S it tends to S.

    So for Sigma31 of full rank, that is, S > 0 in Sigma31 = U S V^T, two square layers learn
    everything from every balanced start with invertible Z(0).
    """
    gram = _Z * _Z.T
    right = _FOURTH * (_ONE - _TURNED) * gram * (_ONE + _TURNED.T)
    return matrix_equation(_U.T * (_W2 * _W1) * _V, right)


_kept = Function("m")
_KEPT = define(
    _kept,
    Lambda(t, exp(-2 * s * t / tau) * (exp(2 * s * t / tau) - 1) / (4 * s)),
    means="a diagonal entry of e^(-St/tau) E(2S)/2 e^(-St/tau)",
)


@claim(
    "depth.end_to_end.two_layer_limit",
    where=[_KEPT],
    rests_on=["depth.end_to_end.inverse_gram_solution"],
    source=_SOURCE,
    limits=[Limit(t, oo, 1 / (4 * s), "in the end M = S^-1/4, whatever it was")],
)
def limit() -> Any:
    """The part of M(t) that stays: e^(-St/tau) E(2S)/2 e^(-St/tau), one diagonal entry.

    All other parts of M(t), and R(t), are bounded numbers times e^(-(s_i + s_j)t/tau).
    """
    return Eq(_kept(t), (1 - exp(-2 * s * t / tau)) / (4 * s))


_y = MatrixSymbol("y", n, 1)


@claim(
    "depth.end_to_end.singular_kept",
    facts=MatrixFacts(
        diagonal=(_S,),
        constant=(_S,),
        given=(_OVERLAPS[0], matrix_equation(tau * TimeDerivative(_y), -(_S * _y))),
    ),
    rests_on=["depth.end_to_end.overlaps"],
    source=_SOURCE,
)
def singular_kept() -> Any:
    """With tau dy/dt = -S y the row y^T Z obeys tau d(y^T Z)/dt = -(y^T Z) C.

    If y^T Z = 0 once it is so for ever, and y never vanishes: a singular Z stays singular.
    """
    row = _y.T * _Z
    return matrix_equation(tau * TimeDerivative(row), -(row * _C))


@claim(
    "depth.end_to_end.learned_overlap",
    facts=MatrixFacts(orthonormal_columns=(_U, _V)),
    rests_on=["depth.end_to_end.singular_kept"],
    source=_SOURCE,
)
def learned() -> Any:
    """Z Z^T = V^T W_1^T W_1 V + U^T W_2 W_2^T U + U^T W V + V^T W^T U.

    Where all is learned, W = U S V^T, the last two are 2 S, and Z is invertible for Sigma31 of
    full rank, S > 0.  So from a singular Z(0) the flow then never gets there, nor tends to it:
    limits of singular matrices are singular.
    """
    squares = (_W1 * _V).T * (_W1 * _V) + (_U.T * _W2) * (_U.T * _W2).T
    mapped = _U.T * (_W2 * _W1) * _V
    return matrix_equation(_GROWING * _GROWING.T, squares + mapped + mapped.T)


_O, _Q = _square("O", "Q")
_g = Symbol("g", positive=True)


@claim(
    "depth.end_to_end.orthogonal_overlap",
    facts=MatrixFacts(
        orthonormal_columns=(_U, _V, _O, _Q),
        given=(matrix_equation(_W1, _g * _O), matrix_equation(_W2, _g * (_Q * _O.T))),
    ),
    rests_on=[
        "depth.end_to_end.two_layer_map",
        "depth.end_to_end.learned_overlap",
        "depth.end_to_end.unlearned_overlap",
    ],
    source=_SOURCE,
)
def orthogonal_overlap() -> Any:
    """Orthogonal layers of gain g, with product g^2 Q, have Z(0) = g (I + U^T Q V) V^T O^T.

    So for Sigma31 = U S V^T of full rank, S > 0, two orthogonal square layers learn everything
    exactly if -1 is no eigenvalue of U^T Q V.  At lower rank they may learn all nevertheless:
    depth.end_to_end.full_rank_slogan.
    """
    return matrix_equation(_GROWING, _g * (_ONE + _U.T * _Q * _V) * (_V.T * _O.T))
