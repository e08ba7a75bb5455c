"""A ring of items: features that vary smoothly along it, and its modes, waves of any phase."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Function, Integer, Lambda, Lt, Symbol, cos, pi, sin

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Evident, Follows, Step
from ..edges import Witness
from ..outputs import Listed
from .letters import P, j, k, phi, sigma2, v, x, y

__all__ = [
    "EIGENVALUE",
    "doublet",
    "lam",
    "periodic",
    "precision",
    "ring",
    "roughness",
    "row",
    "smooth_first",
    "wave_derivation",
]

_SOURCE = "Kemp & Tenenbaum: features as Gaussian fields on a ring of items"
lam = Function("lambda")
"""Eigenvalue of the covariance of a feature."""
ANGLE = 2 * pi * k / P
EIGENVALUE = 1 / (2 - 2 * cos(ANGLE) + 1 / sigma2)
_WAVE = cos(2 * pi * k * j / P + phi)
_here, _left, _right = (Symbol(name, real=True) for name in ("x_j", "x_-", "x_+"))
_ENERGY = (_here - _left) ** 2 / 2 + (_right - _here) ** 2 / 2 + _here**2 / (2 * sigma2)


@claim("structures.ring.precision", source=_SOURCE)
def precision() -> Any:
    """A feature of density exp(-E) has the precision 2 + 1/sigma^2 at an item, -1 to neighbours.

    E is the sum of (x_(j+1) - x_j)^2/2 over all links and of x_j^2/(2 sigma^2) over all items: its
    gradient at item j, with neighbours x_- and x_+, is row j of the precision matrix applied to x.
    """
    gradient = _ENERGY.diff(_here, evaluate=False)
    return Eq(gradient, (2 + 1 / sigma2) * _here - _left - _right)


def row(wave: Any) -> Any:
    """One entry of the precision matrix, of an item with two neighbours, applied to the wave."""
    return (2 + 1 / sigma2) * wave(j) - wave(j - 1) - wave(j + 1)


def wave_derivation(angle: Any) -> Derivation:
    """A wave that turns by ``angle`` from item to item is an eigenvector, 1/lambda its value."""
    around = Eq(v(j - 1) + v(j + 1), 2 * cos(angle) * v(j))
    return Derivation(
        (
            Step("the addition theorem, for both neighbours", around, Follows()),
            Step(
                "so the precision matrix multiplies the wave by 1/lambda",
                Eq(row(v), (2 - 2 * cos(angle) + 1 / sigma2) * v(j)),
                Follows(),
            ),
            Step("and the covariance by lambda", Eq(lam(k) * row(v), v(j)), Follows()),
        )
    )


@claim(
    "structures.ring",
    where=[
        define(v, Lambda(j, _WAVE), means="mode k at item j"),
        define(lam, Lambda(k, EIGENVALUE), means="eigenvalue of the covariance"),
    ],
    rests_on=["structures.ring.precision", "structures.ring.periodic", "structures.covariance"],
    derivation=wave_derivation(ANGLE),
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"P": P, "sigma2": sigma2},
        outputs={"eigenvalues": Listed(EIGENVALUE, (k, 0, P - 1))},
    ),
)
def ring() -> Any:
    """On a ring of P items cos(2 pi k j/P + phi) is a mode, of eigenvalue lambda(k).

    Every phase phi is allowed, so k and P - k share a plane of modes.  The singular values of N
    features are s_k^2 = N lambda(k).  P is at least 3: with fewer the two neighbours are one.
    """
    return Eq(lam(k) * row(v), v(j))


@claim("structures.ring.periodic", source=_SOURCE)
def periodic() -> Any:
    """Mode k comes back after P items: the first item is the neighbour of the last."""
    return Eq(cos(2 * pi * k * (j + P) / P + phi), cos(2 * pi * k * j / P + phi))


@claim("structures.ring.doublet", source=_SOURCE)
def doublet() -> Any:
    """Modes k and P - k have one eigenvalue: all singular values but at most two are double."""
    return Eq(
        2 - 2 * cos(2 * pi * (P - k) / P) + 1 / sigma2, 2 - 2 * cos(2 * pi * k / P) + 1 / sigma2
    )


def roughness(angle: Any) -> Any:
    """Precision of a wave that turns by this angle from one item to the next."""
    return 2 - 2 * cos(angle) + 1 / sigma2


def _smooth_first() -> Derivation:
    product = 4 * sin((x + y) / 2) * sin((y - x) / 2)
    return Derivation(
        (
            Step(
                "a difference of cosines is a product of sines",
                Eq(roughness(y) - roughness(x), product),
                Follows(),
            ),
            Step("(y - x)/2 and (x + y)/2 lie between 0 and pi", product > 0, Evident()),
            Step("so the precision grows", roughness(x) < roughness(y), Evident()),
        )
    )


@claim(
    "structures.ring.smooth_first",
    given=[x < y, y <= pi],
    derivation=_smooth_first,
    source=_SOURCE,
)
def smooth_first() -> Any:
    """Of two waves the slower, 0 <= x < y <= pi per item, has the smaller precision.

    So it has the larger singular value, and is learned first: smooth before rough is coarse
    before fine.  Mode k turns by 2 pi k/P on a ring (k <= P/2), by pi k/P on a chain.
    """
    return Lt(roughness(x), roughness(y))


@claim(
    "structures.ring.phase_slogan",
    expects="refuted",
    corrected_by=["structures.ring", "structures.ring.doublet"],
    source="the mode of a singular value, read as one vector",
    witness=Witness({k: Integer(1), P: Integer(4), j: Integer(0), phi: Integer(1)}, (cos(1) - 1,)),
)
def phase_slogan() -> Any:
    """Guard: the modes of a doublet are not one vector; only their plane is determined.

    The sides are mode k at item j with the phase phi and without.
    """
    return Eq(cos(2 * pi * k * j / P + phi), cos(2 * pi * k * j / P))
