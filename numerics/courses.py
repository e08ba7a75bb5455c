"""Courses of training: by equal steps, by controlled steps, by updates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil

import numpy as np
from numpy.typing import NDArray

from .arguments import check_positive, check_whole
from .chunks import Course
from .classical_steps import ClassicalSteps
from .flow_state import FlowState, NetworkState
from .runge_kutta import DOP853, EULER, MOST_STEPS, RK4, AdaptiveStepper, RungeKutta, Tableau

__all__ = ["adaptive_course", "check_count", "descent_course", "equal_steps", "working_vectors"]

FloatArray = NDArray[np.float64]
AfterStep = Callable[[NetworkState, float], None]
LONGEST_RUN = 10**9
"""Equal steps of one run; at some microseconds each, hours."""


def working_vectors(tableau: Tableau) -> int:
    """Vectors as long as the state that a step keeps: stages, point, state, start, record."""
    return tableau.stages + 4


def _stepper(
    tableau: Tableau, state: NetworkState, repeatable: bool = True
) -> RungeKutta | ClassicalSteps:
    if tableau is RK4 and isinstance(state, FlowState) and state.pushes:
        return ClassicalSteps(state)
    repeatable = repeatable and state.repeatable
    return RungeKutta(tableau, state.field, state.size, state.arrays, repeatable=repeatable)


def check_count(moments: FloatArray, step: float) -> None:
    """``ValueError`` for more than `LONGEST_RUN` steps."""
    count = float(moments[-1]) / step
    if count > LONGEST_RUN:
        raise ValueError(
            f"step={step!r}: times up to {moments[-1]:g} take {count:.3g} steps, and a run may "
            f"take {LONGEST_RUN:.0e}: give a longer step, or earlier times; a step so short is "
            "needed where weights are huge or Sigma11 nearly singular"
        )


def equal_steps(
    moments: FloatArray,
    tau: float,
    step: float,
    tableau: Tableau = DOP853,
    refine: int = 1,
    after_step: AfterStep | None = None,
) -> Course:
    """Divide the time between two records into the fewest equal steps no longer than ``step``.

    Each is taken in ``refine`` parts; ``after_step`` is called with the state and the length in
    units of tau.  Raises ``ValueError`` for more than `LONGEST_RUN` steps.
    """
    check_count(moments, step / refine)

    def course(state: NetworkState) -> Iterator[int]:
        method = _stepper(tableau, state)
        steps = 0
        for gap in np.diff(moments, prepend=0.0).tolist():
            count = refine * ceil(gap / step)
            for _ in range(count):
                state.state = method.advance(state.state, gap / count / tau)
                if after_step:
                    after_step(state, gap / count / tau)
            steps += count
            yield steps

    return course


def adaptive_course(
    moments: FloatArray,
    tau: float,
    rtol: float,
    atol: float,
    first_step: float,
    most: int = MOST_STEPS,
) -> Course:
    """Take at most so many steps of DOP853 with error control; ``first_step`` in units of tau."""
    check_whole("max_steps", most)

    def course(state: NetworkState) -> Iterator[int]:
        stepper = AdaptiveStepper(
            state.field, state.size, rtol, atol, state.arrays, state.repeatable, most
        )
        step = first_step
        for gap in np.diff(moments, prepend=0.0).tolist():
            state.state, step = stepper.run(state.state, gap / tau, step)
            yield stepper.accepted

    return course


def descent_course(
    marks: NDArray[np.int64],
    lambda_: float,
    before_update: Callable[[NetworkState], Iterator[None]] | None = None,
) -> Course:
    """Make updates ``W += lambda field(W)`` up to each of ``marks``.

    ``before_update`` makes an iterator for each chunk that is advanced before every update, to
    choose examples.
    """
    check_positive("lambda_", lambda_, "learning rate")

    def course(state: NetworkState) -> Iterator[int]:
        choice = before_update(state) if before_update else None
        method = _stepper(EULER, state, repeatable=choice is None)
        made = 0
        for mark in marks:
            for _ in range(mark - made):
                if choice:
                    next(choice)
                state.state = method.advance(state.state, lambda_)
            made = int(mark)
            yield made

    return course
