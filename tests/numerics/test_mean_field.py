"""Lengths, chi and critical points against mpmath, closed forms and sampled networks."""

from __future__ import annotations

from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.codegen import UnknownFunctionError
from lemmata.numerics.fixed_lengths import FixedPointsUndecided, fixed_points
from lemmata.numerics.growth import NotBoundedError
from lemmata.numerics.mean_field import (
    activation,
    critical_point,
    jacobian_moments,
    length_map,
    slope_moment,
    susceptibility,
)
from lemmata.numerics.precision import exact_ball, working_precision
from sympy import Function, Symbol, exp, log, tanh

from .gaussian_references import BITS, DIGITS, average, enclosed, printed, promised

x = Symbol("x", real=True)


def number(ball):
    return float(ball.mid())


@pytest.mark.parametrize(
    ("gain", "q_star", "chi"),
    [
        ("1.05", "0.0532504912854997", "1.00287557808045"),
        ("1.1", "0.112749885865494", "1.01018936430279"),
        ("1.2", "0.249513040237953", "1.03350146653157"),
        ("1.5", "0.793354042606778", "1.13932322498549"),
        # The sheet prints 52 at the end of this chi: 53 is nearest, 30 digits are 521527....
        ("2", "2.12147356820318", "1.36267333752153"),
    ],
)
def test_tanh_at_the_gains_of_the_sheet(gain, q_star, chi):
    found = fixed_points("tanh", Fraction(gain), 0)
    assert found.zero
    (q,) = found.points
    assert promised(q)
    assert q.overlaps(printed(q_star))
    found = susceptibility("tanh", Fraction(gain), q)
    # d chi/dq = gain^2 E (sech^4)''/2 and |(sech^4)''| is at most 4.
    assert found.rad() <= 2 * exact_ball(Fraction(gain)) ** 2 * q.rad()
    assert found.overlaps(printed(chi))


@pytest.mark.parametrize("name", ["tanh", "erf", "relu", "hard_tanh"])
@pytest.mark.parametrize("q", [Fraction(1, 10), Fraction(3)])
def test_shipped_nonlinearities_against_mpmath(name, q):
    phi, slope = {
        "tanh": (mpmath.tanh, lambda h: mpmath.sech(h) ** 2),
        "erf": (
            lambda h: mpmath.erf(mpmath.sqrt(mpmath.pi) / 2 * h),
            lambda h: mpmath.exp(-mpmath.pi * h * h / 4),
        ),
        "relu": (lambda h: max(h, 0), lambda h: int(h > 0)),
        "hard_tanh": (lambda h: max(-1, min(1, h)), lambda h: int(abs(h) < 1)),
    }[name]
    with mpmath.workdps(DIGITS):
        c = mpmath.sqrt(mpmath.mpf(q.numerator) / q.denominator)
        kinks = {-1 / c, 1 / c} if name == "hard_tanh" else set()
    ends = [-mpmath.inf, -6, *sorted({*kinks, 0}), 6, mpmath.inf]
    square = average(lambda t: phi(c * t) ** 2, ends)
    slopes = average(lambda t: slope(c * t) ** 2, ends)
    point = critical_point(name, q)
    with working_precision(BITS):
        expected = [
            (length_map(name, 2, Fraction(1, 3), q), 4 * square + exact_ball(Fraction(1, 9))),
            (susceptibility(name, 2, q), 4 * slopes),
            (slope_moment(name, 2, q), average(lambda t: slope(c * t) ** 4, ends)),
            (point.sigma_w2, 1 / slopes),
            (point.sigma_b2, exact_ball(q) - square / slopes),
        ]
    for found, reference in expected:
        assert promised(found)
        assert found.overlaps(reference)
        assert promised(reference)


