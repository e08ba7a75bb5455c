"""The closed matrix solution for every balanced or lambda-balanced start, without alignment."""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Eq,
    Identity,
    Integer,
    Inverse,
    Matrix,
    MatrixSymbol,
    Symbol,
    Trace,
    ZeroMatrix,
)

from ..claims import Evaluation, claim
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Witness
from ..letters import N1, N2, N3, W21, W32, WHITE_FLOW, Sigma31
from ..matrix_calculus import (
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
    matrix_equation,
)
from ..matrix_facts import MatrixFacts
from ..symbols import t, tau
from .descent import averaged, averaged_output, conservation

__all__ = ["riccati", "riccati_flow", "riccati_start"]

_N = Symbol("N", integer=True, positive=True)
_F, _Q0 = MatrixSymbol("F", _N, _N), MatrixSymbol("Q0", _N, N2)
_READ_INPUT, _READ_OUTPUT = MatrixSymbol("E_1", _N, N1), MatrixSymbol("E_3", _N, N3)
_LAMBDA = Symbol("lambda_", real=True)
BALANCE = Eq(W32.T * W32, W21 * W21.T + _LAMBDA * Identity(N2))


def _solution(f: Any, q: Any) -> Any:
    grown, integral = MatrixExponential(f, t / tau), IntegratedExponential(2 * f, t / tau)
    inside = Identity(N2) + q.T * integral * q
    return grown * q * Inverse(inside) * q.T * grown


def _generator(half: Any) -> Any:
    return BlockMatrix([[-half * Identity(N1), Sigma31.T], [Sigma31, half * Identity(N3)]])


_STACKED = BlockMatrix([[W21.T], [W32]])
_INPUT, _OUTPUT = (
    BlockMatrix([[Identity(N1)], [ZeroMatrix(N3, N1)]]),
    BlockMatrix([[ZeroMatrix(N1, N3)], [Identity(N3)]]),
)


def _map(square: Any, output: Any, read: Any) -> Any:
    """The block of ``square`` that maps input to output: W32 W21, where ``square`` is Q Q^T."""
    return output.T * square * read


_MAP_AT = _map(_solution(_F, _Q0), _READ_OUTPUT, _READ_INPUT)


def _riccati_equation(square: Any, f: Any) -> Any:
    return matrix_equation(tau * TimeDerivative(square), f * square + square * f - square**2)


def _derived() -> Derivation:
    grown, integral = MatrixExponential(_F, t / tau), IntegratedExponential(2 * _F, t / tau)
    inside = Identity(N2) + _Q0.T * integral * _Q0
    moved = _Q0.T * MatrixExponential(2 * _F, t / tau) * _Q0
    return Derivation(
        (
            Step(
                "the growth e^(Ft/tau) moves at the rate F/tau",
                matrix_equation(tau * TimeDerivative(grown), _F * grown),
                Follows(),
            ),
            Step(
                "K = I + Q0^T M Q0 moves at the rate Q0^T e^(2Ft/tau) Q0 / tau",
                matrix_equation(tau * TimeDerivative(inside), moved),
                Follows(),
            ),
            Step(
                "its inverse moves by -K^-1 (dK/dt) K^-1",
                matrix_equation(
                    tau * TimeDerivative(Inverse(inside)),
                    -Inverse(inside) * moved * Inverse(inside),
                ),
                Follows(),
            ),
            Step(
                "the product rule gives F X + X F - X^2",
                _riccati_equation(_solution(_F, _Q0), _F),
                Follows(),
            ),
        )
    )


@claim(
    "modes.riccati",
    facts=MatrixFacts(symmetric=(_F,), constant=(_F, _Q0), time=t),
    rests_on=["modes.riccati.flow", "modes.riccati.start"],
    derivation=_derived,
    source="matrix Riccati solution (Fukumizu 1998), here without inverses of F or of the weights",
    evaluation=Evaluation(
        inputs={"Sigma": Sigma31, "W21": W21, "W32": W32, "tau": tau, "t": t},
        outputs={"W": _MAP_AT},
        derived={
            _LAMBDA: (Trace(W32.T * W32) - Trace(W21 * W21.T)) / N2,
            _F: _generator(_LAMBDA / 2),
            _Q0: _STACKED,
            _READ_INPUT: _INPUT,
            _READ_OUTPUT: _OUTPUT,
        },
        identities=(
            Eq(
                W32.T * W32 - W21 * W21.T,
                (Trace(W32.T * W32) - Trace(W21 * W21.T)) / N2 * Identity(N2),
            ),
        ),
        certified_by="modes.riccati.map",
    ),
)
def riccati() -> Any:
    """X = e^(Ft/tau) Q0 (I + Q0^T M Q0)^-1 Q0^T e^(Ft/tau) solves tau dX/dt = FX + XF - X^2.

    M is the integral of e^(2Fu) over u from 0 to t/tau, so that I + Q0^T M Q0 is at least the
    identity: no rank, no invertibility is asked of F, of Sigma31 or of the weights.  ``evaluate``
    returns W32 W21 at time t, the lower left block of X, for Sigma11 = I.
    """
    return _riccati_equation(_solution(_F, _Q0), _F)


