"""Points in words: what the manuscript writes, and what it is worth there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from sympy import Derivative

from ..domain import rational
from ..exact.zero_test import free_atoms

__all__ = ["UNDEFINED", "in_words", "point_texts", "told_point", "told_value"]

DIGITS = 8
UNDEFINED = "undefined"
NO_MEANING = "no numeric meaning"
NO_VALUES = "it has parts of which no value is computed"


def in_words(reason: str) -> str:
    """The reason of a zero test, without what programs say of expressions they cannot evaluate."""
    return NO_VALUES if NO_MEANING in reason else reason


def told_value(expr: Any, point: Mapping[Any, Fraction]) -> str:
    """A value as text: exact where it is rational, else some digits."""
    exact = expr.xreplace({k: rational(v) for k, v in point.items()})
    if exact.is_Rational:
        return str(exact)
    atoms = list(point)
    try:
        program = compile_expressions([expr], atoms)
        (ball,) = enclose(program, [point[a] for a in atoms], DIGITS)
    except (UnknownFunctionError, ArithmeticError):
        return UNDEFINED
    return str(ball.str(DIGITS, radius=False))


def point_texts(point: Mapping[Any, Fraction]) -> dict[Any, str]:
    """The values as text, in the order of their names."""
    return {k: str(v) for k, v in sorted(point.items(), key=lambda item: str(item[0]))}


def told_point(
    point: Mapping[Any, Fraction], relation: Any, statement: Any, reduced: Callable[[Any], Any]
) -> dict[Any, str]:
    """The point in what the relation writes, and the claim that it is compared with.

    ``point`` is in what is left when all that is defined is inserted, and ``reduced`` inserts: in
    place of values of functions that neither of the two writes, those are told that are made of
    them.  Symbols are told in any case.
    """
    written = set(free_atoms(relation))
    known = written | set(free_atoms(statement))
    inner = {atom for atom in point if not atom.is_Symbol and atom not in known}
    told = {atom: value for atom, value in point.items() if atom not in inner}
    values = point_texts(told)
    for atom in sorted(written - set(point), key=str):
        made = reduced(atom)
        if isinstance(atom, Derivative) or made == atom or not set(free_atoms(made)) <= set(point):
            continue
        if not atom.is_Symbol and not set(free_atoms(made)) & inner:
            continue
        value = told_value(made, point)
        if value == UNDEFINED:
            return point_texts(point)
        values[atom] = value
    return dict(sorted(values.items(), key=lambda item: str(item[0]))) or point_texts(point)
