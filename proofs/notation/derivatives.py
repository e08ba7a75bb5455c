r"""Derivatives: ``\frac{d}{dt}``, ``\frac{da}{dt}``, ``\partial_s``, dots and primes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import TimeDerivative
from sympy import Derivative, MatrixSymbol, Subs, Symbol

from . import factors
from .lookups import DOTS, is_upright, lookup, missing
from .names import plain_spelling
from .nodes import Fraction, Group, Letter, Node, Product, Scripted
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = [
    "DOTS",
    "Rates",
    "by_time",
    "derivative_in",
    "is_d",
    "items_of",
    "partial",
    "place_in",
    "primed",
]

EXPLICIT = frozenset({r"\cdot", r"\times", "*", r"\ast", r"\cdotp"})
ORDER = 10
"""Orders of derivatives."""


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
        closed = len(items) > 1 and factors.bracket(items[0]) is not None
        if closed or any(sign in EXPLICIT for sign in signs[1:]):
            raise reader.error(
                f"how far {written(node)} reaches is not clear: put brackets around it with what "
                "it acts on",
                node,
            )
        found = factors.values(reader, items, signs, node)
        self._refuse_reach(reader, [value for _, value, _ in found], node)
        return self.of(reader, factors.combined(reader, found, node), node)

    def _refuse_reach(self, reader: Reader, values: list[Any], node: Node) -> None:
        r"""``\frac{d}{dt} v w`` prints alike for (dv/dt) w and d(v w)/dt."""
        variables = [symbol for symbol, _ in self.variables if symbol is not None]
        varying = [value for value in values if value.has(MatrixSymbol, *variables)]
        if len(varying) > 1:
            raise reader.error(
                f"how far {written(node)} reaches is not clear: put brackets around it with what "
                "it acts on",
                node,
            )

    def alone(self, reader: Reader, node: Node) -> Any:
        r"""The value of ``\frac{da}{dt}``."""
        if self.operand is None:
            raise reader.error(f"{written(node)} has nothing to act on", node)
        value = factors.product(reader, *self.operand, node)
        return self.of(reader, value, node)


def derivative_in(reader: Reader, node: Fraction) -> Rates | None:
    r"""The derivative that a fraction is: ``\frac{d}{dt}``, ``\frac{d^2 a}{dt^2}``, ..."""
    above, signs = items_of(node.numerator)
    head = _sign_and_order(above[0])
    if head is None:
        return None
    below, below_signs = items_of(node.denominator)
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


def slashed(items: Sequence[Node], signs: Sequence[str], n: int) -> tuple[Fraction, int] | None:
    """``da/dt`` that begins at item ``n``, as a fraction, and the first item behind it."""
    if _sign_and_order(items[n]) is None:
        return None
    k = n + 1
    while k < len(items) and not signs[k]:
        k += 1
    if not (n + 1 < k < len(items) - 1 and signs[k] == "/" and is_d(items[k]) and not signs[k + 1]):
        return None
    start = items[n].start
    above = Product(tuple(items[n:k]), ("",) * (k - n), start=start)
    below = Product(tuple(items[k : k + 2]), ("", ""), start=items[k].start)
    return Fraction(r"\frac", above, below, start=start, end=items[k + 1].end), k + 2


def items_of(node: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The items of a product with their signs, also of one item."""
    return (node.items, node.signs) if isinstance(node, Product) else ((node,), ("",))


def is_d(node: Node) -> bool:
    """Whether it is the d of a derivative."""
    letter = isinstance(node, Letter) and node.text in ("d", r"\partial")
    return letter or is_upright(node, "d")


def _sign_and_order(node: Node) -> Node | bool | None:
    """The order above a d, True where none is written, None for what is no d."""
    if is_d(node):
        return True
    if isinstance(node, Scripted) and node.sub is None and not node.primes and is_d(node.base):
        return node.sup
    return None


def _pairs(items: Sequence[Node]) -> list[Node] | None:
    """The variables of ``d x d y``."""
    if len(items) % 2 or not all(is_d(sign) for sign in items[::2]):
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


def partial(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
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
    place = reader.place(content)
    if len(value.variable_count) != 1:
        return None
    symbol = value.variable_count[0][0]
    return value if place == symbol else Subs(value, symbol, place)
