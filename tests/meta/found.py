"""What a third adversary found: each of these once passed, was refuted wrongly, or crashed.

``PLANTED`` are wrong statements or derivations; ``JUDGED`` are wrong only in what accompanies the
statement, so that ``judge`` sees them and ``status`` does not; ``TRUE`` are right and were
refuted; ``CRASHING`` ended in an exception or did not end within 30 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lemmata.proofs import Claim, define
from lemmata.theory.claims import Evaluation
from lemmata.theory.derivations import (
    Combines,
    Crosses,
    Evident,
    Follows,
    Integrated,
    Ordered,
    Premise,
    Solved,
    Substituted,
)
from lemmata.theory.edges import Assumption, Limit, Witness
from lemmata.theory.matrix_calculus import matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import (
    And,
    Derivative,
    Eq,
    Float,
    Function,
    Ge,
    Gt,
    Identity,
    Integer,
    Integral,
    Lambda,
    MatrixSymbol,
    Ne,
    Or,
    Subs,
    Sum,
    Symbol,
    Trace,
    atan,
    exp,
    log,
    nextprime,
    oo,
    sqrt,
)

from .planted import (
    Planted,
    a,
    a0,
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

MILLION = 10**6
APART = Eq(a(0), a0)
"""An equation on something else: a claim that is not self-contained rests on its derivation."""

D = x - y
K = Symbol("K", real=True)
V = Symbol("V", real=True)
Y = Symbol("Y", real=True)
Z = Symbol("Z", extended_real=True)
z = Symbol("z", positive=True)
m = Symbol("m", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
F = Function("F", positive=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")

# A symbol that depends on the variable by its definition, which no substitution sees.
TWICE = define(K, 2 * r * D, means="twice r times x - y")
SLOPE = (
    (Eq(Derivative(K - r * D, r), D), Follows()),
    (Derivative(K - r * D, r) > 0, Evident()),
)
SQUARE = define(K, t**2, means="square of the time")
KEPT = K - t**2 + 5

# The derivative vanishes at the one point at which an equation puts the variable.
TIED = r**2 - 2 * u * r
FLAT = ((Eq(Derivative(TIED, r), 0), Follows()), (Eq(TIED, 0), Integrated(r, 0)))
CONE = D * r**2
VALUE = f(k) ** 2 - 2 * f(k)

# Functions whose pole is given, or hidden behind a bound variable.
ANGLES = atan(f(r)) + atan(r - MILLION)
JUMP = D * atan(1 / (r - MILLION))
BOUND = atan(1 / Y) + atan(Y)
HIDDEN = Subs(BOUND, Y, r - MILLION)


def _defined(symbol: object, expression: object) -> object:
    return define(symbol, expression, means="as stated")


PLANTED = [
    # A step takes an inequality for an equation.
    derived(
        "an inequality becomes an equation",
        Eq(x - y, 0),
        steps((x - y > 0, Evident()), (Eq(x - y, 0), Substituted({}))),
        given=[x > y, APART],
    ),
    derived(
        "an inequality solved as an equation",
        Eq(x, y),
        steps((x > y, Premise()), (Eq(x, y), Solved())),
        given=[x > y, APART],
    ),
    derived(
        "a growing function integrated as a constant",
        Eq(D * r, 0),
        steps(
            (Eq(Derivative(D * r, r), D), Follows()),
            (Derivative(D * r, r) > 0, Evident()),
            (Eq(D * r, 0), Integrated(r, 0)),
        ),
        given=[x > y, APART],
    ),
    # A value is put where its symbols are bound.
    derived(
        "replaced by the variable of a derivative",
        Eq(Derivative(x**2, x), x),
        steps(
            (Eq(Derivative(s * x, x), s), Follows()),
            (Eq(Derivative(x**2, x), x), Substituted({s: x})),
        ),
        steps(
            (Eq(Derivative(s * x, x), s), Follows()),
            (Eq(Derivative(y * x, x), y), Substituted({s: y})),
        ),
        Eq(Derivative(y * x, x), y),
        given=[APART],
    ),
    derived(
        "replaced by a bound symbol",
        Eq(Subs(x**2, x, 1) * y, x * y),
        steps(
            (Eq(Subs(s * x, x, 1) * y, s * y), Follows()),
            (Eq(Subs(x**2, x, 1) * y, x * y), Substituted({s: x})),
        ),
        given=[APART],
    ),
    plant(
        "definition caught by a bound symbol",
        Eq(Subs(k * x, x, 1) * y, y),
        where=[_defined(k, x)],
    ),
    plant(
        "argument of a definition caught by a bound symbol",
        Eq(f(x) * y, y),
        Eq(f(s) * y, s * y),
        where=[_defined(f, Lambda(t, Subs(t * x, x, 1)))],
    ),
    derived(
        "definition caught by an integral",
        Eq(Integral(k, (x, 0, 1)), Integral(x, (x, 0, 1))),
        steps((Eq(Integral(k, (x, 0, 1)), Integral(x, (x, 0, 1))), Follows())),
        where=[_defined(k, x)],
        given=[APART],
    ),
    derived(
        "value at one symbol integrated over it",
        Eq(Integral(f(k), (k, 0, 1)), Integral(1, (k, 0, 1))),
        steps((Eq(Integral(f(k), (k, 0, 1)), Integral(1, (k, 0, 1))), Follows())),
        given=[Eq(f(x).diff(x), x), Eq(f(k), 1)],
    ),
    derived(
        "value at one symbol summed over it",
        Eq(Sum(f(m), (m, 1, 3)), Sum(1, (m, 1, 3))),
        steps((Eq(Sum(f(m), (m, 1, 3)), Sum(1, (m, 1, 3))), Follows())),
        given=[Eq(f(x).diff(x), x), Eq(f(m), 1)],
    ),
    # The variable of a rule hides in a definition.
    derived(
        "start put beside a defined symbol that moves",
        Eq(KEPT, K + 5),
        steps((Eq(Derivative(KEPT, t), 0), Follows()), (Eq(KEPT, K + 5), Integrated(t, 0))),
        steps((Eq(Derivative(KEPT, t), 0), Follows())),
        Eq(Derivative(KEPT, t), 0),
        where=[SQUARE],
        given=[APART],
    ),
    derived(
        "ordered beside a defined symbol that moves",
        iff(u * D - r * D > 0, r > u),
        steps(*SLOPE, (iff(u * D - r * D > 0, r > u), Ordered(r))),
        where=[TWICE],
        given=[x > y, APART],
    ),
    derived(
        "crossing at a root that moves with a defined symbol",
        iff(K - r * D > 0, r < 0),
        steps(
            *SLOPE,
            (Eq(K - 2 * r * D, 0), Combines({})),
            (iff(K - r * D > 0, r < 0), Crosses(r, 2 * r)),
        ),
        where=[TWICE],
        given=[x > y, APART],
    ),
    # A derivative bounded at the one point at which an equation puts its variable.
    derived(
        "integrated over a variable that an equation fixes",
        Eq(TIED, 0),
        steps(*FLAT),
        given=[Eq(r, u), APART],
    ),
    derived(
        "ordered over a variable that an equation fixes",
        iff(CONE > CONE.subs(r, V), r > V),
        steps(
            (Eq(Derivative(CONE, r), 2 * D * exp(u)), Follows()),
            (Derivative(CONE, r) > 0, Evident()),
            (iff(CONE > CONE.subs(r, V), r > V), Ordered(r)),
        ),
        given=[x > y, Eq(r, exp(u)), APART],
    ),
    derived(
        "integrated over the symbol at which a value is given",
        Eq(VALUE, VALUE.subs(k, 0)),
        steps(
            (Eq(Derivative(VALUE, k), 0), Follows()),
            (Eq(VALUE, VALUE.subs(k, 0)), Integrated(k, 0)),
        ),
        given=[Eq(f(x).diff(x), x), Eq(f(k), 1)],
    ),
    # Poles where only the expanded statement is looked at.
    derived(
        "integrated across a pole of a given function",
        Eq(ANGLES, ANGLES.subs(r, 0)),
        steps(
            (Eq(Derivative(ANGLES, r), 0), Follows()),
            (Eq(ANGLES, ANGLES.subs(r, 0)), Integrated(r, 0)),
        ),
        given=[Eq(f(r), 1 / (r - MILLION))],
    ),
    derived(
        "ordered across a pole of a given function",
        iff(f(u) > f(r), r > u),
        steps(
            (Eq(Derivative(f(r), r), -D / ((r - MILLION) ** 2 + 1)), Follows()),
            (Derivative(f(r), r) < 0, Evident()),
            (iff(f(u) > f(r), r > u), Ordered(r)),
        ),
        given=[x > y, Eq(f(r), JUMP)],
    ),
    derived(
        "integrated across a pole behind a bound symbol",
        Eq(HIDDEN, Subs(BOUND, Y, -MILLION)),
        steps(
            (Eq(Derivative(HIDDEN, r), 0), Follows()),
            (Eq(HIDDEN, Subs(BOUND, Y, -MILLION)), Integrated(r, 0)),
        ),
        given=[APART],
    ),
    # Numbers and domains.
    plant(
        "three lost in a floating-point number",
        Eq(f(x) + g(x), f(x) + x),
        where=[_defined(f, Lambda(x, x + Float(1e20))), _defined(g, Lambda(x, x + 3))],
    ),
    Planted(
        "positive function defined by any real number",
        lambda: state(Eq(sqrt(F(r) ** 2) * y, r * y), where=[_defined(F, Lambda(r, r))]),
        lambda: state(Eq(sqrt(F(r) ** 2) * y, exp(r) * y), where=[_defined(F, Lambda(r, exp(r)))]),
    ),
    plant(
        "positive function given as any real number",
        Eq(sqrt(F(r) ** 2) * y, r * y),
        given=[Eq(F(r), r)],
    ),
    plant(
        "strict order at infinity",
        Gt(Z + x, Z, evaluate=False),
        Gt(r + x, r, evaluate=False),
    ),
    plant(
        "two ranges of one function that exclude each other",
        f(x) * k > f(y) * k,
        f(x) * k > f(y) * k,
        given=[f(x) > 1, f(y) < 0],
        right_given=[f(x) > f(y)],
    ),
    # Matrices.
    Planted(
        "matrices divided by a number that may vanish",
        lambda: state(
            matrix_equation(A * C, B * C),
            facts=MatrixFacts(given=(matrix_equation((r - 1) * A, (r - 1) * B),)),
        ),
        lambda: state(
            matrix_equation(A * C, B * C),
            facts=MatrixFacts(given=(matrix_equation(x * A, x * B),)),
        ),
    ),
]

RAMP = x * (1 - exp(-z / (1 + z)))
DOUBLE = Lambda(x, 2 * x)

JUDGED: dict[str, Callable[[], Claim]] = {
    # x (1 - exp(-z/(1 + z))) tends to x (1 - 1/e).
    "rate that does not decay": lambda: state(
        Eq(f(z) * 2, 2 * RAMP),
        where=[_defined(f, Lambda(z, RAMP))],
        limits=[Limit(z, oo, 2 * x, "it reaches x")],
    ),
    "limit beyond the domain of the variable": lambda: state(
        Eq(f(z) * 2, 2 * x * (1 - exp(-z))),
        where=[_defined(f, Lambda(z, x * (1 - exp(-z))))],
        given=[z < 1],
        limits=[Limit(z, oo, 2 * x, "it reaches x")],
    ),
    "output that is an accidental part of the statement": lambda: state(
        Eq(f(x) * y, 2 * x * y),
        where=[_defined(f, DOUBLE)],
        evaluation=Evaluation(inputs={"x": x}, outputs={"f": Integer(2)}),
    ),
    "counterexample of an equation that is none": lambda: state(
        Eq(f(x) * y, x * y),
        given=[Assumption(Eq(f(x), x), {x: Integer(7)})],
    ),
}

SIZED = MatrixFacts()

TRUE: dict[str, Callable[[], Claim]] = {
    "a bound by way of two others, in this order": lambda: state(
        Eq(sqrt((1 - x) ** 2) * k, (1 - x) * k), given=[c < 1, y < c, x < y]
    ),
    "a conjunction is assumed": lambda: state((x - 1) * (2 - x) > 0, given=[And(x > 1, x < 2)]),
    "a disjunction is assumed": lambda: state(x > 1, given=[Or(x > 2, x > 3)]),
    "arguments exchanged in a given equation": lambda: state(
        Eq(f(r, u), r - u),
        given=[Eq(f(r, u).diff(r), 1), Eq(f(0, u), -u), Eq(f(u, r), u - r)],
    ),
    "an inequality for all arguments": lambda: state(f(y) > 0, given=[f(x) > 0]),
    "a sign for all arguments": lambda: state(Eq(sqrt(f(y) ** 2) * k, f(y) * k), given=[f(x) > 0]),
    "a size is given": lambda: state(
        matrix_equation(Trace(A) * Trace(Identity(n)), 2 * Trace(A)), facts=SIZED, given=[Eq(n, 2)]
    ),
    "a number is defined beside matrices": lambda: state(
        matrix_equation(k * A * B, 3 * A * B), facts=SIZED, where=[_defined(k, Integer(3))]
    ),
    "true, but not by this step": lambda: state(
        Eq(y * f(x), y * k),
        given=[Eq(f(x).diff(x), 0), Eq(f(0), k)],
        derivation=steps((Eq(y * f(x), y * k), Follows())),
    ),
}

SMALL = MatrixSymbol("S", n - 1, n - 1)
HALF = MatrixSymbol("H", n / 2, n / 2)
EMPTY = MatrixSymbol("E", 0, 0)
SEMIPRIME = nextprime(10**40 + 12345) * nextprime(3 * 10**40 + 999)


def _transposed(letter: object) -> Claim:
    return state(matrix_equation((letter * letter).T, letter.T * letter.T), facts=SIZED)  # type: ignore[attr-defined,operator]


CRASHING: dict[str, Callable[[], Claim]] = {
    "a number is assumed to differ": lambda: state(x - 1 > 0, given=[x > 1, Ne(y, 2)]),
    "derivative in a symbol with a value": lambda: state(
        Eq(Derivative(f(r), r) * y, y), given=[Eq(r, 2)]
    ),
    "integral over a symbol with a value": lambda: state(
        Eq(Integral(k * x, (k, 0, 1)), x), given=[Eq(k, 2)]
    ),
    "derivative in a defined function": lambda: state(
        Eq(Derivative(f(x) ** 2, f(x)), 2 * f(x)), where=[_defined(f, Lambda(x, x + 1))]
    ),
    "definition with other arguments": lambda: state(
        Eq(f(x, y) * y, x), where=[_defined(f, Lambda(x, x))]
    ),
    "no symbol is left to bisect": lambda: state(
        Ge(f(x), g(x)),
        where=[_defined(f, Lambda(x, x + 1)), _defined(g, Lambda(x, x + 1))],
    ),
    "integers of Python in a witness": lambda: state(
        Eq(f(r) * y, 2 * r * y),
        where=[_defined(f, Lambda(r, 2 * r + 1))],
        expects="refuted",
        witness=Witness({r: 1, y: 1}, (1,)),
    ),
    "root in a counterexample": lambda: state(
        (x - 1) * y > 0, given=[Assumption(x > 1, {x: sqrt(2) / 2, y: Integer(1)})]
    ),
    "factor that is an integer of Python": lambda: state(
        Eq(f(x), g(x)),
        given=[Eq(2 * f(x), 2 * g(x)), APART],
        derivation=steps((Eq(2 * f(x), 2 * g(x)), Premise()), (Eq(f(x), g(x)), Solved(2))),
    ),
    "size one less": partial(_transposed, SMALL),
    "half a size": partial(_transposed, HALF),
    "no rows": partial(_transposed, EMPTY),
    # Hangs: the integer is factored.
    "product of two large primes": lambda: state(
        Eq(log(f(x) * g(x)), log(SEMIPRIME) + log(x)),
        where=[_defined(f, Lambda(x, SEMIPRIME * x)), _defined(g, Lambda(x, Integer(1)))],
    ),
}
