"""Probes exclude signs that an expression does not have, and only those."""

from __future__ import annotations

import pytest
from lemmata.proofs.probes import Probes
from sympy import Function, exp, symbols

X, Y = symbols("x y", positive=True)
Z = symbols("z", real=True)


@pytest.mark.parametrize(
    ("expr", "signs"),
    [
        (X - Y, (1,)),
        (Y - X, (-1,)),
        (X - Y - 1, ()),
        (X * Y - X * Y, ()),
        (Z, ()),
        (Z**2 + X - Y, (1,)),
    ],
)
def test_signs_seen_at_points_of_the_domain(expr, signs) -> None:
    assert Probes([X > Y]).possible(expr) == signs


@pytest.mark.parametrize("expr", [exp(X) - Y, Function("a")(X) - Y, 1 / (Z - Z)])
def test_what_has_no_rational_value_may_have_any_sign(expr) -> None:
    assert Probes([X > Y]).possible(expr) == (1, -1)


def test_without_a_point_every_sign_stays_possible() -> None:
    assert Probes([X > Y, Y > X]).possible(X - Y) == (1, -1)


def test_a_relation_that_cannot_be_looked_at_makes_no_points() -> None:
    relation = Function("a")(X) > Y
    assert Probes([relation]).possible(X - Y - 1) == (1, -1)
