r"""Letters whose square has a name: where ``\sigma^{2}`` is known, ``\sigma`` is its root."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import sqrt

from .names import plain_spelling
from .nodes import Accent, Letter, Node, Number, Scripted

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["root_of_named"]


def root_of_named(reader: Reader, node: Node) -> Any:
    r"""The root of the symbol that is the square of a letter with its index; None for others.

    The power above the letter is left to the caller: ``\sigma^{-2}`` is the root to the power -2.
    A letter has the sign of a length or a deviation: where its square is positive, so is it.
    """
    if not isinstance(node, Letter | Accent | Scripted):
        return None
    whole = node if isinstance(node, Scripted) else Scripted(node)
    if whole.primes or not isinstance(whole.base, Letter | Accent):
        return None
    square = replace(whole, sup=Number("2"))
    entry = reader.vocabulary.names.get(plain_spelling(square))
    symbol = None if entry is None else entry.symbol
    return sqrt(symbol) if symbol is not None and symbol.is_nonnegative else None
