"""Jacobians of deep random networks ``x^{l+1} = g W^l phi(x^l) + b^l``, from input to output."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .activations import ACTIVATIONS, Activation
from .arguments import check_generator, check_positive, check_whole
from .arrays import NUMPY, Array, Arrays, to_host
from .random_products import resolved_above
from .random_weights import Weights, draw_weights

__all__ = ["NONLINEARITIES", "JacobianSample", "sample_jacobians"]

FloatArray = NDArray[np.float64]

BATCH = 2**18
"""Entries of the matrices that are drawn at once."""


def _clipped(arrays: Arrays, z: Array) -> Array:
    return (arrays.xp.abs(z + 1) - arrays.xp.abs(z - 1)) / 2


def _unclipped(arrays: Arrays, z: Array, value: Array) -> Array:
    return arrays.xp.astype(arrays.xp.abs(z) < 1, z.dtype)


def _steep_erf(arrays: Arrays, z: Array) -> Array:
    return ACTIVATIONS["erf"].value(arrays, z * (sqrt(pi) / 2))


def _erf_slope(arrays: Arrays, z: Array, value: Array) -> Array:
    return arrays.xp.exp(z**2 * (-pi / 4))


NONLINEARITIES = {
    "tanh": ACTIVATIONS["tanh"],
    "erf": Activation("erf", _steep_erf, _erf_slope),
    "relu": ACTIVATIONS["relu"],
    "hardtanh": Activation("hardtanh", _clipped, _unclipped),
    "linear": ACTIVATIONS["linear"],
}
"""All with ``phi'(0) = 1`` (ReLU: from the right); "erf" is ``erf(sqrt(pi) x / 2)``."""


class JacobianSample(NamedTuple):
    """Networks of one gain.

    ``log_squares`` ``(draws, N)``: logarithms of the squared singular values of
    ``d x^L / d x^0``, decreasing, ``-inf`` where rounding has the say; ``lengths``
    ``(draws, L + 1)``: ``|x^l|^2 / N``; ``flat`` ``(draws, L)``: units of each layer at which the
    slope of the nonlinearity is exactly zero.
    """

    log_squares: FloatArray
    lengths: FloatArray
    flat: NDArray[np.int64]


def sample_jacobians(
    nonlinearity: str,
    weights: Weights,
    width: int,
    layers: int,
    gains: Sequence[float],
    draws: int,
    rng: np.random.Generator,
    *,
    lengths: Sequence[float] | None = None,
    sigma_b: float = 0.0,
    arrays: Arrays = NUMPY,
) -> list[JacobianSample]:
    """Draw ``draws`` networks, and take the same ones at every gain.

    The input ``x^0`` has a random direction and exactly the squared length ``N q_0``, with ``q_0``
    from ``lengths``, one for each gain (default 1); weights have variance ``1/N`` at gain 1, biases
    ``sigma_b^2``.  Raises ``ValueError`` for an unknown nonlinearity or kind of weights, for sizes
    below 1, and for gains, lengths or a ``sigma_b`` out of range.
    """
    phi = _nonlinearity(nonlinearity)
    for name, value in (("width", width), ("layers", layers), ("draws", draws)):
        check_whole(name, value)
    check_generator("rng", rng)
    factors = [check_positive("gains", gain) for gain in gains]
    starts = [check_positive("lengths", q) for q in (lengths or [1.0] * len(factors))]
    if len(starts) != len(factors):
        raise ValueError(f"lengths has {len(starts)} entries: give one for each of {len(factors)}")
    if sigma_b != 0:
        check_positive("sigma_b", sigma_b)
    size = max(1, BATCH // width**2)
    parts: list[list[JacobianSample]] = [[] for _ in factors]
    for first in range(0, draws, size):
        nets = _Networks(phi, min(size, draws - first), width, factors, starts, rng, arrays)
        for _ in range(layers):
            nets.add_layer(weights, sigma_b)
        for kept, found in zip(parts, nets.found(), strict=True):
            kept.append(found)
    return [
        JacobianSample(*(np.concatenate(arrays_) for arrays_ in zip(*kept, strict=True)))
        for kept in parts
    ]


class _Networks:
    """Some networks at several gains, grown layer by layer."""

    def __init__(
        self,
        phi: Activation,
        count: int,
        width: int,
        gains: Sequence[float],
        starts: Sequence[float],
        rng: np.random.Generator,
        arrays: Arrays,
    ) -> None:
        self.phi, self.gains, self.rng, self.arrays = phi, gains, rng, arrays
        self.count, self.width = count, width
        direction = rng.standard_normal((count, width, 1))
        direction *= sqrt(width) / np.linalg.norm(direction, axis=1, keepdims=True)
        self.x = [arrays.take(sqrt(q) * direction) for q in starts]
        self.J: list[Array] = [None for _ in gains]
        self.lengths = [[self._length(x)] for x in self.x]
        self.flat: list[list[NDArray[np.int64]]] = [[] for _ in gains]

    def add_layer(self, weights: Weights, sigma_b: float) -> None:
        """Multiply by ``g W diag(phi'(x))``, and send ``x`` on."""
        W = draw_weights(weights, self.count, self.width, self.width, self.rng, self.arrays)
        bias = None
        if sigma_b:
            drawn = sigma_b * self.rng.standard_normal((self.count, self.width, 1))
            bias = self.arrays.take(drawn)
        for i, gain in enumerate(self.gains):
            x, J = self.x[i], self.J[i]
            value = self.phi.value(self.arrays, x)
            slope = self.phi.slope(self.arrays, x, value)
            self.flat[i].append(np.sum(to_host(slope)[:, :, 0] == 0, axis=1))
            scaled = gain * slope
            if J is None:
                self.J[i] = W * self.arrays.xp.matrix_transpose(scaled)
            else:
                self.J[i] = W @ (scaled * J)
            sent = W @ (gain * value)
            self.x[i] = sent if bias is None else sent + bias
            self.lengths[i].append(self._length(self.x[i]))

    def _length(self, x: Array) -> FloatArray:
        squares = self.arrays.xp.sum(x**2, axis=(-2, -1))
        return np.asarray(to_host(squares) / self.width)

    def found(self) -> list[JacobianSample]:
        """What is read off, gain by gain."""
        layers = len(self.flat[0])
        return [
            JacobianSample(
                _log_squares(J, layers, self.arrays),
                np.stack(lengths, axis=-1),
                np.stack(flat, axis=-1),
            )
            for J, lengths, flat in zip(self.J, self.lengths, self.flat, strict=True)
        ]


def _log_squares(J: Array, layers: int, arrays: Arrays) -> FloatArray:
    sizes = to_host(arrays.xp.linalg.svdvals(J))
    lost = sizes <= resolved_above(sizes.shape[-1], layers) * sizes[..., :1]
    with np.errstate(divide="ignore"):
        return np.where(lost, -np.inf, 2 * np.log(sizes))


def _nonlinearity(name: str) -> Activation:
    if name not in NONLINEARITIES:
        raise ValueError(f"nonlinearity: {name!r} is none of {', '.join(NONLINEARITIES)}")
    return NONLINEARITIES[name]
