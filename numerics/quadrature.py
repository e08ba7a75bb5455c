"""Rigorous quadrature: the integral of an analytic function over a real interval, as a ball."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil

import flint

from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_digits,
    exact_ball,
    working_precision,
)

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
        From 1 to 100,000.

    Raises
    ------
    QuadratureFailed
        If the accuracy cannot be reached: f is singular on the interval or close to an end.
    ValueError
        If digits is out of bounds or an end is not finite.
    TypeError
        If an end is neither an exact rational nor a ball, or f is not a function from complex
        balls to complex balls.

    Examples
    --------
    >>> print(integrate_analytic(lambda x, _: 1 / (1 + x * x), 0, 1, 30).str(15, radius=False))
    0.785398163397448
    """
    if not callable(f):
        raise TypeError(f"f: {f!r} is not callable: give a function of (x, analytic)")
    digits = checked_digits(digits)
    low, high = _end(low, "low"), _end(high, "high")
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


def _end(value: Rational | flint.arb, name: str) -> Fraction | flint.arb:
    if not isinstance(value, flint.arb):
        return as_fraction(value, name)
    if not value.is_finite():
        raise ValueError(f"{name}: {value} is not finite: substitute, so that both ends are finite")
    return value


def _integral(
    f: AnalyticFunction, low: Fraction | flint.arb, high: Fraction | flint.arb
) -> flint.arb:
    ends = [x if isinstance(x, flint.arb) else exact_ball(x) for x in (low, high)]
    raised: list[Exception] = []

    def guarded(x: flint.acb, analytic: bool) -> flint.acb:
        # An exception must not pass through the library: it comes out as another, or lost.
        if not raised:
            try:
                value = f(x, analytic)
                if isinstance(value, flint.acb):
                    return value
                raise TypeError(
                    f"f: {value!r} was returned, which is no complex ball: return a flint.acb, "
                    "for a constant c flint.acb(c)"
                )
            except Exception as error:
                raised.append(error)
        return flint.acb(flint.arb.nan())

    integral = flint.acb.integral(guarded, *ends).real
    if raised:
        raise raised[0]
    return integral


def _shown(end: Fraction | flint.arb) -> str:
    return end.str(8) if isinstance(end, flint.arb) else str(end)
