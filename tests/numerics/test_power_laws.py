"""Power laws: algebra of the change of variable, and validated Taylor integration."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lemmata.numerics.power_laws import IntegrationFailed, PowerLaw, integrate_power_law
from lemmata.numerics.power_steps import rational_power
from lemmata.numerics.precision import exact_ball, working_precision

F = Fraction
exponents = st.fractions(-2, 4, max_denominator=7)
coefficients = st.fractions(-5, 5, max_denominator=4)
laws = st.lists(st.tuples(coefficients, exponents), max_size=4).map(PowerLaw)


def bernoulli(c: Fraction, d: Fraction, m: Fraction, start: Fraction, t: Fraction) -> flint.arb:
    """x' = c x - d x^(1 + m)."""
    rest, first = exact_ball(d / c), rational_power(exact_ball(start), -m)
    return rational_power(rest + (first - rest) * exact_ball(-c * m * t).exp(), -1 / m)


@given(laws, st.fractions(F(1, 9), 9, max_denominator=9), st.sampled_from([F(2), F(-1, 3)]))
def test_a_substitution_keeps_the_flow(law: PowerLaw, x: Fraction, e: Fraction) -> None:
    # y = x^e moves with y' = e x^(e-1) x'.
    y = rational_power(exact_ball(x), e)
    moved = PowerLaw(law.substituted(e))(y)
    assert moved.overlaps(exact_ball(e) * rational_power(exact_ball(x), e - 1) * law(exact_ball(x)))


@given(laws)
def test_powers_are_integers_in_the_grain(law: PowerLaw) -> None:
    grain = law.grain()
    multiples = [(p - 1) / grain for _, p in law.terms]
    assert grain > 0
    assert all(n.denominator == 1 for n in multiples)
    assert (
        not multiples
        or flint.fmpz(0).gcd(
            sum((flint.fmpz_poly([int(n)]) for n in multiples), flint.fmpz_poly([]))[0]
        )
        >= 0
    )


@given(laws, st.fractions(F(1, 9), 9, max_denominator=9))
def test_the_derivative_is_one(law: PowerLaw, x: Fraction) -> None:
    with working_precision(200):
        h = exact_ball(F(1, 10**12))
        slope = (law(exact_ball(x) + h) - law(exact_ball(x) - h)) / (2 * h)
        bend = flint.arb(0, 10**9) * h  # of third derivatives up to 10^20
        assert law.derivative(exact_ball(x)).overlaps(slope + bend)


@settings(max_examples=40)
@given(
    coefficients.filter(bool),
    coefficients.filter(bool),
    st.fractions(-3, 3, max_denominator=5).filter(bool),
    st.fractions(F(1, 10), 5, max_denominator=10),
    st.fractions(0, 2, max_denominator=20),
    st.integers(1, 40),
)
@example(F(1), F(1, 3), F(97, 99), F(1, 1000), F(2), 30)
@example(F(-1), F(-1), F(-7, 5), F(1, 1000), F(1, 10), 20)
def test_bernoulli_equations_are_enclosed(
    c: Fraction, d: Fraction, m: Fraction, start: Fraction, t: Fraction, digits: int
) -> None:
    law = PowerLaw([(c, 1), (-d, 1 + m)])
    try:
        found = integrate_power_law(law, start, [t / 3, t], digits, max_steps=200)
    except IntegrationFailed:
        return
    with working_precision(400):
        for time, x in zip(found.times, found.values, strict=True):
            assert x.overlaps(bernoulli(c, d, m, start, time))
            size = flint.arb.max(flint.arb(1), abs(x).upper())
            assert x.rad() <= flint.arb(10) ** -digits * size
        assert found.at(t / 2).overlaps(bernoulli(c, d, m, start, t / 2))
        if t:
            low, high = found.over(t / 4, t / 2), bernoulli(c, d, m, start, t / 4)
            assert low[0].overlaps(high)
            assert low[0].contains(found.at(t / 3).mid())


@pytest.mark.parametrize("depth", [2, 3, 4, 7, 99])
def test_modes_of_all_depths_reach_the_level_of_their_time(depth: int) -> None:
    from lemmata.numerics.passage_times import passage_time

    p = 2 - F(2, depth)
    law, level = PowerLaw([(3 * depth, p), (-depth, p + 1)]), F(297, 100)
    time = passage_time(law, F(1, 1000), level, 40)
    exact = time.mid().fmpq()
    t = F(int(exact.p), int(exact.q))
    (x,) = integrate_power_law(law, F(1, 1000), [t], 30).values
    with working_precision(200):
        assert abs(x - exact_ball(level)) < flint.arb(10) ** -29 * 30


