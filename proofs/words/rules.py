"""Rewriting: rules given by the user, rules that follow from the facts, and normal forms.

Every step replaces a part of a word by an equal polynomial, so whatever the order of the steps,
two polynomials with one normal form are equal under the rules: proofs are sound.  Rules need not
terminate nor be confluent; a limit on the number of steps ends a run that does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .alphabet import Alphabet
from .errors import OutOfReachError
from .letters import EXPONENTIAL, INTEGRATED, INVERSE, Letter, Word, word_key
from .polynomials import Monomial, Polynomial, trace_terms

__all__ = ["Rewriter", "Rule", "make_rules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """word -> replacement, of one shape."""

    word: Word
    replacement: Polynomial


def make_rules(equation: Any, left: Polynomial, right: Polynomial) -> list[Rule]:
    """The rule of an equation and, if it says something else, of its transpose.

    Raises ``ValueError`` when the left side is not a coefficient times one word.
    """
    found = left.single_word()
    if found is not None and not found[1]:
        found = None
    if found is None and len(left.terms) == 1:
        ((traces, word), coefficient) = next(iter(left.terms.items()))
        starts = [i for i, letter in enumerate(traces[0]) if letter.rows == 1] if traces else []
        if len(traces) == 1 and not word and starts:
            cut = traces[0][starts[0] :] + traces[0][: starts[0]]
            return [Rule(cut, right.scaled(1 / coefficient))]
    if found is None:
        raise ValueError(
            f"given: the left side of {equation} must be one word (a product of letters) times "
            "a scalar: move the other terms to the right side"
        )
    coefficient, word = found
    rule = Rule(word, right.scaled(1 / coefficient))
    mirror = Rule(left.T.single_word()[1], rule.replacement.T)  # type: ignore[index]
    if mirror.word == rule.word:
        return [rule, *_symmetric_letter(rule.replacement)]
    return [rule, mirror]


def _symmetric_letter(replacement: Polynomial) -> list[Rule]:
    # A word equal to its transpose, as x x^T or E[x x^T], makes the letter it equals symmetric.
    found = replacement.single_word()
    if found is None or len(found[1]) != 1 or found[1][0].symmetric:
        return []
    base = found[1][0].base
    one = found[0] / found[0]
    return [Rule((base.T,), Polynomial(base.rows, base.cols, {((), (base,)): one}))]


class Rewriter:
    """Normal forms under the facts of an alphabet and a list of rules.

    ``normal_form`` raises ``OutOfReachError`` after ``limit`` steps.
    """

    def __init__(self, alphabet: Alphabet, rules: list[Rule], limit: int = 20000) -> None:
        self.alphabet, self.rules, self.limit = alphabet, rules, limit
        self._memo: dict[Monomial, Polynomial | None] = {}

    def normal_form(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with every word rewritten until nothing applies."""
        pending, done = dict(polynomial.terms), dict[Monomial, Any]()
        steps = 0
        while pending:
            key, coefficient = pending.popitem()
            if not coefficient:
                continue
            if key not in self._memo:
                self._memo[key] = self._step(key, polynomial.rows, polynomial.cols)
            replacement = self._memo[key]
            if replacement is None:
                done[key] = done[key] + coefficient if key in done else coefficient
                continue
            steps += 1
            if steps > self.limit:
                raise OutOfReachError(f"rewriting did not end within {self.limit} steps")
            for other, factor in replacement.terms.items():
                value = coefficient * factor
                pending[other] = pending[other] + value if other in pending else value
        return Polynomial(polynomial.rows, polynomial.cols, done)

    def _step(self, key: Monomial, rows: Any, cols: Any) -> Polynomial | None:
        traces, word = key
        replaced = self._rewrite(word, rows, cols)
        one = self.alphabet.scalars.one
        if replaced is not None:
            others = Polynomial(1, 1, {(traces, ()): one})
            return replaced.times_scalar(others)
        for i, cycle in enumerate(traces):
            scalar = self._rewrite_cycle(cycle)
            if scalar is not None:
                rest = (traces[:i] + traces[i + 1 :], word)
                return Polynomial(rows, cols, {rest: one}).times_scalar(scalar)
        return None

    def _rewrite_cycle(self, cycle: Word) -> Polynomial | None:
        for i in range(len(cycle)):
            turned = cycle[i:] + cycle[:i]
            size = turned[0].rows
            replaced = self._rewrite(turned, size, size, ordered=False)
            if replaced is not None:
                return self.trace(replaced)
        return None

    def trace(self, polynomial: Polynomial) -> Polynomial:
        """Trace of a square polynomial, as a 1x1 polynomial of traces."""
        scalars = self.alphabet.scalars
        size = scalars(polynomial.rows) if _has_identity(polynomial) else scalars.one
        total = Polynomial(1, 1, {})
        for (traces, word), coefficient in polynomial.terms.items():
            more, factor = trace_terms(word, size, scalars.one)
            key = (tuple(sorted(traces + more, key=word_key)), ())
            total = total + Polynomial(1, 1, {key: coefficient * factor})
        return total

    def _rewrite(
        self, word: Word, rows: Any, cols: Any, *, ordered: bool = True
    ) -> Polynomial | None:
        if ordered:
            sorted_word = self._commuted(word)
            if sorted_word != word:
                return self.alphabet.word(sorted_word, rows, cols)
        for i in range(len(word)):
            for length, replacement in self._matches(word, i):
                head = self.alphabet.word(word[:i], rows, replacement.rows)
                tail = self.alphabet.word(word[i + length :], replacement.cols, cols)
                return head * replacement * tail
        return None

    def _matches(self, word: Word, i: int) -> list[tuple[int, Polynomial]]:
        if i + 1 < len(word):
            pair = self._pair(word[i], word[i + 1])
            if pair is not None:
                return [(2, pair)]
        inverse = self._inverse(word, i)
        if inverse is not None:
            return [inverse]
        for rule in self.rules:
            if word[i : i + len(rule.word)] == rule.word:
                return [(len(rule.word), rule.replacement)]
        return []

    def _commuted(self, word: Word) -> Word:
        rest, result = list(word), list[Letter]()
        while rest:
            free = [
                i for i, letter in enumerate(rest)
                if all(self.alphabet.commute(letter, before) for before in rest[:i])
            ]  # fmt: skip
            best = min(free, key=lambda i: (rest[i].key, i))
            result.append(rest.pop(best))
        return tuple(result)

    def _pair(self, left: Letter, right: Letter) -> Polynomial | None:
        if self.alphabet.cancels(left, right):
            return self.alphabet.identity(left.rows)
        if left.kind == right.kind == EXPONENTIAL and left.node == right.node:
            x = left.argument + right.argument
            if not x:
                return self.alphabet.identity(left.rows)
            merged = self.alphabet.exponential(EXPONENTIAL, left.node, x)
            return self.alphabet.polynomial(merged)
        if right.kind == INTEGRATED and self.alphabet.polynomial(left) == right.node:
            grown = self.alphabet.exponential(EXPONENTIAL, right.node, right.argument)
            return self.alphabet.polynomial(grown) - self.alphabet.identity(left.rows)
        return None

    def _inverse(self, word: Word, i: int) -> tuple[int, Polynomial] | None:
        """X K^-1 = (I - rest K^-1)/c and K^-1 X alike, where K = c X + rest, X its longest word."""
        for j, letter in enumerate(word):
            if letter.kind != INVERSE:
                continue
            lead, factor, rest = _leading(letter.node)
            if not lead:
                continue
            size, inverse = letter.rows, self.alphabet.polynomial(letter)
            identity = self.alphabet.identity(size)
            if i + len(lead) == j and word[i:j] == lead:
                return len(lead) + 1, (identity - rest * inverse).scaled(1 / factor)
            if i == j and word[j + 1 : j + 1 + len(lead)] == lead:
                return len(lead) + 1, (identity - inverse * rest).scaled(1 / factor)
        return None


def _leading(inside: Polynomial) -> tuple[Word, Any, Polynomial]:
    """Longest traceless word of a polynomial, its coefficient, and the other terms."""
    plain = [(word, m) for m in inside.terms for traces, word in [m] if not traces]
    word, key = max(plain, key=lambda item: word_key(item[0]), default=((), None))
    if key is None:
        return (), None, inside
    rest = {m: c for m, c in inside.terms.items() if m != key}
    return word, inside.terms[key], Polynomial(inside.rows, inside.cols, rest)


def _has_identity(polynomial: Polynomial) -> bool:
    return any(not word for _, word in polynomial.terms)
