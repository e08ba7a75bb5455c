"""Events on enclosed trajectories: all times at which a quantity crosses a level, with proof.

The quantity is followed as a function of time, h(t) = g(x(t)) - level, together with its
derivative along the flow, h'(t) = sum_i dg/dx_i f_i(x(t)). Both are balls over balls of times,
so that `isolate_roots` decides: every proved ball contains exactly one crossing, a transversal
one; where that cannot be decided (a tangency, a crossing hidden in the width of the
enclosures) the times are listed as undecided; there is none elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

import flint

from .polynomial_fields import PolynomialField
from .power_laws import PowerTrajectory
from .precision import Rational, as_fraction, checked_list, exact_ball, working_precision
from .roots import BallFunction, Roots, isolate_roots
from .taylor import Trajectory

__all__ = ["Quantity", "Terms", "crossings", "first_crossing"]

Terms = Sequence[tuple[Rational, Sequence[int]]]
"""A polynomial in the variables: pairs of a coefficient and one exponent per variable."""

Balls = Sequence[flint.arb]
GUARD_BITS = 64


@dataclass(frozen=True)
class Quantity:
    """A quantity g given by functions on balls.

    Attributes
    ----------
    value : callable from a list of balls to a ball
        g of the variables.
    rate : callable from a list of balls to a ball
        The derivative of g(x(t)) by time, as a function of the variables.
    """

    value: Callable[[Balls], flint.arb]
    rate: Callable[[Balls], flint.arb]


def crossings(
    trajectory: Trajectory | PowerTrajectory,
    quantity: Quantity | Terms,
    level: Rational = 0,
    *,
    start: Rational = 0,
    end: Rational | None = None,
    digits: int = 15,
    max_depth: int = 60,
    max_intervals: int = 5_000,
) -> Roots:
    """All times from `start` to `end` at which the quantity equals `level`.

    Parameters
    ----------
    trajectory : Trajectory or PowerTrajectory
    quantity : Quantity, or the terms of a polynomial in the variables
    level : rational
    start, end : rationals
        Within the integrated interval; by default all of it.
    digits : int
        Accuracy of the times where the enclosures allow it: a crossing at speed v cannot be
        known better than the radius of the trajectory divided by v.
    max_depth, max_intervals : int
        How often an interval is halved, and how many are looked at, before the rest of it is
        left undecided (a quantity that stays at the level is undecided everywhere).

    Returns
    -------
    Roots
        Of times: `proved`, each with exactly one crossing, and `undecided`.

    Raises
    ------
    ValueError
        If the interval is empty or not inside the integrated one, or terms do not fit.
    TypeError
        For a number that is not an exact rational, or an argument of another kind.

    Examples
    --------
    >>> from .taylor import integrate_field
    >>> turn = PolynomialField([[(1, (0, 1))], [(-1, (1, 0))]])
    >>> found = crossings(integrate_field(turn, [1, 0], [4], 30), [(1, (1, 0))])
    >>> [t.str(12, radius=False) for t in found.proved]  # cos t = 0
    ['1.57079632679']
    """
    if not isinstance(trajectory, Trajectory | PowerTrajectory):
        raise TypeError(
            f"trajectory: {trajectory!r} is no trajectory: give what integrate_field or "
            "integrate_power_law returns"
        )
    inner = trajectory.inner if isinstance(trajectory, PowerTrajectory) else trajectory
    low = as_fraction(start, "start")
    high = inner.end if end is None else as_fraction(end, "end")
    if not 0 <= low < high <= inner.end:
        raise ValueError(f"start, end: {low} to {high}: give an interval within 0 to {inner.end}")
    followed = quantity if isinstance(quantity, Quantity) else _polynomial(trajectory, quantity)
    bits, offset = trajectory.report.bits + GUARD_BITS, as_fraction(level, "level")

    def along(function: Callable[[Balls], flint.arb], shift: Fraction) -> BallFunction:
        def on_times(times: flint.arb) -> flint.arb:
            middle, radius = as_fraction(times.mid().fmpq()), as_fraction(times.rad().fmpq())
            # Rounded outwards, a ball of times may leave the interval; the rest is no concern.
            first, last = max(low, middle - radius), min(high, middle + radius)
            if first > last:
                return flint.arb.nan()
            state = trajectory.over(first, last)
            with working_precision(bits):
                return function(state) - exact_ball(shift)

        return on_times

    return isolate_roots(
        along(followed.value, offset),
        along(followed.rate, Fraction(0)),
        low,
        high,
        digits=digits,
        max_depth=max_depth,
        max_intervals=max_intervals,
    )


def first_crossing(
    trajectory: Trajectory | PowerTrajectory,
    quantity: Quantity | Terms,
    level: Rational = 0,
    *,
    start: Rational = 0,
    end: Rational | None = None,
    digits: int = 15,
) -> flint.arb:
    """The ball of the first time from `start` on at which the quantity equals `level`.

    Raises
    ------
    ArithmeticError
        If there is no crossing, or an earlier one could not be excluded.
    ValueError, TypeError
        As `crossings`.
    """
    found = crossings(trajectory, quantity, level, start=start, end=end, digits=digits)
    if not found.proved:
        raise ArithmeticError(f"level: {level} is not shown to be crossed: {found}")
    first = found.proved[0]
    if any(not part > first for part in found.undecided):
        raise ArithmeticError(
            f"level: {level} may be touched before {first.str(8)}, near "
            f"{found.undecided[0].str(8)}: integrate with more digits"
        )
    return first


def _polynomial(trajectory: Trajectory | PowerTrajectory, terms: Terms) -> Quantity:
    """A polynomial as a quantity, its rate by the chain rule from the field."""
    dimension = 1 if isinstance(trajectory, PowerTrajectory) else trajectory.field.dimension
    checked_list(terms, "quantity", "a Quantity or a list of pairs (coefficient, exponents)")
    polynomial = PolynomialField([terms, *([] for _ in range(dimension - 1))])

    def field(state: Balls) -> Balls:
        if isinstance(trajectory, PowerTrajectory):
            return [trajectory.law(state[0])]
        return trajectory.field.values(state)

    def rate(state: Balls) -> flint.arb:
        slopes = polynomial.jacobian(state)[0]
        return sum(map(mul, slopes, field(state)), flint.arb(0))

    return Quantity(lambda state: polynomial.values(state)[0], rate)
