"""Passage times by three routes that must agree, their inversion, and what has no answer."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lemmata.numerics import passage_routes
from lemmata.numerics.laurent_flows import LaurentFlow
from lemmata.numerics.passage_routes import ROUTES, HypergeometricRoute
from lemmata.numerics.passage_times import OutOfReach, PassageTime, passage_time
from lemmata.numerics.power_laws import PowerLaw, integrate_power_law
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.quadrature import QuadratureFailed

F = Fraction
positive = st.fractions(F(1, 20), 50, max_denominator=20)
exponents = st.fractions(-2, 4, max_denominator=6)
coefficients = st.fractions(-5, 5, max_denominator=4).filter(bool)
laws = st.lists(st.tuples(coefficients, exponents), min_size=1, max_size=4).map(PowerLaw)
quick = settings(max_examples=60)


def mode(depth: int) -> PowerLaw:
    """x' = n x^(2 - 2/n) (3 - x)."""
    p = 2 - F(2, depth)
    return PowerLaw([(3 * depth, p), (-depth, p + 1)])


LOGISTIC = PowerLaw([(6, 1), (-2, 2)])


@quick
@given(laws, positive, positive, st.integers(1, 50))
@example(mode(99), F(1, 1000), F(297, 100), 50)
@example(mode(7), F(5), F(31, 10), 40)
def test_routes_agree(law: PowerLaw, start: Fraction, target: Fraction, digits: int) -> None:
    assume(law.terms)
    found = {}
    routes = ROUTES if HypergeometricRoute.applies(LaurentFlow(law)) else (ROUTES[0], ROUTES[2])
    for route in routes:
        try:
            found[route] = passage_time(law, start, target, digits, route=route)
        except OutOfReach:
            found[route] = None
    with working_precision(300):
        first = found["logarithms"]
        assert all((other is None) == (first is None) for other in found.values())
        for ball in filter(None, found.values()):
            assert ball.overlaps(first)
            assert ball.rad() <= flint.arb(10) ** -digits * abs(ball)


@quick
@given(laws, positive, st.fractions(-3, 3, max_denominator=40), st.integers(1, 40))
def test_value_and_time_are_inverse(
    law: PowerLaw, start: Fraction, t: Fraction, digits: int
) -> None:
    passage = PassageTime(law, start)
    try:
        x = passage.value_at(t, digits)
    except OutOfReach:
        return
    assert x > 0
    assert x.rad() <= flint.arb(10) ** -digits * x
    if passage.at_rest or not t:
        assert x.overlaps(exact_ball(start))
        return
    # On one side of the ball time has not come yet, on the other it is over, unless a zero of
    # the field lies in the ball: there is no time for it.
    middle, radius = _fraction(x.mid()), _fraction(x.rad())
    radius += middle / 10**50
    try:
        early, late = sorted(
            (passage.time_to(middle + sign * radius, 80) for sign in (-1, 1)),
            key=lambda s: s.mid(),
        )
    except OutOfReach:
        return
    with working_precision(400):
        assert early < exact_ball(t) < late


def _fraction(x: flint.arb) -> Fraction:
    exact = x.fmpq()
    return Fraction(int(exact.p), int(exact.q))


@settings(max_examples=25)
@given(laws, positive, st.fractions(F(1, 20), 2, max_denominator=20))
def test_inversion_and_taylor_integration_agree(
    law: PowerLaw, start: Fraction, t: Fraction
) -> None:
    try:
        x = PassageTime(law, start).value_at(t, 15)
        y = integrate_power_law(law, start, [t], 15, max_steps=150).values[0]
    except (OutOfReach, ArithmeticError):
        return
    assert x.overlaps(y)


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6, 9, 10, 24, 99])
@pytest.mark.parametrize("start", [F(1, 10**30), F(1, 1000), 3 - F(1, 10**30), 3 + F(1, 10**9)])
def test_modes_of_all_depths_pass_from_anywhere(depth: int, start: Fraction) -> None:
    passage = PassageTime(mode(depth), start)
    target = start / 2 if start < 3 else 2 * start
    time = passage.time_to(target, 50)
    assert time < 0
    again = passage.value_at(_fraction(time.mid()), 40)
    with working_precision(200):
        assert abs(again - exact_ball(target)) < flint.arb(10) ** -38 * target.numerator
    quadrature = passage_time(mode(depth), start, target, 50, route="quadrature")
    with working_precision(200):
        assert quadrature.overlaps(time)


