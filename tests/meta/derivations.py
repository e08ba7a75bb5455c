"""Wrong derivations: of wrong statements, and of right ones that they do not prove."""

from __future__ import annotations

from typing import Any

from lemmata.proofs import Derivation, Step, define
from lemmata.theory.derivations import (
    Combines,
    Crosses,
    Entries,
    Evident,
    Follows,
    Integrated,
    Ordered,
    Premise,
    SameSign,
    Solved,
    Substituted,
)
from sympy import (
    Derivative,
    Eq,
    Equivalent,
    Function,
    Lambda,
    Lt,
    MatrixSymbol,
    Rational,
    S,
    Symbol,
    atan,
    exp,
    sqrt,
)

from .planted import Planted, a, a0, f, g, h, r, s, state, t, tau, u, x, y

MILLION = 10**6
ODE = Eq(tau * a(t).diff(t), 2 * a(t) * (s - a(t)))
START = Eq(a(0), a0)
IGNORANCE = s / a(t) - 1
KEPT = IGNORANCE * exp(2 * s * t / tau)
CURVE = s * exp(2 * s * t / tau) / (exp(2 * s * t / tau) - 1 + s / a0)
SOLUTION = Eq(a(t), CURVE)
GIVEN = {"given": [ODE, START]}

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


def steps(*told: tuple[Any, Any]) -> Derivation:
    """Steps from pairs of a relation and a rule."""
    return Derivation(tuple(Step("so", relation, rule) for relation, rule in told))


def derived(
    name: str,
    statement: Any,
    wrong: Derivation,
    right: Derivation | None = None,
    right_statement: Any = None,
    right_given: Any = None,
    **options: Any,
) -> Planted:
    """One statement with two derivations, unless the right one states something else."""
    repaired = options if right_given is None else options | {"given": right_given}
    goal = statement if right_statement is None else right_statement
    return Planted(
        name,
        lambda: state(statement, derivation=wrong, **options),
        None if right is None else lambda: state(goal, derivation=right, **repaired),
    )


def _iff(one: Any, other: Any) -> Any:
    return Equivalent(one, other, evaluate=False)


RIGHT = changed()
CIRCULAR = Step("the curve solves it", SOLUTION, Follows())
GROWN = Step("grows", Eq(tau * IGNORANCE.diff(t), 2 * s * IGNORANCE), Follows())
TWICE = Eq(KEPT, 2 * (s / a0 - 1))
BARE = Eq(a(t), s / (1 + exp(-2 * s * t / tau)))

# A function that increases where x > 1, and one with a pole far from every draw.
z = Symbol("z", positive=True)
PARABOLA = x**2 - x
STEEP = (
    (Eq(Derivative(PARABOLA, x), 2 * x - 1), Follows()),
    (Derivative(PARABOLA, x) > 0, Evident()),
)
UP, DOWN = _iff(z**2 - z < PARABOLA, x > z), _iff(z**2 - z > PARABOLA, x > z)
POLE = (x - y) * atan(1 / (r - MILLION))
SMOOTH = (x - y) * atan(r)
FALLS = (
    (Eq(Derivative(POLE, r), -(x - y) / ((r - MILLION) ** 2 + 1)), Follows()),
    (Derivative(POLE, r) < 0, Evident()),
)
RISES = (
    (Eq(Derivative(SMOOTH, r), (x - y) / (r**2 + 1)), Follows()),
    (Derivative(SMOOTH, r) > 0, Evident()),
)

# A function with a root, inside the domain or out of it: then its sign is lost near zero only.
ROOTED = (y - 1) * (x + x * s - s * (1 + s))
SIGNED = (
    (Eq(Derivative(ROOTED, x), (y - 1) * (1 + s)), Follows()),
    (Derivative(ROOTED, x) > 0, Evident()),
    (Eq(ROOTED.xreplace({x: s}), 0), Follows()),
)
TINY = Rational(1, 10**9)
m = Symbol("m", negative=True)


