"""Random weight matrices: independent Gaussian or uniform entries, and Haar orthogonal ones."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from .arguments import check_generator, check_whole
from .arrays import NUMPY, Array, Arrays

__all__ = ["WEIGHTS", "Weights", "draw_weights"]

Weights = Literal["gaussian", "uniform", "orthogonal"]
WEIGHTS: tuple[Weights, ...] = get_args(Weights)


def draw_weights(
    weights: Weights,
    count: int,
    rows: int,
    columns: int,
    rng: np.random.Generator,
    arrays: Arrays = NUMPY,
) -> Array:
    """Draw ``count`` independent matrices, ``(count, rows, columns)``.

    "gaussian" and "uniform": independent entries of mean 0 and variance ``1/rows``, so that
    ``E |W x|^2 = |x|^2``.  "orthogonal": uniformly distributed over all matrices with
    ``W^T W = I``, or ``W W^T = I`` where there are fewer rows than columns (Haar measure; Mezzadri,
    How to generate random matrices from the classical compact groups, 2007): the factor Q of a
    Gaussian matrix whose R has a positive diagonal.

    Random numbers are drawn on the host, so that every device gets the same ones.  Raises
    ``ValueError`` for another kind of weights and for sizes below 1.
    """
    check_weights(weights)
    check_generator("rng", rng)
    shape = tuple(
        check_whole(name, size)
        for name, size in (("count", count), ("rows", rows), ("columns", columns))
    )
    if weights == "uniform":
        reach = np.sqrt(3 / rows)
        return arrays.take(rng.uniform(-reach, reach, shape))
    if weights == "gaussian":
        return arrays.take(rng.standard_normal(shape) / np.sqrt(rows))
    wide = rows < columns
    drawn = rng.standard_normal((count, columns, rows) if wide else shape)
    found = orthonormal_columns(arrays.take(drawn), arrays)
    return arrays.xp.matrix_transpose(found) if wide else found


def orthonormal_columns(tall: Array, arrays: Arrays = NUMPY) -> Array:
    """Gram-Schmidt of the columns of ``(..., rows, columns)``, by Householder reflections.

    The factor Q of ``tall = Q R`` with a positive diagonal of R: without the signs the result
    would depend on how the library reflects, and not be uniformly distributed.
    """
    xp = arrays.xp
    Q, R = xp.linalg.qr(tall, mode="reduced")
    diagonal = xp.linalg.diagonal(R)
    one = xp.ones_like(diagonal)
    return Q * xp.where(diagonal < 0, -one, one)[..., None, :]


def check_weights(weights: str) -> None:
    """``ValueError`` for an unknown kind."""
    if weights not in WEIGHTS:
        raise ValueError(f"weights: {weights!r} is none of {', '.join(WEIGHTS)}")
