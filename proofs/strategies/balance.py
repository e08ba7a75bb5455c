"""Balanced layers: which widths admit an imbalance, and the strengths of a hidden direction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from .matrices import columns, diagonal
from .rationals import draw_between

__all__ = ["Scales", "Sizes", "is_orthogonal", "layers", "obstacle", "root_above", "square_root"]

Sizes = tuple[int, int, int]
"""(N1, N2, N3): inputs, hidden units, outputs."""

FINER = 2**20


class Scales(NamedTuple):
    """Bounds of (p + q)/2, and whether the weaker layer may leave out hidden directions."""

    low: Fraction
    high: Fraction
    allow_zero: bool


def square_root(value: Fraction) -> Fraction | None:
    """The root of ``value`` >= 0 if it is rational."""
    found = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return found if found**2 == value else None


def root_above(value: Fraction) -> Fraction:
    """The root of ``value`` >= 0 if it is rational, else a rational little above it."""
    exact = square_root(value)
    if exact is not None:
        return exact
    whole = value.numerator * value.denominator * FINER**2
    return Fraction(isqrt(whole) + 1, value.denominator * FINER)


def obstacle(sizes: Sizes, imbalance: Fraction) -> str | None:
    """Why no rational layers of these sizes have that imbalance; None where some do.

    W32^T W32 = W21 W21^T + lambda I has rank N2 if lambda > 0, so N3 >= N2; likewise N1 >= N2 if
    lambda < 0.  A hidden direction that only one layer reaches has the strength sqrt(abs(lambda))
    there.
    """
    inputs, hidden, outputs = sizes
    if imbalance > 0 and outputs < hidden:
        return "needs N3 >= N2"
    if imbalance < 0 and inputs < hidden:
        return "needs N1 >= N2"
    if hidden > min(inputs, outputs) and square_root(abs(imbalance)) is None:
        return "needs N2 <= min(N1, N3), or a rational square root"
    return None


def layers(
    draw: DrawFn, sizes: Sizes, imbalance: Fraction, scales: Scales, frames: Sequence[Any]
) -> tuple[Any, Any]:
    """W21 = R D1 V^T and W32 = U D2 R^T with D2^2 - D1^2 = lambda in every hidden direction.

    ``frames`` are the orthogonal matrices R, U, V; hidden direction i goes with the i-th columns
    of U and V, as far as these reach.
    """
    inputs, hidden, outputs = sizes
    R, U, V = frames
    pairs = [
        _strengths(draw, imbalance, scales, reached=i < min(inputs, outputs)) for i in range(hidden)
    ]
    one, two = range(min(inputs, hidden)), range(min(outputs, hidden))
    below = columns(R, one) * diagonal([pairs[i][0] for i in one]) * columns(V, one).transpose()
    above = columns(U, two) * diagonal([pairs[i][1] for i in two]) * columns(R, two).transpose()
    return below, above


def _strengths(
    draw: DrawFn, imbalance: Fraction, scales: Scales, reached: bool
) -> tuple[Fraction, Fraction]:
    """Rationals p, q >= 0 with q^2 - p^2 = lambda: q - p = lambda/m and q + p = m.

    Neither is negative where m^2 >= abs(lambda).
    """
    root = square_root(abs(imbalance))
    if not reached or (scales.allow_zero and root is not None and draw(st.booleans())):
        assert root is not None
        return (Fraction(0), root) if imbalance > 0 else (root, Fraction(0))
    # What is rounded up from sqrt(abs(lambda))/2 <= high may not exceed it.
    least = min(max(scales.low, root_above(abs(imbalance)) / 2), scales.high)
    m = 2 * draw_between(draw, least, scales.high)
    return (m - imbalance / m) / 2, (m + imbalance / m) / 2


def is_orthogonal(matrix: Any) -> bool:
    """Whether M is square and M M^T = I, exactly."""
    size = matrix.nrows()
    return bool(0 < size == matrix.ncols() and matrix * matrix.transpose() == diagonal([1] * size))
