"""Scalar problems with solutions in closed form, evaluated by mpmath: independent references.

Every maker draws a power law, a start, and the two functions x(t) and t(x) as mpmath formulas.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import flint
import mpmath
from lemmata.numerics.power_laws import PowerLaw
from lemmata.numerics.precision import working_precision
from mpmath import mpf

REFERENCE_DIGITS = 400  # formulas below lose up to 300 of them to cancellation
SHOWN_DIGITS = 70
REFERENCE_BITS = 480


@dataclass(frozen=True)
class Problem:
    """x' = law(x), x(0) = start; `life` is the time at which the solution ends, if it does."""

    name: str
    law: PowerLaw
    start: Fraction
    value: Callable[[mpf], mpf]
    time: Callable[[mpf], mpf]
    life: mpf | None = None


def number(x: Fraction) -> mpf:
    return mpf(x.numerator) / x.denominator


def reference(x: mpf) -> flint.arb:
    """A ball around an mpmath number, with a relative radius of 10^-SHOWN_DIGITS."""
    sign, mantissa, exponent, _ = x._mpf_
    with working_precision(REFERENCE_BITS):
        ball = flint.arb((-int(mantissa) if sign else int(mantissa), int(exponent)))
        return ball * (1 + flint.arb(0, flint.arb(10) ** -SHOWN_DIGITS))


def near(rng: random.Random, point: Fraction, side: int | None = None) -> Fraction:
    """A positive number near or far from a positive point, on one side of it if asked."""
    share = Fraction(1, 10 ** rng.choice((0, 0, 1, 3, 8, 30))) * Fraction(rng.randint(1, 9), 10)
    side = side or rng.choice((-1, 1))
    return point * (1 + side * share)


def coefficient(rng: random.Random) -> Fraction:
    return Fraction(rng.choice((-1, 1)) * rng.randint(1, 9), rng.randint(1, 5))


def positive(rng: random.Random) -> Fraction:
    return Fraction(rng.randint(1, 40), rng.randint(1, 12))


def small(rng: random.Random) -> Fraction:
    return positive(rng) / Fraction(10) ** rng.choice((0, 0, 3, 30))


def bernoulli(rng: random.Random) -> Problem:
    """x' = c x - d x^(1 + m): x^-m is linear in e^(-c m t)."""
    c, d = coefficient(rng), coefficient(rng)
    m = Fraction(rng.choice((-1, 1)) * rng.randint(1, 6), rng.randint(1, 4))
    x0 = small(rng)
    if c * d > 0 and rng.random() < 0.5 and m.numerator == 1:
        x0 = near(rng, (c / d) ** m.denominator)
    rest, power, rate = number(d / c), number(m), number(c * m)
    first = number(x0) ** -power - rest

    def value(t: mpf) -> mpf:
        return (rest + first * mpmath.exp(-rate * t)) ** (-1 / power)

    def time(x: mpf) -> mpf:
        return mpmath.log(first / (x**-power - rest)) / rate

    share = -rest / first
    life = -mpmath.log(share) / rate if share > 0 else None
    return Problem("Bernoulli", PowerLaw([(c, 1), (-d, 1 + m)]), x0, value, time, life)


def single_power(rng: random.Random) -> Problem:
    """x' = c x^p: x^(1 - p) is linear in t, unless p = 1."""
    c, p = coefficient(rng), Fraction(rng.randint(-8, 12), rng.randint(1, 4))
    x0 = small(rng)
    if p == 1:
        return Problem(
            "exponential",
            PowerLaw([(c, 1)]),
            x0,
            lambda t: number(x0) * mpmath.exp(number(c) * t),
            lambda x: mpmath.log(x / number(x0)) / number(c),
        )
    e, rate = number(1 - p), number((1 - p) * c)
    first = number(x0) ** e
    return Problem(
        "single power",
        PowerLaw([(c, p)]),
        x0,
        lambda t: (first + rate * t) ** (1 / e),
        lambda x: (x**e - first) / rate,
        -first / rate,
    )


