"""Exact averages over few Gaussian numbers: values and weights with the right moments.

Five values with weights of either sign have the moments 0, v, 0, 3v^2, 0 of a Gaussian number of
variance v: sums over them are exact averages of polynomials up to the fifth degree in each entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import flint
from sympy import Add, MatrixSymbol, Mul, Pow, Trace
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow
from sympy.matrices.expressions.transpose import Transpose

from .errors import OutOfReachError

__all__ = ["outcomes", "refuse_degree"]

HIGHEST = 5


def outcomes(variance: Any, rows: int, cols: int) -> Iterator[tuple[Any, list[list[Any]]]]:
    """Weight and rows of every outcome of a matrix of independent entries."""
    v = flint.fmpq(variance)
    far = (3 * v * v - v) / 12
    near = v - 4 * far
    values = {0: 1 - near - far, 1: near / 2, -1: near / 2, 2: far / 2, -2: far / 2}
    for entries in product(values, repeat=rows * cols):
        weight = prod((values[x] for x in entries), start=flint.fmpq(1))
        if weight != 0:
            yield weight, [list(entries[i * cols : (i + 1) * cols]) for i in range(rows)]


def refuse_degree(expr: Any, letter: Any) -> None:
    """Raise ``OutOfReachError`` for what is no polynomial of low degree in the letter."""
    if _degree(expr, letter) > HIGHEST:
        raise OutOfReachError(f"no exact average of {expr}: its degree in {letter} is too high")


def _degree(expr: Any, letter: Any) -> int:
    if not expr.has(letter):
        return 0
    if isinstance(expr, MatrixSymbol):
        return 1
    if isinstance(expr, Transpose | Trace):
        return _degree(expr.arg, letter)
    if isinstance(expr, MatAdd | Add):
        return max(_degree(arg, letter) for arg in expr.args)
    if isinstance(expr, MatMul | Mul):
        return sum(_degree(arg, letter) for arg in expr.args)
    if isinstance(expr, MatPow | Pow) and expr.exp.is_Integer and expr.exp > 0:
        return int(expr.exp) * _degree(expr.base, letter)
    raise OutOfReachError(f"no exact average of {expr}: it is no polynomial in {letter}")
