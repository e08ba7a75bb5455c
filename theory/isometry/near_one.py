"""tanh near its critical gain: the asymptotic series of q*, chi and the spread of slopes.

The series diverge, for tanh has poles.  A claim states the remainder of a Taylor polynomial that is
inserted into its equation, exactly: what is of the order told is a polynomial times that power.
The polynomials are those of ``tanh_series``, whose claims tie them to tanh and bound what the
averages leave out.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Integer, Rational, Symbol

from ..claims import claim
from ..edges import Witness
from ..gaussian import gaussian_average
from .letters import L, eps, q
from .tanh_series import LENGTHS, MU1, MU2, SLOPE2, SLOPE4, SQUARE, beyond, scaled

__all__ = ["at_one", "chi_series", "isotropy", "length_series", "window"]

_SQUARE, _SLOPE2, _SLOPE4 = (scaled(taylor) for taylor in (SQUARE, SLOPE2, SLOPE4))
"""tanh^2, (tanh')^2 and (tanh')^4 at sqrt(q) z, from isometry.edge_of_chaos.tanh_series."""
_ROW = "isometry.edge_of_chaos"
_Q = eps + 4 * eps**2 / 3 - 7 * eps**3 / 9


@claim(
    "isometry.edge_of_chaos.length_series",
    rests_on=["isometry.length_map", f"{_ROW}.tanh_series.length"],
    source="q* of tanh near g = 1, without bias",
)
def length_series() -> Any:
    """q* = eps + 4/3 eps^2 - 7/9 eps^3 + O(eps^4), g = 1 + eps: g^2 E phi^2 - q* is O(eps^5) there.

    E tanh^2 = q - 2q^2 + 17/3 q^3 - 62/3 q^4 + O(q^5) by isometry.edge_of_chaos.tanh_series.length,
    asymptotic.  As V(q) - q falls at a rate of 2 eps at q*, a residual of O(eps^5) moves q* by
    O(eps^4): this last step is said, not derived.
    """
    residual = (1 + eps) ** 2 * LENGTHS.xreplace({q: _Q}) - _Q
    averaged = (1 + eps) ** 2 * gaussian_average(_SQUARE).xreplace({q: _Q}) - _Q
    return Eq(averaged, beyond(residual, eps, 5), evaluate=False)


@claim(
    "isometry.edge_of_chaos.chi_series",
    rests_on=[f"{_ROW}.length_series", f"{_ROW}.tanh_series.first"],
    source="chi of tanh near g = 1, without bias",
)
def chi_series() -> Any:
    """chi = 1 + 4/3 eps^2 - 40/9 eps^3 + O(eps^4): the first order cancels, above g = 1 only.

    So a gain slightly too large is forgiven, chi - 1 = 4/3 eps^2, and one too small is not,
    chi = g^2 = 1 - 2|eps| + eps^2.
    """
    told = 1 + Rational(4, 3) * eps**2 - Rational(40, 9) * eps**3
    rest = (1 + eps) ** 2 * MU1.xreplace({q: _Q}) - told
    averaged = (1 + eps) ** 2 * gaussian_average(_SLOPE2).xreplace({q: _Q})
    return Eq(averaged - told, beyond(rest, eps, 4), evaluate=False)


@claim(
    "isometry.edge_of_chaos.isotropy",
    rests_on=[
        f"{_ROW}.length_series",
        f"{_ROW}.tanh_series.first",
        f"{_ROW}.tanh_series.second",
    ],
    source="relative variance of squared slopes of tanh at small lengths",
)
def isotropy() -> Any:
    """mu_2/mu_1^2 = 1 + 8q^2 - 80q^3 + O(q^4), mu_k = E phi'^(2k): spread grows like q^2.

    With q* = eps + O(eps^2) the relative variance of L orthogonal layers is 8 L eps^2.
    """
    told = 1 + 8 * q**2 - 80 * q**3
    mu1, mu2 = gaussian_average(_SLOPE2), gaussian_average(_SLOPE4)
    rest = beyond(MU2 - MU1**2 * told, q, 4)
    return Eq(mu2 - mu1**2 * told, rest, evaluate=False)


@claim(
    "isometry.edge_of_chaos.at_one",
    rests_on=[f"{_ROW}.tanh_series.length"],
    source="how lengths of tanh layers vanish at the critical gain itself, without bias",
)
def at_one() -> Any:
    """At g = 1 the inverse length grows by 2 a layer: 1/V = 1/q + 2 - 5q/3 + O(q^2).

    So q_l = 1/(2l) to leading order, and with chi = 1 - 2q + O(q^2) the mean squared singular value
    of L layers decays like 1/L: at g = 1 the scale is lost, slowly, and with 8q^2 = 2/l^2 a layer
    the relative variance of orthogonal layers stays bounded.
    """
    inverse = 1 / q + 2 - 5 * q / 3
    rest = beyond((LENGTHS * inverse).expand(), q, 3)
    return Eq(gaussian_average(_SQUARE) * inverse, 1 + rest, evaluate=False)


@claim(
    "isometry.edge_of_chaos.symmetric_slogan",
    expects="refuted",
    corrected_by=["isometry.edge_of_chaos.chi_series", "isometry.length_map.shrinks"],
    source="a gain slightly below 1 read as as good as one slightly above",
    witness=Witness({eps: Rational(1, 10)}, (Rational(19, 100) - Rational(4, 300),)),
)
def symmetric_slogan() -> Any:
    """Guard: |chi - 1| is 2 eps - eps^2 at g = 1 - eps, and 4/3 eps^2 to leading order at 1 + eps.

    Below 1 all lengths vanish and chi = g^2: the window is eps << 1/L there, 1/sqrt L above.

    The left side is 1 - chi at g = 1 - eps, the right side chi - 1 at g = 1 + eps.
    """
    return Eq(1 - (1 - eps) ** 2, 4 * eps**2 / 3, evaluate=False)


delta = Symbol("delta", positive=True)


@claim(
    "isometry.edge_of_chaos.window",
    rests_on=["isometry.edge_of_chaos.isotropy"],
    source="how close to 1 the gain must be for L orthogonal tanh layers to be near an isometry",
)
def window() -> Any:
    """8 L eps^2 < delta exactly for eps^2 < delta/(8L): concentration needs eps << (8L)^(-1/2).

    8 L eps^2 is the relative variance of the squared singular values of L layers to leading order
    (isometry.spectrum.variance); at L = 30 the scale is 0.0645.
    """
    return Equivalent(8 * L * eps**2 < delta, eps**2 < delta / (8 * L), evaluate=False)


@claim(
    "isometry.edge_of_chaos.window_slogan",
    expects="refuted",
    corrected_by=["isometry.edge_of_chaos.window"],
    source="concentrated around 1, read for the gain and depth of the published table",
    witness=Witness({eps: Rational(1, 10), L: Integer(30), delta: Integer(1)}, (-Rational(7, 5),)),
)
def window_slogan() -> Any:
    """Guard: at g = 1.1 and 30 layers the relative variance is not small: 8 L eps^2 = 2.4 > 1.

    delta is the relative variance that would be allowed.
    """
    return 8 * L * eps**2 < delta
