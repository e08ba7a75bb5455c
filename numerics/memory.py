"""Memory that a run will need, and memory that is there: asked before anything is allocated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .arrays import Arrays

__all__ = ["available_bytes", "checked_memory", "refuse_too_large"]

SHARE = 0.9
"""Part of the free memory that a run may take; the rest is for what it cannot foresee."""
FEWER = ", or fewer times, or take them in chunks with stream_flow"
GROUPS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)
"""Limit and use of a container, in versions 2 and 1 of Linux control groups."""


def available_bytes(arrays: Arrays) -> int | None:
    """Free memory of the device of ``arrays``; None where it cannot be known."""
    if arrays.on_gpu:
        if arrays.name == "torch":
            return int(arrays.raw.cuda.mem_get_info(arrays.device)[0])
        return int(arrays.device.mem_info[0])
    found = [size for size in (_free_on_host(), *map(_left, *zip(*GROUPS, strict=True))) if size]
    return min(found, default=None)


def _free_on_host() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(s.split()[1]) * 1024 for s in lines if s.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _left(limit: Path, use: Path) -> int | None:
    try:
        return int(limit.read_text(encoding="ascii")) - int(use.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def refuse_too_large(
    arrays: Arrays, networks: int, each: int, fixed: int = 0, remedy: str = FEWER
) -> None:
    """Raise ``MemoryError`` when a batch needs more bytes than there are, naming one that fits.

    ``each`` bytes a network, ``fixed`` whatever the batch; ``remedy`` where fewer networks help.
    """
    free = available_bytes(arrays)
    if free is None or networks * each + fixed <= SHARE * free:
        return
    fits = max(0, int(SHARE * free - fixed)) // each
    told = (
        f"give at most {fits} networks at once{remedy}"
        if fits
        else "not even one network fits: give fewer times, or narrower layers"
    )
    raise MemoryError(
        f"weights: a batch of {networks} networks needs {_told(networks * each + fixed)}, "
        f"{_told(free)} are free: {told}"
    )


def _told(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


@contextmanager
def checked_memory(arrays: Arrays, networks: int, each: int) -> Iterator[None]:
    """Turn an allocation that fails after all into the same error, from any namespace."""
    try:
        yield
    except Exception as error:
        out = isinstance(error, MemoryError) or type(error).__name__ in (
            "OutOfMemoryError",
            "cudaErrorMemoryAllocation",
        )
        if not out or str(error).startswith("weights: a batch of"):
            raise
        half = max(1, networks // 2)
        raise MemoryError(
            f"weights: a batch of {networks} networks, about {_told(networks * each)}, does not "
            f"fit: {error}; give {half} or fewer at once, or take them in chunks with stream_flow"
        ) from error
