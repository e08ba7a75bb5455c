"""Learning times, trajectories and iterations of deep chains against numbers that know no formula.

References: passage times of the equation of motion by rigorous quadrature in log a (numerics), and
mpmath's quadrature.  Of a trajectory the clock decides, as in ``test_evaluation_references``.
"""

from __future__ import annotations

import math
import time
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.passage_times import PassageTime
from lemmata.numerics.power_laws import PowerLaw
from lemmata.proofs.court import locate
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.inputs import InputError

DIGITS = 30
TINY = Fraction(1, 10**12)
DEPTHS = (2, 3, 4, 5, 8, 100, 1000)


def told(id: str, **inputs: Any) -> tuple[Fraction, Fraction]:
    """Value and radius of the only output."""
    claim = locate(id)
    assert claim is not None
    values = evaluate(claim, {k: str(v) for k, v in inputs.items()}, DIGITS)["values"]
    ((found),) = values.values()
    value, radius = Fraction(found["value"]), Fraction(found["radius"])
    assert radius <= abs(value) / 10**DIGITS
    return value, radius


def motion(layers: int | str, s: Fraction, tau: Fraction = Fraction(1)) -> PowerLaw:
    """tau da/dt = D a^(2 - 2/D) (s - a); per layer, at infinite depth, a^2 (s - a)."""
    if layers == "oo":
        return PowerLaw([(s / tau, 2), (-1 / tau, 3)])
    depth = int(layers) - 1
    p = 2 - Fraction(2, depth)
    return PowerLaw([(depth * s / tau, p), (-depth / tau, p + 1)])


def agrees(found: tuple[Fraction, Fraction], reference: arb) -> bool:
    """Whether the two enclosures overlap, where both have DIGITS digits."""
    value, radius = found
    assert reference.rad() <= abs(reference) * arb(10) ** -DIGITS
    mine = arb(fmpq(value.numerator, value.denominator))
    return bool((mine + arb(0, fmpq(radius.numerator, radius.denominator))).overlaps(reference))


def passage(layers: int | str, s: Fraction, a0: Fraction, af: Fraction, tau: Fraction) -> arb:
    """By rigorous quadrature."""
    law = motion(layers, s, tau)
    return PassageTime(law, a0, route="quadrature").time_to(af, DIGITS + 5)


@pytest.mark.parametrize("layers", [*DEPTHS, "oo"])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Fraction(1, 1000), Fraction(19, 20)),
        (TINY, Fraction(19, 20)),
        (TINY, 1 - TINY),
        (Fraction(1, 2), Fraction(51, 100)),
        (Fraction(3), Fraction(21, 20)),
        (1 / TINY, 1 + TINY),
    ],
)
def test_learning_time(layers: int | str, start: Fraction, end: Fraction) -> None:
    s, tau = Fraction(7, 5), Fraction(2, 3)
    found = told("depth.learning_time", N_l=layers, s=s, a0=start * s, af=end * s, tau=tau)
    assert agrees(found, passage(layers, s, start * s, end * s, tau))


@pytest.mark.parametrize("layers", [2, 3, 4, 7, "oo"])
def test_learning_time_by_quadrature(layers: int | str) -> None:
    """mpmath, in y = a/s on both sides of s: no power law, no hypergeometric function."""
    with mpmath.workdps(40):
        s = mpmath.mpf(2)
        p = mpmath.mpf(2) if layers == "oo" else 2 - mpmath.mpf(2) / (int(layers) - 1)
        depth = 1 if layers == "oo" else int(layers) - 1
        for a0, af in (("1/1000", "19/10"), ("5", "21/10")):
            low, high = (
                mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in (a0, af)
            )
            reference, off = mpmath.quad(
                lambda u: mpmath.e ** (u * (1 - p)) / (depth * (s - mpmath.e**u)),
                [mpmath.log(low), mpmath.log(mpmath.sqrt(low * high)), mpmath.log(high)],
                error=True,
            )
            found = told("depth.learning_time", N_l=layers, s=2, a0=a0, af=af, tau=1)
            value, radius = (mpmath.mpf(x.numerator) / x.denominator for x in found)
            assert abs(value - reference) <= off + radius


