"""From the inputs of ``evaluate`` to exact values of the symbols and letters of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lemmata.numerics.precision import exact_ball
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Root
from sympy import MatrixSymbol, Symbol

from .domain import Domain, rational
from .implicit import ImplicitValue
from .inputs import InputError, exact_value
from .words.fields import Rationals
from .words.values import Point, Values

__all__ = [
    "Assignment",
    "assign",
    "check_names",
    "checked_scalar",
    "missing_symbols",
    "short",
]


@dataclass(frozen=True)
class Assignment:
    """``given``: inputs as read; ``scalars``: symbols, sizes and derived symbols included;
    ``matrices``: letters to rows; ``roots``: symbols that an equation defines.
    """

    given: dict[str, Any]
    scalars: dict[Any, Fraction]
    matrices: dict[Any, list[list[Fraction]]]
    roots: dict[Any, ImplicitValue] = field(default_factory=dict)

    def ball(self, symbol: Any, bits: int) -> Any:
        """The value of a scalar as a ball, at the working precision."""
        if symbol in self.roots:
            return self.roots[symbol].ball(bits)
        return exact_ball(self.scalars[symbol])


def assign(claim: Claim, inputs: Mapping[str, str]) -> Assignment:
    """Read every input of ``claim``.

    Raises ``InputError`` for a missing, an extra or a malformed input, for shapes that disagree
    and for values outside the domain.
    """
    what = claim.evaluation
    assert what is not None
    check_names(claim, what, inputs)
    given = {name: exact_value(name, inputs[name]) for name in what.inputs if name in inputs}
    made = Assignment(given, {}, {})
    sizes: dict[Any, tuple[int, str]] = {}
    for name in given:
        symbol = what.inputs[name]
        if isinstance(symbol, MatrixSymbol):
            made.matrices[symbol] = _matrix(name, symbol, given[name], sizes)
        else:
            made.scalars[symbol] = checked_scalar(claim, name, symbol, given[name])
    made.scalars.update({size: Fraction(count) for size, (count, _) in sizes.items()})
    _check_identities(claim, what, made)
    absent = missing_symbols(what, given)
    for symbol, expr in what.derived.items():
        if isinstance(expr, Root) or symbol in absent:
            continue
        if isinstance(symbol, MatrixSymbol):
            rows = _exact(made).matrix(expr).tolist()
            made.matrices[symbol] = rows
            shape = zip(symbol.shape, (len(rows), len(rows[0])), strict=True)
            made.scalars.update({size: Fraction(n) for size, n in shape if size.is_Symbol})
        else:
            found = _exact(made).scalar(expr)
            made.scalars[symbol] = Fraction(int(found.p), int(found.q))
    _check_domain(claim, what, made)
    for symbol, root in what.derived.items():
        if not isinstance(root, Root) or symbol in absent:
            continue
        if _excepted(root, made.scalars):
            made.scalars[symbol] = Fraction(int(root.value.p), int(root.value.q))
        else:
            made.roots[symbol] = ImplicitValue(root, made.scalars)
    return made


def _excepted(root: Root, scalars: Mapping[Any, Fraction]) -> bool:
    """Whether all relations hold under which the root is told by its value."""
    at = {symbol: rational(value) for symbol, value in scalars.items()}
    return bool(root.unless) and all(r.xreplace(at) == True for r in root.unless)  # noqa: E712


def _exact(made: Assignment) -> Values:
    return Values(Point(scalars=made.scalars, matrices=made.matrices), Rationals())


def check_names(claim: Claim, what: Evaluation, inputs: Mapping[str, str]) -> None:
    """Raise ``InputError`` for a missing or an extra input; optional ones may be missing."""
    usage = " ".join(
        f"[{name}=...]" if name in what.optional else f"{name}=..." for name in what.inputs
    )
    for name in what.inputs:
        if name not in inputs and name not in what.optional:
            raise InputError(f"{name}: missing input of {claim.id}: give {usage}")
    for name in inputs:
        if name not in what.inputs:
            raise InputError(f"{name}: {claim.id} has no such input: give {usage}")


def missing_symbols(what: Evaluation, given: Mapping[str, Any]) -> set[Any]:
    """Symbols without a value: of inputs that were left out, and what is derived from them."""
    absent = {symbol for name, symbol in what.inputs.items() if name not in given}
    for symbol, expr in what.derived.items():
        parts = expr.parts if isinstance(expr, Root) else (expr,)
        if any(part.free_symbols & absent for part in parts):
            absent.add(symbol)
    return absent


def checked_scalar(claim: Claim, name: str, symbol: Any, value: Any) -> Fraction:
    """One number in the domain of its symbol; raises ``InputError`` for anything else."""
    if not isinstance(value, Fraction):
        raise InputError(f"{name}: a list was given, {claim.id} takes one number")
    outside = (symbol.is_positive and value <= 0) or (symbol.is_nonnegative and value < 0)
    if outside or (symbol.is_integer and value.denominator != 1):
        sign = "positive" if symbol.is_positive else "nonnegative" if symbol.is_nonnegative else ""
        kind = (f"a {sign} integer" if sign else "an integer") if symbol.is_integer else sign
        raise InputError(f"{name}: {short(value)} is outside the domain: it must be {kind}")
    return value


def _matrix(
    name: str, letter: Any, value: Any, sizes: dict[Any, tuple[int, str]]
) -> list[list[Fraction]]:
    rows = value if isinstance(value, list) else [value]
    if not isinstance(rows[0], list):
        rows = [[x] for x in rows] if letter.cols == 1 else [rows]
    for size, count, what in zip(
        letter.shape, (len(rows), len(rows[0])), ("rows", "columns"), strict=True
    ):
        known, where = (
            sizes.setdefault(size, (count, f"the {what} of {name}"))
            if isinstance(size, Symbol)
            else (int(size), f"the {what} it must have")
        )
        if known != count:
            raise InputError(
                f"{name}: it has {count} {what}, but {where} are {known}: make them equal"
            )
    return rows


def _check_identities(claim: Claim, what: Evaluation, made: Assignment) -> None:
    for equation in what.identities:
        exact = _exact(made)
        if not exact.numbers.is_zero(exact.matrix(equation.lhs) - exact.matrix(equation.rhs)):
            names = ", ".join(name for name in made.given if name not in map(str, made.scalars))
            raise InputError(
                f"{names}: outside the domain of {claim.id}: it needs "
                f"{equation.lhs} = {equation.rhs} exactly"
            )


def _check_domain(claim: Claim, what: Evaluation, made: Assignment) -> None:
    absent = missing_symbols(what, made.given)
    for relation in what.domain:
        if relation.free_symbols & absent:
            continue
        known = {s: v for s, v in made.scalars.items() if relation.has(s)}
        if Domain(list(known), [relation]).contains(known) is False:
            given = ", ".join(f"{n}={short(v)}" for n, v in made.given.items())
            raise InputError(f"{given}: outside the domain {_named(what, relation)} of {claim.id}")


def short(value: Any) -> str:
    """The value as text, cut off where it is long."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _named(what: Evaluation, relation: Any) -> str:
    replaced = {symbol: Symbol(name) for name, symbol in what.inputs.items() if symbol.is_Symbol}
    return str(relation.xreplace(replaced))