def double_zero(rng: random.Random) -> Problem:
    """y' = c (y - r)^2 for y = x^m: 1/(y - r) is linear in t."""
    c, r = coefficient(rng), positive(rng)
    m = rng.choice((Fraction(1), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(2)))
    terms = [(c / m * f, p) for f, p in ((1, 1 + m), (-2 * r, 1), (r * r, 1 - m))]
    y0 = near(rng, r)
    x0 = y0 ** int(1 / m) if m < 1 else y0
    power, zero, rate = number(m), number(r), number(c)
    first = 1 / (number(x0) ** power - zero)
    ends = [first / rate, (first + 1 / zero) / rate]
    return Problem(
        "double zero",
        PowerLaw(terms),
        x0,
        lambda t: (zero + 1 / (first - rate * t)) ** (1 / power),
        lambda x: (first - 1 / (x**power - zero)) / rate,
        ends[0] if first > 0 else ends[1],
    )


def two_zeros(rng: random.Random) -> Problem:
    """x' = c (x - a)(x - b): (x - a)/(x - b) is exponential in t."""
    c, a, b = coefficient(rng), positive(rng), positive(rng)
    if a == b:
        b += 1
    x0 = near(rng, rng.choice((a, b)))
    if x0 in (a, b):
        x0 = a / 2 + b / 3
    low, high, rate = number(a), number(b), number(c * (a - b))
    first = (number(x0) - low) / (number(x0) - high)

    def value(t: mpf) -> mpf:
        ratio = first * mpmath.exp(rate * t)
        return (low - high * ratio) / (1 - ratio)

    def time(x: mpf) -> mpf:
        return mpmath.log((x - low) / (x - high) / first) / rate

    end = mpf(1) if first > 0 and x0 > max(a, b) else None
    end = low / high if x0 < min(a, b) else end
    life = mpmath.log(end / first) / rate if end is not None else None
    terms = [(c, 2), (-c * (a + b), 1), (c * a * b, 0)]
    return Problem("two zeros", PowerLaw(terms), x0, value, time, life)


def no_zero(rng: random.Random) -> Problem:
    """x' = c (x^2 + d^2), a tangent: it ends at both sides, at the pole and at x = 0."""
    c, d, x0 = abs(coefficient(rng)), positive(rng), small(rng)
    rate, scale = number(c * d), number(d)
    first = mpmath.atan(number(x0) / scale)
    return Problem(
        "no zero",
        PowerLaw([(c, 2), (c * d * d, 0)]),
        x0,
        lambda t: scale * mpmath.tan(rate * t + first),
        lambda x: (mpmath.atan(x / scale) - first) / rate,
        (mpmath.pi / 2 - first) / rate,
    )


MAKERS = (bernoulli, single_power, double_zero, two_zeros, no_zero)


def draw(rng: random.Random) -> Problem:
    while True:
        try:
            return rng.choice(MAKERS)(rng)
        except ZeroDivisionError:  # a start at rest
            continue


def times(rng: random.Random, problem: Problem, count: int) -> list[Fraction]:
    """Times of all sizes, some close to the end of the solution; all within its life."""
    found = []
    with mpmath.workdps(REFERENCE_DIGITS):
        speed = mpmath.fabs(_rate(problem))
        scale = rounded(1 / speed, 6) if speed else Fraction(1)
        for _ in range(count):
            t = scale * Fraction(rng.randint(1, 99), 10) / 10 ** rng.choice((0, 0, 1, 4, 20))
            if problem.life is not None:
                share = Fraction(rng.randint(1, 99), 100) / 10 ** rng.choice((0, 0, 3))
                share = rng.choice((share, 1 - Fraction(1, 10 ** rng.randint(1, 12))))
                t = rounded(problem.life * number(share), 30)
            found.append(t)
    return found


def _rate(problem: Problem) -> mpf:
    x = number(problem.start)
    return sum(number(c) * x ** (number(p) - 1) for c, p in problem.law.terms)


def rounded(x: mpf, digits: int) -> Fraction:
    return Fraction(mpmath.nstr(x, digits))
