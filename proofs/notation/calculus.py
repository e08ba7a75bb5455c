r"""What acts on everything to its right: sums over an index, integrals; and values at a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import (
    Average,
    IntegratedExponential,
    MatrixExponential,
)
from sympy import Derivative, Integer, MatMul, Subs, Symbol
from sympy import Integral as SympyIntegral
from sympy import Product as SympyProduct
from sympy import Sum as SympySum

from . import factors
from .derivatives import EXPLICIT, derivative_in, is_d, items_of, partial
from .limits import limit
from .names import plain_spelling
from .nodes import (
    Accent,
    Differential,
    Empty,
    Fraction,
    Group,
    Integral,
    Letter,
    Matrix,
    Named,
    Node,
    Number,
    Operator,
    Product,
    Relation,
    Scripted,
)
from .nodes import Sequence as Listed
from .ranges import Range, ranges, shifted
from .shapes import is_matrix, matrix_product
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["angle", "evaluated_at", "integral", "operator_of", "replaced_at"]


Acting = Callable[["Reader", Sequence[Node], Sequence[str], Node], Any]


def operator_of(reader: Reader, node: Node) -> Acting | None:
    """What the node does to everything to its right in its term, None where it does nothing."""
    if isinstance(node, Fraction):
        rates = derivative_in(reader, node)
        return rates.acting if rates is not None and rates.operand is None else None
    base = node.base if isinstance(node, Scripted) else node
    if isinstance(base, Operator):
        return _open_integral if base.text == r"\int" else _over_index
    if isinstance(base, Named) and base.name == "lim":
        return limit
    if isinstance(base, Letter) and base.text == r"\partial" and isinstance(node, Scripted):
        return partial if node.sub is not None else None
    return None


# Sums and products over an index


def _over_index(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
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
    return Symbol(_plain(name), integer=True)


def _plain(name: str) -> str:
    return "".join(c for c in name if c not in "\\{}")


# Integrals


def integral(reader: Reader, node: Integral) -> Any:
    r"""``\int_{a}^{b} f\,du``."""
    return _integrated(reader, node.head, node.differential.variable, node.body, None, node)


def _open_integral(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    """An integral whose differential stands first, or above a fraction bar."""
    items, signs = tuple(items), tuple(signs)
    for n, item in enumerate(items):
        if isinstance(item, Differential):
            rest = (*items[:n], *items[n + 1 :]), (*signs[:n], *signs[n + 1 :])
            return _integrated(reader, node, item.variable, None, rest, node)
        if not isinstance(item, Fraction):
            continue
        above, above_signs = items_of(item.numerator)
        for k in range(len(above) - 1):
            if is_d(above[k]) and written(above[k]) != r"\partial" and not above_signs[k + 1]:
                left = (*above[:k], *above[k + 2 :]) or (Number("1", start=item.start),)
                kept = (
                    Product(left, ("",) * len(left), start=item.start) if len(left) > 1 else left[0]
                )
                inner = Fraction(item.command, kept, item.denominator, start=item.start)
                rest = (*items[:n], inner, *items[n + 1 :]), signs
                return _integrated(reader, node, above[k + 1], None, rest, node)
    raise reader.error("the integral has no differential: end it with \\,du", node)


def _integrated(
    reader: Reader, head: Node, variable: Node, body: Node | None, rest: Any, node: Node
) -> Any:
    if not isinstance(head, Scripted) or head.sub is None or head.sup is None:
        raise reader.error("an integral needs both limits", head)
    low, high = reader.scalar(head.sub, "a limit"), reader.scalar(head.sup, "a limit")
    if not isinstance(variable, Letter | Scripted | Accent):
        raise reader.error(f"an integral over {written(variable)} is not read", variable)
    name = plain_spelling(variable)
    symbol = _real(reader, name)
    with reader.binding({name: symbol}):
        if body is not None:
            value = reader.value(body)
        elif rest[0]:
            value = factors.product(reader, rest[0], ("", *rest[1][1:]), node)
        else:
            value = Integer(1)
    if is_matrix(value):
        return _matrix_integral(reader, value, symbol, low, high, node)
    return SympyIntegral(value, (symbol, low, high))


def _real(reader: Reader, name: str) -> Any:
    symbol = reader.vocabulary.bound.get(name)
    entry = reader.vocabulary.names.get(name)
    if symbol is None and entry is not None:
        symbol = entry.symbol
    return symbol if symbol is not None and symbol.is_real else Symbol(_plain(name), real=True)


def _matrix_integral(
    reader: Reader, value: Any, symbol: Any, low: Any, high: Any, node: Node
) -> Any:
    """The integral of a matrix exponential from 0."""
    numbers: list[Any] = []
    if isinstance(value, MatMul):
        numbers = [a for a in value.args if not is_matrix(a)]
        inside = [a for a in value.args if is_matrix(a)]
        value = inside[0] if len(inside) == 1 else value
    exponential = isinstance(value, MatrixExponential) and low == 0
    slope = value.args[1] / symbol if exponential else symbol
    if slope.has(symbol) or any(x.has(symbol) for x in numbers):
        raise reader.error("of matrices only the integral of e^{F u} from 0 is read", node)
    generator = value.args[0] if slope == 1 else matrix_product(slope, value.args[0])
    found = IntegratedExponential(generator, high)
    return matrix_product(*numbers, found) if numbers else found


# Values at a place, averages in angle brackets


def evaluated_at(reader: Reader, value: Any, below: Node, node: Node) -> Any:
    """The value with symbols replaced, as the index of the bar says."""
    places = _places(reader, below)
    old = [reader.value(a) for a, _ in places]
    new = [reader.scalar(b, "a place") for _, b in places]
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


def angle(reader: Reader, node: Group) -> Any:
    """An average over the examples."""
    if not reader.vocabulary.random or isinstance(node.content, Listed):
        raise reader.error(
            "angle brackets are read as the average of what is random, and nothing is", node
        )
    return Average(reader.value(node.content))
