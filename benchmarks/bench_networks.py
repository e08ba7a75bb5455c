"""Many small linear networks: network-steps a second, against the fastest peers.

The problem is told in ``peers``.  One thread each; before anything is timed all must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from lemmata.numerics.many_networks import integrate_many

from . import peers
from .machine import matrix_product_rate
from .timing import Row, interleaved, summary

QUICK = {8: (64, 1024), 16: (256,), 32: (32,), 64: (8,)}
FULL = {8: (64, 16384), 16: (64, 2048), 32: (16, 512), 64: (4, 64)}
"""Numbers of networks, by width."""
SLOW = {
    "scipy, DOP853 in a loop": 2,
    "torchdiffeq, 3/8 rule": 64,
    "diffrax": 256,
    "torch, eager": 4096,
    "torch, compiled": 4096,
}
"""The most networks given to peers that need long; their rate is scaled.

Of PyTorch a smaller batch flatters: what does not fit into the cache is slower."""
COMPILED = ("torch, compiled",)
"""Left out of the quick profile: the compiler alone needs a minute."""


def ours(first: Any, second: Any, target: Any) -> Any:
    record = integrate_many(
        [first, second], target, times=[peers.STEPS * peers.STEP], step=peers.STEP, workers=1
    )
    return record.weights[0][0], record.weights[1][0]


def measure(profile: str) -> list[Row]:
    """One row per width, number of networks and engine."""
    sizes, repeats = (QUICK, 3) if profile == "quick" else (FULL, 5)
    peak, rows = matrix_product_rate(), []
    runs, missing = made(leave_out=COMPILED if profile == "quick" else ())
    for width, counts in sizes.items():
        for networks in counts:
            rows += compare(width, networks, runs, repeats, peak)
    return rows + [{"case": "all", "engine": name, "note": "not installed"} for name in missing]


def made(leave_out: tuple[str, ...] = ()) -> tuple[dict[str, peers.Run], list[str]]:
    """All ways of computing, ours first; and the names of those that are not installed."""
    runs: dict[str, peers.Run] = {"lemmata": ours}
    missing = []
    for name, make in {**peers.SAME_STEPS, **peers.SAME_ORDER}.items():
        if name in leave_out:
            continue
        try:
            runs[name] = make()
        except ImportError:
            missing.append(name)
    return runs, missing


def problem(width: int, networks: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    first, second = (rng.normal(size=(networks, width, width)) / 10 for _ in range(2))
    return first, second, np.diag(np.linspace(1, 3, width))


def compare(
    width: int, networks: int, runs: dict[str, peers.Run], repeats: int, peak: float
) -> list[Row]:
    """Rows of one case; ``peak``: GFLOP/s of this machine's matrix product."""
    first, second, target = problem(width, networks)
    counts = {name: min(networks, SLOW.get(name, networks)) for name in runs}
    calls: dict[str, Callable[[], Any]] = {
        name: partial(run, first[: counts[name]], second[: counts[name]], target)
        for name, run in runs.items()
    }
    assert_agreement({name: call() for name, call in calls.items()}, width)
    rows = []
    for name, seconds in interleaved(calls, repeats).items():
        told = summary(seconds)
        rate = counts[name] * peers.STEPS / told["seconds"]
        gigaflops = rate * peers.WORK * width**3 / 1e9
        rows.append(
            {
                "case": f"width {width}, {networks} networks",
                "engine": name,
                "network_steps_per_s": rate,
                "gflops": gigaflops,
                "of_dgemm": gigaflops / peak,
                "same_steps": name == "lemmata" or name in peers.SAME_STEPS,
                **told,
            }
        )
    return rows


def assert_agreement(found: dict[str, Any], width: int) -> None:
    """Same steps: equal up to rounding; another method: up to the errors of both.

    Rounding: products of ``width`` terms, four stages, all steps; weights are below 2.  Error of
    the steps: of order 4 in rates up to 3 and over a time of 2, below 2 (3 h)^4; DOP853 was asked
    for 1e-7.
    """
    rounding = 8 * peers.STEPS * width * np.finfo(float).eps
    method = 2 * (3 * peers.STEP) ** 4 + 1e-6
    for name, layers in found.items():
        allowed = rounding if name == "lemmata" or name in peers.SAME_STEPS else method
        for one, other in zip(layers, found["numpy"], strict=True):
            worst = np.abs(one - other[: len(one)]).max()
            if not worst <= allowed:
                raise AssertionError(f"{name} differs by {worst:.2g} at width {width}")
