"""`evaluate`: certified values of what a claim states."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.outputs import Cases, Flow, Listed

from .assignments import Assignment, assign
from .branches import choose
from .cases import chosen, told_outputs
from .flows import flow_value
from .formulas import Formula
from .inputs import InputError
from .levels.evaluating import level_values
from .lists import Places, nested
from .matrix_balls import evaluate_matrix_expression
from .told import sharpened, told

__all__ = ["SCHEMA", "evaluate"]

SCHEMA = "lemmata.evaluate/1"
MOST_DIGITS = 10_000
MOST_EXACT = 300
"""Entries of a list that SymPy may evaluate to a fraction, a millisecond each; of longer lists only
those without functions are told exactly."""


def evaluate(claim: Claim, inputs: Mapping[str, str], digits: int = 30) -> dict[str, Any]:
    """Value and radius of every output of ``claim`` at exact ``inputs``.

    Returns the dictionary of the JSON schema: decimal strings of at least ``digits`` correct
    significant digits, or exact fractions ``p/q`` with radius ``0`` where the value is rational
    and the inputs are of moderate size; nested lists of them for a matrix, a tuple and a family
    over indices, with the values of the indices at its ``first`` entries.  Outputs that need an
    optional input which is not given are left out.  An entry of a matrix may
    be told as 0 with its radius where that is below 10^(-2 digits) of the largest entry, and a
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
    branch = choose(claim, inputs) if what.branches else None
    if claim.levels is not None:
        given, values = level_values(claim, inputs, digits)
    elif branch is not None:
        given = branch.given
        values = evaluate(branch.claim, branch.inputs, digits)["values"]
    else:
        point = assign(claim, inputs)
        given = point.given
        values = {
            name: _told_elsewhere(claim, name, output, point, digits)
            if isinstance(output, Cases)
            else _value(name, output, point, digits)
            for name, output in told_outputs(claim, point.given).items()
        }
    return {
        "schema": SCHEMA,
        "claim": claim.id,
        "inputs": {name: _echo(value) for name, value in given.items()},
        "values": values,
    }


def _told_elsewhere(
    claim: Claim, name: str, output: Cases, point: Assignment, digits: int
) -> dict[str, Any]:
    """The output of the claim whose case it is, asked at these inputs."""
    assert claim.evaluation is not None
    other, at, called = chosen(name, output, claim.evaluation, point)
    found: dict[str, Any] = evaluate(other, at, digits)["values"][called]
    return found


def _value(name: str, output: Any, point: Assignment, digits: int) -> dict[str, Any]:
    if isinstance(output, Listed):
        return _list_value(name, output, point, digits)
    if isinstance(output, tuple):
        parts = [_value(name, part, point, digits) for part in output]
        return {key: [part[key] for part in parts] for key in ("value", "radius")}
    if getattr(output, "is_Matrix", False):
        return _matrix_value(name, output, point, digits)
    if isinstance(output, Flow):
        value, radius = flow_value(name, output, point, digits)
    else:
        value, radius = Formula(name, output, point).told(digits)
    return {"value": value, "radius": radius}


def _list_value(name: str, family: Listed, point: Assignment, digits: int) -> dict[str, Any]:
    """Nested lists, and the values of the indices at their first entries."""
    places = Places(name, family, point.scalars)
    formula = Formula(name, family.expression, point, family.indices)
    exact = places.count <= MOST_EXACT
    pairs = [formula.told(digits, place, exact) for place in places]
    value, radius = (nested(places.shape, iter(pairs), itemgetter(part)) for part in (0, 1))
    return {"value": value, "radius": radius, "first": places.first}


def _matrix_value(name: str, expr: Any, point: Assignment, digits: int) -> dict[str, Any]:
    known = {**point.scalars, **point.matrices}
    shape: list[int] = []

    def balls(bits: int) -> list[Any]:
        found = evaluate_matrix_expression(expr, known, bits)
        shape[:] = found.nrows(), found.ncols()
        return list(found.entries())

    pairs = [told(name, ball, digits) for ball in sharpened(name, balls, digits)]
    rows, columns = shape
    values, radii = (
        [[pair[part] for pair in pairs[i * columns : (i + 1) * columns]] for i in range(rows)]
        for part in (0, 1)
    )
    return {"value": values, "radius": radii}


def _echo(value: Any) -> Any:
    return [_echo(v) for v in value] if isinstance(value, list) else str(value)
