"""The whole spectrum of a network's Jacobian at unlimited width, from the claims on its layers.

By the premise of `isometry.spectrum.variance` weights and slopes are free: S-transforms multiply.
Weights are orthogonal or Gaussian (`products.fuss_catalan.one_layer`), the slopes of a layer those
of its nonlinearity at the length that `isometry.length_map` gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import e, log
from typing import Any, NamedTuple

import numpy as np
from lemmata.numerics.free_products import LogSpectrum, free_product_spectrum
from lemmata.numerics.random_products import resolved_above
from numpy.typing import NDArray
from sympy import lambdify

from .isometry import TENTHS
from .isometry_theory import PHI, Predicted, slope_of

__all__ = ["Tail", "jacobian_spectrum", "tail_points"]

FloatArray = NDArray[np.float64]

NODES = {"gaussian": 40, "orthogonal": 90}
"""Gauss-Legendre points of a standard normal variable.  Gaussian weights smooth the spectrum: 30
points change its tail by 1e-10.  Orthogonal ones do not: 45 change it by up to 1e-3, far below."""
FARTHEST = 6.0
"""The normal variable is beyond with a chance of 2e-9."""
BELOW = 30.0
"""Logarithm of how far below the mean the spectrum is followed."""
FRACTIONS = np.arange(TENTHS, 0, -1) / (TENTHS + 1)


class Tail(NamedTuple):
    """Fractions above ``exp(logs)``, and how well they are known."""

    logs: FloatArray
    fractions: FloatArray
    doubts: FloatArray


@cache
def jacobian_spectrum(
    nonlinearity: str, network: Predicted, gain: float, gaussian: bool
) -> LogSpectrum | None:
    """Squared singular values of all layers; None where they have an atom above 0.

    Orthogonal weights leave the directions untouched that no layer clips.
    """
    layers = len(network.layers)
    binary = all(abs(layer.mu2 - layer.mu1) <= 1e-12 for layer in network.layers)
    if binary:
        if not gaussian and sum(1 - layer.mu1 for layer in network.layers) < 1:
            return None
        shares = np.array([layer.mu1 for layer in network.layers])
        weights = np.stack([1 - shares, shares], axis=-1)
        points = np.broadcast_to([0.0, 1.0], weights.shape)
    else:
        z, weight = _normal(NODES["gaussian" if gaussian else "orthogonal"])
        squares = _slope(nonlinearity)
        points = np.stack([squares(np.sqrt(q) * z) for q in network.lengths[:-1]])
        weights = np.broadcast_to(weight, points.shape)
    # All slopes are at most 1: so are, without the gain, the singular values for orthogonal
    # weights; those of Gaussian ones lie below e (L + 1).
    high = log(e * (layers + 1)) if gaussian else 0.0
    grown = 2 * layers * log(gain)
    low = min(network.log_mean - grown, high) - BELOW
    found = free_product_spectrum(points, weights, gaussian, low, high + 0.5)
    return found._replace(logs=found.logs + grown)


def tail_points(spectrum: LogSpectrum, width: int, layers: int) -> Tail:
    """Where fractions are compared: near tenths, but not where rounding could have moved values."""
    near = np.unique(np.argmin(np.abs(spectrum.tail[:, None] - FRACTIONS), axis=0))
    far = np.abs(spectrum.tail[near] - np.round(10 * spectrum.tail[near]) / 10) > 0.05
    lost = 2 * log(resolved_above(width, layers)) + log(100) + float(spectrum.logs[-1])
    kept = near[~far & (spectrum.logs[near] > lost)]
    return Tail(spectrum.logs[kept], spectrum.tail[kept], spectrum.error[kept])


@cache
def _normal(count: int) -> tuple[FloatArray, FloatArray]:
    """Points of ``|z|`` and their probabilities."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    z = (nodes + 1) * (FARTHEST / 2)
    chances = weights * np.exp(-(z**2) / 2)
    return z, chances / np.sum(chances)


@cache
def _slope(nonlinearity: str) -> Callable[[FloatArray], FloatArray]:
    variable, slope = slope_of(PHI[nonlinearity])
    made: Any = lambdify([variable], slope**2, "numpy")
    return lambda x: np.asarray(made(x), dtype=np.float64)
