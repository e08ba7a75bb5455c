"""Validated Taylor integration against solutions known in closed form."""

from fractions import Fraction

import flint
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lemmata.numerics.polynomial_fields import (
    PolynomialField,
    defect_bound,
    taylor_coefficients,
)
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.taylor import IntegrationFailed, integrate_field, integrate_polynomial

REFERENCE_BITS = 700
ROTATION = PolynomialField([[(1, (0, 1))], [(-1, (1, 0))]])

strengths = st.fractions(Fraction(1, 2), 4, max_denominator=6)
shares = st.fractions(Fraction(1, 2000), Fraction(3, 2), max_denominator=2000)
times = st.fractions(0, 3, max_denominator=20)
digits = st.integers(1, 60)
coefficients = st.fractions(-3, 3, max_denominator=5)
fields = st.lists(coefficients, min_size=0, max_size=5)
quick = settings(max_examples=30, deadline=None)


def logistic(s: Fraction, start: Fraction, time: Fraction) -> flint.arb:
    """x' = 2 x (s - x)."""
    with working_precision(REFERENCE_BITS):
        decay = exact_ball(-2 * s * time).exp()
        return exact_ball(s) / (1 + exact_ball(s / start - 1) * decay)


def pair_field(s: Fraction) -> PolynomialField:
    """a' = b (s - a b), b' = a (s - a b)."""
    return PolynomialField([[(s, (0, 1)), (-1, (1, 2))], [(s, (1, 0)), (-1, (2, 1))]])


def sharp(ball: flint.arb, wanted: int) -> bool:
    """The documented accuracy: radius at most 10**-digits max(1, |x|)."""
    with working_precision(REFERENCE_BITS):
        size = flint.arb.max(flint.arb(1), ball.abs_upper())
        return bool(ball.rad() <= flint.arb(10) ** -wanted * size)


@quick
@given(strengths, shares, times, digits)
def test_logistic_curve_is_enclosed(s: Fraction, share: Fraction, t: Fraction, d: int) -> None:
    start = share * s
    (x,) = integrate_polynomial([0, 2 * s, -2], start, [t], d)
    assert x.overlaps(logistic(s, start, t))
    assert sharp(x, d)


@quick
@given(strengths, shares.filter(lambda share: share != 1), times.filter(bool))
def test_a_wrong_constant_is_excluded(s: Fraction, share: Fraction, t: Fraction) -> None:
    start = share * s
    (x,) = integrate_polynomial([0, 2 * s, -2], start, [t], 40)
    # x'(t) >= 2 s x (1 - x/s) stays far above 10^-30 here, so a relative change of t by 10^-8
    # moves x by more than the two radii, which are below 10^-39.
    assert not x.overlaps(logistic(s, start, t * (1 + Fraction(1, 10**8))))
    assert not x.overlaps(logistic(s * (1 + Fraction(1, 10**8)), start, t))


@quick
@given(coefficients.filter(bool), coefficients, coefficients, times, digits)
def test_linear_equation_is_enclosed(
    a: Fraction, b: Fraction, start: Fraction, t: Fraction, d: int
) -> None:
    (x,) = integrate_polynomial([b, a], start, [t], d)
    with working_precision(REFERENCE_BITS):
        growth = exact_ball(a * t).exp()
        assert x.overlaps(growth * exact_ball(start) + (growth - 1) * exact_ball(b / a))
    assert sharp(x, d)


@quick
@given(st.integers(2, 7), st.fractions(Fraction(1, 3), 5, max_denominator=9), times, digits)
def test_power_decay_is_enclosed(power: int, start: Fraction, t: Fraction, d: int) -> None:
    (x,) = integrate_polynomial([0] * power + [-1], start, [t], d)
    n = power - 1
    with working_precision(REFERENCE_BITS):
        assert x.overlaps(1 / (exact_ball(1 / start**n) + n * exact_ball(t)).root(n))
    assert sharp(x, d)


