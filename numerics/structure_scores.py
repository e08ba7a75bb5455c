"""Scores of structures, what is chosen by them, and how they are ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from .networks import FloatArray
from .structure_fits import CONTAINS, Candidate, Fit, Kind

__all__ = [
    "LEAST_SHARE",
    "TOO_FEW",
    "Choice",
    "Method",
    "Score",
    "as_good",
    "best_of_kinds",
    "heads_of_kinds",
    "none_of_these",
    "part_left",
    "preferred",
]

Method = Literal["held-out properties", "description length"]

LEAST_SHARE = 2 / 3
"""A structure that explains less than this part of what is reproducible is none."""
TOO_FEW = "fewer than four items have no structure to tell"


@dataclass(frozen=True)
class Score:
    """How well the best structure of one kind does.

    ``explained``: held out, the squared correlation of fitted with measured squared distances,
    negative where the correlation is, a mean over splits; else, the part of the variance of
    squared distances that the fit leaves no residual of.  ``error``: standard error of that mean,
    as if splits were independent, 0 where nothing was held out; ``share``: of what is
    reproducible; ``length``: description length in nats less that of a constant distance, None
    where properties were held out.
    """

    candidate: Candidate
    explained: float
    error: float
    share: float
    length: float | None = None


@dataclass(frozen=True)
class Choice:
    """What ``choose_structure`` found.

    ``best``: the chosen structure, None for none of these, and ``reason`` then; ``scores``: the
    best of each kind, best first; ``fit``: of ``best`` to all data, and ``residual`` what part of
    the variance of squared distances it leaves; ``equals``: other kinds
    within one standard error of it; ``reproducible``: correlation of squared distances between
    parts of the properties, the most that any structure can explain of one; ``p_value``: of the
    test for unrelated properties.
    """

    method: Method
    best: Score | None
    scores: tuple[Score, ...]
    fit: Fit | None
    residual: float | None
    equals: tuple[Kind, ...]
    reproducible: float | None
    p_value: float | None
    reason: str


def none_of_these(method: Method, reason: str, p_value: float | None = None) -> Choice:
    """Nothing was compared, for that reason."""
    return Choice(method, None, (), None, None, (), None, p_value, reason)


def part_left(values: FloatArray, fit: Fit) -> float:
    """The part of the variance of squared distances that a fit leaves."""
    pairs = np.triu_indices(len(values), 1)
    measured = values[pairs]
    return float(np.mean((measured - fit.distances[pairs]) ** 2) / np.var(measured))


def best_of_kinds(merits: Sequence[float], tried: Sequence[Candidate]) -> list[int]:
    """Index of the candidate of the largest merit, for each kind."""
    heads: dict[Kind, int] = {}
    for k, candidate in enumerate(tried):
        best = heads.get(candidate.kind)
        if best is None or merits[k] > merits[best]:
            heads[candidate.kind] = k
    return list(heads.values())


def heads_of_kinds(scores: Sequence[Score], table: FloatArray) -> list[int]:
    """The best of each kind, or one with fewer values that is within a standard error of it."""
    tried = [score.candidate for score in scores]
    heads = []
    for best in best_of_kinds([score.explained for score in scores], tried):
        close = [
            k
            for k, candidate in enumerate(tried)
            if candidate.kind == tried[best].kind
            and candidate.parameters <= tried[best].parameters
            and _lead(best, k, table) <= 1
        ]
        heads.append(min(close, key=lambda k: (tried[k].parameters, -scores[k].explained)))
    return heads


def preferred(heads: Sequence[int], scores: Sequence[Score], table: FloatArray) -> int:
    """The best, or the best of the special cases of it that are within a standard error."""
    chosen = max(heads, key=lambda k: scores[k].explained)
    while True:
        simpler = [
            k
            for k in heads
            if scores[k].candidate.kind in CONTAINS.get(scores[chosen].candidate.kind, ())
            and _lead(chosen, k, table) <= 1
        ]
        if not simpler:
            return chosen
        chosen = max(simpler, key=lambda k: scores[k].explained)


def as_good(
    chosen: int, heads: Sequence[int], scores: Sequence[Score], table: FloatArray
) -> tuple[Kind, ...]:
    """Other kinds within a standard error of the chosen one, best first."""
    close = [k for k in heads if k != chosen and _lead(chosen, k, table) <= 1]
    close.sort(key=lambda k: -scores[k].explained)
    return tuple(scores[k].candidate.kind for k in close)


def _lead(one: int, other: int, table: FloatArray) -> float:
    """By how many standard errors the first scores higher; infinite where one was given up."""
    if one == other:
        return 0.0
    lead = table[:, one] - table[:, other]
    if np.any(np.isnan(lead)):
        return float("inf")
    mean = float(np.mean(lead))
    error = float(np.std(lead, ddof=1)) / sqrt(len(lead))
    if error == 0:
        return 0.0 if mean <= 0 else float("inf")
    return mean / error
