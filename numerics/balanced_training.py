"""The three-layer network trained on features from small random weights whose layers balance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arguments import check_generator, check_positive, check_whole
from .blas_threads import one_thread_each
from .feature_training import largest_so_far, looked_at
from .gradient_flow import with_error_budget
from .modes import input_output_modes
from .networks import FloatArray
from .statistics import ErrorBudget

__all__ = ["BalancedRun", "train_balanced"]


@dataclass(frozen=True)
class BalancedRun:
    """A network in coordinates of its outputs and hidden units in which nothing else ever moves.

    ``Sigma31`` and ``start`` (``W21``, ``W32``) in these coordinates; ``maps`` ``(T, ., P)``: the
    end-to-end maps at ``times``; ``budget``: how wrong they may be, Frobenius norms ``(T,)``.
    """

    times: FloatArray
    Sigma31: FloatArray
    start: tuple[FloatArray, FloatArray]
    maps: FloatArray
    budget: ErrorBudget


def train_balanced(
    values: FloatArray,
    *,
    hidden: int,
    start_scale: float,
    times: ArrayLike,
    rng: np.random.Generator,
    tau: float = 1.0,
) -> BalancedRun:
    """Train on the features ``values`` ``(P, N)`` of one-hot items, ``Sigma11 = I``.

    ``W21 = R S V^T`` has independent entries of variance ``start_scale / hidden``, cut to the rank
    of the narrowest layer; ``W32 = Q S R^T`` with a random orthonormal frame ``Q``, so that
    ``W21 W21^T = W32^T W32``: random, small and balanced, but not aligned with any mode.
    Raises as ``train_on_features``.
    """
    check_positive("tau", tau)
    check_positive("start_scale", start_scale)
    check_whole("hidden", hidden)
    check_generator("rng", rng)
    given = np.asarray(values, dtype=np.float64)
    modes, (items, features) = input_output_modes(given.T), given.shape
    drawn = (start_scale / hidden) ** 0.5 * rng.normal(size=(hidden, items))
    rank = min(hidden, items, features)
    _, sizes, right = np.linalg.svd(drawn, full_matrices=False)
    frame = np.linalg.qr(rng.normal(size=(features, rank)))[0]
    along = modes.u.T @ frame
    beside = np.linalg.qr(frame - modes.u @ along, mode="r")
    W21 = sizes[:rank, None] * right[:rank]
    W32 = np.concatenate([along, beside]) * sizes[:rank]
    Sigma31 = np.concatenate([modes.s[:, None] * modes.v.T, np.zeros((len(beside), items))])
    moments = np.asarray(times, dtype=np.float64)
    looks, asked = looked_at(moments)
    with one_thread_each():
        flow = with_error_budget([W21, W32], Sigma31, times=looks, tau=tau, rng=rng)
    terms = largest_so_far(flow.budget, "step").terms
    budget = ErrorBudget({name: size[asked] for name, size in terms.items()})
    return BalancedRun(moments, Sigma31, (W21, W32), flow.record.maps[asked], budget)
