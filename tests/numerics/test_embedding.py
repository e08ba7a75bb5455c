"""Points from distances: what scaling recovers, what never grows, what turns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.embedding import (
    aligned,
    classical_scaling,
    distances_of_kernel,
    scaling_path,
    stress,
    stress_scaling,
)
from lemmata.numerics.modes import haar_orthogonal

EPS = float(np.finfo(float).eps)
SEEDS = st.integers(0, 2**32 - 1)
COUNTS = st.integers(2, 9)


def points(seed, count, dimensions=2):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def distances(x):
    return np.linalg.norm(x[:, None] - x[None], axis=-1)


@given(SEEDS, COUNTS, st.integers(1, 4))
def test_distances_of_inner_products(seed, count, dimensions):
    x = points(seed, count, dimensions)
    # Squares err by a few eps of the largest, roots of the error at zero.
    allowed = np.sqrt(8 * (dimensions + 2) * EPS * np.max(np.sum(x**2, axis=1)))
    assert np.all(np.abs(distances_of_kernel(x @ x.T) - distances(x)) <= allowed)


@given(SEEDS, COUNTS)
def test_classical_scaling_recovers_points_of_a_plane(seed, count):
    x = points(seed, count)
    found, values = classical_scaling(distances(x))
    centred = x - x.mean(axis=0)
    expected = np.linalg.svd(centred, compute_uv=False)[:2] ** 2
    size = expected.sum()
    # A coordinate is the root of an eigenvalue, which is known to some eps of their sum.
    assert np.all(np.abs(distances(found) - distances(x)) <= 2 * np.sqrt(64 * EPS * size))
    assert np.all(np.abs(values[: len(expected)][:2] - expected[: len(values)]) <= 64 * EPS * size)
    assert np.all(np.abs(values[2:]) <= 64 * EPS * size)


def test_classical_scaling_of_a_triangle_in_more_dimensions_than_it_has():
    found, values = classical_scaling(np.ones((3, 3)) - np.eye(3), dimensions=5)
    assert found.shape == (3, 5)
    assert values == pytest.approx([0.5, 0.5, 0.0], abs=16 * EPS)


@given(SEEDS, COUNTS, SEEDS)
def test_a_turn_is_undone(seed, count, turn):
    x, Q = points(seed, count), haar_orthogonal(2, np.random.default_rng(turn))
    # The turn is the polar factor of M = (x Q)^T x, whose singular values add up to |x|^2. M is off
    # by at most (count + 4) EPS |x|^2 (inner products of count terms of turned points), its
    # singular vectors by a few EPS more, and a polar factor of order 2 by twice that over the sum
    # of the singular values. Turning rounds once more.
    off = 2 * (count + 16) * EPS * np.linalg.norm(x, axis=1, keepdims=True)
    assert np.all(np.abs(aligned(x @ Q, x) - x) <= off)


@given(SEEDS, COUNTS, SEEDS)
def test_scaling_never_increases_the_stress(seed, count, start):
    wanted, first = distances(points(seed, count, 5)), points(start, count)
    found = stress_scaling(wanted, first)
    assert stress(found, wanted) <= stress(first, wanted) * (1 + 64 * EPS)
    assert np.all(np.abs(found.mean(axis=0)) <= 64 * EPS * np.abs(found).max())


@settings(max_examples=20)
@given(SEEDS, COUNTS)
def test_a_path_of_planar_points_that_do_not_move_stays(seed, count):
    x = points(seed, count)
    x -= x.mean(axis=0)
    path = scaling_path(np.stack([distances(x)] * 5), np.stack([x] * 5))
    # Distances are roots of differences of squares: known to the root of eps.
    assert np.all(np.abs(path - x) <= 16 * np.sqrt(EPS) * np.abs(x).max())


def total(path, wanted):
    steps = np.sum(np.diff(path, axis=0) ** 2) * path.shape[1]
    return sum(stress(x, d) for x, d in zip(path, wanted, strict=True)) + steps


@settings(max_examples=20)
@given(SEEDS, COUNTS, st.integers(1, 6))
def test_a_path_never_increases_what_it_makes_small(seed, count, times):
    rng = np.random.default_rng(seed)
    kernels = np.cumsum([(x := rng.normal(size=(count, 4))) @ x.T for _ in range(times)], axis=0)
    wanted, first = distances_of_kernel(kernels), rng.normal(size=(times, count, 2))
    found = scaling_path(wanted, first)
    assert total(found, wanted) <= total(first, wanted) * (1 + 64 * EPS)


def test_a_path_ends_on_the_side_it_was_asked_for():
    x = points(0, 6)
    x -= x.mean(axis=0)
    sizes = np.linspace(0.1, 1, 9)[:, None, None]
    turned = x @ haar_orthogonal(2, np.random.default_rng(1))
    path = scaling_path(sizes * distances(x), sizes * x)
    other = scaling_path(sizes * distances(x), sizes * turned)
    assert np.all(np.abs(path[-1] - aligned(path[-1], x)) <= 64 * EPS * np.abs(x).max())
    assert np.all(np.abs(other[-1] - aligned(other[-1], turned)) <= 64 * EPS * np.abs(x).max())
