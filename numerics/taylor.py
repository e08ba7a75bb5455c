"""Validated Taylor integration of polynomial fields: balls that contain the true solution.

`integrate_polynomial` is for one variable, `integrate_field` for a few. Accuracy is asked for
in decimal digits; the bits, the order and the steps follow from it. How a step is validated
is told in `taylor_steps`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import ceil

import flint

from .marching import (
    BOUND_BITS,
    IntegrationFailed,
    checked_taylor_digits,
    checked_times,
    march_to_accuracy,
)
from .polynomial_fields import PolynomialField
from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_integer,
    checked_list,
    exact_ball,
    working_precision,
)
from .taylor_steps import Field, FieldMarch, Step

__all__ = [
    "IntegrationFailed",
    "Report",
    "Trajectory",
    "ends_of_times",
    "integrate_field",
    "integrate_polynomial",
    "largest_radius",
]

GUARD_BITS = 40


@dataclass(frozen=True)
class Report:
    """What an integration took.

    Attributes
    ----------
    steps, order, bits : int
        Of the attempt that succeeded.
    radius : flint.arb
        The largest radius of the balls returned (exact, rounded up).
    attempts : int
        How often the precision was chosen before the radius was small enough.
    """

    steps: int
    order: int
    bits: int
    radius: flint.arb
    attempts: int


@dataclass
class Trajectory:
    """Enclosures of a solution at the requested times, and at any time between.

    Attributes
    ----------
    times : list of Fraction
    values : list over times of lists over variables of flint.arb
    report : Report
    field : Field
        What was integrated.
    """

    times: list[Fraction]
    values: list[list[flint.arb]]
    report: Report
    _start: Sequence[Fraction | flint.arb] = field(repr=False)
    _steps: list[Step] = field(repr=False)
    field: Field = field(repr=False)

    def at(self, time: Rational | flint.arb) -> list[flint.arb]:
        """The enclosure of every variable at `time`, between 0 and the last requested time.

        For a ball of times each enclosure contains all values that the variable takes there.

        Raises
        ------
        ValueError
            If `time` is outside that interval, or not finite.
        """
        if isinstance(time, flint.arb):
            return self.over(*ends_of_times(time))
        return _evaluate(self._steps, self._start, as_fraction(time, "time"), self.report.bits)

    def over(self, low: Rational, high: Rational) -> list[flint.arb]:
        """For every variable a ball of all values that it takes at times from low to high.

        Raises
        ------
        ValueError
            If an end is outside the integrated interval, or `low` above `high`.
        """
        low, high = _ordered(low, high)
        return _evaluate_range(self._steps, self._start, low, high, self.report.bits)

    @property
    def end(self) -> Fraction:
        """The last time that is enclosed."""
        return _end(self._steps)


def integrate_polynomial(
    coefficients: Sequence[Rational], start: Rational, times: Sequence[Rational], digits: int
) -> list[flint.arb]:
    """Balls that contain x(t) at every t in `times`, for x' = sum_k coefficients[k] x^k.

    x(0) = `start`. Every radius is at most 10**-digits max(1, |x|).

    Raises
    ------
    IntegrationFailed, ValueError, TypeError
        As `integrate_field`.

    Examples
    --------
    >>> (x,) = integrate_polynomial([0, 1], 1, [1], 20)  # x' = x, so x(1) = e
    >>> print(x.str(15, radius=False))
    2.71828182845905
    """
    wanted = "a list of rationals, the constant first"
    scalar = PolynomialField.scalar(
        [as_fraction(c, "coefficients") for c in checked_list(coefficients, "coefficients", wanted)]
    )
    return [x for (x,) in integrate_field(scalar, [start], times, digits).values]


def integrate_field(
    field: PolynomialField,
    start: Sequence[Rational],
    times: Sequence[Rational],
    digits: int,
    *,
    max_steps: int = 10_000,
) -> Trajectory:
    """Enclose the solution of x' = f(x), x(0) = `start`, at `times`.

    Order and step adapt to the requested accuracy; the working precision is raised until
    every radius is at most 10**-digits max(1, |x_i|).

    Parameters
    ----------
    field : PolynomialField
    start : sequence of rationals, one per variable
    times : sequence of nonnegative rationals
    digits : int
        From 1 to 10,000.
    max_steps : int
        Steps allowed in one attempt.

    Raises
    ------
    IntegrationFailed
        On blow-up, or where the accuracy cannot be reached.
    ValueError
        For a wrong number of start values, no time, a negative time, or digits out of bounds.
    TypeError
        For a number that is not an exact rational, or an argument of another kind.
    """
    exact_start = _check(field, start)
    exact_times, digits = checked_times(times), checked_taylor_digits(digits)
    max_steps = checked_integer(max_steps, "max_steps")
    end, guarded = max(exact_times), ceil(digits * BITS_PER_DIGIT) + GUARD_BITS
    march, values, attempts = march_to_accuracy(
        lambda bits: FieldMarch(field, exact_start, end, bits, max_steps=max_steps),
        lambda march: [_evaluate(march.steps, exact_start, t, march.bits) for t in exact_times],
        lambda values: [x for row in values for x in row],
        digits,
        guarded,
    )
    report = Report(len(march.steps), march.order, march.bits, largest_radius(values), attempts)
    return Trajectory(exact_times, values, report, exact_start, march.steps, field)


def largest_radius(values: Sequence[Sequence[flint.arb]]) -> flint.arb:
    """The largest radius of rows of balls, exact."""
    return max((x.rad() for row in values for x in row), default=flint.arb(0))


def ends_of_times(times: flint.arb) -> tuple[Fraction, Fraction]:
    """The exact ends of a ball of times.

    Raises
    ------
    ValueError
        If the ball is not finite.
    """
    if not times.is_finite():
        raise ValueError(f"time: {times} is not finite: give a ball within the integrated interval")
    middle, radius = as_fraction(times.mid().fmpq()), as_fraction(times.rad().fmpq())
    return middle - radius, middle + radius


def _ordered(low: Rational, high: Rational) -> tuple[Fraction, Fraction]:
    first, last = as_fraction(low, "low"), as_fraction(high, "high")
    if first > last:
        raise ValueError(f"low, high: {first} is above {last}: give the earlier time first")
    return first, last


def _check(field: PolynomialField, start: Sequence[Rational]) -> list[Fraction]:
    if not isinstance(field, PolynomialField):
        raise TypeError(f"field: {field!r} is no PolynomialField: give PolynomialField(components)")
    wanted = f"a list of {field.dimension} rationals, one per variable"
    exact = [as_fraction(x, "start") for x in checked_list(start, "start", wanted)]
    if len(exact) != field.dimension:
        raise ValueError(f"start: {len(exact)} values: give one for each of {field.dimension}")
    return exact


def _end(steps: list[Step]) -> Fraction:
    return steps[-1].start + steps[-1].length if steps else Fraction(0)


def _evaluate(
    steps: list[Step], start: Sequence[Fraction | flint.arb], time: Fraction, bits: int
) -> list[flint.arb]:
    if time == 0:
        with working_precision(bits):
            return [x if isinstance(x, flint.arb) else exact_ball(x) for x in start]
    return steps[_place(steps, time)].at(time)


def _evaluate_range(
    steps: list[Step],
    start: Sequence[Fraction | flint.arb],
    low: Fraction,
    high: Fraction,
    bits: int,
) -> list[flint.arb]:
    if low == high:
        return _evaluate(steps, start, low, bits)
    first = 0 if low == 0 and steps else _place(steps, low)
    parts = [
        step.over(max(low, step.start), min(high, step.start + step.length))
        for step in steps[first : _place(steps, high) + 1]
    ]
    with working_precision(bits + BOUND_BITS):
        return [reduce(flint.arb.union, column) for column in zip(*parts, strict=True)]


def _place(steps: list[Step], time: Fraction) -> int:
    """The index of the step that contains a positive time."""
    place = bisect_left(steps, time, key=lambda step: step.start) - 1
    if place < 0 or time > _end(steps):
        raise ValueError(f"time: {time} is outside the integrated interval from 0 to {_end(steps)}")
    return place
