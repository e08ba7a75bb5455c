"""Which structure fits the similarities of items, judged by properties that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from typing import Literal

import numpy as np

from .arrangements import Distances
from .networks import FloatArray
from .structure_fits import CONTAINS, Candidate, Fit, Kind, candidates, squared_distances

__all__ = [
    "FALSE_ALARM",
    "LEAST_SHARE",
    "PRECISION",
    "Choice",
    "Score",
    "choose_structure",
    "choose_structure_of_similarity",
]

LEAST_SHARE = 2 / 3
"""A structure that explains less than this part of what is reproducible is none."""
FALSE_ALARM = 0.01
"""How often unrelated properties are taken for related ones."""
SHUFFLES = 99
TESTED = 256
"""The test for unrelated properties looks at no more than these."""
FOLDS = 4
"""Parts of the properties; three fit and one scores, in turn."""
MANY_ITEMS = 100
"""From this many items on the properties are parted once, else ``REPEATS`` times."""
REPEATS = 3
PRECISION = 1e-3
"""Distances are described to this part of their standard deviation."""


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

    method: Literal["held-out properties", "description length"]
    best: Score | None
    scores: tuple[Score, ...]
    fit: Fit | None
    residual: float | None
    equals: tuple[Kind, ...]
    reproducible: float | None
    p_value: float | None
    reason: str


def choose_structure(values: FloatArray, rng: np.random.Generator) -> Choice:
    """Choose for items by properties, ``(P, N)``.

    Every structure is fitted to the squared distances of three quarters of the properties and
    scored on the last, every quarter in turn, for several random ways to part them.  The highest
    score wins; a structure that contains a simpler one must beat it by a standard error.  None is
    chosen when a permutation test cannot tell the properties from unrelated ones (each shuffled
    over the items by itself), or when the best explains less than ``LEAST_SHARE`` of what is
    reproducible.  With fewer than four properties nothing can be held out: see
    ``choose_structure_of_similarity``.
    """
    properties = values.shape[1]
    whole = Distances(_distances(values))
    tried = candidates(whole)
    if not tried:
        return _none("held-out properties", "fewer than four items have no structure to tell")
    if properties < FOLDS:
        return choose_structure_of_similarity(values @ values.T / properties)
    p_value = _unrelated(values, rng)
    table, repeats = _held_out(values, tried, rng)
    reproducible = float(np.mean(repeats))
    factor = 1 / sqrt(len(table))
    scores = [
        Score(
            candidate,
            float(np.mean(table[:, k])),
            factor * float(np.std(table[:, k], ddof=1)),
            float(np.mean(table[:, k])) / reproducible if reproducible > 0 else 0.0,
        )
        for k, candidate in enumerate(tried)
    ]
    heads = _best_of_kinds([score.explained for score in scores], tried)
    chosen = _preferred(heads, scores, table, factor)
    best, equals = scores[chosen], _equals(chosen, heads, scores, table, factor)
    reason = ""
    if p_value > FALSE_ALARM:
        reason = (
            f"properties shuffled over the items do as well (p = {p_value:.2f}): they are unrelated"
        )
    elif best.share < LEAST_SHARE:
        reason = (
            f"the best, {best.candidate.kind}, explains {best.share:.0%} of what is reproducible, "
            f"less than {LEAST_SHARE:.0%}"
        )
    ranked = tuple(scores[k] for k in sorted(heads, key=lambda k: -scores[k].explained))
    fit, residual = None, None
    if not reason:
        fit = best.candidate.fit(whole)
        residual = _left(whole.values, fit)
    return Choice(
        "held-out properties",
        None if reason else best,
        ranked,
        fit,
        residual,
        equals,
        reproducible,
        p_value,
        reason,
    )


def choose_structure_of_similarity(similarity: FloatArray) -> Choice:
    """Choose for a matrix of similarities ``(P, P)``, of which nothing can be held out.

    The least description length wins: ``n/2 ln(RSS/n) + k/2 ln n`` for ``n`` pairs and ``k``
    values, and the logarithm of the number of arrangements; a constant distance is none of the
    structures.  Pairs count as independent, which they are not, and residuals below ``PRECISION``
    standard deviations as zero.
    """
    values = squared_distances(similarity)
    # Similarities of no properties may have negative ones; a constant changes no structure.
    values += max(0.0, -float(np.min(values))) * (1 - np.eye(len(values)))
    distances = Distances(values)
    tried = candidates(distances)
    if not tried:
        return _none("description length", "fewer than four items have no structure to tell")
    pairs = np.triu_indices(len(values), 1)
    measured = values[pairs]
    spread, n = float(np.var(measured)), len(measured)
    # Distances that are equal up to the rounding of what they are computed from.
    if spread <= (8 * np.finfo(np.float64).eps * float(np.max(np.abs(similarity)))) ** 2:
        return _none("description length", "all squared distances are equal")
    fitted = [(candidate, candidate.fit(distances)) for candidate in tried]
    fitted = [(candidate, fit) for candidate, fit in fitted if candidate.is_full(fit)]
    tried, fits = [c for c, _ in fitted], [fit for _, fit in fitted]
    left = [_left(values, fit) for fit in fits]
    lengths = [
        n / 2 * log(max(part, PRECISION**2)) + (c.parameters - 1) / 2 * log(n) + c.log_arrangements
        for part, c in zip(left, tried, strict=True)
    ]
    scores = [
        Score(c, 1 - part, 0.0, 1 - part, length)
        for c, part, length in zip(tried, left, lengths, strict=True)
    ]
    heads = _best_of_kinds([-length for length in lengths], tried)
    ranked = sorted(heads, key=lambda k: lengths[k])
    best, reason = ranked[0], ""
    if lengths[best] >= 0:
        reason = "no structure describes the distances in fewer nats than a constant one"
    elif scores[best].share < LEAST_SHARE:
        reason = (
            f"the best, {tried[best].kind}, explains {scores[best].share:.0%} of the variance of "
            f"squared distances, less than {LEAST_SHARE:.0%}"
        )
    return Choice(
        "description length",
        None if reason else scores[best],
        tuple(scores[k] for k in ranked),
        None if reason else fits[best],
        None if reason else left[best],
        (),
        None,
        None,
        reason,
    )


def _none(method: Literal["held-out properties", "description length"], reason: str) -> Choice:
    return Choice(method, None, (), None, None, (), None, None, reason)


def _distances(values: FloatArray) -> FloatArray:
    return squared_distances(values @ values.T / values.shape[1])


def _left(values: FloatArray, fit: Fit) -> float:
    """The part of the variance of squared distances that a fit leaves."""
    pairs = np.triu_indices(len(values), 1)
    measured = values[pairs]
    return float(np.mean((measured - fit.distances[pairs]) ** 2) / np.var(measured))


def _unrelated(values: FloatArray, rng: np.random.Generator) -> float:
    """How often shuffled properties have squared distances of as large a variance.

    Exact: under the hypothesis the table and its shuffles are exchangeable.
    """
    count, properties = values.shape
    if properties > TESTED:
        values = values[:, rng.permutation(properties)[:TESTED]]
    pairs = np.triu_indices(count, 1)
    found = float(np.var(_distances(values)[pairs]))
    as_large = 0
    for _ in range(SHUFFLES):
        shuffled = rng.permuted(values, axis=0)
        as_large += float(np.var(_distances(shuffled)[pairs])) >= found
    return (1 + as_large) / (1 + SHUFFLES)


def _held_out(
    values: FloatArray, tried: Sequence[Candidate], rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Scores ``(fits, candidates)``, and correlations of two parts."""
    count, properties = values.shape
    pairs = np.triu_indices(count, 1)
    rows, repeats = [], []
    for _ in range(1 if count > MANY_ITEMS else REPEATS):
        parts = np.array_split(rng.permutation(properties), FOLDS)
        measured = [_distances(values[:, part]) for part in parts]
        repeats += [_correlation(a[pairs], b[pairs]) for a, b in combinations(measured, 2)]
        for held, part in zip(measured, parts, strict=True):
            seen = np.setdiff1d(np.arange(properties), part)
            distances = Distances(_distances(values[:, seen]))
            fits = [candidate.fit(distances) for candidate in tried]
            correlations = [_correlation(fit.distances[pairs], held[pairs]) for fit in fits]
            rows.append([r * abs(r) for r in correlations])
    return np.array(rows), np.array(repeats)


