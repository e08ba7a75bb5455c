"""Two rules that chapter 2 asked for: a root against what it dominates, signs SymPy knows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lemmata.proofs.derivation import DerivationEvidence
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.signs import Signs
from lemmata.proofs.verdicts import Status
from lemmata.theory.claims import claim
from lemmata.theory.derivations import Derivation, Evident, Follows, Step
from lemmata.theory.registry import Registry
from sympy import Derivative, Eq, Gt, Rational, Symbol, sqrt

x, y = Symbol("x", positive=True), Symbol("y", positive=True)
r = Symbol("r", real=True)


@pytest.mark.parametrize(
    ("expr", "claimed"),
    [
        (r + sqrt(r**2 + 4 * x), 1),
        (r - sqrt(r**2 + x), -1),
        (3 * r + 4 * sqrt(r**2 + x), 1),
        (r - 2 * sqrt(r**2 + x**2), -1),
        (r + sqrt(r**2), 0),
        (r + sqrt(r**2 - x), 0),
        (2 * r + sqrt(r**2 + x), 0),
        (r + x - sqrt(r**2 + x**2), 0),
    ],
)
def test_a_root_has_its_sign_where_its_square_dominates(expr: Any, claimed: int) -> None:
    assert Signs([]).sign(expr) == claimed


def _slope_step(slope: Any) -> Status:
    """A derivation that says of x - y^2/x that its slope, equal to ``slope``, is positive."""
    function = Derivative(x - y**2 / x, x)
    steps = (
        Step("the slope", Eq(function, slope), Follows()),
        Step("it is positive", Gt(function, 0, evaluate=False), Evident()),
    )

    @claim("test.slope", derivation=Derivation(steps), registry=Registry())
    def made() -> Any:
        """The slope is positive."""
        return Gt(function, 0, evaluate=False)

    found = DerivationEvidence().check(made, BUDGETS["quick"], np.random.default_rng(0))
    return found.status


def test_a_sign_that_sympy_knows_is_evident() -> None:
    assert _slope_step(1 + y**2 / x**2) is Status.PROVED


def test_what_does_not_follow_is_not_evident() -> None:
    assert _slope_step(1 + y**2 / x**2 + Rational(1, 10**9)) is Status.REFUTED
