"""Rises and falls of sums of curves, against a plain scan in double precision."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lemmata.numerics.excursions import find_excursions, largest


def plain(outputs):
    """Largest ``min(M - f(0), M - f(t))``, one output after the other."""
    heights = np.zeros(outputs.shape[1:])
    for place in np.ndindex(heights.shape):
        highest = outputs[(0, *place)]
        for value in outputs[(slice(None), *place)]:
            highest = max(highest, value)
            height = min(highest - outputs[(0, *place)], highest - value)
            heights[place] = max(heights[place], height)
    return heights


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 8), st.sampled_from([0.5, 1e-4]))
@example(0, 1, 1, 1e-4)
def test_heights_are_within_the_error_that_is_told(seed, properties, items, accuracy):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(properties, items))
    u, s, vt = np.linalg.svd(values, full_matrices=False)
    times = np.geomspace(0.01, 30, 60)
    ratios = 1 / (1 + np.outer(1e3 * s, np.ones(60)) * np.exp(-2 * np.outer(s, times)))
    found = find_excursions(u, s, vt.T, ratios, accuracy)
    outputs = np.einsum("ma,at,ai->tmi", u * s, ratios, vt)
    # The bound that is told is what is tested: half the accuracy for the shapes left out, and the
    # rounding derived in find_excursions, which for 8 modes is below 1e-4 of the largest output.
    assert accuracy / 2 <= found.error <= accuracy / 2 + 1e-4 * np.linalg.norm(values)
    np.testing.assert_allclose(found.up, plain(outputs), rtol=0, atol=found.error)
    np.testing.assert_allclose(found.down, plain(-outputs), rtol=0, atol=found.error)


def test_blocks_make_no_difference(monkeypatch):
    rng = np.random.default_rng(0)
    u, s, vt = np.linalg.svd(rng.normal(size=(50, 7)), full_matrices=False)
    ratios = 1 / (1 + np.exp(-2 * np.outer(s, np.linspace(-3, 3, 40))))
    whole = find_excursions(u, s, vt.T, ratios, 1e-3)
    monkeypatch.setattr("lemmata.numerics.excursions.BLOCK", 1)
    parts = find_excursions(u, s, vt.T, ratios, 1e-3)
    # Both take the same shapes, so that each is off by no more than its own rounding: the error
    # that is told, less half the accuracy for the shapes left out.
    rounding = 2 * (whole.error - 1e-3 / 2)
    np.testing.assert_allclose(whole.up, parts.up, rtol=0, atol=rounding)
    np.testing.assert_allclose(whole.down, parts.down, rtol=0, atol=rounding)
    assert np.max(whole.up) > 0.05


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
    st.integers(0, 15),
)
def test_the_largest_come_first_and_ties_in_the_order_of_the_table(values, count):
    heights = np.array(values, dtype=np.float32)[None, :]
    found = largest(heights, count)
    expected = sorted((i for i, x in enumerate(values) if x > 0), key=lambda i: (-values[i], i))
    chosen = [values[i] for _, i in found]
    assert chosen == [values[i] for i in expected[:count]]
    assert len(set(found)) == len(found)
    assert [m for m, _ in found] == [0] * len(found)
    for (_, one), (_, other) in pairwise(found):
        assert values[one] > values[other] or one < other


def test_nothing_is_chosen_from_nothing():
    assert largest(np.zeros((2, 3), np.float32), 4) == []
    assert largest(np.ones((2, 3), np.float32), 0) == []
    assert len(largest(np.ones((2, 3), np.float32), 4)) == 4


@pytest.mark.parametrize("sign", [1, -1])
def test_a_dip_inside_a_rise_is_found(sign):
    """0 to 1, down to 0.4, and up to 2 again: a height of 0.6 that no final value shows."""
    ratios = np.array([[0, 1, 0.4, 2]])
    found = find_excursions(np.ones((1, 1)), np.array([float(sign)]), np.ones((1, 1)), ratios, 1e-3)
    heights = (found.up, found.down)[::sign]
    assert heights[0][0, 0] == pytest.approx(0.6, abs=1e-6)
    assert heights[1][0, 0] == 0
