"""The normal form over levels: what it must prove, and that it proves nothing that is false."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.levels.instances import instances
from lemmata.proofs.levels.normal import LevelNormal
from lemmata.proofs.levels.values import UndefinedError, Values
from lemmata.theory.claims import Claim
from lemmata.theory.hierarchy.sequences import ANALYZER, B, D, epsilon, j, k, l, levels, n, q
from sympy import Add, Eq, Integer, Mul, Product, Rational, Sum

CLAIM = Claim(
    "tests.levels", Eq(n(k), n(k), evaluate=False), where=ANALYZER,
    levels=levels((k, Integer(1), D - 1)),
)  # fmt: skip
INSTANCES = instances(CLAIM)

ATOMS = (B(l), epsilon(l), 1 - epsilon(l), 1 - 2 * epsilon(l), n(l), q(l), n(l + 1), q(l + 1), l)
"""Terms that sums and products are made of."""
FACTORS = (B(j), 1 - 2 * epsilon(j), 1 + epsilon(j), 2 * B(j) - 1, 3 * B(j))


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    """Sums of up to three monomials in the atoms."""
    terms = []
    for _ in range(draw(st.integers(1, 3))):
        parts = draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=2))
        terms.append(Mul(Rational(draw(st.integers(-3, 3)), 2), *parts))
    return Add(*terms)


ENDS = (Integer(0), Integer(1), k - 1, k, k + 1, D - 1, D)


@settings(max_examples=40, deadline=None)
@given(bodies(), st.sampled_from(ENDS), st.sampled_from(ENDS), st.sampled_from(ENDS))
def test_sums_join_where_they_meet(body: Any, low: Any, middle: Any, high: Any) -> None:
    left = Sum(body, (l, low, middle)) + Sum(body, (l, middle + 1, high))
    assert LevelNormal(CLAIM).vanishes(left - Sum(body, (l, low, high)))


@settings(max_examples=40, deadline=None)
@given(bodies(), st.sampled_from(ENDS))
def test_a_first_and_a_last_term_are_split_off(body: Any, high: Any) -> None:
    whole = Sum(body, (l, k, high))
    rest = whole - body.subs(l, k) - Sum(body, (l, k + 1, high))
    assert LevelNormal(CLAIM).vanishes(rest)
    rest = whole - body.subs(l, high) - Sum(body, (l, k, high - 1))
    assert LevelNormal(CLAIM).vanishes(rest)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(FACTORS), st.sampled_from((D - 1, D)))
def test_a_first_factor_is_split_off(factor: Any, high: Any) -> None:
    whole = Product(factor, (j, k, high))
    assert LevelNormal(CLAIM).vanishes(
        whole - factor.subs(j, k) * Product(factor, (j, k + 1, high))
    )


def test_products_of_what_may_vanish_are_not_divided_out() -> None:
    """prod from 0 = (prod to k - 1)(prod from k), but not the quotient: a factor may be zero."""
    factor = 1 - 2 * epsilon(j)
    head, tail = Product(factor, (j, 0, k - 1)), Product(factor, (j, k, D - 1))
    whole = Product(factor, (j, 0, D - 1))
    assert not LevelNormal(CLAIM).vanishes(tail - whole / head)


@st.composite
def combinations(draw: st.DrawFn) -> Any:
    """Differences of sums and products: most are not zero, some are by chance."""
    parts = []
    for _ in range(draw(st.integers(2, 3))):
        sign = draw(st.sampled_from((1, -1)))
        low, high = draw(st.sampled_from(ENDS)), draw(st.sampled_from(ENDS))
        if draw(st.booleans()):
            atom = draw(st.sampled_from(ATOMS))
            parts.append(sign * Sum(atom, (l, low, high)))
        else:
            factor = draw(st.sampled_from(FACTORS))
            parts.append(sign * Product(factor, (j, low, high)))
    return Add(*parts) + draw(st.integers(-2, 2))


@settings(max_examples=150, deadline=None)
@given(combinations(), st.data())
def test_what_vanishes_is_zero_at_every_instance(expr: Any, data: st.DataObject) -> None:
    if not LevelNormal(CLAIM).vanishes(expr):
        return
    for _ in range(3):
        values = Values(CLAIM, data.draw(INSTANCES))
        try:
            assert values.value(expr) == 0
        except UndefinedError:  # sums that run backwards or leave the range
            continue


@pytest.mark.parametrize(
    "wrong",
    [
        Sum(n(l), (l, k, D)) - Sum(n(l), (l, k + 1, D)) - n(k + 1),
        Sum(n(l), (l, k, D)) - Sum(n(l), (l, k, D - 1)) - 2,
        q(k) - q(k + 1) * (1 - 2 * epsilon(k)),
        n(k) - n(k + 1) * B(k + 1),
        Product(3, (j, k, D)) - 3 ** (D - k),
        Sum(1, (l, k, D)) - (D - k),
    ],
)
def test_what_is_off_by_one_is_not_zero(wrong: Any) -> None:
    assert not LevelNormal(CLAIM).vanishes(wrong)


def test_constant_factors_and_terms_are_counted() -> None:
    normal = LevelNormal(CLAIM)
    assert normal.vanishes(Sum(1, (l, k, D)) - (D - k + 1))
    assert normal.vanishes(Product(3, (j, k, D)) - 3 ** (D - k + 1))
