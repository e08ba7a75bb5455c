"""Gradients of a chain of any depth: the velocity grows like the depth, the gradient like its root.

w_l: strength of layer l of the mode, a: their product, r_l: the product of all but w_l, which is
the derivative of a by w_l.  The downhill force on w_l is r_l (s - a).
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Equivalent, Function, Integer, Lambda, Product, Sum, Symbol

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Step
from ..edges import Witness
from ..levels import Levels, Sequence
from ..symbols import delta, s
from .letters import D, r, w

__all__ = [
    "absolute",
    "any_strengths",
    "gradient_norm",
    "order",
    "slogan",
    "velocity",
]

_SOURCE = "Saxe, McClelland & Ganguli: gradients and learning rates of deep linear networks"
_l, _j = Symbol("l", integer=True), Symbol("j", integer=True)
_one = Symbol("w", positive=True)
_force = Function("g")
_OTHERS = define(
    r,
    Lambda(_l, Product(w(_j), (_j, 1, _l - 1)) * Product(w(_j), (_j, _l + 1, D))),
    means="product of the strengths of all layers but l",
)
_A = Product(w(_j), (_j, 1, D))
_ANY = Levels(D, (Sequence(w, "positive", Integer(1), D),), ())
_SQUARES = Sum(r(_l) ** 2, (_l, 1, D))


def _plain(why: str, relation: Any) -> Derivation:
    return Derivation((Step(why, relation),))


_ANY_STRENGTHS = Eq(_SQUARES, _A**2 * Sum(w(_l) ** -2, (_l, 1, D)))


@claim(
    "depth.gradient_norm.any_strengths",
    where=[_OTHERS],
    levels=_ANY,
    rests_on=["depth.ode.gradient"],
    derivation=_plain("w_l r_l is the same product for every layer", _ANY_STRENGTHS),
    source=_SOURCE,
)
def any_strengths() -> Any:
    """The squared Euclidean norm of the gradient of a is a^2 sum_l 1/w_l^2.

    For any positive strengths of any number of layers; that of the loss is (s - a)^2 times it.
    """
    return _ANY_STRENGTHS


_VELOCITY = Eq(Sum(r(_l) * (r(_l) * (s - _A)), (_l, 1, D)), (s - _A) * _SQUARES)


@claim(
    "depth.gradient_norm.velocity",
    where=[_OTHERS],
    levels=_ANY,
    rests_on=["depth.ode.gradient", "depth.gradient_norm.any_strengths"],
    derivation=_plain("both are sums of r_l^2", _VELOCITY),
    source=_SOURCE,
)
def velocity() -> Any:
    """The velocity tau da/dt = sum_l r_l (tau dw_l/dt) is s - a times the squared gradient of a.

    For equal layers that is D a^(2-2/D) (s - a): see depth.ode.
    """
    return _VELOCITY


_GAP = s - _one**D
_EQUAL = define(
    _force, Lambda(_l, _GAP * _one ** (D - 1)), means="force on layer l, when all layers are w"
)
_NORM = Eq(Sum(_force(_l) ** 2, (_l, 1, D)), D * _GAP**2 * _one ** (2 * D - 2))


@claim(
    "depth.gradient_norm",
    where=[_EQUAL],
    levels=Levels(D, (), ()),
    rests_on=["depth.gradient_norm.any_strengths", "depth.gradient_norm.velocity", "depth.ode"],
    derivation=_plain("D equal forces", _NORM),
    source=_SOURCE,
)
def gradient_norm() -> Any:
    """The Euclidean norm of the gradient is sqrt(D) |s - a| a^(1-1/D) for D equal layers, a = w^D.

    So it grows like the root of the number of layers, while the velocity (depth.ode) and the sum
    of the absolute forces (depth.gradient_norm.absolute) grow like the number itself.
    """
    return _NORM


_SIZES = Eq(Sum(_force(_l), (_l, 1, D)), D * _GAP * _one ** (D - 1))


@claim(
    "depth.gradient_norm.absolute",
    where=[_EQUAL],
    levels=Levels(D, (), ()),
    rests_on=["depth.gradient_norm.any_strengths"],
    derivation=_plain("D equal forces", _SIZES),
    source=_SOURCE,
)
def absolute() -> Any:
    """The forces of D equal layers sum up to D (s - a) a^(1-1/D): all have the sign of s - a."""
    return _SIZES


_g = Symbol("g", positive=True)


@claim(
    "depth.gradient_norm.order",
    rests_on=["depth.gradient_norm"],
    source="the order of the gradient norm in the number of layers",
)
def order() -> Any:
    """No multiple of the number of layers bounds the norm of the gradient from below.

    g: the force on each layer.  The norm sqrt(D) g falls below delta D g exactly from
    D = 1/delta^2 on, for every delta > 0: it is O(N_l) as an upper bound only, and not of that
    order.
    """
    return Equivalent(D * _g**2 < (delta * D * _g) ** 2, 1 / delta**2 < D, evaluate=False)


@claim(
    "depth.gradient_norm.slogan",
    levels=Levels(D, (), ()),
    expects="refuted",
    corrected_by=["depth.gradient_norm", "depth.gradient_norm.absolute"],
    source="the talk: the gradient norm is O(N_l), read as its order",
    witness=Witness({D: Integer(3), _one: Integer(2), s: Integer(11)}, (-Integer(864),)),
)
def slogan() -> Any:
    """Guard: the norm of the gradient does not grow like N_l - 1, the sum of its entries' sizes.

    The squared forces of all D = N_l - 1 layers add up to D g^2, g the force on each, and not to
    (D g)^2: for three layers with forces of 12 that is 432, not 1296.

    All layers of the mode have the strength w, so that the force on each is w^(D - 1) (s -
    w^D).
    """
    force = _GAP * _one ** (D - 1)
    return Eq(Sum(force**2, (_l, 1, D)), (D * force) ** 2, evaluate=False)
