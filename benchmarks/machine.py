"""What the figures were measured on, and what it can do: matrix products and copies a second."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "lemmata", "numpy", "scipy", "sympy", "mpmath", "python-flint", "numba", "torch", "jax",
    "diffrax", "torchdiffeq", "heyoka", "cupy-cuda12x", "cupy-cuda13x",
)  # fmt: skip


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def described() -> dict[str, Any]:
    """Processor, cores, memory, system, and versions of what is compared."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "processor": _processor(),
        "cores": cores(),
        "memory_gib": _memory(),
        "system": platform.platform(),
        "versions": versions,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None


def matrix_product_rate(size: int = 1536, repeats: int = 5) -> float:
    """GFLOP/s of a product of large float64 matrices, the best of ``repeats``."""
    import numpy as np

    square = np.random.default_rng(0).normal(size=(size, size))
    return 2 * size**3 / _fastest(lambda: square @ square, repeats) / 1e9


def copy_rate(mebibytes: int = 256, repeats: int = 5) -> float:
    """GB/s of a copy of an array that no cache holds, bytes read and written."""
    import numpy as np

    source = np.ones(mebibytes * 2**20 // 8)
    target = np.empty_like(source)
    return 2 * source.nbytes / _fastest(lambda: np.copyto(target, source), repeats) / 1e9


def _fastest(call: Any, repeats: int) -> float:
    times = []
    for _ in range(repeats):
        before = time.perf_counter()
        call()
        times.append(time.perf_counter() - before)
    return min(times)
