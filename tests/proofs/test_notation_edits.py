"""An edited formula is written with the brackets it needs: what is proved of it is what is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lemmata.proofs.notation import Node, parse, read, replaced, walk, written
from lemmata.proofs.notation.grouping import grouped
from lemmata.proofs.notation.nodes import (
    Differential,
    Integral,
    Letter,
    Number,
    Operator,
    Product,
    Scripted,
    Sum,
    Text,
)
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.tex import read_formula

from .notation_cases import MATRIX_READINGS, NUMBER_READINGS, NUMBERS

TREES = [parse(read_formula(latex)) for latex, _ in NUMBER_READINGS + MATRIX_READINGS]


def is_sign(node: Node) -> bool:
    """Signs, words and differentials: what becomes of an integral without its sign has no place."""
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Text | Operator | Differential | Integral)


def places(tree: Node) -> Iterator[tuple[int, ...]]:
    """Where a value may be replaced by another one."""
    for way, node in walk(tree):
        here, within = tree, False
        for number in way:
            within = within or isinstance(here, Differential)
            within = within or (isinstance(here, Integral) and number != 1)
            here = here.children[number]
        if not within and not is_sign(node):
            yield way


@st.composite
def edited(draw: st.DrawFn) -> Node:
    """A formula in which one or two parts are replaced by parts of other formulas."""
    tree = draw(st.sampled_from(TREES))
    for _ in range(draw(st.integers(1, 2))):
        ways = list(places(tree))
        assume(ways)
        other = draw(st.sampled_from(TREES))
        parts = [node for _, node in walk(other) if not is_sign(node)]
        assume(parts)
        tree = replaced(tree, draw(st.sampled_from(ways)), draw(st.sampled_from(parts)))
    return tree


def has_loose_signs(tree: Node) -> bool:
    """A d or a bar in a formula for which it was not written may end an integral or begin one."""
    return any(
        isinstance(n, Letter) and n.text in ("d", "|", "!", r"\partial") for _, n in walk(tree)
    ) or any(isinstance(n, Text | Differential) for _, n in walk(tree))


@settings(max_examples=200, deadline=None)
@given(edited())
def test_an_edited_formula_is_read_back_as_it_was_meant(tree: Node) -> None:
    assume(not has_loose_signs(tree))
    assert parse(read_formula(written(tree))) == grouped(tree)


@pytest.mark.parametrize("tree", TREES, ids=written)
def test_what_was_parsed_needs_no_brackets(tree: Node) -> None:
    assert grouped(tree) is tree


s, t, x, two = Letter("s"), Letter("t"), Letter("x"), Number("2")
MINUS = Sum((two,), ("-",))
CASES = [
    (
        Product((s, Product((MINUS, t), ("", ""))), ("", "/")),
        r"s/\left(-2 t\right)",
    ),
    (Product((s, Product((two, t), ("", ""))), ("", "/")), r"s/\left(2 t\right)"),
    (Product((Product((s, two), ("", "/")), t), ("", "")), r"\left(s/2\right) t"),
    (Product((Product((s, two), ("", "")), t), ("", "/")), "s 2/t"),
    (Product((two, Product((two, t), ("", ""))), ("", "")), r"2 \cdot 2 t"),
    (Product((s, Sum((t, x), ("", "+"))), ("", "")), r"s \cdot \left(t + x\right)"),
    (Scripted(Scripted(s, None, two), None, two), r"\left(s^2\right)^2"),
    (Sum((s, MINUS), ("", "+")), r"s + \left(-2\right)"),
]


@pytest.mark.parametrize(("tree", "latex"), CASES, ids=[latex for _, latex in CASES])
def test_brackets_are_put_where_they_are_needed(tree: Node, latex: str) -> None:
    assert written(tree) == latex
    value = rebuilt(read(tree, NUMBERS))
    assert value == rebuilt(read(parse(read_formula(latex)), NUMBERS))
