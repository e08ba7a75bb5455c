"""One mode of a chain of any number of layers: from the loss to its equation of motion.

Each of the D = N_l - 1 layers has one strength in the mode; the mode's strength a is their product
and its loss is (s - a)^2/2.  Whatever the number of layers, one of them, w, sees all others only
through their product r.
"""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Eq, Ge, Integer, Lambda, Symbol, exp

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Premise, Step
from ..edges import Assumption, Witness
from ..outputs import Flow
from ..symbols import a, a0, a1, lam, s, t, tau
from .letters import N_l, k, r, v, w

__all__ = [
    "ODE",
    "conserved",
    "correlated",
    "gradient",
    "negative",
    "ode",
    "sign_slogan",
    "unequal_slogan",
    "white_slogan",
]

_SOURCE = "Saxe, McClelland & Ganguli: learning dynamics of a mode in deep linear networks"
_layer, _others = Symbol("w", real=True), Symbol("r", real=True)
DEPTH = N_l - 1
POWER = 2 - 2 / DEPTH
DEEP = Assumption(Ge(N_l, 2))
FLOW = Eq(tau * w(t).diff(t), r(t) * (s - r(t) * w(t)))
_COLOURED = Eq(tau * w(t).diff(t), r(t) * (s - lam * r(t) * w(t)))
RELATIVE = Eq(tau * k(t).diff(t), r(t) * (s - r(t) * w(t)) / w(t))
_RELATIVE_COLOURED = Eq(tau * k(t).diff(t), r(t) * (s - lam * r(t) * w(t)) / w(t))
EQUAL = Eq(r(t), w(t) ** (DEPTH - 1))
POSITIVE = define(w, Lambda(t, exp(k(t))), means="strength of each layer, positive")
STRENGTH = define(a, Lambda(t, w(t) ** DEPTH), means="strength of the mode")
ODE = Eq(tau * a(t).diff(t), DEPTH * a(t) ** POWER * (s - a(t)))


@claim("depth.ode.gradient", source="the loss of one mode, factor 1/2 included")
def gradient() -> Any:
    """The downhill force on one layer is r(s - rw), whatever the number of other layers.

    w: strength of the layer; r: product of the strengths of all others.  With input variance
    lambda along the mode the loss is s^2/(2 lambda) - s a + lambda a^2/2: see depth.ode.correlated.
    """
    loss = (s - _others * _layer) ** 2 / 2
    return Eq(-Derivative(loss, _layer), _others * (s - _others * _layer))


@claim(
    "depth.ode.conserved",
    given=[
        Eq(tau * v(t).diff(t), r(t) * w(t) * (s - r(t) * v(t) * w(t))),
        Eq(tau * w(t).diff(t), r(t) * v(t) * (s - r(t) * v(t) * w(t))),
    ],
    rests_on=["depth.ode.gradient"],
    source=_SOURCE,
)
def conserved() -> Any:
    """The difference of the squared strengths of any two layers of a mode does not change.

    r: product of all other layers, which may move as they like.  So layers that are equal once are
    equal for ever, up to their signs.
    """
    return Eq((v(t) ** 2 - w(t) ** 2).diff(t, evaluate=False), 0)


def _motion(relative: Any, flow: Any, stated: Any, gap: Any) -> Derivation:
    """From the flow of one layer to that of the product, when all layers are equal."""
    rate = w(t) ** (DEPTH - 1) * gap
    return Derivation(
        (
            Step("the flow of the logarithm of one positive layer", relative, Premise()),
            Step("that is, of the layer, down the gradient of the loss", flow, Follows()),
            Step("all layers are equal", EQUAL, Premise()),
            Step("so one equation holds for every layer", Eq(tau * w(t).diff(t), rate), Follows()),
            Step("the chain rule for a = w^(N_l - 1)", stated, Follows()),
        )
    )


@claim(
    "depth.ode",
    where=[POSITIVE, STRENGTH],
    given=[RELATIVE, EQUAL, DEEP],
    rests_on=["depth.ode.gradient", "depth.ode.conserved"],
    derivation=_motion(RELATIVE, FLOW, ODE, s - w(t) ** DEPTH),
    evaluation=Evaluation(
        inputs={"N_l": N_l, "s": s, "a0": a0, "tau": tau, "t": t},
        outputs={"a": Flow(a1, DEPTH * a1**POWER * (s - a1) / tau, a0, t)},
        domain=(Ge(N_l, 2),),
    ),
    source=_SOURCE,
)
def ode() -> Any:
    """A mode of N_l - 1 equal positive layers obeys tau da/dt = (N_l-1) a^(2-2/(N_l-1)) (s-a).

    White inputs, layers aligned with the mode, equal strengths at one time (depth.ode.conserved)
    and a > 0: a set of starts of measure zero.  Each is needed: depth.ode.unequal_slogan,
    depth.ode.white_slogan, depth.ode.negative.
    """
    return ODE