@claim(
    "modes.riccati.start",
    facts=MatrixFacts(symmetric=(_F,)),
    source="matrix Riccati solution at t = 0",
)
def riccati_start() -> Any:
    """At t = 0 the solution is Q0 Q0^T."""
    return matrix_equation(_solution(_F, _Q0).subs(t, 0), _Q0 * _Q0.T)


@claim(
    "modes.riccati.map",
    facts=MatrixFacts(symmetric=(_F,), constant=(_F, _Q0, _READ_INPUT, _READ_OUTPUT), time=t),
    rests_on=["modes.riccati", "modes.riccati.block"],
    source="the map from input to output as a block of the Riccati solution",
)
def riccati_map() -> Any:
    """What ``evaluate`` returns moves as the block E_3^T X E_1 of the solution must."""
    solved = _solution(_F, _Q0)
    right = _map(_F * solved + solved * _F - solved**2, _READ_OUTPUT, _READ_INPUT)
    return matrix_equation(tau * TimeDerivative(_MAP_AT), right)


@claim(
    "modes.riccati.block",
    facts=MatrixFacts(),
    source="the map from input to output as a block of Q Q^T",
)
def riccati_block() -> Any:
    """With E_1 = [I; 0] and E_3 = [0; I] the block E_3^T Q Q^T E_1 is W32 W21."""
    return matrix_equation(_map(_STACKED * _STACKED.T, _OUTPUT, _INPUT), W32 * W21)


def _flow() -> Derivation:
    square = _STACKED * _STACKED.T
    return Derivation(
        (
            Step("the flow of the first layer", WHITE_FLOW[0], Premise()),
            Step("the flow of the second layer", WHITE_FLOW[1], Premise()),
            Step("the start is lambda-balanced, and stays so", BALANCE, Premise()),
            Step(
                "the product rule, block by block",
                _riccati_equation(square, _generator(_LAMBDA / 2)),
                Follows(),
            ),
        )
    )


@claim(
    "modes.riccati.flow",
    facts=MatrixFacts(given=(*WHITE_FLOW, BALANCE), constant=(Sigma31,)),
    rests_on=[averaged.id, averaged_output.id, conservation.id],
    derivation=_flow,
    source="lambda-balanced starts: the flow in the variable Q Q^T",
)
def riccati_flow() -> Any:
    """With Q = [W21^T; W32], balance W32^T W32 - W21 W21^T = lambda I and Sigma11 = I:

    tau d(Q Q^T)/dt = F Q Q^T + Q Q^T F - (Q Q^T)^2, F = [[-lambda/2 I, Sigma31^T],
    [Sigma31, lambda/2 I]].
    """
    return _riccati_equation(_STACKED * _STACKED.T, _generator(_LAMBDA / 2))


@claim(
    "modes.riccati.unbalanced_slogan",
    facts=MatrixFacts(given=WHITE_FLOW, constant=(Sigma31,)),
    expects="refuted",
    corrected_by=["modes.riccati.flow"],
    source="the Riccati flow without balance",
    witness=Witness(
        {
            W21: Matrix([[1]]),
            W32: Matrix([[2]]),
            Sigma31: Matrix([[3]]),
            tau: Integer(1),
        },
        (Integer(-3), Integer(0), Integer(0), Integer(12)),
    ),
)
def riccati_unbalanced() -> Any:
    """Guard: without balance Q Q^T does not obey the Riccati equation.

    Q = [W21^T; W32]; white inputs.
    """
    return _riccati_equation(_STACKED * _STACKED.T, _generator(Integer(0)))
