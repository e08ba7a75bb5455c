"""Families over indices and roots of equations as what ``evaluate`` returns, and their evidence."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.evaluated import Evaluated
from lemmata.proofs.evaluation import evaluate
from lemmata.proofs.evidence import BUDGETS
from lemmata.proofs.inputs import InputError
from lemmata.proofs.verdicts import Status
from lemmata.theory.claims import Claim, Evaluation, claim
from lemmata.theory.definitions import define
from lemmata.theory.outputs import Listed, Root
from lemmata.theory.registry import Registry
from sympy import Eq, Equivalent, Function, Lambda, Rational, Symbol, cos, exp, log, pi

P = Symbol("P", integer=True, positive=True)
k, m = (Symbol(name, integer=True, nonnegative=True) for name in ("k", "m"))
EVEN, NONZERO = Symbol("k", even=True), Symbol("k", integer=True, nonzero=True)
x, y = Symbol("x", positive=True), Symbol("y", positive=True)
t = Symbol("t", nonnegative=True)
f, g = Function("f"), Function("g")


def made(statement: Any, evaluation: Evaluation, **parts: Any) -> Claim:
    """A claim in a registry of its own."""

    def told() -> Any:
        """Stated."""
        return statement

    return claim("test.listed", evaluation=evaluation, registry=Registry(), **parts)(told)


def verdict(judged: Claim) -> Any:
    return Evaluated().check(judged, BUDGETS["full"], np.random.default_rng(0))


def family(body: Any, *limits: Any, inputs: Any = None, given: Any = (), **parts: Any) -> Claim:
    """The definition f(indices) := body, listed."""
    indices = tuple(limit[0] for limit in limits)
    return made(
        Eq(f(*indices) - body, 0, evaluate=False),
        Evaluation(inputs or {"P": P, "x": x}, {"f": Listed(body, *limits)}, **parts),
        where=[define(f, Lambda(indices, body), means="a family")],
        given=given,
    )


RING = 2 - 2 * cos(2 * pi * k / P) + 1 / x


def values(judged: Claim, digits: int = 30, **inputs: str) -> Any:
    return evaluate(judged, inputs, digits)["values"]


def entries(told: Any) -> Any:
    if not isinstance(told, list):
        return [told]
    return [entry for part in told for entry in entries(part)]


@settings(max_examples=25)
@given(st.integers(1, 12), st.integers(1, 40), st.integers(1, 40))
def test_a_family_is_the_list_of_its_values(count: int, over: int, under: int) -> None:
    told = values(family(RING, (k, 0, P - 1)), P=str(count), x=f"{over}/{under}")["f"]
    assert told["first"] == [0]
    assert len(told["value"]) == len(told["radius"]) == count
    for place, (value, radius) in enumerate(zip(told["value"], told["radius"], strict=True)):
        angle = flint.arb(2 * place) / count
        with_pi = 2 - 2 * angle.cos_pi() + flint.arb(under) / over
        gap = with_pi - flint.arb(flint.fmpq(*Fraction(value).as_integer_ratio()))
        assert abs(float(gap.mid())) <= float(Fraction(radius)) + float(gap.rad()) + 1e-14
        assert Fraction(radius) <= Fraction(10) ** -29 * abs(Fraction(value))


def test_exact_values_are_told_exactly_and_zero_is_zero() -> None:
    told = values(family(2 - 2 * cos(2 * pi * k / P), (k, 0, P - 1), inputs={"P": P}), P="6")["f"]
    assert told["value"] == ["0", "1", "3", "4", "3", "1"]
    assert set(told["radius"]) == {"0"}


def test_zeros_of_a_list_too_long_for_sympy_are_found() -> None:
    told = values(family(cos(2 * pi * k / P), (k, 0, P - 1), inputs={"P": P}), P="400")["f"]
    assert [i for i, v in enumerate(told["value"]) if v == "0"] == [100, 300]
    assert told["radius"][100] == "0" != told["radius"][1]


def test_nested_lists_and_bounds_that_depend_on_outer_indices() -> None:
    square = values(family(k + 10 * m * x, (k, 0, P - 1), (m, 1, P)), P="2", x="1/20")["f"]
    assert square["value"] == [["1/2", "1"], ["3/2", "2"]]
    assert square["first"] == [0, 1]
    triangle = values(family(k + 10 * m * x, (k, 0, P - 1), (m, 0, k)), P="3", x="1")["f"]
    assert triangle["value"] == [["0"], ["1", "11"], ["2", "12", "22"]]


def test_an_empty_list() -> None:
    assert values(family(k * x, (k, 0, P - 2)), P="1", x="1")["f"]["value"] == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"P": "5/2", "x": "1"}, "P: 5/2 is outside the domain: it must be a positive integer"),
        ({"P": "0", "x": "1"}, "P: 0 is outside the domain: it must be a positive integer"),
        ({"P": "1e9", "x": "1"}, "1000000000 entries or more: give smaller inputs"),
    ],
)
def test_wrong_sizes_are_refused_in_one_line(given: dict[str, str], told: str) -> None:
    with pytest.raises(InputError) as caught:
        values(family(RING, (k, 0, P - 1)), **given)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_rows_are_refused_before_they_are_made() -> None:
    started = time.perf_counter()
    for limits in (((k, 0, P - 1), (m, 0, P - 1)), ((k, 0, P - 1), (m, 0, k))):
        with pytest.raises(InputError, match="entries or more"):
            values(family(k + m + x, *limits), P="100000", x="1")
    assert time.perf_counter() - started < 20


def test_a_bound_that_is_no_integer_is_refused() -> None:
    with pytest.raises(InputError, match="P/2 = 3/2, no integer"):
        values(family(k * x, (k, 0, P / 2)), P="3", x="1")


def test_a_long_list_is_not_slow() -> None:
    started = time.process_time()
    told = values(family(RING, (k, 0, P - 1)), P="4000", x="3")["f"]
    assert len(told["value"]) == 4000
    assert time.process_time() - started < 4


def test_what_is_no_family_is_refused() -> None:
    with pytest.raises(ValueError, match="none are given"):
        Listed(k)
    with pytest.raises(TypeError, match="no integer symbol"):
        Listed(x, (x, 0, 1))
    with pytest.raises(TypeError, match="start at a fixed number"):
        Listed(k + m, (k, 0, 3), (m, k, 5))


def test_evidence_accepts_the_range_that_is_stated() -> None:
    assert verdict(family(RING, (k, 0, P - 1), given=[k < P])).status is Status.PROVED
    assert verdict(family(RING, (k, 1, P), given=[k < P + 1, k > 0])).status is Status.PROVED


@pytest.mark.parametrize(
    "planted",
    [
        family(RING, (k, 0, P), given=[k < P]),
        family(RING, (k, 0, 2 * P), given=[k < P]),
        family(RING, (k, -1, P - 1), given=[k < P]),
        family(RING, (k, 0, P - 1), given=[k < P, k > 0]),
        family(RING, (k, 0, P - 1), given=[k**2 < P**2]),
        family(RING, (k, 0, P - 1), given=[Eq(k, 2 * m)]),
        family(EVEN * x, (EVEN, 0, 4)),
        family(NONZERO * x, (NONZERO, -1, 1)),
    ],
)
def test_evidence_doubts_a_range_beyond_what_is_stated(planted: Claim) -> None:
    assert verdict(planted).status is Status.UNDECIDED


def test_a_tuple_is_a_list_of_numbers_each_of_them_stated() -> None:
    where = [
        define(f, Lambda(x, x**2), means="square"),
        define(g, Lambda(x, 3 * x), means="triple"),
    ]

    def told(*parts: Any) -> Claim:
        return made(Eq(f(x), x**2), Evaluation({"x": x}, {"all": parts}), where=where)

    assert verdict(told(x**2, 3 * x)).status is Status.PROVED
    assert verdict(told(x**2, 4 * x)).status is Status.UNDECIDED
    assert values(told(x**2, 3 * x), x="1/2")["all"] == {
        "value": ["1/4", "3/2"],
        "radius": ["0", "0"],
    }
    with pytest.raises(ValueError, match="floating-point"):
        told(x**2, 0.5 * x)


def test_evidence_doubts_another_family() -> None:
    told = Evaluation({"P": P, "x": x}, {"f": Listed(RING + 1, (k, 0, P - 1))})
    where = [define(f, Lambda(k, RING), means="a family")]
    assert verdict(made(Eq(f(k) - RING, 0, evaluate=False), told, where=where)).status is (
        Status.UNDECIDED
    )


CUBIC = Root(y, y**3 + x * y - 2, 0, 2)


def rooted(root: Root, output: Any = y**2, **parts: Any) -> Claim:
    where = [define(g, Lambda(y, y**2), means="what is read at the root")]
    statement = Equivalent(y**3 + x * y > 2, g(y) > 0, evaluate=False)
    told = Evaluation({"x": x}, {"g": output, "y": y}, derived={y: root}, **parts)
    return made(statement, told, where=where)


@settings(max_examples=25)
@given(st.fractions(Fraction(1, 1000), 1000), st.sampled_from([5, 40, 700]))
def test_a_root_is_enclosed_to_any_number_of_digits(number: Fraction, digits: int) -> None:
    told = values(rooted(CUBIC), digits, x=str(number))
    value, radius = Fraction(told["y"]["value"]), Fraction(told["y"]["radius"])
    assert radius <= Fraction(10) ** -digits * value
    low, high = value - radius, value + radius
    assert low**3 + number * low < 2 < high**3 + number * high
    square, size = Fraction(told["g"]["value"]), Fraction(told["g"]["radius"])
    assert low**2 <= square + size
    assert square - size <= high**2


@pytest.mark.parametrize(
    "root",
    [
        Root(y, y**3 + x * y - 2, 0, Rational(1, 9)),
        Root(y, y**3 + x * y - 2, 2, 1),
        Root(y, (y - 1) ** 3 + 0 * x, 0, 3),
        Root(y, (y - 1) * (y - 2) * (y - 3), 0, 4),
        Root(y, log(y - 5), 0, 7),
    ],
    ids=["no sign change", "empty", "triple", "three", "undefined"],
)
def test_no_certified_single_root_is_one_clear_line(root: Root) -> None:
    with pytest.raises(InputError, match=r"y is to be a root from .* but .*: give less") as caught:
        values(rooted(root), x="1")
    assert "\n" not in str(caught.value)


def test_an_end_that_is_a_transcendental_number() -> None:
    told = values(rooted(Root(y, y**3 + x * y - 2, exp(-x), log(2 + x))), x="1")
    assert told["y"]["value"] == "1" or Fraction(told["y"]["radius"]) < Fraction(1, 10**29)


@pytest.mark.parametrize("close", ["1/1000", "1e-9", "1e-30", "1e-70"])
def test_a_root_of_what_nearly_cancels(close: str) -> None:
    # Two curves of almost one rate: in interval arithmetic their difference hides its root.
    gap = 2 / (1 + exp(-(2 + x) * y)) - 2 / (1 + exp(-2 * y)) - x * exp(-2) / 4
    told = values(rooted(Root(y, gap, 0, Rational(1, 2))), x=close)
    assert Fraction(told["y"]["radius"]) < Fraction(1, 10**29)


def test_evidence_accepts_the_equation_that_is_compared_or_assumed() -> None:
    assert verdict(rooted(CUBIC)).status is Status.PROVED
    turned = Root(y, 2 - x * y - y**3, 0, 2)
    assert verdict(rooted(turned)).status is Status.PROVED
    assumed = made(
        Eq(g(y) - y**2, 0, evaluate=False),
        Evaluation({"x": x}, {"g": y**2}, derived={y: CUBIC}),
        where=[define(g, Lambda(y, y**2), means="what is read at the root")],
        given=[Eq(y**3 + x * y, 2)],
    )
    assert verdict(assumed).status is Status.PROVED


@pytest.mark.parametrize(
    "planted",
    [
        rooted(Root(y, y**3 + x * y - 3, 0, 2)),
        rooted(Root(y, 2 * y**3 + x * y - 2, 0, 2)),
        rooted(Root(y, y**3 + x * y - 2, -1, 2)),
        rooted(CUBIC, output=y**3),
        rooted(Root(t, t**3 + x * t - 2, 0, 2)),
    ],
    ids=["constant", "factor", "sign of the symbol", "output", "symbol"],
)
def test_evidence_doubts_another_root(planted: Claim) -> None:
    assert verdict(planted).status is Status.UNDECIDED


def test_evidence_doubts_a_root_of_which_more_is_assumed() -> None:
    planted = made(
        Eq(g(y) - y**2, 0, evaluate=False),
        Evaluation({"x": x}, {"g": y**2}, derived={y: CUBIC}),
        where=[define(g, Lambda(y, y**2), means="what is read at the root")],
        given=[Eq(y**3 + x * y, 2), Eq(y, 1)],
    )
    assert verdict(planted).status is Status.UNDECIDED


def test_evidence_doubts_a_root_outside_what_is_assumed() -> None:
    def bounded(high: Any) -> Claim:
        return made(
            Eq(g(y) - y**2, 0, evaluate=False),
            Evaluation({"x": x}, {"g": y**2}, derived={y: Root(y, y + x - 2, 0, high)}),
            where=[define(g, Lambda(y, y**2), means="what is read at the root")],
            given=[Eq(y + x, 2), y < 2],
        )

    assert verdict(bounded(2)).status is Status.PROVED
    assert verdict(bounded(3)).status is Status.UNDECIDED


def test_what_is_no_root_is_refused() -> None:
    with pytest.raises(TypeError, match="is no symbol"):
        Root(y**2, y**2 - x, 0, 1)
    with pytest.raises(ValueError, match="does not contain"):
        Root(y, x - 1, 0, 1)
    with pytest.raises(ValueError, match="give fixed ends"):
        Root(y, y - x, 0, y)


def test_floats_inside_families_and_roots_are_refused() -> None:
    for told in (
        Evaluation({"x": x}, {"f": Listed(0.5 * k * x, (k, 0, 2))}),
        Evaluation({"x": x}, {"y": y}, derived={y: Root(y, y - 0.5 * x, 0, 1)}),
    ):
        with pytest.raises(ValueError, match="floating-point"):
            made(Eq(f(x), x), told)
