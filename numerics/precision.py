"""Working precision, exact input, and decimal output of balls (python-flint `arb`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from operator import index
from typing import Any, TypeAlias

import flint

__all__ = [
    "BITS_PER_DIGIT",
    "MOST_DIGITS",
    "Rational",
    "as_fraction",
    "checked_digits",
    "checked_integer",
    "checked_list",
    "decimal_interval",
    "exact_ball",
    "upper_bound",
    "working_precision",
]

Rational: TypeAlias = int | Fraction | flint.fmpz | flint.fmpq
"""Exact input: `int`, `fractions.Fraction`, `flint.fmpz` or `flint.fmpq`; never a float."""

BITS_PER_DIGIT = Fraction(3322, 1000)
"""A rational above log2(10) = 3.32192..., so that bits computed with it always suffice."""

MOST_DIGITS = 100_000
"""The most decimal digits that closed forms, quadrature and roots are asked for."""

RADIUS_DIGITS = 3


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Balls of `bits` bits inside the block; the precision before is restored in every case.

    flint's precision belongs to the process: run concurrent work in processes, not threads.

    Parameters
    ----------
    bits : int
        Working precision of flint's context, at least 2.

    Raises
    ------
    ValueError
        If `bits` is below 2.
    """
    if bits < 2:
        raise ValueError(f"bits: {bits} is too small: give at least 2, 128 is common")
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def as_fraction(value: Rational, name: str = "value") -> Fraction:
    """The exact rational `value` as a `Fraction`; `name` is what an error calls the argument.

    Raises
    ------
    TypeError
        If `value` is not an exact rational (a float stands for an unknown decimal).
    """
    if isinstance(value, bool):
        raise TypeError(f"{name}: {value!r} is a truth value: give 0 or 1")
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, flint.fmpz):
        return Fraction(int(value))
    if isinstance(value, flint.fmpq):
        return Fraction(int(value.p), int(value.q))
    raise TypeError(
        f"{name}: {value!r} is not an exact rational: give an int, a fractions.Fraction, "
        "a flint.fmpz or a flint.fmpq"
    )


def checked_integer(value: int, name: str, *, smallest: int = 1, largest: int | None = None) -> int:
    """`value` as an `int` within bounds; `name` is what an error calls the argument.

    Raises
    ------
    TypeError
        If `value` is not an integer; a truth value is none.
    ValueError
        If it is below `smallest` or above `largest`.
    """
    wanted = f"give an int, at least {smallest}" + (f" and at most {largest}" if largest else "")
    try:
        if isinstance(value, bool):
            raise TypeError
        number = index(value)
    except TypeError:
        raise TypeError(f"{name}: {value!r} is not an integer: {wanted}") from None
    if number < smallest:
        raise ValueError(f"{name}: {number} is too small: {wanted}")
    if largest is not None and number > largest:
        raise ValueError(f"{name}: {number} is too large: {wanted}")
    return number


def checked_digits(digits: int, *, largest: int = MOST_DIGITS) -> int:
    """A number of decimal digits, from 1 to `largest`.

    Raises
    ------
    TypeError, ValueError
        As `checked_integer`.
    """
    return checked_integer(digits, "digits", largest=largest)


def checked_list(values: Any, name: str, wanted: str) -> list[Any]:
    """The entries of a sequence; `wanted` tells in an error what to give.

    Raises
    ------
    TypeError
        If `values` is not a sequence, or is text or a mapping.
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise TypeError(f"{name}: {values!r} is not a sequence: give {wanted}")
    return list(values)


def exact_ball(value: Rational) -> flint.arb:
    """The ball around the rational `value`, rounded once: radius at most 2^(1 - bits) |value|.

    Its radius is zero where the working precision represents the value exactly.

    Raises
    ------
    TypeError
        If `value` is not an exact rational.
    """
    fraction = as_fraction(value)
    return flint.arb(flint.fmpq(fraction.numerator, fraction.denominator))


def upper_bound(ball: flint.arb) -> flint.arb:
    """An exact ball (radius zero) at or above every number in `ball`, rounded upwards."""
    return ball.upper()


def decimal_interval(ball: flint.arb, digits: int) -> tuple[str, str]:
    """Decimal strings `(value, radius)` with |x - value| <= radius for every x in `ball`.

    The radius counts the rounding of the midpoint to decimal, is rounded upwards and has at
    most three significant digits ("0" if the value is exact).

    Parameters
    ----------
    ball : flint.arb
        A finite ball.
    digits : int
        Significant decimal digits of `value`, at least 1.

    Raises
    ------
    ValueError
        If the ball is not finite or `digits` is below 1.

    Examples
    --------
    >>> decimal_interval(exact_ball(Fraction(1, 4)), 10)
    ('0.25', '0')
    """
    digits = checked_integer(digits, "digits")
    if not ball.is_finite():
        raise ValueError(f"ball: {ball} is not finite, so no decimal interval contains it")
    middle, radius = ball.mid().fmpq(), ball.rad().fmpq()
    value, exponent = _round_decimal(middle, digits)
    gap = abs(middle - _scaled(value, exponent)) + radius
    return _written(value, exponent), _written(*_round_up_decimal(gap))


def _scaled(integer: flint.fmpz, exponent: int) -> flint.fmpq:
    power = flint.fmpz(10) ** abs(exponent)
    return flint.fmpq(integer * power, 1) if exponent >= 0 else flint.fmpq(integer, power)


def _decimal_exponent(value: flint.fmpq) -> int:
    """The e with 10**e <= |value| < 10**(e+1), for a nonzero value."""
    bits = len(bin(abs(int(value.p)))) - len(bin(int(value.q)))
    guess = bits * 30103 // 100000
    while _scaled(flint.fmpz(1), guess) > abs(value):
        guess -= 1
    while _scaled(flint.fmpz(1), guess + 1) <= abs(value):
        guess += 1
    return guess


def _round_decimal(value: flint.fmpq, digits: int) -> tuple[flint.fmpz, int]:
    if value == 0:
        return flint.fmpz(0), 0
    exponent = _decimal_exponent(value) - digits + 1
    scaled = value / _scaled(flint.fmpz(1), exponent)
    return (2 * scaled.p + scaled.q) // (2 * scaled.q), exponent


def _round_up_decimal(value: flint.fmpq) -> tuple[flint.fmpz, int]:
    if value == 0:
        return flint.fmpz(0), 0
    exponent = _decimal_exponent(value) - RADIUS_DIGITS + 1
    scaled = value / _scaled(flint.fmpz(1), exponent)
    return -(-scaled.p // scaled.q), exponent


def _written(integer: flint.fmpz, exponent: int) -> str:
    """`integer * 10**exponent`, in plain notation unless the exponent is far from zero."""
    sign, digits = ("-" if integer < 0 else ""), str(abs(integer))
    stripped = digits.rstrip("0") or "0"
    exponent = exponent + len(digits) - len(stripped) if stripped != "0" else 0
    point = len(stripped) + exponent
    if exponent >= 0 and point <= 20:
        return sign + stripped + "0" * exponent
    if exponent < 0 and -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{stripped}"
    if exponent < 0 and point > 0:
        return f"{sign}{stripped[:point]}.{stripped[point:]}"
    fraction = f".{stripped[1:]}" if len(stripped) > 1 else ""
    return f"{sign}{stripped[0]}{fraction}e{point - 1:+d}"
