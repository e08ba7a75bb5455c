"""Verdicts: never a bool, computed and never typed by hand."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lemmata.theory.display import Shown

__all__ = ["Status", "Verdict", "weakest"]


class Status(enum.IntEnum):
    """From worst to best."""

    REFUTED = 0
    VACUOUS = 1
    UNDECIDED = 2
    SAMPLED = 3
    ENCLOSED = 4
    PROVED = 5

    def __str__(self) -> str:
        return self.name.lower()


def weakest(statuses: Iterable[Status]) -> Status:
    """The worst status; ``VACUOUS`` when there is none."""
    return min(statuses, default=Status.VACUOUS)


@dataclass(frozen=True)
class Verdict(Shown):
    """What one kind of evidence found.

    ``drawn`` and ``decided`` count cases (steps, points, mutants, trajectories); ``worst`` is the
    worst case in words or digits; ``counterexample`` maps names to exact values; ``seed`` is the
    seed of the random numbers.
    """

    kind: str
    status: Status
    drawn: int = 0
    decided: int = 0
    worst: str = ""
    reason: str = ""
    counterexample: Mapping[str, str] | None = None
    seed: int | None = None
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    dtype: str = "exact"
    device: str = "cpu"
    counts: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        raise TypeError(
            "a Verdict is not a bool: compare verdict.status with Status.PROVED, "
            "Status.UNDECIDED, ..."
        )

    def at(self, *, seed: int, seconds: float) -> Verdict:
        """The same verdict with the seed and the seconds it took."""
        return replace(self, seed=seed, seconds=seconds)