def test_error_function_and_hard_tanh_have_their_closed_forms():
    with mpmath.workdps(DIGITS):
        u = mpmath.pi / 2
        expected = [
            (length_map("erf", 1, 0, 1), 2 / mpmath.pi * mpmath.asin(u / (1 + u))),
            (slope_moment("erf", 3, 1), 1 / mpmath.sqrt(1 + 3 * mpmath.pi)),
            (slope_moment("hard_tanh", 1, 3), mpmath.erf(1 / mpmath.sqrt(6))),
        ]
    for found, closed in expected:
        assert promised(found)
        assert found.overlaps(enclosed(closed))


@given(st.fractions(Fraction(6, 5), 3), st.fractions(Fraction(1, 10), 2))
@settings(max_examples=4, deadline=None)
def test_fixed_points_are_fixed_and_chi_is_one_on_the_critical_line(gain, q):
    for bias in (0, Fraction(1, 5)):
        (star,) = fixed_points("tanh", gain, bias).points
        assert length_map("tanh", gain, bias, star).overlaps(star)
    point = critical_point("tanh", q, 30)
    assert point.sigma_b2 > 0
    slopes = slope_moment("tanh", 1, q, 30)
    assert promised(point.sigma_w2, 30)
    assert promised(slopes, 30)
    with working_precision(BITS):
        assert (point.sigma_w2 * slopes).contains(1)


@pytest.mark.parametrize("name", ["tanh", "erf", "hard_tanh"])
def test_up_to_the_gain_one_only_zero_is_fixed(name):
    found = fixed_points(name, Fraction(1, 2), 0)
    assert found.zero
    assert not found.points


def test_several_fixed_points_are_told_apart():
    """phi = 2 tanh^3: a flat start, then a rise; checked by signs of V(q) - q in float64."""
    found = fixed_points(2 * tanh(x) ** 3, 2, 0, largest=20)
    assert found.zero
    assert len(found.points) == 2
    t, w = np.polynomial.hermite_e.hermegauss(200)
    w = w / w.sum()

    def gap(q):
        return 4 * w @ (2 * np.tanh(np.sqrt(q) * t) ** 3) ** 2 - q

    for ball in found.points:
        q = number(ball)
        assert gap(q * 0.99) * gap(q * 1.01) < 0


def test_an_offset_lowers_chi_below_one():
    """phi(0) is not 0: without bias the fixed length may be stable in angle as well."""
    phi = 1 + tanh(x)
    (star,) = fixed_points(phi, 1, 0).points
    assert susceptibility(phi, 1, star) < 1
    for name in ("tanh", "erf", "hard_tanh"):
        (star,) = fixed_points(name, 2, 0).points
        assert susceptibility(name, 2, star) > 1


def test_moments_of_the_jacobian_from_any_start():
    """Against a recursion by sums on a grid of step h = 1/16, which err less than their rounding.

    Such a sum of f(z) npdf(z) errs by 2 M/(exp(2 pi a/h) - 1), with M the integral of |f npdf| on
    Im z = a (Trefethen and Weideman 2014). Here |tanh| <= 1 and |sech^4| <= 1/cos(0.8)^4 < 5 on
    a = 1, as lengths are below 0.64: the error is below 10^-41, and 10^-32 is left out beyond 12.
    """
    found = jacobian_moments("tanh", Fraction(11, 10), Fraction(1, 10), Fraction(1, 2), 12)
    layers, gain = len(found.lengths), Fraction(121, 100)
    assert layers == 12
    with mpmath.workdps(DIGITS):
        h = mpmath.mpf(1) / 16
        nodes = [(h * k, h * mpmath.npdf(h * k)) for k in range(-192, 193)]
        g2, q, product, spread = mpmath.mpf(121) / 100, mpmath.mpf(1) / 2, mpmath.mpf(1), 0
        lengths = []
        for _ in range(layers):
            lengths.append(q)
            squares = [(mpmath.tanh(mpmath.sqrt(q) * t) ** 2, w) for t, w in nodes]
            mu1, mu2 = (sum((1 - s) ** k * w for s, w in squares) for k in (2, 4))
            product *= g2 * mu1
            spread += mu2 / mu1**2 - 1
            q = g2 * sum(s * w for s, w in squares) + mpmath.mpf(1) / 100
        expected = [*lengths, product, spread, spread + layers]
    assert max(lengths) < 0.64
    # A layer rounds by as much as one reference, and passes what came before on gain^2 times.
    grown = layers * float(gain) ** layers
    told = (*found.lengths, found.mean, found.orthogonal, found.gaussian)
    for ball, value in zip(told, expected, strict=True):
        assert promised(ball)
        assert ball.overlaps(enclosed(value, grown * 10.0 ** (1 - DIGITS)))


