"""The graphics processor through CuPy, which is imported only here and only when asked for."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np

from .plan import TENSOR_CORES, Plan, source

__all__ = ["Device", "Kernel", "available"]

REMEDY = "run with --device cpu"
PLAIN_SHARED_BYTES = 48 * 1024
"""Shared memory of one block that need not be asked for."""
MOST_STEPS = 2**31 - 1
"""Steps of one launch."""
TEAMS_IN_MEMORY = 2
"""Blocks a multiprocessor where working memory lies in device memory: more would only fill it."""


def available() -> tuple[bool, str]:
    """Whether networks can be trained on a GPU, and one line: on which, or why not."""
    try:
        cupy = importlib.import_module("cupy")
    except ImportError:
        return False, f"no CuPy: install cupy-cuda12x or cupy-cuda13x for the driver, or {REMEDY}"
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except Exception as error:
        # CuPy has an error class of its own, which a failed import of the runtime leaves undefined.
        return False, f"no NVIDIA GPU or driver ({error}): {REMEDY}"
    if not count:
        return False, f"no NVIDIA GPU: {REMEDY}"
    device = Device(cupy)
    told = f"{device.name}, compute capability {device.capability[0]}.{device.capability[1]}"
    if device.capability < TENSOR_CORES:
        return False, f"{told}: float64 matrix products need 8.0 or later, {REMEDY}"
    return True, told


class Device:
    """What the engine must know of the current device."""

    def __init__(self, cupy: Any) -> None:
        self.cupy = cupy
        current = cupy.cuda.Device()
        self.number = int(current.id)
        version = current.compute_capability
        self.capability = (int(version[:-1]), int(version[-1]))
        self.shared_limit = int(current.attributes["MaxSharedMemoryPerBlockOptin"])
        self.multiprocessors = int(current.attributes["MultiProcessorCount"])

    @classmethod
    def current(cls) -> Device:
        """The current device; ``RuntimeError`` with one clear line where there is none."""
        usable, line = available()
        if not usable:
            raise RuntimeError(f"--device cuda: {line}")
        return cls(importlib.import_module("cupy"))

    @property
    def name(self) -> str:
        """As the driver tells it."""
        name = self.cupy.cuda.runtime.getDeviceProperties(self.number)["name"]
        return name.decode() if isinstance(name, bytes) else str(name)

    def free_bytes(self) -> int:
        """Memory that can be had: free on the device, or kept by CuPy for its next arrays."""
        free = self.cupy.cuda.runtime.memGetInfo()[0]
        return int(free + self.cupy.get_default_memory_pool().free_bytes())

    def kernel(self, plan: Plan) -> Kernel:
        """The compiled kernel of a plan, kept for the next call."""
        return _compiled(self.cupy, self.number, self.multiprocessors, plan)


@lru_cache(maxsize=64)
def _compiled(cupy: Any, number: int, multiprocessors: int, plan: Plan) -> Kernel:
    module = cupy.RawModule(code=source(), options=("-std=c++17", *plan.definitions()))
    function = module.get_function("train")
    if plan.shared_bytes > PLAIN_SHARED_BYTES:
        function.max_dynamic_shared_size_bytes = plan.shared_bytes
    return Kernel(cupy, plan, function, multiprocessors)


@dataclass(frozen=True)
class Kernel:
    """A compiled plan on one device."""

    cupy: Any
    plan: Plan
    function: Any
    multiprocessors: int

    def blocks(self, batch: int) -> int:
        """Blocks of the grid for so many networks."""
        blocks = ceil(batch / self.plan.teams)
        return blocks if self.plan.shared else min(blocks, TEAMS_IN_MEMORY * self.multiprocessors)

    def space(self, batch: int) -> int:
        """Numbers of working memory in the memory of the device."""
        if self.plan.shared:
            return 0
        return self.blocks(batch) * self.plan.teams * self.plan.memory

    def advance(self, weights: Any, target: Any, square: Any, step: float, steps: int) -> None:
        """Take ``steps`` steps with ``weights`` ``(batch, depth, width, width)``, in place.

        ``target`` is ``(width, width)`` or one such matrix a network, ``square`` ``(width, width)``
        or ``None``, all filled up with zeros.  Returns before the device is done.
        """
        plan, batch = self.plan, len(weights)
        number = plan.dtype.type
        space = self.cupy.empty(max(1, self.space(batch)), dtype=plan.dtype)
        stride = 0 if target.ndim == 2 else plan.width**2
        while steps > 0:
            some = min(steps, MOST_STEPS)
            self.function(
                (self.blocks(batch),),
                (plan.threads * plan.teams,),
                (
                    weights,
                    target,
                    np.int64(stride),
                    target if square is None else square,
                    space,
                    np.int32(batch),
                    number(step),
                    np.int32(some),
                ),
                shared_mem=plan.shared_bytes,
            )
            steps -= some
