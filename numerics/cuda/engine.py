"""Thousands of small linear networks on a GPU: the arguments and results of ``many_networks``.

All steps between two recorded times are one launch of one kernel, so recording does not slow the
loop.  Networks are trained in chunks that fit the memory of the device.  Chunks, records, errors
and interruption are those of ``chunks``, as for large networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..arrays import Array, Arrays
from ..chunks import Chunk, collect, stream
from ..courses import check_count
from ..flow_state import FlowState, NetworkState
from ..gradient_flow import FlowRecord, as_times
from ..modes import InputOutputModes
from ..observables import Recorder
from ..runge_kutta import EULER, TABLEAUS
from ..stability import Guard
from .device import Device, Kernel, available
from .plan import Plan

__all__ = ["available", "descend_many", "integrate_many", "stream_many"]

SHARE = 0.8
"""Of the free memory of the device that a chunk may fill; the rest is for what is unforeseen."""
MOST_AT_ONCE = 2**17
"""Networks of one chunk: several times what fills a device, and an answer every few seconds."""
WORKING = 2
"""Numbers that are kept of a weight where the networks came from: in training, and recorded."""
NAMES = ("weights", "maps", "loss")
Way = Literal["flow", "descent"]
Progress = Callable[[int, int], None]
FloatArray = NDArray[np.float64]


def stream_many(
    weights: Sequence[Any],
    Sigma31: Any,
    Sigma11: Any = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: Way = "flow",
    record: Sequence[str] = NAMES,
    modes: InputOutputModes | None = None,
    dtype: DTypeLike | None = None,
    at_once: int | None = None,
    allow_unstable: bool = False,
) -> Iterator[Chunk]:
    """Train every network of the batch on the GPU; yield chunks of networks in order.

    Arguments, methods and errors as ``many_networks.stream_many``.  NumPy arrays are copied to the
    device and records back; CuPy arrays and PyTorch tensors on the device stay there, and so do
    records.  ``at_once`` networks are trained at once, by default as many as fit the memory of the
    device.  Raises ``RuntimeError`` without a GPU.
    """
    device, state = Device.current(), FlowState(weights, Sigma31, Sigma11, dtype)
    recorder = Recorder(record, state.arrays, modes)
    return _chunks(device, state, as_times(times), step, tau, method, recorder, at_once,
                   allow_unstable)  # fmt: skip


def integrate_many(
    weights: Sequence[Any],
    Sigma31: Any,
    Sigma11: Any = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    dtype: DTypeLike | None = None,
    at_once: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Gradient flow of all networks as one record; arguments and errors as ``stream_many``.

    ``progress(done, all)`` is called after each chunk.
    """
    device, state = Device.current(), FlowState(weights, Sigma31, Sigma11, dtype)
    moments, recorder = as_times(times), Recorder(NAMES, state.arrays)
    chunks = _chunks(device, state, moments, step, tau, "flow", recorder, at_once, allow_unstable)
    return _collected(chunks, state, moments, progress)


