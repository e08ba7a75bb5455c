"""Passage times of x' = f(x), t(a) = int_{a0}^{a} dx/f(x), and their inversion a(t): balls.

f is a `PowerLaw`. A solution moves one way, between the nearest zeros of f (or 0, or infinity)
around its start, and never touches them; t is negative for values that it took before time 0.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import flint

from .flow_guesses import log2_of
from .flow_inversion import Inversion
from .laurent_flows import LaurentFlow, Zero
from .passage_integrals import analytic_passage_time
from .passage_routes import Route, check_route, choose_route
from .power_laws import PowerLaw, check_law
from .precision import (
    BITS_PER_DIGIT,
    Rational,
    as_fraction,
    checked_digits,
    exact_ball,
    working_precision,
)
from .quadrature import AnalyticFunction
from .reach import OutOfReach

__all__ = ["OutOfReach", "PassageTime", "passage_time"]

GUARD_BITS = 24
FIRST_BITS = 96
LARGEST_BITS = 1 << 20
EXACT_TEST_BITS = 256  # where balls that still touch suggest equality


class PassageTime:
    """The solution of x' = f(x), x(0) = `start`, as the pair of functions t(x) and x(t).

    Make it once and ask often: what depends on the law and on the precision is kept.

    Parameters
    ----------
    law : PowerLaw
    start : rational
        Positive.
    route : str, optional
        How times are computed: "logarithms", "hypergeometric" or "quadrature" (see
        `passage_routes`); the fastest by default.

    Attributes
    ----------
    at_rest : bool
        Whether f(start) = 0, so that the solution is constant.

    Raises
    ------
    ValueError
        If `start` is not positive, `route` does not apply, or the exponents have too large a
        common denominator.
    TypeError
        For a number that is not an exact rational, or a law that is no `PowerLaw`.

    Examples
    --------
    >>> logistic = PassageTime(PowerLaw([(1, 1), (-1, 2)]), Fraction(1, 10))
    >>> print(logistic.time_to(Fraction(9, 10), 30).str(15, radius=False))  # log 81
    4.39444915467244
    >>> print(logistic.value_at(0, 30).str(5, radius=False))
    0.10000
    """

    def __init__(self, law: PowerLaw, start: Rational, *, route: str | None = None) -> None:
        check_law(law)
        check_route(route)
        self.law, self.start = law, as_fraction(start, "start")
        if self.start <= 0:
            raise ValueError(f"start: {start} is not positive: a power law needs x > 0")
        self.at_rest = not law.terms
        if self.at_rest:
            return
        self.flow = LaurentFlow(law)
        self._origins: dict[int, flint.arb] = {}
        self._sides: dict[int, tuple[Zero | None, Zero | None]] = {}
        self._bits = FIRST_BITS
        if not self._separate():
            return
        with working_precision(self._bits):
            below, _ = self._neighbours()
        self.route: Route = choose_route(self.flow, route, beyond=below is not None)
        self._inversion = Inversion(self)

    def __repr__(self) -> str:
        return f"PassageTime({self.law!r}, {self.start})"

    def time_to(self, target: Rational, digits: int) -> flint.arb:
        """The time at which x = `target`, of radius at most 10**-digits |t|.

        It is negative where the solution was at `target` before time 0.

        Raises
        ------
        OutOfReach
            If `target` is not positive, or f has a zero there or between it and the start.
        QuadratureFailed
            By the route "quadrature", where an end is too close to a zero of f.
        ValueError
            If digits is not from 1 to 100,000.
        TypeError
            If `target` is not an exact rational.
        """
        digits = checked_digits(digits)
        a = as_fraction(target, "target")
        if a <= 0:
            raise OutOfReach(f"target: {target} is not positive: the solution never gets there")
        if a == self.start:
            return flint.arb(0)
        if self.at_rest:
            raise OutOfReach(
                f"target: {target} is never reached: f({self.start}) = 0, the solution rests"
            )
        bits, aim = self._start_bits(digits), flint.arb(10) ** -digits
        while bits <= LARGEST_BITS:
            with working_precision(bits):
                z = self.flow.into(a)
                time = self.time_between(z) if self.is_inside(z) else flint.arb.nan()
                if time.is_finite() and time.rad() <= aim * time.abs_lower():
                    return time
                if not time.is_finite():
                    self._refuse_beyond(a, z)
                    bits *= 2
                else:
                    bits += _missing_bits(time, digits)
        raise OutOfReach(f"target: {target} is too close to a zero of f for {LARGEST_BITS} bits")

    def value_at(self, time: Rational, digits: int) -> flint.arb:
        """The ball of x at `time`, of radius at most 10**-digits x; `time` may be negative.

        Raises
        ------
        OutOfReach
            If the solution has left every bound, or reached 0, before `time`.
        QuadratureFailed
            As `time_to`.
        ValueError
            If digits is not from 1 to 100,000.
        TypeError
            If `time` is not an exact rational.
        """
        digits = checked_digits(digits)
        t = as_fraction(time, "time")
        if self.at_rest or not t:
            with working_precision(self._start_bits(digits)):
                return exact_ball(self.start)
        return self._inversion.value(t, digits)

    # For the inversion: all at flint's current precision, in the variable z of the flow.

    @property
    def resolution(self) -> int:
        """The bits from which on the start is told apart from all zeros."""
        return self._bits

    def origin(self) -> flint.arb:
        """z at time 0."""
        bits = flint.ctx.prec
        if bits not in self._origins:
            if len(self._origins) > 16:
                self._origins.clear()
            self._origins[bits] = self.flow.into(self.start)
        return self._origins[bits]

    def bounds(self) -> tuple[flint.arb | None, flint.arb | None]:
        """The nearest zeros below and above the start, None where there is none."""
        below, above = self._neighbours()
        return (below.z if below else None), (above.z if above else None)

    def is_inside(self, z: flint.arb) -> bool:
        """Whether the whole ball is certainly between those zeros."""
        below, above = self.bounds()
        return (
            bool(z > 0)
            and (below is None or bool(z > below))
            and (above is None or bool(z < above))
        )

    def time_between(self, z: flint.arb) -> flint.arb:
        """The time from the start to a ball of z that `is_inside`."""
        return self.route.between(self.origin(), z)

    def _neighbours(self) -> tuple[Zero | None, Zero | None]:
        bits = flint.ctx.prec
        if bits not in self._sides:
            if len(self._sides) > 16:
                self._sides.clear()
            z = self.origin()
            below = [zero for zero in self.flow.zeros() if zero.z < z]
            above = [zero for zero in self.flow.zeros() if zero.z > z]
            if len(below) + len(above) < len(self.flow.zeros()):
                raise ArithmeticError(f"start: not told apart from a zero of f at {bits} bits")
            self._sides[bits] = (below[-1] if below else None, above[0] if above else None)
        return self._sides[bits]

    def _separate(self) -> bool:
        """Raise the precision until the start is told apart from all zeros; False at a zero."""
        while True:
            with working_precision(self._bits):
                z = self.origin()
                if not any(zero.z.overlaps(z) for zero in self.flow.zeros()):
                    return True
            if self._bits >= EXACT_TEST_BITS and self.flow.vanishes_at(self.start):
                self.at_rest = True
                return False
            self._bits *= 2

    def _start_bits(self, digits: int) -> int:
        wanted = ceil(digits * BITS_PER_DIGIT) + GUARD_BITS
        return max(wanted, FIRST_BITS if self.at_rest else self._bits)

    def _refuse_beyond(self, a: Fraction, z: flint.arb) -> None:
        for bound, side in zip(self.bounds(), ("below", "above"), strict=True):
            if bound is None:
                continue
            passed = z < bound if side == "below" else z > bound
            equal = flint.ctx.prec >= EXACT_TEST_BITS and z.overlaps(bound)
            if passed or (equal and self.flow.vanishes_at(a)):
                zero = self.flow.out_of(bound).str(10, radius=False)
                raise OutOfReach(
                    f"target: {a} is never reached from {self.start}: f vanishes at {zero}"
                )


def passage_time(
    law: PowerLaw | AnalyticFunction,
    start: Rational,
    target: Rational,
    digits: int,
    *,
    route: str | None = None,
) -> flint.arb:
    """The time int_{start}^{target} dx/f(x) that x' = f(x) takes, for positive x.

    As `PassageTime.time_to` for a power law, by the `route` that is named or else the fastest;
    as `analytic_passage_time` for any other analytic f.
    """
    if isinstance(law, PowerLaw):
        return PassageTime(law, start, route=route).time_to(target, digits)
    return analytic_passage_time(law, start, target, digits)


def _missing_bits(time: flint.arb, digits: int) -> int:
    """By how many bits a finite ball misses its relative accuracy, and a few more."""
    if time.mid() == 0:
        return int(flint.ctx.prec)
    missing = log2_of(time.rad() / time.mid() * flint.arb(10) ** digits)
    return max(8, min(int(flint.ctx.prec), ceil(missing) + 8))
