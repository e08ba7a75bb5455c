"""Coefficients of explicit Runge-Kutta methods.

``DOP853``: 12 stages, order 8, embedded estimates of order 5 and 3 (Dormand and Prince 1980;
Hairer, Norsett and Wanner, *Solving Ordinary Differential Equations I*, 2nd ed., II.5 and II.10),
with the coefficients SciPy publishes as attributes of ``scipy.integrate.DOP853``.  ``RK4``: the
classical method (Kutta 1901).  ``EULER``: a step is an update of gradient descent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DOP853 as PUBLISHED

__all__ = ["DOP853", "DOP853_ERRORS", "EULER", "RK4", "TABLEAUS", "Tableau"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Tableau:
    """``k_i = f(y + h sum_j A_ij k_j)``, ``y' = y + h sum_i b_i k_i``; ``A`` is below diagonal."""

    order: int
    A: FloatArray
    b: FloatArray

    @property
    def stages(self) -> int:
        """Evaluations of the field in one step."""
        return len(self.b)

    @property
    def weight(self) -> float:
        """Sum of the absolute ``b_i``: how much a step amplifies errors of the field."""
        return float(np.abs(self.b).sum())

    @property
    def stage_weight(self) -> float:
        """``sum |b_i| |a_ij|``: how much it amplifies errors through the inner stages."""
        return float(np.abs(self.b) @ np.abs(self.A).sum(axis=1))

    @cached_property
    def stability(self) -> float:
        """Largest ``x`` with ``|R(-z)| <= 1`` for all ``0 <= z <= x``.

        ``R(z) = 1 + sum_k z^k b^T A^(k-1) 1`` is what a step does to ``y' = z y / h``.  A gradient
        flow has a symmetric Jacobian, so near a minimum a step ``h`` is stable up to
        ``h lambda = x`` for the largest eigenvalue ``lambda`` of the Hessian.
        """
        coefficients, power = [1.0], np.ones(self.stages)
        for _ in range(self.stages):
            coefficients.append(float(self.b @ power))
            power = self.A @ power
        growth = np.polynomial.Polynomial(coefficients)
        # From 0 on |R| falls below 1; it returns where R is 1 or -1.
        roots = np.concatenate([(growth - level).roots() for level in (1.0, -1.0)])
        real = -roots.real[np.abs(roots.imag) < 1e-9 * np.abs(roots)]
        return float(real[real > 1e-3].min())


DOP853 = Tableau(8, PUBLISHED.A[:12, :12], PUBLISHED.B)
RK4 = Tableau(
    4,
    np.array([[0, 0, 0, 0], [1 / 2, 0, 0, 0], [0, 1 / 2, 0, 0], [0, 0, 1, 0]]),
    np.array([1, 2, 2, 1]) / 6,
)
EULER = Tableau(1, np.zeros((1, 1)), np.ones(1))
TABLEAUS = {"dop853": DOP853, "rk4": RK4}
DOP853_ERRORS = (np.array(PUBLISHED.E5), np.array(PUBLISHED.E3))
"""Weights of the stages, and of the velocity after the step, in the errors of order 5 and 3."""
