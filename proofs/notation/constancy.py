r"""``X = \text{const}``: in a claim with derivatives by the time, dX/dt = 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import TimeDerivative
from sympy import Derivative, Eq, MatrixSymbol, S

from .nodes import Letter, Node
from .shapes import is_matrix

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["CONSTANT", "constant_word", "is_constant", "unchanging"]

CONSTANT = r"\text{const}"
"""How the word is written in a tree."""
_WORDS = frozenset(("const", "constant", "cst"))


def constant_word(text: str) -> bool:
    """Whether the word says that something does not change."""
    return text.strip().rstrip(".").lower() in _WORDS


def is_constant(node: Node) -> bool:
    """Whether a side of a relation is that word."""
    return isinstance(node, Letter) and node.text == CONSTANT


def unchanging(reader: Reader, value: Any, node: Node) -> Any:
    """That the value does not change in time."""
    time = reader.vocabulary.time
    if not reader.vocabulary.moves:
        raise reader.error(
            "of what it is independent is not said, and nothing here is differentiated by a time: "
            "write the value of the constant",
            node,
        )
    if is_matrix(value) or value.has(MatrixSymbol):
        zero = reader.sizes.zero() if is_matrix(value) else S.Zero
        if is_matrix(value):
            reader.same_size(value, zero, node)
        return Eq(TimeDerivative(value), zero, evaluate=False)
    if time is None or not value.has(time):
        shown = "the time" if time is None else str(time)
        raise reader.error(
            f"what is constant does not depend on {shown} as it is written: write what it is "
            "independent of, as a derivative that vanishes",
            node,
        )
    return Eq(Derivative(value, time), 0, evaluate=False)
