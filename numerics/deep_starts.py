"""Initial weights of deep networks: decoupled, orthogonal, Gaussian, pretrained layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .networks import FloatArray
from .random_weights import draw_weights

__all__ = [
    "Pretrained",
    "decoupled_weights",
    "gaussian_weights",
    "glorot_weights",
    "orthogonal_weights",
    "pretrained_weights",
]

MOST_PRETRAINING = 10_000
"""Updates of one autoencoder."""


@dataclass(frozen=True)
class Pretrained:
    """Weights, and the updates that each autoencoder took."""

    weights: list[FloatArray]
    updates: list[int]


def orthogonal_weights(
    widths: Sequence[int], rng: np.random.Generator, gain: float = 1.0
) -> list[FloatArray]:
    """Layers ``gain`` times a uniform matrix with orthonormal rows or columns."""
    return [
        gain * draw_weights("orthogonal", 1, above, below, rng)[0]
        for below, above in pairwise(widths)
    ]


def gaussian_weights(
    widths: Sequence[int], rng: np.random.Generator, gain: float = 1.0
) -> list[FloatArray]:
    """Layers with independent Gaussian entries of variance ``gain^2 / inputs``."""
    return [
        gain / np.sqrt(below) * rng.standard_normal((above, below))
        for below, above in pairwise(widths)
    ]


def glorot_weights(widths: Sequence[int], rng: np.random.Generator) -> list[FloatArray]:
    """Layers with independent Gaussian entries of variance ``2 / (inputs + outputs)``."""
    return [
        np.sqrt(2 / (above + below)) * rng.standard_normal((above, below))
        for below, above in pairwise(widths)
    ]


def decoupled_weights(
    Sigma31: FloatArray,
    widths: Sequence[int],
    strength: float,
    modes: int,
    rng: np.random.Generator,
) -> list[FloatArray]:
    """Every one of the strongest ``modes`` of ``Sigma31`` at ``strength``, all others at zero.

    ``W_l = R_{l+1} diag(strength^(1/D)) R_l^T`` with orthonormal columns: those of the singular
    vectors at the two ends, and uniform ones between.  Raises ``ValueError`` where a layer has
    fewer units than modes.
    """
    if min(widths) < modes:
        raise ValueError(f"modes={modes}: a layer has only {min(widths)} units: give wider layers")
    u, _, v = np.linalg.svd(Sigma31)
    inner = [draw_weights("orthogonal", 1, width, modes, rng)[0] for width in widths[1:-1]]
    frames = [v[:modes].T, *inner, u[:, :modes]]
    size = strength ** (1 / (len(widths) - 1))
    return [size * above @ below.T for below, above in pairwise(frames)]


def pretrained_weights(
    widths: Sequence[int],
    rng: np.random.Generator,
    *,
    start: float = 0.1,
    error: float = 1e-3,
) -> Pretrained:
    """Greedy layer-wise pretraining on whitened inputs; the last layer is Gaussian (Glorot).

    Each layer but the last is the encoder ``A`` of a linear autoencoder ``h -> B A h`` of the
    activity ``h`` below it, ``E[h h^T] = C``, trained by full-batch descent from Gaussian weights
    of variance ``start^2 / inputs`` until ``tr((I - B A) C (I - B A)^T)`` exceeds what the best map
    of that width leaves by at most ``error`` of ``tr C``; the decoder is thrown away.  The rate is
    ``1 / (2 |C|)``.  Raises ``FloatingPointError`` for an autoencoder that does not learn in
    ``MOST_PRETRAINING`` updates.
    """
    weights, updates = [], []
    C = np.eye(widths[0])
    for below, above in pairwise(widths[:-1]):
        encoder, count = _autoencoder(C, below, above, start, error, rng)
        weights.append(encoder)
        updates.append(count)
        C = encoder @ C @ encoder.T
    return Pretrained([*weights, *glorot_weights(widths[-2:], rng)], updates)


def _autoencoder(
    C: FloatArray,
    below: int,
    above: int,
    start: float,
    error: float,
    rng: np.random.Generator,
) -> tuple[FloatArray, int]:
    A = start / np.sqrt(below) * rng.standard_normal((above, below))
    B = start / np.sqrt(below) * rng.standard_normal((below, above))
    values = np.linalg.eigvalsh(C)[::-1]
    least, allowed = float(values[above:].sum()), error * float(values.sum())
    rate = 1 / (2 * float(values[0]))
    for count in range(MOST_PRETRAINING):
        left = np.eye(below) - B @ A
        residual = left @ C
        if float(np.sum(residual * left)) - least <= allowed:
            return A, count
        A, B = A + rate * B.T @ residual, B + rate * residual @ A.T
    raise FloatingPointError(
        f"pretraining: an autoencoder of {above} units has not learned in {MOST_PRETRAINING} "
        "updates"
    )