@quick
@given(st.fractions(Fraction(1, 4), 2, max_denominator=8), st.data())
def test_semigroup_through_an_exact_rational_state(start: Fraction, data: st.DataObject) -> None:
    # x' = x^2 keeps rationals rational: x(t) = x0/(1 - x0 t).
    inner = st.fractions(0, Fraction(2, 5), max_denominator=12)
    t1, t2 = (data.draw(inner) / start for _ in range(2))
    field = [0, 0, 1]
    (whole,) = integrate_polynomial(field, start, [t1 + t2], 30)
    (second,) = integrate_polynomial(field, start / (1 - start * t1), [t2], 30)
    assert whole.overlaps(second)
    exact = start / (1 - start * (t1 + t2))
    assert abs(whole.mid().fmpq() - flint.fmpq(exact.numerator, exact.denominator)) <= (
        whole.rad().fmpq()
    )


@quick
@given(fields, coefficients, st.fractions(0, Fraction(1, 4)), st.integers(1, 20))
def test_more_digits_tighten_around_the_same_solution(
    field: list[Fraction], start: Fraction, t: Fraction, d: int
) -> None:
    try:
        (coarse,), (fine,) = (integrate_polynomial(field, start, [t], n) for n in (d, d + 25))
    except IntegrationFailed:
        return
    assert coarse.overlaps(fine)
    assert sharp(fine, d + 25)


@quick
@given(coefficients, coefficients, st.fractions(0, 20, max_denominator=9), digits)
def test_rotation_is_enclosed(a: Fraction, b: Fraction, t: Fraction, d: int) -> None:
    ((x, y),) = integrate_field(ROTATION, [a, b], [t], d).values
    with working_precision(REFERENCE_BITS):
        sin, cos = exact_ball(t).sin_cos()
        assert x.overlaps(exact_ball(a) * cos + exact_ball(b) * sin)
        assert y.overlaps(exact_ball(b) * cos - exact_ball(a) * sin)
    assert sharp(x, d)
    assert sharp(y, d)


@quick
@given(strengths, coefficients, coefficients, st.fractions(0, 2, max_denominator=9))
@example(Fraction(1, 2), Fraction(0), Fraction(0), Fraction(1))
def test_pair_conserves_the_difference_of_squares(
    s: Fraction, a: Fraction, b: Fraction, t: Fraction
) -> None:
    ((x, y),) = integrate_field(pair_field(s), [a, b], [t], 30).values
    with working_precision(REFERENCE_BITS):
        assert (x * x - y * y).overlaps(exact_ball(a * a - b * b))


@quick
@given(strengths, shares, st.fractions(0, 2, max_denominator=9))
def test_balanced_pair_multiplies_to_the_logistic_curve(
    s: Fraction, a: Fraction, t: Fraction
) -> None:
    ((x, y),) = integrate_field(pair_field(s), [a, a], [t], 30).values
    with working_precision(REFERENCE_BITS):
        assert (x * y).overlaps(logistic(s, a * a, t))


@quick
@given(shares, st.lists(times, min_size=1, max_size=4), times)
def test_dense_output_encloses_the_solution(
    share: Fraction, ends: list[Fraction], t: Fraction
) -> None:
    found = integrate_field(PolynomialField.scalar([0, 6, -2]), [3 * share], ends, 25)
    for end, (x,) in zip(found.times, found.values, strict=True):
        assert x.overlaps(logistic(Fraction(3), 3 * share, end))
    if t <= max(ends):
        assert found.at(t)[0].overlaps(logistic(Fraction(3), 3 * share, t))
    else:
        with pytest.raises(ValueError, match="outside"):
            found.at(t)
    with pytest.raises(ValueError, match="outside"):
        found.at(-1)


