"""Assumptions that do not determine what is claimed, or contradict one another."""

from __future__ import annotations

from lemmata.proofs import define
from sympy import (
    Eq,
    Integral,
    Lambda,
    Rational,
    acosh,
    cosh,
    exp,
    pi,
    sin,
    sinh,
    sqrt,
)

from .equations import CURVE, ODE, START
from .planted import Planted, a, a0, b, f, k, plant, r, s, state, t, tau, x, y

HALF = Rational(1, 2)


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
