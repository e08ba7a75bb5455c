"""The SVD change of variables, and the closed matrix solution that does without it."""

from __future__ import annotations

from typing import Any

from sympy import BlockMatrix, Eq, Identity, Inverse, MatrixSymbol, Symbol

from ..claims import claim
from ..letters import (
    DIFF21,
    DIFF32,
    FLOW,
    N1,
    N2,
    N3,
    W21,
    W32,
    WHITE_FLOW,
    Sigma11,
    Sigma31,
    rank,
)
from ..matrix_calculus import (
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
    matrix_equation,
)
from ..matrix_facts import MatrixFacts
from ..symbols import t, tau

__all__ = ["decoupling", "decoupling_output", "riccati", "riccati_flow"]

R, U, V = MatrixSymbol("R", N2, rank), MatrixSymbol("U", N3, rank), MatrixSymbol("V", N1, rank)
A, B, S, L = (MatrixSymbol(name, rank, rank) for name in ("A", "B", "S", "Lambda"))
ALIGNED = (
    Eq(W21, R * A * V.T),
    Eq(W32, U * B * R.T),
    Eq(Sigma31, U * S * V.T),
    Eq(Sigma11 * V, V * L),
)
_FACTS = MatrixFacts(
    orthonormal_columns=(R, U, V),
    diagonal=(A, B, S, L),
    symmetric=(Sigma11,),
    given=(*FLOW, *ALIGNED),
)
_SOURCE = "Saxe, McClelland & Ganguli: the singular value decomposition of the correlations"
_RESTS = ["descent.averaged", "descent.averaged.output"]


@claim("modes.decoupling", facts=_FACTS, rests_on=_RESTS, source=_SOURCE)
def decoupling() -> Any:
    """On W21 = R A V^T, W32 = U B R^T the flow of the first layer stays of that form.

    Sigma31 = U S V^T and Sigma11 V = V Lambda; A, B, S, Lambda diagonal, R, U, V with orthonormal
    columns.  Each mode then moves by itself: tau dA/dt = B (S - B A Lambda).
    """
    return matrix_equation(tau * DIFF21, R * (B * (S - B * A * L)) * V.T)


@claim("modes.decoupling.output", facts=_FACTS, rests_on=_RESTS, source=_SOURCE)
def decoupling_output() -> Any:
    """On the same manifold tau dB/dt = A (S - B A Lambda)."""
    return matrix_equation(tau * DIFF32, U * (A * (S - B * A * L)) * R.T)


_F, _Q0 = MatrixSymbol("F", N1, N1), MatrixSymbol("Q0", N1, N2)


def _solution() -> Any:
    grown, integral = MatrixExponential(_F, t / tau), IntegratedExponential(2 * _F, t / tau)
    inside = Identity(N2) + _Q0.T * integral * _Q0
    return grown * _Q0 * Inverse(inside) * _Q0.T * grown


@claim(
    "modes.riccati",
    facts=MatrixFacts(symmetric=(_F,), constant=(_F, _Q0), time=t),
    rests_on=["modes.riccati.flow"],
    source="matrix Riccati solution (Fukumizu 1998), here without inverses of F or of the weights",
)
def riccati() -> Any:
    """X = e^(Ft/tau) Q0 (I + Q0^T M Q0)^-1 Q0^T e^(Ft/tau) solves tau dX/dt = FX + XF - X^2.

    M is the integral of e^(2Fu) over u from 0 to t/tau, so that I + Q0^T M Q0 is at least the
    identity: no rank, no invertibility is asked of F, of Sigma31 or of the weights.
    """
    solved = _solution()
    return matrix_equation(tau * TimeDerivative(solved), _F * solved + solved * _F - solved**2)


@claim(
    "modes.riccati.start",
    facts=MatrixFacts(symmetric=(_F,)),
    source="matrix Riccati solution at t = 0",
)
def riccati_start() -> Any:
    """At t = 0 the solution is Q0 Q0^T."""
    return matrix_equation(_solution().subs(t, 0), _Q0 * _Q0.T)


_LAMBDA = Symbol("lambda_", real=True)
BALANCE = Eq(W32.T * W32, W21 * W21.T + _LAMBDA * Identity(N2))


@claim(
    "modes.riccati.flow",
    facts=MatrixFacts(given=(*WHITE_FLOW, BALANCE), constant=(Sigma31,)),
    rests_on=[*_RESTS, "descent.conservation"],
    source="lambda-balanced starts: the flow in the variable Q Q^T",
)
def riccati_flow() -> Any:
    """With Q = [W21^T; W32], balance W32^T W32 - W21 W21^T = lambda I and Sigma11 = I:

    tau d(Q Q^T)/dt = F Q Q^T + Q Q^T F - (Q Q^T)^2, F = [[-lambda/2 I, Sigma31^T],
    [Sigma31, lambda/2 I]].
    """
    half = _LAMBDA / 2
    f = BlockMatrix([[-half * Identity(N1), Sigma31.T], [Sigma31, half * Identity(N3)]])
    q = BlockMatrix([[W21.T], [W32]])
    square = q * q.T
    return matrix_equation(tau * TimeDerivative(square), f * square + square * f - square**2)


@claim(
    "modes.riccati.unbalanced_slogan",
    facts=MatrixFacts(given=WHITE_FLOW, constant=(Sigma31,)),
    expects="refuted",
    source="the Riccati flow without balance",
)
def riccati_unbalanced() -> Any:
    """Guard: without balance Q Q^T does not obey the Riccati equation."""
    f = BlockMatrix([[0 * Identity(N1), Sigma31.T], [Sigma31, 0 * Identity(N3)]])
    q = BlockMatrix([[W21.T], [W32]])
    square = q * q.T
    return matrix_equation(tau * TimeDerivative(square), f * square + square * f - square**2)


