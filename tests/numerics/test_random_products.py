"""Random weights and products of them: laws, identities, and accuracy of the singular values."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics import random_products, random_weights
from lemmata.numerics.arrays import arrays_of, to_host
from lemmata.numerics.graded_products import GradedProduct
from lemmata.numerics.length_spreads import length_spreads
from lemmata.numerics.random_products import (
    log_growths,
    orthogonal_products,
    product_spectra,
    resolved_above,
)
from lemmata.numerics.random_weights import WEIGHTS, draw_weights, orthonormal_columns
from lemmata.numerics.sampling_bounds import soft_mean
from lemmata.numerics.spectral_samples import (
    fractions_above,
    histogram,
    log_moment,
    relative_variance,
)

EPS = float(np.finfo(float).eps)
RATE = 1e-9
seeds = st.integers(0, 2**32)
sizes = st.integers(1, 12)


def generator(seed=0):
    return np.random.default_rng(seed)


# Weights.


@given(seeds, sizes, sizes)
@settings(max_examples=60)
def test_orthogonal_weights_keep_lengths_one_way_or_the_other(seed, rows, columns):
    W = draw_weights("orthogonal", 2, rows, columns, generator(seed))
    assert W.shape == (2, rows, columns)
    transposed = np.swapaxes(W, -1, -2)
    small = transposed @ W if rows >= columns else W @ transposed
    # Householder's method: sqrt(n) m n eps, with room for its constant (Higham, theorem 19.4).
    bound = 10 * max(rows, columns) * min(rows, columns) ** 1.5 * EPS
    assert np.linalg.norm(small - np.eye(min(rows, columns)), axis=(-2, -1)).max() <= bound


def traces(matrices):
    return np.trace(matrices, axis1=-2, axis2=-1)


def test_the_trace_of_a_haar_matrix_has_mean_0_and_variance_1():
    Q = draw_weights("orthogonal", 4000, 6, 6, generator(1))
    mean, radius = soft_mean(traces(Q), 0.0, 1.0, RATE)
    assert abs(mean) <= radius
    # The fourth moment of the trace of a Haar matrix is 3, so that of its square scatters by 2.
    square, radius = soft_mean(traces(Q) ** 2, 1.0, 2.0, RATE)
    assert abs(square - 1) <= radius
    signs = np.sign(np.linalg.det(Q))
    mean, radius = soft_mean(signs, 0.0, 1.0, RATE)
    assert abs(mean) <= radius


def test_without_the_signs_of_r_it_would_not_be_haar():
    raw = np.linalg.qr(generator(1).standard_normal((4000, 6, 6)))[0]
    mean, radius = soft_mean(traces(raw), 0.0, 1.0, RATE)
    assert abs(mean) > radius


@pytest.mark.parametrize(("weights", "scatter"), [("gaussian", 2.0), ("uniform", 0.8)])
def test_the_variance_of_an_entry_is_one_over_the_rows(weights, scatter):
    W = draw_weights(weights, 100, 20, 30, generator(2))
    mean, radius = soft_mean(20 * W**2, 1.0, scatter, RATE)
    assert abs(mean - 1) <= radius < 0.1
    mean, radius = soft_mean(30 * W**2, 1.0, scatter, RATE)
    assert abs(mean - 1) > radius


@given(st.sampled_from(WEIGHTS), seeds)
@settings(max_examples=20)
def test_one_seed_one_result(weights, seed):
    one, same, other = (
        draw_weights(weights, 2, 4, 3, generator(s)) for s in (seed, seed, seed + 1)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("package", ["torch", "array_api_strict"])
def test_other_packages_get_the_same_numbers(package):
    xp = pytest.importorskip(package)
    pytest.importorskip("array_api_compat")
    arrays = arrays_of([xp.asarray([0.0])], "float64")
    for weights in WEIGHTS:
        here = draw_weights(weights, 2, 6, 6, generator(3))
        there = draw_weights(weights, 2, 6, 6, generator(3), arrays)
        # Q depends on rounding as much as R is badly conditioned.
        assert np.abs(to_host(there) - here).max() <= 1e3 * 36 * EPS
    here = product_spectra("gaussian", 6, [1, 3], 4, generator(4))
    there = product_spectra("gaussian", 6, [1, 3], 4, generator(4), arrays=arrays)
    for depth in (1, 3):
        a, b = (np.exp(found[depth] / 2) for found in (here, there))
        assert np.abs(a - b).max() <= resolved_above(6, depth) * a.max()
    grown = [
        log_growths("gaussian", 6, 3, 4, generator(5), arrays=a) for a in (arrays, arrays_of([0.0]))
    ]
    assert np.abs(grown[0] - grown[1]).max() <= 100 * 6 * 3 * EPS


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"^weights: 'normal' is none of gaussian, uniform, orth"):
        draw_weights("normal", 1, 2, 2, generator())
    with pytest.raises(ValueError, match=r"^rows=0: give a whole number, 1 or more$"):
        draw_weights("gaussian", 1, 0, 2, generator())
    with pytest.raises(ValueError, match=r"^rng=3: give numpy.random.default_rng"):
        draw_weights("gaussian", 1, 2, 2, 3)
    with pytest.raises(ValueError, match=r"^depths is empty"):
        product_spectra("gaussian", 4, [], 1, generator())
    with pytest.raises(ValueError, match=r"^depths=0: "):
        log_growths("gaussian", 4, 0, 1, generator())
    with pytest.raises(ValueError, match=r"^draws=-1: "):
        log_growths("gaussian", 4, 1, -1, generator())


# Products.


def chain(seed, width, depth, weights="gaussian"):
    rng = generator(seed)
    return [draw_weights(weights, 1, width, width, rng)[0] for _ in range(depth)]


@given(seeds, st.integers(1, 8), st.integers(1, 40))
@settings(max_examples=25)
def test_all_singular_values_of_a_long_product_are_accurate(seed, width, depth):
    factors = chain(seed, width, depth)
    with mpmath.workdps(40 + 3 * depth):
        whole = mpmath.eye(width)
        for W in factors:
            whole = mpmath.matrix(W.tolist()) * whole
        exact = sorted(float(mpmath.log(s)) for s in mpmath.svd_r(whole, compute_uv=False))[::-1]
    found = product_spectra("gaussian", width, [depth], 1, generator(seed), graded=True)[depth][0]
    # cond(T) of the graded factor is moderate: 1000 leaves room for it.
    assert np.abs(found / 2 - exact).max() <= 1000 * depth * width * EPS


@given(seeds, st.integers(2, 30), st.integers(1, 30))
@settings(max_examples=30)
def test_the_logarithms_add_up_to_those_of_the_determinants(seed, width, depth):
    determinants = sum(np.linalg.slogdet(W)[1] for W in chain(seed, width, depth))
    found = product_spectra("gaussian", width, [depth], 1, generator(seed), graded=True)[depth]
    size = 1000 * depth * width**2 * EPS * max(1.0, abs(determinants))
    assert abs(found.sum() / 2 - determinants) <= size


@given(st.sampled_from(["gaussian", "uniform"]), seeds, st.integers(2, 16), st.integers(2, 12))
@settings(max_examples=30)
def test_multiplied_out_only_the_small_ones_are_lost(weights, seed, width, depth):
    plain, graded = (
        product_spectra(weights, width, [1, depth], 3, generator(seed), graded=g)
        for g in (False, True)
    )
    for at in (1, depth):
        s, exact = np.exp(plain[at] / 2), np.exp(graded[at] / 2)
        floor = resolved_above(width, at) * exact[:, :1]
        assert np.all(np.abs(s - exact) <= 2 * floor)
        assert np.all(np.isfinite(plain[at]) | (exact <= 2 * floor))


def test_a_singular_factor_makes_a_singular_product():
    first = np.diag([2.0, 1.0, 0.0])
    product = GradedProduct(first)
    product.multiply(np.eye(3))
    assert np.abs(product.log_singular_values()[:2] - [np.log(2), 0]).max() <= 10 * EPS
    assert product.log_singular_values()[2] == -np.inf
    assert np.all(GradedProduct(np.zeros((2, 2))).log_singular_values() == -np.inf)


def test_beyond_the_range_of_a_float_the_large_ones_stay():
    product = GradedProduct(np.diag([1.0, 1e-3]))
    for _ in range(199):
        product.multiply(np.diag([1.0, 1e-3]))
    first, second = product.log_singular_values()
    assert abs(first) <= 200 * EPS
    assert second == -np.inf  # 1e-600 of the largest


@given(seeds, st.integers(1, 12), st.integers(1, 8))
@settings(max_examples=30)
def test_the_growth_of_a_vector_is_that_through_the_product(seed, width, depth):
    found = log_growths("gaussian", width, depth, 1, generator(seed))
    rng = generator(seed)
    x = rng.standard_normal(width)
    x /= np.linalg.norm(x)
    for _ in range(depth):
        x = draw_weights("gaussian", 1, width, width, rng)[0] @ x
    # An output that nearly cancels is known to eps over its size.
    size = 10 * depth * width * EPS * max(1.0, 1 / np.linalg.norm(x))
    assert abs(found[0] - 2 * np.log(np.linalg.norm(x))) <= size


@given(seeds)
@settings(max_examples=10)
def test_the_trace_is_the_squared_frobenius_norm(seed):
    factors = chain(seed, 7, 3)
    J = factors[2] @ factors[1] @ factors[0]
    logs = product_spectra("gaussian", 7, [3], 1, generator(seed))[3]
    assert np.exp(log_moment(logs, 1)[0]) * 7 == pytest.approx(np.sum(J**2), rel=7 * 7 * 3 * EPS)
    fourth = np.sum((J @ J.T) ** 2) / 7
    spread = fourth / (np.sum(J**2) / 7) ** 2 - 1
    assert relative_variance(logs)[0] == pytest.approx(spread, rel=7 * 7 * 100 * EPS)


def test_products_of_one_draw_are_parts_of_one_chain(monkeypatch):
    one = product_spectra("gaussian", 5, [2, 4], 7, generator(0))
    assert np.array_equal(one[4], product_spectra("gaussian", 5, [4], 7, generator(0))[4])
    assert np.array_equal(one[2], product_spectra("gaussian", 5, [4, 2, 2], 7, generator(0))[2])
    assert one[2].shape == (7, 5)
    monkeypatch.setattr(random_products, "BATCH", 2 * 25)  # two draws at once
    assert product_spectra("gaussian", 5, [2], 7, generator(0))[2].shape == (7, 5)


@given(seeds, st.integers(1, 20), st.integers(1, 12))
@settings(max_examples=25)
def test_orthogonal_products_have_equal_singular_values(seed, width, depth):
    found = orthogonal_products(width, [1, depth], 2, generator(seed))
    for at in (1, depth):
        assert found[at].sizes.shape == (2, width)
        assert np.abs(found[at].sizes - 1).max() <= found[at].bound
        assert found[at].bound <= 10 * at * (3 + width**2) * EPS + 30 * at * width**2.5 * EPS


def test_a_planted_factor_is_not_explained_by_rounding(monkeypatch):
    def slightly(*given_):
        return (1 + 1e-9) * draw_weights(*given_)

    monkeypatch.setattr(random_products, "draw_weights", slightly)
    monkeypatch.setattr(random_products, "_defect", lambda W, arrays: 0.0)
    found = orthogonal_products(8, [3], 2, generator())[3]
    assert np.abs(found.sizes - 1).max() > found.bound


def test_orthonormal_columns_have_the_directions_of_gram_and_schmidt():
    tall = generator(6).standard_normal((5, 3))
    first = orthonormal_columns(tall)[:, 0]
    assert np.abs(first - tall[:, 0] / np.linalg.norm(tall[:, 0])).max() <= 50 * EPS
    assert random_weights.orthonormal_columns(np.zeros((2, 1))).shape == (2, 1)


# Spreads and readings.


@given(st.integers(1, 100), st.integers(1, 30))
def test_the_spreads_are_those_of_a_product_of_chi_squared_variables(width, depth):
    found = length_spreads(width, depth)
    moments = [1.0]
    for k in range(4):
        moments.append(moments[-1] * (1 + 2 * k / width))
    m1, m2, m3, m4 = (m**depth for m in moments[1:])
    size = 100 * depth * EPS
    assert found.length == pytest.approx(m2 - m1, rel=size * m2 / (m2 - m1))
    fourth = m4 - 4 * m3 + 6 * m2 - 3
    assert found.square == pytest.approx(fourth - (m2 - 1) ** 2, rel=size * m4 / fourth * 100)
    trigamma = float(mpmath.psi(1, mpmath.mpf(width) / 2))
    assert found.log == pytest.approx(depth * trigamma, rel=100 * EPS)


def test_spreads_beyond_the_range_of_a_float_are_infinite():
    assert length_spreads(2, 10_000).square == np.inf
    assert length_spreads(2, 10_000).log < np.inf


@given(seeds, st.integers(1, 30), st.floats(-3, 3))
def test_a_fraction_above_is_a_count_made_continuous(seed, count, threshold):
    logs = np.sort(generator(seed).standard_normal((2, count)))[:, ::-1]
    found = fractions_above(logs, [threshold])[:, 0]
    exact = np.mean(logs > threshold, axis=-1)
    assert np.all(np.abs(found - exact) <= 1 / count)
    at = fractions_above(logs, logs[0])[0]
    assert np.abs(at - (np.arange(count) + 0.5) / count).max() <= 4 * EPS


def test_readings_of_zeros_and_of_huge_values():
    logs = np.array([[1000.0, 998.0, -np.inf], [-np.inf] * 3])
    expected = 1000 + np.log((1 + np.exp(-2)) / 3)
    assert log_moment(logs, 1)[0] == pytest.approx(expected, rel=4 * EPS)
    assert log_moment(logs, 1)[1] == -np.inf
    assert fractions_above(logs[:1], [999.0, 0.0])[0] == pytest.approx([1 / 3, 2 / 3], abs=0.17)
    assert histogram(logs, [997, 999, 1001]).tolist() == [1, 1]
