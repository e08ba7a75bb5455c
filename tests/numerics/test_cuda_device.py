"""The CUDA engine on a real device, where there is one; everywhere else these tests are skipped."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from lemmata.numerics.cuda import engine
from lemmata.numerics.many_networks import descend_many, integrate_many
from lemmata.numerics.networks import end_to_end, weight_gradients

USABLE, LINE = engine.available()
pytestmark = pytest.mark.skipif(not USABLE, reason=LINE)

STEP, STEPS = 2.0**-6, 5
# Rounding of one stage is a few units for each of the products of at most 64 terms and 8 layers;
# with weights and targets of spectral norm about 1 it stays below this after five short steps.
ROUNDING = 2.0**12


def _networks(widths: list[int], batch: int, *, white: bool, own: bool) -> Any:
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(batch, b, a)) / np.sqrt(a + b) for a, b in pairwise(widths)]
    shape = (batch, widths[-1], widths[0]) if own else (widths[-1], widths[0])
    root = rng.normal(size=(widths[0], widths[0])) / widths[0]
    square = root @ root.T + np.eye(widths[0])
    target = rng.normal(size=shape) / np.sqrt(sum(shape[-2:]))
    return weights, target, None if white else (square + square.T) / 2


def _velocity(weights: Any, target: Any, square: Any) -> Any:
    total = end_to_end(weights)
    return weight_gradients(weights, target - (total if square is None else total @ square))


def _moved(weights: Any, velocity: Any, step: float) -> Any:
    return [w + step * v for w, v in zip(weights, velocity, strict=True)]


def _plain(weights: Any, target: Any, square: Any, flow: bool) -> Any:
    for _ in range(STEPS):
        one = _velocity(weights, target, square)
        if not flow:
            weights = _moved(weights, one, STEP)
            continue
        two = _velocity(_moved(weights, one, STEP / 2), target, square)
        three = _velocity(_moved(weights, two, STEP / 2), target, square)
        four = _velocity(_moved(weights, three, STEP), target, square)
        sums = [a + 2 * (b + c) + d for a, b, c, d in zip(one, two, three, four, strict=True)]
        weights = _moved(weights, sums, STEP / 6)
    return weights


CASES: dict[str, tuple[list[int], dict[str, bool], Any, bool]] = {
    "8": ([8, 8, 8], {"white": True, "own": False}, np.float64, True),
    "8, deep and coloured": ([5, 8, 3, 8, 2, 7], {"white": False, "own": True}, np.float64, True),
    "8, float32": ([8, 5, 8], {"white": True, "own": True}, np.float32, True),
    "16, descent": ([16, 12, 16], {"white": False, "own": True}, np.float64, False),
    "32": ([32, 30, 32], {"white": True, "own": True}, np.float64, True),
    "32, deep": ([32] * 5, {"white": True, "own": False}, np.float64, True),
    "32, float32": ([20, 32, 32], {"white": False, "own": False}, np.float32, True),
    "64": ([64, 64, 50], {"white": False, "own": True}, np.float64, True),
    "64, memory": ([64] * 4, {"white": True, "own": True}, np.float64, True),
}


@pytest.mark.parametrize(("widths", "options", "dtype", "flow"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("batch", [1, 1001])
def test_the_device_takes_the_steps_of_the_method(
    widths: list[int], options: dict[str, bool], dtype: Any, flow: bool, batch: int
) -> None:
    weights, target, square = _networks(widths, batch, **options)
    told = _plain(weights, target, square, flow)
    run: dict[str, Any] = {"dtype": dtype, "allow_unstable": True}
    if flow:
        found = integrate_many(
            weights, target, square, times=[STEP * STEPS], step=STEP, device="cuda", **run
        )
    else:
        found = descend_many(
            weights, target, square, iterations=[STEPS], learning_rate=STEP, device="cuda", **run
        )
    for one, other in zip(found.weights, told, strict=True):
        scale = 1 + float(np.abs(other).max())
        assert np.abs(one[0] - other).max() <= ROUNDING * np.finfo(dtype).eps * scale


def test_tensors_stay_on_the_device_and_give_the_same_bits() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    pytest.importorskip("array_api_compat", reason="the extra `gpu` is not installed")
    weights, target, square = _networks([8, 6, 8], 33, white=False, own=False)
    run: dict[str, Any] = {"times": [0.0, STEP * STEPS], "step": STEP}
    told = integrate_many(weights, target, square, device="cuda", **run)
    tensors = [torch.from_numpy(w).cuda() for w in weights]
    found = integrate_many(tensors, target, square, device="cuda", **run)
    for one, other in zip(found.weights, told.weights, strict=True):
        assert one.is_cuda
        assert np.array_equal(one.cpu().numpy(), other)
