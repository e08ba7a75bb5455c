"""Gradient flow of networks with elementwise nonlinearities, on any array namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .activations import Choice
from .arrays import Array, to_host
from .chunks import Chunk, Course, collect, stream
from .courses import adaptive_course, equal_steps, working_vectors
from .examples import Convention
from .gradient_flow import Method, as_times, tableau_of
from .nonlinear_state import ExampleState
from .observables import Recorder
from .roundoff import frobenius
from .runge_kutta import DOP853, MOST_STEPS
from .stability import Guard
from .statistics import ErrorBudget

__all__ = [
    "NonlinearRecord",
    "integrate_nonlinear_flow",
    "integrate_nonlinear_flow_adaptively",
    "nonlinear_flow_with_error_budget",
    "stream_nonlinear_flow",
]

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class NonlinearRecord:
    """Networks at the recorded times; ``batch`` is absent for one network.

    ``times`` ``(T,)``; ``weights``: one array ``(T, batch, n_{l+1}, n_l)`` per layer; ``answers``
    ``(T, batch, N3, P)``, the outputs ``f(x_mu)``; ``loss`` ``(T, batch)``; ``steps`` taken.
    """

    times: FloatArray
    weights: tuple[Array, ...]
    answers: Array
    loss: Array
    steps: int


def stream_nonlinear_flow(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    activations: Choice | Sequence[Choice],
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: Method = "dop853",
    convention: Convention = "average",
    record: Sequence[str] = ("weights",),
    dtype: DTypeLike | None = None,
    chunk: int | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
) -> Iterator[Chunk]:
    """Train as `integrate_nonlinear_flow` does; yield chunks of networks in order.

    ``record``, ``chunk`` and ``workers`` as for `stream_flow`; linear observables are refused
    unless all activations are linear.
    """
    state = ExampleState(weights, inputs, outputs, activations, convention, dtype)
    tableau, moments = tableau_of(method), as_times(times, tau=tau, step=step)
    return stream(
        state,
        equal_steps(moments, tau, step, tableau),
        Recorder(record, state.arrays, linear=state.linear),
        Guard("step", step, tau, tableau.stability, allow=allow_unstable),
        times=len(moments),
        working=working_vectors(tableau),
        chunk=chunk,
        workers=workers,
    )


def integrate_nonlinear_flow(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    activations: Choice | Sequence[Choice],
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: Method = "dop853",
    convention: Convention = "average",
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> NonlinearRecord:
    """Integrate ``tau dW_l/dt = - d loss / d W_l`` with equal steps.

    ``f(x) = W_D phi(W_{D-1} ... phi(W_1 x))``, one of ``activations`` for each hidden layer or the
    same for all: "linear", "tanh", "relu", "erf", "softplus", or a pair of functions
    ``(phi, phi')``.  The loss is ``1/2 mean_mu ||y_mu - f(x_mu)||^2`` over the columns of
    ``inputs`` ``(N1, P)`` and ``outputs`` ``(N3, P)``, or their sum (``convention="sum"``).
    Other arguments and errors as for `integrate_flow`.
    """
    state = ExampleState(weights, inputs, outputs, activations, convention, dtype)
    tableau, moments = tableau_of(method), as_times(times, tau=tau, step=step)
    course = equal_steps(moments, tau, step, tableau)
    guard = Guard("step", step, tau, tableau.stability, allow=allow_unstable)
    working = working_vectors(tableau)
    return _integrated(state, moments, course, guard, working, workers, progress)


def integrate_nonlinear_flow_adaptively(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    activations: Choice | Sequence[Choice],
    times: ArrayLike,
    tau: float = 1.0,
    rtol: float = 1e-10,
    atol: float = 1e-12,
    max_steps: int = MOST_STEPS,
    convention: Convention = "average",
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> NonlinearRecord:
    """Integrate the same flow with controlled steps, as `integrate_flow_adaptively`.

    At a kink of an activation the velocity jumps and steps become short; where the flow slides
    along a kink, no step is short enough, and ``FloatingPointError`` is raised at ``max_steps``.
    """
    state = ExampleState(weights, inputs, outputs, activations, convention, dtype)
    moments = as_times(times, tau=tau, rtol=rtol, atol=atol)
    course = adaptive_course(moments, tau, rtol, atol, _first_step(state, rtol), max_steps)
    guard = Guard("rtol", rtol, tau, DOP853.stability, allow=True)
    working = working_vectors(DOP853)
    return _integrated(state, moments, course, guard, working, workers, progress)


def nonlinear_flow_with_error_budget(
    weights: Sequence[ArrayLike],
    inputs: ArrayLike,
    outputs: ArrayLike,
    *,
    activations: Choice | Sequence[Choice],
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: Method = "dop853",
    convention: Convention = "average",
    dtype: DTypeLike | None = None,
) -> tuple[NonlinearRecord, ErrorBudget]:
    """Integrate with ``step`` and ``step / 2``; return the finer run and its budget.

    Term ``step``, Frobenius norm of the answers, shape ``(T, batch)``: the difference of the two
    runs, which bounds the error of the finer one as soon as halving at least halves it.  Rounding
    is not measured: `with_error_budget` does so for linear networks.
    """
    runs = [
        integrate_nonlinear_flow(
            weights,
            inputs,
            outputs,
            activations=activations,
            times=times,
            step=length,
            tau=tau,
            method=method,
            convention=convention,
            dtype=dtype,
            allow_unstable=True,
        )
        for length in (step, step / 2)
    ]
    error = frobenius(to_host(runs[1].answers) - to_host(runs[0].answers))
    return runs[1], ErrorBudget({"step": error})


def _first_step(state: ExampleState, rtol: float) -> float:
    # A step in which the weights change by about rtol^(1/8) of themselves; the controller corrects.
    arrays, out = state.arrays, state.arrays.empty((state.size,))
    speed = float(arrays.xp.max(arrays.xp.abs(state.field(state.state, out))))
    size = float(arrays.xp.max(arrays.xp.abs(state.state)))
    return float(rtol ** (1 / 8) * size / speed) if size and speed else 1.0


def _integrated(
    state: ExampleState,
    moments: FloatArray,
    course: Course,
    guard: Guard,
    working: int,
    workers: int | None,
    progress: Progress | None,
) -> NonlinearRecord:
    recorder = Recorder(("weights", "loss"), state.arrays, linear=False)
    chunks = stream(
        state,
        course,
        recorder,
        guard,
        times=len(moments),
        working=working,
        workers=workers,
        collected=True,
    )
    observed, steps = collect(chunks, state, progress)
    layers = observed["weights"]
    return NonlinearRecord(moments, layers, state.reached(layers), observed["loss"][0], steps)
