r"""What acts on everything to its right: sums over an index, integrals; and values at a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Derivative, Subs

from .derivatives import derivative_in, partial
from .integrals import open_integral
from .limits import limit
from .nodes import (
    Empty,
    Fraction,
    Letter,
    Matrix,
    Named,
    Node,
    Operator,
    Relation,
    Scripted,
)
from .nodes import Sequence as Listed
from .sums import over_index

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["evaluated_at", "operator_of", "replaced_at"]


Acting = Callable[["Reader", Sequence[Node], Sequence[str], Node], Any]


def operator_of(reader: Reader, node: Node) -> Acting | None:
    """What the node does to everything to its right in its term, None where it does nothing."""
    if isinstance(node, Fraction):
        rates = derivative_in(reader, node)
        return rates.acting if rates is not None and rates.operand is None else None
    base = node.base if isinstance(node, Scripted) else node
    if isinstance(base, Operator):
        return open_integral if base.text == r"\int" else over_index
    if isinstance(base, Named) and base.name == "lim":
        return limit
    if isinstance(base, Letter) and base.text == r"\partial" and isinstance(node, Scripted):
        return partial if node.sub is not None else None
    return None


# Values at a place, averages in angle brackets


def evaluated_at(reader: Reader, value: Any, below: Node, node: Node) -> Any:
    """The value with symbols replaced, as the index of the bar says."""
    places = _places(reader, below)
    old = [reader.value(a) for a, _ in places]
    new = [reader.place(b) for _, b in places]
    if not all(symbol.is_Symbol for symbol in old):
        raise reader.error("what is replaced at the bar must be a symbol", below)
    if value.has(Derivative, Subs):
        return Subs(value, tuple(old), tuple(new))
    return value.subs(dict(zip(old, new, strict=True)), simultaneous=True)


def replaced_at(reader: Reader, below: Node) -> list[Any]:
    """The symbols that the index of a bar replaces."""
    return [reader.value(a) for a, _ in _places(reader, below)]


def _places(reader: Reader, below: Node) -> list[tuple[Node, Node]]:
    parts: Sequence[Node] = (below,)
    if isinstance(below, Matrix):
        parts = [cell for row in below.rows for cell in row]
    elif isinstance(below, Listed):
        parts = below.items
    places = []
    for part in parts:
        if (
            not isinstance(part, Relation)
            or part.signs != ("=",)
            or isinstance(part.sides[0], Empty)
        ):
            raise reader.error("the index of a bar says what is replaced: |_{t=0}", below)
        places.append((part.sides[0], part.sides[1]))
    return places
