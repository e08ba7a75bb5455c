"""What the flow of a network of any depth conserves, from the loss, and what breaks it."""

from __future__ import annotations

from typing import Any

from sympy import MatrixSymbol, Trace, ZeroMatrix

from ..claims import claim
from ..derivations import Derivation, Follows, Premise, Step
from ..letters import N1, N3, Sigma11, Sigma31, x, y
from ..matrix_calculus import Average, Differential, TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import tau
from .neighbours import ABOVE, BELOW, CONSERVED, FLOW, GAP, NETWORK, M, V, W

__all__ = ["any_loss", "conservation", "gradient"]

_SOURCE = "Saxe, McClelland & Ganguli: learning dynamics of deep linear networks"
_KNOWN = "conserved layer differences (Fukumizu 1998; Arora, Cohen & Hazan 2018)"
ERROR = y - NETWORK * x
LOSS = Trace(ERROR.T * ERROR) / 2
_UPDATE, _UPDATE_NEXT = (ABOVE * V).T * ERROR * (BELOW * x).T, ABOVE.T * ERROR * (W * BELOW * x).T


@claim("depth.conservation.gradient", facts=MatrixFacts(), source=_SOURCE)
def gradient() -> Any:
    """The update (A V)^T (y - yhat) (B x)^T of layer l is minus the gradient of the loss.

    yhat = A V W B x; the loss of one example is |y - yhat|^2/2, and only W moves.
    """
    return matrix_equation(Differential(LOSS, W), -Trace(_UPDATE.T * Differential(W, W)))


@claim("depth.conservation.gradient_next", facts=MatrixFacts(), source=_SOURCE)
def gradient_next() -> Any:
    """The update A^T (y - yhat) (W B x)^T of layer l+1 is minus the gradient of the loss."""
    return matrix_equation(Differential(LOSS, V), -Trace(_UPDATE_NEXT.T * Differential(V, V)))


_MEANS = (matrix_equation(Average(x * x.T), Sigma11), matrix_equation(Average(y * x.T), Sigma31))
_MOMENTS = MatrixFacts(random=(x, y), given=_MEANS)


@claim(
    "depth.conservation.averaged",
    facts=_MOMENTS,
    rests_on=["depth.conservation.gradient"],
    source=_SOURCE,
)
def averaged() -> Any:
    """Averaged over examples layer l moves by (A V)^T (Sigma31 - A V W B Sigma11) B^T."""
    return matrix_equation(Average(_UPDATE), (ABOVE * V).T * GAP * BELOW.T)


@claim(
    "depth.conservation.averaged_next",
    facts=_MOMENTS,
    rests_on=["depth.conservation.gradient_next"],
    source=_SOURCE,
)
def averaged_next() -> Any:
    """Averaged over examples layer l+1 moves by A^T (Sigma31 - A V W B Sigma11) (W B)^T."""
    return matrix_equation(Average(_UPDATE_NEXT), ABOVE.T * GAP * (W * BELOW).T)


_STILL = matrix_equation(TimeDerivative(CONSERVED), ZeroMatrix(M, M))


def _conserved(flow: Any, step: Any, statement: Any) -> Derivation:
    """``step``: tau times the rate of W, so that W W^T and V^T V move by step W^T + W step^T."""
    moved = step * W.T + W * step.T
    return Derivation(
        (
            Step("the flow of layer l", flow[0], Premise()),
            Step("the flow of layer l+1", flow[1], Premise()),
            Step(
                "the product rule in layer l",
                matrix_equation(tau * TimeDerivative(W * W.T), moved),
                Follows(),
            ),
            Step(
                "the product rule in layer l+1 gives the same",
                matrix_equation(tau * TimeDerivative(V.T * V), moved),
                Follows(),
            ),
            Step("so their difference does not change", statement, Follows()),
        )
    )


@claim(
    "depth.conservation",
    facts=MatrixFacts(given=FLOW),
    rests_on=["depth.conservation.averaged", "depth.conservation.averaged_next"],
    derivation=lambda: _conserved(FLOW, (ABOVE * V).T * GAP * BELOW.T, _STILL),
    source=_KNOWN,
)
def conservation() -> Any:
    """W_l W_l^T - W_{l+1}^T W_{l+1} is conserved, for neighbours in a network of any depth.

    W = W_l and V = W_{l+1}, with any matrices A above and B below that may move as they like; any
    widths, any correlations, any start.
    """
    return _STILL


_PULL = MatrixSymbol("G", N3, N1)
"""Gradient of any loss with respect to the map."""
_CHAIN = (V.T * ABOVE.T * _PULL * BELOW.T, ABOVE.T * _PULL * BELOW.T * W.T)
_ANY_FLOW = (
    matrix_equation(tau * TimeDerivative(W), -_CHAIN[0]),
    matrix_equation(tau * TimeDerivative(V), -_CHAIN[1]),
)


@claim(
    "depth.conservation.chain_rule",
    facts=MatrixFacts(),
    source="the chain rule of a loss that depends on the map alone",
)
def chain_rule() -> Any:
    """If dL = tr(G^T d(map)), the gradients in W and V are V^T A^T G B^T and A^T G B^T W^T.

    L is any differentiable loss of the map A V W B, of which W and V move here.
    """
    moved = Trace(_PULL.T * Differential(NETWORK, W, V))
    parts = Trace(_CHAIN[0].T * Differential(W, W)) + Trace(_CHAIN[1].T * Differential(V, V))
    return matrix_equation(moved, parts)


@claim(
    "depth.conservation.any_loss",
    facts=MatrixFacts(given=_ANY_FLOW),
    rests_on=["depth.conservation.chain_rule"],
    derivation=lambda: _conserved(_ANY_FLOW, -_CHAIN[0], _STILL),
    source=_KNOWN,
)
def any_loss() -> Any:
    """The same for the gradient flow of any differentiable loss of the map.

    G is the gradient of the loss with respect to the map at this instant; it may be any matrix.
    """
    return _STILL
