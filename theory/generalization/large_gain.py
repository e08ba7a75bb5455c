"""What large initial weights cost in the end: the test error of regression after learning."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Gt, Integer, Lambda, Rational, Symbol

from ..claims import Evaluation, claim
from ..definitions import define
from ..edges import Witness
from ..outputs import Case, Cases
from .letters import SOURCE, alpha, sigma_eps, sigma_w, sigma_w0

__all__ = ["large_gain"]

_SIGMAS = {"sigma_w": sigma_w, "sigma_w0": sigma_w0, "sigma_eps": sigma_eps}
_BOTH = sigma_w**2 + sigma_w0**2
_missed, _amplified = Symbol("U", real=True), Symbol("K", real=True)
_error = Symbol("E_g", real=True)
_ERROR = define(
    _error,
    _missed * _BOTH + _amplified * sigma_eps**2 + sigma_eps**2,
    means="mean over the spectrum at late times: modes with lambda = 0 keep their start, those "
    "with lambda > 0 keep sigma_eps^2/lambda; the label of the test adds sigma_eps^2",
)
_FEW = (1 - alpha) * _BOTH + sigma_eps**2 / (1 - alpha)


@claim(
    "generalization.large_gain.few_examples",
    where=[
        _ERROR,
        define(_missed, 1 - alpha, means="share of unseen directions"),
        define(_amplified, alpha / (1 - alpha), means="mean of 1/lambda over the seen ones"),
    ],
    given=[alpha < 1],
    rests_on=[
        "generalization.large_gain.mode_error",
        "generalization.large_gain.frozen",
        "generalization.large_gain.test_error",
        "generalization.large_gain.unseen",
        "generalization.large_gain.scarce",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"alpha": alpha, **_SIGMAS}, outputs={"error": _FEW}, domain=(alpha < 1,)
    ),
)
def few_examples() -> Any:
    """For alpha < 1 the end is (1 - alpha)(sigma_w^2 + sigma_w0^2) + sigma_eps^2/(1 - alpha).

    Directions that no example sees keep teacher and start; the noise is amplified by 1/lambda.
    """
    return Eq(_error, _FEW)


_MANY = alpha * sigma_eps**2 / (alpha - 1)


@claim(
    "generalization.large_gain.many_examples",
    where=[
        _ERROR,
        define(_missed, Integer(0), means="share of unseen directions"),
        define(_amplified, 1 / (alpha - 1), means="mean of 1/lambda"),
    ],
    given=[alpha > 1],
    rests_on=[
        "generalization.large_gain.mode_error",
        "generalization.large_gain.test_error",
        "generalization.large_gain.ample",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"alpha": alpha, **_SIGMAS}, outputs={"error": _MANY}, domain=(alpha > 1,)
    ),
)
def many_examples() -> Any:
    """For alpha > 1 the error ends at alpha sigma_eps^2/(alpha - 1): the start costs nothing."""
    return Eq(_error, _MANY)


_clean = Symbol("E_0", real=True)
_CLEAN = (1 - alpha) * _BOTH


@claim(
    "generalization.large_gain.noiseless",
    where=[
        define(_clean, _missed * _BOTH, means="the error at late times without noise"),
        define(_missed, 1 - alpha, means="share of unseen directions"),
    ],
    given=[alpha <= 1],
    rests_on=[
        "generalization.large_gain.mode_error",
        "generalization.large_gain.frozen",
        "generalization.large_gain.test_error",
        "generalization.large_gain.unseen",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"alpha": alpha, "sigma_w": sigma_w, "sigma_w0": sigma_w0},
        outputs={"error": _CLEAN},
        domain=(alpha <= 1,),
    ),
)
def noiseless() -> Any:
    """Without noise it is (1 - alpha)(sigma_w^2 + sigma_w0^2) up to alpha = 1, where it is 0."""
    return Eq(_clean, _CLEAN)


_end, _gain = Function("E"), Symbol("s", nonnegative=True)
_ENDS = define(_end, Lambda(_gain, _FEW.xreplace({sigma_w0: _gain})), means="error by the start")
_COST = (1 - alpha) * sigma_w0**2


@claim(
    "generalization.large_gain",
    where=[_ENDS],
    given=[alpha < 1],
    rests_on=[
        "generalization.large_gain.few_examples",
        "generalization.large_gain.many_examples",
        "generalization.large_gain.noiseless",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"alpha": alpha, **_SIGMAS},
        outputs={
            "error": Cases(
                Case("generalization.large_gain.few_examples", "error", {}, alpha < 1),
                Case("generalization.large_gain.many_examples", "error", {}, alpha > 1),
                Case("generalization.large_gain.noiseless", "error", {}, Eq(sigma_eps, 0)),
                otherwise="at alpha = 1 the noise is amplified without bound",
            )
        },
    ),
)
def large_gain() -> Any:
    """Initial weights of variance sigma_w0^2 cost (1 - alpha) sigma_w0^2 for ever where alpha < 1.

    Linear regression by gradient flow, P = alpha N examples with inputs of variance 1/N, N to
    infinity; teacher, start and noise independent.  For alpha > 1 the start is forgotten and costs
    nothing in the end, for alpha = 1 as well, though ever more slowly; the cost on the way is
    sigma_w0^2 times the mean of e^(-2 lambda t/tau).  ``error`` is the error at late times; at
    alpha = 1 it has no bound unless sigma_eps = 0.
    """
    return Eq(_end(sigma_w0) - _end(0), _COST)


@claim(
    "generalization.large_gain.heals_slogan",
    given=[alpha < 1],
    expects="refuted",
    corrected_by=["generalization.large_gain", "generalization.large_gain.few_examples"],
    source="training long enough undoes large initial weights, read for few examples as well",
    witness=Witness(
        {alpha: Rational(1, 2), sigma_w: 1, sigma_w0: 1, sigma_eps: 1}, (Rational(1, 2),)
    ),
)
def heals_slogan() -> Any:
    """Guard: with fewer examples than weights no training time undoes large initial weights.

    The sides are the errors at late times with initial weights of variance sigma_w0^2 and
    without; sigma_w^2 is that of the teacher, sigma_eps^2 of the noise, alpha the examples per
    weight.
    """
    return Eq(_FEW, _FEW.xreplace({sigma_w0: Integer(0)}), evaluate=False)


_more = Symbol("beta", positive=True)


@claim(
    "generalization.large_gain.data_slogan",
    given=[alpha < _more, _more < 1],
    expects="refuted",
    corrected_by=["generalization.large_gain.few_examples", "generalization.large_gain.noiseless"],
    source="more examples lower the error of generalization, always",
    witness=Witness(
        {alpha: Rational(1, 2), _more: Rational(9, 10), sigma_w: 1, sigma_w0: 0, sigma_eps: 1},
        (Rational(-38, 5),),
    ),
)
def data_slogan() -> Any:
    """Guard: with noise more examples raise the error as alpha nears 1, where 1/lambda has no mean.

    Learning must be stopped early, or be long over the line alpha = 1.

    The sides are the errors at late times with alpha and with more, beta, examples per weight;
    sigma_w0^2, sigma_w^2 and sigma_eps^2 are the variances of start, teacher and noise.
    """
    return Gt(_FEW, _FEW.xreplace({alpha: _more}), evaluate=False)
