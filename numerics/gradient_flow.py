"""Gradient flow of linear networks of any depth, one network or a batch, on any array namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .arguments import check_generator, check_positive, check_real
from .arrays import Array, to_host
from .chunks import Chunk, collect, stream, train_part
from .courses import adaptive_course, equal_steps, working_vectors
from .flow_state import FlowState, NetworkState
from .modes import InputOutputModes
from .networks import end_to_end
from .observables import Recorder
from .roundoff import RoundoffProbe, frobenius
from .runge_kutta import DOP853, MOST_STEPS, TABLEAUS, Tableau
from .stability import Guard
from .statistics import ErrorBudget

__all__ = [
    "BudgetedFlow",
    "FlowRecord",
    "Method",
    "as_times",
    "integrate_flow",
    "integrate_flow_adaptively",
    "stream_flow",
    "suggest_step",
    "with_error_budget",
]

Method = Literal["dop853", "rk4"]
"""Explicit Runge-Kutta methods: order 8 with 12 stages, or the classical one of order 4."""
FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]
NAMES = ("weights", "maps", "loss")


@dataclass(frozen=True)
class FlowRecord:
    """Networks at the recorded times; ``batch`` is absent for one network.

    ``times`` ``(T,)``; ``weights``: one array ``(T, batch, n_{l+1}, n_l)`` per layer; ``maps``
    ``(T, batch, N3, N1)``, the end-to-end maps; ``loss`` ``(T, batch)``, the squared error above
    its minimum over linear maps; ``steps``, how many steps were taken.  Arrays but ``times`` are of
    the namespace, device and data type of the weights given.
    """

    times: FloatArray
    weights: tuple[Array, ...]
    maps: Array
    loss: Array
    steps: int


@dataclass(frozen=True)
class BudgetedFlow:
    """A flow, and how wrong its end-to-end maps may be (Frobenius norm, shape ``(T, batch)``)."""

    record: FlowRecord
    budget: ErrorBudget


def suggest_step(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    tau: float = 1.0,
) -> float:
    """Step that resolves the fastest rate the flow is expected to meet, in the units of tau.

    ``tau`` over a bound of the Hessian where every layer is as large as at the start, or as the
    layers of the best linear map split evenly.  A proposal only: the budget measures its error.
    """
    return _suggested(FlowState(weights, Sigma31, Sigma11), tau)


def _suggested(flow: FlowState, tau: float) -> float:
    check_positive("tau", tau)
    depth, xp = len(flow.shapes), flow.arrays.xp
    best = flow.Sigma31 if flow.inverse is None else flow.Sigma31 @ flow.inverse

    def largest(matrix: Array) -> float:
        return float(xp.max(xp.linalg.svdvals(matrix)))

    layer = max(*map(largest, flow.layers), largest(best) ** (1 / depth))
    scale = 1.0 if flow.Sigma11 is None else largest(flow.Sigma11)
    try:
        rate = depth * scale * layer ** (2 * depth - 2)
        if depth > 1:
            target = largest(flow.Sigma31)
            rate += (depth - 1) * layer ** (depth - 2) * (target + scale * layer**depth)
    except OverflowError:
        rate = inf
    if isinf(rate):
        raise ValueError(
            f"weights, Sigma31: layers as large as {layer:.3g} make the rates of {depth} layers "
            "overflow: give smaller ones"
        )
    return tau / rate if rate else tau


def stream_flow(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    tau: float = 1.0,
    step: float | None = None,
    method: Method = "dop853",
    record: Sequence[str] = ("weights",),
    modes: InputOutputModes | None = None,
    dtype: DTypeLike | None = None,
    chunk: int | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
) -> Iterator[Chunk]:
    """Train every network of the batch as `integrate_flow` does; yield chunks of networks in order.

    ``record`` names what is kept of them (`Recorder`); memory is bounded by the chunks at work.
    ``chunk``: networks at once, by default as many as the cache holds; ``workers``: threads, of
    NumPy only.  Raises as `integrate_flow` does.
    """
    flow, tableau = FlowState(weights, Sigma31, Sigma11, dtype), tableau_of(method)
    length = _suggested(flow, tau) if step is None else step
    moments = as_times(times, tau=tau, step=length)
    return stream(
        flow,
        equal_steps(moments, tau, length, tableau),
        Recorder(record, flow.arrays, modes),
        Guard("step", length, tau, tableau.stability, allow=allow_unstable),
        times=len(moments),
        working=working_vectors(tableau),
        chunk=chunk,
        workers=workers,
    )


def tableau_of(method: Method) -> Tableau:
    """Coefficients of a method; ``ValueError`` for a name that is not known."""
    if not isinstance(method, str) or method not in TABLEAUS:
        raise ValueError(f"method={method!r}: give one of {', '.join(map(repr, TABLEAUS))}")
    return TABLEAUS[method]


def integrate_flow(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    tau: float = 1.0,
    step: float | None = None,
    method: Method = "dop853",
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Integrate ``tau dW_l/dt = W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` with equal steps.

    The time between two records is divided into equal steps, the fewest no longer than ``step``
    (default ``suggest_step``), without error control.
    ``weights`` are the weights at time 0; ``Sigma11=None`` is the identity; ``times`` (not
    negative, not decreasing) and ``step`` are in the units of ``tau``.  ``dtype``: float64 or
    float32, by default that of the weights.  ``progress(done, all)`` is called as networks are
    finished.

    Raises ``ValueError`` for a bad argument, ``MemoryError`` for a batch that is too large, and
    ``FloatingPointError``, with the bound of a stable step, when the weights overflow.  Unless
    ``allow_unstable``, also when from one recorded time to the next the loss grows and the step
    exceeds that bound, or when at recorded weights the step exceeds 0.9 of it: stability is looked
    at where networks are recorded, and nowhere in between (`Guard`).  A step may be stable and yet
    too long to be accurate: `with_error_budget` tells.
    """
    flow, tableau = FlowState(weights, Sigma31, Sigma11, dtype), tableau_of(method)
    length = _suggested(flow, tau) if step is None else step
    moments = as_times(times, tau=tau, step=length)
    chunks = stream(
        flow,
        equal_steps(moments, tau, length, tableau),
        Recorder(NAMES, flow.arrays),
        Guard("step", length, tau, tableau.stability, allow=allow_unstable),
        times=len(moments),
        working=working_vectors(tableau),
        workers=workers,
        collected=True,
    )
    return _recorded(moments, chunks, flow, progress)


