"""Matrices of fixed-point numbers as planes of digits, multiplied exactly by float64 products.

A number is sum_d x_d 2^(beta (I - d)), d = 0 .. D - 1, with integer digits x_d kept in float64.
The digits are redundant: at most `largest`, a little above 2^(beta - 1), in absolute value. A
product of matrices of planes is one product of float64 matrices for all pairs of digits,
followed by the sum over the pairs d + d' = s. Every partial sum is an integer below 2^53, so
float64 holds it exactly whatever the order of summation: no rounding happens anywhere, digits
are only dropped, and how many is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import isqrt

import numpy as np

from .network_expansion import Floats

__all__ = ["Left", "PlaneFormat", "Right", "choose_format", "multiply", "require_exact_products"]

BLOCK_SIZES = (4000, 8000, 16000, 64000)  # entries of a product worth one more block of rows
EXACT_BITS = 52  # every sum stays at or below 2^52, its carries below 2^53
WORD_BITS = 62  # digits are joined in 64-bit integers before they become unbounded ones


@dataclass(frozen=True)
class PlaneFormat:
    """Digits of `beta` bits, `integer` of them above the unit digit, `planes` in all."""

    beta: int
    integer: int
    planes: int

    @property
    def largest(self) -> int:
        """The largest digit after two carries of sums up to 2^52."""
        return _largest(self.beta)

    @property
    def pairs(self) -> int:
        """The number of sums over pairs of digits that reach the last digit kept."""
        return self.planes + self.integer

    @property
    def fraction_bits(self) -> int:
        """The last digit counts 2^-fraction_bits."""
        return self.beta * (self.planes - 1 - self.integer)

    def weights(self, planes: int) -> Floats:
        """What the first digits count."""
        return np.exp2(self.beta * (self.integer - np.arange(planes, dtype=np.float64)))

    def carry(self, digits: Floats) -> None:
        """Bring all digits but the first to at most `largest`, in place, the value unchanged."""
        base = float(1 << self.beta)
        for _ in range(_carries(self.beta)):
            carried = np.rint(digits[1:] * (1 / base))
            digits[1:] -= carried * base
            digits[:-1] += carried

    def split(self, integers: Sequence[int]) -> Floats:
        """The digits of integers times 2^-fraction_bits, along the second axis; exact."""
        numbers, mask = np.array([int(x) for x in integers], dtype=object), (1 << self.beta) - 1
        digits = np.empty((self.planes, len(integers)))
        for place in reversed(range(1, self.planes)):
            digits[place] = (numbers & mask).astype(np.float64)
            numbers = numbers >> self.beta
        digits[0] = numbers.astype(np.float64)
        self.carry(digits)
        return digits

    def join(self, digits: Floats) -> list[int]:
        """The integers whose digits these are, in units of the last one given; exact."""
        words = digits.astype(np.int64)
        total = np.zeros(digits.shape[1], dtype=object)
        size = WORD_BITS // self.beta
        for first in range(0, len(words), size):
            group = words[first : first + size]
            joined = group[0]
            for row in group[1:]:
                joined = (joined << self.beta) + row
            total = (total << (self.beta * len(group))) + joined.astype(object)
        return [int(x) for x in total]

    def rational(self, value: Fraction) -> int:
        """The integer nearest below value 2^fraction_bits."""
        return (value.numerator << self.fraction_bits) // value.denominator

    def fits(self, digits: Floats) -> bool:
        """Whether the first digits are small enough to take part in exact sums."""
        return bool(np.max(np.abs(digits), initial=0.0) <= self.largest)


def _carries(beta: int) -> int:
    return 2 if beta > 18 else 3


def _largest(beta: int) -> int:
    # A sum of at most 2^52 carries 2^(52 - beta), and 2^(52 - 2 beta) and a half after that.
    return (1 << (beta - 1)) + (1 << max(0, EXACT_BITS - _carries(beta) * beta)) + 2


def choose_format(bits: int, terms: int, magnitude: int) -> PlaneFormat:
    """Digits that sum `terms` products a pair exactly, and hold 2^-bits up to 2^magnitude."""
    for beta in range(22, 13, -1):
        integer = max(0, -(-(magnitude + 2 - beta) // beta))
        # Dropped pairs of digits weigh as much as terms * planes * largest^2 last digits.
        planes = integer + -(-(bits + 2 * beta + terms.bit_length() + 4) // beta)
        if terms * (planes + 1) * _largest(beta) ** 2 <= 1 << EXACT_BITS:
            return PlaneFormat(beta, integer, planes)
    raise ValueError(f"terms: sums of {terms} products do not fit in float64: use narrower layers")


@lru_cache(maxsize=1)
def require_exact_products() -> None:
    """Check once that float64 products of matrices of integers are exact below 2^53.

    Raises
    ------
    ArithmeticError
        If this BLAS rounds, as one that emulates float64 or multiplies by Strassen's method may.
    """
    rows, terms = 12, 512
    largest = isqrt((1 << EXACT_BITS) // terms)
    places = np.arange(rows * terms)
    numbers = (largest - places % 1009) * np.where(places % 7 < 3, -1, 1)
    left = numbers.reshape(rows, terms)
    exact = left.astype(object) @ left.T.astype(object)
    floats = left.astype(np.float64)
    if not np.array_equal((floats @ floats.T.copy()).astype(np.int64).astype(object), exact):
        raise ArithmeticError(
            "numpy: its BLAS rounds float64 products of integers below 2^53, so no enclosure can "
            "be trusted: use a NumPy built with OpenBLAS, MKL or Accelerate at default settings"
        )


class Left:
    """A series of matrices as left factors: rows (digit, row), columns (order, column)."""

    def __init__(self, form: PlaneFormat, orders: int, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        # Planes beyond the last digit, always zero, take part where a product has higher ones.
        self.store = np.zeros((form.pairs, rows, orders, columns))
        self._flat = self.store.reshape(form.pairs * rows, orders * columns)

    def put(self, order: int, digits: Floats) -> None:
        """Store the coefficient of an order, digits along the first axis."""
        self.store[: len(digits), :, order] = digits

    def factor(self, order: int, planes: int) -> Floats:
        """The coefficients 0 .. order side by side."""
        return self._flat[: planes * self.rows, : (order + 1) * self.columns]


class Right:
    """A series of matrices as right factors: rows (falling order, row), columns (digit, column)."""

    def __init__(self, form: PlaneFormat, orders: int, rows: int, columns: int) -> None:
        self.rows, self.columns, self._last = rows, columns, orders - 1
        self.store = np.zeros((orders, rows, form.pairs, columns))
        self._flat = self.store.reshape(orders * rows, form.pairs * columns)

    def put(self, order: int, digits: Floats) -> None:
        """Store the coefficient of an order, digits along the first axis."""
        self.store[self._last - order, :, : len(digits)] = digits.transpose(1, 0, 2)

    def factor(self, order: int, planes: int) -> Floats:
        """The coefficients order .. 0 on top of each other."""
        return self._flat[(self._last - order) * self.rows :, : planes * self.columns]


def multiply(left: Left, right: Right, order: int, planes: int, out: Floats) -> None:
    """sum_i left_i right_(order - i) in sums over pairs of digits; `out` is (planes, rows, cols).

    Entry s of `out` sums the pairs d + d' = s below `planes`; nothing is carried.
    """
    product, diagonals, cuts = _workspace(planes, left.rows, right.columns)
    above, below = left.factor(order, planes), right.factor(order, planes)
    for first, last in pairwise(cuts):
        # Pairs beyond the last plane are not wanted: the later the digit, the fewer partners.
        rows = slice(first * left.rows, last * left.rows)
        columns = slice(0, (planes - first) * right.columns)
        np.matmul(above[rows], below[:, columns], out=product[rows, columns])
    np.add.reduce(diagonals, axis=0, out=out)


@lru_cache(maxsize=256)
def _workspace(planes: int, rows: int, columns: int) -> tuple[Floats, Floats, list[int]]:
    """Where a product goes, the view (d, s, row, column) of it that pairs d with s - d, its blocks.

    The digits of the right factor are followed by as many zeros, which the view meets where
    s - d is negative: there it reads the end of the row before.
    """
    width = 2 * planes * columns
    store = np.zeros((planes * rows, width))
    item = store.itemsize
    strides = (rows * width - columns, columns, width, 1)
    view = np.lib.stride_tricks.as_strided(
        store,
        shape=(planes, planes, rows, columns),
        strides=tuple(item * s for s in strides),
    )
    numbers = planes * rows * planes * columns
    blocks = 1 + sum(numbers >= size for size in BLOCK_SIZES)
    cuts = [planes * i // blocks for i in range(blocks + 1)]
    return store[:, : planes * columns], view, sorted(set(cuts))
