"""CUDA graphs: the kernels of one step, recorded once and launched together.

Not run on a device so far: no NVIDIA GPU was at hand when this was written.  On a CPU the function
itself is returned, so both paths are the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .arrays import Array, Arrays

__all__ = ["captured"]

WARM_UP = 3
"""Calls before recording: in the first ones, libraries allocate their working memory."""


def captured(
    advance: Callable[[], object], changes: Sequence[Array], arrays: Arrays
) -> Callable[[], object]:
    """Return a function that does what ``advance`` does, in one launch.

    ``advance`` works on buffers that do not move, and never waits for the device.  Recording calls
    it ``WARM_UP`` times; the arrays that it ``changes`` are put back afterwards.
    """
    if not arrays.on_gpu:
        return advance
    kept = [arrays.take(array) for array in changes]
    launch = (_record_torch if arrays.name == "torch" else _record_cupy)(advance, arrays)
    for array, before in zip(changes, kept, strict=True):
        array[...] = before
    return launch


def _record_torch(advance: Callable[[], object], arrays: Arrays) -> Callable[[], object]:
    cuda = arrays.raw.cuda
    with cuda.device(arrays.device):
        stream = cuda.Stream()
        stream.wait_stream(cuda.current_stream())
        with cuda.stream(stream):
            for _ in range(WARM_UP):
                advance()
        cuda.current_stream().wait_stream(stream)
        graph = cuda.CUDAGraph()
        with cuda.graph(graph):
            advance()
    replay: Callable[[], object] = graph.replay
    return replay


def _record_cupy(advance: Callable[[], object], arrays: Arrays) -> Callable[[], object]:
    cuda = arrays.raw.cuda
    with arrays.device:
        stream = cuda.Stream(non_blocking=True)
        cuda.get_current_stream().synchronize()
        with stream:
            for _ in range(WARM_UP):
                advance()
            stream.begin_capture()
            advance()
            graph = stream.end_capture()
        stream.synchronize()
    return lambda: graph.launch(cuda.get_current_stream())
