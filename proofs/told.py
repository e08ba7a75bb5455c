"""Balls as decimals: sharpened to the digits asked for, told with their radius."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import flint
from lemmata.numerics.precision import decimal_interval, working_precision

from .inputs import InputError

__all__ = ["first_bits", "sharpened", "told"]

MOST_BITS = 1 << 18
LARGEST_EXPONENT = 100_000
SMALLEST_RADIUS = 120_000
"""A positive radius is widened to 10^-SMALLEST_RADIUS: far below the last digit of any value that
is told, and far from radii such as 2^-10^400, which cannot be written down."""


def told(name: str, ball: Any, digits: int) -> tuple[str, str]:
    """Value and radius; a ball around zero is told as 0, its digits would mean nothing."""
    with working_precision(64):
        smallest, largest = _extremes()
        size = ball.abs_upper()
        if ball.contains(0):
            return decimal_interval(flint.arb(0, size.max(smallest) if size > 0 else size), 1)
        if not 1 / largest < size < largest:
            side = "above 10^" if size > 1 else "below 10^-"
            raise InputError(
                f"values: {name} is {side}{LARGEST_EXPONENT}: give less extreme inputs"
            )
        if 0 < ball.rad() < smallest:
            ball = flint.arb(ball.mid(), smallest)
    return decimal_interval(ball, digits + 2)


@cache
def _extremes() -> tuple[Any, Any]:
    with working_precision(64):
        return (flint.arb(10) ** -SMALLEST_RADIUS).upper(), flint.arb(10) ** LARGEST_EXPONENT


def first_bits(digits: int) -> int:
    """The precision to begin with."""
    return 64 + 4 * digits


def sharpened(name: str, balls: Callable[[int], list[Any]], digits: int) -> list[Any]:
    """Balls with that many significant digits, zeros of a matrix beside its largest entry.

    What no precision tells from zero is only known to be as small as the last balls say.
    """
    bits, found = first_bits(digits), []
    while bits <= MOST_BITS:
        try:
            found = balls(bits)
        except ZeroDivisionError:  # an inverse that this precision cannot separate from singular
            found = []
        if found and _sharp(found, digits):
            return found
        bits *= 2
    if found and _sharp(found, digits, zero_scale=1):
        return found
    raise InputError(
        f"values: no enclosure of {name} to {digits} digits: it is singular or undefined, or "
        f"would need more than {MOST_BITS} bits"
    )


def _sharp(found: list[Any], digits: int, zero_scale: int = 0) -> bool:
    """Each ball narrow beside its number; around zero beside the largest and ``zero_scale``."""
    if not all(ball.is_finite() for ball in found):
        return False
    with working_precision(64):
        scale = flint.arb(zero_scale)
        for ball in found:
            scale = scale.max(ball.abs_lower())
        unit = flint.arb(10) ** (-digits - 1)
        return all(
            ball.rad() <= (unit**2 * scale if ball.contains(0) else unit * ball.abs_lower())
            for ball in found
        )