@pytest.mark.parametrize("end", [Fraction(1), Fraction(1001, 1000), Fraction(2)])
def test_blow_up_raises_and_tells_how_far(end: Fraction) -> None:
    with pytest.raises(IntegrationFailed, match="blows up") as caught:
        integrate_polynomial([0, 0, 1], 1, [end], 10)
    failure = caught.value
    assert Fraction(999, 1000) < failure.reached < 1
    assert failure.steps > 0
    exact = 1 / (1 - failure.reached)
    with working_precision(REFERENCE_BITS):
        assert failure.state[0].overlaps(exact_ball(exact))


def test_just_before_blow_up_is_enclosed() -> None:
    (x,) = integrate_polynomial([0, 0, 1], 1, [1 - Fraction(1, 10**6)], 20)
    assert abs(x.mid().fmpq() - 10**6) <= x.rad().fmpq()
    assert sharp(x, 20)


def test_too_few_steps_are_reported() -> None:
    with pytest.raises(IntegrationFailed, match="beyond 3 steps") as caught:
        integrate_field(ROTATION, [0, 1], [100], 20, max_steps=3)
    assert caught.value.steps == 3
    assert 0 < caught.value.reached < 100


@pytest.mark.parametrize(
    ("field", "start", "t", "exact"),
    [
        ([], Fraction(1, 3), 100, Fraction(1, 3)),  # no motion
        ([1], 0, 100, Fraction(100)),  # constant speed
        ([0, 1], 0, 100, Fraction(0)),  # exact equilibrium at zero
        ([0, 1, -1], 1, 100, Fraction(1)),  # exact stable equilibrium
        ([0, -1, 1], 1, 5, Fraction(1)),  # exact unstable equilibrium
        ([0, 1], 7, 0, Fraction(7)),  # no time
    ],
)
def test_degenerate_motions(field: list[int], start: Fraction, t: int, exact: Fraction) -> None:
    (x,) = integrate_polynomial(field, start, [t], 15)
    target = flint.fmpq(exact.numerator, exact.denominator)
    assert abs(x.mid().fmpq() - target) <= x.rad().fmpq()
    assert sharp(x, 15)


def test_stiff_decay_and_many_digits() -> None:
    (x,) = integrate_polynomial([0, -200], 1, [1], 30)
    (y,) = integrate_polynomial([0, 6, -2], Fraction(1, 1000), [Fraction(9, 5)], 200)
    with working_precision(1000):
        assert x.overlaps(flint.arb(-200).exp())
        decay = exact_ball(Fraction(-54, 5)).exp()
        assert y.overlaps(3 / (1 + 2999 * decay))
        assert bool(y.rad() < flint.arb(10) ** -200 * 3)


def test_a_chaotic_system_agrees_with_itself_at_more_digits() -> None:
    lorenz = PolynomialField(
        [
            [(10, (0, 1, 0)), (-10, (1, 0, 0))],
            [(28, (1, 0, 0)), (-1, (0, 1, 0)), (-1, (1, 0, 1))],
            [(1, (1, 1, 0)), (Fraction(-8, 3), (0, 0, 1))],
        ]
    )
    coarse, fine = (integrate_field(lorenz, [1, 1, 1], [2], d).values[0] for d in (10, 30))
    assert all(x.overlaps(y) for x, y in zip(coarse, fine, strict=True))
    assert all(sharp(x, 30) for x in fine)


# The defect bound, on polynomials that are no Taylor polynomials at all.


@quick
@given(
    fields,
    st.lists(st.integers(-(2**40), 2**40), min_size=3, max_size=8),
    st.fractions(Fraction(1, 50), 2, max_denominator=50),
)
@example([Fraction(0), Fraction(0), Fraction(0), Fraction(1)], [2**30] * 4, Fraction(1))
def test_defect_bound_holds_for_any_polynomial(
    field: list[Fraction], integers: list[int], step: Fraction
) -> None:
    bits = 32
    claimed = defect_bound(
        PolynomialField.scalar(field), [[flint.fmpz(c) for c in integers]], step, bits
    )
    assert exact_defect(field, integers, step, bits) <= claimed / 2**bits


