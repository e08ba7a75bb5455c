"""From correlations to measurements: input-output modes, their strengths, and initial weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Array, arrays_of, to_host
from .networks import FloatArray
from .random_weights import draw_weights

__all__ = [
    "InputOutputModes",
    "conserved_matrices",
    "decoupled_start",
    "haar_orthogonal",
    "input_output_modes",
    "mode_strengths",
    "multiplets",
    "small_random_start",
    "subspace_strengths",
]


@dataclass(frozen=True)
class InputOutputModes:
    """Singular value decomposition ``Sigma31 = sum_alpha s_alpha u^alpha v^alpha^T``.

    ``u`` ``(N3, r)``: feature synthesizers as columns; ``s`` ``(r,)``: strengths, decreasing, in
    the units of ``Sigma31``; ``v`` ``(N1, r)``: object analyzers; ``r = min(N1, N3)``.
    """

    u: FloatArray
    s: FloatArray
    v: FloatArray

    @property
    def resolution(self) -> float:
        """Distance ``2 max(N1, N3) eps s_1`` below which two strengths cannot be told apart.

        Each computed singular value is within ``max(N1, N3) eps s_1`` of an exact one (backward
        stability of the decomposition, LAPACK Users' Guide, section 4.9.1).
        """
        eps = float(np.finfo(np.float64).eps)
        return 2 * max(len(self.u), len(self.v)) * eps * float(self.s.max(initial=0.0))


def input_output_modes(Sigma31: ArrayLike) -> InputOutputModes:
    """Modes of ``Sigma31`` ``(N3, N1)``; in every ``v`` the first largest entry is positive.

    Inside a multiplet of equal strengths the vectors are arbitrary: measure with
    ``subspace_strengths``.  Raises ``ValueError`` for another shape or non-finite numbers.
    """
    matrix = to_host(Sigma31)
    if matrix.ndim != 2 or not matrix.size or not np.all(np.isfinite(matrix)):
        raise ValueError(f"Sigma31 has shape {matrix.shape}: give one matrix of finite numbers")
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    v = vt.T
    peaks = v[np.argmax(np.abs(v), axis=0), np.arange(len(s))]
    signs = np.where(peaks < 0, -1.0, 1.0)
    return InputOutputModes(u * signs, s, v * signs)


def mode_strengths(W_tot: ArrayLike, modes: InputOutputModes) -> Array:
    """Strengths ``u^alpha^T W_tot v^alpha`` of end-to-end maps ``(..., N3, N1)``: ``(..., r)``.

    In the namespace, on the device and in the data type of the maps.
    """
    arrays = arrays_of([W_tot])
    maps = np.asarray(W_tot, dtype=arrays.dtype) if arrays.name == "numpy" else W_tot
    return arrays.xp.sum((maps @ arrays.take(modes.v)) * arrays.take(modes.u), axis=-2)


def multiplets(modes: InputOutputModes) -> list[NDArray[np.intp]]:
    """Indices of the modes grouped by equal nonzero strength, up to ``modes.resolution``."""
    kept = np.flatnonzero(modes.s > modes.resolution)
    gaps = np.flatnonzero(-np.diff(modes.s[kept]) > modes.resolution) + 1
    return [np.asarray(group) for group in np.split(kept, gaps)] if len(kept) else []


def subspace_strengths(W_tot: ArrayLike, modes: InputOutputModes) -> Array:
    """Mean strength of every multiplet, shape ``(..., multiplets)``.

    ``tr(M^T W_tot) / d`` with the partial isometry ``M = sum u^alpha v^alpha^T`` over the ``d``
    modes of the multiplet: unlike its vectors, ``M`` is determined by ``Sigma31`` alone.
    Strengths equal to zero are left out, as their ``M`` is not.
    """
    strengths, arrays = mode_strengths(W_tot, modes), arrays_of([W_tot])
    xp, chosen = arrays.xp, [arrays.indices(group) for group in multiplets(modes)]
    groups = [xp.mean(xp.take(strengths, group, axis=-1), axis=-1) for group in chosen]
    return xp.stack(groups, axis=-1) if groups else strengths[..., :0]


def haar_orthogonal(n: int, rng: np.random.Generator, batch: int | None = None) -> FloatArray:
    """Orthogonal matrices from the Haar measure, shape ``(n, n)`` or ``(batch, n, n)``.

    Drawn by ``draw_weights``.  Raises ``ValueError`` for ``n < 1``.
    """
    if n < 1:
        raise ValueError(f"n={n}: give the size of the matrix, 1 or more")
    drawn: FloatArray = draw_weights("orthogonal", 1 if batch is None else batch, n, n, rng)
    return drawn[0] if batch is None else drawn


def decoupled_start(
    modes: InputOutputModes,
    strengths: ArrayLike,
    hidden: int | Sequence[int],
    rng: np.random.Generator,
) -> list[FloatArray]:
    """Balanced weights whose end-to-end map is ``sum_alpha a0_alpha u^alpha v^alpha^T``.

    Three-layer network: ``W21 = R sqrt(a0) V^T``, ``W32 = U sqrt(a0) R^T`` with a random
    orthonormal frame ``R`` ``(hidden, r)``.  ``hidden`` with several widths gives a deeper one,
    every layer with strengths ``a0^(1/layers)``.  ``strengths`` ``a0``: one number or ``(r,)``,
    or ``(batch, r)`` for a batch of networks with the same frames.  Raises ``ValueError`` for
    negative strengths, or a hidden layer narrower than the number of nonzero strengths.
    """
    a0 = np.asarray(strengths, dtype=np.float64)
    if a0.ndim == 0:
        a0 = np.full(len(modes.s), a0)
    if a0.ndim > 2 or a0.shape[-1] != len(modes.s) or not np.all(np.isfinite(a0) & (a0 >= 0)):
        raise ValueError(
            f"strengths={strengths!r}: give one number, or {len(modes.s)}, finite and not negative"
        )
    used = np.flatnonzero(np.any(a0.reshape(-1, len(modes.s)) > 0, axis=0))
    widths = [int(width) for width in np.atleast_1d(hidden)]
    if not widths or min(widths) < max(len(used), 1):
        raise ValueError(
            f"hidden={hidden!r}: {len(used)} nonzero strengths need at least as many hidden units"
        )
    frames = [haar_orthogonal(width, rng)[:, : len(used)] for width in widths]
    frames = [modes.v[:, used], *frames, modes.u[:, used]]
    root = a0[..., used] ** (1 / (len(widths) + 1))
    return [(above * root[..., None, :]) @ below.T for below, above in pairwise(frames)]


def small_random_start(
    sizes: Sequence[int], scale: float, rng: np.random.Generator, batch: int | None = None
) -> list[FloatArray]:
    """Weights with independent entries ``N(0, scale^2)``; ``sizes`` = ``(N1, N2, ..., N3)``.

    Shapes ``(n_{l+1}, n_l)``, or ``(batch, n_{l+1}, n_l)``.  Raises ``ValueError`` for fewer than
    two sizes, an empty layer or a scale that is not positive.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes={tuple(sizes)}: give two or more layer sizes, each 1 or more")
    if not (np.isfinite(scale) and scale > 0):
        raise ValueError(f"scale={scale!r}: give a positive standard deviation")
    lead = () if batch is None else (batch,)
    shapes = [(*lead, above, below) for below, above in pairwise(sizes)]
    return [scale * rng.normal(size=shape) for shape in shapes]


def conserved_matrices(weights: Sequence[Array]) -> list[Array]:
    """Differences ``W_l W_l^T - W_{l+1}^T W_{l+1}``, one per hidden layer, ``(..., n_l, n_l)``.

    For a three-layer network the only one is ``W21 W21^T - W32^T W32``.
    """
    return [below @ below.mT - above.mT @ above for below, above in pairwise(weights)]
