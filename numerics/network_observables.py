"""What is read off balls around the weights of a linear network, as balls.

The layers W_1, ..., W_L are ball matrices, the layer next to the inputs first; Sigma31, Sigma11
and tau come with `TrainingData`. Every result contains the value for all weights in the balls.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import flint

from .arb_matrices import matrix
from .network_data import FractionRows, TrainingData
from .precision import exact_ball

__all__ = ["end_to_end", "excess_loss", "frobenius_norm", "inner", "residual", "velocities"]

Layers = Sequence[flint.arb_mat]


def end_to_end(layers: Layers) -> flint.arb_mat:
    """W_tot = W_L ... W_1."""
    return _partial_maps(layers)[-1]


def residual(layers: Layers, data: TrainingData) -> flint.arb_mat:
    """E = Sigma31 - W_tot Sigma11."""
    product = end_to_end(layers)
    return matrix(data.target) - (product if data.inputs is None else product * matrix(data.inputs))


def velocities(layers: Layers, data: TrainingData) -> list[flint.arb_mat]:
    """dW_l/dt = (W_L ... W_(l+1))^T E (W_(l-1) ... W_1)^T / tau, for every layer."""
    prefix = [None, *_partial_maps(layers)[:-1]]
    suffix = residual(layers, data) * (1 / exact_ball(data.tau))
    found = []
    for layer, below in zip(reversed(layers), reversed(prefix), strict=True):
        found.append(suffix if below is None else suffix * below.transpose())
        suffix = layer.transpose() * suffix
    return found[::-1]


def excess_loss(layers: Layers, data: TrainingData) -> flint.arb:
    """The loss above that of the best linear map, tr(D Sigma11 D^T)/2.

    D = W_tot - W*, with any exact solution W* of W* Sigma11 = Sigma31.

    Raises
    ------
    ValueError
        If there is none: no data has such correlations, and the loss has no minimum.
    """
    away = end_to_end(layers) - matrix(_best_map(data))
    weighted = away if data.inputs is None else away * matrix(data.inputs)
    return (inner(away, weighted) / 2).nonnegative_part()


def inner(a: flint.arb_mat, b: flint.arb_mat) -> flint.arb:
    """<A, B> = tr(A^T B)."""
    return sum((x * y for x, y in zip(a.entries(), b.entries(), strict=True)), flint.arb(0))


def frobenius_norm(balls: flint.arb_mat) -> flint.arb:
    """||A||_F."""
    return sum((x * x for x in balls.entries()), flint.arb(0)).nonnegative_part().sqrt()


def _partial_maps(layers: Layers) -> list[flint.arb_mat]:
    return list(accumulate(layers, lambda below, layer: layer * below))


def _best_map(data: TrainingData) -> FractionRows:
    """Exact rows of a W* with W* Sigma11 = Sigma31."""
    if data.inputs is None:
        return data.target
    size = len(data.inputs)
    # Sigma11 is symmetric: the columns of W*^T solve Sigma11 X = Sigma31^T.
    augmented = [[*row, *(line[i] for line in data.target)] for i, row in enumerate(data.inputs)]
    reduced, rank = flint.fmpq_mat(
        [[flint.fmpq(x.numerator, x.denominator) for x in row] for row in augmented]
    ).rref()
    solution = [[flint.fmpq(0)] * size for _ in data.target]
    for i in range(rank):
        pivot = next(j for j in range(reduced.ncols()) if reduced[i, j] != 0)
        if pivot >= size:
            raise ValueError(
                "Sigma31: not in the row space of Sigma11: no data has such correlations, and "
                "the loss has no minimum; give Sigma31 = E[y x^T] of the same x"
            )
        for k, row in enumerate(solution):
            row[pivot] = reduced[i, size + k]
    return solution
