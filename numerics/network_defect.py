"""A bound of how far a network's Taylor polynomials are from solving their equation.

The defect of W_l in u is d_l = W_l' - rate G_l(W), a polynomial. With Z the computed series of
a product Z = A B (Z stands for F, E, B or G, cut off at the order p), its nominal series keeps
the computed coefficients below p and multiplies out the nominal series of A and B from p on.
The true product then differs from the nominal one below p only by roundings, and

    |Z true - Z nominal| <= rounding(Z) + |A| err(B) + err(A) |B| + err(A) err(B).

Below the order p, (k + 1) W_(k+1) - rate G_k is a rounding; from p on the nominal series of G is
bounded by products of norms. Only two numbers are kept of every error series e: its value
S = sum e_k u^k and T = sum e_k u^(k+1)/(k + 1) at the end of the step, for which
S(e a) <= S(e) S(a) and T(e a) <= T(e) S(a): the defect is wanted in the norm T.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from .network_expansion import TINY, UP, Expansion, Floats
from .precision import exact_ball, working_precision

__all__ = ["Defect", "network_defect"]

BOUND_BITS = 64


@dataclass(frozen=True)
class Defect:
    """Bounds, in units, of the integral over the step of the defect's Frobenius norm.

    `rounding` comes from fixed-point arithmetic, `tail` from the cut at the order p; `sizes[l]`,
    `slopes[l]` bound ||W_(l+1)||_F and its derivative in u/ratio on the whole step.
    """

    rounding: float
    tail: float
    sizes: list[float]
    slopes: list[float]


@dataclass(frozen=True)
class _Series:
    """Norms of the nominal coefficients, their sum at the end, and the error's S and T in units.

    T is divided by the length of the step.
    """

    norms: Floats
    size: float
    plain: float
    weighted: float


class _Algebra:
    """Bounds of products at one point of the scaled time."""

    def __init__(self, found: Expansion) -> None:
        self.order, self.reach = found.order, found.reach
        self.unit = max(2.0**-found.bits if found.bits < 900 else 0.0, TINY)
        self.roundings = found.roundings

    def sum(self, norms: Floats) -> float:
        powers = np.power(self.reach, np.arange(len(norms)))
        return float(norms @ powers) * UP + TINY

    def exact(self, norms: Floats) -> _Series:
        return _Series(norms, self.sum(norms), 0.0, 0.0)

    def rounded(self, norms: Floats, rounding: float, error: _Series, gain: float) -> _Series:
        """A series known up to a rounding and the error of another one, times `gain`."""
        plain = (rounding * self.roundings.plain + gain * error.plain) * UP
        weighted = (rounding * self.roundings.weighted + gain * error.weighted) * UP
        return _Series(norms, self.sum(norms), plain, weighted)

    def product(
        self, a: _Series, b: _Series, known: Floats | None = None, rounding: float = 0.0
    ) -> _Series:
        """A B, whose coefficients below the order p are `known` up to a rounding."""
        norms = np.convolve(a.norms, b.norms) * UP + TINY
        if known is not None:
            norms[: self.order] = known
        r = self.roundings
        plain = rounding * r.plain + a.size * b.plain + a.plain * b.size
        weighted = rounding * r.weighted + a.size * b.weighted + a.weighted * b.size
        return _Series(
            norms,
            self.sum(norms),
            (plain + a.plain * b.plain * self.unit) * UP,
            (weighted + a.plain * b.weighted * self.unit) * UP,
        )


def network_defect(found: Expansion, inputs_norm: Fraction) -> Defect:
    """The bound for the polynomials of an expansion on 0 <= u <= `found.ratio`."""
    algebra, depth = _Algebra(found), len(found.weights)
    weights = [algebra.exact(norms) for norms in found.weights]
    prefix = [weights[0]]
    for i, w in enumerate(weights[1:], 1):
        # Only the high orders of the end-to-end map are asked for.
        known = found.prefix[i] if i < depth - 1 else None
        prefix.append(algebra.product(w, prefix[-1], known, found.roundings.prefix[i]))
    suffix = [_residual(algebra, found, prefix[-1], float(inputs_norm) * UP)]
    for i in reversed(range(depth - 1)):
        rounding = found.roundings.suffix[i]
        known = found.suffix[i] if i else None
        suffix.insert(0, algebra.product(weights[i + 1], suffix[0], known, rounding))
    gradients = [suffix[0]]
    for i in range(1, depth):
        rounding = found.roundings.gradient[i]
        gradients.append(algebra.product(suffix[i], prefix[i - 1], None, rounding))
    rate = float(found.rate * found.ratio) * UP + TINY
    rounding = found.roundings.plain * sum(found.roundings.update)
    rounding += rate * sum(g.weighted for g in gradients)
    tail = _tail(algebra, found, gradients) * rate
    sizes = [w.size for w in weights]
    slopes = [algebra.sum(w.norms * np.arange(len(w.norms))) for w in weights]
    return Defect(rounding * UP + TINY, tail * UP + TINY, sizes, slopes)


def _residual(algebra: _Algebra, found: Expansion, product: _Series, gain: float) -> _Series:
    norms = product.norms * gain * UP + TINY
    norms[: found.order] = found.suffix[-1]
    return algebra.rounded(norms, found.roundings.residual, product, gain)


def _tail(algebra: _Algebra, found: Expansion, gradients: Sequence[_Series]) -> float:
    """sum_l sum_(k >= p) |G_k| u^k / (p + 1), in units."""
    order = found.order
    total = sum(algebra.sum(g.norms[order:]) for g in gradients)
    with working_precision(BOUND_BITS):
        scale = exact_ball(found.ratio / found.scaling) ** order * flint.arb(2) ** found.bits
    return total * float(scale.upper()) / (order + 1) * UP
