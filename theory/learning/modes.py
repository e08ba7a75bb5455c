"""One mode of the three-layer network, from its equation of motion to the learning curve."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Lambda, exp, log, tanh

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Entries, Follows, Integrated, Premise, Solved, Step
from ..matrix_calculus import TimeDerivative
from ..symbols import a, a0, lam, s, t, tau
from .decoupling import MODES, A, B, L, S

__all__ = [
    "commuting_inputs",
    "doubled",
    "half_time_form",
    "null_mode",
    "product_rule",
    "trajectory",
]

MODE_ODE = Eq(tau * a(t).diff(t), 2 * a(t) * (s - a(t)))
START = Eq(a(0), a0)
v, w = Function("v"), Function("w")
"""Strengths of the first and second layer in one mode."""

_LAYERS = (
    Eq(tau * v(t).diff(t), w(t) * (s - v(t) * w(t))),
    Eq(tau * w(t).diff(t), v(t) * (s - v(t) * w(t))),
)
_MATRIX = (
    Eq(tau * TimeDerivative(A), B * (S - B * A)),
    Eq(tau * TimeDerivative(B), A * (S - B * A)),
)
_ENTRIES = {
    A: v(t),
    B: w(t),
    S: s,
    TimeDerivative(A): v(t).diff(t),
    TimeDerivative(B): w(t).diff(t),
}
_BALANCED = Eq(v(t), w(t))


@claim(
    "modes.product_rule",
    given=_LAYERS,
    rests_on=["modes.decoupling", "modes.decoupling.output"],
    source="Saxe, McClelland & Ganguli, learning dynamics of one mode",
)
def product_rule() -> Any:
    """The product of the two layer strengths of a mode moves at the rate v^2 + w^2."""
    product = v(t) * w(t)
    return Eq(tau * product.diff(t, evaluate=False), (v(t) ** 2 + w(t) ** 2) * (s - product))


def _ode() -> Derivation:
    product = v(t) * w(t)
    rate = (v(t) ** 2 + w(t) ** 2) * (s - product)
    return Derivation(
        (
            Step("the first layer on the decoupled manifold", _MATRIX[0], Premise()),
            Step("one diagonal entry of it", _LAYERS[0], Entries(_ENTRIES)),
            Step("the second layer on the decoupled manifold", _MATRIX[1], Premise()),
            Step("one diagonal entry of it", _LAYERS[1], Entries(_ENTRIES)),
            Step("the product rule", Eq(tau * product.diff(t, evaluate=False), rate), Follows()),
            Step("the layers are balanced", _BALANCED, Premise()),
            Step("so v^2 + w^2 = 2vw, and a = vw", MODE_ODE, Follows()),
        )
    )


@claim(
    "modes.ode",
    where=[define(a, Lambda(t, v(t) * w(t)), means="strength of one mode")],
    given=[*_MATRIX, *_LAYERS, _BALANCED],
    rests_on=["modes.decoupling", "modes.decoupling.output", "modes.product_rule"],
    derivation=_ode,
    source="Saxe, McClelland & Ganguli: the equation of motion of one mode",
)
def ode() -> Any:
    """A balanced mode of the decoupled network obeys tau da/dt = 2a(s - a)."""
    return MODE_ODE


@claim(
    "modes.ode.unbalanced_slogan",
    where=[define(a, Lambda(t, v(t) * w(t)), means="strength of one mode")],
    given=_LAYERS,
    expects="refuted",
    source="the equation of motion without balance",
)
def ode_unbalanced() -> Any:
    """Guard: without balance the mode does not obey tau da/dt = 2a(s - a)."""
    return MODE_ODE


_CURVE = s * exp(2 * s * t / tau) / (exp(2 * s * t / tau) - 1 + s / a0)


def _trajectory() -> Derivation:
    ignorance = s / a(t) - 1
    kept = ignorance * exp(2 * s * t / tau)
    return Derivation(
        (
            Step("the equation of motion of a balanced mode", MODE_ODE, Premise()),
            Step("the mode starts at a_0", START, Premise()),
            Step(
                "s/a - 1 decays at the rate 2s/tau, by the quotient rule",
                Eq(tau * ignorance.diff(t), -2 * s * ignorance),
                Follows(),
            ),
            Step(
                "so that its product with the inverse decay does not change",
                Eq(kept.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("it keeps its initial value", Eq(kept, s / a0 - 1), Integrated(t, 0)),
            Step("solve for a", Eq(a(t), _CURVE), Solved()),
        )
    )


@claim(
    "modes.trajectory",
    given=[MODE_ODE, START],
    rests_on=["modes.ode"],
    derivation=_trajectory,
    source="Saxe, McClelland & Ganguli: the learning curve of one mode",
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "tau": tau, "t": t},
        outputs={"a": s / (1 + (s / a0 - 1) * exp(-2 * s * t / tau))},
    ),
)
def trajectory() -> Any:
    """A balanced mode with a_0 > 0 follows the logistic curve.

    Holds for a_0 < s (growth) and a_0 > s (decay) alike; a_0 must be positive.
    """
    return Eq(a(t), _CURVE)


@claim(
    "modes.trajectory.half_time",
    given=[a0 < s],
    where=[define(a, Lambda(t, _CURVE), means="strength of one mode")],
    source="shape of the learning curve",
)
def half_time_form() -> Any:
    """For a_0 < s the curve is a hyperbolic tangent about the half-time."""
    half = tau / (2 * s) * log((s - a0) / a0)
    return Eq(a(t), s / 2 * (1 + tanh(s * (t - half) / tau)))


@claim(
    "modes.trajectory.null_mode",
    given=[Eq(tau * a(t).diff(t), -2 * a(t) ** 2), START],
    source="the mode equation at s = 0",
)
def null_mode() -> Any:
    """A mode with s = 0 decays algebraically."""
    return Eq(a(t), a0 / (1 + 2 * a0 * t / tau))


_COMMUTING = s * exp(2 * s * t / tau) / (lam * (exp(2 * s * t / tau) - 1) + s / a0)


@claim(
    "modes.commuting_inputs",
    given=[Eq(tau * a(t).diff(t), 2 * a(t) * (s - lam * a(t))), START],
    source="correlated inputs whose Sigma11 shares the right singular vectors",
    evaluation=Evaluation(
        inputs={"s": s, "lam": lam, "a0": a0, "tau": tau, "t": t},
        outputs={"a": s / (lam + (s / a0 - lam) * exp(-2 * s * t / tau))},
    ),
)
def commuting_inputs() -> Any:
    """With input variance lambda along the mode the curve saturates at s/lambda."""
    return Eq(a(t), _COMMUTING)


@claim(
    "modes.trajectory.doubled",
    given=[MODE_ODE, START],
    expects="refuted",
    source="the talk's loss is written without the factor 1/2: the rate is then in tau",
)
def doubled() -> Any:
    """Guard: with the loss written without its 1/2 the exponent is not 4st/tau at this tau."""
    e = exp(4 * s * t / tau)
    return Eq(a(t), s * e / (e - 1 + s / a0))
