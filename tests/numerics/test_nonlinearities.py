"""Lengths and gains of nonlinearities given as expressions, against mpmath's quadrature."""

from __future__ import annotations

from fractions import Fraction

import flint
import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import ARITHMETIC
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.numerics.fixed_lengths import FixedPointsUndecided, fixed_points
from lemmata.numerics.gaussian_averages import average_ball, gaussian_average
from lemmata.numerics.growth import NotBoundedError
from lemmata.numerics.mean_field import jacobian_moments, length_map, susceptibility
from lemmata.numerics.nonlinearities import compile_activation
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.program_growth import constant_slots, output_growth
from lemmata.numerics.quadrature import QuadratureFailed
from sympy import (
    Abs,
    And,
    Eq,
    Function,
    Heaviside,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    acosh,
    asinh,
    cosh,
    erf,
    exp,
    log,
    sign,
    sin,
    sqrt,
    tanh,
)

from .gaussian_references import BITS, DIGITS, average, promised

x = Symbol("x", real=True)
z, p = Symbol("z", real=True), Symbol("p", real=True)


def logistic(t):
    return 1 / (1 + mpmath.exp(-t))


def step(t):
    return int(t > 0)


def mish_slope(t):
    inner = mpmath.log(1 + mpmath.exp(t))
    return mpmath.tanh(inner) + t * mpmath.sech(inner) ** 2 * logistic(t)


def elu(t):
    return t if t > 0 else 2 * mpmath.expm1(t)


def elu_slope(t):
    return 1 if t > 0 else 2 * mpmath.exp(t)


def clipped(low, high):
    return lambda t: min(max(t, low), high), lambda t: int(low < t < high)


NONLINEARITIES = {
    "softplus": (log(1 + exp(x)), lambda t: mpmath.log(1 + mpmath.exp(t)), logistic),
    "softplus of minus": (
        log(exp(-x) + 1),
        lambda t: mpmath.log(1 + mpmath.exp(-t)),
        lambda t: -logistic(-t),
    ),
    "swish": (
        x / (1 + exp(-x)),
        lambda t: t * logistic(t),
        lambda t: logistic(t) * (1 + t * logistic(-t)),
    ),
    "mish": (
        x * tanh(log(1 + exp(x))),
        lambda t: t * mpmath.tanh(mpmath.log(1 + mpmath.exp(t))),
        mish_slope,
    ),
    "gelu": (
        x * (1 + erf(x / sqrt(2))) / 2,
        lambda t: t * mpmath.ncdf(t),
        lambda t: mpmath.ncdf(t) + t * mpmath.npdf(t),
    ),
    "isru": (
        x / sqrt(1 + x**2),
        lambda t: t / mpmath.sqrt(1 + t * t),
        lambda t: (1 + t * t) ** mpmath.mpf(-1.5),
    ),
    "root": (
        (1 + x**2) ** Rational(1, 3),
        lambda t: mpmath.cbrt(1 + t * t),
        lambda t: 2 * t / 3 / mpmath.cbrt(1 + t * t) ** 2,
    ),
    "asinh": (asinh(x), mpmath.asinh, lambda t: 1 / mpmath.sqrt(1 + t * t)),
    "clip": (Min(Max(x, -1), 1), *clipped(-1, 1)),
    "relu6": (Min(Max(x, 0), 6), *clipped(0, 6)),
    "pieces": (Piecewise((-1, x < -1), (1, x >= 1), (x, True)), *clipped(-1, 1)),
    "both": (Piecewise((x, And(x > -1, x <= 1)), (sign(x), True)), *clipped(-1, 1)),
    "elu": (Piecewise((x, x > 0), (2 * (exp(x) - 1), x <= 0)), elu, elu_slope),
    "elu by min": (Max(x, 0) + Min(0, 2 * (exp(x) - 1)), elu, elu_slope),
    "elu by sign": ((1 + sign(x)) * x / 2 + (1 - sign(x)) * (exp(x) - 1), elu, elu_slope),
    "half": (
        Piecewise((log(1 + x), x > 0), (x, True)),
        lambda t: mpmath.log(1 + t) if t > 0 else t,
        lambda t: 1 / (1 + t) if t > 0 else 1,
    ),
    "log": (
        sign(x) * log(1 + Abs(x)),
        lambda t: mpmath.sign(t) * mpmath.log(1 + abs(t)),
        lambda t: 1 / (1 + abs(t)),
    ),
    "softsign": (x / (1 + Abs(x)), lambda t: t / (1 + abs(t)), lambda t: (1 + abs(t)) ** -2),
    "of tanh": (Abs(tanh(x)), lambda t: abs(mpmath.tanh(t)), lambda t: mpmath.sech(t) ** 2),
    "three": (
        Max(-x / 2, 0, x - 1),
        lambda t: max(-t / 2, 0, t - 1),
        lambda t: 1 if t > 1 else 0.5 * int(t < 0),
    ),
    "hard swish": (
        x * Min(Max(x + 3, 0), 6) / 6,
        lambda t: t * min(max(t + 3, 0), 6) / 6,
        lambda t: (2 * t + 3) / 6 if abs(t) < 3 else int(t > 0),
    ),
}


