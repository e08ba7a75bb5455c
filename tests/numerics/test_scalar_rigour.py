"""Ten thousand random scalar problems against closed forms at 400 digits; planted errors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import flint
import mpmath
import pytest
from lemmata.numerics import flow_guesses, marching, rational_integrals, taylor_steps
from lemmata.numerics.flow_guesses import Guess, GuessTable
from lemmata.numerics.flow_inversion import Inversion
from lemmata.numerics.laurent_flows import LaurentFlow
from lemmata.numerics.marching import BOUND_BITS, IntegrationFailed
from lemmata.numerics.passage_times import OutOfReach, PassageTime
from lemmata.numerics.polynomial_fields import PolynomialField
from lemmata.numerics.power_laws import PowerLaw, integrate_power_law
from lemmata.numerics.power_steps import PowerField, PowerMarch
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.rational_integrals import RationalIntegral
from lemmata.numerics.taylor_steps import FieldMarch, TubeMarch

from . import scalar_problems as problems
from .scalar_problems import Problem, number, reference

TIMES = 4
TINY = flint.arb(2) ** -(2**34)  # values nearer to 0 than this may be refused


def verdict(ball: flint.arb, exact: flint.arb, digits: int) -> bool:
    """Whether the ball overlaps the reference and is as narrow as was promised."""
    with working_precision(problems.REFERENCE_BITS):
        narrow = ball.rad() <= flint.arb(10) ** -digits * abs(ball)
        return bool(ball.overlaps(exact)) and bool(narrow)


def misses(
    rng: random.Random, laws: int, *, may_refuse: bool = False
) -> Iterator[tuple[Problem, object]]:
    """What goes wrong in `laws` problems, each asked for x at four times and for one t.

    A missing answer is wrong unless it `may_refuse`.
    """
    for _ in range(laws):
        with mpmath.workdps(problems.REFERENCE_DIGITS):
            problem = problems.draw(rng)
            times = problems.times(rng, problem, TIMES)
            values = [reference(problem.value(number(t))) for t in times]
            first = problem.value(number(times[0]))
            writable = abs(mpmath.log10(first)) < 300
            target = problems.rounded(first, 60) if writable else problem.start
        passage, digits = PassageTime(problem.law, problem.start), rng.choice((10, 20, 40))
        for t, exact in zip(times, values, strict=True):
            try:
                ball = passage.value_at(t, digits)
            except OutOfReach:
                if exact > TINY:
                    yield problem, t
                continue
            except ArithmeticError:
                if not may_refuse:
                    yield problem, t
                continue
            if not verdict(ball, exact, digits):
                yield problem, t
        if is_apart(problem, target):
            with mpmath.workdps(problems.REFERENCE_DIGITS):
                exact = reference(problem.time(number(target)))
            if not verdict(passage.time_to(target, digits), exact, digits):
                yield problem, target


def is_apart(problem: Problem, target: Fraction) -> bool:
    """Whether rounding cannot have moved the target onto the start or beyond a zero."""
    with mpmath.workdps(problems.SHOWN_DIGITS):
        terms = [number(c) * number(target) ** number(p) for c, p in problem.law.terms]
        whole = mpmath.fsum(terms, absolute=True)
        return target != problem.start and abs(mpmath.fsum(terms)) > whole * mpmath.mpf(10) ** -45


def test_ten_thousand_problems_are_enclosed() -> None:
    assert list(misses(random.Random(20260), 2500)) == []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_thousand_problems_are_enclosed(seed: int) -> None:
    assert list(misses(random.Random(seed), 2500)) == []


@pytest.mark.parametrize("seed", [7, pytest.param(8, marks=pytest.mark.nightly)])
def test_taylor_integration_is_enclosed(seed: int) -> None:
    count = 120 if seed == 7 else 1000
    assert list(taylor_misses(random.Random(seed), count)) == []


def taylor_misses(rng: random.Random, count: int) -> Iterator[tuple[Problem, object]]:
    """What goes wrong in integrations over a few time scales of the start."""
    failures = 0
    for _ in range(count):
        with mpmath.workdps(problems.REFERENCE_DIGITS):
            problem = problems.draw(rng)
            t = abs(problems.times(rng, problem, 1)[0])
            if problem.life is not None and problem.life < 0:
                t /= 4
            exact = reference(problem.value(number(t)))
        digits = rng.choice((10, 20, 40))
        try:
            found = integrate_power_law(problem.law, problem.start, [t], digits, max_steps=200)
        except IntegrationFailed:
            failures += 1
            continue
        with working_precision(problems.REFERENCE_BITS):
            (ball,) = found.values
            bound = flint.arb(10) ** -digits * flint.arb.max(flint.arb(1), abs(ball))
            if not (ball.overlaps(exact) and ball.rad() <= bound):
                yield problem, t
    assert failures < count / 3


# Nothing is trusted of the guesses.


def test_poor_guesses_cost_time_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuessTable, "_polish", overrated)
    assert list(misses(random.Random(3), 60, may_refuse=True)) == []


def overrated(table: GuessTable, way: object, point: flow_guesses._Point, t: flint.arb) -> Guess:
    """A guess as interpolated, with the claim that no Taylor step is needed."""
    return Guess(point.z, 1e6, 0.0, 0.0)


@pytest.fixture
def wide_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors of the size of the solution may be carried on, by sharp bounds of their growth."""
    monkeypatch.setattr(marching, "LARGEST_ERROR", Fraction(1))
    monkeypatch.setattr(taylor_steps, "TUBE_PIECES", 64)
    monkeypatch.setattr(taylor_steps, "TUBE_SLACK", 2)


