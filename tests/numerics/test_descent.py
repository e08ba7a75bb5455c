"""Descent against exact rational arithmetic, its exact drift, and the flow it approximates."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.descent import descend, descend_per_example
from lemmata.numerics.gradient_flow import with_error_budget
from lemmata.numerics.modes import conserved_matrices, small_random_start
from lemmata.numerics.networks import end_to_end, weight_gradients

EPS = float(np.finfo(np.float64).eps)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=25, deadline=None)


@st.composite
def problems(draw, depths=(1, 2, 3), whole=False):
    """Weights and examples; ``whole`` numbers so small that two updates are exact in float64."""
    rng = np.random.default_rng(draw(seeds))
    sizes = [draw(st.integers(1, 3)) for _ in range(draw(st.sampled_from(depths)) + 1)]
    count = draw(st.sampled_from([1, 2, 4]))
    shapes = [(above, below) for below, above in pairwise(sizes)]
    shapes += [(sizes[0], count), (sizes[-1], count)]
    drawn = [
        rng.integers(-2, 3, size=shape).astype(float) if whole else rng.normal(size=shape)
        for shape in shapes
    ]
    return drawn[:-2], drawn[-2], drawn[-1], rng


def exact(array):
    return np.array([[Fraction(v) for v in row] for row in array.tolist()], dtype=object)


def exact_update(weights, x, y, rate):
    """One update from the definition: rate times W_{>l}^T (y - W x) x^T W_{<l}^T, in fractions."""
    moved = []
    for i, layer in enumerate(weights):
        below = exact(np.eye(len(x)))
        for w in weights[:i]:
            below = w.dot(below)
        above = exact(np.eye(len(y)))
        for w in weights[:i:-1]:
            above = above.dot(w)
        error = y - above.dot(layer).dot(below).dot(x)
        moved.append(layer + rate * above.T.dot(error).dot(x.T).dot(below.T))
    return moved


def same(weights, fractions):
    return all(
        np.array_equal(exact(layer), expected)
        for layer, expected in zip(weights, fractions, strict=True)
    )


@quick
@given(problems(depths=(1, 2), whole=True), st.sampled_from([1, 2, 8]))
def test_two_full_batch_updates_are_those_of_exact_arithmetic(problem, divisor):
    weights, x, y, _ = problem
    rate = Fraction(1, divisor)
    expected = [exact(w) for w in weights]
    for _ in range(2):
        expected = exact_update(expected, exact(x), exact(y), rate)
    record = descend(
        weights, x, y, lambda_=float(rate), iterations=[0, 2], convention="sum", allow_unstable=True
    )
    assert same([layer[1] for layer in record.weights], expected)
    assert same([layer[0] for layer in record.weights], [exact(w) for w in weights])


@quick
@given(problems(depths=(1, 2), whole=True), st.sampled_from([1, 8]))
def test_an_epoch_presents_every_example_once_in_the_drawn_order(problem, divisor):
    weights, x, y, _ = problem
    x, y = x[:, :2], y[:, :2]
    order = np.random.default_rng(7).permutation(x.shape[1])
    expected = [exact(w) for w in weights]
    for i in order:
        expected = exact_update(expected, exact(x[:, [i]]), exact(y[:, [i]]), Fraction(1, divisor))
    record = descend_per_example(
        weights, x, y, lambda_=1 / divisor, epochs=1, rng=np.random.default_rng(7)
    )
    assert same([layer[0] for layer in record.weights], expected)
    assert record.iterations.tolist() == [x.shape[1]]


@quick
@given(problems(depths=(2, 3), whole=True))
def test_averages_are_sums_with_a_smaller_rate(problem):
    weights, x, y, _ = problem
    count = x.shape[1]
    summed = descend(
        weights, x, y, lambda_=1 / 64, iterations=[1], convention="sum", allow_unstable=True
    )
    mean = descend(weights, x, y, lambda_=count / 64, iterations=[1], allow_unstable=True)
    assert np.array_equal(summed.maps, mean.maps)
    assert np.array_equal(summed.loss, mean.loss * count)
    errors = y - mean.maps[0] @ x
    assert math.isclose(summed.loss[0], np.sum(errors**2) / 2, rel_tol=errors.size * EPS)


def drift_rounding(weights, x, y, rate):
    """Rounding of both sides of the drift identity, from the norms of every product in it."""
    sizes = [float(np.linalg.norm(w)) for w in weights]
    inputs = float(np.linalg.norm(x))
    residual = (float(np.linalg.norm(y)) + math.prod(sizes) * inputs) * inputs
    moved = max(sizes) + rate * math.prod(max(s, 1) for s in sizes) * residual
    terms = 2 * sum(sum(w.shape) for w in weights) + 4 * x.shape[1] + 8
    return 2 * terms * EPS * moved**2


@quick
@given(problems(depths=(2, 3)), st.floats(1e-3, 0.5))
def test_descent_moves_the_conserved_matrices_by_lambda_squared(problem, rate):
    weights, x, y, _ = problem
    record = descend(
        weights, x, y, lambda_=rate, iterations=[0, 1], convention="sum", allow_unstable=True
    )
    residual = y @ x.T - end_to_end(weights) @ x @ x.T
    directions = weight_gradients(weights, residual)
    matrices = conserved_matrices(record.weights)
    bound = drift_rounding(weights, x, y, rate)
    for C, below, above in zip(matrices, directions[:-1], directions[1:], strict=True):
        drift = rate**2 * (below @ below.T - above.T @ above)
        assert np.linalg.norm(C[1] - C[0] - drift) <= bound


@quick
@given(problems(depths=(2,)), st.floats(1e-3, 0.5))
def test_one_example_moves_the_conserved_matrix_by_the_published_amount(problem, rate):
    (W21, W32), x, y, rng = problem
    x, y = x[:, :1], y[:, :1]
    record = descend_per_example([W21, W32], x, y, lambda_=rate, epochs=[0, 1], rng=rng)
    (C,) = conserved_matrices(record.weights)
    e, h = y - W32 @ W21 @ x, W21 @ x
    g = W32.T @ e
    drift = rate**2 * (np.sum(x**2) * g @ g.T - np.sum(e**2) * h @ h.T)
    assert np.linalg.norm(C[1] - C[0] - drift) <= drift_rounding([W21, W32], x, y, rate)


def test_the_drift_identity_is_tight_enough_to_see_a_wrong_sign():
    weights = small_random_start((3, 2, 3), 1.0, np.random.default_rng(1))
    x, y = np.eye(3), np.diag([3.0, 2.0, 1.0])
    record = descend(weights, x, y, lambda_=0.1, iterations=[0, 1], convention="sum")
    first, second = weight_gradients(weights, y - end_to_end(weights))
    (C,) = conserved_matrices(record.weights)
    wrong = C[1] - C[0] - 0.01 * (first @ first.T + second.T @ second)
    assert np.linalg.norm(wrong) > 1e9 * drift_rounding(weights, x, y, 0.1)


@quick
@given(seeds)
def test_descent_tends_to_the_flow_at_first_order(seed):
    rng = np.random.default_rng(seed)
    weights = small_random_start((3, 2, 3), 0.4, rng, batch=20)
    x, y = np.eye(3), np.diag([2.0, 1.0, 0.5])
    flow = with_error_budget(weights, y, times=1.0, rng=rng)
    errors = [
        np.linalg.norm(
            descend(weights, x, y, lambda_=1 / n, iterations=n, convention="sum").maps
            - flow.record.maps
        )
        for n in (64, 128, 256)
    ]
    slopes = [math.log2(a / b) for a, b in pairwise(errors)]
    # One percent of an error changes a slope by 0.03.
    assert np.linalg.norm(flow.budget.total) < 0.01 * errors[-1]
    assert abs(2 * slopes[1] - slopes[0] - 1) < 0.5


def test_a_batch_is_its_networks_one_by_one():
    rng = np.random.default_rng(2)
    weights = [rng.integers(-2, 3, size=(4, 2, 3)).astype(float) for _ in range(1)]
    x, y = rng.integers(-2, 3, size=(3, 4)), rng.integers(-2, 3, size=(2, 4))
    together = descend(weights, x, y, lambda_=0.25, iterations=[1, 3])
    for i in range(4):
        alone = descend([w[i] for w in weights], x, y, lambda_=0.25, iterations=[1, 3])
        assert np.array_equal(alone.maps, together.maps[:, i])
        assert np.array_equal(alone.loss, together.loss[:, i])


GOOD = {
    "weights": [np.eye(2)],
    "inputs": np.eye(2),
    "outputs": np.eye(2),
    "lambda_": 0.1,
    "iterations": [1],
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": np.eye(3)}, r"inputs has shape \(3, 3\): .* 2 rows"),
        ({"outputs": np.ones(2)}, r"outputs has shape \(2,\)"),
        ({"outputs": np.ones((2, 5))}, r"inputs has 2 examples \(columns\) and outputs 5"),
        ({"inputs": [[np.nan, 1], [0, 1]]}, "inputs"),
        ({"lambda_": 0.0}, "lambda_=0.0"),
        ({"lambda_": math.nan}, "lambda_=nan"),
        ({"convention": "mean"}, "convention='mean'"),
        ({"iterations": [2, 1]}, "iterations"),
        ({"iterations": [-1]}, "iterations"),
        ({"iterations": [1.5]}, "iterations"),
        ({"iterations": []}, "iterations"),
    ],
)
def test_bad_arguments_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        descend(**{**GOOD, **change})


def test_an_overflow_names_the_learning_rate():
    with pytest.raises(FloatingPointError, match="lambda_=9"):
        descend([[[2.0]], [[2.0]]], [[1.0]], [[1.0]], lambda_=9.0, iterations=50)
