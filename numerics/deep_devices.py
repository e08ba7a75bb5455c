"""Where arrays of an experiment live: NumPy on the processor, PyTorch or CuPy on a GPU."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Array

__all__ = ["Place", "array_problem", "placer"]

Place: TypeAlias = Callable[[ArrayLike], Array]
"""Copies an array of the host to the device."""

REMEDY = "run with --device cpu"


def array_problem(device: str) -> str:
    """Why ``device`` ("cpu" or "cuda") cannot be used here, in one line; empty where it can."""
    if device == "cpu":
        return ""
    if device != "cuda":
        return f"{device} is not known: give cpu or cuda"
    torch = _torch()
    if torch is not None and torch.cuda.is_available():
        return ""
    if _cupy_with_gpu() is not None:
        return ""
    if torch is None and _module("cupy") is None:
        return f"neither PyTorch nor CuPy is installed: pip install 'lemmata[gpu]', or {REMEDY}"
    return f"no NVIDIA GPU or driver that PyTorch or CuPy can use: {REMEDY}"


def placer(device: str, dtype: str = "float64") -> Place:
    """How arrays get there, in that data type; ``RuntimeError`` for a device that cannot be used.

    Draw random numbers on the host and place them: the bits are then the same everywhere.
    """
    problem = array_problem(device)
    if problem:
        raise RuntimeError(f"device: {device}: {problem}")
    if device == "cpu":
        return lambda array: np.array(array, dtype=dtype)
    torch = _torch()
    if torch is not None and torch.cuda.is_available():
        kind = getattr(torch, dtype)
        return lambda array: torch.asarray(
            np.ascontiguousarray(array, dtype=dtype), dtype=kind, device="cuda", copy=True
        )
    cupy = _cupy_with_gpu()
    return lambda array: cupy.asarray(np.asarray(array, dtype=dtype))


def _torch() -> Any:
    return _module("torch")


def _cupy_with_gpu() -> Any:
    cupy = _module("cupy")
    if cupy is None:
        return None
    try:
        return cupy if cupy.cuda.runtime.getDeviceCount() else None
    except Exception:  # CuPy has an error class of its own
        return None


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None
