"""Pretraining as an autoencoder: whether what it finds is decoupled in the task that follows."""

from __future__ import annotations

from typing import Any

from sympy import BlockMatrix, Eq, Integer, Matrix, MatrixSymbol

from ..claims import claim
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Witness
from ..letters import DIFF21, DIFF32, FLOW, N1, N2, N3, W21, W32, Sigma11, Sigma31, rank
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import tau

__all__ = ["commuting", "pretraining", "shared", "shared_slogan", "slogan", "task"]

_SOURCE = "Saxe, McClelland & Ganguli: unsupervised pretraining of deep linear networks"
_R, _U, _V = MatrixSymbol("R", N2, rank), MatrixSymbol("U", N3, rank), MatrixSymbol("V", N1, rank)
_A, _B, _S, _L = (MatrixSymbol(name, rank, rank) for name in ("A", "B", "S", "Lambda"))
_IN, _OUT = MatrixSymbol("W_1", N2, N1), MatrixSymbol("W_2", N1, N2)
_EIGEN = Eq(Sigma11 * _V, _V * _L)
_AUTO_GAP = Sigma11 - _OUT * _IN * Sigma11
_AUTO_FLOW = (
    Eq(tau * TimeDerivative(_IN), _OUT.T * _AUTO_GAP),
    Eq(tau * TimeDerivative(_OUT), _AUTO_GAP * _IN.T),
)
_LETTERS: dict[str, Any] = {"diagonal": (_A, _B, _S, _L), "symmetric": (Sigma11,)}


@claim(
    "depth.end_to_end.pretraining",
    facts=MatrixFacts(
        orthonormal_columns=(_R, _V),
        **_LETTERS,
        given=(*_AUTO_FLOW, Eq(_IN, _R * _A * _V.T), Eq(_OUT, _V * _B * _R.T), _EIGEN),
    ),
    rests_on=["modes.decoupling", "modes.decoupling.output"],
    source=_SOURCE,
)
def pretraining() -> Any:
    """An autoencoder (outputs = inputs) learns along the eigenvectors of Sigma11, mode by mode.

    Its target is Sigma31 = Sigma11.  From W_1 = R A V^T, W_2 = V B R^T with Sigma11 V = V Lambda
    tau dA/dt = B Lambda (1 - B A) and tau dB/dt = A Lambda (1 - B A), V and R stay.  That small
    starts come near this form is not shown here.
    """
    rest = _L - _B * _A * _L
    moved = BlockMatrix([[tau * TimeDerivative(_IN) * _V], [(tau * TimeDerivative(_OUT)).T * _V]])
    return matrix_equation(moved, BlockMatrix([[_R * (_B * rest)], [_R * (_A * rest)]]))


_PRETRAINED: dict[str, Any] = {
    "orthonormal_columns": (_R, _U, _V),
    **_LETTERS,
    "given": (*FLOW, Eq(W21, _R * _A * _V.T), Eq(W32, _U * _B * _R.T), _EIGEN),
}
_TASK = _U.T * Sigma31 * _V


def _task() -> Derivation:
    first = _R * (_B * (_TASK - _B * _A * _L))
    return Derivation(
        (
            *(Step("the averaged flow of the task", flow, Premise()) for flow in FLOW),
            *(Step("the pretrained layers", e, Premise()) for e in _PRETRAINED["given"][2:]),
            Step("the first layer", matrix_equation(tau * DIFF21 * _V, first), Follows()),
            Step("and the second", _coupled(), Follows()),
        )
    )


def _coupled() -> Any:
    kept = _B * _A * _L
    moved = BlockMatrix([[tau * DIFF21 * _V], [(tau * DIFF32).T * _U]])
    rates = [[_R * (_B * (_TASK - kept))], [_R * (_A * (_TASK.T - kept))]]
    return matrix_equation(moved, BlockMatrix(rates))


@claim(
    "depth.end_to_end.pretraining_task",
    facts=MatrixFacts(**_PRETRAINED),
    rests_on=["descent.averaged", "descent.averaged.output", "depth.end_to_end.pretraining"],
    derivation=_task,
    source=_SOURCE,
)
def task() -> Any:
    """In the next task a pretrained first layer moves by R B (M - B A Lambda), M = U^T Sigma31 V.

    W21 = R A V^T from pretraining; W32 = U B R^T, U of free choice.  All but M is diagonal: where
    A and B vanish nowhere, the modes are decoupled exactly if M is diagonal.
    """
    return _coupled()


