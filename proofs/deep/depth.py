"""Training time against depth: linear networks on whitened digits, from four starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from lemmata.numerics.deep_data import WhitenedData
from lemmata.numerics.deep_descent import descend_until
from lemmata.numerics.deep_devices import Place, placer
from lemmata.numerics.deep_starts import (
    decoupled_weights,
    glorot_weights,
    orthogonal_weights,
    pretrained_weights,
)
from lemmata.numerics.digits import CLASSES
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.statistics import halving_error

from ..verdicts import Status, weakest
from .depth_theory import LossTime, loss_time
from .runs import Cell

__all__ = [
    "PROFILES",
    "SLOW",
    "STARTS",
    "DepthResult",
    "DepthSettings",
    "Flow",
    "Times",
    "depth_cells",
    "depth_result",
]

STARTS = ("decoupled", "orthogonal", "pretrained", "Gaussian")
RATES = tuple(1.9 * 2 ** (-k / 2) for k in range(16))
"""Rates times depth: a stable one is below 2 at the minimum of a decoupled network."""
SLOW = (0.2, 0.1, 0.05)
"""Rates times depth of three descents, halved, that approach the flow."""
VAGUE = 0.1
"""An error budget of more than this share of the time decides nothing."""


@dataclass(frozen=True)
class DepthSettings:
    """What is trained: ``depths`` matrices, all but the last ``components`` squared.

    Until the loss above its least has fallen to ``share`` of that of the map zero, or for ``most``
    updates; decoupled modes start at ``start_scale``, in units of the strongest one.
    """

    depths: tuple[int, ...]
    components: int
    share: float
    start_scale: float
    most: int
    seeds: int


PROFILES = {
    "tiny": DepthSettings((2, 3, 5), 12, 0.02, 0.05, 60, 2),
    "quick": DepthSettings((2, 3, 5, 10, 20, 50, 100), 32, 0.01, 0.05, 2000, 5),
    "full": DepthSettings((2, 3, 5, 8, 12, 20, 32, 50, 70, 100), 50, 0.01, 0.05, 4000, 10),
}


def _seeds(start: str, asked: DepthSettings) -> int:
    """The decoupled start is the same for every seed but for a rotation of the hidden units."""
    return 1 if start == "decoupled" else asked.seeds


def _name(start: str, depth: int, seed: int) -> str:
    return f"{start}, {depth} matrices, seed {seed}"


def _slow_name(depth: int, c: float) -> str:
    return f"decoupled, {depth} matrices, rate {c:g}/{depth}"


def depth_cells(data: WhitenedData, asked: DepthSettings, device: str) -> list[Cell]:
    """One cell for each start, depth and seed, the quick ones first; and the slow descents."""
    place, s = placer(device), data.s.tolist()
    cells = []
    for depth in asked.depths:
        theory = loss_time(depth, s, asked.start_scale, asked.share).time
        cells += [_slow_cell(data, asked, depth, c, theory, place) for c in SLOW]
    for depth in asked.depths:
        for start in STARTS:
            cells += [
                _cell(data, asked, start, depth, seed, place)
                for seed in range(_seeds(start, asked))
            ]
    return cells


def _target(data: WhitenedData, asked: DepthSettings) -> float:
    return asked.share * 0.5 * float(np.sum(data.s**2))


def _widths(data: WhitenedData, depth: int) -> list[int]:
    return [*[data.Sigma31.shape[1]] * depth, CLASSES]


def _cell(
    data: WhitenedData, asked: DepthSettings, start: str, depth: int, seed: int, place: Place
) -> Cell:
    def work(rng: np.random.Generator) -> dict[str, Any]:
        weights, updates = _weights(data, asked, start, depth, rng)
        race = descend_until(
            weights,
            data.Sigma31,
            [c / depth for c in RATES],
            loss=_target(data, asked),
            most=asked.most,
            place=place,
        )
        return {
            "iterations": race.iterations,
            "c": race.rate * depth,
            "left": _finite(race.loss / (0.5 * float(np.sum(data.s**2)))),
            "unstable": len(race.lost),
            "pretraining": updates,
        }

    return Cell(_name(start, depth, seed), work)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _weights(
    data: WhitenedData, asked: DepthSettings, start: str, depth: int, rng: np.random.Generator
) -> tuple[list[FloatArray], int]:
    """Initial weights, and the updates that making them took."""
    widths = _widths(data, depth)
    if start == "decoupled":
        modes = len(data.s)
        return decoupled_weights(data.Sigma31, widths, asked.start_scale, modes, rng), 0
    if start == "pretrained":
        made = pretrained_weights(widths, rng)
        return made.weights, sum(made.updates)
    return (orthogonal_weights if start == "orthogonal" else glorot_weights)(widths, rng), 0


def _slow_cell(
    data: WhitenedData, asked: DepthSettings, depth: int, c: float, theory: float, place: Place
) -> Cell:
    most = 10 + int(10 * theory / c)  # what takes ten times as long as theory's flow refutes it

    def work(rng: np.random.Generator) -> dict[str, Any]:
        weights, _ = _weights(data, asked, "decoupled", depth, rng)
        race = descend_until(
            weights,
            data.Sigma31,
            [c / depth],
            loss=_target(data, asked),
            most=most,
            place=place,
        )
        return {"iterations": race.iterations, "crossing": _finite(race.crossing)}

    return Cell(_slow_name(depth, c), work)


@dataclass(frozen=True)
class Times:
    """Updates from one start at one depth, of every seed at the best of ``RATES`` for it.

    ``iterations``: None where the loss was not reached; ``mean`` and standard ``error`` where all
    reached it, else None; ``c`` the rates times depth; ``theory``: updates of the flow from the
    decoupled start at the median rate.
    """

    start: str
    depth: int
    iterations: list[int | None]
    mean: float | None
    error: float | None
    c: list[float]
    left: list[float | None]
    pretraining: list[int]
    theory: float | None


@dataclass(frozen=True)
class Flow:
    """The decoupled start at small rates against theory: updates times ``c``.

    ``measured``: at each of ``SLOW``; ``budget``: how far the last one may be from the flow, by
    halving, and by one update, between which the loss is reached; and how well theory is known.
    """

    depth: int
    theory: float
    measured: list[float | None]
    difference: float | None
    budget: float | None
    status: Status


@dataclass(frozen=True)
class DepthResult:
    """``infinite``: theory's updates times ``c`` at infinite depth; ``status``: of the flows."""

    times: list[Times]
    flows: list[Flow]
    infinite: float
    status: Status


