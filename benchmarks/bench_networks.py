"""Many small linear networks: steps a second, against the fastest peers, in one process.

python benchmarks/bench_networks.py [--json FILE] [--widths 8,16,32] [--networks N] [--repeats N]

The problem is the gradient flow of three-layer networks, square weights of one width, a diagonal
target with strengths from 1 to 3, one hundred steps of the classical Runge-Kutta method of order 4
of length 1/100.  All take the same steps from the same weights; before anything is timed they must
agree.  One thread each.  Peers that are not installed are left out and named.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import argparse  # noqa: E402
import json  # noqa: E402
import platform  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from importlib.metadata import PackageNotFoundError, version  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from lemmata.numerics.many_networks import integrate_many  # noqa: E402

STEP, STEPS = 1 / 100, 100
WORK = 24
"""Multiplications and additions of one step, in cubes of the width: six products, four stages."""
CHUNK = {8: 256, 16: 64, 32: 16, 64: 4}
"""Networks that a peer may keep in its cache, by width; found by trial."""
Run = Callable[[Any, Any, Any], Any]


def _slope(first: Any, second: Any, target: Any) -> Any:
    error = target - second @ first
    return second.mT @ error, error @ first.mT


def _runge_kutta(first: Any, second: Any, target: Any) -> Any:
    a, b = _slope(first, second, target)
    c, d = _slope(first + STEP / 2 * a, second + STEP / 2 * b, target)
    e, f = _slope(first + STEP / 2 * c, second + STEP / 2 * d, target)
    g, h = _slope(first + STEP * e, second + STEP * f, target)
    return first + STEP / 6 * (a + 2 * c + 2 * e + g), second + STEP / 6 * (b + 2 * d + 2 * f + h)


def ours(first: Any, second: Any, target: Any) -> Any:
    record = integrate_many([first, second], target, times=[STEPS * STEP], step=STEP, workers=1)
    return record.weights[0][0], record.weights[1][0]


def numpy_batched(first: Any, second: Any, target: Any) -> Any:
    for _ in range(STEPS):
        first, second = _runge_kutta(first, second, target)
    return first, second


def numpy_chunked(first: Any, second: Any, target: Any) -> Any:
    size = CHUNK.get(first.shape[-1], 1)
    parts = [
        numpy_batched(first[i : i + size], second[i : i + size], target)
        for i in range(0, len(first), size)
    ]
    return tuple(np.concatenate(layer) for layer in zip(*parts, strict=True))


def torch_eager() -> Run:
    import torch

    torch.set_num_threads(1)

    def run(first: Any, second: Any, target: Any) -> Any:
        made = [torch.from_numpy(x) for x in (first, second, target)]
        with torch.inference_mode():
            found = numpy_batched(*made)
        return tuple(x.numpy() for x in found)

    return run


def jax_chunked() -> Run:
    import jax

    jax.config.update("jax_enable_x64", True)

    def some(weights: Any, target: Any) -> Any:
        def one(state: Any, _: Any) -> Any:
            return _runge_kutta(*state, target), None

        return jax.lax.scan(one, weights, None, length=STEPS)[0]

    @jax.jit
    def whole(first: Any, second: Any, target: Any) -> Any:
        width = first.shape[-1]
        shape = (-1, CHUNK.get(width, 1), width, width)
        chunks = first.reshape(shape), second.reshape(shape)
        found = jax.lax.map(lambda weights: some(weights, target), chunks)
        return tuple(x.reshape(first.shape) for x in found)

    def run(first: Any, second: Any, target: Any) -> Any:
        return tuple(np.asarray(x) for x in whole(first, second, target))

    return run


PEERS: dict[str, Callable[[], Run]] = {
    "numpy": lambda: numpy_batched,
    "numpy, in chunks": lambda: numpy_chunked,
    "torch, eager": torch_eager,
    "jax, scan in chunks": jax_chunked,
}


def machine_rate() -> float:
    """GFLOP/s of one thread in a product of large float64 matrices, the best of five."""
    square = np.random.default_rng(0).normal(size=(1536, 1536))
    times = []
    for _ in range(5):
        before = time.perf_counter()
        square @ square
        times.append(time.perf_counter() - before)
    return float(2 * 1536**3 / min(times) / 1e9)


def compare(width: int, networks: int, repeats: int, peak: float) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    first, second = (rng.normal(size=(networks, width, width)) / 10 for _ in range(2))
    target = np.diag(np.linspace(1, 3, width))
    runs: dict[str, Run] = {"lemmata": ours}
    missing = []
    for name, make in PEERS.items():
        try:
            runs[name] = make()
        except ImportError:
            missing.append(name)
    told = {name: run(first, second, target) for name, run in runs.items()}
    for name, found in told.items():
        for one, other in zip(found, told["numpy"], strict=True):
            # Round-off of products of `width` terms, four stages, all steps; weights are below 2.
            allowed = 8 * STEPS * width * np.finfo(float).eps
            assert np.abs(one - other).max() <= allowed, (name, width)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            before = time.perf_counter()
            run(first, second, target)
            times[name].append(time.perf_counter() - before)
    rows = {name: _row(width, networks, seconds, peak) for name, seconds in times.items()}
    best = max(row["network_steps_per_second"] for name, row in rows.items() if name != "lemmata")
    return {
        "width": width,
        "networks": networks,
        "steps": STEPS,
        "rows": rows,
        "missing": missing,
        "ratio_to_fastest_peer": rows["lemmata"]["network_steps_per_second"] / best,
    }


def _row(width: int, networks: int, seconds: list[float], peak: float) -> dict[str, float]:
    median = statistics.median(seconds)
    rate = networks * STEPS / median
    gigaflops = rate * WORK * width**3 / 1e9
    return {
        "median_seconds": median,
        "spread": (max(seconds) - min(seconds)) / median,
        "network_steps_per_second": rate,
        "gigaflops": gigaflops,
        "share_of_dgemm": gigaflops / peak,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--widths", default="8,16,32,64")
    parser.add_argument("--networks", type=int, default=0, help="0: about as much work each")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    peak = machine_rate()
    print(f"float64 matrix product, one thread: {peak:.1f} GFLOP/s")
    results = []
    for width in map(int, options.widths.split(",")):
        networks = options.networks or {8: 4096, 16: 1024, 32: 128, 64: 32}.get(width, 32)
        results.append(compare(width, networks, options.repeats, peak))
        print(f"width {width}, {networks} networks, {STEPS} steps:")
        for name, row in results[-1]["rows"].items():
            print(
                f"  {name:22s} {row['network_steps_per_second']:10.3g} network-steps/s "
                f"{row['gigaflops']:6.1f} GFLOP/s {100 * row['share_of_dgemm']:4.0f} % "
                f"(spread {100 * row['spread']:.0f} %)"
            )
        print(f"  {results[-1]['ratio_to_fastest_peer']:.2f} times the fastest peer")
        if results[-1]["missing"]:
            print(f"  not installed: {'; '.join(results[-1]['missing'])}")
    figures = {
        "schema": "lemmata.benchmarks.networks/1",
        "machine": platform.processor() or platform.machine(),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in ("numpy", "numba", "torch", "jax")},
        },
        "dgemm_gigaflops": peak,
        "results": results,
    }
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
