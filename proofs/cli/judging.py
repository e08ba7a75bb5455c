"""Claims judged one after the other, or by several processes that end with this one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.process import BaseProcess

from sympy import preorder_traversal

from ..court import Judgement, collect, judge

__all__ = ["available_cores", "judging"]

_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"
FEW = 4
"""Fewer claims than this are judged before processes would have started."""
MANY = 100_000
"""New objects before garbage is looked for: expressions are many, live long and make no circles."""


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def judging(
    ids: Sequence[str], profile: str, seed: int, device: str, jobs: int
) -> Iterator[Iterator[Judgement]]:
    """Judgements of the claims as they are made, in any order.

    Whatever ends the block, also Ctrl-C, ends the processes.  Raises ``BrokenProcessPool`` from
    the iterator when a process dies.
    """
    with _no_traces(), _rare_collections():
        if jobs == 1 or len(ids) < FEW:
            yield (_judge(id, profile, seed, device) for id in ids)
        else:
            with _pool(ids, profile, seed, device, jobs) as stream:
                yield stream


@contextmanager
def _pool(
    ids: Sequence[str], profile: str, seed: int, device: str, jobs: int
) -> Iterator[Iterator[Judgement]]:
    pool = ProcessPoolExecutor(min(jobs, len(ids)), initializer=_follow)
    try:
        with _interrupts_held():
            ordered = _largest_first(ids)
            futures = [pool.submit(_judge, id, profile, seed, device) for id in ordered]
        yield (_as_registered(future.result()) for future in as_completed(futures))
    except BaseException:
        _end(pool)
        raise
    pool.shutdown()


def _largest_first(ids: Sequence[str]) -> list[str]:
    """What takes long must not begin when everything else has ended."""
    registry = collect()

    def size(id: str) -> int:
        return sum(1 for _ in preorder_traversal(registry[id].statement))

    return sorted(ids, key=size, reverse=True)


def _as_registered(judgement: Judgement) -> Judgement:
    """The judgement on the claim itself: SymPy may evaluate what comes from a process."""
    return replace(judgement, claim=collect()[judgement.claim.id])


def _judge(id: str, profile: str, seed: int, device: str) -> Judgement:
    return judge(collect()[id], profile, seed, device)


@contextmanager
def _no_traces() -> Iterator[None]:
    """Hypothesis keeps its files in a folder that is removed, not in the working folder."""
    if _STORAGE in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="lemmata-") as folder:
        os.environ[_STORAGE] = folder
        try:
            yield
        finally:
            del os.environ[_STORAGE]


@contextmanager
def _rare_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits meanwhile: a process born here does not see it before it ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(MANY, *gc.get_threshold()[1:])
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes at once; a second Ctrl-C does not interrupt that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for child in multiprocessing.active_children():
            child.terminate()
        # Once, and waiting: after a shutdown that does not wait, the thread that manages the pool
        # may still be closing its pipe when the interpreter, at its end, writes to it.
        pool.shutdown(wait=True, cancel_futures=True)
    finally:
        signal.signal(signal.SIGINT, before)
