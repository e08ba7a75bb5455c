"""Gamma functions, psi, binomials and whole powers: laws proved, their neighbours never.

References are mpmath's functions and Python's whole numbers.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial
from typing import Any

import flint
import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.exact.zero_test import decide_zero
from sympy import Integer, Rational, Symbol, binomial, cos, gamma, polygamma, prod, sin

x, y = (Symbol(name, positive=True) for name in "xy")
n, k = (Symbol(name, integer=True, positive=True) for name in "nk")
r, u = (Symbol(name, real=True) for name in "ru")
j = Symbol("j", integer=True)
steps = st.integers(-9, 9)


def decided(expr: Any) -> str:
    return decide_zero(expr, rng=np.random.default_rng(0)).status


@settings(max_examples=20, deadline=None)
@given(steps, steps, st.fractions(-3, 3, max_denominator=6))
def test_gamma_functions_a_whole_number_apart(one: int, other: int, shift: Fraction) -> None:
    place = x / 2 + Rational(shift.numerator, shift.denominator)
    low, high = sorted((one, other))
    factors = prod([place + i for i in range(low, high)], start=Integer(1))
    law = gamma(place + high) - factors * gamma(place + low)
    assert vanishes(law)
    wrong = gamma(place + high) - (factors + 1) * gamma(place + low)
    assert not vanishes(wrong)
    assert decided(wrong) == "refuted"


@settings(max_examples=20, deadline=None)
@given(steps, steps, st.sampled_from([x, 2 * x + y, x / 3, n * x]))
def test_psi_a_whole_number_apart(one: int, other: int, place: Any) -> None:
    low, high = sorted((one, other))
    sums = sum((1 / (place + i) for i in range(low, high)), start=Integer(0))
    law = polygamma(0, place + high) - polygamma(0, place + low) - sums
    assert vanishes(law)
    assert not vanishes(law + 1 / (place + high))
    assert decided(law + 1 / (place + high)) == "refuted"


def test_what_is_not_known_is_not_proved() -> None:
    for apart in (
        gamma(x) * gamma(1 - x) - gamma(2 * x),  # no reflection, no duplication
        gamma(x + Rational(1, 2)) - gamma(x),
        gamma(x + y) - gamma(x) * gamma(y),
        polygamma(0, x + Rational(1, 2)) - polygamma(0, x),
        gamma(x + 30) - gamma(x + 29),
    ):
        assert not vanishes(apart)
        assert decided(apart) == "refuted"
    assert not vanishes(polygamma(1, x + 1) - polygamma(1, x))


def test_binomials() -> None:
    size = n + k
    assert vanishes(binomial(size, k) - binomial(size, n))
    assert vanishes(binomial(size + 1, k) - binomial(size, k) - binomial(size, k - 1))
    assert vanishes(k * binomial(size, k) - size * binomial(size - 1, k - 1))
    assert decided(binomial(size + 1, k) - binomial(size, k) - binomial(size, n)) == "refuted"
    # Of a negative number of things SymPy chooses by continuation, where Gamma has its poles.
    assert not vanishes(binomial(-n, k) - gamma(1 - n) / (gamma(k + 1) * gamma(1 - n - k)))


@settings(max_examples=8, deadline=None)
@given(st.integers(-4, 4), st.integers(0, 3), st.fractions(-7, 7, max_denominator=5))
def test_whole_powers_of_what_may_be_negative(step: int, power: int, shift: Fraction) -> None:
    base = sin(r) + Rational(shift.numerator, shift.denominator)
    other = cos(u) - r
    law = (base * other) ** (n + step) - base**n * other ** (n + step) * base**step
    assert vanishes(law)
    quotient = (base / other) ** (n + power) * other**n - base ** (n + power) / other**power
    assert vanishes(quotient)
    assert not vanishes(law + base**n)
    assert not vanishes((-base) ** n - base**n)
    assert vanishes((-base) ** (2 * n) - base ** (2 * n))


def ball(expr: Any, at: dict[Any, Fraction]) -> flint.arb:
    program = compile_expressions([expr], list(at))
    return evaluate_balls(program, list(at.values()), 120)[0]


@settings(max_examples=25, deadline=None)
@given(st.fractions(Fraction(1, 9), 40, max_denominator=9))
def test_psi_in_balls(place: Fraction) -> None:
    found = ball(polygamma(0, x), {x: place})
    with mp.workdps(40):
        exact = mp.digamma(mp.mpf(place.numerator) / place.denominator)
        told = mp.mpf(found.mid().str(38, radius=False))
        assert abs(told - exact) < mp.mpf(10) ** -33
    assert found.rad() < 1e-30


@settings(max_examples=25, deadline=None)
@given(st.integers(-30, 60), st.integers(0, 30))
def test_binomials_in_balls(size: int, chosen: int) -> None:
    exact = comb(size, chosen) if size >= 0 else (-1) ** chosen * comb(chosen - size - 1, chosen)
    found = ball(binomial(u, r), {u: Fraction(size), r: Fraction(chosen)})
    assert found.contains(exact)
    assert found.rad() < 1e-10 * (1 + abs(exact))


def test_binomials_of_fractions_and_factorials_in_balls() -> None:
    found = ball(binomial(x, y), {x: Fraction(7, 2), y: Fraction(3, 2)})
    # Gamma(9/2)/(Gamma(5/2) Gamma(3)) = (7/2)(5/2)/2
    assert found.contains(flint.fmpq(35, 8))
    assert ball(gamma(x), {x: Fraction(21)}).contains(factorial(20))


@pytest.mark.parametrize(("base", "power", "exact"), [(-3, 3, -27), (-2, -2, "1/4"), (0, 5, 0)])
def test_whole_powers_of_numbers_that_are_not_positive(base: int, power: int, exact: Any) -> None:
    found = ball(u**j, {u: Fraction(base), j: Fraction(power)})
    wanted = Fraction(exact)
    assert found.contains(flint.fmpq(wanted.numerator, wanted.denominator))


@pytest.mark.parametrize(("base", "power"), [(-2, "1/2"), (0, "-1"), (-1, "1/3"), (-1, "2")])
def test_what_is_no_real_number_stays_undefined(base: int, power: str) -> None:
    """A real exponent may be whole at a point: that gives the power no meaning around it."""
    assert not ball(u**r, {u: Fraction(base), r: Fraction(power)}).is_finite()


def test_a_whole_power_of_zero_below_zero_is_undefined() -> None:
    assert not ball(u**j, {u: Fraction(0), j: Fraction(-1)}).is_finite()
