"""Matrix expressions, and the words in which theory states matrix claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import (
    Average,
    IntegratedExponential,
    MatrixDifferential,
    MatrixExponential,
    ScalarAverage,
    ScalarDifferential,
    ScalarTimeDerivative,
    TimeDerivative,
)
from sympy import BlockMatrix, Identity, MatrixBase, MatrixSymbol, Max, Min, Trace, ZeroMatrix
from sympy.matrices.expressions import Inverse, MatAdd, MatMul, MatPow, Transpose

from .functions import call_of
from .operators import acting, integral
from .operators import average as average_over
from .order import negative
from .pieces import (
    ONE_LINE,
    Piece,
    atom,
    environment,
    exponential,
    fenced,
    name,
    power,
    product,
    total,
)

if TYPE_CHECKING:
    from .printer import Printer

__all__ = ["matrix_readers"]

Reader = Callable[[Any, int], Piece]


def matrix_readers(printer: Printer) -> dict[Any, Reader]:
    """What prints each class of matrix expression."""
    p = printer

    def average(expr: Any, depth: int) -> Piece:
        return average_over(p, None, expr.args[0], depth)

    def rate(expr: Any, depth: int) -> Piece:
        head = rf"\frac{{{p.scope.d}}}{{{p.scope.d}t}}"
        return acting(p, head, expr.args[0], depth)

    def differential(expr: Any, depth: int) -> Piece:
        moving = ", ".join(p.script(letter) for letter in expr.args[1:])
        head = p.scope.d + (f"_{{{moving}}}" if moving else "")
        return fenced(p.piece(expr.args[0], depth), head)

    def scalar_call(expr: Any, depth: int) -> Piece:
        return call_of(p, expr, depth)

    return {
        MatrixSymbol: lambda e, _: p.name(e.name),
        MatAdd: p.add,
        MatMul: p.signed,
        MatPow: lambda e, depth: power(p.piece(e.base, depth), p.script(e.exp)),
        Inverse: lambda e, depth: power(p.piece(e.arg, depth), "-1"),
        Transpose: lambda e, depth: _transposed(p.piece(e.arg, depth)),
        Identity: lambda e, _: name("I"),
        ZeroMatrix: lambda e, _: atom("0"),
        Trace: lambda e, depth: fenced(p.piece(e.arg, depth), r"\operatorname{tr}"),
        BlockMatrix: lambda e, _: _rows(p, e.blocks),
        MatrixBase: lambda e, _: _rows(p, e),
        TimeDerivative: rate,
        ScalarTimeDerivative: rate,
        MatrixDifferential: differential,
        ScalarDifferential: differential,
        Average: average,
        ScalarAverage: average,
        MatrixExponential: lambda e, depth: _exponential(p, e, depth),
        IntegratedExponential: lambda e, _: _integrated(p, e),
        Max: scalar_call,
        Min: scalar_call,
    }


def _transposed(inside: Piece) -> Piece:
    if inside.kind == "name":
        return name(inside.head, rf"{inside.tail}\,\top" if inside.tail else r"\top")
    return fenced(inside, tail=r"^{\top}")


def _rows(printer: Printer, entries: Any) -> Piece:
    rows = [
        " & ".join(printer.piece(entries[i, j], 1).latex for j in range(entries.cols))
        for i in range(entries.rows)
    ]
    return environment("bmatrix", rows)


def _exponential(printer: Printer, expr: Any, depth: int) -> Piece:
    generator, x = expr.args

    def exponent(depth: int) -> Piece:
        factors = (x, generator) if x.is_number else (generator, x)
        shown = product([printer.without_sign(e, depth) for e in factors])
        return total([shown], ["-"]) if negative(generator) != negative(x) else shown

    if printer.scope.e_is_free:
        return exponential(exponent(ONE_LINE), exponent(depth))
    return fenced(exponent(depth), r"\exp")


def _integrated(printer: Printer, expr: Any) -> Piece:
    generator, x = expr.args
    variable = printer.scope.integrated
    inside = product([printer.without_sign(generator, ONE_LINE), atom(variable)])
    if negative(generator):
        inside = total([inside], ["-"])
    body = exponential(inside, inside) if printer.scope.e_is_free else fenced(inside, r"\exp")
    return integral(printer, f"_{{0}}^{{{printer.script(x)}}}", body, variable)
