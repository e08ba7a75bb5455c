"""Bounds that chance respects at a stated rate, without normality, and what a finite size does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom

from .statistics import ErrorBudget

__all__ = ["Median", "draws_needed", "median_interval", "size_budget", "soft_mean"]

FloatArray = NDArray[np.float64]


class Median(NamedTuple):
    """The middle of some draws, and how far the median of their law may lie from it."""

    value: FloatArray
    radius: FloatArray


def soft_mean(
    values: ArrayLike, centre: float, variance: float, false_alarm: float
) -> tuple[float, float]:
    """A mean of ``values``, and how far it may lie from ``centre``.

    If the values are independent, of mean ``centre`` and a variance of at most ``variance``, the
    distance exceeds the radius ``sqrt(2 v ln(2 / false_alarm) / n)`` with a probability of at most
    ``false_alarm``, whatever their law.  With ``psi(x) = sign(x) ln(1 + |x| + x^2/2)`` and
    ``a = sqrt(2 ln(2 / false_alarm) / (n v))`` the mean is
    ``centre + (1/(n a)) sum psi(a (x - centre))``: ``exp(psi(y)) <= 1 + y + y^2/2`` bounds the
    mean of ``exp(sum psi)`` by ``exp(n a^2 v / 2)``, and Markov's inequality does the rest
    (Catoni, Challenging the empirical mean and empirical variance, 2012).
    Raises ``ValueError`` for no values, a variance that is not positive, and a rate outside (0, 1).
    """
    given = np.asarray(values, dtype=np.float64).ravel()
    _check_rate(false_alarm)
    if not len(given):
        raise ValueError("values is empty: give at least one draw")
    if not (np.isfinite(variance) and variance > 0):
        raise ValueError(f"variance={variance!r}: give a positive finite number")
    spent = log(2 / false_alarm)
    scale = sqrt(2 * spent / (len(given) * variance))
    steps = scale * (given - centre)
    softened = np.sign(steps) * np.log1p(np.abs(steps) + steps**2 / 2)
    mean = centre + float(np.mean(softened)) / scale
    return mean, sqrt(2 * variance * spent / len(given))


def draws_needed(false_alarm: float) -> int:
    """The fewest draws from which ``median_interval`` can tell anything."""
    _check_rate(false_alarm)
    return int(np.floor(log(2 / false_alarm) / log(2))) + 1


def median_interval(draws: ArrayLike, false_alarm: float) -> Median:
    """The median of the first axis, and a radius that holds at the rate ``false_alarm``.

    Between the ``k``-th smallest and the ``k``-th largest of ``n`` independent draws lies every
    median of their law, but for a probability of ``2 P(Binomial(n, 1/2) < k)``: exact for every
    law.  The radius is the larger distance of the two from the middle; infinite where there are
    fewer than ``draws_needed``.  Raises ``ValueError`` for no draws or a rate outside (0, 1).
    """
    _check_rate(false_alarm)
    ordered = np.sort(np.asarray(draws, dtype=np.float64), axis=0)
    n = len(ordered)
    if not n:
        raise ValueError("draws is empty: give at least one draw")
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    k = _rank(n, false_alarm)
    if not k:
        return Median(middle, np.full_like(middle, np.inf))
    low, high = ordered[k - 1], ordered[n - k]
    return Median(middle, np.maximum(high - middle, middle - low))


def _rank(n: int, false_alarm: float) -> int:
    """The largest ``k`` with ``2 P(Binomial(n, 1/2) < k) <= false_alarm``, 0 if there is none."""
    k = int(binom.ppf(false_alarm / 2, n, 0.5)) + 1
    while k > 0 and 2 * binom.cdf(k - 1, n, 0.5) > false_alarm:
        k -= 1
    return k


def size_budget(medians: Sequence[Median], sizes: Sequence[int], order: float) -> ErrorBudget:
    """How far the value at the largest of three sizes may be from that at unlimited size.

    Sizes increase, each some three times the one before.  If the value at size ``n`` is
    ``limit + c n^-p + d n^-q`` with ``p = order``, ``q >= 1`` and ``q > p``, then, with
    ``d1 = coarse - middle``, ``d2 = middle - fine`` and ``r = 3^p``,
    ``(|d2| + |d1 - r d2|) / (r - 1)`` bounds ``|fine - limit|``: the first part is off by
    ``d n^-q (3^q - r) / (r - 1)``, and the second part is ``3^q - 1 >= 2`` times as large, which
    makes room for sizes that are not exactly three times each other.  The radii enter with the
    factors that the medians have.  Terms: "sampling", "size" and "sampling of sizes".  Raises
    ``ValueError`` for an order that is not in (0, 1], and for sizes that do not grow by factors
    from 2.5 to 4.
    """
    if not 0 < order <= 1:
        raise ValueError(f"order={order!r}: give a power above 0, at most 1")
    ratios = [high / low for low, high in pairwise(sizes)]
    if len(ratios) != 2 or not all(2.5 <= ratio <= 4 for ratio in ratios):
        raise ValueError(f"sizes={list(sizes)}: give three, each some three times the one before")
    coarse, middle, fine = medians
    first, second = (ratio**order for ratio in ratios)
    # d1 = weight d2 where n^-p is the whole law.
    weight = second * (first - 1) / (second - 1)
    d1, d2 = coarse.value - middle.value, middle.value - fine.value
    size = np.abs(d2) + np.abs(d1 - weight * d2)
    radii = coarse.radius + (2 + weight) * middle.radius + (1 + weight) * fine.radius
    return ErrorBudget(
        {
            "sampling": fine.radius,
            "size": size / (second - 1),
            "sampling of sizes": radii / (second - 1),
        }
    )


def _check_rate(false_alarm: float) -> None:
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm={false_alarm!r}: give a probability between 0 and 1")
