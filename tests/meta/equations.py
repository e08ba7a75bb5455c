"""Wrong equations and wrong solutions."""

from __future__ import annotations

from sympy import (
    Abs,
    Derivative,
    E,
    Eq,
    LambertW,
    Max,
    Rational,
    Symbol,
    acosh,
    atan,
    cos,
    cosh,
    exp,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

from .planted import T, a, a0, b, b0, f, g, k, plant, r, s, t, tau, u, v, w, x, y

ODE = Eq(tau * a(t).diff(t), 2 * a(t) * (s - a(t)))
START = Eq(a(0), a0)
E2 = exp(2 * s * t / tau)
CURVE = s * E2 / (E2 - 1 + s / a0)
LAYERS = (
    Eq(tau * v(t).diff(t), w(t) * (s - v(t) * w(t))),
    Eq(tau * w(t).diff(t), v(t) * (s - v(t) * w(t))),
)
SOLVED = {"given": [ODE, START]}
E4 = exp(4 * s * t / tau)

# The integral of 1/(b^2 (k^3 - b^3)): SymPy 1.14 gives only the first term and one logarithm.
RATE = Eq(T(b).diff(b), 1 / (b**2 * (k**3 - b**3)))


def _primitive(z: Symbol) -> object:
    return (
        -1 / (k**3 * z)
        - log(k - z) / (3 * k**4)
        + log(z**2 + k * z + k**2) / (6 * k**4)
        - atan((2 * z + k) / (sqrt(3) * k)) / (sqrt(3) * k**4)
    )


def _dropped(z: Symbol) -> object:
    return -1 / (k**3 * z) - log(k - z) / (3 * k**4)


INSIDE = [b < k, b0 < k]
RIGHT_TIME = _primitive(b) - _primitive(b0)
WRONG_TIME = _dropped(b) - _dropped(b0)

PLANTED = [
    # Factors, signs, exponents of the curve of one mode.
    plant("factor 2 in the rate", Eq(a(t), s * E4 / (E4 - 1 + s / a0)), Eq(a(t), CURVE), **SOLVED),
    plant("sign of the exponent", Eq(a(t), CURVE.subs(t, -t)), Eq(a(t), CURVE), **SOLVED),
    plant("squared start", Eq(a(t), CURVE.subs(a0, a0**2)), Eq(a(t), CURVE), **SOLVED),
    plant("constant 1 lost", Eq(a(t), s * E2 / (E2 + s / a0)), Eq(a(t), CURVE), **SOLVED),
    plant("true at t = 0 only", Eq(a(t), a0), Eq(a(t), CURVE), **SOLVED),
    plant(
        "true at t = 0 to first order",
        Eq(a(t), a0 + 2 * a0 * (s - a0) * t / tau),
        Eq(a(t), CURVE),
        **SOLVED,
    ),
    plant("true for t to infinity only", Eq(a(t), s), Eq(a(t), CURVE), **SOLVED),
    plant("start ignored", Eq(a(t), CURVE.subs(a0, s / 2)), Eq(a(t), CURVE), **SOLVED),
    # Conservation and reduction in the two-layer mode.
    plant(
        "sum of squares conserved",
        Eq(Derivative(v(t) ** 2 + w(t) ** 2, t), 0),
        Eq(Derivative(v(t) ** 2 - w(t) ** 2, t), 0),
        given=LAYERS,
    ),
    plant(
        "balance not assumed",
        Eq(tau * Derivative(v(t) * w(t), t), 2 * v(t) * w(t) * (s - v(t) * w(t))),
        Eq(tau * Derivative(v(t) * w(t), t), 2 * v(t) * w(t) * (s - v(t) * w(t))),
        given=LAYERS,
        right_given=[*LAYERS, Eq(v(t), w(t))],
    ),
    plant(
        "product rule with one term",
        Eq(tau * Derivative(v(t) * w(t), t), w(t) ** 2 * (s - v(t) * w(t))),
        Eq(tau * Derivative(v(t) * w(t), t), (v(t) ** 2 + w(t) ** 2) * (s - v(t) * w(t))),
        given=LAYERS,
    ),
    # Lost assumptions and branches.
    plant(
        "a0 < s not assumed",
        Eq(sqrt((s - a0) ** 2) / a0, s / a0 - 1),
        Eq(sqrt((s - a0) ** 2) / a0, s / a0 - 1),
        right_given=[a0 < s],
    ),
    plant(
        "positive sign not assumed",
        Eq(sqrt(r**2 * x), r * sqrt(x)),
        Eq(sqrt(r**2 * x), r * sqrt(x)),
        right_given=[r > 0],
    ),
    plant(
        "root of a square, real",
        Eq(sqrt((r + u) ** 2), r + u),
        Eq(sqrt((r + u) ** 2) * (x - y), Abs(r + u) * x - Abs(r + u) * y),
    ),
    plant(
        "logarithm of a product, real",
        Eq(log(r * u), log(r) + log(u)),
        Eq(log(x * y), log(x) + log(y)),
    ),
    plant("logarithm of a square, real", Eq(log((r + 1) ** 2), 2 * log(r + 1))),
    plant("logarithm of a square of a root", Eq(log(r**2), log(sqrt(r**4) - 1))),
    plant("odd root of a negative number", Eq((r**3) ** Rational(1, 3), r)),
    plant("fourth root of a square", Eq(((r - 1) ** 2) ** Rational(1, 4), sqrt(r - 1))),
    plant("power of a power, real", Eq((r**2) ** x, r ** (2 * x))),
    plant(
        "inverse of x exp(x) on both branches",
        Eq(LambertW(r * exp(r)) + x, r + x),
        Eq(LambertW(x) * exp(LambertW(x)), x),
    ),
    plant(
        "lower branch for the principal one",
        Eq(LambertW(-x, -1), LambertW(-x)),
        given=[x < Rational(1, 3)],
    ),
    plant("arctangents of reciprocals, real", Eq(atan(r) + atan(1 / r), pi / 2)),
    plant("inverse of an even function", Eq(acosh(cosh(r)), r)),
    plant(
        "absolute value of a sum",
        Eq(Abs(r + u), Abs(r) + Abs(u)),
        Eq(Abs(r + u) ** 2, r**2 + 2 * r * u + u**2),
    ),
    # True at the integers only.
    plant("sine zero at integers only", Eq(sin(pi * r) * x, 0)),
    plant("cosine one at integers only", Eq(cos(2 * pi * r), 1)),
    plant("even power of -1, real exponent", Eq((-1) ** (2 * r) * x, x)),
    plant("two at integers one and two only", Eq(x**2 + 2, 3 * x), given=[x > Rational(1, 2)]),
    # True to many digits, not exactly.
    plant("relative error 1e-13", Eq(exp(x) * (1 + Rational(1, 10**13)), exp(x), evaluate=False)),
    plant(
        "constant off by 1e-13",
        Eq(sqrt(x + y) ** 2 + Rational(1, 10**13), x + y, evaluate=False),
        Eq(sqrt(x + y) * sqrt(x + y) * exp(x), x * exp(x) + y * exp(x)),
    ),
    plant(
        "tanh at a large argument",
        Eq(tanh(x + 1000), 1),
        Eq(tanh(x + 1000), 1 - 2 / (exp(2 * x + 2000) + 1)),
    ),
    plant("error of exp(-10000)", Eq(x + exp(-x - 10000), x, evaluate=False)),
    plant("exp(pi sqrt(163)) an integer", Eq(x * exp(pi * sqrt(163)), 262537412640768744 * x)),
    plant("pi is 355/113", Eq(pi * x, Rational(355, 113) * x)),
    plant("pi to 30 digits", Eq(pi * x, Rational(31415926535897932384626433832795, 10**31) * x)),
    plant("pi^4 + pi^5 = e^6", Eq(x * (pi**4 + pi**5), x * exp(6))),
    plant("e^pi - pi = 20", Eq(x * (exp(pi) - pi), 20 * x)),
    plant("sin(11) = -1", Eq(x * sin(11), -x)),
    plant(
        "root near-identity", Eq(x * sqrt(2) + x * sqrt(3), x * Rational(31462643699419723, 10**16))
    ),
    # Rules of calculus and algebra, each a little wrong.
    plant(
        "quotient rule, sign",
        Eq(Derivative(f(x) / g(x), x), (f(x).diff(x) * g(x) + f(x) * g(x).diff(x)) / g(x) ** 2),
        Eq(Derivative(f(x) / g(x), x), (f(x).diff(x) * g(x) - f(x) * g(x).diff(x)) / g(x) ** 2),
    ),
    plant(
        "chain rule, inner derivative lost",
        Eq(Derivative(f(x) ** 3, x), 3 * f(x) ** 2),
        Eq(Derivative(f(x) ** 3, x), 3 * f(x) ** 2 * f(x).diff(x)),
    ),
    plant(
        "derivative of a logarithm, inner one lost",
        Eq(Derivative(log(x**2 + y), x), 1 / (x**2 + y)),
        Eq(Derivative(log(x**2 + y), x), 2 * x / (x**2 + y)),
    ),
    plant("exponential of a sum", Eq(exp(x + y), exp(x) + exp(y)), Eq(exp(x + y), exp(x) * exp(y))),
    plant("sum in an exponent", Eq(x ** (y + 1), x**y + x), Eq(x ** (y + 1), x * x**y)),
    plant(
        "power in an exponent",
        Eq((x**y) ** 2, x ** (y**2)),
        Eq((x**y) ** 2 * (x + 1), x ** (2 * y + 1) + x ** (2 * y)),
    ),
    plant(
        "sinh of twice", Eq(sinh(2 * x), sinh(x) * cosh(x)), Eq(sinh(2 * x), 2 * sinh(x) * cosh(x))
    ),
    plant(
        "addition of tanh, sign",
        Eq(tanh(x + y), (tanh(x) + tanh(y)) / (1 - tanh(x) * tanh(y))),
        Eq(tanh(x + y), (tanh(x) + tanh(y)) / (1 + tanh(x) * tanh(y))),
    ),
    plant(
        "product of logarithms", Eq(log(x * y), log(x) * log(y)), Eq(log(x / y), log(x) - log(y))
    ),
    plant("Lambert without e", Eq(log(LambertW(x / E)), log(x) - LambertW(x))),
    # False far away or near a point only: never decided from draws nearby.
    plant("false beyond a million", Eq(Abs(x - 10**6), 10**6 - x)),
    plant("false below 1e-9", Eq(Max(x, Rational(1, 10**9)), x)),
    # A solver that drops terms.
    plant(
        "integral without its complex-root logarithms",
        Eq(T(b), WRONG_TIME),
        Eq(T(b), RIGHT_TIME),
        given=[RATE, Eq(T(b0), 0), *INSIDE],
    ),
]
