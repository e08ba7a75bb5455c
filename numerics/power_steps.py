"""Validated Taylor steps of a scalar field with rational powers, y' = sum_j c_j y^r_j, y > 0.

The series of u = y^r follows from y u' = r y' u (the power-series recurrence): with y = sum y_k,

    k y_0 u_k = sum_{i=1}^k ((r + 1) i - k) y_i u_{k-i}.

As in `taylor_steps` the series are proposals in fixed point that are judged afterwards. For the
polynomials P of y and U of y^r the defect delta = P U' - r P' U is an exact polynomial, and

    (U/P^r)' = delta/P^(r+1),   so   |U - P^r| <= P^r (|U(0)/P(0)^r - 1| + int |delta|/P^(r+1)),

wherever P > 0. That bounds the defect of P, |P' - sum_j c_j P^r_j| <= |P' - sum_j c_j U_j| +
sum_j |c_j| |U_j - P^r_j|.

Reference: Knuth, The Art of Computer Programming, volume 2, section 4.7, for the recurrence.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from operator import mul

import flint

from .marching import BOUND_BITS
from .precision import exact_ball, working_precision
from .taylor_steps import TUBE_PIECES, FieldMarch, TubeMarch

__all__ = ["PositiveMarch", "PowerField", "PowerMarch", "rational_power"]

Series = list[flint.fmpz]


def rational_power(x: flint.arb, exponent: Fraction) -> flint.arb:
    """A ball that contains x^exponent; not a number unless all of `x` is positive."""
    if not x > 0:
        return flint.arb.nan()
    root = x if exponent.denominator == 1 else x.root(exponent.denominator)
    power = root ** abs(exponent.numerator)
    return 1 / power if exponent < 0 else power


class PowerField:
    """The field f(y) = sum_j c_j y^r_j on balls, given as pairs (c_j, r_j)."""

    dimension = 1

    def __init__(self, terms: Sequence[tuple[Fraction, Fraction]]) -> None:
        self.terms = tuple(terms)

    def value(self, y: flint.arb) -> flint.arb:
        """f on a ball; not a number unless the ball is positive."""
        if not y > 0:
            return flint.arb.nan()
        return sum((exact_ball(c) * rational_power(y, r) for c, r in self.terms), flint.arb(0))

    def derivative(self, y: flint.arb) -> flint.arb:
        """f' on a ball; not a number unless the ball is positive."""
        return PowerField([(c * r, r - 1) for c, r in self.terms if r]).value(y)

    def values(self, box: Sequence[flint.arb]) -> list[flint.arb]:
        """f on the box of one variable, as a list."""
        return [self.value(box[0])]

    def logarithmic_norm(self, box: Sequence[flint.arb]) -> flint.arb:
        """An exact number at or above f' on the box; not a number unless the box is positive."""
        return self.derivative(box[0]).upper()


class PositiveMarch(FieldMarch):
    """The march of a polynomial field of one variable, not beyond where it reaches 0.

    A variable that moves one way is positive on a step if it is at the end of it.
    """

    def _defect(self, proposal: list[Series], length: Fraction) -> flint.arb | None:
        end = sum(proposal[0], flint.fmpz(0))
        return super()._defect(proposal, length) if end > 0 else None


