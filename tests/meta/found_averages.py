"""What an adversary found in averages over a normal variable.

``REFUSED``: what an average, or a claim with one, must not be.  ``PLANTED``: wrong statements
that were proved.  The variable of an average takes all real values, whatever is declared or
assumed of a symbol of its name, and it catches no symbol that is inserted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.proofs import Claim, define
from lemmata.theory.derivations import Follows, Premise, Solved, Substituted
from lemmata.theory.gaussian import gaussian_average, z
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Integral,
    Lambda,
    Rational,
    Symbol,
    cos,
    pi,
    sign,
    sin,
    sqrt,
    symbols,
    tanh,
)

from .planted import Planted, plant, state, steps

__all__ = ["PLANTED", "REFUSED"]

E = gaussian_average
x, y, q, p = symbols("x y q p", positive=True)
r, s = symbols("r s", real=True)
f, g, h, joint = Function("f"), Function("g"), Function("h"), Function("r_2")
UP, WHOLE = Symbol("z", positive=True), Symbol("z", integer=True)
HALF = Symbol("z", nonnegative=True)
T = tanh(q * z)


def _is(left: Any, right: Any) -> Any:
    return Eq(left, right, evaluate=False)


def _declared(body: Callable[[Any], Any], variable: Any, value: Any) -> Callable[[], Claim]:
    return lambda: state(_is(x**2 + x * E(body(variable), variable), value))


def _divided(left: Any) -> Callable[[], Claim]:
    """Both sides of the premise are zero: E tanh(q z) = 0."""
    premise, value = _is(left * E(T), (3 * y**2 + 2) * E(T)), _is(left, 3 * y**2 + 2)
    told = steps((premise, Premise()), (value, Solved()))
    return lambda: state(value, given=[z > 0, premise], derivation=told)


def _substituted() -> Claim:
    premise = _is(h(r), E(r**2 * z**2 + q * r**4 * z**2))
    caught = _is(h(z), E(z**4 + q * z**6))
    value = _is(h(z), 3 + 15 * q)
    told = steps((premise, Premise()), (caught, Substituted({r: z})), (value, Follows()))
    return state(value, given=[premise], derivation=told)


def _integral() -> Claim:
    """f(x) = x/2, so that the integral of x f(x) from 0 to 1 is 1/6, and not 1/3 * 1/2."""
    half = define(f, Lambda(r, Integral(r * s, (s, 0, 1))), means="half")
    caught = Integral(s * Integral(s**2, (s, 0, 1)), (s, 0, 1))
    statement = _is(Integral(f(s) * s, (s, 0, 1)), caught)
    return state(statement, where=[half])


REFUSED: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
    "a positive variable: E|z| is no E z": (TypeError, _declared(Abs, UP, x**2)),
    "a positive variable: E sqrt(z^2) tanh(z)^2 is not 0": (
        TypeError, _declared(lambda v: sqrt(v**2) * tanh(v) ** 2, UP, x**2),
    ),
    "a positive variable: E sign(z) z^2 is not 1": (
        TypeError, _declared(lambda v: sign(v) * v**2, UP, x + x**2),
    ),
    "a nonnegative variable: E|z| is no E z": (TypeError, _declared(Abs, HALF, x**2)),
    "an integer variable: E z^2 cos(2 pi z) is not 1": (
        TypeError, _declared(lambda v: cos(2 * pi * v) * v**2, WHOLE, x + x**2),
    ),
    "an integer variable: E sin(pi z)^2 is not 0": (
        TypeError, _declared(lambda v: sin(pi * v) ** 2 + v**2, WHOLE, x + x**2),
    ),
    "a variable without a domain": (TypeError, lambda: E(Symbol("z") ** 2, Symbol("z"))),
    "a complex variable": (
        TypeError, lambda: E(Symbol("z", complex=True) ** 2, Symbol("z", complex=True)),
    ),
    "z > 0 is given: x E[tanh(q z) + z^3] is 0": (
        ValueError, lambda: state(x * E(T + z**3) > 0, given=[z > 0]),
    ),
    "z > 0 is given: E tanh(q z) is 0": (ValueError, lambda: state(E(T) > 0, given=[z > 0])),
    "z > q is given: E[z^3 + tanh z] is 0": (
        ValueError, lambda: state(E(z**3 + tanh(z)) > q**3, given=[z > q]),
    ),
    "z > 0 is given: x E|z| + x is more than x": (
        ValueError, lambda: state(_is(E(Abs(z) * x + x), x), given=[z > 0]),
    ),
    "z > 0 is given: E|z|^3 is no E z^3": (
        ValueError, lambda: state(_is(E(Abs(z) ** 3), E(z**3)), given=[z > 0]),
    ),
    "one symbol free and bound": (ValueError, lambda: state(_is(z * E(z**2 * x), z * x))),
    "free in an equation of an average": (
        ValueError, lambda: state(_is(E(Abs(z)), z), given=[z > 0]),
    ),
    "divided by E tanh(q z), which z > 0 seemed to make positive": (ValueError, _divided(p)),
    "a function divided by E tanh(q z)": (ValueError, _divided(h(x))),
    "the variable substituted for another symbol": (ValueError, _substituted),
    "an argument bound by the integral of a definition": (ValueError, _integral),
}  # fmt: skip

_LINEAR = define(f, Lambda(r, E(r * z**2)), means="r")
_SQUARE = define(f, Lambda(r, E(r**2 * z**2)), means="r^2")
_SHIFTED = define(f, Lambda(r, E((r + z) ** 2)), means="r^2 + 1")
_OUTER = define(g, Lambda(r, E(z**2 * f(z) + r)), means="r + 4")
_NAMED = define(p, E(z**2) * x, means="x")
_USING = define(g, Lambda(r, r * f(r)), means="r^2")
_D = Derivative(joint(q, z), z)

PLANTED: list[Planted] = [
    plant(
        "the argument of a definition caught by its average: E[z f(z)] is 1",
        _is(E(z * f(z)), 0), _is(E(z * f(z)), 1), where=[_LINEAR],
    ),
    plant(
        "x E[z f(z)] is x",
        _is(x * E(z * f(z)), 0), _is(x * E(z * f(z)), x), where=[_LINEAR],
    ),
    plant(
        "E[(x + z)^2 f(z)] is x^2 + 3",
        _is(E((x + z) ** 2 * f(z)), 3 * x**2 + 3),
        _is(E((x + z) ** 2 * f(z)), x**2 + 3),
        where=[_SQUARE],
    ),
    plant(
        "a definition inside the average of another",
        _is(g(x), 12 + x), _is(g(x), 4 + x), where=[_SHIFTED, _OUTER],
    ),
    plant(
        "caught by way of another definition: E[z^2 g(z)] is 3",
        _is(E(z**2 * g(z)), 0), _is(E(z**2 * g(z)), 3), where=[_LINEAR, _USING],
    ),
    plant(
        "an average inside an average over the same variable",
        _is(E(z**2 * p), 3 * x), _is(E(z**2 * p), x), where=[_NAMED],
    ),
    plant("written out", _is(E(z**2 * E(z**2)), 3), _is(E(z**2 * E(z**2)), 1)),
    # An average of a part that was held back was that part: E d = d, and so (E d)^2 = E d^2.
    plant(
        "the square of an average where the value of a parameter is given",
        _is(x * E(_D**2), x * E(_D) ** 2),
        _is(x * E(_D**2 + _D), x * E(_D**2) + x * E(_D)),
        given=[_is(q, Rational(2))],
    ),
]  # fmt: skip
