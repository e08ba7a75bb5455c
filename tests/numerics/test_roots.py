from fractions import Fraction

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.precision import exact_ball, working_precision
from lemmata.numerics.roots import RootNotProved, isolate_roots, newton_enclosure

distinct_roots = st.lists(
    st.fractions(-4, 4, max_denominator=9), min_size=1, max_size=5, unique=True
)


def product(roots: list[Fraction]):  # type: ignore[no-untyped-def]
    def f(x: flint.arb) -> flint.arb:
        value = flint.arb(1)
        for root in roots:
            value *= x - exact_ball(root)
        return value

    def df(x: flint.arb) -> flint.arb:
        total = flint.arb(0)
        for skipped in roots:
            term = flint.arb(1)
            for root in roots:
                if root is not skipped:
                    term *= x - exact_ball(root)
            total += term
        return total

    return f, df


@settings(max_examples=40, deadline=None)
@given(distinct_roots)
def test_all_roots_of_a_product_are_proved_once(roots: list[Fraction]) -> None:
    found = isolate_roots(*product(roots), -5, Fraction(51, 10), digits=20)
    assert not found.undecided
    assert len(found.proved) == len(roots)
    for ball, root in zip(found.proved, sorted(roots), strict=True):
        # In exact rationals: `contains` would round the root first.
        exact = flint.fmpq(root.numerator, root.denominator)
        assert abs(ball.mid().fmpq() - exact) <= ball.rad().fmpq()
        assert bool(ball.rad() <= flint.arb(10) ** -20 * max(1, 5))


@settings(max_examples=40, deadline=None)
@given(distinct_roots)
def test_roots_outside_the_interval_are_not_reported(roots: list[Fraction]) -> None:
    cut = Fraction(1, 97)  # never one of the roots, whose denominators are at most 9
    found = isolate_roots(*product(roots), cut, 5)
    assert len(found.proved) == sum(root > cut for root in roots)


@settings(max_examples=40, deadline=None)
@given(st.fractions(Fraction(1, 9), 50, max_denominator=9), st.integers(1, 60))
def test_newton_reaches_the_digits_asked_for(square: Fraction, digits: int) -> None:
    def f(x: flint.arb) -> flint.arb:
        return x * x - exact_ball(square)

    found = newton_enclosure(f, lambda x: 2 * x, exact_ball(square), digits=digits)
    with working_precision(400):
        assert found.contains(exact_ball(square).sqrt())
        assert bool(found.rad() <= flint.arb(10) ** -digits * flint.arb.max(flint.arb(1), found))


def test_a_double_root_stays_undecided() -> None:
    found = isolate_roots(lambda x: (x - 1) ** 2, lambda x: 2 * (x - 1), 0, 3)
    assert not found.proved
    assert len(found.undecided) == 1
    assert found.undecided[0].contains(1)
    with pytest.raises(RootNotProved, match="guess"):
        newton_enclosure(lambda x: (x - 1) ** 2, lambda x: 2 * (x - 1), 3)


def test_a_pole_is_no_root() -> None:
    found = isolate_roots(lambda x: 1 / x, lambda x: -1 / x**2, -1, 2)
    assert not found.proved
    assert all(ball.contains(0) for ball in found.undecided)


def test_exact_roots_at_the_ends_are_counted_once() -> None:
    found = isolate_roots(lambda x: x * (x - 1), lambda x: 2 * x - 1, 0, 1)
    assert [float(x) for x in found.proved] == [0.0, 1.0]
    assert not found.undecided


def test_roots_of_the_sine_are_multiples_of_pi() -> None:
    found = isolate_roots(flint.arb.sin, flint.arb.cos, -10, 10, digits=40)
    assert not found.undecided
    assert len(found.proved) == 7
    with working_precision(300):
        assert all(x.contains(k * flint.arb.pi()) for k, x in enumerate(found.proved, -3))
        # Planted error: twenty-two sevenths is no root.
        assert not found.proved[4].overlaps(flint.arb(flint.fmpq(22, 7)))


def test_a_function_without_roots_has_no_proof() -> None:
    found = isolate_roots(lambda x: x * x + 1, lambda x: 2 * x, -3, 2)
    assert not found.proved
    assert not found.undecided
    with pytest.raises(RootNotProved):
        newton_enclosure(lambda x: x * x + 1, lambda x: 2 * x, 3)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="low"):
        isolate_roots(flint.arb.sin, flint.arb.cos, 1, 1)
    with pytest.raises(ValueError, match="digits"):
        newton_enclosure(flint.arb.sin, flint.arb.cos, 3, digits=0)
    with pytest.raises(TypeError, match=r"guess: 1\.5"):
        newton_enclosure(flint.arb.sin, flint.arb.cos, 1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="guess: nan is not finite"):
        newton_enclosure(flint.arb.sin, flint.arb.cos, flint.arb.nan())
    with pytest.raises(TypeError, match="f: 1 is not callable"):
        isolate_roots(1, flint.arb.cos, 3, 4)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"df: 1\.0 was returned, .* flint.arb\(c\)"):
        isolate_roots(lambda x: x, lambda x: 1.0, -1, 1)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="f: 1 was returned"):
        newton_enclosure(lambda x: 1, flint.arb.cos, 1)  # type: ignore[arg-type, return-value]
    with pytest.raises(ValueError, match="max_depth: -1"):
        isolate_roots(flint.arb.sin, flint.arb.cos, 3, 4, max_depth=-1)


def test_precision_is_restored() -> None:
    before = flint.ctx.prec
    isolate_roots(flint.arb.sin, flint.arb.cos, 3, 4, digits=50)
    newton_enclosure(flint.arb.sin, flint.arb.cos, 3, digits=50)
    assert flint.ctx.prec == before