# Planted errors: every one of them has to be noticed.


def noticed(*, may_refuse: bool = True) -> bool:
    """Whether balls are wrong; balls that are only missing do not count."""
    return any(True for _ in misses(random.Random(5), 150, may_refuse=may_refuse))


def test_nothing_is_noticed_without_an_error() -> None:
    assert not noticed(may_refuse=False)


def test_a_dropped_remainder_of_the_inversion_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    taylor = LaurentFlow.taylor

    def truncated(self: LaurentFlow, z: flint.arb) -> tuple[flint.arb, ...]:
        return (*taylor(self, z)[:3], flint.arb(0))

    monkeypatch.setattr(GuessTable, "_polish", overrated)
    monkeypatch.setattr(LaurentFlow, "taylor", truncated)
    assert noticed()


def test_a_box_that_is_not_verified_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuessTable, "_polish", overrated)
    monkeypatch.setattr(Inversion, "_confine", lambda self, z, left, speed: z)
    assert noticed()


def test_a_wrong_branch_of_the_logarithm_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # A cut upwards instead of to the left is met where the path passes above a pole.
    def cut(z: flint.arb, pole: flint.acb) -> flint.acb:
        return ((z - pole) * flint.acb(0, -1)).log() + flint.acb(0, 1) * flint.arb.pi() / 2

    assert cut(flint.arb(2), flint.acb(1, 1)).overlaps(
        rational_integrals._log_lower(flint.arb(2), flint.acb(1, 1))
    )
    monkeypatch.setattr(rational_integrals, "_log_lower", cut)
    around = RationalIntegral(flint.fmpq_poly([1]), flint.fmpz_poly([2, -2, 1]))  # 1 +- i
    right = flint.arb(1).atan() + flint.arb(2).atan()  # of 1/((z - 1)^2 + 1) from -1 to 2
    assert not (around(flint.arb(2)) - around(flint.arb(-1))).overlaps(right)


def test_a_missing_multiplicity_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    reduce = RationalIntegral._reduce
    monkeypatch.setattr(
        RationalIntegral, "_reduce", lambda self, top, factor, power: reduce(self, top, factor, 1)
    )
    assert noticed()


def test_a_zero_that_is_overlooked_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    logistic = PassageTime(PowerLaw([(6, 1), (-2, 2)]), 1)
    with pytest.raises(OutOfReach):
        logistic.time_to(4, 20)
    monkeypatch.setattr(PassageTime, "is_inside", lambda self, z: True)
    assert logistic.time_to(4, 20).is_finite()


