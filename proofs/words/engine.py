"""The engine of one claim: its letters, its rules, and normal forms under them."""

from __future__ import annotations

from typing import Any

from lemmata.theory.matrix_calculus import check_shapes
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Basic, MatrixSymbol, Symbol

from ..signs import Signs
from .alphabet import Alphabet
from .blocks import Blocks
from .convert import Converter
from .errors import OutOfReachError
from .letters import RATE
from .rules import Rewriter, Rule, make_rules
from .scalars import Scalars

__all__ = ["Engine"]


class Engine:
    """Reads expressions under facts; made for the expressions it will see.

    ``expressions`` lists every expression to come, so that the field of coefficients knows all
    scalars.  Raises ``ValueError`` when shapes disagree or a given equation is no rule, and
    ``OutOfReachError`` when a given equation is outside the vocabulary.
    """

    def __init__(self, facts: MatrixFacts, expressions: tuple[Any, ...]) -> None:
        sides = [side for equation in facts.given for side in (equation.lhs, equation.rhs)]
        for expression in (*sides, *expressions):
            check_shapes(expression)
        _check_names((*sides, *expressions))
        variances = [variance for _, variance in facts.gaussian]
        scalars = Scalars([*sides, *expressions, *variances], facts.time)
        self.alphabet = Alphabet(facts, scalars)
        self.converter = Converter(self.alphabet)
        self.rules: list[Rule] = []
        for equation in facts.given:
            self._learn(equation)
        self.rewriter = Rewriter(self.alphabet, self.rules)

    def normal_form(self, expression: Basic) -> Blocks:
        """The expression with every given equation applied until none applies."""
        return self.converter.convert(expression).map(self.rewriter.normal_form)

    def difference(self, left: Basic, right: Basic) -> Blocks:
        """Normal form of left - right."""
        raw = self.converter.convert(left) - self.converter.convert(right)
        return raw.map(self.rewriter.normal_form)

    def equal(self, left: Basic, right: Basic) -> bool:
        """Whether left - right rewrites to zero: True is a proof, False says nothing."""
        return not any(self.difference(left, right))

    def _learn(self, equation: Any) -> None:
        left = self.converter.convert(equation.lhs)
        right = self.converter.convert(equation.rhs).cut(left.heights, left.widths)
        for a, b in zip(left, right, strict=True):
            if not a and not b:
                continue
            rules = make_rules(equation, a, b)
            self._refuse_vanishing(equation, a)
            self.rules.extend(rules)
            word = rules[0].word
            if len(word) == 1 and word[0].kind == RATE:
                turned = word[0].transposed
                flow = rules[0].replacement
                self.converter.leibniz.flows[word[0].base] = flow.T if turned else flow

    def _refuse_vanishing(self, equation: Any, left: Any) -> None:
        for coefficient in left.terms.values():
            factor = coefficient.as_expr()
            if not Signs([]).sign(factor):
                raise OutOfReachError(f"the factor {factor} in {equation} may vanish")


def _check_names(expressions: tuple[Any, ...]) -> None:
    symbols = {s for expression in expressions for s in expression.atoms(MatrixSymbol, Symbol)}
    names: dict[str, Any] = {}
    for symbol in symbols:
        other = names.setdefault(symbol.name, symbol)
        if other != symbol:
            raise ValueError(
                f"{symbol.name} names two symbols that differ in shape or assumptions: "
                "use one symbol, or two names"
            )
