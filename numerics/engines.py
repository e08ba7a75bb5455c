"""Which engine trains a batch of linear networks: by its width, and by the device asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Literal

from .arguments import check_whole
from .gradient_flow import FlowRecord, integrate_flow
from .many_networks import LARGEST_WIDTH, integrate_many

__all__ = ["Device", "device_problem", "flow_engine"]

Device = Literal["cpu", "cuda"]
Engine = Callable[..., FlowRecord]


def device_problem(device: str) -> str:
    """Why ``device`` cannot be used here, in one line; empty where it can."""
    if device == "cpu":
        return ""
    if device != "cuda":
        return f"{device} is not known: give cpu or cuda"
    from .cuda.device import available

    usable, why = available()
    return "" if usable else why


def flow_engine(width: int, device: str = "cpu", workers: int | None = None) -> Engine:
    """The fastest engine for gradient flow of networks up to ``width``; ``workers``: its threads.

    All take ``(weights, Sigma31, Sigma11, times=, step=, tau=)``, the classical Runge-Kutta method
    of order 4 in equal steps, and return a ``FlowRecord`` of NumPy arrays.  Without Numba small
    networks are trained by matrix products.  Raises ``RuntimeError`` for a device that cannot be
    used, ``ValueError`` for a width that is no whole number.
    """
    check_whole("width", width)
    if workers is not None:
        check_whole("workers", workers)
    problem = device_problem(device)
    if problem:
        raise RuntimeError(f"device: {device}: {problem}: use cpu")
    if device == "cuda":
        return partial(integrate_many, device="cuda")
    if width <= LARGEST_WIDTH and find_spec("numba"):
        return partial(integrate_many, workers=workers)
    return partial(integrate_flow, method="rk4", workers=workers)
