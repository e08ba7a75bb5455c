"""The shallow network: one layer, one rate for all modes, no stages."""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Identity,
    Integer,
    Lambda,
    Lt,
    MatrixSymbol,
    Rational,
    Trace,
    exp,
    log,
    oo,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Entries, Follows, Integrated, Premise, Solved, Step
from ..edges import Assumption, Limit, Witness
from ..letters import N1, N3, Sigma11, Sigma31, rank, x, y
from ..matrix_calculus import Average, Differential, TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import alpha, b, b0, c, s, s1, s2, t, tau
from .decoupling import LEARNABLE, L, S, U, V
from .descent import MEANS

__all__ = ["FRACTION_TIME", "flow", "fraction_time", "gradient", "mode_flow", "shallow"]

W = MatrixSymbol("W", N3, N1)
_MISS = y - W * x
_UPDATE = _MISS * x.T


@claim("modes.shallow.gradient", facts=MatrixFacts(), source="one layer, squared error")
def gradient() -> Any:
    """The update (y - Wx) x^T is minus the gradient of |y - Wx|^2/2."""
    loss = Trace(_MISS.T * _MISS) / 2
    return matrix_equation(Differential(loss, W), -Trace(_UPDATE.T * Differential(W, W)))


@claim(
    "modes.shallow.flow",
    facts=MatrixFacts(random=(x, y), given=MEANS),
    rests_on=["modes.shallow.gradient"],
    source="one layer, squared error",
)
def flow() -> Any:
    """Averaged over examples the layer moves by Sigma31 - W Sigma11."""
    return matrix_equation(Average(_UPDATE), Sigma31 - W * Sigma11)


B = MatrixSymbol("B", rank, rank)
_COLOURED = Eq(tau * TimeDerivative(B), S - B * L)
_MODES = _COLOURED.subs(L, Identity(rank)).doit()
_STRENGTHS = U * B * V.T


@claim(
    "modes.shallow.modes",
    facts=MatrixFacts(
        orthonormal_columns=(U, V),
        diagonal=(B, S, L),
        symmetric=(Sigma11,),
        constant=(U, V, S, L, Sigma11, Sigma31),
        given=(_COLOURED, *LEARNABLE),
    ),
    rests_on=["modes.shallow.flow"],
    source="one layer in the singular vectors of Sigma31",
)
def mode_flow() -> Any:
    """U B(t) V^T with tau dB/dt = S - B Lambda solves the flow of the layer.

    For white inputs, Lambda = I, every mode relaxes at the same rate.
    """
    return matrix_equation(tau * TimeDerivative(_STRENGTHS), Sigma31 - _STRENGTHS * Sigma11)


_FLOW = Eq(tau * b(t).diff(t), s - b(t))
_START = Eq(b(0), b0)
_CURVE = s + (b0 - s) * exp(-t / tau)
_NAMED = {B: b(t), S: s, TimeDerivative(B): b(t).diff(t)}


def _shallow() -> Derivation:
    missing = (b(t) - s) * exp(t / tau)
    return Derivation(
        (
            Step("the modes of one layer", _MODES, Premise()),
            Step("one diagonal entry", _FLOW, Entries(_NAMED)),
            Step("it starts at b_0", _START, Premise()),
            Step(
                "what is missing decays at the rate 1/tau",
                Eq(missing.diff(t, evaluate=False), 0),
                Follows(),
            ),
            Step("so it keeps its initial value", Eq(missing, b0 - s), Integrated(t, Integer(0))),
            Step("solve for b", Eq(b(t), _CURVE), Solved()),
        )
    )


@claim(
    "modes.shallow",
    given=[_MODES, _FLOW, _START],
    rests_on=["modes.shallow.modes"],
    derivation=_shallow,
    source="Saxe, McClelland & Ganguli: the shallow network",
    evaluation=Evaluation(inputs={"s": s, "b0": b0, "tau": tau, "t": t}, outputs={"b": _CURVE}),
    limits=[
        Limit(t, Integer(0), b0, "the start"),
        Limit(t, oo, s, "the mode tends to its singular value"),
    ],
)
def shallow() -> Any:
    """A mode of the shallow network relaxes exponentially at the rate 1/tau, whatever s is."""
    return Eq(b(t), _CURVE)


FRACTION_TIME = -tau * log(1 - c)
"""Time in which the shallow network learns the fraction c of a mode from b_0 = 0."""
_b = Function("b")
_FROM_ZERO = define(_b, Lambda((s, t), _CURVE.subs(b0, 0)), means="strength of one mode")


@claim(
    "modes.shallow.fraction_time",
    where=[_FROM_ZERO],
    given=[c < 1],
    rests_on=["modes.shallow"],
    source="no stages in the shallow network",
)
def fraction_time() -> Any:
    """From b_0 = 0 the fraction c is reached at -tau ln(1 - c): the same time for all modes."""
    return Eq(_b(s, FRACTION_TIME) - c * s, 0)


@claim(
    "modes.shallow.fraction_slogan",
    where=[_FROM_ZERO],
    given=[s2 < s1],
    expects="refuted",
    corrected_by=["modes.shallow.fraction_time"],
    source="stronger modes first, read with fractions in the shallow network",
    witness=Witness(
        {s1: Integer(2), s2: Integer(1), t: Integer(1), tau: Integer(1)}, (Integer(0),)
    ),
)
def fraction_slogan() -> Any:
    """Guard: in fractions of their strength stronger modes are not ahead in a shallow network."""
    return Lt(_b(s2, t) / s2, _b(s1, t) / s1, evaluate=False)


_RATIO = log((1 - alpha) / alpha) / -log(1 - alpha)


_time = Function("t_b")


@claim(
    "modes.shallow.stage_ratio",
    where=[define(_time, Lambda(c, FRACTION_TIME), means="time to the fraction c")],
    given=[Assumption(alpha < Rational(1, 2))],
    rests_on=["modes.shallow.fraction_time"],
    source="no stages in the shallow network",
)
def stage_ratio() -> Any:
    """From alpha s to (1 - alpha) s it takes a fixed multiple of the time up to alpha s.

    ln((1 - alpha)/alpha)/(-ln(1 - alpha)), about 20.9 at alpha = 1/10: no period of ignorance.
    """
    return Eq((_time(1 - alpha) - _time(alpha)) / _time(alpha), _RATIO)
