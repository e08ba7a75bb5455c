"""From SymPy matrix expressions to polynomials in letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

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
from sympy import Add, BlockMatrix, Identity, MatrixSymbol, Mul, Pow, Trace, ZeroMatrix
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow
from sympy.matrices.expressions.transpose import Transpose

from .alphabet import Alphabet
from .averages import average
from .blocks import Blocks
from .errors import OutOfReachError
from .leibniz import Leibniz
from .letters import EXPONENTIAL, INTEGRATED
from .polynomials import Polynomial
from .rules import Rewriter

__all__ = ["Converter"]

_T = TypeVar("_T")
_MATRIX_NODES = (Trace, ScalarTimeDerivative, ScalarDifferential, ScalarAverage)


class Converter:
    """Reads expressions into block arrays of polynomials under the facts of an alphabet.

    Derivatives are taken before any given equation is applied, since a given equation holds at
    one instant only; ``flows`` (letter of a rate -> polynomial) serve second derivatives.
    ``convert`` raises ``OutOfReachError`` for nodes outside the vocabulary.
    """

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.rewriter = Rewriter(alphabet, [])
        self.leibniz = Leibniz(alphabet, self.rewriter)

    def convert(self, expr: Any) -> Blocks:
        """The block array of a matrix expression; scalars become 1x1 polynomials."""
        if not getattr(expr, "is_Matrix", False):
            return Blocks.of(self.scalar(expr))
        for kind, reader in self._readers().items():
            if isinstance(expr, kind):
                return reader(expr)
        raise OutOfReachError(f"no word for {type(expr).__name__} in {expr}")

    def scalar(self, expr: Any) -> Polynomial:
        """A scalar expression, in which traces and averages of matrices may occur."""
        if not expr.has(*_MATRIX_NODES):
            if expr.has(MatrixSymbol):
                raise OutOfReachError(f"no word for the entry or function of a matrix in {expr}")
            return self.alphabet.scalar(expr)
        if isinstance(expr, Add):
            terms = [self.scalar(argument) for argument in expr.args]
            return _fold(terms, Polynomial.__add__)
        if isinstance(expr, Mul):
            return _fold([self.scalar(a) for a in expr.args], Polynomial.times_scalar)
        if isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0:
            return _fold([self.scalar(expr.base)] * int(expr.exp), Polynomial.times_scalar)
        if isinstance(expr, Trace):
            return self._trace(self.convert(expr.arg))
        if isinstance(expr, ScalarTimeDerivative):
            return self.leibniz.rate(self.scalar(expr.args[0]))
        if isinstance(expr, ScalarDifferential):
            return self.leibniz.move(self.scalar(expr.args[0]), expr.args[1:])
        if isinstance(expr, ScalarAverage):
            return average(self.scalar(expr.args[0]), self.alphabet)
        raise OutOfReachError(f"no word for {type(expr).__name__} in {expr}")

    def _readers(self) -> dict[Any, Callable[[Any], Blocks]]:
        return {
            MatrixSymbol: lambda e: Blocks.of(self.alphabet.polynomial(self.alphabet.symbol(e))),
            Identity: lambda e: Blocks.of(self.alphabet.identity(e.rows)),
            ZeroMatrix: lambda e: Blocks.of(Polynomial(e.rows, e.cols, {})),
            Transpose: lambda e: self.convert(e.arg).T,
            MatAdd: lambda e: _fold([self.convert(a) for a in e.args], Blocks.__add__),
            MatMul: self._product,
            MatPow: self._power,
            BlockMatrix: self._block_matrix,
            TimeDerivative: lambda e: self.convert(e.args[0]).map(self.leibniz.rate),
            Differential: lambda e: self.convert(e.args[0]).map(
                lambda entry: self.leibniz.move(entry, e.args[1:])
            ),
            Average: lambda e: self.convert(e.args[0]).map(
                lambda entry: average(entry, self.alphabet)
            ),
            MatrixExponential: lambda e: self._exponential(EXPONENTIAL, e),
            IntegratedExponential: lambda e: self._exponential(INTEGRATED, e),
        }

    def _product(self, expr: Any) -> Blocks:
        matrices = [a for a in expr.args if getattr(a, "is_Matrix", False)]
        scalars = [a for a in expr.args if not getattr(a, "is_Matrix", False)]
        result = _fold([self.convert(a) for a in matrices], Blocks.__mul__)
        if not scalars:
            return result
        factor = _fold([self.scalar(a) for a in scalars], Polynomial.times_scalar)
        return result.map(lambda entry: entry.times_scalar(factor))

    def _power(self, expr: Any) -> Blocks:
        # Inverse is a MatPow in SymPy, so both arrive here.
        if not expr.exp.is_Integer or expr.exp == 0:
            raise OutOfReachError(f"no word for the power {expr}")
        base = self.convert(expr.base)
        factor = Blocks.of(self._inverse(base.single())) if expr.exp < 0 else base
        return _fold([factor] * abs(int(expr.exp)), Blocks.__mul__)

    def _inverse(self, inside: Polynomial) -> Polynomial:
        inside = self.rewriter.normal_form(inside)
        if not inside:
            raise OutOfReachError("the inverse of a matrix that is zero")
        found = inside.single_word()
        if found is not None and not found[1]:
            return self.alphabet.identity(inside.rows).scaled(1 / found[0])
        if found is not None and len(found[1]) == 1:
            letter = found[1][0]
            if self.alphabet.cancels(letter, letter.T) and self.alphabet.cancels(letter.T, letter):
                return self.alphabet.polynomial(letter.T).scaled(1 / found[0])
        return self.alphabet.polynomial(self.alphabet.inverse(inside))

    def _exponential(self, kind: str, expr: Any) -> Blocks:
        inside = self.rewriter.normal_form(self.convert(expr.args[0]).single())
        x = self.alphabet.scalars(expr.args[1])
        zero = Polynomial(inside.rows, inside.cols, {})
        if not x or (not inside and kind == EXPONENTIAL):
            one = self.alphabet.identity(inside.rows)
            return Blocks.of(one if kind == EXPONENTIAL else zero)
        if not inside:
            return Blocks.of(self.alphabet.identity(inside.rows).scaled(x))
        found = inside.single_word()
        if found is None:
            return Blocks.of(self.alphabet.polynomial(self.alphabet.exponential(kind, inside, x)))
        # exp((c F) x) = exp(F (c x)), and its integral likewise, divided by c.
        factor, generator = found[0], inside.scaled(1 / found[0])
        letter = self.alphabet.exponential(kind, generator, factor * x)
        scale = 1 / factor if kind == INTEGRATED else self.alphabet.scalars.one
        return Blocks.of(self.alphabet.polynomial(letter).scaled(scale))

    def _block_matrix(self, expr: Any) -> Blocks:
        blocks = expr.blocks
        rows = range(blocks.rows)
        return Blocks(
            [[self.convert(blocks[i, j]).single() for j in range(blocks.cols)] for i in rows]
        )

    def _trace(self, blocks: Blocks) -> Polynomial:
        if blocks.heights != blocks.widths:
            raise OutOfReachError(f"trace of a block matrix cut as {blocks.heights}")
        diagonal = [row[i] for i, row in enumerate(blocks.entries)]
        return _fold([self.rewriter.trace(entry) for entry in diagonal], Polynomial.__add__)


def _fold(items: list[_T], operation: Callable[[_T, _T], _T]) -> _T:
    return reduce(operation, items)
