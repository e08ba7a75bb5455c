"""Products of random layers against references that know no formula of the package.

Exact averages over Gaussian weights by Wick's theorem, one polynomial in all weights at a time, in
rational numbers; spectra from the polynomial equation of the resolvent, solved by mpmath.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from math import comb, prod
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.court import collect
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.inputs import InputError

Polynomial = dict[tuple[int, ...], Fraction]


def told(id: str, digits: int = 30, **inputs: Any) -> dict[str, Any]:
    """The outputs of ``evaluate``: fractions."""
    found = evaluate(collect()[id], {name: str(v) for name, v in inputs.items()}, digits)
    return {name: Fraction(output["value"]) for name, output in found["values"].items()}


# Polynomials in weights: monomials as exponents.


def times(one: Polynomial, other: Polynomial) -> Polynomial:
    found: Polynomial = {}
    for (a, c), (b, d) in product(one.items(), other.items()):
        key = tuple(i + j for i, j in zip(a, b, strict=True))
        found[key] = found.get(key, Fraction(0)) + c * d
    return found


def plus(terms: Iterable[Polynomial]) -> Polynomial:
    found: Polynomial = {}
    for term in terms:
        for key, c in term.items():
            found[key] = found.get(key, Fraction(0)) + c
    return found


def gaussian(power: int) -> int:
    """E z^power of a standard Gaussian number: the number of its pairings."""
    return 0 if power % 2 else prod(range(1, power, 2))


def average(polynomial: Polynomial, variances: list[Fraction]) -> Fraction:
    """E of a polynomial in independent Gaussian weights of these variances."""
    total = Fraction(0)
    for key, c in polynomial.items():
        if all(power % 2 == 0 for power in key):
            parts = zip(key, variances, strict=True)
            total += c * prod(gaussian(power) * v ** (power // 2) for power, v in parts)
    return total


class Layers:
    """All weights of layers of these widths as letters, n_0 the input."""

    def __init__(self, *widths: int) -> None:
        self.widths = widths
        self.places: dict[tuple[int, int, int], int] = {}
        for layer, (columns, rows) in enumerate(pairwise(widths), 1):
            for i, j in product(range(rows), range(columns)):
                self.places[layer, i, j] = len(self.places)
        self.none: Polynomial = {(0,) * len(self.places): Fraction(1)}

    def weight(self, layer: int, i: int, j: int) -> Polynomial:
        key = [0] * len(self.places)
        key[self.places[layer, i, j]] = 1
        return {tuple(key): Fraction(1)}

    def variances(self, by_layer: Any) -> list[Fraction]:
        return [Fraction(by_layer(layer)) for layer, _, _ in self.places]

    def output(self, vector: list[Fraction]) -> list[Polynomial]:
        """W_D ... W_1 x."""
        values = [{key: c * x for key, c in self.none.items()} for x in vector]
        for layer, rows in enumerate(self.widths[1:], 1):
            values = [
                plus(times(self.weight(layer, i, j), value) for j, value in enumerate(values))
                for i in range(rows)
            ]
        return values

    def squared_norm(self, vector: list[Fraction]) -> Polynomial:
        return plus(times(value, value) for value in self.output(vector))


def unit(size: int) -> list[Fraction]:
    """A rational vector of norm 1 with no zero, of size 1 to 4."""
    parts = {1: (1,), 2: (3, 4), 3: (1, 2, 2), 4: (1, 1, 1, 1)}[size]
    whole = {1: 1, 2: 5, 3: 3, 4: 2}[size]
    return [Fraction(part, whole) for part in parts]


@pytest.mark.parametrize(("width", "depth"), [(1, 1), (1, 3), (2, 1), (2, 2), (3, 1), (4, 1)])
def test_norm_by_wick(width: int, depth: int) -> None:
    layers = Layers(*[width] * (depth + 1))
    norm = layers.squared_norm(unit(width))
    variances = layers.variances(lambda _: Fraction(1, width))
    mean = average(norm, variances)
    found = told("products.gaussian_norm", N=width, D=depth)
    assert (found["mean"], found["variance"]) == (mean, average(times(norm, norm), variances) - 1)


@pytest.mark.parametrize("widths", [(2, 1), (1, 3), (3, 1, 2), (2, 2, 1), (1, 2, 3)])
def test_norm_behind_layers_of_different_widths_by_wick(widths: tuple[int, ...]) -> None:
    layers = Layers(*widths)
    norm = layers.squared_norm(unit(widths[0]))
    fan_out = layers.variances(lambda layer: Fraction(1, widths[layer]))
    assert average(norm, fan_out) == 1
    listed = ",".join(map(str, widths[1:]))
    found = told("products.gaussian_norm.widths", n=f"[{listed}]")
    assert found["variance"] == average(times(norm, norm), fan_out) - 1
    glorot = layers.variances(lambda layer: Fraction(2, widths[layer - 1] + widths[layer]))
    listed = ",".join(map(str, widths))
    found = told("products.gaussian_norm.glorot", n=f"[{listed}]")
    assert found["mean"] == average(norm, glorot)


def test_the_fluctuation_of_weights_of_one_size_depends_on_the_direction() -> None:
    """All signs of a layer of 2 by 2 weights +-1/sqrt 2, visited: kappa = -2."""
    for vector in ([Fraction(1), Fraction(0)], unit(2)):
        squares = []
        for a, b, c, d in product((1, -1), repeat=4):
            x, y = vector
            squares.append(((a * x + b * y) ** 2 + (c * x + d * y) ** 2) / 2)
        mean = sum(squares) / len(squares)
        variance = sum(s * s for s in squares) / len(squares) - mean**2
        fourth = sum(x**4 for x in vector)
        assert mean == 1
        assert variance == told("products.gaussian_norm", N=2, D=1)["variance"] - fourth
        # n kappa q_4/n^2 with n = 2, kappa = -2


@pytest.mark.parametrize(("width", "depth"), [(1, 1), (1, 2), (2, 1), (3, 1), (2, 2)])
def test_second_moment_of_the_spectrum_by_wick(width: int, depth: int) -> None:
    layers = Layers(*[width] * (depth + 1))
    columns = [layers.output([Fraction(int(i == j)) for i in range(width)]) for j in range(width)]
    gram = [
        [plus(times(a, b) for a, b in zip(one, other, strict=True)) for other in columns]
        for one in columns
    ]
    square = plus(times(entry, entry) for row in gram for entry in row)
    exact = average(square, layers.variances(lambda _: Fraction(1, width))) / width
    assert told("products.fuss_catalan.second_moment", N=width, D=depth)["moment"] == exact


@pytest.mark.parametrize("width", [1, 2, 3, 10, 1000])
@pytest.mark.parametrize("depth", [1, 7, 100])
def test_logarithm_and_root_of_the_norm_by_quadrature(width: int, depth: int) -> None:
    """Averages over the density of a chi square, by mpmath; layers multiply."""
    with mp.workdps(25):
        half = mp.mpf(width) / 2
        # r = e^s: a smooth integrand that decays at both ends.
        spread = 40 / mp.sqrt(half) + 60 / half
        places = mp.linspace(-spread, min(spread, 8), 13)

        def mean(what: Any) -> Any:
            def weight(s: Any) -> Any:
                return mp.exp(half * (s - mp.expm1(s)))

            # The quotient, and how far off the quadratures say that it may be.
            (top, top_off), (whole, whole_off) = (
                mp.quad(f, places, error=True) for f in (lambda s: what(s) * weight(s), weight)
            )
            rounding = 10 * mp.eps * mp.quad(lambda s: abs(what(s)) * weight(s), places)
            return top / whole, (top_off + abs(top / whole) * whole_off + rounding) / whole

        one, off = mean(lambda s: s)
        found = told("products.gaussian_norm", N=width, D=depth)["log_mean"]
        assert abs(mp.mpf(found.numerator) / found.denominator - depth * one) <= depth * off
        assert found < 0
        one, off = mean(lambda s: mp.exp(s / 2))
        found = told("products.gaussian_norm.root_mean", N=width, D=depth)["norm"]
        relative = abs(mp.mpf(found.numerator) / found.denominator / one**depth - 1)
        assert relative <= 2 * depth * off / one


def test_the_typical_norm_of_sampled_networks() -> None:
    """By Chebyshev's inequality a right law is refused once in 400 at most, whatever the seed."""
    width, depth, count, rare = 6, 5, 40_000, 400
    rng = np.random.default_rng(7)
    values = np.zeros((count, width))
    values[:, 0] = 1
    for _ in range(depth):
        weights = rng.standard_normal((count, width, width)) / np.sqrt(width)
        values = np.einsum("nij,nj->ni", weights, values)
    squares = (values**2).sum(axis=1)
    found = told("products.gaussian_norm", N=width, D=depth)
    assert abs(squares.mean() - 1) < np.sqrt(float(found["variance"]) / count * rare)
    # The variance of ln R is D psi'(N/2).
    spread = depth * float(mp.psi(1, mp.mpf(width) / 2))
    assert abs(np.log(squares).mean() - float(found["log_mean"])) < np.sqrt(spread / count * rare)


