"""The classical Runge-Kutta method with velocities added in place, by products that add.

With ``p2 = y + h/2 f(y)``, ``p3 = y + h/2 f(p2)`` and ``p4 = y + h f(p3)`` the step is

    y' = (p2 + 2 p3 + p4 - y) / 3 + h/6 f(p4),

so no velocity is ever stored: a matrix product adds to a copy of ``y``.  That reads and writes half
as much as stages that are combined, of which PyTorch makes use (NumPy has no product that adds;
one of BLAS, called matrix by matrix, was no faster).  A step rounds by up to 9 units of
``|y|``: points ``4/3``, their sum ``4`` times ``5/3``, the last addition 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrays import Array
from .cuda_graphs import captured
from .flow_state import FlowState
from .runge_kutta import player

__all__ = ["ClassicalSteps"]

MOST_LENGTHS = 8
"""Steps of different lengths that are kept recorded."""


class ClassicalSteps:
    """Steps of order 4 for a state whose field can be added, `FlowState.push`."""

    def __init__(self, flow: FlowState) -> None:
        self.flow, self.arrays = flow, flow.arrays
        # The state is in the first or the last row, the points between; it changes places.
        table = self.arrays.empty((5, flow.size))
        self.table, self.rows = table, [table[i, :] for i in range(5)]
        self.weights = [
            self.arrays.take(np.array([row]) / 3) for row in ((-1, 1, 2, 1), (1, 2, 1, -1))
        ]
        self.at, self._recorded = 0, dict[tuple[int, float], Callable[[], object]]()

    def advance(self, state: Array, step: float) -> Array:
        """State after ``step``, in a buffer that the next call but one overwrites."""
        if state is not self.rows[4 * self.at]:
            self.at = 0
            self.rows[0][:] = state
        key = (self.at, step)
        if key in self._recorded:
            self._recorded[key]()
        else:
            if len(self._recorded) >= 2 * MOST_LENGTHS:
                self._recorded.clear()
            self._recorded[key] = self._first(step)
        self.at = 1 - self.at
        return self.rows[4 * self.at]

    def _first(self, step: float) -> Callable[[], object]:
        """Take a step, and return how to take it again."""
        if self.arrays.on_gpu:
            run = captured(lambda: self._step(step), (self.table,), self.arrays)
            run()
            return run
        with self.arrays.recorded() as operations:
            self._step(step)
        return player(operations)

    def _step(self, step: float) -> None:
        rows, first, at = self.rows, 4 * self.at, self.at
        point = rows[first]
        for i, length in ((1, step / 2), (2, step / 2), (3, step)):
            self.arrays.copy(rows[first], rows[i])
            self.flow.push(point, rows[i], length)
            point = rows[i]
        last = 4 - first
        self.arrays.matmul(
            self.weights[at], self.table[at : at + 4, :], self.table[last : last + 1, :]
        )
        self.flow.push(point, rows[last], step / 6)
