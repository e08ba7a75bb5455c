"""Spectra of products of free matrices, from their S-transforms.

For a measure on the positive axis ``M(x) = E x s / (1 - x s)``; with its inverse function ``chi``
the S-transform is ``S(u) = chi(u) (1 + u) / u``, and those of free factors multiply (Voiculescu,
Multiplication of certain non-commuting random variables, 1987).  Solved for ``u`` at
``x = 1/lambda``, for ``lambda`` just above the real axis, ``-Im u / pi`` is the density of
``ln lambda``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LogSpectrum", "free_product_spectrum"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

STEP = 0.05
"""Steps in ``ln lambda``: the solution changes on the scale of the angle it starts with, 1."""
ANGLES = (1.0, 0.6, 0.35, 0.2, 0.1, 0.05, 0.025, 0.0125, 0.006, 0.003, 0.0015, 0.00075)
"""Angles of ``lambda`` above the axis, one solution leading to the next; a density is smoothed by
the last of them, in units of ``ln lambda``, which is half of the one before."""
AHEAD = 12.0
"""Logarithm of how far outside the spectrum the solution is known to first order."""
SOLVED, MOST_STEPS = 1e-10, 30
AT_ONCE = 24
"""Values of lambda that are solved for side by side, in the caches."""


class LogSpectrum(NamedTuple):
    """``density`` of ``ln lambda`` at ``logs``, increasing, and the ``tail`` above each.

    ``error`` of the tail: how much it changes from twice the step and from twice the last angle.
    """

    logs: FloatArray
    density: FloatArray
    tail: FloatArray
    error: FloatArray


def free_product_spectrum(
    points: ArrayLike, weights: ArrayLike, gaussian: bool, low: float, high: float
) -> LogSpectrum:
    """Squared singular values of ``W_L D_L ... W_1 D_1``, between ``exp(low)`` and ``exp(high)``.

    ``points`` ``(L, n)``: values that the squares of the diagonal ``D_l`` take, with the
    probabilities ``weights``, of the same shape; the ``W_l`` are orthogonal or, where ``gaussian``,
    have independent Gaussian entries of variance ``1/N``: S-transforms 1 and ``1/(1 + u)``.
    ``high`` must lie above the spectrum, which must have no atom but at 0.  Ends above ``exp(low)``
    where nothing is found any more, which is below a spectrum.  Raises ``ValueError`` for shapes
    that do not fit and ``FloatingPointError`` where no solution is found.
    """
    if not low < high:
        raise ValueError(f"low={low}, high={high}: give an interval of logarithms")
    system = _System(np.asarray(points, dtype=float), np.asarray(weights, dtype=float), gaussian)
    steps = int(np.ceil((high - low) / STEP - 1e-9))
    logs: FloatArray = np.asarray(high - STEP * np.arange(steps + 1), dtype=np.float64)
    u, x = system.marched(logs)
    before, found = u.copy(), 0
    for first in range(0, len(u), AT_ONCE):
        part = slice(first, min(first + AT_ONCE, len(u)))
        try:
            for angle in ANGLES[1:]:
                before[part] = u[part]
                at: ComplexArray = np.asarray(logs[part] + 1j * angle, dtype=np.complex128)
                u[part], x[part] = system.solved(at, u[part], x[part])
        except FloatingPointError:
            break
        found = part.stop
    if found < 3:
        raise FloatingPointError(f"no solution is found at ln lambda = {high:.3g}")
    logs, u, before = logs[:found], u[:found], before[:found]
    density = -u.imag / np.pi
    tail = _summed(density, STEP)
    rough = np.interp(-logs, -logs[::2], _summed(density[::2], 2 * STEP))
    error = np.abs(tail - rough) + np.abs(tail - _summed(-before.imag / np.pi, STEP))
    return LogSpectrum(logs[::-1], np.maximum(density, 0.0)[::-1], tail[::-1], error[::-1])


def _summed(density: FloatArray, step: float) -> FloatArray:
    return np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * step)])


class _System:
    """The equations for ``u`` and the ``x_l = chi_l(u)`` of all layers."""

    def __init__(self, points: FloatArray, weights: FloatArray, gaussian: bool) -> None:
        if points.ndim != 2 or weights.shape != points.shape:
            raise ValueError(
                f"points {points.shape}, weights {weights.shape}: give two of shape (layers, n)"
            )
        self.points, self.weights, self.gaussian = points, weights, gaussian
        self.means = np.sum(points * weights, axis=-1)
        if not np.all(self.means > 0):
            raise ValueError("points: a layer has the mean 0: give some that are not zero")
        self.layers = len(points)

    def marched(self, logs: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        """Solutions along a ray at the first angle, from far outside the spectrum inwards."""
        top = float(np.sum(np.log(self.means)))
        start = max(float(logs[0]), top) + AHEAD
        ahead = np.arange(start, logs[0], -STEP)
        u = np.array([np.exp(top - start - 1j * ANGLES[0])])
        x = u[:, None] / self.means
        found_u = np.empty(len(logs), dtype=np.complex128)
        found_x = np.empty((len(logs), self.layers), dtype=np.complex128)
        for at in ahead:
            u, x = self.solved(np.array([at + 1j * ANGLES[0]]), u, x)
        for i, at in enumerate(logs):
            try:
                u, x = self.solved(np.array([at + 1j * ANGLES[0]]), u, x)
            except FloatingPointError:
                return found_u[:i], found_x[:i]
            found_u[i], found_x[i] = u[0], x[0]
        return found_u, found_x

    def solved(
        self, log_lambda: ComplexArray, u: ComplexArray, x: ComplexArray
    ) -> tuple[ComplexArray, ComplexArray]:
        """Newton's method from a solution nearby, for all equations at once.

        ``M_l(x_l) = u``, and the sum of the logarithms of ``lambda``, of all ``x_l``, of
        ``((1 + u)/u)^(L - 1)`` and of the S-transforms of the weights is 0.
        """
        for _ in range(MOST_STEPS):
            value, slope = self._moments(x)
            gap = (u[:, None] - value) / slope
            rate = (self.layers - 1) * (1 / (1 + u) - 1 / u) + np.sum(1 / (slope * x), axis=-1)
            off = log_lambda + np.sum(np.log(x), axis=-1)
            off = off + (self.layers - 1) * (np.log1p(u) - np.log(u))
            if self.gaussian:
                rate, off = rate - self.layers / (1 + u), off - self.layers * np.log1p(u)
            # Logarithms are known up to whole turns.
            off = off - 2j * np.pi * np.round(off.imag / (2 * np.pi))
            change = -(off + np.sum(gap / x, axis=-1)) / rate
            moved = gap + change[:, None] / slope
            # No unknown may move by more than half of itself at once.
            largest = np.maximum(
                np.abs(change / u), np.max(np.abs(moved / x), axis=-1, initial=0.0)
            )
            share = 1 / np.maximum(1.0, 2 * largest)
            u, x = u + share * change, x + share[:, None] * moved
            if not np.all(np.isfinite(u)):
                break
            if np.max(largest) <= SOLVED:
                return u, x
        raise FloatingPointError(
            f"the spectrum is not found at ln lambda = {log_lambda.real.min():.3g} to "
            f"{log_lambda.real.max():.3g}"
        )

    def _moments(self, x: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
        """``M_l(x_l)`` and its derivative."""
        rest = 1 / (1 - x[..., None] * self.points)
        first = self.weights * self.points * rest
        return x * np.sum(first, axis=-1), np.sum(first * rest, axis=-1)
