"""Guesses of z(t) for the inversion of a passage time; nothing here is claimed, all is checked.

The way between two neighbouring zeros of the field is measured by

    s = log((z - below)/(z0 - below)) - log((above - z)/(above - z0)),

without the term of a bound that does not exist, so that s runs over all real numbers. Points
with known times are kept; between two of them s(t) is interpolated by a cubic.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, log2
from typing import TYPE_CHECKING

import flint

from .reach import OutOfReach

if TYPE_CHECKING:
    from .passage_times import PassageTime

__all__ = ["ORDER", "End", "Guess", "GuessTable", "MoreBits", "log2_of"]

ORDER = 5  # by which one Taylor step multiplies the number of correct bits
NEAR = 2.0**-4  # of an error from which Taylor steps converge
CLOSE = 2.0**-16
STRIDE = 1.0
KEPT_POINTS = 400
ROUNDS = 200
FARTHEST = 2.0**40
CLEAR_BITS = 32
HALVE_EVERY = 4
END_STRIDES = 4
END_STRIDE = 16.0


class MoreBits(ArithmeticError):
    """The working precision does not resolve a point of the way."""


@dataclass(frozen=True)
class Guess:
    """An exact z near z(t): its correct bits, and the bits that times near it lose.

    `accuracy` is measured against the distance to the bounds, `loss` relative to that distance,
    `relative_loss` relative to z.
    """

    z: flint.arb
    accuracy: float
    loss: float
    relative_loss: float


@dataclass(frozen=True)
class End:
    """An exact z that is passed before t, as close to the zero ahead as was asked for."""

    z: flint.arb
    upwards: bool


@dataclass(frozen=True)
class _Point:
    """A place with its exact z, its time, its speed ds/dt and z'/z, and the bits it took."""

    s: float
    z: flint.arb
    time: flint.arb
    speed: flint.arb
    rate: flint.arb
    bits: int


class _Coordinate:
    """s and z at one working precision."""

    def __init__(self, passage: PassageTime) -> None:
        self.below, self.above = passage.bounds()
        self.origin = passage.origin()
        self._low = flint.arb(0) if self.below is None else self.below
        if self.above is not None:
            self._odds = (self.origin - self._low) / (self.above - self.origin)

    def z(self, s: float) -> flint.arb:
        factor = flint.arb(s).exp()
        if self.above is None:
            return (self._low + (self.origin - self._low) * factor).mid()
        # From the nearer bound, so that the distance to it keeps its digits.
        odds, width = self._odds * factor, self.above - self._low
        if odds > 1:
            return (self.above - width / (1 + odds)).mid()
        return (self._low + width / (1 + 1 / odds)).mid()

    def slope(self, z: flint.arb) -> flint.arb:
        """ds/dz."""
        slope = 1 / (z - self._low)
        return slope if self.above is None else slope + 1 / (self.above - z)

    def cap(self, upwards: bool, digits: int, theta: float) -> float:
        """The |s| from which z is within 10^-digits theta z of the bound ahead."""
        bound = self.above if upwards else self.below
        if bound is None:
            return inf
        scale = abs(self.origin - bound) / bound
        if self.above is not None:
            scale *= 1 + (1 / self._odds if upwards else self._odds)
        return max(STRIDE, log(10) * (digits + 1) - log(theta) + log(2) * log2_of(scale))


