"""The norm of a vector behind D layers of Gaussian weights N(0, 1/N): exact at every width.

What is a premise here: weights are independent Gaussian numbers, so that an output of a layer is a
Gaussian number of variance v = |h|^2/N for an input h, one independent of the other, whatever the
direction of h.  What is cited: Euler's integrals, that the densities u^(a - 1) e^-u/Gamma(a) and
u^(a - 1) (1 - u)^(b - 1) Gamma(a + b)/(Gamma(a) Gamma(b)) have the mass 1.  All else is derived.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    EulerGamma,
    Function,
    Integer,
    Lambda,
    Le,
    Rational,
    Subs,
    Symbol,
    exp,
    gamma,
    log,
    pi,
    polygamma,
    sqrt,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Crosses, Derivation, Evident, Extreme, Follows, SameSign, Step
from ..edges import Witness
from ..outputs import Case, Cases
from .letters import NORM_MOMENT, SOURCE, SQUARED_NORM, D, M, N, count, p

__all__ = ["gaussian_norm", "log_mean", "root_mean"]

_y, _v, _u, _r, _x, _z = (Symbol(name, positive=True) for name in ("y", "v", "u", "r", "x", "z"))
_n, _k = count("n"), count("k")
_density = Function("G")
_GAUSSIAN = define(
    _density,
    Lambda(_y, exp(-(_y**2) / (2 * _v)) / sqrt(2 * pi * _v)),
    means="Gaussian density of variance v",
)


@claim("products.gaussian_norm.parts", where=[_GAUSSIAN], source=SOURCE)
def parts() -> Any:
    """For a Gaussian y of variance v the mean of y^(k + 1) is k v times that of y^(k - 1), k >= 1.

    The derivative of y^k G(y) is k y^(k - 1) G - y^(k + 1) G/v: integrated over y > 0, where y^k G
    vanishes at both ends, it is 0; even powers have the same share from y < 0.
    """
    moved = Derivative(_y**_k * _density(_y), _y)
    return Eq(moved, _k * _y ** (_k - 1) * _density(_y) - _y ** (_k + 1) * _density(_y) / _v)


_second, _fourth, _squared = (Symbol(name, positive=True) for name in ("m_2", "m_4", "S"))


@claim(
    "products.gaussian_norm.layer",
    where=[
        define(_second, _v, means="E y^2 = v, k = 1"),
        define(_fourth, 3 * _v * _second, means="E y^4 = 3 v E y^2, k = 3"),
        define(
            _squared,
            _n * _fourth + _n * (_n - 1) * _second**2,
            means="mean square of |y|^2: n outputs with themselves, n(n - 1) pairs of others",
        ),
    ],
    rests_on=["products.gaussian_norm.parts"],
    source=SOURCE,
)
def layer() -> Any:
    """The squared norm of n independent Gaussian numbers has the mean square n(n + 2) v^2."""
    return Eq(_squared, _n * (_n + 2) * _v**2)


_q2, _q4 = Symbol("q_2", positive=True), Symbol("q_4", positive=True)
_excess, _output = Symbol("kappa", real=True), Symbol("y_4", real=True)


@claim(
    "products.gaussian_norm.other_entries",
    where=[
        define(
            _output,
            (3 + _excess) * _q4 + 3 * (_q2**2 - _q4),
            means="E y^4 of y = sum_j w_j x_j, in units of (E w^2)^2: E w^4 = 3 + kappa, and each "
            "pair of different j has three pairings; q_2 = sum x_j^2, q_4 = sum x_j^4",
        )
    ],
    source=SOURCE,
)
def other_entries() -> Any:
    """Independent weights with E w^4 = (3 + kappa)(E w^2)^2 add n kappa q_4 to the mean square.

    The mean of the norm needs the variance of the weights alone; its fluctuation is that of
    Gaussian weights only where kappa = 0, or spread over inputs, q_4 << q_2^2.
    """
    return Eq(_n * _output + _n * (_n - 1) * _q2**2, _n * (_n + 2) * _q2**2 + _n * _excess * _q4)


@claim(
    "products.gaussian_norm.entries_slogan",
    expects="refuted",
    corrected_by=["products.gaussian_norm.other_entries", "products.gaussian_norm.layer"],
    source="the law of the norm, read for any weights of the same variance",
    witness=Witness({_n: 1, _q2: 1, _q4: 1, _excess: -2}, (Integer(-2),)),
)
def entries_slogan() -> Any:
    """Guard: weights +-1 (kappa = -2) keep the norm of a single active input exactly.

    The mean square there is n^2, not n(n + 2): Gaussian weights are needed for the exact law.

    The sides are the mean square of |y|^2 for n outputs y = W x in units of the squared
    variance; q_2 and q_4 are the sums of x_j^2 and of x_j^4, kappa is the excess of the fourth
    moment.
    """
    output = 3 * _q2**2 + _excess * _q4
    return Eq(_n * output + _n * (_n - 1) * _q2**2, _n * (_n + 2) * _q2**2, evaluate=False)


@claim("products.gaussian_norm.square", where=[_GAUSSIAN, SQUARED_NORM], source=SOURCE)
def square() -> Any:
    """The square of one Gaussian number has the density p(1, r) = G(sqrt r)/sqrt r."""
    return Eq(_density(sqrt(_r)) / sqrt(_r), p(1, _r, _v))


_share = Symbol("u", positive=True)


@claim(
    "products.gaussian_norm.adding",
    where=[SQUARED_NORM],
    given=[_share < 1],
    rests_on=["products.gaussian_norm.square"],
    source=SOURCE,
)
def adding() -> Any:
    """One more square turns the density p(n, r) into p(n + 1, r), for every n.

    The squares add to r with the share u of the new one: the convolution of p(n) and p(1) is
    p(n + 1, r) times the integral of a Beta density over u, which is 1 (Euler).
    """
    beta = (1 - _share) ** (_n / Integer(2) - 1) * _share ** Rational(-1, 2)
    beta *= gamma((_n + 1) / Integer(2)) / (gamma(_n / Integer(2)) * sqrt(pi))
    both = p(_n, _r * (1 - _share), _v) * p(1, _r * _share, _v) * _r
    return Eq(both, p(_n + 1, _r, _v) * beta)


@claim(
    "products.gaussian_norm.power",
    where=[SQUARED_NORM],
    rests_on=["products.gaussian_norm.adding"],
    source=SOURCE,
)
def power() -> Any:
    """E r^z = (2v)^z Gamma(N/2 + z)/Gamma(N/2) for the sum r of N squares, for every z > -N/2.

    With r = 2vu the integrand is that number times the density u^(N/2 + z - 1) e^-u/Gamma(N/2 + z),
    whose mass is 1 (Euler).  With v = 1/N it is one layer of width N.
    """
    weight = _u ** (N / 2 + _z - 1) * exp(-_u) / gamma(N / 2 + _z)
    moment = (2 * _v) ** _z * gamma(N / 2 + _z) / gamma(N / 2)
    return Eq((2 * _v * _u) ** _z * p(N, 2 * _v * _u, _v) * 2 * _v, moment * weight)


_LAWS = ["products.gaussian_norm.power"]


_FIRST = (2 / N * gamma(N / 2 + 1) / gamma(N / 2)) ** D


@claim(
    "products.gaussian_norm.mean",
    rests_on=_LAWS,
    source=SOURCE,
    evaluation=Evaluation(inputs={"N": N, "D": D}, outputs={"mean": Integer(1)}),
)
def mean() -> Any:
    """The squared norm is preserved in the mean, at every width and depth."""
    return Eq(_FIRST, 1, evaluate=False)


_RATE = polygamma(0, N / 2) + log(2 / N)
_order = Symbol("zeta", real=True)


@claim(
    "products.gaussian_norm.log_mean",
    where=[NORM_MOMENT],
    rests_on=_LAWS,
    source=SOURCE,
    evaluation=Evaluation(inputs={"N": N, "D": D}, outputs={"log_mean": D * _RATE}),
)
def log_mean() -> Any:
    """E ln R = D (psi(N/2) + ln(2/N)), the derivative of E R^z at z = 0."""
    return Eq(Subs(Derivative(M(_order), _order), _order, 0), D * _RATE)


_ROOT = (sqrt(2 / N) * gamma((N + 1) / 2) / gamma(N / 2)) ** D


@claim(
    "products.gaussian_norm.root_mean",
    where=[NORM_MOMENT],
    rests_on=_LAWS,
    source=SOURCE,
    evaluation=Evaluation(inputs={"N": N, "D": D}, outputs={"norm": _ROOT}),
)
def root_mean() -> Any:
    """The mean of the norm itself, not squared: the factor of one layer to the power D."""
    return Eq(M(Rational(1, 2)), _ROOT)


_FLUCTUATION = (1 + 2 / N) ** D - 1


@claim(
    "products.gaussian_norm",
    where=[NORM_MOMENT],
    rests_on=[
        "products.gaussian_norm.layer",
        "products.gaussian_norm.power",
        "products.gaussian_norm.mean",
        "products.gaussian_norm.log_mean",
        "products.gaussian_norm.widths",
    ],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"N": N, "D": D},
        outputs={
            "mean": Cases(Case("products.gaussian_norm.mean", "mean", {})),
            "variance": _FLUCTUATION,
            "log_mean": Cases(Case("products.gaussian_norm.log_mean", "log_mean", {})),
        },
    ),
)
def gaussian_norm() -> Any:
    """R = |W_D ... W_1 x|^2/|x|^2 has the mean 1 and the variance (1 + 2/N)^D - 1.

    R is a product of D independent sums of N squares of Gaussian numbers of variance 1/N, for any
    x that is not 0.  What decides is D/N: the variance grows as e^(2D/N) - 1, the typical R falls
    as e^(-D/N).  Layers of different widths: ``products.gaussian_norm.widths``.
    """
    return Eq(M(2) - M(1) ** 2, _FLUCTUATION, evaluate=False)


_ABOVE = Le(log(_r), _r - 1)


def _typical() -> Derivation:
    excess, distance = Derivative(log(_r) - _r, _r), Derivative(_r - 1, _r)
    return Derivation(
        (
            Step("the derivative of r - 1", Eq(distance, 1), Follows()),
            Step("is positive", distance > 0, Evident()),
            Step("r - 1 vanishes at 1", Eq(Integer(0), 0, evaluate=False), Follows()),
            Step(
                "so it is positive above 1 alone",
                Equivalent(_r - 1 > 0, _r > 1, evaluate=False),
                Crosses(_r, Integer(1)),
            ),
            Step(
                "the derivative of ln r - r is -(r - 1)/r",
                Equivalent(excess < 0, _r > 1, evaluate=False),
                SameSign(1 / _r),
            ),
            Step("so that ln r - r is largest at 1", _ABOVE, Extreme(_r, Integer(1))),
        )
    )


@claim(
    "products.gaussian_norm.typical",
    rests_on=["products.gaussian_norm.mean", "products.gaussian_norm.log_mean"],
    derivation=_typical,
    source="Jensen's inequality for the logarithm of the norm",
)
def typical() -> Any:
    """ln r <= r - 1, so that E ln R < 0 where E R = 1: what is kept in the mean is typically lost.

    Averaged over R it says E ln R <= E R - 1 = 0; equality would need R = 1 with certainty, and
    the variance of R is positive.  So psi(N/2) < ln(N/2) at every width.
    """
    return _ABOVE


@claim(
    "products.gaussian_norm.typical_slogan",
    expects="refuted",
    corrected_by=["products.gaussian_norm.log_mean", "products.gaussian_norm.typical"],
    source="preserves the norm on average, read as: the typical norm stays",
    witness=Witness({N: 2, D: 1}, (-EulerGamma,)),
)
def typical_slogan() -> Any:
    """Guard: the typical norm is not preserved: at width 2 the mean logarithm is -0.577 a layer.

    The left side is the mean logarithm of |W_D ... W_1 x|^2/|x|^2 in layers of N units.
    """
    return Eq(D * _RATE, 0, evaluate=False)
