"""Two rules that chapter 2 asked for: a root against what it dominates, signs SymPy knows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lemmata.proofs.derivation import DerivationEvidence
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.inequality_rules import check_inequality
from lemmata.proofs.mutants import MutantEvidence
from lemmata.proofs.signs import Signs
from lemmata.proofs.verdicts import Status
from lemmata.theory.claims import claim
from lemmata.theory.derivations import Derivation, Evident, Extreme, Follows, Step
from lemmata.theory.registry import Registry
from sympy import Derivative, Eq, Equivalent, Ge, Gt, Le, Lt, Ne, Rational, Symbol, exp, sqrt

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


PEAK = x * exp(-x)
SLOPE = Derivative(PEAK, x)
FALLS_ABOVE = Equivalent(SLOPE < 0, x > 1, evaluate=False)
RISES_BELOW = Equivalent(SLOPE > 0, x < 1, evaluate=False)
VALLEY = x + 1 / x
RISES_ABOVE = Equivalent(Derivative(VALLEY, x) > 0, x > 1, evaluate=False)
POLE = 1 / (x - 3) ** 2


def _extreme(before: Any, relation: Any, root: Any = 1, variable: Any = x, given: Any = ()) -> str:
    """The decision on a step that draws ``relation`` from the step ``before``."""

    @claim("test.extreme", given=given, registry=Registry())
    def made() -> Any:
        """What is to follow."""
        return relation

    step = Step("so it is extreme there", relation, Extreme(variable, root))
    previous = [Step("where it turns", before)]
    return check_inequality(made, step, previous, np.random.default_rng(0)).status


@pytest.mark.parametrize(
    ("before", "relation"),
    [
        (FALLS_ABOVE, Le(PEAK, exp(-1))),
        (RISES_BELOW, Le(PEAK, exp(-1))),
        (FALLS_ABOVE, Ge(exp(-1), PEAK)),
        (RISES_ABOVE, Ge(VALLEY, 2, evaluate=False)),
        (
            Equivalent(Derivative(VALLEY, x) < 0, x < 1, evaluate=False),
            Ge(VALLEY, 2, evaluate=False),
        ),
    ],
)
def test_a_function_that_turns_once_is_extreme_there(before: Any, relation: Any) -> None:
    assert _extreme(before, relation) == "proved"


@pytest.mark.parametrize(
    ("before", "relation", "root"),
    [
        (FALLS_ABOVE, Lt(PEAK, exp(-1)), 1),
        (FALLS_ABOVE, Ge(PEAK, exp(-1)), 1),
        (FALLS_ABOVE, Le(PEAK, exp(-2)), 1),
        (FALLS_ABOVE, Le(PEAK, 2 * exp(-2)), 2),
        (FALLS_ABOVE, Le(2 * PEAK, exp(-1)), 1),
        (FALLS_ABOVE, Le(PEAK, -exp(1), evaluate=False), -1),
        (RISES_ABOVE, Le(VALLEY, 2, evaluate=False), 1),
        (SLOPE < 0, Le(PEAK, exp(-1)), 1),
        (Equivalent(PEAK < 0, x > 1, evaluate=False), Le(PEAK, exp(-1)), 1),
        (Equivalent(SLOPE < 0, y > 1, evaluate=False), Le(PEAK, exp(-1)), 1),
        (Equivalent(SLOPE < 0, x > y, evaluate=False), Le(PEAK, exp(-1)), 1),
        (Equivalent(Derivative(POLE, x) > 0, x < 1, evaluate=False), Le(POLE, Rational(1, 4)), 1),
    ],
)
def test_nothing_else_is_extreme(before: Any, relation: Any, root: Any) -> None:
    assert _extreme(before, relation, root) != "proved"


def test_a_root_outside_the_interval_proves_nothing() -> None:
    assert _extreme(FALLS_ABOVE, Le(PEAK, exp(-1)), given=[x > 2]) != "proved"
    assert _extreme(FALLS_ABOVE, Le(PEAK, exp(-1)), given=[Ne(x, 2)]) != "proved"


def _outcomes(statement: Any, expects: str = "proved") -> dict[str, str]:
    @claim("test.bound", expects=expects, registry=Registry())
    def made() -> Any:
        """A bound that is reached."""
        return statement

    return dict(MutantEvidence().outcomes(made, BUDGETS["full"], np.random.default_rng(0)))


def test_what_follows_from_a_bound_that_is_reached_is_no_error() -> None:
    outcomes = _outcomes(Le(x * exp(-x), exp(-1), evaluate=False))
    assert outcomes["factor 2 at exp(-1)"] == "equivalent"
    assert outcomes["sign of exp(-1)"] == "refuted"
    assert outcomes["factor 2 at x*exp(-x)"] == "refuted"
    assert "alive" not in outcomes.values()


def test_a_change_of_order_does_not_hide_what_says_the_same() -> None:
    named = Symbol("T", real=True)
    outcomes = _outcomes(Equivalent(Gt(named**3 + named, 0), named > 0, evaluate=False))
    assert outcomes["factor 2 at T"] == "equivalent"
    assert outcomes["sign of T"] == "refuted"
