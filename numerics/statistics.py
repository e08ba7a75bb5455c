"""Error budgets with named terms, and thresholds with a declared false-alarm rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

__all__ = ["ErrorBudget", "gaussian_maximum_threshold", "halving_error", "hoeffding_radius"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ErrorBudget:
    """Named bounds on the error of a number, or of every entry of an array.

    ``terms`` maps a source of error ("step", "roundoff", ...) to its size, in the units of the
    quantity; sizes broadcast against each other.  They are added, never combined as squares: no
    independence is assumed.  Raises ``ValueError`` for no term or a negative or infinite size.
    """

    terms: Mapping[str, FloatArray]

    def __post_init__(self) -> None:
        if not self.terms:
            raise ValueError("terms is empty: name at least one source of error")
        sizes = {name: np.asarray(size, dtype=np.float64) for name, size in self.terms.items()}
        for name, size in sizes.items():
            if not np.all(np.isfinite(size) & (size >= 0)):
                raise ValueError(f"terms[{name!r}]={size}: give finite sizes, zero or more")
        object.__setattr__(self, "terms", sizes)

    @property
    def total(self) -> FloatArray:
        """Sum of the terms."""
        return np.asarray(sum(self.terms.values()), dtype=np.float64)

    @property
    def dominant(self) -> str:
        """Name of the term that is largest anywhere."""
        return max(self.terms, key=lambda name: float(np.max(self.terms[name])))

    def worst(self, difference: ArrayLike) -> float:
        """Largest ``|difference| / total``; infinite where a difference has no budget or is NaN."""
        size = np.abs(np.asarray(difference, dtype=np.float64))
        size, total = np.broadcast_arrays(size, self.total)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = np.where(size == 0, 0.0, size / total)
        return float(np.max(np.where(np.isnan(ratio), np.inf, ratio)))

    def explains(self, difference: ArrayLike) -> bool:
        """Whether every ``|difference|`` is within ``total``; a NaN is never explained."""
        return bool(np.all(np.abs(np.asarray(difference, dtype=np.float64)) <= self.total))

    def plus(self, **terms: ArrayLike) -> ErrorBudget:
        """Return the budget with further terms; ``ValueError`` for a name already present."""
        twice = self.terms.keys() & terms.keys()
        if twice:
            raise ValueError(f"terms {sorted(twice)} are in the budget already: rename them")
        added = {name: np.asarray(size, dtype=np.float64) for name, size in terms.items()}
        return ErrorBudget({**self.terms, **added})


def halving_error(
    coarse: ArrayLike, middle: ArrayLike, fine: ArrayLike, order: int = 1
) -> FloatArray:
    """Bound the error of ``fine`` from runs at steps ``h``, ``h/2`` and ``h/4``.

    With ``d1 = coarse - middle``, ``d2 = middle - fine`` and ``p = order`` the bound is
    ``(|d2| + |d1 - 2^p d2|) / (2^p - 1)``.  For an error ``c h^p + d h^(p+1)`` the leading term of
    ``fine`` is ``d2 / (2^p - 1)`` up to less than the second part, which measures how far the runs
    are from that law; the bound fails only where terms beyond ``h^(p+1)`` matter.
    Raises ``ValueError`` for an order below 1.
    """
    if order < 1:
        raise ValueError(f"order={order}: give the order of the method, 1 or more")
    runs = [np.asarray(run, dtype=np.float64) for run in (coarse, middle, fine)]
    first, second = runs[0] - runs[1], runs[1] - runs[2]
    bound = (np.abs(second) + np.abs(first - 2**order * second)) / (2**order - 1)
    return np.asarray(bound, dtype=np.float64)


def gaussian_maximum_threshold(false_alarm: float, count: int) -> float:
    """Threshold that ``max_i |z_i|`` of ``count`` standard normal deviations rarely exceeds.

    The solution ``z`` of ``count * 2 (1 - Phi(z)) = false_alarm``, so that by the union bound
    ``P(max_i |z_i| > z) <= false_alarm`` however the deviations depend on each other.  Sequential
    use: spend a part of ``false_alarm`` on every look.  Raises ``ValueError`` outside
    ``0 < false_alarm < 1``, ``count >= 1``.
    """
    _check_rate(false_alarm, count=count)
    return float(norm.isf(false_alarm / (2 * count)))


def hoeffding_radius(false_alarm: float, trials: int, width: float, count: int = 1) -> float:
    """Deviation that ``count`` means of ``trials`` bounded draws exceed with rare chance.

    ``width sqrt(ln(2 count / false_alarm) / (2 trials))`` for independent draws in an interval of
    length ``width`` (Hoeffding 1963, theorem 2, with the union bound); exact at any number of
    trials, no Gaussian limit.  Raises ``ValueError`` for arguments out of range.
    """
    _check_rate(false_alarm, count=count, trials=trials)
    if not (np.isfinite(width) and width > 0):
        raise ValueError(f"width={width!r}: give the length of the interval, above zero")
    return float(width * np.sqrt(np.log(2 * count / false_alarm) / (2 * trials)))


def _check_rate(false_alarm: float, **counts: int) -> None:
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm={false_alarm!r}: give a probability between 0 and 1")
    for name, value in counts.items():
        if value < 1:
            raise ValueError(f"{name}={value!r}: give 1 or more")