def _outside(variable: Any, side: int) -> tuple[Any, Derivation]:
    """A root at side (x - y), where the variable has the other sign, and the wrong conclusion."""
    root = side * (x - y)
    function = -side * (variable**2 - variable * (root - side * TINY) - side * TINY * root)
    rising = -side * (2 * variable - root) - TINY
    goal = _iff(function > 0, variable > root)
    return goal, steps(
        (Eq(Derivative(function, variable), rising), Follows()),
        (Derivative(function, variable) > 0, Evident()),
        (Eq(function.xreplace({variable: root}), 0), Follows()),
        (goal, Crosses(variable, root)),
    )


LATE, LATE_STEPS = _outside(m, 1)
EARLY, EARLY_STEPS = _outside(t, -1)
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
        "evident where equality is possible",
        x**2 - y**2 > 0,
        steps((x**2 - y**2 > 0, Evident())),
        steps((x**2 - y**2 > 0, Evident())),
        given=[x >= y],
        right_given=[x > y],
    ),
    derived(
        "evident with the other sign",
        x**2 - y**2 < 0,
        steps((x**2 - y**2 < 0, Evident())),
        steps((x**2 - y**2 > 0, Evident())),
        x**2 - y**2 > 0,
        given=[x > y],
    ),
    derived(
        "ordered the wrong way",
        DOWN,
        steps(*STEEP, (DOWN, Ordered(x))),
        steps(*STEEP, (UP, Ordered(x))),
        UP,
        given=[x > 1, z > 1],
    ),
    derived(
        "ordered with a sign that was not shown",
        DOWN,
        steps(STEEP[0], (Derivative(PARABOLA, x) < 0, Evident()), (DOWN, Ordered(x))),
        given=[x > 1, z > 1],
    ),
    derived(
        "ordered outside the interval of the derivative",
        UP,
        steps(*STEEP, (UP, Ordered(x))),
        steps(*STEEP, (UP, Ordered(x))),
        given=[x > 1],
        right_given=[x > 1, z > 1],
    ),
    derived(
        "ordered across a pole",
        _iff(POLE.subs(r, u) > POLE, r > u),
        steps(*FALLS, (_iff(POLE.subs(r, u) > POLE, r > u), Ordered(r))),
        steps(*RISES, (_iff(SMOOTH.subs(r, u) < SMOOTH, r > u), Ordered(r))),
        _iff(SMOOTH.subs(r, u) < SMOOTH, r > u),
        given=[x > y],
    ),
    derived(
        "crossing on the wrong side",
        _iff(ROOTED > 0, x < s),
        steps(*SIGNED, (_iff(ROOTED > 0, x < s), Crosses(x, s))),
        steps(*SIGNED, (_iff(ROOTED > 0, x > s), Crosses(x, s))),
        _iff(ROOTED > 0, x > s),
        given=[y > 1],
    ),
    derived(
        "crossing at a root that was not shown",
        _iff(ROOTED > 0, x > z),
        steps(*SIGNED, (_iff(ROOTED > 0, x > z), Crosses(x, z))),
        given=[y > 1],
    ),
    derived("crossing above a domain of negative numbers", LATE, LATE_STEPS, given=[x > y + 1]),
    derived(
        "crossing below a domain of nonnegative numbers", EARLY, EARLY_STEPS, given=[x > y + 1]
    ),
    derived(
        "multiplied by a factor of unknown sign",
        _iff(r * ROOTED > 0, x > s),
        steps(
            *SIGNED,
            (_iff(ROOTED > 0, x > s), Crosses(x, s)),
            (_iff(r * ROOTED > 0, x > s), SameSign(r)),
        ),
        steps(
            *SIGNED,
            (_iff(ROOTED > 0, x > s), Crosses(x, s)),
            (_iff(z * ROOTED > 0, x > s), SameSign(z)),
        ),
        _iff(z * ROOTED > 0, x > s),
        given=[y > 1],
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
        Eq(sqrt((x + y) ** 2), x + y, evaluate=False),
        steps(
            (Eq(sqrt(Symbol("q") ** 2), Symbol("q")), Follows()),
            (Eq(sqrt((x + y) ** 2), x + y, evaluate=False), Substituted({Symbol("q"): x + y})),
        ),
    ),
    derived(
        "a definition changed in a step",
        Eq(p(x), x + 1),
        steps((Eq(p(x), x + 2), Premise()), (Eq(p(x), x + 1), Follows())),
        steps((Eq(p(x), x + 1), Premise())),
        where=[define(p, Lambda(x, x + 1), means="one more")],
    ),
]
