"""Wrong derivations: of wrong statements, and of right ones that they do not prove."""

from __future__ import annotations

from lemmata.proofs import Derivation, Step, define
from lemmata.theory.derivations import (
    Combines,
    Entries,
    Evident,
    Follows,
    Integrated,
    Premise,
    Solved,
    Substituted,
)
from sympy import (
    Derivative,
    Eq,
    Function,
    Lambda,
    Lt,
    MatrixSymbol,
    S,
    Symbol,
    exp,
    sqrt,
)

from .planted import a, a0, derived, f, g, h, r, s, steps, t, tau, x, y

ODE = Eq(tau * a(t).diff(t), 2 * a(t) * (s - a(t)))
START = Eq(a(0), a0)
q = Symbol("q")
"""Any complex number."""
IGNORANCE = s / a(t) - 1
KEPT = IGNORANCE * exp(2 * s * t / tau)
CURVE = s * exp(2 * s * t / tau) / (exp(2 * s * t / tau) - 1 + s / a0)
SOLUTION = Eq(a(t), CURVE)
GIVEN = {"given": [ODE, START]}

SIGN = sqrt(a(t) ** 2) / a(t)
RATIO = exp(t) / h(t)
# Right for every r but 0: there the quotient is defined at no time.
RATIO_STEPS = steps(
    (Eq(h(t).diff(t), h(t)), Premise()),
    (Eq(h(0), r), Premise()),
    (Eq(RATIO.diff(t, evaluate=False), 0), Follows()),
    (Eq(RATIO, 1 / r), Integrated(t, 0)),
    (Eq(h(t), r * exp(t)), Solved(-r * exp(t))),
)

STEPS = {
    "flow": Step("the equation of motion", ODE, Premise()),
    "start": Step("the start", START, Premise()),
    "decay": Step("s/a - 1 decays", Eq(tau * IGNORANCE.diff(t), -2 * s * IGNORANCE), Follows()),
    "kept": Step("the product is kept", Eq(KEPT.diff(t, evaluate=False), 0), Follows()),
    "initial": Step("its initial value", Eq(KEPT, s / a0 - 1), Integrated(t, 0)),
    "solved": Step("solve for a", SOLUTION, Solved()),
}


def changed(**steps: Step | None) -> Derivation:
    """The derivation of the curve with some steps replaced, or left out."""
    return Derivation(tuple(step for step in (STEPS | steps).values() if step is not None))


RIGHT = changed()
CIRCULAR = Step("the curve solves it", SOLUTION, Follows())
GROWN = Step("grows", Eq(tau * IGNORANCE.diff(t), 2 * s * IGNORANCE), Follows())
TWICE = Eq(KEPT, 2 * (s / a0 - 1))
BARE = Eq(a(t), s / (1 + exp(-2 * s * t / tau)))

SAME = Eq((r - 1) * f(r), (r - 1) * g(r))
NEVER = Eq((r**2 + 1) * f(r), (r**2 + 1) * g(r))
A, B, C = (MatrixSymbol(name, 2, 2) for name in "ABC")
p = Function("p")

