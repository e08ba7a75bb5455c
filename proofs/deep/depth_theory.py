"""Theory's count of updates for a decoupled start, of what every mode has learned at one time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from lemmata.numerics.networks import FloatArray
from lemmata.numerics.passage_times import PassageTime
from lemmata.numerics.power_laws import PowerLaw

from .claimed import claimed

__all__ = ["CLAIMS", "LossTime", "learned_by", "loss_time"]

CLAIMS = ("depth.iterations", "depth.learning_time")
DIGITS = 15
NARROW = 1e-13
"""Relative width of the bracket of a time: far below one update of any run."""


class LossTime(NamedTuple):
    """Updates times ``c``, where the rate is ``c / D``, until a loss is reached.

    ``time`` is what the claim says of the strongest mode, at the strength that it has by then;
    ``spread``: how far what it says of another mode is from that.  All modes learn side by side, so
    it tells how well the strengths, and with them the time, are known.
    """

    time: float
    spread: float


def learned_by(D: int | None, s: Sequence[float], a0: float, time: float) -> FloatArray:
    """Strengths of modes of final strengths ``s`` after that ``time``, all from ``a0``.

    A proposal, which `loss_time` lets the claims judge.  ``D`` None: of infinite depth.
    """
    moment = Fraction(time)
    return np.array([float(_passage(D, x, a0).value_at(moment, DIGITS)) for x in s])


@lru_cache(maxsize=1024)
def _passage(D: int | None, s: float, a0: float) -> PassageTime:
    power = Fraction(2) if D is None else 2 - Fraction(2, D)
    return PassageTime(PowerLaw([(Fraction(s), power), (-1, power + 1)]), Fraction(a0))


def loss_time(D: int | None, s: Sequence[float], a0: float, share: float) -> LossTime:
    """When ``sum (s - a)^2`` has fallen to ``share`` of ``sum s^2``; ``max(s)`` is 1.

    The loss falls all the time where every mode starts below its final strength, so a bracket is
    halved.  Raises ``ValueError`` where one does not.
    """
    if not 0 < a0 < min(s):
        raise ValueError(f"start-scale={a0}: give a strength below that of all modes, {min(s):.3g}")
    time = _bracketed(D, s, a0, share)
    if time == 0:
        return LossTime(0.0, 0.0)
    reached = learned_by(D, s, a0, time)
    told = [_claimed_time(D, x, a0, float(a)) for x, a in zip(s, reached, strict=True)]
    first = told[int(np.argmax(s))]
    return LossTime(first, max(abs(other - first) for other in told))


def _claimed_time(D: int | None, s: float, a0: float, af: float) -> float:
    if D is None:
        # In units of tau over the count of layers: of 1 / c updates.
        return claimed("depth.learning_time", N_l="oo", s=s, a0=a0, af=af, tau=1)["t"]
    return claimed("depth.iterations", D=D, s=s, s1=1, a0=a0, af=af, c=1)["n"]


def _bracketed(D: int | None, s: Sequence[float], a0: float, share: float) -> float:
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