@quick
@given(fields.filter(any), coefficients, st.fractions(Fraction(1, 50), Fraction(1, 9)))
@example(
    [Fraction(0), Fraction(0), Fraction(2), Fraction(7, 3), Fraction(-1)],
    Fraction(1),
    Fraction(13, 225),
)
def test_defect_bound_of_a_taylor_polynomial_is_sharp(
    field: list[Fraction], start: Fraction, step: Fraction
) -> None:
    # Without a sign nothing cancels: only then do absolute values lose nothing.
    field, start = [abs(c) for c in field], abs(start)
    bits, order = 100, 12
    scalar = PolynomialField.scalar(field)
    (found,) = taylor_coefficients(scalar, [flint.fmpz(int(start * 2**bits))], step, order, bits)
    claimed = defect_bound(scalar, [found], step, bits) / 2**bits
    exact = exact_defect(field, [int(c) for c in found], step, bits)
    assert exact <= claimed
    # Weights 1/(k+1) are dropped beyond the order, where k is at most 4 * 12; rounding is below
    # a unit per coefficient and product, times the sum of |f_k| k 3^k, all far below 2^-80.
    assert claimed <= 49 * exact + Fraction(1, 2**70)


def exact_defect(field: list[Fraction], integers: list[int], step: Fraction, bits: int) -> Fraction:
    """sum_k |D_k|/(k+1) for D = P' - step f(P), in exact rationals."""
    p = flint.fmpq_poly([flint.fmpq(c, 2**bits) for c in integers])
    total = p.derivative()
    for k, c in enumerate(field):
        total -= p**k * flint.fmpq((step * c).numerator, (step * c).denominator)
    terms = [abs(c) / (k + 1) for k, c in enumerate(total.coeffs())]
    value = sum(terms, flint.fmpq(0))
    return Fraction(int(value.p), int(value.q))


def test_defects_of_several_variables_add_up() -> None:
    # P = (0, 0) against x' = 1, y' = 1: the maximum norm of the defect integrates to one
    # over any step of one, and may not be understated.
    field = PolynomialField([[(1, (0, 0))], [(1, (0, 0))]])
    zero = [[flint.fmpz(0)] * 3] * 2
    assert defect_bound(field, zero, Fraction(1), 20) >= 2**20


@pytest.mark.parametrize("box", [(0, 1), (2, 3), (-1, 4)])
def test_logarithmic_norm_is_the_derivative_of_one_variable(box: tuple[int, int]) -> None:
    ball = flint.arb(box[0]).union(flint.arb(box[1]))
    bound = PolynomialField.scalar([0, 6, -2]).logarithmic_norm([ball])
    assert bool(bound >= 6 - 4 * box[0])
    assert bound.is_exact()


def test_arguments_are_checked() -> None:
    scalar = PolynomialField.scalar([0, 1])
    with pytest.raises(ValueError, match="start"):
        integrate_field(scalar, [1, 2], [1], 10)
    with pytest.raises(ValueError, match="times"):
        integrate_field(scalar, [1], [], 10)
    with pytest.raises(ValueError, match="times"):
        integrate_field(scalar, [1], [-1], 10)
    with pytest.raises(ValueError, match="digits"):
        integrate_field(scalar, [1], [1], 0)
    with pytest.raises(TypeError, match="start"):
        integrate_field(scalar, [0.1], [1], 10)  # type: ignore[list-item]
    with pytest.raises(TypeError, match="components"):
        PolynomialField.scalar([0.1])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"coefficients: 0\.1"):
        integrate_polynomial([0, 0.1], 1, [1], 10)  # type: ignore[list-item]
    for exponent in (Fraction(1, 2), 1.0):
        with pytest.raises(TypeError, match=r"components\[0\]: exponents .* give one nonneg"):
            PolynomialField([[(1, (exponent,))]])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"components\[0\]: 1 is not a sequence: give a pair"):
        PolynomialField([[1, 2]])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"components\[0\]: \(1, 2, 3\) is no pair"):
        PolynomialField([[(1, 2, 3)]])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"field: .* is no PolynomialField"):
        integrate_field([[1]], [1], [1], 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="times: 1 is not a sequence"):
        integrate_polynomial([0, 1], 1, 1, 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="coefficients: 1 is not a sequence"):
        integrate_polynomial(1, 1, [1], 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="start: 1 is not a sequence"):
        integrate_field(scalar, 1, [1], 10)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="max_steps: None"):
        integrate_field(scalar, [1], [1], 10, max_steps=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="digits: 10001 is too large"):
        integrate_polynomial([0, 1], 1, [1], 10_001)
    with pytest.raises(ValueError, match="exponents"):
        PolynomialField([[(1, (1, 2))]])
    with pytest.raises(ValueError, match="empty"):
        PolynomialField([])