@given(
    st.integers(2, 1000),
    st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=10**4),
    st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=10**4),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_times_add_up(layers: int, one: Fraction, other: Fraction, above: bool) -> None:
    """From a_0 to a_f and on to a_1 is from a_0 to a_1, on either side of s."""
    first, second = sorted((one, other))
    if above:
        first, second = 1 / first, 1 / second
    last = 1 + (second - 1) / 2

    def between(start: Fraction, end: Fraction) -> Fraction:
        claim = locate("depth.learning_time")
        assert claim is not None
        inputs = {"N_l": str(layers), "s": "1", "a0": str(start), "af": str(end), "tau": "1"}
        return Fraction(evaluate(claim, inputs, DIGITS)["values"]["t"]["value"])

    whole, parts = between(first, last), between(first, second) + between(second, last)
    assert abs(whole - parts) <= 2 * whole / 10**DIGITS


def test_infinite_depth_is_the_limit_in_its_units() -> None:
    """D T_D tends to the infinite time from below, with a gap like 1/D."""
    common = {"s": 2, "a0": "1/1000", "af": "19/10", "tau": 1}
    limit, _ = told("depth.learning_time", N_l="oo", **common)
    gaps = []
    for depth in (10**3, 10**4, 10**5):
        value, _ = told("depth.learning_time", N_l=depth + 1, **common)
        gaps.append(float((limit - depth * value) * depth))
    assert all(gap > 0 for gap in gaps)
    assert abs(gaps[2] - gaps[1]) < abs(gaps[1] - gaps[0]) / 5


@pytest.mark.parametrize("layers", DEPTHS)
@pytest.mark.parametrize("start", [TINY, Fraction(1, 1000), Fraction(6, 5), Fraction(100)])
def test_trajectory_and_time_are_inverse(layers: int, start: Fraction) -> None:
    """Validated integration of the equation of motion against the time of the formula."""
    s, tau = Fraction(3, 2), Fraction(1, 4)
    end = Fraction(9, 10) * s if start < s else Fraction(11, 10) * s
    duration, _ = told("depth.learning_time", N_l=layers, s=s, a0=start, af=end, tau=tau)
    share = Fraction(round(duration * 10**6), 10**6)
    if not share:
        share = Fraction(round(duration * 10**20), 10**20)
    value, radius = told("depth.ode", N_l=layers, s=s, a0=start, tau=tau, t=share)
    # The clock of the formula: the interval that is told holds the strength at that time.
    for edge, side in ((value - radius, 1), (value + radius, -1)):
        if edge in (start, s):
            continue
        reached, slack = told("depth.learning_time", N_l=layers, s=s, a0=start, af=edge, tau=tau)
        rising = 1 if start < s else -1
        assert rising * side * (share - reached) >= -slack


@pytest.mark.parametrize("layers", [2, 3, 4, 100])
def test_trajectory_starts_and_settles(layers: int) -> None:
    common = {"N_l": layers, "s": 2, "tau": 1}
    value, radius = told("depth.ode", a0=Fraction(1, 3), t=0, **common)
    assert abs(value - Fraction(1, 3)) <= radius
    # What is left is far below any radius here, less than exp(-10^4).
    value, radius = told("depth.ode", a0=3, t=10**4, **common)
    assert abs(value - 2) <= radius
    assert told("depth.ode", a0=2, t=5, **common)[0] == 2


@pytest.mark.parametrize(
    "start", [TINY, Fraction(1, 1000), Fraction(19, 10), Fraction(5), 1 / TINY]
)
@pytest.mark.parametrize("at", [Fraction(1, 1000), Fraction(1, 2), Fraction(20)])
def test_infinite_trajectory(start: Fraction, at: Fraction) -> None:
    s, tau = Fraction(2), Fraction(1, 3)
    found = told("depth.infinite_trajectory", s=s, a0=start, tau=tau, t=at)
    reference = PassageTime(motion("oo", s, tau), start, route="quadrature").value_at(
        at, DIGITS + 5
    )
    assert agrees(found, reference)


