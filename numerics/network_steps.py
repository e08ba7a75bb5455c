"""Validated Taylor steps of the averaged gradient flow of a three-layer linear network.

    tau W21' = W32^T E,   tau W32' = E W21^T,   E = Sigma31 - W32 W21 Sigma11.

The error e of a step's polynomial, in the joint Frobenius norm of (W21, W32), obeys
|e|' <= mu |e| + |defect|, where mu bounds the logarithmic norm of the Jacobian on a tube
around the polynomial. As in `taylor_steps` the tube is verified: |e| stays below its radius.

Logarithmic norm. The flow is minus the gradient of
L = tr(W32 W21 Sigma11 W21^T W32^T)/2 - tr(W32 W21 Sigma31^T), so its Jacobian is minus the
Hessian: symmetric. For a direction X = (X1, X2) and D = W32 X1 + X2 W21,

    <X, Hess X> = tr(D Sigma11 D^T) - 2 <E, X2 X1>,

and the first term is nonnegative for a positive semidefinite Sigma11. Hence

    tau mu <= sup 2 <E, X2 X1> / ||X||_F^2 <= ||E||_2,

because |<E, X2 X1>| <= ||E||_2 ||X2 X1||_* <= ||E||_2 ||X1||_F ||X2||_F. On a tube of Frobenius
radius rho around (W21, W32), ||E||_2 grows by at most
((||W21||_2 + ||W32||_2) rho + rho^2) ||Sigma11||_2. The bound holds for every such Sigma11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from .arb_matrices import spectral_norm_bound
from .marching import BOUND_BITS, March
from .network_expansion import (
    Correlations,
    Expansion,
    Weights,
    error_rounding,
    expand_network,
    network_defect_bound,
    padded,
    root_up,
)
from .precision import exact_ball, working_precision

__all__ = ["NetworkMarch", "NetworkStep"]

TUBE_PIECES = 4
TUBE_SLACK = 1024
TUBE_TRIALS = 6
SHARP_TERMS = 24  # coefficients of E that enter the spectral norm as matrices, not as norms
LARGEST_DEFECT = 2**12  # in units of the last place, per coefficient: above rounding noise


@dataclass(frozen=True)
class NetworkStep:
    """(W21, W32) = 2^-bits sum_k coefficients[k] u^k within `radius` (joint Frobenius norm)."""

    start: Fraction
    length: Fraction
    bits: int
    first: list[flint.fmpz_mat]
    second: list[flint.fmpz_mat]
    radius: flint.arb

    def at(self, time: Fraction) -> tuple[flint.arb_mat, flint.arb_mat]:
        """The enclosures of W21 and W32 at a time within the step."""
        with working_precision(self.bits + BOUND_BITS):
            u = exact_ball((time - self.start) / self.length)
            scale = flint.arb(2) ** -self.bits
            return (
                _widened(_horner(self.first, u) * scale, self.radius),
                _widened(_horner(self.second, u) * scale, self.radius),
            )


class NetworkMarch(March):
    """The march of the full weights from exact rational rows; `steps` are `NetworkStep`s."""

    def __init__(
        self,
        correlations: Correlations,
        weights: tuple[list[list[Fraction]], list[list[Fraction]]],
        end: Fraction,
        bits: int,
        *,
        max_steps: int,
    ) -> None:
        super().__init__(end, bits, max_steps=max_steps)
        self.correlations = correlations
        self._weights: Weights = (_scaled(weights[0], bits), _scaled(weights[1], bits))
        self._state = [x for w in self._weights for x in w.entries()]
        exact = all((x * 2**bits).denominator == 1 for w in weights for row in w for x in row)
        self._error = self.in_units(0 if exact else root_up(len(self._state)))

    def _expand(self, length: Fraction, order: int) -> tuple[Expansion, list[int]]:
        found = expand_network(self.correlations, self._weights, length, order, self.bits)
        norms = zip(padded(found.w21, order), padded(found.w32, order), strict=True)
        return found, [max(int(a), int(b)).bit_length() for a, b in norms]

    def _accept(self, proposal: Expansion, length: Fraction) -> bool:
        rate = length / self.correlations.tau
        defect = network_defect_bound(proposal, rate, self.bits)
        if defect > LARGEST_DEFECT * self.order:
            return False
        with working_precision(BOUND_BITS):
            radius = self._error_bound(proposal, rate, self.in_units(defect))
        if radius is None:
            return False
        self.steps.append(
            NetworkStep(self.time, length, self.bits, proposal.first, proposal.second, radius)
        )
        self.time += length
        self._weights = (_total(proposal.first), _total(proposal.second))
        self._state = [x for w in self._weights for x in w.entries()]
        self._error = radius
        return True

    def _error_bound(
        self, found: Expansion, rate: Fraction, defect: flint.arb
    ) -> flint.arb | None:
        """A bound of the error during the whole step, on a tube proved to hold."""
        base = (self._error + defect).upper()
        sharp = self._mean_residual_norm(found)
        sizes = self.in_units(int(sum(found.w21.coeffs()) + sum(found.w32.coeffs())))
        norm = exact_ball(self.correlations.inputs_norm)
        tube = (base * TUBE_SLACK).upper()
        for _ in range(TUBE_TRIALS):
            mu = sharp + (sizes + tube) * tube * norm
            bound = ((mu * exact_ball(rate)).exp() * base).upper()
            if bound < tube or base == 0:
                return bound
            if not bound.is_finite():
                return None
            tube = (bound * 4).upper()
        return None

    def _mean_residual_norm(self, found: Expansion) -> flint.arb:
        """A bound of the mean over 0 <= u <= 1 of ||E(u)||_2 along the polynomials.

        Each piece is bounded by its centre c: ||E(u)|| <= ||E(c)|| + |u - c| sup ||E'||.
        """
        scale = flint.arb(2) ** -self.bits
        sharp = [flint.arb_mat(m) * scale for m in found.error[:SHARP_TERMS]]
        rounded = error_rounding(found) * len(sharp)
        dropped = self.in_units(int(rounded + sum(found.residual[len(sharp) :])))
        slope = self.in_units(int(sum(k * c for k, c in enumerate(found.residual))))
        margin = dropped + slope / (2 * TUBE_PIECES)
        total = flint.arb(0)
        for i in range(TUBE_PIECES):
            centre = exact_ball(Fraction(2 * i + 1, 2 * TUBE_PIECES))
            total += spectral_norm_bound(_horner(sharp, centre)) + margin
        return (total / TUBE_PIECES).upper()


def _scaled(rows: list[list[Fraction]], bits: int) -> flint.fmpz_mat:
    return flint.fmpz_mat([[(x.numerator << bits) // x.denominator for x in row] for row in rows])


def _total(coefficients: Sequence[flint.fmpz_mat]) -> flint.fmpz_mat:
    return sum(coefficients[1:], coefficients[0])


def _horner(coefficients: Sequence[flint.arb_mat], u: flint.arb) -> flint.arb_mat:
    value = flint.arb_mat(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = value * u + flint.arb_mat(coefficient)
    return value


def _widened(centre: flint.arb_mat, radius: flint.arb) -> flint.arb_mat:
    ball = flint.arb(0, radius)
    entries = [x + ball for x in centre.entries()]
    return flint.arb_mat(centre.nrows(), centre.ncols(), entries)
