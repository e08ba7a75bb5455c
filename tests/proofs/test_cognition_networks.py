"""Chapter 2's curves against whole networks; each planted error must be refuted by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.trajectory import Trajectory
from lemmata.proofs.verdicts import Status
from lemmata.theory.claims import Claim
from lemmata.theory.letters import N1, W21, W32
from lemmata.theory.matrix_calculus import TimeDerivative, matrix_equation
from sympy import Eq, Symbol, ZeroMatrix

BUDGET = replace(BUDGETS["full"], digits=12)
c2 = Symbol("c_2", real=True)


def verdict(claim: Claim) -> Any:
    return Trajectory().check(claim, BUDGET, np.random.default_rng(3)).status


def wrong(id: str, change: Any) -> Claim:
    claim = collect()[id]
    statement = claim.statement
    return replace(claim, statement=Eq(statement.lhs, change(statement.rhs), evaluate=False))


def swapped(one: str, other: str) -> Any:
    """A change that exchanges two positive symbols."""
    pair = {Symbol(one, positive=True): Symbol(other, positive=True)}
    pair |= {value: key for key, value in pair.items()}
    return lambda expr: expr.xreplace(pair)


@pytest.mark.parametrize(
    "id", ["cognition.illusory.curve", "cognition.illusory.shallow.curve", "cognition.frequency"]
)
def test_networks_follow_the_curve(id: str) -> None:
    assert verdict(collect()[id]) is Status.ENCLOSED


@pytest.mark.parametrize(
    ("id", "change"),
    [
        ("cognition.illusory.curve", lambda e: e.xreplace({c2: -c2})),
        ("cognition.illusory.curve", swapped("s_1", "s_2")),
        ("cognition.illusory.curve", swapped("a_01", "a_02")),
        ("cognition.illusory.shallow.curve", lambda e: e.subs(Symbol("tau", positive=True), 7)),
        ("cognition.frequency", lambda e: Symbol("p", positive=True) * e),
        ("cognition.frequency", lambda e: e.subs(Symbol("p", positive=True), 1)),
    ],
)
def test_networks_refute_a_wrong_curve(id: str, change: Any) -> None:
    assert verdict(wrong(id, change)) is Status.REFUTED


def test_networks_keep_the_square_of_hidden_similarity_and_nothing_near_it() -> None:
    claim = collect()["cognition.similarity_invariance.kept"]
    assert verdict(claim) is Status.ENCLOSED
    for near in (W21.T * W21, (W21.T * W21) ** 2 + (W32 * W21).T * (W32 * W21)):
        statement = matrix_equation(TimeDerivative(near), ZeroMatrix(N1, N1))
        assert verdict(replace(claim, statement=statement)) is Status.REFUTED
