"""What is read off sampled singular values: moments, tail functions, histograms.

Everything is computed from the natural logarithms of the squared singular values, decreasing along
the last axis, ``-inf`` where they are zero or not known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["fractions_above", "histogram", "log_moment", "relative_variance"]

FloatArray = NDArray[np.float64]


def log_moment(log_squares: FloatArray, order: int) -> FloatArray:
    """``ln((1/N) sum_i lambda_i^order)`` of every draw, ``(...)``; ``-inf`` if all are zero."""
    top = log_squares[..., 0]
    known = np.isfinite(top)
    shifted = log_squares - np.where(known, top, 0.0)[..., None]
    mean = np.mean(np.exp(order * shifted), axis=-1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(known, order * top, 0.0) + np.log(mean))


def relative_variance(log_squares: FloatArray) -> FloatArray:
    """Variance of the squared singular values of every draw over their squared mean.

    0 where all are zero.
    """
    second, first = log_moment(log_squares, 2), log_moment(log_squares, 1)
    known = np.isfinite(first)
    gap = np.where(known, second, 0.0) - 2 * np.where(known, first, 0.0)
    return np.asarray(np.expm1(gap))


def fractions_above(log_squares: FloatArray, thresholds: ArrayLike) -> FloatArray:
    """Fraction of the squared singular values above ``exp(threshold)``, ``(..., thresholds)``.

    The ``i``-th largest of ``N`` stands for the fraction ``(i - 1/2)/N``, and between two of them
    the fraction is linear in the logarithm: a count would only tell multiples of ``1/N``.
    """
    at = np.asarray(thresholds, dtype=np.float64)
    flat = log_squares.reshape(-1, log_squares.shape[-1])
    count = flat.shape[-1]
    ranks = (np.arange(count) + 0.5) / count
    # Values that are not known are far below any threshold.
    lowest = np.nextafter(-np.inf, 0)
    rows = [
        1 - np.interp(at, np.maximum(row, lowest)[::-1], ranks) if count else at for row in flat
    ]
    return np.asarray(rows).reshape(*log_squares.shape[:-1], *at.shape)


def histogram(log_squares: FloatArray, edges: ArrayLike) -> NDArray[np.int64]:
    """How many values of all draws lie in each bin of logarithms ``(edges - 1,)``."""
    return np.asarray(np.histogram(log_squares, np.asarray(edges))[0], dtype=np.int64)
