"""Linear networks as lists of weight matrices, one network or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "FloatArray",
    "as_correlations",
    "as_weights",
    "end_to_end",
    "excess_loss",
    "squared_error",
    "weight_gradients",
]

FloatArray = NDArray[np.float64]


def _as_float(name: str, value: ArrayLike) -> FloatArray:
    array = np.array(value, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{list(where)} is {array[where]}: give finite numbers only")
    return array


def as_weights(weights: Sequence[ArrayLike]) -> list[FloatArray]:
    """Copy ``weights`` to float64 and check that the layers fit together.

    Layer ``l`` has shape ``(n_{l+1}, n_l)``, or ``(batch, n_{l+1}, n_l)`` in every layer.
    Raises ``ValueError`` for no layers, a wrong shape, unequal batches or non-finite numbers.
    """
    layers = [_as_float(f"weights[{i}]", layer) for i, layer in enumerate(weights)]
    if not layers:
        raise ValueError("weights is empty: give at least one matrix")
    for i, layer in enumerate(layers):
        if layer.ndim not in (2, 3) or layer.ndim != layers[0].ndim or 0 in layer.shape:
            raise ValueError(
                f"weights[{i}] has shape {layer.shape}: give (outputs, inputs) in every layer, "
                "or (batch, outputs, inputs) in every layer, without empty axes"
            )
    for i, (below, above) in enumerate(pairwise(layers)):
        if above.shape[-1] != below.shape[-2] or above.shape[:-2] != below.shape[:-2]:
            raise ValueError(
                f"weights[{i + 1}] has shape {above.shape} and weights[{i}] {below.shape}: the "
                "inputs of a layer are the outputs of the one below, with the same batch"
            )
    return layers


def as_correlations(
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None,
    outputs: int,
    inputs: int,
    batch: int | None = None,
) -> tuple[FloatArray, FloatArray | None]:
    """Copy the correlations to float64 and check their shapes.

    ``Sigma31`` has shape ``(outputs, inputs)``, or ``(batch, outputs, inputs)`` where ``batch`` is
    given: one for each network; ``Sigma11`` ``(inputs, inputs)``, symmetric (``None`` stands for
    the identity).  Raises ``ValueError`` naming the argument otherwise.
    """
    cross = _as_float("Sigma31", Sigma31)
    shapes = [(outputs, inputs)] if batch is None else [(outputs, inputs), (batch, outputs, inputs)]
    if cross.shape not in shapes:
        told = " or ".join(map(str, shapes))
        raise ValueError(f"Sigma31 has shape {cross.shape}: these networks need {told}")
    if Sigma11 is None:
        return cross, None
    square = _as_float("Sigma11", Sigma11)
    if square.shape != (inputs, inputs):
        raise ValueError(
            f"Sigma11 has shape {square.shape}: these networks need ({inputs}, {inputs})"
        )
    if not np.array_equal(square, square.T):
        raise ValueError("Sigma11 is not symmetric: pass (Sigma11 + Sigma11.T) / 2")
    return cross, square


def end_to_end(weights: Sequence[FloatArray]) -> FloatArray:
    """Product ``W_D ... W_1`` of the layers, shape ``(..., outputs, inputs)``."""
    product = weights[0]
    for layer in weights[1:]:
        product = layer @ product
    return product


def weight_gradients(weights: Sequence[FloatArray], residual: FloatArray) -> list[FloatArray]:
    """Downhill directions ``W_{>l}^T residual W_{<l}^T``, one per layer.

    ``residual`` is ``Sigma31 - W_tot Sigma11``, shape ``(..., outputs, inputs)``; the answer is
    minus the gradient of the squared error, shaped as ``weights``.
    """
    below: list[FloatArray] = []
    for layer in weights[:-1]:
        below.append(layer @ below[-1] if below else layer)
    directions, back = [], residual
    for depth in range(len(weights) - 1, 0, -1):
        directions.append(back @ below[depth - 1].mT)
        back = weights[depth].mT @ back
    return [back, *reversed(directions)]


def excess_loss(
    W_tot: FloatArray, Sigma31: FloatArray, Sigma11: FloatArray | None = None
) -> FloatArray:
    """Squared error above the best linear map: ``1/2 tr(E Sigma11^+ E^T)``, shape ``(...)``.

    ``E = Sigma31 - W_tot Sigma11``.  Evaluated from the residual, so it loses no digits near the
    minimum.  Raises ``ValueError`` when ``Sigma31`` leaves the row space of ``Sigma11``: no data
    has such correlations, and the loss would have no minimum.
    """
    if Sigma11 is None:
        white: FloatArray = 0.5 * np.sum((Sigma31 - W_tot) ** 2, axis=(-2, -1))
        return white
    inverse = np.linalg.pinv(Sigma11, hermitian=True)
    outside = Sigma31 - Sigma31 @ inverse @ Sigma11
    condition = np.linalg.norm(inverse, 2) * np.linalg.norm(Sigma11, 2)
    allowed = 4 * len(Sigma11) * np.finfo(float).eps * condition * np.linalg.norm(Sigma31)
    if np.linalg.norm(outside) > allowed:
        raise ValueError(
            "Sigma31 has a part outside the row space of Sigma11, as no data set has: "
            "compute both from the same examples"
        )
    residual = Sigma31 - W_tot @ Sigma11
    loss: FloatArray = 0.5 * np.sum((residual @ inverse) * residual, axis=(-2, -1))
    return loss


def squared_error(W_tot: FloatArray, inputs: FloatArray, outputs: FloatArray) -> FloatArray:
    """Summed error ``1/2 sum_mu ||y_mu - W_tot x_mu||^2`` over the columns, shape ``(...)``."""
    error: FloatArray = 0.5 * np.sum((outputs - W_tot @ inputs) ** 2, axis=(-2, -1))
    return error
