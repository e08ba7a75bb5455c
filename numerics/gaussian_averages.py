"""Averages of a function over a standard normal variable, as balls.

E f(z) = integral of f(z) exp(-z^2/2) / sqrt(2 pi).  Rigorous quadrature on [-R, R], where f is
split at its kinks, and a bound on the rest from a bound |f(z)| <= A (1 + |z|)^k exp(c |z|).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from math import ceil, floor
from typing import Any

import flint

from .growth import Growth, NotBoundedError
from .kinks import Turn, needed_slots, place_of, turning_lines, turns_at
from .piece_operations import Operation, analytic_operation, constant, switch
from .precision import BITS_PER_DIGIT, checked_digits, working_precision
from .program_growth import constant_slots, output_growth
from .programs import Program
from .quadrature import QuadratureFailed

__all__ = ["at_most", "average_ball", "gaussian_average"]

GUARD_BITS = 24
FARTHEST = 4096
"""No tail is looked for beyond: functions that grow like exp(1000 |z|) are refused."""
NEAR = 16
"""Where all kinks are nearer, the branches beyond them bound the tails."""
EVALUATIONS, FEW_EVALUATIONS = 60_000, 3_000
FINER = 1 << 12
MINUS_HALF = flint.arb(-0.5)
SMALLEST = flint.arb(2) ** -256
NOWHERE = flint.acb(flint.arb.nan())
_limit: list[int] = []


@contextmanager
def at_most(bits: int) -> Iterator[None]:
    """Averages inside the block at no more than that many bits: wider balls, in bounded time."""
    _limit.append(bits)
    try:
        yield
    finally:
        _limit.pop()


def gaussian_average(
    program: Program,
    parameters: Sequence[flint.arb],
    digits: int,
    arithmetic: Mapping[str, Any] | None = None,
) -> flint.arb:
    """A ball of radius at most 10^-digits max(1, |E|) around E f(z, parameters).

    Parameters
    ----------
    program : Program
        Of f, as ``compile_expressions([f], [z, ...])`` makes it: the first input is z.
    parameters : balls
        Values of the other inputs; those that are no exact numbers limit the accuracy.
    digits : int
        From 1 to 100,000.

    Raises
    ------
    NotBoundedError
        If f may have a pole, or no bound on the whole real line is known that a Gaussian density
        could be integrated against.
    QuadratureFailed
        If the accuracy cannot be reached, or f is not smooth at a place that is not known.

    Examples
    --------
    >>> from sympy import Symbol, tanh
    >>> from lemmata.numerics.codegen import compile_expressions
    >>> z = Symbol("z")
    >>> square = compile_expressions([tanh(z) ** 2], [z])
    >>> print(gaussian_average(square, [], 20).str(15, radius=False))
    0.394294490397841
    """
    digits = checked_digits(digits)
    bits = ceil(digits * BITS_PER_DIGIT) + GUARD_BITS
    for _ in range(3):
        with working_precision(bits):
            found = average_ball(program, parameters, arithmetic or _arithmetic())
            size = flint.arb(1).max(found.abs_lower())
            if found.is_finite() and found.rad() <= flint.arb(10) ** -digits * size:
                return found
        bits *= 2
    raise QuadratureFailed(
        f"parameters: the average is {found} at {bits // 2} bits, wider than {digits} digits: give "
        "sharper parameters, or ask for fewer digits"
    )


def _arithmetic() -> Mapping[str, Any]:
    from .balls import ARITHMETIC  # balls evaluates averages too

    return ARITHMETIC


def average_ball(
    program: Program, parameters: Sequence[flint.arb], arithmetic: Mapping[str, Any]
) -> flint.arb:
    """A ball around E f at the working precision, for all values in the balls of the parameters.

    Raises ``NotBoundedError`` and ``QuadratureFailed`` as ``gaussian_average`` does.
    """
    bits = min([flint.ctx.prec, *_limit])
    key = tuple((str(p.mid().fmpq()), str(p.rad().fmpq())) for p in parameters if p.is_finite())
    if len(key) < len(parameters):
        raise NotBoundedError("a parameter is not finite")
    with working_precision(bits):
        remembered = _memory.get((program, key, bits))
        if remembered is None:
            remembered = _Average(program, parameters, arithmetic).ball()
            if len(_memory) >= REMEMBERED:
                _memory.clear()
            _memory[program, key, bits] = remembered
        return remembered


REMEMBERED = 4096
_memory: dict[Any, flint.arb] = {}


class _Average:
    def __init__(
        self, program: Program, parameters: Sequence[flint.arb], arithmetic: Mapping[str, Any]
    ) -> None:
        if len(program.outputs) != 1 or program.inputs != 1 + len(parameters):
            raise ValueError(
                f"program: {program.inputs} inputs and {len(program.outputs)} outputs: give one "
                f"output, and z with {len(parameters)} parameters as inputs"
            )
        self.program, self.parameters, self.arithmetic = program, parameters, arithmetic
        self.known = constant_slots(program, parameters, arithmetic)
        self.values = [None if ball is None else flint.acb(ball) for ball in self.known]
        # Wide parameters: no sharper than they allow, and no more work than they are worth.
        widest = max((_relative_radius(p) for p in parameters), default=flint.arb(0))
        size = self._size()
        self.wanted = flint.arb(2) ** -flint.ctx.prec * size
        self.tolerance = (widest / FINER * size).max(self.wanted).mid()
        self.evaluations = EVALUATIONS if bool(widest < flint.arb(2) ** -32) else FEW_EVALUATIONS

    def _size(self) -> flint.arb:
        """|f(1)|, to whose size averages are sharp; 1 where it tells nothing."""
        (at,) = self.program.run(self.arithmetic, [flint.arb(1), *self.parameters])
        size = at.abs_upper()
        return size if at.is_finite() and bool(size > SMALLEST) else flint.arb(1)

    def ball(self) -> flint.arb:
        """Pieces between kinks, the gaps that enclose the kinks, and both tails."""
        value = self.known[self.program.outputs[0]]
        if value is not None:
            return value
        self.reach = flint.arb.pos_inf()
        kinks = self._kinks()
        far, tail = self._tail(kinks)
        while any(not bool(abs(k) < far) and not bool(abs(k) > far) for k in kinks):
            far += 1
        if bool(self.reach < far):
            raise QuadratureFailed("a kink may be anywhere far out: a slope may vanish")
        kinks = [k for k in kinks if bool(abs(k) < far)]
        ends = [flint.arb(-far)]
        gaps = flint.arb(0)
        for kink in kinks:
            ends += [kink.lower(), kink.upper()]
            gaps += self._over(kink)
        ends.append(flint.arb(far))
        total = flint.arb(0)
        for a, b in list(pairwise(ends))[::2]:
            if bool(a < b):
                total += self._piece(a, b, not kinks)
        total += gaps
        return total / (2 * flint.arb.pi()).sqrt() + tail * flint.arb(0, 1)

    def _tail(self, kinks: Sequence[flint.arb]) -> tuple[int, flint.arb]:
        """R, and a bound on the average of |f| over |z| > R.

        The integrand decreases at least like exp(-d (z - R)), d = R - c - k/(1 + R).
        """
        if bool(self.reach < FARTHEST):
            # Kinks of which no more is known lie beyond: the rest is bounded as it is.
            far = int(float(self.reach)) - 1
            found = self._beyond(far, self._both())
            if found is None:
                raise QuadratureFailed("the place of a kink is not known: a slope may vanish")
            return far, found
        last = max((float(k.abs_upper()) for k in kinks), default=0.0)
        if last < NEAR:
            return self._far(floor(last) + 1, self._both(kinks))
        try:
            return self._far(0, self._both())
        except NotBoundedError:
            if not last < FARTHEST or self.reach.is_finite():
                raise
            return self._far(floor(last) + 1, self._both(kinks))

    def _both(self, kinks: Sequence[flint.arb] | None = None) -> list[Growth]:
        """Bounds on f for z <= 0 and for z >= 0, or on it below and above all kinks."""
        found = []
        for way in (-1, 1):
            turns: dict[int, Turn] = {}
            if kinks and not self.reach.is_finite():
                beyond = kinks[0].lower() - 1 if way < 0 else kinks[-1].upper() + 1
                turns = turns_at(self.program, self.known, beyond)
            found.append(output_growth(self.program, self.known, way, turns))
        return found

    def _far(self, least: int, bounds: Sequence[Growth]) -> tuple[int, flint.arb]:
        far = max(4, least)
        while far <= FARTHEST:
            found = self._beyond(far, bounds)
            if found is not None and bool(found <= self.wanted):
                return far, found
            far += max(1, far // 8)
        raise NotBoundedError("the function grows too fast for its tails to be bounded")

    def _beyond(self, far: int, bounds: Sequence[Growth]) -> flint.arb | None:
        r, total = flint.arb(far), flint.arb(0)
        for f in bounds:
            decay = r - f.rate - f.degree / (1 + r)
            if not bool(decay > 1):
                return None
            at = f.size * (1 + r) ** f.degree * (f.rate * r - r * r / 2).exp()
            total += at / decay / (2 * flint.arb.pi()).sqrt()
        return total.upper()

    def _over(self, where: flint.arb) -> flint.arb:
        """The integral over a short interval, from all values that the integrand has there."""
        if where.is_exact():
            return flint.arb(0)
        (value,) = self.program.run(self.arithmetic, [where, *self.parameters])
        return value * (where * where * MINUS_HALF).exp() * (where.upper() - where.lower())

    def _kinks(self) -> list[flint.arb]:
        """Balls that are apart from each other, in increasing order, around all kinks."""
        places = []
        for line in turning_lines(self.program, self.known):
            place = place_of(line)
            if place is None:
                self.reach = self.reach.min((line[0].abs_lower() / line[1].abs_upper()).lower())
            else:
                places.append(place)
        # Neighbours in the order of their lower ends are all that may overlap.
        places.sort(key=functools.cmp_to_key(_compared_below))
        found: list[flint.arb] = []
        for place in places:
            if found and bool(place.lower() <= found[-1].upper()):
                if not found[-1].contains(place):
                    found[-1] = found[-1].union(place)
            else:
                found.append(place)
        return found

    def _operations(self, turns: Mapping[int, Turn]) -> list[Operation]:
        """Each instruction as a function of the slots before it and of whether to be analytic."""
        made: list[Operation] = []
        needed = needed_slots(self.program, turns)
        for n, step in enumerate(self.program.instructions):
            value = self.values[self.program.inputs + n]
            if value is not None:
                made.append(constant(value))
            elif self.program.inputs + n not in needed:
                made.append(constant(NOWHERE))
            else:
                made.append(switch(step, turns[n]) if n in turns else analytic_operation(step))
        return made

    def _piece(self, low: flint.arb, high: flint.arb, halve: bool) -> flint.arb:
        turns = turns_at(self.program, self.known, ((low + high) / 2).mid())
        operations = self._operations(turns)
        output, first = self.program.outputs[0], self.values[1 : self.program.inputs]
        raised: list[Exception] = []

        def integrand(z: flint.acb, analytic: bool) -> flint.acb:
            # An exception must not pass through the library.
            try:
                slots = [z, *first]
                for operation in operations:
                    slots.append(operation(slots, analytic))
                return slots[output] * (z * z * MINUS_HALF).exp()
            except Exception as error:
                raised.append(error)
                return flint.acb(flint.arb.nan())

        points = [low, flint.arb(0), high] if halve else [low, high]
        total = flint.arb(0)
        for a, b in pairwise(points):
            total += flint.acb.integral(
                integrand, a, b, abs_tol=self.tolerance, eval_limit=self.evaluations
            ).real
            if raised:
                raise raised[0]
        return total


def _compared_below(one: flint.arb, other: flint.arb) -> int:
    a, b = one.lower(), other.lower()
    return -1 if a < b else 1 if b < a else 0


def _relative_radius(ball: flint.arb) -> flint.arb:
    radius, middle = ball.rad(), abs(ball.mid())
    return radius if bool(middle < 1) else (radius / middle).mid()
