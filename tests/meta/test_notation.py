"""Planted errors in the reader of formulas: the table of readings must notice each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lemmata.proofs.notation import (
    brackets,
    calculus,
    calls,
    derivatives,
    factors,
    functions,
    links,
    lookups,
    multiplying,
    named,
    parser,
    powers,
    shapes,
    statements,
    sums,
    tree,
    values,
)
from lemmata.proofs.notation.nodes import Product, Scripted, Sum
from lemmata.proofs.notation.reader import Reader
from sympy import Mul, Transpose
from sympy import Sum as SympySum

from ..proofs.notation_cases import failures

Plant = Callable[[pytest.MonkeyPatch], None]


def sign_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Reader, "negative", lambda self, value: value)


def minus_binds_tighter_than_power(patch: pytest.MonkeyPatch) -> None:
    honest = values.VALUES[Sum]

    def wrong(reader: Any, node: Sum) -> Any:
        first = node.terms[0]
        if node.signs[0] == "-" and isinstance(first, Scripted) and first.sup is not None:
            inner = reader.negative(reader.value(replace(first, sup=None)))
            rest = [reader.value(x) for x in node.terms[1:]]
            return reader.added([powers.raised(reader, inner, first.sup, node), *rest], node)
        return honest(reader, node)

    patch.setitem(values.VALUES, Sum, wrong)


def sum_reaches_one_item(patch: pytest.MonkeyPatch) -> None:
    honest = calculus.over_index

    def wrong(reader: Any, items: Any, signs: Any, node: Any) -> Any:
        near = honest(reader, items[:1], signs[:1], node)
        return (
            Mul(near, factors.product(reader, items[1:], ("", *signs[2:]), node))
            if items[1:]
            else near
        )

    patch.setattr(calculus, "over_index", wrong)


def sum_without_its_last_term(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sums, "SympySum", lambda f, limits: SympySum(f, (*limits[:2], limits[2] - 1)))


def exponent_takes_what_follows(patch: pytest.MonkeyPatch) -> None:
    honest = factors.values

    def wrong(reader: Any, items: Any, signs: Any, node: Any) -> Any:
        first = items[0]
        if isinstance(first, Scripted) and first.sup is not None and len(items) > 1:
            above = Product((first.sup, *items[1:]), ("", *signs[1:]))
            return honest(reader, (replace(first, sup=above),), ("",), node)
        return honest(reader, items, signs, node)

    patch.setattr(factors, "values", wrong)


def slash_takes_one_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(multiplying, "Pow", lambda base, exponent: base)


def negative_exponent_ignored(patch: pytest.MonkeyPatch) -> None:
    honest = powers.power
    patch.setattr(powers, "power", lambda r, b, e, n: honest(r, b, abs(e) if e.is_number else e, n))


def fraction_upside_down(patch: pytest.MonkeyPatch) -> None:
    honest = tree._Build.fraction

    def wrong(self: Any, parts: list[Any]) -> Any:
        made = honest(self, parts)
        return replace(made, numerator=made.denominator, denominator=made.numerator)

    patch.setattr(tree._Build, "fraction", wrong)
    parser._parser.cache_clear()


def function_is_always_a_factor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calls, "_is_application", lambda reader, found, args, group: False)


def function_is_never_a_factor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calls, "_is_application", lambda reader, found, args, group: True)


def function_power_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(functions, "named_value", lambda r, h, a, n: named._function(r, h, a, n))


def argument_is_one_item(patch: pytest.MonkeyPatch) -> None:
    honest = functions._ends_run
    first: list[int] = []

    def wrong(reader: Any, items: Any, n: int) -> bool:
        first.append(n)
        return honest(reader, items, n) or (len(first) > 1 and first[-2] == n - 1)

    patch.setattr(functions, "_ends_run", wrong)


def transpose_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(powers, "Transpose", lambda value: value)


def transpose_everywhere(patch: pytest.MonkeyPatch) -> None:
    honest = multiplying._matrix_product

    def wrong(reader: Any, numbers: Any, matrices: Any) -> Any:
        return honest(reader, numbers, [(Transpose(m), where) for m, where in reversed(matrices)])

    patch.setattr(multiplying, "_matrix_product", wrong)


def derivative_of_the_next_item(patch: pytest.MonkeyPatch) -> None:
    honest = derivatives.Rates.acting

    def wrong(self: Any, reader: Any, items: Any, signs: Any, node: Any) -> Any:
        near = honest(self, reader, items[:1], signs[:1], node)
        return (
            near * factors.product(reader, items[1:], ("", *signs[2:]), node) if items[1:] else near
        )

    patch.setattr(derivatives.Rates, "acting", wrong)


def order_of_a_derivative_ignored(patch: pytest.MonkeyPatch) -> None:
    honest = derivatives.Rates.of

    def wrong(self: Any, reader: Any, value: Any, node: Any) -> Any:
        once = tuple((symbol, 1) for symbol, _ in self.variables)
        return honest(derivatives.Rates(once, self.operand), reader, value, node)

    patch.setattr(derivatives.Rates, "of", wrong)


def relation_turned(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(links._ORDER, r"\le", links._ORDER[r"\ge"])


def chain_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(statements, "pairs", lambda reader, node: links.pairs(reader, node)[:1])


def superscript_of_a_name_is_a_power(patch: pytest.MonkeyPatch) -> None:
    honest = lookups._find
    patch.setattr(
        lookups,
        "_find",
        lambda r, n: None if isinstance(n, Scripted) and n.sup is not None else honest(r, n),
    )


def index_dropped(patch: pytest.MonkeyPatch) -> None:
    honest = lookups._indexed

    def wrong(reader: Any, node: Any, primes: int) -> Any:
        found = honest(reader, node, primes)
        k = node.sub
        return (
            found
            if found is None or not isinstance(k, Sum)
            else replace(found, index=(k.terms[0],))
        )

    patch.setattr(lookups, "_indexed", wrong)


def bar_never_closes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(brackets, "_OPERANDS", frozenset())


def size_of_identity_is_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shapes.Sizes, "equal", lambda self, one, other: True)


PLANTS: list[Plant] = [
    sign_dropped,
    minus_binds_tighter_than_power,
    sum_reaches_one_item,
    sum_without_its_last_term,
    exponent_takes_what_follows,
    slash_takes_one_way,
    negative_exponent_ignored,
    fraction_upside_down,
    function_is_always_a_factor,
    function_is_never_a_factor,
    function_power_dropped,
    argument_is_one_item,
    transpose_dropped,
    transpose_everywhere,
    derivative_of_the_next_item,
    order_of_a_derivative_ignored,
    relation_turned,
    chain_forgotten,
    superscript_of_a_name_is_a_power,
    index_dropped,
    bar_never_closes,
    size_of_identity_is_one,
]


@pytest.fixture(autouse=True)
def fresh_parser() -> Any:
    yield
    parser._parser.cache_clear()


def test_the_honest_reader_fails_nowhere() -> None:
    assert failures() == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_planted_errors_are_noticed(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert failures() != []
