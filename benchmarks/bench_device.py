"""Linear networks on one NVIDIA GPU: our kernel against PyTorch and JAX, the data on the device.

The problem and the steps are those of ``peers``; all must agree before anything is timed.  Rates
are fractions of the float64 matrix product of PyTorch on the same device.  Clocks are left alone.

python -m benchmarks.bench_device [quick|full] prints the rows as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from . import peers
from .timing import Row, interleaved, summary

# JAX takes most of the device's memory at its start unless it is told not to.
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

SMALL = {8: (100_000, 100), 16: (100_000, 100), 32: (100_000, 40), 64: (100_000, 10)}
LARGE = {128: (4096, 100), 512: (128, 100), 1024: (32, 20)}
"""Networks and steps, by width."""
ON_CPU = {8: (64, 3), 16: (16, 3), 128: (2, 2)}
"""The same to try the code without a GPU."""
REPEATS = {"quick": 3, "full": 7}
DRAWN, COMPARED = 4096, 256
PACKAGES = ("cupy-cuda12x", "cupy-cuda13x", "torch", "jax", "numpy")
Call = Callable[[], Any]


def measure(profile: str, device: str = "cuda") -> list[Row]:
    """One row per width and engine; without a GPU one row that says so.

    ``device="cpu"`` runs all that needs no GPU, with small sizes: to test the code.
    """
    from lemmata.numerics.cuda.engine import available

    usable, line = available()
    if device == "cuda" and not usable:
        return [{"case": "all", "engine": "lemmata", "note": f"not measured: {line}"}]
    try:
        import torch
    except ImportError:
        return [{"case": "all", "engine": "torch", "note": "not installed"}]
    peak, copied = _rates(torch, device)
    told = {
        "device": line if usable else "cpu",
        "driver": _driver(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        "matmul_gflops": peak,
        "copy_gb_per_s": copied,
    }
    sizes = {**SMALL, **LARGE} if device == "cuda" else ON_CPU
    rows: list[Row] = []
    for width, (networks, steps) in sizes.items():
        for row in _compare(torch, device, width, networks, steps, REPEATS[profile]):
            if "gflops" in row:
                row["of_dgemm"] = row["of_matmul"] = row["gflops"] / peak
            rows.append(row | told)
    return rows


def _compare(
    torch: Any, device: str, width: int, networks: int, steps: int, repeats: int
) -> list[Row]:
    case = f"width {width}, {networks} networks"
    weights, target = _problem(width, networks)
    told = [_reference(some, target, steps) for some in zip(*map(_ends, weights), strict=True)]
    rows: list[Row] = []
    for name, make in {**_ours(width), **PEERS}.items():
        row: Row = {"case": case, "engine": name}
        rows.append(row)
        try:
            call = make(torch, device, weights, target, steps)
            worst = _difference(zip(*map(_ends, call()), strict=True), told)
            if not worst <= _allowed(width, steps):
                row |= {"failed": True, "note": f"differs from NumPy by {worst:.2g}"}
                continue
            # One after the other: the buffers of all would not fit beside each other.
            seconds = interleaved({name: call}, repeats)[name]
        except (ImportError, RuntimeError, MemoryError) as error:
            row["note"] = f"not measured: {_first(error)}"
            continue
        finally:
            call = None
            _free(torch, device)
        row |= summary(seconds)
        row["network_steps_per_s"] = networks * steps / row["seconds"]
        row["gflops"] = row["network_steps_per_s"] * peers.WORK * width**3 / 1e9
    return rows


def _problem(width: int, networks: int) -> tuple[list[Any], Any]:
    """Random networks, the same ones again and again: time does not depend on the numbers."""
    rng = np.random.default_rng(0)
    some = rng.normal(size=(2, min(networks, DRAWN), width, width)) * 0.3 / np.sqrt(width)
    weights = [np.resize(layer, (networks, width, width)) for layer in some]
    return weights, np.diag(np.linspace(1, 3, width))


def _ends(layer: Any) -> tuple[Any, Any]:
    """The first and the last networks: those that are compared."""
    some = max(1, COMPARED // layer.shape[-1])
    return layer[:some], layer[-some:]


def _reference(weights: list[Any], target: Any, steps: int) -> Any:
    state = tuple(weights)
    for _ in range(steps):
        state = peers.runge_kutta(*state, target)
    return state


def _difference(found: Any, told: Any) -> float:
    pairs = [
        (_on_host(one), other)
        for ones, others in zip(found, told, strict=True)
        for one, other in zip(ones, others, strict=True)
    ]
    # A maximum of Python would lose what is not a number.
    return float(np.max([np.abs(one - other).max() for one, other in pairs]))


def _allowed(width: int, steps: int) -> float:
    """Rounding: products of ``width`` terms, four stages, all steps; weights are below 2."""
    return float(8 * steps * width * np.finfo(float).eps)


def _first(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__


def _ours(width: int) -> dict[str, Any]:
    if width > 64:
        return {"lemmata, integrate_flow": _large}
    ways = {"lemmata, kernel": partial(_kernel, wide=None)}
    if width > 8:
        ways["lemmata, kernel, 8 x 8 x 4"] = partial(_kernel, wide=False)
    return {**ways, "lemmata, integrate_many": _whole}


def _kernel(
    torch: Any, device: str, weights: Any, target: Any, steps: int, wide: bool | None
) -> Call:
    """The kernel alone, on weights that lie on the device."""
    from lemmata.numerics.cuda.device import Device
    from lemmata.numerics.cuda.plan import Plan

    gpu, width = Device.current(), target.shape[-1]
    cupy = gpu.cupy
    plan = Plan.of(
        [width] * 3,
        white=True,
        flow=True,
        dtype=np.dtype(np.float64),
        capability=gpu.capability,
        shared_limit=gpu.shared_limit,
    )
    kernel = gpu.kernel(plan if wide is None else replace(plan, wide=wide))
    end = cupy.asarray(target)
    start, packed = (cupy.zeros((len(weights[0]), 2, width, width), plan.dtype) for _ in range(2))
    for number, layer in enumerate(weights):
        start[:, number] = cupy.asarray(layer)

    def call() -> Any:
        packed[...] = start
        kernel.advance(packed, end, None, peers.STEP, steps)
        cupy.cuda.runtime.deviceSynchronize()
        return packed[:, 0], packed[:, 1]

    return call


def _whole(torch: Any, device: str, weights: Any, target: Any, steps: int) -> Call:
    """All that a user calls: checks, records, maps, loss and guard, tensors in and out."""
    from lemmata.numerics.many_networks import integrate_many

    placed = weights if device == "cpu" else _placed(torch, device, *weights)

    def call() -> Any:
        run = integrate_many(
            placed, target, times=[steps * peers.STEP], step=peers.STEP, device="cuda"
        )
        _wait(torch, device)
        return [layer[0] for layer in run.weights]

    return call


def _large(torch: Any, device: str, weights: Any, target: Any, steps: int) -> Call:
    from lemmata.numerics.gradient_flow import integrate_flow

    placed = _placed(torch, device, *weights)

    def call() -> Any:
        run = integrate_flow(
            placed, target, times=[steps * peers.STEP], step=peers.STEP, method="rk4"
        )
        _wait(torch, device)
        return [layer[0] for layer in run.weights]

    return call


def _eager(torch: Any, device: str, weights: Any, target: Any, steps: int) -> Call:
    first, second, end = _placed(torch, device, *weights, target)

    def call() -> Any:
        state = first, second
        with torch.inference_mode():
            for _ in range(steps):
                state = peers.runge_kutta(*state, end)
        _wait(torch, device)
        return state

    return call


def _graphed(torch: Any, device: str, weights: Any, target: Any, steps: int) -> Call:
    """One step of batched products recorded as a CUDA graph and launched again and again."""
    first, second, end = _placed(torch, device, *weights, target)
    state = first.clone(), second.clone()

    def step() -> None:
        for held, moved in zip(state, peers.runge_kutta(*state, end), strict=True):
            held.copy_(moved)

    launch = step
    if device == "cuda":
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
        launch = graph.replay

    def call() -> Any:
        for held, start in zip(state, (first, second), strict=True):
            held.copy_(start)
        for _ in range(steps):
            launch()
        _wait(torch, device)
        return state

    return call


def _scanned(torch: Any, device: str, weights: Any, target: Any, steps: int) -> Call:
    import jax

    jax.config.update("jax_enable_x64", True)
    first, second, end = (jax.device_put(x) for x in (*weights, target))

    def one(state: Any, _: Any) -> Any:
        return peers.runge_kutta(*state, end), None

    run = jax.jit(lambda *state: jax.lax.scan(one, state, None, length=steps)[0])

    def call() -> Any:
        return jax.block_until_ready(run(first, second))

    return call


PEERS: dict[str, Any] = {
    "torch, eager": _eager,
    "torch, CUDA graph": _graphed,
    "jax, scan": _scanned,
}


def _placed(torch: Any, device: str, *arrays: Any) -> list[Any]:
    return [torch.from_numpy(array).to(device) for array in arrays]


def _wait(torch: Any, device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def _free(torch: Any, device: str) -> None:
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    cupy = sys.modules.get("cupy")
    if cupy is not None:
        cupy.get_default_memory_pool().free_all_blocks()


def _on_host(array: Any) -> Any:
    if hasattr(array, "detach"):
        return array.detach().cpu().numpy()
    return array.get() if hasattr(array, "get") else np.array(array)


def _rates(torch: Any, device: str) -> tuple[float, float]:
    """GFLOP/s of a large float64 matrix product and GB/s of a copy, read and written."""
    size, numbers = (8192, 2**28) if device == "cuda" else (256, 2**20)
    square = torch.randn(size, size, dtype=torch.float64, device=device)
    product, source = torch.empty_like(square), torch.ones(numbers, device=device)
    copy = torch.empty_like(source)

    def multiply() -> None:
        torch.matmul(square, square, out=product)
        _wait(torch, device)

    def move() -> None:
        copy.copy_(source)
        _wait(torch, device)

    multiply(), move()
    seconds = interleaved({"multiply": multiply, "move": move}, 5)
    flops, bytes_moved = 2 * size**3, 2 * numbers * source.element_size()
    return flops / min(seconds["multiply"]) / 1e9, bytes_moved / min(seconds["move"]) / 1e9


def _driver() -> str:
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return told.strip().partition("\n")[0]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:2] or ("quick",)), indent=1))
