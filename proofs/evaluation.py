"""`evaluate`: certified values of what a claim states."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import decimal_interval
from lemmata.theory.claims import Claim
from sympy import Rational

from .domain import Domain
from .inputs import InputError, exact_value

__all__ = ["SCHEMA", "evaluate"]

SCHEMA = "lemmata.evaluate/1"
MOST_DIGITS = 10_000


def evaluate(claim: Claim, inputs: Mapping[str, str], digits: int = 30) -> dict[str, Any]:
    """Value and radius of every output of ``claim`` at exact ``inputs``.

    Returns the dictionary of the JSON schema: decimal strings, or exact fractions ``p/q`` with
    radius ``0`` where the value is rational.  Raises ``InputError`` for a missing, an extra or a
    malformed input and for one outside the domain.
    """
    what = claim.evaluation
    if what is None:
        raise InputError(
            f"claim: {claim.id} has nothing to evaluate: see `lemmata show {claim.id}`"
        )
    if not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"digits: {digits} is out of range: give 1 to {MOST_DIGITS}")
    _check_names(claim, inputs)
    values = {name: exact_value(name, text) for name, text in inputs.items()}
    point = _point(claim, values)
    outputs = {name: _value(expr, point, digits) for name, expr in what.outputs.items()}
    return {
        "schema": SCHEMA,
        "claim": claim.id,
        "inputs": {name: _echo(value) for name, value in values.items()},
        "values": outputs,
    }


def _check_names(claim: Claim, inputs: Mapping[str, str]) -> None:
    assert claim.evaluation is not None
    wanted = list(claim.evaluation.inputs)
    usage = " ".join(f"{name}=..." for name in wanted)
    for name in wanted:
        if name not in inputs:
            raise InputError(f"{name}: missing input of {claim.id}: give {usage}")
    for name in inputs:
        if name not in wanted:
            raise InputError(f"{name}: {claim.id} has no such input: give {usage}")


def _point(claim: Claim, values: Mapping[str, Any]) -> dict[Any, Fraction]:
    assert claim.evaluation is not None
    point: dict[Any, Fraction] = {}
    for name, symbol in claim.evaluation.inputs.items():
        value = values[name]
        if not isinstance(value, Fraction):
            raise InputError(f"{name}: a list was given, {claim.id} takes one number")
        if (symbol.is_positive and value <= 0) or (symbol.is_nonnegative and value < 0):
            sign = "positive" if symbol.is_positive else "nonnegative"
            raise InputError(f"{name}: {value} is outside the domain: it must be {sign}")
        point[symbol] = value
    for relation in claim.evaluation.domain:
        if Domain(list(point), [relation]).contains(point) is False:
            given = ", ".join(f"{n}={v}" for n, v in values.items())
            raise InputError(f"{given}: outside the domain {_named(claim, relation)} of {claim.id}")
    return point


def _named(claim: Claim, relation: Any) -> str:
    assert claim.evaluation is not None
    text = str(relation)
    for name, symbol in sorted(claim.evaluation.inputs.items(), key=lambda i: -len(str(i[1]))):
        text = text.replace(str(symbol), name)
    return text


def _value(expr: Any, point: Mapping[Any, Fraction], digits: int) -> dict[str, str]:
    exact = expr.subs({k: Rational(v.numerator, v.denominator) for k, v in point.items()})
    if exact.is_Rational:
        return {"value": str(exact), "radius": "0"}
    program = compile_expressions([expr], list(point))
    try:
        ball = enclose(program, list(point.values()), digits + 2)[0]
    except ArithmeticError as error:
        raise InputError(str(error)) from None
    value, radius = decimal_interval(ball, digits + 2)
    return {"value": value, "radius": radius}


def _echo(value: Any) -> Any:
    return [_echo(v) for v in value] if isinstance(value, list) else str(value)
