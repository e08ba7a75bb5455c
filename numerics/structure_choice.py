"""Which structure fits the similarities of items, judged by properties that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .arrangements import FEW_ITEMS, Distances
from .blas_threads import one_thread_each
from .networks import FloatArray
from .structure_fits import Candidate, candidates, squared_distances
from .structure_lengths import choose_structure_of_similarity
from .structure_scores import (
    LEAST_SHARE,
    TOO_FEW,
    Choice,
    Score,
    as_good,
    heads_of_kinds,
    none_of_these,
    part_left,
    preferred,
)

__all__ = ["FALSE_ALARM", "choose_structure"]

FALSE_ALARM = 0.01
"""How often unrelated properties are taken for related ones."""
SHUFFLES = 99
TESTED = 256
"""The test for unrelated properties looks at no more than these."""
FOLDS = 4
"""Parts of the properties; three fit and one scores, in turn."""
REPEATS = 3
"""Ways to part the properties; one beyond ``FEW_ITEMS``, where scores fluctuate less."""
PROMISING, RIVAL = 0.75, 0.97
"""Beyond ``FEW_ITEMS`` structures are given up that on the first part are below the first of
these parts of the best, or the second of the best of their kind."""


def choose_structure(values: FloatArray, rng: np.random.Generator) -> Choice:
    """Choose for items by properties, ``(P, N)``.

    Every structure is fitted to the squared distances of three quarters of the properties and
    scored on the last, every quarter in turn, for several random ways to part them; with many
    items, one way, and structures far behind on the first quarter are given up.  The highest
    score wins; a structure that contains a simpler one must beat it by a standard error.

    None is chosen when a permutation test cannot tell the properties from unrelated ones (each
    shuffled over the items by itself), or when the best explains less than ``LEAST_SHARE`` of
    what is reproducible.  With fewer than four properties nothing can be held out: see
    ``choose_structure_of_similarity``.
    """
    properties = values.shape[1]
    whole = Distances(_distances(values))
    tried = candidates(whole)
    if not tried:
        return none_of_these("held-out properties", TOO_FEW)
    if properties < FOLDS:
        return choose_structure_of_similarity(values @ values.T / properties)
    p_value = _unrelated(values, rng)
    if p_value > FALSE_ALARM:
        reason = (
            f"properties shuffled over the items are as much alike (p = {p_value:.2f}): these are "
            "unrelated, so that no structure is looked for"
        )
        return none_of_these("held-out properties", reason, p_value)
    with one_thread_each():  # small products, many of them
        table, repeats = _held_out(values, tried, rng)
    reproducible = float(np.mean(repeats))
    scores = [_score(c, table[:, k], reproducible) for k, c in enumerate(tried)]
    heads = heads_of_kinds(scores, table)
    chosen = preferred(heads, scores, table)
    best, equals = scores[chosen], as_good(chosen, heads, scores, table)
    reason = ""
    if best.share < LEAST_SHARE:
        reason = (
            f"the best, {best.candidate.kind}, explains {best.share:.0%} of what is reproducible, "
            f"less than {LEAST_SHARE:.0%}"
        )
    ranked = tuple(scores[k] for k in sorted(heads, key=lambda k: -scores[k].explained))
    fit, residual = None, None
    if not reason:
        fit = best.candidate.fit(whole)
        residual = part_left(whole.values, fit)
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


def _score(candidate: Candidate, column: FloatArray, reproducible: float) -> Score:
    tried = column[~np.isnan(column)]
    mean = float(np.mean(tried))
    error = float(np.std(tried, ddof=1)) / sqrt(len(tried)) if len(tried) > 1 else 0.0
    return Score(candidate, mean, error, mean / reproducible if reproducible > 0 else 0.0)


def _distances(values: FloatArray) -> FloatArray:
    return squared_distances(values @ values.T / values.shape[1])


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
    """Scores ``(fits, candidates)``, nan where given up, and correlations of two parts."""
    count, properties = values.shape
    pairs, many = np.triu_indices(count, 1), count > FEW_ITEMS
    rows: list[FloatArray] = []
    repeats, kept = [], np.ones(len(tried), dtype=bool)
    for _ in range(1 if many else REPEATS):
        parts = np.array_split(rng.permutation(properties), FOLDS)
        measured = [_distances(values[:, part]) for part in parts]
        repeats += [_correlation(a[pairs], b[pairs]) for a, b in combinations(measured, 2)]
        for held, part in zip(measured, parts, strict=True):
            seen = np.setdiff1d(np.arange(properties), part)
            distances = Distances(_distances(values[:, seen]))
            row = np.full(len(tried), np.nan)
            for k in np.flatnonzero(kept).tolist():
                fitted = tried[k].fit(distances).distances[pairs]
                correlation = _correlation(fitted, held[pairs])
                row[k] = correlation * abs(correlation)
            rows.append(row)
            if many and len(rows) == 1:
                kept = _rivals(row, tried)
    return np.array(rows), np.array(repeats)


def _rivals(row: FloatArray, tried: Sequence[Candidate]) -> NDArray[np.bool_]:
    best = float(np.max(row))
    kept: NDArray[np.bool_] = row >= min(PROMISING * best, best)
    for kind in {candidate.kind for candidate in tried}:
        same = np.array([candidate.kind == kind for candidate in tried])
        kept &= ~same | (row >= RIVAL * np.max(row[same]))
    return kept


def _correlation(one: FloatArray, other: FloatArray) -> float:
    """Zero where one of the two does not vary."""
    one, other = one - np.mean(one), other - np.mean(other)
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size > 0 else 0.0
