"""How far rounding may have carried a gradient flow: bounded per step, then propagated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod

import numpy as np
from numpy.typing import NDArray

from .arrays import NUMPY, Array, Arrays, arrays_of, to_host
from .tableaus import DOP853, RK4, Tableau

__all__ = ["UNIT", "RoundoffProbe", "frobenius"]

FloatArray = NDArray[np.float64]
UNIT = float(np.finfo(np.float64).eps) / 2
"""Unit round-off ``2^-53``."""

REPLICAS = 3


def frobenius(matrix: Array) -> Array:
    """Frobenius norm of every matrix in a stack ``(..., m, n)``."""
    xp = arrays_of([matrix]).xp
    return xp.sqrt(xp.sum(matrix * matrix, axis=(-2, -1)))


def magnification(unit: float) -> float:
    """``unit^(-1/4)``, rounded to a power of 2, which changes no digits.

    Rounding is lost in errors magnified so much, yet these stay linear.
    """
    return float(2.0 ** round(-np.log2(unit) / 4))


class RoundoffProbe:
    """Measures by replicas what rounding of every step does to the end-to-end maps.

    Beside the networks run ``REPLICAS`` copies.  After every step each copy is displaced by a
    `magnification` times a bound of the rounding of one step, in a random direction drawn once
    per copy: equal displacements add up, where true rounding errors largely cancel.  The largest
    distance of a copy from its original, divided by the magnification, estimates the rounding
    error.  (A bound from a logarithmic norm would need no copies; it multiplies by
    ``exp(int ||E||)``, which exceeds every weight in networks of four layers.)
    """

    def __init__(
        self,
        shapes: Sequence[tuple[int, ...]],
        Sigma31: Array,
        Sigma11: Array | None,
        rng: np.random.Generator,
        arrays: Arrays = NUMPY,
        tableau: Tableau = DOP853,
    ) -> None:
        self.arrays, self.tableau, self.unit = arrays, tableau, arrays.eps / 2
        self.magnification = magnification(self.unit)
        # What a step rounds the weights by, in units: a sum, or the points of `ClassicalSteps`.
        self.rounded = 9 if arrays.accumulates and tableau is RK4 else 2
        self.cross = float(np.linalg.norm(to_host(Sigma31)))
        self.inputs = 1.0 if Sigma11 is None else float(np.linalg.norm(to_host(Sigma11)))
        drawn = [rng.normal(size=(REPLICAS, *shape)) for shape in shapes]
        size = np.sqrt(sum(frobenius(d) ** 2 for d in drawn))
        self.directions = [arrays.take(d / size[..., None, None]) for d in drawn]

    @staticmethod
    def copies(weights: Sequence[Array]) -> list[Array]:
        """Originals ``(batch, m, n)`` and copies stacked: ``((1 + REPLICAS) batch, m, n)``."""
        xp = arrays_of(weights).xp
        return [xp.concat([layer] * (1 + REPLICAS)) for layer in weights]

    def displace_start(self, weights: Sequence[Array]) -> list[Array]:
        """Displace the copies for the rounding of the start, itself a computed product."""
        originals = self._originals(weights)
        squares = reduce(lambda a, b: a + b, [frobenius(layer) ** 2 for layer in originals])
        size = squares**0.5
        return self._displace(weights, _inner(originals) ** 0.5 * self.unit * size)

    def displace(self, weights: Sequence[Array], step: float) -> list[Array]:
        """Displace the copies after a step of length ``step`` (in units of tau).

        In place where the namespace has buffers; the answer is the displaced weights.
        """
        return self._displace(weights, self._local_rounding(self._originals(weights), step))

    def _originals(self, weights: Sequence[Array]) -> list[Array]:
        return [layer[: layer.shape[0] // (1 + REPLICAS), ...] for layer in weights]

    def _displace(self, weights: Sequence[Array], local: Array) -> list[Array]:
        xp, displaced = self.arrays.xp, []
        for layer, direction in zip(weights, self.directions, strict=True):
            shape = (1 + REPLICAS, layer.shape[0] // (1 + REPLICAS), *layer.shape[1:])
            stack = xp.reshape(layer, shape)
            change = self.magnification * local[:, None, None] * direction
            if self.arrays.buffered:
                stack[1:] += change
                displaced.append(layer)
            else:
                moved = xp.concat([stack[:1, ...], stack[1:, ...] + change])
                displaced.append(xp.reshape(moved, layer.shape))
        return displaced

    def measure(self, weights: Sequence[Array], product: Array) -> FloatArray:
        """Frobenius error of the end-to-end maps ``product`` of the stacks, shape ``(batch,)``."""
        maps = to_host(product)
        maps = maps.reshape(1 + REPLICAS, -1, *maps.shape[1:])
        carried = frobenius(maps[1:] - maps[0]).max(axis=0) / self.magnification
        originals = self._originals(weights)
        sizes = [to_host(frobenius(layer)) for layer in originals]
        measured: FloatArray = carried + _inner(originals) * self.unit * prod(sizes)
        return measured

    def _local_rounding(self, weights: Sequence[Array], step: float) -> Array:
        # First order in u: a chain of products with n terms in all errs by about sqrt(n) u (Higham
        # and Mary 2019), sums and stages by the absolute weights of the tableau, and the field
        # multiplies what a stage errs by its slope.
        xp, tableau, depth = self.arrays.xp, self.tableau, len(weights)
        sizes = xp.stack([frobenius(layer) for layer in weights])
        state = xp.sqrt(xp.sum(sizes**2, axis=0))
        residual = self.cross + xp.prod(sizes, axis=0) * self.inputs
        ordered = xp.sort(sizes, axis=0)
        spread = xp.prod(ordered[1:, ...], axis=0)
        terms = 2 * _inner(weights) + weights[0].shape[-1] + tableau.stages
        field = (terms * depth) ** 0.5 * self.unit * spread * residual
        slope = depth * spread**2 * self.inputs
        if depth > 1:
            slope = slope + (depth - 1) * xp.prod(ordered[2:, ...], axis=0) * residual
        through = step * tableau.stage_weight * field
        stages = slope * (tableau.weight * self.unit * state + through)
        return self.rounded * self.unit * state + step * (tableau.weight * field + stages)


def _inner(weights: Sequence[Array]) -> int:
    return int(sum(layer.shape[-1] for layer in weights)) + int(weights[-1].shape[-2])
