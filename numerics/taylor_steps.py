"""Validated Taylor steps of a polynomial field.

Per step a Taylor polynomial P is proposed in fixed point and judged afterwards. Its defect
d = P' - f(P) is bounded in exact integers (`defect_bound`); the error e = x - P obeys

    |e(t)| <= exp(M(t)) |e(0)| + integral_0^t exp(M(t) - M(s)) |d(s)| ds,   M' = mu,

where mu bounds the logarithmic norm of the Jacobian on the tube P([0, t]) + [-rho, rho].
The tube is verified, not assumed: if the right side stays below rho on the whole step while
computed with mu on that tube, a first time at which |e| = rho cannot exist, so the solution
exists and stays inside. Norms of vectors are maximum norms.

Reference: Nedialkov, Jackson, Corliss, Appl. Math. Comput. 105 (1999) 21-68, for validated
Taylor methods; Hairer, Norsett, Wanner, Solving ODEs I, theorem I.10.6, for the bound by
logarithmic norms.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import ceil
from typing import Protocol

import flint

from .marching import BOUND_BITS, March
from .polynomial_fields import PolynomialField, defect_bound, taylor_coefficients
from .precision import as_fraction, exact_ball, working_precision

__all__ = ["Field", "FieldMarch", "Step", "TubeMarch"]

TUBE_PIECES = 4
RANGE_PIECES = 4
TUBE_SLACK = 1024
TUBE_TRIALS = 6
LARGEST_DEFECT = 2**12  # in units of the last place, per coefficient: above rounding noise


@dataclass(frozen=True)
class Step:
    """A polynomial in u = (t - start)/length per variable, and its error on 0 <= u <= 1.

    The solution is 2^-bits polynomials[i](u) within `radius`.
    """

    start: Fraction
    length: Fraction
    bits: int
    polynomials: list[flint.fmpz_poly]
    radius: flint.arb

    def at(self, time: Fraction) -> list[flint.arb]:
        """The enclosure of every variable at a time within the step."""
        with working_precision(self.bits + BOUND_BITS):
            u = exact_ball((time - self.start) / self.length)
            scale = flint.arb(2) ** -self.bits
            error = flint.arb(0, self.radius)
            return [flint.arb_poly(p)(u) * scale + error for p in self.polynomials]

    def over(self, low: Fraction, high: Fraction) -> list[flint.arb]:
        """The enclosure of every variable over an interval of times within the step.

        The interval is cut in pieces of u. The range of a polynomial P over u in U with
        midpoint m is in P(U) and in P(m) + P'(U) (U - m), the narrower for short pieces.
        """
        first, last = ((t - self.start) / self.length for t in (low, high))
        pieces = ceil(RANGE_PIECES * (last - first))
        cuts = [first + (last - first) * Fraction(i, pieces) for i in range(pieces + 1)]
        with working_precision(self.bits + BOUND_BITS):
            parts = [flint.arb.union(*map(exact_ball, ends)) for ends in pairwise(cuts)]
            scale = flint.arb(2) ** -self.bits
            error = flint.arb(0, self.radius)
            return [
                reduce(flint.arb.union, (_range(p, dp, u) for u in parts)) * scale + error
                for p, dp in ((p, p.derivative()) for p in map(flint.arb_poly, self.polynomials))
            ]


class Field(Protocol):
    """A right side f of `dimension` variables on balls."""

    dimension: int

    def values(self, box: Sequence[flint.arb]) -> list[flint.arb]:
        """Balls of the f_i over the whole box."""

    def logarithmic_norm(self, box: Sequence[flint.arb]) -> flint.arb:
        """An exact number at or above the logarithmic maximum norm of the Jacobian on a box."""


class TubeMarch(March):
    """The march of x' = f(x) from x(0) = `start`; its `steps` are `Step`s.

    A proposal begins with the series of the variables; more may follow.
    """

    order_per_bit = 0.42

    def __init__(
        self,
        field: Field,
        start: Sequence[Fraction | flint.arb],
        end: Fraction,
        bits: int,
        *,
        max_steps: int,
    ) -> None:
        super().__init__(end, bits, max_steps=max_steps)
        self.field = field
        rounded = [_fixed_point(x, bits) for x in start]
        self._state = [integer for integer, _ in rounded]
        self._error = self.in_units(max(error for _, error in rounded))

    def _shrink(self, proposal: list[list[flint.fmpz]], ratio: Fraction) -> list[list[flint.fmpz]]:
        # The defect is bounded afterwards, so rounded powers do; only u = 0 must stay exact.
        power, powers = 1 << self.bits, [1 << self.bits]
        for _ in range(self.order):
            power = power * ratio.numerator // ratio.denominator
            powers.append(power)
        return [[c * q >> self.bits for c, q in zip(row, powers, strict=True)] for row in proposal]

    def _accept(self, proposal: list[list[flint.fmpz]], length: Fraction) -> bool:
        proposal_of_x = proposal[: len(self._state)]
        polynomials = [flint.fmpz_poly(c) for c in proposal_of_x]
        with working_precision(BOUND_BITS):
            defect = self._defect(proposal, length)
            # Products are rounded to units per time: a slow field in long steps adds up to more.
            largest = self.in_units(LARGEST_DEFECT * self.order * max(Fraction(1), length))
            if defect is None or not defect <= largest:
                return False
            bounds = self._error_bounds(polynomials, length, defect)
        if bounds is None:
            return False
        self.steps.append(Step(self.time, length, self.bits, polynomials, bounds[0]))
        self.time += length
        self._state = [sum(c, flint.fmpz(0)) for c in proposal_of_x]
        self._error = bounds[1]
        return True

    @abstractmethod
    def _defect(self, proposal: list[list[flint.fmpz]], length: Fraction) -> flint.arb | None:
        """A bound of the integral of |P' - f(P)| over the step; None if there is none."""

    def _error_bounds(
        self, polynomials: list[flint.fmpz_poly], length: Fraction, defect: flint.arb
    ) -> tuple[flint.arb, flint.arb] | None:
        """Bounds of |x - P| on the whole step and at its end, on a tube proved to hold."""
        base = (self._error + defect).upper()
        tube = (base * TUBE_SLACK).upper()
        for _ in range(TUBE_TRIALS):
            net, positive = self._growth(polynomials, length, tube)
            growth = positive.exp().upper()
            everywhere = (growth * base).upper()
            if everywhere < tube or base == 0:
                return everywhere, (net.exp() * self._error + growth * defect).upper()
            if not everywhere.is_finite():
                return None
            tube = (everywhere * 4).upper()
        return None

    def _growth(
        self, polynomials: list[flint.fmpz_poly], length: Fraction, tube: flint.arb
    ) -> tuple[flint.arb, flint.arb]:
        """Bounds of the integrals of mu and of max(mu, 0) over the step."""
        scale = flint.arb(2) ** -self.bits
        balls = [flint.arb_poly(p) * scale for p in polynomials]
        piece = exact_ball(length / TUBE_PIECES)
        error, net, positive = flint.arb(0, tube), flint.arb(0), flint.arb(0)
        for i in range(TUBE_PIECES):
            u = exact_ball(Fraction(2 * i + 1, 2 * TUBE_PIECES))
            u += flint.arb(0, exact_ball(Fraction(1, 2 * TUBE_PIECES)))
            mu = self.field.logarithmic_norm([p(u) + error for p in balls]) * piece
            net += mu
            positive += flint.arb.max(mu, flint.arb(0))
        return net.upper(), positive.upper()


