"""The Taylor expansion of a linear network's training, and what is known of its roundings.

With F_l = W_l ... W_1, E = Sigma31 - F_L Sigma11, B_L = E and B_(l-1) = W_l^T B_l,

    tau dW_l/dt = G_l = B_l F_(l-1)^T        (F_0 the identity).

Time is u = (t - t_k)/h. An engine computes the series of F, B and G below the order p and that
of W up to p in fixed point, unit 2^-bits, and says how much it rounded. The coefficients of a
series decay about as 2^(-bits k/p) at a good step, so their norms are kept as floats of the
coefficients c_k of v^k, v = u/scaling with a scaling near 2^(bits/p): no overflow, no underflow
at any number of digits.

All floats here are nonnegative and rounded up: a sum of products of nonnegative numbers with
fewer than 2^20 roundings is low by a factor above 1 - 2^-32, which `UP` makes good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import frexp, isqrt, log2
from typing import Protocol

import flint
import numpy as np
from numpy.typing import NDArray

from .marching import dyadic_below

__all__ = [
    "TINY",
    "UP",
    "Coefficients",
    "Expansion",
    "Floats",
    "Integers",
    "Roundings",
    "at_least",
    "choose_scaling",
    "frobenius_norms",
    "root_up",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
UP = 1 + 2.0**-30
TINY = 2.0**-960  # above every product that underflows


@dataclass(frozen=True)
class Roundings:
    """By how much, in the Frobenius norm, an engine's coefficients are off.

    The coefficient of order k of a product is off by at most a factor times a number r_k that is
    common to all; `plain` is the sum of r_k (h/scaling)^k over k = 0 .. p in units, `weighted`
    that of r_k (h/scaling)^k/(k + 1), at the end u = 1 of the longest step.

    The factors: `prefix[l]` for F_(l+1) against the product of the computed W_(l+1) and F_l;
    `residual` for E against Sigma31 - F_L Sigma11; `suffix[l]` for B_(l+1) against
    W_(l+2)^T B_(l+2); `gradient[l]` for G_(l+1) against B_(l+1) F_l^T; `update[l]` for the
    coefficient k + 1 of W_(l+1) against rate/(k + 1) times that of G_(l+1).
    """

    plain: float
    weighted: float
    prefix: Sequence[float]
    residual: float
    suffix: Sequence[float]
    gradient: Sequence[float]
    update: Sequence[float]


class Coefficients(Protocol):
    """Stored coefficients of all layers, which an engine can sum at a point of the step."""

    def at(self, u: Fraction) -> tuple[list[flint.fmpz_mat], float]:
        """The polynomials at 0 <= u <= 1 in units, and a bound of the rounding in units."""
        ...


@dataclass(frozen=True)
class Expansion:
    """Polynomials W_l(u) of degree `order` and what bounds them, on 0 <= u <= `ratio`.

    `weights[l]`, l = 0 .. L - 1, `prefix[l]`, l = 0 .. L - 2, and `suffix[l]`, l = 1 .. L - 1
    (the first entry is not used), hold numbers at or above the Frobenius norms of the scaled
    coefficients of W_(l+1), F_(l+1) and B_(l+1); `values[l]` the first scaled coefficients of
    W_(l+1) themselves, each off by less than 2^-40 of its norm. `rate` is h/tau.
    """

    coefficients: Coefficients
    order: int
    bits: int
    scaling: Fraction
    rate: Fraction
    ratio: Fraction
    weights: list[Floats]
    prefix: list[Floats]
    suffix: list[Floats]
    values: list[Floats]
    roundings: Roundings

    @property
    def reach(self) -> float:
        """The v at the end of the step."""
        return float(self.ratio / self.scaling)

    def sizes(self) -> list[int]:
        """The bits of the largest coefficient of u^k, in units, for every order."""
        norms = np.max(self.weights, axis=0).tolist()
        drop = log2(self.scaling)
        return [
            max(0, round(frexp(x)[1] + self.bits - drop * k)) if x > 0 else 0
            for k, x in enumerate(norms)
        ]


def choose_scaling(bits: int, order: int) -> Fraction:
    """A short number near 2^(bits/order)."""
    return dyadic_below(Fraction(2.0 ** (bits / order)))


def frobenius_norms(matrices: Floats) -> Floats:
    """At or above ||A||_F for every A in the last two axes; no square over- or underflows."""
    largest = np.max(np.abs(matrices), axis=(-2, -1), keepdims=True) + TINY
    scaled = matrices / largest
    return np.asarray(
        np.sqrt(np.sum(scaled * scaled, axis=(-2, -1))) * largest[..., 0, 0] * UP + TINY
    )


def root_up(number: int) -> int:
    """The square root of a nonnegative integer, rounded up."""
    root = isqrt(number)
    return root + (root * root < number)


def at_least(ball: flint.arb) -> float:
    """A float at or above every number of a nonnegative ball."""
    return float(ball.upper()) * UP + TINY
