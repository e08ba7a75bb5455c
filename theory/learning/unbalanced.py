"""One mode with unequal layers: a closed form for every start, without division by the imbalance.

With p = |a + b|^2/4 and m = |a - b|^2/4 (a, b the two layers' strengths, or hidden vectors) the
product is u = p - m, p grows at the rate at which m decays, and p*m = k is conserved: each obeys a
scalar Riccati equation whose solution is regular for every start, balanced or not.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Subs, Symbol, sqrt, tanh

from ..claims import Evaluation, claim
from ..symbols import A, B, s, t, tau, u

__all__ = ["conserved", "decaying", "growing", "layers", "unbalanced_trajectory"]

v, w = Function("v"), Function("w")
LAYERS = (
    Eq(tau * v(t).diff(t), w(t) * (s - v(t) * w(t))),
    Eq(tau * w(t).diff(t), v(t) * (s - v(t) * w(t))),
)
_SOURCE = "two-layer mode dynamics of the three-layer network"
_SUM, _DIFFERENCE = (v(t) + w(t)) ** 2 / 4, (v(t) - w(t)) ** 2 / 4


@claim("modes.unbalanced.growing_part", given=LAYERS, source=_SOURCE)
def layers() -> Any:
    """(v + w)^2/4 grows at the rate 2(s - vw)/tau."""
    return Eq(tau * _SUM.diff(t, evaluate=False), 2 * (s - v(t) * w(t)) * _SUM)


@claim("modes.unbalanced.decaying_part", given=LAYERS, source=_SOURCE)
def decaying_part() -> Any:
    """(v - w)^2/4 decays at the rate 2(s - vw)/tau."""
    return Eq(tau * _DIFFERENCE.diff(t, evaluate=False), -2 * (s - v(t) * w(t)) * _DIFFERENCE)


_START = (Eq(v(0), A), Eq(w(0), B))


@claim(
    "modes.unbalanced.conserved",
    given=LAYERS,
    source="conserved imbalance of one mode",
)
def conserved() -> Any:
    """The imbalance v^2 - w^2 of one mode does not change."""
    return Eq((v(t) ** 2 - w(t) ** 2).diff(t, evaluate=False), 0)


@claim("modes.unbalanced.second_order", given=LAYERS, source=_SOURCE)
def second_order() -> Any:
    """The speed of u = vw changes as tau d/dt[(v^2+w^2)(s-u)] = (s-u)[4u(s-u) - (v^2+w^2)^2].

    As (v^2 + w^2)^2 = (v^2 - w^2)^2 + 4u^2 and v^2 - w^2 is conserved, u obeys a second-order
    equation of its own, polynomial for every start.
    """
    product, speed = v(t) * w(t), (v(t) ** 2 + w(t) ** 2) * (s - v(t) * w(t))
    squares = (v(t) ** 2 - w(t) ** 2) ** 2 + 4 * product**2
    right = (s - product) * (4 * product * (s - product) - squares)
    return Eq(tau * speed.diff(t, evaluate=False), right)


P0, M0 = Symbol("p_0", nonnegative=True), Symbol("m_0", nonnegative=True)
_RATE = sqrt(s**2 + 4 * P0 * M0)
_GROWN = tanh(_RATE * t / tau)
GROWING = (s + _RATE * (_RATE * _GROWN + 2 * P0 - s) / (_RATE + (2 * P0 - s) * _GROWN)) / 2
DECAYING = (_RATE * (_RATE * _GROWN + 2 * M0 + s) / (_RATE + (2 * M0 + s) * _GROWN) - s) / 2
p, m = Function("p"), Function("m")


@claim(
    "modes.unbalanced.growing",
    given=[
        Eq(tau * p(t).diff(t), 2 * (s * p(t) - p(t) ** 2 + P0 * M0)),
        Eq(p(0), P0),
    ],
    rests_on=["modes.unbalanced.growing_part", "modes.unbalanced.conserved"],
    source=_SOURCE,
)
def growing() -> Any:
    """p = |a+b|^2/4 obeys tau dp/dt = 2(sp - p^2 + k) and is regular for every k >= 0."""
    return Eq(p(t), GROWING)


@claim(
    "modes.unbalanced.decaying",
    given=[
        Eq(tau * m(t).diff(t), -2 * (s * m(t) + m(t) ** 2 - P0 * M0)),
        Eq(m(0), M0),
    ],
    rests_on=["modes.unbalanced.decaying_part", "modes.unbalanced.conserved"],
    source=_SOURCE,
)
def decaying() -> Any:
    """m = |a-b|^2/4 obeys tau dm/dt = -2(sm + m^2 - k)."""
    return Eq(m(t), DECAYING)


def _motion(square: Any, product: Any, norms: Any) -> list[Any]:
    """u'' from ``second_order`` with (v^2 - w^2)^2 = ``square``, and both initial values."""
    right = (s - u(t)) * (4 * u(t) * (s - u(t)) - square - 4 * u(t) ** 2)
    speed = tau * Subs(u(t).diff(t), t, 0)
    return [
        Eq(tau**2 * u(t).diff(t, 2), right),
        Eq(u(0), product),
        Eq(speed, norms * (s - product)),
    ]


_SCALAR = {P0: (A + B) ** 2 / 4, M0: (A - B) ** 2 / 4}
_CURVE = (GROWING - DECAYING).xreplace(_SCALAR)


@claim(
    "modes.unbalanced_trajectory",
    given=_motion((A**2 - B**2) ** 2, A * B, A**2 + B**2),
    rests_on=[
        "modes.decoupling",
        "modes.unbalanced.second_order",
        "modes.unbalanced.growing",
        "modes.unbalanced.decaying",
    ],
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"s": s, "a0": A, "b0": B, "tau": tau, "t": t}, outputs={"u": _CURVE}
    ),
)
def unbalanced_trajectory() -> Any:
    """The product u of two unequal layer strengths, for every real start.

    One formula for all imbalances and signs: it contains the logistic (A_0 = B_0), the stuck mode
    (A_0 = -B_0: u stays negative) and the lazy limit.
    """
    return Eq(u(t), _CURVE)


NORMS = Symbol("n_0", nonnegative=True)
DOT = Symbol("d_0", real=True)
_VECTOR = {P0: (NORMS + 2 * DOT) / 4, M0: (NORMS - 2 * DOT) / 4}
VECTOR_CURVE = (GROWING - DECAYING).xreplace(_VECTOR)


@claim(
    "modes.vector_mode",
    given=[
        *_motion(NORMS**2 - 4 * DOT**2, DOT, NORMS),
        2 * DOT < NORMS,
        -2 * DOT < NORMS,
    ],
    rests_on=["modes.unbalanced.growing", "modes.unbalanced.decaying"],
    source="one mode with arbitrary hidden vectors",
)
def vector_mode() -> Any:
    """One mode with hidden vectors a, b: n_0 = |a|^2 + |b|^2 and d_0 = a.b at the start.

    The effective initial strength is p(0) = |a + b|^2/4, whatever the initial product.
    """
    return Eq(u(t), VECTOR_CURVE)


@claim(
    "modes.unbalanced.balanced_slogan",
    given=_motion((A**2 - B**2) ** 2, A * B, A**2 + B**2),
    expects="refuted",
    source="the balanced curve used with a_0 = A_0 B_0 for unequal layers",
)
def balanced_slogan() -> Any:
    """Guard: unequal layers do not follow the balanced curve started at their product."""
    grown = tanh(s * t / tau)
    return Eq(u(t), s * A * B * (1 + grown) / (s * (1 - grown) + 2 * A * B * grown))
