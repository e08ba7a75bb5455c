"""Averages over matrices with independent Gaussian entries: Wick's theorem in words.

E of a product of Gaussian numbers is the sum over all ways to pair them of the products of the
means of the pairs.  For the entries of W, of variance v, E W_ij W_kl = v for i = k and j = l:

    A W B W C   -> v A B^T C         tr(W B) A W C     -> v A B^T C
    A W B W^T C -> v tr(B) A C       tr(W B) tr(W C)   -> v tr(B C^T)

with the first W paired with each of the others in turn; W^T is taken where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .errors import OutOfReachError
from .letters import SYMBOL, Letter, Word, transpose_word
from .polynomials import Monomial, Polynomial
from .rules import Rewriter

if TYPE_CHECKING:
    from .alphabet import Alphabet

__all__ = ["paired"]


def paired(polynomial: Polynomial, alphabet: Alphabet) -> Polynomial:
    """The average of the polynomial over its Gaussian letters, which leaves none of them.

    Raises ``OutOfReachError`` where one is inside an inverse or the like, or is moved by time.
    """
    pending, done = dict(polynomial.terms), Polynomial(polynomial.rows, polynomial.cols, {})
    while pending:
        key, coefficient = pending.popitem()
        left = Polynomial(polynomial.rows, polynomial.cols, {key: coefficient})
        if not _gaussian(key, alphabet):
            done = done + left
            continue
        for term in _contracted(key, left, alphabet):
            for other, value in term.terms.items():
                value = value * coefficient
                pending[other] = pending[other] + value if other in pending else value
    return done


def _gaussian(key: Monomial, alphabet: Alphabet) -> bool:
    traces, word = key
    return any(alphabet.is_gaussian(letter) for part in (*traces, word) for letter in part)


def _contracted(key: Monomial, shape: Polynomial, alphabet: Alphabet) -> Iterator[Polynomial]:
    """The monomial, of coefficient 1, with its first Gaussian letter paired with each other one."""
    traces, word = key
    at = _first(word, alphabet)
    if at is not None:
        yield from _from_word(traces, word, at, shape, alphabet)
        return
    for number, cycle in enumerate(traces):
        at = _first(cycle, alphabet)
        if at is not None:
            others = traces[:number] + traces[number + 1 :]
            turned = cycle[at:] + cycle[:at]
            kept = Polynomial(shape.rows, shape.cols, {((), word): alphabet.scalars.one})
            for scalar in _from_cycle(turned, others, alphabet):
                yield kept.times_scalar(scalar)
            return


def _first(word: Word, alphabet: Alphabet) -> int | None:
    return next((i for i, letter in enumerate(word) if alphabet.is_gaussian(letter)), None)


def _from_word(
    traces: tuple[Word, ...], word: Word, at: int, shape: Polynomial, alphabet: Alphabet
) -> Iterator[Polynomial]:
    letter, head = word[at], word[:at]
    fixed = Polynomial(1, 1, {(traces, ()): _variance(letter, alphabet)})
    for i in range(at + 1, len(word)):
        if _partner(letter, word[i]):
            between, tail = word[at + 1 : i], word[i + 1 :]
            if word[i].transposed == letter.transposed:
                turned = head + transpose_word(between) + tail
                found = alphabet.word(turned, shape.rows, shape.cols)
            else:
                found = alphabet.word(head + tail, shape.rows, shape.cols)
                found = found.times_scalar(_trace(between, letter.cols, alphabet))
            yield found.times_scalar(fixed)
    for rest, others in _elsewhere(letter, traces):
        left = Polynomial(1, 1, {(others, ()): _variance(letter, alphabet)})
        found = alphabet.word(head + transpose_word(rest) + word[at + 1 :], shape.rows, shape.cols)
        yield found.times_scalar(left)


def _from_cycle(cycle: Word, traces: tuple[Word, ...], alphabet: Alphabet) -> Iterator[Polynomial]:
    """The cycle begins with the letter that is paired."""
    letter, rest = cycle[0], cycle[1:]
    fixed = Polynomial(1, 1, {(traces, ()): _variance(letter, alphabet)})
    for i, other in enumerate(rest):
        if _partner(letter, other):
            between, tail = rest[:i], rest[i + 1 :]
            if other.transposed == letter.transposed:
                found = _trace(transpose_word(between) + tail, letter.rows, alphabet)
            else:
                found = _trace(between, letter.cols, alphabet)
                found = found.times_scalar(_trace(tail, letter.rows, alphabet))
            yield found.times_scalar(fixed)
    for other_rest, others in _elsewhere(letter, traces):
        left = Polynomial(1, 1, {(others, ()): _variance(letter, alphabet)})
        found = _trace(transpose_word(other_rest) + rest, letter.rows, alphabet)
        yield found.times_scalar(left)


def _elsewhere(letter: Letter, traces: tuple[Word, ...]) -> Iterator[tuple[Word, tuple[Word, ...]]]:
    """For each partner in another trace: that trace as tr(letter rest), and all other traces."""
    for number, cycle in enumerate(traces):
        for i, other in enumerate(cycle):
            if _partner(letter, other):
                rest = cycle[i + 1 :] + cycle[:i]
                if other.transposed != letter.transposed:
                    rest = transpose_word(rest)  # tr(W^T R) = tr(W R^T)
                yield rest, traces[:number] + traces[number + 1 :]


def _partner(letter: Letter, other: Letter) -> bool:
    return other.kind == SYMBOL and bool(other.node == letter.node)


def _variance(letter: Letter, alphabet: Alphabet) -> Any:
    if letter.kind != SYMBOL:
        raise OutOfReachError(f"no average of {letter}: a Gaussian matrix is inside it, or moves")
    return alphabet.variance(letter)


def _trace(word: Word, size: Any, alphabet: Alphabet) -> Polynomial:
    return Rewriter(alphabet, []).trace(alphabet.word(word, size, size))
