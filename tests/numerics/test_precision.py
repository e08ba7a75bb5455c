from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.numerics.precision import (
    as_fraction,
    checked_digits,
    checked_integer,
    checked_list,
    decimal_interval,
    exact_ball,
    upper_bound,
    working_precision,
)

rationals = st.builds(
    lambda p, q, e: Fraction(p, q) * Fraction(10) ** e,
    st.integers(-(10**12), 10**12),
    st.integers(1, 10**12),
    st.integers(-60, 60),
)


def test_precision_is_restored_after_an_exception() -> None:
    before = flint.ctx.prec
    with pytest.raises(ZeroDivisionError), working_precision(777):
        _ = flint.ctx.prec // 0
    assert flint.ctx.prec == before


def test_precision_holds_inside_the_block() -> None:
    with working_precision(777):
        assert flint.ctx.prec == 777


def test_too_few_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="bits: 1"), working_precision(1):
        pass


@given(rationals, st.integers(2, 300))
def test_exact_ball_contains_its_rational_within_one_rounding(x: Fraction, bits: int) -> None:
    with working_precision(bits):
        ball = exact_ball(x)
    middle, radius = as_fraction(ball.mid().fmpq()), as_fraction(ball.rad().fmpq())
    assert abs(x - middle) <= radius
    # arb stores the radius with 30 bits, rounded up, hence the factor.
    assert radius <= abs(x) * Fraction(2, 2**bits) * Fraction(2**29 + 1, 2**29)


@given(rationals)
def test_every_exact_type_means_the_same(x: Fraction) -> None:
    assert as_fraction(flint.fmpq(x.numerator, x.denominator)) == x
    assert as_fraction(flint.fmpz(x.numerator)) == as_fraction(x.numerator) == x.numerator


@pytest.mark.parametrize("value", [0.5, True, "1/2", None])
def test_inexact_input_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="start"):
        as_fraction(value, "start")  # type: ignore[arg-type]


@given(rationals, rationals.map(abs), st.integers(1, 40), st.integers(20, 200))
def test_decimal_interval_covers_the_whole_ball(
    middle: Fraction, radius: Fraction, digits: int, bits: int
) -> None:
    with working_precision(bits):
        ball = exact_ball(middle) + flint.arb(0, exact_ball(radius))
    value, error = (Fraction(text) for text in decimal_interval(ball, digits))
    low = as_fraction(ball.mid().fmpq()) - as_fraction(ball.rad().fmpq())
    high = as_fraction(ball.mid().fmpq()) + as_fraction(ball.rad().fmpq())
    assert value - error <= low
    assert high <= value + error
    # Three digits rounded up: less than one percent above what is needed.
    needed = max(value - low, high - value)
    assert error <= needed * Fraction(101, 100)


@given(rationals, st.integers(1, 30))
def test_decimal_interval_has_the_digits_asked_for(x: Fraction, digits: int) -> None:
    with working_precision(400):
        value, _ = decimal_interval(exact_ball(x), digits)
    assert len(value.split("e")[0].replace("-", "").replace(".", "").strip("0")) <= digits


@pytest.mark.parametrize(
    ("x", "digits", "expected"),
    [
        (Fraction(1, 4), 10, ("0.25", "0")),
        (Fraction(0), 3, ("0", "0")),
        (Fraction(-7), 1, ("-7", "0")),
        (Fraction(5, 2**40), 3, ("4.55e-12", "2.53e-15")),
    ],
)
def test_decimal_interval_examples(x: Fraction, digits: int, expected: tuple[str, str]) -> None:
    assert decimal_interval(exact_ball(x), digits) == expected


def test_decimal_interval_refuses_what_has_no_interval() -> None:
    with pytest.raises(ValueError, match="not finite"):
        decimal_interval(flint.arb.nan(), 5)
    with pytest.raises(ValueError, match="digits: 0"):
        decimal_interval(flint.arb(1), 0)


@given(rationals)
def test_upper_bound_is_exact_and_above(x: Fraction) -> None:
    bound = upper_bound(exact_ball(x))
    assert bound.is_exact()
    assert as_fraction(bound.fmpq()) >= x


@pytest.mark.parametrize("value", ["20", 20.5, True, None, Fraction(2)])
def test_what_is_no_number_of_digits_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"digits: .* is not an integer: give an int"):
        checked_digits(value)  # type: ignore[arg-type]


def test_integers_keep_within_their_bounds() -> None:
    assert checked_digits(100_000) == checked_integer(flint.fmpz(100_000), "digits") == 100_000
    for value, reason in ((0, "small"), (10**20, "large")):
        with pytest.raises(ValueError, match=f"digits: {value} is too {reason}"):
            checked_digits(value)
    assert checked_integer(0, "max_depth", smallest=0) == 0


@pytest.mark.parametrize("value", [1, None, "12", {1: 2}])
def test_what_is_no_sequence_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"times: .* is not a sequence: give times"):
        checked_list(value, "times", "times")
