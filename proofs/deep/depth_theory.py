"""Theory's count of updates for a decoupled start, of what every mode has learned at one time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.passage_times import PassageTime
from lemmata.numerics.power_laws import PowerLaw

__all__ = ["CLAIMS", "learned_by", "loss_time"]

CLAIMS = ("depth.ode", "depth.iterations")
DIGITS = 15
NARROW = 1e-13
"""Relative width of the bracket of a time: far below one update of any run."""


def learned_by(D: int | None, s: Sequence[float], a0: float, time: float) -> FloatArray:
    """Strengths ``a`` of modes of final strengths ``s`` after ``time``, all from ``a0``.

    ``time`` is the count of updates times ``c``, where the rate is ``c / D``: in the limit of small
    ``c`` the time of ``depth.ode`` with ``tau = D``.  ``D`` None is the limit of infinite depth.
    """
    moment = Fraction(time)
    return np.array([float(_passage(D, x, a0).value_at(moment, DIGITS)) for x in s])


@lru_cache(maxsize=1024)
def _passage(D: int | None, s: float, a0: float) -> PassageTime:
    power = Fraction(2) if D is None else 2 - Fraction(2, D)
    return PassageTime(PowerLaw([(Fraction(s), power), (-1, power + 1)]), Fraction(a0))


def loss_time(D: int | None, s: Sequence[float], a0: float, share: float) -> float:
    """When ``sum (s - a)^2`` has fallen to ``share`` of ``sum s^2``, in the time of `learned_by`.

    The loss falls all the time where every mode starts below its final strength, so a bracket is
    halved.  Raises ``ValueError`` where one does not.
    """
    if not 0 < a0 < min(s):
        raise ValueError(
            f"start-scale={a0}: give a strength below that of every mode, {min(s):.3g}"
        )
    strengths = np.array(s)
    target = share * float(np.sum(strengths**2))

    def above(time: float) -> bool:
        return float(np.sum((strengths - learned_by(D, s, a0, time)) ** 2)) > target

    if float(np.sum((strengths - a0) ** 2)) <= target:
        return 0.0
    low, high = 0.0, 1.0
    while above(high):
        low, high = high, 2 * high
    while high - low > NARROW * high:
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) else (low, middle)
    return high
