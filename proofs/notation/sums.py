r"""``\sum`` and ``\prod`` over one index or several, acting on all to their right in the term.

A product sign that does not depend on the index of one before it ends that one:
``\prod_j n_j \prod_j v_j`` is the product of two products.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Product as SympyProduct
from sympy import Sum as SympySum
from sympy import Symbol

from . import factors
from .derivatives import EXPLICIT
from .multiplying import Factor
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
    value, rest = _over_ranges(reader, items, signs, node, found, ())
    return factors.combined(reader, [("", value, node), *rest], node)


def _over_ranges(
    reader: Reader,
    items: Sequence[Node],
    signs: Sequence[str],
    node: Node,
    left: Sequence[Range],
    passed: tuple[Any, ...],
) -> tuple[Any, list[Factor]]:
    """The sum over the ranges that are ``left``, and the factors that it does not reach.

    ``passed``: the indices of the ranges outside.
    """
    base = node.base if isinstance(node, Scripted) else node
    assert isinstance(base, Operator)
    if not left:
        found = factors.values(reader, items, signs, node)
        rest: list[Factor] = []
        if base.text == r"\prod":
            found, rest = _cut_at_product(found, passed)
            _refuse_reach(reader, found, passed, node)
        body = reader.as_number(factors.combined(reader, found, node))
        if body is None:
            raise reader.error(f"{base.text} over matrices is not read", node)
        return body, rest
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
        body, rest = _over_ranges(reader, items, signs, node, left[1:], (*passed, index))
    function = SympySum if base.text == r"\sum" else SympyProduct
    return function(body, (index, low, high)), rest


def _cut_at_product(
    found: list[Factor], indices: tuple[Any, ...]
) -> tuple[list[Factor], list[Factor]]:
    """The factors before and behind the place at which a product sign ends another."""
    _, value, where = found[-1]
    ends = _is_operator(where, r"\prod") and not _depends(value, indices)
    if len(found) > 1 and ends and any(_depends(v, indices) for _, v, _ in found):
        return found[:-1], found[-1:]
    return found, []


def _depends(value: Any, indices: tuple[Any, ...]) -> bool:
    """Whether the value varies with an index; one that it runs over itself is none of these."""
    return not value.free_symbols.isdisjoint(indices)


def _refuse_reach(
    reader: Reader, found: list[Factor], indices: tuple[Any, ...], node: Node
) -> None:
    """A product sign reaches to the end of its term: what has no index must not come last."""
    indexed = [_depends(value, indices) for _, value, _ in found]
    last = max((n for n, has in enumerate(indexed) if has), default=-1)
    if last < 0 and (len(found) == 1 or not _is_operator(found[-1][2])):
        last = len(found) - 1
    signed = any(sign in EXPLICIT for sign, _, _ in found[1:])
    if last < len(found) - 1 or (signed and not all(indexed)):
        raise reader.error(
            f"how far {written(node)} reaches is not clear: put it, or what it multiplies, in "
            "brackets",
            node,
        )


def _is_operator(node: Node, sign: str = "") -> bool:
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Operator) and sign in ("", base.text)


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
