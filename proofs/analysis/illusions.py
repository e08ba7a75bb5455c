"""Illusory correlations: properties that an item seems to have, or to lack, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, log
from typing import NamedTuple

import numpy as np
from lemmata.numerics.datasets import ItemTable
from lemmata.numerics.excursions import find_excursions, largest
from lemmata.numerics.networks import FloatArray
from numpy.typing import NDArray
from scipy.optimize import brentq

from ..mode_curves import learning_time
from .mode_arrays import curves, speeds
from .modes import TableModes
from .settings import Settings

__all__ = ["Illusion", "Illusions", "Output", "find_illusions", "scan_times"]

WEAKEST = 1e-3
"""Modes below this part of the strongest are learned after the times that are scanned."""
FINEST = 400
"""No more times are scanned."""


@dataclass(frozen=True)
class Illusion:
    """The output for one property of one item, which rises and falls again (or the reverse).

    ``height``: signed, the peak less the larger of the initial and the lowest later value;
    ``window``: while the output is beyond half of that; ``final``: the true value; ``alike``:
    further outputs with the same course, of items or properties that the table does not tell
    apart.
    """

    item: str
    property: str
    final: float
    peak: float
    time: float
    height: float
    window: tuple[float, float]
    alike: int


@dataclass(frozen=True)
class Illusions:
    """All excursions of at least ``least_height``: how many, and the largest different ones.

    ``of_false``: those above zero of a property that is 0; ``pairs``: items times properties;
    ``until``: last time scanned; ``later``: modes learned after it.
    """

    largest: tuple[Illusion, ...]
    count: int
    upward: int
    of_false: int
    pairs: int
    least_height: float
    until: float
    later: int


class Output:
    """``f_mi(t) = sum_l c_l a_l(t)`` of one property ``m`` of one item ``i``.

    ``c_l = (Y P_l)_mi / s_l`` with the projector ``P_l`` of a multiplet, here times the final
    strength, so that the coefficients add up to the true value.
    """

    def __init__(self, found: TableModes, settings: Settings, m: int, i: int) -> None:
        self._found, self._settings = found, settings
        vectors = found.vectors
        terms = vectors.u[m] * vectors.s * vectors.v[i] / found.input_strength
        self.parts = np.array([np.sum(terms[group]) for group in found.groups])

    @cached_property
    def _finals(self) -> FloatArray:
        return self._found.strengths / self._found.input_strength

    def at(self, times: FloatArray) -> FloatArray:
        """Values at ``times``."""
        values: FloatArray = (self.parts / self._finals) @ self._of_modes(curves, times)
        return values

    def slope(self, times: FloatArray) -> FloatArray:
        """Time derivatives at ``times``."""
        values: FloatArray = (self.parts / self._finals) @ self._of_modes(speeds, times)
        return values

    @property
    def final(self) -> float:
        """The value when all is learned."""
        return float(np.sum(self.parts))

    def _of_modes(self, function: object, times: FloatArray) -> FloatArray:
        asked, lambda_ = self._settings, self._found.input_strength
        assert callable(function)
        values: FloatArray = function(
            self._found.strengths, lambda_, asked.start_scale, asked.tau, times
        )
        return values


def scan_times(found: TableModes, settings: Settings) -> FloatArray:
    """Times from 0 on, dense enough for the fastest rise of any mode.

    A mode rises within ``4 / ln(s/a_0)`` of its half-time, relatively: a fifth of that is the
    ratio of two times, so that a peak is missed by less than a hundredth of the mode that makes
    it.  The last one has every mode above ``WEAKEST`` at 0.999 of its strength.
    """
    lambda_, a0, tau = found.input_strength, settings.start_scale, settings.tau
    strengths = found.strengths[found.strengths >= WEAKEST * found.strengths[0]]
    slowest = float(strengths[-1])
    last = learning_time(slowest, lambda_, a0, tau, 0.999) or 10 * tau / slowest
    first = min(learning_time(found.strengths[0], lambda_, a0, tau, 0.01) or last, last) / 4
    ratio = 0.8 / max(log(found.strengths[0] / lambda_ / a0), 4.0)
    count = min(FINEST, max(40, ceil(log(last / first) / ratio)))
    return np.concatenate([[0.0], np.geomspace(first, last, count)])


def find_illusions(table: ItemTable, found: TableModes, settings: Settings) -> Illusions:
    """Scan every property of every item; describe the largest excursions exactly."""
    times = scan_times(found, settings)
    vectors, lambda_ = found.vectors, found.input_strength
    growing = curves(found.strengths, lambda_, settings.start_scale, settings.tau, times)
    growing *= lambda_ / found.strengths[:, None]
    kept = np.concatenate(found.groups)
    ratios = np.repeat(growing, [len(group) for group in found.groups], axis=0)
    least = settings.least_height or float(np.ptp(table.values)) / 20
    scanned = find_excursions(
        vectors.u[:, kept], vectors.s[kept] / lambda_, vectors.v[:, kept], ratios, least / 100
    )
    rises = scanned.up >= least
    falls = scanned.down >= least
    items, properties = _classes(table.values), _classes(table.values.T)
    candidates = [
        (float(heights[m, i]), sign, int(properties.first[m]), int(items.first[i]))
        for sign, whole in ((1, scanned.up), (-1, scanned.down))
        for heights in [whole[np.ix_(properties.first, items.first)]]
        for m, i in largest(heights, settings.top)
        if heights[m, i] >= least
    ]
    candidates.sort(key=lambda c: (-c[0], -c[1], c[2], c[3]))
    described = [
        _described(table, found, settings, sign, m, i, times, properties.size[m] * items.size[i])
        for _, sign, m, i in candidates[: settings.top]
    ]
    false = table.values.T == 0
    weaker = np.sum(found.strengths < WEAKEST * found.strengths[0])
    return Illusions(
        largest=tuple(sorted(described, key=lambda x: -abs(x.height))),
        count=int(np.sum(rises) + np.sum(falls)),
        upward=int(np.sum(rises)),
        of_false=int(np.sum(rises & false)),
        pairs=int(false.size),
        least_height=least,
        until=float(times[-1]),
        later=int(weaker),
    )


class _Classes(NamedTuple):
    """Equal rows of a table: the ``first`` of each class, and for every row the ``size`` of its."""

    first: NDArray[np.intp]
    size: NDArray[np.intp]


def _classes(rows: FloatArray) -> _Classes:
    seen: dict[bytes, list[int]] = {}
    for k, row in enumerate(np.ascontiguousarray(rows) + 0.0):  # -0.0 is 0.0
        seen.setdefault(row.tobytes(), []).append(k)
    size = np.empty(len(rows), dtype=np.intp)
    for members in seen.values():
        size[members] = len(members)
    return _Classes(np.array([members[0] for members in seen.values()]), size)


def _described(
    table: ItemTable,
    found: TableModes,
    settings: Settings,
    sign: int,
    m: int,
    i: int,
    times: FloatArray,
    alike: int,
) -> Illusion:
    output = Output(found, settings, m, i)
    values = sign * output.at(times)
    when = _turn(output, times, _highest(values))
    later = times[times > when]
    valley = _turn(output, later, int(np.argmin(sign * output.at(later)))) if len(later) else when
    fine = np.unique(np.concatenate([times, [when, valley]]))
    values = sign * output.at(fine)
    at = int(np.searchsorted(fine, when))
    after = min(float(np.min(values[at:])), sign * output.final)
    height = float(values[at]) - max(float(values[0]), after)
    return Illusion(
        item=table.items[i],
        property=table.properties[m],
        final=float(table.values[i, m]),
        peak=float(sign * values[at]),
        time=when,
        height=float(sign * height),
        window=_window(output, sign, float(values[at]) - height / 2, fine, values, at),
        alike=int(alike) - 1,
    )


def _highest(values: FloatArray) -> int:
    """Index of the peak that the height belongs to."""
    reached = np.maximum.accumulate(values)
    last = int(np.argmax(np.minimum(reached - values[0], reached - values)))
    return int(np.argmax(values[: last + 1]))


def _turn(output: Output, times: FloatArray, k: int) -> float:
    """The zero of the slope between the neighbours of a time, or that time."""
    low, high = times[max(k - 1, 0)], times[min(k + 1, len(times) - 1)]

    def slope(t: float) -> float:
        return float(output.slope(np.array([t]))[0])

    if slope(low) * slope(high) >= 0:
        return float(times[k])
    return float(brentq(slope, low, high, xtol=1e-15 * high, rtol=1e-15))


def _window(
    output: Output, sign: int, level: float, times: FloatArray, values: FloatArray, at: int
) -> tuple[float, float]:
    """First and last time around the peak at which the output passes the level."""

    def above(t: float) -> float:
        return sign * float(output.at(np.array([t]))[0]) - level

    before = np.flatnonzero(values[:at] <= level)
    after = np.flatnonzero(values[at:] <= level)
    begin = brentq(above, times[before[-1]], times[before[-1] + 1]) if len(before) else 0.0
    if not len(after):
        return float(begin), float(times[-1])
    end = at + int(after[0])
    return float(begin), float(brentq(above, times[end - 1], times[end]))