_CORRELATION = Sigma31.T * Sigma31


@claim(
    "depth.end_to_end.pretraining_shared",
    facts=MatrixFacts(
        orthonormal_columns=(_U, _V),
        **_LETTERS,
        given=(Eq(Sigma31, _U * _S * _V.T), _EIGEN),
    ),
    rests_on=["depth.end_to_end.pretraining_task"],
    source=_SOURCE,
)
def shared() -> Any:
    """Decoupled needs shared eigenvectors: then Sigma31^T Sigma31 commutes with Sigma11.

    M = S diagonal with Sigma31 = U S V^T, V all eigenvectors of Sigma11 along which Sigma31 acts.
    """
    return matrix_equation(_CORRELATION * Sigma11, Sigma11 * _CORRELATION)


_ALL, _TURN = MatrixSymbol("V", N1, N1), MatrixSymbol("U", N3, N3)
_VALUES = MatrixSymbol("Lambda", N1, N1)
_SEEN = _TURN.T * Sigma31 * _ALL


@claim(
    "depth.end_to_end.pretraining_commuting",
    facts=MatrixFacts(
        orthonormal_columns=(_ALL, _TURN),
        diagonal=(_VALUES,),
        symmetric=(Sigma11,),
        given=(Eq(Sigma11 * _ALL, _ALL * _VALUES),),
    ),
    rests_on=["depth.end_to_end.pretraining_shared"],
    source=_SOURCE,
)
def commuting() -> Any:
    """And it is enough: Sigma31^T Sigma31 commutes with Sigma11 exactly if M^T M does with Lambda.

    V: all eigenvectors of Sigma11, M = U^T Sigma31 V, any turn U.  Then M^T M = V^T Sigma31^T
    Sigma31 V is diagonal where the entries of Lambda differ, and V can be so chosen where they do
    not: V are right singular vectors of Sigma31, and with U its left ones M is diagonal.
    """
    inside = _CORRELATION * Sigma11 - Sigma11 * _CORRELATION
    return matrix_equation(
        _ALL.T * inside * _ALL, _SEEN.T * _SEEN * _VALUES - _VALUES * _SEEN.T * _SEEN
    )


_ONE = Matrix([[1, 0], [0, 1]])
_MIXED = Matrix([[1, 1], [0, 1]])
_VARIANCES = Matrix([[2, 0], [0, 1]])
_START = {_R: _ONE, _U: _ONE, _V: _ONE, _A: _ONE, _B: _ONE, _S: _ONE, _L: _VARIANCES}


@claim(
    "depth.end_to_end.pretraining_slogan",
    facts=MatrixFacts(**_PRETRAINED),
    expects="refuted",
    corrected_by=["depth.end_to_end.pretraining_task", "depth.end_to_end.pretraining_shared"],
    source="the talk: pretraining finds decoupled initial conditions, at any task",
    witness=Witness(
        {
            **_START,
            Sigma11: _VARIANCES,
            Sigma31: _MIXED,
            W21: _ONE,
            W32: _ONE,
            tau: Integer(1),
        },
        (Integer(0), -Integer(1), Integer(0), Integer(0)),
    ),
)
def slogan() -> Any:
    """Guard: after pretraining the modes are not decoupled unless the task shares their vectors.

    Decoupled, R^T (tau dW21/dt) V would be diagonal and commute with Lambda.
    """
    speed = _R.T * (tau * DIFF21) * _V
    return matrix_equation(speed * _L, _L * speed)


@claim(
    "depth.end_to_end.pretraining_shared_slogan",
    facts=MatrixFacts(symmetric=(Sigma11,)),
    expects="refuted",
    corrected_by=["depth.end_to_end.pretraining_commuting"],
    source="inputs and tasks read as if they always shared their vectors",
    witness=Witness(
        {Sigma11: _VARIANCES, Sigma31: Matrix([[1, 1]])},
        (Integer(0), -Integer(1), Integer(1), Integer(0)),
    ),
)
def shared_slogan() -> Any:
    """Guard: right singular vectors of Sigma31 need not be eigenvectors of Sigma11.

    With shared vectors the two products would be equal.
    """
    return matrix_equation(_CORRELATION * Sigma11, Sigma11 * _CORRELATION)