@pytest.mark.nightly
@pytest.mark.parametrize("depth", [2, 3, 4, 9, 99])
@pytest.mark.parametrize("digits", [300, 1000])
def test_routes_agree_at_many_digits(depth: int, digits: int) -> None:
    target = F(297, 100)
    routes = [route for route in ROUTES if route != "hypergeometric" or depth > 2]
    times = [passage_time(mode(depth), F(1, 1000), target, digits, route=r) for r in routes]
    with working_precision(4 * digits):
        assert all(t.overlaps(times[0]) for t in times)
        assert all(t.rad() <= flint.arb(10) ** -digits * t for t in times)


def test_logistic_time_is_a_logarithm() -> None:
    time = passage_time(LOGISTIC, F(1, 1000), F(297, 100), 60)
    with working_precision(300):
        exact = (exact_ball(F(297, 100) * F(2999, 1000) / (F(1, 1000) * F(3, 100)))).log() / 6
        assert time.overlaps(exact)


@pytest.mark.parametrize("t", [F(1, 10**40), F(-1, 10**40), F(1), F(12), F(10**6), F(-30)])
def test_times_of_every_size(t: Fraction) -> None:
    passage = PassageTime(LOGISTIC, F(1, 10**30))
    x = passage.value_at(t, 50)
    with working_precision(600):
        exact = 3 / (1 + (3 * exact_ball(F(10**30)) - 1) * exact_ball(-6 * t).exp())
        assert x.overlaps(exact)
        assert x.rad() <= flint.arb(10) ** -50 * x
        assert 0 < x.upper()


def test_the_approach_to_a_zero_ends_in_a_ball_that_touches_it() -> None:
    x = PassageTime(mode(99), F(1, 1000)).value_at(10**30, 30)
    assert x.contains(3)
    assert x.rad() <= flint.arb(10) ** -29


def test_a_double_zero_is_approached_slowly() -> None:
    # 1/(1 - x) grows by one in a unit of time.
    x = PassageTime(PowerLaw([(1, 0), (-2, 1), (1, 2)]), F(1, 2)).value_at(10**10, 40)
    with working_precision(200):
        assert x.overlaps(1 - exact_ball(F(1, 10**10 + 2)))


def test_a_start_at_rest_stays() -> None:
    for law, start in (
        (LOGISTIC, 3),
        (PowerLaw([]), 7),
        (PowerLaw([(2, 0), (-1, F(1, 3))]), 8),  # irrational in between: 8^(1/3) = 2
        (PowerLaw([(1, 0), (-2, 1), (1, 2)]), 1),
    ):
        passage = PassageTime(law, start)
        assert passage.at_rest
        assert passage.value_at(100, 20).contains(start)
        assert passage.time_to(start, 20) == 0
        with pytest.raises(OutOfReach, match="rests"):
            passage.time_to(2 * start, 20)
    assert not PassageTime(PowerLaw([(2, 0), (-1, F(1, 3))]), 8 + F(1, 10**40)).at_rest


@pytest.mark.parametrize(
    ("start", "target"), [(1, 3), (1, 4), (4, 3), (4, 2), (1, 0), (1, -2), (3 - F(1, 10**50), 3)]
)
def test_what_is_never_reached_says_so(start: Fraction, target: Fraction) -> None:
    for route in (None, "quadrature"):
        with pytest.raises(OutOfReach, match="target"):
            passage_time(LOGISTIC, start, target, 30, route=route)