def test_relu_with_bias_has_one_length():
    (q,) = fixed_points("relu", 1, Fraction(1, 2)).points
    assert q.contains(flint.arb(0.5))  # q/2 + 1/4 = q
    assert not fixed_points("relu", 1, Fraction(1, 2)).zero


@pytest.mark.parametrize(("name", "gain"), [("tanh", 1), ("relu", 1), ("erf", 1)])
def test_critical_gains_are_undecided(name, gain):
    # For relu at gain 1 the ratio is 1/2, but the slope at 0 is none.
    with pytest.raises(FixedPointsUndecided, match="critical"):
        fixed_points(name, gain, 0)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: length_map("softplus", 1, 0, 1), ValueError, "softplus.*tanh, erf"),
        (lambda: length_map(exp(x**2), 1, 0, 1), NotBoundedError, "linearly"),
        (lambda: length_map(log(x), 1, 0, 1), NotBoundedError, "log"),
        (lambda: length_map(x * Symbol("y"), 1, 0, 1), ValueError, "one symbol"),
        (lambda: activation(Function("f")(x)), UnknownFunctionError, "f"),
        (lambda: length_map("tanh", -1, 0, 1), ValueError, "gain: -1"),
        (lambda: length_map("tanh", 1, -2, 1), ValueError, "bias: -2"),
        (lambda: length_map("tanh", 0.5, 0, 1), TypeError, "gain: 0.5"),
        (lambda: length_map("tanh", 1, 0, -1), ValueError, "q: -1"),
        (lambda: slope_moment("tanh", 0, 1), ValueError, "k: 0"),
        (lambda: fixed_points("tanh", 2, 0, largest=0), ValueError, "largest: 0"),
        (lambda: fixed_points("tanh", 2, 0, digits=0), ValueError, "digits: 0"),
    ],
)
def test_bad_input_has_one_clear_error(call, error, told):
    with pytest.raises(error, match=told):
        call()


def test_sampled_layers_have_these_lengths_and_gains():
    """One layer of 400 tanh units, 200 draws of its weights, from inputs of length q*.

    Means over 200 draws; five standard errors measured on the draws: a false alarm in 10^5 runs,
    beside a systematic error of order 1/N, which is allowed for with 2/N.
    """
    rng = np.random.default_rng(5)
    units, draws, gain = 400, 200, 1.5
    (star,) = fixed_points("tanh", Fraction(3, 2), 0).points
    q = number(star)
    lengths, gains = [], []
    for _ in range(draws):
        h = np.sqrt(q) * rng.standard_normal(units)
        tangent = rng.standard_normal(units) / np.sqrt(units)
        w = gain * rng.standard_normal((units, units)) / np.sqrt(units)
        lengths.append(np.mean((w @ np.tanh(h)) ** 2))
        gains.append(np.sum((w @ ((1 - np.tanh(h) ** 2) * tangent)) ** 2))
    chi = number(susceptibility("tanh", Fraction(3, 2), star))
    for sampled, theory in ((lengths, q), (gains, chi)):
        error = 5 * np.std(sampled) / np.sqrt(draws) + 2 / units
        assert abs(np.mean(sampled) - theory) < error
        assert abs(np.mean(sampled) - 1.2 * theory) > error  # it can fail
