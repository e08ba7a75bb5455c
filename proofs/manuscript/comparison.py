"""What comes of comparing a relation with a claim, or with what it should follow from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ..verdicts import Status

__all__ = ["Comparison", "Known", "Probe", "proved", "undecided"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``proved``: the relation says what the claim says; ``refuted``: it fails at ``point``.

    ``point`` maps symbols, values of functions and letters to exact values as text; ``left`` and
    ``right`` are what the two sides are worth there.  ``note`` says where a proved relation says
    nothing.  ``apart``: the relation is false because the claim it equals is known to be false.
    """

    status: Status
    reason: str = ""
    point: Mapping[Any, str] = field(default_factory=dict)
    left: str = ""
    right: str = ""
    note: str = ""
    apart: bool = False


def undecided(reason: str) -> Comparison:
    """Neither shown nor refuted, with the reason."""
    return Comparison(Status.UNDECIDED, reason)


def proved(note: str = "") -> Comparison:
    """Shown to say the same."""
    return Comparison(Status.PROVED, note=note)


Probe = Callable[[Any], bool]
"""Whether a relation may hold: numbers at a few points, no proof."""


class Known(Protocol):
    """What is known of one claim, ready to compare relations with it."""

    def follows(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the relation holds wherever the claim does."""
        ...

    def same(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the relation says no less than the claim."""
        ...

    def names(self) -> Sequence[Any]:
        """Symbols, functions and letters of which the claim speaks."""
        ...
