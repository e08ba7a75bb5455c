"""What training and certified integration cost: number of networks, width, depth, digits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from lemmata.numerics.engines import flow_engine
from lemmata.numerics.network_taylor import integrate_network
from lemmata.numerics.taylor import integrate_polynomial

from .machine import matrix_product_rate
from .timing import Row, interleaved, summary

STEP, STEPS = 1 / 100, 50
WORK = 2e10
"""Floating point operations of one run, about: half a second."""


def measure(profile: str) -> list[Row]:
    """One row per point; every dependence is a case."""
    quick = profile == "quick"
    peak, repeats = matrix_product_rate(), 3 if quick else 7
    return [
        *_trained(peak, repeats, quick),
        *_certified(repeats if not quick else 3, quick),
    ]


def _trained(peak: float, repeats: int, quick: bool) -> Iterator[Row]:
    for networks in (1, 16, 256, 4096) if quick else (1, 4, 16, 64, 256, 1024, 4096, 16384):
        yield _flow("number of networks, width 8", f"{networks}", 8, 2, networks, peak, repeats)
    for width in (4, 8, 16, 32, 64, 128) if quick else (2, 4, 8, 16, 32, 48, 64, 96, 128, 256, 512):
        count = _networks(width, 2)
        yield _flow("width", f"{width}", width, 2, count, peak, repeats)
    for layers in (2, 3, 5) if quick else (2, 3, 4, 5, 7, 10):
        count = _networks(16, layers)
        yield _flow("layers of weights, width 16", f"{layers}", 16, layers, count, peak, repeats)


def _operations(width: int, layers: int) -> int:
    """Of one step: four stages, in each the map and two products a layer above the first."""
    return 4 * 3 * (layers - 1) * 2 * width**3


def _networks(width: int, layers: int) -> int:
    return max(1, min(4096, int(WORK / STEPS / _operations(width, layers))))


def _flow(
    case: str, point: str, width: int, layers: int, networks: int, peak: float, repeats: int
) -> Row:
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(networks, width, width)) / (2 * width**0.5) for _ in range(layers)]
    target, engine = np.diag(np.linspace(1, 2, width)), flow_engine(width, workers=1)

    def run() -> None:
        engine(weights, target, times=[STEP * STEPS], step=STEP)

    run()
    told = summary(interleaved({"lemmata": run}, repeats)["lemmata"])
    rate = networks * STEPS / told["seconds"]
    gigaflops = rate * _operations(width, layers) / 1e9
    return {
        "case": case,
        "engine": f"lemmata, {point}",
        "network_steps_per_s": rate,
        "gflops": gigaflops,
        "of_dgemm": gigaflops / peak,
        **told,
    }


def _certified(repeats: int, quick: bool) -> Iterator[Row]:
    for digits in (15, 50, 100, 300) if quick else (15, 30, 50, 100, 200, 500, 1000):
        yield _timed("digits, one mode", f"{digits}", repeats, lambda d=digits: _mode(d))
    sizes = ((2, 15), (2, 50), (4, 15)) if quick else (
        (2, 15), (2, 30), (2, 50), (2, 100), (4, 15), (4, 30), (4, 50), (8, 15), (8, 30), (16, 15),
    )  # fmt: skip
    for width, digits in sizes:
        yield _timed(
            "width and digits, certified network",
            f"{width} x {width}, {digits} digits",
            3,
            lambda w=width, d=digits: _network(w, d),
        )


def _mode(digits: int) -> Any:
    return integrate_polynomial([0, 6, -2], Fraction(1, 1000), [Fraction(9, 5)], digits)


def _network(width: int, digits: int) -> Any:
    rng = np.random.default_rng(0)
    weights = [
        [[Fraction(int(x), 1000) for x in row] for row in rng.integers(-9, 10, (width, width))]
        for _ in range(2)
    ]
    target = [[Fraction(i + 1, width) * 3 * (i == j) for j in range(width)] for i in range(width)]
    return integrate_network(weights, target, times=[Fraction(5)], digits=digits)


def _timed(case: str, point: str, repeats: int, call: Callable[[], Any]) -> Row:
    call()
    times = interleaved({"lemmata": call}, repeats, time.process_time)["lemmata"]
    return {"case": case, "engine": f"lemmata, {point}", **summary(times)}
