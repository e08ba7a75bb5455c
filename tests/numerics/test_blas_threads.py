"""Matrix products are kept to one thread only while chunks are being computed."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from lemmata.numerics import blas_threads
from lemmata.numerics.gradient_flow import stream_flow


@pytest.fixture
def two():
    """The thread count of OpenBLAS, set to two for the test."""
    threads = blas_threads._openblas()
    if threads is None:
        pytest.skip("NumPy without OpenBLAS")
    before = threads.get()
    threads.set(2)
    yield threads
    threads.set(before)


def waited(threads, count):
    end = time.monotonic() + 20
    while threads.get() != count and time.monotonic() < end:
        time.sleep(0.01)
    return threads.get()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_that_waits_holds_no_limit(two, workers):
    weights = [np.full((40, 8, 8), 0.1)] * 2
    options = {"times": [1.0], "step": 1 / 8, "chunk": 2, "workers": workers}
    one, other = (stream_flow(weights, np.eye(8), **options) for _ in range(2))
    next(one)
    # Workers compute a few chunks ahead, then rest with the stream.
    assert waited(two, 2) == 2
    next(other)
    one.close()
    assert waited(two, 2) == 2
    other.close()
    assert waited(two, 2) == 2


def test_blocks_overlap_in_threads_and_within_one(two):
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with blas_threads.one_thread_each():
            entered.set()
            leave.wait(20)

    worker = threading.Thread(target=hold)
    with blas_threads.one_thread_each(), blas_threads.one_thread_each():
        worker.start()
        assert entered.wait(20)
    assert two.get() == 1
    leave.set()
    worker.join()
    assert two.get() == 2
    with pytest.raises(KeyError), blas_threads.one_thread_each():
        raise KeyError
    assert two.get() == 2