def test_precision_is_restored_even_by_failures() -> None:
    before = flint.ctx.prec
    integrate_polynomial([0, 6, -2], Fraction(1, 10), [1], 30)
    with pytest.raises(IntegrationFailed):
        integrate_polynomial([0, 0, 1], 1, [2], 10)
    assert flint.ctx.prec == before


def test_times_that_are_no_interval_are_refused() -> None:
    found = integrate_field(PolynomialField.scalar([0, 1]), [1], [2], 10)
    for ball in (flint.arb.nan(), flint.arb.pos_inf(), flint.arb(1, flint.arb.pos_inf())):
        with pytest.raises(ValueError, match=r"time: .* is not finite"):
            found.at(ball)
    with pytest.raises(ValueError, match="low, high: 2 is above 1"):
        found.over(2, 1)
    with pytest.raises(TypeError, match="low"):
        found.over(0.5, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted", [1, 10])
def test_a_solution_that_grows_beyond_all_bits_is_enclosed(wanted: int) -> None:
    (found,) = integrate_polynomial([0, 1], 1, [300], wanted)
    with working_precision(REFERENCE_BITS):
        assert found.overlaps(flint.arb(300).exp())
        assert sharp(found, wanted)


def test_slow_fields_are_followed_for_their_time() -> None:
    small = Fraction(1, 10**30)
    (blown,) = integrate_polynomial([0, 0, 1], small, [Fraction(999, 1000) / small], 15)
    (near,) = integrate_polynomial([1, -2, 1], 1 - Fraction(1, 10**10), [10**12], 30)
    with working_precision(REFERENCE_BITS):
        assert blown.overlaps(exact_ball(1000 * small))
        assert near.overlaps(1 - 1 / exact_ball(Fraction(10**10 + 10**12)))
        assert all(map(sharp, (blown, near), (15, 30)))


CIRCLE = integrate_field(
    PolynomialField([[(1, (0, 1))], [(-1, (1, 0))]]), [0, 1], [Fraction(6)], 20
)


@given(
    st.fractions(0, 6, max_denominator=50), st.fractions(0, 6, max_denominator=50),
    st.fractions(0, 1, max_denominator=20),
)  # fmt: skip
def test_an_interval_of_times_holds_all_its_times_and_little_more(
    one: Fraction, other: Fraction, share: Fraction
) -> None:
    low, high = min(one, other), max(one, other)
    if low == high:
        high = low + Fraction(1, 50)
        low, high = (low, high) if high <= 6 else (low - Fraction(1, 50), low)
    whole = CIRCLE.over(low, high)
    for time in (low, high, low + share * (high - low)):
        with working_precision(200):
            angle = exact_ball(time)
            exact = [angle.sin(), angle.cos()]
        assert all(ball.contains(x.mid()) for ball, x in zip(whole, exact, strict=True))
    # Sine and cosine vary by at most the length; pieces are enclosed at most twice as widely.
    assert all(float(ball.rad()) <= float(high - low) + 1e-15 for ball in whole)