# The law of infinite width.


@cache
def series(depth: int, order: int) -> list[Fraction]:
    """m_0, ..., m_order: B = 1 + y B^(D + 1) in powers of y = 1/z, term by term."""
    found = [Fraction(1)]
    for k in range(1, order + 1):
        power = [Fraction(1), *[Fraction(0)] * (k - 1)]
        for _ in range(depth + 1):
            power = [
                sum((power[i] * found[j - i] for i in range(j + 1)), start=Fraction(0))
                for j in range(k)
            ]
        found.append(power[k - 1])
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(0, 8))
def test_moments_from_the_series_of_the_resolvent(depth: int, order: int) -> None:
    assert told("products.fuss_catalan", D=depth, k=order)["moment"] == series(depth, order)[order]


def test_moments_of_one_layer_count_trees() -> None:
    """The noncrossing pairings that survive in the trace at infinite width: Catalan's numbers."""

    @cache
    def pairings(pairs: int) -> int:
        return 1 if pairs == 0 else sum(pairings(i) * pairings(pairs - 1 - i) for i in range(pairs))

    for k in range(12):
        assert told("products.fuss_catalan", D=1, k=k)["moment"] == pairings(k)


def test_large_moments_are_told_at_once() -> None:
    assert told("products.fuss_catalan", D=3, k=2000)["moment"] == Fraction(comb(8000, 2000), 6001)


