"""Modes and their strengths: what the decomposition fixes, and what it leaves arbitrary."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.modes import (
    InputOutputModes,
    conserved_matrices,
    decoupled_start,
    haar_orthogonal,
    input_output_modes,
    mode_strengths,
    multiplets,
    small_random_start,
    subspace_strengths,
)
from lemmata.numerics.networks import end_to_end
from lemmata.numerics.statistics import hoeffding_radius
from scipy.stats import chi2

EPS = float(np.finfo(np.float64).eps)
FALSE_ALARM = 1e-9
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)
quick = settings(max_examples=40, deadline=None)


def rounding(matrix, products=1):
    """Backward error of a decomposition or of ``products`` products of matrices this large."""
    return 8 * products * sum(matrix.shape[-2:]) * EPS * np.linalg.norm(matrix)


@quick
@given(seeds, sizes, sizes)
def test_modes_rebuild_the_correlations(seed, outputs, inputs):
    matrix = np.random.default_rng(seed).normal(size=(outputs, inputs))
    modes = input_output_modes(matrix)
    assert np.linalg.norm((modes.u * modes.s) @ modes.v.T - matrix) <= rounding(matrix)
    assert np.all(np.diff(modes.s) <= 0)
    peaks = np.abs(modes.v).argmax(axis=0)
    assert np.all(modes.v[peaks, np.arange(len(modes.s))] > 0)


@quick
@given(seeds, sizes, sizes)
def test_the_sign_convention_gives_a_matrix_and_its_negative_the_same_analyzers(seed, m, n):
    matrix = np.random.default_rng(seed).normal(size=(m, n))
    modes, negative = input_output_modes(matrix), input_output_modes(-matrix)
    gap = np.min(np.abs(np.diff(modes.s, append=0.0)))
    bound = 2 * rounding(matrix) / gap
    assert np.linalg.norm(modes.v - negative.v) <= bound
    assert np.linalg.norm(modes.u + negative.u) <= bound


@quick
@given(seeds, sizes, sizes)
def test_strengths_of_the_correlations_are_the_singular_values(seed, outputs, inputs):
    matrix = np.random.default_rng(seed).normal(size=(outputs, inputs))
    modes = input_output_modes(matrix)
    stack = np.stack([matrix, -2 * matrix])
    measured = mode_strengths(stack, modes)
    assert measured.shape == (2, len(modes.s))
    assert np.abs(measured - [modes.s, -2 * modes.s]).max() <= rounding(stack[1], 2)


@quick
@given(seeds, st.permutations([3.0, 3.0, 3.0, 2.0, 1.0, 1.0, 0.0]))
def test_multiplets_are_measured_by_their_subspace(seed, spectrum):
    rng = np.random.default_rng(seed)
    left, right = haar_orthogonal(7, rng), haar_orthogonal(7, rng)
    modes = input_output_modes(left * np.array(spectrum) @ right)
    groups = multiplets(modes)
    assert [len(group) for group in groups] == [3, 1, 2]
    turned_u, turned_v = modes.u.copy(), modes.v.copy()
    for group in groups:
        turn = haar_orthogonal(len(group), rng)
        turned_u[:, group], turned_v[:, group] = modes.u[:, group] @ turn, modes.v[:, group] @ turn
    turned = InputOutputModes(turned_u, modes.s, turned_v)
    W_tot = rng.normal(size=(2, 7, 7))
    before, after = subspace_strengths(W_tot, modes), subspace_strengths(W_tot, turned)
    assert np.abs(before - after).max() <= rounding(W_tot, 4)
    vectors = np.abs(mode_strengths(W_tot, modes) - mode_strengths(W_tot, turned)).max()
    assert vectors > 1e6 * rounding(W_tot, 4)


def test_no_correlation_has_no_multiplet():
    modes = input_output_modes(np.zeros((2, 3)))
    assert multiplets(modes) == []
    assert subspace_strengths(np.ones((5, 2, 3)), modes).shape == (5, 0)


@quick
@given(seeds, sizes, sizes, st.integers(0, 3), st.integers(1, 3))
def test_a_decoupled_start_is_balanced_and_has_the_strengths(seed, outputs, inputs, extra, layers):
    rng = np.random.default_rng(seed)
    modes = input_output_modes(rng.normal(size=(outputs, inputs)))
    strengths = rng.uniform(0.1, 2, size=(3, len(modes.s)))
    hidden = [len(modes.s) + extra] * layers
    weights = decoupled_start(modes, strengths, hidden, rng)
    W_tot = end_to_end(weights)
    expected = (modes.u * strengths[:, None, :]) @ modes.v.T
    bound = rounding(expected, 4 * (layers + 1))
    assert np.linalg.norm(W_tot - expected) <= bound
    for C in conserved_matrices(weights):
        assert np.linalg.norm(C) <= rounding(C, 1) + 8 * sum(C.shape) * EPS * 3 * 2 * len(modes.s)


def test_a_narrow_hidden_layer_carries_the_modes_it_has_room_for():
    rng = np.random.default_rng(3)
    modes = input_output_modes(rng.normal(size=(4, 5)))
    weights = decoupled_start(modes, [0.1, 0.0, 0.2, 0.0], 2, rng)
    assert [w.shape for w in weights] == [(2, 5), (4, 2)]
    measured = mode_strengths(end_to_end(weights), modes)
    assert np.abs(measured - [0.1, 0.0, 0.2, 0.0]).max() <= rounding(np.eye(5), 4)
    with pytest.raises(ValueError, match="hidden=1: 2 nonzero strengths"):
        decoupled_start(modes, [0.1, 0.0, 0.2, 0.0], 1, rng)


@quick
@given(seeds, st.integers(1, 8))
def test_haar_matrices_are_orthogonal(seed, n):
    frames = haar_orthogonal(n, np.random.default_rng(seed), batch=3)
    assert np.linalg.norm(frames @ frames.mT - np.eye(n)) <= rounding(np.eye(n), 3)


def test_haar_matrices_have_the_moments_of_the_haar_measure():
    trials, n = 20_000, 3
    frames = haar_orthogonal(n, np.random.default_rng(11), batch=trials)
    # Entries lie in [-1, 1]. Under the Haar measure their mean is 0 and the mean square 1/n; a QR
    # without the signs has one sign on the diagonal, so its mean entry there is of order one.
    first = hoeffding_radius(FALSE_ALARM / 2, trials, 2.0, count=n * n)
    second = hoeffding_radius(FALSE_ALARM / 2, trials, 1.0, count=n * n)
    assert np.abs(frames.mean(axis=0)).max() <= first
    assert np.abs((frames**2).mean(axis=0) - 1 / n).max() <= second
    unsigned = np.linalg.qr(np.random.default_rng(11).normal(size=(trials, n, n)))[0]
    assert np.abs(unsigned.mean(axis=0)).max() > first


def test_a_small_random_start_has_the_scale_asked_for():
    weights = small_random_start((40, 30, 20), 0.01, np.random.default_rng(5), batch=2)
    assert [w.shape for w in weights] == [(2, 30, 40), (2, 20, 30)]
    entries = np.concatenate([w.ravel() for w in weights]) / 0.01
    low, high = chi2.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], entries.size)
    assert low <= np.sum(entries**2) <= high


def test_the_same_generator_gives_the_same_start():
    first = small_random_start((3, 2), 1.0, np.random.default_rng(9))
    second = small_random_start((3, 2), 1.0, np.random.default_rng(9))
    assert np.array_equal(first[0], second[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: input_output_modes([1.0, 2.0]), r"Sigma31 has shape \(2,\)"),
        (lambda rng: input_output_modes([[math.inf]]), "Sigma31"),
        (lambda rng: haar_orthogonal(0, rng), "n=0"),
        (lambda rng: small_random_start((3,), 0.1, rng), r"sizes=\(3,\)"),
        (lambda rng: small_random_start((3, 0), 0.1, rng), r"sizes=\(3, 0\)"),
        (lambda rng: small_random_start((3, 2), 0.0, rng), "scale=0.0"),
        (lambda rng: decoupled_start(input_output_modes([[1.0]]), -1.0, 2, rng), "strengths=-1.0"),
        (lambda rng: decoupled_start(input_output_modes([[1.0]]), [1, 2], 2, rng), "strengths="),
        (lambda rng: decoupled_start(input_output_modes([[1.0]]), 1.0, [], rng), r"hidden=\[\]"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))
