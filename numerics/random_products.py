"""Products of random matrices: their singular values, and what they do to the length of a vector.

``J = W_D ... W_1`` at gain 1: a gain ``g`` multiplies every singular value by ``g^D`` exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arguments import check_whole
from .arrays import NUMPY, Array, Arrays, to_host
from .graded_products import GradedProduct
from .random_weights import Weights, draw_weights

__all__ = [
    "OrthogonalSample",
    "log_growths",
    "orthogonal_products",
    "product_spectra",
    "resolved_above",
]

FloatArray = NDArray[np.float64]

BATCH = 2**18
"""Entries of the matrices that are drawn at once: as large as the caches, and the same
everywhere."""


def product_spectra(
    weights: Weights,
    width: int,
    depths: Sequence[int],
    draws: int,
    rng: np.random.Generator,
    *,
    graded: bool = False,
    arrays: Arrays = NUMPY,
) -> dict[int, FloatArray]:
    """Logarithms of the squared singular values of products of square matrices, ``(draws, N)``.

    By depth, decreasing.  The products of one draw are parts of one chain: ``W_2 W_1`` belongs to
    ``W_1``.  Multiplied out, singular values are known to about ``resolved_above`` times the
    largest, and those below are told as ``-inf``; ``graded`` finds all to a relative accuracy of
    about ``D N eps``, some ten times slower, on the host.  Raises ``ValueError`` for sizes below 1.
    """
    wanted = _depths(depths)
    check_whole("width", width)
    check_whole("draws", draws)
    parts: dict[int, list[FloatArray]] = {depth: [] for depth in wanted}
    for count in _batches(draws, width):
        chain = _chain(weights, width, wanted[-1], count, rng, arrays)
        for depth, logs in (_graded if graded else _multiplied)(chain, set(wanted), arrays):
            parts[depth].append(logs)
    return {depth: np.concatenate(found) for depth, found in parts.items()}


def resolved_above(width: int, depth: int) -> float:
    """Share of the largest singular value below which rounding has the say: ``D N eps``.

    A matrix product has errors of at most ``N eps |A| |B|``, and so have singular values; in
    practice they are smaller by about ``sqrt(N)``, which makes room for the constants.
    """
    return depth * width * float(np.finfo(np.float64).eps)


def log_growths(
    weights: Weights,
    width: int,
    depth: int,
    draws: int,
    rng: np.random.Generator,
    *,
    arrays: Arrays = NUMPY,
) -> FloatArray:
    """``ln |W_D ... W_1 x|^2`` of ``draws`` products, for one unit vector ``x``, drawn first.

    The vector is sent through layer by layer and brought back to length 1 after each, so nothing
    overflows at any depth.  Raises ``ValueError`` for sizes below 1.
    """
    (depth,) = _depths([depth])
    check_whole("width", width)
    check_whole("draws", draws)
    start = rng.standard_normal(width)
    start /= np.linalg.norm(start)
    parts = []
    for count in _batches(draws, width):
        x = arrays.take(np.broadcast_to(start[:, None], (count, width, 1)))
        grown = np.zeros(count)
        for W in _chain(weights, width, depth, count, rng, arrays):
            x = W @ x
            squares = arrays.xp.sum(x**2, axis=-2, keepdims=True)
            x = x / arrays.xp.sqrt(squares)
            grown += np.log(to_host(squares)[:, 0, 0])
        parts.append(grown)
    return np.concatenate(parts)


class OrthogonalSample(NamedTuple):
    """Singular values of products of orthogonal matrices, ``(draws, N)``, and their rounding.

    No singular value of the exact product of the exactly orthogonal matrices nearest to the factors
    differs from the computed one by more than ``bound``.
    """

    sizes: FloatArray
    bound: float


def orthogonal_products(
    width: int,
    depths: Sequence[int],
    draws: int,
    rng: np.random.Generator,
    *,
    arrays: Arrays = NUMPY,
) -> dict[int, OrthogonalSample]:
    """Singular values of products of Haar orthogonal matrices, by depth, as computed.

    The bound adds up, for every factor, its distance from an orthogonal matrix, at most
    ``|Q^T Q - I|_F`` as computed plus the rounding of that product, and the rounding of the
    multiplication.  For matrices with ``|A|_F = |B|_F = sqrt(N)`` a product is off by at most
    ``N eps |A|_F |B|_F = N^2 eps`` in the Frobenius norm, which bounds the shift of every singular
    value (Weyl); the singular values of the last product are taken to be as accurate.
    """
    wanted = _depths(depths)
    rounding = width**2 * arrays.eps
    sizes: dict[int, list[FloatArray]] = {depth: [] for depth in wanted}
    bounds = dict.fromkeys(wanted, 0.0)
    for count in _batches(draws, width):
        J, bound = None, 0.0
        for depth, W in enumerate(_chain("orthogonal", width, wanted[-1], count, rng, arrays), 1):
            J = W if J is None else W @ J
            bound += _defect(W, arrays) + 2 * rounding
            if depth in sizes:
                sizes[depth].append(to_host(arrays.xp.linalg.svdvals(J)))
                bounds[depth] = max(bounds[depth], bound + rounding)
    # What was left out is of second order: squares of the bound.
    return {
        depth: OrthogonalSample(np.concatenate(found), bounds[depth] * (1 + bounds[depth]))
        for depth, found in sizes.items()
    }


def _defect(W: Array, arrays: Arrays) -> float:
    xp = arrays.xp
    gap = xp.matrix_transpose(W) @ W - arrays.take(np.eye(W.shape[-1]))
    return float(np.sqrt(np.max(to_host(xp.sum(gap**2, axis=(-2, -1))))))


def _chain(
    weights: Weights, width: int, depth: int, count: int, rng: np.random.Generator, arrays: Arrays
) -> Iterator[Array]:
    return (draw_weights(weights, count, width, width, rng, arrays) for _ in range(depth))


def _multiplied(
    chain: Iterator[Array], wanted: set[int], arrays: Arrays
) -> Iterator[tuple[int, FloatArray]]:
    J = None
    for depth, W in enumerate(chain, 1):
        J = W if J is None else W @ J
        if depth in wanted:
            sizes = to_host(arrays.xp.linalg.svdvals(J))
            lost = sizes < resolved_above(sizes.shape[-1], depth) * sizes[..., :1]
            with np.errstate(divide="ignore"):
                yield depth, np.where(lost, -np.inf, 2 * np.log(sizes))


def _graded(
    chain: Iterator[Array], wanted: set[int], _: Arrays
) -> Iterator[tuple[int, FloatArray]]:
    products: list[GradedProduct] = []
    for depth, batch in enumerate(chain, 1):
        factors = to_host(batch)
        if depth == 1:
            products = [GradedProduct(W) for W in factors]
        else:
            for product, W in zip(products, factors, strict=True):
                product.multiply(W)
        if depth in wanted:
            yield depth, np.stack([2 * product.log_singular_values() for product in products])


def _batches(draws: int, width: int) -> Iterator[int]:
    size = max(1, BATCH // width**2)
    for first in range(0, draws, size):
        yield min(size, draws - first)


def _depths(depths: Sequence[int]) -> list[int]:
    if not len(depths):
        raise ValueError("depths is empty: give at least one number of layers")
    return sorted({check_whole("depths", depth) for depth in depths})
