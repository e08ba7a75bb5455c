"""What a claim says of a network: its closed forms as certified numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import flint
from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import compile_expressions
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.matrix_calculus import TimeDerivative
from lemmata.theory.outputs import Cases, Flow, Listed, Root
from sympy import Eq, MatMul, MatrixSymbol, ZeroMatrix
from sympy.core.function import AppliedUndef

from .matrix_balls import evaluate_matrix_expression
from .words.fields import Rationals
from .words.values import Point, Values

__all__ = ["ClosedForm", "MatrixForm", "ScalarForm", "closed_forms"]

LAST_BITS = 1 << 14


class ScalarForm:
    """A scalar expression of a claim, compiled once; ``source`` says which one.

    ``evaluation`` derives further symbols from its inputs, where the form is an output of it.
    Raises ``UnknownFunctionError`` for an expression that has no numeric meaning.
    """

    def __init__(self, source: str, expression: Any, evaluation: Evaluation | None = None) -> None:
        self.source, self.expression, self.evaluation = source, expression, evaluation
        self.symbols = sorted(expression.free_symbols, key=str)
        self.program = compile_expressions([expression], self.symbols)

    @property
    def reads(self) -> set[str]:
        """Names of what ``at`` asks for, or could."""
        return _names(self.symbols, self.evaluation)

    def at(self, parameters: Mapping[str, Any], digits: int) -> list[Any]:
        """One ball of radius below 10^-digits max(1, |value|); symbols are named by strings.

        Raises ``ArithmeticError`` where the form is singular, ``KeyError`` for a symbol without a
        value.
        """
        known = _completed(parameters, self.evaluation)
        missing = [str(x) for x in self.symbols if str(x) not in known]
        if missing:
            raise KeyError(f"{missing[0]} has no value in the {self.source}: assign one")
        return enclose(self.program, [known[str(x)] for x in self.symbols], digits)


class MatrixForm:
    """A matrix expression of the vocabulary of ``matrix_calculus``: its entries, row by row."""

    def __init__(self, source: str, expression: Any, evaluation: Evaluation | None = None) -> None:
        self.source, self.expression, self.evaluation = source, expression, evaluation
        self.letters = sorted(expression.free_symbols, key=str)

    @property
    def reads(self) -> set[str]:
        """Names of what ``at`` asks for, or could."""
        return _names(self.letters, self.evaluation)

    def at(self, parameters: Mapping[str, Any], digits: int) -> list[Any]:
        """Balls, and errors, as of ``ScalarForm``; sizes are read off the matrices."""
        values = _completed(parameters, self.evaluation)
        known = {x: values[str(x)] for x in self.letters if str(x) in values}
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
    form of the statement are left out, unless they are computed from derived symbols; so are
    families over indices, tuples and what other claims tell, and all where a symbol is the root of
    an equation.
    Raises ``UnknownFunctionError`` for an expression that has no numeric meaning.
    """
    stated = _stated(claim)
    forms = [] if stated is None else [_form("statement", stated)]
    if claim.evaluation is not None:
        told = claim.evaluation
        implicit = any(isinstance(e, Root) for e in told.derived.values())
        outputs = {} if implicit else told.outputs
        forms += [
            _form(name, e, told)
            for name, e in outputs.items()
            if not isinstance(e, Cases | Flow | Listed | tuple) and (told.derived or e != stated)
        ]
    return forms


def _form(source: str, expression: Any, evaluation: Evaluation | None = None) -> ClosedForm:
    kind = MatrixForm if getattr(expression, "is_Matrix", False) else ScalarForm
    return kind(source, expression, evaluation)


def _names(symbols: Iterable[Any], evaluation: Evaluation | None) -> set[str]:
    derived = evaluation is not None and bool(evaluation.derived)
    inputs = evaluation.inputs.values() if evaluation is not None and derived else ()
    return {str(x) for x in (*symbols, *inputs)}


def _completed(parameters: Mapping[str, Any], evaluation: Evaluation | None) -> dict[str, Any]:
    """``parameters``, and all that the evaluation derives from its inputs, exactly."""
    known = dict(parameters)
    if evaluation is None or not evaluation.derived:
        return known
    scalars: dict[Any, Any] = {}
    matrices: dict[Any, Any] = {}
    point = Point(scalars=scalars, matrices=matrices)
    for symbol in evaluation.inputs.values():
        if str(symbol) not in parameters:
            raise KeyError(f"{symbol} has no value among the inputs of evaluate: assign one")
        _assign(scalars, matrices, symbol, parameters[str(symbol)])
    for symbol, expr in evaluation.derived.items():
        values = Values(point, Rationals())
        matrix = isinstance(symbol, MatrixSymbol)
        found = values.matrix(expr) if matrix else values.scalar(expr)
        _assign(scalars, matrices, symbol, found)
        known[str(symbol)] = found if matrix else Fraction(int(found.p), int(found.q))
    return known


def _assign(scalars: dict[Any, Any], matrices: dict[Any, Any], symbol: Any, value: Any) -> None:
    """Put an exact value where it belongs, the sizes of a matrix included."""
    if not isinstance(symbol, MatrixSymbol):
        scalars[symbol] = value
        return
    rows = value.tolist()
    matrices[symbol] = rows
    shape = zip(symbol.shape, (len(rows), len(rows[0])), strict=True)
    scalars.update({size: count for size, count in shape if size.is_Symbol})


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
