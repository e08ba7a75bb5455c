"""Gaussian averages by mpmath, as balls: independent references, and the errors they own up to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flint
import mpmath
from lemmata.numerics.precision import working_precision
from mpmath import mpf

DIGITS = 30
BITS = 160  # for sums and products of references: rounding is far below 10^-DIGITS


def exact(value: mpf) -> flint.arb:
    sign, mantissa, exponent, _ = value._mpf_
    return flint.arb((-int(mantissa) if sign else int(mantissa), int(exponent)))


def enclosed(value: mpf, error: mpf | float = 0, digits: int = DIGITS) -> flint.arb:
    """The ball of a number of so many digits, off by no more than ``error`` but for rounding.

    One digit is given to rounding; mpmath evaluates functions and sums with six more than asked.
    """
    with working_precision(BITS), mpmath.workdps(digits):
        rounding = mpmath.mpf(10) ** (1 - digits) * max(1, abs(value))
        return exact(value) + flint.arb(0, exact(error + rounding))


def average(
    function: Callable[[mpf], mpf],
    ends: Sequence[mpf] = (-mpmath.inf, -6, 0, 6, mpmath.inf),
    digits: int = DIGITS,
    missing: float = 0,
) -> flint.arb:
    """E function(z), z standard normal, within the error that mpmath's quadrature estimates.

    ``missing`` bounds what lies beyond the ends.
    """
    with mpmath.workdps(digits):
        value, error = mpmath.quad(lambda t: function(t) * mpmath.npdf(t), ends, error=True)
        return enclosed(value, error + missing, digits)


def printed(text: str) -> flint.arb:
    """A printed number: within half a unit of its last digit."""
    decimals = len(text.partition(".")[2])
    with working_precision(BITS):
        return flint.arb(text) + flint.arb(0, flint.arb(10) ** -decimals / 2)


def promised(ball: flint.arb, digits: int = 15) -> bool:
    """Whether the radius is at most 10^-digits max(1, value), what ``digits`` digits promise."""
    with working_precision(BITS):
        size = flint.arb(1).max(abs(ball).upper())
        return bool(ball.rad() <= flint.arb(10) ** -digits * size)
