"""Large networks: network-steps a second by matrix products, against the fastest peers.

The problem and the peers are those of ``peers``, with fewer steps and weights small enough that
its rates are the same at every width.  Each number of threads is measured in a process of its own,
as libraries read it when they start.  With one thread, seconds are those of the processor; with
more, those of the clock.  Before anything is timed all must agree.

python -m benchmarks.bench_large [quick|full] measures and prints the rows as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from lemmata.numerics.gradient_flow import integrate_flow

from . import peers
from .bench_networks import assert_agreement, made
from .machine import cores
from .timing import Row, interleaved, summary

QUICK = {128: (4, 50), 512: (2, 6)}
FULL = {128: (64, 20), 512: (4, 10)}
"""Networks and steps, by width."""
SLOW = {"scipy, DOP853 in a loop": 2}
"""The most networks given to peers that need long for one; their rate is scaled."""
COMPILED = ("torch, compiled",)
"""Left out of the quick profile: the compiler alone needs a minute."""
FEW = ("lemmata", "numpy", "torch, eager", "jax, scan", "jax, scan in chunks")
"""What the quick profile measures on more than one thread, and at the largest width."""
SIZE, PRODUCT = 1536, "matrix product"
BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
ONE = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def measure(profile: str) -> list[Row]:
    """One row per width, number of threads and engine."""
    rows: list[Row] = []
    for threads in sorted({1, cores()}):
        environment = {**os.environ, **dict.fromkeys(BLAS, str(threads))}
        environment["XLA_FLAGS"] = ONE if threads == 1 else ""
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "rows.json"
            command = [
                sys.executable,
                "-m",
                f"{__package__}.bench_large",
                profile,
                str(threads),
                str(target),
            ]
            run = subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False)
            if run.returncode:
                raise RuntimeError(run.stderr.decode(errors="replace").strip().splitlines()[-1])
            rows += json.loads(target.read_text())
    return rows


def measured(profile: str, threads: int) -> list[Row]:
    """The rows of one number of threads, in a process that was started for it."""
    sizes, repeats = (QUICK, 3) if profile == "quick" else (FULL, 5)
    rows: list[Row] = []
    runs, missing = made(leave_out=COMPILED if profile == "quick" else ())
    runs["lemmata"] = partial(ours, workers=threads)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)
    few = {name: runs[name] for name in FEW if name in runs}
    for width, (networks, steps) in sizes.items():
        chosen = few if profile == "quick" and (threads > 1 or width > 128) else runs
        rows += compare(width, networks, steps, threads, chosen, repeats)
    notes = [{"case": "all", "engine": name, "note": "not installed"} for name in missing]
    return rows + (notes if threads == 1 else [])


def ours(first: Any, second: Any, target: Any, workers: int) -> Any:
    record = integrate_flow(
        [first, second],
        target,
        times=[peers.STEPS * peers.STEP],
        step=peers.STEP * (1 + 1e-9),
        method="rk4",
        workers=workers,
    )
    if record.steps != peers.STEPS:
        raise AssertionError(f"{record.steps} steps were taken instead of {peers.STEPS}")
    return record.weights[0][0], record.weights[1][0]


def problem(width: int, networks: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    scale = 0.1 * (8 / width) ** 0.5
    first, second = (rng.normal(scale=scale, size=(networks, width, width)) for _ in range(2))
    return first, second, np.diag(np.linspace(1, 3, width))


def compare(
    width: int,
    networks: int,
    steps: int,
    threads: int,
    runs: dict[str, peers.Run],
    repeats: int,
) -> list[Row]:
    """Rows of one case; a product of large matrices takes turns with them, as their measure."""
    # The peers read the number of steps when they run or are compiled for a width.
    peers.STEPS = steps
    first, second, target = problem(width, networks)
    counts = {name: min(networks, SLOW.get(name, networks)) for name in runs}
    calls: dict[str, Callable[[], Any]] = {
        name: partial(run, first[: counts[name]], second[: counts[name]], target)
        for name, run in runs.items()
    }
    assert_agreement({name: call() for name, call in calls.items()}, width)
    clock = time.process_time if threads == 1 else time.perf_counter
    unit = "1 thread" if threads == 1 else f"{threads} threads"
    square = np.random.default_rng(0).normal(size=(SIZE, SIZE))
    seconds = interleaved({**calls, PRODUCT: lambda: square @ square}, repeats, clock)
    peak = 2 * SIZE**3 / min(seconds.pop(PRODUCT)) / 1e9
    rows = []
    for name, measured_seconds in seconds.items():
        told = summary(measured_seconds)
        rate = counts[name] * steps / told["seconds"]
        gigaflops = rate * peers.WORK * width**3 / 1e9
        rows.append(
            {
                "case": f"width {width}, {networks} networks, {unit}",
                "engine": name,
                "threads": threads,
                "network_steps_per_s": rate,
                "gflops": gigaflops,
                "of_dgemm": gigaflops / peak,
                "same_steps": name == "lemmata" or name in peers.SAME_STEPS,
                **told,
            }
        )
    return rows


def main(arguments: list[str]) -> None:
    if len(arguments) == 3:
        profile, threads, target = arguments
        Path(target).write_text(json.dumps(measured(profile, int(threads))))
        return
    print(json.dumps(measure(*(arguments or ["quick"])), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
