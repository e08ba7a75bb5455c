"""Noncommutative polynomials: words with scalar coefficients, traces included.

A monomial is a pair (traces, word): a sorted tuple of cyclic words, each standing for its trace
(a 1x1 word is its own trace), times a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from .letters import Word, cyclic_form, split, transpose_word, word_key

__all__ = ["Monomial", "Polynomial", "monomial", "trace_terms"]

Monomial: TypeAlias = tuple[tuple[Word, ...], Word]


def monomial(traces: Iterable[Word], word: Word, rows: Any) -> Monomial:
    """The monomial of a word times traces, with the scalars inside the word taken out."""
    scalars, rest = split(word, rows)
    return tuple(sorted((*traces, *scalars), key=word_key)), rest


class Polynomial:
    """An immutable sum of monomials of one shape, ``rows`` by ``cols`` (SymPy integers).

    ``terms`` maps monomials to nonzero coefficients of one field.  Sums and products raise
    ``ValueError`` when shapes disagree.
    """

    __slots__ = ("_hash", "cols", "rows", "terms")

    def __init__(self, rows: Any, cols: Any, terms: Mapping[Monomial, Any]) -> None:
        self.rows, self.cols = rows, cols
        self.terms = {m: c for m, c in terms.items() if c}
        self._hash = hash((rows, cols, frozenset(self.terms.items())))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and (
            (self.rows, self.cols, self.terms) == (other.rows, other.cols, other.terms)
        )

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __repr__(self) -> str:
        shown = sorted(self.terms.items(), key=lambda item: repr(item[0]))
        return " + ".join(f"({c})*{m[1]}{m[0] or ''}" for m, c in shown) or "0"

    def __add__(self, other: Polynomial) -> Polynomial:
        if (self.rows, self.cols) != (other.rows, other.cols):
            raise ValueError(f"cannot add {self.shape} and {other.shape}: make the shapes equal")
        terms = dict(self.terms)
        for key, value in other.terms.items():
            terms[key] = terms[key] + value if key in terms else value
        return Polynomial(self.rows, self.cols, terms)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + other.scaled(-1)

    def __mul__(self, other: Polynomial) -> Polynomial:
        if self.cols != other.rows:
            raise ValueError(f"cannot multiply {self.shape} by {other.shape}: shapes disagree")
        terms: dict[Monomial, Any] = {}
        for (traces, word), c in self.terms.items():
            for (more, tail), d in other.terms.items():
                key = monomial(traces + more, word + tail, self.rows)
                terms[key] = terms[key] + c * d if key in terms else c * d
        return Polynomial(self.rows, other.cols, terms)

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns."""
        return self.rows, self.cols

    @property
    def T(self) -> Polynomial:
        """The transpose; traces stay, since tr(A^T) = tr(A)."""
        terms = {(t, transpose_word(w)): c for (t, w), c in self.terms.items()}
        return Polynomial(self.cols, self.rows, terms)

    def scaled(self, factor: Any) -> Polynomial:
        """Every coefficient times a field element or an integer."""
        return Polynomial(self.rows, self.cols, {m: c * factor for m, c in self.terms.items()})

    def times_scalar(self, scalar: Polynomial) -> Polynomial:
        """Product with a scalar polynomial (1x1, traces only), for shapes of any size."""
        terms: dict[Monomial, Any] = {}
        for (traces, word), c in self.terms.items():
            for (more, _), d in scalar.terms.items():
                key = (tuple(sorted(traces + more, key=word_key)), word)
                terms[key] = terms[key] + c * d if key in terms else c * d
        return Polynomial(self.rows, self.cols, terms)

    def single_word(self) -> tuple[Any, Word] | None:
        """(coefficient, word) of a polynomial that is one word without traces, else None."""
        if len(self.terms) != 1:
            return None
        ((traces, word), coefficient) = next(iter(self.terms.items()))
        return None if traces else (coefficient, word)

    def multiple_of_identity(self) -> bool:
        """Whether no term has a letter in its word (zero counts)."""
        return all(not word for _, word in self.terms)


def trace_terms(word: Word, size: Any, one: Any) -> tuple[tuple[Word, ...], Any]:
    """Trace of a square word as (traces, coefficient): tr(I_n) = n, tr(x y^T) = y^T x.

    ``size`` is the field element of the dimension.
    """
    if not word:
        return (), size
    for i, letter in enumerate(word):
        if letter.rows == 1:
            scalars, _ = split(word[i:] + word[:i], letter.rows)
            return scalars, one
    return (cyclic_form(word),), one
