"""The engine from end to end without a GPU: a small stand-in for CuPy runs the emulated kernel."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemmata.numerics.cuda import device, engine
from lemmata.numerics.cuda.emulation import Emulated
from lemmata.numerics.many_networks import descend_many, integrate_many, stream_many
from lemmata.numerics.networks import end_to_end, excess_loss

from .plain_training import moved, networks, plain_flow, velocity

emulated = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ to emulate the kernel")
GIBIBYTE = 2**30
ON_DEVICE = SimpleNamespace(
    integrate_many=partial(integrate_many, device="cuda"),
    descend_many=partial(descend_many, device="cuda"),
    stream_many=partial(stream_many, device="cuda"),
)


class OutOfMemory(MemoryError):
    pass


class StandIn:
    """As much of CuPy as the engine uses; every launch is checked and kept."""

    ndarray = type("ndarray", (), {})

    def __init__(self, folder: Path, libraries: dict[tuple[str, ...], Emulated]) -> None:
        self.folder, self.libraries = folder, libraries
        self.free, self.capability, self.count = GIBIBYTE, "90", 1
        self.launches: list[SimpleNamespace] = []
        self.downloads = 0
        attributes = {"MaxSharedMemoryPerBlockOptin": 227 * 1024, "MultiProcessorCount": 2}
        self.cuda = SimpleNamespace(
            Device=lambda: SimpleNamespace(
                id=0, compute_capability=self.capability, attributes=attributes
            ),
            runtime=SimpleNamespace(
                getDeviceCount=lambda: self.count,
                getDeviceProperties=lambda number: {"name": b"Stand-in"},
                memGetInfo=lambda: (self.free, 2 * self.free),
                deviceSynchronize=lambda: None,
            ),
            memory=SimpleNamespace(OutOfMemoryError=OutOfMemory),
        )

    def get_default_memory_pool(self) -> Any:
        return SimpleNamespace(free_bytes=lambda: 0, free_all_blocks=lambda: None)

    def asarray(self, array: Any) -> Any:
        return np.asarray(array)

    def asnumpy(self, array: Any) -> Any:
        self.downloads += 1
        return np.array(array)

    def zeros(self, shape: Any, dtype: Any) -> Any:
        if np.prod(shape) * np.dtype(dtype).itemsize > self.free:
            raise OutOfMemory("no room")
        return np.zeros(shape, dtype)

    def empty(self, shape: Any, dtype: Any) -> Any:
        return np.full(shape, np.nan, dtype)

    def RawModule(self, code: str, options: tuple[str, ...]) -> Any:
        assert options[0] == "-std=c++17"
        definitions = options[1:]
        if definitions not in self.libraries:
            folder = self.folder / str(len(self.libraries))
            folder.mkdir()
            self.libraries[definitions] = Emulated(definitions, folder, code)
        return SimpleNamespace(get_function=lambda name: self._function(name, definitions))

    def _function(self, name: str, definitions: tuple[str, ...]) -> Any:
        assert name == "train"
        return _Function(self, self.libraries[definitions], definitions)


class _Function:
    max_dynamic_shared_size_bytes = 48 * 1024

    def __init__(self, cupy: StandIn, library: Emulated, definitions: tuple[str, ...]) -> None:
        self.cupy, self.compiled = cupy, library
        self.macros = dict(definition[2:].split("=") for definition in definitions)

    def __call__(self, grid: Any, block: Any, args: Any, *, shared_mem: int) -> None:
        weights, target, stride, square, space, batch, step, steps = args
        teams, dtype = int(self.macros["TEAMS"]), self.compiled.dtype
        told = [type(x) for x in (stride, batch, step, steps)]
        assert told == [np.int64, np.int32, dtype.type, np.int32]
        assert block == (self.compiled.threads * teams,)
        assert len(weights) == batch
        team_bytes = self.compiled.memory * dtype.itemsize
        if int(self.macros["SHARED"]):
            assert shared_mem == teams * team_bytes <= self.max_dynamic_shared_size_bytes
        else:
            assert shared_mem == 0
            assert space.size == grid[0] * teams * self.compiled.memory
        square = None if int(self.macros["WHITE"]) else square
        faults = self.compiled.train(
            grid[0], weights, target, int(stride), square, float(step), int(steps)
        )
        assert faults == 0
        self.cupy.launches.append(SimpleNamespace(grid=grid, batch=int(batch), steps=int(steps)))


@pytest.fixture(scope="module")
def libraries() -> dict[tuple[str, ...], Emulated]:
    return {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kernels")


@pytest.fixture
def cupy(folder: Path, libraries: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    made = StandIn(folder, libraries)
    monkeypatch.setitem(sys.modules, "cupy", made)  # type: ignore[arg-type]
    yield made
    device._compiled.cache_clear()


# Rounding of one stage is a few units for each of the products of at most 16 terms and 4 layers;
# with weights, targets and rates of order ten it stays below this after a few short steps
# (`test_cuda_kernel` has the bound that follows from the norms of each case).
ROUNDING, EPS = 2.0**10, 2.0**-52


def _close(found: Any, told: Any, dtype: Any) -> bool:
    scale = 1 + float(np.abs(told).max())
    return bool(np.abs(found - told).max() <= ROUNDING * np.finfo(dtype).eps * scale)


@emulated
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    widths=st.lists(st.sampled_from([1, 2, 3, 5, 8]), min_size=2, max_size=4),
    batch=st.integers(1, 11),
    coloured=st.booleans(),
    own=st.booleans(),
    at_once=st.integers(1, 12) | st.none(),
)
def test_flow_is_the_runge_kutta_method_of_order_four(
    folder: Path, libraries: Any, seed: int, widths: list[int], batch: int, coloured: bool,
    own: bool, at_once: int | None,
) -> None:  # fmt: skip
    weights, target, square = networks(seed, widths, batch, coloured=coloured, own=own)
    step, tau = 2.0**-7, 2.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cupy", StandIn(folder, libraries))  # type: ignore[arg-type]
        found = ON_DEVICE.integrate_many(
            weights, target, square, times=[0, 2 * tau * step, 5 * tau * step], step=tau * step,
            tau=tau, at_once=at_once,
        )  # fmt: skip
    assert found.steps == 5
    for record, steps in enumerate((0, 2, 5)):
        told = plain_flow(weights, target, square, step, steps)
        for one, other in zip(found.weights, told, strict=True):
            assert one[record].shape == other.shape
            assert _close(one[record], other, np.float64)
        assert _close(found.maps[record], end_to_end(told), np.float64)
        maps = end_to_end(told)
        losses = excess_loss(maps, target, square)
        # tr(E S^-1 E^T)/2 with E = Sigma31 - W S: maps d apart make residuals |S| d apart, the
        # losses |E| |S| d + (|S| d)^2/2, as |S^-1| <= 1 here.
        gap = np.linalg.norm(found.maps[record] - maps, axis=(-2, -1))
        size = 1.0 if square is None else np.linalg.norm(square, 2)
        error = np.linalg.norm(target - (maps if square is None else maps @ square), axis=(-2, -1))
        moved_by = size * gap * error + (size * gap) ** 2 / 2
        # Each loss is itself rounded by some units of every product that it is made of.
        itself = ROUNDING * EPS * (error + size * np.linalg.norm(maps, axis=(-2, -1))) ** 2
        assert np.all(np.abs(found.loss[record] - losses) <= moved_by + itself)


@emulated
@pytest.mark.parametrize(
    ("widths", "dtype"),
    [([64, 40, 64, 64], np.float64), ([30, 12, 9], np.float64), ([16, 10, 12], np.float32)],
)
def test_descent_takes_the_steps_of_descent(cupy: StandIn, widths: list[int], dtype: Any) -> None:
    weights, target, _ = networks(1, widths, 5, coloured=False, own=False)
    weights, rate = [w / 4 for w in weights], 2.0**-8
    found = ON_DEVICE.descend_many(
        weights, target, iterations=[0, 1, 3], learning_rate=rate, dtype=dtype
    )
    assert found.steps == 3
    told = [weights]
    for _ in range(3):
        told.append(moved(told[-1], velocity(told[-1], target, None), rate))
    for record, count in enumerate((0, 1, 3)):
        for one, other in zip(found.weights, told[count], strict=True):
            assert one.dtype == dtype
            assert _close(one[record], other, dtype)
    assert [launch.steps for launch in cupy.launches] == [1, 2]


@emulated
def test_one_network_has_no_axis_for_the_batch(cupy: StandIn) -> None:
    weights, target, square = networks(2, [3, 4, 2], 1, coloured=True, own=False)
    alone = [w[0] for w in weights]
    one = ON_DEVICE.integrate_many(alone, target, square, times=[0.25], step=0.125)
    assert [w.shape for w in one.weights] == [(1, 4, 3), (1, 2, 4)]
    assert one.maps.shape == (1, 2, 3)
    assert one.loss.shape == (1,)


@emulated
def test_chunks_come_in_order_and_change_nothing(cupy: StandIn) -> None:
    weights, target, square = networks(3, [8, 5, 8], 23, coloured=True, own=True)
    options: dict[str, Any] = {"times": [0.0, 1 / 16], "step": 1 / 64}
    whole = ON_DEVICE.integrate_many(weights, target, square, **options)
    assert [launch.batch for launch in cupy.launches] == [23]
    assert cupy.launches[0].grid == (6,)
    told: list[tuple[int, int]] = []
    many = ON_DEVICE.integrate_many(
        weights, target, square, at_once=10, progress=lambda *x: told.append(x), **options
    )
    assert told == [(10, 23), (20, 23), (23, 23)]
    stream = ON_DEVICE.stream_many(weights, target, square, at_once=10, **options)
    first = next(stream)
    stream.close()
    assert (first.first, first.last) == (0, 10)
    for layer, other, part in zip(whole.weights, many.weights, first.weights, strict=True):
        assert np.array_equal(layer, other)
        assert np.array_equal(layer[:, :10], part)
    assert np.array_equal(whole.loss[:, :10], first.observed["loss"][0])
    assert np.array_equal(whole.maps[:, :10], first.observed["maps"][0])


@emulated
def test_tensors_on_the_device_stay_there(cupy: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    pytest.importorskip("array_api_compat", reason="the extra `gpu` is not installed")
    weights, target, square = networks(4, [8, 6, 7], 5, coloured=True, own=True)
    run: dict[str, Any] = {"times": [0.25, 0.5], "step": 0.03125}
    told = ON_DEVICE.integrate_many(weights, target, square, **run)
    assert cupy.downloads == 4
    tensors = [torch.from_numpy(w) for w in weights]
    with pytest.raises(ValueError, match="arrays of torch on the host"):
        ON_DEVICE.integrate_many(tensors, target, square, **run)
    monkeypatch.setattr(engine, "_on_gpu", lambda arrays: True)
    found = ON_DEVICE.integrate_many(tensors, torch.from_numpy(target), square, **run)
    assert cupy.downloads == 4, "nothing passes through the host"
    assert all(torch.is_tensor(layer) for layer in found.weights)
    for one, other in zip(found.weights, told.weights, strict=True):
        assert np.array_equal(one.numpy(), other)
    for one, other in zip(tensors, weights, strict=True):
        assert np.array_equal(one.numpy(), other), "the networks given are not trained in place"


BAD: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "times": ({"times": [1.0, 0.5]}, ValueError, "times"),
    "step": ({"step": -0.1}, ValueError, "step"),
    "dtype": ({"dtype": np.float16}, ValueError, "dtype"),
    "method": ({"method": "newton"}, ValueError, "method"),
    "iterations": ({"method": "descent", "times": [0.5]}, ValueError, "whole numbers"),
    "at_once": ({"at_once": 0}, ValueError, "at_once=0"),
}


@pytest.mark.parametrize(("options", "kind", "named"), BAD.values(), ids=BAD)
def test_bad_arguments_are_named(
    cupy: StandIn, options: dict[str, Any], kind: type[Exception], named: str
) -> None:
    weights, target, _ = networks(5, [3, 3, 3], 4, coloured=False, own=False)
    with pytest.raises(kind, match=named):
        ON_DEVICE.stream_many(weights, target, **({"times": [1.0], "step": 0.1} | options))


def test_singular_inputs_and_impossible_targets_are_refused(cupy: StandIn) -> None:
    weights, target, _ = networks(6, [3, 3], 4, coloured=False, own=False)
    with pytest.raises(ValueError, match="row space of Sigma11"):
        ON_DEVICE.integrate_many(weights, target, np.diag([1.0, 1.0, 0.0]), times=[1.0], step=0.5)


@emulated
def test_a_step_that_is_too_long_is_told(cupy: StandIn) -> None:
    weights, target, _ = networks(6, [4, 4, 4], 4, coloured=False, own=False)
    with pytest.raises(FloatingPointError, match=r"step=50\.0 is too large.*give step below"):
        ON_DEVICE.integrate_many(weights, 10 * target, times=[5000.0], step=50.0)


@emulated
def test_what_is_recorded_is_what_was_asked_for(cupy: StandIn) -> None:
    weights, target, _ = networks(6, [4, 3, 4], 6, coloured=False, own=False)
    options: dict[str, Any] = {"times": [0.25, 0.5], "step": 0.03125}
    (chunk,) = ON_DEVICE.stream_many(weights, target, record=("loss", "singular_values"), **options)
    told = ON_DEVICE.integrate_many(weights, target, **options)
    assert sorted(chunk.observed) == ["loss", "singular_values"]
    assert chunk.steps == told.steps == 16
    assert np.array_equal(chunk.observed["loss"][0], told.loss)
    singular = np.linalg.svd(told.maps, compute_uv=False)
    # The maps are equal to the last bit; two decompositions are each within n eps s_1 (LAPACK).
    apart = np.abs(chunk.observed["singular_values"][0] - singular)
    assert np.all(apart <= 2 * 4 * EPS * singular.max(axis=-1, keepdims=True))


@emulated
def test_batches_that_do_not_fit_are_told(cupy: StandIn) -> None:
    weights, target, _ = networks(7, [8, 8, 8], 100, coloured=False, own=False)
    run: dict[str, Any] = {"times": [0.25], "step": 0.0625}
    cupy.free = 2**17
    with pytest.raises(MemoryError, match=r"at_once=100: .*give at_once=(\d+) or less") as told:
        ON_DEVICE.integrate_many(weights, target, at_once=100, **run)
    fitting = int(str(told.value).split("give at_once=")[1].split()[0])
    assert 0 < fitting < 100
    ON_DEVICE.integrate_many(weights, target, at_once=fitting, **run)
    ON_DEVICE.integrate_many(weights, target, **run)
    batches = [launch.batch for launch in cupy.launches]
    assert batches[: len(batches) // 2] == batches[len(batches) // 2 :]
    assert max(batches) == fitting
    cupy.free = 1000
    with pytest.raises(MemoryError, match="free some of its memory"):
        ON_DEVICE.integrate_many(weights, target, **run)


@emulated
def test_memory_that_is_gone_when_it_is_asked_for_is_told(cupy: StandIn) -> None:
    weights, target, _ = networks(8, [8, 8, 8], 64, coloured=False, own=False)
    stream = ON_DEVICE.stream_many(weights, target, times=[0.25], step=0.25)
    cupy.free = 4096
    with pytest.raises(MemoryError, match="give 32 or fewer at once"):
        next(stream)


@emulated
def test_steps_beyond_one_launch_are_taken_in_several(
    cupy: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "MOST_STEPS", 3)
    weights, target, _ = networks(9, [4, 4], 2, coloured=False, own=False)
    ON_DEVICE.descend_many(weights, target, iterations=[8], learning_rate=2.0**-8)
    assert [launch.steps for launch in cupy.launches] == [3, 3, 2]


def test_without_cupy_one_line_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    usable, line = engine.available()
    assert not usable
    assert "--device cpu" in line
    assert "\n" not in line
    with pytest.raises(RuntimeError, match="--device cpu"):
        ON_DEVICE.integrate_many([np.eye(2)], np.eye(2), times=[1.0], step=0.5)


def test_no_device_and_old_devices_are_told(cupy: StandIn) -> None:
    assert engine.available() == (True, "Stand-in, compute capability 9.0")
    cupy.capability = "75"
    assert "8.0 or later" in engine.available()[1]
    cupy.count = 0
    assert engine.available() == (False, "no NVIDIA GPU: run with --device cpu")

    def broken() -> int:
        raise OSError("libcuda.so.1 is missing")

    cupy.cuda.runtime.getDeviceCount = broken
    usable, line = engine.available()
    assert not usable
    assert "libcuda.so.1 is missing" in line


@emulated
def test_the_benchmark_of_the_device_runs_without_one(cupy: StandIn) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    pytest.importorskip("array_api_compat", reason="the extra `gpu` is not installed")
    from benchmarks import bench_device

    rows = bench_device.measure("quick", device="cpu")
    failed = [row for row in rows if "note" in row and "No module" not in row["note"]]
    assert not failed
    for width in bench_device.ON_CPU:
        of_width = [row for row in rows if row["case"].startswith(f"width {width},")]
        ours = [row for row in of_width if row["engine"].startswith("lemmata")]
        assert len(ours) == (1 if width > 64 else 2 if width == 8 else 3)
        assert {"torch, eager", "torch, CUDA graph"} < {row["engine"] for row in of_width}
        assert all(row["network_steps_per_s"] > 0 for row in ours)
    cupy.count = 0
    (row,) = bench_device.measure("quick")
    assert row["note"] == "not measured: no NVIDIA GPU: run with --device cpu"


@emulated
def test_the_benchmark_notices_another_result(
    cupy: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks import bench_device

    def wrong(*arguments: Any) -> Any:
        call = bench_device._eager(*arguments)
        return lambda: [layer + 2.0**-30 for layer in call()]

    monkeypatch.setattr(bench_device, "PEERS", {"right": bench_device._eager, "wrong": wrong})
    *_, right, other = bench_device._compare(torch, "cpu", 8, 4, 3, 2)
    assert "failed" not in right
    assert other["failed"]
    assert "network_steps_per_s" not in other
