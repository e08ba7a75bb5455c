"""When a quantity of a linear network in training crosses a level, with a proof.

A quantity is a function of the weights given with its time derivative, both on balls. On an
interval of time the weights are enclosed by the step's polynomials at its midpoint, plus the
half-length times a bound of their speed, plus the integration error. So the quantity and its
derivative are functions on balls of time, whose roots `roots.isolate_roots` proves: in every
ball returned the derivative has one sign and the quantity crosses the level exactly once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import flint

from .arb_matrices import matrix, rational_rows
from .network_data import Rows, TrainingData
from .network_observables import end_to_end, excess_loss, inner, velocities
from .network_taylor import NetworkEnclosure
from .precision import Rational, as_fraction, exact_ball, working_precision
from .roots import Roots, isolate_roots

__all__ = ["ExcessLoss", "MapProjection", "Quantity", "find_crossings"]

Layers = Sequence[flint.arb_mat]


class Quantity(Protocol):
    """A differentiable number read off the weights."""

    def value(self, layers: Layers, data: TrainingData) -> flint.arb:
        """A ball around the quantity for all weights in the balls."""
        ...

    def rate(self, layers: Layers, speeds: Layers, data: TrainingData) -> flint.arb:
        """A ball around its time derivative, where the weights change by `speeds`."""
        ...


@dataclass(frozen=True)
class MapProjection:
    """<A, W_tot> for a rational A of shape (outputs, inputs): for A = u v^T it is u^T W_tot v."""

    direction: Rows

    def value(self, layers: Layers, data: TrainingData) -> flint.arb:
        """<A, W_tot>."""
        return inner(self._matrix(data), end_to_end(layers))

    def rate(self, layers: Layers, speeds: Layers, data: TrainingData) -> flint.arb:
        """The sum over the layers of <A, W_L ... dW_l/dt ... W_1>."""
        direction, total = self._matrix(data), flint.arb(0)
        for i, speed in enumerate(speeds):
            total += inner(direction, end_to_end([*layers[:i], speed, *layers[i + 1 :]]))
        return total

    def _matrix(self, data: TrainingData) -> flint.arb_mat:
        rows = rational_rows(self.direction, "direction")
        wanted = (len(data.target), len(data.target[0]))
        if (len(rows), len(rows[0])) != wanted:
            raise ValueError(
                f"direction: shape {len(rows)} x {len(rows[0])}: give that of the end-to-end "
                f"map, {wanted[0]} x {wanted[1]}"
            )
        return matrix(rows)


@dataclass(frozen=True)
class ExcessLoss:
    """The loss above its minimum, which falls by tau sum_l ||dW_l/dt||_F^2 a unit time."""

    def value(self, layers: Layers, data: TrainingData) -> flint.arb:
        """See `network_observables.excess_loss`."""
        return excess_loss(layers, data)

    def rate(self, layers: Layers, speeds: Layers, data: TrainingData) -> flint.arb:
        """-tau sum_l ||dW_l/dt||_F^2."""
        total = sum((x * x for speed in speeds for x in speed.entries()), flint.arb(0))
        return -(exact_ball(data.tau) * total).nonnegative_part()


def find_crossings(
    found: NetworkEnclosure,
    quantity: Quantity,
    level: Rational,
    *,
    low: Rational = 0,
    high: Rational | None = None,
    digits: int = 15,
) -> Roots:
    """All times in [low, high] at which the quantity crosses the level.

    Every ball in `proved` contains exactly one crossing; further ones can only be in
    `undecided`, where the quantity touches the level or the enclosure is too wide to decide.

    Parameters
    ----------
    found : NetworkEnclosure
        Ask `integrate_network` for some digits more than wanted here.
    level : rational
    low, high : rationals, optional
        Within the integrated interval; all of it if omitted.
    digits : int
        Radii are at most 10**-digits max(1, t) where the enclosure and the slope allow it.

    Raises
    ------
    ValueError
        If low is not below high, one of them is outside the integrated interval, or digits is
        below 1.
    TypeError
        If `level` or an end is not an exact rational.
    """
    crossed, first = as_fraction(level, "level"), as_fraction(low, "low")
    last = found.end if high is None else as_fraction(high, "high")
    if first < 0 or last > found.end:
        raise ValueError(
            f"low, high: from {first} to {last}, but the network is enclosed from 0 to {found.end}"
        )

    def value(time: flint.arb) -> flint.arb:
        with working_precision(found.bits):
            layers = [found.during(*piece) for piece in found.pieces(*_interval(time, found.end))]
            return _hull([quantity.value(w, found.data) for w in layers]) - exact_ball(crossed)

    def rate(time: flint.arb) -> flint.arb:
        with working_precision(found.bits):
            layers = [found.during(*piece) for piece in found.pieces(*_interval(time, found.end))]
            speeds = [velocities(w, found.data) for w in layers]
            pairs = zip(layers, speeds, strict=True)
            return _hull([quantity.rate(w, v, found.data) for w, v in pairs])

    return isolate_roots(value, rate, first, last, digits=digits)


def _interval(time: flint.arb, last: Fraction) -> tuple[Fraction, Fraction]:
    """The ends of a ball, cut to the integrated interval.

    The ball may reach beyond by its rounding: there the quantity is continued by its end value,
    which is not on the level where a crossing is proved.
    """
    middle, radius = _exact(time.mid()), _exact(time.rad())
    ends = (middle - radius, middle + radius)
    low, high = (min(max(x, Fraction(0)), last) for x in ends)
    return low, high


def _exact(number: flint.arb) -> Fraction:
    value = number.fmpq()
    return Fraction(int(value.p), int(value.q))


def _hull(balls: Sequence[flint.arb]) -> flint.arb:
    total = balls[0]
    for ball in balls[1:]:
        total = total.union(ball)
    return total
