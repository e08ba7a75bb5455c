"""Validated Taylor steps of the training of a linear network of any depth.

The error e of a step's polynomials, in the joint Frobenius norm of all layers, obeys
|e|' <= mu |e| + |defect|, where mu bounds the logarithmic norm of the Jacobian (see
`network_growth`) on a tube around the polynomials. As in `taylor_steps` the tube is verified,
not assumed: the bound of |e|, computed on the tube, stays below its radius, so there is no first
time at which the solution could leave it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from typing import Protocol

import flint

from .marching import BOUND_BITS, SMALLEST_STEP, BaseMarch, dyadic_below
from .network_data import FractionRows, TrainingData
from .network_defect import Defect, network_defect
from .network_ellipsoid import CarriedErrors
from .network_expansion import TINY, UP, Coefficients, Expansion, at_least, root_up
from .network_growth import GrowthBound
from .precision import exact_ball, working_precision

__all__ = ["SHARP_SIZE", "NetworkMarch", "NetworkStep", "widened"]

TUBE_SLACK = 1024
TUBE_TRIALS = 6
SHORTER = Fraction(7, 8)
TOO_LONG, TOO_SHORT = Fraction(1, 4), Fraction(5, 4)
LARGEST_FACTOR = 4.0
SHARP_SIZE = 200  # weights up to which errors are carried by matrices


class Engine(Protocol):
    """What turns weights in units of 2^-bits into a Taylor expansion."""

    order: int

    def expand(self, weights: list[flint.fmpz_mat], step: Fraction) -> Expansion | None:
        """Polynomials on a step; None where the series grows too fast for this step."""
        ...


@dataclass(frozen=True)
class NetworkStep:
    """The layers are the polynomials of `coefficients` within `radius` (joint Frobenius norm).

    At the end of the step they are within `final`.

    The polynomials are in u = (t - start)/scale, for times from `start` to `start + length`,
    and change by at most `speed` a unit time (joint Frobenius norm).
    """

    start: Fraction
    length: Fraction
    scale: Fraction
    bits: int
    coefficients: Coefficients
    radius: flint.arb
    final: flint.arb
    speed: flint.arb

    def error(self, time: Fraction) -> flint.arb:
        """A bound of the distance of the layers from the polynomials at a time of the step."""
        return self.final if time == self.start + self.length else self.radius

    def at(self, time: Fraction) -> list[flint.arb_mat]:
        """The enclosures of all layers at a time within the step."""
        layers, rounding = self.coefficients.at((time - self.start) / self.scale)
        with working_precision(self.bits + BOUND_BITS):
            unit = flint.arb(2) ** -self.bits
            radius = self.error(time) + flint.arb(rounding) * unit
            return widened([flint.arb_mat(layer) * unit for layer in layers], radius)


class NetworkMarch(BaseMarch):
    """The march of all layers from rational rows; `steps` are `NetworkStep`s.

    It encloses every start within the joint Frobenius distance `radius` of the rows.
    """

    order_per_bit = 0.4

    def __init__(
        self,
        data: TrainingData,
        end: Fraction,
        bits: int,
        *,
        max_steps: int,
        engine: Callable[[TrainingData, int, int], Engine],
        radius: Fraction = Fraction(0),
    ) -> None:
        super().__init__(end, bits, max_steps=max_steps)
        self.data = data
        self._engine = engine(data, bits, self.order)
        self.order = self._engine.order
        self._weights = [_scaled(w, bits) for w in data.weights]
        self._state = [x for w in self._weights for x in w.entries()]
        exact = all((x * 2**bits).denominator == 1 for w in data.weights for r in w for x in r)
        rounding = 0 if exact else root_up(len(self._state))
        self._error = self.in_units(rounding + radius * 2**bits)
        self._best = Fraction(0)
        with working_precision(BOUND_BITS):
            start = at_least(self._error * flint.arb(2) ** bits)
        sharp = len(self._state) <= SHARP_SIZE
        self._carried = CarriedErrors(data, start) if sharp else None

    def _first_length(self) -> Fraction:
        """A first guess: the time scale of the field where all layers are as at the start.

        Or, if that is larger, as those of the smallest map that fits the data.
        """
        depth, gain = len(self._weights), float(self.data.inputs_norm)
        target = sqrt(float(sum(x * x for row in self.data.target for x in row)))
        size = max(sqrt(float(sum(x * x for r in w for x in r))) for w in self.data.weights)
        size = max(size, target ** (1 / depth))
        rate = 2 * depth * (target + gain * size**depth) * size ** max(0, depth - 2) + gain * TINY
        guess = Fraction(rate) if rate > TINY else Fraction(0)
        limit = self.end * guess / self.data.tau
        return dyadic_below(self.end / max(Fraction(1), limit)) if self.end else Fraction(1)

    def _step(self, length: Fraction) -> Fraction | None:
        resized = False
        while not self._lost():
            rest = self.end - self.time
            if length < self.end * SMALLEST_STEP and length < rest:
                raise self.failure("the solution blows up or its time scale collapses")
            found = self._engine.expand(self._weights, length)
            if found is None:
                length, resized = dyadic_below(length * SHORTER), True
                continue
            defect, best = self._judge(found)
            if best > TOO_SHORT and length < rest and not resized:
                length, resized = min(dyadic_below(length * best), rest), True
                continue
            if best < 1:
                found = replace(found, ratio=best)
                defect = network_defect(found, self.data.inputs_norm)
            if best > TOO_LONG and self._advance(found, defect, length):
                return self._next_length(length * best)
            length, resized = dyadic_below(length * min(best, SHORTER)), True
        return None

    def _judge(self, found: Expansion) -> tuple[Defect, Fraction]:
        """The defect on the whole step, and the ratio at which tail and rounding are equal."""
        defect = network_defect(found, self.data.inputs_norm)
        share = min(max(defect.rounding / defect.tail, TINY), 1 / TINY)
        return defect, dyadic_below(Fraction(min(LARGEST_FACTOR, share ** (1 / (self.order + 1)))))

    def _next_length(self, best: Fraction) -> Fraction:
        """The best lengths of steps follow a trend, of which one step is foreseen."""
        trend = best / self._best if self._best else Fraction(1)
        self._best = best
        return dyadic_below(best * min(max(trend, SHORTER), 1 / SHORTER))

    def _advance(self, found: Expansion, defect: Defect, scale: Fraction) -> bool:
        bound = self._error_bound(found, defect)
        if bound is None:
            return False
        radius, growth = bound
        length = scale * found.ratio
        weights, rounding = found.coefficients.at(found.ratio)
        with working_precision(BOUND_BITS):
            speed = (flint.arb(sum(defect.slopes)) * UP / exact_ball(length)).upper()
            final = (radius + self._units(rounding)).upper()
            if self._carried is not None:
                unit = flint.arb(2) ** -self.bits
                curved = at_least(radius * radius / unit)
                carried = self._carried.advance(found, defect, growth, curved, rounding)
                final = self._units(self._carried.replace(carried, at_least(final / unit)))
            self._error = final.upper()
        coefficients = found.coefficients
        self.steps.append(
            NetworkStep(self.time, length, scale, self.bits, coefficients, radius, final, speed)
        )
        self.time += length
        self._weights = weights
        self._state = [x for w in weights for x in w.entries()]
        return True

    def _error_bound(self, found: Expansion, defect: Defect) -> tuple[flint.arb, float] | None:
        """A bound of the error during the whole step, on a tube proved to hold, and its growth."""
        growth = GrowthBound(found, defect, self.data)
        with working_precision(BOUND_BITS):
            base = (self._error + self._units(defect.rounding + defect.tail)).upper()
            rate = exact_ball(found.rate * found.ratio)
            tube = (base * TUBE_SLACK).upper()
            for _ in range(TUBE_TRIALS):
                if not tube < 2**100:
                    return None
                mu = growth.mean(float(tube) * UP + TINY)
                factor = (flint.arb(mu) * rate).exp().upper()
                bound: flint.arb = (factor * base).upper()
                if bound < tube or base == 0:
                    return bound, float(factor) * UP
                tube = (bound * 4).upper()
        return None

    def _units(self, units: float) -> flint.arb:
        return flint.arb(units * UP) * flint.arb(2) ** -self.bits


def _scaled(rows: FractionRows, bits: int) -> flint.fmpz_mat:
    return flint.fmpz_mat([[(x.numerator << bits) // x.denominator for x in row] for row in rows])


def widened(layers: Sequence[flint.arb_mat], radius: flint.arb) -> list[flint.arb_mat]:
    """Balls that contain all matrices within a Frobenius distance of those in the layers."""
    ball = flint.arb(0, radius.upper())
    return [flint.arb_mat(w.nrows(), w.ncols(), [x + ball for x in w.entries()]) for w in layers]
