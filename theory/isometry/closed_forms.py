"""Nonlinearities whose length map is known in closed form: the error function and ReLU."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Derivative, Eq, Integer, Symbol, atan, erf, exp, pi, sign, sqrt

from ..claims import claim
from ..derivations import ByParts, Combines, Derivation, Integrated, Premise, Step
from ..edges import Limit, Witness
from ..gaussian import gaussian_average, z
from .letters import half, q

__all__ = ["erf_length", "erf_slopes", "relu", "relu_norm_slogan"]

a, c = (Symbol(name, nonnegative=True) for name in ("a", "c"))
_BELL = exp(-a * z**2 / 2)
_MEAN = gaussian_average(_BELL)
_SLOPES = Eq(_MEAN, 1 / sqrt(1 + a), evaluate=False)


def _slopes() -> Derivation:
    kept = Derivative(_MEAN * sqrt(1 + a), a, evaluate=False)
    return Derivation(
        (
            Step(
                "by parts with H = z exp(-a z^2/2)",
                Eq(_MEAN, (1 + a) * gaussian_average(z**2 * _BELL), evaluate=False),
                ByParts(z * _BELL, z),
            ),
            Step(
                "so sqrt(1 + a) times the average does not depend on a",
                Eq(kept, 0, evaluate=False),
                Combines({1: 1 / (2 * sqrt(1 + a))}),
            ),
            Step(
                "it is 1 at a = 0",
                Eq(_MEAN * sqrt(1 + a), 1, evaluate=False),
                Integrated(a, 0),
            ),
            Step("divide", _SLOPES, Combines({3: 1 / sqrt(1 + a)})),
        )
    )


@claim(
    "isometry.length_map.erf_slopes",
    derivation=_slopes,
    source="moments of the slopes of phi(x) = erf(sqrt(pi) x/2), in closed form",
    limits=[Limit(a, Integer(0), Integer(1), "small lengths: a slope of 1")],
)
def erf_slopes() -> Any:
    """E exp(-a z^2/2) = (1 + a)^(-1/2), a >= 0.

    For phi(x) = erf(sqrt(pi) x/2) the slope is exp(-pi x^2/4), so that at a = k pi q this is
    mu_k = E phi'^(2k) = (1 + k pi q)^(-1/2).
    """
    return _SLOPES


_ERF = erf(c * z)
_ARC = 2 / pi * atan(2 * c**2 / sqrt(1 + 4 * c**2))
_SQUARE = gaussian_average(_ERF**2)
_LENGTH = Eq(_SQUARE, _ARC, evaluate=False)


def _length() -> Derivation:
    bell = gaussian_average(exp(-2 * c**2 * z**2))
    product = _ERF * exp(-(c**2) * z**2)
    change = Derivative(_SQUARE - _ARC, c, evaluate=False)
    weight = 1 + 2 * c**2
    return Derivation(
        (
            Step(
                "the moments of the slopes",
                Eq(bell, 1 / sqrt(1 + 4 * c**2), evaluate=False),
                Premise("isometry.length_map.erf_slopes", {a: 4 * c**2}),
            ),
            Step(
                "by parts with H = erf(cz) exp(-c^2 z^2)",
                Eq(weight * gaussian_average(z * product), 2 * c / sqrt(pi) * bell, evaluate=False),
                ByParts(product, z, -1),
            ),
            Step(
                "both sides have one derivative in c",
                Eq(change, 0, evaluate=False),
                Combines({2: 4 / (sqrt(pi) * weight), 1: 8 * c / (pi * weight)}),
            ),
            Step("and vanish at c = 0", Eq(_SQUARE - _ARC, 0, evaluate=False), Integrated(c, 0)),
            Step("so they agree", _LENGTH, Combines({4: 1})),
        )
    )


@claim(
    "isometry.length_map.erf",
    rests_on=["isometry.length_map.erf_slopes"],
    derivation=_length,
    source="Williams: the arcsine kernel of the error function",
)
def erf_length() -> Any:
    """E erf(cz)^2 = (2/pi) arctan(2c^2/sqrt(1 + 4c^2)) = (2/pi) arcsin(u/(1 + u)), u = 2c^2.

    For phi(x) = erf(sqrt(pi) x/2) and x = sqrt(q) z it is u = pi q/2.
    """
    return _LENGTH


_X = sqrt(q) * z
_RELU = (_X + Abs(_X)) / 2
_ACTIVE = (1 + sign(z)) / 2


@claim(
    "isometry.length_map.relu",
    source="He et al.: the length map of rectified linear units",
)
def relu() -> Any:
    """E phi^2 = q E phi'^2 for phi(x) = max(x, 0) at every length q: both halves of those of x.

    So without bias chi = V(q)/q = g^2/2: every length is kept, and chi = 1, at g^2 = 2 alone.
    phi(0) = 0 and phi/x is constant on each side: the case of equality in
    isometry.edge_of_chaos.theorem that is not linear.  phi' is 0 or 1, its own square.
    """
    return Eq(gaussian_average(_RELU**2), q * gaussian_average(_ACTIVE), evaluate=False)


@claim(
    "isometry.length_map.relu_slogan",
    expects="refuted",
    corrected_by=["isometry.length_map.relu"],
    source="the critical variance 1/N of tanh networks used for rectified linear units",
    witness=Witness({q: Integer(1)}, (-half,)),
)
def relu_norm_slogan() -> Any:
    """Guard: at g = 1 a layer of rectified linear units halves the length, it does not keep it.

    The left side is the mean square behind the layer, q that before it.
    """
    return Eq(gaussian_average(_RELU**2), q, evaluate=False)
