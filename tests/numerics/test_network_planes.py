"""Planes of digits multiply exactly, up to the largest digits, and lose only what is dropped."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics import network_planes
from lemmata.numerics.network_data import read_training
from lemmata.numerics.network_digits import DigitEngine
from lemmata.numerics.network_packed import folded, multiplier
from lemmata.numerics.network_planes import (
    Left,
    PlaneFormat,
    Right,
    choose_format,
    multiply,
    require_exact_products,
)

seeds = st.integers(0, 10**9)
formats = st.builds(
    choose_format, st.integers(20, 400), st.sampled_from([8, 100, 3000, 10**5]), st.integers(0, 60)
)


def value(form: PlaneFormat, digits: np.ndarray) -> Fraction:
    """What a column of digits stands for."""
    weights = [Fraction(2) ** (form.beta * (form.integer - d)) for d in range(len(digits))]
    return sum((int(x) * w for x, w in zip(digits, weights, strict=True)), Fraction(0))


def random_digits(
    rng: np.random.Generator, form: PlaneFormat, planes: int, *shape: int
) -> np.ndarray:
    """Digits of which many are as large as they may be."""
    top = form.largest
    return rng.choice([-top, top, top - 1, 0, 1], size=(planes, *shape)).astype(float)


@settings(max_examples=60)
@given(formats, seeds)
def test_integers_are_split_and_joined_without_loss(form: PlaneFormat, seed: int) -> None:
    rng = random.Random(seed)
    size = form.beta * form.planes - 2
    numbers = [rng.choice([-1, 1]) * rng.getrandbits(rng.randint(1, size)) for _ in range(9)]
    digits = form.split(numbers)
    assert form.join(digits) == numbers
    assert np.max(np.abs(digits[1:])) <= form.largest
    unit = Fraction(1, 2**form.fraction_bits)
    assert [value(form, column) for column in digits.T] == [x * unit for x in numbers]


@settings(max_examples=60)
@given(formats, seeds)
def test_carries_keep_the_value_and_bound_the_digits(form: PlaneFormat, seed: int) -> None:
    sums = np.random.default_rng(seed).integers(-(2**52), 2**52, (form.planes, 4)).astype(float)
    before = [value(form, column) for column in sums[1:].T]
    sums[0] = 0
    carried = sums.copy()
    form.carry(carried)
    assert np.max(np.abs(carried[1:])) <= form.largest
    for old, column in zip(before, carried.T, strict=True):
        shift = Fraction(2) ** -form.beta
        assert value(form, column) == old * shift


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(20, 200), seeds)
def test_products_of_the_largest_digits_are_exact(
    rows: int, inner: int, columns: int, bits: int, seed: int
) -> None:
    """All pairs of digits that are asked for, against unbounded integers."""
    rng, orders = np.random.default_rng(seed), 6
    form = choose_format(bits, inner * orders, 30)
    left, right = Left(form, orders, rows, inner), Right(form, orders, inner, columns)
    planes = int(rng.integers(1, form.planes + 1))
    a = [random_digits(rng, form, planes, rows, inner) for _ in range(orders)]
    b = [random_digits(rng, form, planes, inner, columns) for _ in range(orders)]
    for k in range(orders):
        left.put(k, a[k])
        right.put(k, b[k])
    k = int(rng.integers(0, orders))
    out = np.empty((planes, rows, columns))
    for _ in range(2):  # the memory is used again
        multiply(left, right, k, planes, out)
    exact = np.zeros((planes, rows, columns), dtype=object)
    for i in range(k + 1):
        for d in range(planes):
            for e in range(planes - d):
                first, second = a[i][d].astype(int), b[k - i][e].astype(int)
                exact[d + e] += first.astype(object) @ second.astype(object)
    assert max(abs(int(x)) for x in exact.ravel()) <= 2**52
    assert [int(x) for x in out.ravel()] == list(exact.ravel())


@settings(max_examples=40)
@given(st.integers(30, 200), st.integers(0, 60), seeds)
def test_multiples_are_exact_up_to_dropped_pairs(bits: int, magnitude: int, seed: int) -> None:
    rng = random.Random(seed)
    form = choose_format(bits, 100, magnitude)
    factor = rng.getrandbits(form.fraction_bits)  # below one
    number = rng.getrandbits(form.beta * form.planes - 2) * rng.choice([-1, 1])
    matrix = multiplier(form, [factor])[0]
    product = folded(form, matrix @ form.split([number]))
    unit = Fraction(1, 2**form.fraction_bits)
    pairs = 2 * form.planes * form.largest**2
    allowed = pairs * Fraction(2) ** (form.beta * (form.integer - form.planes)) * Fraction(11, 10)
    assert abs(value(form, product[:, 0]) - factor * number * unit**2) <= allowed


def test_a_blas_that_rounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    require_exact_products.cache_clear()
    require_exact_products()
    exact = np.array_equal

    def rounded(a: Any, b: Any) -> bool:
        return exact(a + (a % 2), b)

    monkeypatch.setattr(network_planes.np, "array_equal", rounded)
    require_exact_products.cache_clear()
    with pytest.raises(ArithmeticError, match="BLAS rounds"):
        DigitEngine(read_training([[[1]]], [[1]], None, 1), 60, 8)
    require_exact_products.cache_clear()


def test_sums_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="terms: sums of"):
        choose_format(100, 10**13, 1)
