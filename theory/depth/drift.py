"""Discrete steps, decay, unequal rates and momentum: how layer differences drift."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Matrix, MatrixSymbol, Rational, Symbol, Trace, ZeroMatrix, exp

from ..claims import claim
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Witness
from ..letters import N1, N3, x
from ..matrix_calculus import TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import eta, t, tau
from .neighbours import ABOVE, BELOW, CONSERVED, M, V, W

__all__ = ["decay", "drift", "example_drift", "momentum", "weighted"]

_STILL = matrix_equation(TimeDerivative(CONSERVED), ZeroMatrix(M, M))
_FORCE = MatrixSymbol("E", N3, N1)
_G, _G_NEXT = (ABOVE * V).T * _FORCE * BELOW.T, ABOVE.T * _FORCE * (W * BELOW).T


def _drift(step: Any, step_next: Any) -> Any:
    first, second = W + eta * step, V + eta * step_next
    return first * first.T - second.T * second - CONSERVED


@claim(
    "depth.conservation.drift",
    facts=MatrixFacts(),
    rests_on=["depth.conservation.chain_rule"],
    source="exact drift of discrete descent",
)
def drift() -> Any:
    """One step of descent changes it by exactly eta^2 (G_l G_l^T - G_{l+1}^T G_{l+1}).

    G_l = (A V)^T E B^T and G_{l+1} = A^T E (W B)^T are the steps of the layers, E any matrix: minus
    the gradient of any loss in the map, of one example, of a batch or of all.
    """
    return matrix_equation(_drift(_G, _G_NEXT), eta**2 * (_G * _G.T - _G_NEXT.T * _G_NEXT))


_MISS = MatrixSymbol("e", N3, 1)
_BACK, _HIDDEN, _PRESYNAPTIC = (ABOVE * V).T * _MISS, W * BELOW * x, BELOW * x


@claim(
    "depth.conservation.example_drift",
    facts=MatrixFacts(),
    rests_on=["depth.conservation.gradient", "depth.conservation.gradient_next"],
    source="exact drift of descent on one example",
)
def example_drift() -> Any:
    """One example changes it by eta^2 (|B x|^2 g g^T - |A^T e|^2 h h^T).

    g = (A V)^T e is the error that reaches the units between the layers, h = W B x their activity.
    """
    seen, sent = _PRESYNAPTIC, ABOVE.T * _MISS
    change = Trace(seen.T * seen) * (_BACK * _BACK.T) - Trace(sent.T * sent) * (_HIDDEN * _HIDDEN.T)
    step, step_next = _BACK * seen.T, sent * _HIDDEN.T
    return matrix_equation(_drift(step, step_next), eta**2 * change)


_ONE = Matrix([[1]])


@claim(
    "depth.conservation.discrete_slogan",
    facts=MatrixFacts(),
    expects="refuted",
    corrected_by=["depth.conservation.drift"],
    source="conservation read as a statement on discrete descent",
    witness=Witness(
        {
            W: _ONE,
            V: 2 * _ONE,
            ABOVE: _ONE,
            BELOW: 2 * _ONE,
            _FORCE: 3 * _ONE,
            eta: Rational(1, 6),
        },
        (Integer(3),),
    ),
)
def discrete_slogan() -> Any:
    """Guard: discrete descent does not conserve W_l W_l^T - W_{l+1}^T W_{l+1}.

    W and V are neighbours among the layers, with the product A above and B below them; E is
    the error, eta the step.
    """
    return matrix_equation(_drift(_G, _G_NEXT), ZeroMatrix(M, M))


mu = Symbol("mu", positive=True)
"""Rate of weight decay."""
_DECAYING = (
    matrix_equation(tau * TimeDerivative(W), _G - mu * W),
    matrix_equation(tau * TimeDerivative(V), _G_NEXT - mu * V),
)


def _decay() -> Derivation:
    rate = matrix_equation(tau * TimeDerivative(CONSERVED), -2 * mu * CONSERVED)
    return Derivation(
        (
            Step("the flow of layer l with decay", _DECAYING[0], Premise()),
            Step("the flow of layer l+1 with decay", _DECAYING[1], Premise()),
            Step("the product rule: what the loss does cancels", rate, Follows()),
            Step("so the difference decays as e^(-2 mu t/tau)", _DECAYS, Follows()),
        )
    )


_GROWTH = exp(2 * mu * t / tau)
_DECAYS = matrix_equation(TimeDerivative(_GROWTH * CONSERVED), ZeroMatrix(M, M))


@claim(
    "depth.conservation.decay",
    facts=MatrixFacts(given=_DECAYING, time=t),
    rests_on=["depth.conservation.chain_rule"],
    derivation=_decay,
    source="weight decay of the layer differences",
)
def decay() -> Any:
    """With weight decay mu the difference C_l is C_l(0) e^(-2 mu t/tau): decay makes balanced.

    Stated as: e^(2 mu t/tau) C_l does not change.  E may be any matrix at any time: any loss.
    """
    return _DECAYS


@claim(
    "depth.conservation.decay_slogan",
    facts=MatrixFacts(given=_DECAYING),
    expects="refuted",
    corrected_by=["depth.conservation.decay"],
    source="conservation read as a statement on the flow with weight decay",
    witness=Witness(
        {
            W: 3 * _ONE,
            V: _ONE,
            ABOVE: _ONE,
            BELOW: _ONE,
            _FORCE: _ONE,
            mu: Integer(1),
            tau: Integer(2),
        },
        (Integer(-8),),
    ),
)
def decay_slogan() -> Any:
    """Guard: with weight decay the difference of the layers is not conserved.

    W and V are neighbours among the layers, with the product A above and B below; mu is the
    decay.
    """
    return _STILL


_RATE, _RATE_NEXT = Symbol("rho_1", positive=True), Symbol("rho_2", positive=True)
_UNEQUAL = (
    matrix_equation(tau * TimeDerivative(W), _RATE * _G),
    matrix_equation(tau * TimeDerivative(V), _RATE_NEXT * _G_NEXT),
)


@claim(
    "depth.conservation.unequal_rates",
    facts=MatrixFacts(given=_UNEQUAL),
    rests_on=["depth.conservation.chain_rule"],
    source="a learning rate for each layer",
)
def weighted() -> Any:
    """Layers with rates rho_1 and rho_2 conserve rho_2 W W^T - rho_1 V^T V instead."""
    return matrix_equation(_RATE_NEXT * TimeDerivative(W * W.T), _RATE * TimeDerivative(V.T * V))


@claim(
    "depth.conservation.unequal_rates_slogan",
    facts=MatrixFacts(given=_UNEQUAL),
    expects="refuted",
    corrected_by=["depth.conservation.unequal_rates"],
    source="conservation with a learning rate for each layer",
    witness=Witness(
        {
            W: _ONE,
            V: 2 * _ONE,
            ABOVE: _ONE,
            BELOW: _ONE,
            _FORCE: _ONE,
            _RATE: Integer(1),
            _RATE_NEXT: Integer(3),
            tau: Integer(1),
        },
        (Integer(-8),),
    ),
)
def unequal_slogan() -> Any:
    """Guard: with unequal learning rates the plain difference is not conserved.

    W and V are neighbours among the layers, rho_1 and rho_2 their rates.
    """
    return _STILL


_X, _Y = MatrixSymbol("X", M, W.cols), MatrixSymbol("Y", V.rows, M)
"""Velocities of the two layers, times tau."""
gamma = Symbol("gamma", positive=True)
"""Friction."""
_MOMENTUM = (
    matrix_equation(tau * TimeDerivative(W), _X),
    matrix_equation(tau * TimeDerivative(V), _Y),
    matrix_equation(tau * TimeDerivative(_X), _G - gamma * _X),
    matrix_equation(tau * TimeDerivative(_Y), _G_NEXT - gamma * _Y),
)


@claim(
    "depth.conservation.momentum",
    facts=MatrixFacts(given=_MOMENTUM),
    rests_on=["depth.conservation.chain_rule"],
    source="descent with momentum in continuous time",
)
def momentum() -> Any:
    """With momentum J = tau dC/dt obeys tau dJ/dt + gamma J = 2 (X X^T - Y^T Y).

    X and Y are tau times the velocities of W and V, so that J = X W^T + W X^T - Y^T V - V^T Y;
    gamma is the friction.  What any loss does cancels.
    """
    slope = _X * W.T + W * _X.T - _Y.T * V - V.T * _Y
    left = tau * TimeDerivative(slope) + gamma * slope
    return matrix_equation(left, 2 * (_X * _X.T - _Y.T * _Y))


@claim(
    "depth.conservation.momentum_slogan",
    facts=MatrixFacts(given=_MOMENTUM),
    expects="refuted",
    corrected_by=["depth.conservation.momentum"],
    source="conservation with momentum",
    witness=Witness(
        {
            W: _ONE,
            V: _ONE,
            ABOVE: _ONE,
            BELOW: _ONE,
            _FORCE: _ONE,
            _X: 2 * _ONE,
            _Y: _ONE,
            gamma: Integer(1),
            tau: Integer(1),
        },
        (Integer(2),),
    ),
)
def momentum_slogan() -> Any:
    """Guard: with momentum the difference of the layers is not conserved.

    W and V are neighbours among the layers, X and Y tau times their velocities, gamma the
    friction.
    """
    return _STILL
