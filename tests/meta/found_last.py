"""What a fifth adversary found: each of these was proved.

``PLANTED`` are wrong statements or derivations, or derivations from assumptions that contradict
each other; ``JUDGED`` are wrong only in what accompanies the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lemmata.proofs import Claim, claim, define
from lemmata.theory.claims import Evaluation
from lemmata.theory.derivations import (
    Combines,
    Entries,
    Evident,
    Follows,
    Integrated,
    Ordered,
    Premise,
    Substituted,
)
from lemmata.theory.edges import Limit
from lemmata.theory.learning.shallow import _MODES, _NAMED, B, S
from lemmata.theory.learning.shallow import b as strength
from lemmata.theory.matrix_calculus import TimeDerivative
from lemmata.theory.registry import REGISTRY
from lemmata.theory.symbols import tau as constant
from sympy import (
    Derivative,
    Eq,
    Float,
    Gt,
    Integer,
    Lambda,
    Rational,
    Subs,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
)

from .planted import (
    Planted,
    a,
    a0,
    b,
    c,
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
    x,
    y,
)

START = a(0)
TIED = (Eq(START, a0), Eq(a(t).diff(t), 0))
"""Equations by which a(0) is tied: where the statement has a(0), no point refutes it."""

K = Symbol("K", real=True)
V = Symbol("V", real=True)
m = Symbol("m", integer=True, positive=True)
LINE = Lambda(x, 1 - x)
DOUBLE = Lambda(x, 2 * x)

# f'(k) = k - 1 where f(k) = 1, and so on: f(k) = 1 is a value at one k.
VALUE = Eq(f(k), 1)
RATE = Derivative(f(k), k)
FLAT = Eq(x * RATE, 0)
WIDE = f(x, t)

# The derivative vanishes at the one point at which two equations together put the variable.
FIXED = r**2 - 2 * u * r
CONE = (x - y) * r**2

# e for every t, and 0**0 at t = 0 once 1/log(0) is taken for 0.
HALF = t / 2
CONSTANT = HALF ** (1 / (log(t) - log(2)))


def _defined(symbol: object, expression: object) -> object:
    return define(symbol, expression, means="as stated")


def _cites(name: str, statement: Any, there: Sequence[Any], here: Sequence[Any]) -> Claim:
    """``statement`` by a claim that states it under other assumptions."""
    id = f"meta.{name}"
    if id not in REGISTRY:
        claim(id, given=there)(lambda: statement)
    return state(statement, given=here, rests_on=[id], derivation=steps((statement, Premise(id))))


def _flow(level: Any) -> Any:
    return Eq(constant * strength(t).diff(t), level - strength(t))


def _entry(level: Any) -> tuple[tuple[Any, Any], ...]:
    return (_MODES, Premise()), (_flow(level), Entries({**_NAMED, S: level}))


PLANTED = [
    # A symbol is replaced that an assumption fixes or bounds by way of a definition.
    derived(
        "replaced against an equation for a defined symbol",
        Eq(2 * u * START, 5 * START),
        steps(
            (Eq(K, 5), Premise()),
            (Eq(2 * r * START, 5 * START), Combines({1: START})),
            (Eq(2 * u * START, 5 * START), Substituted({r: u})),
        ),
        where=[_defined(K, 2 * r)],
        given=[*TIED, Eq(K, 5)],
    ),
    derived(
        "replaced against an equation for a defined function",
        Eq(2 * u * START, 6 * START),
        steps(
            (Eq(f(2), 5), Premise()),
            (Eq(2 * r * START, 6 * START), Combines({1: 2 * START})),
            (Eq(2 * u * START, 6 * START), Substituted({r: u})),
        ),
        where=[_defined(f, Lambda(x, x + r))],
        given=[*TIED, Eq(f(2), 5)],
    ),
    derived(
        "replaced against an inequality for a defined symbol",
        Eq(sqrt((u - 1) ** 2) * START, (u - 1) * START),
        steps(
            (Eq(sqrt((r - 1) ** 2) * START, (r - 1) * START), Follows()),
            (Eq(sqrt((u - 1) ** 2) * START, (u - 1) * START), Substituted({r: u})),
        ),
        where=[_defined(K, r - 1)],
        given=[*TIED, K > 0],
    ),
    # K = t^2: the derivative of K t is 3 t^2.
    derived(
        "a defined symbol that moves is put into a derivative",
        Eq(Derivative(K * t, t) * START, K * START),
        steps(
            (Eq(Derivative(r * t, t) * START, r * START), Follows()),
            (Eq(Derivative(K * t, t) * START, K * START), Substituted({r: K})),
        ),
        where=[_defined(K, t**2)],
        given=[*TIED],
    ),
    # A step that is true of everything decides what a given value is a value of.
    derived(
        "a step by which a value holds for all arguments",
        FLAT,
        steps((Eq(x * (RATE + 1), x * RATE + x, evaluate=False), Follows()), (FLAT, Follows())),
        given=[Eq(f(x).diff(x), x), VALUE],
    ),
    # f is differentiated inside a product only: f = A + B/x.
    plant(
        "value at one symbol beside a law for a product",
        FLAT,
        given=[Eq(0, Derivative(x * f(x), (x, 2))), VALUE],
    ),
    plant(
        "value at one symbol beside the derivative of a product",
        FLAT,
        given=[Eq(g(x), Derivative(x * f(x), x)), VALUE],
    ),
    plant(
        "value at one symbol beside an inequality for a product",
        FLAT,
        given=[Gt(Derivative(x * f(x), x), 0), VALUE],
    ),
    derived(
        "value at one symbol replaced beside a law for a product",
        Eq(f(x) * y, y),
        steps((Eq(f(k) * y, y), Follows()), (Eq(f(x) * y, y), Substituted({k: x}))),
        given=[Eq(0, Derivative(s * f(s), (s, 2))), VALUE],
    ),
    # Two equations for all r, or for one r: in neither reading does it hold for every u.
    derived(
        "two values of a function fix its argument, which is replaced",
        Eq(s * START, u * START),
        steps(
            (Eq(g(r), u), Premise()),
            (Eq(g(r), r), Premise()),
            (Eq(r * START, u * START), Combines({1: START, 2: -START})),
            (Eq(s * START, u * START), Substituted({r: s})),
        ),
        given=[*TIED, Eq(g(r), u), Eq(g(r), r)],
    ),
    derived(
        "a law and a value fix an argument, which is replaced",
        Eq(s * START, 2 * START),
        steps(
            (Eq(g(u), u), Premise()),
            (Eq(g(r), r), Substituted({u: r})),
            (Eq(g(r), 2), Premise()),
            (Eq(r * START, 2 * START), Combines({2: -START, 3: START})),
            (Eq(s * START, 2 * START), Substituted({r: s})),
        ),
        given=[*TIED, Eq(g(u), u), Eq(g(r), 2)],
    ),
    derived(
        "a constant whose rate of change is its argument",
        Eq(u * START, 0),
        steps(
            (Eq(r, f(r).diff(r)), Premise()),
            (Eq(f(r).diff(r), 0), Follows()),
            (Eq(r * START, 0), Combines({1: START, 2: START})),
            (Eq(u * START, 0), Substituted({r: u})),
        ),
        given=[*TIED, Eq(r, f(r).diff(r)), Eq(f(r), 1)],
    ),
    derived(
        "integrated over a variable that two equations fix",
        Eq(FIXED, 0),
        steps(
            (Eq(g(r), u), Premise()),
            (Eq(g(r), r), Premise()),
            (Eq(Derivative(FIXED, r), 0), Combines({1: 2, 2: -2})),
            (Eq(FIXED, 0), Integrated(r, 0)),
        ),
        given=[Eq(g(r), u), Eq(g(r), r)],
    ),
    derived(
        "ordered over a variable that two equations fix",
        iff(CONE > CONE.subs(r, V), r > V),
        steps(
            (Eq(g(r), exp(u)), Premise()),
            (Eq(g(r), r), Premise()),
            (
                Eq(Derivative(CONE, r), 2 * (x - y) * exp(u)),
                Combines({1: 2 * (x - y), 2: -2 * (x - y)}),
            ),
            (Derivative(CONE, r) > 0, Evident()),
            (iff(CONE > CONE.subs(r, V), r > V), Ordered(r)),
        ),
        given=[x > y, Eq(g(r), exp(u)), Eq(g(r), r)],
    ),
    # No function satisfies what is given: log(t) + C, C t and C/t have no such start.
    derived(
        "start at which the rate is infinite",
        Eq(t * exp(-f(t)), 0),
        steps(
            (Eq(Derivative(t * exp(-f(t)), t), 0), Follows()),
            (Eq(t * exp(-f(t)), 0), Integrated(t, 0)),
        ),
        given=[Eq(f(t).diff(t), 1 / t), Eq(f(0), a0), t > 0],
    ),
    derived(
        "start at which the growth rate is infinite",
        Eq(t / f(t), 0),
        steps(
            (Eq(Derivative(t / f(t), t), 0), Follows()),
            (Eq(t / f(t), 0), Integrated(t, 0)),
        ),
        given=[Eq(f(t).diff(t), f(t) / t), Eq(f(0), 1), t > 0],
    ),
    derived(
        "start at which the factor of the rate vanishes",
        Eq(t * f(t), 0),
        steps(
            (Eq(Derivative(t * f(t), t), 0), Follows()),
            (Eq(t * f(t), 0), Integrated(t, 0)),
        ),
        given=[Eq(t * f(t).diff(t), -f(t)), Eq(f(0), 1), t > 0],
    ),
    derived(
        "second-order start at which the rate is infinite",
        Eq(t * f(t).diff(t), 0),
        steps(
            (Eq(Derivative(t * f(t).diff(t), t), 0), Follows()),
            (Eq(t * f(t).diff(t), 0), Integrated(t, 0)),
        ),
        given=[
            Eq(f(t).diff(t, 2), -f(t).diff(t) / t),
            Eq(Subs(Derivative(f(t), t), t, 0), 1),
            Eq(f(0), 1),
            t > 0,
        ],
    ),
    # d/dx df/dt is 1, d/dt df/dx is 0.
    derived(
        "two laws of one function that exclude each other",
        Eq(x * t, y * t),
        steps(
            (Eq(Derivative(WIDE - x * t, t), 0), Follows()),
            (Eq(WIDE - x * t, 0), Integrated(t, 0)),
            (Eq(Derivative(WIDE, x), 0), Follows()),
            (Eq(WIDE, f(0, t)), Integrated(x, 0)),
            (Eq(f(0, t), x * t), Combines({2: 1, 4: -1})),
            (Eq(f(0, t), y * t), Substituted({x: y})),
            (Eq(x * t, y * t), Combines({5: -1, 6: 1})),
        ),
        given=[Eq(WIDE.diff(t), x), Eq(WIDE.diff(x), 0), Eq(f(x, 0), 0)],
    ),
    # The value that SymPy puts at the end of the interval is not the one that is tended to.
    derived(
        "integrated from where an exponent has no value",
        Eq(CONSTANT * START, START),
        steps(
            (Eq(Derivative(CONSTANT * START, t), 0), Follows()),
            (Eq(CONSTANT * START, START), Integrated(t, 0)),
        ),
        given=[*TIED, t > 0, t < 1],
    ),
    plant(
        "formula whose start is an exponent without a value",
        Eq(f(t), CONSTANT),
        given=[Eq(f(t).diff(t), 0), Eq(f(0), 1), t > 0, t < 1],
    ),
    # What the cited claim assumes for all arguments is assumed, or follows, at one here.
    Planted(
        "cited for a value where a constant is meant",
        lambda: _cites("constant", FLAT, [VALUE], [Eq(f(x).diff(x), x), VALUE]),
        None,
    ),
    Planted(
        "cited for what follows at one argument only",
        lambda: _cites(
            "everywhere", Eq(y * Derivative(f(r), r), y), [Eq(f(r), r)], [Eq(r, 2), Eq(f(2), 2)]
        ),
        None,
    ),
    # One matrix has one entry, and its time derivative the derivative of that.
    derived(
        "two names of one entry",
        Eq(x * START, y * START),
        steps(*_entry(x), *_entry(y), (Eq(x * START, y * START), Combines({2: -START, 4: START}))),
        given=[*TIED, _MODES],
        rests_on=["modes.shallow.modes"],
    ),
    derived(
        "entry of a time derivative that is any number",
        Eq(constant * c * START, (s - strength(t)) * START),
        steps(
            (_MODES, Premise()),
            (Eq(constant * c, s - strength(t)), Entries({**_NAMED, TimeDerivative(B): c})),
            (Eq(constant * c * START, (s - strength(t)) * START), Combines({2: START})),
        ),
        given=[*TIED, _MODES],
        rests_on=["modes.shallow.modes"],
    ),
]

JUDGED: dict[str, Callable[[], Claim]] = {
    # x < c < 1 bounds x below 1, where the stated right side is 2 (1 - x).
    "evaluation beyond a bound by way of another symbol": lambda: state(
        Eq(2 * f(x), 2 * sqrt((1 - x) ** 2)),
        where=[_defined(f, LINE)],
        given=[x < c, c < 1],
        evaluation=Evaluation(inputs={"x": x}, outputs={"f": 1 - x}),
    ),
    "evaluation beyond the bound of a derived symbol": lambda: state(
        Eq(2 * f(b), 2 * sqrt((1 - b) ** 2)),
        where=[_defined(f, LINE)],
        given=[b < 1],
        evaluation=Evaluation(inputs={"x": x}, outputs={"f": 2 * (1 - b)}, derived={b: 3 * x}),
    ),
    # x - 5 is negative for small x, b is declared positive.
    "evaluation that derives a symbol outside its domain": lambda: state(
        Eq(2 * f(b), 2 * sqrt(b**2)),
        where=[_defined(f, Lambda(x, x))],
        evaluation=Evaluation(inputs={"x": x}, outputs={"f": 2 * b}, derived={b: x - 5}),
    ),
    # At x = 1 and K = 7 the outputs are 14 and 2.
    "evaluation at inputs that break a given equation": lambda: state(
        Eq(f(x) * K, 2 * x**3),
        where=[_defined(f, DOUBLE)],
        given=[Eq(K, x**2)],
        evaluation=Evaluation(inputs={"x": x, "k": K}, outputs={"f": 2 * x * K, "cube": 2 * x**3}),
    ),
    # K = x^2, so K -> oo takes the right side to infinity.
    "limit in a symbol that a given equation ties": lambda: state(
        Eq(f(x) * K, 2 * x**3),
        where=[_defined(f, DOUBLE)],
        given=[Eq(K, x**2)],
        limits=[Limit(K, oo, 2 * x**3, "it stays")],
    ),
    "limit at a multiple of the variable itself": lambda: state(
        Eq(f(x) * y, 2 * x * y),
        where=[_defined(f, DOUBLE)],
        limits=[Limit(x, 2 * x, 4 * x * y, "twice as much")],
    ),
    "limit between two integers": lambda: state(
        Eq(f(m) * 2 * y, 2 * m * y),
        where=[_defined(f, Lambda(x, x))],
        limits=[Limit(m, Rational(1, 2), y, "one half")],
    ),
    "three lost in the value of a limit": lambda: state(
        Eq(f(x) * 2 * y, 2 * y * (x + 10**20 + 3)),
        where=[_defined(f, Lambda(x, x + 10**20 + 3))],
        limits=[Limit(x, Integer(0), 2 * y * Float(1e20), "large")],
    ),
}
