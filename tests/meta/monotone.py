"""Wrong uses of the rules for signs: evident, ordered, crossing, multiplied."""

from __future__ import annotations

from typing import Any

from lemmata.proofs import Derivation, define
from lemmata.theory.derivations import (
    Crosses,
    Evident,
    Follows,
    Integrated,
    Ordered,
    SameSign,
    Substituted,
)
from sympy import Derivative, Eq, Rational, Symbol, atan, cosh, coth, sinh, sqrt

from .planted import derived, f, iff, r, s, steps, t, u, x, y

MILLION = 10**6

# A function that increases where x > 1, and one with a pole far from every draw.
z = Symbol("z", positive=True)
PARABOLA = x**2 - x
STEEP = (
    (Eq(Derivative(PARABOLA, x), 2 * x - 1), Follows()),
    (Derivative(PARABOLA, x) > 0, Evident()),
)
UP, DOWN = iff(z**2 - z < PARABOLA, x > z), iff(z**2 - z > PARABOLA, x > z)
POLE = (x - y) * atan(1 / (r - MILLION))
SMOOTH = (x - y) * atan(r)
# Minus one below the pole, one above it, its derivative zero wherever it is defined.
STEP = sqrt(r**2 - 2 * MILLION * r + MILLION**2) / (r - MILLION)
FLAT = cosh(r) ** 2 - sinh(r) ** 2
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
COTH = coth(r - MILLION) - r
KIND = 1 + f(y) ** 2
BESIDE = (x - y) * atan(1 / ((r - MILLION) * KIND))
BESIDE_SLOPE = -(x - y) * KIND / ((r - MILLION) ** 2 * KIND**2 + 1)
SQUARED = Symbol("K", real=True)
CURVED = r**3 / 3 - r
CUBIC = iff(CURVED > CURVED.subs(r, u), r > u)
CURVED_STEPS = steps(
    (Eq(Derivative(CURVED, r), r**2 - 1), Follows()),
    (Derivative(CURVED, r) > 0, Evident()),
    (CUBIC, Ordered(r)),
)
# Equal to x for positive x only, and M - x is positive for x < M only.
NEAR = sqrt(x**2 + 2 * x * y + y**2) - y
FAR = NEAR.subs(x, MILLION - x)
TINY = Rational(1, 10**9)
m = Symbol("m", negative=True)


def _outside(variable: Any, side: int) -> tuple[Any, Derivation]:
    """A root at side (x - y), where the variable has the other sign, and the wrong conclusion."""
    root = side * (x - y)
    function = -side * (variable**2 - variable * (root - side * TINY) - side * TINY * root)
    rising = -side * (2 * variable - root) - TINY
    goal = iff(function > 0, variable > root)
    return goal, steps(
        (Eq(Derivative(function, variable), rising), Follows()),
        (Derivative(function, variable) > 0, Evident()),
        (Eq(function.xreplace({variable: root}), 0), Follows()),
        (goal, Crosses(variable, root)),
    )


LATE, LATE_STEPS = _outside(m, 1)
EARLY, EARLY_STEPS = _outside(t, -1)

PLANTED = [
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
        iff(POLE.subs(r, u) > POLE, r > u),
        steps(*FALLS, (iff(POLE.subs(r, u) > POLE, r > u), Ordered(r))),
        steps(*RISES, (iff(SMOOTH.subs(r, u) < SMOOTH, r > u), Ordered(r))),
        iff(SMOOTH.subs(r, u) < SMOOTH, r > u),
        given=[x > y],
    ),
    derived(
        "ordered across a pole of coth",
        iff(COTH < COTH.subs(r, u), r > u),
        steps(
            (Eq(Derivative(COTH, r), -1 / sinh(r - MILLION) ** 2 - 1), Follows()),
            (Derivative(COTH, r) < 0, Evident()),
            (iff(COTH < COTH.subs(r, u), r > u), Ordered(r)),
        ),
    ),
    derived(
        "ordered across a pole beside an unknown function",
        iff(BESIDE < BESIDE.subs(r, u), r > u),
        steps(
            (Eq(Derivative(BESIDE, r), BESIDE_SLOPE), Follows()),
            (Derivative(BESIDE, r) < 0, Evident()),
            (iff(BESIDE < BESIDE.subs(r, u), r > u), Ordered(r)),
        ),
        given=[x > y],
    ),
    derived(
        "ordered under a definition that hides the assumption",
        CUBIC,
        CURVED_STEPS,
        CURVED_STEPS,
        where=[define(SQUARED, r**2, means="square")],
        given=[SQUARED > 1],
        right_given=[r > 1, u > 1],
    ),
    derived(
        "substituted outside the domain of a symbol",
        FAR < MILLION + z - y,
        steps(
            (Eq(NEAR, x), Follows()),
            (Eq(FAR, MILLION - x), Substituted({x: MILLION - x})),
            (FAR < MILLION + z - y, Evident()),
        ),
        given=[z > y],
    ),
    derived(
        "integrated across a pole",
        Eq(STEP, -1),
        steps((Eq(Derivative(STEP, r), 0), Follows()), (Eq(STEP, -1), Integrated(r, 0))),
        steps((Eq(Derivative(FLAT, r), 0), Follows()), (Eq(FLAT, 1), Integrated(r, 0))),
        Eq(FLAT, 1),
    ),
    derived(
        "crossing on the wrong side",
        iff(ROOTED > 0, x < s),
        steps(*SIGNED, (iff(ROOTED > 0, x < s), Crosses(x, s))),
        steps(*SIGNED, (iff(ROOTED > 0, x > s), Crosses(x, s))),
        iff(ROOTED > 0, x > s),
        given=[y > 1],
    ),
    derived(
        "crossing at a root that was not shown",
        iff(ROOTED > 0, x > z),
        steps(*SIGNED, (iff(ROOTED > 0, x > z), Crosses(x, z))),
        given=[y > 1],
    ),
    derived("crossing above a domain of negative numbers", LATE, LATE_STEPS, given=[x > y + 1]),
    derived(
        "crossing below a domain of nonnegative numbers", EARLY, EARLY_STEPS, given=[x > y + 1]
    ),
    derived(
        "multiplied by a factor of unknown sign",
        iff(r * ROOTED > 0, x > s),
        steps(
            *SIGNED,
            (iff(ROOTED > 0, x > s), Crosses(x, s)),
            (iff(r * ROOTED > 0, x > s), SameSign(r)),
        ),
        steps(
            *SIGNED,
            (iff(ROOTED > 0, x > s), Crosses(x, s)),
            (iff(z * ROOTED > 0, x > s), SameSign(z)),
        ),
        iff(z * ROOTED > 0, x > s),
        given=[y > 1],
    ),
]