def descend_many(
    weights: Sequence[Any],
    Sigma31: Any,
    Sigma11: Any = None,
    *,
    iterations: ArrayLike,
    learning_rate: float,
    dtype: DTypeLike | None = None,
    at_once: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Full-batch descent ``W_l += learning_rate W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    The ``times`` of the record are the ``iterations``.
    """
    device, state = Device.current(), FlowState(weights, Sigma31, Sigma11, dtype)
    marks, recorder = as_times(iterations), Recorder(NAMES, state.arrays)
    chunks = _chunks(device, state, marks, learning_rate, 1.0, "descent", recorder, at_once,
                     allow_unstable)  # fmt: skip
    return _collected(chunks, state, marks, progress)


def _chunks(
    device: Device,
    state: FlowState,
    moments: FloatArray,
    step: float,
    tau: float,
    method: Way,
    recorder: Recorder,
    at_once: int | None,
    allow_unstable: bool,
) -> Iterator[Chunk]:
    if method not in ("flow", "descent"):
        raise ValueError(f"method={method!r}: give 'flow' or 'descent'")
    flow = method == "flow"
    as_times(moments, tau=tau, **{"step" if flow else "learning_rate": step})
    if not (state.arrays.name == "numpy" or _on_gpu(state.arrays)):
        raise ValueError(
            f"weights: arrays of {state.arrays.name} on the host: give NumPy arrays, or CuPy "
            "arrays or PyTorch tensors on the GPU"
        )
    plan = Plan.of(
        [state.inputs, *(shape[1] for shape in state.shapes)],
        white=state.Sigma11 is None,
        flow=flow,
        dtype=np.dtype(state.arrays.dtype),
        capability=device.capability,
        shared_limit=device.shared_limit,
    )
    if flow:
        check_count(moments, step)
        guard = Guard("step", step, tau, TABLEAUS["rk4"].stability, allow=allow_unstable)
    else:
        stable = EULER.stability
        guard = Guard("learning_rate", step, 1.0, stable, warn=True, allow=allow_unstable)
    return stream(
        state,
        _Course(device.kernel(plan), _intervals(moments, step, tau, flow)),
        recorder,
        guard,
        times=len(moments),
        working=WORKING,
        chunk=_fitting(device, plan, state, at_once),
        workers=1,
    )


def _collected(
    chunks: Iterator[Chunk], state: FlowState, moments: FloatArray, progress: Progress | None
) -> FlowRecord:
    observed, steps = collect(chunks, state, progress)
    (maps,), (loss,) = observed["maps"], observed["loss"]
    return FlowRecord(moments, observed["weights"], maps, loss, steps)


def _on_gpu(arrays: Arrays) -> bool:
    return arrays.on_gpu and arrays.name in ("cupy", "torch")


def _intervals(moments: FloatArray, step: float, tau: float, flow: bool) -> list[tuple[int, float]]:
    """Number of steps before each record, and their length in units of tau."""
    gaps = np.diff(moments, prepend=0.0).tolist()
    if not flow:
        if any(not gap.is_integer() for gap in gaps):
            raise ValueError(f"iterations={moments.tolist()}: give whole numbers")
        return [(int(gap), step) for gap in gaps]
    counts = [ceil(gap / step) for gap in gaps]
    return [(n, gap / max(n, 1) / tau) for n, gap in zip(counts, gaps, strict=True)]


def _fitting(device: Device, plan: Plan, state: FlowState, at_once: int | None) -> int:
    """Networks of one chunk; what cannot fit is refused."""
    if at_once is not None and at_once < 1:
        raise ValueError(f"at_once={at_once!r}: give a positive number of networks")
    # The weights filled up, their layers on the way in and out, and the targets twice.
    one = plan.dtype.itemsize * (2 * plan.entries + 2 * plan.width**2)
    free = device.free_bytes()
    fitting = int(SHARE * free) // one
    wanted = min(at_once or MOST_AT_ONCE, state.batch)
    if fitting < 1 or (at_once and wanted > fitting):
        remedy = f"give at_once={fitting} or less" if fitting else "free some of its memory"
        raise MemoryError(
            f"at_once={at_once}: {wanted} networks need {wanted * one} bytes on the device, "
            f"{free} are free: {remedy}"
        )
    return int(min(wanted, fitting))


class _Course:
    """Trains a chunk on the device; puts its weights back where they came from."""

    def __init__(self, kernel: Kernel, intervals: list[tuple[int, float]]) -> None:
        self.kernel, self.cupy, self.intervals = kernel, kernel.cupy, intervals

    def __call__(self, state: NetworkState) -> Iterator[int]:
        """Train up to one recorded time after the other; tell the steps taken so far."""
        assert isinstance(state, FlowState)
        layers = state.views(state.state)
        packed = self._zeros(state.batch, self.kernel.plan.depth)
        places = [packed[:, i, : w.shape[1], : w.shape[2]] for i, w in enumerate(layers)]
        for place, layer in zip(places, layers, strict=True):
            place[...] = self.cupy.asarray(layer)
        target = self._filled_up(state.Sigma31)
        square = None if state.Sigma11 is None else self._filled_up(state.Sigma11)
        steps = 0
        for count, length in self.intervals:
            self.kernel.advance(packed, target, square, length, count)
            for place, layer in zip(places, layers, strict=True):
                layer[...] = self._home(place, state.arrays)
            steps += count
            yield steps

    def _zeros(self, *leading: int) -> Array:
        plan = self.kernel.plan
        return self.cupy.zeros((*leading, plan.width, plan.width), dtype=plan.dtype)

    def _filled_up(self, matrices: Array) -> Array:
        filled = self._zeros(*matrices.shape[:-2])
        filled[..., : matrices.shape[-2], : matrices.shape[-1]] = self.cupy.asarray(matrices)
        return filled

    def _home(self, array: Array, arrays: Arrays) -> Array:
        """An array of the device in the namespace of the networks."""
        if arrays.name == "numpy":
            return self.cupy.asnumpy(array)
        return array if arrays.name == "cupy" else arrays.xp.from_dlpack(array)
