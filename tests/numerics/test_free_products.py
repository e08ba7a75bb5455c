"""Spectra of free products against laws that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from lemmata.numerics import free_products
from lemmata.numerics.free_products import SOLVED, STEP, free_product_spectrum
from lemmata.numerics.random_weights import draw_weights

EPS = float(np.finfo(float).eps)


def unsolved(found):
    """What Newton's method and rounding leave of a tail, by the density of an unknown |u| < 1.

    At an edge u is a square root of the distance, that is of the last angle and more: what is off
    by d moves u by d/sqrt(angle). Rounding is that of some 32 terms, and the error that is left of
    a last step of SOLVED is its square over the distance of the branch point.
    """
    angle = free_products.ANGLES[-1]
    off = (32 * EPS + SOLVED**2 / angle) / angle**0.5
    return off * (found.logs[-1] - found.logs[0])


def ones(layers):
    return np.ones((layers, 1)), np.ones((layers, 1))


def binary(layers, p):
    return np.tile([0.0, 1.0], (layers, 1)), np.tile([1 - p, p], (layers, 1))


def test_one_gaussian_layer_has_the_law_of_marchenko_and_pastur():
    found = free_product_spectrum(*ones(1), True, -8.0, 2.5)
    squares = np.exp(found.logs)
    inside = squares < 3.9
    density = np.sqrt((4 - squares[inside]) * squares[inside]) / (2 * np.pi)
    # Smoothed by the last angle; the density of ln lambda has slopes below 1 there.
    assert np.abs(found.density[inside] - density).max() <= 2 * free_products.ANGLES[-1]
    phi = np.arcsin(np.minimum(1.0, np.sqrt(squares / 4)))
    tail = 1 - (2 * phi + np.sin(2 * phi)) / np.pi
    assert np.all(np.abs(found.tail - tail) <= found.error + unsolved(found))
    assert found.error.max() < 0.005
    wrong = np.abs(found.tail - tail - 0.01)
    assert np.any(wrong > found.error)


@pytest.mark.parametrize(
    ("depth", "fraction"), [(1, 0.39100), (2, 0.31418), (3, 0.26935), (10, 0.15089)]
)
def test_products_of_gaussian_layers_amplify_the_known_fraction(depth, fraction):
    found = free_product_spectrum(*ones(depth), True, -3.0, np.log(3 * (depth + 1)) + 0.5)
    doubt = np.interp(0.0, found.logs, found.error)
    # Between two points the tail is linear but for density' STEP^2 / 8; five digits are known.
    doubt = doubt + 0.5e-5 + STEP**2 / 8
    assert abs(np.interp(0.0, found.logs, found.tail) - fraction) <= doubt


def test_two_free_projections_have_the_arcsine_law_and_its_singular_end_is_owned_to():
    found = free_product_spectrum(*binary(2, 0.5), False, -6.0, 0.5)
    squares = np.minimum(1.0, np.exp(found.logs))
    tail = (1 - 2 / np.pi * np.arcsin(np.sqrt(squares))) / 2
    assert np.all(np.abs(found.tail - tail) <= found.error + unsolved(found))
    assert found.error.max() > 0.1  # the density is (1 - lambda)^(-1/2) at 1
    regular = free_product_spectrum(*binary(4, 0.5), False, -25.0, 0.5)
    # Half is at 0. With S = ((1 + u)/(u + 1/2))^4 lambda = (u + 1/2)^4/(u (1 + u)^3): near 0
    # u = -1/2 + w (1 + O(w)) with w^4 = -lambda/16, and 4 Im w/pi lies below lambda.
    w = (np.exp(regular.logs[0]) / 16) ** (1 / 4)
    below = 4 / np.pi * w * np.sin(np.pi / 4)
    doubt = regular.error[0] + 2 * w * below
    assert regular.tail[0] + below == pytest.approx(0.5, abs=doubt)
    assert regular.error.max() < 0.005


def uniform(layers, low=0.3):
    nodes, weights = np.polynomial.legendre.leggauss(30)
    points = low + (1 - low) * (nodes + 1) / 2
    return np.tile(points, (layers, 1)), np.tile(weights / 2, (layers, 1))


def test_layers_commute_and_scales_factor_out():
    points, chances = uniform(3)
    points = points * np.array([[1.0], [0.8], [0.5]])
    one = free_product_spectrum(points, chances, True, -3.0, 3.0)
    other = free_product_spectrum(points[::-1], chances, True, -3.0, 3.0)
    assert np.abs(one.tail - other.tail).max() <= 2 * unsolved(one)
    shift = 3 * np.log(2)
    scaled = free_product_spectrum(2 * points, chances, True, -3.0 + shift, 3.0 + shift)
    assert np.abs(one.tail - scaled.tail).max() <= 2 * unsolved(one)
    assert np.all(np.diff(one.tail) <= 0)


@pytest.mark.parametrize("kind", ["gaussian", "orthogonal"])
def test_wide_matrices_have_that_spectrum(kind):
    rng = np.random.default_rng(0)
    squares = 0.3 + 0.7 * (np.arange(300) + 0.5) / 300
    J = np.eye(300)
    for _ in range(3):
        J = draw_weights(kind, 1, 300, 300, rng)[0] @ (np.sqrt(squares)[:, None] * J)
    logs = 2 * np.log(np.linalg.svd(J, compute_uv=False))
    found = free_product_spectrum(*uniform(3), kind == "gaussian", -6.0, 3.0)
    at = np.quantile(logs, [0.3, 0.5, 0.7, 0.9])
    counted = np.mean(logs[:, None] > at, axis=0)
    # Eigenvalues repel: counts scatter by about 1, and a finite width shifts them by as much.
    gap = np.abs(np.interp(at, found.logs, found.tail) - counted)
    assert np.all(gap <= 8 / 300 + np.interp(at, found.logs, found.error))
    other = free_product_spectrum(*uniform(3), kind != "gaussian", -6.0, 3.0)
    assert np.max(np.abs(np.interp(at, other.logs, other.tail) - counted)) > 0.1


@pytest.mark.parametrize(
    ("points", "weights", "low", "words"),
    [
        ([[1.0]], [[1.0, 1.0]], -1.0, "points (1, 1), weights (1, 2): give two of shape"),
        ([1.0], [1.0], -1.0, "points (1,), weights (1,): give two of shape"),
        ([[0.0]], [[1.0]], -1.0, "points: a layer has the mean 0"),
        ([[1.0]], [[1.0]], 5.0, "low=5.0, high=1.0: give an interval"),
    ],
)
def test_what_is_refused(points, weights, low, words):
    with pytest.raises(ValueError) as error:
        free_product_spectrum(points, weights, True, low, 1.0)
    assert str(error.value).startswith(words)


def test_where_nothing_is_found_it_says_so(monkeypatch):
    monkeypatch.setattr(free_products, "MOST_STEPS", 0)
    with pytest.raises(FloatingPointError, match="the spectrum is not found at ln lambda"):
        free_product_spectrum(*ones(1), True, -1.0, 2.0)
