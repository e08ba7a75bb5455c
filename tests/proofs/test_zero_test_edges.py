"""The edges of the zero test: what it once proved or refuted wrongly, and the neighbours."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import exact_ball
from lemmata.proofs.exact.zero_test import decide_zero
from sympy import (
    Abs,
    Derivative,
    E,
    Function,
    I,
    Integral,
    LambertW,
    Max,
    Min,
    Pow,
    Symbol,
    exp,
    log,
    oo,
    sign,
    sqrt,
    symbols,
    tanh,
)

x, y = symbols("x y", positive=True)
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
    "exponentials of large numbers": exp(x + 1000) * exp(2000) - exp(x + 4500) / exp(1500),
    "tanh far out": tanh(x + 10**6) - 1 + 2 / (exp(2 * x + 2 * 10**6) + 1),
    "logarithm of a large exponential": log(x * exp(10**6 + y)) - log(x) - y - 10**6,
    "unevaluated E**x": Pow(E, x, evaluate=False) - exp(x),
    "W of a hidden zero": exp(LambertW(HIDDEN_ZERO)) - 1,
    "one argument, two spellings": f((x + 1) ** 2) - f(x**2 + 2 * x + 1),
}


@pytest.mark.parametrize("expr", TWINS.values(), ids=TWINS.keys())
def test_the_true_neighbours_are_proved(expr: Any) -> None:
    assert decide(expr) == "proved"


REFUTED = {
    "exponentials of nearby large numbers": exp(1000) * x - exp(1001) * x,
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