class PowerMarch(TubeMarch):
    """The march of y' = f(y) from the positive ball `start`; its `steps` are those of a field.

    A proposal holds the series of y and then those of the powers y^r with r neither 0 nor 1.
    """

    def __init__(
        self, field: PowerField, start: flint.arb, end: Fraction, bits: int, *, max_steps: int
    ) -> None:
        super().__init__(field, [start], end, bits, max_steps=max_steps)
        self.exponents = [r for _, r in field.terms if r not in (0, 1)]
        self.denominator = lcm(*(c.denominator for c, _ in field.terms), 1)
        self.coefficients = [(flint.fmpz(int(c * self.denominator)), r) for c, r in field.terms]

    def _expand(self, length: Fraction, order: int) -> tuple[list[Series], list[int]]:
        y, powers = [self._state[0]], [[self._power(r)] for r in self.exponents]
        moments: Series = []  # (k + 1) y_{k+1}
        rates = [(r.numerator + r.denominator, r.denominator) for r in self.exponents]
        divisor = self.denominator * length.denominator
        for k in range(order):
            rate = self._rate(y, powers, k) * length.numerator // divisor
            moments.append(rate)
            y.append(rate // (k + 1))
            for u, (weight, den) in zip(powers, rates, strict=True):
                backwards = u[::-1]
                first = sum(map(mul, moments, backwards)) * weight
                second = sum(map(mul, y[1:], backwards)) * ((k + 1) * den)
                u.append((first - second) // (y[0] * ((k + 1) * den)))
        return [y, *powers], [int(c).bit_length() for c in y]

    def _power(self, r: Fraction) -> flint.fmpz:
        with working_precision(2 * self.bits + BOUND_BITS):
            exact = rational_power(flint.arb(self._state[0]) * flint.arb(2) ** -self.bits, r)
            return (exact * flint.arb(2) ** self.bits).mid().floor().unique_fmpz()

    def _rate(self, y: Series, powers: list[Series], k: int) -> flint.fmpz:
        total, place = flint.fmpz(0), 0
        for c, r in self.coefficients:
            if r == 0:
                total += c << self.bits if k == 0 else 0
            elif r == 1:
                total += c * y[k]
            else:
                total += c * powers[place][k]
                place += 1
        return total

    def run(self) -> bool:
        """As `March.run`; False also where this precision cannot tell the start from zero."""
        return self._state[0] > 0 and super().run()

    def _defect(self, proposal: list[Series], length: Fraction) -> flint.arb | None:
        y, *powers = proposal
        p = flint.fmpz_poly(y)
        ranges = self._ranges(p)
        if not all(x > 0 for x in ranges):
            return None
        field = flint.fmpz_poly([])
        place = 0
        total = flint.arb(0)
        for c, r in self.coefficients:
            if r == 0:
                field += flint.fmpz_poly([c << self.bits])
            elif r == 1:
                field += p * c
            else:
                u = flint.fmpz_poly(powers[place][:-1])
                field += u * c
                total += abs(exact_ball(Fraction(int(c), self.denominator))) * self._gap(
                    p, u, r, ranges
                )
                place += 1
        scale = self.denominator * length.denominator
        left = p.derivative() * scale - field * length.numerator
        exact = exact_ball(Fraction(int(_integral_norm(left)), scale)) / flint.arb(2) ** self.bits
        return (exact + total * exact_ball(length)).upper()

    def _ranges(self, p: flint.fmpz_poly) -> list[flint.arb]:
        """Balls that P takes its values in, one for each piece of the step."""
        scale, ball = flint.arb(2) ** -self.bits, flint.arb_poly(p)
        half = exact_ball(Fraction(1, 2 * TUBE_PIECES))
        return [ball((2 * i + 1) * half + flint.arb(0, half)) * scale for i in range(TUBE_PIECES)]

    def _gap(
        self, p: flint.fmpz_poly, u: flint.fmpz_poly, r: Fraction, ranges: list[flint.arb]
    ) -> flint.arb:
        """A bound of |U - P^r| on the step."""
        n, d = r.numerator, r.denominator
        delta = p * u.derivative() * d - p.derivative() * u * n
        unit = flint.arb(2) ** (-2 * self.bits)
        norm = flint.arb(_integral_norm(delta)) / d * unit
        scale = flint.arb(2) ** -self.bits
        with working_precision(self.bits + BOUND_BITS):
            start = flint.arb(u[0]) * scale / rational_power(flint.arb(p[0]) * scale, r) - 1
        largest = max(rational_power(x, r).abs_upper() for x in ranges)
        smallest = min(rational_power(x, r + 1).abs_lower() for x in ranges)
        return largest * (abs(start) + norm / smallest)


def _integral_norm(polynomial: flint.fmpz_poly) -> flint.fmpz:
    """An integer at or above sum_k |c_k|/(k+1), a bound of the integral over 0 <= u <= 1."""
    terms = enumerate(polynomial.coeffs(), 1)
    return sum((-(-abs(c) // k) for k, c in terms), flint.fmpz(0))
