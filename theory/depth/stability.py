"""No minimum of a deep chain is flatter than the one with equal layers: the bound is universal."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Ge, Integer, Product, Sum, Symbol, exp

from ..claims import claim
from ..definitions import define
from ..derivations import Derivation, Evident, Follows, Step
from ..edges import Witness
from ..levels import Levels, Sequence
from .letters import D

__all__ = ["flat_slogan", "minimum_bound", "minimum_spectrum", "sharpest_direction"]

_SOURCE = "minima of deep linear chains (Mulayoff & Michaeli 2020)"
_k, _l, _j = (Symbol(name, integer=True) for name in ("k", "l", "j"))
_v, _w, _z = Function("v"), Function("w"), Function("z")
_s, _lam = Symbol("s", positive=True), Symbol("lambda_max", real=True)
_WEIGHTS = Sequence(_w, "positive", 1, D)
_TARGET = define(_s, Product(_w(_j), (_j, 1, D)), means="the target, met by the product of layers")
_MOST = define(
    _lam,
    _s**2 * Sum(1 / _w(_j) ** 2, (_j, 1, D)),
    means="curvature along the gradient of the product, whose entries are s/w_k",
)
_APPLIED = Eq(
    Sum(_s**2 / (_w(_k) * _w(_l)) * _v(_l), (_l, 1, D)),
    _s**2 / _w(_k) * Sum(_v(_l) / _w(_l), (_l, 1, D)),
    evaluate=False,
)


@claim(
    "depth.learning_rate.minimum_spectrum",
    where=[_TARGET],
    levels=Levels(D, (_WEIGHTS, Sequence(_v, "real", 1, D)), ((_k, Integer(1), D),)),
    rests_on=["depth.learning_rate.entry_same", "depth.learning_rate.entry_pair"],
    derivation=Derivation(
        (Step("the factor of layer k comes out of the sum", _APPLIED, Follows()),)
    ),
    source=_SOURCE,
)
def minimum_spectrum() -> Any:
    """At every global minimum of a chain H = s^2 q q^T, q_l = 1/w_l: one positive eigenvalue.

    There a = s, so that the entries are s^2/(w_k w_l); all directions v with sum v_l/w_l = 0 are
    flat.  Signs of layers may be turned in pairs without changing any of this.
    """
    return _APPLIED


_SHARPEST = Eq(Sum(_s**2 / (_w(_k) * _w(_l)) / _w(_l), (_l, 1, D)), _lam / _w(_k), evaluate=False)


@claim(
    "depth.learning_rate.sharpest_direction",
    where=[_TARGET, _MOST],
    levels=Levels(D, (_WEIGHTS,), ((_k, Integer(1), D),)),
    rests_on=["depth.learning_rate.minimum_spectrum"],
    derivation=Derivation((Step("v = q in the sum", _SHARPEST, Follows()),)),
    source=_SOURCE,
)
def sharpest_direction() -> Any:
    """It is lambda_max = s^2 times the sum of 1/w_l^2, with eigenvector 1/w_l."""
    return _SHARPEST


_m = Symbol("m", real=True)
_LOGARITHMS = Sequence(_z, "real", 1, D)
_MEAN = define(_m, Sum(_z(_j), (_j, 1, D)) / D, means="mean of the z_l")
_EXCESS = Sum(exp(_z(_l)) - exp(_m), (_l, 1, D))
_BOUND = Ge(_EXCESS, 0)
_PARTS = Eq(
    _EXCESS,
    exp(_m) * Sum(exp(_z(_l) - _m) - 1 - (_z(_l) - _m), (_l, 1, D)),
    evaluate=False,
)


@claim(
    "depth.learning_rate.minimum_bound",
    where=[_MEAN],
    levels=Levels(D, (_LOGARITHMS,)),
    rests_on=["depth.learning_rate.sharpest_direction", "depth.learning_rate.minimum"],
    derivation=Derivation(
        (
            Step("the deviations from the mean add up to nothing", _PARTS, Follows()),
            Step("e^x is at least 1 + x, layer by layer", _BOUND, Evident()),
        )
    ),
    source=_SOURCE,
)
def minimum_bound() -> Any:
    """lambda_max >= D s^(2-2/D) at every global minimum: none is flatter than that of equal layers.

    With w_l = e^(-z_l/2), so that s = e^(-D m/2): lambda_max = s^2 times the sum of e^(z_l), and
    D s^(2-2/D) = s^2 D e^m.  What is stated is their difference over s^2.  Equality holds only
    where all z_l are equal, as e^x > 1 + x for x other than 0.  So eta < 2/(D s^(2-2/D)) is needed
    at every minimum.
    """
    return _BOUND


@claim(
    "depth.learning_rate.flat_slogan",
    where=[_MEAN],
    levels=Levels(D, (_LOGARITHMS,)),
    expects="refuted",
    corrected_by=["depth.learning_rate.minimum_bound", "depth.learning_rate.sharpest_direction"],
    source="the curvature at the minimum taken to be that of equal layers",
    witness=Witness({D: 2, _z(1): 2, _z(2): -2}, (exp(2) + exp(-2) - 2,)),
)
def flat_slogan() -> Any:
    """Guard: minima with unequal layers are sharper, without any bound.

    Layers of strength e^(-z_l/2) have the curvature s^2 times the sum of e^(z_l); equal layers
    of the same product have s^2 D e^m.
    """
    return Eq(_EXCESS, 0, evaluate=False)
