"""Bounds that chance respects: tried where they are tight, and where a law is planted wrong."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.sampling_bounds import (
    Median,
    draws_needed,
    median_interval,
    size_budget,
    soft_mean,
)

positive = st.floats(0.1, 10)


def exact(value):
    return Median(np.array(value), np.array(0.0))


@given(st.floats(-5, 5), positive, st.integers(1, 50), st.floats(1e-12, 0.5))
def test_the_soft_mean_of_equal_values(centre, variance, n, rate):
    mean, radius = soft_mean([centre] * n, centre, variance, rate)
    assert (mean, radius) == (centre, pytest.approx(np.sqrt(2 * variance * np.log(2 / rate) / n)))
    # One wild value cannot carry it away, as it would a plain mean.
    wild, _ = soft_mean([centre] * (n - 1) + [1e12], centre, variance, rate)
    assert abs(wild - centre) <= radius * 40


def test_the_soft_mean_has_its_rate_where_the_law_is_skewed():
    # Lognormal of mean 1 and variance 3: a plain mean with 1.96 standard errors is off too often.
    s2 = np.log(4.0)
    draws = np.exp(np.random.default_rng(0).normal(-s2 / 2, np.sqrt(s2), (20_000, 50)))
    outside = [
        abs(soft_mean(row, 1.0, 3.0, 0.05)[0] - 1) > soft_mean(row, 1.0, 3.0, 0.05)[1]
        for row in draws[:4000]
    ]
    # 0.05 and what 4000 trials may deviate by (Hoeffding, rate 1e-9).
    assert np.mean(outside) <= 0.05 + np.sqrt(np.log(1e9) / 8000)


@given(st.integers(0, 2**32), st.floats(0.5, 2))
@settings(max_examples=20)
def test_a_shifted_law_is_found(seed, sigma):
    draws = np.random.default_rng(seed).normal(0, sigma, 2000)
    shift = 3 * np.sqrt(2 * sigma**2 * np.log(2e9) / 2000)
    mean, radius = soft_mean(draws, shift, sigma**2, 1e-9)
    assert abs(mean - shift) > radius


@given(st.integers(1, 60), st.floats(1e-12, 0.9), st.integers(0, 2**32))
@settings(max_examples=60)
def test_the_interval_of_the_median_is_that_of_the_binomial_law(n, rate, seed):
    draws = np.random.default_rng(seed).standard_normal((n, 2))
    found = median_interval(draws, rate)
    assert found.value == pytest.approx(np.median(draws, axis=0), rel=1e-15)
    tails = [2 * sum(comb(n, j) for j in range(k)) / 2**n for k in range(n // 2 + 2)]
    k = max(k for k in range(len(tails)) if tails[k] <= rate * (1 + 1e-12))
    if k == 0:
        assert np.all(np.isinf(found.radius))
        assert n <= draws_needed(rate) - 1 + (2 / 2**n == pytest.approx(rate))
        return
    ordered = np.sort(draws, axis=0)
    ends = np.abs(np.stack([ordered[k - 1], ordered[n - k]]) - found.value)
    assert found.radius == pytest.approx(ends.max(axis=0))


def test_fewest_draws():
    for rate in (0.3, 1e-3, 1e-9):
        n = draws_needed(rate)
        draws = np.arange(n, dtype=float)
        assert np.isfinite(median_interval(draws, rate).radius)
        assert np.isinf(median_interval(draws[1:-1], rate).radius)


@given(
    limit=st.floats(-3, 3),
    c=st.floats(-5, 5),
    d=st.floats(-5, 5),
    order=st.sampled_from([0.5, 2 / 3, 1.0]),
    further=st.floats(0.05, 2),
    sizes=st.sampled_from([(22, 67, 200), (2, 6, 18), (33, 100, 300), (11, 33, 99)]),
)
@settings(max_examples=300)
def test_a_law_of_two_powers_is_bounded(limit, c, d, order, further, sizes):
    q = max(1.0, order + 0.01) + further
    values = [limit + c * n**-order + d * n**-q for n in sizes]
    budget = size_budget([exact(v) for v in values], sizes, order)
    assert abs(values[-1] - limit) <= float(budget.total) * (1 + 1e-9) + 1e-14
    assert float(budget.terms["sampling of sizes"]) == 0


def test_a_limit_planted_wrong_is_not_explained():
    sizes = (22, 67, 200)
    values = [1 + 0.4 / n for n in sizes]
    budget = size_budget([exact(v) for v in values], sizes, 1.0)
    assert not budget.explains(values[-1] - 0.99)
    assert budget.explains(values[-1] - 1.0)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.sampled_from([0.5, 2 / 3, 1.0]))
def test_radii_enter_with_the_factors_of_the_medians(radii, order):
    sizes = (10, 30, 90)
    medians = [Median(np.array(0.0), np.array(r)) for r in radii]
    found = float(size_budget(medians, sizes, order).total)
    worst = 0.0
    for signs in np.ndindex(2, 2, 2):
        moved = [exact((2 * s - 1) * r) for s, r in zip(signs, radii, strict=True)]
        off = abs(float(moved[-1].value))
        worst = max(worst, off + float(size_budget(moved, sizes, order).terms["size"]))
    assert worst <= found * (1 + 1e-12)
    assert found <= 2 * worst + 1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: soft_mean([], 0, 1, 0.1), "values is empty"),
        (lambda: soft_mean([1], 0, 0, 0.1), "variance=0: give a positive"),
        (lambda: soft_mean([1], 0, np.inf, 0.1), "variance=inf: give a positive"),
        (lambda: soft_mean([1], 0, 1, 1.0), "false_alarm=1.0: give a probability"),
        (lambda: median_interval([], 0.1), "draws is empty"),
        (lambda: draws_needed(0.0), "false_alarm=0.0: give"),
        (lambda: size_budget([exact(0.0)] * 3, (1, 3, 9), 1.5), "order=1.5: give a power above 0"),
        (lambda: size_budget([exact(0.0)] * 3, (1, 2, 9), 1.0), r"sizes=[1, 2, 9]: give three"),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value).startswith(words)
