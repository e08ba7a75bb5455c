"""Many small networks in lanes, against the same method written plainly."""

from __future__ import annotations

import signal
import threading
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.gradient_flow import integrate_flow

from .plain_training import moved, networks, plain_flow, velocity

pytest.importorskip("numba", reason="the extra `fast` is not installed")

from lemmata.numerics import many_networks
from lemmata.numerics.many_networks import descend_many, integrate_many, stream_many

WIDTHS = st.lists(st.integers(1, 9), min_size=2, max_size=5)
CASES = {
    "seed": st.integers(0, 2**32 - 1),
    "widths": WIDTHS,
    "batch": st.integers(1, 11),
    "coloured": st.booleans(),
    "own": st.booleans(),
}
# Rounding of one stage is a few units for each of the products of at most 9 terms and 4 layers;
# with weights, targets and rates of order ten it stays below this after five short steps.
ROUNDING = 2.0**10


@settings(max_examples=40)
@given(**CASES, single=st.booleans())
def test_flow_is_the_runge_kutta_method_of_order_four(
    seed: int, widths: list[int], batch: int, coloured: bool, own: bool, single: bool
) -> None:
    weights, target, square = networks(seed, widths, batch, coloured=coloured, own=own)
    dtype = np.float32 if single else np.float64
    step, steps = 2.0**-7, 5
    found = integrate_many(weights, target, square, times=[step * steps], step=step, dtype=dtype)
    told = plain_flow(weights, target, square, step, steps)
    largest = max(float(np.abs(w).max()) for w in (*weights, *told))
    allowed = ROUNDING * np.finfo(dtype).eps * (1 + largest)
    for one, other in zip(found.weights, told, strict=True):
        assert one.shape == (1, *other.shape)
        assert np.abs(one[0] - other).max() <= allowed


@settings(max_examples=20)
@given(**CASES)
def test_descent_takes_the_steps_of_descent(
    seed: int, widths: list[int], batch: int, coloured: bool, own: bool
) -> None:
    weights, target, square = networks(seed, widths, batch, coloured=coloured, own=own)
    rate = 2.0**-8
    found = descend_many(weights, target, square, iterations=[0, 1, 5], learning_rate=rate)
    told = [weights]
    for _ in range(5):
        told.append(moved(told[-1], velocity(told[-1], target, square), rate))
    for record, count in enumerate((0, 1, 5)):
        for one, other in zip(found.weights, told[count], strict=True):
            scale = 1 + float(np.abs(other).max())
            assert np.abs(one[record] - other).max() <= ROUNDING * np.finfo(float).eps * scale


def test_halving_the_step_divides_the_error_by_sixteen() -> None:
    weights, target, square = networks(1, [3, 4, 2], 8, coloured=True, own=False)
    exact = integrate_flow(weights, target, square, times=[1.0]).maps
    errors = [
        np.abs(integrate_many(weights, target, square, times=[1.0], step=h).maps - exact).max()
        for h in (1 / 16, 1 / 32, 1 / 64)
    ]
    # Order 4 gives 16 in the limit of short steps; what is left of order 5 shifts it a little.
    assert all(12 < one / other < 20 for one, other in pairwise(errors))


def test_chunks_come_in_order_and_workers_change_nothing() -> None:
    weights, target, _ = networks(2, [5, 4, 3], 700, coloured=False, own=True)
    options: dict[str, Any] = {"times": [0.0, 0.25, 0.5], "step": 1 / 16}
    chunks = list(stream_many(weights, target, workers=1, **options))
    assert [c.first for c in chunks] == [0, *(c.last for c in chunks[:-1])]
    assert chunks[-1].last == 700
    many = integrate_many(weights, target, workers=3, **options)
    for layer, parts in enumerate(zip(*(c.weights for c in chunks), strict=True)):
        assert np.array_equal(many.weights[layer], np.concatenate(parts, axis=1))
    assert np.array_equal(many.weights[0][0], weights[0])


