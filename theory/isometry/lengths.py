"""The length map of a random deep network, its fixed point and the gain of small differences."""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Integer,
    Lambda,
    Max,
    Min,
    Symbol,
    sqrt,
    tanh,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import ByParts, Combines, Derivation, Follows, Step
from ..edges import Limit, Witness
from ..gaussian import gaussian_average, z
from ..outputs import Root
from .letters import CHI, LENGTH, TANH, L, chi, g, q, sigma_b

__all__ = [
    "FIXED",
    "JACOBIAN",
    "bounded_by_gain",
    "fixed_point",
    "length_map",
    "shrinks",
    "stable_slogan",
]

V = Function("V")
_MAP = define(V, Lambda(q, LENGTH), means="mean square of the next pre-activations (tanh)")
_CHI = define(chi, CHI, means="mean squared singular value of one layer, at length q")
_FOURTH = gaussian_average((1 - TANH**2) ** 4) / gaussian_average((1 - TANH**2) ** 2) ** 2
mean, variance_orthogonal, variance_gaussian = (
    Symbol(name, real=True) for name in ("mean", "variance_orthogonal", "variance_gaussian")
)
JACOBIAN = (
    define(mean, CHI**L, means="mean squared singular value of L layers at length q"),
    define(variance_orthogonal, L * (_FOURTH - 1), means="its relative variance, orthogonal"),
    define(variance_gaussian, L * _FOURTH, means="its relative variance, Gaussian weights"),
)
"""Moments of the Jacobian of tanh layers at their fixed length (isometry.spectrum.variance)."""
_SLOPE = Derivative(V(q), q, evaluate=False)
_CURVED = gaussian_average(TANH**2 * (1 - TANH**2))
_STATED = Eq(_SLOPE, chi - 2 * g**2 * _CURVED, evaluate=False)


def _slope() -> Derivation:
    product = TANH * (1 - TANH**2)
    return Derivation(
        (
            Step(
                "differentiate under the average",
                Eq(_SLOPE, g**2 / sqrt(q) * gaussian_average(z * product), evaluate=False),
                Follows(),
            ),
            Step(
                "integrate by parts: E z f(z) = E f'(z), and (phi phi')' = phi'^2 + phi phi''",
                _STATED,
                ByParts(product, z, -(g**2) / sqrt(q)),
            ),
        )
    )


_GAIN_SQUARED = (q - sigma_b**2) / gaussian_average(TANH**2)
_FIXED = Equivalent(V(q) > q, g**2 > _GAIN_SQUARED, evaluate=False)
_LOW = Max(sigma_b**2, (1 - 1 / g**2) / 2, g**2 - 2 * g + sigma_b**2)
"""At these lengths grow: tanh^2 x > x^2 - 2x^4/3; E(1 - tanh^2(sqrt(q) z)) < sqrt(2/(pi q))."""
_EXCESS = g**2 - 1 + 2 * sigma_b**2 / 3
_CONCAVE = 3 * (_EXCESS + sqrt(_EXCESS**2 + 8 * sigma_b**2 / 3)) / 4
_HIGH = Min(_CONCAVE, g**2 + sigma_b**2)
"""Above, lengths shrink: tanh^2 x < 1, and < x^2/(1 + 2x^2/3), a concave function of x^2."""
_SHRINKS = "isometry.length_map.shrinks"
FIXED = Root(q, LENGTH - q, _LOW, _HIGH, (g <= 1, Eq(sigma_b, 0)), Integer(0), _SHRINKS)


@claim(
    "isometry.length_map",
    where=[_MAP, _CHI],
    rests_on=["isometry.length_map.layer", _SHRINKS],
    derivation=_slope,
    source="Poole et al., Schoenholz et al.: mean-field theory of signal propagation",
    evaluation=Evaluation(
        inputs={"g": g, "sigma_b": sigma_b},
        outputs={"q_star": q, "chi": CHI},
        derived={q: FIXED},
        certified_by="isometry.length_map.fixed_point",
    ),
)
def length_map() -> Any:
    """V'(q) = chi(q) - 2 g^2 E[phi^2 phi'], for phi = tanh: lengths settle before angles do.

    V(q) = g^2 E tanh^2(sqrt(q) z) + sigma_b^2 maps the length of one layer to that of the next;
    q* = V(q*); chi = g^2 E phi'^2 is the mean squared singular value of a layer, chi^L that of L
    layers (isometry.length_map.depth).  The number of units goes to infinity before the depth.
    ``evaluate`` certifies q* as the only fixed point between two bounds, outside which there is
    none but 0, from x^2 - 2x^4/3 < tanh^2 x < x^2/(1 + 2x^2/3); for sigma_b = 0 and g <= 1 it is
    q* = 0, and chi the limit g^2.
    """
    return _STATED


