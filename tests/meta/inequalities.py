"""Wrong inequalities and equivalences, decided on a whole domain or not at all."""

from __future__ import annotations

from sympy import Abs, And, Eq, Gt, Lt, Max, Ne, Rational, Symbol, coth, exp, log, sqrt, tan, tanh

from .planted import iff, plant, r, t, u, x, y

n = Symbol("n", integer=True)
m = Symbol("m", negative=True)
MILLION = 10**6


PLANTED = [
    # Weak and strict.
    plant(
        "strict, equality assumed possible",
        x * y > y**2,
        x * y > y**2,
        given=[x >= y],
        right_given=[x > y],
    ),
    plant(
        "strict at the end of an interval", x**2 < 1, x**2 < 1, given=[x <= 1], right_given=[x < 1]
    ),
    plant("strict at zero", t**2 + t > 0, Gt(t**2 + t + x, 0, evaluate=False)),
    plant("strict where both sides agree", Lt((x + 1) ** 2, x**2 + 2 * x + 1, evaluate=False)),
    plant("strict at one point", x + 1 / x > 2, x + 1 / x > 1, given=[x < 3, x > Rational(1, 3)]),
    plant("square strictly positive", (r - 1) ** 2 > 0, (r - 1) ** 2 > 0, right_given=[r > 1]),
    plant(
        "strict at both ends",
        r * (4 - r) > 0,
        r * (4 - r) > 0,
        given=[r >= 0, r <= 4],
        right_given=[r > 0, r < 4],
    ),
    plant("absolute value at zero", Abs(r) * x > r * x, Abs(r) * x > r * x, right_given=[r < 0]),
    # Thin slivers.
    plant("fails on 1e-6 around 1/3", (x - Rational(1, 3)) ** 2 > Rational(1, 10**12)),
    plant(
        "fails below 1e-9",
        x + x**2 > Rational(1, 10**9),
        x + x**2 > Rational(1, 10**9),
        right_given=[x > Rational(1, 10**9)],
    ),
    plant(
        "fails between close roots",
        (x - 1) * (x - Rational(MILLION + 1, MILLION)) >= 0,
        (x - 1) * (x - 2) > 0,
        right_given=[x > 2],
    ),
    plant(
        "fails on a sliver of a bounded box",
        (x - Rational(1, 3)) ** 2 > Rational(1, 10**12),
        (x - Rational(1, 3)) ** 2 > Rational(1, 10**12),
        given=[x < 1],
        right_given=[x > Rational(1, 2), x < 1],
    ),
    plant("fails near a corner", x + y > Rational(1, 10**6), given=[x < 1, y < 1]),
    # Far out.
    plant(
        "fails beyond a million",
        x < MILLION + 1 / x,
        x * (MILLION - x) > 0,
        right_given=[x < MILLION],
    ),
    plant("fails beyond a million, two symbols", (x + 3) ** 2 < 10 * MILLION * (x + 3) + y),
    plant(
        "exponential against a power, far out",
        exp(-x) * x**2 > Rational(1, 10**20),
        Gt(exp(-x) * x**2, 0, evaluate=False),
    ),
    plant(
        "logarithm against a constant, far out",
        log(1 + x) < 20 + 1 / x,
        Gt(log(1 + x), 0, evaluate=False),
    ),
    plant(
        "tanh against nearly one", tanh(x) < 1 - Rational(1, 10**30), Gt(tanh(x), 0, evaluate=False)
    ),
    plant(
        "root against a line, far out", sqrt(x) * 2000 > x, sqrt(x) * 2000 > x, right_given=[x < 1]
    ),
    # Reversed.
    plant("reciprocals keep the order", 1 / x > 1 / y, 1 / x < 1 / y, given=[x > y]),
    plant(
        "squares of real numbers keep the order",
        r**2 > u**2,
        r**2 > u**2,
        given=[r > u],
        right_given=[r > u, u > 0],
    ),
    plant("negative factor", m * x > m * y, given=[x > y]),
    plant(
        "geometric above arithmetic mean",
        4 * x * y > (x + y) ** 2,
        4 * x * y < (x + y) ** 2,
        right_given=[x > y],
    ),
    plant("logarithm above its bound", log(1 + x) > x, Gt(log(1 + x), 0, evaluate=False)),
    plant("exponential below its tangent", exp(x) < 1 + x, exp(x) > 1),
    plant("decay grows", exp(-x) > 1, exp(-x) < 1),
    # Lost assumptions.
    plant("sign not assumed", r * x > 0, r * x > 0, right_given=[r > 0]),
    plant("other order assumed", x - y > 0, x - y > 0, given=[y > x], right_given=[x > y]),
    plant("fraction below one not assumed", x * (1 - x) > 0, x * (1 - x) > 0, right_given=[x < 1]),
    plant("true at the integers from one only", n * x >= x),
    plant("integers, not real numbers", r**2 >= r),
    plant("integers above twenty forgotten", n * x > 20 * x),
    # Equivalences.
    plant("region reversed", iff(x**2 > x, x < 1), iff(x**2 > x, x > 1)),
    plant("only if", iff(x * y > 1, x > 1), iff(x * y > y, x > 1)),
    plant("if", iff(x > 2, x > 1), iff(2 * x > 2, x > 1)),
    plant("positive root only", iff(r**2 > 4, r > 2), iff(x**2 > 4, x > 2)),
    plant("root squared", iff(sqrt(x) > r, x > r**2)),
    plant("weak against strict", iff(x - 1 >= 0, x > 1), iff(2 * x - 2 >= 0, x >= 1)),
    plant("threshold off by 1e-9", iff(x**2 > x, x > 1 + Rational(1, 10**9)), iff(x**2 > x, x > 1)),
    plant("threshold far out", iff(Max(x, MILLION) > x, x < 1 + MILLION)),
    plant(
        "exponents compared with a factor",
        iff(exp(x) > exp(2 * y), x > y),
        iff(exp(x) > exp(y), x > y),
    ),
    plant(
        "across a pole",
        iff(1 / (r - 1) < 1, r > 2),
        iff(1 / (r - 1) < 1, r > 2),
        right_given=[r > 1],
    ),
    plant("across a pole far away", iff(1 / (r - MILLION) < 0, r < MILLION + 1)),
    plant(
        "monotone across a far pole of the tangent",
        iff(tan(r / 10**9) > tan(u / 10**9), r > u),
        iff(r**3 + r > u**3 + u, r > u),
    ),
    plant(
        "monotone across a far pole of coth",
        iff(coth(r - MILLION) - r < coth(u - MILLION) - u, r > u),
        iff(exp(r) + r > exp(u) + u, r > u),
    ),
    # Contradictions are vacuous.
    plant(
        "bounds of a number in the wrong order",
        (x - 2) ** 2 > 5,
        (x - 2) ** 2 > 1,
        given=[x > 2, x < 1],
        right_given=[x > 4],
    ),
    plant(
        "equal numbers of strict order",
        2 * x > y,
        2 * x > y,
        given=[x > y, x <= y],
        right_given=[x >= y],
    ),
    # Relations for which the court has no rule.
    plant("equal squares said to differ", Ne((x + 1) ** 2, x**2 + 2 * x + 1, evaluate=False)),
    plant("equivalence of equations, one way", iff(Eq(r, u), Eq(r**2, u**2))),
    plant("equivalence with a conjunction, one way", iff(And(x > 1, y > 1), x * y > 1)),
]
