"""Thousands of small linear networks on a GPU: the arguments and results of ``many_networks``.

All steps between two recorded times are one launch of one kernel, so recording does not slow the
loop.  Networks are trained in chunks that fit the memory of the device; chunks are handed out as
they are finished, so what has come out is kept whatever interrupts the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..gradient_flow import FlowRecord, as_times
from ..chunks import Chunk
from ..networks import FloatArray, end_to_end
from .device import Device, available
from .plan import Plan
from .problem import Problem

__all__ = ["available", "descend_many", "integrate_many", "stream_many"]

SHARE = 0.8
"""Of the free memory that chunks may fill; the rest is for what is made on the way."""
MOST_AT_ONCE = 2**17
"""Networks of one chunk: several times what fills a device, and an answer every few seconds."""


def stream_many(
    weights: Sequence[Any],
    Sigma31: Any,
    Sigma11: Any = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    method: str = "flow",
    dtype: DTypeLike = np.float64,
    at_once: int | None = None,
) -> Iterator[Chunk]:
    """Train every network of the batch on the GPU; yield chunks of networks in order, as NumPy.

    Arguments and method as ``many_networks.stream_many``; ``weights`` and ``Sigma31`` may also be
    CuPy or PyTorch arrays on the device.  ``at_once`` networks are trained at once, by default as
    many as fit the memory of the device.

    Raises ``RuntimeError`` without a GPU, ``ValueError`` for a bad argument, ``MemoryError`` when
    ``at_once`` networks do not fit, ``FloatingPointError`` when weights overflow.
    """
    return _Run(weights, Sigma31, Sigma11, times, step, tau, method, dtype, at_once).chunks()


def integrate_many(
    weights: Sequence[Any],
    Sigma31: Any,
    Sigma11: Any = None,
    *,
    times: ArrayLike,
    step: float,
    tau: float = 1.0,
    dtype: DTypeLike = np.float64,
    at_once: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FlowRecord:
    """Gradient flow of all networks as one record; arguments and errors as ``stream_many``.

    ``progress(done, all)`` is called after each chunk.
    """
    run = _Run(weights, Sigma31, Sigma11, times, step, tau, "flow", dtype, at_once)
    return run.record(progress)


def descend_many(
    weights: Sequence[Any],
    Sigma31: Any,
    Sigma11: Any = None,
    *,
    iterations: ArrayLike,
    learning_rate: float,
    dtype: DTypeLike = np.float64,
    at_once: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FlowRecord:
    """Full-batch descent ``W_l += learning_rate W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T``.

    The ``times`` of the record are the ``iterations``.
    """
    run = _Run(weights, Sigma31, Sigma11, iterations, learning_rate, 1.0, "descent", dtype, at_once)
    return run.record(progress)


@dataclass(frozen=True)
class _Interval:
    """The steps from one record to the next."""

    count: int
    length: float


class _Run:
    """What all chunks of one call share."""

    def __init__(
        self,
        weights: Sequence[Any],
        Sigma31: Any,
        Sigma11: Any,
        times: ArrayLike,
        step: float,
        tau: float,
        method: str,
        dtype: DTypeLike,
        at_once: int | None,
    ) -> None:
        if method not in ("flow", "descent"):
            raise ValueError(f"method={method!r}: give 'flow' or 'descent'")
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.dtype(np.float64), np.dtype(np.float32)):
            raise ValueError(f"dtype={dtype!r}: give float64 or float32")
        self.times = as_times(times, tau=tau, step=step)
        self.intervals = _intervals(self.times, step, tau, method)
        self.step = step
        self.device = Device.current()
        self.cupy = self.device.cupy
        self.problem = Problem.of(self.cupy, weights, Sigma31, Sigma11)
        self.plan = Plan.of(
            self.problem.widths,
            white=self.problem.Sigma11 is None,
            flow=method == "flow",
            dtype=self.dtype,
            capability=self.device.capability,
            shared_limit=self.device.shared_limit,
        )
        self.at_once = self._fitting(at_once)
        self.kernel = self.device.kernel(self.plan)

    def _bytes_of_network(self) -> int:
        # The weights filled up, their layers copied, and what is compared with them; the target
        # filled up; end-to-end maps, target, residual and two products of it in float64.
        plan, item = self.plan, self.dtype.itemsize
        return 3 * plan.entries * item + (item + 6 * 8) * plan.width**2

    def _fitting(self, at_once: int | None) -> int:
        free, one = self.device.free_bytes(), self._bytes_of_network()
        fitting = int(SHARE * free) // one
        told = f"one network takes {one} bytes, the device has {free} free"
        if at_once is None:
            if fitting < 1:
                raise MemoryError(f"weights: {told}: free some of its memory")
            return min(fitting, MOST_AT_ONCE)
        if at_once < 1:
            raise ValueError(f"at_once={at_once!r}: give a positive number of networks")
        if min(at_once, self.problem.batch) > fitting:
            raise MemoryError(f"at_once={at_once}: {told}: give at most {fitting}")
        return at_once

    def records(self, first: int, last: int) -> Iterator[list[Any]]:
        """Train some of the networks; their layers on the device at each recorded time."""
        try:
            yield from self._records(first, last)
        except self.cupy.cuda.memory.OutOfMemoryError as error:
            fewer = max(1, (last - first) // 2)
            raise MemoryError(
                f"at_once={self.at_once}: no room on the device ({error}): try at_once={fewer}"
            ) from error

    def _records(self, first: int, last: int) -> Iterator[list[Any]]:
        plan, problem = self.plan, self.problem
        packed = self._zeros(last - first, plan.depth)
        for number, layer in enumerate(problem.layers):
            rows, columns = layer.shape[-2:]
            packed[:, number, :rows, :columns] = self._uploaded(layer[first:last])
        cross, square = problem.Sigma31, problem.Sigma11
        target = self._filled_up(cross if cross.ndim == 2 else cross[first:last])
        inputs = None if square is None else self._filled_up(square)
        for interval in self.intervals:
            self.kernel.advance(packed, target, inputs, interval.length, interval.count)
            if not bool(self.cupy.isfinite(packed).all()):
                raise FloatingPointError(
                    f"the weights overflow: step={self.step} is too long, shorten it"
                )
            yield [
                packed[:, number, : layer.shape[-2], : layer.shape[-1]].copy()
                for number, layer in enumerate(problem.layers)
            ]

    def _zeros(self, *leading: int) -> Any:
        return self.cupy.zeros((*leading, self.plan.width, self.plan.width), dtype=self.dtype)

    def _uploaded(self, array: Any) -> Any:
        return self.cupy.asarray(array.astype(self.dtype, copy=False))

    def _filled_up(self, matrices: Any) -> Any:
        filled = self._zeros(*matrices.shape[:-2])
        filled[..., : matrices.shape[-2], : matrices.shape[-1]] = self._uploaded(matrices)
        return filled

    def chunks(self) -> Iterator[Chunk]:
        """Train all networks, some after the others."""
        for first in range(0, self.problem.batch, self.at_once):
            last = min(first + self.at_once, self.problem.batch)
            loss, taken = _ExcessLoss(self.cupy, self.problem, first, last), []
            for layers in self.records(first, last):
                maps = end_to_end(layers)
                found = [*layers, maps, loss(maps).astype(self.dtype)]
                taken.append([self.cupy.asnumpy(array) for array in found])
            *weights, maps, losses = [np.stack(parts) for parts in zip(*taken, strict=True)]
            observed = {"weights": tuple(weights), "maps": (maps,), "loss": (losses,)}
            yield Chunk(first, last, observed, sum(i.count for i in self.intervals))

    def record(self, progress: Callable[[int, int], None] | None) -> FlowRecord:
        """Train all networks, and join what comes out."""
        parts: list[NDArray[Any]] = []
        for chunk in self.chunks():
            found = [array for arrays in chunk.observed.values() for array in arrays]
            if not parts:
                whole = len(self.times), self.problem.batch
                parts = [np.empty((*whole, *part.shape[2:]), self.dtype) for part in found]
            for part, some in zip(parts, found, strict=True):
                part[:, chunk.first : chunk.last] = some
            if progress:
                progress(chunk.last, self.problem.batch)
        if self.problem.single:
            parts = [part[:, 0] for part in parts]
        *weights, maps, loss = parts
        steps = sum(interval.count for interval in self.intervals)
        return FlowRecord(self.times, tuple(weights), maps, loss, steps)


class _ExcessLoss:
    """``networks.excess_loss`` on the device, for some of the networks."""

    def __init__(self, cupy: Any, problem: Problem, first: int, last: int) -> None:
        cross, square = problem.Sigma31, problem.Sigma11
        self.cross = cupy.asarray(cross if cross.ndim == 2 else cross[first:last])
        self.square = self.inverse = None
        if square is not None:
            self.square = cupy.asarray(square)
            self.inverse = cupy.asarray(np.linalg.pinv(square, hermitian=True))

    def __call__(self, maps: Any) -> Any:
        if self.square is None:
            return 0.5 * ((self.cross - maps) ** 2).sum(axis=(-2, -1))
        residual = self.cross - maps @ self.square
        return 0.5 * ((residual @ self.inverse) * residual).sum(axis=(-2, -1))


def _intervals(times: FloatArray, step: float, tau: float, method: str) -> list[_Interval]:
    gaps = [float(gap) for gap in np.diff(times, prepend=0.0)]
    if method == "descent":
        if any(not gap.is_integer() for gap in gaps):
            raise ValueError(f"iterations={times.tolist()}: give whole numbers")
        return [_Interval(int(gap), step) for gap in gaps]
    counts = [ceil(gap / step) for gap in gaps]
    lengths = [gap / n / tau if n else 0.0 for gap, n in zip(gaps, counts, strict=True)]
    return [_Interval(n, length) for n, length in zip(counts, lengths, strict=True)]
