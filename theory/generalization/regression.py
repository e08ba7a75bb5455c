"""Linear regression by gradient flow: what each mode of the data learns, from the loss.

The data are X = U S V^T with labels y = X w_t + epsilon.  A mode is a column of V: an eigenvector
of X^T X with the eigenvalue lambda = S^2.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Function,
    Integer,
    MatrixSymbol,
    Symbol,
    Trace,
    ZeroMatrix,
    exp,
    oo,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Integrated, Premise, Solved, Step
from ..edges import Limit, Witness
from ..matrix_calculus import Average, Differential, TimeDerivative, matrix_equation
from ..matrix_facts import MatrixFacts
from ..symbols import t, tau
from .letters import (
    FLOW,
    SOURCE,
    N,
    P,
    S,
    U,
    V,
    lam,
    noise,
    sigma_eps,
    sigma_w,
    sigma_w0,
    start,
    teacher,
    weights,
)

__all__ = ["frozen", "gradient", "mode", "mode_error", "test_error", "trajectory"]

_X = MatrixSymbol("X", P, N)
_ERROR = _X * teacher + noise - _X * weights


@claim("generalization.large_gain.gradient", facts=MatrixFacts(), source=SOURCE)
def gradient() -> Any:
    """X^T (y - X w), y = X w_t + epsilon, is minus the gradient of the loss |y - X w|^2/2."""
    loss = Trace(_ERROR.T * _ERROR) / 2
    update = _X.T * _ERROR
    return matrix_equation(
        Differential(loss, weights), -Trace(update.T * Differential(weights, weights))
    )


_MODES = MatrixFacts(
    given=(FLOW,),
    orthonormal_columns=(U, V),
    diagonal=(S,),
    constant=(U, S, V, teacher, noise),
)
_MISS = V.T * (weights - teacher)
_MODE = matrix_equation(tau * TimeDerivative(_MISS), S * U.T * noise - S * S * _MISS)


@claim(
    "generalization.large_gain.mode",
    facts=_MODES,
    rests_on=["generalization.large_gain.gradient"],
    source=SOURCE,
)
def mode() -> Any:
    """The misses d = V^T (w - w_t) obey tau dd/dt = n - S^2 d: each mode decays by itself.

    The noise drives them with n = S U^T epsilon.
    """
    return _MODE


@claim(
    "generalization.large_gain.frozen",
    facts=_MODES,
    rests_on=["generalization.large_gain.gradient"],
    source=SOURCE,
)
def frozen() -> Any:
    """Weights move within the span of V alone: what no example sees keeps its initial value.

    Exact at finite sizes, whatever the labels.
    """
    outside = weights - V * V.T * weights
    return matrix_equation(tau * TimeDerivative(outside), ZeroMatrix(N, 1))


_COVARIANCE = MatrixSymbol("C", P, P)
_DRIVE = S * U.T * noise


@claim(
    "generalization.large_gain.drive",
    facts=MatrixFacts(
        given=(matrix_equation(Average(noise * noise.T), _COVARIANCE),),
        random=(noise,),
        orthonormal_columns=(U,),
        diagonal=(S,),
    ),
    rests_on=["generalization.large_gain.mode"],
    source=SOURCE,
)
def drive() -> Any:
    """The drives have the covariance S U^T C U S; for C = sigma_eps^2 I that is sigma_eps^2 S^2.

    C is the covariance of the noise.
    """
    return matrix_equation(Average(_DRIVE * _DRIVE.T), S * U.T * _COVARIANCE * U * S)


_OF_START, _OF_TEACHER, _SHARED = (MatrixSymbol(name, N, N) for name in ("A", "B", "C"))
_BEGIN = V.T * (start - teacher)


@claim(
    "generalization.large_gain.beginning",
    facts=MatrixFacts(
        given=(
            matrix_equation(Average(start * start.T), _OF_START),
            matrix_equation(Average(teacher * teacher.T), _OF_TEACHER),
            matrix_equation(Average(start * teacher.T), _SHARED),
        ),
        random=(start, teacher),
        orthonormal_columns=(V,),
    ),
    source=SOURCE,
)
def beginning() -> Any:
    """The first misses have the covariance V^T (A + B - C - C^T) V.

    A = sigma_w0^2 I of the start, B = sigma_w^2 I of the teacher, independent (C = 0): every mode
    begins with the mean square sigma_w^2 + sigma_w0^2.
    """
    between = _OF_START + _OF_TEACHER - _SHARED - _SHARED.T
    return matrix_equation(Average(_BEGIN * _BEGIN.T), V.T * between * V)


_item, _second = MatrixSymbol("x", N, 1), MatrixSymbol("Sigma", N, N)
_nets = Symbol("m", integer=True, positive=True)
_learned, _true = MatrixSymbol("W", N, _nets), MatrixSymbol("T", N, _nets)


@claim(
    "generalization.large_gain.test_error",
    facts=MatrixFacts(given=(matrix_equation(Average(_item * _item.T), _second),), random=(_item,)),
    source=SOURCE,
)
def test_error() -> Any:
    """A new input x of covariance Sigma is missed by d^T Sigma d in the mean square, d = w - w_t.

    The columns of W and T are m networks and their teachers.  For Sigma = I/N each misses by
    |d|^2/N, the mean over all modes; a noisy label adds sigma_eps^2.
    """
    missed = _learned - _true
    return matrix_equation(
        Average(missed.T * _item * _item.T * missed), missed.T * _second * missed
    )


d = Function("d")
_d0, _n = Symbol("d_0", real=True), Symbol("n", real=True)
_FADING = exp(-lam * t / tau)
_LAW = Eq(tau * d(t).diff(t), _n - lam * d(t))
_STARTS = Eq(d(0), _d0)
_PATH = _d0 * _FADING + _n / lam * (1 - _FADING)
_SOLUTION = Eq(d(t), _PATH)


def _trajectory() -> Derivation:
    kept = (d(t) - _n / lam) * exp(lam * t / tau)
    return Derivation(
        (
            Step("the miss of one mode", _LAW, Premise()),
            Step("and its first value", _STARTS, Premise()),
            Step(
                "its distance to n/lambda decays",
                Eq(kept.diff(t, evaluate=False), 0, evaluate=False),
                Follows(),
            ),
            Step("by one exponential", Eq(kept, _d0 - _n / lam), Integrated(t, Integer(0))),
            Step("solve for d", _SOLUTION, Solved()),
        )
    )


@claim(
    "generalization.large_gain.trajectory",
    given=[_LAW, _STARTS],
    rests_on=["generalization.large_gain.mode"],
    derivation=_trajectory,
    source=SOURCE,
    limits=[
        Limit(t, Integer(0), _d0, "the start"),
        Limit(t, oo, _n / lam, "what the noise leaves: the start is forgotten"),
    ],
)
def trajectory() -> Any:
    """A mode that the data see, lambda > 0, forgets its start at the rate lambda/tau."""
    return _SOLUTION


_squares, _drives, _cross, _error = (
    Symbol(name, real=True) for name in ("q_0", "q_n", "q_x", "E_lambda")
)
_MODE_ERROR = (sigma_w**2 + sigma_w0**2) * _FADING**2 + sigma_eps**2 / lam * (1 - _FADING) ** 2


@claim(
    "generalization.large_gain.mode_error",
    where=[
        define(_squares, sigma_w**2 + sigma_w0**2, means="E d_0^2, start and teacher independent"),
        define(_drives, lam * sigma_eps**2, means="E n^2"),
        define(_cross, Integer(0), means="E d_0 n, the noise being independent of both"),
        define(
            _error,
            _squares * _FADING**2
            + 2 * _cross * _FADING * (1 - _FADING) / lam
            + _drives * (1 - _FADING) ** 2 / lam**2,
            means="E d(t)^2, the square of the trajectory averaged",
        ),
    ],
    rests_on=[
        "generalization.large_gain.trajectory",
        "generalization.large_gain.beginning",
        "generalization.large_gain.drive",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={
            "lam": lam,
            "sigma_w": sigma_w,
            "sigma_w0": sigma_w0,
            "sigma_eps": sigma_eps,
            "tau": tau,
            "t": t,
        },
        outputs={"error": _MODE_ERROR},
    ),
    limits=[
        Limit(t, Integer(0), sigma_w**2 + sigma_w0**2, "the start"),
        Limit(t, oo, sigma_eps**2 / lam, "a mode that is seen keeps the noise alone"),
    ],
)
def mode_error() -> Any:
    """E d^2 is (sigma_w^2 + sigma_w0^2) e^2 + sigma_eps^2 (1 - e)^2/lambda, e = e^(-lambda t/tau).

    The test error is its mean over the spectrum of X^T X, the unseen directions with lambda = 0
    (sigma_w^2 + sigma_w0^2 each) included, and sigma_eps^2 of the label.  So the start costs
    sigma_w0^2 times the mean of e^2.
    """
    return Eq(_error, _MODE_ERROR)


@claim(
    "generalization.large_gain.seen_slogan",
    expects="refuted",
    corrected_by=["generalization.large_gain.trajectory", "generalization.large_gain.mode_error"],
    source="large initial weights cost generalization, read for all times and all modes",
    witness=Witness({sigma_w0: 1, lam: 1, t: 1, tau: 1}, (exp(-2) - Integer(1) / 2,)),
)
def seen_slogan() -> Any:
    """Guard: in a mode that the data see half of the cost is gone after (ln 2/2) tau/lambda.

    The left side is what a start of variance sigma_w0^2 costs in a mode of eigenvalue lambda at t.
    """
    return sigma_w0**2 * _FADING**2 >= sigma_w0**2 / 2