class FieldMarch(TubeMarch):
    """The march of a polynomial field."""

    field: PolynomialField

    def _expand(self, length: Fraction, order: int) -> tuple[list[list[flint.fmpz]], list[int]]:
        found = taylor_coefficients(self.field, self._state, length, order, self.bits)
        rows = zip(*found, strict=True)
        return found, [max(int(c).bit_length() for c in row) for row in rows]

    def _defect(self, proposal: list[list[flint.fmpz]], length: Fraction) -> flint.arb | None:
        return self.in_units(defect_bound(self.field, proposal, length, self.bits))


def _range(p: flint.arb_poly, slope: flint.arb_poly, u: flint.arb) -> flint.arb:
    middle = u.mid()
    return p(u).intersection(p(middle) + slope(u) * (u - middle))


def _fixed_point(x: Fraction | flint.arb, bits: int) -> tuple[flint.fmpz, Fraction]:
    """The integer at or below 2^bits x, and a bound of the distance in such units."""
    if isinstance(x, Fraction):
        integer, rest = divmod(x.numerator << bits, x.denominator)
        return flint.fmpz(integer), Fraction(1 if rest else 0)
    middle, error = _fixed_point(as_fraction(x.mid().fmpq()), bits)
    return middle, error + as_fraction(x.rad().fmpq()) * 2**bits
