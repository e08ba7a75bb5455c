"""Which structure describes a matrix of similarities in the fewest nats."""

from __future__ import annotations

from math import log

import numpy as np

from .arrangements import Distances
from .networks import FloatArray
from .structure_fits import CONTAINS, candidates, squared_distances
from .structure_scores import (
    LEAST_SHARE,
    TOO_FEW,
    Choice,
    Score,
    best_of_kinds,
    none_of_these,
    part_left,
)

__all__ = ["PRECISION", "choose_structure_of_similarity"]

PRECISION = 1e-3
"""Distances are described to this part of their standard deviation."""
DECISIVE = log(20)
"""A structure must be shorter by this, one in twenty, than a special case of it."""


def choose_structure_of_similarity(similarity: FloatArray) -> Choice:
    """Choose for a matrix of similarities ``(P, P)``, of which nothing can be held out.

    The least description length wins: ``n/2 ln(RSS/n) + k/2 ln n`` for ``n`` pairs and ``k``
    values, and the logarithm of the number of arrangements; a constant distance is none of the
    structures.  Pairs count as independent, which they are not, and residuals below ``PRECISION``
    standard deviations as zero.  A structure that contains a simpler one must be shorter than it
    by ``DECISIVE``.
    """
    values = squared_distances(similarity)
    # Similarities of no properties may have negative ones; a constant changes no structure.
    values += max(0.0, -float(np.min(values))) * (1 - np.eye(len(values)))
    distances = Distances(values)
    tried = candidates(distances)
    if not tried:
        return none_of_these("description length", TOO_FEW)
    pairs = np.triu_indices(len(values), 1)
    measured = values[pairs]
    spread, n = float(np.var(measured)), len(measured)
    # Distances that are equal up to the rounding of what they are computed from.
    if spread <= (8 * np.finfo(np.float64).eps * float(np.max(np.abs(similarity)))) ** 2:
        return none_of_these("description length", "all squared distances are equal")
    fitted = [(candidate, candidate.fit(distances)) for candidate in tried]
    fitted = [(candidate, fit) for candidate, fit in fitted if candidate.is_full(fit)]
    tried, fits = [c for c, _ in fitted], [fit for _, fit in fitted]
    left = [part_left(values, fit) for fit in fits]
    lengths = [
        n / 2 * log(max(part, PRECISION**2)) + (c.parameters - 1) / 2 * log(n) + c.log_arrangements
        for part, c in zip(left, tried, strict=True)
    ]
    scores = [
        Score(c, 1 - part, 0.0, 1 - part, length)
        for c, part, length in zip(tried, left, lengths, strict=True)
    ]
    heads = best_of_kinds([-length for length in lengths], tried)
    ranked = sorted(heads, key=lambda k: lengths[k])
    best, reason = _preferred(ranked, scores), ""
    close = [k for k in ranked if k != best and lengths[k] < lengths[best] + DECISIVE]
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
        tuple(tried[k].kind for k in close),
        None,
        None,
        reason,
    )


def _preferred(ranked: list[int], scores: list[Score]) -> int:
    """The shortest, or the shortest special case of it that is hardly longer."""

    def length(k: int) -> float:
        found = scores[k].length
        assert found is not None
        return found

    best = ranked[0]
    for k in ranked[1:]:
        special = scores[k].candidate.kind in CONTAINS.get(scores[best].candidate.kind, ())
        if special and length(k) < length(best) + DECISIVE:
            best = k
    return best
