"""Inversion of a passage time: the ball of x(t), by one Taylor step of the flow from a guess.

For any exact z the passage time T(z) is a ball, and the solution at time t is what the flow
makes of z in the remaining time h = t - T(z). With X such that z + [0, h] F(X) lies inside X
the flow cannot leave X before that time is over, so

    z(t) in z + c_1 h + c_2 h^2 + c_3 h^3 + c_4(X) h^4

with the Taylor coefficients c_k of z(t) at z, and on X for the last (Lagrange's remainder).
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import flint

from .flow_guesses import ORDER, End, Guess, GuessTable, MoreBits, log2_of
from .precision import BITS_PER_DIGIT, exact_ball
from .reach import OutOfReach

if TYPE_CHECKING:
    from .passage_times import PassageTime

__all__ = ["Inversion"]

GUARD_BITS = 16
GUESS_BITS = 96
LARGEST_BITS = 1 << 16  # of guesses
LEAST_ACCURACY = 8.0
INFLATIONS = 8
ATTEMPTS = 12


class Inversion:
    """x(t) for a `PassageTime`."""

    def __init__(self, passage: PassageTime) -> None:
        self._passage, self._flow = passage, passage.flow
        self._table = GuessTable(passage)

    def value(self, time: Fraction, digits: int) -> flint.arb:
        """The ball of x at a nonzero time, of radius at most 10**-digits x."""
        before = flint.ctx.prec
        try:
            found = self._guess(time, digits)
            if isinstance(found, End):
                self._set(ceil(digits * BITS_PER_DIGIT) + GUARD_BITS)
                below, above = self._passage.bounds()
                return self._flow.out_of(found.z.union(above if found.upwards else below))
            return self._refine(found, time, digits)
        finally:
            flint.ctx.prec = before

    def _guess(self, time: Fraction, digits: int) -> Guess | End:
        bits = max(GUESS_BITS, self._passage.resolution)
        while bits <= LARGEST_BITS:
            flint.ctx.prec = bits
            try:
                return self._table.guess(exact_ball(time), digits)
            except MoreBits:
                bits *= 2
        raise OutOfReach(
            f"time: at {time} the solution is too close to 0, to infinity or to its end to be told "
            "apart from it: ask for a time nearer to 0"
        )

    def _refine(self, guess: Guess, time: Fraction, digits: int) -> flint.arb:
        z, accuracy = guess.z, max(LEAST_ACCURACY, guess.accuracy)
        bits = ceil(digits * BITS_PER_DIGIT) + GUARD_BITS + int(guess.relative_loss)
        for _ in range(ATTEMPTS):
            while ORDER * (accuracy - 1) < bits:
                accuracy = min(bits // ORDER + 8, ORDER * (accuracy - 1))
                self._set(int(accuracy + guess.loss) + 8)
                z = self._flow.step(z, exact_ball(time) - self._passage.time_between(z))
            self._set(bits)
            found = self._enclose(z, exact_ball(time))
            if found is None:
                bits += max(int(guess.loss) + 8, bits // 4)
                continue
            x = self._flow.out_of(found)
            missing = log2_of(x.rad() / x * flint.arb(10) ** digits)
            if missing <= 0:
                return x
            # Whatever it was that was poor, guess or precision, this is no worse.
            z = found.mid()
            bits += ceil(missing) + 4 if missing < bits else bits
        raise ArithmeticError(f"time: no enclosure to {digits} digits at {time}")

    def _set(self, bits: int) -> None:
        flint.ctx.prec = max(bits, self._passage.resolution)

    def _enclose(self, z: flint.arb, t: flint.arb) -> flint.arb | None:
        """The ball of z(t) by one validated Taylor step from the exact z near it."""
        if not self._passage.is_inside(z):
            return None
        left = t - self._passage.time_between(z)
        first, second, third, _ = self._flow.taylor(z)
        box = self._confine(z, left, first)
        if box is None:
            return None
        fourth = self._flow.taylor(box)[3]
        return z + left * (first + left * (second + left * (third + left * fourth)))

    def _confine(self, z: flint.arb, left: flint.arb, speed: flint.arb) -> flint.arb | None:
        """An X that the flow from z cannot leave in the time `left`; None without proof."""
        whole = left.union(flint.arb(0))
        radius = 2 * (whole * speed).abs_upper() + z * flint.arb(2) ** (8 - flint.ctx.prec)
        for _ in range(INFLATIONS):
            if not radius.is_finite():
                return None
            box = z + flint.arb(0, radius)
            moved = z + whole * self._flow.field(box)
            if box > 0 and moved.is_finite() and box.contains_interior(moved):
                return box
            radius *= 2
        return None
