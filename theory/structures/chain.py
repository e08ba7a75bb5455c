"""A chain of items: the waves that are reflected at its ends."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Lambda, Rational, Symbol, cos, pi

from ..claims import Evaluation, claim
from ..definitions import define
from ..derivations import Derivation, Follows, Step
from ..edges import Witness
from ..outputs import Listed
from .letters import P, j, k, phi, sigma2, v
from .ring import lam, roughness, row, wave_derivation

__all__ = ["EIGENVALUE", "chain", "end_precision", "first_end", "last_end"]

_SOURCE = "Kemp & Tenenbaum: features as Gaussian fields on a chain of items"
ANGLE = pi * k / P
EIGENVALUE = 1 / (2 - 2 * cos(ANGLE) + 1 / sigma2)
_WAVE = cos(pi * k * (2 * j + 1) / (2 * P))
_WHERE = (
    define(v, Lambda(j, _WAVE), means="mode k at item j"),
    define(lam, Lambda(k, EIGENVALUE), means="eigenvalue of the covariance"),
)
_end, _next = Symbol("x_0", real=True), Symbol("x_1", real=True)


@claim("structures.chain.end_precision", source=_SOURCE)
def end_precision() -> Any:
    """An item at the end of a chain has one neighbour: its precision is 1 + 1/sigma^2.

    Between the ends the precision is that of ``structures.ring.precision``.
    """
    energy = (_next - _end) ** 2 / 2 + _end**2 / (2 * sigma2)
    return Eq(energy.diff(_end, evaluate=False), (1 + 1 / sigma2) * _end - _next)


@claim(
    "structures.chain",
    where=_WHERE,
    rests_on=[
        "structures.ring.precision",
        "structures.chain.first_end",
        "structures.chain.last_end",
        "structures.covariance",
    ],
    derivation=wave_derivation(ANGLE),
    source=_SOURCE,
    evaluation=Evaluation(
        inputs={"P": P, "sigma2": sigma2},
        outputs={"eigenvalues": Listed(EIGENVALUE, (k, 0, P - 1))},
    ),
)
def chain() -> Any:
    """On a chain of P items cos(pi k (j + 1/2)/P) is a mode, of eigenvalue lambda(k), k < P.

    Here between the ends; at the ends see ``structures.chain.first_end`` and ``last_end``.  The
    singular values of N features are s_k^2 = N lambda(k), all of them single: they fall with k by
    ``structures.ring.smooth_first``, as the wave turns by pi k/P an item.
    """
    return Eq(lam(k) * row(v), v(j))


def _first(wave: Any) -> Any:
    return (1 + 1 / sigma2) * wave(0) - wave(1)


def _last(wave: Any) -> Any:
    return (1 + 1 / sigma2) * wave(P - 1) - wave(P - 2)


def _end_of(row: Any, beyond: Any, wave: Any) -> Derivation:
    factor = 2 - 2 * cos(ANGLE) + 1 / sigma2
    return Derivation(
        (
            Step("the wave is reflected half a step beyond the end", beyond, Follows()),
            Step("the addition theorem", Eq(row, factor * wave), Follows()),
            Step("the covariance multiplies by lambda", Eq(lam(k) * row, wave), Follows()),
        )
    )


@claim(
    "structures.chain.first_end",
    where=_WHERE,
    rests_on=["structures.chain.end_precision"],
    derivation=_end_of(_first(v), Eq(v(-1), v(0)), v(0)),
    source=_SOURCE,
)
def first_end() -> Any:
    """The mode of the chain at its first item, whose only neighbour is the second."""
    return Eq(lam(k) * _first(v), v(0))


@claim(
    "structures.chain.last_end",
    where=_WHERE,
    rests_on=["structures.chain.end_precision"],
    derivation=_end_of(_last(v), Eq(v(P), v(P - 1)), v(P - 1)),
    source=_SOURCE,
)
def last_end() -> Any:
    """The mode of the chain at its last item: here k must be an integer."""
    return Eq(lam(k) * _last(v), v(P - 1))


_OTHER = cos(pi * k * j / P + phi)
_AT = {k: Integer(1), P: Integer(3), phi: Integer(0), sigma2: Integer(1)}


@claim(
    "structures.chain.ring_slogan",
    expects="refuted",
    corrected_by=["structures.chain", "structures.chain.first_end"],
    where=[
        define(v, Lambda(j, _OTHER), means="a wave of the ring of 2P items"),
        define(lam, Lambda(k, EIGENVALUE), means="eigenvalue of the covariance"),
    ],
    source="a chain as half of a ring of twice as many items",
    witness=Witness(_AT, (-Rational(1, 4),)),
)
def ring_slogan() -> Any:
    """Guard: the chain has eigenvalues of the ring of 2P items, but not its waves of any phase.

    Only the phase pi k/(2P) passes at the end; so the doublets of the ring become single.

    The left side is what the precision matrix of the chain makes of wave k at the first item,
    times the eigenvalue; sigma^2 is the prior variance.
    """
    return Eq(lam(k) * _first(v), v(0))


@claim(
    "structures.chain.size_slogan",
    expects="refuted",
    corrected_by=["structures.chain"],
    source="the eigenvalues of a ring, used for a chain",
    witness=Witness({k: Integer(1), P: Integer(3), sigma2: Integer(1)}, (-Integer(2),)),
)
def size_slogan() -> Any:
    """Guard: mode k of a chain is not as smooth as mode k of the ring of as many items.

    The sides are the inverse eigenvalues of mode k of a chain and of a ring of P items,
    sigma^2 the prior variance.
    """
    return Eq(roughness(pi * k / P), roughness(2 * pi * k / P))
