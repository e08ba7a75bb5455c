"""A scalar formula at an assignment: compiled once, told exactly or as a ball."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flint
import numpy as np
from lemmata.numerics.balls import evaluate_on_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import working_precision
from sympy import Integer, Pow, binomial, gamma, lerchphi, polygamma

from .assignments import Assignment
from .domain import rational
from .exact.zero_test import decide_zero
from .told import first_bits, sharpened, told

__all__ = ["Formula"]

EXACT_BITS = 512
"""SymPy factors the integers under roots: a fraction of a second up to this size of the inputs,
minutes at ten times as many bits."""
EXACT_FACTORIAL = 10_000
"""Gamma functions and binomials of arguments up to this are told exactly."""
EXACT_POWER = 64
"""Powers up to this exponent are multiplied out: (p/q)^n has n times the digits of p/q."""
EXACT_ROOT = 1000
"""Roots up to this degree: SymPy multiplies powers of that size out."""


def _power(x: Any, n: int) -> Any:
    return x**n


_EXACT: Mapping[str, Any] = {
    "rational": lambda q: flint.fmpq(q.numerator, q.denominator),
    "add": lambda *terms: sum(terms, start=flint.fmpq(0)),
    "mul": lambda first, *factors: _product(first, factors),
    "integer_power": _power,
}


def _product(first: Any, factors: Sequence[Any]) -> Any:
    for factor in factors:
        first = first * factor
    return first


class Formula:
    """``expr`` with the symbols that the assignment knows, and ``indices`` left to run."""

    def __init__(
        self, name: str, expr: Any, point: Assignment, indices: Sequence[Any] = ()
    ) -> None:
        self.name, self.expr, self.point, self.indices = name, expr, point, tuple(indices)
        self.symbols = sorted(expr.free_symbols - set(indices), key=str)
        self.program = compile_expressions([expr], [*self.indices, *self.symbols])
        self._balls: dict[int, list[Any]] = {}
        self._moderate = self._is_moderate()
        rational_only = all(step.name in _EXACT for step in self.program.instructions)
        self._numbers = (
            [rational_number(point.scalars[x]) for x in self.symbols]
            if self._moderate and rational_only
            else None
        )

    def told(self, digits: int, place: Sequence[int] = (), exact: bool = True) -> tuple[str, str]:
        """Value and radius, at a place of the indices.

        Without ``exact`` a number is told as a fraction only where no function but sums, products
        and powers occurs; zero is told from small numbers in any case.
        """
        number = self._fraction(place)
        # SymPy gives no value of Phi as a number, and takes longer about it than balls.
        if number is None and exact and not self.expr.has(lerchphi):
            number = _rational_part(self._exact(place))
        if number is not None:
            return str(number), "0"

        first = self._at(place, first_bits(digits))
        if first[0].contains(0) and self._vanishes(place):
            return "0", "0"

        def balls(bits: int) -> list[Any]:
            return first if bits == first_bits(digits) else self._at(place, bits)

        (ball,) = sharpened(self.name, balls, digits)
        return told(self.name, ball, digits)

    def _at(self, place: Sequence[int], bits: int) -> list[Any]:
        if bits not in self._balls:
            with working_precision(bits):
                self._balls[bits] = [self.point.ball(x, bits) for x in self.symbols]
        return evaluate_on_balls(self.program, [*map(flint.arb, place), *self._balls[bits]], bits)

    def _fraction(self, place: Sequence[int]) -> Any:
        if self._numbers is None:
            return None
        try:
            (value,) = self.program.run(_EXACT, [*map(flint.fmpq, place), *self._numbers])
        except ZeroDivisionError:
            return None
        return value

    def _exact(self, place: Sequence[int]) -> Any:
        """The expression there as SymPy evaluates it, None where that might take long."""
        if not self._moderate:
            return None
        numbers = {x: rational(self.point.scalars[x]) for x in self.symbols}
        numbers |= dict(zip(self.indices, map(Integer, place), strict=True))
        powers = [p.exp.subs(numbers) for p in self.expr.atoms(Pow) if p.exp.free_symbols]
        if any(abs(e) > EXACT_POWER or (e.is_Rational and e.q > EXACT_ROOT) for e in powers):
            return None
        if self.expr.has(polygamma):  # SymPy writes psi of whole numbers as a sum of fractions
            return None
        large = [x.subs(numbers) for f in self.expr.atoms(gamma, binomial) for x in f.args]
        if any(abs(argument) > EXACT_FACTORIAL for argument in large):
            return None
        # All at once: SymPy asks half-substituted expressions for their signs.
        return self.expr.xreplace(numbers)

    def _is_moderate(self) -> bool:
        known = self.point.scalars
        return all(
            x in known
            and max(known[x].numerator.bit_length(), known[x].denominator.bit_length())
            <= EXACT_BITS
            for x in self.symbols
        )

    def _vanishes(self, place: Sequence[int]) -> bool:
        if self._equal_symbols_cancel():
            return True
        number = self._exact(place)
        if number is None:
            return False
        return decide_zero(number, rng=np.random.default_rng(0)).status == "proved"

    def _equal_symbols_cancel(self) -> bool:
        """Whether terms cancel once symbols of equal values are one symbol."""
        known = self.point.scalars
        first: dict[Any, Any] = {}
        put = {x: first.setdefault(known[x], x) for x in self.symbols if x in known}
        return bool(self.expr.xreplace(put) == 0)


def rational_number(value: Any) -> Any:
    """The flint number of a fraction."""
    return flint.fmpq(value.numerator, value.denominator)


def _rational_part(number: Any) -> Any:
    """A SymPy number as a flint number where it is rational, None otherwise."""
    if number is None or not number.is_Rational:
        return None
    return flint.fmpq(int(number.p), int(number.q))
