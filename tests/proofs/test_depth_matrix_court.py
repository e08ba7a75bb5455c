"""What the court learned for the matrix claims of depth, and the wrong uses that it must refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lemmata.proofs.court import judge, locate
from lemmata.proofs.levels.normal import LevelNormal
from lemmata.proofs.levels.signs import LevelSigns
from lemmata.proofs.levels.steps import doubt_of_sign
from lemmata.proofs.typesetting import typeset
from lemmata.proofs.verdicts import Status
from lemmata.proofs.words.decide import decide
from lemmata.proofs.words.draws import Drawer
from lemmata.proofs.words.recipes import recipe
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import Evident, Step
from lemmata.theory.levels import Levels, Sequence
from lemmata.theory.matrix_calculus import MatrixExponential, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Eq, Function, Ge, Integer, MatrixSymbol, Product, Sum, Symbol, exp, symbols

D = Symbol("D", integer=True, positive=True)
k, l = Symbol("k", integer=True), Symbol("l", integer=True)  # noqa: E741
z = Function("z")
CLAIM = Claim(
    "tests.depth",
    Ge(Sum(exp(z(l)), (l, 1, D)), 0),
    levels=Levels(D, (Sequence(z, "real", 1, D),), ((k, Integer(1), D),)),
)


def test_the_exponential_lies_above_its_tangent_at_zero_alone() -> None:
    signs = LevelSigns(CLAIM)
    x = z(k) - 3
    assert signs.not_negative(exp(x) - 1 - x)
    assert signs.not_negative(2 * exp(x) - 2 - 2 * x)
    for wrong in (
        exp(x) - 1 + x,
        exp(x) - 2 - x,
        exp(x) - 1 - 2 * x,
        1 + x - exp(x),
        exp(2 * x) - 1 - x,
        z(k) * (exp(x) - 1 - x),
    ):
        assert not signs.not_negative(wrong), wrong
    assert not signs.positive(exp(x) - 1 - x)


def test_only_sums_over_one_range_are_joined() -> None:
    one, short = Sum(exp(z(l)), (l, 1, D)), Sum(exp(z(l)), (l, 2, D))
    assert not doubt_of_sign(CLAIM, Ge(2 * one - one, 0), [])
    told = Eq(Sum(exp(z(l)) - 3, (l, 1, D)), Sum(z(l) ** 2, (l, 1, D)), evaluate=False)
    before = [Step("assumed here", told, Evident())]
    assert not doubt_of_sign(CLAIM, Ge(Sum(2 * exp(z(l)) - 3, (l, 1, D)), 0), before)
    assert doubt_of_sign(CLAIM, Ge(Sum(2 * exp(z(l)) - 3, (l, 2, D)), 0), before)
    assert doubt_of_sign(CLAIM, Ge(short - one, 0), [])


n, m = symbols("n m", integer=True, positive=True)
P, B, U, V = (
    MatrixSymbol("P", n, m),
    MatrixSymbol("B", m, m),
    MatrixSymbol("U", n, n),
    MatrixSymbol("V", n, n),
)
TIED = Eq(U * U.T * P, P * B)


def test_what_is_intertwined_is_drawn_and_satisfies_the_equation() -> None:
    drawer = Drawer(MatrixFacts(given=(TIED,)), (P * B,), np.random.default_rng(0))
    filled = 0
    for _ in range(20):
        point = drawer.draw(2)  # the drawer checks every equation before it hands a point out
        filled += any(x for row in point.matrices[P] for x in row)
    assert filled > 5


@pytest.mark.parametrize(
    "equation",
    [Eq(U * U.T * P, 2 * (P * B)), Eq(U * P, P * B.T), Eq(U * V * V, V * U)],
)
def test_other_equations_have_no_such_recipe(equation: Any) -> None:
    found = recipe(equation, MatrixFacts())
    assert found is None or found.kind != "intertwined"


def test_a_word_that_is_one_letter_defines_it() -> None:
    gram = MatrixSymbol("Q", m, m)
    found = recipe(Eq(P.T * P, gram), MatrixFacts())
    assert found is not None
    assert (found.kind, found.makes) == ("definition", frozenset({gram}))
    assert recipe(Eq(P.T * P * gram, gram), MatrixFacts()) is None


def test_a_false_consequence_of_an_intertwining_is_refuted() -> None:
    facts = MatrixFacts(given=(TIED,))
    wrong = matrix_equation(U * U.T * P, 2 * (P * B))
    assert decide(wrong, facts, rng=np.random.default_rng(1)).status == "refuted"


def claim_of(id: str) -> Claim:
    found = locate(id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("id", "position"),
    [
        ("depth.end_to_end", 0),
        ("depth.end_to_end", 1),
        ("depth.end_to_end.gram", 0),
        ("depth.end_to_end.gram", 1),
        ("depth.end_to_end.three", 3),
        ("depth.conservation", 0),
    ],
)
def test_without_one_of_its_premises_the_claim_does_not_hold(id: str, position: int) -> None:
    claim = claim_of(id)
    assert claim.facts is not None
    weaker = claim.facts.without(claim.facts.given[position])
    found = judge(replace(claim, facts=weaker, derivation=None), "quick")
    assert found.own < Status.SAMPLED


def test_the_minus_of_an_exponent_stands_first() -> None:
    t, S = Symbol("t", positive=True), MatrixSymbol("S", n, n)
    assert typeset(MatrixExponential(S, -t)) == "e^{-S t}"
    assert typeset(MatrixExponential(S, t)) == "e^{S t}"


def test_a_product_of_one_positive_number_is_its_power() -> None:
    normal = LevelNormal(CLAIM)
    p, r = Symbol("p", positive=True), Symbol("r", real=True)
    assert normal.vanishes(Product(p, (l, 2, D)) - p ** (D - 1))
    assert not normal.vanishes(Product(p, (l, 2, D)) - p**D)
    assert not normal.vanishes(Product(r, (l, k, D)) - r ** (D - k))
