"""Series of matrices in planes of digits: how many digits an order keeps, and their sums.

The coefficient of v^k, v = u/scaling, has fewer digits the higher the order: what is dropped
counts `scaling`^-k at the end of the step, so that every order loses less than one unit 2^-bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log2, sqrt

import flint
import numpy as np
from numpy.typing import NDArray

from .blas_threads import one_thread_each
from .network_expansion import UP, Floats, Integers
from .network_planes import PlaneFormat

__all__ = ["DigitCoefficients", "DigitsExceeded", "Layout", "folded", "multiplier"]


@dataclass(frozen=True)
class Layout:
    """The planes kept of every order, and where the rows of a packed series come from.

    `rounding[k]` bounds, in units 2^-bits at u = 1, what an entry of a product may lose at the
    order k, be it a product of two series or one with a constant.
    """

    form: PlaneFormat
    bits: int
    scaling: Fraction
    planes: list[int]
    rounding: Floats

    @classmethod
    def of(cls, form: PlaneFormat, bits: int, scaling: Fraction, order: int, terms: int) -> Layout:
        """For products that sum at most `terms` products of entries per order."""
        orders = np.arange(order + 1)
        # Pairs of digits d, d' with d + d' = s are dropped from s = planes + integer on; there
        # are at most s + 1 of them, and the sums over s decay like 2^(-beta s).
        pairs = np.log2(1.02 * terms * (orders + 1)) + log2(form.planes + form.integer + 2)
        loss = pairs + 2 * log2(form.largest) + form.beta * form.integer + bits
        loss -= orders * log2(scaling)
        planes = np.clip(np.ceil(loss / form.beta), form.integer + 1, form.planes)
        # A constant is low by one last digit, a factor of it is below 2^(beta (integer + 1)).
        constant = bits - form.fraction_bits + form.beta * (form.integer + 1) + log2(terms)
        rounding = np.exp2(loss - form.beta * planes) + np.exp2(constant - orders * log2(scaling))
        return cls(form, bits, scaling, [int(d) for d in planes], rounding * UP)

    @property
    def starts(self) -> Integers:
        """The first row of every order in a packed series."""
        return np.cumsum([0, *self.planes[:-1]])

    @property
    def orders(self) -> Integers:
        """The order of every row."""
        return np.repeat(np.arange(len(self.planes)), self.planes)

    @property
    def places(self) -> Integers:
        """The digit of every row."""
        return np.concatenate([np.arange(d) for d in self.planes])


class DigitsExceeded(ArithmeticError):
    """A number has outgrown its digits."""


def folded(form: PlaneFormat, digits: Floats) -> Floats:
    """Carried digits, from those of pairs d + d' = s, of which the first `integer` are above."""
    form.carry(digits)
    for i in range(form.integer):
        if np.max(np.abs(digits[i])) > 2:
            raise DigitsExceeded
        digits[i + 1] += digits[i] * float(1 << form.beta)
    return digits[form.integer :]


@dataclass(frozen=True)
class DigitCoefficients:
    """The packed digits of the coefficients of all layers: rows (order, digit)."""

    layout: Layout
    shapes: list[tuple[int, int]]
    packed: NDArray[np.int32]
    size: float

    def at(self, u: Fraction) -> tuple[list[flint.fmpz_mat], float]:
        """The polynomials at 0 <= u <= 1 in units, and a bound of the rounding in units."""
        layout, form = self.layout, self.layout.form
        powers, power = [], Fraction(1 << form.fraction_bits)
        for _ in layout.planes:
            powers.append(int(power))
            power = int(power) * u / layout.scaling
        rows = np.arange(form.pairs)[:, None]
        factors = _digits_of(form, powers)[layout.orders, rows - layout.places]
        with one_thread_each():
            digits = folded(form, factors @ self.packed.astype(np.float64))
        shift = form.fraction_bits - layout.bits
        numbers = [x >> shift for x in form.join(digits)]
        found, place = [], 0
        for n, m in self.shapes:
            found.append(flint.fmpz_mat(n, m, numbers[place : place + n * m]))
            place += n * m
        # The last shift rounds down, and the power of order k is low by at most k + 1 last digits.
        lost = float(layout.rounding[0]) * len(layout.planes) + 1
        return found, (sqrt(len(numbers)) * lost + self.size * 2.0**-shift) * UP


def multiplier(form: PlaneFormat, numbers: Sequence[int]) -> Floats:
    """Matrices that multiply digits by numbers, given in units of the last digit.

    Entry (k, s, d) is digit s - d of the number k: the sums over the pairs d + d' = s.
    """
    table = _digits_of(form, numbers)
    return np.asarray(table[:, np.arange(form.pairs)[:, None] - np.arange(form.planes)])


def _digits_of(form: PlaneFormat, numbers: Sequence[int]) -> Floats:
    """Digit j of every number at the column j, zero beyond the planes and for negative j."""
    table = np.zeros((len(numbers), form.planes + form.pairs))
    table[:, : form.planes] = form.split(numbers).T
    return table
