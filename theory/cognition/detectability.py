"""When a coherent block of properties rises out of noise: the threshold of its learning.

A block of K_o items that share K_f features (present with probability p, and q elsewhere) among
N_o items and N_f features, the mean q removed and the noise scaled to the variance 1/N_f, is
theta x y^T + G with unit vectors x (items) and y (features),
theta^2 = (p - q)^2 K_o K_f/(q(1 - q) N_f) and c = N_o/N_f.

What is a premise here, and not derived: sizes are infinite, and then
- the singular values of G follow the law of Marchenko and Pastur, whose Stieltjes transform
  m = E[1/(w - t^2)] is given by its inverse function w = 1/m + 1/(1 - c m), w = z^2;
- the theorem of Benaych-Georges and Nadakuditi: a singular value z of theta x y^T + G outside the
  bulk solves D(z) = 1/theta^2, D = phi psi with phi = z m and psi = c phi + (1 - c)/z; its singular
  vectors have the squared overlaps -2 phi/(theta^2 D'(z)) with x and -2 psi/(theta^2 D'(z)) with y;
- inside the block the variance is that of the noise, q(1 - q).
All else is derived below.  With G of small variance beside the block, theta is the strength s of
the block's mode: what a network learns from the data resembles the block only beyond threshold.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Equivalent,
    Function,
    Ge,
    Integer,
    Lambda,
    Rational,
    Subs,
    Symbol,
    sqrt,
)

from ..claims import Evaluation, claim
from ..definitions import define
from ..edges import Witness
from ..symbols import c

__all__ = [
    "bulk_edge",
    "detectability",
    "left",
    "mirror",
    "outlier",
    "right",
    "root",
    "signal_to_noise",
    "slogan",
    "touching",
    "transform",
]

_SOURCE = "Saxe, McClelland & Ganguli: category coherence; Benaych-Georges & Nadakuditi: outliers"
theta, m = Symbol("theta", positive=True), Symbol("m", positive=True)
"""Strength of the block beside the noise; value of the Stieltjes transform."""
w, D = Function("w"), Function("D")
_SQUARE = define(w, Lambda(m, 1 / m + 1 / (1 - c * m)), means="z^2 by the Stieltjes transform m")
_D = define(D, Lambda(m, c * w(m) * m**2 + (1 - c) * m), means="phi psi, with phi = z m")
_OUTSIDE = c * m < 1


@claim(
    "coherence.detectability.transform",
    where=[_SQUARE, _D],
    given=[_OUTSIDE],
    source=_SOURCE,
)
def transform() -> Any:
    """The transform D = phi psi of the noise solves z^2 D = (1 + D)(1 + c D)."""
    return Eq(w(m) * D(m), (1 + D(m)) * (1 + c * D(m)))


_ROOT = 1 / (theta**2 + c)


@claim(
    "coherence.detectability.root",
    where=[_SQUARE, _D],
    given=[_OUTSIDE],
    rests_on=["coherence.detectability.transform"],
    source=_SOURCE,
)
def root() -> Any:
    """D exceeds 1/theta^2 exactly where m > 1/(theta^2 + c): there alone D = 1/theta^2."""
    return Equivalent(D(m) > 1 / theta**2, m > _ROOT, evaluate=False)


_OUTLIER = sqrt((1 + theta**2) * (c + theta**2)) / theta


@claim(
    "coherence.detectability.outlier",
    where=[_SQUARE],
    rests_on=["coherence.detectability.root"],
    source=_SOURCE,
)
def outlier() -> Any:
    """At that root z^2 = (1 + theta^2)(c + theta^2)/theta^2."""
    return Eq(w(_ROOT), (1 + theta**2) * (c + theta**2) / theta**2)


_LEFT = (theta**4 - c) / (theta**2 * (theta**2 + c))
_RIGHT = (theta**4 - c) / (theta**2 * (theta**2 + 1))
_k = Symbol("k", positive=True)
_PER_Z = -Subs(w(_k).diff(_k), _k, m) / (theta**2 * Subs(D(_k).diff(_k), _k, m))
"""-2 z/(theta^2 dD/dz), where dD/dz = 2z (dD/dm)/(dw/dm)."""
_items_of, _features_of = Function("O_x"), Function("O_y")


@claim(
    "coherence.detectability.left",
    where=[
        _SQUARE,
        _D,
        define(_items_of, Lambda(m, _PER_Z * m), means="-2 phi/(theta^2 D'(z)), where phi = z m"),
    ],
    rests_on=["coherence.detectability.root", "coherence.detectability.outlier"],
    source=_SOURCE,
)
def left() -> Any:
    """The squared overlap of the first left singular vector with the items of the block.

    By the chain rule D'(z) = 2z (dD/dm)/(dw/dm), so that z cancels.
    """
    return Eq(_items_of(_ROOT), _LEFT)


@claim(
    "coherence.detectability.right",
    where=[
        _SQUARE,
        _D,
        define(
            _features_of,
            Lambda(m, _PER_Z * (c * m + (1 - c) / w(m))),
            means="-2 psi/(theta^2 D'(z)), where psi = z (c m + (1 - c)/z^2)",
        ),
    ],
    rests_on=["coherence.detectability.root", "coherence.detectability.outlier"],
    source=_SOURCE,
)
def right() -> Any:
    """The squared overlap of the first right singular vector with the features of the block."""
    return Eq(_features_of(_ROOT), _RIGHT)


@claim(
    "coherence.detectability.bulk_edge",
    where=[_SQUARE],
    given=[_OUTSIDE],
    rests_on=["coherence.detectability.transform"],
    source=_SOURCE,
)
def bulk_edge() -> Any:
    """Outside the bulk w decreases with m, and that is so exactly for m < 1/(c + sqrt c).

    There w = (1 + sqrt c)^2, the square of the largest singular value of the noise.
    """
    return Equivalent(w(m).diff(m) < 0, m < 1 / (c + sqrt(c)), evaluate=False)


@claim(
    "coherence.detectability.touching",
    where=[_SQUARE],
    rests_on=["coherence.detectability.outlier", "coherence.detectability.bulk_edge"],
    source=_SOURCE,
)
def touching() -> Any:
    """The outlier is above the edge of the bulk by (theta^2 - sqrt c)^2/theta^2, in squares."""
    edge = w(1 / (c + sqrt(c)))
    return Eq(
        (1 + theta**2) * (c + theta**2) / theta**2 - edge, (theta**2 - sqrt(c)) ** 2 / theta**2
    )


_LEFT_NAME, _RIGHT_NAME = Symbol("overlap_left", real=True), Symbol("overlap_right", real=True)
_OUTLIER_NAME = Symbol("z", positive=True)
_RESULTS = (
    define(_OUTLIER_NAME, _OUTLIER, means="largest singular value"),
    define(_LEFT_NAME, _LEFT, means="squared overlap with the items of the block"),
    define(_RIGHT_NAME, _RIGHT, means="squared overlap with the features of the block"),
)


@claim(
    "coherence.detectability",
    where=_RESULTS,
    rests_on=[
        "coherence.detectability.left",
        "coherence.detectability.right",
        "coherence.detectability.outlier",
        "coherence.detectability.bulk_edge",
    ],
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"c": c, "theta": theta},
        outputs={"outlier": _OUTLIER, "overlap_left": _LEFT, "overlap_right": _RIGHT},
        domain=(theta**4 >= c,),
    ),
)
def detectability() -> Any:
    """A noisy block is seen in the data exactly if its signal-to-noise theta^2/sqrt c exceeds 1.

    The overlaps of the first singular vectors with the block are positive iff theta > c^(1/4) and
    vanish there; below, the root of D lies on the wrong branch, the formulas say nothing and the
    true overlaps are 0.  Premises, not derived: infinite sizes with c = N_o/N_f; noise of variance
    1/N_f everywhere, also in the block, its mean removed; its singular values follow the law of
    Marchenko and Pastur; and the theorem of Benaych-Georges and Nadakuditi, that a singular value
    z outside the bulk solves D(z) = 1/theta^2 and has the squared overlaps -2 phi/(theta^2 D'(z))
    and -2 psi/(theta^2 D'(z)), D = phi psi.  Derived from them: all formulas and the threshold.
    """
    return Equivalent(_LEFT_NAME > 0, theta**2 / sqrt(c) > 1, evaluate=False)


@claim(
    "coherence.detectability.features",
    where=_RESULTS,
    rests_on=["coherence.detectability.right"],
    source=_SOURCE,
)
def features() -> Any:
    """The features of the block appear at the same threshold as its items."""
    return Equivalent(_RIGHT_NAME > 0, theta**2 / sqrt(c) > 1, evaluate=False)


_z = Function("z")


@claim(
    "coherence.detectability.mirror",
    where=[define(_z, Lambda(theta, _OUTLIER), means="root of D, on either branch")],
    rests_on=["coherence.detectability.outlier"],
    source=_SOURCE,
)
def mirror() -> Any:
    """A block of strength sqrt(c)/theta has the same root z: below threshold it is no outlier.

    Both lie above the edge of the bulk, but below threshold on the branch on which w rises with m.
    """
    return Eq(_z(sqrt(c) / theta) - _z(theta), 0)


_items, _features = Symbol("K_o", positive=True), Symbol("K_f", positive=True)
_all_items, _all_features = Symbol("N_o", positive=True), Symbol("N_f", positive=True)
_contrast, _rate = Symbol("d", positive=True), Symbol("q", positive=True)
_NOISE = _rate * (1 - _rate)


@claim(
    "coherence.detectability.signal_to_noise",
    where=[
        define(
            theta, _contrast * sqrt(_items * _features / (_NOISE * _all_features)), means="block"
        ),
        define(c, _all_items / _all_features, means="items a feature"),
    ],
    given=[_rate < 1],
    source=_SOURCE,
)
def signal_to_noise() -> Any:
    """theta^2/sqrt c = (p - q)^2 K_o K_f/(q(1 - q) sqrt(N_o N_f)), d = p - q.

    K_o items with K_f features among N_o items and N_f features; q elsewhere, p in the block.
    """
    ratio = _contrast**2 * _items * _features / (_NOISE * sqrt(_all_items * _all_features))
    return Eq(theta**2 / sqrt(c), ratio)


@claim(
    "coherence.detectability.slogan",
    expects="refuted",
    corrected_by=["coherence.detectability", "coherence.detectability.left"],
    source="the overlaps read below threshold",
    witness=Witness({theta: Rational(1, 2), c: Integer(1)}, (Integer(-3),)),
)
def slogan() -> Any:
    """Guard: below threshold the formula gives no overlap: it is negative.

    The left side is the formula for the squared overlap with the items of a block of strength
    theta, c the ratio of items to features.
    """
    return Ge(_LEFT, 0, evaluate=False)
