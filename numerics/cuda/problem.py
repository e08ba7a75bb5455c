"""Arguments of the engine, checked, where they lie: on the host, or on the device already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..networks import FloatArray, as_correlations, as_weights, excess_loss

__all__ = ["Problem"]


@dataclass(frozen=True)
class Problem:
    """Networks and the correlations that they learn.

    ``layers`` are arrays ``(batch, n_{l+1}, n_l)``, all NumPy or all CuPy; ``Sigma31`` is a matrix
    (NumPy) or one a network (NumPy or CuPy); ``Sigma11`` a matrix (NumPy), or ``None``: identity.
    """

    layers: list[Any]
    Sigma31: Any
    Sigma11: FloatArray | None
    single: bool

    @classmethod
    def of(cls, cupy: Any, weights: Sequence[Any], Sigma31: Any, Sigma11: Any) -> Problem:
        """Check everything; ``ValueError`` names what is wrong.

        Arrays on the device (CuPy, PyTorch: whatever has ``__cuda_array_interface__``) stay there.
        """
        if any(_on_device(layer) for layer in weights):
            layers = [cupy.asarray(layer) for layer in weights]
            _check_on_device(cupy, layers)
        else:
            layers = as_weights(weights)
        single = layers[0].ndim == 2
        if single:
            layers = [layer[None] for layer in layers]
        batch, inputs, outputs = len(layers[0]), layers[0].shape[-1], layers[-1].shape[-2]
        if _on_device(Sigma11):
            Sigma11 = cupy.asnumpy(cupy.asarray(Sigma11))
        kept = None
        if _on_device(Sigma31):
            kept = cupy.asarray(Sigma31)
            stays = kept.shape == (batch, outputs, inputs) and Sigma11 is None
            if stays:
                _check_finite(cupy, "Sigma31", kept)
            # One matrix is as good on the host; with Sigma11 the two are compared there.
            Sigma31 = np.zeros((outputs, inputs)) if stays else cupy.asnumpy(kept)
            kept = kept if stays else None
        cross, square = as_correlations(Sigma31, Sigma11, outputs, inputs, batch)
        # Impossible correlations are refused here, not after the run.
        excess_loss(np.zeros((outputs, inputs)), cross, square)
        return cls(layers, cross if kept is None else kept, square, single)

    @property
    def batch(self) -> int:
        """How many networks there are."""
        return len(self.layers[0])

    @property
    def widths(self) -> list[int]:
        """Of all layers, inputs first."""
        return [int(self.layers[0].shape[-1]), *(int(w.shape[-2]) for w in self.layers)]


def _on_device(array: Any) -> bool:
    return hasattr(array, "__cuda_array_interface__")


def _check_on_device(cupy: Any, layers: Sequence[Any]) -> None:
    for i, layer in enumerate(layers):
        if layer.ndim not in (2, 3) or layer.shape[:-2] != layers[0].shape[:-2]:
            raise ValueError(
                f"weights[{i}] has shape {layer.shape}: give (outputs, inputs) in every layer, or "
                "(batch, outputs, inputs) with the same batch in every layer"
            )
        if 0 in layer.shape:
            raise ValueError(f"weights[{i}] has shape {layer.shape}: give no empty axes")
        _check_finite(cupy, f"weights[{i}]", layer)
    as_weights([np.zeros(layer.shape[-2:]) for layer in layers])


def _check_finite(cupy: Any, name: str, array: Any) -> None:
    if not bool(cupy.isfinite(array).all()):
        raise ValueError(f"{name} is not finite everywhere: give finite numbers only")
