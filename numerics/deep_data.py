"""What deep networks learn of the digits: whitened for linear ones, centred for others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .digits import CLASSES, Split
from .networks import FloatArray

__all__ = [
    "CentredData",
    "WhitenedData",
    "Whitening",
    "centred",
    "one_hot",
    "whitened",
    "whitening",
]


@dataclass(frozen=True)
class Whitening:
    """``x = matrix (p - mean)``; ``kept``: the share of the variance of the pixels in ``x``."""

    mean: FloatArray
    matrix: FloatArray
    kept: float

    def of(self, images: FloatArray) -> FloatArray:
        """Whitened inputs ``(components, .)`` of images."""
        made: FloatArray = self.matrix @ (images - self.mean)
        return made


@dataclass(frozen=True)
class WhitenedData:
    """Correlations of whitened inputs ``x`` with outputs ``y`` in units of the strongest mode.

    ``Sigma31 = E[y x^T]`` ``(10, components)``; ``Sigma11`` is the identity.  ``s`` are its
    singular values, ``1 = s_1 >= s_2 >= ...``, those that rounding explains left out; ``unit`` is
    the strongest one where outputs are 0 and 1; ``kept`` the share of the variance of the pixels
    in the components.
    """

    Sigma31: FloatArray
    s: FloatArray
    unit: float
    kept: float


@dataclass(frozen=True)
class CentredData:
    """Inputs ``(pixels, P)`` of mean 0 for each pixel and mean square 1 over all, and labels.

    Mean and scale are those of the examples to learn, also for the tests.
    """

    inputs: FloatArray
    labels: NDArray[np.int64]
    test_inputs: FloatArray
    test_labels: NDArray[np.int64]


def one_hot(labels: NDArray[np.int64]) -> FloatArray:
    """Columns of the identity, ``(10, P)``."""
    return np.eye(CLASSES)[:, labels]


def whitening(images: FloatArray, components: int) -> Whitening:
    """Projection onto principal components, each divided by its standard deviation.

    With the pixels centred, ``E`` over the examples given, ``C = E[p p^T] = U diag(v) U^T``:
    ``x = diag(v)^(-1/2) U^T p`` for the ``components`` largest ``v``, so ``E[x x^T] = I``.  Raises
    ``ValueError`` for more components than the pixels span.
    """
    mean = images.mean(axis=1, keepdims=True)
    frame, sizes, _ = np.linalg.svd(images - mean, full_matrices=False)
    rank = int(np.sum(sizes > max(images.shape) * np.finfo(float).eps * sizes[0]))
    if not 1 <= components <= rank:
        raise ValueError(f"components={components}: the images span {rank}: give 1 to {rank}")
    scale = np.sqrt(images.shape[1]) / sizes[:components, None]
    kept = float(np.sum(sizes[:components] ** 2) / np.sum(sizes**2))
    return Whitening(mean, scale * frame[:, :components].T, kept)


def whitened(images: FloatArray, labels: NDArray[np.int64], components: int) -> WhitenedData:
    """What a linear network learns of the images by `whitening`, and of their labels.

    Outputs are the ten labels as 0 and 1, divided by the largest singular value of ``E[y x^T]``.
    Raises ``ValueError`` for more components than the pixels span.
    """
    made = whitening(images, components)
    cross = one_hot(labels) @ made.of(images).T / images.shape[1]
    s = np.linalg.svd(cross, compute_uv=False)
    resolution = max(cross.shape) * np.finfo(float).eps * s[0] * np.sqrt(images.shape[1])
    return WhitenedData(cross / s[0], s[s > resolution] / s[0], float(s[0]), made.kept)


def centred(data: Split) -> CentredData:
    """Subtract the mean of every pixel and divide all by one root mean square."""
    mean = data.images.mean(axis=1, keepdims=True)
    scale = float(np.sqrt(np.mean((data.images - mean) ** 2)))
    if not scale > 0:
        raise ValueError("images: all examples to learn are equal: give more of them")
    return CentredData(
        (data.images - mean) / scale,
        data.labels,
        (data.test_images - mean) / scale,
        data.test_labels,
    )
