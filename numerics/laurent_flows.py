"""A power law in the variable where its powers are integers: z' = sum_j C_j z^(n_j + 1).

With theta the greatest common divisor of the p_j - 1, z = x^theta, n_j = (p_j - 1)/theta and
C_j = theta c_j. Then t = int dz / z' is the integral of a rational function,

    dt = z^k dz / G(z),   G(z) = sum_j C_j z^(n_j - n_min),   k = -1 - n_min,   G(0) != 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Any

import flint

from .power_laws import PowerLaw
from .power_steps import rational_power
from .precision import exact_ball, working_precision

__all__ = ["LaurentFlow", "Zero"]

KEPT_PRECISIONS = 12
LARGEST_DEGREE = 1000


@dataclass(frozen=True)
class Zero:
    """A positive zero of the field: a ball of z, and the multiplicity."""

    z: flint.arb
    multiplicity: int


class LaurentFlow:
    """The flow of a nonzero power law in z = x^theta.

    Attributes
    ----------
    theta : Fraction
    coefficients : tuple of Fraction
    powers : tuple of int
        The n_j, increasing.
    k : int
    scale : int
        Positive, with integer coefficients of `scale` G.
    """

    def __init__(self, law: PowerLaw) -> None:
        self.theta = law.grain()
        self.coefficients = tuple(self.theta * c for c, _ in law.terms)
        self.powers = tuple(int((p - 1) / self.theta) for _, p in law.terms)
        self.k = -1 - self.powers[0]
        self.scale = lcm(*(c.denominator for c in self.coefficients))
        spread = [n - self.powers[0] for n in self.powers]
        self._deflation = gcd(*spread) or 1
        places = {n // self._deflation: c for n, c in zip(spread, self.coefficients, strict=True)}
        if max(places) > LARGEST_DEGREE:
            raise ValueError(
                f"law: in x^({self.theta}) its zeros are those of a polynomial of degree "
                f"{max(places)}, above {LARGEST_DEGREE}: give exponents with a smaller common "
                "denominator"
            )
        self._deflated = flint.fmpz_poly(
            [int(places.get(n, 0) * self.scale) for n in range(max(places) + 1)]
        )
        self._zeros: dict[int, list[Zero]] = {}
        self._balls: dict[int, list[tuple[flint.arb, int]]] = {}

    @property
    def degree(self) -> int:
        """The degree of G."""
        return self.powers[-1] - self.powers[0]

    @property
    def denominator(self) -> flint.fmpz_poly:
        """`scale` times G."""
        return self._deflated.inflate(self._deflation)

    def into(self, x: Fraction) -> flint.arb:
        """z of an exact positive x."""
        return rational_power(exact_ball(x), self.theta)

    def out_of(self, z: flint.arb) -> flint.arb:
        """x of a ball of z."""
        return z if self.theta == 1 else rational_power(z, 1 / self.theta)

    def terms(self) -> list[tuple[flint.arb, int]]:
        """The C_j as balls with the exponents n_j + 1."""
        bits = flint.ctx.prec
        if bits not in self._balls:
            _make_room(self._balls)
            self._balls[bits] = [
                (exact_ball(c), n + 1) for c, n in zip(self.coefficients, self.powers, strict=True)
            ]
        return self._balls[bits]

    def field(self, z: flint.arb) -> flint.arb:
        """z' on a positive ball."""
        return sum((c * integer_power(z, e) for c, e in self.terms()), flint.arb(0))

    def taylor(self, z: flint.arb) -> tuple[flint.arb, flint.arb, flint.arb, flint.arb]:
        """The first four Taylor coefficients of z(t), with those of the field F at z.

        z'' = F F',  z''' = F (F'^2 + F F''),  z'''' = F (F'^3 + 4 F F' F'' + F^2 F''').
        """
        f = f1 = f2 = f3 = flint.arb(0)
        for c, e in self.terms():
            u = c * integer_power(z, e)
            f += u
            f1 += u * e
            f2 += u * (e * (e - 1))
            f3 += u * (e * (e - 1) * (e - 2))
        inverse = 1 / z
        f1 *= inverse
        f2 *= inverse * inverse
        f3 *= inverse * inverse * inverse
        square, bend = f1 * f1, f * f2
        return (
            f,
            f * f1 / 2,
            f * (square + bend) / 6,
            f * (f1 * (square + 4 * bend) + f * f * f3) / 24,
        )

    def step(self, z: flint.arb, h: flint.arb) -> flint.arb:
        """An exact point near where z is after a time h; claims nothing."""
        first, second, third, fourth = self.taylor(z)
        h = h.mid()
        return (z + h * (first + h * (second + h * (third + h * fourth)))).mid()

    def zeros(self) -> list[Zero]:
        """The positive zeros of the field: disjoint balls, increasing, at the working precision.

        The precision is raised for zeros that lie closer together.
        """
        bits = flint.ctx.prec
        if bits not in self._zeros:
            _make_room(self._zeros)
            self._zeros[bits] = found = self._isolate()
            raised = bits
            while any(a.z.overlaps(b.z) for a, b in pairwise(found)):
                raised *= 2
                with working_precision(raised):
                    self._zeros[bits] = found = self._isolate()
        return self._zeros[bits]

    def _isolate(self) -> list[Zero]:
        found = [
            Zero(root.real.root(self._deflation), multiplicity)
            for factor, multiplicity in self._deflated.factor_squarefree()[1]
            for root, _ in factor.complex_roots()
            if root.imag == 0 and root.real > 0
        ]
        return sorted(found, key=lambda zero: zero.z.mid())

    def time_left(self, z: flint.arb, *, upwards: bool) -> flint.arb:
        """A bound of the time from z to infinity, or down to 0; infinite where none is found.

        Where the leading term c z^(n+1) is at least twice all others together, it stays so on
        the way, and the time is at most 2 int dz/(|c| z^(n+1)) = 2/(|n c| z^n).
        """
        n = self.powers[-1 if upwards else 0]
        if (n <= 0) if upwards else (n >= 0):
            return flint.arb.pos_inf()
        sizes = [abs(c) * integer_power(z, e - 1) for c, e in self.terms()]
        leading = sizes.pop(-1 if upwards else 0)
        if not 2 * sum(sizes, flint.arb(0)) <= leading:
            return flint.arb.pos_inf()
        return 2 / (abs(n) * leading)

    def vanishes_at(self, x: Fraction) -> bool:
        """Whether the field is exactly zero at x > 0, decided by algebra.

        y = x^(theta g) is the only positive zero of y^v - x^u, where u/v = theta g, so the field
        vanishes if and only if the greatest common divisor with it has a positive zero.
        """
        exponent = self.theta * self._deflation
        power = x**exponent.numerator
        minimal = flint.fmpz_poly(
            [-power.numerator] + [0] * (exponent.denominator - 1) + [power.denominator]
        )
        common = self._deflated.gcd(minimal)
        return any(root.imag == 0 and root.real > 0 for root, _ in common.complex_roots())


def integer_power(z: flint.arb, exponent: int) -> flint.arb:
    """z^exponent for a positive ball and an integer of either sign."""
    return z**exponent if exponent >= 0 else 1 / z**-exponent


def _make_room(cache: dict[int, Any]) -> None:
    if len(cache) >= KEPT_PRECISIONS:
        cache.pop(next(iter(cache)))
