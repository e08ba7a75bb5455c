"""Mean-field theory of random deep networks: lengths, chi, the critical line, Jacobians.

A layer h = W phi(h') + b with W of variance gain^2/N and b of variance bias^2 maps the length q,
the mean square of h', to V(q) = gain^2 E phi(sqrt(q) z)^2 + bias^2 in the limit of many units.
Every value is a ball that contains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from .layer_averages import layer_mean
from .nonlinearities import compile_activation
from .precision import (
    Rational,
    as_fraction,
    checked_digits,
    checked_integer,
    exact_ball,
    working_precision,
)
from .programs import Program
from .quadrature import QuadratureFailed

__all__ = [
    "CriticalPoint",
    "JacobianMoments",
    "activation",
    "critical_point",
    "jacobian_moments",
    "length_map",
    "slope_moment",
    "squares",
    "susceptibility",
]


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """Variances of weights and biases at which q is fixed and chi = 1.

    A negative variance of the biases says that there is no such network.
    """

    sigma_w2: flint.arb
    sigma_b2: flint.arb


def activation(nonlinearity: Any) -> Program:
    """phi, phi' and, where phi is smooth, phi'' as functions of x.

    Parameters
    ----------
    nonlinearity : str or SymPy expression of one symbol or Program
        "tanh", "erf" (erf(sqrt(pi) x/2)), "relu", "hard_tanh", an expression, or what was returned.

    Raises
    ------
    ValueError
        For an unknown name, an expression of other than one symbol, or a function without a number.
    """
    if isinstance(nonlinearity, Program):
        return nonlinearity
    return compile_activation(nonlinearity)


def length_map(
    nonlinearity: Any, gain: Rational, bias: Rational, q: Rational | flint.arb, digits: int = 15
) -> flint.arb:
    """V(q), of radius at most 10^-digits max(1, V); for a ball q, all values there.

    Raises
    ------
    ValueError, TypeError
        For a gain, a bias or a length that is negative or no exact rational.
    NotBoundedError, QuadratureFailed
        As ``gaussian_average``: phi cannot be averaged.

    Examples
    --------
    >>> print(length_map("relu", 2, 0, 3, digits=15).str(8, radius=False))
    6.0000000
    """
    phi, (g2, b2) = activation(nonlinearity), squares(gain, bias)
    with working_precision(_bits(digits)):
        mean = layer_mean(phi, (0, 0), _length(q), digits + _extra(g2))
        return exact_ball(g2) * mean + exact_ball(b2)


def susceptibility(
    nonlinearity: Any, gain: Rational, q: Rational | flint.arb, digits: int = 15
) -> flint.arb:
    """chi = gain^2 E phi'(sqrt(q) z)^2: growth of small differences, and of squared gradients.

    Raises as ``length_map``.
    """
    g2, _ = squares(gain, 0)
    with working_precision(_bits(digits)):
        mean = layer_mean(activation(nonlinearity), (1, 1), _length(q), digits + _extra(g2))
        return exact_ball(g2) * mean


def slope_moment(nonlinearity: Any, k: int, q: Rational | flint.arb, digits: int = 15) -> flint.arb:
    """mu_k = E phi'(sqrt(q) z)^(2k), k from 1.  Raises as ``length_map``."""
    k = checked_integer(k, "k")
    with working_precision(_bits(digits)):
        return layer_mean(activation(nonlinearity), (1,) * (2 * k), _length(q), digits)


def critical_point(nonlinearity: Any, q: Rational | flint.arb, digits: int = 15) -> CriticalPoint:
    """The point of the critical line whose length is q > 0.

    sigma_w^2 = 1/E phi'^2 and sigma_b^2 = q - sigma_w^2 E phi^2.  Raises as ``length_map``, and
    ``ValueError`` where no slope is shown to differ from zero.
    """
    phi = activation(nonlinearity)
    with working_precision(_bits(digits)):
        length = _length(q)
        slopes = layer_mean(phi, (1, 1), length, digits)
        if not slopes > 0:
            raise ValueError(f"q: at {q} no slope of phi differs from 0: give another length")
        finer = digits + _extra(1 / slopes.lower() ** 2)
        slopes, squares = (layer_mean(phi, pair, length, finer) for pair in ((1, 1), (0, 0)))
        return CriticalPoint(1 / slopes, length - squares / slopes)


@dataclass(frozen=True, slots=True)
class JacobianMoments:
    """Squared singular values of the Jacobian of many layers, in the limit of many units.

    ``lengths``: of the layers whose slopes stand in it, first to last.  ``mean``, and the relative
    variances for ``orthogonal`` and for ``gaussian`` weights.
    """

    lengths: tuple[flint.arb, ...]
    mean: flint.arb
    orthogonal: flint.arb
    gaussian: flint.arb


def jacobian_moments(
    nonlinearity: Any,
    gain: Rational,
    bias: Rational,
    q: Rational | flint.arb,
    layers: int,
    digits: int = 15,
) -> JacobianMoments:
    """Mean and relative variance after that many layers, from the length q on, fixed or not.

    mean = prod_l gain^2 mu_1(q_l); orthogonal = sum_l (mu_2/mu_1^2 - 1)(q_l), and one more a layer
    for Gaussian weights; q_(l+1) = V(q_l).  Raises as ``length_map``.

    Examples
    --------
    >>> told = jacobian_moments("tanh", 1, 0, 1, 30)
    >>> told.mean.str(3, radius=False), told.orthogonal.str(3, radius=False)
    ('0.0240', '1.33')
    """
    phi, (g2, b2) = activation(nonlinearity), squares(gain, bias)
    layers = checked_integer(layers, "layers")
    with working_precision(_bits(digits) + 2 * layers.bit_length()):
        length, mean, spread = _length(q), flint.arb(1), flint.arb(0)
        lengths = []
        for _ in range(layers):
            lengths.append(length)
            mu1, mu2, square = (
                layer_mean(phi, factors, length, digits + 3)
                for factors in ((1, 1), (1, 1, 1, 1), (0, 0))
            )
            mean *= exact_ball(g2) * mu1
            spread += mu2 / mu1**2 - 1
            length = exact_ball(g2) * square + exact_ball(b2)
        if not spread.is_finite():
            raise QuadratureFailed(
                f"gain, bias: after {layers} layers no spread is enclosed to {digits} digits: ask "
                "for more digits, or give a smaller gain"
            )
        return JacobianMoments(tuple(lengths), mean, spread, spread + layers)


def _bits(digits: int) -> int:
    return 64 + 4 * checked_digits(digits)


def _extra(factor: Fraction | flint.arb) -> int:
    """Digits that a factor costs; exact, as it may lie beyond the range of floats."""
    if isinstance(factor, flint.arb):
        factor = as_fraction(factor.upper().fmpq())
    # 2^10 > 10^3.
    return 1 + max(1, int(factor).bit_length() * 3 // 10)


def squares(gain: Rational, bias: Rational) -> tuple[Fraction, Fraction]:
    """gain^2 and bias^2; ``ValueError`` for one that is negative or no exact rational."""
    found = []
    for name, value in (("gain", gain), ("bias", bias)):
        exact = as_fraction(value, name)
        if exact < 0:
            raise ValueError(f"{name}: {exact} is negative: give a standard deviation")
        found.append(exact**2)
    return found[0], found[1]


def _length(q: Rational | flint.arb) -> flint.arb:
    ball = q if isinstance(q, flint.arb) else exact_ball(as_fraction(q, "q"))
    if not (ball.is_finite() and bool(ball >= 0)):
        raise ValueError(f"q: {q} is no length: give a number that is not negative")
    return ball