@pytest.mark.parametrize(
    ("law", "last"),
    [
        (PowerLaw([(1, 2)]), F(1)),  # 1/(1 - t)
        (PowerLaw([(-1, F(1, 2))]), F(2)),  # (1 - t/2)^2
        (PowerLaw([(-2, 2)]), F(-1, 2)),  # 1/(1 + 2 t)
        (PowerLaw([(1, -1)]), F(-1, 2)),  # (1 + 2 t)^(1/2)
    ],
)
def test_the_end_of_a_solution_says_so(law: PowerLaw, last: Fraction) -> None:
    passage = PassageTime(law, 1)
    assert passage.value_at(last * (1 - F(1, 10**20)), 20).is_finite()
    for t in (last, last * (1 + F(1, 10**20)), 2 * last):
        with pytest.raises(OutOfReach, match="time") as refused:
            passage.value_at(t, 20)
    ball = str(refused.value).split(" at t = ")[1].split(":")[0]
    assert flint.arb(ball).contains(exact_ball(last))
    assert flint.arb(ball).rad() < 1e-5


def test_negative_times_lead_back() -> None:
    assert passage_time(LOGISTIC, F(1, 10), F(1, 100), 20) < 0
    assert passage_time(LOGISTIC, 5, 6, 20) < 0
    assert PassageTime(LOGISTIC, 5).value_at(F(-1, 100), 20) > 5


def test_arguments_are_checked() -> None:
    passage = PassageTime(LOGISTIC, 1)
    with pytest.raises(ValueError, match="start: -1 is not positive"):
        PassageTime(LOGISTIC, -1)
    with pytest.raises(TypeError, match="start"):
        PassageTime(LOGISTIC, 0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="route: 'guess' is unknown"):
        PassageTime(LOGISTIC, 1, route="guess")
    for route in ("guess", 3):  # at rest as well
        with pytest.raises(ValueError, match=r"route: .* is unknown"):
            PassageTime(LOGISTIC, 3, route=route)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"law: .* is no PowerLaw"):
        PassageTime([(1, 1)], 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"digits: 2\.5"):
        passage.time_to(2, 2.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two terms"):
        PassageTime(LOGISTIC, 1, route="hypergeometric")
    with pytest.raises(ValueError, match="common denominator"):
        PassageTime(PowerLaw([(1, 1), (1, F(7, 5)), (1, F(10**6 + 1, 10**6))]), 1)
    for call in (passage.time_to, passage.value_at):
        with pytest.raises(ValueError, match="digits"):
            call(2, 0)
        with pytest.raises(TypeError, match="rational"):
            call(0.5, 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="coefficient"):
        PowerLaw([(0.5, 1)])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="exponent"):
        PowerLaw([(1, 0.5)])  # type: ignore[list-item]


def test_precision_is_restored() -> None:
    before = flint.ctx.prec
    passage = PassageTime(mode(3), 1)
    passage.value_at(F(1, 10), 80)
    passage.time_to(2, 80)
    with pytest.raises(OutOfReach):
        PassageTime(PowerLaw([(1, 2)]), 1).value_at(2, 10)
    assert flint.ctx.prec == before


def test_the_hypergeometric_form_holds_on_both_sides_of_the_zero() -> None:
    flow = PassageTime(mode(5), 1).flow
    below, beyond = (HypergeometricRoute(flow, beyond=side) for side in (False, True))
    with working_precision(128):
        inside, outside = flow.into(F(1)), flow.into(F(5))
        assert below.primitive(inside).is_finite()
        assert not below.primitive(outside).is_finite()
        assert beyond.primitive(outside).is_finite()
        assert not beyond.primitive(inside).is_finite()


@pytest.mark.parametrize("gap", [F(1, 1000), F(1, 10**6), F(-1, 1000)])
def test_quadrature_comes_close_to_a_double_zero(gap: Fraction) -> None:
    law = PowerLaw([(1, 0), (-2, 1), (1, 2)])  # x' = (1 - x)^2, t = 1/(1 - x) - 1/(1 - x0)
    start = 1 - 500 * gap
    found = PassageTime(law, start, route="quadrature").time_to(1 - gap, 20)
    assert found.overlaps(exact_ball(1 / gap - 1 / (500 * gap)))


def test_quadrature_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage_routes, "EVALUATIONS_PER_BIT", 10)
    monkeypatch.setattr(passage_routes, "EVALUATIONS", 0)
    passage = PassageTime(PowerLaw([(1, 0), (-2, 1), (1, 2)]), F(1, 2), route="quadrature")
    with pytest.raises(QuadratureFailed, match=r"evaluations .* give route='logarithms'"):
        passage.time_to(1 - F(1, 10**8), 20)