def depth_result(found: Mapping[str, Any], data: WhitenedData, asked: DepthSettings) -> DepthResult:
    """Means, standard errors, and what is judged, of what the cells found."""
    s = data.s.tolist()
    theory = {d: loss_time(d, s, asked.start_scale, asked.share) for d in asked.depths}
    times = [
        _times(
            [found[_name(start, depth, i)] for i in range(_seeds(start, asked))],
            start,
            depth,
            theory[depth].time,
        )
        for start in STARTS
        for depth in asked.depths
    ]
    flows = [
        _flow([found[_slow_name(depth, c)]["crossing"] for c in SLOW], depth, theory[depth])
        for depth in asked.depths
    ]
    return DepthResult(
        times=times,
        flows=flows,
        infinite=loss_time(None, s, asked.start_scale, asked.share).time,
        status=weakest(flow.status for flow in flows),
    )


def _times(rows: Sequence[Mapping[str, Any]], start: str, depth: int, theory: float) -> Times:
    iterations = [row["iterations"] for row in rows]
    mean = error = None
    if None not in iterations:
        mean = float(np.mean(iterations))
        if len(iterations) > 1:
            error = float(np.std(iterations, ddof=1)) / sqrt(len(iterations))
    c = [row["c"] for row in rows]
    return Times(
        start=start,
        depth=depth,
        iterations=iterations,
        mean=mean,
        error=error,
        c=c,
        left=[row["left"] for row in rows],
        pretraining=[row["pretraining"] for row in rows],
        theory=theory / float(np.median(c)) if start == "decoupled" else None,
    )


def _flow(crossings: Sequence[float | None], depth: int, foretold: LossTime) -> Flow:
    theory = foretold.time
    known = [c * n for c, n in zip(SLOW, crossings, strict=True) if n is not None]
    measured = [None if n is None else c * n for c, n in zip(SLOW, crossings, strict=True)]
    if len(known) < len(SLOW):  # ten times theory's time was not enough
        return Flow(depth, theory, measured, None, None, Status.REFUTED)
    difference = known[-1] - theory
    budget = float(halving_error(known[0], known[1], known[2])) + SLOW[-1] + foretold.spread
    if abs(difference) > budget:
        status = Status.REFUTED
    else:
        status = Status.SAMPLED if budget <= VAGUE * theory else Status.VACUOUS
    return Flow(depth, theory, measured, difference, budget, status)
