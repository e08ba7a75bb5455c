"""`evaluate` against rigorous quadratures of the equations of motion.

No formula of the package is used.  A curve is checked through its clock: the time from the start
to a strength is an integral that grows along the curve, so the true strength lies in the interval
that is told exactly when the clock is before t at one end and after t at the other.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run

DIGITS = 40
BITS = 300


@pytest.fixture(autouse=True)
def _precision() -> Iterator[None]:
    before, ctx.prec = ctx.prec, BITS
    yield
    ctx.prec = before


def number(text: str | Fraction) -> arb:
    fraction = Fraction(text)
    return arb(fmpq(fraction.numerator, fraction.denominator))


def told(line: str) -> dict[str, Any]:
    """What the command line prints as JSON for ``line``."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["evaluate", *line.split(), "--digits", str(DIGITS), "--json"]) == 0
    values: dict[str, Any] = json.loads(out.getvalue())["values"]
    return values


def ends(value: str, radius: str) -> tuple[arb, arb]:
    """Both ends of an interval that is as narrow as was asked for."""
    assert Fraction(radius) <= abs(Fraction(value)) / 10**DIGITS
    return number(Fraction(value) - Fraction(radius)), number(Fraction(value) + Fraction(radius))


def interval(line: str, name: str) -> tuple[arb, arb]:
    """The ends of one output of ``line``, the only one."""
    values = told(line)
    assert list(values) == [name]
    return ends(**values[name])


def inputs(line: str) -> list[arb]:
    return [number(pair.partition("=")[2]) for pair in line.split() if "=" in pair]


def clock(speed: Callable[[Any, bool], Any], start: arb, end: arb) -> arb:
    """A ball that contains the time from start to end of a motion with that speed."""
    time = acb.integral(lambda x, analytic: 1 / speed(x, analytic), acb(start), acb(end)).real
    assert time.rad() < arb(10) ** (-DIGITS - 10) * (1 + abs(time))
    return time


def balanced(s: arb, start: arb, end: arb, tau: arb, lam: int | arb = 1) -> arb:
    """Clock of tau da/dt = 2a(s - lam a)."""
    return clock(lambda a, _: 2 * a * (s - lam * a) / tau, start, end)


def layers(s: arb, v: arb, w: arb, end: arb, tau: arb) -> arb:
    """Clock of u = vw with tau dv/dt = w(s - u) and tau dw/dt = v(s - u), which keep v^2 - w^2.

    Then tau du/dt = (v^2 + w^2)(s - u), and v^2 + w^2 is the root of (v^2 - w^2)^2 + 4u^2.
    """
    kept = (v**2 - w**2) ** 2
    if kept.contains(0):  # a strength of one sign: the root is 2|u|
        sign = v.sgn() * w.sgn()
        return clock(lambda u, _: 2 * sign * u * (s - u) / tau, v * w, end)

    def speed(u: Any, analytic: bool) -> Any:
        return (kept + 4 * u**2).sqrt(analytic=analytic) * (s - u) / tau

    return clock(speed, v * w, end)


def assert_between(early: arb, t: arb, late: arb) -> None:
    assert early < t < late or late < t < early


@pytest.mark.parametrize(
    "line",
    [
        "modes.trajectory s=3 a0=1/1000 tau=2 t=3",
        "modes.trajectory s=1 a0=1e-12 tau=1 t=14",
        "modes.trajectory s=1/7 a0=1e-30 tau=1e-3 t=0.3",
        "modes.trajectory s=2 a0=1e6 tau=1 t=1/3",
        "modes.trajectory s=1 a0=0.999999999 tau=5 t=7",
        "modes.trajectory s=1 a0=1.000000001 tau=5 t=7",
    ],
)
def test_a_balanced_mode_keeps_time(line: str) -> None:
    s, a0, tau, t = inputs(line)
    low, high = interval(line, "a")
    assert_between(balanced(s, a0, low, tau), t, balanced(s, a0, high, tau))


@pytest.mark.parametrize(
    "line",
    [
        "modes.commuting_inputs s=3 lam=1/4 a0=1e-12 tau=1 t=5",
        "modes.commuting_inputs s=1/5 lam=1000 a0=1/3 tau=1 t=2",
    ],
)
def test_a_mode_of_correlated_inputs_keeps_time(line: str) -> None:
    s, lam, a0, tau, t = inputs(line)
    low, high = interval(line, "a")
    assert_between(balanced(s, a0, low, tau, lam), t, balanced(s, a0, high, tau, lam))