@pytest.mark.parametrize(
    ("law", "end"),
    [
        (PowerLaw([(1, 2)]), 1),  # polynomial, grows without bound at 1
        (PowerLaw([(-1, F(1, 2))]), 2),  # reaches 0 at 2
        (PowerLaw([(1, F(3, 2)), (1, F(7, 5)), (1, 3)]), 1),
        (PowerLaw([(-1, F(1, 3)), (-1, 0), (-1, F(5, 7))]), 1),
    ],
)
def test_a_solution_that_ends_is_reported(law: PowerLaw, end: int) -> None:
    for t in (end, 2 * end):
        with pytest.raises(IntegrationFailed, match="collapses") as caught:
            integrate_power_law(law, 1, [t], 15)
        assert 0 < caught.value.reached <= end
        assert not caught.value.state[0] < 0


def test_small_starts_and_zero_time() -> None:
    law = PowerLaw([(1, F(4, 3)), (-1, F(9, 4))])
    found = integrate_power_law(law, F(1, 10**30), [0, 1], 40)
    with working_precision(300):
        assert found.values[0].overlaps(exact_ball(F(1, 10**30)))
        assert abs(found.values[1] - exact_ball(F(1, 10**30))) < flint.arb(10) ** -39
    assert integrate_power_law(PowerLaw([]), 5, [10], 20).values[0].contains(5)


def test_balls_of_times_are_covered() -> None:
    law = PowerLaw([(6, 1), (-2, 2)])
    found = integrate_power_law(law, F(1, 1000), [3], 30)
    times = exact_ball(F(1)).union(exact_ball(F(3, 2)))
    ball = found.at(times)
    with working_precision(200):
        for t in (F(1), F(6, 5), F(3, 2)):
            assert ball.overlaps(bernoulli(F(6), F(2), F(1), F(1, 1000), t))
    with pytest.raises(ValueError, match="outside"):
        found.at(exact_ball(F(29, 10)).union(exact_ball(F(31, 10))))


@pytest.mark.parametrize("radius", [1, 3, 9])
def test_wide_balls_of_times_are_covered(radius: int) -> None:
    start = F(1, 1000)
    found = integrate_power_law(PowerLaw([(1, 1), (-1, 2)]), start, [20], 30)
    ball = found.at(flint.arb(10, radius))
    ends = [bernoulli(F(1), F(1), F(1), start, F(10 + sign * radius)) for sign in (-1, 1)]
    assert ball.overlaps(ends[0])
    assert ball.overlaps(ends[1])
    assert ball.rad() < (ends[1] - ends[0]) * 0.51
    with pytest.raises(ValueError, match="time: nan is not finite"):
        found.at(flint.arb.nan())
    with pytest.raises(ValueError, match="low, high: 2 is above 1"):
        found.over(2, 1)


def test_arguments_are_checked() -> None:
    law = PowerLaw([(1, 1)])
    with pytest.raises(TypeError, match=r"law: .* is no PowerLaw"):
        integrate_power_law([(1, 1)], 1, [1], 10)  # type: ignore[arg-type]
    for terms in ([1, 2], [(1, 2, 3)], "ab", None):
        with pytest.raises(TypeError, match=r"terms: .* give pairs"):
            PowerLaw(terms)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="times: 1 is not a sequence"):
        integrate_power_law(law, 1, 1, 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="digits: True"):
        integrate_power_law(law, 1, [1], True)
    with pytest.raises(ValueError, match="start: 0 is not positive"):
        integrate_power_law(law, 0, [1], 10)
    with pytest.raises(ValueError, match="times"):
        integrate_power_law(law, 1, [], 10)
    with pytest.raises(ValueError, match="times"):
        integrate_power_law(law, 1, [-1], 10)
    with pytest.raises(ValueError, match="digits"):
        integrate_power_law(law, 1, [1], 0)
    with pytest.raises(TypeError, match="start"):
        integrate_power_law(law, 0.5, [1], 10)  # type: ignore[arg-type]
    assert not law(flint.arb(-1)).is_finite()
    assert not law.derivative(flint.arb(0, 1)).is_finite() or law.terms[0][1] == 1