def last_step() -> Any:
    """What the last step of Newton's method is below, and quadratically more what it leaves."""
    return mp.mpf(10) ** -(mp.mp.dps - 3)


def resolvent(depth: int, place: Any) -> Any:
    """B just above the cut, followed from far away, where it is 1, by Newton's method."""
    found, height = mp.mpc(1), 1000 * (depth + 1)
    while height > mp.mpf(10) ** -30:
        height = height / 4 if height > mp.mpf(10) ** -6 else mp.mpf(0)
        z = mp.mpc(place, height)
        for _ in range(60):
            value = found ** (depth + 1) - z * (found - 1)
            step = value / ((depth + 1) * found**depth - z)
            found -= step
            if abs(step) < last_step():
                break
    return found


def density(depth: int, place: Any) -> Any:
    return abs(mp.im(resolvent(depth, place))) / (mp.pi * place)


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_fraction_and_edge_by_quadrature(depth: int) -> None:
    with mp.workdps(15):
        edge = mp.mpf((depth + 1) ** (depth + 1)) / depth**depth
        known = told("products.fuss_catalan.edge", D=depth)["edge"]
        assert Fraction((depth + 1) ** (depth + 1), depth**depth) == known
        outside, inside = (resolvent(depth, edge * mp.mpf(k)) for k in ("1.001", "0.999"))
        assert abs(mp.im(outside)) < last_step()
        assert abs(mp.im(inside)) > 10**9 * last_step()

        def above(low: Any) -> Any:
            # lambda = low + (edge - low)(1 - u^2): the root at the edge becomes smooth.
            def part(u: Any) -> Any:
                return density(depth, edge - (edge - low) * u**2) * 2 * u * (edge - low)

            return mp.quad(part, [0, 1], error=True)

        found = told("products.amplified_fraction", D=depth)["fraction"]
        value, off = above(mp.mpf(1))
        # The density is off by the last step over pi lambda.
        off += last_step() * mp.log(edge) / mp.pi
        assert abs(mp.mpf(found.numerator) / found.denominator - value) < off


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 8), st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=40))
def test_angles_solve_the_equation_of_the_spectrum(depth: int, share: Fraction) -> None:
    angle = share * Fraction(22, 7) / (depth + 1) * Fraction(99, 100)
    found = told("products.fuss_catalan.density", D=depth, phi=angle)
    with mp.workdps(25):
        place = mp.mpf(found["lambda"].numerator) / found["lambda"].denominator
        wanted = mp.mpf(found["rho"].numerator) / found["rho"].denominator
        assert abs(density(depth, place) - wanted) < last_step() / (mp.pi * place)
    # The share above falls by the density: a difference quotient of two nearby angles. Its error is
    # a third of what twice the step changes; numbers of 30 digits are rounded.
    slopes = []
    for step in (Fraction(1, 10**8), Fraction(2, 10**8)):
        shares, places = (
            [told(id, D=depth, phi=angle + e)[name] for e in (-step, step)]
            for id, name in (
                ("products.amplified_fraction.tail", "fraction"),
                ("products.fuss_catalan.density", "lambda"),
            )
        )
        assert places[1] < places[0]
        slopes.append((shares[1] - shares[0]) / (places[1] - places[0]))
    rounding = (shares[0] + found["rho"] * places[0]) / (places[0] - places[1]) / 10**29
    assert abs(slopes[0] + found["rho"]) < abs(slopes[1] - slopes[0]) + rounding


