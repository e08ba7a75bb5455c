"""The zero test under attack: equal by construction, perturbed, and never unsound."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.proofs.exact.independence import Independence
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.exact.zero_test import decide_zero, free_atoms
from sympy import (
    Abs,
    Basic,
    Derivative,
    Function,
    Gt,
    Integer,
    LambertW,
    Lt,
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

x, y, s = symbols("x y s", positive=True)
r, u = symbols("r u", real=True)
f = Function("f")


def decide(expr: Any, relations: Any = ()) -> str:
    """The status of the zero test with a fixed generator."""
    return decide_zero(expr, list(relations), rng=np.random.default_rng(0)).status


t = Symbol("t", nonnegative=True)
SCALES = st.sampled_from([Rational(1, 2), Rational(2), Rational(3), Rational(-1, 3), Rational(-2)])
EXPONENTS = st.sampled_from([Rational(1, 2), Rational(1, 3), Rational(-1, 2), Rational(3, 2), s])
LEAVES = [x, y, s, t, r, Integer(2), Rational(1, 3), exp(x), exp(-2 * s), log(y), x**s]
LEAVES += [sqrt(x + y), x ** Rational(1, 3), tanh(y), LambertW(x), f(x), f(x).diff(x), f(x, r)]
POSITIVE = [x, y, s, x + y, 1 + x * s, x**2 + 2 * y, exp(r), 2 * x / (y + 1), sqrt(s), x**s]
POSITIVE += [LambertW(y), 1 + t, x**2 + r**2, sqrt(x) + y, Integer(12), Rational(3, 5), cosh(r)]


def _grow(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] - 2 * p[1]),
        st.tuples(children, st.sampled_from(POSITIVE)).map(lambda p: p[0] / p[1]),
    )


ANY = st.recursive(st.sampled_from(LEAVES), _grow, max_leaves=3)


@st.composite
def identities(draw: Any, names: Any = None) -> tuple[str, Any, Any]:
    """The name of a law and two sides that are equal by it."""
    name = draw(st.sampled_from(sorted(LAWS) if names is None else names))
    p, q, w = draw(ANY), draw(ANY), draw(ANY)
    if name in EXPONENTIAL:
        # Exponents with different denominators are beyond the normal form.
        whole = st.sampled_from([leaf for leaf in LEAVES if leaf not in (exp(-2 * s), tanh(y))])
        p, q = draw(whole) + draw(whole), tanh(y) - 3 * draw(whole)
    a, b = draw(st.sampled_from(POSITIVE)), draw(st.sampled_from(POSITIVE))
    return (name, *LAWS[name](p, q, w, a, b, draw(SCALES), draw(EXPONENTS)))


EXPONENTIAL = ("exponential of a sum", "addition of sinh")
LAWS: dict[str, Any] = {
    "expand": lambda p, q, w, a, b, k, e: (p * (q + w), (p * q).expand() + (p * w).expand()),
    "factor": lambda p, q, w, a, b, k, e: (p**2 - q**2, (p - q) * (p + q)),
    "cube of a sum": lambda p, q, w, a, b, k, e: ((p + q) ** 3, ((p + q) ** 3).expand()),
    "together": lambda p, q, w, a, b, k, e: (p / a + q / b, (p * b + q * a) / (a * b)),
    "multiply by one": lambda p, q, w, a, b, k, e: (p, p * (a * b + a) / (a * (b + 1))),
    "exponential of a sum": lambda p, q, w, a, b, k, e: (exp(p + k * q), exp(p) * exp(q) ** k),
    "exponential of a logarithm": lambda p, q, w, a, b, k, e: (exp(k * log(a) + p), a**k * exp(p)),
    "logarithm of a product": lambda p, q, w, a, b, k, e: (log(a * b**2), log(a) + 2 * log(b)),
    "logarithm of a power": lambda p, q, w, a, b, k, e: (log(a**e / b), e * log(a) - log(b)),
    "logarithm of an exponential": lambda p, q, w, a, b, k, e: (
        log(a * exp(k * r)),
        log(a) + k * r,
    ),
    "tanh in exponentials": lambda p, q, w, a, b, k, e: (
        w * tanh(k * p),
        w * (1 - 2 / (exp(2 * k * p) + 1)),
    ),
    "cosh and sinh": lambda p, q, w, a, b, k, e: (cosh(p) ** 2, 1 + sinh(p) ** 2),
    "addition of sinh": lambda p, q, w, a, b, k, e: (
        sinh(p + q),
        sinh(p) * cosh(q) + cosh(p) * sinh(q),
    ),
    "addition of tanh": lambda p, q, w, a, b, k, e: (
        tanh(x + k * y),
        (tanh(x) + tanh(k * y)) / (1 + tanh(x) * tanh(k * y)),
    ),
    "root of a product": lambda p, q, w, a, b, k, e: ((a * b) ** e, a**e * b**e),
    "root of a quotient": lambda p, q, w, a, b, k, e: (p * (a / b) ** e, p * a**e / b**e),
    "root of a square": lambda p, q, w, a, b, k, e: (sqrt(a**2 * b), a * sqrt(b)),
    "root in the denominator": lambda p, q, w, a, b, k, e: (
        1 / (sqrt(a + b) + sqrt(a)),
        (sqrt(a + b) - sqrt(a)) / b,
    ),
    "nested root": lambda p, q, w, a, b, k, e: (
        sqrt(a + b + 2 * sqrt(a) * sqrt(b)) ** 2,
        (sqrt(a) + sqrt(b)) ** 2,
    ),
    "powers of one base": lambda p, q, w, a, b, k, e: (a ** (s + k), a**k * a**s),
    "power of a power": lambda p, q, w, a, b, k, e: ((a**s) ** e, a ** (s * e)),
    "equation of Lambert": lambda p, q, w, a, b, k, e: (
        LambertW(a * b) * exp(LambertW(a * b)) * w,
        a * b * w,
    ),
    "logarithm of Lambert": lambda p, q, w, a, b, k, e: (
        log(LambertW(a)) + LambertW(a),
        log(a),
    ),
    "absolute value": lambda p, q, w, a, b, k, e: (Abs(k * a) * p, abs(k) * a * p),
    "square of an absolute value": lambda p, q, w, a, b, k, e: (Abs(r - y) ** 2, (r - y) ** 2),
    "product rule": lambda p, q, w, a, b, k, e: (
        (f(x) * a * exp(k * x)).diff(x),
        exp(k * x) * (f(x).diff(x) * a + f(x) * a.diff(x) + k * f(x) * a),
    ),
    "argument of a function": lambda p, q, w, a, b, k, e: (
        p * f((x + k) ** 2),
        p * f(x**2 + 2 * k * x + k**2),
    ),
}


@settings(max_examples=250)
@given(identities())
def test_equal_by_construction_is_proved(identity: tuple[str, Any, Any]) -> None:
    name, left, right = identity
    assert decide(left - right) == "proved", (name, left - right)


@pytest.mark.parametrize("name", sorted(LAWS))
def test_each_law_is_proved_in_its_simplest_case(name: str) -> None:
    left, right = LAWS[name](x, y, s, x + 1, y, Rational(2), Rational(1, 3))
    assert decide(left - right) == "proved"


def nonzero_somewhere(expr: Any, relations: Any = ()) -> bool:
    """Whether a ball at some point of a small grid excludes zero: an independent witness."""
    atoms = free_atoms(expr)
    try:
        program = compile_expressions([expr, *(q.gts - q.lts for q in relations)], atoms)
    except UnknownFunctionError:
        return False
    rng = np.random.default_rng(1)
    for _ in range(12):
        point = {
            a: Fraction(int(rng.integers(1, 30)), int(rng.integers(1, 9)))
            * (1 if a.is_nonnegative else int(rng.choice([-1, 1])))
            for a in atoms
        }
        ball, *gaps = evaluate_balls(program, [point[a] for a in atoms], 400)
        inside = all(gap > 0 for gap in gaps)
        if inside and ball.is_finite() and not ball.contains(0) and Independence(atoms).at(point):
            return True
    return False


@settings(max_examples=120)
@given(
    identities([name for name in sorted(LAWS) if name != "argument of a function"]),
    st.sampled_from([Rational(1, 10**9), -x / 10**9, exp(-x - 20)]),
)
def test_perturbed_by_little_is_refuted(identity: tuple[str, Any, Any], error: Any) -> None:
    name, left, right = identity
    assert decide(left - right + error) == "refuted", name


def _numbers(expr: Any) -> list[tuple[int, ...]]:
    """Paths to all the rational numbers in an expression tree, exponents included."""
    paths: list[tuple[int, ...]] = [()] if expr.is_Rational else []
    for i, arg in enumerate(expr.args):
        if isinstance(arg, Basic) and not isinstance(expr, Derivative):
            paths += [(i, *rest) for rest in _numbers(arg)]
    return paths


def _changed(expr: Any, path: tuple[int, ...], change: Any) -> Any:
    if not path:
        return change(expr)
    i, *rest = path
    inner = _changed(expr.args[i], tuple(rest), change)
    return expr.func(*expr.args[:i], inner, *expr.args[i + 1 :])


CHANGES = st.sampled_from(
    [lambda n: n + 1, lambda n: -n, lambda n: n - 1, lambda n: 2 * n, lambda n: n + Rational(1, 2)]
)


@settings(max_examples=250)
@given(identities(), st.data())
def test_one_number_changed_is_never_proved_against_a_ball(
    identity: tuple[str, Any, Any], data: Any
) -> None:
    name, left, right = identity
    paths = _numbers(right)
    if not paths:
        return
    changed = _changed(right, data.draw(st.sampled_from(paths)), data.draw(CHANGES))
    difference = left - changed
    if vanishes(difference):
        assert not nonzero_somewhere(difference), (name, difference)


# Laws that hold for positive numbers only, for arguments that change their sign.

WILD = [r, u, r * u, r - u, r - 1, r**2 - 1, (r - 1) * (u + 2), (r - 1) ** 2 * (u + 1), r**3, -r]
WILD += [x - y, x - 1, (x - 1) * (y - 2), r / u, (r - 1) / (u - 1), x / (y - 1), r**2 * u, x * r]
WILD += [sqrt(x) - 1, x - sqrt(y), exp(r) - 1, log(x), log(x) * r, tanh(r), r**2 - u**2, r**2 + 1]
TRAPS: dict[str, Any] = {
    "root of a square": lambda p, q: sqrt(p**2) - p,
    "root of a product": lambda p, q: sqrt(p * q) - sqrt(p) * sqrt(q),
    "root of a product, both negated": lambda p, q: sqrt(p * q) - sqrt(-p) * sqrt(-q),
    "root of a quotient": lambda p, q: sqrt(p / q) - sqrt(p) / sqrt(q),
    "root of a square times": lambda p, q: sqrt(p**2 * q) - p * sqrt(q),
    "root of a power": lambda p, q: (p**3) ** Rational(1, 3) - p,
    "fourth root of a square": lambda p, q: (p**2) ** Rational(1, 4) - sqrt(p),
    "logarithm of a square": lambda p, q: log(p**2) - 2 * log(p),
    "logarithm of a product": lambda p, q: log(p * q) - log(p) - log(q),
    "logarithm of a product, both negated": lambda p, q: log(p * q) - log(-p) - log(-q),
    "logarithm of a quotient": lambda p, q: log(p / q) - log(p) + log(q),
    "logarithm of a square times": lambda p, q: log(p**2 * q) - 2 * log(p) - log(q),
    "exponential of a logarithm": lambda p, q: exp(log(p**2) / 2) - p,
    "absolute value dropped": lambda p, q: Abs(p) - p,
    "absolute value of a product": lambda p, q: Abs(p * q) - p * Abs(q),
    "absolute value by a root": lambda p, q: Abs(p) - sqrt(p**2),
    "nested root": lambda p, q: sqrt(p**2 + 2 * p * q + q**2) - p - q,
    "nested root with a denominator": lambda p, q: sqrt(1 + p**2 / q**2) - sqrt(p**2 + q**2) / q,
    "root of a perfect square below a root": lambda p, q: sqrt(sqrt(p**4)) - p,
    "power of a power": lambda p, q: (p**2) ** x - p ** (2 * x),
    "Lambert of its equation": lambda p, q: LambertW(p * exp(p)) - p,
    "two thirds": lambda p, q: (p**2) ** Rational(1, 3) - p ** Rational(2, 3),
    "negative base": lambda p, q: (-p) ** Rational(1, 3) + p ** Rational(1, 3),
    "tanh of half a logarithm": lambda p, q: tanh(log(p**2) / 2) - (p**2 - 1) / (p**2 + 1),
    "tanh of a logarithm": lambda p, q: tanh(log(p)) - (p**2 - 1) / (p**2 + 1),
    "root of a hidden square": lambda p, q: sqrt(p * q + q**2 / 4 + p**2) - p - q / 2,
}
FACTS = [
    r > 0,
    u > 0,
    r > 1,
    u < 0,
    r * u > 0,
    x > y,
    x > 1,
    r > u,
    r**2 > 1,
    (x - 1) * (y - 2) > 0,
]
FACTS += [log(x) > 0, r / u > 0, r**3 > 0, x * r < 0, r**2 * u > 0, tanh(r) > 0]
FACTS += [x >= y, r >= 0]


@settings(max_examples=400)
@given(
    st.sampled_from(sorted(TRAPS)),
    st.sampled_from(WILD),
    st.sampled_from(WILD),
    st.lists(st.sampled_from(FACTS), max_size=2, unique=True),
)
def test_laws_for_positive_numbers_are_not_used_for_others(
    name: str, p: Any, q: Any, facts: list[Any]
) -> None:
    difference = TRAPS[name](p, q)
    relations = [fact for fact in facts if fact.free_symbols <= difference.free_symbols]
    if difference.is_number:
        return
    positive = [q.gts - q.lts for q in relations if isinstance(q, Gt | Lt)]
    if vanishes(difference, positive):
        assert not nonzero_somewhere(difference, relations)
