"""Positive rationals over many orders of magnitude, and their conversion to float64."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from numpy.typing import NDArray

__all__ = ["Array", "Matrix", "draw_between", "draw_share", "floats"]

Matrix = list[list[Fraction]]
"""Rows of exact rationals."""

Array = NDArray[np.float64]
"""float64; every entry is the exact value, rounded to nearest."""


def draw_share(draw: DrawFn, *, most: int = 12) -> Fraction:
    """A rational from 0 to 1, ends included, with a denominator up to ``most``; shrinks to 0."""
    parts = draw(st.integers(1, most))
    return Fraction(draw(st.integers(0, parts)), parts)


def draw_between(draw: DrawFn, low: Fraction, high: Fraction, anchor: int = 0) -> Fraction:
    """A rational from ``low`` > 0 to ``high``, ends included, with every decade equally likely.

    Shrinks to 10^anchor, else to the power of ten nearest to it, else (none in range) to ``low``.
    """
    pieces = _decades(low, high, anchor)
    start, end = pieces[draw(st.integers(0, len(pieces) - 1))]
    return start + (end - start) * draw_share(draw)


@lru_cache(maxsize=256)
def _decades(low: Fraction, high: Fraction, anchor: int) -> list[tuple[Fraction, Fraction]]:
    """[low, high] cut at powers of ten, the simplest piece first."""
    first = _exponent(low)
    if _power(first) < low:
        first += 1
    powers = range(first, _exponent(high) + 1)
    pieces = [
        (_power(k), min(high, _power(k + 1)))
        for k in sorted(powers, key=lambda k: (abs(k - anchor), -k))
    ]
    if not pieces:
        return [(low, high)]
    return pieces if low == _power(first) else [*pieces, (low, _power(first))]


def _exponent(value: Fraction) -> int:
    """The greatest k with 10^k <= value."""
    # a and b digits: 10^(a-1-b) < value < 10^(a-b+1), so k is a-b or one less.
    k = len(str(value.numerator)) - len(str(value.denominator))
    return k if _power(k) <= value else k - 1


def _power(k: int) -> Fraction:
    return Fraction(10) ** k


def floats(values: Sequence[Any]) -> Array:
    """Exact numbers, or rows of them, as float64: each rounded to nearest."""
    return np.array(values, dtype=np.float64)
