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
from lemmata.numerics.growth import NotBoundedError
from lemmata.numerics.mean_field import (
    FixedPointsUndecided,
    activation,
    critical_point,
    fixed_points,
    jacobian_moments,
    length_map,
    slope_moment,
    susceptibility,
)
from sympy import Function, Symbol, exp, log, tanh

x = Symbol("x", real=True)


def number(ball):
    return float(ball.mid())


def mean(function, kinks=()):
    with mpmath.workdps(30):
        ends = [-mpmath.inf, -6, *sorted({*kinks, 0}), 6, mpmath.inf]
        return float(mpmath.quad(lambda t: function(t) * mpmath.npdf(t), ends))


@pytest.mark.parametrize(
    ("gain", "q_star", "chi"),
    [
        ("1.05", 0.0532504912854997, 1.00287557808045),
        ("1.1", 0.112749885865494, 1.01018936430279),
        ("1.2", 0.249513040237953, 1.03350146653157),
        ("1.5", 0.793354042606778, 1.13932322498549),
        ("2", 2.12147356820318, 1.36267333752152),
    ],
)
def test_tanh_at_the_gains_of_the_sheet(gain, q_star, chi):
    found = fixed_points("tanh", Fraction(gain), 0)
    assert found.zero
    (q,) = found.points
    assert abs(number(q) - q_star) < 1e-14
    assert abs(number(susceptibility("tanh", Fraction(gain), q)) - chi) < 1e-13


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
    c = mpmath.sqrt(mpmath.mpf(q.numerator) / q.denominator)
    kinks = (-1 / c, 1 / c) if name == "hard_tanh" else ()
    square = mean(lambda t: phi(c * t) ** 2, kinks)
    slopes = mean(lambda t: slope(c * t) ** 2, kinks)
    fourth = mean(lambda t: slope(c * t) ** 4, kinks)
    assert abs(number(length_map(name, 2, Fraction(1, 3), q)) - (4 * square + 1 / 9)) < 1e-12
    assert abs(number(susceptibility(name, 2, q)) - 4 * slopes) < 1e-12
    assert abs(number(slope_moment(name, 2, q)) - fourth) < 1e-12
    point = critical_point(name, q)
    assert abs(number(point.sigma_w2) - 1 / slopes) < 1e-12
    assert abs(number(point.sigma_b2) - (float(q) - square / slopes)) < 1e-12


def test_error_function_and_hard_tanh_have_their_closed_forms():
    u = mpmath.pi / 2
    arcsine = 2 / mpmath.pi * mpmath.asin(u / (1 + u))
    assert abs(number(length_map("erf", 1, 0, 1)) - arcsine) < 1e-14
    assert abs(number(slope_moment("erf", 3, 1)) - (1 + 3 * mpmath.pi) ** -0.5) < 1e-14
    share = mpmath.erf(1 / mpmath.sqrt(2 * 3))
    assert abs(number(slope_moment("hard_tanh", 1, 3)) - share) < 1e-14


@given(st.fractions(Fraction(6, 5), 3), st.fractions(Fraction(1, 10), 2))
@settings(max_examples=4, deadline=None)
def test_fixed_points_are_fixed_and_chi_is_one_on_the_critical_line(gain, q):
    for bias in (0, Fraction(1, 5)):
        (star,) = fixed_points("tanh", gain, bias).points
        assert length_map("tanh", gain, bias, star).overlaps(star)
    point = critical_point("tanh", q, 30)
    assert point.sigma_b2 > 0
    assert abs(number(point.sigma_w2 * slope_moment("tanh", 1, q, 30)) - 1) < 1e-15


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
    """Against a float64 recursion by Gauss-Hermite sums of 200 nodes, to 1e-9."""
    t, w = np.polynomial.hermite_e.hermegauss(200)
    w = w / w.sum()
    found = jacobian_moments("tanh", Fraction(11, 10), Fraction(1, 10), Fraction(1, 2), 12)
    q, product, spread = 0.5, 1.0, 0.0
    for ball in found.lengths:
        assert abs(number(ball) - q) < 1e-9
        slopes = 1 - np.tanh(np.sqrt(q) * t) ** 2
        product *= 1.21 * (w @ slopes**2)
        spread += w @ slopes**4 / (w @ slopes**2) ** 2 - 1
        q = 1.21 * (w @ np.tanh(np.sqrt(q) * t) ** 2) + 0.01
    assert len(found.lengths) == 12
    assert abs(number(found.mean) - product) < 1e-9
    assert abs(number(found.orthogonal) - spread) < 1e-9
    assert abs(number(found.gaussian) - spread - 12) < 1e-9


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