@pytest.mark.parametrize("line", ["a0=5/7 tau=1/3 t=11", "a0=1e9 tau=1 t=1e6"])
def test_a_null_mode_keeps_time_and_is_exact(line: str) -> None:
    a0, tau, t = inputs(line)
    values = told(f"modes.trajectory.null_mode {line}")["a"]
    assert values["radius"] == "0"
    assert clock(lambda a, _: -2 * a**2 / tau, a0, number(values["value"])).contains(t)


UNBALANCED = [
    "modes.unbalanced_trajectory s=2 a0=100 b0=-1/1000 tau=1 t=1/1000",  # lazy
    "modes.unbalanced_trajectory s=2 a0=1e6 b0=1e-6 tau=1 t=1e-12",
    "modes.unbalanced_trajectory s=1 a0=1 b0=-0.999999999 tau=1 t=12",  # nearly stuck
    "modes.unbalanced_trajectory s=1 a0=1e-6 b0=-2e-6 tau=1/2 t=8",
    "modes.unbalanced_trajectory s=1 a0=1e-6 b0=0 tau=2 t=25",
    "modes.unbalanced_trajectory s=3 a0=-5 b0=-4 tau=1 t=1/5",  # from above, both negative
    "modes.unbalanced_trajectory s=1 a0=-1/2 b0=1/2 tau=1 t=3",  # opposite: never learned
    "modes.unbalanced_trajectory s=1 a0=3 b0=-3 tau=1 t=20",
]


@pytest.mark.parametrize("line", UNBALANCED)
def test_unequal_layers_keep_time(line: str) -> None:
    s, v, w, tau, t = inputs(line)
    low, high = interval(line, "u")
    assert_between(layers(s, v, w, low, tau), t, layers(s, v, w, high, tau))


SIZES = st.fractions(Fraction(1, 20), 20, max_denominator=50)
STARTS = st.fractions(-3, 3, max_denominator=50).filter(bool)


@settings(max_examples=10)
@given(SIZES, STARTS, STARTS, SIZES, st.fractions(Fraction(1, 10), 3, max_denominator=20))
@example(Fraction(1), Fraction(1), Fraction(-1), Fraction(1), Fraction(1))
def test_layers_of_any_sign_keep_time(
    s: Fraction, v: Fraction, w: Fraction, tau: Fraction, reduced: Fraction
) -> None:
    time = reduced * tau / s
    line = f"modes.unbalanced_trajectory s={s} a0={v} b0={w} tau={tau} t={time}"
    if v * w == s:
        return
    test_unequal_layers_keep_time(line)


@pytest.mark.parametrize(
    "line",
    [
        "modes.shallow s=2 b0=0 tau=3 t=1",
        "modes.shallow s=1e-9 b0=-7 tau=1/5 t=4",
        "modes.shallow s=1 b0=-1 tau=1 t=0.6931471805599453094172321214581765680755",  # near zero
        "modes.shallow s=3 b0=1e12 tau=2 t=40",
        "modes.shallow s=3 b0=1 tau=2 t=41",
    ],
)
def test_a_shallow_mode_keeps_time(line: str) -> None:
    s, b0, tau, t = inputs(line)
    low, high = interval(line, "b")
    early, late = (clock(lambda b, _: (s - b) / tau, b0, end) for end in (low, high))
    assert_between(early, t, late)


@pytest.mark.parametrize(
    "line",
    [
        "modes.learning_time s=2 a0=1e-12 af=1.999999998 tau=3",
        "modes.learning_time s=1e-3 a0=1e-20 af=2e-20 tau=1",
        "modes.learning_time.from_above s=2 a0=1e12 af=2.000000002 tau=1/3",
    ],
)
def test_learning_times(line: str) -> None:
    s, a0, a_f, tau = inputs(line)
    low, high = interval(line, "t")
    assert_between(low, balanced(s, a0, a_f, tau), high)


