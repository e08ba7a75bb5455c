"""Networks as lists of weight matrices, one network or a batch of them, in any array namespace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .arguments import check_real
from .arrays import NUMPY, Array, Arrays, arrays_of, to_host
from .memory import refuse_too_large

__all__ = [
    "FloatArray",
    "as_correlations",
    "as_weights",
    "end_to_end",
    "excess_loss",
    "weight_gradients",
]

FloatArray = NDArray[np.float64]
COPIES = 2
"""A run copies its weights twice: to check them, and into its state."""


def checked_copy(name: str, value: Any, arrays: Arrays) -> Array:
    """Copy an argument to the kind of ``arrays``; ``ValueError`` naming the first bad entry."""
    check_real(name, value)
    array = arrays.take(value)
    if not arrays.finite(array):
        host = to_host(array)
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(host))[0])
        raise ValueError(f"{name}{list(where)} is {host[where]}: give finite numbers only")
    return array


def as_layers(weights: Sequence[ArrayLike]) -> list[ArrayLike]:
    """``weights`` as a list; ``ValueError`` for what is no sequence."""
    try:
        return list(weights)
    except TypeError as error:
        raise ValueError(
            f"weights={weights!r}: give a list of matrices, one for each layer"
        ) from error


def as_weights(weights: Sequence[ArrayLike], dtype: DTypeLike | None = None) -> list[Array]:
    """Copy ``weights`` and check that the layers fit together.

    Layer ``l`` has shape ``(n_{l+1}, n_l)``, or ``(batch, n_{l+1}, n_l)`` in every layer.  The
    copies have the namespace and the device of the arrays given, and the data type of `arrays_of`.
    Raises ``ValueError`` for no layers, a wrong shape, unequal batches or non-finite numbers, and
    ``MemoryError`` where the copies do not fit.
    """
    weights = as_layers(weights)
    arrays = arrays_of(weights, dtype)
    _refuse_large_copies(weights, arrays)
    layers = [checked_copy(f"weights[{i}]", layer, arrays) for i, layer in enumerate(weights)]
    if not layers:
        raise ValueError("weights is empty: give at least one matrix")
    for i, layer in enumerate(layers):
        if layer.ndim not in (2, 3) or layer.ndim != layers[0].ndim or 0 in layer.shape:
            raise ValueError(
                f"weights[{i}] has shape {tuple(layer.shape)}: give (outputs, inputs) in every "
                "layer, or (batch, outputs, inputs) in every layer, without empty axes"
            )
    for i, (below, above) in enumerate(pairwise(layers)):
        if above.shape[-1] != below.shape[-2] or above.shape[:-2] != below.shape[:-2]:
            raise ValueError(
                f"weights[{i + 1}] has shape {tuple(above.shape)} and weights[{i}] "
                f"{tuple(below.shape)}: the inputs of a layer are the outputs of the one below, "
                "with the same batch"
            )
    return layers


def _refuse_large_copies(weights: Sequence[Any], arrays: Arrays) -> None:
    """``MemoryError`` before anything is copied: a system that is short of memory may kill it."""
    batches = [layer.shape for layer in weights if len(getattr(layer, "shape", ())) == 3]
    if not batches:
        return
    item = 8 if arrays.dtype == "float64" else 4
    each = COPIES * item * sum(rows * columns for _, rows, columns in batches)
    refuse_too_large(arrays, max(batch for batch, _, _ in batches), each, remedy="")


def as_correlations(
    Sigma31: ArrayLike,
    Sigma11: ArrayLike | None,
    outputs: int,
    inputs: int,
    batch: int | None = None,
    arrays: Arrays = NUMPY,
) -> tuple[Array, Array | None]:
    """Copy the correlations to the kind of ``arrays`` and check their shapes.

    ``Sigma31`` has shape ``(outputs, inputs)``, or ``(batch, outputs, inputs)`` where ``batch`` is
    given: one for each network; ``Sigma11`` ``(inputs, inputs)``, symmetric (``None`` stands for
    the identity).  Raises ``ValueError`` naming the argument otherwise.
    """
    cross = checked_copy("Sigma31", Sigma31, arrays)
    shapes = [(outputs, inputs)] if batch is None else [(outputs, inputs), (batch, outputs, inputs)]
    if tuple(cross.shape) not in shapes:
        told = " or ".join(map(str, shapes))
        raise ValueError(f"Sigma31 has shape {tuple(cross.shape)}: these networks need {told}")
    if Sigma11 is None:
        return cross, None
    square = checked_copy("Sigma11", Sigma11, arrays)
    if tuple(square.shape) != (inputs, inputs):
        raise ValueError(
            f"Sigma11 has shape {tuple(square.shape)}: these networks need ({inputs}, {inputs})"
        )
    if not arrays.xp.all(square == square.mT):
        raise ValueError("Sigma11 is not symmetric: pass (Sigma11 + Sigma11.T) / 2")
    return cross, square


def end_to_end(weights: Sequence[Array]) -> Array:
    """Product ``W_D ... W_1`` of the layers, shape ``(..., outputs, inputs)``."""
    product = weights[0]
    for layer in weights[1:]:
        product = layer @ product
    return product


def weight_gradients(weights: Sequence[Array], residual: Array) -> list[Array]:
    """Downhill directions ``W_{>l}^T residual W_{<l}^T``, one per layer.

    ``residual`` is ``Sigma31 - W_tot Sigma11``, shape ``(..., outputs, inputs)``; the answer is
    minus the gradient of the squared error, shaped as ``weights``.
    """
    below: list[Array] = []
    for layer in weights[:-1]:
        below.append(layer @ below[-1] if below else layer)
    directions, back = [], residual
    for depth in range(len(weights) - 1, 0, -1):
        directions.append(back @ below[depth - 1].mT)
        back = weights[depth].mT @ back
    return [back, *reversed(directions)]


def excess_loss(W_tot: Array, Sigma31: ArrayLike, Sigma11: ArrayLike | None = None) -> Array:
    """Squared error above the best linear map: ``1/2 tr(E Sigma11^+ E^T)``, shape ``(...)``.

    ``E = Sigma31 - W_tot Sigma11``.  Evaluated from the residual, so it loses no digits near the
    minimum.  Raises ``ValueError`` when ``Sigma31`` leaves the row space of ``Sigma11``: no data
    has such correlations, and the loss would have no minimum.
    """
    if Sigma11 is None:
        return residual_loss(Sigma31 - W_tot, None)
    arrays = arrays_of([W_tot])
    inverse = arrays.take(pseudo_inverse(Sigma31, Sigma11, arrays.eps))
    return residual_loss(Sigma31 - W_tot @ Sigma11, inverse)


def residual_loss(residual: Array, inverse: Array | None) -> Array:
    """``1/2 tr(E inverse E^T)`` for every residual ``E``; ``None`` stands for the identity."""
    xp = arrays_of([residual]).xp
    other = residual if inverse is None else residual @ inverse
    return 0.5 * xp.sum(other * residual, axis=(-2, -1))


def pseudo_inverse(Sigma31: Any, Sigma11: Any, eps: float) -> FloatArray:
    """``Sigma11^+`` on the host; ``ValueError`` unless ``Sigma31`` is in its row space.

    ``eps`` is the precision in which both are known.  Eigenvalues of order ``n eps |Sigma11|`` are
    rounded zeros (products ``X X^T`` of dependent rows had up to 1.1 of it below zero); an
    eigenvalue that is clearly negative is refused too.
    """
    cross, square = to_host(Sigma31), to_host(Sigma11)
    values, vectors = np.linalg.eigh(square)
    rounding = len(square) * eps * np.max(np.abs(values))
    if values[0] < -4 * rounding:
        raise ValueError(
            f"Sigma11 has the eigenvalue {values[0]:.3g}: correlations of inputs have none below "
            "zero, and here the loss has no minimum; give X X^T of real inputs X"
        )
    kept = values > rounding
    with np.errstate(over="ignore", invalid="ignore"):
        inverse: FloatArray = vectors[:, kept] / values[kept] @ vectors[:, kept].T
    if not np.isfinite(inverse).all():
        raise ValueError(
            f"Sigma11 is as small as {values[-1]:.3g}, and its inverse overflows: give inputs in "
            "larger units"
        )
    outside = cross - cross @ inverse @ square
    condition = np.linalg.norm(inverse, 2) * np.linalg.norm(square, 2)
    allowed = 4 * len(square) * eps * condition * np.linalg.norm(cross)
    if np.linalg.norm(outside) > allowed:
        raise ValueError(
            f"Sigma31 has a part outside the row space of Sigma11, which is singular, of rank "
            f"{_rank(square, eps)} of {len(square)}; no data set has such correlations: compute "
            "both from the same examples"
        )
    return inverse


def _rank(square: FloatArray, eps: float) -> int:
    sizes = np.abs(np.linalg.eigvalsh(square))
    return int(np.sum(sizes > len(square) * eps * sizes.max()))
