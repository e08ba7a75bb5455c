"""Singular values of long products of matrices, the smallest as accurate as the largest.

In a product that is multiplied out all singular values below ``eps`` times the largest are lost.
Here it is kept as ``Q diag(exp(c)) T`` with ``T`` upper triangular and rows of length 1: the large
differences in size sit in the exponents ``c``, and ``T`` stays well-conditioned where directions
grow at different rates (as in the computation of Lyapunov exponents; Stewart, On graded QR
decompositions of products of matrices, 1995).  One-sided Jacobi rotations then find every singular
value of ``diag(exp(c)) T`` to a relative accuracy of the order ``eps cond(T)`` (Drmac and Veselic,
New fast and accurate Jacobi SVD algorithm, 2008).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

__all__ = ["GradedProduct"]

FloatArray = NDArray[np.float64]

LOWEST = -600.0
"""Rows below ``exp(-600)`` of the largest are left out: float64 ends at ``exp(-708)``."""


class GradedProduct:
    """A product of square matrices ``W_D ... W_1``, one factor after the other."""

    def __init__(self, first: FloatArray) -> None:
        self._basis, triangle = np.linalg.qr(first)
        self._triangle, self._logs = _unit_rows(triangle)

    def multiply(self, factor: FloatArray) -> None:
        """Put ``factor`` on the left of the product."""
        self._basis, step = np.linalg.qr(factor @ self._basis)
        known = np.isfinite(self._logs)
        # Rows that are larger stand above: what is combined is never larger than what it joins.
        shift = np.where(known, self._logs, 0.0)
        with np.errstate(over="ignore", under="ignore"):
            scale = np.exp(np.where(known, shift[None, :] - shift[:, None], -np.inf))
        self._triangle, more = _unit_rows(np.triu(step * np.triu(scale)) @ self._triangle)
        self._logs = np.where(known, shift + more, -np.inf)

    def log_singular_values(self) -> FloatArray:
        """Natural logarithms of all singular values, decreasing.

        ``-inf`` for those that are zero, or below ``exp(-600)`` of the largest.
        """
        top = float(np.max(self._logs))
        found = np.full(len(self._logs), -np.inf)
        if not np.isfinite(top):
            return found
        kept = self._logs - top > LOWEST
        scaled = np.exp(self._logs[kept] - top)[:, None] * self._triangle[kept]
        # The Jacobi method is accurate for columns of different sizes, hence the transpose.
        sizes = jacobi_singular_values(np.ascontiguousarray(scaled.T))
        with np.errstate(divide="ignore"):
            found[: len(sizes)] = np.log(sizes) + top
        return found


def jacobi_singular_values(matrix: FloatArray) -> FloatArray:
    """Singular values of ``(m, n)``, ``m >= n``, decreasing, each to a high relative accuracy.

    Where ``matrix = B diag(d)`` with a well-conditioned ``B``, however different the ``d`` are.
    Raises ``FloatingPointError`` where the rotations do not come to an end.
    """
    sizes, _, _, scaling, _, problem = lapack.dgejsv(
        matrix, joba=0, jobu=3, jobv=3, jobr=0, jobt=0, jobp=0
    )
    if problem:
        raise FloatingPointError(f"the Jacobi rotations do not converge (info = {problem})")
    return np.sort(np.asarray(sizes * (scaling[1] / scaling[0])))[::-1]


def _unit_rows(triangle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rows of length 1, and the logarithms of their lengths."""
    lengths = np.linalg.norm(triangle, axis=-1)
    with np.errstate(divide="ignore"):
        logs = np.log(lengths)
    return triangle / np.where(lengths > 0, lengths, 1.0)[:, None], logs
