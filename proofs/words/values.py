"""Values of matrix expressions at a point, and of their derivatives, node by node.

Nothing here shares code with the rewriting engine: the refuter is a second witness.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from itertools import chain
from operator import add, mul
from typing import Any

import flint
from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    IntegratedExponential,
    MatrixExponential,
    ScalarAverage,
    ScalarDifferential,
    ScalarTimeDerivative,
    TimeDerivative,
)
from sympy import BlockMatrix, Identity, MatrixSymbol, Symbol, Trace, ZeroMatrix
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow
from sympy.matrices.expressions.transpose import Transpose

from .chance import RejectedError
from .errors import OutOfReachError
from .fields import Balls, Rationals
from .quadratures import outcomes, refuse_degree
from .tangents import Tangents

__all__ = ["Point", "Values", "integrated_exponential", "is_matrix"]


@dataclass(frozen=True)
class Point:
    """Numbers for everything a claim names.

    ``scalars``  Symbol -> number; sizes included
    ``matrices``  MatrixSymbol -> nested rows
    ``samples``  random MatrixSymbol -> list of nested rows, one per example
    ``laws``  Gaussian MatrixSymbol -> variance of its entries
    ``rates``, ``moves``  MatrixSymbol -> nested rows of dW/dt and of dW; absent means unknown
    ``time``  the scalar on which others may depend
    """

    scalars: Mapping[Any, Any] = field(default_factory=dict)
    matrices: Mapping[Any, Any] = field(default_factory=dict)
    samples: Mapping[Any, Any] = field(default_factory=dict)
    laws: Mapping[Any, Any] = field(default_factory=dict)
    rates: Mapping[Any, Any] = field(default_factory=dict)
    moves: Mapping[Any, Any] = field(default_factory=dict)
    time: Any = None


def is_matrix(expr: Any) -> bool:
    """Whether an expression is a matrix rather than a scalar."""
    return bool(getattr(expr, "is_Matrix", False))


class Values:
    """Evaluates expressions at a point in one kind of numbers.

    Raises ``OutOfReachError`` for nodes it has no value for, ``KeyError`` naming a letter without a
    number, ``ZeroDivisionError`` for a singular inverse.
    """

    def __init__(self, point: Point, numbers: Rationals | Balls) -> None:
        self.point, self.numbers = point, numbers
        self.tangents = Tangents(self)

    def matrix(self, expr: Any) -> Any:
        """Matrix of numbers of an expression; a scalar becomes 1x1."""
        if not is_matrix(expr):
            return self.one_by_one(self.scalar(expr))
        for kind, reader in self._readers.items():
            if isinstance(expr, kind):
                return reader(expr)
        raise OutOfReachError(f"no value for {type(expr).__name__} in {expr}")

    def scalar(self, expr: Any) -> Any:
        """Number of a scalar expression."""
        if expr in self.point.scalars:
            return self.numbers.scalar(self.point.scalars[expr])
        if expr.is_Rational:
            return self.numbers.scalar(expr)
        if isinstance(expr, Symbol):
            raise KeyError(f"{expr} has no value: assign one")
        if expr.is_Add:
            return reduce(add, map(self.scalar, expr.args))
        if expr.is_Mul:
            return reduce(mul, map(self.scalar, expr.args))
        if expr.is_Pow:
            return self._scalar_power(expr)
        if isinstance(expr, Trace):
            return trace(self.matrix(expr.arg))
        if isinstance(expr, ScalarAverage):
            return self.mean(expr.args[0], lambda values: values.scalar(expr.args[0]))
        if isinstance(expr, ScalarTimeDerivative):
            return self.tangents.scalar(expr.args[0], None)
        if isinstance(expr, ScalarDifferential):
            return self.tangents.scalar(expr.args[0], expr.args[1:])
        if expr.is_Function and len(expr.args) == 1:
            return self.numbers.function(expr.func.__name__, self.scalar(expr.args[0]))
        raise OutOfReachError(f"no value for {type(expr).__name__} in {expr}")

    def size(self, expr: Any) -> int:
        """A size as an int."""
        told = str(Values(self.point, Rationals()).scalar(expr))
        if not told.isdecimal() or told == "0":
            raise RejectedError(f"the size {expr} is {told}: no matrix has it")
        return int(told)

    def zero(self, shape: tuple[Any, Any]) -> Any:
        """Zero matrix of a symbolic shape."""
        rows, cols = map(self.size, shape)
        return self.numbers.matrix([[0] * cols for _ in range(rows)])

    def identity(self, size: int) -> Any:
        """Identity of a size."""
        return self.numbers.matrix([[int(i == j) for j in range(size)] for i in range(size)])

    def one_by_one(self, number: Any) -> Any:
        """A number as a 1x1 matrix."""
        return self.numbers.matrix([[1]]) * number

    def mean(self, expr: Any, value: Callable[[Values], Any]) -> Any:
        """Average of the value of an expression over the examples of the point.

        Over Gaussian letters as well, of which the expression may be a polynomial of low degree.
        """
        for letter, variance in self.point.laws.items():
            if expr.has(letter):
                refuse_degree(expr, letter)
                laws = {x: v for x, v in self.point.laws.items() if x != letter}
                rows = _look_up(self.point.matrices, letter)
                draws = (
                    Values(self._put(letter, matrix, laws), self.numbers).mean(expr, value)
                    * self.numbers.scalar(weight)
                    for weight, matrix in outcomes(variance, len(rows), len(rows[0]))
                )
                return reduce(add, draws)
        if not self.point.samples:
            return value(self)
        count = len(next(iter(self.point.samples.values())))
        total = reduce(add, (value(self.example(i)) for i in range(count)))
        return total * self.numbers.scalar(flint.fmpq(1, count))

    def _put(self, letter: Any, rows: Any, laws: Mapping[Any, Any]) -> Point:
        matrices = {**self.point.matrices, letter: rows}
        return replace(self.point, matrices=matrices, laws=laws)

    def example(self, i: int) -> Values:
        """The same point, with example i as the value of the random letters."""
        chosen = {letter: rows[i] for letter, rows in self.point.samples.items()}
        matrices = {**self.point.matrices, **chosen}
        return Values(replace(self.point, matrices=matrices), self.numbers)

    @cached_property
    def _readers(self) -> dict[Any, Callable[[Any], Any]]:
        return {
            MatrixSymbol: lambda e: self.numbers.matrix(_look_up(self.point.matrices, e)),
            Identity: lambda e: self.identity(self.size(e.rows)),
            ZeroMatrix: lambda e: self.zero(e.shape),
            Transpose: lambda e: self.matrix(e.arg).transpose(),
            MatAdd: lambda e: reduce(add, map(self.matrix, e.args)),
            MatMul: lambda e: self.product([self.factor(a) for a in e.args]),
            MatPow: lambda e: self.power(self.matrix(e.base), e.exp),
            BlockMatrix: lambda e: self.blocks(e, self.matrix),
            MatrixExponential: lambda e: self.numbers.exponential(self._exponent(e)),
            IntegratedExponential: self._integrated,
            Average: lambda e: self.mean(e.args[0], lambda values: values.matrix(e.args[0])),
            TimeDerivative: lambda e: self.tangents.matrix(e.args[0], None),
            Differential: lambda e: self.tangents.matrix(e.args[0], e.args[1:]),
        }

    def factor(self, expr: Any) -> Any:
        """Value of a factor of a product, scalar or matrix."""
        return self.matrix(expr) if is_matrix(expr) else self.scalar(expr)

    def product(self, factors: list[Any]) -> Any:
        """Product of matrices and scalars in their order."""
        matrices = [f for f in factors if hasattr(f, "transpose")]
        scalars = [f for f in factors if not hasattr(f, "transpose")]
        return reduce(mul, scalars, reduce(mul, matrices))

    def power(self, base: Any, exponent: Any) -> Any:
        """Integer power of a square matrix, negative ones by the inverse."""
        if not exponent.is_Integer:
            raise OutOfReachError(f"no value for the matrix power {exponent}")
        factor = base.inv() if exponent < 0 else base
        return reduce(mul, [factor] * abs(int(exponent)), self.identity(base.nrows()))

    def blocks(self, expr: Any, value: Callable[[Any], Any]) -> Any:
        """A block matrix whose blocks have the values of a function."""
        rows = []
        for i in range(expr.blocks.rows):
            parts = [value(expr.blocks[i, j]).tolist() for j in range(expr.blocks.cols)]
            rows += [list(chain.from_iterable(lines)) for lines in zip(*parts, strict=True)]
        return self.numbers.matrix(rows)

    def _exponent(self, expr: Any) -> Any:
        return self.matrix(expr.args[0]) * self.scalar(expr.args[1])

    def _integrated(self, expr: Any) -> Any:
        generator, x = self.matrix(expr.args[0]), self.scalar(expr.args[1])
        return integrated_exponential(generator, x, self.numbers)

    def _scalar_power(self, expr: Any) -> Any:
        base = self.scalar(expr.base)
        if expr.exp.is_Integer:
            return base ** int(expr.exp)
        if expr.exp.is_Rational and expr.exp.q == 2:
            return self.numbers.function("sqrt", base) ** int(expr.exp.p)
        exponent = self.scalar(expr.exp)
        return self.numbers.function("exp", exponent * self.numbers.function("log", base))


def integrated_exponential(generator: Any, x: Any, numbers: Rationals | Balls) -> Any:
    """int_0^x exp(F u) du: the upper right block of exp([[F, I], [0, 0]] x), F singular or not."""
    n = generator.nrows()
    rows = [row + [int(i == j) for j in range(n)] for i, row in enumerate(generator.tolist())]
    rows += [[0] * (2 * n) for _ in range(n)]
    whole = numbers.exponential(numbers.matrix(rows) * x).tolist()
    return numbers.matrix([row[n:] for row in whole[:n]])


def trace(matrix: Any) -> Any:
    """Sum of the diagonal."""
    return reduce(add, (matrix[i, i] for i in range(matrix.nrows())))


def _look_up(matrices: Mapping[Any, Any], letter: Any) -> Any:
    if letter not in matrices:
        raise KeyError(f"{letter} has no value: assign a matrix")
    return matrices[letter]
