r"""``\lim_{x \to a} f``: SymPy's limit of all that stands to the right in its term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Limit, oo

from . import factors
from .lookups import lookup
from .nodes import Letter, Node, Relation, Scripted
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["limit"]

_ARROWS = {
    r"\to": "+-",
    r"\rightarrow": "+-",
    r"\longrightarrow": "+-",
    r"\downarrow": "+",
    r"\searrow": "+",
    r"\uparrow": "-",
    r"\nearrow": "-",
}
"""From which side the place is reached: from above, from below, from both."""


def limit(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    """The limit of a number as one symbol of the vocabulary tends to a place."""
    below = node.sub if isinstance(node, Scripted) else None
    if not isinstance(below, Relation) or len(below.signs) != 1 or below.signs[0] not in _ARROWS:
        raise reader.error(r"\lim needs its variable and its place, \lim_{x \to a}", node)
    assert isinstance(node, Scripted)
    if node.sup is not None or node.primes:
        raise reader.error(f"{written(node)} is not understood", node)
    if not items:
        raise reader.error(f"{written(node)} has nothing to act on", node)
    variable = _variable(reader, below.sides[0])
    place, side = _place(reader, below.sides[1], _ARROWS[below.signs[0]])
    if place.has(variable):
        raise reader.error(f"the place of the limit depends on {variable}", below)
    value = factors.product(reader, items, signs, node)
    if is_matrix(value):
        raise reader.error("limits of matrices are not read", node)
    if not value.has(variable):
        raise reader.error(
            f"what stands behind {written(node)} does not depend on {variable}: write the "
            "function with its argument",
            node,
        )
    return Limit(value, variable, place, dir=side)


def _variable(reader: Reader, node: Node) -> Any:
    found = lookup(reader, node)
    if found is None or found.entry.symbol is None or found.power is not None:
        raise reader.error(f"{written(node)} is no symbol that tends to a place", node)
    return found.entry.symbol


def _place(reader: Reader, node: Node, side: str) -> tuple[Any, str]:
    """The place and the side: ``0^{+}`` is reached from above."""
    if isinstance(node, Scripted) and node.sub is None and not node.primes:
        above = written(node.sup) if isinstance(node.sup, Letter) else ""
        if above in ("+", "-"):
            node, side = node.base, above
    place = reader.scalar(node, "the place of a limit")
    if place == oo:
        return place, "-"
    if place == -oo:
        return place, "+"
    return place, side
