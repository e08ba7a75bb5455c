"""What an analysis is asked: the start of learning, its units and its criterion."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from lemmata.numerics.examples import Convention

__all__ = ["Criterion", "Settings"]


@dataclass(frozen=True)
class Criterion:
    """When a mode counts as learned: at a fraction of its final strength, or at one strength.

    ``Criterion.parse`` reads ``fraction``, ``fraction=0.9`` and ``absolute=0.2``.
    """

    kind: Literal["fraction", "absolute"]
    level: float

    @staticmethod
    def parse(text: str) -> Criterion:
        """Raises ``ValueError`` for another word, or a level that is no such number."""
        kind, separator, number = text.partition("=")
        if kind not in ("fraction", "absolute"):
            raise ValueError(f"criterion: {text!r}: give fraction, fraction=0.9 or absolute=0.2")
        if not separator and kind == "fraction":
            return Criterion("fraction", 0.5)
        try:
            level = float(number)
        except ValueError:
            level = float("nan")
        if kind == "fraction":
            if not 0 < level < 1:
                raise ValueError(f"criterion: {text!r}: give a fraction between 0 and 1")
            return Criterion("fraction", level)
        if not (isfinite(level) and level > 0):
            raise ValueError(
                f"criterion: {text!r}: give a positive strength in the unit of the table, as in "
                "absolute=0.2"
            )
        return Criterion("absolute", level)

    def __str__(self) -> str:
        if self.kind == "fraction":
            return f"{self.level:g} of the final strength"
        return f"a strength of {self.level:g}"


@dataclass(frozen=True)
class Settings:
    """Settings of an analysis.

    ``start_scale``: initial strength ``a_0`` of every mode; ``tau``: time constant;
    ``convention``: correlations as averages over the items or as sums; ``top``: excursions that
    are described; ``least_height``: those counted, None for 1/20 of the range of the table.
    Raises ``ValueError`` for a number that is not positive and finite.
    """

    start_scale: float = 1e-3
    tau: float = 1.0
    convention: Convention = "average"
    criterion: Criterion = Criterion("fraction", 0.5)
    top: int = 10
    least_height: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("start_scale", "tau", "least_height"):
            value = getattr(self, name)
            if value is not None and not (isfinite(value) and value > 0):
                raise ValueError(f"{name}={value!r}: give a positive finite number")