@claim(
    "isometry.length_map.fixed_point",
    where=[_MAP, _CHI, *JACOBIAN],
    rests_on=["isometry.length_map.layer", _SHRINKS],
    source="fixed points of the length map",
)
def fixed_point() -> Any:
    """The length grows exactly where g^2 > (q - sigma_b^2)/E phi^2, the gain that keeps q fixed.

    Stated of tanh; it holds of any phi that is not zero.
    """
    return _FIXED


_DIFFERENCE = Derivative(q - gaussian_average(TANH**2), q, evaluate=False)
_RISING = Eq(
    _DIFFERENCE,
    gaussian_average(TANH**2 + 3 * TANH**2 * (1 - TANH**2)),
    evaluate=False,
)


@claim(
    "isometry.length_map.bounded_by_gain",
    rests_on=["isometry.length_map"],
    derivation=Derivation(
        (
            Step(
                "by parts, and (1 - T^2)(1 - 3T^2) = 1 - T^2 - 3T^2(1 - T^2)",
                _RISING,
                ByParts(TANH * (1 - TANH**2), z, 1 / sqrt(q)),
            ),
        )
    ),
    source="why lengths shrink to zero up to the gain 1 without bias",
)
def bounded_by_gain() -> Any:
    """q - E tanh^2(sqrt(q) z) grows at the rate E[phi^2 + 3 phi^2 phi'] > 0, from 0 at q = 0.

    So V(q) < g^2 q without bias: for g <= 1 no length but 0 is fixed, and every length shrinks.
    """
    return _RISING


_SQUARES, _SLOPES = gaussian_average(TANH**2), gaussian_average((1 - TANH**2) ** 2)
_BEND = gaussian_average((1 - TANH**2 - TANH / (sqrt(q) * z)) ** 2)
_LOST = Eq(
    q * (1 - g) * (1 + g) + g**2 * q * (_SQUARES + _CURVED + _BEND),
    q - g**2 * _SQUARES,
    evaluate=False,
)


def _shrinks() -> Derivation:
    return Derivation(
        (
            Step(
                "by parts with H = phi^2/x, smooth because phi(0) = 0 (x = sqrt(q) z)",
                Eq(_SLOPES - _SQUARES / q, _BEND, evaluate=False),
                ByParts(TANH**2 / (q * z), z),
            ),
            Step(
                "phi'^2 = 1 - phi^2 - phi^2 phi'",
                Eq(_SLOPES, 1 - _SQUARES - _CURVED, evaluate=False),
                Follows(),
            ),
            Step("so that a length loses", _LOST, Combines({1: -(g**2) * q, 2: g**2 * q})),
        )
    )


@claim(
    _SHRINKS,
    rests_on=["isometry.length_map.layer"],
    derivation=_shrinks,
    source="why no length but 0 is fixed up to the gain 1 without bias",
    limits=[Limit(q, 0, 0, means="the length 0 is fixed")],
)
def shrinks() -> Any:
    """Without bias q - V(q) = q (1 - g^2) + g^2 q E[phi^2 + phi^2 phi' + (phi' - phi/x)^2].

    Each term is positive for g < 1, and for g = 1 the last: up to g = 1 every length shrinks, and
    none but 0 is fixed.  x = sqrt(q) z.
    """
    return _LOST


@claim(
    "isometry.length_map.stable_slogan",
    where=[_MAP],
    expects="refuted",
    corrected_by=["isometry.length_map"],
    source="chi read as the slope of the length map",
    witness=Witness(
        {g: Integer(1), q: Integer(1)},
        (
            gaussian_average(z * tanh(z) * (1 - tanh(z) ** 2))
            - gaussian_average((1 - tanh(z) ** 2) ** 2),
        ),
    ),
)
def stable_slogan() -> Any:
    """Guard: chi is the gain of small differences, not the slope of the length map."""
    return Eq(_SLOPE, CHI, evaluate=False)
