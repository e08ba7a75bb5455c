"""The march common to the validated Taylor integrators: step control, precision, failure.

A march goes from time 0 to `end` at one fixed precision. Every step proposes a Taylor
polynomial in fixed point and then proves a bound of its error; a step without proof is
shortened. `march_to_accuracy` repeats a march with more bits until the balls are small enough.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import flint

from .precision import (
    Rational,
    as_fraction,
    checked_digits,
    checked_list,
    exact_ball,
    working_precision,
)

__all__ = [
    "BOUND_BITS",
    "MOST_TAYLOR_DIGITS",
    "SMALLEST_STEP",
    "BaseMarch",
    "IntegrationFailed",
    "March",
    "accuracy_shortage",
    "checked_taylor_digits",
    "checked_times",
    "dyadic_below",
    "march_to_accuracy",
]

BOUND_BITS = 64  # error bounds need few digits: they are rounded outwards
SMALLEST_STEP = Fraction(1, 2**100)  # of the whole interval: below it the solution blows up
LARGEST_ERROR = Fraction(1, 2**8)
LARGEST_FACTOR = 4.0
OVERSHOOT = Fraction(9, 8)  # a proposal too long is shrunk at once, one too short is not grown
CLEAR_BITS = 8  # a coefficient with so many bits stands clear of rounding
ATTEMPTS = 6
MOST_SIZE = 8  # of x against the bits asked for, by which the order is raised

MOST_TAYLOR_DIGITS = 10_000
"""The most digits that an integration is asked for: the work grows like their third power."""


class IntegrationFailed(ArithmeticError):
    """The integration could not reach the requested time or accuracy.

    Attributes
    ----------
    reason : str
    reached : Fraction
        The time up to which the solution is enclosed.
    state : list of flint.arb
        The enclosure at that time.
    steps, bits : int
    """

    def __init__(
        self, reason: str, reached: Fraction, state: list[flint.arb], steps: int, bits: int
    ) -> None:
        self.reason, self.reached, self.state = reason, reached, state
        self.steps, self.bits = steps, bits
        shown = ", ".join(x.str(8) for x in state[:8])
        super().__init__(
            f"{reason}; reached t = {float(reached):.8g} with x = [{shown}] after {steps} steps "
            f"at {bits} bits: ask for earlier times or other digits, or allow more max_steps"
        )


class BaseMarch(ABC):
    """The validated steps from 0 to `end` at `bits` bits, whatever a step is.

    Attributes
    ----------
    steps : list
        What was recorded, one entry per step.
    order : int
        Degree of the Taylor polynomials.
    time : Fraction
        How far the solution is enclosed.
    order_per_bit : float
        Measured optimum: a high order costs arithmetic, a low one costs steps.
    """

    order_per_bit = 0.34

    def __init__(self, end: Fraction, bits: int, *, max_steps: int) -> None:
        self.end, self.bits, self.max_steps = end, bits, max_steps
        self.order = max(8, round(self.order_per_bit * bits))
        self.steps: list[Any] = []
        self.time = Fraction(0)
        self._state: list[flint.fmpz] = []
        self._error = flint.arb(0)

    @abstractmethod
    def _first_length(self) -> Fraction:
        """A proposal for the length of the first step."""

    @abstractmethod
    def _step(self, length: Fraction) -> Fraction | None:
        """Take one step, shorter than `length` if need be; the next length, None if lost."""

    def run(self) -> bool:
        """March to the end; False where the error has outgrown this precision.

        Raises
        ------
        IntegrationFailed
            On blow-up (the step collapses) or after `max_steps`.
        """
        length = self._first_length()
        while self.time < self.end:
            if len(self.steps) >= self.max_steps:
                raise self.failure(f"the end lies beyond {self.max_steps} steps")
            proposed = self._step(min(length, self.end - self.time))
            if proposed is None:
                return False
            length = proposed
        return True

    def failure(self, reason: str) -> IntegrationFailed:
        """The exception that says how far this march came."""
        with working_precision(self.bits + BOUND_BITS):
            scale, error = flint.arb(2) ** -self.bits, flint.arb(0, self._error)
            state = [flint.arb(x) * scale + error for x in self._state]
        return IntegrationFailed(reason, self.time, state, len(self.steps), self.bits)

    def in_units(self, units: Fraction | int) -> flint.arb:
        """An exact number at or above `units` 2^-bits."""
        with working_precision(BOUND_BITS):
            return exact_ball(Fraction(units) / 2**self.bits).upper()

    def _lost(self) -> bool:
        size = max((abs(x) >> self.bits for x in self._state), default=0)
        return not self._error < exact_ball(LARGEST_ERROR * max(1, int(size)))


class March(BaseMarch):
    """A march whose steps are judged by the sizes of their Taylor coefficients."""

    @abstractmethod
    def _expand(self, length: Fraction, order: int) -> tuple[Any, list[int]]:
        """A proposal of degree `order` in u = t/length, and the bit sizes of its coefficients."""

    @abstractmethod
    def _accept(self, proposal: Any, length: Fraction) -> bool:
        """Prove an error bound and advance; False, and nothing changed, without a proof."""

    def _first_length(self) -> Fraction:
        """A rough first step from a low order expansion over the whole interval."""
        if not self.end:
            return Fraction(1)
        _, sizes = self._expand(self.end, 8)
        return dyadic_below(self.end * _step_factor(sizes, self.order, _noise(self.end)))

    def _step(self, length: Fraction) -> Fraction | None:
        """Take one step, shorter than `length` if need be; the next length, None if lost."""
        while not self._lost():
            self._raise_order()
            if length < self.end * SMALLEST_STEP and length < self.end - self.time:
                raise self.failure("the solution blows up or its time scale collapses")
            proposal, sizes = self._expand(length, self.order)
            factor = _step_factor(sizes, self.order, _noise(length))
            shrunk = self._shrink(proposal, dyadic_below(factor)) if factor < 1 else None
            if shrunk is not None:
                proposal, length, factor = shrunk, length * dyadic_below(factor), OVERSHOOT
            if factor > Fraction(1, 2) and self._accept(proposal, length):
                return dyadic_below(length * factor)
            length = dyadic_below(length * min(factor, Fraction(3, 4)))
        return None

    def _raise_order(self) -> None:
        """A higher order where x has grown, whose digits above the point count as well."""
        size = max((int(x).bit_length() for x in self._state), default=0)
        size = min(size, MOST_SIZE * self.bits)
        self.order = max(self.order, round(self.order_per_bit * size))

    def _shrink(self, proposal: Any, ratio: Fraction) -> Any:
        """The proposal for a step shorter by a dyadic `ratio`; None: it must be made anew."""
        return None


Marching = TypeVar("Marching", bound=BaseMarch)
Values = TypeVar("Values")


def march_to_accuracy(
    start_march: Callable[[int], Marching],
    evaluate: Callable[[Marching], Values],
    entries: Callable[[Values], Sequence[flint.arb]],
    digits: int,
    bits: int,
) -> tuple[Marching, Values, int]:
    """Repeat a march with more bits until every ball meets the accuracy.

    Returns the march, its values and the number of attempts. The bits added are those by which
    the worst ball missed 10**-digits max(1, |x|).

    Raises
    ------
    IntegrationFailed
        If a march fails, or the last attempt is still too wide.
    """
    for attempt in range(1, ATTEMPTS + 1):
        march = start_march(bits)
        shortage = bits
        if march.run():
            values = evaluate(march)
            shortage = accuracy_shortage(entries(values), digits)
            if shortage <= 0:
                return march, values, attempt
        bits += shortage + 8
    raise march.failure("the error bound stays above the requested accuracy")


def checked_taylor_digits(digits: int) -> int:
    """A number of digits that an integration may be asked for.

    Raises
    ------
    TypeError, ValueError
        If it is not an int from 1 to `MOST_TAYLOR_DIGITS`.
    """
    return checked_digits(digits, largest=MOST_TAYLOR_DIGITS)


def checked_times(times: Sequence[Rational]) -> list[Fraction]:
    """The requested times as exact rationals.

    Raises
    ------
    TypeError
        If they are no sequence of exact rationals.
    ValueError
        If there is none, or one is negative.
    """
    exact = [
        as_fraction(t, "times") for t in checked_list(times, "times", "a list of rational times")
    ]
    if not exact or min(exact) < 0:
        raise ValueError(f"times: {[str(t) for t in exact]}: give at least one, none negative")
    return exact


def accuracy_shortage(balls: Sequence[flint.arb], digits: int) -> int:
    """By how many bits the worst ball misses 10**-digits max(1, |x|); at most 0 if none does."""
    with working_precision(BOUND_BITS):
        unit = flint.arb(10) ** -digits
        ratios = [x.rad() / (unit * flint.arb.max(flint.arb(1), x.abs_lower())) for x in balls]
        return max(_binary_exponent(ratio.upper()) for ratio in ratios)


def dyadic_below(value: Fraction, bits: int = 12) -> Fraction:
    """The largest number m 2^e at or below a positive `value` with m below 2^(bits + 1)."""
    shift = bits - value.numerator.bit_length() + value.denominator.bit_length()
    scale = Fraction(2) ** shift
    return Fraction(int(value * scale)) / scale


def _binary_exponent(number: flint.arb) -> int:
    """An n with |number| < 2^n, for an exact finite ball."""
    mantissa, exponent = number.man_exp()
    return int(mantissa).bit_length() + int(exponent)


def _noise(length: Fraction) -> int:
    """The bits of the units by which coefficients are rounded: one per time, in a step."""
    return max(0, length.numerator.bit_length() - length.denominator.bit_length())


def _step_factor(sizes: list[int], order: int, noise: int) -> Fraction:
    """By what the step should be multiplied so that the coefficient of `order` has `noise` bits.

    A root test: the decay in bits per order, measured at the last coefficient that stands clear
    of rounding, against the decay wanted. The largest factor where the series ends early.
    """
    first = max(sizes[:2])
    last = max((k for k, size in enumerate(sizes) if size >= CLEAR_BITS + noise), default=0)
    if 2 * last < len(sizes):
        return Fraction(LARGEST_FACTOR)
    decay = (first - sizes[last]) / last - max(0, first - noise) / order
    return Fraction(min(LARGEST_FACTOR, 2.0 ** max(-1000.0, min(2.0, decay))))
