"""Rigorous quadrature: the integral of an analytic function over a real interval, as a ball."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import flint

from .precision import BITS_PER_DIGIT, Rational, exact_ball, working_precision

__all__ = ["AnalyticFunction", "QuadratureFailed", "integrate_analytic"]

GUARD_BITS = 30
ATTEMPTS = 4

AnalyticFunction = Callable[[flint.acb, bool], flint.acb]


class QuadratureFailed(ArithmeticError):
    """The integral could not be enclosed as narrowly as asked."""


def integrate_analytic(
    f: AnalyticFunction, low: Rational | flint.arb, high: Rational | flint.arb, digits: int
) -> flint.arb:
    """A ball of radius at most 10**-digits max(1, |I|) around I, the integral of f.

    Gauss-Legendre quadrature on pieces, with error bounds from the values of f on complex discs
    around them (Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018).

    Parameters
    ----------
    f : callable (x, analytic) to flint.acb
        For a complex ball x, a ball that contains f(x) for every x in it, real for real x. With
        `analytic` true it must be a ball that is not finite unless f is analytic on all of x.
        For a meromorphic f the flag may be ignored: a pole makes a ball that is not finite. Where
        f has branch cuts it must be handed on, as in ``x.sqrt(analytic=analytic)``.
    low, high : rationals or balls
        ``high`` may lie below ``low``; the integral then changes its sign. Ends that are balls
        limit the accuracy.
    digits : int
        At least 1.

    Raises
    ------
    QuadratureFailed
        If the accuracy cannot be reached: f is singular on the interval or close to an end.
    ValueError
        If digits is below 1.
    TypeError
        If an end is neither an exact rational nor a ball.

    Examples
    --------
    >>> print(integrate_analytic(lambda x, _: 1 / (1 + x * x), 0, 1, 30).str(15, radius=False))
    0.785398163397448
    """
    if digits < 1:
        raise ValueError(f"digits: {digits} is too small: give at least 1")
    bits = ceil(digits * BITS_PER_DIGIT) + GUARD_BITS
    for attempt in range(ATTEMPTS):
        with working_precision(bits):
            found = _integral(f, low, high)
            size = flint.arb.max(flint.arb(1), found.abs_lower())
            if found.is_finite() and found.rad() <= flint.arb(10) ** -digits * size:
                return found
        if attempt == ATTEMPTS - 1 or (attempt and not found.is_finite()):
            break  # a pole on the way is not cured by more bits
        bits *= 2
    raise QuadratureFailed(
        f"low, high: the integral from {_shown(low)} to {_shown(high)} is {found} at "
        f"{bits} bits, wider than {digits} digits: f may be singular there; split the "
        "interval, substitute, or ask for fewer digits"
    )


def _integral(
    f: AnalyticFunction, low: Rational | flint.arb, high: Rational | flint.arb
) -> flint.arb:
    ends = [x if isinstance(x, flint.arb) else exact_ball(x) for x in (low, high)]
    raised: list[Exception] = []

    def guarded(x: flint.acb, analytic: bool) -> flint.acb:
        # An exception must not pass through the library: it comes out as another, or lost.
        if not raised:
            try:
                return f(x, analytic)
            except Exception as error:
                raised.append(error)
        return flint.acb(flint.arb.nan())

    integral = flint.acb.integral(guarded, *ends).real
    if raised:
        raise raised[0]
    return integral


def _shown(end: Rational | flint.arb) -> str:
    return end.str(8) if isinstance(end, flint.arb) else str(end)
