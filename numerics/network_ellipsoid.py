"""The set of possible errors of a march, as an ellipsoid carried along by float matrices.

After some steps the error is e = sum_k A_k b_k with ||b_k|| <= r_k, where A_k is the product of
the step matrices since b_k was committed. With Q = sum_k r_k A_k A_k^T and r = sum_k r_k,

    |<x, e>| <= sum_k r_k |A_k^T x| <= sqrt(r) sqrt(x^T Q x),    so    |e| <= sqrt(r lambda_max(Q)).

One step with the matrix M maps Q to M Q M^T + r_new I. A bound by logarithmic norms alone adds
up the fastest growth of every moment, though the direction that grows fastest changes: here a
direction that has grown early and one that grows late are told apart.

Floats in units of 2^-bits; whatever they round is added to Q as a multiple of the identity.
"""

from __future__ import annotations

import numpy as np

from .blas_threads import one_thread_each
from .network_data import TrainingData
from .network_defect import Defect
from .network_expansion import TINY, UP, Expansion, Floats, frobenius_norms
from .network_growth import spectral_norms
from .network_propagator import Propagator

__all__ = ["CarriedErrors", "ErrorEllipsoid"]

LARGEST = 1e140  # beyond it squares overflow: the bound is given up
SQUARINGS = 2
FAILED = 16.0  # times worse than the bound by logarithmic norms


class ErrorEllipsoid:
    """Errors of `size` weights, at most `radius` at the start (joint Frobenius norm)."""

    def __init__(self, size: int, radius: float) -> None:
        self.size = size
        self.reset(radius)

    def reset(self, radius: float) -> None:
        """Start again from a ball."""
        self.radius = radius
        self._total = radius
        self._shape: Floats = np.eye(self.size) * radius

    def advance(self, matrix: Floats, committed: float) -> float:
        """Map by the matrix, add errors of at most `committed`; the bound of the norm."""
        carried = matrix @ self._shape @ matrix.T
        # Two products of n by n matrices are off by less than n 2^-52 of the norms' product.
        scale = float(frobenius_norms(matrix)) ** 2 * float(frobenius_norms(self._shape))
        noise = (self.size + 4) * 2.0**-51 * scale
        self._total = (self._total + committed) * UP + TINY
        self._shape = (carried + carried.T) / 2
        self._shape.flat[:: self.size + 1] += (committed + noise) * UP + TINY
        largest = float(spectral_norms(self._shape[None], SQUARINGS)[0])
        self.radius = (self._total * largest) ** 0.5 * UP + TINY
        if not self.radius < LARGEST:
            self.radius = np.inf
        return self.radius


class CarriedErrors:
    """The errors of a march from a ball of radius `start`, in units, carried step by step."""

    def __init__(self, data: TrainingData, start: float) -> None:
        self._propagator = Propagator(data)
        self._ellipsoid = ErrorEllipsoid(self._propagator.size, start)

    def advance(
        self, found: Expansion, defect: Defect, growth: float, squared: float, rounding: float
    ) -> float:
        """A bound at the end of the step.

        `growth` bounds all propagators within the step, `squared` the square of the error during
        the step in units; `rounding` is what the weights at the end lose.
        """
        with one_thread_each():
            step = self._propagator.step(found, defect)
            lost = step.error * self._ellipsoid.radius + step.curvature * squared
            lost += defect.rounding + defect.tail
            return self._ellipsoid.advance(step.matrix, (growth * lost + rounding) * UP)

    def replace(self, carried: float, whole: float) -> float:
        """The smaller of this bound and that by logarithmic norms.

        A ball forgets the directions: it replaces the ellipsoid only where that has failed.
        """
        if not carried < FAILED * whole:
            self._ellipsoid.reset(whole)
        return min(carried, whole)
