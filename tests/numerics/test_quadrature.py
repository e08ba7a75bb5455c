"""Rigorous quadrature and antiderivatives of rational functions, against known integrals."""

from __future__ import annotations

from fractions import Fraction

import flint
import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lemmata.numerics.passage_integrals import analytic_passage_time, rational_passage_time
from lemmata.numerics.passage_times import OutOfReach, passage_time
from lemmata.numerics.power_laws import PowerLaw
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.quadrature import QuadratureFailed, integrate_analytic
from lemmata.numerics.rational_integrals import RationalIntegral

F = Fraction
ends = st.fractions(-3, 3, max_denominator=9)
integers = st.lists(st.integers(-6, 6), min_size=1, max_size=4)


@settings(max_examples=40)
@given(integers, ends, ends, st.integers(1, 60))
def test_polynomials_are_integrated(
    coefficients: list[int], low: Fraction, high: Fraction, digits: int
) -> None:
    polynomial = flint.fmpq_poly(coefficients)
    whole = polynomial.integral()
    at = [whole(flint.fmpq(x.numerator, x.denominator)) for x in (low, high)]
    found = integrate_analytic(lambda x, _: flint.acb_poly(polynomial)(x), low, high, digits)
    exact = at[1] - at[0]
    assert abs(found.mid().fmpq() - exact) <= found.rad().fmpq()
    assert found.rad() <= flint.arb(10) ** -digits * max(1, abs(float(exact)))


def test_known_integrals() -> None:
    with working_precision(400):
        assert integrate_analytic(lambda x, _: (-x * x).exp(), -20, 20, 50).overlaps(
            flint.arb.pi().sqrt() * flint.arb(20).erf()
        )
        third = integrate_analytic(lambda x, analytic: x.sqrt(analytic=analytic), 0, 1, 15)
        assert third.overlaps(flint.arb(2) / 3)
        assert integrate_analytic(lambda x, _: 1 / x, 1, flint.arb(1).exp(), 60).overlaps(1)


def test_the_flag_matters_where_there_are_branch_cuts() -> None:
    with working_precision(100):
        right = flint.arb(14) / 3
        assert integrate_analytic(lambda x, a: x.sqrt(analytic=a), 1, 4, 15).overlaps(right)
        # Planted error: the flag is not handed on.
        assert not integrate_analytic(lambda x, _: x.sqrt(), 1, 4, 15).overlaps(right)


@pytest.mark.parametrize("power", [1, 2, 3])
def test_poles_on_the_way_are_refused(power: int) -> None:
    with pytest.raises(QuadratureFailed, match="singular"):
        integrate_analytic(lambda x, _: 1 / (x - 1) ** power, 0, 2, 10)


def test_wide_ends_are_refused() -> None:
    with pytest.raises(QuadratureFailed, match="10 digits"):
        integrate_analytic(lambda x, _: x, 0, flint.arb(1, 1e-5), 10)


