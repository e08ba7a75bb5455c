"""Taylor forms: every value over the interval lies inside, also where terms cancel."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import evaluate_balls, evaluate_on_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.proofs.taylor_forms import TaylorForm
from sympy import Abs, Rational, Symbol, atan, cos, cosh, exp, log, sin, sinh, sqrt, tanh

x, s = Symbol("x", real=True), Symbol("s", positive=True)
FORMULAS = [
    exp(-s * x) - exp(-x),
    s / (1 + exp(-s * x)) - 1 / (1 + exp(-x)),
    sin(s * x) * cos(x) - x**3 / 3,
    sqrt(s + x**2) / (2 + tanh(x)),
    log(2 + cosh(s * x)) - atan(x),
    (1 + x**2) ** s - sinh(x) ** 2,
    1 / (s + x**2) ** 2,
    Abs(x) + s * x,
]
POINTS = st.fractions(-2, 2, max_denominator=50)


@settings(max_examples=120)
@given(st.sampled_from(FORMULAS), POINTS, POINTS, st.fractions(Fraction(1, 9), 3), st.data())
def test_every_value_lies_inside(formula: Any, a: Any, b: Any, other: Any, data: Any) -> None:
    program = compile_expressions([formula], [x, s])
    share = data.draw(st.fractions(0, 1, max_denominator=20))
    with working_precision(150):
        interval = exact_ball(a).union(exact_ball(b))
        found = TaylorForm(program).enclose(interval, [exact_ball(other)])
    (value,) = evaluate_balls(program, [a + share * (b - a), other], 400)
    with working_precision(400):
        assert not found.is_finite() or found.contains(value) or found.overlaps(value)


def test_what_cancels_is_enclosed_sharply() -> None:
    program = compile_expressions([FORMULAS[0]], [x, s])
    near = Fraction(10**9 + 1, 10**9)
    with working_precision(150):
        interval = exact_ball(Fraction(1)).union(exact_ball(Fraction(9, 8)))
        (plain,) = evaluate_on_balls(program, [interval, exact_ball(near)], 150)
        found = TaylorForm(program).enclose(interval, [exact_ball(near)])
    assert plain.contains(0)
    assert found < 0
    assert found.rad() < plain.rad() / 10**6


def test_the_remainder_is_taken_over_the_whole_interval() -> None:
    program = compile_expressions([(1 + x) ** 200 - Rational(3, 2) ** 200], [x])
    with working_precision(150):
        found = TaylorForm(program).enclose(flint.arb(0).union(flint.arb(1)), [])
        assert found.contains(flint.arb(2) ** 200 - flint.arb("1.5") ** 200)


@pytest.mark.parametrize("formula", [1 / x, log(x) + s, sqrt(x), Abs(x) - s])
def test_a_singular_point_gives_no_false_enclosure(formula: Any) -> None:
    program = compile_expressions([formula], [x, s])
    with working_precision(100):
        interval = exact_ball(Fraction(-1)).union(exact_ball(Fraction(1)))
        found = TaylorForm(program).enclose(interval, [exact_ball(Fraction(1))])
        (plain,) = evaluate_on_balls(program, [interval, exact_ball(Fraction(1))], 100)
    assert not found.is_finite() or (found.contains(plain) and plain.contains(found))


def test_the_order_of_the_program_is_restored() -> None:
    before = flint.ctx.cap
    with working_precision(100):
        TaylorForm(compile_expressions([exp(x)], [x])).enclose(flint.arb(0, 1), [])
    assert flint.ctx.cap == before
