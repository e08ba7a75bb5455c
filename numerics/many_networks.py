"""Thousands of small linear networks, trained in chunks by compiled loops.

Each network lies in one lane of the vector registers (`lanes`), and its training from one recorded
time to the next runs in one compiled loop.  Chunks, records, errors and interruption are those of
`chunks`, as for large networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

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
    workers: int | None = None,
    allow_unstable: bool = False,
) -> Iterator[Chunk]:
    """Train every network of the batch; yield chunks of networks in order.

    ``method`` "flow" integrates ``tau dW_l/dt = W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` by
    the classical Runge-Kutta method of order 4, the time between two records divided into equal
    steps no longer than ``step``.  "descent" takes ``times`` for numbers of iterations and ``step``
    for the learning rate; ``tau`` is not used.  ``Sigma31`` is one matrix, or one a network.
    ``record`` names what is kept (`Recorder`).  ``dtype``, float64 or float32, is the precision of
    the run, by default that of the weights; ``workers`` are threads, by default one a core.

    Raises ``ImportError`` without Numba (install the extra ``fast``), ``ValueError`` for a bad
    argument, ``MemoryError`` for a batch that is too large, ``FloatingPointError`` as
    ``integrate_flow`` and ``descend`` do, with the bound of a stable step.
    """
    state = FlowState(weights, Sigma31, Sigma11, dtype)
    return _chunks(
        state, as_times(times, tau=tau, step=step), step, tau, method,
        Recorder(record, state.arrays, modes), workers, allow_unstable,
    )  # fmt: skip


def integrate_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Gradient flow of all networks as one record; arguments and errors as ``stream_many``.

    ``progress(done, all)`` is called after each chunk.
    """
    state = FlowState(weights, Sigma31, Sigma11, dtype)
    moments, recorder = as_times(times, tau=tau, step=step), Recorder(NAMES, state.arrays)
    chunks = _chunks(
        state, moments, step, tau, "flow", recorder, workers, allow_unstable, collected=True
    )
    return _collected(chunks, state, moments, progress)


def descend_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    iterations: ArrayLike,
    learning_rate: float,
    dtype: DTypeLike | None = None,
    workers: int | None = None,
    allow_unstable: bool = False,
    progress: Progress | None = None,
) -> FlowRecord:
    """Full-batch descent ``W_l += learning_rate W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    The ``times`` of the record are the ``iterations``.
    """
    state = FlowState(weights, Sigma31, Sigma11, dtype)
    marks = as_times(iterations, learning_rate=learning_rate)
    recorder = Recorder(NAMES, state.arrays)
    chunks = _chunks(
        state, marks, learning_rate, 1.0, "descent", recorder, workers, allow_unstable,
        collected=True,
    )  # fmt: skip
    return _collected(chunks, state, marks, progress)


def _chunks(
    state: FlowState,
    moments: FloatArray,
    step: float,
    tau: float,
    method: Way,
    recorder: Recorder,
    workers: int | None,
    allow_unstable: bool,
    collected: bool = False,
) -> Iterator[Chunk]:
    if method not in ("flow", "descent"):
        raise ValueError(f"method={method!r}: give 'flow' or 'descent'")
    widest = max(max(shape[1:]) for shape in state.shapes)
    if widest > LARGEST_WIDTH:
        raise ValueError(f"weights: width {widest} is above {LARGEST_WIDTH}: use integrate_flow")
    if state.arrays.name != "numpy":
        raise ValueError(
            f"weights: arrays of {state.arrays.name}: give NumPy arrays, or use integrate_flow"
        )
    advance, lanes = _kernel(state.arrays.eps)
    if method == "flow":
        check_count(moments, step)
        guard = Guard("step", step, tau, RK4.stability, allow=allow_unstable)
    else:
        stable = EULER.stability
        guard = Guard("learning_rate", step, 1.0, stable, warn=True, allow=allow_unstable)
    return stream(
        state,
        _course(advance, lanes, moments, step, tau, method == "flow"),
        recorder,
        guard,
        times=len(moments),
        working=WORKING,
        chunk=min(GROUPS * lanes, state.batch),
        workers=workers,
        collected=collected,
    )


def _collected(
    chunks: Iterator[Chunk], state: FlowState, moments: FloatArray, progress: Progress | None
) -> FlowRecord:
    observed, steps = collect(chunks, state, progress)
    (maps,), (loss,) = observed["maps"], observed["loss"]
    return FlowRecord(moments, observed["weights"], maps, loss, steps)


def _course(
    advance: Any, lanes: int, moments: FloatArray, step: float, tau: float, flow: bool
) -> Course:
    """Train a chunk in its flat state; each of its layers holds all its networks."""

    def course(state: NetworkState) -> Iterator[int | None]:
        assert isinstance(state, FlowState)
        kind = state.state.dtype
        widths = [state.inputs, *(shape[1] for shape in state.shapes)]
        layout = Layout.of(widths, white=state.Sigma11 is None)
        target = _rows(state.Sigma31, kind)
        square = np.zeros((1, 1), kind) if state.Sigma11 is None else _rows(state.Sigma11, kind)
        at_once = max(1, int(WORK / (state.size * max(widths))))
        steps = 0
        for gap in np.diff(moments, prepend=0.0).tolist():
            count = ceil(gap / step) if flow else int(gap)
            length = gap / max(count, 1) / tau if flow else step
            for done in range(0, count, at_once):
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
                    min(at_once, count - done),
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
