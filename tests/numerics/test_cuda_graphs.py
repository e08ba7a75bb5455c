"""Recording a step on a GPU: the order of events, on a stand-in for the device."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
from lemmata.numerics import cuda_graphs
from lemmata.numerics.arrays import NUMPY
from lemmata.numerics.cuda_graphs import WARM_UP, captured
from lemmata.numerics.flow_state import FlowState
from lemmata.numerics.runge_kutta import RK4, RungeKutta


class Device:
    """What is called while it records is written down and not done, as on a GPU."""

    def __init__(self):
        self.recording, self.graph, self.done = False, [], 0

    def call(self, kernel):
        if self.recording:
            self.graph.append(kernel)
        else:
            self.done += 1
            kernel()

    def replay(self, *stream):
        for kernel in self.graph:
            kernel()

    @contextmanager
    def record(self, *graph):
        self.recording = True
        yield
        self.recording = False


class Stream(Device):
    """A stream of CuPy, which records itself."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def synchronize(self):
        assert not self.recording

    def begin_capture(self):
        self.recording = True

    def end_capture(self):
        self.recording = False
        return SimpleNamespace(launch=self.replay)


def stand_in(name):
    """Arrays of NumPy that say they are on a GPU, and the device that their package talks to."""
    arrays, device = NUMPY.another(), Stream()
    arrays.on_gpu, arrays.device = True, nullcontext()
    waiting = SimpleNamespace(wait_stream=lambda other: None, synchronize=lambda: None)
    cuda = SimpleNamespace(
        device=nullcontext,
        Stream=lambda **kind: device if name == "cupy" else waiting,
        current_stream=lambda: waiting,
        get_current_stream=lambda: waiting,
        stream=nullcontext,
        CUDAGraph=lambda: device,
        graph=device.record,
    )
    arrays.name, arrays.raw = name, SimpleNamespace(cuda=cuda)
    # Copies stay those of NumPy.
    arrays.take = lambda value: np.array(value)
    return arrays, device


@pytest.mark.parametrize("name", ["torch", "cupy"])
def test_a_recorded_function_does_once_what_it_did_and_nothing_before(name):
    arrays, device = stand_in(name)
    state = np.array([1.0])

    def double():
        state[:] *= 2

    launch = captured(lambda: device.call(double), (state,), arrays)
    assert device.done == WARM_UP
    assert state[0] == 1.0
    launch()
    launch()
    assert state[0] == 4.0


@pytest.mark.parametrize("name", ["torch", "cupy"])
def test_a_step_on_the_device_is_the_step_of_the_host(name, monkeypatch):
    rng = np.random.default_rng(0)
    weights, target = [rng.normal(size=(3, 2, 2)) for _ in range(2)], np.eye(2)
    plain = FlowState(weights, target, None)
    method = RungeKutta(RK4, plain.field, plain.size)
    for step in (0.1, 0.1, 0.05):
        method.advance(plain.state, step)
    state = FlowState(weights, target, None)
    method = RungeKutta(RK4, state.field, state.size, repeatable=True)
    fake, device = stand_in(name)
    monkeypatch.setattr(method.arrays, "on_gpu", True)
    real = cuda_graphs.captured
    monkeypatch.setattr(
        "lemmata.numerics.runge_kutta.captured",
        lambda advance, changes, _: real(lambda: device.call(advance), changes, fake),
    )
    for step in (0.1, 0.1, 0.05):
        assert method.advance(state.state, step) is state.state
    assert np.array_equal(state.state, plain.state)
    assert device.done == WARM_UP


def test_without_a_gpu_the_function_is_its_own_recording():
    def advance():
        return None

    assert captured(advance, (), NUMPY) is advance
