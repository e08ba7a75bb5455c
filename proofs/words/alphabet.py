"""From facts to letters: which letters are symmetric, which commute, what their shapes are."""

from __future__ import annotations

from typing import Any

from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Integer

from .letters import (
    AVERAGE,
    EXPONENTIAL,
    INTEGRATED,
    INVERSE,
    MOVE,
    RATE,
    SYMBOL,
    Letter,
    Word,
)
from .polynomials import Polynomial, monomial
from .scalars import Scalars

__all__ = ["Alphabet"]


class Alphabet:
    """Makes letters that carry the facts, and tells which pairs commute."""

    def __init__(self, facts: MatrixFacts, scalars: Scalars) -> None:
        self.facts, self.scalars = facts, scalars
        self._symmetric = {*facts.symmetric, *facts.diagonal}
        self._diagonal = set(facts.diagonal)
        self._orthonormal = set(facts.orthonormal_columns)
        self._pairs = {frozenset(pair) for pair in facts.commuting}
        self._constant, self._random = set(facts.constant), set(facts.random)
        self._variances = dict(facts.gaussian)

    def symbol(self, symbol: Any, kind: str = SYMBOL) -> Letter:
        """The letter of a MatrixSymbol, of its rate or of its differential."""
        scalar = symbol.rows == 1 and symbol.cols == 1
        symmetric = symbol in self._symmetric or scalar
        return Letter(kind, symbol, symbol.shape, symmetric=symmetric)

    def polynomial(self, letter: Letter) -> Polynomial:
        """The polynomial of one letter."""
        return self.word((letter,), letter.rows, letter.cols)

    def word(self, word: Word, rows: Any, cols: Any) -> Polynomial:
        """The polynomial of one word."""
        return Polynomial(rows, cols, {monomial((), word, rows): self.scalars.one})

    def identity(self, size: Any) -> Polynomial:
        """I of a size."""
        return Polynomial(size, size, {((), ()): self.scalars.one})

    def scalar(self, expression: Any) -> Polynomial:
        """A scalar coefficient as a 1x1 polynomial."""
        element = self.scalars(expression)
        return Polynomial(Integer(1), Integer(1), {((), ()): element})

    def inverse(self, inside: Polynomial) -> Letter:
        """The letter K^-1 of a polynomial K."""
        return self._wrapped(INVERSE, inside, inside.T)

    def average(self, inside: Polynomial) -> Letter:
        """The letter E[w] of a monomial w."""
        return self._wrapped(AVERAGE, inside, inside.T)

    def exponential(self, kind: str, generator: Polynomial, x: Any) -> Letter:
        """The letter exp(F x) or its integral; x a field element."""
        return self._wrapped(kind, generator, generator.T, x)

    def _wrapped(self, kind: str, inside: Polynomial, mirror: Polynomial, x: Any = None) -> Letter:
        symmetric = inside == mirror
        return Letter(
            kind, inside, inside.shape, argument=x, symmetric=symmetric,
            mirror=None if symmetric else mirror,
        )  # fmt: skip

    def is_constant(self, symbol: Any) -> bool:
        """Whether time and differentials leave a MatrixSymbol alone."""
        return symbol in self._constant

    def is_random(self, letter: Letter) -> bool:
        """Whether a letter changes from example to example."""
        if letter.kind in (SYMBOL, RATE, MOVE):
            return letter.node in self._random
        if letter.kind == AVERAGE:
            return False
        words = [w for traces, word in letter.node.terms for w in (*traces, word)]
        return any(self.is_random(inner) for word in words for inner in word)

    def is_gaussian(self, letter: Letter) -> bool:
        """Whether a letter is a Gaussian matrix, or has one inside."""
        if letter.kind in (SYMBOL, RATE, MOVE):
            return letter.node in self._variances
        words = [w for traces, word in letter.node.terms for w in (*traces, word)]
        return any(self.is_gaussian(inner) for word in words for inner in word)

    def variance(self, letter: Letter) -> Any:
        """The variance of the entries of a Gaussian letter, as a field element."""
        return self.scalars(self._variances[letter.node])

    def cancels(self, left: Letter, right: Letter) -> bool:
        """Whether the product of two neighbours is I by orthonormality."""
        if left.kind != SYMBOL or right.kind != SYMBOL or left.node != right.node:
            return False
        if left.node not in self._orthonormal:
            return False
        if left.symmetric:
            return True
        square = left.rows == left.cols
        return left.transposed != right.transposed and (left.transposed or square)

    def commute(self, left: Letter, right: Letter) -> bool:
        """Whether two letters commute by the facts."""
        if left == right:
            return False
        if self._is_diagonal(left) and self._is_diagonal(right):
            return True
        if {left.kind, right.kind} & {EXPONENTIAL, INTEGRATED}:
            return self._family(left) == self._family(right)
        if left.kind == right.kind == SYMBOL and frozenset((left.node, right.node)) in self._pairs:
            aligned = left.transposed == right.transposed
            return aligned or left.symmetric or right.symmetric
        return False

    def _is_diagonal(self, letter: Letter) -> bool:
        return letter.kind in (SYMBOL, RATE, MOVE) and letter.node in self._diagonal

    def _family(self, letter: Letter) -> Polynomial:
        # exp(F x) commutes with F, exp(F y) and the integral: all have the family F.
        if letter.kind in (EXPONENTIAL, INTEGRATED):
            inside: Polynomial = letter.node
            return inside
        return self.polynomial(letter)