@pytest.mark.parametrize(
    "line",
    [
        "s=3 a0=1e-12 alpha=1/10 tau=2",
        "s=1 a0=1e-5 alpha=1e-4 tau=1",
        "s=1 a0=1/3 alpha=0.499999 tau=1",
        "s=1e-6 a0=99e-9 alpha=1/10 tau=1",
    ],
)
def test_stages(line: str) -> None:
    s, a0, alpha, tau = inputs(line)
    values = told(f"modes.stage_ratio {line}")
    assert sorted(values) == ["ignorance", "ratio", "transition"]
    ignorance = balanced(s, a0, alpha * s, tau)
    transition = balanced(s, alpha * s, (1 - alpha) * s, tau)
    for name, expected in (
        ("ignorance", ignorance),
        ("transition", transition),
        ("ratio", transition / ignorance),
    ):
        low, high = ends(**values[name])
        assert low < expected < high


@pytest.mark.parametrize(
    "line",
    [
        "s1=2 s2=7/5 a02=1/10",
        "s1=1 s2=9/10 a02=1/1000",
        "s1=3 s2=2/7 a02=1e-12",
        "s1=1/3 s2=3 a02=1e-12",
        "s1=2 s2=3 a02=2.999999997",  # beyond half its strength: both times are negative
    ],
)
def test_tied_modes_reach_half_their_strength_together(line: str) -> None:
    s1, s2, a02 = inputs(line)
    low, high = interval(f"modes.stronger_first {line}", "a01")
    late, early = (balanced(s1, a01, s1 / 2, arb(1)) for a01 in (low, high))
    assert early < balanced(s2, a02, s2 / 2, arb(1)) < late


def test_a_rational_tie_is_told_as_a_fraction() -> None:
    values = told("modes.stronger_first s1=3 s2=1/3 a02=1e-12")["a01"]
    assert values["radius"] == "0"
    assert "/" in values["value"]
    a01, one = number(values["value"]), arb(1)
    late = balanced(number("1/3"), number("1e-12"), number("1/6"), one)
    assert balanced(arb(3), a01, number("3/2"), one).overlaps(late)


@pytest.mark.parametrize("c", ["1/2", "1/10", "0.99", "1e-6", "0.999999999"])
@pytest.mark.parametrize("a0", ["1", "1e-12"])
def test_the_time_to_a_fraction_is_longest_at_s_star(c: str, a0: str) -> None:
    part, start = number(c), number(a0)

    def time(s: arb) -> arb:
        return balanced(s, start, part * s, arb(1))

    def slope(s: arb) -> arb:
        """d/ds of the integral of da/(2a(s - a)) from a_0 to cs: its end moves, and its speed."""
        moving = part / (2 * part * s * (s - part * s))
        return moving - clock(lambda a, _: 2 * a * (s - a) ** 2, start, part * s)

    low, high = interval(f"modes.fraction_criterion c={c} a0={a0}", "s_star")
    assert slope(low) > 0 > slope(high)
    aside = (low - start) / 100
    assert time(low) > time(low + aside)
    assert time(low) > time(low - aside)


def acceleration(u: arb, s: arb, c: arb) -> arb:
    """u'' of u = vw, by the product and the chain rule, where v^2 - w^2 is c or -c (tau = 1)."""
    v = ((abs(c) + (c**2 + 4 * u**2).sqrt()) / 2).sqrt()
    w = u / v
    dv, dw = w * (s - u), v * (s - u)
    du = dv * w + v * dw
    ddv, ddw = dw * (s - u) - w * du, dv * (s - u) - v * du
    return ddv * w + 2 * dv * dw + v * ddw


@pytest.mark.parametrize(
    "line",
    [
        "s=1 c=1/2",
        "s=2 c=-1",
        "s=1 c=1e-9",
        "s=1e6 c=1/7",
        "s=1 c=0.7071067811865475",  # an imbalance at which the two nearly meet
    ],
)
def test_curves_turn_at_the_inflections(line: str) -> None:
    s, c = inputs(line)
    values = told(f"modes.inflection {line}")
    assert list(values) == ["u_minus", "u_plus"]
    low, high = ends(**values["u_minus"])
    assert acceleration(low, s, c) < 0 < acceleration(high, s, c)
    low, high = ends(**values["u_plus"])
    assert acceleration(low, s, c) > 0 > acceleration(high, s, c)