@pytest.mark.parametrize(
    ("depth", "sheet"),
    [
        *((1, "0.39100"), (2, "0.31418"), (3, "0.26935"), (5, "0.21540"), (10, "0.15089")),
        *((30, "0.076878"), (100, "0.032661"), (1000, "0.0052010")),
    ],
)
def test_fractions_of_the_sheet(depth: int, sheet: str) -> None:
    found = told("products.amplified_fraction", D=depth)["fraction"]
    places = len(sheet) - 2
    assert abs(found - Fraction(sheet)) <= Fraction(1, 2 * 10**places)


def test_the_fraction_of_one_layer_is_exact() -> None:
    with mp.workdps(40):
        found = told("products.amplified_fraction", D=1)["fraction"]
        exact = mp.mpf(2) / 3 - mp.sqrt(3) / (2 * mp.pi)
        # Thirty digits are told.
        assert abs(mp.mpf(found.numerator) / found.denominator - exact) < mp.mpf(10) ** -30 * exact


def test_deeper_is_less() -> None:
    fractions = [
        told("products.amplified_fraction", 20, D=depth)["fraction"] for depth in range(1, 25)
    ]
    assert fractions == sorted(fractions, reverse=True)
    assert len(set(fractions)) == len(fractions)


def test_an_angle_beyond_the_spectrum_is_refused() -> None:
    with pytest.raises(InputError, match="outside the domain"):
        told("products.amplified_fraction.tail", D=2, phi="1.0472")


# Orthogonal layers.


def orthogonal(rng: np.random.Generator, rows: int, columns: int) -> Any:
    return np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))[0]


def test_singular_values_of_orthogonal_layers() -> None:
    """Householder's factors are orthogonal to a few unit round-offs times their size."""
    rng, gain, depth = np.random.default_rng(3), 1.1, 20
    product_ = np.eye(30)
    for _ in range(depth):
        product_ = gain * orthogonal(rng, 30, 30) @ product_
    found = float(told("products.orthogonal", D=depth, g="11/10")["singular_value"])
    values = np.linalg.svd(product_, compute_uv=False)
    assert np.abs(values / found - 1).max() < depth * 30 * 30 * 2.0**-53


@pytest.mark.parametrize(("depth", "gain"), [(3, "3/2"), (10**6, "1000001/1000000"), (10**12, "1")])
def test_gains_of_any_depth(depth: int, gain: str) -> None:
    found = told("products.orthogonal", D=depth, g=gain)["singular_value"]
    with mp.workdps(60):
        ratio = mp.mpf(Fraction(gain).numerator) / Fraction(gain).denominator
        exact = ratio**depth
        # Thirty digits are told.
        assert abs(mp.mpf(found.numerator) / found.denominator / exact - 1) < mp.mpf(10) ** -30


def test_a_contracting_layer_has_a_kernel() -> None:
    rng = np.random.default_rng(4)
    narrow = orthogonal(rng, 12, 5).T
    values = np.linalg.svd(orthogonal(rng, 20, 5) @ narrow, compute_uv=False)
    bound = 20 * 20 * 2.0**-53
    assert np.abs(values[:5] - 1).max() < bound
    assert values[5:].max() < bound