@pytest.mark.parametrize("depth", [1, 2, 3, 10, 50, "oo"])
def test_iterations(depth: int | str) -> None:
    """n = T/(eta tau), with the rate eta = c/(D s_1^(2 - 2/D)), by mpmath's quadrature."""
    s, s1, a0, af, c = (Fraction(x) for x in ("4/5", "1", "1/20", "19/25", "1/50"))
    found = told("depth.iterations", D=depth, s=s, s1=s1, a0=a0, af=af, c=c)
    with mpmath.workdps(40):
        p = mpmath.mpf(2) if depth == "oo" else 2 - mpmath.mpf(2) / int(depth)
        strong, weak = (mpmath.mpf(x.numerator) / x.denominator for x in (s1, s))
        ends = [mpmath.mpf(x.numerator) / x.denominator for x in (a0, af)]
        rate = mpmath.mpf(c.numerator) / c.denominator / strong**p
        reference, off = mpmath.quad(lambda z: 1 / (z**p * (weak - z)), ends, error=True)
        value, radius = (mpmath.mpf(x.numerator) / x.denominator for x in found)
        assert abs(value - reference / rate) <= off / rate + radius


@pytest.mark.parametrize(("depth", "steps"), [(1, 146), (2, 353), (3, 538), (10, 1117)])
def test_gradient_descent_takes_that_many_iterations(depth: int, steps: int) -> None:
    """The chain itself in float64, c = 0.02.

    Euler's method takes int dw/f / rate + ln(f(end)/f(start))/2 iterations, up to the slope of its
    steps, rate |f'| < c; the count is the next whole number.
    """
    s, x0, c = 0.8, 0.0625, 0.02
    layer = (x0 * s) ** (1 / depth)
    weights, count, rate = [layer] * depth, 0, c / depth

    def velocity(w: float) -> float:
        return w ** (depth - 1) * (s - w**depth)

    start, end = velocity(layer), velocity((0.95 * s) ** (1 / depth))
    while layer**depth < 0.95 * s:
        product = 1.0
        for w in weights:
            product *= w
        weights = [w + rate * (product / w) * (s - product) for w in weights]
        layer, count = weights[0], count + 1
    value, _ = told("depth.iterations", D=depth, s="0.8", s1=1, a0="0.05", af="0.76", c="0.02")
    assert count == steps
    whole = float(value) + math.log(end / start) / 2
    assert count - 1 - c <= whole <= count + c


def test_iterations_grow_with_depth_up_to_infinite_depth() -> None:
    common = {"s": "1/2", "s1": 1, "a0": "1/100", "af": "12/25", "c": 1}
    counts = [told("depth.iterations", D=d, **common)[0] for d in (1, 2, 3, 4, 10, 100, 1000, "oo")]
    assert counts == sorted(counts)
    assert len(set(counts)) == len(counts)


def test_the_delay_of_infinite_depth_is_exact() -> None:
    common = {"s": 1, "s1": 1, "a0": "1/1000", "af": "19/20", "c": 1}
    deep, three = (told("depth.iterations", D=d, **common) for d in ("oo", 2))
    delay = 1000 - Fraction(20, 19)
    assert abs(deep[0] - three[0] - delay) <= deep[1] + three[1]


@pytest.mark.parametrize("layers", [3, 4, 7, 1000])
def test_null_modes(layers: int) -> None:
    depth = layers - 1
    law = PowerLaw([(-depth, 3 - Fraction(2, depth))])
    found = told("depth.learning_time.null_mode", N_l=layers, a0="2", tau=1, t="7/3")
    assert agrees(found, PassageTime(law, 2).value_at(Fraction(7, 3), DIGITS + 5))


