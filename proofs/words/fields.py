"""Two kinds of numbers for matrices: exact rationals, and balls that enclose every real."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import flint

from .errors import OutOfReachError

__all__ = ["Balls", "Rationals", "as_fraction", "precision"]


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls of so many bits inside the block; the precision before is restored after it.

    Raises ``ValueError`` for fewer than 2 bits.
    """
    if bits < 2:
        raise ValueError(f"bits: {bits} is too small: give at least 2, 128 is common")
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def as_fraction(value: Any) -> Any:
    """flint.fmpq of an int, a Fraction, a SymPy rational, an fmpz or an fmpq.

    Raises ``TypeError`` for anything else; a float has no exact meaning here.
    """
    if isinstance(value, flint.fmpq):
        return value
    if isinstance(value, (int, flint.fmpz)):
        return flint.fmpq(value)
    numerator = getattr(value, "p", getattr(value, "numerator", None))
    denominator = getattr(value, "q", getattr(value, "denominator", None))
    if numerator is None or denominator is None or isinstance(value, float):
        raise TypeError(f"value: {value!r} is no exact rational: give an int, Fraction or fmpq")
    return flint.fmpq(int(numerator), int(denominator))


class Rationals:
    """fmpq numbers and fmpq_mat matrices; whatever is not rational is out of reach."""

    def scalar(self, value: Any) -> Any:
        """An exact number."""
        return as_fraction(value)

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Any:
        """An exact matrix of nested rows."""
        entries = [as_fraction(entry) for row in rows for entry in row]
        return flint.fmpq_mat(len(rows), len(rows[0]), entries)

    def exponential(self, matrix: Any) -> Any:
        """Out of reach: an exponential is not rational."""
        raise OutOfReachError("an exponential is not rational: use balls")

    def function(self, name: str, value: Any) -> Any:
        """Out of reach: a transcendental function is not rational."""
        raise OutOfReachError(f"{name} is not rational: use balls")

    def is_zero(self, matrix: Any) -> bool:
        """Whether a matrix is zero."""
        return not any(matrix.entries())

    def differs(self, matrix: Any) -> bool:
        """Whether some entry differs from zero."""
        return not self.is_zero(matrix)

    def show(self, matrix: Any) -> list[list[str]]:
        """Nested rows of "p/q" strings."""
        return [[str(entry) for entry in row] for row in matrix.tolist()]


class Balls:
    """arb numbers and arb_mat matrices, in the precision that holds while they are used."""

    def scalar(self, value: Any) -> Any:
        """A ball; arb numbers pass unchanged."""
        return value if isinstance(value, flint.arb) else flint.arb(as_fraction(value))

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Any:
        """A matrix of balls from nested rows."""
        entries = [self.scalar(entry) for row in rows for entry in row]
        return flint.arb_mat(len(rows), len(rows[0]), entries)

    def exponential(self, matrix: Any) -> Any:
        """Enclosure of the matrix exponential."""
        return matrix.exp()

    def function(self, name: str, value: Any) -> Any:
        """Enclosure of an elementary function; OutOfReachError for others."""
        known: dict[str, Callable[[Any], Any]] = {
            name: getattr(flint.arb, name)
            for name in ("exp", "log", "sqrt", "sin", "cos", "sinh", "cosh", "tanh")
        }
        if name not in known:
            raise OutOfReachError(f"no enclosure for the function {name}")
        return known[name](value)

    def is_zero(self, matrix: Any) -> bool:
        """Whether every entry is exactly zero."""
        return all(entry == 0 for entry in matrix.entries())

    def differs(self, matrix: Any) -> bool:
        """Whether some entry certainly differs from zero."""
        return any(not entry.contains(0) for entry in matrix.entries())

    def show(self, matrix: Any) -> list[list[str]]:
        """Nested rows of decimal strings with radius."""
        return [[entry.str(30) for entry in row] for row in matrix.tolist()]
