"""The exact zero test: sound, three-valued, fast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.exact.zero_test import decide_zero
from sympy import (
    Abs,
    E,
    Function,
    Integer,
    LambertW,
    Rational,
    Symbol,
    cosh,
    exp,
    log,
    sinh,
    sqrt,
    symbols,
    tanh,
)

t, s, a0, tau, x, y = symbols("t s a_0 tau x y", positive=True)
c = Symbol("c", positive=True)
r, u = symbols("r u", real=True)
n = Symbol("n", integer=True, positive=True)
f = Function("f")
logistic = s * exp(2 * s * t / tau) / (exp(2 * s * t / tau) - 1 + s / a0)
W_ARGUMENT = c / (E * (1 - c))

TRUE = [
    (tau * logistic.diff(t) - 2 * logistic * (s - logistic), []),
    (logistic - s / 2 * (1 + tanh(s * t / tau - log((s - a0) / a0) / 2)), [a0 < s]),
    (exp(x * log(y)) - y**x, []),
    (sqrt(r**2 + 4 * u**2) ** 3 - (r**2 + 4 * u**2) * sqrt(r**2 + 4 * u**2), []),
    (log((s - a0) / a0) - log(s - a0) + log(a0), [a0 < s]),
    (log(12 * x) - 2 * log(2) - log(3) - log(x), []),
    (cosh(x) ** 2 - sinh(x) ** 2 - 1, []),
    (exp(LambertW(W_ARGUMENT)) * LambertW(W_ARGUMENT) - W_ARGUMENT, [c < 1]),
    (log(LambertW(W_ARGUMENT)) + LambertW(W_ARGUMENT) - log(W_ARGUMENT), [c < 1]),
    (2 ** (x + 1) - 2 * 2**x, []),
    ((x**2 * y) ** Rational(1, 3) - x ** Rational(2, 3) * y ** Rational(1, 3), []),
    (sqrt(x**2 + 2 * x * y + y**2) - x - y, []),
    (1 / (sqrt(x) + sqrt(y)) - (sqrt(x) - sqrt(y)) / (x - y), []),
    (log(exp(x) * y) - x - log(y), []),
    ((f(x) * exp(x)).diff(x) - exp(x) * (f(x) + f(x).diff(x)), []),
    (x ** (n + 2) - x**2 * x**n, []),
    (Abs(r) ** 2 - r**2, []),
]

FALSE = [
    (tau * logistic.diff(t) - 3 * logistic * (s - logistic), [a0 < s]),
    (sqrt(u**2) - u, []),
    (log(r * u) - log(r) - log(u), [r < 0, u < 0]),
    (exp(x) - 1 - x, []),
    (x ** Rational(1, 3) - x ** Rational(1, 2), []),
    (tanh(x) - x, []),
    (exp(2 * x) - exp(x) ** 3, []),
    (2 * f(x).diff(x) - f(x), []),
    (logistic - s / 2 * (1 + tanh(s * t / tau)), [a0 < s]),
    # Equal to 1e-12, not equal.
    (exp(x) * (1 + Rational(1, 10**12)) - exp(x), []),
]


@pytest.mark.parametrize(("expr", "relations"), TRUE)
def test_true_identities_are_proved(expr: Any, relations: list[Any]) -> None:
    assert decide_zero(expr, relations, rng=np.random.default_rng(0)).status == "proved"


@pytest.mark.parametrize(("expr", "relations"), FALSE)
def test_false_identities_are_never_proved(expr: Any, relations: list[Any]) -> None:
    decision = decide_zero(expr, relations, rng=np.random.default_rng(0))
    assert decision.status in ("refuted", "undecided")


def test_out_of_reach_is_undecided_not_a_pass() -> None:
    nested = sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3)
    decision = decide_zero(nested * x, rng=np.random.default_rng(0))
    assert decision.status == "undecided"
    with pytest.raises(TypeError, match="not a bool"):
        bool(decision)


LEAVES = st.sampled_from([x, y, s, Integer(2), Rational(1, 3), exp(x), log(y), sqrt(x + y)])


def _grow(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] - 2 * p[1]),
    )


EXPRESSIONS = st.recursive(LEAVES, _grow, max_leaves=5)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_equal_by_construction_is_proved_and_perturbed_is_not(p: Any, q: Any, w: Any) -> None:
    equal = (p + q) * w - (p * w).expand() - w * q
    assert vanishes(equal)
    assert not vanishes(equal + Rational(1, 10**9))
    perturbed = decide_zero(equal + Rational(1, 10**9), rng=np.random.default_rng(0))
    assert perturbed.status == "refuted"


@settings(max_examples=40, deadline=None)
@given(EXPRESSIONS, st.fractions(min_value=1, max_value=4, max_denominator=6))
def test_powers_of_one_base_combine(p: Any, k: Any) -> None:
    q = Rational(k.numerator, k.denominator)
    base = x + y + p**2 * x
    assert vanishes(base**q * base ** (1 - q) - base)
