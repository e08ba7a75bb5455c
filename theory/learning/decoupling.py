"""The singular value decomposition as a change of variables that splits the flow into modes."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Matrix, MatrixSymbol, Rational

from ..claims import claim
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Witness
from ..letters import DIFF21, DIFF32, FLOW, GAP, N1, N2, N3, W21, W32, Sigma11, Sigma31, rank
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import tau
from .descent import averaged, averaged_output

__all__ = ["decoupling", "decoupling_output", "solution", "solution_output"]

R, U, V = MatrixSymbol("R", N2, rank), MatrixSymbol("U", N3, rank), MatrixSymbol("V", N1, rank)
A, B, S, L = (MatrixSymbol(name, rank, rank) for name in ("A", "B", "S", "Lambda"))
LEARNABLE = (Eq(Sigma31, U * S * V.T), Eq(Sigma11 * V, V * L))
ALIGNED = (Eq(W21, R * A * V.T), Eq(W32, U * B * R.T), *LEARNABLE)
_LETTERS: dict[str, Any] = {
    "orthonormal_columns": (R, U, V),
    "diagonal": (A, B, S, L),
    "symmetric": (Sigma11,),
}
_SOURCE = "Saxe, McClelland & Ganguli: the singular value decomposition of the correlations"
_RESTS = [averaged.id, averaged_output.id]
_MODE_GAP = U * (S - B * A * L) * V.T


def _derived(flow: Any, statement: Any) -> Derivation:
    return Derivation(
        (
            *(Step("alignment of weights and correlations", e, Premise()) for e in ALIGNED),
            Step(
                "what remains to be learned has the same singular vectors",
                matrix_equation(GAP, _MODE_GAP),
                Follows(),
            ),
            Step("the averaged flow", flow, Premise()),
            Step("insert, and use that R, U, V have orthonormal columns", statement, Follows()),
        )
    )


_FIRST = matrix_equation(tau * DIFF21, R * (B * (S - B * A * L)) * V.T)
_SECOND = matrix_equation(tau * DIFF32, U * (A * (S - B * A * L)) * R.T)


@claim(
    "modes.decoupling",
    facts=MatrixFacts(**_LETTERS, given=(FLOW[0], *ALIGNED)),
    rests_on=_RESTS,
    derivation=_derived(FLOW[0], _FIRST),
    source=_SOURCE,
)
def decoupling() -> Any:
    """On W21 = R A V^T, W32 = U B R^T the flow of the first layer stays of that form.

    Sigma31 = U S V^T and Sigma11 V = V Lambda; A, B, S, Lambda diagonal, R, U, V with orthonormal
    columns.  Each mode then moves by itself: tau dA/dt = B (S - B A Lambda).
    """
    return _FIRST


@claim(
    "modes.decoupling.output",
    facts=MatrixFacts(**_LETTERS, given=(FLOW[1], *ALIGNED)),
    rests_on=_RESTS,
    derivation=_derived(FLOW[1], _SECOND),
    source=_SOURCE,
)
def decoupling_output() -> Any:
    """On the same manifold tau dB/dt = A (S - B A Lambda)."""
    return _SECOND


MODES = (
    Eq(tau * TimeDerivative(A), B * (S - B * A * L)),
    Eq(tau * TimeDerivative(B), A * (S - B * A * L)),
)
"""The flow of all modes at once, one diagonal entry a mode."""
_MOVING: dict[str, Any] = {**_LETTERS, "constant": (R, U, V, S, L, Sigma11, Sigma31)}
_MADE21, _MADE32 = R * A * V.T, U * B * R.T
_MADE_GAP = Sigma31 - _MADE32 * _MADE21 * Sigma11


@claim(
    "modes.decoupling.solution",
    facts=MatrixFacts(**_MOVING, given=(MODES[0], *LEARNABLE)),
    rests_on=["modes.decoupling"],
    source=_SOURCE,
)
def solution() -> Any:
    """Modes that obey their own equations solve the flow of the whole network at all times.

    R A(t) V^T and U B(t) R^T with tau dA/dt = B (S - B A Lambda) obey the averaged flow; as its
    solution is unique, a network that starts aligned stays so.
    """
    return matrix_equation(tau * TimeDerivative(_MADE21), _MADE32.T * _MADE_GAP)


@claim(
    "modes.decoupling.solution.output",
    facts=MatrixFacts(**_MOVING, given=(MODES[1], *LEARNABLE)),
    rests_on=["modes.decoupling.output"],
    source=_SOURCE,
)
def solution_output() -> Any:
    """The same for the second layer, with tau dB/dt = A (S - B A Lambda)."""
    return matrix_equation(tau * TimeDerivative(_MADE32), _MADE_GAP * _MADE21.T)


_Q = MatrixSymbol("Q", N1, rank)
_TURNED = matrix_equation(tau * DIFF21, R * (A * (S - A * A)) * _Q.T)
_HALF = Rational(1, 2)


@claim(
    "modes.decoupling.balance_slogan",
    facts=MatrixFacts(
        orthonormal_columns=(R, U, V, _Q),
        diagonal=(A, S),
        symmetric=(Sigma11,),
        given=(
            FLOW[0],
            Eq(W21, R * A * _Q.T),
            Eq(W32, U * A * R.T),
            Eq(Sigma31, U * S * V.T),
            Eq(Sigma11 * V, V),
            Eq(Sigma11 * _Q, _Q),
        ),
    ),
    expects="refuted",
    corrected_by=["modes.decoupling"],
    source="balanced weights alone, without alignment to the correlations",
    witness=Witness(
        {
            R: Matrix([[1]]),
            U: Matrix([[1]]),
            V: Matrix([1, 0]),
            _Q: Matrix([Rational(3, 5), Rational(4, 5)]),
            A: Matrix([[_HALF]]),
            S: Matrix([[2]]),
            W21: Matrix([[Rational(3, 10), Rational(2, 5)]]),
            W32: Matrix([[_HALF]]),
            Sigma31: Matrix([[2, 0]]),
            Sigma11: Matrix([[1, 0], [0, 1]]),
            tau: Integer(1),
        },
        (Rational(2, 5), -Rational(4, 5)),
    ),
)
def balance_slogan() -> Any:
    """Guard: balance is not enough, the weights must be aligned with the correlations.

    W21 = R A Q^T and W32 = U A R^T are balanced (W21 W21^T = W32^T W32) for every Q with
    orthonormal columns, but the modes move by themselves only where Q = V.

    S holds the singular values of Sigma31 = U S V^T.
    """
    return _TURNED
