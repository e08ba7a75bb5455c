"""Letters and words of the free algebra in which matrix identities are proved.

A word is a tuple of letters; its shape runs from the rows of the first to the columns of the
last.  A cyclic word stands for a trace.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

__all__ = ["Letter", "Word", "cyclic_form", "split", "transpose_word", "word_key"]

RATE, MOVE = "rate", "move"
SYMBOL, INVERSE = "symbol", "inverse"
EXPONENTIAL, INTEGRATED, AVERAGE = "exponential", "integrated", "average"
_RANK = {SYMBOL: 0, RATE: 1, MOVE: 2, INVERSE: 3, INTEGRATED: 4, EXPONENTIAL: 5, AVERAGE: 6}


class Letter:
    """One matrix that the algebra does not look into.

    ``kind``  symbol, rate (its time derivative), move (its differential), inverse, exponential,
        integrated (exponential), average
    ``node``  the MatrixSymbol, or the polynomial inside (hashable)
    ``argument``  the scalar x of exp(F x), else None
    ``transposed``  True for the transpose of a letter that is not symmetric
    ``mirror``  payload of the transpose, for kinds whose transpose has another payload
    """

    __slots__ = (
        "_hash", "argument", "cols", "key", "kind", "mirror", "node", "rows", "symmetric",
        "transposed",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        node: Any,
        shape: tuple[Any, Any],
        *,
        argument: Any = None,
        transposed: bool = False,
        symmetric: bool = False,
        mirror: Any = None,
    ) -> None:
        self.kind, self.node, self.argument = kind, node, argument
        self.rows, self.cols = shape
        self.symmetric, self.mirror = symmetric, mirror
        self.transposed = transposed and not symmetric
        self._hash = hash((kind, node, argument, self.transposed))
        self.key = (_RANK[kind], f"{node}|{argument}", self.transposed)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Letter)
            and self._hash == other._hash
            and self.kind == other.kind
            and self.transposed == other.transposed
            and bool(self.node == other.node)
            and bool(self.argument == other.argument)
        )

    def __repr__(self) -> str:
        turn = "^T" if self.transposed else ""
        if self.kind in (SYMBOL, RATE, MOVE):
            return f"{'d' if self.kind != SYMBOL else ''}{self.node}{turn}"
        argument = "" if self.argument is None else f", {self.argument}"
        return f"{self.kind}[{self.node}{argument}]"

    @property
    def T(self) -> Letter:
        """The transposed letter; the same one when symmetric."""
        if self.symmetric:
            return self
        shape = (self.cols, self.rows)
        if self.mirror is not None:
            return Letter(
                self.kind, self.mirror, shape, argument=self.argument, mirror=self.node
            )
        return Letter(self.kind, self.node, shape, transposed=not self.transposed)

    @property
    def base(self) -> Letter:
        """The letter without its transposition."""
        return self.T if self.transposed else self


Word: TypeAlias = tuple[Letter, ...]


def word_key(word: Word) -> tuple[Any, ...]:
    """Key of the length-lexicographic order of words."""
    return (len(word), tuple(letter.key for letter in word))


def transpose_word(word: Word) -> Word:
    """(A B)^T = B^T A^T."""
    return tuple(letter.T for letter in reversed(word))


def cyclic_form(word: Word) -> Word:
    """The representative of a trace: tr(A B) = tr(B A) = tr(B^T A^T)."""
    turned = transpose_word(word)
    rotations = [w[i:] + w[:i] for w in (word, turned) for i in range(len(w))]
    return min(rotations, key=word_key)


def split(word: Word, rows: Any) -> tuple[tuple[Word, ...], Word]:
    """Scalars inside a word, and the word without them.

    Where an inner dimension is 1 the word can be cut, and what lies between two cuts is a 1x1
    matrix, which commutes with everything: g (x^T x) g^T = (x^T x) g g^T.
    """
    dimensions = [rows, *(letter.cols for letter in word)]
    cuts = [i for i, size in enumerate(dimensions) if size == 1]
    if len(cuts) < 2:
        return (), word
    scalars = [cyclic_form(word[i:j]) for i, j in pairwise(cuts)]
    return tuple(sorted(scalars, key=word_key)), word[: cuts[0]] + word[cuts[-1] :]
