"""Thousands of small linear networks, trained in chunks by compiled loops.

On the processor each network lies in one lane of the vector registers (`lanes`), and training from
one recorded time to the next runs in compiled loops; on a GPU it is one launch of one kernel
(`cuda`).  Chunks, records, errors and interruption are those of `chunks`, as for large networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .arguments import check_whole
from .chunks import Chunk, Course, collect, stream
from .courses import check_count
from .flow_state import FlowState, NetworkState
from .gradient_flow import FlowRecord, as_times
from .lanes.layout import Layout
from .modes import InputOutputModes
from .observables import Recorder
from .stability import Guard
from .tableaus import EULER, RK4

__all__ = ["LARGEST_WIDTH", "descend_many", "integrate_many", "stream_many"]

LARGEST_WIDTH = 64
"""Beyond, batched matrix products are faster."""
GROUPS = 64
"""Groups of lanes in one chunk: a few hundred networks, some milliseconds of work."""
WORK = 1e8
"""Weights times width times steps of one call, about a tenth of a second: it cannot be stopped."""
WORKING = 3
"""Numbers that are kept of a weight: at the start, in training, and recorded."""
NAMES = ("weights", "maps", "loss")
Way = Literal["flow", "descent"]
Device = Literal["cpu", "cuda"]
Progress = Callable[[int, int], None]
FloatArray = NDArray[np.float64]


def stream_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: Way = "flow",
    record: Sequence[str] = NAMES,
    modes: InputOutputModes | None = None,
    dtype: DTypeLike | None = None,
    device: Device = "cpu",
    workers: int | None = None,
    at_once: int | None = None,
    allow_unstable: bool = False,
) -> Iterator[Chunk]:
    """Train every network of the batch; yield chunks of networks in order.

    ``method`` "flow" integrates ``tau dW_l/dt = W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` by
    the classical Runge-Kutta method of order 4, the time between two records divided into equal
    steps no longer than ``step``.  "descent" takes ``times`` for numbers of iterations and ``step``
    for the learning rate; ``tau`` is not used.  ``Sigma31`` is one matrix, or one a network.
    ``record`` names what is kept (`Recorder`).  ``dtype``, float64 or float32, is the precision of
    the run, by default that of the weights.

    ``device`` "cpu" takes NumPy arrays; ``workers`` are its threads, by default one a core.  On
    "cuda" NumPy arrays are copied over and records back, CuPy arrays and PyTorch tensors on the GPU
    stay there, and so do records.  ``at_once`` networks make a chunk, by default as many as suit
    the device.

    Raises ``ImportError`` without Numba (install the extra ``fast``), ``RuntimeError`` without a
    GPU where one is asked for, ``ValueError`` for a bad argument, ``MemoryError`` for a batch that
    is too large, ``FloatingPointError`` as ``integrate_flow`` and ``descend`` do, with the bound of
    a stable step.
    """
    state = FlowState(weights, Sigma31, Sigma11, dtype)
    schedule = _Schedule.of(times, step, tau, method)
    recorder = Recorder(record, state.arrays, modes)
    return _chunks(state, schedule, recorder, device, workers, at_once, allow_unstable)


def integrate_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    dtype: DTypeLike | None = None,
    device: Device = "cpu",
    workers: int | None = None,
    at_once: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Gradient flow of all networks as one record; arguments and errors as ``stream_many``.

    ``progress(done, all)`` is called after each chunk.
    """
    state = FlowState(weights, Sigma31, Sigma11, dtype)
    schedule = _Schedule.of(times, step, tau, "flow")
    return _record(state, schedule, device, workers, at_once, allow_unstable, progress)


def descend_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    iterations: ArrayLike,
    learning_rate: float,
    dtype: DTypeLike | None = None,
    device: Device = "cpu",
    workers: int | None = None,
    at_once: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Full-batch descent ``W_l += learning_rate W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    The ``times`` of the record are the ``iterations``.
    """
    state = FlowState(weights, Sigma31, Sigma11, dtype)
    schedule = _Schedule.of(iterations, learning_rate, 1.0, "descent")
    return _record(state, schedule, device, workers, at_once, allow_unstable, progress)


@dataclass(frozen=True)
class _Schedule:
    """Recorded times, and before each the number of steps and their length in units of tau."""

    flow: bool
    moments: FloatArray
    step: float
    tau: float
    intervals: list[tuple[int, float]]

    @classmethod
    def of(cls, times: ArrayLike, step: float, tau: float, method: Way) -> _Schedule:
        if method not in ("flow", "descent"):
            raise ValueError(f"method={method!r}: give 'flow' or 'descent'")
        flow = method == "flow"
        named, size = ("times", "step") if flow else ("iterations", "learning_rate")
        moments = as_times(times, named, tau=tau, **{size: step})
        gaps = np.diff(moments, prepend=0.0).tolist()
        if not flow:
            if any(not gap.is_integer() for gap in gaps):
                raise ValueError(f"iterations={moments.tolist()}: give whole numbers")
            return cls(flow, moments, step, 1.0, [(int(gap), step) for gap in gaps])
        check_count(moments, step)
        counts = [ceil(gap / step) for gap in gaps]
        lengths = [gap / max(n, 1) / tau for n, gap in zip(counts, gaps, strict=True)]
        return cls(flow, moments, step, tau, list(zip(counts, lengths, strict=True)))

    def guard(self, allow: bool) -> Guard:
        """What refuses a flow, or warns of a descent, whose step is unstable."""
        name, method = ("step", RK4) if self.flow else ("learning_rate", EULER)
        return Guard(name, self.step, self.tau, method.stability, warn=not self.flow, allow=allow)


def _chunks(
    state: FlowState,
    schedule: _Schedule,
    recorder: Recorder,
    device: Device,
    workers: int | None,
    at_once: int | None,
    allow_unstable: bool,
    collected: bool = False,
) -> Iterator[Chunk]:
    if at_once is not None:
        check_whole("at_once", at_once)
    if device == "cuda":
        from .cuda.engine import training_on_device

        course, size = training_on_device(state, schedule.intervals, schedule.flow, at_once)
        workers = 1
    elif device == "cpu":
        course, size = _training(state, schedule.intervals, schedule.flow, at_once)
    else:
        raise ValueError(f"device={device!r}: give 'cpu' or 'cuda'")
    return stream(
        state,
        course,
        recorder,
        schedule.guard(allow_unstable),
        times=len(schedule.moments),
        working=WORKING,
        chunk=min(size, state.batch),
        workers=workers,
        collected=collected,
    )


def _record(
    state: FlowState,
    schedule: _Schedule,
    device: Device,
    workers: int | None,
    at_once: int | None,
    allow_unstable: bool,
    progress: Progress | None,
) -> FlowRecord:
    chunks = _chunks(
        state, schedule, Recorder(NAMES, state.arrays), device, workers, at_once, allow_unstable,
        collected=True,
    )  # fmt: skip
    observed, steps = collect(chunks, state, progress)
    (maps,), (loss,) = observed["maps"], observed["loss"]
    return FlowRecord(schedule.moments, observed["weights"], maps, loss, steps)


def _training(
    state: FlowState, intervals: list[tuple[int, float]], flow: bool, at_once: int | None
) -> tuple[Course, int]:
    """Compiled training of chunks, and how many networks make one."""
    widest = max(max(shape[1:]) for shape in state.shapes)
    if widest > LARGEST_WIDTH:
        raise ValueError(f"weights: width {widest} is above {LARGEST_WIDTH}: use integrate_flow")
    if state.arrays.name != "numpy":
        raise ValueError(
            f"weights: arrays of {state.arrays.name}: give NumPy arrays, or use integrate_flow"
        )
    advance, lanes = _kernel(state.arrays.eps)
    return _course(advance, lanes, intervals, flow), at_once or GROUPS * lanes


def _course(advance: Any, lanes: int, intervals: list[tuple[int, float]], flow: bool) -> Course:
    """Train a chunk in its flat state; each of its layers holds all its networks."""

    def course(state: NetworkState) -> Iterator[int | None]:
        assert isinstance(state, FlowState)
        kind = state.state.dtype
        widths = [state.inputs, *(shape[1] for shape in state.shapes)]
        layout = Layout.of(widths, white=state.Sigma11 is None)
        target = _rows(state.Sigma31, kind)
        square = np.zeros((1, 1), kind) if state.Sigma11 is None else _rows(state.Sigma11, kind)
        most = max(1, int(WORK / (state.size * max(widths))))
        steps = 0
        for count, length in intervals:
            for done in range(0, count, most):
                advance(
                    state.state,
                    state.batch,
                    target,
                    square,
                    layout.widths,
                    layout.starts,
                    layout.places,
                    layout.entries,
                    lanes,
                    length,
                    min(most, count - done),
                    flow,
                )
                yield None
            steps += count
            yield steps

    return course


def _rows(matrices: FloatArray, kind: Any) -> Any:
    """One matrix a row."""
    count = len(matrices) if matrices.ndim == 3 else 1
    return np.ascontiguousarray(matrices, dtype=kind).reshape(count, -1)


def _kernel(eps: float) -> tuple[Any, int]:
    """The compiled loop, and how many numbers of this precision a vector holds."""
    try:
        from .lanes.blocks import VECTOR_BYTES
        from .lanes.training import advance
    except ImportError as error:
        raise ImportError(
            "many small networks are trained by Numba: install lemmata[fast]"
        ) from error
    return advance, VECTOR_BYTES // (8 if eps < 1e-10 else 4)