def test_arguments_are_checked_and_the_precision_is_restored() -> None:
    before = flint.ctx.prec
    with pytest.raises(ValueError, match="digits: 0"):
        integrate_analytic(lambda x, _: x, 0, 1, 0)
    with pytest.raises(TypeError, match="rational"):
        integrate_analytic(lambda x, _: x, 0, 0.5, 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"low: 0\.5"):
        integrate_analytic(lambda x, _: x, 0.5, 1, 10)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="high: nan is not finite"):
        integrate_analytic(lambda x, _: x, 0, flint.arb.nan(), 10)
    with pytest.raises(TypeError, match="f: 3 is not callable"):
        integrate_analytic(3, 0, 1, 10)  # type: ignore[arg-type]
    for value in (1, 0.5, flint.arb(1)):
        with pytest.raises(TypeError, match=r"f: .* was returned, .* flint.acb\(c\)"):
            integrate_analytic(lambda x, _, v=value: v, 0, 1, 10)  # type: ignore[misc]
    with pytest.raises(ZeroDivisionError):
        integrate_analytic(lambda x, _: 1 // 0, 0, 1, 10)  # type: ignore[return-value]
    assert flint.ctx.prec == before


factors = st.lists(
    st.tuples(integers.filter(lambda c: len(c) > 1 and c[-1]), st.integers(1, 3)),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60)
@given(integers.filter(any), factors, ends, ends)
def test_rational_functions_are_integrated(
    top: list[int], bottom: list[tuple[list[int], int]], low: Fraction, high: Fraction
) -> None:
    numerator, denominator = flint.fmpq_poly(top), flint.fmpz_poly([1])
    for coefficients, multiplicity in bottom:
        denominator *= flint.fmpz_poly(coefficients) ** multiplicity
    with working_precision(300):
        whole = exact_ball(low).union(exact_ball(high))
        poles = [root for root, _ in denominator.complex_roots() if root.imag == 0]
        assume(not any(whole.overlaps(root.real) for root in poles))
        integral = RationalIntegral(numerator, denominator)
        difference = integral(exact_ball(high)) - integral(exact_ball(low))

        def f(x: flint.acb, _: bool) -> flint.acb:
            return flint.acb_poly(numerator)(x) / flint.acb_poly(denominator)(x)

        try:
            assert difference.overlaps(integrate_analytic(f, low, high, 25))
        except QuadratureFailed:  # a pole next to the interval
            assume(False)
        assert difference.rad() < flint.arb(10) ** -20 * (1 + abs(difference))


def test_high_poles_give_exact_rational_parts() -> None:
    # 1/(x - 2)^5 has no logarithm at all.
    integral = RationalIntegral(flint.fmpq_poly([1]), flint.fmpz_poly([-2, 1]) ** 5)
    assert not integral._logarithms
    value = integral(flint.arb(3)) - integral(flint.arb(4))
    assert value.overlaps((flint.arb(1) / 16 - 1) / 4)


def test_an_independent_integral_of_a_rational_function() -> None:
    with mpmath.workdps(60):
        exact = mpmath.quad(lambda x: (x**3 + 2) / ((x * x + 1) ** 2 * (x + 1)), [0, 1, 2, 3])
        text = mpmath.nstr(exact, 50)
    denominator = flint.fmpz_poly([1, 0, 1]) ** 2 * flint.fmpz_poly([1, 1])
    with working_precision(220):
        integral = RationalIntegral(flint.fmpq_poly([2, 0, 0, 1]), denominator)
        value = integral(flint.arb(3)) - integral(flint.arb(0))
        assert abs(value - exact_ball(Fraction(text))) < flint.arb(10) ** -45


# Times of fields that are no power laws.

polynomials = st.lists(st.fractions(-4, 4, max_denominator=3), min_size=1, max_size=4).filter(any)


@settings(max_examples=60)
@given(polynomials, polynomials, ends, ends, st.integers(1, 40))
def test_times_of_rational_fields(
    top: list[Fraction], bottom: list[Fraction], start: Fraction, target: Fraction, digits: int
) -> None:
    assume(_exact(top).gcd(_exact(bottom)).degree() == 0)
    try:
        time = rational_passage_time(top, bottom, start, target, digits)
    except OutOfReach:
        over, under = (_exact(c) for c in (top, bottom))
        low, high = sorted((start, target))
        with working_precision(200):
            whole = exact_ball(low).union(exact_ball(high))
            roots = [r for p in (over, under) for r, _ in p.complex_roots() if r.imag == 0]
            assert any(whole.overlaps(root.real) for root in roots)
        return
    back = rational_passage_time(top, bottom, target, start, digits)

    def rate(x: flint.acb, _: bool) -> flint.acb:
        values = [sum(x**k * exact_ball(c) for k, c in enumerate(p)) for p in (bottom, top)]
        return values[0] / values[1]

    with working_precision(250):
        assert time.rad() <= flint.arb(10) ** -digits * abs(time)
        assert time.overlaps(-back)
        assert time.overlaps(integrate_analytic(rate, start, target, 12))


def _exact(coefficients: list[Fraction]) -> flint.fmpz_poly:
    return flint.fmpq_poly([flint.fmpq(c.numerator, c.denominator) for c in coefficients]).numer()


def test_a_field_of_any_kind_has_its_time() -> None:
    law = PowerLaw([(6, F(4, 3)), (-2, F(7, 3))])

    def field(x: flint.acb, analytic: bool) -> flint.acb:
        root = x.root(3) if not analytic or x.real > 0 else flint.acb(flint.arb.nan())
        return root**4 * 6 - root**7 * 2

    with working_precision(200):
        exact = passage_time(law, F(1, 1000), 2, 40)
        assert passage_time(field, F(1, 1000), 2, 30).overlaps(exact)
        assert analytic_passage_time(lambda x, _: x.sin(), F(1, 9), 1, 30).overlaps(
            (flint.arb(1) / 2).tan().log() - (flint.arb(1) / 18).tan().log()
        )
    with pytest.raises(OutOfReach, match="may vanish"):
        analytic_passage_time(lambda x, _: x.sin(), 3, 4, 10)
    with pytest.raises(OutOfReach, match="start"):
        analytic_passage_time(lambda x, _: x, -1, 4, 10)


def test_zeros_and_poles_of_rational_fields_are_never_passed() -> None:
    for top, bottom, start, target, what in (
        ([-2, 0, 1], [1], 1, 2, "zero"),
        ([-2, 1], [1], 1, 2, "zero"),
        ([-2, 1], [1], 2, 2, "zero"),
        ([1], [0, 1], -1, 1, "pole"),
    ):
        with pytest.raises(OutOfReach, match=what):
            rational_passage_time(top, bottom, start, target, 10)
    # The common factor x - 2 is no zero of the field.
    with working_precision(100):
        time = rational_passage_time([-4, 0, 1], [-2, 1], 1, 3, 20)
        assert time.overlaps((flint.arb(5) / 3).log())
    near = F(14142135623730950488, 10**19)
    assert rational_passage_time([-2, 0, 1], [1], 1, near, 20) < 0
    with pytest.raises(ValueError, match="bottom"):
        rational_passage_time([1], [0], 1, 2, 10)
    with pytest.raises(ValueError, match="digits"):
        rational_passage_time([1], [1], 1, 2, 0)
