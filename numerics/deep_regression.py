"""Linear regression by descent from initial weights of several sizes, to its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import arrays_of, to_host
from .deep_devices import Place
from .networks import FloatArray

__all__ = ["Regression", "descend_regression"]

EACH = 50
"""Updates between two looks at the gradient."""


@dataclass(frozen=True)
class Regression:
    """Weights ``(starts, outputs, inputs)`` after ``updates``, and how far from their end.

    ``distance`` ``(starts,)`` bounds ``|W - W_end|_F``: the gradient over the least eigenvalue of
    ``X X^T`` that is not zero.
    """

    weights: FloatArray
    updates: int
    distance: FloatArray


def descend_regression(
    inputs: FloatArray,
    outputs: FloatArray,
    starts: FloatArray,
    *,
    accuracy: float,
    most: int,
    place: Place,
) -> Regression:
    """Descend ``1/2 |Y - W X|_F^2`` from each of ``starts`` ``(starts, outputs, inputs)``.

    ``inputs`` ``X`` ``(inputs, P)``, ``outputs`` ``Y`` ``(outputs, P)``.  The rate is the best one
    for the eigenvalues of ``X X^T``, ``2 / (least + largest)``.  Stops when every ``distance`` is
    at most ``accuracy``, or after ``most`` updates.  Raises ``ValueError`` for inputs of zeros.
    """
    sizes = np.linalg.svd(inputs, compute_uv=False)
    sizes = sizes[sizes > max(inputs.shape) * np.finfo(float).eps * sizes[0]]
    if not len(sizes):
        raise ValueError("inputs are zero: nothing can be learned")
    largest, least = float(sizes[0]) ** 2, float(sizes[-1]) ** 2
    rate = 2 / (least + largest)
    X, Y, W = place(inputs), place(outputs), place(starts)
    square, cross, updates = X @ X.T, Y @ X.T, 0
    xp = arrays_of([W]).xp
    while True:
        gradient = cross - W @ square
        distance = np.sqrt(to_host(xp.sum(gradient * gradient, axis=(1, 2)))) / least
        if np.all(distance <= accuracy) or updates >= most:
            return Regression(to_host(W), updates, distance)
        for _ in range(EACH):
            W = W + rate * (cross - W @ square)
        updates += EACH
