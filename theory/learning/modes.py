"""One mode of the three-layer network, from its equation of motion to the learning curve."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Lambda, exp, log, oo, tanh

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Assumption, Limit, Witness
from ..symbols import a, a0, lam, s, t, tau
from .layers import BALANCED, ENTRIES, STRENGTH, WHITE_LAYERS, layer_steps, v, w

__all__ = ["commuting_inputs", "doubled", "half_time_form", "null_mode", "ode", "trajectory"]

MODE_ODE = Eq(tau * a(t).diff(t), 2 * a(t) * (s - a(t)))
START = Eq(a(0), a0)


def _ode() -> Derivation:
    product = v(t) * w(t)
    rate = (v(t) ** 2 + w(t) ** 2) * (s - product)
    return Derivation(
        (
            *layer_steps(white=True),
            Step("the product rule", Eq(tau * product.diff(t, evaluate=False), rate), Follows()),
            Step("the layers are balanced", BALANCED, Premise()),
            Step("so v^2 + w^2 = 2vw, and a = vw", MODE_ODE, Follows()),
        )
    )


@claim(
    "modes.ode",
    where=[STRENGTH],
    given=[*ENTRIES.white, *WHITE_LAYERS, BALANCED],
    rests_on=["modes.decoupling.solution", "modes.decoupling.solution.output"],
    derivation=_ode,
    source="Saxe, McClelland & Ganguli: the equation of motion of one mode",
)
def ode() -> Any:
    """A balanced mode of the decoupled network obeys tau da/dt = 2a(s - a)."""
    return MODE_ODE


_LAYER_POINT = {v(t): Integer(1), w(t): Integer(2), s: Integer(3), tau: Integer(1)}


@claim(
    "modes.ode.unbalanced_slogan",
    where=[STRENGTH],
    given=WHITE_LAYERS,
    expects="refuted",
    corrected_by=["modes.product_rule", "modes.ode"],
    source="the equation of motion without balance",
    witness=Witness(_LAYER_POINT, (Integer(1),)),
)
def ode_unbalanced() -> Any:
    """Guard: without balance the mode does not obey tau da/dt = 2a(s - a)."""
    return MODE_ODE


_CURVE = s * exp(2 * s * t / tau) / (exp(2 * s * t / tau) - 1 + s / a0)


def _saturating(equation: Any, strength: Any, curve: Any) -> Derivation:
    """The curve of tau da/dt = 2a(s - lambda a), by the substitution s/a - lambda."""
    ignorance = s / a(t) - strength
    kept = ignorance * exp(2 * s * t / tau)
    return Derivation(
        (
            Step("the equation of motion of a balanced mode", equation, Premise()),
            Step("the mode starts at a_0", START, Premise()),
            Step(
                f"s/a - {strength} decays at the rate 2s/tau, by the quotient rule",
                Eq(tau * ignorance.diff(t), -2 * s * ignorance),
                Follows(),
            ),
            Step(
                "so that its product with the inverse decay does not change",
                Eq(kept.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("it keeps its initial value", Eq(kept, s / a0 - strength), Integrated(t, 0)),
            Step("solve for a", Eq(a(t), curve), Solved()),
        )
    )


@claim(
    "modes.trajectory",
    given=[MODE_ODE, START],
    rests_on=["modes.ode"],
    derivation=_saturating(MODE_ODE, Integer(1), _CURVE),
    source="Saxe, McClelland & Ganguli: the learning curve of one mode",
    evaluation=Evaluation(
        inputs={"s": s, "a0": a0, "tau": tau, "t": t},
        outputs={"a": s / (1 + (s / a0 - 1) * exp(-2 * s * t / tau))},
    ),
    limits=[
        Limit(t, Integer(0), a0, "the start"),
        Limit(t, oo, s, "the mode tends to its singular value"),
        Limit(a0, s, s, "a learned mode stays learned"),
    ],
)
def trajectory() -> Any:
    """A balanced mode with a_0 > 0 follows the logistic curve.

    Holds for a_0 < s (growth) and a_0 > s (decay) alike; a_0 must be positive.
    """
    return Eq(a(t), _CURVE)


@claim(
    "modes.trajectory.half_time",
    given=[Assumption(a0 < s, {a0: Integer(2), s: Integer(1), t: Integer(1), tau: Integer(1)})],
    where=[define(a, Lambda(t, _CURVE), means="strength of one mode")],
    rests_on=["modes.trajectory"],
    source="shape of the learning curve",
)
def half_time_form() -> Any:
    """For a_0 < s the curve is a hyperbolic tangent about the half-time."""
    half = tau / (2 * s) * log((s - a0) / a0)
    return Eq(a(t), s / 2 * (1 + tanh(s * (t - half) / tau)))


_NULL_ODE, _NULL = Eq(tau * a(t).diff(t), -2 * a(t) ** 2), a0 / (1 + 2 * a0 * t / tau)


def _null_mode() -> Derivation:
    kept = 1 / a(t) - 2 * t / tau
    return Derivation(
        (
            Step("the equation of motion at s = 0", _NULL_ODE, Premise()),
            Step("the mode starts at a_0", START, Premise()),
            Step(
                "1/a grows at the rate 2/tau", Eq(kept.diff(t, evaluate=False), 0), Follows()
            ),
            Step("so 1/a - 2t/tau keeps its value", Eq(kept, 1 / a0), Integrated(t, 0)),
            Step("solve for a", Eq(a(t), _NULL), Solved()),
        )
    )


@claim(
    "modes.trajectory.null_mode",
    given=[_NULL_ODE, START],
    derivation=_null_mode,
    source="the mode equation at s = 0",
    evaluation=Evaluation(inputs={"a0": a0, "tau": tau, "t": t}, outputs={"a": _NULL}),
    limits=[Limit(t, oo, Integer(0), "what the task does not ask for is forgotten, like 1/t")],
)
def null_mode() -> Any:
    """A mode with s = 0 decays algebraically."""
    return Eq(a(t), _NULL)


COMMUTING_ODE = Eq(tau * a(t).diff(t), 2 * a(t) * (s - lam * a(t)))
_COMMUTING = s * exp(2 * s * t / tau) / (lam * (exp(2 * s * t / tau) - 1) + s / a0)


def _commuting_ode() -> Derivation:
    product = v(t) * w(t)
    rate = (v(t) ** 2 + w(t) ** 2) * (s - lam * product)
    return Derivation(
        (
            *layer_steps(white=False),
            Step("the product rule", Eq(tau * product.diff(t, evaluate=False), rate), Follows()),
            Step("the layers are balanced", BALANCED, Premise()),
            Step("so v^2 + w^2 = 2vw, and a = vw", COMMUTING_ODE, Follows()),
        )
    )


@claim(
    "modes.commuting_inputs.ode",
    where=[STRENGTH],
    given=[*ENTRIES.coloured, *ENTRIES.layers, BALANCED],
    rests_on=["modes.decoupling.solution", "modes.decoupling.solution.output"],
    derivation=_commuting_ode,
    source="correlated inputs whose Sigma11 shares the right singular vectors",
)
def commuting_ode() -> Any:
    """With input variance lambda along the mode tau da/dt = 2a(s - lambda a)."""
    return COMMUTING_ODE


@claim(
    "modes.commuting_inputs",
    given=[COMMUTING_ODE, START],
    rests_on=["modes.commuting_inputs.ode"],
    derivation=_saturating(COMMUTING_ODE, lam, _COMMUTING),
    source="correlated inputs whose Sigma11 shares the right singular vectors",
    evaluation=Evaluation(
        inputs={"s": s, "lam": lam, "a0": a0, "tau": tau, "t": t},
        outputs={"a": s / (lam + (s / a0 - lam) * exp(-2 * s * t / tau))},
    ),
    limits=[
        Limit(lam, Integer(1), _CURVE, "white inputs"),
        Limit(t, oo, s / lam, "the regression coefficient of the mode"),
    ],
)
def commuting_inputs() -> Any:
    """With input variance lambda along the mode the curve saturates at s/lambda.

    Sigma11 must have the right singular vectors of Sigma31 as eigenvectors, that is, commute with
    Sigma31^T Sigma31; otherwise modes couple and no closed form of this kind exists.
    """
    return Eq(a(t), _COMMUTING)


_E4 = exp(4 * s * t / tau)
_AT = {s: Integer(2), a0: Integer(1), tau: Integer(1), t: Integer(0)}


@claim(
    "modes.trajectory.doubled",
    given=[MODE_ODE, START],
    expects="refuted",
    corrected_by=["modes.trajectory"],
    source="the talk's loss is written without the factor 1/2: the rate is then in tau",
    witness=Witness(_AT, (Integer(2), Integer(0))),
)
def doubled() -> Any:
    """Guard: with the loss written without its 1/2 the exponent is not 4st/tau at this tau."""
    return Eq(a(t), s * _E4 / (_E4 - 1 + s / a0))