class GuessTable:
    """Points of the way with known times, and the guesses interpolated from them."""

    def __init__(self, passage: PassageTime) -> None:
        self._passage, self._flow = passage, passage.flow
        self._steepest = max(1, *(abs(n) for n in self._flow.powers))
        self._points: list[_Point] = []  # s increasing
        self._coordinates: dict[int, _Coordinate] = {}

    def guess(self, t: flint.arb, digits: int) -> Guess | End:
        """A guess of z(t) at the working precision.

        Raises
        ------
        MoreBits
            If this precision does not suffice.
        OutOfReach
            If the solution is shown to end before t.
        """
        way = self._coordinate()
        if not self._points:
            self._points.append(self._point(way, 0.0))
        found = self._bracket(way, t, digits)
        if isinstance(found, End):
            return found
        left, right = found
        for attempt in range(1, ROUNDS):
            near = min(left, right, key=lambda point: self._error(point, t))
            if self._error(near, t) < NEAR:
                return self._polish(way, near, t)
            s = _interpolate(left, right, t, halve=attempt % HALVE_EVERY == 0)
            point = self._point(way, s)
            self._keep(point)
            left, right = (point, right) if self._upwards(t - point.time) else (left, point)
        raise MoreBits

    def _coordinate(self) -> _Coordinate:
        bits = flint.ctx.prec
        if bits not in self._coordinates:
            self._coordinates[bits] = _Coordinate(self._passage)
        return self._coordinates[bits]

    def _point(self, way: _Coordinate, s: float) -> _Point:
        return self._measured(way, s, way.z(s))

    def _measured(self, way: _Coordinate, s: float, z: flint.arb) -> _Point:
        if not self._passage.is_inside(z):
            raise MoreBits
        time, field = self._passage.time_between(z), self._flow.field(z)
        speed = field * way.slope(z)
        # The sign of the speed is relied upon, the rest is for good guesses.
        resolved = log2_of(time.rad() * abs(speed)) < -CLEAR_BITS - log2(self._steepest)
        if speed.contains(0) or speed.rel_accuracy_bits() < CLEAR_BITS or not resolved:
            raise MoreBits
        return _Point(s, z, time, speed, field / z, flint.ctx.prec)

    def _error(self, point: _Point, t: flint.arb) -> float:
        """The distance of z(t) in s, in units of the distance on which the field changes."""
        size = log2_of((t - point.time) * point.speed)
        return float(self._steepest * 2.0 ** min(100.0, size))

    def _upwards(self, duration: flint.arb) -> bool:
        """Whether the solution is at larger z after a duration, by its midpoint."""
        return bool(duration.mid() > 0) == bool(self._points[0].speed > 0)

    def _bracket(self, way: _Coordinate, t: flint.arb, digits: int) -> tuple[_Point, _Point] | End:
        first, last = self._points[0], self._points[-1]
        if self._upwards(t - last.time):
            return self._gallop(way, t, digits, last, True)
        if not self._upwards(t - first.time):
            return self._gallop(way, t, digits, first, False)
        low, high = 0, len(self._points) - 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._upwards(t - self._points[middle].time):
                low = middle
            else:
                high = middle
        return self._points[low], self._points[high]

    def _gallop(
        self, way: _Coordinate, t: flint.arb, digits: int, last: _Point, upwards: bool
    ) -> tuple[_Point, _Point] | End:
        """Two points around t beyond the end of the table, which is extended on the way."""
        stride = STRIDE / self._steepest
        cap = way.cap(upwards, digits, float(self._flow.theta))
        while True:
            if self._error(last, t) < NEAR:
                return last, last
            if abs(last.s) >= cap and (last.s > 0) == upwards:
                if (t - last.time).contains(0):
                    raise MoreBits
                return End(last.z, upwards)
            left = self._flow.time_left(last.z, upwards=upwards)
            if abs(t - last.time) > left:
                raise OutOfReach(
                    f"time: {t.str(10, radius=False)} is beyond the life of the solution, which "
                    f"{'grows without bound' if upwards else 'reaches 0'} at t = "
                    f"{self._end_of_life(way, last, upwards).str(6)}: ask for a time nearer to 0"
                )
            if abs(last.s) > FARTHEST:
                raise MoreBits
            s = min(abs(last.s) + stride, max(cap, abs(last.s)))
            s = last.s + (s - abs(last.s)) * (1 if upwards else -1)
            point = self._point(way, s)
            self._keep(point)
            if self._upwards(t - point.time) != upwards:
                return (last, point) if upwards else (point, last)
            last, stride = point, 2 * stride

    def _end_of_life(self, way: _Coordinate, last: _Point, upwards: bool) -> flint.arb:
        """A ball of the time at which the solution ends, from points farther and farther on."""
        for _ in range(END_STRIDES):
            try:
                s = last.s + END_STRIDE / self._steepest * (1 if upwards else -1)
                last = self._point(way, s)
            except MoreBits:
                break
        left = self._flow.time_left(last.z, upwards=upwards)
        ahead = bool(last.speed > 0) == upwards
        return last.time + flint.arb(0).union(left if ahead else -left)

    def _keep(self, point: _Point) -> None:
        if len(self._points) < KEPT_POINTS:
            places = [known.s for known in self._points]
            if point.s not in places:
                self._points.append(point)
                self._points.sort(key=lambda known: known.s)

    def _polish(self, way: _Coordinate, point: _Point, t: flint.arb) -> Guess:
        """Taylor steps until the guess is good for many more digits than were interpolated."""
        if point.bits > flint.ctx.prec:
            raise MoreBits
        for _ in range(ROUNDS):
            error = self._error(point, t)
            bits = flint.ctx.prec - log2(self._steepest)
            loss, relative = (
                point.bits + log2_of(point.time.rad() * abs(speed)) + log2(self._steepest)
                for speed in (point.speed, point.rate)
            )
            z = self._flow.step(point.z, t - point.time)
            gained = ORDER * -log2(error) - ORDER if error else inf
            accuracy = min(gained, bits - max(0.0, loss))
            if error < CLOSE or gained > bits:
                return Guess(z, accuracy, max(0.0, loss), max(0.0, relative))
            point = self._measured(way, point.s, z)
        raise MoreBits


def _interpolate(left: _Point, right: _Point, t: flint.arb, *, halve: bool) -> float:
    """s at time t by cubic interpolation, kept away from the ends of the bracket."""
    width, share = right.s - left.s, 0.5
    if not halve:
        duration = right.time - left.time
        u = float(((t - left.time) / duration).mid())
        first, last = (float((p.speed * duration).mid()) / width for p in (left, right))
        share = u * u * (3 - 2 * u) + u * (1 - u) * (first * (1 - u) - last * u)
    return left.s + width * min(0.98, max(0.02, share))


def log2_of(number: flint.arb) -> float:
    """log2 |x| of a bound of a ball, -inf at 0 and inf where it is not finite."""
    bound = abs(number).upper()
    if not bound.is_finite():
        return inf
    mantissa, exponent = bound.man_exp()
    size = int(mantissa)
    if not size:
        return -inf
    shift = max(0, size.bit_length() - 53)
    return log2(size >> shift) + shift + int(exponent)
