"""Certified values of matrix expressions: every entry a ball that contains the true number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import MatrixSymbol, Symbol

from .words.fields import Balls, precision
from .words.values import Point, Values

__all__ = ["evaluate_matrix_expression"]


def evaluate_matrix_expression(expr: Any, assignment: Mapping[Any, Any], bits: int = 128) -> Any:
    """The ``flint.arb_mat`` of an expression in the vocabulary of ``matrix_calculus``.

    ``assignment`` gives every MatrixSymbol a matrix (flint, SymPy, or nested rows of exact
    rationals or ``arb``) and every scalar Symbol a number.  Sizes are read off the matrices.
    ``IntegratedExponential(F, x)`` is the upper right block of exp([[F, I], [0, 0]] x), so
    F may be singular.

    Raises ``ValueError`` when a matrix contradicts the shape of its letter, ``KeyError`` for
    a letter without a value, ``TypeError`` for a float, ``ZeroDivisionError`` for an inverse
    that may be singular at this precision.

    >>> from sympy import Identity, Inverse
    >>> A = MatrixSymbol("A", 2, 2)
    >>> evaluate_matrix_expression(Inverse(Identity(2) + A), {A: [[1, 0], [0, 3]]})[1, 1]
    0.250000000000000
    """
    matrices = {s: _rows(v) for s, v in assignment.items() if isinstance(s, MatrixSymbol)}
    scalars = {s: v for s, v in assignment.items() if not isinstance(s, MatrixSymbol)}
    for symbol, rows in matrices.items():
        _learn_sizes(symbol, rows, scalars)
    with precision(bits):
        return Values(Point(scalars=scalars, matrices=matrices), Balls()).matrix(expr)


def _rows(value: Any) -> list[list[Any]]:
    if not hasattr(value, "tolist"):
        return [list(row) for row in value]
    rows: list[list[Any]] = value.tolist()
    return rows


def _learn_sizes(symbol: Any, rows: list[list[Any]], scalars: dict[Any, Any]) -> None:
    for size, actual in zip(symbol.shape, (len(rows), len(rows[0])), strict=True):
        if isinstance(size, Symbol):
            scalars.setdefault(size, actual)
        if size.subs(scalars) != actual:
            raise ValueError(
                f"assignment: {symbol} has shape {symbol.shape}, with {size} = "
                f"{size.subs(scalars)}, but its matrix has {actual}: make the sizes agree"
            )
