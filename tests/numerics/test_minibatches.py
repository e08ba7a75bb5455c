"""Stochastic descent: which examples an update sees, and what it does with them."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.descent import (
    descend,
    descend_by_minibatches,
    descend_per_example,
    stream_descent,
)
from lemmata.numerics.examples import Presentation, whitened
from lemmata.numerics.modes import small_random_start

EPS = float(np.finfo(np.float64).eps)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=25, deadline=None)


def whole(seed, sizes=(2, 3, 2), examples=5, batch=None):
    """Weights and examples of whole numbers so small that two updates are exact in float64."""
    rng = np.random.default_rng(seed)
    lead = () if batch is None else (batch,)
    shapes = [(*lead, b, a) for a, b in pairwise(sizes)]
    weights = [rng.integers(-1, 2, size=shape).astype(float) for shape in shapes]
    x = rng.integers(-2, 3, size=(sizes[0], examples)).astype(float)
    return weights, x, rng.integers(-2, 3, size=(sizes[-1], examples)).astype(float)


def exact(array):
    return np.array([[Fraction(v) for v in row] for row in array.tolist()], dtype=object)


@quick
@given(seeds, st.sampled_from(["average", "sum"]))
def test_all_examples_at_once_are_full_batch_descent(seed, convention):
    weights, x, y = whole(seed, examples=4, batch=3)
    arguments = {"lambda_": 0.25, "iterations": [0, 1, 2], "convention": convention}
    full = descend(weights, x, y, **arguments, allow_unstable=True)
    for shared in (True, False):
        parts = descend_by_minibatches(
            weights,
            x,
            y,
            **arguments,
            batch_size=4,
            rng=np.random.default_rng(seed),
            shared_order=shared,
        )
        assert all(np.array_equal(a, b) for a, b in zip(full.weights, parts.weights, strict=True))
        assert np.array_equal(full.loss, parts.loss)


@quick
@given(seeds)
def test_one_example_at_a_time_is_descent_per_example(seed):
    weights, x, y = whole(seed)
    one = descend_per_example(
        weights, x, y, lambda_=1 / 64, epochs=[1, 2], rng=np.random.default_rng(seed)
    )
    rng = np.random.default_rng(seed)
    other = descend_by_minibatches(
        weights, x, y, lambda_=1 / 64, iterations=[5, 10], batch_size=1, rng=rng
    )
    assert np.array_equal(one.maps, other.maps)
    assert one.iterations.tolist() == other.iterations.tolist() == [5, 10]
    # The generator has moved past what was drawn: two epochs.
    used = np.random.default_rng(seed)
    for _ in range(2):
        used.permutation(5)
    assert rng.integers(2**62) == used.integers(2**62)


@quick
@given(seeds, st.booleans(), st.sampled_from(["average", "sum"]))
def test_an_update_is_that_of_its_examples_in_exact_arithmetic(seed, replacement, convention):
    weights, x, y = whole(seed, sizes=(2, 2))
    size, rate = 2, Fraction(1, 4)
    record = descend_by_minibatches(
        weights,
        x,
        y,
        lambda_=float(rate),
        iterations=2,
        batch_size=size,
        rng=np.random.default_rng(seed),
        replacement=replacement,
        convention=convention,
    )
    draws = Presentation(5, size, np.random.default_rng(seed), replacement=replacement)
    (expected,) = (exact(layer) for layer in weights)
    for chosen in islice(draws.orders(0, 1), 2):
        seen_x, seen_y = exact(x[:, chosen]), exact(y[:, chosen])
        share = rate / size if convention == "average" else rate
        expected = expected + share * (seen_y - expected.dot(seen_x)).dot(seen_x.T)
    assert np.array_equal(exact(record.weights[0][0]), expected)


@quick
@given(seeds, st.integers(1, 7), st.integers(1, 7))
def test_an_epoch_presents_each_example_once(seed, examples, size):
    size = min(size, examples)
    draws = Presentation(examples, size, np.random.default_rng(seed))
    epoch = list(islice(draws.orders(0, 1), draws.updates_per_epoch))
    assert sorted(np.concatenate(epoch)) == list(range(examples))
    assert all(len(part) == size for part in epoch[:-1])


def test_draws_with_replacement_repeat_and_reach_all():
    draws = Presentation(3, 5, np.random.default_rng(0), replacement=True)
    seen = np.stack(list(islice(draws.orders(0, 1), 40)))
    assert seen.shape == (40, 5)
    # Of 200 draws, one of three examples is missed with chance 3 (2/3)^200 < 1e-34.
    assert set(seen.ravel()) == {0, 1, 2}
    assert all(len(set(row)) < 5 for row in seen)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("shared", [False, True])
def test_a_network_sees_the_same_examples_in_whatever_chunk(replacement, shared):
    rng = np.random.default_rng(1)
    weights = small_random_start((3, 4, 2), 0.3, rng, 5)
    x, y = rng.normal(size=(3, 7)), rng.normal(size=(2, 7))

    def trained(chunk, generator):
        draws = Presentation(7, 3, generator, replacement=replacement, shared=shared, networks=5)
        parts = stream_descent(
            weights, x, y, lambda_=0.05, iterations=[0, 8], presentation=draws, chunk=chunk
        )
        return np.concatenate([part.weights[0] for part in parts], axis=1)

    whole_batch, by_two = trained(5, np.random.default_rng(2)), trained(2, np.random.default_rng(2))
    # Sums of at most seven terms, eight times: another order of terms at most.
    rounding = 8 * 50 * EPS
    assert np.abs(whole_batch - by_two).max() <= rounding
    other = trained(5, np.random.default_rng(3))
    assert np.abs(whole_batch - other).max() > 1e6 * rounding


def test_orders_are_shared_or_own():
    weights = [np.ones((2, 2, 3)), np.ones((2, 2, 2))]
    x, y = np.eye(3), np.arange(6.0).reshape(2, 3)
    same, own = (
        descend_by_minibatches(
            weights,
            x,
            y,
            lambda_=0.1,
            iterations=2,
            batch_size=1,
            rng=np.random.default_rng(4),
            shared_order=shared,
        ).maps[0]
        for shared in (True, False)
    )
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(own[0], own[1])


@pytest.mark.parametrize("size", [0, 4])
def test_a_wrong_batch_size_is_named(size):
    with pytest.raises(ValueError, match=rf"batch_size={size}: give 1 to 3, or any with replace"):
        descend_by_minibatches(
            [np.eye(3)],
            np.eye(3),
            np.eye(3),
            lambda_=0.1,
            iterations=1,
            batch_size=size,
            rng=np.random.default_rng(0),
        )


def test_whitened_inputs_are_white_and_dependent_ones_are_refused():
    x = np.random.default_rng(5).normal(size=(4, 9)) * np.array([[1], [10], [0.1], [3]])
    white = whitened(x)
    # Rounding of the decomposition and of one product of nine terms.
    assert np.linalg.norm(white @ white.T / 9 - np.eye(4)) <= 100 * EPS
    for dependent in (np.vstack([x, x[0] + x[1]]), x[:, :3]):
        rank = np.linalg.matrix_rank(dependent)
        with pytest.raises(ValueError, match=f"inputs has covariance of rank {rank}, less than"):
            whitened(dependent)
    with pytest.raises(ValueError, match=r"inputs has shape \(2,\)"):
        whitened([1.0, 2.0])
