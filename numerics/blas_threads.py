"""One thread for each matrix product, while many networks are trained side by side."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import product
from threading import Lock
from typing import NamedTuple

from numpy.linalg import _umath_linalg

__all__ = ["can_limit", "one_thread_each", "usable_cores"]


class _Threads(NamedTuple):
    get: Callable[[], int]
    set: Callable[[int], None]


_lock, _blocks, _before = Lock(), 0, 1


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=1)
def _openblas() -> _Threads | None:
    """Thread count of the OpenBLAS that NumPy is linked to; None for another library."""
    library = ctypes.CDLL(_umath_linalg.__file__)
    for prefix, suffix in product(("scipy_", ""), ("64_", "", "_64")):
        names = (f"{prefix}openblas_{do}_num_threads{suffix}" for do in ("get", "set"))
        try:
            get, put = (getattr(library, name) for name in names)
        except AttributeError:
            continue
        get.restype, put.argtypes, put.restype = ctypes.c_int, [ctypes.c_int], None
        return _Threads(get, put)
    return None


def can_limit() -> bool:
    """Whether the threads of matrix products can be told: NumPy with OpenBLAS."""
    return _openblas() is not None


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let matrix products use one thread inside the block; the count is put back at its end.

    Blocks of several threads may overlap, and blocks within blocks: the last one puts the count
    back.  The count is that of the process: what other threads compute meanwhile also uses one.
    Does nothing without OpenBLAS.
    """
    global _blocks, _before
    threads = _openblas()
    if threads is None:
        yield
        return
    with _lock:
        if not _blocks:
            _before = threads.get()
            threads.set(1)
        _blocks += 1
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            if not _blocks:
                threads.set(_before)
