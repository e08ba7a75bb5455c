"""Whether one of two paired measurements is smaller, by an exact test of signs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..verdicts import Status

__all__ = ["MOST_PAIRS", "judged_order", "sign_flip_rate"]

MOST_PAIRS = 22
"""Pairs whose 2^22 patterns of signs are counted."""


def sign_flip_rate(differences: Sequence[int]) -> float:
    """Share of the patterns of signs for which ``sum +-d_i`` is at least ``sum d_i``.

    Where the two members of a pair are exchangeable, as two measurements that follow one law
    independently are, every pattern is equally likely: the share is at most ``p`` with a
    probability of at most ``p``, whatever the law.  Whole numbers, so that ties are ties.  Raises
    ``ValueError`` for no pair or too many.
    """
    if not 1 <= len(differences) <= MOST_PAIRS:
        raise ValueError(f"pairs={len(differences)}: give 1 to {MOST_PAIRS}")
    sums = np.zeros(1, dtype=np.int64)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    return float(np.mean(sums >= sum(differences)))


def judged_order(smaller: Sequence[int], larger: Sequence[int], false_alarm: float) -> Status:
    """Whether the first of the paired measurements is the smaller one.

    Sampled where the test of signs says so, refuted where it says the opposite, each wrongly with a
    probability of at most ``false_alarm / 2`` where there is no difference; undecided otherwise.
    """
    gaps = [b - a for a, b in zip(smaller, larger, strict=True)]
    if sign_flip_rate(gaps) <= false_alarm / 2:
        return Status.SAMPLED
    if sign_flip_rate([-gap for gap in gaps]) <= false_alarm / 2:
        return Status.REFUTED
    return Status.UNDECIDED
