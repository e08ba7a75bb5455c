"""Training of thousands of small linear networks on a GPU, for ``many_networks``.

All steps between two recorded times are one launch of one kernel, so recording does not slow the
loop.  Networks are trained in chunks that fit the memory of the device.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Array, Arrays
from ..chunks import Course
from ..flow_state import FlowState, NetworkState
from .device import Device, Kernel, available
from .plan import Plan

__all__ = ["available", "training_on_device"]

SHARE = 0.8
"""Of the free memory of the device that a chunk may fill; the rest is for what is unforeseen."""
MOST_AT_ONCE = 2**17
"""Networks of one chunk: several times what fills a device, and an answer every few seconds."""


def training_on_device(
    state: FlowState, intervals: list[tuple[int, float]], flow: bool, at_once: int | None
) -> tuple[Course, int]:
    """A course on the current device, and how many networks make a chunk.

    ``intervals``: number of steps before each record, and their length; ``flow`` or descent.
    Raises ``RuntimeError`` without a GPU, ``ValueError`` for arrays on the host that are not
    NumPy's or networks too wide or deep, ``MemoryError`` where ``at_once`` networks do not fit.
    """
    device = Device.current()
    if not (state.arrays.name == "numpy" or _on_gpu(state.arrays)):
        raise ValueError(
            f"weights: arrays of {state.arrays.name} on the host: give NumPy arrays, or CuPy "
            "arrays or PyTorch tensors on the GPU"
        )
    plan = Plan.of(
        [state.inputs, *(shape[1] for shape in state.shapes)],
        white=state.Sigma11 is None,
        flow=flow,
        dtype=np.dtype(state.arrays.dtype),
        capability=device.capability,
        shared_limit=device.shared_limit,
    )
    return _Course(device.kernel(plan), intervals), _fitting(device, plan, state, at_once)


def _on_gpu(arrays: Arrays) -> bool:
    return arrays.on_gpu and arrays.name in ("cupy", "torch")


def _fitting(device: Device, plan: Plan, state: FlowState, at_once: int | None) -> int:
    """Networks of one chunk; what cannot fit is refused."""
    # The weights filled up, their layers on the way in and out, and the targets twice.
    one = plan.dtype.itemsize * (2 * plan.entries + 2 * plan.width**2)
    free = device.free_bytes()
    fitting = int(SHARE * free) // one
    wanted = min(at_once or MOST_AT_ONCE, state.batch)
    if fitting < 1 or (at_once and wanted > fitting):
        remedy = f"give at_once={fitting} or less" if fitting else "free some of its memory"
        raise MemoryError(
            f"at_once={at_once}: {wanted} networks need {wanted * one} bytes on the device, "
            f"{free} are free: {remedy}"
        )
    return int(min(wanted, fitting))


class _Course:
    """Trains a chunk on the device; puts its weights back where they came from."""

    def __init__(self, kernel: Kernel, intervals: list[tuple[int, float]]) -> None:
        self.kernel, self.cupy, self.intervals = kernel, kernel.cupy, intervals

    def __call__(self, state: NetworkState) -> Iterator[int]:
        """Train up to one recorded time after the other; tell the steps taken so far."""
        assert isinstance(state, FlowState)
        layers = state.views(state.state)
        packed = self._zeros(state.batch, self.kernel.plan.depth)
        places = [packed[:, i, : w.shape[1], : w.shape[2]] for i, w in enumerate(layers)]
        for place, layer in zip(places, layers, strict=True):
            place[...] = self.cupy.asarray(layer)
        target = self._filled_up(state.Sigma31)
        square = None if state.Sigma11 is None else self._filled_up(state.Sigma11)
        steps = 0
        for count, length in self.intervals:
            self.kernel.advance(packed, target, square, length, count)
            for place, layer in zip(places, layers, strict=True):
                layer[...] = self._home(place, state.arrays)
            steps += count
            yield steps

    def _zeros(self, *leading: int) -> Array:
        plan = self.kernel.plan
        return self.cupy.zeros((*leading, plan.width, plan.width), dtype=plan.dtype)

    def _filled_up(self, matrices: Array) -> Array:
        filled = self._zeros(*matrices.shape[:-2])
        filled[..., : matrices.shape[-2], : matrices.shape[-1]] = self.cupy.asarray(matrices)
        return filled

    def _home(self, array: Array, arrays: Arrays) -> Array:
        """An array of the device in the namespace of the networks."""
        if arrays.name == "numpy":
            return self.cupy.asnumpy(array)
        return array if arrays.name == "cupy" else arrays.xp.from_dlpack(array)
