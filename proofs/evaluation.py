"""`evaluate`: certified values of what a claim states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flint
import numpy as np
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import decimal_interval, working_precision
from lemmata.theory.claims import Claim
from sympy import Pow

from .assignments import Assignment, assign
from .domain import rational
from .exact.zero_test import decide_zero
from .inputs import InputError
from .matrix_balls import evaluate_matrix_expression

__all__ = ["SCHEMA", "evaluate"]

SCHEMA = "lemmata.evaluate/1"
MOST_DIGITS = 10_000
MOST_BITS = 1 << 18
EXACT_BITS = 512
"""SymPy factors the integers under roots: a fraction of a second up to this size of the inputs,
minutes at ten times as many bits."""
EXACT_POWER = 64
"""Powers up to this exponent are multiplied out: (p/q)^n has n times the digits of p/q."""
LARGEST_EXPONENT = 100_000
SMALLEST_RADIUS = 120_000
"""A positive radius is widened to 10^-SMALLEST_RADIUS: far below the last digit of any value that
is told, and far from radii such as 2^-10^400, which cannot be written down."""


def evaluate(claim: Claim, inputs: Mapping[str, str], digits: int = 30) -> dict[str, Any]:
    """Value and radius of every output of ``claim`` at exact ``inputs``.

    Returns the dictionary of the JSON schema: decimal strings of at least ``digits`` correct
    significant digits, or exact fractions ``p/q`` with radius ``0`` where the value is rational
    and the inputs are of moderate size; nested lists of them for a matrix.  An entry of a matrix
    may be told as 0 with its radius where that is below 10^(-2 digits) of the largest entry, and a
    number as 0 when thousands of digits do not tell it from zero.  Raises ``InputError`` for a
    missing, an extra or a malformed input, for one outside the domain and for a value that cannot
    be enclosed or is beyond 10^100000.
    """
    what = claim.evaluation
    if what is None:
        raise InputError(
            f"claim: {claim.id} has nothing to evaluate: see `lemmata show {claim.id}`"
        )
    if not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"digits: {digits} is out of range: give 1 to {MOST_DIGITS}")
    point = assign(claim, inputs)
    return {
        "schema": SCHEMA,
        "claim": claim.id,
        "inputs": {name: _echo(value) for name, value in point.given.items()},
        "values": {name: _value(name, expr, point, digits) for name, expr in what.outputs.items()},
    }


def _value(name: str, expr: Any, point: Assignment, digits: int) -> dict[str, Any]:
    if getattr(expr, "is_Matrix", False):
        return _matrix_value(name, expr, point, digits)
    exact = _exact(expr, point)
    if exact is not None and exact.is_Rational:
        return {"value": str(flint.fmpq(int(exact.p), int(exact.q))), "radius": "0"}
    symbols = sorted(expr.free_symbols, key=str)
    program = compile_expressions([expr], symbols)
    values = [point.scalars[symbol] for symbol in symbols]

    def balls(bits: int) -> list[Any]:
        return evaluate_balls(program, values, bits)

    if exact is not None and balls(_first_bits(digits))[0].contains(0) and _vanishes(exact):
        return {"value": "0", "radius": "0"}
    (ball,) = _sharpened(name, balls, digits)
    value, radius = _told(name, ball, digits)
    return {"value": value, "radius": radius}


def _exact(expr: Any, point: Assignment) -> Any:
    """``expr`` at the point as SymPy evaluates it, None where that might take long."""
    numbers = {symbol: point.scalars[symbol] for symbol in expr.free_symbols}
    if any(
        max(x.numerator.bit_length(), x.denominator.bit_length()) > EXACT_BITS
        for x in numbers.values()
    ):
        return None
    exact = {symbol: rational(x) for symbol, x in numbers.items()}
    exponents = [power.exp.subs(exact) for power in expr.atoms(Pow) if power.exp.free_symbols]
    if any(abs(exponent) > EXACT_POWER for exponent in exponents):
        return None
    return expr.subs(exact)


def _vanishes(number: Any) -> bool:
    return decide_zero(number, rng=np.random.default_rng(0)).status == "proved"


def _matrix_value(name: str, expr: Any, point: Assignment, digits: int) -> dict[str, Any]:
    known = {**point.scalars, **point.matrices}
    shape: list[int] = []

    def balls(bits: int) -> list[Any]:
        found = evaluate_matrix_expression(expr, known, bits)
        shape[:] = found.nrows(), found.ncols()
        return list(found.entries())

    told = [_told(name, ball, digits) for ball in _sharpened(name, balls, digits)]
    rows, columns = shape
    values, radii = (
        [[pair[part] for pair in told[i * columns : (i + 1) * columns]] for i in range(rows)]
        for part in (0, 1)
    )
    return {"value": values, "radius": radii}


def _told(name: str, ball: Any, digits: int) -> tuple[str, str]:
    """Value and radius; a ball around zero is told as 0, its digits would mean nothing."""
    with working_precision(64):
        smallest = (flint.arb(10) ** -SMALLEST_RADIUS).upper()
        size = ball.abs_upper()
        if ball.contains(0):
            return decimal_interval(flint.arb(0, size.max(smallest) if size > 0 else size), 1)
        largest = flint.arb(10) ** LARGEST_EXPONENT
        if not 1 / largest < size < largest:
            side = "above 10^" if size > 1 else "below 10^-"
            raise InputError(
                f"values: {name} is {side}{LARGEST_EXPONENT}: give less extreme inputs"
            )
        if 0 < ball.rad() < smallest:
            ball = flint.arb(ball.mid(), smallest)
    return decimal_interval(ball, digits + 2)


def _first_bits(digits: int) -> int:
    return 64 + 4 * digits


def _sharpened(name: str, balls: Callable[[int], list[Any]], digits: int) -> list[Any]:
    """Balls with that many significant digits, zeros of a matrix beside its largest entry.

    What no precision tells from zero is only known to be as small as the last balls say.
    """
    bits, found = _first_bits(digits), []
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


def _echo(value: Any) -> Any:
    return [_echo(v) for v in value] if isinstance(value, list) else str(value)
