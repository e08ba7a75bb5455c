"""From the generative model to the length map: sums of independent terms, layer upon layer."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Product, Sum, Symbol

from ..claims import claim
from ..derivations import Derivation, Follows, Induction, Step
from ..levels import Levels, Recursion, Sequence

__all__ = ["depth", "layer"]

D = Symbol("D", integer=True, positive=True)
j, k, i = (Symbol(name, integer=True) for name in "jki")
y, G, chi, m = (Function(name) for name in ("y", "G", "chi", "m"))

_INCOMING = Sum(G(0) / D * y(j) ** 2, (j, 1, D)) + G(1)
_LAYER = Eq(_INCOMING * D, G(0) * Sum(y(j) ** 2, (j, 1, D)) + D * G(1), evaluate=False)


@claim(
    "isometry.length_map.layer",
    levels=Levels(D, (Sequence(y, "real", 1, D), Sequence(G, "nonnegative", 0, 1))),
    derivation=Derivation((Step("the common factor", _LAYER, Follows()),)),
    source="Poole et al.: the variance of a pre-activation",
)
def layer() -> Any:
    """The variance of sum_j W_j y_j + b is g^2 times the mean of y_j^2, plus sigma_b^2.

    D units; W_j of variance g^2/D (G_0 = g^2) and b of variance sigma_b^2 (G_1), independent: the
    variances of the terms add up.  Stated times D.  That the mean of y_j^2 = phi(h_j)^2 is
    E phi(sqrt(q) z)^2, by the law of large numbers as D goes to infinity, is the premise of V(q).
    """
    return _LAYER


_RECURSION = Recursion(m(k), Integer(0), Integer(1), chi(k) * m(k))
_DEPTH = Eq(m(k), Product(chi(i), (i, 0, k - 1)), evaluate=False)


@claim(
    "isometry.length_map.depth",
    levels=Levels(
        D, (Sequence(chi, "positive", 0, D - 1),), ((k, Integer(0), D),), recursions=(_RECURSION,)
    ),
    rests_on=["isometry.length_map.layer"],
    derivation=Derivation((Step("layer by layer", _DEPTH, Induction(k, 0, chi(k - 1))),)),
    source="Poole et al., Schoenholz et al.: mean squared singular value of the Jacobian",
)
def depth() -> Any:
    """The mean squared singular value of k layers is the product of their chi_l: chi^k at q*.

    A layer multiplies tr(J^T J)/N by chi_l = g^2 E phi'(sqrt(q_l) z)^2: W^T D^2 W averages to
    (g^2/N) tr D^2 over W, and tr D^2/N to E phi'^2 (law of large numbers, the premise).
    """
    return _DEPTH
