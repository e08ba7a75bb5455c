"""What a fourth adversary found: each of these passed, was refuted wrongly, or crashed.

``PLANTED`` are wrong statements or derivations; ``JUDGED`` are wrong only in what accompanies the
statement or are seen by ``judge`` alone; ``TRUE`` are right and were refuted; ``CRASHING`` ended
in an exception, in evidence that stopped, or did not end within 30 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import lemmata.theory.learning  # noqa: F401 (registers the claim that is cited below)
from lemmata.proofs import Claim, define
from lemmata.theory.claims import Evaluation
from lemmata.theory.derivations import (
    Combines,
    Evident,
    Follows,
    Integrated,
    Premise,
    Substituted,
)
from lemmata.theory.edges import Limit
from lemmata.theory.registry import REGISTRY
from sympy import (
    Derivative,
    Eq,
    Float,
    Function,
    Gt,
    Integer,
    Lambda,
    Ne,
    Rational,
    Symbol,
    exp,
    oo,
    sqrt,
)

from .planted import (
    Planted,
    a,
    a0,
    b,
    derived,
    f,
    g,
    iff,
    k,
    plant,
    r,
    s,
    state,
    steps,
    t,
    u,
    v,
    w,
    x,
    y,
)

APART = Eq(a(0), a0)
TIED = (APART, Eq(a(t).diff(t), 0))
"""Equations by which a(0) is tied: where the statement has a(0), no point refutes it."""

F = Function("F", positive=True)
z = Symbol("z", positive=True)
ZERO = Lambda(x, Integer(0))
DOUBLE = Lambda(x, 2 * x)
JUMP = 1 + Integer(0) ** (x - 1)

# f'(k) = k - 1 where f(k) = 1: f(k) = 1 is a value at one k.
FLAT = Eq(x * Derivative(f(k), k), 0)
VALUE = Eq(f(k), 1)

# F(t) = 1 - t is positive for t < 1 only, but F is declared positive.
SHRINKS = (Eq(F(t).diff(t), -1), Eq(F(0), 1))
POSITIVE = (1 - t) * s + x - y + F(0) > 0

LOST = Eq(0, 3 * u * a(0))


def _defined(symbol: object, expression: object) -> object:
    return define(symbol, expression, means="as stated")


def _sequential() -> Claim:
    """s -> u - 5 and then u -> u - 7 in what is stated, both at once in what is assumed."""
    cited = REGISTRY["modes.inflection.convex"]
    named = {symbol.name: symbol for symbol in cited.statement.free_symbols}
    width, level = named["s"], named["u"]
    at = {width: level - 5, level: level - 7}
    wrong = cited.statement.subs(at)
    low, high = named["u_minus"], named["u_plus"]
    return state(
        wrong,
        given=[level > 7, low < level - 7, level - 7 < high],
        rests_on=[cited.id],
        derivation=steps((wrong, Premise(cited.id, at))),
    )


PLANTED = [
    # An equation that makes no rewriting rule is forgotten: f(k) = 1 then holds for all k.
    plant(
        "value at one symbol beside a law with two terms",
        FLAT,
        Eq(x * Derivative(f(x), x), x * (x - f(x))),
        given=[Eq(f(x).diff(x) + f(x), x), VALUE],
        right_given=[Eq(f(x).diff(x), x - f(x)), VALUE],
    ),
    plant(
        "value at one symbol beside a law written from right to left",
        Eq(y * Derivative(f(k), k), 0),
        given=[Eq(x, f(x).diff(x)), VALUE],
    ),
    plant(
        "value at one symbol beside a law with zero on the left",
        Eq(y * Derivative(f(k), k), 0),
        given=[Eq(0, f(x).diff(x) - x), VALUE],
    ),
    plant(
        "value at one symbol beside an inequality for the derivative",
        FLAT,
        given=[Gt(f(x).diff(x), 0), VALUE],
    ),
    # For f(x, k) = x the left side is 0 and the right side 2.
    plant(
        "partial derivative at a symbol that moves with the variable",
        Eq(Derivative(f(x, k), k) * y, Derivative(f(2 * k, k), k) * y),
        given=[Eq(x, 2 * k)],
    ),
    derived(
        "positive function that its equation of motion makes negative",
        POSITIVE,
        steps(
            (Eq(Derivative(F(t) + t, t), 0), Follows()),
            (Eq(F(t) + t, 1), Integrated(t, 0)),
            (Eq(1 - t, F(t)), Combines({2: -1})),
            (POSITIVE, Evident()),
        ),
        given=[x > y, *SHRINKS],
    ),
    derived(
        "three lost in a floating-point number of a rule",
        LOST,
        steps(
            (Eq((r + 3) * u * a(0) - r * u * a(0), 3 * u * a(0)), Follows()),
            (LOST, Substituted({r: Float(1e20)})),
        ),
        given=[*TIED],
    ),
    # The derivation is proved; a point refutes the statement where nothing ties it.
    Planted("premise taken at one value after the other", _sequential, None),
    plant(
        "defined nowhere: one over zero in a denominator",
        Eq(y / (1 / f(x) + 1), g(x)),
        where=[_defined(f, ZERO), _defined(g, ZERO)],
    ),
]

JUDGED: dict[str, Callable[[], Claim]] = {
    # k = x^2, so k -> oo takes the right side to infinity.
    "limit in a symbol that is defined": lambda: state(
        Eq(f(x) * k, 2 * x**3),
        where=[_defined(k, x**2), _defined(f, DOUBLE)],
        limits=[Limit(k, oo, 2 * x**3, "it stays")],
    ),
    "evaluation that derives a symbol otherwise than its definition": lambda: state(
        Eq(f(x) * b, 2 * x * b),
        where=[_defined(f, DOUBLE), _defined(b, 3 * x)],
        evaluation=Evaluation(inputs={"x": x}, outputs={"product": 2 * x * b}, derived={b: 7 * x}),
    ),
    # 1 + 0^(x - 1) is 1 for x > 1, and tends to 1; its value at 1, where x is not, is 2.
    "limit at a jump at the end of the domain": lambda: state(
        Eq(2 * f(x) * y, 2 * y * JUMP),
        where=[_defined(f, Lambda(x, JUMP))],
        given=[x > 1],
        limits=[Limit(x, Integer(1), 4 * y, "it doubles")],
    ),
    # Beyond x = 1 the stated right side is 2 (x - 1), the output is 1 - x.
    "evaluation beyond what is assumed": lambda: state(
        Eq(2 * f(x), 2 * sqrt((1 - x) ** 2)),
        where=[_defined(f, Lambda(x, 1 - x))],
        given=[x < 1],
        evaluation=Evaluation(inputs={"x": x}, outputs={"f": 1 - x}),
    ),
}

CHAIN = [Function(f"q{i}") for i in range(26)]

TRUE: dict[str, Callable[[], Claim]] = {
    # What an equation says of its own left side is not used.
    "an equation with its left side on the right": lambda: state(
        Eq(y * f(x), y * g(x)), given=[Eq(f(x), 2 * f(x) - g(x))]
    ),
    "two equations that determine two functions": lambda: state(
        Eq(y * f(x), 2 * y), given=[Eq(f(x), 2 * g(x)), Eq(g(x), f(x) - 1)]
    ),
    "a number that is two less itself": lambda: state(Eq(x * y, y), given=[Eq(x, 2 - x)]),
    "a chain longer than the rounds of rewriting": lambda: state(
        Eq(2 * CHAIN[0](x), 2 * x),
        given=[
            *(Eq(one(x), other(x)) for one, other in pairwise(CHAIN)),
            Eq(CHAIN[-1](x), x),
        ],
    ),
    # What is equal to something bounded is bounded.
    "the sign of a value": lambda: state(Eq(sqrt(u**2) * y, u * y), given=[Eq(r, u), r > 0]),
    "a bound by way of a value": lambda: state(
        Eq(sqrt((5 - u) ** 2) * y, (5 - u) * y), given=[Eq(r, 5), r > u]
    ),
    "a bound by way of a function": lambda: state(
        Eq(sqrt((1 - x) ** 2) * s, (1 - x) * s), given=[Eq(f(r), x), f(r) < 1]
    ),
    "the value of a positive function": lambda: state(
        Eq(sqrt(r**2) * y, r * y), given=[Eq(F(r), r)]
    ),
    # Two values of one function are one number.
    "two names of one value": lambda: state(Eq(x * s, y * s), given=[Eq(f(r), x), Eq(f(r), y)]),
    "functions on both sides that cancel": lambda: state(
        Eq(x * s, y * s), given=[Eq(x + f(x), y + f(x))]
    ),
    "two names of one value, a solution": lambda: state(
        Eq(f(x), s), given=[Eq(f(x), k), Eq(f(x), s)]
    ),
    # What is given for another function is not inserted where a solution is tested.
    "a law by way of another function": lambda: state(
        Eq(a(t), a0), given=[Eq(a(t).diff(t), g(t) - a(t)), Eq(g(t), a(t)), APART]
    ),
    "second derivative of a given first one": lambda: state(
        Eq(f(r).diff(r, 2) * x, g(r).diff(r) * x), given=[Eq(f(r).diff(r), g(r))]
    ),
    # A relation between functions bounds the box as well.
    "two functions on a disc": lambda: state(
        f(r) + g(r) < Rational(3, 2),
        given=[f(r) > 0, f(r) < 1, g(r) > 0, g(r) < 1, f(r) ** 2 + g(r) ** 2 < 1],
    ),
    "true, but not by this step, without functions": lambda: state(
        Eq(r * s, u * s),
        given=[Eq(r + u, 2 * u)],
        derivation=steps((Eq(r * s, u * s), Follows())),
    ),
}

LETTERS = [Symbol(f"p{i}", positive=True) for i in range(9)]
HIDDEN = sqrt(x**2 + 2 * x * y + y**2) - x - y
HALF = (HIDDEN * z + 1) / (HIDDEN * z + 2)
GROWTH = (Eq(f(t).diff(t), f(t)), Eq(f(0), 1))

CRASHING: dict[str, Callable[[], Claim]] = {
    "limit beside a number that is excluded": lambda: state(
        Eq(f(x) * 2, 2 * x * x),
        where=[_defined(f, Lambda(x, x * x))],
        given=[Ne(x, 2)],
        limits=[Limit(x, 1, Integer(2), "two")],
    ),
    "equivalence beside a number that is excluded": lambda: state(
        iff(exp(x) + x - exp(y) - y > 0, x > y), given=[Ne(x, 2)]
    ),
    "limit with a leading coefficient that vanishes": lambda: state(
        Eq(2 * f(z) * y, 2 * y * HALF),
        where=[_defined(f, Lambda(z, HALF))],
        limits=[Limit(z, oo, y, "one half of 2 y")],
    ),
    "coupled equations with one start": lambda: state(
        Eq(v(t), exp(t)),
        given=[
            Eq(v(t).diff(t), w(t)),
            Eq(w(t).diff(t), v(t)),
            Eq(w(0), v(0)),
            Eq(v(0), 1),
        ],
    ),
    "mutant of a derivative in an inequality": lambda: state(
        Eq(x * Derivative(f(k), k), 0), given=[Gt(f(x).diff(x), 0), VALUE]
    ),
    # Hangs: 20 rounds double the expression each, or raise it to a power.
    "a symbol equal to a product with itself inside": lambda: state(
        Eq(x * y, y * f(x) * g(x)), given=[Eq(x, f(x) * g(x))]
    ),
    "a symbol equal to a polynomial of itself": lambda: state(
        Eq(x * y, y), given=[Eq(x, (x + 1) ** 3 / 8)]
    ),
    # Hangs: 24310 terms.
    "power of a long sum": lambda: state(sum(LETTERS) ** 9 > 1),
    # Hangs: the assumption is expanded.
    "high power in an assumption": lambda: state(x * y + 1 > x, given=[Gt((x + y + 1) ** 3000, s)]),
}
