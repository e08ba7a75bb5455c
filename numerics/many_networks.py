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
from .networks import FloatArray, end_to_end, residual_loss

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
    maps: FloatArray | None = None
    """End-to-end maps ``(T, last - first, N3, N1)``."""
    loss: FloatArray | None = None
    """``(T, last - first)``: the squared error above its minimum over linear maps."""


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
    return _stream(_Run(weights, Sigma31, Sigma11, times, step, tau, method, dtype), workers)


def _stream(run: _Run, workers: int | None) -> Iterator[Chunk]:
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
    run = _Run(weights, Sigma31, Sigma11, times, step, tau, "flow", dtype)
    return _collected(run, workers, progress)


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
    run = _Run(weights, Sigma31, Sigma11, iterations, learning_rate, 1.0, "descent", dtype)
    return _collected(run, workers, progress)


def _collected(
    run: _Run, workers: int | None, progress: Callable[[int, int], None] | None
) -> FlowRecord:
    lengths = len(run.times), run.batch
    layers = tuple(np.empty((*lengths, *shape), dtype=run.dtype) for shape in run.shapes)
    maps = np.empty((*lengths, *run.flow.Sigma31.shape[-2:]), dtype=run.dtype)
    loss = np.empty(lengths, dtype=run.dtype)
    for chunk in _stream(run, workers):
        place = slice(chunk.first, chunk.last)
        for layer, part in zip(layers, chunk.weights, strict=True):
            layer[:, place] = part
        maps[:, place], loss[:, place] = chunk.maps, chunk.loss
        if progress:
            progress(chunk.last, run.batch)
    if run.flow.single:
        layers, maps, loss = tuple(layer[:, 0] for layer in layers), maps[:, 0], loss[:, 0]
    steps = sum(run.steps(float(gap))[0] for gap in np.diff(run.times, prepend=0.0))
    return FlowRecord(run.times, layers, maps, loss, steps)


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
        self.flow = flow = FlowState(weights, Sigma31, Sigma11, np.float64)
        self.batch = flow.batch
        self.shapes = [(int(w.shape[-2]), int(w.shape[-1])) for w in flow.layers]
        widths = [self.shapes[0][1], *(rows for rows, _ in self.shapes)]
        if max(widths) > LARGEST_WIDTH:
            raise ValueError(
                f"weights: width {max(widths)} is above {LARGEST_WIDTH}: use integrate_flow"
            )
        self.times = as_times(times, tau=tau, step=step)
        self.method, self.step, self.tau = method, step, tau
        self.advance, self.lanes = _kernel(self.dtype)
        self.layout = Layout.of(widths, white=flow.Sigma11 is None)
        own = flow.Sigma31.ndim == 3
        self.Sigma31 = self._flat([flow.Sigma31 if own else flow.Sigma31[None]])
        square = np.zeros((1, 1, 1)) if flow.Sigma11 is None else flow.Sigma11[None]
        self.Sigma11 = self._flat([square])

    def _flat(self, matrices: Sequence[FloatArray]) -> Any:
        """Matrices ``(batch, rows, columns)`` one after another, ``(batch, entries)``."""
        rows = [np.reshape(matrix, (len(matrix), -1)) for matrix in matrices]
        return np.concatenate(rows, axis=1, dtype=self.dtype)

    def bounds(self) -> Iterator[tuple[int, int]]:
        """First and last network of every chunk."""
        size = GROUPS * self.lanes
        for first in range(0, self.batch, size):
            yield first, min(first + size, self.batch)

    def chunk(self, first: int, last: int) -> Chunk:
        """Train some of the networks from the start to the last time."""
        target = self.Sigma31 if len(self.Sigma31) == 1 else self.Sigma31[first:last]
        networks = self._flat([layer[first:last] for layer in self.flow.layers])
        taken = np.empty((len(self.times), *networks.shape), dtype=self.dtype)
        layout, flow = self.layout, self.method == "flow"
        for kept, gap in zip(taken, np.diff(self.times, prepend=0.0), strict=True):
            count, length = self.steps(float(gap))
            self.advance(
                networks,
                target,
                self.Sigma11,
                layout.widths,
                layout.starts,
                layout.places,
                layout.entries,
                self.lanes,
                length,
                count,
                flow,
            )
            if not np.all(np.isfinite(networks)):
                raise FloatingPointError(
                    f"the weights overflow: step={self.step} is too long, shorten it"
                )
            kept[...] = networks
        weights, correlations = self._layers(taken), self.flow.Sigma31
        maps = end_to_end(weights)
        mapped = maps if self.flow.Sigma11 is None else maps @ self.flow.Sigma11
        error = (correlations[first:last] if correlations.ndim == 3 else correlations) - mapped
        return Chunk(first, last, weights, maps, residual_loss(error, self.flow.inverse))

    def _layers(self, taken: Any) -> tuple[FloatArray, ...]:
        """One array ``(T, networks, n_{l+1}, n_l)`` per layer, views of what was taken."""
        ends = np.cumsum([rows * columns for rows, columns in self.shapes])
        parts = np.split(taken, ends[:-1], axis=2)
        return tuple(
            part.reshape(*taken.shape[:2], *shape)
            for part, shape in zip(parts, self.shapes, strict=True)
        )

    def steps(self, gap: float) -> tuple[int, float]:
        """Number of steps in a time between records, and their length in units of tau."""
        if self.method == "descent":
            return int(gap), self.step
        count = ceil(gap / self.step)
        return count, gap / count / self.tau if count else 0.0


def _kernel(dtype: np.dtype[Any]) -> tuple[Any, int]:
    try:
        from .lanes.blocks import VECTOR_BYTES
        from .lanes.training import advance
    except ImportError as error:
        raise ImportError(
            "many small networks are trained by Numba: install lemmata[fast]"
        ) from error
    return advance, VECTOR_BYTES // dtype.itemsize