def integrate_flow_adaptively(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    tau: float = 1.0,
    rtol: float | None = None,
    atol: float | None = None,
    max_steps: int = MOST_STEPS,
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> FlowRecord:
    """Integrate the same flow with steps controlled by the embedded errors of order 5 and 3.

    ``rtol`` and ``atol`` bound the estimated error of one step in every weight, not the error of
    the run: use ``with_error_budget`` to know that.  By default 1e-10 and 1e-12, in float32 1e-5
    and 1e-6.  The networks of a chunk share their steps; the record tells the most that a chunk
    took.  Raises as ``integrate_flow`` does, and when ``max_steps`` do not suffice.
    """
    flow = FlowState(weights, Sigma31, Sigma11, dtype)
    double = flow.arrays.dtype == "float64"
    relative = (1e-10 if double else 1e-5) if rtol is None else rtol
    absolute = (1e-12 if double else 1e-6) if atol is None else atol
    moments = as_times(times, tau=tau, rtol=relative, atol=absolute)
    chunks = stream(
        flow,
        adaptive_course(moments, tau, relative, absolute, _suggested(flow, 1.0), max_steps),
        Recorder(NAMES, flow.arrays),
        Guard("rtol", relative, tau, DOP853.stability, allow=True),
        times=len(moments),
        working=working_vectors(DOP853),
        workers=workers,
        collected=True,
    )
    return _recorded(moments, chunks, flow, progress)


def with_error_budget(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    rng: np.random.Generator,
    tau: float = 1.0,
    step: float | None = None,
    method: Method = "dop853",
    dtype: DTypeLike | None = None,
) -> BudgetedFlow:
    """Integrate twice, in the second run every step in two halves; return it with its budget.

    Terms, each a Frobenius norm of the end-to-end map with shape ``(T, batch)``: ``step``, the
    difference of the two runs, which bounds the error of the finer one as soon as halving at
    least halves the error (order 8 divides it by 256; the factor is given away, so the term also
    holds for a step too long for its asymptotics); ``roundoff``, measured beside the finer run by
    ``RoundoffProbe`` with directions from ``rng``.  Arguments and errors as ``integrate_flow``, but
    a step that is too long is owned up to in the budget unless the weights overflow.
    """
    check_generator("rng", rng)
    one, tableau = FlowState(weights, Sigma31, Sigma11, dtype), tableau_of(method)
    length = _suggested(one, tau) if step is None else step
    coarse = integrate_flow(
        weights,
        Sigma31,
        Sigma11,
        times=times,
        tau=tau,
        step=length,
        method=method,
        dtype=dtype,
        allow_unstable=True,
    )
    many = one.repeated(RoundoffProbe.copies(one.layers))
    probe = RoundoffProbe(one.shapes, one.Sigma31, one.Sigma11, rng, one.arrays, tableau)
    many.state = one.arrays.flat(probe.displace_start(many.views(many.state)))

    def displace(state: NetworkState, taken: float) -> None:
        moved = probe.displace(state.views(state.state), taken)
        if not one.arrays.buffered:
            state.state = one.arrays.flat(moved)

    run = train_part(
        many,
        equal_steps(coarse.times, tau, length, tableau, 2, displace),
        Recorder(NAMES, one.arrays),
        Guard("step", length, tau, tableau.stability, allow=True),
    )
    moments = [[layer[i, ...] for layer in run.weights] for i in range(len(coarse.times))]
    roundoff = np.stack([probe.measure(w, end_to_end(w)) for w in moments])
    kept = {k: tuple(a[:, : one.batch, ...] for a in v) for k, v in run.observed.items()}
    originals = Chunk(0, one.batch, kept, run.steps)
    fine = _recorded(coarse.times, iter([originals]), one, None)
    step_error = frobenius(to_host(fine.maps) - to_host(coarse.maps))
    roundoff = roundoff[:, 0] if one.single else roundoff
    return BudgetedFlow(fine, ErrorBudget({"step": step_error, "roundoff": roundoff}))


def _recorded(
    times: FloatArray, chunks: Iterator[Chunk], flow: FlowState, progress: Progress | None
) -> FlowRecord:
    observed, steps = collect(chunks, flow, progress)
    (maps,), (loss,) = observed["maps"], observed["loss"]
    return FlowRecord(times, observed["weights"], maps, loss, steps)


def as_times(times: ArrayLike, named: str = "times", /, **positive: float) -> FloatArray:
    """``times`` as increasing float64 from 0 on; ``ValueError`` for them, or for a number <= 0."""
    check_real(named, times)
    moments = np.atleast_1d(np.array(times, dtype=np.float64))
    if moments.ndim != 1 or not len(moments) or not np.all(np.isfinite(moments)):
        raise ValueError(f"{named}={times!r}: give a non-empty sequence of finite numbers")
    if moments[0] < 0 or np.any(np.diff(moments) < 0):
        raise ValueError(f"{named}={times!r}: give {named} that start at 0 or later and increase")
    for name, value in positive.items():
        check_positive(name, value)
    return moments
