"""Events: every crossing found once, none invented, tangencies left undecided."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.events import Quantity, crossings, first_crossing
from lemmata.numerics.passage_times import passage_time
from lemmata.numerics.polynomial_fields import PolynomialField
from lemmata.numerics.power_laws import PowerLaw, integrate_power_law
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.taylor import Trajectory, integrate_field

F = Fraction
ROTATION = PolynomialField([[(1, (0, 1))], [(-1, (1, 0))]])  # (sin, cos) from (0, 1)
SINE = [(1, (1, 0))]


@pytest.fixture(scope="module")
def turns() -> Trajectory:
    return integrate_field(ROTATION, [0, 1], [F(63, 5)], 30)


@settings(max_examples=25)
@given(st.fractions(F(-9, 10), F(9, 10), max_denominator=20))
def test_every_crossing_of_a_sine_is_found_once(level: Fraction) -> None:
    trajectory = integrate_field(ROTATION, [0, 1], [F(63, 5)], 30)
    found = crossings(trajectory, SINE, level, start=F(1, 100), digits=25)
    assert not found.undecided
    with working_precision(200):
        angle, pi = exact_ball(level).asin(), flint.arb.pi()
        exact = [angle + 2 * pi * k for k in range(-1, 4)] + [
            pi - angle + 2 * pi * k for k in range(-1, 4)
        ]
        exact = sorted(
            (t for t in exact if F(1, 100) < F(float(t.mid())) < F(63, 5)), key=lambda t: t.mid()
        )
        assert len(found.proved) == len(exact)
        assert all(t.overlaps(e) for t, e in zip(found.proved, exact, strict=True))
        assert all(t.rad() < flint.arb(10) ** -24 * 13 for t in found.proved)


def test_products_of_variables_and_intervals(turns: Trajectory) -> None:
    # sin cos = 1/4 at pi/12, 5 pi/12 and so on, every pi.
    found = crossings(turns, [(1, (1, 1))], F(1, 4), start=3, end=6)
    with working_precision(100):
        pi = flint.arb.pi()
        exact = [pi * 13 / 12, pi * 17 / 12]
        assert len(found.proved) == 2
        assert not found.undecided
        assert all(t.overlaps(e) for t, e in zip(found.proved, exact, strict=True))


def test_a_quantity_given_by_functions(turns: Trajectory) -> None:
    quantity = Quantity(lambda x: x[0].exp(), lambda x: x[0].exp() * x[1])
    found = crossings(turns, quantity, 2, end=4, digits=20)
    with working_precision(150):
        angle = flint.arb(2).log().asin()
        exact = (angle, flint.arb.pi() - angle)
        assert all(t.overlaps(e) for t, e in zip(found.proved, exact, strict=True))


def test_a_level_that_is_touched_stays_undecided(turns: Trajectory) -> None:
    found = crossings(turns, SINE, 1, end=4)
    assert not found.proved
    with working_precision(150):
        assert any(part.overlaps(flint.arb.pi() / 2) for part in found.undecided)
    with pytest.raises(ArithmeticError, match="level: 1 is not shown"):
        first_crossing(turns, SINE, 1, end=4)


def test_a_quantity_that_stays_at_the_level_is_undecided(turns: Trajectory) -> None:
    # x^2 + y^2 = 1 all the time.
    found = crossings(turns, [(1, (2, 0)), (1, (0, 2))], 1, end=2, max_intervals=200)
    assert not found.proved
    assert len(found.undecided) == 1


def test_a_level_that_is_missed_is_not_reported(turns: Trajectory) -> None:
    found = crossings(turns, SINE, F(10001, 10000))
    assert not found.proved
    assert not found.undecided


def test_a_false_rate_is_noticed(turns: Trajectory) -> None:
    # Planted error: called monotone, the sine loses the crossings that come in pairs.
    right = crossings(turns, SINE, F(1, 2), end=3)
    wrong = crossings(turns, Quantity(lambda x: x[0], lambda x: flint.arb(1)), F(1, 2), end=3)
    assert len(right.proved) == 2
    assert len(wrong.proved) != 2


def test_the_time_of_a_level_is_the_passage_time() -> None:
    for depth in (2, 5):
        p = 2 - F(2, depth)
        law = PowerLaw([(3 * depth, p), (-depth, p + 1)])
        trajectory = integrate_power_law(law, F(1, 100), [4], 40)
        found = first_crossing(trajectory, [(1, (1,))], F(3, 2), digits=30)
        with working_precision(200):
            assert found.overlaps(passage_time(law, F(1, 100), F(3, 2), 40))
            assert found.rad() < flint.arb(10) ** -29


def test_the_first_crossing_comes_first(turns: Trajectory) -> None:
    with working_precision(100):
        assert first_crossing(turns, SINE, F(1, 2)).overlaps(flint.arb.pi() / 6)
        later = first_crossing(turns, SINE, F(1, 2), start=3)
        assert later.overlaps(flint.arb.pi() * 13 / 6)


def test_arguments_are_checked(turns: Trajectory) -> None:
    with pytest.raises(ValueError, match="start, end"):
        crossings(turns, SINE, start=3, end=2)
    with pytest.raises(ValueError, match="start, end"):
        crossings(turns, SINE, end=100)
    with pytest.raises(ValueError, match="exponents"):
        crossings(turns, [(1, (1,))])
    with pytest.raises(TypeError, match="trajectory: None"):
        crossings(None, SINE)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="quantity: 5"):
        crossings(turns, 5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="level"):
        crossings(turns, SINE, 0.5)  # type: ignore[arg-type]


def test_balls_of_times_cover_their_values(turns: Trajectory) -> None:
    for low, high in ((F(0), F(1, 10)), (F(1), F(1)), (F(1), F(5, 2)), (F(12), F(63, 5))):
        x, y = turns.over(low, high)
        with working_precision(150):
            for share in (F(0), F(1, 3), F(1)):
                sin, cos = exact_ball(low + share * (high - low)).sin_cos()
                assert x.overlaps(sin)
                assert y.overlaps(cos)
            assert x.rad() < exact_ball(high - low) + flint.arb(10) ** -25
    with pytest.raises(ValueError, match="outside"):
        turns.over(F(12), F(13))
