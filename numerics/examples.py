"""Examples as columns, and the order in which stochastic descent presents them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import check_generator, check_real, check_whole
from .arrays import Array, Arrays
from .networks import checked_copy

__all__ = ["Convention", "Presentation", "as_examples", "as_marks", "whitened"]

Convention = Literal["average", "sum"]
"""Whether correlations and losses are averages over the examples, or sums."""
FloatArray = NDArray[np.float64]
Indices = NDArray[np.int64]
MOST_UPDATES = 10**9
"""Updates of one run; at some microseconds each, hours."""


def as_examples(
    inputs: ArrayLike, outputs: ArrayLike, rows: tuple[int, int], arrays: Arrays
) -> tuple[Array, Array]:
    """Copy examples ``(N1, P)`` and ``(N3, P)`` and check them; ``rows`` are ``(N1, N3)``."""
    data = []
    for name, value, height in zip(("inputs", "outputs"), (inputs, outputs), rows, strict=True):
        array = checked_copy(name, value, arrays)
        if array.ndim != 2 or array.shape[0] != height:
            raise ValueError(
                f"{name} has shape {tuple(array.shape)}: give finite numbers, one example per "
                f"column, {height} rows"
            )
        data.append(array)
    if data[0].shape[1] != data[1].shape[1] or not data[0].shape[1]:
        raise ValueError(
            f"inputs has {data[0].shape[1]} examples (columns) and outputs {data[1].shape[1]}: "
            "give equally many, at least one"
        )
    return data[0], data[1]


def as_marks(iterations: ArrayLike, name: str = "iterations") -> Indices:
    """Increasing whole numbers from 0 on; ``ValueError`` otherwise."""
    check_real(name, iterations)
    given = np.atleast_1d(np.asarray(iterations))
    whole = given.ndim == 1 and given.size and np.issubdtype(given.dtype, np.integer)
    if not whole or given[0] < 0 or np.any(given[1:] < given[:-1]):
        raise ValueError(f"{name}={iterations!r}: give increasing whole numbers from 0 on")
    if given[-1] > MOST_UPDATES:
        raise ValueError(f"{name} ends at {given[-1]}: give at most {MOST_UPDATES} updates a run")
    return given.astype(np.int64)


def check_share(convention: str, examples: int) -> float:
    """Weight of one example: ``1/P`` for averages, 1 for sums."""
    if convention not in ("average", "sum"):
        raise ValueError(f"convention={convention!r}: give 'average' or 'sum'")
    return 1 / examples if convention == "average" else 1.0


class Presentation:
    """Draws the examples of every update on the host, from a ``Generator``.

    Without replacement every epoch presents each of ``examples`` once, in minibatches of ``size``,
    the last one smaller if ``size`` does not divide them.  With replacement every minibatch is
    drawn anew.  ``shared``: one order for all networks; otherwise each network has its own
    generator, spawned from ``rng``, so that it does not matter with which others it is trained.
    """

    def __init__(
        self,
        examples: int,
        size: int,
        rng: np.random.Generator,
        *,
        replacement: bool = False,
        shared: bool = True,
        networks: int = 1,
    ) -> None:
        check_generator("rng", rng)
        check_whole("batch_size", size, 0)
        if not (1 <= size and (size <= examples or replacement)):
            raise ValueError(
                f"batch_size={size!r}: give 1 to {examples}, or any with replacement=True"
            )
        self.examples, self.size, self.replacement = examples, size, replacement
        self.rng, self.shared = rng, shared
        self.own = [] if shared else rng.spawn(networks)

    @property
    def updates_per_epoch(self) -> int:
        """Updates that present every example once, or as many examples as there are."""
        return -(-self.examples // self.size)

    def orders(self, first: int, last: int) -> Iterator[Indices]:
        """Numbers of examples of one update after the other, ``(size,)`` or ``(networks, size)``.

        Every call starts from the same draws: chunks of networks see the same order.
        """
        if self.shared:
            return self._order(deepcopy(self.rng))
        each = [self._order(deepcopy(rng)) for rng in self.own[first:last]]
        return map(np.stack, zip(*each, strict=True))

    def skip(self, updates: int) -> None:
        """Advance the generator that was given past the draws of ``updates``."""
        if self.shared:
            order = self._order(self.rng)
            for _ in range(updates):
                next(order)

    def _order(self, rng: np.random.Generator) -> Iterator[Indices]:
        while self.replacement:
            yield rng.integers(self.examples, size=self.size)
        while True:
            order = rng.permutation(self.examples)
            for start in range(0, self.examples, self.size):
                yield order[start : start + self.size]


def whitened(inputs: ArrayLike) -> FloatArray:
    """Return ``(X X^T / P)^(-1/2) X``: inputs ``(N1, P)`` with covariance ``X X^T / P = I``.

    Raises ``ValueError`` when the covariance is singular, so that no scaling makes it white.
    """
    x = np.array(inputs, dtype=np.float64)
    if x.ndim != 2 or not x.size or not np.all(np.isfinite(x)):
        raise ValueError(f"inputs has shape {x.shape}: give finite numbers, one example per column")
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    # Singular values are computed to within this of exact ones (LAPACK Users' Guide, 4.9.1).
    rank = int(np.sum(s > max(x.shape) * np.finfo(np.float64).eps * s.max()))
    if rank < len(x):
        raise ValueError(
            f"inputs has covariance of rank {rank}, less than its {len(x)} rows, so it is singular "
            f"and cannot be whitened: give {len(x)} or more independent examples, or remove "
            "dependent rows"
        )
    white: FloatArray = np.sqrt(x.shape[1]) * u @ vt
    return white