@pytest.mark.parametrize("layers", [4, 5, 50])
def test_a_mode_of_wrong_sign_only_fades(layers: int) -> None:
    depth = layers - 1
    p = 2 - Fraction(2, depth)
    law = PowerLaw([(-depth * 2, p), (-depth, p + 1)])
    found = told("depth.ode.negative.time", N_l=layers, s=2, a0=3, af="1/1000", tau=1)
    assert agrees(
        found, PassageTime(law, 3, route="quadrature").time_to(Fraction(1, 1000), DIGITS + 5)
    )


def test_a_depth_beyond_all_networks_is_done_as_well() -> None:
    """D T_D is the infinite time within a relative 1/D; equal ends take no time, exactly."""
    common = {"s": 2, "a0": "1/1000", "af": "19/10", "tau": 1}
    limit, _ = told("depth.learning_time", N_l="oo", **common)
    value, _ = told("depth.learning_time", N_l=10**30 + 1, **common)
    assert abs(10**30 * value / limit - 1) < Fraction(1, 10**28)
    assert told("depth.learning_time", N_l=10**30, s=2, a0=1, af=1, tau=1) == (0, 0)
    with pytest.raises(InputError, match="less extreme"):
        told("depth.ode", N_l=10**30, s=2, a0=1, tau=1, t=1)


BAD = [
    ("N_l=1 s=2 a0=1 af=3/2 tau=1", "N_l must be 2, 3, ... or oo"),
    ("N_l=5/2 s=2 a0=1 af=3/2 tau=1", "it must be a positive integer"),
    ("N_l=-oo s=2 a0=1 af=3/2 tau=1", "not a number"),
    ("N_l=4 s=oo a0=1 af=3/2 tau=1", "not a number"),
    ("N_l=4 s=2 a0=1 af=2 tau=1", "s is never reached"),
    ("N_l=4 s=2 a0=1 af=3 tau=1", "af must lie between a0 and s"),
    ("N_l=oo s=2 a0=3 af=1 tau=1", "af must lie between a0 and s"),
    ("N_l=3 s=2 a0=1 af=1/2 tau=1", "af must lie between a0 and s"),
    ("N_l=4 s=2 a0=0 af=1 tau=1", "it must be positive"),
    ("N_l=4 s=2 a0=1 tau=1", "missing input"),
]


@pytest.mark.parametrize(("line", "fix"), BAD)
def test_bad_input_is_told_in_one_line(line: str, fix: str) -> None:
    claim = locate("depth.learning_time")
    assert claim is not None
    with pytest.raises(InputError) as caught:
        evaluate(claim, dict(part.split("=") for part in line.split()))
    assert fix in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("D=3 s=2 s1=1 a0=1 af=3/2 c=1", "s1 of at least s"),
        ("D=3 s=2 s1=2 a0=1 af=3/2 c=2", "c below 2"),
        ("D=oo s=2 s1=2 a0=3 af=5/2 c=1", "give an af"),
        ("D=0 s=2 s1=2 a0=1 af=3/2 c=1", "positive"),
    ],
)
def test_bad_input_of_iterations(line: str, fix: str) -> None:
    claim = locate("depth.iterations")
    assert claim is not None
    with pytest.raises(InputError, match=fix):
        evaluate(claim, dict(part.split("=") for part in line.split()))


@pytest.mark.nightly
def test_depth_costs_nothing() -> None:
    """N_l = 1000 within a factor of N_l = 4, medians of processor time; milliseconds both."""
    claim = locate("depth.learning_time")
    assert claim is not None

    def median(layers: int | str) -> float:
        spent = []
        for k in range(41):
            inputs = {"N_l": str(layers), "s": "2", "a0": "2e-12", "af": f"1.99999999{k + 10}"}
            begin = time.process_time()
            evaluate(claim, {**inputs, "tau": "1"}, DIGITS)
            spent.append(time.process_time() - begin)
        return sorted(spent)[20]

    shallow, deep, endless = median(4), median(1000), median("oo")
    assert deep < 2 * shallow
    assert max(shallow, deep, endless) < 0.02