def mean_square(function, q):
    """E f(sqrt(q) z)^2, split where kinks lie: at whole numbers of sqrt(q) z.

    Here |f(x)| <= 2 + |x|, and E f^2 beyond 12 is below 2 (2 + 12 sqrt(q))^2 npdf(12) < 10^-28.
    """
    with mpmath.workdps(DIGITS):
        c = mpmath.sqrt(q)
        ends = sorted({-12, *(k / c for k in (-6, -3, -1, 0, 1, 3, 6)), 12})
        inside = [t for t in ends if abs(t) <= 12]
    return average(lambda t: function(c * t) ** 2, inside, missing=1e-28)


@pytest.mark.parametrize("name", NONLINEARITIES)
@pytest.mark.parametrize("q", [Fraction(1, 2), 5])
def test_expressions_against_mpmath(name, q):
    phi, value, slope = NONLINEARITIES[name]
    at = mpmath.mpf(Fraction(q).numerator) / Fraction(q).denominator
    for found, function in (
        (length_map(phi, 1, 0, q), value),
        (susceptibility(phi, 1, q), slope),
    ):
        reference = mean_square(function, at)
        assert promised(found)
        assert promised(reference)
        assert found.overlaps(reference)
        assert not found.overlaps(reference * (1 + exact_ball(Fraction(1, 10**9))))


def test_nested_clips_are_the_shipped_hard_tanh():
    for gain in (Fraction(3, 2), Fraction(2)):
        (one,) = fixed_points("hard_tanh", gain, 0).points
        for phi in (NONLINEARITIES["clip"][0], NONLINEARITIES["pieces"][0]):
            found = fixed_points(phi, gain, 0)
            assert found.zero
            assert found.points[0].overlaps(one)


@given(st.lists(st.integers(-4, 4), min_size=3, max_size=3), st.integers(1, 5))
@settings(max_examples=15, deadline=None)
def test_nested_kinks_anywhere(places, scale):
    """A polygon with kinks inside kinks, against a sum over the pieces by mpmath."""
    a, b, c = places
    phi = Abs(Max(scale * z - a, Min(z, b)) - c) - sign(z - b)

    def value(t):
        return abs(max(scale * t - a, min(t, b)) - c) - mpmath.sign(t - b)

    kinks = {b, c, mpmath.mpf(a + c) / scale, mpmath.mpf(a + b) / scale}
    if scale > 1:
        kinks.add(mpmath.mpf(a) / (scale - 1))
    with mpmath.workdps(25):
        ends = sorted(kinks | {-14, 0, 14})
    # Beyond 14 that is at most 2 (10 + 5 |t|) npdf(t) < 10^-39.
    reference = average(value, ends, missing=1e-39)
    found = gaussian_average(compile_expressions([phi], [z]), [], 15)
    assert promised(found)
    assert promised(reference)
    assert found.overlaps(reference)


@given(st.fractions(-2, 2), st.fractions(Fraction(1, 100), Fraction(1, 2)))
@settings(max_examples=15, deadline=None)
def test_wide_places_of_nested_kinks_contain_narrow_ones(center, width):
    program = compile_expressions([Min(Max(z, p), 7) + sign(z - p)], [z, p])
    ends = [center, center + width]
    whole = average_ball(program, [exact_ball(ends[0]).union(exact_ball(ends[1]))], ARITHMETIC)
    for at in (*ends, sum(ends) / 2):
        assert whole.contains(average_ball(program, [exact_ball(at)], ARITHMETIC).mid())


def test_values_at_a_kink_are_those_of_the_branch():
    weak, strict = (Piecewise((1, at), (2, True)) + x for at in (x >= 0, x > 0))
    for phi, value in ((weak, 1), (strict, 2)):
        assert compile_activation(phi).run(ARITHMETIC, [flint.arb(0)])[0] == value
    around = compile_activation(strict).run(ARITHMETIC, [flint.arb(0, 1)])[0]
    assert around.contains(2)
    assert around.contains(flint.arb(1.5))


def test_a_jump_has_a_length_but_no_slope():
    # E sign^2 = 1 and phi' has no square that could be averaged.
    assert length_map(sign(x), 2, 1, 3).contains(5)
    with pytest.raises(NotBoundedError, match="phi may jump"):
        susceptibility(sign(x), 1, 1)
    assert len(compile_activation(Heaviside(x - 1) * (x - 1)).outputs) == 2
    assert len(compile_activation(Heaviside(x - 1) * x).outputs) == 1
    with pytest.raises(FixedPointsUndecided, match="jump"):
        fixed_points(sign(x), 1, 0)
    (found,) = fixed_points(2 + sign(x - 1), 1, 1, largest=20).points
    assert promised(found)
    # V(q) - q changes its sign between the ends.
    with working_precision(BITS), mpmath.workdps(DIGITS):
        ends = [
            mpmath.mpf(tuple(map(int, end.man_exp()))) for end in (found.lower(), found.upper())
        ]
        low, high = (2 + 8 * mpmath.ncdf(-1 / mpmath.sqrt(q)) - q for q in ends)
        assert low * high < 0


