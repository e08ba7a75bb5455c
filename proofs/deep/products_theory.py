"""What the claims `products.*` say of products of square random matrices, in floats."""

from __future__ import annotations

from math import log, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from .claimed import claimed, claimed_form

__all__ = [
    "AMPLIFIED",
    "DENSITY",
    "NORM",
    "ORTHOGONAL",
    "SPECTRUM",
    "TAIL",
    "Curve",
    "NormLaw",
    "edge",
    "moment",
    "norm_law",
    "orthogonal",
    "spectrum",
    "tail_at",
]

NORM = "products.gaussian_norm"
SPECTRUM = "products.fuss_catalan"
AMPLIFIED = "products.amplified_fraction"
DENSITY, TAIL = "products.fuss_catalan.density", "products.amplified_fraction.tail"
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
    rows = [(*_at(depth, angle), _tail(depth, angle)) for angle in angles]
    return Curve(*(np.array(column) for column in zip(*rows, strict=True)))


def tail_at(depth: int, log_square: float) -> float:
    """The fraction of squared singular values above ``exp(log_square)``, at gain 1."""
    if log_square >= log(edge(depth)):
        return 0.0
    highest = pi / (depth + 1)
    # The angle is found to rounding; the square falls from the edge to 0 along it.
    low, high = 1e-6 * highest, highest * (1 - 1e-6)
    if _log_square(depth, low) < log_square:
        return 0.0
    if _log_square(depth, high) > log_square:
        return 1.0
    angle = brentq(lambda x: _log_square(depth, x) - log_square, low, high, xtol=1e-15)
    return _tail(depth, angle)


def _log_square(depth: int, angle: float) -> float:
    return log(max(_at(depth, angle)[0], float(np.finfo(np.float64).tiny)))


def orthogonal(depth: int) -> float:
    """The singular value of orthogonal layers, at gain 1."""
    return claimed(ORTHOGONAL, D=depth, g=1)["singular_value"]


def _at(depth: int, angle: float) -> tuple[float, float]:
    """Squared singular value and density at an angle."""
    at = {"D": depth, "phi": float(angle)}
    return claimed_form(DENSITY, "lambda", **at), claimed_form(DENSITY, "statement", **at)


def _tail(depth: int, angle: float) -> float:
    return claimed_form(TAIL, "statement", D=depth, phi=float(angle))