def test_a_life_that_is_cut_short_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LaurentFlow, "time_left", lambda self, z, upwards: flint.arb(0))
    assert noticed()


def test_a_time_rounded_to_its_midpoint_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    between = PassageTime.time_between
    monkeypatch.setattr(PassageTime, "time_between", lambda self, z: between(self, z).mid())
    assert noticed()


def test_a_dropped_defect_of_taylor_steps_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FieldMarch, "_defect", lambda self, proposal, length: flint.arb(0))
    assert any(True for _ in taylor_misses(random.Random(7), 40))


def test_a_dropped_remainder_of_powers_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert power_defects_hold()
    monkeypatch.setattr(PowerMarch, "_gap", lambda self, p, u, r, ranges: flint.arb(0))
    assert not power_defects_hold()


def power_defects_hold() -> bool:
    """The defect bound of y' = y^(1/2) - y^(-1/3), on polynomials that are no solutions."""
    rng, bits, length = random.Random(1), 80, Fraction(1, 4)
    field = PowerField([(Fraction(1), Fraction(1, 2)), (Fraction(-1), Fraction(-1, 3))])
    with mpmath.workdps(30):
        for _ in range(20):
            p = [rng.uniform(1, 2), *(rng.uniform(-0.2, 0.2) for _ in range(3))]
            us = [[p[0] ** r, *(rng.uniform(-0.3, 0.3) for _ in range(3))] for r in (0.5, -1 / 3)]
            march = PowerMarch(field, exact_ball(Fraction(p[0])), Fraction(1), bits, max_steps=1)
            rows = [[flint.fmpz(int(Fraction(c) * 2**bits)) for c in row] for row in (p, *us)]
            with working_precision(BOUND_BITS):
                claimed = march._defect(rows, length)

            def defect(u: mpmath.mpf, p: list[float] = p) -> mpmath.mpf:
                y = mpmath.polyval(p[::-1], u)
                slope = mpmath.polyval([k * c for k, c in enumerate(p)][:0:-1], u)
                rate = mpmath.sqrt(y) - y ** (-mpmath.mpf(1) / 3)
                return abs(slope - rate * number(length))

            if claimed is None or not claimed >= reference(mpmath.quad(defect, [0, 0.25, 0.5, 1])):
                return False
    return True


def test_a_start_rounded_without_an_error_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # x' = x^(1/2) is y' = 1/2 for y = x^(1/2): no other error than that of the start.
    law = PowerLaw([(1, Fraction(1, 2))])
    with working_precision(200):
        exact = (flint.arb(2).sqrt() + 1) ** 2
    assert integrate_power_law(law, 2, [2], 10).values[0].overlaps(exact)
    rounded = taylor_steps._fixed_point
    monkeypatch.setattr(taylor_steps, "_fixed_point", lambda x, bits: (rounded(x, bits)[0], 0))
    assert not integrate_power_law(law, 2, [2], 10).values[0].overlaps(exact)


@pytest.mark.usefixtures("wide_errors")
def test_a_tube_that_is_not_verified_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # x' = x^2 from 1 + r reaches 2 (1 + r)/(1 - r) at t = 1/2: more than linear in r.
    radius = Fraction(1, 10)
    farthest = exact_ball(2 * (1 + radius) / (1 - radius))

    def reached() -> flint.arb:
        start = exact_ball(Fraction(1)) + flint.arb(0, exact_ball(radius))
        march = FieldMarch(
            PolynomialField.scalar([0, 0, 1]), [start], Fraction(1, 2), 80, max_steps=50
        )
        assert march.run()
        return march.steps[-1].at(Fraction(1, 2))[0]

    assert reached().overlaps(farthest)
    growth = TubeMarch._growth
    monkeypatch.setattr(
        TubeMarch,
        "_growth",
        lambda self, polynomials, length, tube: growth(self, polynomials, length, flint.arb(0)),
    )
    assert not reached().overlaps(farthest)