def test_what_has_come_out_is_kept_when_the_rest_is_interrupted() -> None:
    weights, target, _ = networks(3, [4, 4, 4], 1000, coloured=False, own=False)
    stream = stream_many(weights, target, times=[1.0], step=1 / 8)
    first = next(stream)
    stream.close()
    whole = integrate_many(weights, target, times=[1.0], step=1 / 8)
    assert np.array_equal(first.weights[0], whole.weights[0][:, : first.last])


def test_progress_tells_how_many_networks_are_done() -> None:
    weights, target, _ = networks(4, [4, 2], 600, coloured=False, own=False)
    told: list[tuple[int, int]] = []
    integrate_many(weights, target, times=[0.5], step=0.25, progress=lambda *x: told.append(x))
    assert told == sorted(told)
    assert told[-1] == (600, 600)


def test_iterations_are_whole_numbers() -> None:
    weights, target, _ = networks(5, [3, 3], 4, coloured=False, own=False)
    with pytest.raises(ValueError, match=r"iterations=\[2\.5\]: give whole numbers"):
        descend_many(weights, target, iterations=[2.5], learning_rate=0.1)
    with pytest.raises(ValueError, match=r"iterations=\[2, 1\]: give iterations that"):
        descend_many(weights, target, iterations=[2, 1], learning_rate=0.1)


BAD = {
    "device": ({"times": [1.0], "step": 0.1, "device": "tpu"}, "device='tpu': give 'cpu' or"),
    "at_once": ({"times": [1.0], "step": 0.1, "at_once": 0}, "at_once"),
    "times": ({"times": [1.0, 0.5], "step": 0.1}, "times"),
    "step": ({"times": [1.0], "step": -0.1}, "step"),
    "dtype": ({"times": [1.0], "step": 0.1, "dtype": np.float16}, "dtype"),
    "workers": ({"times": [1.0], "step": 0.1, "workers": 0}, "workers"),
}


@pytest.mark.parametrize(("options", "named"), BAD.values(), ids=BAD)
def test_bad_arguments_are_named(options: dict[str, Any], named: str) -> None:
    weights, target, _ = networks(5, [3, 3, 3], 4, coloured=False, own=False)
    with pytest.raises(ValueError, match=named):
        integrate_many(weights, target, **options)


def test_wide_networks_are_sent_elsewhere() -> None:
    wide = many_networks.LARGEST_WIDTH + 1
    with pytest.raises(ValueError, match="integrate_flow"):
        integrate_many([np.zeros((2, wide, wide))], np.zeros((wide, wide)), times=[1.0], step=1.0)


def test_a_step_that_is_too_long_is_told() -> None:
    weights, target, _ = networks(6, [4, 4, 4], 4, coloured=False, own=False)
    with pytest.raises(
        FloatingPointError, match=r"step=50\.0 .* 2\.785 / 70\.7: give step below 0\.035"
    ):
        integrate_many(weights, 10 * target, times=[5000.0], step=50.0)


class _Interrupt(Exception):
    """Stands in for Ctrl-C."""


def _interrupt(*_: Any) -> None:
    raise _Interrupt


@pytest.mark.skipif(
    not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread(),
    reason="signals reach the main thread only",
)
@pytest.mark.parametrize("count", [16, 1000])
def test_long_runs_can_be_interrupted(count: int) -> None:
    weights, target, _ = networks(7, [8, 8, 8], count, coloured=False, own=False)
    integrate_many(weights, target, times=[0.1], step=0.1)  # compiled before the clock runs
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        # A thousand million steps: without a place to stop, some minutes at the least.
        with pytest.raises(_Interrupt):
            integrate_many(weights, target, times=[1.0], step=1e-9, workers=2)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_records_that_do_not_fit_together_are_refused_at_once() -> None:
    many = [np.broadcast_to(np.eye(8), (10**5, 8, 8))] * 2
    with pytest.raises(MemoryError, match="weights: a batch of 100000 networks needs"):
        integrate_many(many, np.eye(8), times=np.linspace(0, 1, 10**5), step=1e-5)
