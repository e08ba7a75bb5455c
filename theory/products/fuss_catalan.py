"""The spectrum of J J^T for a product of D wide Gaussian layers: the law of Fuss and Catalan.

Two routes lead to its equation.  Row by row (``products.fuss_catalan.one_more``): the premise is
that at infinite width quadratic forms of a row are their traces.  By S-transforms: the premise is
that layers of infinite width are free, so that the S-transform of the product is the product of
theirs; with B = z G (G the Stieltjes transform) and psi = B - 1 it is S(psi) = (1 + psi)/(z psi).
One layer is the law of Marchenko and Pastur, B^2 = z (B - 1).
Cited: densities are -Im G/pi just above the cut (Stieltjes), and de Moivre's formula.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Equivalent,
    Function,
    Integer,
    Lambda,
    Symbol,
    cos,
    pi,
    sin,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Induction, Premise, Step
from ..levels import Levels, Recursion
from .letters import D, phi

__all__ = ["EIGENVALUE", "ON_CUT", "PLACES", "edge", "equation"]

SOURCE = "Penson & Zyczkowski: products of Ginibre matrices; Pennington, Schoenholz & Ganguli"
_m = Symbol("m", integer=True)
_psi, _z, _B = (Symbol(name, positive=True) for name in ("psi", "z", "B"))
S = Function("S")

_ONE = define(
    _z, (1 + _psi) ** 2 / _psi, means="from B^2 = z (B - 1): one layer, Marchenko and Pastur"
)


@claim(
    "products.fuss_catalan.one_layer",
    where=[_ONE],
    rests_on=["products.fuss_catalan.one_layer.rows"],
    source=SOURCE,
)
def one_layer() -> Any:
    """The S-transform (1 + psi)/(z psi) of one square Gaussian layer is 1/(1 + psi)."""
    return Eq((1 + _psi) / (_z * _psi), 1 / (1 + _psi))


_mean = Symbol("M", real=True)


@claim(
    "products.fuss_catalan.one_layer.rows",
    where=[
        define(_B, 1 + _psi, means="B = z G"),
        define(_z, _B**2 / (_B - 1), means="B^2 = z (B - 1)"),
        define(_mean, -_B / _z, means="M = -G: the mean of 1/(lambda + x) continued to x = -z"),
    ],
    rests_on=[
        "generalization.large_gain.resolvent",
        "generalization.large_gain.one_row",
        "generalization.large_gain.share_spread",
    ],
    source=SOURCE,
)
def one_layer_rows() -> Any:
    """B^2 = z (B - 1) is M/(1 + M) + x M = 1 at x = -z: N rows with equal shares and x tr G give N.

    So the law of one square layer needs no more than what the cited claims need.
    """
    return Eq(_mean / (1 + _mean) - _z * _mean, 1)


_LAYERED = Recursion(S(_m), 0, Integer(1), S(_m) * (1 / (1 + _psi)))
_POWER = Eq(S(_m), (1 + _psi) ** (-_m), evaluate=False)


@claim(
    "products.fuss_catalan.s_transform",
    levels=Levels(D, (), ((_m, Integer(0), D),), {}, (_LAYERED,)),
    rests_on=["products.fuss_catalan.one_layer"],
    derivation=Derivation(
        (
            Step("the identity has the S-transform 1", _LAYERED.first, Premise()),
            Step("layers are free: S-transforms multiply", _LAYERED.step, Premise()),
            Step("from layer to layer", _POWER, Induction(_m, 0, 1 / (1 + _psi))),
        )
    ),
    source=SOURCE,
)
def s_transform() -> Any:
    """The S-transform of D free Gaussian layers is (1 + psi)^-D.

    Freeness, which holds for independent layers of infinite width, is a premise here; the equation
    that follows is derived without it in ``products.fuss_catalan.one_more``.
    """
    return _POWER


_TRANSFORM = define(S, Lambda(_psi, (1 + _psi) ** (-D)), means="S-transform of D free layers")
_PLACE = define(_z, (1 + _psi) / (S(_psi) * _psi), means="place at which psi = z G - 1, by S")
_WHOLE = define(_B, 1 + _psi, means="B = z G")


@claim(
    "products.fuss_catalan.equation",
    where=[_TRANSFORM, _PLACE, _WHOLE],
    rests_on=["products.fuss_catalan.s_transform", "products.fuss_catalan.one_more"],
    source=SOURCE,
)
def equation() -> Any:
    """B = z G solves B^(D + 1) = z (B - 1): by S-transforms as row by row."""
    return Eq(_B ** (D + 1), _z * (_B - 1))


w = Function("w")
PLACES = define(w, Lambda(_B, _B ** (D + 1) / (_B - 1)), means="z by B, from B^(D + 1) = z(B - 1)")
EDGE = (D + 1) ** (D + 1) / D**D
"""Largest squared singular value."""


@claim(
    "products.fuss_catalan.outside",
    where=[PLACES],
    given=[_B > 1],
    rests_on=["products.fuss_catalan.equation"],
    source=SOURCE,
)
def outside() -> Any:
    """Outside the spectrum z falls as B > 1 rises, and that is so exactly for B < (D + 1)/D.

    B tends to 1 as z grows (the mass is 1); on its way in z turns at B = (D + 1)/D.
    """
    return Equivalent(w(_B).diff(_B) < 0, D * _B < D + 1, evaluate=False)


@claim(
    "products.fuss_catalan.edge",
    where=[PLACES],
    rests_on=["products.fuss_catalan.outside"],
    source=SOURCE,
    evaluation=Evaluation(inputs={"D": D}, outputs={"edge": EDGE}),
)
def edge() -> Any:
    """There z = (D + 1)^(D + 1)/D^D, the largest squared singular value: about e D."""
    return Eq(w((D + 1) / D), EDGE)


_ANGLE = (D + 1) * phi
_RADIUS = sin(_ANGLE) / sin(D * phi)
EIGENVALUE = sin(_ANGLE) ** (D + 1) / (sin(phi) * sin(D * phi) ** D)
"""Squared singular value at an angle 0 < phi < pi/(D + 1)."""
DENSITY = sin(phi) * sin(_ANGLE) / (pi * EIGENVALUE * sin(D * phi))
b, lam = Function("b"), Function("lambda")
_MODULUS = define(b, Lambda(phi, _RADIUS), means="modulus of B = b e^(i phi) on the cut")
ON_CUT = define(lam, Lambda(phi, EIGENVALUE), means="squared singular value by its angle")


@claim(
    "products.fuss_catalan.cut",
    where=[_MODULUS, ON_CUT],
    rests_on=["products.fuss_catalan.equation"],
    source=SOURCE,
)
def cut() -> Any:
    """On the cut B = b e^(i phi) with b = sin((D + 1) phi)/sin(D phi): the real part.

    B^(D + 1) = b^(D + 1) e^(i (D + 1) phi) (de Moivre) is lambda (B - 1), lambda real.
    """
    return Eq(b(phi) ** (D + 1) * cos(_ANGLE), lam(phi) * (b(phi) * cos(phi) - 1))


@claim(
    "products.fuss_catalan.cut.imaginary",
    where=[_MODULUS, ON_CUT],
    rests_on=["products.fuss_catalan.equation"],
    source=SOURCE,
)
def cut_imaginary() -> Any:
    """The imaginary part of B^(D + 1) = lambda (B - 1) for B = b e^(i phi)."""
    return Eq(b(phi) ** (D + 1) * sin(_ANGLE), lam(phi) * b(phi) * sin(phi))


rho = Function("rho")
_DENSITY = define(
    rho,
    Lambda(phi, b(phi) * sin(phi) / (pi * lam(phi))),
    means="density -Im G/pi, where G = B/lambda",
)


@claim(
    "products.fuss_catalan.density",
    where=[_MODULUS, ON_CUT, _DENSITY],
    rests_on=["products.fuss_catalan.cut", "products.fuss_catalan.cut.imaginary"],
    source=SOURCE,
    evaluation=Evaluation(
        inputs={"D": D, "phi": phi},
        outputs={"lambda": EIGENVALUE, "rho": DENSITY},
        domain=(_ANGLE < pi,),
    ),
)
def density() -> Any:
    """The density at lambda(phi) is sin(phi) sin((D + 1) phi)/(pi lambda sin(D phi)).

    It runs through the spectrum from the edge at phi = 0 to 0 at phi = pi/(D + 1).
    """
    return Eq(rho(phi), sin(phi) * sin(_ANGLE) / (pi * lam(phi) * sin(D * phi)))
