"""Averages over examples: linear, and letters that no example changes come out.

E[W y x^T] = W E[y x^T], and tr E[x^T W x] = tr(W E[x x^T]).  Gaussian matrices are averaged first.
"""

from __future__ import annotations

from .alphabet import Alphabet
from .gaussian import paired
from .letters import Word, word_key
from .polynomials import Monomial, Polynomial
from .rules import Rewriter

__all__ = ["average"]


def average(polynomial: Polynomial, alphabet: Alphabet) -> Polynomial:
    """E[polynomial], each monomial reduced to the average of its random core."""
    total = Polynomial(polynomial.rows, polynomial.cols, {})
    polynomial = paired(polynomial, alphabet)
    for key, coefficient in polynomial.terms.items():
        one = Polynomial(polynomial.rows, polynomial.cols, {key: alphabet.scalars.one})
        total = total + _monomial(key, one, alphabet).scaled(coefficient)
    return total


def _monomial(key: Monomial, one: Polynomial, alphabet: Alphabet) -> Polynomial:
    traces, word = key
    random = [w for w in (*traces, word) if any(map(alphabet.is_random, w))]
    if not random:
        return one
    if len(random) > 1:
        return alphabet.polynomial(alphabet.average(one))
    if random[0] is word:
        outside = Polynomial(1, 1, {(traces, ()): alphabet.scalars.one})
        return _core(word, one, alphabet).times_scalar(outside)
    i = traces.index(random[0])
    rest = (traces[:i] + traces[i + 1 :], word)
    kept = Polynomial(one.rows, one.cols, {rest: alphabet.scalars.one})
    return kept.times_scalar(_cycle(random[0], alphabet))


def _core(word: Word, shape: Polynomial, alphabet: Alphabet) -> Polynomial:
    places = [i for i, letter in enumerate(word) if alphabet.is_random(letter)]
    first, last = places[0], places[-1] + 1
    core = word[first:last]
    rows, cols = core[0].rows, core[-1].cols
    inner = alphabet.polynomial(alphabet.average(alphabet.word(core, rows, cols)))
    head = alphabet.word(word[:first], shape.rows, rows)
    return head * inner * alphabet.word(word[last:], cols, shape.cols)


def _cycle(cycle: Word, alphabet: Alphabet) -> Polynomial:
    # The shortest random core lets the most letters out; E[x x^T] is preferred to E[x^T x].
    rotations = [cycle[i:] + cycle[:i] for i in range(len(cycle))]
    best = min(rotations, key=lambda w: _preference(w, alphabet))
    size = best[0].rows
    whole = alphabet.word((), size, size)
    return Rewriter(alphabet, []).trace(_core(best, whole, alphabet))


def _preference(word: Word, alphabet: Alphabet) -> tuple[object, ...]:
    places = [i for i, letter in enumerate(word) if alphabet.is_random(letter)]
    core = word[places[0] : places[-1] + 1]
    return (len(core), core[0].rows == 1, word_key(word))
