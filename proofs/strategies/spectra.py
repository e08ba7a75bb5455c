"""Strategy for spectra: decreasing singular values with multiplets, near ties and zeros."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, overload

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .arguments import Exact, exact, flag, in_order, invalid, lazily, number_type, whole
from .rationals import Array, draw_between, floats

__all__ = ["spectra"]

NEARLY = Fraction(1, 10**9)
"""Values are nearly equal when they differ by this share of the range."""

# Rounding to nearest moves a value up to m by at most 2^-53 m: what differs by 2^-51 m before
# differs by 2^-52 m after.
DISTINCT = Fraction(1, 2**51)


@overload
def spectra(
    *,
    min_size: int = ...,
    max_size: int | None = ...,
    min_value: Exact = ...,
    max_value: Exact = ...,
    degenerate: bool = ...,
    gap: Exact | None = ...,
    allow_zero: bool = ...,
    dtype: type[Fraction] = ...,
) -> SearchStrategy[list[Fraction]]: ...


@overload
def spectra(
    *,
    min_size: int = ...,
    max_size: int | None = ...,
    min_value: Exact = ...,
    max_value: Exact = ...,
    degenerate: bool = ...,
    gap: Exact | None = ...,
    allow_zero: bool = ...,
    dtype: type[float],
) -> SearchStrategy[Array]: ...


@lazily
def spectra(
    *,
    min_size: int = 1,
    max_size: int | None = None,
    min_value: Exact = "1/100",
    max_value: Exact = 100,
    degenerate: bool = True,
    gap: Exact | None = None,
    allow_zero: bool = False,
    dtype: Any = Fraction,
) -> SearchStrategy[Any]:
    """Singular values s_1 >= s_2 >= ... in [``min_value``, ``max_value``].

    ``min_size`` to ``max_size`` of them (by default up to four more than ``min_size``).
    ``degenerate=False`` makes all of them differ; else multiplets occur.  Values that differ do
    so by at least ``gap``; without a ``gap`` by as little as 1e-9 of the range (nearly equal
    values), but always so much that float64 tells them apart.  ``allow_zero`` adds zeros at the
    end, at most one with ``degenerate=False``, as for data of lower rank.

    Draws a list of ``Fraction``; with ``dtype=float`` a float64 array of shape (size,), each
    value rounded to nearest.  Shrinks to k, ..., 2, 1, with the default bounds.

    Raises ``InvalidArgument`` on first use for bounds that are not positive or not in order, and
    when ``min_size`` values that differ do not fit in.

    >>> @given(spectra(min_size=2, degenerate=False, gap="1/10"))
    ... def test_stronger_modes_are_learned_first(s): ...

    Source: Sigma31 = U S V^T in Saxe, McClelland & Ganguli; multiplets as in hierarchies.
    """
    least = whole("min_size", min_size, least=0)
    most = least + 4 if max_size is None else whole("max_size", max_size, least=0)
    in_order("min_size", least, "max_size", most)
    low, high = exact("min_value", min_value, above=0), exact("max_value", max_value, above=0)
    in_order("min_value", low, "max_value", high)
    step = max((high - low) * NEARLY, high * DISTINCT)
    if gap is not None:
        step = max(exact("gap", gap, above=0), high * DISTINCT)
    multiplets, zeros = flag("degenerate", degenerate), flag("allow_zero", allow_zero)
    in_float = number_type(dtype, low, high)
    room = _Room(low, high, step, multiplets, zeros)
    if not multiplets:
        fits = room.distinct
        if least > fits:
            problem = f"is more than the {fits} values that fit {step} apart from {low} to {high}"
            raise invalid("min_size", min_size, problem, "lower it or gap, or widen the range")
        most = min(most, fits)
    drawn = _spectra(least, most, room)
    return drawn.map(floats) if in_float else drawn


class _Room:
    """Where values may lie: in [low, high], those that differ at least ``step`` apart."""

    def __init__(
        self, low: Fraction, high: Fraction, step: Fraction, multiplets: bool, zeros: bool
    ) -> None:
        self.low, self.high, self.step = low, high, step
        self.multiplets = multiplets
        self.zeros = zeros and step <= high

    @property
    def positive(self) -> int:
        """How many different positive values fit in."""
        return (self.high - self.low) // self.step + 1

    @property
    def distinct(self) -> int:
        """How many different values fit in, zero included: the least positive is a step above."""
        if not self.zeros:
            return self.positive
        return (self.high - max(self.low, self.step)) // self.step + 2

    def zeros_among(self, size: int) -> range:
        """How many of ``size`` values can be zero."""
        if not self.zeros or not size:
            return range(1)
        if self.multiplets:
            return range(size + 1)
        return range(int(size > self.positive), 2)


@st.composite
def _spectra(draw: DrawFn, least: int, most: int, room: _Room) -> list[Fraction]:
    size = draw(st.integers(least, most))
    zeros = draw(st.sampled_from(room.zeros_among(size)))
    low = max(room.low, room.step) if zeros else room.low
    rising: list[Fraction] = []
    for left in reversed(range(size - zeros)):
        # Values that must all differ leave room for those above them.
        ceiling = room.high if room.multiplets else room.high - left * room.step
        rising.append(_next(draw, rising, low, ceiling, room))
    return [*reversed(rising), *[Fraction(0)] * zeros]


def _next(
    draw: DrawFn, rising: list[Fraction], low: Fraction, ceiling: Fraction, room: _Room
) -> Fraction:
    if not rising:
        return draw_between(draw, low, ceiling)
    # Repeating draws as many choices as stepping does, or multiplets would be what is simplest.
    repeat = room.multiplets and draw(st.booleans())
    last = rising[-1]
    step = draw_between(draw, room.step, max(room.step, ceiling - last))
    return last if repeat or last + step > ceiling else last + step
