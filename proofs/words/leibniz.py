"""The Leibniz rule on polynomials in letters: rates along a flow, and differentials.

d(A B) = dA B + A dB,  d(K^-1) = -K^-1 dK K^-1,
d exp(F x) = dx F exp(F x),  d int_0^x exp(F u) du = dx exp(F x)  for constant F.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .alphabet import Alphabet
from .averages import average
from .errors import OutOfReachError
from .letters import AVERAGE, EXPONENTIAL, INVERSE, MOVE, RATE, SYMBOL, Letter, Word
from .polynomials import Polynomial
from .rules import Rewriter

__all__ = ["Leibniz"]


class Leibniz:
    """Derivations of the algebra.  ``flows`` maps rate letters to their polynomials."""

    def __init__(self, alphabet: Alphabet, rewriter: Rewriter) -> None:
        self.alphabet, self.rewriter = alphabet, rewriter
        self.flows: dict[Letter, Polynomial] = {}

    def rate(self, polynomial: Polynomial) -> Polynomial:
        """d/dt; OutOfReachError where the facts do not say how something moves."""
        total = self._derive(polynomial, self._letter_rate)
        scalars = self.alphabet.scalars
        for key, coefficient in polynomial.terms.items():
            moved = scalars.rate(coefficient)
            total = total + Polynomial(polynomial.rows, polynomial.cols, {key: moved})
        return total

    def move(self, polynomial: Polynomial, symbols: tuple[Any, ...]) -> Polynomial:
        """Differential in which the named symbols move, or all that are not constant."""
        return self._derive(polynomial, lambda letter: self._letter_move(letter, symbols))

    def _derive(
        self, polynomial: Polynomial, rule: Callable[[Letter], Polynomial | None]
    ) -> Polynomial:
        rows, cols = polynomial.rows, polynomial.cols
        total = Polynomial(rows, cols, {})
        one = self.alphabet.scalars.one
        for (traces, word), coefficient in polynomial.terms.items():
            outside = Polynomial(1, 1, {(traces, ()): coefficient})
            total = total + self._word(word, rows, cols, rule).times_scalar(outside)
            for i, cycle in enumerate(traces):
                size = cycle[0].rows
                moved = self.rewriter.trace(self._word(cycle, size, size, rule))
                key = (traces[:i] + traces[i + 1 :], word)
                rest = Polynomial(rows, cols, {key: coefficient * one})
                total = total + rest.times_scalar(moved)
        return total

    def _word(
        self, word: Word, rows: Any, cols: Any, rule: Callable[[Letter], Polynomial | None]
    ) -> Polynomial:
        total = Polynomial(rows, cols, {})
        for i, letter in enumerate(word):
            moved = rule(letter)
            if moved is not None:
                head = self.alphabet.word(word[:i], rows, letter.rows)
                tail = self.alphabet.word(word[i + 1 :], letter.cols, cols)
                total = total + head * moved * tail
        return total

    def _letter_rate(self, letter: Letter) -> Polynomial | None:
        if letter.kind == SYMBOL:
            return self._symbol(letter, RATE)
        if letter.kind in (RATE, MOVE):
            flow = self.flows.get(letter.base)
            if flow is None or letter.kind == MOVE:
                raise OutOfReachError(f"the rate of {letter} is not given")
            moved = self.rate(flow)
            return moved.T if letter.transposed else moved
        if letter.kind in (INVERSE, AVERAGE):
            return self._inner(letter, self.rate)
        if self.rate(letter.node):
            raise OutOfReachError(f"the generator of {letter} is not declared constant")
        scalars = self.alphabet.scalars
        if scalars.time is None:
            raise OutOfReachError(f"how {letter} moves is unknown: set MatrixFacts(time=...)")
        return self._grown(letter).scaled(scalars.rate(letter.argument))

    def _letter_move(self, letter: Letter, symbols: tuple[Any, ...]) -> Polynomial | None:
        if letter.kind == SYMBOL:
            return None if symbols and letter.node not in symbols else self._symbol(letter, MOVE)
        if letter.kind in (RATE, MOVE):
            raise OutOfReachError(f"the differential of {letter} is not given")
        if letter.kind in (INVERSE, AVERAGE):
            return self._inner(letter, lambda inside: self.move(inside, symbols))
        if self.move(letter.node, symbols):
            raise OutOfReachError(f"the differential of {letter} needs a moving generator")
        return None

    def _symbol(self, letter: Letter, kind: str) -> Polynomial | None:
        if self.alphabet.is_constant(letter.node):
            return None
        moved = self.alphabet.symbol(letter.node, kind)
        return self.alphabet.polynomial(moved.T if letter.transposed else moved)

    def _inner(self, letter: Letter, move: Callable[[Polynomial], Polynomial]) -> Polynomial:
        moved = move(letter.node)
        if letter.kind == AVERAGE:
            return average(moved, self.alphabet)
        inverse = self.alphabet.polynomial(letter)
        return (inverse * moved * inverse).scaled(-1)

    def _grown(self, letter: Letter) -> Polynomial:
        """Derivative of exp(F x) or of its integral with respect to x."""
        grown = self.alphabet.exponential(EXPONENTIAL, letter.node, letter.argument)
        inside: Polynomial = letter.node
        exponential = self.alphabet.polynomial(grown)
        return inside * exponential if letter.kind == EXPONENTIAL else exponential
