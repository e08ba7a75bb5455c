"""Assumptions that do not determine what is claimed, or contradict one another."""

from __future__ import annotations

from lemmata.proofs import define
from sympy import (
    Derivative,
    Eq,
    Integral,
    Lambda,
    Rational,
    Subs,
    Symbol,
    acosh,
    cosh,
    exp,
    pi,
    sin,
    sinh,
    sqrt,
)

from .equations import CURVE, ODE, START
from .planted import Planted, a, a0, b, f, k, plant, r, s, state, t, tau, u, x, y

HALF = Rational(1, 2)
PARTED = Symbol("P", real=True, nonzero=True)
QUANTITY = Symbol("Q", positive=True)


def _more(by: int) -> object:
    return define(f, Lambda(x, x + by), means=f"{by} more")


PLANTED = [
    # Givens that do not determine what is claimed.
    plant(
        "nothing given but the start",
        Eq(a(t), a0 * exp(7 * s * t / tau)),
        Eq(a(t), CURVE),
        given=[START],
        right_given=[ODE, START],
    ),
    plant(
        "integration constant chosen",
        Eq(a(t), 5 * exp(2 * s * t / tau)),
        Eq(a(t), a0 * exp(2 * s * t / tau)),
        given=[Eq(tau * a(t).diff(t), 2 * s * a(t))],
        right_given=[Eq(tau * a(t).diff(t), 2 * s * a(t)), START],
    ),
    plant(
        "one of many solutions through a singular start",
        Eq(a(t), 3 * t**2),
        given=[Eq(t * a(t).diff(t), 2 * a(t)), Eq(a(0), 0)],
    ),
    plant(
        "one of two solutions of a root equation",
        Eq(a(t), t**2 / 4),
        given=[Eq(a(t).diff(t), sqrt(a(t))), Eq(a(0), 0)],
    ),
    plant(
        "second-order equation with one start",
        Eq(a(t), a0 * cosh(t)),
        given=[Eq(a(t).diff(t, 2), a(t)), START],
    ),
    plant(
        "one root of a quadratic equation",
        Eq(f(x), -sqrt(x + s)),
        given=[Eq(f(x) ** 2, x + s)],
    ),
    plant(
        "divided by what may vanish",
        Eq(f(r), r**2 + 3 * r),
        Eq(f(r), r**2 + 3 * r),
        given=[Eq((r - 1) * f(r), (r - 1) * (r**2 + 3 * r))],
        right_given=[Eq((r**2 + 1) * f(r), (r**2 + 1) * (r**2 + 3 * r))],
    ),
    plant(
        "values at two times instead of two at one",
        Eq(a(t), 5 * sin(pi * t)),
        given=[Eq(a(t).diff(t, 2), -(pi**2) * a(t)), Eq(a(0), 0), Eq(a(1), 0)],
    ),
    plant(
        "one start stated twice",
        Eq(a(t), a0 * exp(t)),
        given=[Eq(a(t).diff(t, 2), a(t)), START, Eq(2 * a(0), 2 * a0)],
    ),
    plant(
        "equation that is not smooth in the unknown",
        Eq(a(t), 0),
        Eq(a(t), 0),
        given=[Eq(a(t).diff(t), acosh(1 + a(t))), Eq(a(0), 0)],
        right_given=[Eq(a(t).diff(t), sinh(a(t))), Eq(a(0), 0)],
    ),
    plant(
        "start outside the interval of the equation",
        Eq(a(t), a0),
        Eq(a(t), a0),
        given=[Eq(a(t).diff(t), 0), START, t > 1],
        right_given=[Eq(a(t).diff(t), 0), START],
    ),
    plant(
        "start in another part of the domain",
        Eq(f(r), k),
        Eq(f(r), k),
        given=[Eq(f(r).diff(r), 0), Eq(f(2), k), r**2 > 1],
        right_given=[Eq(f(r).diff(r), 0), Eq(f(2), k), r > 1],
    ),
    plant(
        "singular between the start and the interval",
        Eq(a(t), (t - HALF) ** 2),
        given=[Eq((t - HALF) * a(t).diff(t), 2 * a(t)), Eq(a(0), HALF**2), t > 1],
    ),
    plant(
        "start between two parts of a domain",
        Eq(f(PARTED), k),
        given=[Eq(f(PARTED).diff(PARTED), 0), Eq(f(2), k)],
    ),
    plant(
        "formula with a pole between the start and later times",
        Eq(a(t), 1 / (1 - t)),
        Eq(a(t), 1 / (1 + t)),
        given=[Eq(a(t).diff(t), a(t) ** 2), Eq(a(0), 1)],
        right_given=[Eq(a(t).diff(t), -(a(t) ** 2)), Eq(a(0), 1)],
    ),
    plant(
        "delay equation taken for an ordinary one",
        Eq(f(r), r),
        given=[Eq(f(r), f(r - 1) + 1)],
    ),
    plant(
        "formula that contains the unknown",
        Eq(f(r), f(-r)),
        given=[Eq(f(r).diff(r, 2), f(r)), Eq(f(0), 1), Eq(Subs(f(r).diff(r), r, 0), 0)],
    ),
    plant(
        "value at one symbol taken for a law",
        Eq(x * Derivative(f(k), k), 0),
        given=[Eq(f(x).diff(x), x), Eq(f(k), 1)],
    ),
    plant(
        "law in two variables with one start",
        Eq(f(r, u), k),
        given=[Eq(f(r, u).diff(r) + f(r, u).diff(u), 0), Eq(f(0, u), k)],
    ),
    plant(
        "singular at the start",
        Eq(a(x), 2 * x),
        given=[Eq(x * a(x).diff(x), a(x)), Eq(a(0), 0)],
    ),
    # Contradictory assumptions prove nothing.
    plant(
        "two values of one number",
        Eq(f(x) * (1 + x) ** 2, 2 + 4 * x + 2 * x**2),
        Eq(f(x) * (1 + x) ** 2, 2 + 4 * x + 2 * x**2),
        given=[Eq(f(x), 1), Eq(f(x), 2)],
        right_given=[Eq(f(x), 2)],
    ),
    plant(
        "empty interval",
        Eq((1 + f(x)) ** 2, 1 + 2 * f(x) + f(x) ** 2, evaluate=False),
        Eq((1 + f(x)) ** 2, 1 + 2 * f(x) + f(x) ** 2, evaluate=False),
        given=[x > 2, x < 1],
        right_given=[x > 1, x < 2],
    ),
    plant(
        "value against its sign",
        Eq(f(x) * y, -y),
        Eq(f(x) * y, -y),
        given=[Eq(f(x), -1), f(x) > 0],
        right_given=[Eq(f(x), -1)],
    ),
    plant(
        "value of a symbol against its sign",
        Eq(r * y**2 + r * y, -(y**2) - y),
        Eq(r * y**2 + r * y, -(y**2) - y),
        given=[Eq(r, -1), r > 0],
        right_given=[Eq(r, -1)],
    ),
    plant(
        "value against its derivative",
        Eq(a(t).diff(t) * x, 2 * x),
        Eq(a(t).diff(t) * x, 2 * x),
        given=[Eq(a(t), t), Eq(a(t).diff(t), 2)],
        right_given=[Eq(a(t).diff(t), 2)],
    ),
    plant(
        "value at the start against the value at all times",
        Eq(a(0) * x, x),
        Eq(a(0) * x, x),
        given=[Eq(a(0), 1), Eq(a(t), t)],
        right_given=[Eq(a(0), 1)],
    ),
    plant(
        "two rates of one function",
        Eq(x * a(t).diff(t, 2), 2 * x),
        given=[Eq(a(t).diff(t), t), Eq(a(t).diff(t, 2), 2)],
    ),
    plant(
        "values at two times against the rate",
        Eq(a(1) * x, 5 * x),
        given=[Eq(a(t).diff(t), 2), Eq(a(0), 0), Eq(a(1), 5)],
    ),
    plant(
        "start against an inequality for all times",
        Eq(a(0) * x, a0 * x),
        given=[Eq(a(t).diff(t), a(t)), START, a(t) < -x],
    ),
    plant(
        "square of a real function negative",
        Eq(f(x) ** 2 * y, -y),
        given=[Eq(f(x) ** 2, -1)],
    ),
    plant(
        "symbol defined outside its domain",
        Eq(sqrt(QUANTITY**2) * r, -x * r),
        where=[define(QUANTITY, -x, means="a negative number")],
    ),
    Planted(
        "two definitions of one function",
        lambda: state(Eq(f(x) * y, x * y + 2 * y), where=[_more(1), _more(2)]),
        lambda: state(Eq(f(x) * y, x * y + 2 * y), where=[_more(2)]),
    ),
    Planted(
        "definition against what is given",
        lambda: state(Eq(f(x) * y, x * y + 2 * y), where=[_more(1)], given=[Eq(f(x), x + 2)]),
        lambda: state(Eq(f(x) * y, x * y + 2 * y), where=[_more(2)]),
    ),
    # The solver of SymPy inside a statement.
    plant(
        "closed form taken from the solver",
        Eq(f(b), Integral(1 / (b**2 * (s - b**3)), b)),
        where=[
            define(
                f,
                Lambda(b, Integral(1 / (b**2 * (s - b**3)), b).doit()),
                means="what the solver returns",
            )
        ],
    ),
]
