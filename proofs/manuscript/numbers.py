"""Values in floating point at a few points where a claim holds: they propose, a proof decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.numerics.programs import Program

from ..domain import Domain
from ..exact.zero_test import free_atoms
from .floats import FAILURES, FLOATS, close, moderate_points
from .inequalities import ScalarInequalities
from .scalar import ScalarEquations

__all__ = ["Points", "root_near"]

POINTS = 3
DRAWN = 12
"""Points, of which some are kept where a formula has values: what is right may have none else."""
STEPS = 40


class Points:
    """A few points where the claim holds, and what its parts are worth there."""

    def __init__(
        self,
        about: ScalarEquations | ScalarInequalities,
        rng: np.random.Generator,
        sides: Sequence[Any] = (),
    ) -> None:
        self.about = about
        self._values: dict[Any, list[float] | None] = {}
        atoms: set[Any] = set()
        statement = about.claim.statement
        for side in (statement.lhs, statement.rhs):
            atoms |= set(free_atoms(about.reduced(side)))
            # What is defined may speak of more than is left of the statement.
            for atom in free_atoms(side):
                atoms |= {atom, *free_atoms(about.reduced(atom))}
        for relation in about.relations:
            atoms |= set(free_atoms(relation))
        symbols = {x for a in atoms for x in a.free_symbols if x.is_Symbol}
        self.domain = Domain(list(atoms | symbols), about.relations)
        self.points = moderate_points(self.domain, rng, DRAWN if sides else POINTS)
        if sides:
            self._keep(self._defined(sides))

    def _defined(self, sides: Sequence[Any]) -> list[int]:
        """The numbers of the points at which all the sides have values."""
        made = [program for program in map(self.program, sides) if program is not None]
        return [
            n for n in range(len(self.points)) if all(math.isfinite(value(n)) for value in made)
        ]

    def _keep(self, chosen: Sequence[int]) -> None:
        self.points = [self.points[n] for n in chosen[:POINTS]] or self.points[:POINTS]
        self._values.clear()

    def inputs(self, expr: Any, extra: Sequence[Any] = ()) -> list[Any]:
        """The parts of an expression that have a value of their own."""
        return [a for a in free_atoms(expr) if a not in extra]

    def part(self, atom: Any) -> list[float] | None:
        """What a symbol or a value of a function is worth at the points; None where unknown."""
        if atom not in self._values:
            self._values[atom] = self._worth(atom)
        return self._values[atom]

    def _worth(self, atom: Any) -> list[float] | None:
        reduced = self.about.reduced(atom)
        names = free_atoms(reduced)
        if any(name not in self.domain.atoms for name in names):
            return None
        try:
            program = compile_expressions([reduced], names)
            return [
                float(program.run(FLOATS, [float(p[n]) for n in names])[0]) for p in self.points
            ]
        except (UnknownFunctionError, *FAILURES):
            return None

    def program(self, expr: Any, extra: Sequence[Any] = ()) -> Callable[..., float] | None:
        """``expr`` as a function of the number of the point and of ``extra``."""
        atoms = self.inputs(expr, extra)
        columns = [self.part(atom) for atom in atoms]
        if any(column is None for column in columns):
            return None
        try:
            made: Program = compile_expressions([expr], [*atoms, *extra])
        except UnknownFunctionError:
            return None

        def value(number: int, *given: float) -> float:
            known = [column[number] for column in columns if column is not None]
            try:
                found = made.run(FLOATS, [*known, *given])[0]
                return float(found)
            except FAILURES:
                return math.nan

        return value

    def values(self, expr: Any) -> list[float] | None:
        """What an expression is worth at the points; None where one is unknown."""
        made = self.program(expr)
        if made is None:
            return None
        found = [made(n) for n in range(len(self.points))]
        return None if any(not math.isfinite(v) for v in found) else found

    def agree(self, left: Any, right: Any) -> bool:
        """Whether two expressions have equal values at all points, within rounding."""
        one, other = self.values(left), self.values(right)
        if one is None or other is None or not one:
            return False
        return all(close(a, b) for a, b in zip(one, other, strict=True))


def root_near(function: Callable[[float], float], start: float) -> float | None:
    """A zero of the function by secants, from a few places about ``start``."""
    scale = abs(start) or 1.0
    for first in (start, 2 * start, start / 2, -start, start + scale, 1.0, 0.5):
        found = _secant(function, first, first + 1e-4 * scale)
        if found is not None:
            return found
    return None


def _secant(function: Callable[[float], float], x: float, y: float) -> float | None:
    at_x, at_y = function(x), function(y)
    for _ in range(STEPS):
        if not (math.isfinite(at_x) and math.isfinite(at_y)) or at_x == at_y:
            break
        z, at_z = _inside(function, y, y - at_y * (y - x) / (at_y - at_x))
        if abs(z - y) <= 1e-13 * max(abs(z), 1e-6):
            return z if math.isfinite(at_z) else None
        x, at_x, y, at_y = y, at_y, z, at_z
    return y if math.isfinite(at_y) and abs(at_y) < 1e-13 else None


def _inside(function: Callable[[float], float], here: float, there: float) -> tuple[float, float]:
    """The step from ``here``, shorter where the function has no value."""
    for _ in range(STEPS):
        value = function(there) if math.isfinite(there) else math.nan
        if math.isfinite(value):
            return there, value
        there = (here + there) / 2
    return there, math.nan
