r"""``\sum`` and ``\prod`` over one index or several, acting on all to their right in the term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Product as SympyProduct
from sympy import Sum as SympySum
from sympy import Symbol

from . import factors
from .derivatives import EXPLICIT
from .names import plain_spelling, symbol_name
from .nodes import Letter, Node, Operator, Scripted
from .ranges import Range, ranges, shifted
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["over_index"]


def over_index(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    """The sum or product of all that stands to the right of its sign in the term."""
    base = node.base if isinstance(node, Scripted) else node
    assert isinstance(base, Operator)
    below = node.sub if isinstance(node, Scripted) else None
    above = node.sup if isinstance(node, Scripted) else None
    found = ranges(reader, base.text, below, above, node)
    if not items:
        raise reader.error(
            f"{base.text} has nothing to act on: it needs one index with both limits, "
            f"{base.text}_{{l=1}}^{{D}}, and a term",
            node,
        )
    return _over_ranges(reader, items, signs, node, found, ())


def _over_ranges(
    reader: Reader,
    items: Sequence[Node],
    signs: Sequence[str],
    node: Node,
    left: Sequence[Range],
    passed: tuple[Any, ...],
) -> Any:
    """The sum over the ranges that are ``left``; ``passed``: the indices of those outside."""
    base = node.base if isinstance(node, Scripted) else node
    assert isinstance(base, Operator)
    if not left:
        found = factors.values(reader, items, signs, node)
        if base.text == r"\prod":
            _refuse_reach(reader, [value for _, value, _ in found], signs, passed, node)
        body = reader.as_number(factors.combined(reader, found, node))
        if body is None:
            raise reader.error(f"{base.text} over matrices is not read", node)
        return body
    here = left[0]
    name = plain_spelling(here.index)
    index = _index(reader, name, here.index)
    low = shifted(reader, here.low, here.above_low)
    high = shifted(reader, here.high, -here.below_high)
    later = {_index(reader, plain_spelling(r.index), r.index).name for r in left}
    if any(x.name in later for x in (low + high).free_symbols):
        raise reader.error(f"the index {index} is used in its own limits: give it a name", node)
    if index in passed:
        raise reader.error(f"{base.text} has the index {index} twice", node)
    with reader.binding({name: index}):
        body = _over_ranges(reader, items, signs, node, left[1:], (*passed, index))
    function = SympySum if base.text == r"\sum" else SympyProduct
    return function(body, (index, low, high))


def _refuse_reach(
    reader: Reader, values: list[Any], signs: Sequence[str], indices: tuple[Any, ...], node: Node
) -> None:
    """A product sign reaches to the end of its term: what has no index must not come last."""
    indexed = [value.has(*indices) for value in values]
    last = max((n for n, has in enumerate(indexed) if has), default=len(values))
    if last < len(values) - 1 or (any(s in EXPLICIT for s in signs[1:]) and not all(indexed)):
        raise reader.error(
            f"how far {written(node)} reaches is not clear: put it, or what it multiplies, in "
            "brackets",
            node,
        )


def _index(reader: Reader, name: str, node: Node) -> Any:
    """The symbol of an index: the claim's own where it has one of that name."""
    if not isinstance(node, Letter | Scripted):
        raise reader.error(f"{written(node)} is no index", node)
    symbol = reader.vocabulary.bound.get(name)
    entry = reader.vocabulary.names.get(name)
    for known in (symbol, entry.symbol if entry is not None else None):
        if known is not None and known.is_integer:
            return known
    return Symbol(symbol_name(name), integer=True)
