"""`evaluate`: certified values of what a claim states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flint
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import decimal_interval, working_precision
from lemmata.theory.claims import Claim

from .assignments import Assignment, assign
from .domain import rational
from .inputs import InputError
from .matrix_balls import evaluate_matrix_expression

__all__ = ["SCHEMA", "evaluate"]

SCHEMA = "lemmata.evaluate/1"
MOST_DIGITS = 10_000
MOST_BITS = 1 << 18


def evaluate(claim: Claim, inputs: Mapping[str, str], digits: int = 30) -> dict[str, Any]:
    """Value and radius of every output of ``claim`` at exact ``inputs``.

    Returns the dictionary of the JSON schema: decimal strings of at least ``digits`` correct
    significant digits, or exact fractions ``p/q`` with radius ``0`` where the value is rational;
    nested lists of them for a matrix.  Raises ``InputError`` for a missing, an extra or a
    malformed input and for one outside the domain.
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
        "values": {name: _value(expr, point, digits) for name, expr in what.outputs.items()},
    }


def _value(expr: Any, point: Assignment, digits: int) -> dict[str, Any]:
    if getattr(expr, "is_Matrix", False):
        return _matrix_value(expr, point, digits)
    exact = expr.subs({k: rational(v) for k, v in point.scalars.items()})
    if exact.is_Rational:
        return {"value": str(exact), "radius": "0"}
    symbols = sorted(expr.free_symbols, key=str)
    program = compile_expressions([expr], symbols)
    values = [point.scalars[symbol] for symbol in symbols]
    (ball,) = _sharpened(lambda bits: evaluate_balls(program, values, bits), digits)
    value, radius = _told(ball, digits)
    return {"value": value, "radius": radius}


def _matrix_value(expr: Any, point: Assignment, digits: int) -> dict[str, Any]:
    known = {**point.scalars, **point.matrices}
    shape: list[int] = []

    def balls(bits: int) -> list[Any]:
        found = evaluate_matrix_expression(expr, known, bits)
        shape[:] = found.nrows(), found.ncols()
        return list(found.entries())

    told = [_told(ball, digits) for ball in _sharpened(balls, digits)]
    rows, columns = shape
    values, radii = (
        [[pair[part] for pair in told[i * columns : (i + 1) * columns]] for i in range(rows)]
        for part in (0, 1)
    )
    return {"value": values, "radius": radii}


def _told(ball: Any, digits: int) -> tuple[str, str]:
    """Value and radius; a ball around zero is told as 0, its digits would mean nothing."""
    if ball.contains(0):
        return "0", decimal_interval(abs(ball).upper(), 2)[0]
    return decimal_interval(ball, digits + 2)


def _sharpened(balls: Callable[[int], list[Any]], digits: int) -> list[Any]:
    """Balls with that many significant digits; a ball around zero is sharp beyond the others."""
    bits = 64 + 4 * digits
    while bits <= MOST_BITS:
        try:
            found = balls(bits)
        except ZeroDivisionError:  # an inverse that this precision cannot separate from singular
            found = []
        if found and _sharp(found, digits):
            return found
        bits *= 2
    raise InputError(f"values: no enclosure to {digits} digits: the value is singular or undefined")


def _sharp(found: list[Any], digits: int) -> bool:
    if not all(ball.is_finite() for ball in found):
        return False
    with working_precision(64):
        scale = max((abs(ball).upper() for ball in found), default=flint.arb(0))
        unit = flint.arb(10) ** (-digits - 1)
        return all(
            ball.rad() <= unit * abs(ball).lower()
            or (ball.contains(0) and ball.rad() <= unit**2 * scale.max(flint.arb(1)))
            for ball in found
        )


def _echo(value: Any) -> Any:
    return [_echo(v) for v in value] if isinstance(value, list) else str(value)
