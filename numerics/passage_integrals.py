"""Passage times int dx/f(x) of fields that are no power laws: rational and analytic f."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, lcm

import flint

from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_digits,
    checked_list,
    exact_ball,
    working_precision,
)
from .quadrature import AnalyticFunction, QuadratureFailed, integrate_analytic
from .rational_integrals import RationalIntegral
from .reach import OutOfReach

__all__ = ["analytic_passage_time", "rational_passage_time"]

GUARD_BITS = 24
FIRST_BITS = 64
ATTEMPTS = 12


def rational_passage_time(
    top: Sequence[Rational],
    bottom: Sequence[Rational],
    start: Rational,
    target: Rational,
    digits: int,
) -> flint.arb:
    """The time from `start` to `target` under x' = top(x)/bottom(x), by partial fractions.

    Parameters
    ----------
    top, bottom : sequences of rationals
        Coefficients of the polynomials, the constant first; neither polynomial is zero.
    start, target : rationals, of any sign
    digits : int
        The radius is at most 10**-digits |t|. The time is negative where the solution was at
        `target` before it was at `start`.

    Raises
    ------
    OutOfReach
        If the field has a zero or a pole at an end or between them.
    ValueError
        If a polynomial is zero or digits is not from 1 to 100,000.
    TypeError
        For a number that is not an exact rational.

    Examples
    --------
    >>> time = rational_passage_time([0, 1], [1, 0, 1], 1, 2, 20)  # x' = x/(1 + x^2)
    >>> print(time.str(12, radius=False))  # log 2 + 3/2
    2.19314718056
    """
    low, high = as_fraction(start, "start"), as_fraction(target, "target")
    digits = checked_digits(digits)
    field, over = _polynomial(top, "top"), _polynomial(bottom, "bottom")
    # Common factors are no zeros of the field.
    common = field.gcd(over)
    field, over = field / common, over / common
    _refuse_between(field.numer(), low, high, "target", "zero")
    _refuse_between(over.numer(), low, high, "target", "pole")
    if low == high:
        return flint.arb(0)
    scale = flint.fmpq(field.denom(), 1)
    integral = RationalIntegral(over * scale, field.numer())
    bits, aim = ceil(digits * BITS_PER_DIGIT) + GUARD_BITS, flint.arb(10) ** -digits
    for _ in range(ATTEMPTS):
        with working_precision(bits):
            time = integral(exact_ball(high)) - integral(exact_ball(low))
            if time.is_finite() and time.rad() <= aim * time.abs_lower():
                return time
        bits *= 2
    raise OutOfReach(f"target: {target} is too close to {start} or to a zero for {bits} bits")


def analytic_passage_time(
    f: AnalyticFunction, start: Rational, target: Rational, digits: int
) -> flint.arb:
    """The time from `start` to `target` under x' = f(x) on x > 0, by quadrature in log x.

    Parameters
    ----------
    f : callable (x, analytic) to flint.acb
        As for `integrate_analytic`.
    start, target : positive rationals
    digits : int
        The radius is at most 10**-digits max(1, |t|).

    Raises
    ------
    OutOfReach
        If an end is not positive, or f may have a zero on the way.
    ValueError, TypeError
        As `integrate_analytic`.
    """
    ends = as_fraction(start, "start"), as_fraction(target, "target")
    for end, name in zip(ends, ("start", "target"), strict=True):
        if end <= 0:
            raise OutOfReach(f"{name}: {end} is not positive: logarithms are taken")

    def rate(y: flint.acb, analytic: bool) -> flint.acb:
        x = y.exp()
        return x / f(x, analytic)

    if not callable(f):
        raise TypeError(f"law: {f!r} is no field: give a PowerLaw or a function of (x, analytic)")
    bits = ceil(checked_digits(digits) * BITS_PER_DIGIT) + 2 * GUARD_BITS
    try:
        with working_precision(bits):
            low, high = (exact_ball(end).log() for end in ends)
        return integrate_analytic(rate, low, high, digits)
    except QuadratureFailed as failure:
        raise OutOfReach(
            f"target: no time from {start} to {target}: f may vanish on the way: {failure}"
        ) from failure


def _polynomial(coefficients: Sequence[Rational], name: str) -> flint.fmpq_poly:
    wanted = "a list of rationals, the constant first"
    exact = [as_fraction(c, name) for c in checked_list(coefficients, name, wanted)]
    if not any(exact):
        raise ValueError(f"{name}: {list(map(str, exact))} is the zero polynomial")
    scale = lcm(*(c.denominator for c in exact))
    return flint.fmpq_poly(flint.fmpz_poly([int(c * scale) for c in exact])) / scale


def _refuse_between(
    polynomial: flint.fmpz_poly, first: Fraction, second: Fraction, name: str, what: str
) -> None:
    """Refuse a closed interval with a root of a polynomial, decided without doubt."""
    low, high = min(first, second), max(first, second)
    at_end = any(polynomial(flint.fmpq(x.numerator, x.denominator)) == 0 for x in (low, high))
    bits = FIRST_BITS
    while not at_end:  # then more bits tell the roots apart from the ends
        with working_precision(bits):
            a, b = exact_ball(low), exact_ball(high)
            roots = [root.real for root, _ in polynomial.complex_roots() if root.imag == 0]
        if any(root > a and root < b for root in roots):
            break
        if all(root < a or root > b for root in roots):
            return
        bits *= 2
    raise OutOfReach(f"{name}: the field has a {what} from {low} to {high}: never passed")
