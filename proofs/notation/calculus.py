r"""Derivatives, sums over an index, integrals, and values at a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import (
    Average,
    IntegratedExponential,
    MatrixExponential,
    TimeDerivative,
)
from sympy import Derivative, Integer, MatMul, MatrixSymbol, Subs, Symbol
from sympy import Integral as SympyIntegral
from sympy import Product as SympyProduct
from sympy import Sum as SympySum

from . import factors
from .lookups import is_upright, lookup, missing
from .names import plain_spelling
from .nodes import (
    Differential,
    Empty,
    Fraction,
    Group,
    Integral,
    Letter,
    Matrix,
    Node,
    Number,
    Operator,
    Product,
    Relation,
    Scripted,
)
from .nodes import Sequence as Listed
from .shapes import is_matrix, matrix_product
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = [
    "DOTS",
    "angle",
    "by_time",
    "derivative_in",
    "evaluated_at",
    "integral",
    "operator_of",
    "place_in",
    "primed",
    "replaced_at",
]

DOTS = {r"\dot": 1, r"\ddot": 2, r"\dddot": 3}
ORDER = 10
"""Orders of derivatives."""

Acting = Callable[["Reader", Sequence[Node], Sequence[str], Node], Any]


def operator_of(reader: Reader, node: Node) -> Acting | None:
    """What the node does to everything to its right in its term, None where it does nothing."""
    if isinstance(node, Fraction):
        rates = derivative_in(reader, node)
        return rates.acting if rates is not None and rates.operand is None else None
    base = node.base if isinstance(node, Scripted) else node
    if isinstance(base, Operator):
        return _open_integral if base.text == r"\int" else _over_index
    if isinstance(base, Letter) and base.text == r"\partial" and isinstance(node, Scripted):
        return _partial if node.sub is not None else None
    return None


# Derivatives


@dataclass(frozen=True, slots=True)
class Rates:
    """``d/dx ...``: the variables with their orders, None for a time that is no symbol."""

    variables: tuple[tuple[Any, int], ...]
    operand: tuple[tuple[Node, ...], tuple[str, ...]] | None

    def of(self, reader: Reader, value: Any, node: Node) -> Any:
        """The derivative of a value."""
        if is_matrix(value) or value.has(MatrixSymbol):
            for symbol, order in self.variables:
                if symbol is not None and symbol != reader.vocabulary.time:
                    raise reader.error(
                        f"a matrix is differentiated by {symbol}, not by the time", node
                    )
                for _ in range(order):
                    value = TimeDerivative(value)
            return value
        for symbol, _ in self.variables:
            if symbol is None:
                raise reader.error("the time t is not known here", node)
            if not value.has(symbol):
                raise reader.error(
                    f"what is differentiated by {symbol} does not depend on it: "
                    "write the function with its argument",
                    node,
                )
        return Derivative(value, *reversed(self.variables))

    def acting(
        self, reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node
    ) -> Any:
        """The derivative of everything to the right."""
        if not items:
            raise reader.error(f"{written(node)} has nothing to act on", node)
        return self.of(reader, factors.product(reader, items, signs, node), node)

    def alone(self, reader: Reader, node: Node) -> Any:
        r"""The value of ``\frac{da}{dt}``."""
        if self.operand is None:
            raise reader.error(f"{written(node)} has nothing to act on", node)
        value = factors.product(reader, *self.operand, node)
        return self.of(reader, value, node)


def derivative_in(reader: Reader, node: Fraction) -> Rates | None:
    r"""The derivative that a fraction is: ``\frac{d}{dt}``, ``\frac{d^2 a}{dt^2}``, ..."""
    above, signs = _items(node.numerator)
    head = _sign_and_order(above[0])
    if head is None:
        return None
    below, below_signs = _items(node.denominator)
    pairs = _pairs(below) if not any(below_signs) else None
    if pairs is None:
        return None
    if written(above[0]).startswith("d") and reader.vocabulary.names.get("d") is not None:
        raise reader.error(
            r"d is a name here: write \mathrm{d} for a derivative, and the factor d elsewhere", node
        )
    variables = tuple(_variable(reader, pair) for pair in pairs)
    order = _order(reader, head) if isinstance(head, Node) else 1
    if order != sum(n for _, n in variables):
        raise reader.error(f"the orders above and below in {written(node)} differ", node)
    rest = (above[1:], ("", *signs[2:])) if len(above) > 1 else None
    if rest is not None and signs[1]:
        raise reader.error(f"{written(node)} is not understood", node)
    return Rates(variables, rest)


def _items(node: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    return (node.items, node.signs) if isinstance(node, Product) else ((node,), ("",))


def _is_sign(node: Node) -> bool:
    letter = isinstance(node, Letter) and node.text in ("d", r"\partial")
    return letter or is_upright(node, "d")


def _sign_and_order(node: Node) -> Node | bool | None:
    """The order above a d, True where none is written, None for what is no d."""
    if _is_sign(node):
        return True
    if isinstance(node, Scripted) and node.sub is None and not node.primes and _is_sign(node.base):
        return node.sup
    return None


def _pairs(items: Sequence[Node]) -> list[Node] | None:
    """The variables of ``d x d y``."""
    if len(items) % 2 or not all(_is_sign(sign) for sign in items[::2]):
        return None
    return list(items[1::2])


def _variable(reader: Reader, node: Node) -> tuple[Any, int]:
    found = lookup(reader, node)
    if found is not None and found.power is None:
        return _symbol(reader, node), 1
    if isinstance(node, Scripted) and node.sup is not None:
        base: Node = Scripted(node.base, node.sub, None, node.primes, start=node.start)
        if node.sub is None and not node.primes:
            base = node.base
        while isinstance(base, Group) and base.left in ("(", "{"):
            base = base.content
        return _symbol(reader, base), _order(reader, node.sup)
    return _symbol(reader, node), 1


def _order(reader: Reader, node: Node) -> int:
    order = reader.scalar(node, "the order of a derivative")
    if not (order.is_Integer and 0 < order <= ORDER):
        raise reader.error(f"the order of a derivative must be a number up to {ORDER}", node)
    return int(order)


def _symbol(reader: Reader, node: Node) -> Any:
    found = lookup(reader, node)
    if found is None:
        if plain_spelling(node) == "t":
            return reader.vocabulary.time
        raise reader.error(missing(reader, node), node)
    if found.entry.symbol is None or found.power is not None:
        raise reader.error(f"{written(node)} is no symbol to differentiate by", node)
    return found.entry.symbol


def _partial(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    """``\\partial_s`` acting on what follows."""
    assert isinstance(node, Scripted)
    assert node.sub is not None
    order = 1 if node.sup is None else _order(reader, node.sup)
    rates = Rates(((_symbol(reader, node.sub), order),), None)
    return rates.acting(reader, items, signs, node)


def primed(reader: Reader, function: Any, args: tuple[Any, ...], primes: int, node: Node) -> Any:
    """The derivative of a function of one argument, at that argument."""
    if len(args) != 1:
        raise reader.error("a prime on a function of several arguments: write the derivative", node)
    (x,) = args
    if x.is_Symbol:
        return Derivative(function(x), (x, primes))
    inner = Symbol("x", real=True)
    if x.has(inner):
        inner = Symbol("xi", real=True)
    return Subs(Derivative(function(inner), (inner, primes)), inner, x)


def by_time(reader: Reader, value: Any, dots: int, node: Node) -> Any:
    """The value with dots over it."""
    time = reader.vocabulary.time
    if time is None and not (is_matrix(value) or value.has(MatrixSymbol)):
        args = value.args
        time = args[0] if len(args) == 1 and args[0].is_Symbol else None
    return Rates(((time, dots),), None).of(reader, value, node)


def place_in(reader: Reader, value: Any, content: Node | None, here: Node) -> Any:
    r"""``W(t)`` is W, and ``\frac{da}{dt}(0)`` the derivative at 0; None for all else."""
    assert content is not None
    if is_matrix(value):
        found = lookup(reader, content)
        symbol = None if found is None else found.entry.symbol
        timely = plain_spelling(content) == "t" if found is None else symbol is not None
        return value if timely and symbol == reader.vocabulary.time else None
    if not isinstance(here, Fraction) or not isinstance(value, Derivative):
        return None
    place = reader.scalar(content, "a place")
    if len(value.variable_count) != 1:
        return None
    symbol = value.variable_count[0][0]
    return value if place == symbol else Subs(value, symbol, place)


# Sums and products over an index


def _over_index(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    base = node.base if isinstance(node, Scripted) else node
    assert isinstance(base, Operator)
    below = node.sub if isinstance(node, Scripted) else None
    above = node.sup if isinstance(node, Scripted) else None
    single = isinstance(below, Relation) and below.signs == ("=",)
    if not single or above is None or not items:
        raise reader.error(
            f"{base.text} needs one index with both limits, {base.text}_{{l=1}}^{{D}}, and a term",
            node,
        )
    assert isinstance(below, Relation)
    name = plain_spelling(below.sides[0])
    index = _index(reader, name, below.sides[0])
    low, high = reader.scalar(below.sides[1], "a limit"), reader.scalar(above, "a limit")
    with reader.binding({name: index}):
        body = reader.as_number(factors.product(reader, items, signs, node))
    if body is None:
        raise reader.error(f"{base.text} over matrices is not read", node)
    function = SympySum if base.text == r"\sum" else SympyProduct
    return function(body, (index, low, high))


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
        above, above_signs = _items(item.numerator)
        for k in range(len(above) - 1):
            if _is_sign(above[k]) and written(above[k]) != r"\partial" and not above_signs[k + 1]:
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
