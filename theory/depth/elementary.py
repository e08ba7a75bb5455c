"""Learning times in elementary functions at integer depth: one claim each for N_l = 4 to 7.

Their values are those of ``depth.learning_time``, which is cheaper to evaluate.  Two and three
layers and infinite depth are in ``special_times``; every other depth has a finite sum of the same
kind (``finite_sums``).
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Lambda, Symbol

from ..claims import Claim, claim
from ..definitions import define
from ..edges import Limit
from ..symbols import T, a0, a_f, s, tau
from .finite_sums import finite_sum
from .times import BELOW, START, F, integrated, law

__all__ = ["ELEMENTARY"]

_x = Symbol("x", positive=True)


def _elementary(depth: int) -> Claim:
    """The claim on ``depth`` weight matrices."""
    rate, speed = tau * s ** (Integer(2) / depth - 2) / depth, law(Integer(depth))
    counted = define(
        F, Lambda(_x, finite_sum(depth, _x)), means="counts the time below s, at x = a/s"
    )
    time = rate * (F(a_f / s) - F(a0 / s))

    def stated() -> Any:
        return Eq(T(a_f), time)

    root = depth if depth % 2 else depth // 2
    stated.__doc__ = f"""{depth + 1} layers: time from a_0 to a_f, both below s.

    By partial fractions over the roots of unity in y = (a/s)^(1/{root}).
    """
    return claim(
        f"depth.learning_time.layers_{depth + 1}",
        where=[counted],
        given=[speed, START, *BELOW],
        rests_on=["depth.ode"],
        derivation=integrated(
            speed,
            lambda strength: rate * F(strength / s),
            time,
            f"partial fractions in y = (a/s)^(1/{root}): F, taken at a_f/s, changes as fast",
        ),
        source="learning time of a mode in deep linear networks, elementary forms",
        limits=[Limit(a_f, a0, Integer(0), "nothing is left to learn")],
    )(stated)


ELEMENTARY = {depth: _elementary(depth) for depth in (3, 4, 5, 6)}
"""The claims by the number of weight matrices."""
