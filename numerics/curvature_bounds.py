"""Upper bounds of the curvature of the loss, cheap enough to be asked of every network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, to_host
from .flow_state import FlowState
from .roundoff import frobenius

__all__ = ["curvature_bound", "sharp_networks", "spectral_bound"]

FloatArray = NDArray[np.float64]
SQUARINGS = 3


def sharp_networks(
    state: FlowState, layers: Sequence[Array], loss: Array, limit: float
) -> NDArray[np.intp]:
    """Networks whose Hessian may have an eigenvalue above ``limit``, the sharpest bound first.

    Three bounds, each closer and dearer than the one before, and asked only where that exceeds the
    limit: of all networks at once by Frobenius norms, of each by ``tr (W W^T)^2``, and
    `curvature_bound`.
    """
    xp, depth = state.arrays.xp, len(layers)
    with np.errstate(over="ignore", invalid="ignore"):
        scale = 1.0 if state.Sigma11 is None else float(frobenius(state.Sigma11))
        squared = max(float(xp.max(_squares(state, layer))) for layer in layers)
        if _rough(np.float64(squared), float(xp.max(loss)), scale, depth, np) <= limit:
            return np.zeros(0, dtype=np.intp)
        squares = [xp.sqrt(_squares(state, _gram(layer))) for layer in layers]
        rough = _rough(reduce(xp.maximum, squares), loss, scale, depth, xp)
    # Also where a bound overflows to what is not a number.
    places = np.flatnonzero(~(to_host(rough) <= limit))
    if not places.size:
        return places
    some = state.arrays.indices(places)
    bounds = curvature_bound(
        [to_host(xp.take(layer, some, axis=0)) for layer in layers],
        to_host(loss)[places],
        None if state.Sigma11 is None else to_host(state.Sigma11),
    )
    order = np.argsort(-bounds)
    return places[order[~(bounds[order] <= limit)]]


def _squares(state: FlowState, layer: Array) -> Array:
    """Squared Frobenius norm of every matrix."""
    if state.arrays.name == "numpy":
        return np.einsum("bij,bij->b", layer, layer)
    return state.arrays.xp.sum(layer * layer, axis=(-2, -1))


def _gram(layer: Array) -> Array:
    wide = layer.shape[-1] > layer.shape[-2]
    return layer @ layer.mT if wide else layer.mT @ layer


def _rough(squared: Any, loss: Any, scale: float, depth: int, xp: Any) -> Any:
    """The bound where no layer has a larger squared norm than this."""
    slopes = depth * scale * squared ** (depth - 1)
    if depth == 1:
        return slopes
    return slopes + (depth - 1) * _residual(loss, scale, xp) * squared ** ((depth - 2) / 2)


def curvature_bound(
    layers: Sequence[FloatArray], loss: FloatArray, Sigma11: FloatArray | None
) -> FloatArray:
    """Bound of the largest eigenvalue of the Hessian of every network, ``(batch,)``.

    ``|Sigma11| sum_l p_l^2 + |E| max_l sum_{m != l} p_lm``, where ``p_l`` and ``p_lm`` are the
    products of the norms of all layers but ``l``, and but ``l`` and ``m``; the residual
    ``E = Sigma31 - W_tot Sigma11`` has ``|E|^2 <= 2 loss |Sigma11|``.
    """
    depth = len(layers)
    sizes = [spectral_bound(layer) for layer in layers]
    scale = 1.0 if Sigma11 is None else float(spectral_bound(Sigma11))

    def without(*left_out: int) -> Any:
        kept = [size for i, size in enumerate(sizes) if i not in left_out]
        return prod(kept, start=np.ones_like(sizes[0]))

    with np.errstate(over="ignore", invalid="ignore"):
        slopes = scale * sum(without(i) ** 2 for i in range(depth))
        rows = [sum(without(i, j) for j in range(depth) if j != i) for i in range(depth)]
        bound: FloatArray = slopes + _residual(loss, scale, np) * reduce(np.maximum, rows)
    return bound


def spectral_bound(matrices: FloatArray) -> FloatArray:
    """``(tr (M M^T)^16)^(1/32)`` of every matrix: at most ``n^(1/32)`` above its spectral norm."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        size = np.sqrt(np.sum(matrices**2, axis=(-2, -1)))
        unit = matrices / size[..., None, None]
        power = _gram(unit)
        for _ in range(SQUARINGS):
            power = power @ power
        found = size * np.sqrt(np.sum(power**2, axis=(-2, -1))) ** (1 / 2 ** (SQUARINGS + 1))
    return np.where(size > 0, found, 0.0)


def _residual(loss: Any, scale: float, xp: Any) -> Any:
    # Rounding may leave a loss of zero below it.
    return xp.sqrt(2 * scale * xp.abs(loss))
