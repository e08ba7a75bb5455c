"""What a claim says of a network: its closed forms as certified numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flint
from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import compile_expressions
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_calculus import TimeDerivative
from sympy import Eq, MatMul, MatrixSymbol, ZeroMatrix
from sympy.core.function import AppliedUndef

from .matrix_balls import evaluate_matrix_expression

__all__ = ["ClosedForm", "MatrixForm", "ScalarForm", "closed_forms"]

LAST_BITS = 1 << 14


class ScalarForm:
    """A scalar expression of a claim, compiled once; ``source`` says which one.

    Raises ``UnknownFunctionError`` for an expression that has no numeric meaning.
    """

    def __init__(self, source: str, expression: Any) -> None:
        self.source, self.expression = source, expression
        self.symbols = sorted(expression.free_symbols, key=str)
        self.program = compile_expressions([expression], self.symbols)

    def at(self, parameters: Mapping[str, Any], digits: int) -> list[Any]:
        """One ball of radius below 10^-digits max(1, |value|); symbols are named by strings.

        Raises ``ArithmeticError`` where the form is singular, ``KeyError`` for a symbol without a
        value.
        """
        missing = [str(x) for x in self.symbols if str(x) not in parameters]
        if missing:
            raise KeyError(f"{missing[0]} has no value in the {self.source}: assign one")
        return enclose(self.program, [parameters[str(x)] for x in self.symbols], digits)


class MatrixForm:
    """A matrix expression of the vocabulary of ``matrix_calculus``: its entries, row by row."""

    def __init__(self, source: str, expression: Any) -> None:
        self.source, self.expression = source, expression
        self.letters = sorted(expression.free_symbols, key=str)

    def at(self, parameters: Mapping[str, Any], digits: int) -> list[Any]:
        """Balls, and errors, as of ``ScalarForm``; sizes are read off the matrices."""
        known = {x: parameters[str(x)] for x in self.letters if str(x) in parameters}
        bits, unit = 64 + 4 * digits, flint.arb(10) ** (-digits)
        while bits <= LAST_BITS:
            try:
                found = evaluate_matrix_expression(self.expression, known, bits).entries()
            except ZeroDivisionError:  # perhaps only at this precision
                found = []
            if found and all(x.rad() <= unit * abs(x).upper().max(flint.arb(1)) for x in found):
                return list(found)
            bits *= 2
        raise ArithmeticError(f"parameters: no enclosure to {digits} digits: the form is singular")


ClosedForm = ScalarForm | MatrixForm


def closed_forms(claim: Claim) -> list[ClosedForm]:
    """The form that the statement gives, if it gives one, then those that ``evaluate`` adds.

    A statement ``f(t) = expression`` gives the expression.  A matrix statement on
    ``TimeDerivative(X)`` gives X, where its letters are constant (X solves a flow) or where it
    says that the derivative is zero (X keeps its value).  Outputs of ``evaluate`` equal to the
    form of the statement are left out.
    Raises ``UnknownFunctionError`` for an expression that has no numeric meaning.
    """
    stated = _stated(claim)
    forms = [] if stated is None else [_form("statement", stated)]
    if claim.evaluation is not None:
        outputs = claim.evaluation.outputs.items()
        forms += [_form(name, expr) for name, expr in outputs if expr != stated]
    return forms


def _form(source: str, expression: Any) -> ClosedForm:
    kind = MatrixForm if getattr(expression, "is_Matrix", False) else ScalarForm
    return kind(source, expression)


def _stated(claim: Claim) -> Any:
    statement = claim.statement
    if claim.kind == "matrix":
        return _solved(claim)
    if isinstance(statement, Eq) and isinstance(statement.lhs, AppliedUndef):
        expanded = claim.expand(statement.rhs)
        return None if expanded.atoms(AppliedUndef) else expanded
    return None


def _solved(claim: Claim) -> Any:
    derivatives = claim.statement.atoms(TimeDerivative)
    if len(derivatives) != 1:
        return None
    derivative = derivatives.pop()
    solved = derivative.args[0]
    constant = set() if claim.facts is None else set(claim.facts.constant)
    if solved.atoms(MatrixSymbol) <= constant:
        return solved
    left, right = claim.statement.lhs, claim.statement.rhs
    alone = (left.args[-1] if isinstance(left, MatMul) else left) == derivative
    return solved if alone and isinstance(right, ZeroMatrix) else None
