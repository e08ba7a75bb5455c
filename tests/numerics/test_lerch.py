"""Phi(z, 1, a) against its series, mpmath and an integral; balls, poles, and the way to z = 1."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.numerics.lerch import lerch

BITS = 192
SHARP = BITS - 40


@pytest.fixture(autouse=True)
def _precision() -> Iterator[None]:
    before, ctx.prec = ctx.prec, BITS
    yield
    ctx.prec = before


def ball(p: int, q: int = 1) -> arb:
    return arb(fmpq(p, q))


PARAMETERS = st.one_of(
    st.fractions(Fraction(-999, 1000), Fraction(-1, 1000), max_denominator=1000),
    st.fractions(Fraction(1, 1000), Fraction(5), max_denominator=1000),
)


@given(st.fractions(Fraction(-3), Fraction(999_999, 1_000_000), max_denominator=10**6), PARAMETERS)
@settings(max_examples=60, deadline=None)
def test_the_ball_contains_what_an_integral_says(z: Fraction, a: Fraction) -> None:
    """Phi(z, 1, a) = 1/a + z int_0^1 v^a/(1 - z v) dv for a > -1, with v = e^-y on [0, oo)."""
    x, q = ball(z.numerator, z.denominator), ball(a.numerator, a.denominator)

    def integrand(u: acb, _: bool) -> acb:
        # v = u^1000: the integrand at 0 is as smooth as u^(1000 (a + 1) - 1).
        return 1000 * u ** (1000 * acb(q) + 999) / (1 - acb(x) * u**1000)

    cut = ball(1, 10**6)
    value = acb.integral(integrand, acb(cut), 1, rel_tol=arb(2) ** -80).real
    # What is left out lies between 0 and the integral of 1000 u^(1000 a + 999) times 1/(1 - z).
    rest = cut ** (1000 * (q + 1)) / (q + 1) / min(1 - x, arb(1), key=float)
    found = lerch(x, q)
    assert found.overlaps(1 / q + x * (value + rest.union(arb(0))))
    assert found.rel_accuracy_bits() > SHARP - 30


@pytest.mark.parametrize("a", [(-97, 99), (-1, 2), (-1, 1000), (1, 3), (196, 99), (1, 1)])
@pytest.mark.parametrize(
    "distance", [(1, 7), (1, 9), (1, 50), (1, 10**6), (1, 10**12), (1, 10**40)]
)
def test_both_sides_of_the_expansion_agree_with_mpmath(
    a: tuple[int, int], distance: tuple[int, int]
) -> None:
    z = 1 - fmpq(*distance)
    found = lerch(arb(z), ball(*a))
    with mpmath.workprec(400):
        x, q = mpmath.mpf(int(z.p)) / int(z.q), mpmath.mpf(a[0]) / a[1]
        reference = mpmath.hyp2f1(1, q, 1 + q, x) / q
        text = mpmath.nstr(reference, 60)
    assert found.overlaps(arb(text, abs(arb(text)) * arb(10) ** -55))
    # The distance from 1 keeps what the rounding of z leaves of it.
    assert found.rel_accuracy_bits() > BITS - 20 - (distance[1] // distance[0]).bit_length()


def test_a_ball_near_one_with_few_digits_of_its_distance_is_done_at_once() -> None:
    """Arb's function of Gauss takes seconds there: the reason for the expansion."""
    ctx.prec = 96
    z = arb((1 - arb(2) ** -58).mid(), arb(2) ** -95)
    wide = lerch(z, ball(196, 99))
    assert wide.is_finite()
    for inside in (z.mid() - arb(2) ** -96, z.mid(), z.mid() + arb(2) ** -96):
        ctx.prec = 160
        assert wide.contains(lerch(inside, ball(196, 99)))


@given(st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=1000), PARAMETERS)
@settings(max_examples=30, deadline=None)
def test_a_wide_ball_contains_the_values_inside(z: Fraction, a: Fraction) -> None:
    x, q = ball(z.numerator, z.denominator), ball(a.numerator, a.denominator)
    wide = lerch(arb(x.mid(), arb(2) ** -20), q)
    if wide.is_finite():
        assert wide.overlaps(lerch(x, q))


@pytest.mark.parametrize(
    ("z", "a"), [((1, 1), (1, 2)), ((2, 1), (1, 2)), ((1, 2), (0, 1)), ((1, 2), (-1, 1))]
)
def test_no_number_on_the_cut_and_at_the_poles(z: tuple[int, int], a: tuple[int, int]) -> None:
    assert not lerch(ball(*z), ball(*a)).is_finite()


def test_a_parameter_that_may_be_a_pole_gives_no_number() -> None:
    assert not lerch(ball(1, 2), arb(0, arb(2) ** -100)).is_finite()


@pytest.mark.parametrize(("order", "value"), [(0, 2), (-1, 4)])
def test_other_orders_of_the_program(order: int, value: int) -> None:
    """Phi(1/2, 0, a) = 1/(1 - 1/2); Phi(1/2, -1, a) = a/(1-z) + z/(1-z)^2, 4 at a = 1."""
    z, a = sympy.symbols("z a", real=True)
    program = compile_expressions([sympy.lerchphi(z, order, a)], [z, a])
    (found,) = evaluate_balls(program, [Fraction(1, 2), Fraction(1)], 128)
    assert found.contains(value)
    assert found.rel_accuracy_bits() > 80


def test_an_order_that_is_no_integer_has_no_meaning() -> None:
    z, a = sympy.symbols("z a", real=True)
    with pytest.raises(UnknownFunctionError):
        compile_expressions([sympy.lerchphi(z, a, a)], [z, a])
