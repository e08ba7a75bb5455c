"""Derivatives of matrix expressions at a point, by the Leibniz rule on numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import (
    Average,
    IntegratedExponential,
    MatrixExponential,
    ScalarAverage,
)
from sympy import BlockMatrix, Identity, Integer, MatrixSymbol, Trace, ZeroMatrix
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow
from sympy.matrices.expressions.transpose import Transpose

from .errors import OutOfReachError

if TYPE_CHECKING:
    from .values import Values

__all__ = ["Tangents"]

Moving = tuple[Any, ...] | None


class Tangents:
    """Tangents at the point of some values.

    ``moving`` is None for the time derivative, else the letters that a differential moves (the
    empty tuple: all of which the point knows a move).  Raises ``OutOfReachError`` for a letter
    whose rate the point does not know.
    """

    def __init__(self, values: Values) -> None:
        self.values = values

    def matrix(self, expr: Any, moving: Moving) -> Any:
        """Tangent of a matrix expression."""
        readers: dict[Any, Callable[[Any, Moving], Any]] = {
            MatrixSymbol: self._letter,
            (Identity, ZeroMatrix): lambda e, _: self.values.zero(e.shape),
            Transpose: lambda e, m: self.matrix(e.arg, m).transpose(),
            MatAdd: lambda e, m: reduce(add, (self.matrix(a, m) for a in e.args)),
            MatMul: self._product,
            MatPow: self._power,
            BlockMatrix: lambda e, m: self.values.blocks(e, lambda b: self.matrix(b, m)),
            (MatrixExponential, IntegratedExponential): self._exponential,
            Average: lambda e, m: self.values.mean(
                e.args[0], lambda v: v.tangents.matrix(e.args[0], m)
            ),
        }
        for kind, reader in readers.items():
            if isinstance(expr, kind):
                return reader(expr, moving)
        raise OutOfReachError(f"no derivative for {type(expr).__name__} in {expr}")

    def scalar(self, expr: Any, moving: Moving) -> Any:
        """Tangent of a scalar expression."""
        if isinstance(expr, Trace):
            moved = self.matrix(expr.arg, moving)
            return reduce(add, (moved[i, i] for i in range(moved.nrows())))
        if isinstance(expr, ScalarAverage):
            return self.values.mean(expr.args[0], lambda v: v.tangents.scalar(expr.args[0], moving))
        if not expr.has(MatrixSymbol):
            return self._plain(expr, moving)
        if expr.is_Add:
            return reduce(add, (self.scalar(a, moving) for a in expr.args))
        if expr.is_Mul:
            return reduce(add, (self._factor_moved(expr, i, moving) for i in range(len(expr.args))))
        if expr.is_Pow and expr.exp.is_Integer:
            outer = self.values.scalar(expr.exp * expr.base ** (expr.exp - 1))
            return outer * self.scalar(expr.base, moving)
        raise OutOfReachError(f"no derivative for {type(expr).__name__} in {expr}")

    def _plain(self, expr: Any, moving: Moving) -> Any:
        time = self.values.point.time
        if moving is not None:
            return self.values.scalar(Integer(0))
        if time is None and any(symbol.name == "t" for symbol in expr.free_symbols):
            raise OutOfReachError(f"how {expr} moves is unknown: set MatrixFacts(time=...)")
        return self.values.scalar(expr.diff(time) if time is not None else Integer(0))

    def _factor_moved(self, expr: Any, i: int, moving: Moving) -> Any:
        result = self.scalar(expr.args[i], moving)
        for j, argument in enumerate(expr.args):
            if j != i:
                result = result * self.values.scalar(argument)
        return result

    def _letter(self, letter: Any, moving: Moving) -> Any:
        point = self.values.point
        if moving and letter not in moving:
            return self.values.zero(letter.shape)
        known = point.rates if moving is None else point.moves
        if letter not in known:
            raise OutOfReachError(f"how {letter} moves is not known at this point")
        return self.values.numbers.matrix(known[letter])

    def _product(self, expr: Any, moving: Moving) -> Any:
        terms = []
        for i, moved in enumerate(expr.args):
            factors = [self.values.factor(argument) for argument in expr.args]
            is_matrix = hasattr(factors[i], "transpose")
            factors[i] = self.matrix(moved, moving) if is_matrix else self.scalar(moved, moving)
            terms.append(self.values.product(factors))
        return reduce(add, terms)

    def _power(self, expr: Any, moving: Moving) -> Any:
        base = self.values.matrix(expr.base)
        moved = self.matrix(expr.base, moving)
        if expr.exp < 0:
            base = base.inv()
            moved = base * moved * base * -1
        n, power = abs(int(expr.exp)), self.values.power
        steps = (
            power(base, Integer(i)) * moved * power(base, Integer(n - 1 - i)) for i in range(n)
        )
        return reduce(add, steps)

    def _exponential(self, expr: Any, moving: Moving) -> Any:
        generator, x = expr.args
        numbers = self.values.numbers
        if not numbers.is_zero(self.matrix(generator, moving)):
            raise OutOfReachError(f"the generator {generator} moves")
        if moving is None and self.values.point.time is None:
            raise OutOfReachError(f"how {expr} moves is unknown: set MatrixFacts(time=...)")
        grown = self.values.matrix(MatrixExponential(generator, x)) * self.scalar(x, moving)
        if isinstance(expr, IntegratedExponential):
            return grown
        return self.values.matrix(generator) * grown
