"""How far float64 rounding may have carried a gradient flow: bounded per step, then propagated."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from .runge_kutta import STAGE_WEIGHT, STAGES, WEIGHT

__all__ = ["UNIT", "RoundoffProbe", "frobenius"]

FloatArray = NDArray[np.float64]
UNIT = float(np.finfo(np.float64).eps) / 2
"""Unit round-off ``2^-53``."""

MAGNIFICATION = 2.0**13
"""``UNIT^(-1/4)``, rounded: rounding is lost in the magnified errors, yet these stay linear."""

REPLICAS = 3


def frobenius(matrix: FloatArray) -> FloatArray:
    """Frobenius norm of every matrix in a stack ``(..., m, n)``."""
    norm: FloatArray = np.sqrt(np.sum(matrix * matrix, axis=(-2, -1)))
    return norm


class RoundoffProbe:
    """Measures by replicas what rounding of every step does to the end-to-end maps.

    Beside the networks run ``REPLICAS`` copies.  After every step each copy is displaced by
    ``MAGNIFICATION`` times a bound of the rounding of one step, in a random direction drawn once
    per copy: equal displacements add up, where true rounding errors largely cancel.  The largest
    distance of a copy from its original, divided by ``MAGNIFICATION``, estimates the rounding
    error.  (A bound from a logarithmic norm would need no copies; it multiplies by
    ``exp(int ||E||)``, which exceeds every weight in networks of four layers.)
    """

    def __init__(
        self,
        shapes: Sequence[tuple[int, ...]],
        Sigma31: FloatArray,
        Sigma11: FloatArray | None,
        rng: np.random.Generator,
    ) -> None:
        self.cross = float(np.linalg.norm(Sigma31))
        self.inputs = 1.0 if Sigma11 is None else float(np.linalg.norm(Sigma11))
        drawn = [rng.normal(size=(REPLICAS, *shape)) for shape in shapes]
        size = np.sqrt(sum(frobenius(d) ** 2 for d in drawn))
        self.directions = [d / size[..., None, None] for d in drawn]

    @staticmethod
    def copies(weights: Sequence[FloatArray]) -> list[FloatArray]:
        """Originals ``(batch, m, n)`` and copies stacked: ``((1 + REPLICAS) batch, m, n)``."""
        return [np.concatenate([layer] * (1 + REPLICAS)) for layer in weights]

    def displace_start(self, weights: Sequence[FloatArray]) -> None:
        """Displace the copies in place for the rounding of the start, itself a computed product."""
        originals = [layer[: len(layer) // (1 + REPLICAS)] for layer in weights]
        size = np.sqrt(sum(frobenius(layer) ** 2 for layer in originals))
        self._displace(weights, np.sqrt(_inner(originals)) * UNIT * size)

    def displace(self, weights: Sequence[FloatArray], step: float) -> None:
        """Displace the copies in place after a step of length ``step`` (in units of tau)."""
        originals = [layer[: len(layer) // (1 + REPLICAS)] for layer in weights]
        self._displace(weights, self._local_rounding(originals, step))

    def _displace(self, weights: Sequence[FloatArray], local: FloatArray) -> None:
        stacks = [layer.reshape(1 + REPLICAS, -1, *layer.shape[1:]) for layer in weights]
        for stack, direction in zip(stacks, self.directions, strict=True):
            stack[1:] += MAGNIFICATION * local[:, None, None] * direction

    def measure(self, weights: Sequence[FloatArray], product: FloatArray) -> FloatArray:
        """Frobenius error of the end-to-end maps ``product`` of the stacks, shape ``(batch,)``."""
        maps = product.reshape(1 + REPLICAS, -1, *product.shape[1:])
        carried = frobenius(maps[1:] - maps[0]).max(axis=0) / MAGNIFICATION
        originals = [layer[: maps.shape[1]] for layer in weights]
        sizes = [frobenius(layer) for layer in originals]
        measured: FloatArray = carried + _inner(originals) * UNIT * prod(sizes)
        return measured

    def _local_rounding(self, weights: Sequence[FloatArray], step: float) -> FloatArray:
        # First order in u: a chain of products with n terms in all errs by about sqrt(n) u (Higham
        # and Mary 2019), sums and stages by the absolute weights of the tableau, and the field
        # multiplies what a stage errs by its slope.
        sizes, depth = np.stack([frobenius(layer) for layer in weights]), len(weights)
        state, target = np.sqrt(np.sum(sizes**2, axis=0)), np.prod(sizes, axis=0) * self.inputs
        residual, spread = self.cross + target, _largest(sizes, without=1)
        terms = 2 * _inner(weights) + weights[0].shape[-1] + STAGES
        field = np.sqrt(terms * depth) * UNIT * spread * residual
        slope = depth * spread**2 * self.inputs
        slope += (depth - 1) * _largest(sizes, without=2) * residual
        stages = slope * (WEIGHT * UNIT * state + step * STAGE_WEIGHT * field)
        local: FloatArray = 2 * UNIT * state + step * (WEIGHT * field + stages)
        return local


def _inner(weights: Sequence[FloatArray]) -> int:
    return int(sum(layer.shape[-1] for layer in weights)) + int(weights[-1].shape[-2])


def _largest(sizes: FloatArray, without: int) -> FloatArray:
    largest: FloatArray = np.prod(np.sort(sizes, axis=0)[without:], axis=0)
    return largest
