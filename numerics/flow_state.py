"""The state of a gradient flow: weights in one flat vector, and its velocity field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .networks import FloatArray, as_correlations, as_weights, end_to_end, excess_loss

__all__ = ["FlowState"]


class FlowState:
    """The networks as one flat state vector with a view per layer, and buffers for the field."""

    def __init__(
        self, weights: Sequence[ArrayLike], Sigma31: ArrayLike, Sigma11: ArrayLike | None
    ) -> None:
        layers = as_weights(weights)
        self.single = layers[0].ndim == 2
        if self.single:
            layers = [layer[None] for layer in layers]
        self.shapes = [layer.shape for layer in layers]
        self.state = np.concatenate([layer.ravel() for layer in layers])
        self.batch, inputs, outputs = len(layers[0]), layers[0].shape[-1], layers[-1].shape[-2]
        self.Sigma31, self.Sigma11 = as_correlations(
            Sigma31, Sigma11, outputs, inputs, self.batch
        )
        # Impossible correlations are refused here, not after a long integration.
        excess_loss(end_to_end(layers), self.Sigma31, self.Sigma11)
        self.below = [np.empty((self.batch, w.shape[-2], inputs)) for w in layers]
        self.back = [np.empty((self.batch, outputs, inputs))]
        self.back += [np.empty((self.batch, w.shape[-1], inputs)) for w in layers[:0:-1]]
        self.mapped = np.empty((self.batch, outputs, inputs))

    def views(self, flat: FloatArray) -> list[FloatArray]:
        """One view ``(batch, n_{l+1}, n_l)`` per layer."""
        views, start = [], 0
        for shape in self.shapes:
            stop = start + shape[0] * shape[1] * shape[2]
            views.append(flat[start:stop].reshape(shape))
            start = stop
        return views

    def field(self, flat: FloatArray, out: FloatArray) -> None:
        """Write ``W_{>l}^T (Sigma31 - W_tot Sigma11) W_{<l}^T`` for every layer into ``out``."""
        layers, velocities = self.views(flat), self.views(out)
        total = layers[0]
        for layer, buffer in zip(layers[1:], self.below[1:], strict=True):
            total = np.matmul(layer, total, out=buffer)
        if self.Sigma11 is not None:
            total = np.matmul(total, self.Sigma11, out=self.mapped)
        back = np.subtract(self.Sigma31, total, out=self.back[0])
        for i in range(len(layers) - 1, 0, -1):
            below = self.below[i - 1] if i > 1 else layers[0]
            np.matmul(back, below.mT, out=velocities[i])
            back = np.matmul(layers[i].mT, back, out=self.back[len(layers) - i])
        velocities[0][:] = back

    def snapshot(self) -> list[FloatArray]:
        """Copy of the weights, one array ``(batch, n_{l+1}, n_l)`` per layer."""
        return [layer.copy() for layer in self.views(self.state)]
