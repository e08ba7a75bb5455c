"""What the claims `products.*` say of products of square random matrices, in floats."""

from __future__ import annotations

from math import log, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from .claimed import claimed

__all__ = [
    "AMPLIFIED",
    "NORM",
    "ORTHOGONAL",
    "SPECTRUM",
    "Curve",
    "NormLaw",
    "edge",
    "moment",
    "norm_law",
    "spectrum",
    "tail_at",
]

NORM = "products.gaussian_norm"
SPECTRUM = "products.fuss_catalan"
AMPLIFIED = "products.amplified_fraction"
ORTHOGONAL = "products.orthogonal"

FloatArray = NDArray[np.float64]


class NormLaw(NamedTuple):
    """Mean and variance of ``|J x|^2 / |x|^2``, and the mean of its logarithm."""

    mean: float
    variance: float
    log_mean: float


class Curve(NamedTuple):
    """The spectrum at unlimited width along its angle: squared singular values, increasing.

    ``density`` is per unit of the squared singular value, ``tail`` the fraction above it.
    """

    squares: FloatArray
    density: FloatArray
    tail: FloatArray


def norm_law(width: int, depth: int) -> NormLaw:
    """The exact law of the norm at any width."""
    told = claimed(NORM, N=width, D=depth)
    return NormLaw(told["mean"], told["variance"], told["log_mean"])


def moment(depth: int, order: int) -> float:
    """Mean of a power of the squared singular values."""
    return claimed(SPECTRUM, D=depth, k=order)["moment"]


def edge(depth: int) -> float:
    """The largest squared singular value."""
    return claimed(SPECTRUM, D=depth)["edge"]


def amplified(depth: int) -> float:
    """The fraction of squared singular values above 1, at gain 1."""
    return claimed(AMPLIFIED, D=depth)["fraction"]


def spectrum(depth: int, points: int) -> Curve:
    """The spectrum at ``points`` angles inside ``(0, pi/(D+1))``, closer together at both ends."""
    parts = (1 - np.cos(np.arange(points, 0, -1) * (pi / (points + 1)))) / 2
    angles = parts * (pi / (depth + 1))
    rows = [_at(depth, angle) for angle in angles]
    return Curve(*(np.array([r[name] for r in rows]) for name in ("lambda", "density", "tail")))


def tail_at(depth: int, log_square: float) -> float:
    """The fraction of squared singular values above ``exp(log_square)``, at gain 1."""
    if log_square >= log(edge(depth)):
        return 0.0
    highest = pi / (depth + 1)
    # The angle is found to rounding; the square falls from the edge to 0 along it.
    low, high = 1e-6 * highest, highest * (1 - 1e-12)
    if log(_at(depth, low)["lambda"]) < log_square:
        return 0.0
    if log(_at(depth, high)["lambda"]) > log_square:
        return 1.0
    angle = brentq(lambda x: log(_at(depth, x)["lambda"]) - log_square, low, high, xtol=1e-15)
    return _at(depth, angle)["tail"]


def _at(depth: int, angle: float) -> dict[str, float]:
    return claimed(f"{SPECTRUM}.tail", D=depth, phi=float(angle))
