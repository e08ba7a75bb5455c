"""What manuscripts write is read as it is meant, or refused at a token with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from lemmata.proofs.notation import NotationError, declared, parse, read, relations, written
from lemmata.proofs.notation.nodes import (
    Empty,
    Group,
    Letter,
    Number,
    Product,
    Relation,
    Sum,
    replaced,
    walk,
)
from lemmata.proofs.notation.shapes import rebuilt
from lemmata.proofs.tex import read_formula
from sympy import Derivative, Eq, Function, Lt, MatAdd, MatMul, MatrixSymbol, Symbol, Transpose, exp

from .notation_cases import (
    MATRICES,
    MATRIX_READINGS,
    MATRIX_REFUSALS,
    NUMBER_READINGS,
    NUMBER_REFUSALS,
    NUMBERS,
    a0,
    failures,
    s,
    t,
)

READINGS = NUMBER_READINGS + MATRIX_READINGS


def test_every_way_of_writing_is_read_as_it_is_meant() -> None:
    assert failures() == []


@pytest.mark.parametrize(
    ("latex", "token", "words", "vocabulary"),
    [(*row, NUMBERS) for row in NUMBER_REFUSALS] + [(*row, MATRICES) for row in MATRIX_REFUSALS],
    ids=[row[0] for row in NUMBER_REFUSALS + MATRIX_REFUSALS],
)
def test_refusals_name_the_place_and_the_reason(
    latex: str, token: int, words: str, vocabulary: Any
) -> None:
    with pytest.raises(NotationError) as caught:
        read(parse(read_formula(latex)), vocabulary)
    assert words in caught.value.reason
    assert caught.value.token_index == token
    assert "\n" not in caught.value.reason


def test_syntax_errors_have_the_place_in_the_manuscript() -> None:
    with pytest.raises(NotationError) as caught:
        parse(read_formula("s + (t"))
    assert (caught.value.place.line, caught.value.place.column) == (1, 5)


@pytest.mark.parametrize("latex", [row[0] for row in READINGS])
def test_written_trees_are_read_back(latex: str) -> None:
    tree = parse(read_formula(latex))
    assert parse(read_formula(written(tree))) == tree


def test_nodes_know_their_tokens() -> None:
    tokens = read_formula(r"\frac{a}{b} (s - a)")
    for _, node in walk(parse(tokens)):
        assert 0 <= node.start <= node.end <= len(tokens)
    tree = parse(tokens)
    assert (tree.children[1].start, tree.children[1].end) == (7, 12)


def test_edits_are_written_with_the_brackets_they_need() -> None:
    tree = parse(read_formula(r"s t^{2}"))
    assert isinstance(tree, Product)
    total = Sum((Number("1"), Number("2")), ("", "+"))
    assert written(replaced(tree, (0,), total)) == r"\left(1 + 2\right) t^2"
    assert written(replaced(tree, (1, 0), total)) == r"s \left(1 + 2\right)^2"
    quotient = Product((Number("4"), Letter("D")), ("", "/"))
    negative = Product((Sum((Number("2"),), ("-",)), Letter("D")), ("", ""))
    assert written(replaced(quotient, (1,), negative)) == r"4/\left(-2 D\right)"
    two = Product((Number("2"), Number("3")), ("", ""))
    assert written(two) == r"2 \cdot 3"
    with pytest.raises(ValueError, match="children"):
        tree.with_children((total,))


def test_a_row_that_goes_on_waits_for_its_left_side() -> None:
    tree = parse(read_formula(r"= s t"))
    assert isinstance(tree, Relation)
    assert tree.sides[0] == Empty()
    whole = replaced(tree, (0,), parse(read_formula("a")))
    assert read(whole, NUMBERS).rhs == s * t


def test_chains_are_read_link_by_link() -> None:
    links = relations(parse(read_formula("s = t = a_0")), NUMBERS)
    assert links == (Eq(s, t, evaluate=False), Eq(t, a0, evaluate=False))


def test_parts_of_a_formula_are_read_alone() -> None:
    tree = parse(read_formula(r"\tau \dot a = 2 a (s - a)"))
    group = next(node for _, node in walk(tree) if isinstance(node, Group))
    assert str(read(group, NUMBERS)) == "s - a(t)"


def test_where_e_is_a_name_the_exponential_function_is_written_out() -> None:
    e, x = Symbol("e", positive=True), Symbol("x", real=True)
    vocabulary = declared({"e": e, "x": x})
    assert read(parse(read_formula("(1 - 2 e) e^2")), vocabulary) == (1 - 2 * e) * e**2
    assert read(parse(read_formula(r"\mathrm{e}^{x} \exp(x) e")), vocabulary) == exp(2 * x) * e
    with pytest.raises(NotationError, match="may mean the exponential function"):
        read(parse(read_formula("e^{x}")), vocabulary)


def test_where_d_is_a_name_derivatives_have_an_upright_d() -> None:
    d, t, a = Symbol("d"), Symbol("t"), Function("a")
    vocabulary = declared({"d": d, "t": t, "a": a(t)})
    upright = r"d \frac{\mathrm{d}a}{\mathrm{d}t} + \frac{d}{2}"
    assert read(parse(read_formula(upright)), vocabulary) == d * Derivative(a(t), t) + d / 2
    with pytest.raises(NotationError, match="d is a name here"):
        read(parse(read_formula(r"\frac{da}{dt}")), vocabulary)


def test_conditions_of_the_claim_may_be_repeated() -> None:
    known = declared({"s": s, "t": t, "a_0": a0}, known=(Lt(a0, s),))
    for condition in ("a_0 < s", "s > a_0", "0 < a_0 < s", "t > 0"):
        assert read(parse(read_formula(rf"s = t, \quad {condition}")), known) == Eq(s, t)
    for condition in ("s < a_0", "s > 1", "a_0 = s"):
        with pytest.raises(NotationError, match="is not one of the claim"):
            read(parse(read_formula(rf"s = t, \quad {condition}")), known)


def test_primes_transpose_only_where_that_is_said() -> None:
    n = Symbol("n", integer=True, positive=True)
    W = MatrixSymbol("W", n, n)
    told = declared({"W": W}, primes_transpose=True)
    assert read(parse(read_formula("W' W''")), told) == rebuilt(Transpose(W) * W)


def test_a_number_times_a_sum_of_matrices_is_compared_term_by_term() -> None:
    n = Symbol("n", integer=True, positive=True)
    A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    assert rebuilt(MatMul(1, MatAdd(B * A, -A))) == rebuilt(MatAdd(-A, B * A))
    assert rebuilt(MatMul(-1, A, MatMul(-1, B))) == A * B
    assert rebuilt(MatMul(A, MatMul(-1, B))) == -A * B


def test_sides_are_not_decided() -> None:
    assert read(parse(read_formula("s = s")), NUMBERS) == Eq(s, s, evaluate=False)
    assert str(read(parse(read_formula("0 < 1")), NUMBERS)) == "0 < 1"


def test_what_a_wide_space_separates_is_a_condition_that_must_be_known() -> None:
    tree = parse(read_formula(r"s = t \quad t > 0"))
    assert parse(read_formula(written(tree))) == tree
    assert read(tree, NUMBERS) == Eq(s, t, evaluate=False)
    assert read(parse(read_formula(r"s = t \quad (t > 0)")), NUMBERS) == Eq(s, t, evaluate=False)
    for latex in (r"s = t \quad t = 0", r"s = t \qquad (1)", r"s = t \quad s = a_0"):
        with pytest.raises(NotationError, match=r"condition|not understood"):
            read(parse(read_formula(latex)), NUMBERS)


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\left( s \right. \\ \left. + t \right)", r"\left(s + t\right)"),
        (r"\left[ s \right. \\ & \left. {}+ \left( t \right. \right. \\ & \left. \left. - s \right)"
         r"\right]", r"\left[ s + \left(t - s\right) \right]"),
        (r"s \\ {}+ t", "s + t"),
        (r"s \\ & {} = t", "s = t"),
        (r"\left( s \right. + \left. t \right)", ""),
        (r"(s \right. \\ \left. t)", ""),
    ],
)  # fmt: skip
def test_formulas_over_several_rows(latex: str, plain: str) -> None:
    if not plain:
        with pytest.raises(NotationError):
            read(parse(read_formula(latex)), NUMBERS)
        return
    assert parse(read_formula(latex)) == parse(read_formula(plain))