def _correlation(one: FloatArray, other: FloatArray) -> float:
    """Zero where one of the two does not vary."""
    one, other = one - np.mean(one), other - np.mean(other)
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size > 0 else 0.0


def _best_of_kinds(merits: Sequence[float], tried: Sequence[Candidate]) -> list[int]:
    heads: dict[Kind, int] = {}
    for k, candidate in enumerate(tried):
        best = heads.get(candidate.kind)
        if best is None or merits[k] > merits[best]:
            heads[candidate.kind] = k
    return list(heads.values())


def _preferred(
    heads: Sequence[int], scores: Sequence[Score], table: FloatArray, factor: float
) -> int:
    """The best, or the best of the special cases of it that are within a standard error."""
    chosen = max(heads, key=lambda k: scores[k].explained)
    while True:
        simpler = [
            k
            for k in heads
            if scores[k].candidate.kind in CONTAINS.get(scores[chosen].candidate.kind, ())
            and _lead(chosen, k, table, factor) <= 1
        ]
        if not simpler:
            return chosen
        chosen = max(simpler, key=lambda k: scores[k].explained)


def _equals(
    chosen: int, heads: Sequence[int], scores: Sequence[Score], table: FloatArray, factor: float
) -> tuple[Kind, ...]:
    close = [k for k in heads if k != chosen and _lead(chosen, k, table, factor) <= 1]
    close.sort(key=lambda k: -scores[k].explained)
    return tuple(scores[k].candidate.kind for k in close)


def _lead(one: int, other: int, table: FloatArray, factor: float) -> float:
    """By how many standard errors the first scores higher."""
    lead = table[:, one] - table[:, other]
    mean, error = float(np.mean(lead)), factor * float(np.std(lead, ddof=1))
    if error == 0:
        return 0.0 if mean <= 0 else float("inf")
    return mean / error
