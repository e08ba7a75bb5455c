"""Gaussian averages against mpmath's quadrature and moments: no formula of theory."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import flint
import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import ARITHMETIC, evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.gaussian_averages import at_most, average_ball, gaussian_average
from lemmata.numerics.growth import NotBoundedError
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.quadrature import QuadratureFailed
from lemmata.theory.gaussian import GaussianAverage
from sympy import Abs, Heaviside, Max, Min, Symbol, atan, cosh, erf, exp, log, sign, sin, sqrt, tanh

z, q = Symbol("z", real=True), Symbol("q", positive=True)
DIGITS = 25


def mean(function, *kinks, digits=DIGITS):
    with mpmath.workdps(digits + 15):
        ends = [-mpmath.inf, -6, *sorted({*kinks, 0}), 6, mpmath.inf]
        density = lambda t: mpmath.exp(-t * t / 2) / mpmath.sqrt(2 * mpmath.pi)  # noqa: E731
        return mpmath.quad(lambda t: function(t) * density(t), ends, maxdegree=12)


def enclose(expression, *values, digits=DIGITS):
    with working_precision(200):
        balls = [exact_ball(Fraction(v)) for v in values]
        program = compile_expressions([expression], [z, q][: 1 + len(values)])
        return gaussian_average(program, balls, digits)


def agrees(ball, reference, digits=DIGITS):
    """The enclosure is as narrow as asked, and the reference is within it and its own 1e-24."""
    with mpmath.workdps(digits + 15):
        middle = mpmath.mpf(ball.mid().str(digits + 10, radius=False, more=True))
        return float(ball.rad()) <= 10.0**-digits * max(1, abs(reference)) and abs(
            middle - reference
        ) <= mpmath.mpf(10) ** (1 - digits) * max(1, abs(reference))


SMOOTH = [
    (tanh(sqrt(q) * z) ** 2, lambda t, c: mpmath.tanh(c * t) ** 2),
    ((1 - tanh(sqrt(q) * z) ** 2) ** 2, lambda t, c: mpmath.sech(c * t) ** 4),
    (erf(sqrt(q) * z) ** 2, lambda t, c: mpmath.erf(c * t) ** 2),
    (sin(sqrt(q) * z) ** 2 + z**3, lambda t, c: mpmath.sin(c * t) ** 2),
    (exp(-q * z**2 / 2) * z**2, lambda t, c: mpmath.exp(-((c * t) ** 2) / 2) * t**2),
    (exp(sqrt(q) * z), lambda t, c: mpmath.exp(c * t)),
    (atan(sqrt(q) * z + 1), lambda t, c: mpmath.atan(c * t + 1)),
    (1 / cosh(sqrt(q) * z), lambda t, c: mpmath.sech(c * t)),
    (sqrt(1 + q * z**2), lambda t, c: mpmath.sqrt(1 + (c * t) ** 2)),
]


@pytest.mark.parametrize(("expression", "function"), SMOOTH)
@pytest.mark.parametrize("length", ["1/50", "1", "30"])
def test_smooth_averages_against_mpmath(expression, function, length):
    with mpmath.workdps(DIGITS + 15):
        c = mpmath.sqrt(mpmath.mpf(Fraction(length).numerator) / Fraction(length).denominator)
    assert agrees(enclose(expression, length), mean(lambda t: function(t, c)))


KINKED = [
    (Abs(sqrt(q) * z + 1), lambda t, c: abs(c * t + 1), -1),
    (Max(0, sqrt(q) * z - 1) ** 2, lambda t, c: max(0, c * t - 1) ** 2, 1),
    (Min(1, sqrt(q) * z), lambda t, c: min(1, c * t), 1),
    (sign(sqrt(q) * z - 1) * z, lambda t, c: mpmath.sign(c * t - 1) * t, 1),
    (Heaviside(sqrt(q) * z - 1), lambda t, c: (1 + mpmath.sign(c * t - 1)) / 2, 1),
]


@pytest.mark.parametrize(("expression", "function", "place"), KINKED)
@pytest.mark.parametrize("length", [1, 4])
def test_kinked_averages_against_mpmath(expression, function, place, length):
    c = mpmath.sqrt(length)
    assert agrees(enclose(expression, length), mean(lambda t: function(t, c), place / c))


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9))
@settings(max_examples=25, deadline=None)
def test_polynomials_have_their_moments(coefficients):
    polynomial = sum(c * z**n for n, c in enumerate(coefficients)) + 0 * z
    odd_factorials = [factorial(2 * m) // (2**m * factorial(m)) for m in range(5)]
    moments = [0 if n % 2 else odd_factorials[n // 2] for n in range(9)]
    exact = sum(c * m for c, m in zip(coefficients, moments, strict=False))
    assert enclose(polynomial + z).contains(flint.arb(exact))


@given(st.fractions(Fraction(1, 10), 4), st.fractions(Fraction(1, 100), Fraction(1, 2)))
@settings(max_examples=15, deadline=None)
def test_wide_parameters_contain_what_narrow_ones_give(center, width):
    for expression in (tanh(sqrt(q) * z) ** 2, Abs(sqrt(q) * z - 1), Max(0, q * z)):
        program = compile_expressions([expression], [z, q])
        ends = [center, center * (1 + width)]
        wide = exact_ball(ends[0]).union(exact_ball(ends[1]))
        whole = average_ball(program, [wide], ARITHMETIC)
        for x in (*ends, sum(ends) / 2):
            assert whole.contains(average_ball(program, [exact_ball(x)], ARITHMETIC).mid())


def test_a_slope_that_may_vanish_is_enclosed_or_refused():
    around = flint.arb(0, 0.25)
    program = compile_expressions([Abs(q * z)], [z, q])
    found = average_ball(program, [around], ARITHMETIC)
    assert found.contains(0)
    assert found.contains(flint.arb(0.19))  # 0.25 E|z| = 0.1995
    with pytest.raises(QuadratureFailed, match="kink"):
        average_ball(compile_expressions([Abs(q * z + q)], [z, q]), [around], ARITHMETIC)


def test_removable_poles_have_values():
    expression = (1 - tanh(sqrt(q) * z) ** 2 - tanh(sqrt(q) * z) / (sqrt(q) * z)) ** 2
    program = compile_expressions([GaussianAverage(expression, z)], [q])
    (ball,) = evaluate_balls(program, [Fraction(2)], 120)
    with mpmath.workdps(40):
        c = mpmath.sqrt(2)
    reference = mean(lambda t: (mpmath.sech(c * t) ** 2 - mpmath.tanh(c * t) / (c * t)) ** 2)
    assert agrees(ball, reference)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (exp(z**2), "faster than linearly"),
        (exp(z**4), "faster than linearly"),
        (1 / z, "away from zero"),
        (1 / (z**2 - 2), "away from zero"),
        (log(z), "log"),
        (sqrt(z), "nonnegative"),
        (cosh(z**3), "exponential"),
    ],
)
def test_what_cannot_be_bounded_is_refused(expression, told):
    with pytest.raises(NotBoundedError, match=told):
        enclose(expression)


def test_unknown_kinks_are_refused():
    with pytest.raises(QuadratureFailed, match="linear in z"):
        enclose(Abs(z**2 - 1))


def test_programs_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="parameters"):
        gaussian_average(compile_expressions([z], [z]), [flint.arb(1)], 10)


def test_a_limit_of_bits_widens_and_is_taken_back():
    program = compile_expressions([tanh(z) ** 2], [z])
    with working_precision(300):
        with at_most(64):
            rough = average_ball(program, [], ARITHMETIC)
        sharp = average_ball(program, [], ARITHMETIC)
    assert rough.rad() > 2**-70
    assert sharp.rad() < 2**-200
    assert rough.contains(sharp)
