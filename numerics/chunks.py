"""Training in chunks of networks that stay in the cache: networks outside, time inside.

A chunk is trained from the start to the last time before the next one begins, so its weights and
buffers are read from the cache at every step.  Chunks are handed out as they are finished, in
order: what has come out is kept whatever interrupts the rest, and memory is bounded by the chunks
at work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

import numpy as np

from .arguments import check_whole
from .arrays import Array
from .blas_threads import can_limit, one_thread_each, usable_cores
from .flow_state import NetworkState
from .memory import SHARE, available_bytes, checked_memory, refuse_too_large
from .observables import Recorder
from .stability import Guard

__all__ = ["Chunk", "Course", "collect", "stream"]

CACHE = 2**22
"""Bytes that a chunk may work on: about a core's part of the caches.  A step goes through all of
them, yet not at once; found by trial at widths from 8 to 128."""
END = -1
AHEAD = 2
"""Chunks in waiting for each worker."""

Course = Callable[[NetworkState], Iterator[int | None]]
"""Trains a state up to one recorded time after the other; tells the steps taken so far, or None on
the way, where it may be stopped."""
Progress = Callable[[int, int], None]
State = TypeVar("State", bound=NetworkState)


@dataclass(frozen=True)
class Chunk:
    """The networks ``first`` to ``last`` (not included) at all recorded times.

    ``observed``: for every recorded name one array ``(T, last - first, ...)``, or one per layer.
    ``steps``: how many steps were taken.
    """

    first: int
    last: int
    observed: dict[str, tuple[Array, ...]]
    steps: int

    @property
    def weights(self) -> tuple[Array, ...]:
        """One array ``(T, last - first, n_{l+1}, n_l)`` per layer, if weights were recorded."""
        return self.observed["weights"]


class _StoppedError(RuntimeError):
    """A chunk that nobody waits for any more."""


def train_part(
    state: NetworkState,
    course: Course,
    recorder: Recorder,
    guard: Guard,
    stopped: Event | None = None,
) -> Chunk:
    """Train some of the networks from the start to the last time, unless ``stopped`` before."""
    first, seen, steps = state.first, [], 0
    watch, progress = guard.watch(state), course(state)
    while True:
        with np.errstate(over="ignore", invalid="ignore"):
            taken = next(progress, END)
        if taken == END:
            break
        if stopped is not None and stopped.is_set():
            raise _StoppedError
        if taken is None:
            continue
        steps, layers = taken, state.snapshot()
        with np.errstate(over="ignore", invalid="ignore"):
            reached = state.reached(layers)
            loss = state.loss(layers, reached)
        watch.check(layers, loss)
        maps = reached if state.reaches_maps else None
        seen.append(recorder.observe(layers, maps, loss))
    stack = state.arrays.stack
    observed = {
        name: tuple(stack(parts) for parts in zip(*(s[name] for s in seen), strict=True))
        for name in recorder.names
    }
    return Chunk(first, first + state.batch, observed, steps)


def stream(
    state: NetworkState,
    course: Course,
    recorder: Recorder,
    guard: Guard,
    *,
    times: int,
    working: int,
    chunk: int | None = None,
    workers: int | None = None,
    collected: bool = False,
) -> Iterator[Chunk]:
    """Train chunk after chunk; ``working`` is how many numbers a weight needs while it is trained.

    ``chunk`` networks at once, by default as many as the cache holds, on a GPU as many as its
    memory holds; ``workers`` threads (NumPy only), by default one a core where matrix products can
    be told to use one thread each.  ``collected``: whether all chunks will be kept.
    """
    for name, value in (("chunk", chunk), ("workers", workers)):
        if value is not None:
            check_whole(name, value)
    item = 8 if state.arrays.eps < 1e-10 else 4
    at_work = item * (state.size // state.batch * working + state.scratch())
    record = times * recorder.bytes_each(state.shapes)
    size = min(state.batch, chunk or _fitting(state, at_work + record, at_work))
    parts = [(i, min(i + size, state.batch)) for i in range(0, state.batch, size)]
    several = state.arrays.name == "numpy" and len(parts) > 1
    default = usable_cores() if several and can_limit() else 1
    count = min(len(parts), workers or default) if several else 1
    each = at_work + record
    if len(parts) == 1:
        refuse_too_large(state.arrays, size, each + record * collected)
    elif collected:
        # All records are kept, and once more while they are put together.
        refuse_too_large(state.arrays, state.batch, 2 * record, size * count * each)
    else:
        refuse_too_large(state.arrays, size * min(count * (1 + AHEAD), len(parts)), each)

    stopped = Event()

    def run(first: int, last: int) -> Chunk:
        # Matrices of a chunk are too small to be shared, and chunks are too many to need it.
        alone = one_thread_each() if several else nullcontext()
        with checked_memory(state.arrays, last - first, each), alone:
            return train_part(state.part(first, last), course, recorder, guard, stopped)

    if count == 1:
        return (run(*bounds) for bounds in parts)
    return _on_threads(run, parts, count, stopped)


def _fitting(state: NetworkState, each: int, at_work: int) -> int:
    if state.arrays.on_gpu:
        free = available_bytes(state.arrays)
        return state.batch if free is None else max(1, int(SHARE * free) // each)
    return max(1, CACHE // at_work)


def _on_threads(
    run: Callable[[int, int], Chunk], parts: Sequence[tuple[int, int]], count: int, stopped: Event
) -> Iterator[Chunk]:
    waiting: deque[Future[Chunk]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for bounds in parts:
                waiting.append(pool.submit(run, *bounds))
                if len(waiting) > AHEAD * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            stopped.set()
            for future in waiting:
                future.cancel()


def collect(
    chunks: Iterator[Chunk], state: NetworkState, progress: Progress | None = None
) -> tuple[dict[str, tuple[Array, ...]], int]:
    """Put all chunks together along the batch; ``batch`` is absent for one network.

    Calls ``progress(done, all)`` after each chunk.  The steps are those of the chunk with most.
    """
    kept, steps = [], 0
    for chunk in chunks:
        kept.append(chunk.observed)
        steps = max(steps, chunk.steps)
        if progress:
            progress(chunk.last, state.batch)
    concat = state.arrays.xp.concat
    joined = {
        name: tuple(
            parts[0] if len(parts) == 1 else concat(list(parts), axis=1)
            for parts in zip(*(observed[name] for observed in kept), strict=True)
        )
        for name in kept[0]
    }
    if state.single:
        joined = {k: tuple(a[:, 0, ...] for a in parts) for k, parts in joined.items()}
    return joined, steps
