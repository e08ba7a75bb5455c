"""Certified training of a linear network of any depth: balls around the full weight matrices.

The averaged gradient flow of E||y - W_L ... W_1 x||^2/2 with Sigma31 = E[y x^T] and
Sigma11 = E[x x^T]:

    tau dW_l/dt = W_(>l)^T (Sigma31 - W_tot Sigma11) W_(<l)^T.

How a step is validated is told in `network_steps`, the bound of the logarithmic norm in
`network_growth`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import TypeVar

import flint

from .arb_matrices import matrix
from .marching import (
    BOUND_BITS,
    IntegrationFailed,
    checked_taylor_digits,
    checked_times,
    march_to_accuracy,
)
from .network_data import Rows, TrainingData, normalised, read_training
from .network_digits import DigitEngine
from .network_steps import SHARP_SIZE, NetworkMarch, NetworkStep, widened
from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_integer,
    exact_ball,
    working_precision,
)

__all__ = ["IntegrationFailed", "NetworkEnclosure", "integrate_network"]

GUARD_BITS = 26  # for what an error grows by, and the steps commit
SMALLEST_BITS = 16
BLUNT_GUARD_BITS = 10  # more, where errors are carried by logarithmic norms alone

T = TypeVar("T")


@dataclass
class NetworkEnclosure:
    """Balls that contain the weights at the requested times, and at any time between.

    Attributes
    ----------
    times : list of Fraction
    weights : list over times of lists over layers of flint.arb_mat
        The layer next to the inputs first.
    error : list over times of flint.arb
        Bound of the joint Frobenius distance from the exact weights to the polynomials, the
        integration's own error (the balls also carry the rounding of their evaluation).
    steps, order, bits, attempts : int
    """

    times: list[Fraction]
    weights: list[list[flint.arb_mat]]
    error: list[flint.arb]
    steps: int
    order: int
    bits: int
    attempts: int
    data: TrainingData = field(repr=False)
    _steps: list[NetworkStep] = field(repr=False)
    _scale: Fraction = field(repr=False)

    def at(self, time: Rational) -> list[flint.arb_mat]:
        """The enclosures of all layers at `time`, between 0 and the last requested time.

        Raises
        ------
        ValueError
            If `time` is outside that interval.
        TypeError
            If `time` is not an exact rational.
        """
        moment = as_fraction(time, "time")
        return _evaluate(self._steps, self.data, self._scale, moment, self.bits)[0]

    @property
    def end(self) -> Fraction:
        """The last requested time."""
        return max(self.times)

    def during(self, low: Fraction, high: Fraction) -> list[flint.arb_mat]:
        """The enclosures of all layers at all times from `low` to `high`, within one step."""
        middle, reach = (low + high) / 2, (high - low) / 2
        if not reach:
            return self.at(middle)
        step = self._steps[_place(self._steps, middle)]
        with working_precision(self.bits + BOUND_BITS):
            layers = widened(step.at(middle), step.speed * exact_ball(reach))
            return _enlarged(layers, self._scale)

    def pieces(self, low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction]]:
        """The interval cut where steps meet."""
        first = max(0, bisect_left(self._steps, low, key=lambda step: step.start) - 1)
        inner = [s.start for s in self._steps[first:] if low < s.start < high]
        return list(pairwise([low, *inner, high]))

    def read(self, quantity: Callable[[list[flint.arb_mat], TrainingData], T], time: Rational) -> T:
        """A function of the layers and the data at a time, at the precision of the enclosure."""
        with working_precision(self.bits):
            return quantity(self.at(time), self.data)


def integrate_network(
    weights: Sequence[Rows],
    Sigma31: Rows,
    Sigma11: Rows | None = None,
    *,
    tau: Rational = 1,
    times: Sequence[Rational],
    digits: int,
    max_steps: int = 10_000,
) -> NetworkEnclosure:
    """Enclose all weights at `times`, started from exact rationals at time 0.

    Parameters
    ----------
    weights : sequence of rows of rationals
        One matrix a layer, shape (n_l, n_(l-1)), the layer next to the inputs first.
    Sigma31 : rows of rationals, shape (n_L, n_0)
        For data it lies in the row space of Sigma11; elsewhere the weights may grow for ever.
    Sigma11 : rows of rationals, shape (n_0, n_0), optional
        Symmetric positive semidefinite; the identity if omitted.
    tau : rational
        Positive time constant.
    times : sequence of nonnegative rationals
    digits : int
        Every entry's radius is at most 10**-digits max(1, |entry|).
    max_steps : int

    Raises
    ------
    IntegrationFailed
        Where the accuracy cannot be reached.
    ValueError
        If shapes do not fit, Sigma11 is not symmetric positive semidefinite, tau is not
        positive, a time is negative or none is given, or digits is not from 1 to 10,000.
    TypeError
        For a number that is not an exact rational, or an argument of another kind.

    Examples
    --------
    >>> found = integrate_network([[[1]], [[1]]], [[2]], times=[1], digits=10)
    >>> [w.nrows() for w in found.weights[0]]
    [1, 1]
    """
    data = read_training(weights, Sigma31, Sigma11, tau)
    exact_times, digits = checked_times(times), checked_taylor_digits(digits)
    max_steps = checked_integer(max_steps, "max_steps")
    end, count = max(exact_times), sum(n * m for n, m in data.shapes)
    near_one, scale = normalised(data)
    guard = GUARD_BITS + (BLUNT_GUARD_BITS if count > SHARP_SIZE else 0)
    # Weights far below one need fewer bits, as the accuracy asked for is absolute.
    needed = ceil(digits * BITS_PER_DIGIT) + min(0, scale.numerator.bit_length() - 1)
    needed -= scale.denominator.bit_length() - 1
    try:
        march, values, attempts = march_to_accuracy(
            lambda bits: NetworkMarch(near_one, end, bits, max_steps=max_steps, engine=DigitEngine),
            lambda march: [_evaluate(march.steps, data, scale, t, march.bits) for t in exact_times],
            lambda values: [x for layers, _ in values for w in layers for x in w.entries()],
            digits,
            max(needed, SMALLEST_BITS) + guard,
        )
    except IntegrationFailed as failed:
        factor = exact_ball(scale)
        state = [x * factor for x in failed.state]
        raise IntegrationFailed(
            failed.reason, failed.reached, state, failed.steps, failed.bits
        ) from None
    return NetworkEnclosure(
        times=exact_times,
        weights=[layers for layers, _ in values],
        error=[error for _, error in values],
        steps=len(march.steps),
        order=march.order,
        bits=march.bits,
        attempts=attempts,
        data=data,
        _steps=march.steps,
        _scale=scale,
    )


def _evaluate(
    steps: list[NetworkStep], data: TrainingData, scale: Fraction, time: Fraction, bits: int
) -> tuple[list[flint.arb_mat], flint.arb]:
    with working_precision(bits + BOUND_BITS):
        if time == 0:
            return [matrix(rows) for rows in data.weights], flint.arb(0)
        step = steps[_place(steps, time)]
        return _enlarged(step.at(time), scale), step.error(time) * exact_ball(scale)


def _enlarged(layers: list[flint.arb_mat], scale: Fraction) -> list[flint.arb_mat]:
    """The layers times a power of two: exact."""
    return [w * exact_ball(scale) for w in layers]


def _place(steps: list[NetworkStep], time: Fraction) -> int:
    place = bisect_left(steps, time, key=lambda step: step.start) - 1
    if place < 0 or time > steps[place].start + steps[place].length:
        end = steps[-1].start + steps[-1].length if steps else Fraction(0)
        raise ValueError(f"time: {time} is outside the integrated interval from 0 to {end}")
    return place
