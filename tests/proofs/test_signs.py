"""Signs: whatever sign is claimed is the sign, boundaries of the domain included."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from lemmata.numerics.balls import sign as ball_sign
from lemmata.numerics.codegen import compile_expressions
from lemmata.proofs.certificates import recheck
from lemmata.proofs.signs import Signs
from sympy import (
    Abs,
    E,
    Function,
    Ge,
    I,
    Integer,
    LambertW,
    Le,
    Pow,
    Rational,
    S,
    Symbol,
    cosh,
    exp,
    lambdify,
    log,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

x, y = symbols("x y", positive=True)
t = Symbol("t", nonnegative=True)
r, u = symbols("r u", real=True)
m = Symbol("m", negative=True)
n = Symbol("n", integer=True)
w = Symbol("w", imaginary=True)

UNKNOWN: dict[str, tuple[Any, list[Any]]] = {
    "difference where equality is allowed": (x - y, [x >= y]),
    "difference of real numbers where equality is allowed": (r - u, [u <= r]),
    "at the end of a closed interval": (1 - x, [x <= 1]),
    "at the start of a closed interval": (x - 1, [x >= 1]),
    "product of gaps at both ends": ((r - 1) * (3 - r), [r >= 1, r <= 3]),
    "nonnegative symbol": (t, []),
    "powers of a nonnegative symbol": (t**2 + t, []),
    "product with a nonnegative symbol": (x * t, []),
    "exponential of a nonnegative symbol": (exp(t) - 1, []),
    "logarithm at 1": (log(1 + t), []),
    "logarithm at a closed end": (log(x), [x >= 1]),
    "hyperbolic sine at 0": (sinh(t), []),
    "absolute value": (Abs(r), []),
    "even power of unknown base": ((r - 1) ** 2, []),
    "even integer power of an unknown base": (r ** (2 * n), []),
    "reciprocal across a pole": (1 / (x - 1), []),
    "root against its square": (sqrt(x**2 + t) - x, []),
    "order assumed of others": (x - y, [r > u]),
    "order with a margin is not used": (r - x, [x > r - 1]),
    "principal Lambert function of either sign": (LambertW(r), [r > -1]),
    "unevaluated E**(-x) - 1 is not positive": (Pow(E, -r, evaluate=False) - 1, []),
    "hyperbolic cosine of an imaginary number": (cosh(w), []),
    "exponential of an imaginary number": (exp(I * x), []),
    "symbol without a domain": (exp(Symbol("z")), []),
    "undefined function": (Function("f")(x), []),
    "tangent squared across its poles": (tan(r) ** 2, []),
}

KNOWN: dict[str, tuple[Any, list[Any], int]] = {
    "difference under a strict order": (x - y, [x > y], 1),
    "difference of real numbers": (u - r, [u < r], -1),
    "inside an open interval": (x * (1 - x), [x < 1], 1),
    "closed interval, gap beyond it": (2 - x, [x <= 1], 1),
    "nonnegative symbol plus a constant": (t**2 + t + 1, [], 1),
    "exponential decays": (Pow(E, -x, evaluate=False) - 1, [], -1),
    "k (exp(x) - 1)": (y * exp(x) - y, [], 1),
    "logarithm of what exceeds 1": (log(1 + x), [], 1),
    "logarithm inside (0, 1)": (log(x), [x < 1], -1),
    "square root against its square": (sqrt(x**2 + y) - x, [], 1),
    "negative multiple of a root": (x - 2 * sqrt(x**2 + y), [], -1),
    "negative symbol": (m - x, [], -1),
    "odd power of a negative symbol": (m**3 * x, [], -1),
    "symbol bounded by an assumption": (r, [r > 0], 1),
    "symbol above a weak bound": (r - 1, [r >= 2], 1),
    "principal Lambert function": (LambertW(x), [], 1),
    "multiple of e": (E - E * x, [x < 1], 1),
}


@pytest.mark.parametrize(("expr", "relations"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_no_sign_is_claimed_where_there_is_none(expr: Any, relations: list[Any]) -> None:
    assert Signs(relations).sign(expr) == 0


@pytest.mark.parametrize(("expr", "relations", "claimed"), KNOWN.values(), ids=KNOWN.keys())
def test_evident_signs_are_found(expr: Any, relations: list[Any], claimed: int) -> None:
    signs = Signs(relations)
    assert signs.sign(expr) == claimed
    assert all(recheck(certificate) for certificate in signs.certificates)


SYMBOLS = (x, y, t, r, u)
RELATIONS = [x > y, x >= y, x < 1, x <= 1, y >= 1, r > u, r >= u, r >= x, u <= 2, u > -1, t <= 1]
RELATIONS += [x * y > 1 + t, x + y >= 2, r * u > x, 2 * x > y + 1, r**2 >= u]
GRID = [Fraction(n, 2) for n in (-3, -1, 0, 1, 2, 4)]


@st.composite
def expressions(draw: Any, relations: list[Any]) -> Any:
    """Built from gaps and the shapes that ``Signs`` has a rule for."""
    gaps = [relation.gts - relation.lts for relation in relations]
    atom = st.sampled_from([*SYMBOLS, *gaps, S.One, Rational(1, 2), Integer(-1)])

    def grow(children: Any) -> Any:
        pairs = st.tuples(children, children)
        return st.one_of(
            pairs.map(lambda p: p[0] + p[1]),
            pairs.map(lambda p: p[0] * p[1]),
            pairs.map(lambda p: p[0] - p[1]),
            pairs.map(lambda p: p[0] * exp(p[1]) - p[0]),
            pairs.map(lambda p: p[0] - 2 * sqrt(p[0] ** 2 + p[1])),
            pairs.map(lambda p: p[0] / (1 + p[1])),
            children.map(lambda p: log(1 + p)),
            children.map(lambda p: sqrt(p)),
            children.map(lambda p: p**3),
            children.map(lambda p: tanh(p)),
            children.map(lambda p: LambertW(p)),
            children.map(lambda p: Abs(p)),
        )

    return draw(st.recursive(atom, grow, max_leaves=4))


@st.composite
def problems(draw: Any) -> tuple[Any, list[Any]]:
    """An expression and relations that bear on it."""
    relations = draw(st.lists(st.sampled_from(RELATIONS), max_size=2, unique=True))
    return draw(expressions(relations)), relations


def domain(relations: list[Any], used: list[Any]) -> list[dict[Any, Fraction]]:
    """The points of a grid that lie in the domain, boundaries where they are allowed."""
    sides = [(isinstance(relation, Ge | Le), relation.gts - relation.lts) for relation in relations]
    gaps = lambdify(used, [gap for _, gap in sides], modules=[])
    found = []
    for point in product(*([v for v in GRID if _allowed(s, v)] for s in used)):
        values = zip(sides, gaps(*point), strict=True)
        if all(value > 0 or (value == 0 and weak) for (weak, _), value in values):
            found.append(dict(zip(used, point, strict=True)))
    return found


def _allowed(symbol: Any, value: Fraction) -> bool:
    return value > 0 or not (symbol.is_positive or (symbol.is_nonnegative and value < 0))


@settings(max_examples=150)
@given(problems())
def test_claimed_signs_are_confirmed_by_balls(problem: tuple[Any, list[Any]]) -> None:
    expr, relations = problem
    claimed = 0 if expr.is_number else Signs(relations).sign(expr)
    if not claimed:
        return
    used = sorted(expr.free_symbols.union(*(r.free_symbols for r in relations)), key=str)
    program = compile_expressions([expr], used)
    for point in domain(relations, used)[:200]:
        result = ball_sign(program, [point[s] for s in used], 128)[0]
        assert result.sign in (None, claimed), (point, result.ball)
        if result.sign is None and result.ball.is_finite():
            # Nothing but a zero hides in so narrow a ball.
            exact = {s: Rational(v.numerator, v.denominator) for s, v in point.items()}
            assert expr.xreplace(exact).is_zero is not True, point


def test_the_random_problems_have_signs_that_relations_decide() -> None:
    def needs_a_relation(problem: tuple[Any, list[Any]]) -> bool:
        expr, relations = problem
        return bool(Signs(relations).sign(expr)) and not Signs([]).sign(expr)

    once = settings(max_examples=500, phases=[Phase.generate])
    assert needs_a_relation(find(problems(), needs_a_relation, settings=once))
