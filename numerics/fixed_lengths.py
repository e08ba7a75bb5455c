"""Lengths that a layer keeps: all fixed points q = V(q) of the length map, each enclosed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from .balls import ARITHMETIC
from .growth import NotBoundedError
from .layer_averages import layer_ball, root_of, scaled_product, two_slopes
from .mean_field import activation, squares
from .precision import Rational, as_fraction, checked_digits, exact_ball
from .program_growth import constant_slots, output_growth
from .programs import Program
from .roots import isolate_roots

__all__ = ["FixedPoints", "FixedPointsUndecided", "fixed_points"]

INTERVALS = 400
DEPTH = 60
LONGEST = 10**100


class FixedPointsUndecided(ArithmeticError):
    """Not every length could be shown to be fixed, once, or not to be fixed."""


@dataclass(frozen=True, slots=True)
class FixedPoints:
    """``points``: balls with one fixed point each, in order; ``zero``: whether q = 0 is one.

    There are no others up to the largest length that was asked for.
    """

    points: tuple[flint.arb, ...]
    zero: bool


def fixed_points(
    nonlinearity: Any,
    gain: Rational,
    bias: Rational,
    *,
    largest: Rational = 100,
    digits: int = 15,
) -> FixedPoints:
    """All lengths q = V(q) from 0 to ``largest``, by interval Newton and bisection.

    Near q = 0, where V(0) = 0, the ratio V(q)/q lies in gain^2 E z^2 phi'(s z) phi'(t z) with s, t
    from 0 to sqrt(q): where that is not 1 no other fixed point is near.

    Raises
    ------
    FixedPointsUndecided
        Where two fixed points cannot be told apart, or the gain is critical (V'(0) = 1): change the
        gain, or ask for other digits.
    ValueError, TypeError, NotBoundedError
        As ``length_map``.

    Examples
    --------
    >>> found = fixed_points("tanh", Fraction(11, 10), 0, digits=15)
    >>> found.zero, [q.str(12, radius=False) for q in found.points]
    (True, ['0.112749885865'])
    """
    phi, (g2, b2) = activation(nonlinearity), squares(gain, bias)
    digits, top = checked_digits(digits), as_fraction(largest, "largest")
    if top <= 0:
        raise ValueError(f"largest: {top} is not positive: give the longest length to look at")
    zero = b2 == 0 and bool(phi.run(ARITHMETIC, [flint.arb(0)])[0].is_zero())
    low = _nearest(phi, g2, top) if zero else Fraction(0)
    top = min(top, _highest(phi, g2, b2, top))
    if top > LONGEST:
        raise FixedPointsUndecided(
            f"gain, largest: lengths beyond 10^{len(str(LONGEST)) - 1} are not looked at: give a "
            "smaller `largest`"
        )
    if low >= top:
        return FixedPoints((), zero)
    map_ = _Map(phi, g2, b2)
    found = isolate_roots(
        *(map_.gap, map_.slope, low, top), digits=digits, max_depth=DEPTH, max_intervals=INTERVALS
    )
    if found.undecided:
        shown = ", ".join(ball.str(6) for ball in found.undecided[:3])
        raise FixedPointsUndecided(
            f"gain, bias: lengths near {shown} are not shown to be fixed or not: two fixed points "
            "may be close there; change the gain, or give a smaller `largest`"
        )
    return FixedPoints(tuple(found.proved), zero)


class _Map:
    """V(q) - q and its derivative on balls of lengths."""

    def __init__(self, phi: Program, g2: Fraction, b2: Fraction) -> None:
        self.phi, self.g2, self.b2 = phi, g2, b2
        self.smooth = len(phi.outputs) == 3

    def gap(self, q: flint.arb) -> flint.arb:
        plain = self._plain(q)
        if q.rad() == 0 or not plain.is_finite() or not plain.contains(0):
            return plain
        middle = q.mid()
        straight = self._plain(middle) + self.slope(q) * (q - middle)
        return plain.intersection(straight) if straight.is_finite() else plain

    def _plain(self, q: flint.arb) -> flint.arb:
        return (
            exact_ball(self.g2) * layer_ball(self.phi, (0, 0), root_of(q)) + exact_ball(self.b2) - q
        )

    def slope(self, q: flint.arb) -> flint.arb:
        """V' = gain^2 E[phi'^2 + phi phi''] where phi is smooth, gain^2 E[x phi phi']/q with kinks.

        Where phi may jump gain^2 E[(z^2 - 1) phi^2]/(2 q), from the slope of the density alone.
        """
        c, g2 = root_of(q), exact_ball(self.g2)
        if self.smooth:
            return g2 * (layer_ball(self.phi, (1, 1), c) + layer_ball(self.phi, (0, 2), c)) - 1
        if not q > 0:
            return flint.arb.nan()
        if len(self.phi.outputs) == 1:
            weighted = layer_ball(self.phi, (-1, 0, 0, -1), c) / q
            return g2 * (weighted - layer_ball(self.phi, (0, 0), c)) / (2 * q) - 1
        return g2 * layer_ball(self.phi, (-1, 0, 1), c) / q - 1


def _nearest(phi: Program, g2: Fraction, top: Fraction) -> Fraction:
    """A length below which V(q)/q is certainly not 1."""
    if len(phi.outputs) == 1:
        raise FixedPointsUndecided(
            "nonlinearity: phi may jump, so that lengths near 0 cannot be judged: add a bias"
        )
    low = min(top, Fraction(1))
    for _ in range(DEPTH):
        reach = root_of(flint.arb(0).union(exact_ball(low)))
        ratio = exact_ball(g2) * two_slopes(phi, reach) - 1
        if ratio.is_finite() and not ratio.contains(0):
            return low
        low /= 4
    raise FixedPointsUndecided(
        "gain: V'(0) is not told from 1, a critical gain: change it, or add a bias"
    )


def _highest(phi: Program, g2: Fraction, b2: Fraction, top: Fraction) -> Fraction:
    """A length that V exceeds nowhere, where phi is bounded."""
    scaled = scaled_product(phi, (0,))
    try:
        growth = output_growth(
            scaled, constant_slots(scaled, [root_of(exact_ball(top))], ARITHMETIC)
        )
    except NotBoundedError:
        return top
    if not growth.bounded:
        return top
    size = as_fraction(growth.size.upper().fmpq())
    return g2 * (size + Fraction(1, 1024)) ** 2 + b2
