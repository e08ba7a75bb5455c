"""Explicit Runge-Kutta steps on flat state vectors, in any array namespace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import NUMPY, Array, Arrays, Operation
from .cuda_graphs import captured
from .tableaus import DOP853, DOP853_ERRORS, EULER, RK4, TABLEAUS, Tableau

__all__ = [
    "DOP853",
    "EULER",
    "MOST_STEPS",
    "ORDER",
    "RK4",
    "STAGE_WEIGHT",
    "TABLEAUS",
    "WEIGHT",
    "AdaptiveStepper",
    "Dop853",
    "RungeKutta",
    "Tableau",
]

FloatArray = NDArray[np.float64]
VectorField = Callable[[Array, Array], Any]


ORDER = DOP853.order
STAGES = DOP853.stages
WEIGHT = DOP853.weight
STAGE_WEIGHT = DOP853.stage_weight
MOST_STEPS = 100_000
"""Steps after which error control gives up, unless told otherwise."""


class RungeKutta:
    """Explicit steps for ``dy/dt = field(y)``; all buffers are made once.

    ``field(y, out)`` writes the velocity at ``y``, shape ``(size,)``, into ``out`` or into a new
    array, and returns it (None stands for ``out``).
    """

    def __init__(
        self,
        tableau: Tableau,
        field: VectorField,
        size: int,
        arrays: Arrays = NUMPY,
        spare_stages: int = 0,
        repeatable: bool = False,
    ) -> None:
        self.tableau, self.field, self.arrays = tableau, field, arrays
        rows = tableau.stages + spare_stages
        # A matrix and its rows, or without buffers a list that is its own rows.
        self.stages: Any = [None] * rows
        self._rows: Any = self.stages
        if arrays.buffered:
            self.stages = arrays.empty((rows, size))
            self._rows = [self.stages[i, :] for i in range(rows)]
        self._wide = arrays.empty((1, size))
        self.point: Array = self._wide[0, :] if arrays.buffered else None
        table = np.vstack([tableau.A, tableau.b])
        self._table, self._step = table, 1.0
        self._scaled: Any = arrays.take(table) if arrays.buffered else table
        self._used = [_nonzero(row) for row in table]
        self._repeatable = repeatable and arrays.buffered
        self._replays: dict[tuple[int, int], Replay] = {}

    def propose(self, state: Array, step: float) -> Array:
        """State after ``step``; the returned buffer is overwritten by the next call."""
        self._scale(step)
        return self._step_into(state, self.point)

    def advance(self, state: Array, step: float) -> Array:
        """State after ``step``, in the place of ``state`` where the namespace has buffers."""
        self._scale(step)
        return self._step_into(state, state)

    def _step_into(self, state: Array, out: Array) -> Array:
        # The first step is recorded as it is taken, the later ones are played back.
        if not self._repeatable:
            return self._propose(state, out)
        replay = self._replays.get((id(state), id(out)))
        if replay and replay.state is state:
            replay.run()
            return out
        if self.arrays.on_gpu:
            run = captured(lambda: self._propose(state, out), (state, out), self.arrays)
            run()
        else:
            with self.arrays.recorded() as operations:
                self._propose(state, out)
            run = player(operations)
        self._replays[id(state), id(out)] = Replay(state, run)
        return out

    def evaluate(self, stage: int, point: Array) -> None:
        """Put the velocity at ``point`` into one of the stages."""
        found = self.field(point, self._rows[stage])
        if not self.arrays.buffered:
            self._rows[stage] = found

    def _scale(self, step: float) -> None:
        # The step lives in an array of the device: a recorded step serves any length.
        if step == self._step:
            return
        self._step, scaled = step, self._table * step
        if not self.arrays.buffered:
            self._scaled = scaled
        elif self.arrays.name == "numpy":
            self._scaled[:] = scaled
        else:
            self._scaled[...] = self.arrays.take(scaled)

    def _propose(self, state: Array, out: Array) -> Array:
        self.evaluate(0, state)
        for i in range(1, self.tableau.stages):
            self.evaluate(i, self._moved(i, state, self.point))
        return self._moved(self.tableau.stages, state, out)

    def _moved(self, row: int, state: Array, out: Array) -> Array:
        arrays, (first, last) = self.arrays, self._used[row]
        if last == first + 1 and arrays.buffered:
            # A view of the number, which follows when the step changes.
            weight = self._scaled[row, first, ...]
            change = arrays.multiply(self._rows[first], weight, out=self.point)
        else:
            weights = self._scaled[row : row + 1, first:last]
            change = arrays.combine_rows(weights, self.stages[first:last], self._wide)[0]
        return arrays.add(change, state, out=out)


@dataclass(frozen=True)
class Replay:
    """A step from one buffer, to be taken again."""

    state: Array
    run: Callable[[], object]


def player(operations: list[Operation]) -> Callable[[], None]:
    """Return a function that does all of the operations."""

    def play() -> None:
        for function, one, other, out in operations:
            function(one, other, out=out)

    return play


def _nonzero(row: FloatArray) -> tuple[int, int]:
    places = np.flatnonzero(row)
    return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)


class Dop853(RungeKutta):
    """Explicit steps of order 8."""

    def __init__(
        self, field: VectorField, size: int, arrays: Arrays = NUMPY, repeatable: bool = False
    ) -> None:
        super().__init__(DOP853, field, size, arrays, spare_stages=1, repeatable=repeatable)


class AdaptiveStepper:
    """Steps whose embedded error estimate stays below ``atol + rtol max(|y|, |y_new|)``.

    The estimate and the controller are Hairer's for DOP853 (safety 0.9, factors 1/3 to 6).  All
    networks of a batch share one step, the one that the worst entry needs.  ``most``: how many
    steps may be tried in all.
    """

    def __init__(
        self,
        field: VectorField,
        size: int,
        rtol: float,
        atol: float,
        arrays: Arrays = NUMPY,
        repeatable: bool = False,
        most: int = MOST_STEPS,
    ) -> None:
        self.most = most
        self.method, self.rtol, self.atol = Dop853(field, size, arrays, repeatable), rtol, atol
        self.accepted = self.rejected = 0
        pair = DOP853_ERRORS
        self._estimates = arrays.take(np.stack(pair)) if arrays.buffered else pair
        self._errors = arrays.empty((2, size))

    def advance(self, state: Array, time: float, first_step: float) -> float:
        """Advance ``state`` by ``time`` in place; return the step that the next call may try.

        Raises ``FloatingPointError`` when no representable step meets the tolerance, or when too
        many steps were tried.
        """
        return self.run(state, time, first_step)[1]

    def run(self, state: Array, time: float, first_step: float) -> tuple[Array, float]:
        """State after ``time``, in place where the namespace has buffers, and the next step."""
        done, step = 0.0, first_step
        while done < time:
            if self.accepted + self.rejected >= self.most:
                raise FloatingPointError(
                    f"max_steps={self.most} tried at rtol={self.rtol}, atol={self.atol}, and "
                    f"{time - done:.3g} of the time is left: give larger tolerances, more steps, "
                    "or equal steps; where a velocity jumps, as at the kink of relu, no step is "
                    "short enough"
                )
            last = done + step >= time
            taken = time - done if last else step
            with np.errstate(over="ignore", invalid="ignore"):
                candidate = self.method.propose(state, taken)
                error = self._error(state, candidate, taken)
            factor = min(6.0, max(1 / 3, 0.9 * error ** (-1 / ORDER))) if error else 6.0
            if error <= 1:
                state = self._accept(state, candidate)
                done = time if last else done + taken
                self.accepted += 1
                step = max(step, taken * factor) if last else taken * factor
            else:
                self.rejected += 1
                step = taken * (factor if np.isfinite(error) else 1 / 3)
                if done + step == done:
                    raise FloatingPointError(f"no step meets rtol={self.rtol}, atol={self.atol}")
        return state, step

    def _accept(self, state: Array, candidate: Array) -> Array:
        if not self.method.arrays.buffered:
            return candidate
        state[:] = candidate
        return state

    def _error(self, state: Array, candidate: Array, step: float) -> float:
        method, xp = self.method, self.method.arrays.xp
        method.evaluate(STAGES, candidate)
        scale = self.atol + self.rtol * xp.maximum(xp.abs(state), xp.abs(candidate))
        errors = method.arrays.combine_rows(self._estimates, method.stages, self._errors)
        fifth, third = (float(xp.max(xp.abs(error / scale))) for error in errors)
        if not np.isfinite(fifth + third):
            return float("inf")
        if fifth == 0:
            return 0.0
        return float(step * fifth * fifth / np.hypot(fifth, 0.1 * third))
