"""Budgets add up what is named; thresholds keep the false-alarm rate they declare."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.numerics.statistics import (
    ErrorBudget,
    gaussian_maximum_threshold,
    halving_error,
    hoeffding_radius,
)
from scipy.stats import binom, norm

EPS = float(np.finfo(np.float64).eps)
sizes = st.floats(0, 1e3)


@given(sizes, sizes, st.floats(-1e4, 1e4))
def test_a_budget_explains_what_its_sum_covers_and_nothing_more(step, roundoff, difference):
    budget = ErrorBudget({"step": step, "roundoff": roundoff})
    assert budget.explains(difference) == (abs(difference) <= step + roundoff)
    assert budget.explains(budget.total)
    assert not budget.explains(math.nextafter(float(budget.total), math.inf))


def test_a_budget_is_judged_entry_by_entry():
    budget = ErrorBudget({"step": np.array([1.0, 0.0]), "roundoff": 0.5})
    assert budget.total.tolist() == [1.5, 0.5]
    assert budget.dominant == "step"
    assert budget.explains([-1.5, 0.5])
    assert not budget.explains([0.0, 0.6])
    assert budget.worst([0.75, 1.0]) == 2.0


@pytest.mark.parametrize("difference", [math.nan, math.inf, [0.0, math.nan]])
def test_a_difference_that_is_no_number_is_never_explained(difference):
    assert not ErrorBudget({"step": 1e300}).explains(difference)


def test_an_empty_budget_explains_exact_agreement_only():
    budget = ErrorBudget({"step": 0.0})
    assert budget.explains(0.0)
    assert not budget.explains(5e-324)


def test_terms_are_added_by_name():
    budget = ErrorBudget({"step": 1.0}).plus(width=np.array([1.0, 2.0]))
    assert budget.total.tolist() == [2.0, 3.0]
    with pytest.raises(ValueError, match="'step'"):
        budget.plus(step=1.0)


@pytest.mark.parametrize("terms", [{}, {"step": -1.0}, {"step": math.nan}, {"step": math.inf}])
def test_a_budget_refuses_sizes_that_bound_nothing(terms):
    with pytest.raises(ValueError, match="terms"):
        ErrorBudget(terms)


@given(
    st.integers(1, 8), st.integers(-100, 100), st.integers(-100, 100), st.sampled_from([1, 2, 4])
)
def test_halving_bounds_an_error_of_the_stated_order(order, c, d, limit):
    def run(h):
        return limit + c * h**order + d * h ** (order + 1)

    bound = halving_error(run(1.0), run(0.5), run(0.25), order)
    rounding = 8 * EPS * (limit + abs(c) + abs(d)) * 2**order
    assert abs(run(0.25) - limit) <= bound + rounding
    if d == 0:
        assert abs(abs(run(0.25) - limit) - bound) <= rounding


def test_halving_refuses_an_order_below_one():
    with pytest.raises(ValueError, match="order=0"):
        halving_error(1.0, 1.0, 1.0, order=0)


@given(st.floats(1e-12, 0.1), st.integers(1, 10**6))
def test_the_maximum_of_independent_deviations_keeps_the_false_alarm_rate(rate, count):
    threshold = gaussian_maximum_threshold(rate, count)
    inside = math.log1p(-2 * norm.sf(threshold))
    alarm = -math.expm1(count * inside)
    # P = 1 - (1 - rate/count)^count lies between rate - rate^2/2 and rate; the tail's slope turns
    # the rounding of the threshold into a relative error of the chance.
    rounding = rate * 8 * EPS * (2 + threshold**2)
    assert rate - rate**2 / 2 - rounding <= alarm <= rate + rounding


@given(st.floats(1e-12, 0.5), st.integers(1, 2000), st.floats(0.01, 0.99))
def test_the_radius_holds_for_coins(rate, trials, chance):
    radius = hoeffding_radius(rate, trials, 1.0)
    low, high = trials * (chance - radius), trials * (chance + radius)
    alarm = binom.cdf(math.ceil(low) - 1, trials, chance) + binom.sf(
        math.floor(high), trials, chance
    )
    assert alarm <= rate


def test_the_radius_shrinks_with_trials_and_grows_with_width():
    radius = hoeffding_radius(1e-9, 100, 1.0)
    # Without tolerance: four times the trials divide the same logarithm by a power of two more,
    # of which quotient and root are exact; and a width of 1 multiplies exactly.
    assert hoeffding_radius(1e-9, 400, 1.0) == radius / 2
    assert hoeffding_radius(1e-9, 100, 3.0) == 3 * radius
    assert hoeffding_radius(1e-9, 100, 1.0, count=10) > radius


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gaussian_maximum_threshold(0.0, 1), "false_alarm=0.0"),
        (lambda: gaussian_maximum_threshold(1.0, 1), "false_alarm=1.0"),
        (lambda: gaussian_maximum_threshold(math.nan, 1), "false_alarm=nan"),
        (lambda: gaussian_maximum_threshold(0.1, 0), "count=0"),
        (lambda: hoeffding_radius(0.1, 0, 1.0), "trials=0"),
        (lambda: hoeffding_radius(0.1, 1, -1.0), "width=-1.0"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
