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
from lemmata.numerics.precision import exact_ball
from lemmata.proofs.exact.independence import Independence
from lemmata.proofs.exact.normal_form import vanishes
from lemmata.proofs.exact.zero_test import decide_zero, free_atoms
from sympy import (
    Abs,
    Basic,
    Derivative,
    E,
    Function,
    Gt,
    I,
    Integer,
    Integral,
    LambertW,
    Lt,
    Max,
    Min,
    Pow,
    Rational,
    Symbol,
    cosh,
    exp,
    log,
    oo,
    sign,
    sinh,
    sqrt,
    symbols,
    tanh,
)

x, y, s = symbols("x y s", positive=True)
r, u = symbols("r u", real=True)
f = Function("f")
HIDDEN_ZERO = (x + 1) ** 2 - x**2 - 2 * x - 1


def decide(expr: Any, relations: Any = ()) -> str:
    """The status of the zero test with a fixed generator."""
    return decide_zero(expr, list(relations), rng=np.random.default_rng(0)).status


NEVER_PROVED = {
    "unevaluated E**x is not exp(E)": Pow(E, x, evaluate=False) - exp(E),
    "base of an unevaluated logarithm": log(8, 2, evaluate=False) - log(8),
    "exp(W(z)) = z/W(z) where z vanishes": exp(LambertW(HIDDEN_ZERO)),
    "off-branch logarithm of a complex exponential": log(exp(4 * I * x)) - 4 * I * x,
    "off-branch root of a complex exponential": sqrt(exp(4 * I * x)) - exp(2 * I * x),
    "symbol that is imaginary": log(exp(4 * Symbol("z", imaginary=True)))
    - 4 * Symbol("z", imaginary=True),
    "symbol without a domain": log(exp(4 * Symbol("z"))) - 4 * Symbol("z"),
    "symbols that do not commute": Symbol("A", commutative=False) * Symbol("B", commutative=False)
    - Symbol("B", commutative=False) * Symbol("A", commutative=False),
    "infinities do not cancel": oo * r - oo * u + oo * (u - r),
    "not defined over the reals": sqrt(-1 - x) * sqrt(-2 - x) + sqrt((1 + x) * (2 + x)),
}


@pytest.mark.parametrize("expr", NEVER_PROVED.values(), ids=NEVER_PROVED.keys())
def test_what_is_false_or_undefined_is_never_proved(expr: Any) -> None:
    assert decide(expr) != "proved"


NEVER_REFUTED = {
    "one argument, two spellings": (f((x + 1) ** 2) - f(x**2 + 2 * x + 1), []),
    "f(|r|) and f(r) for positive r": (f(Abs(r)) - f(r), [r > 0]),
    "f at the larger and the smaller": (f(Max(x, y)) + f(Min(x, y)) - f(x) - f(y), []),
    "two partial derivatives of f(x + y)": (
        Derivative(f(x + y), x) - Derivative(f(x + y), y),
        [],
    ),
    "unevaluated derivative of a square": (Derivative(x**2, x) - 2 * x, []),
    "integral to infinity": (Integral(exp(-x), (x, 0, oo)) - 1, []),
    "sign of an undefined number": (2 + sign(log(-1 - x)), []),
    "lower branch of the Lambert function": (
        LambertW(-x, -1) * exp(LambertW(-x, -1)) + x,
        [x < sqrt(E) / 6],
    ),
}


@pytest.mark.parametrize(("expr", "relations"), NEVER_REFUTED.values(), ids=NEVER_REFUTED.keys())
def test_what_is_true_or_undefined_is_never_refuted(expr: Any, relations: Any) -> None:
    assert decide(expr, relations) != "refuted"


TWINS = {
    "unevaluated E**x": Pow(E, x, evaluate=False) - exp(x),
    "W of a hidden zero": exp(LambertW(HIDDEN_ZERO)) - 1,
    "one argument, two spellings": f((x + 1) ** 2) - f(x**2 + 2 * x + 1),
}


@pytest.mark.parametrize("expr", TWINS.values(), ids=TWINS.keys())
def test_the_true_neighbours_are_proved(expr: Any) -> None:
    assert decide(expr) == "proved"


REFUTED = {
    "different arguments are independent": f(2 * x) - f(x),
    "value and derivative are independent": f(x).diff(x) - f(x),
    "partial derivatives are independent": f(x, y).diff(x) - f(x, y).diff(y),
    "lower branch is not the principal one": (LambertW(-x / 100, -1) - LambertW(-x / 100)),
}


@pytest.mark.parametrize("expr", REFUTED.values(), ids=REFUTED.keys())
def test_the_false_neighbours_are_refuted(expr: Any) -> None:
    assert decide(expr, [x < 30]) == "refuted"


def test_lower_branch_of_the_lambert_function_has_a_ball() -> None:
    program = compile_expressions([LambertW(-x, -1), LambertW(-x, -1) * exp(LambertW(-x, -1))], [x])
    branch, argument = evaluate_balls(program, [Fraction(1, 10)], 128)
    assert branch < -1
    assert argument.overlaps(exact_ball(Fraction(-1, 10)))
    assert argument.rad() < 1e-30


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


PROVED_UNDER_A_FACT: dict[str, tuple[Any, list[Any]]] = {
    "root of a square": (sqrt((r - 1) ** 2) - r + 1, [r > 1]),
    "root of a square, negative": (sqrt((r - 1) ** 2) + r - 1, [r < 1]),
    "logarithm of a product": (log(r * u) - log(r) - log(u), [r > 0, u > 0]),
    "logarithm of a product, both negative": (log(r * u) - log(-r) - log(-u), [r < 0, u < 0]),
    "absolute value of a logarithm": (Abs(log(x)) - log(x), [log(x) > 0]),
    "a positive odd power": (Abs(r) - r, [r**3 > 0]),
    "difference of unequal numbers": (sqrt((x - y) ** 2) - x + y, [x > y]),
    "larger than what is positive": (Abs(r + 1) - r - 1, [r > 0]),
}


@pytest.mark.parametrize(
    ("expr", "relations"), PROVED_UNDER_A_FACT.values(), ids=PROVED_UNDER_A_FACT.keys()
)
def test_a_law_is_used_where_its_assumption_is_given(expr: Any, relations: list[Any]) -> None:
    assert decide(expr, relations) == "proved"
    assert decide(expr) != "proved"
