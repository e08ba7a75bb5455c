r"""Integrals: ``\int_{a}^{b} f\,du``, ``\int_{a}^{b} du\,f``, ``\int_{a}^{b} \frac{du}{u}``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lemmata.theory.matrix_calculus import IntegratedExponential, MatrixExponential
from sympy import Integer, MatMul, Mul, Rational, Symbol, oo, pi
from sympy import Integral as SympyIntegral

from . import averages, factors
from .derivatives import is_d, items_of
from .names import plain_spelling, symbol_name
from .nodes import (
    Accent,
    Differential,
    Fraction,
    Integral,
    Letter,
    Node,
    Number,
    Operator,
    Product,
    Scripted,
)
from .shapes import is_matrix, matrix_product
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["integral", "open_integral"]

HALF = Rational(1, 2)


def integral(reader: Reader, node: Integral) -> Any:
    r"""``\int_{a}^{b} f\,du``."""
    return _integrated(reader, node.head, node.differential.variable, node.body, None, node)


def open_integral(reader: Reader, items: Sequence[Node], signs: Sequence[str], node: Node) -> Any:
    """An integral whose differential stands first, or above a fraction bar."""
    items, signs = tuple(items), tuple(signs)
    average = averages.over_measure(reader, items, signs, node)
    if average is not None:
        return average
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
    unlimited = isinstance(head, Operator) and not is_matrix(value)
    if unlimited and pi**HALF not in Mul.make_args(1 / value):
        unlimited = False  # only a density is known to run over the whole line
    average = averages.of_density(value, symbol) if unlimited else None
    if average is not None:
        return average
    if not isinstance(head, Scripted) or head.sub is None or head.sup is None:
        raise reader.error("an integral needs both limits", head)
    low, high = reader.scalar(head.sub, "a limit"), reader.scalar(head.sup, "a limit")
    if is_matrix(value):
        return _matrix_integral(reader, value, symbol, low, high, node)
    average = averages.of_density(value, symbol) if (low, high) == (-oo, oo) else None
    return SympyIntegral(value, (symbol, low, high)) if average is None else average


def _real(reader: Reader, name: str) -> Any:
    symbol = reader.vocabulary.bound.get(name)
    entry = reader.vocabulary.names.get(name)
    if symbol is None and entry is not None:
        symbol = entry.symbol
    return symbol if symbol is not None and symbol.is_real else Symbol(symbol_name(name), real=True)


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
