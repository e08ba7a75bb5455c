"""From polynomials in letters back to SymPy expressions, for reading and for reports."""

from __future__ import annotations

from typing import Any

from lemmata.theory.matrix_calculus import (
    Average,
    Differential,
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
)
from sympy import (
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    Mul,
    Trace,
    Transpose,
    ZeroMatrix,
)

from .letters import AVERAGE, EXPONENTIAL, INTEGRATED, INVERSE, MOVE, RATE, Letter, Word
from .polynomials import Polynomial
from .scalars import Scalars

__all__ = ["spell"]


def spell(polynomial: Polynomial, scalars: Scalars) -> Any:
    """The SymPy matrix expression of a polynomial."""
    terms = [
        _term(coefficient, traces, word, polynomial, scalars)
        for (traces, word), coefficient in polynomial.terms.items()
    ]
    if not terms:
        return ZeroMatrix(polynomial.rows, polynomial.cols)
    return MatAdd(*sorted(terms, key=str)).doit(deep=False)


def _term(coefficient: Any, traces: Any, word: Word, whole: Polynomial, scalars: Scalars) -> Any:
    factors = [Trace(_word(cycle, cycle[0].rows, scalars)) for cycle in traces]
    scale = Mul(scalars.expression(coefficient), *factors)
    return MatMul(scale, _word(word, whole.rows, scalars)).doit(deep=False)


def _word(word: Word, rows: Any, scalars: Scalars) -> Any:
    if not word:
        return Identity(rows)
    return MatMul(*(_letter(letter, scalars) for letter in word)).doit(deep=False)


def _letter(letter: Letter, scalars: Scalars) -> Any:
    if letter.kind == INVERSE:
        return Inverse(spell(letter.node, scalars))
    if letter.kind == AVERAGE:
        return Average(spell(letter.node, scalars))
    if letter.kind in (EXPONENTIAL, INTEGRATED):
        wrap = MatrixExponential if letter.kind == EXPONENTIAL else IntegratedExponential
        return wrap(spell(letter.node, scalars), scalars.expression(letter.argument))
    written: Any = letter.node
    if letter.kind in (RATE, MOVE):
        node = TimeDerivative if letter.kind == RATE else Differential
        written = node(written)
    return Transpose(written) if letter.transposed else written
