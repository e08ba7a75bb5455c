"""Scalar power laws x' = sum_j c_j x^p_j on x > 0: the law itself and validated integration.

Coefficients and exponents are rational. Integration goes through y = x^e, which turns the law
into y' = e sum_j c_j y^((p_j - 1)/e + 1); e is chosen so that few powers have to be expanded:

- e = +-theta, with theta the greatest common divisor of the p_j - 1, where that gives a
  polynomial;
- e = 1 - p_j, which makes the term j constant, or e = 1, with the power-series recurrence of
  `power_steps` for the powers that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import ceil, gcd

import flint

from .marching import (
    BOUND_BITS,
    IntegrationFailed,
    checked_taylor_digits,
    checked_times,
    march_to_accuracy,
)
from .polynomial_fields import PolynomialField
from .power_steps import PositiveMarch, PowerField, PowerMarch, rational_power
from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_integer,
    checked_list,
    exact_ball,
    working_precision,
)
from .taylor import Report, Trajectory, ends_of_times, largest_radius
from .taylor_steps import TubeMarch

__all__ = [
    "IntegrationFailed",
    "PowerLaw",
    "PowerTrajectory",
    "check_law",
    "integrate_power_law",
]

GUARD_BITS = 40
UNDECIDED = 1  # a radius that no request for digits accepts
RECURRENCE_COST = 3  # of one power by its recurrence, in products of two series


class PowerLaw:
    """The right side f(x) = sum_j c_j x^p_j of x' = f(x), for x > 0.

    Parameters
    ----------
    terms : sequence of (coefficient, exponent), exact rationals
        Terms of equal exponents are added; none at all is f = 0.

    Attributes
    ----------
    terms : tuple of (Fraction, Fraction)
        Nonzero coefficients, exponents increasing.

    Raises
    ------
    TypeError
        If a number is not an exact rational, or a term is no pair.

    Examples
    --------
    >>> PowerLaw([(6, 1), (-2, 2)])(flint.arb(1)).str(radius=False)
    '4.00000000000000'
    """

    def __init__(self, terms: Sequence[tuple[Rational, Rational]]) -> None:
        collected: dict[Fraction, Fraction] = {}
        wanted = "pairs (coefficient, exponent), such as [(1, 1), (-1, 2)]"
        for term in checked_list(terms, "terms", wanted):
            pair = checked_list(term, "terms", wanted)
            if len(pair) != 2:
                raise TypeError(f"terms: {term!r} is no pair: give {wanted}")
            c, p = as_fraction(pair[0], "coefficient"), as_fraction(pair[1], "exponent")
            collected[p] = collected.get(p, Fraction(0)) + c
        self.terms = tuple((c, p) for p, c in sorted(collected.items()) if c)

    def __repr__(self) -> str:
        return f"PowerLaw([{', '.join(f'({c}, {p})' for c, p in self.terms)}])"

    def __call__(self, x: flint.arb) -> flint.arb:
        """f on a ball; not a number unless the ball is positive."""
        return PowerField(self.terms).value(x)

    def derivative(self, x: flint.arb) -> flint.arb:
        """f' on a ball; not a number unless the ball is positive."""
        return PowerField(self.terms).derivative(x)

    def grain(self) -> Fraction:
        """The greatest theta > 0 of which every p_j - 1 is an integer multiple; 1 if all are 0."""
        shifts = [p - 1 for _, p in self.terms if p != 1]
        return reduce(_common, (abs(shift) for shift in shifts)) if shifts else Fraction(1)

    def substituted(self, e: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
        """The terms of the law that y = x^e obeys."""
        return tuple((e * c, (p - 1) / e + 1) for c, p in self.terms)


def _common(a: Fraction, b: Fraction) -> Fraction:
    shared = a.denominator * b.denominator
    return Fraction(gcd(a.numerator * b.denominator, b.numerator * a.denominator), shared)


@dataclass
class PowerTrajectory:
    """Enclosures of a positive solution at the requested times, and at any time between.

    Attributes
    ----------
    times : list of Fraction
    values : list over times of flint.arb
    report : Report
    law : PowerLaw
    exponent : Fraction
        Of the variable y = x^exponent that was integrated.
    inner : Trajectory
        That of y.
    """

    times: list[Fraction]
    values: list[flint.arb]
    report: Report
    law: PowerLaw = field(repr=False)
    exponent: Fraction = field(repr=False)
    inner: Trajectory = field(repr=False)

    def at(self, time: Rational | flint.arb) -> flint.arb:
        """The enclosure at `time`, or over a ball of times, from 0 to the last requested time.

        Raises
        ------
        ValueError
            If `time` is outside that interval, or not finite.
        """
        if isinstance(time, flint.arb):
            return self.over(*ends_of_times(time))[0]
        return _outward(self.inner.at(time)[0], self.exponent, self.report.bits)

    def over(self, low: Rational, high: Rational) -> list[flint.arb]:
        """A list of one ball, of all values that x takes at times from `low` to `high`.

        x moves one way, so that its values lie between those at both ends.

        Raises
        ------
        ValueError
            If an end is outside the integrated interval, or `low` above `high`.
        """
        first, last = as_fraction(low, "low"), as_fraction(high, "high")
        if first > last:
            raise ValueError(f"low, high: {first} is above {last}: give the earlier time first")
        with working_precision(self.report.bits + BOUND_BITS):
            return [self.at(first).union(self.at(last))]


def integrate_power_law(
    law: PowerLaw,
    start: Rational,
    times: Sequence[Rational],
    digits: int,
    *,
    max_steps: int = 10_000,
) -> PowerTrajectory:
    """Enclose the solution of x' = law(x), x(0) = `start` > 0, at `times` by Taylor's method.

    Every radius is at most 10**-digits max(1, |x|).

    Raises
    ------
    IntegrationFailed
        On blow-up, where x reaches 0, or where the accuracy cannot be reached.
    ValueError
        If `start` is not positive, no time is given, one is negative, or digits is not from
        1 to 10,000.
    TypeError
        For a number that is not an exact rational, or an argument of another kind.

    Examples
    --------
    >>> found = integrate_power_law(PowerLaw([(1, Fraction(1, 2))]), 1, [2], 20)
    >>> print(found.values[0].str(15, radius=False))  # (1 + t/2)^2
    4.00000000000000
    """
    x0 = as_fraction(start, "start")
    check_law(law)
    if x0 <= 0:
        raise ValueError(f"start: {start} is not positive: a power law needs x > 0")
    exact_times, digits = checked_times(times), checked_taylor_digits(digits)
    max_steps = checked_integer(max_steps, "max_steps")
    exponent, polynomial = _change(law)
    field = PowerField(law.substituted(exponent)) if polynomial is None else polynomial
    end = max(exact_times)

    def begin(bits: int) -> TubeMarch:
        y0 = _inward(x0, exponent, bits)
        if isinstance(field, PowerField):
            return PowerMarch(field, y0, end, bits, max_steps=max_steps)
        return PositiveMarch(field, [y0], end, bits, max_steps=max_steps)

    def trajectory(march: TubeMarch) -> Trajectory:
        report = Report(len(march.steps), march.order, march.bits, flint.arb(0), 0)
        y0 = _inward(x0, exponent, march.bits)
        return Trajectory(exact_times, [], report, [y0], march.steps, field)

    def values(march: TubeMarch) -> list[flint.arb]:
        inner = trajectory(march)
        # y moves one way: positive at a time, it has been positive up to then.
        found = [inner.at(t)[0] for t in exact_times]
        return [
            _outward(y, exponent, march.bits) if y > 0 else flint.arb(0, UNDECIDED) for y in found
        ]

    try:
        march, found, attempts = march_to_accuracy(
            begin, values, list, digits, ceil(digits * BITS_PER_DIGIT) + GUARD_BITS
        )
    except IntegrationFailed as failure:
        state = [_outward(y, exponent, failure.bits) for y in failure.state]
        raise IntegrationFailed(
            failure.reason, failure.reached, state, failure.steps, failure.bits
        ) from None
    report = Report(len(march.steps), march.order, march.bits, largest_radius([found]), attempts)
    return PowerTrajectory(exact_times, found, report, law, exponent, trajectory(march))


def _inward(x: Fraction, exponent: Fraction, bits: int) -> flint.arb:
    """y = x^exponent."""
    with working_precision(bits + BOUND_BITS):
        return rational_power(exact_ball(x), exponent)


def _outward(y: flint.arb, exponent: Fraction, bits: int) -> flint.arb:
    """x from y = x^exponent."""
    if exponent == 1:
        return y
    with working_precision(bits + BOUND_BITS):
        return rational_power(y, 1 / exponent)


def _change(law: PowerLaw) -> tuple[Fraction, PolynomialField | None]:
    """The cheapest exponent e of y = x^e, and the field of y if it is a polynomial."""
    theta = law.grain()
    best: tuple[float, Fraction, PolynomialField | None] | None = None
    for e in (theta, -theta):
        terms = law.substituted(e)
        if all(p >= 0 for _, p in terms):
            candidate = PolynomialField([[(c, (int(p),)) for c, p in terms]])
            if best is None or len(candidate.products) < best[0]:
                best = (len(candidate.products), e, candidate)
    for e in [Fraction(1), *(1 - p for _, p in law.terms if p != 1)]:
        powers = [p for _, p in law.substituted(e) if p not in (0, 1)]
        if best is None or RECURRENCE_COST * len(powers) < best[0]:
            best = (RECURRENCE_COST * len(powers), e, None)
    assert best is not None
    return best[1], best[2]


def check_law(law: PowerLaw) -> None:
    """Refuse what is no `PowerLaw`.

    Raises
    ------
    TypeError
    """
    if not isinstance(law, PowerLaw):
        raise TypeError(f"law: {law!r} is no PowerLaw: give PowerLaw([(coefficient, exponent)])")
