"""The finite real sums of integer depth: exact derivatives, and numbers up to depth 1000."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from lemmata.numerics.balls import enclose
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.passage_times import PassageTime
from lemmata.numerics.power_laws import PowerLaw
from lemmata.numerics.precision import working_precision
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.theory.depth.finite_sums import finite_sum, root_sum
from sympy import Rational, Symbol

DIGITS = 30
x = Symbol("x", positive=True)
y = Symbol("y", positive=True)


def exact(depth: int) -> bool:
    """Whether F' = 1/(x^(2 - 2/D) (1 - x)) is shown identically."""
    slope = finite_sum(depth, x).diff(x)
    return vanishes(slope - x ** (Rational(2, depth) - 2) / (1 - x), [1 - x])


@pytest.mark.parametrize("depth", [*range(1, 13), 16, 18, 21, 24])
def test_the_derivative_is_exact(depth: int) -> None:
    assert exact(depth)


@pytest.mark.nightly
@pytest.mark.parametrize("depth", range(13, 31))
def test_the_derivative_is_exact_at_larger_depth(depth: int) -> None:
    """But for D = 15, where SymPy writes cos(2 pi/15) in nested roots with unknown relations."""
    assert exact(depth) is (depth != 15)


@pytest.mark.parametrize(("n", "r"), [(5, 1), (5, 2), (6, 2), (7, 5), (8, 3), (1, 1)])
def test_sums_over_roots_of_unity(n: int, r: int) -> None:
    assert vanishes(root_sum(n, r, y).diff(y) - y ** (r - 1) / (1 - y**n), [1 - y])


@pytest.mark.parametrize("depth", [3, 4, 7])
def test_a_wrong_sum_is_no_antiderivative(depth: int) -> None:
    """The sum of one depth is not that of the next, nor is it with its power dropped."""
    slope = finite_sum(depth + 1, x).diff(x)
    assert not vanishes(slope - x ** (Rational(2, depth) - 2) / (1 - x), [1 - x])
    partial = root_sum(depth, 2, x ** Rational(1, depth)).diff(x)
    assert not vanishes(depth * partial - x ** (Rational(2, depth) - 2) / (1 - x), [1 - x])


@pytest.mark.parametrize(
    "depth",
    [1, 2, 3, 4, 5, 6, 7, 10, 33, 100]
    + [pytest.param(depth, marks=pytest.mark.nightly) for depth in (333, 1000)],
)
def test_the_time_is_that_of_a_quadrature(depth: int) -> None:
    """D (F(x_f) - F(x_0)) against the passage time of x' = x^(2 - 2/D) (1 - x)."""
    p = 2 - Fraction(2, depth)
    start, end = Fraction(1, 1000), Fraction(19, 20)
    program = compile_expressions([finite_sum(depth, x)], [x])
    (first,), (last,) = (enclose(program, [point], DIGITS + 5) for point in (start, end))
    law = PowerLaw([(1, p), (-1, p + 1)])
    reference = PassageTime(law, start, route="quadrature").time_to(end, DIGITS)
    with working_precision(256):
        time = last - first
        assert time.overlaps(reference)
        assert time.rad() < arb(10) ** (5 - DIGITS)
