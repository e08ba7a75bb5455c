"""Strategy for single modes: a singular value and the strength from which it is learned."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Generic, NamedTuple, TypeVar, overload

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .arguments import Exact, exact, flag, in_order, lazily, number_type
from .rationals import draw_between

__all__ = ["ModeStrength", "mode_strengths"]

N = TypeVar("N", Fraction, float)

TENTH = -1  # 10^-1: simplest ratio a0/s, as 1 would start the mode at its fixed point


class ModeStrength(NamedTuple, Generic[N]):
    """The singular value ``s`` of a mode and its initial strength ``a0``."""

    s: N
    a0: N


@overload
def mode_strengths(
    *,
    min_value: Exact = ...,
    max_value: Exact = ...,
    min_ratio: Exact = ...,
    max_ratio: Exact = ...,
    allow_zero: bool = ...,
    allow_negative: bool = ...,
    dtype: type[Fraction] = ...,
) -> SearchStrategy[ModeStrength[Fraction]]: ...


@overload
def mode_strengths(
    *,
    min_value: Exact = ...,
    max_value: Exact = ...,
    min_ratio: Exact = ...,
    max_ratio: Exact = ...,
    allow_zero: bool = ...,
    allow_negative: bool = ...,
    dtype: type[float],
) -> SearchStrategy[ModeStrength[float]]: ...


@lazily
def mode_strengths(
    *,
    min_value: Exact = "1/100",
    max_value: Exact = 100,
    min_ratio: Exact = "1e-8",
    max_ratio: Exact = 2,
    allow_zero: bool = False,
    allow_negative: bool = False,
    dtype: Any = Fraction,
) -> SearchStrategy[Any]:
    """Pairs ``(s, a0)``: a singular value and the initial strength of its mode.

    ``min_value <= s <= max_value`` and ``min_ratio <= a0/s <= max_ratio``, ends included, every
    decade equally likely.  With the defaults a0 is above s in part of the draws, where the mode
    decays, and at times equal to s, the fixed point.  ``allow_zero`` adds a0 = 0, the unstable
    fixed point, and ``allow_negative`` a0 < 0 with abs(a0)/s in the same range, where a mode is
    never learned: outside the domain of ``modes.trajectory``.

    Draws ``ModeStrength``, a named pair of ``Fraction``; with ``dtype=float`` of floats, each
    rounded to nearest.  Shrinks to s = 1, a0 = 1/10.

    Raises ``InvalidArgument`` on first use for bounds that are not positive or not in order.

    >>> @given(mode_strengths(max_ratio="1/2"))
    ... def test_mode_grows(mode):
    ...     assert mode.a0 < strength_after_training(mode.s, mode.a0)

    Source: Saxe, McClelland & Ganguli: tau da/dt = 2a(s - a), a(0) = a0.
    """
    low, high = exact("min_value", min_value, above=0), exact("max_value", max_value, above=0)
    in_order("min_value", low, "max_value", high)
    least, most = exact("min_ratio", min_ratio, above=0), exact("max_ratio", max_ratio, above=0)
    in_order("min_ratio", least, "max_ratio", most)
    signs = [1]
    signs += [0] if flag("allow_zero", allow_zero) else []
    signs += [-1] if flag("allow_negative", allow_negative) else []
    in_float = number_type(dtype, low, high, low * least, high * most)
    return _modes((low, high), (least, most), signs, in_float)


@st.composite
def _modes(
    draw: DrawFn,
    values: tuple[Fraction, Fraction],
    ratios: tuple[Fraction, Fraction],
    signs: list[int],
    in_float: bool,
) -> Any:
    s = draw_between(draw, *values)
    sign = draw(st.sampled_from(signs))
    a0 = sign * s * draw_between(draw, *ratios, anchor=TENTH) if sign else Fraction(0)
    return ModeStrength(float(s), float(a0)) if in_float else ModeStrength(s, a0)
