"""The published 30-layer tanh experiment: what its numbers can say, and what theory orders.

The errors are empirical: cited, not derived.  What is exact here is their statistics, at 10^4 test
images and one run each, and the moments of the Jacobian at the depth of the table.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Rational, Sum, Symbol

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Step
from ..edges import Witness
from ..levels import Levels
from .lengths import FIXED, JACOBIAN
from .letters import L, g, q, sigma_b

__all__ = ["baseline_slogan", "gain_one_slogan", "ordering", "table"]

e1, e2 = (Symbol(name, positive=True) for name in ("e1", "e2"))
"""Two error rates, each measured on n images."""
n = Symbol("n", integer=True, positive=True)
z2 = Symbol("z2", real=True)
"""The square of the z-score of their difference."""
_e, _i = Symbol("e", positive=True), Symbol("i", integer=True)
_v = Function("v")
_SCORE = define(
    z2,
    (e1 - e2) ** 2 * n / (e1 * (1 - e1) + e2 * (1 - e2)),
    means="squared z-score of two error rates on n images each",
)
_IMAGE = define(
    _v,
    Lambda(_e, _e * (1 - _e) ** 2 + (1 - _e) * (0 - _e) ** 2),
    means="variance of one image: wrong, 1, with probability e, and right, 0, with 1 - e",
)
GAUSSIAN_1, GAUSSIAN_11 = Rational(34, 1000), Rational(30, 1000)
ORTHOGONAL_1, ORTHOGONAL_11 = Rational(35, 1000), Rational(21, 1000)
"""Published test errors at epoch 1500: Gaussian and orthogonal weights, g = 1 and 1.1."""
IMAGES = Integer(10_000)


_COUNTS = Eq(z2 * Sum(_v(e1) + _v(e2), (_i, 1, n)), Sum(e1 - e2, (_i, 1, n)) ** 2, evaluate=False)


@claim(
    "isometry.table",
    where=[_SCORE, _IMAGE],
    given=[e1 < 1, e2 < 1],
    levels=Levels(n, (), ()),
    derivation=Derivation((Step("n equal images, one mean and one variance each", _COUNTS),)),
    source="the binomial error of a measured error rate; errors published by the talk",
)
def table() -> Any:
    """z^2 is the squared difference of the two counts of errors over its variance.

    Mean and variance add up over n images, and over the two networks, taken as independent: as
    both see the same images, their counts go together, and z is rather too small.  z^2 is linear
    in n, empirical in e.  Cited test errors of 30 layers of 500 units (tanh) on 10^4 images:
    Gaussian 3.4 % (g = 1) and 3.0 % (1.1), orthogonal 3.5 % and 2.1 %.  z = 4.04 for orthogonal
    against Gaussian at g = 1.1, 6.01 for g = 1.1 against 1 in orthogonal nets, 1.61 in Gaussian
    ones, 0.39 between both at g = 1.  One run each: the spread over seeds is not in it.  Nothing
    here derives the errors.
    """
    return _COUNTS


_AT = {e1: ORTHOGONAL_1, e2: GAUSSIAN_1, n: IMAGES}


@claim(
    "isometry.table.gain_one_slogan",
    expects="refuted",
    corrected_by=["isometry.table"],
    source="orthogonal and Gaussian starts at g = 1, read as different",
    witness=Witness(
        _AT,
        (
            (ORTHOGONAL_1 - GAUSSIAN_1) ** 2 * IMAGES
            - 4 * (ORTHOGONAL_1 * (1 - ORTHOGONAL_1) + GAUSSIAN_1 * (1 - GAUSSIAN_1)),
        ),
    ),
)
def gain_one_slogan() -> Any:
    """Guard: the two errors at g = 1 differ by less than two standard errors: z^2 = 0.15.

    e1 and e2 are the error rates on n images.
    """
    return (e1 - e2) ** 2 * n > 4 * (e1 * (1 - e1) + e2 * (1 - e2))


gaussian, orthogonal = (Symbol(name, positive=True) for name in ("e_gaussian", "e_orthogonal"))


@claim(
    "isometry.table.baseline_slogan",
    where=[
        define(gaussian, GAUSSIAN_11, means="test error, Gaussian weights, g = 1.1"),
        define(orthogonal, ORTHOGONAL_11, means="test error, orthogonal weights, g = 1.1"),
    ],
    expects="refuted",
    corrected_by=["isometry.table"],
    source="dynamical isometry reduces the test error by 1.4 points, read at one gain",
    witness=Witness({}, (Rational(-5, 1000),)),
)
def baseline_slogan() -> Any:
    """Guard: 1.4 points are against orthogonal g = 1; at the gain 1.1 orthogonality gives 0.9."""
    return Eq(gaussian - orthogonal, Rational(14, 1000), evaluate=False)


spread = Symbol("spread", positive=True)
"""mu_2/mu_1^2 - 1, the relative variance of the squared slopes of one layer."""
_OF_GAUSSIAN, _OF_ORTHOGONAL = (
    Symbol(name, positive=True) for name in ("variance_gaussian", "variance_orthogonal")
)


@claim(
    "isometry.table.ordering",
    where=[
        define(_OF_GAUSSIAN, L * (spread + 1), means="relative variance, Gaussian weights"),
        define(_OF_ORTHOGONAL, L * spread, means="relative variance, orthogonal weights"),
    ],
    rests_on=["isometry.spectrum.variance", "isometry.length_map"],
    evaluation=Evaluation(
        inputs={"g": g, "sigma_b": sigma_b, "L": L},
        outputs={str(told.symbol): told.body for told in JACOBIAN},
        derived={q: FIXED},
        certified_by="isometry.length_map.fixed_point",
    ),
    source="mean and relative variance of squared singular values at the table's gains and depth",
)
def ordering() -> Any:
    """At one gain both ensembles have the mean chi^L; the relative variances differ by L exactly.

    Gaussian L(v + 1), orthogonal L v with v = mu_2/mu_1^2 - 1: at q*, L = 30 and g = 1.1 the mean
    is 1.355, and 31.4 against 1.42, as ``evaluate`` tells.  At g = 1 both means vanish like 1/L, so
    that orthogonality cannot help there; at 1.1 it can: the order of the published errors.
    """
    return Eq(_OF_GAUSSIAN / L, _OF_ORTHOGONAL / L + 1, evaluate=False)