_COLOURED_ODE = Eq(tau * a(t).diff(t), DEPTH * a(t) ** POWER * (s - lam * a(t)))


@claim(
    "depth.ode.correlated",
    where=[POSITIVE, STRENGTH],
    given=[_RELATIVE_COLOURED, EQUAL, DEEP],
    rests_on=["depth.ode.gradient", "depth.ode.conserved"],
    derivation=_motion(_RELATIVE_COLOURED, _COLOURED, _COLOURED_ODE, s - lam * w(t) ** DEPTH),
    source="deep linear networks with inputs whose Sigma11 shares the right singular vectors",
)
def correlated() -> Any:
    """With input variance lambda along the mode the last factor is s - lambda a.

    Sigma11 must have the right singular vectors of Sigma31 as eigenvectors.
    """
    return _COLOURED_ODE


_OPPOSITE = Eq(r(t), -(w(t) ** (DEPTH - 1)))
_AMPLITUDE = define(a, Lambda(t, w(t) ** DEPTH), means="-1 times the strength of the mode")
NEGATIVE_ODE = Eq(tau * a(t).diff(t), -DEPTH * a(t) ** POWER * (s + a(t)))


def _decay() -> Derivation:
    rate = -(w(t) ** (DEPTH - 1)) * (s + w(t) ** DEPTH)
    return Derivation(
        (
            Step("the flow of the logarithm of a positive layer", RELATIVE, Premise()),
            Step("that is, of the layer, down the gradient of the loss", FLOW, Follows()),
            Step("an odd number of layers is negative", _OPPOSITE, Premise()),
            Step("so the size of every layer falls", Eq(tau * w(t).diff(t), rate), Follows()),
            Step("the chain rule for the size w^(N_l - 1)", NEGATIVE_ODE, Follows()),
        )
    )


@claim(
    "depth.ode.negative",
    where=[POSITIVE, _AMPLITUDE],
    given=[RELATIVE, _OPPOSITE, DEEP],
    rests_on=["depth.ode.gradient", "depth.ode.conserved"],
    derivation=_decay,
    source="deep linear networks, a mode that starts with the wrong sign",
)
def negative() -> Any:
    """From a < 0 the size |a| obeys tau d|a|/dt = -(N_l-1) |a|^(2-2/(N_l-1)) (s + |a|).

    All layers have one size and an odd number of them is negative (w: one that is not).  It
    shrinks, and for N_l > 2 never reaches zero: the mode is never learned
    (depth.ode.negative.never).
    """
    return NEGATIVE_ODE


_LAYERS = {k(t): Integer(0), N_l: Integer(4), tau: Integer(1)}


@claim(
    "depth.ode.sign_slogan",
    where=[POSITIVE, _AMPLITUDE],
    given=[RELATIVE, _OPPOSITE, DEEP],
    expects="refuted",
    corrected_by=["depth.ode.negative"],
    source="the equation of motion used for a mode that starts with the wrong sign",
    witness=Witness({**_LAYERS, s: Integer(2)}, (-Integer(12),)),
)
def sign_slogan() -> Any:
    """Guard: the size of a negative mode does not grow as if its sign did not matter."""
    return ODE


_SHARED = define(a, Lambda(t, v(t) * w(t) ** (DEPTH - 1)), means="strength of the mode")


@claim(
    "depth.ode.unequal_slogan",
    where=[POSITIVE, _SHARED],
    given=[
        Eq(tau * v(t).diff(t), w(t) ** (DEPTH - 1) * (s - v(t) * w(t) ** (DEPTH - 1))),
        Eq(
            tau * k(t).diff(t),
            v(t) * w(t) ** (DEPTH - 3) * (s - v(t) * w(t) ** (DEPTH - 1)),
        ),
        DEEP,
    ],
    expects="refuted",
    corrected_by=["depth.gradient_norm.velocity", "depth.gradient_norm.any_strengths"],
    source="the equation of motion without equal layers",
    witness=Witness({**_LAYERS, v(t): Integer(8), s: Integer(9)}, (Integer(81),)),
)
def unequal_slogan() -> Any:
    """Guard: where one layer, v, differs from the others, w, the equation does not hold.

    The speed is then a^2 (1/v^2 + (N_l - 2)/w^2)(s - a): faster, not slower.
    """
    return ODE


@claim(
    "depth.ode.white_slogan",
    where=[POSITIVE, STRENGTH],
    given=[_RELATIVE_COLOURED, EQUAL, DEEP],
    expects="refuted",
    corrected_by=["depth.ode.correlated"],
    source="the equation of motion without white inputs",
    witness=Witness({**_LAYERS, s: Integer(2), lam: Integer(2)}, (-Integer(3),)),
)
def white_slogan() -> Any:
    """Guard: with input variance lambda along the mode the equation needs lambda = 1."""
    return ODE
