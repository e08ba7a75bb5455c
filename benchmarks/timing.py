"""Medians and spreads of runs that take turns, and the rows that tables are made of."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]
LONGEST, FEWEST = 60, 3
"""Seconds for the turns of one case, and the turns it takes all the same."""


def interleaved(
    calls: Mapping[str, Callable[[], object]],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of ``repeats`` runs of each call, in turns: what disturbs one disturbs all.

    Once ``LONGEST`` seconds are spent, ``FEWEST`` turns are enough.
    """
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    began = time.perf_counter()
    for turn in range(repeats):
        if turn >= FEWEST and time.perf_counter() - began > LONGEST:
            break
        for name, call in calls.items():
            before = clock()
            call()
            seconds[name].append(clock() - before)
    return seconds


def summary(seconds: list[float]) -> Row:
    """Median, spread (largest less smallest, over the median) and number of runs."""
    median = statistics.median(seconds)
    return {
        "seconds": median,
        "spread": (max(seconds) - min(seconds)) / median,
        "repeats": len(seconds),
    }
