"""What a claim says of a network: its closed form as certified numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import flint
from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import compile_expressions
from lemmata.theory.claims import Claim
from lemmata.theory.matrix_calculus import TimeDerivative
from sympy import MatrixSymbol

from .matrix_balls import evaluate_matrix_expression

__all__ = ["ClosedForm", "MatrixForm", "ScalarForm", "closed_form"]

LAST_BITS = 1 << 14


class ScalarForm:
    """Scalar outputs of a claim, compiled once."""

    def __init__(self, outputs: list[Any]) -> None:
        self.symbols = sorted({x for e in outputs for x in e.free_symbols}, key=str)
        self.program = compile_expressions(outputs, self.symbols)

    def at(self, parameters: Mapping[Any, Any], digits: int) -> list[Any]:
        """Balls of radius below 10^-digits max(1, |value|) at exact ``parameters``.

        Raises ``ArithmeticError`` where the form is singular, ``KeyError`` for a symbol without a
        value.
        """
        values: list[Fraction | int] = [parameters[symbol] for symbol in self.symbols]
        return enclose(self.program, values, digits)


class MatrixForm:
    """A matrix expression of the vocabulary of ``matrix_calculus``: its entries, row by row."""

    def __init__(self, expression: Any) -> None:
        self.expression = expression
        self.letters = {str(x): x for x in expression.atoms(MatrixSymbol)}

    def at(self, parameters: Mapping[Any, Any], digits: int) -> list[Any]:
        """Balls as of ``ScalarForm``; letters are named by strings in ``parameters``."""
        known = {self.letters.get(str(name), name): value for name, value in parameters.items()}
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


def closed_form(claim: Claim) -> ClosedForm | None:
    """The form that a claim evaluates to, or its statement where that says what solves a flow.

    A solution ``f(t) = expression`` gives the expression; an equation for ``TimeDerivative(X)``
    with explicit X gives X.  None where the claim states no closed form.
    """
    if claim.evaluation is not None:
        outputs = list(claim.evaluation.outputs.values())
        if not any(getattr(expr, "is_Matrix", False) for expr in outputs):
            return ScalarForm(outputs)
    if claim.kind == "solution":
        return ScalarForm([claim.expand(claim.statement.rhs)])
    if claim.kind == "matrix":
        solved = [d.args[0] for d in claim.statement.atoms(TimeDerivative)]
        if len(solved) == 1 and not isinstance(solved[0], MatrixSymbol):
            return MatrixForm(solved[0])
    return None
