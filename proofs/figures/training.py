"""What the figures simulate: gradient flow of small linear networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from lemmata.numerics.networks import FloatArray

__all__ = ["maps_of", "scalar_flow", "time_at"]


def maps_of(weights: Sequence[FloatArray], Sigma31: FloatArray, times: FloatArray) -> FloatArray:
    """End-to-end maps ``(T, ..., N3, N1)`` along the flow, for ``Sigma11 = I`` and ``tau = 1``."""
    from lemmata.numerics.gradient_flow import integrate_flow_adaptively

    found = integrate_flow_adaptively(weights, Sigma31, times=times, rtol=1e-8, atol=1e-10)
    return np.asarray(found.maps)


def scalar_flow(
    strengths: Sequence[FloatArray], s: FloatArray, times: FloatArray
) -> tuple[FloatArray, ...]:
    """Strengths of the layers of single modes along the flow, each ``(T, B)``.

    ``strengths``: of each layer at the start, ``(B,)``; ``s`` ``(B,)``.  A batch shares one
    ``Sigma31``, so mode ``b`` runs on its own clock: ``w = sqrt(s)^(2/D) x`` takes the flow of
    ``x`` at ``s = 1`` to that of ``w`` for two layers, in the time ``t s``.
    """
    from lemmata.numerics.gradient_flow import integrate_flow_adaptively

    found = []
    for b, target in enumerate(s):
        layers = [np.array([[layer[b]]]) for layer in strengths]
        Sigma31 = np.array([[target]])
        run = integrate_flow_adaptively(layers, Sigma31, times=times, rtol=1e-8, atol=1e-10)
        found.append([np.asarray(w).reshape(len(times)) for w in run.weights])
    return tuple(np.array(layer).T for layer in zip(*found, strict=True))


def time_at(times: FloatArray, values: FloatArray, level: float) -> float:
    """The first time at which growing values reach a level, between two recorded ones."""
    after = int(np.argmax(values >= level))
    if values[after] < level:
        return float("nan")
    if after == 0:
        return float(times[0])
    low, high = values[after - 1], values[after]
    return float(
        times[after - 1] + (level - low) / (high - low) * (times[after] - times[after - 1])
    )
