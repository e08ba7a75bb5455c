"""Sampled spectra against the theory: what chance and a finite size allow, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, inf, isfinite, log
from typing import Any

import numpy as np
from lemmata.numerics.sampling_bounds import Median, median_interval, size_budget, soft_mean
from numpy.typing import ArrayLike, NDArray

from ..verdicts import Status, weakest

__all__ = [
    "FALSE_ALARM",
    "FEWEST",
    "Compared",
    "Sizes",
    "compared_exactly",
    "compared_mean",
    "compared_sizes",
    "compared_tail",
    "gathered",
    "not_known",
    "told_comparison",
    "weakest_of",
]

FALSE_ALARM = 1e-9
"""Rate at which a whole run that follows the theory is said to contradict it."""

FEWEST = 20
"""Singular values that must lie on each side of a threshold of its own."""

FloatArray = NDArray[np.float64]
Sizes = Mapping[int, FloatArray]
"""Draws of one number, or of several, at three widths, increasing."""


@dataclass(frozen=True)
class Compared:
    """One number of the theory beside the measured one.

    ``terms``: named parts of the budget, in the units of the difference, which is relative where
    ``relative`` (a difference of logarithms).  ``theory`` None: nothing is compared, ``note`` says
    why, and ``missing`` that it should have been.
    """

    what: str
    of: str
    claim: str
    theory: float | None
    measured: float | None
    terms: Mapping[str, float] = field(default_factory=dict)
    relative: bool = False
    note: str = ""
    missing: bool = False

    @property
    def difference(self) -> float | None:
        """``|measured - theory|``, of the logarithms where relative."""
        if self.theory is None or self.measured is None:
            return None
        if not self.relative:
            return abs(self.measured - self.theory)
        if min(self.measured, self.theory) <= 0:
            return inf
        return abs(log(self.measured) - log(self.theory))

    @property
    def budget(self) -> float:
        """Sum of the terms."""
        return sum(self.terms.values())

    @property
    def status(self) -> Status:
        """Sampled, refuted where the budget does not explain the difference.

        Vacuous where the budget is half of the value or more, and would let most errors pass;
        undecided where nothing is compared.
        """
        difference = self.difference
        if difference is None or self.theory is None:
            return Status.UNDECIDED
        if not difference <= self.budget:
            return Status.REFUTED
        least = log(2) if self.relative else abs(self.theory) / 2
        return Status.SAMPLED if self.budget < least else Status.VACUOUS


def gathered(
    parts: Mapping[int, Sequence[Mapping[str, Any]]], names: Sequence[str]
) -> dict[int, dict[str, FloatArray]]:
    """The readings of all parts of a width, one after the other, by width; counts are added."""
    return {
        width: {
            **{
                name: np.concatenate([np.array(part[name], dtype=np.float64) for part in some])
                for name in names
            },
            "counts": np.sum([part["counts"] for part in some], axis=0),
        }
        for width, some in parts.items()
    }


def compared_sizes(
    what: str, of: str, claim: str, theory: float, draws: Sizes, rate: float, order: float
) -> Compared:
    """Medians of the logarithms of a positive number at three widths, against unlimited width.

    ``rate``: chance of a false alarm; ``order``: the power of the width with which the median
    approaches its limit.
    """
    medians = [median_interval(logs, rate / 3) for logs in draws.values()]
    budget = size_budget(medians, list(draws), order)
    return Compared(
        what=what,
        of=of,
        claim=claim,
        theory=theory,
        measured=exp(float(medians[-1].value)),
        terms=_floats(budget.terms),
        relative=True,
    )


def compared_tail(
    of: str,
    claim: str,
    thresholds: Sequence[float],
    theory: Sequence[float],
    draws: Sizes,
    rate: float,
    doubts: Sequence[float] | None = None,
) -> Compared:
    """Fractions above thresholds, ``(draws, thresholds)``: the one with the worst verdict.

    ``doubts``: how well the theory's fractions are known.
    """
    count = len(thresholds)
    medians = [median_interval(each, rate / (3 * count)) for each in draws.values()]
    sizes = list(draws)
    each = [_at(medians, i) for i in range(count)]
    told = [
        Compared(
            what="fraction above" if count == 1 else "distribution",
            of=of,
            claim=claim,
            theory=theory[i],
            measured=float(medians[-1].value[i]),
            terms={
                **_floats(size_budget(each[i], sizes, 1.0).terms),
                **({} if doubts is None else {"theory": doubts[i]}),
            },
            note="" if count == 1 else f"worst of {count}: above {exp(thresholds[i]):.3g}",
        )
        for i in range(count)
    ]
    return min(told, key=lambda one: (one.status, -_share(one)))


def _share(one: Compared) -> float:
    return (one.difference or 0.0) / (one.budget or 1.0)


def _at(medians: Sequence[Median], i: int) -> list[Median]:
    return [Median(m.value[i], m.radius[i]) for m in medians]


def compared_mean(
    what: str,
    of: str,
    claim: str,
    theory: float,
    draws: ArrayLike,
    variance: float,
    rate: float,
) -> Compared:
    """A mean of independent draws whose variance is known, or bounded, against an exact value."""
    mean, radius = soft_mean(draws, theory, variance, rate)
    return Compared(what, of, claim, theory, mean, {"sampling": radius})


def compared_exactly(
    what: str, of: str, claim: str, theory: float, values: ArrayLike, rounding: float
) -> Compared:
    """The value farthest from theory, which may be off by rounding only."""
    given = np.asarray(values, dtype=np.float64).ravel()
    farthest = float(given[int(np.argmax(np.abs(given - theory)))])
    return Compared(what, of, claim, theory, farthest, {"rounding": rounding})


def not_known(
    what: str, of: str, claim: str, measured: float | None, note: str, missing: bool = False
) -> Compared:
    """A number without theory beside it; ``missing``: though it should have one."""
    return Compared(what, of, claim, None, measured, note=note, missing=missing)


def weakest_of(rows: Iterable[Compared]) -> Status:
    """The worst status of what is compared, or should have been."""
    return weakest(row.status for row in rows if row.theory is not None or row.missing)


def told_comparison(one: Compared) -> dict[str, Any]:
    """For the JSON report; null for what is not finite."""
    return {
        "what": one.what,
        "of": one.of,
        "claim": one.claim,
        "theory": one.theory,
        "measured": _finite(one.measured),
        "relative": one.relative,
        "difference": _finite(one.difference),
        "budget": _finite(one.budget),
        "terms": {name: _finite(size) for name, size in one.terms.items()},
        "note": one.note,
        "status": str(one.status),
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _floats(terms: Mapping[str, FloatArray]) -> dict[str, float]:
    return {name: float(size) for name, size in terms.items()}
