"""What the figures simulate: gradient flow of small linear networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from lemmata.numerics.networks import FloatArray

__all__ = ["diagonal_flow", "maps_of", "time_at", "trained"]


def trained(
    weights: Sequence[FloatArray], Sigma31: FloatArray, times: FloatArray
) -> list[FloatArray]:
    """Weights ``(T, ...)`` of every layer along the flow, for ``Sigma11 = I`` and ``tau = 1``."""
    from lemmata.numerics.gradient_flow import integrate_flow_adaptively

    found = integrate_flow_adaptively(weights, Sigma31, times=times, rtol=1e-8, atol=1e-10)
    return [np.asarray(layer) for layer in found.weights]


def maps_of(weights: Sequence[FloatArray], Sigma31: FloatArray, times: FloatArray) -> FloatArray:
    """End-to-end maps ``(T, N3, N1)`` along the flow."""
    product, *above = trained(weights, Sigma31, times)
    for layer in above:
        product = layer @ product
    return product


def diagonal_flow(
    strengths: Sequence[FloatArray], s: FloatArray, times: FloatArray
) -> list[FloatArray]:
    """Strengths ``(T, B)`` of every layer along the flow of a network with ``B`` modes.

    ``strengths``: of each layer at the start, ``(B,)``; ``s`` ``(B,)``.
    """
    layers = trained([np.diag(layer) for layer in strengths], np.diag(s), times)
    return [np.diagonal(layer, axis1=1, axis2=2) for layer in layers]


def time_at(times: FloatArray, values: FloatArray, level: float) -> float:
    """The first time at which growing values reach a level, between two recorded ones."""
    after = int(np.argmax(values >= level))
    if values[after] < level:
        return float("nan")
    if after == 0:
        return float(times[0])
    share = (level - values[after - 1]) / (values[after] - values[after - 1])
    return float(times[after - 1] + share * (times[after] - times[after - 1]))
