"""The modes of a table, what carries them, and the order in which they are learned."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from lemmata.numerics.datasets import ItemTable, correlations
from lemmata.numerics.modes import InputOutputModes, input_output_modes, multiplets
from lemmata.numerics.networks import FloatArray
from numpy.typing import NDArray

from ..mode_curves import learning_time
from .mode_arrays import reversal_strength
from .settings import Settings

__all__ = ["Carriers", "Mode", "Order", "TableModes", "learning_order", "table_modes"]

NAMED = 4
"""No more carriers of a mode are named on either side."""


@dataclass(frozen=True)
class Carriers:
    """Items or properties that carry a mode, largest first, with their loadings.

    Of a single mode: entries of its vector, positive and negative ones apart.  Of a multiplet,
    whose vectors are arbitrary: diagonal entries of its projector, all positive.
    """

    positive: tuple[tuple[str, float], ...]
    negative: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Mode:
    """One multiplet of equal singular values.

    ``s``: singular value of Sigma31; ``final``: strength when learned, ``s / lambda``; ``share``:
    of the squared Frobenius norm of the table, of the whole multiplet; ``time``: when it is
    learned by the criterion, None where it never is or starts beyond; ``separation``: gap of its
    squared strength to that of the next mode, in standard errors over independent properties,
    None where there is no next one.
    """

    numbers: tuple[int, ...]
    s: float
    final: float
    share: float
    time: float | None
    separation: float | None
    items: Carriers
    properties: Carriers


@dataclass(frozen=True)
class TableModes:
    """The modes of a table: their vectors, multiplets, and what is said of each.

    ``left_out``: singular values that are zero up to rounding; ``input_strength``: lambda of
    Sigma11 = lambda I.
    """

    vectors: InputOutputModes
    groups: tuple[NDArray[np.intp], ...]
    modes: tuple[Mode, ...]
    input_strength: float
    left_out: int

    @property
    def strengths(self) -> FloatArray:
        """Singular values, one per multiplet."""
        return np.array([mode.s for mode in self.modes])


@dataclass(frozen=True)
class Order:
    """The predicted order of learning.

    ``first_to_last``: indices into ``modes`` by time; ``unreached``: those that never meet the
    criterion or start beyond it; ``reversal``: ``s*`` of the fractional criterion, None for the
    absolute one; ``reversed_pairs``: pairs (weaker, stronger) where the weaker is first;
    ``unresolved``: indices whose gap to the next one is below two standard errors.
    """

    first_to_last: tuple[int, ...]
    unreached: tuple[int, ...]
    reversal: float | None
    below_reversal: tuple[int, ...]
    reversed_pairs: int
    unresolved: tuple[int, ...]


def table_modes(table: ItemTable, settings: Settings, *, sampled: bool = True) -> TableModes:
    """Modes of Sigma31 and their learning times.

    ``sampled``: the properties are some of many, so that gaps have a standard error.  Raises
    ``ValueError`` for a table of zeros.
    """
    Sigma11, Sigma31 = correlations(table, settings.convention)
    vectors, lambda_ = input_output_modes(Sigma31), float(Sigma11[0, 0])
    groups = multiplets(vectors)
    if not groups:
        raise ValueError("table: all its values are zero: there is nothing to learn")
    total = float(np.sum(vectors.s**2))
    separations = _separations(vectors, groups) if sampled else [None] * len(groups)
    modes = []
    for group, separation in zip(groups, separations, strict=True):
        s = float(np.mean(vectors.s[group]))
        modes.append(
            Mode(
                numbers=tuple(int(k) + 1 for k in group),
                s=s,
                final=s / lambda_,
                share=float(np.sum(vectors.s[group] ** 2)) / total,
                time=_time(s, lambda_, settings),
                separation=separation,
                items=_carriers(vectors.v[:, group], table.items),
                properties=_carriers(vectors.u[:, group], table.properties),
            )
        )
    kept = sum(len(group) for group in groups)
    return TableModes(vectors, tuple(groups), tuple(modes), lambda_, len(vectors.s) - kept)


def learning_order(found: TableModes, settings: Settings) -> Order:
    """Sort by learning time, and say where strength and time disagree."""
    timed = [(m.time, k) for k, m in enumerate(found.modes) if m.time is not None]
    order = [k for _, k in sorted(timed)]
    reversal = None
    below: tuple[int, ...] = ()
    if settings.criterion.kind == "fraction":
        level = settings.criterion.level
        reversal = reversal_strength(level, found.input_strength, settings.start_scale)
        below = tuple(k for k in order if found.modes[k].s < reversal)
    return Order(
        first_to_last=tuple(order),
        unreached=tuple(k for k, m in enumerate(found.modes) if m.time is None),
        reversal=reversal,
        below_reversal=below,
        reversed_pairs=_inversions(order),
        unresolved=tuple(
            k for k, m in enumerate(found.modes) if m.separation is not None and m.separation < 2
        ),
    )


def _time(s: float, lambda_: float, settings: Settings) -> float | None:
    criterion, final = settings.criterion, s / lambda_
    fraction = criterion.level if criterion.kind == "fraction" else criterion.level / final
    if not 0 < fraction < 1:
        return None
    return learning_time(s, lambda_, settings.start_scale, settings.tau, fraction)


def _separations(vectors: InputOutputModes, groups: list[NDArray[np.intp]]) -> list[float | None]:
    """``Delta / (sqrt(N) std)`` of the gaps ``Delta`` between squared strengths.

    The squared strength is the sum over properties of ``(s u_m)^2``; to first order the vectors
    do not matter, so the gap is a sum of ``N`` independent numbers where properties are.
    """
    energy = [np.mean((vectors.s[g] * vectors.u[:, g]) ** 2, axis=1) for g in groups]
    found: list[float | None] = []
    for one, other in pairwise(energy):
        gap = one - other
        spread = sqrt(len(gap)) * float(np.std(gap, ddof=1)) if len(gap) > 1 else 0.0
        found.append(float(np.sum(gap)) / spread if spread > 0 else None)
    return [*found, None]


def _carriers(vectors: FloatArray, names: tuple[str, ...]) -> Carriers:
    single = vectors.shape[1] == 1
    loadings = vectors[:, 0] if single else np.sum(vectors**2, axis=1)
    size, least = np.abs(loadings), np.max(np.abs(loadings)) / 2
    ranked = [int(i) for i in np.argsort(-size, kind="stable") if size[i] >= least]

    def side(sign: float) -> tuple[tuple[str, float], ...]:
        chosen = [i for i in ranked if sign * loadings[i] > 0][:NAMED]
        return tuple((names[i], float(loadings[i])) for i in chosen)

    return Carriers(side(1), side(-1))


def _inversions(order: list[int]) -> int:
    """Pairs out of order: modes are numbered from the strongest."""
    places = np.array(order)
    return int(sum(np.sum(places[i + 1 :] < k) for i, k in enumerate(places)))
