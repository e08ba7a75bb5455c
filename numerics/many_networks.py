"""Thousands of small linear networks, trained in chunks that stay in the cache.

Each network lies in one lane of the vector registers (`lanes`), all of its training runs in one
compiled loop, chunks run on all cores.  Chunks are handed out as they are finished, in order: what
has come out is kept whatever interrupts the rest, and memory is bounded by the chunks at work.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .flow_state import FlowState
from .gradient_flow import FlowRecord, as_times
from .lanes.layout import Layout
from .lanes.packing import pack, unpack
from .networks import FloatArray, end_to_end, excess_loss

__all__ = ["LARGEST_WIDTH", "Chunk", "descend_many", "integrate_many", "stream_many"]

LARGEST_WIDTH = 64
"""Beyond, batched matrix products are no slower."""
GROUPS = 32
"""Groups of lanes in one chunk: a few hundred networks, some milliseconds of work."""
AHEAD = 2
"""Chunks in waiting for each worker."""


@dataclass(frozen=True)
class Chunk:
    """The networks ``first`` to ``last`` (not included) at all recorded times."""

    first: int
    last: int
    weights: tuple[FloatArray, ...]
    """One array ``(T, last - first, n_{l+1}, n_l)`` per layer."""


def stream_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: str = "flow",
    dtype: DTypeLike = np.float64,
    workers: int | None = None,
) -> Iterator[Chunk]:
    """Train every network of the batch; yield chunks of networks in order.

    ``method`` "flow" integrates ``tau dW_l/dt = W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` by
    the classical Runge-Kutta method of order 4, the time between two records divided into equal
    steps no longer than ``step``.  "descent" takes ``times`` for numbers of iterations and ``step``
    for the learning rate; ``tau`` is not used.  ``Sigma31`` is one matrix, or one a network.
    ``dtype``, float64 or float32, is the precision of the run; ``workers`` are threads, by default
    one a core.

    Raises ``ImportError`` without Numba (install the extra ``fast``), ``ValueError`` for a bad
    argument, ``FloatingPointError`` when weights overflow.
    """
    run = _Run(weights, Sigma31, Sigma11, times, step, tau, method, dtype)
    count = _usable_cores() if workers is None else workers
    if count < 1:
        raise ValueError(f"workers={workers!r}: give a positive number of threads")
    waiting: deque[Future[Chunk]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for bounds in run.bounds():
                waiting.append(pool.submit(run.chunk, *bounds))
                if len(waiting) > AHEAD * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def integrate_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    dtype: DTypeLike = np.float64,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FlowRecord:
    """Gradient flow of all networks as one record; arguments and errors as ``stream_many``.

    ``progress(done, all)`` is called after each chunk.
    """
    chunks = stream_many(
        weights, Sigma31, Sigma11, times=times, step=step, tau=tau, dtype=dtype, workers=workers
    )
    return _collected(chunks, weights, Sigma31, Sigma11, as_times(times), step, progress)


def descend_many(
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None = None,
    *,
    iterations: ArrayLike,
    learning_rate: float,
    dtype: DTypeLike = np.float64,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FlowRecord:
    """Full-batch descent ``W_l += learning_rate W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    The ``times`` of the record are the ``iterations``.
    """
    chunks = stream_many(
        weights,
        Sigma31,
        Sigma11,
        times=iterations,
        step=learning_rate,
        method="descent",
        dtype=dtype,
        workers=workers,
    )
    marks = as_times(iterations)
    return _collected(chunks, weights, Sigma31, Sigma11, marks, 1.0, progress)


def _collected(
    chunks: Iterator[Chunk],
    weights: Sequence[ArrayLike],
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None,
    times: FloatArray,
    step: float,
    progress: Callable[[int, int], None] | None,
) -> FlowRecord:
    flow, kept = FlowState(weights, Sigma31, Sigma11), []
    for chunk in chunks:
        kept.append(chunk.weights)
        if progress:
            progress(chunk.last, flow.batch)
    layers = tuple(np.concatenate(parts, axis=1) for parts in zip(*kept, strict=True))
    if flow.single:
        layers = tuple(layer[:, 0] for layer in layers)
    maps = end_to_end(layers)
    loss = excess_loss(maps, flow.Sigma31, flow.Sigma11)
    steps = sum(ceil(gap / step) for gap in np.diff(times, prepend=0.0))
    return FlowRecord(times, layers, maps, loss, steps)


class _Run:
    """What all chunks of one call share."""

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        Sigma31: ArrayLike,
        Sigma11: ArrayLike | None,
        times: ArrayLike,
        step: float,
        tau: float,
        method: str,
        dtype: DTypeLike,
    ) -> None:
        if method not in ("flow", "descent"):
            raise ValueError(f"method={method!r}: give 'flow' or 'descent'")
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.dtype(np.float64), np.dtype(np.float32)):
            raise ValueError(f"dtype={dtype!r}: give float64 or float32")
        flow = FlowState(weights, Sigma31, Sigma11)
        self.layers, self.batch = flow.snapshot(), flow.batch
        self.shapes = [(w.shape[-2], w.shape[-1]) for w in self.layers]
        widths = [self.shapes[0][1], *(rows for rows, _ in self.shapes)]
        if max(widths) > LARGEST_WIDTH:
            raise ValueError(
                f"weights: width {max(widths)} is above {LARGEST_WIDTH}: use integrate_flow"
            )
        self.times = as_times(times, tau=tau, step=step)
        self.method, self.step, self.tau = method, step, tau
        self.advance, self.lanes = _kernel(method, self.dtype)
        self.layout = Layout.of(widths, white=flow.Sigma11 is None)
        self.Sigma31 = flow.Sigma31
        empty = np.empty(0, dtype=self.dtype)
        self.Sigma11 = empty if flow.Sigma11 is None else self._spread(flow.Sigma11)[0]

    def _spread(self, matrix: FloatArray) -> Any:
        copies = np.broadcast_to(matrix, (self.lanes, *matrix.shape))
        return pack([copies], self.lanes, self.dtype)

    def bounds(self) -> Iterator[tuple[int, int]]:
        """First and last network of every chunk."""
        size = GROUPS * self.lanes
        for first in range(0, self.batch, size):
            yield first, min(first + size, self.batch)

    def chunk(self, first: int, last: int) -> Chunk:
        """Train some of the networks from the start to the last time."""
        groups = pack([layer[first:last] for layer in self.layers], self.lanes, self.dtype)
        if self.Sigma31.ndim == 2:
            target = self._spread(self.Sigma31)
        else:
            target = pack([self.Sigma31[first:last]], self.lanes, self.dtype)
        taken = []
        layout = self.layout
        for gap in np.diff(self.times, prepend=0.0):
            count, length = self._steps(float(gap))
            self.advance(
                groups,
                target,
                self.Sigma11,
                layout.widths,
                layout.starts,
                layout.places,
                layout.entries,
                self.lanes,
                length,
                count,
            )
            if not np.all(np.isfinite(groups)):
                raise FloatingPointError(
                    f"the weights overflow: step={self.step} is too long, shorten it"
                )
            taken.append(unpack(groups, self.lanes, self.shapes, last - first))
        layers = zip(*taken, strict=True)
        return Chunk(first, last, tuple(np.stack(layer) for layer in layers))

    def _steps(self, gap: float) -> tuple[int, float]:
        if self.method == "descent":
            return int(gap), self.step
        count = ceil(gap / self.step)
        return count, gap / count / self.tau if count else 0.0


def _kernel(method: str, dtype: np.dtype[Any]) -> tuple[Any, int]:
    try:
        from .lanes.blocks import VECTOR_BYTES
        from .lanes.training import advance_descent, advance_flow
    except ImportError as error:
        raise ImportError(
            "many small networks are trained by Numba: install lemmata[fast]"
        ) from error
    advance = advance_flow if method == "flow" else advance_descent
    return advance, VECTOR_BYTES // dtype.itemsize