PLANTED = [
    # Whole derivations of the curve of one mode, one step wrong.
    derived("wrong step, right conclusion", SOLUTION, changed(decay=GROWN), RIGHT, **GIVEN),
    derived("right steps, other statement", BARE, RIGHT, RIGHT, SOLUTION, **GIVEN),
    derived("last step left out", SOLUTION, changed(solved=None), RIGHT, **GIVEN),
    derived("first step is the statement", SOLUTION, Derivation((CIRCULAR,)), RIGHT, **GIVEN),
    derived(
        "a step that uses itself",
        Eq(f(x), g(x)),
        steps((Eq(f(x), g(x)), Combines({1: 1}))),
        steps((Eq(f(x), g(x)), Premise())),
        right_given=[Eq(f(x), g(x))],
    ),
    derived(
        "a step that uses a later one",
        Eq(2 * f(x), 2 * h(x)),
        steps(
            (Eq(2 * f(x), 2 * h(x)), Combines({2: 2, 3: 2})),
            (Eq(f(x), g(x)), Premise()),
            (Eq(g(x), h(x)), Premise()),
        ),
        steps(
            (Eq(f(x), g(x)), Premise()),
            (Eq(g(x), h(x)), Premise()),
            (Eq(2 * f(x), 2 * h(x)), Combines({1: 2, 2: 2})),
        ),
        given=[Eq(f(x), g(x)), Eq(g(x), h(x))],
    ),
    derived("integrated before it is kept", SOLUTION, changed(kept=None), RIGHT, **GIVEN),
    derived(
        "a premise that is not given", SOLUTION, RIGHT, RIGHT, given=[ODE], right_given=[ODE, START]
    ),
    derived(
        "a claim it does not rest on",
        SOLUTION,
        changed(flow=Step("a claim", ODE, Premise("modes.ode"))),
        RIGHT,
        **GIVEN,
    ),
    derived(
        "a claim that states something else",
        SOLUTION,
        changed(start=Step("a claim", START, Premise("modes.ode"))),
        RIGHT,
        rests_on=["modes.ode"],
        **GIVEN,
    ),
    derived(
        "initial value doubled",
        SOLUTION,
        changed(initial=Step("its initial value", TWICE, Integrated(t, 0))),
        RIGHT,
        **GIVEN,
    ),
    derived(
        "initial value taken elsewhere",
        SOLUTION,
        changed(initial=Step("its initial value", Eq(KEPT, s / a0 - 1), Integrated(t, 1))),
        RIGHT,
        **GIVEN,
    ),
    derived(
        "integration constant lost",
        SOLUTION,
        changed(initial=Step("constant", Eq(KEPT, 0), Integrated(t, 0))),
        RIGHT,
        **GIVEN,
    ),
    derived(
        "solved with a wrong sign",
        Eq(a(t), -CURVE),
        changed(solved=Step("solve for a", Eq(a(t), -CURVE), Solved())),
        RIGHT,
        SOLUTION,
        **GIVEN,
    ),
    # Single rules.
    derived(
        "solved for what is not linear",
        Eq(f(x), sqrt(x + 1)),
        steps((Eq(f(x) ** 2, x + 1), Premise()), (Eq(f(x), sqrt(x + 1)), Solved())),
        given=[Eq(f(x) ** 2, x + 1)],
    ),
    derived(
        "solved by dividing by what may vanish",
        Eq(f(r), g(r)),
        steps((SAME, Premise()), (Eq(f(r), g(r)), Solved())),
        steps((NEVER, Premise()), (Eq(f(r), g(r)), Solved())),
        given=[SAME],
        right_given=[NEVER],
    ),
    derived(
        "combined with a factor that may be infinite",
        Eq(f(r), g(r)),
        steps((SAME, Premise()), (Eq(f(r), g(r)), Combines({1: 1 / (r - 1)}))),
        steps((NEVER, Premise()), (Eq(f(r), g(r)), Combines({1: 1 / (r**2 + 1)}))),
        given=[SAME],
        right_given=[NEVER],
    ),
    derived(
        "followed by dividing by what may vanish",
        Eq(f(r), g(r)),
        steps((SAME, Premise()), (Eq(f(r), g(r)), Follows())),
        steps((NEVER, Premise()), (Eq(f(r), g(r)), Follows())),
        given=[SAME],
        right_given=[NEVER],
    ),
    derived(
        "combined with a wrong factor",
        Eq(f(x), 2 * h(x)),
        steps(
            (Eq(f(x), g(x)), Premise()),
            (Eq(g(x), h(x)), Premise()),
            (Eq(f(x), 2 * h(x)), Combines({1: 1, 2: 2})),
        ),
        given=[Eq(f(x), g(x)), Eq(g(x), h(x))],
    ),
    derived(
        "substituted on one side only",
        Eq(f(x) * y, g(x) * x),
        steps((Eq(f(x) * x, g(x) * x), Premise()), (Eq(f(x) * y, g(x) * x), Substituted({x: y}))),
        given=[Eq(f(x) * x, g(x) * x)],
    ),
    derived(
        "an equation becomes an inequality",
        f(x) < g(x),
        steps((Eq(f(x), g(x)), Premise()), (f(x) < g(x), Substituted({}))),
        given=[Eq(f(x), g(x))],
    ),
    derived(
        "an inequality turned round",
        x - y < 0,
        steps((x - y > 0, Evident()), (x - y < 0, Substituted({}))),
        given=[x > y],
    ),
    derived(
        "a strict inequality between equals follows",
        Lt((x + 1) ** 2, x**2 + 2 * x + 1, evaluate=False),
        steps((Lt((x + 1) ** 2, x**2 + 2 * x + 1, evaluate=False), Follows())),
    ),
    derived(
        "entries of matrices that are not diagonal",
        Eq(x * y, s),
        steps((Eq(A * B, C), Premise()), (Eq(x * y, s), Entries({A: x, B: y, C: s}))),
        given=[Eq(A * B, C)],
    ),
    # What is no relation at all.
    derived(
        "prose", Eq((x + y) ** 2, x**2 + 2 * x * y + y**2), steps(("it is well known", Follows()))
    ),
    derived(
        "a step that SymPy evaluated",
        Eq((x + y) ** 2, x**2 + 2 * x * y + y**2),
        steps((S.true, Follows())),
    ),
    derived(
        "a symbol without a domain in a step",
        Eq((x + y) * (x + y + 1), (x + y) ** 2 + x + y),
        steps(
            (Eq(sqrt(q**2) * (q + 1), q**2 + q), Follows()),
            (Eq((x + y) * (x + y + 1), (x + y) ** 2 + x + y), Substituted({q: x + y})),
        ),
    ),
    derived(
        "a definition changed in a step",
        Eq(p(x), x + 1),
        steps((Eq(p(x), x + 2), Premise()), (Eq(p(x), x + 1), Follows())),
        steps((Eq(p(x), x + 1), Premise())),
        where=[define(p, Lambda(x, x + 1), means="one more")],
    ),
    derived(
        "integrated across a change of sign of an unknown function",
        Eq(SIGN, -1),
        steps(
            (Eq(a(t).diff(t), 1), Premise()),
            (Eq(a(0), -1), Premise()),
            (Eq(Derivative(SIGN, t), 0), Follows()),
            (Eq(SIGN, -1), Integrated(t, 0)),
        ),
        given=[Eq(a(t).diff(t), 1), Eq(a(0), -1)],
    ),
    derived(
        "integrated from outside the interval",
        Eq(a(t), a0),
        steps(
            (START, Premise()),
            (Eq(a(t).diff(t), 0), Premise()),
            (Eq(a(t), a0), Integrated(t, 0)),
        ),
        steps(
            (START, Premise()),
            (Eq(a(t).diff(t), 0), Premise()),
            (Eq(a(t), a0), Integrated(t, 0)),
        ),
        given=[Eq(a(t).diff(t), 0), START, t > 1],
        right_given=[Eq(a(t).diff(t), 0), START],
    ),
    derived(
        "quotient of distances where one of them vanishes",
        Eq(h(t), r * exp(t)),
        RATIO_STEPS,
        given=[Eq(h(t).diff(t), h(t)), Eq(h(0), r)],
    ),
    derived(
        "parameter of a start replaced",
        Eq(f(y), x + 1),
        steps((Eq(f(y), x), Premise()), (Eq(f(y), x + 1), Substituted({x: x + 1}))),
        given=[Eq(f(y), x)],
    ),
    derived(
        "replaced against an assumption",
        Eq(f(x + 1) * y, (x + 2) * y),
        steps(
            (Eq(f(x) * y, (x + 1) * y), Follows()),
            (Eq(f(x + 1) * y, (x + 2) * y), Substituted({x: x + 1})),
        ),
        steps(
            (Eq(f(x) * y, (x + 1) * y), Follows()),
            (Eq(f(x + 1) * y, (x + 2) * y), Substituted({x: x + 1})),
        ),
        given=[Eq(f(x), x + 1), x < 1],
        right_given=[Eq(f(x), x + 1), x > 1],
    ),
]
