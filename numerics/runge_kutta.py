"""Explicit Runge-Kutta steps of order 8 on flat state vectors.

The tableau is DOP853: 12 stages, order 8, embedded estimates of order 5 and 3 (Dormand and Prince
1980; Hairer, Norsett and Wanner, *Solving Ordinary Differential Equations I*, 2nd ed., II.5 and
II.10), with the coefficients SciPy publishes as attributes of ``scipy.integrate.DOP853``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DOP853

__all__ = ["ORDER", "STAGE_WEIGHT", "WEIGHT", "AdaptiveStepper", "Dop853"]

FloatArray = NDArray[np.float64]
VectorField = Callable[[FloatArray, FloatArray], None]

ORDER = 8
STAGES = 12
WEIGHT = float(np.abs(DOP853.B).sum())
"""Sum of the absolute weights ``|b_i|``: how much a step amplifies errors of the field."""
STAGE_WEIGHT = float(np.abs(DOP853.B) @ np.abs(DOP853.A).sum(axis=1))
"""``sum |b_i| |a_ij|``: how much it amplifies errors of the field through the inner stages."""


class Dop853:
    """One explicit step of order 8 for ``dy/dt = field(y)``; all buffers are made once.

    ``field(y, out)`` writes the velocity at ``y`` into ``out``; both have shape ``(size,)``.
    """

    def __init__(self, field: VectorField, size: int) -> None:
        self.field = field
        self.stages = np.empty((STAGES + 1, size))
        self.point = np.empty(size)
        self.velocity = np.empty(size)

    def propose(self, state: FloatArray, step: float) -> FloatArray:
        """State after ``step``; the returned buffer is overwritten by the next call."""
        self.field(state, self.stages[0])
        for i in range(1, STAGES):
            self._combine(DOP853.A[i, :i], state, step)
            self.field(self.point, self.stages[i])
        self._combine(DOP853.B, state, step)
        return self.point

    def advance(self, state: FloatArray, step: float) -> None:
        """Replace ``state`` by the state after ``step``."""
        state[:] = self.propose(state, step)

    def _combine(self, weights: FloatArray, state: FloatArray, step: float) -> None:
        np.dot(weights, self.stages[: len(weights)], out=self.velocity)
        np.multiply(self.velocity, step, out=self.point)
        self.point += state


class AdaptiveStepper:
    """Steps whose embedded error estimate stays below ``atol + rtol max(|y|, |y_new|)``.

    The estimate and the controller are Hairer's for DOP853 (safety 0.9, factors 1/3 to 6).  All
    networks of a batch share one step, the one that the worst entry needs.
    """

    def __init__(self, field: VectorField, size: int, rtol: float, atol: float) -> None:
        self.method, self.rtol, self.atol = Dop853(field, size), rtol, atol
        self.accepted = self.rejected = 0

    def advance(self, state: FloatArray, time: float, first_step: float) -> float:
        """Advance ``state`` by ``time`` in place; return the step that the next call may try.

        Raises ``FloatingPointError`` when no representable step meets the tolerance.
        """
        done, step = 0.0, first_step
        while done < time:
            last = done + step >= time
            taken = time - done if last else step
            error = self._error(state, self.method.propose(state, taken), taken)
            factor = min(6.0, max(1 / 3, 0.9 * error ** (-1 / ORDER))) if error else 6.0
            if error <= 1:
                state[:] = self.method.point
                done = time if last else done + taken
                self.accepted += 1
                step = max(step, taken * factor) if last else taken * factor
            else:
                self.rejected += 1
                step = taken * (factor if np.isfinite(error) else 1 / 3)
                if done + step == done:
                    raise FloatingPointError(f"no step meets rtol={self.rtol}, atol={self.atol}")
        return step

    def _error(self, state: FloatArray, candidate: FloatArray, step: float) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            self.method.field(candidate, self.method.stages[STAGES])
            scale = self.atol + self.rtol * np.maximum(np.abs(state), np.abs(candidate))
            fifth = np.abs(DOP853.E5 @ self.method.stages / scale).max(initial=0.0)
            third = np.abs(DOP853.E3 @ self.method.stages / scale).max(initial=0.0)
        if not np.isfinite(fifth + third):
            return float("inf")
        if fifth == 0:
            return 0.0
        return float(step * fifth * fifth / np.hypot(fifth, 0.1 * third))