@pytest.mark.parametrize(
    ("phi", "error", "told"),
    [
        (1 / x, NotBoundedError, "denominator"),
        (log(x**2 + x), NotBoundedError, "logarithm"),
        (sqrt(x), NotBoundedError, "root"),
        ((x**2 - 1) ** Rational(1, 3), NotBoundedError, "power"),
        ((1 + x**2) ** x, NotBoundedError, "exponent"),
        (acosh(2 + x**2), NotBoundedError, "acosh"),
        (1 / (1 + x) ** 2, NotBoundedError, "denominator"),
        (Abs(x**2 - 2), QuadratureFailed, "piecewise linear"),
        (Piecewise((1, Eq(x, 0)), (x, True)), UnknownFunctionError, "no inequality"),
        (Piecewise((x, x > 0)), UnknownFunctionError, "no branch"),
        (Function("choose")(x, x, x), UnknownFunctionError, "choose"),
    ],
)
def test_what_is_refused(phi, error, told):
    with pytest.raises(error, match=told):
        length_map(phi, 1, 0, 1)


def test_a_pole_inside_a_piece_is_refused():
    inside = Piecewise((1 / (x - 1), And(x > 0, x < 2)), (x, True))
    with pytest.raises((QuadratureFailed, NotBoundedError)):
        length_map(inside, 1, 0, 1)


GROWING = [
    log(1 + exp(3 * z)),
    log(2 + cosh(z)) * z,
    (1 + z**4) ** Rational(2, 3),
    (2 + z**2) ** Rational(-1, 3),
    asinh(z**3),
    exp(Min(z, 2) + Min(-z / 2, 0)),
    Max(z, 1) ** Rational(3, 2),
    1 / Max(z, 1),
    log(Max(z + 2, Rational(1, 2))),
    exp(-Abs(z)) * z,
]


@pytest.mark.parametrize("f", GROWING)
@given(st.fractions(-9, 9))
@settings(max_examples=10, deadline=None)
def test_bounds_of_growth_hold(f, at):
    program = compile_expressions([f], [z])
    values = constant_slots(program, [], ARITHMETIC)
    (value,) = program.run(ARITHMETIC, [exact_ball(at)])
    r = exact_ball(abs(at))
    for way in {0, 1 if at >= 0 else -1}:
        bound = output_growth(program, values, way)
        # Where the bound is met both are balls around the same number.
        assert not abs(value) > bound.size * (1 + r) ** bound.degree * (bound.rate * r).exp()
        assert not bound.least > abs(value)
        assert not (bound.sign > 0 and value < 0)
        assert not (bound.sign < 0 and value > 0)
        if bound.above is not None:
            assert not value > bound.above[0] + bound.above[1] * r


def test_numbers_beyond_the_range_of_floats():
    gain = 10**400
    small = length_map("tanh", 1, 0, 1)
    large = length_map("tanh", gain, 0, 1)
    assert (large / flint.arb(gain) ** 2).overlaps(small)
    assert large.rad() <= flint.arb(10) ** -15 * large
    assert length_map("relu", 1, 0, gain).overlaps(flint.arb(gain) / 2)
    for call in (
        lambda: fixed_points("tanh", gain, 0, largest=gain**2),
        lambda: fixed_points(gain * tanh(x), 1, 0, largest=gain**2),
    ):
        with pytest.raises(FixedPointsUndecided, match="smaller `largest`"):
            call()
    with pytest.raises(QuadratureFailed, match="smaller gain"):
        jacobian_moments("tanh", gain, 0, 1, 2)


@pytest.mark.parametrize(
    ("f", "function"),
    [
        (asinh(10 * z) ** 2, lambda t: mpmath.asinh(10 * t) ** 2),
        (log(2 + tanh(9 * z)), lambda t: mpmath.log(2 + mpmath.tanh(9 * t))),
        (sqrt(2 + sin(3 * z)), lambda t: mpmath.sqrt(2 + mpmath.sin(3 * t))),
        (Abs(z) ** Rational(1, 3), lambda t: mpmath.cbrt(abs(t))),
    ],
)
def test_roots_and_logarithms_near_their_branch_points(f, function):
    found = gaussian_average(compile_expressions([f], [z]), [], 15)
    # No function exceeds 2 t^2 beyond 12, whose average there is below 10^-29.
    reference = average(function, [-12, -3, -1, 0, 1, 3, 12], missing=1e-29)
    assert promised(found)
    assert promised(reference)
    assert found.overlaps(reference)


def test_small_functions_are_as_sharp_as_their_size():
    program = compile_expressions([tanh(z * Rational(1, 10**20)) ** 2], [z])
    found = average_ball(program, [], ARITHMETIC)
    # tanh^2 lies between its square and that less 2/3 of the fourth power, and E z^4 = 3.
    with working_precision(BITS):
        square = flint.arb(10) ** -40
        assert found.overlaps(square.union(square - 2 * square**2))
    # Ten operations a value, and values and weights added up at some hundred points.
    assert found.rad() <= 2**8 * flint.arb(2) ** -flint.ctx.prec * square
