"""Values that an equation defines: isolated once, then enclosed to any precision."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import flint
from lemmata.numerics.balls import evaluate_balls
from lemmata.numerics.codegen import compile_expressions
from lemmata.numerics.precision import as_fraction, exact_ball, working_precision
from lemmata.numerics.roots import RootNotProved, isolate_roots, newton_enclosure
from lemmata.theory.gaussian import slope
from lemmata.theory.outputs import Root

from .inputs import InputError
from .taylor_forms import TaylorForm

__all__ = ["ImplicitValue"]

FIRST_BITS = 128
LAST_BITS = 1 << 13
"""For the ends of the interval and the signs of the equation there."""
ISOLATING = ((20, 200), (80, 1000), (320, 3000))
"""Digits, and how many intervals are looked at with them."""
DEPTH = 60


class ImplicitValue:
    """The root that ``Root`` describes, at exact values of the other symbols.

    Existence: the equation changes its sign from ``low`` to ``high``.  Uniqueness: of all zeros in
    the interval, rounded outwards, interval Newton and bisection leave one, a simple one.

    Raises ``InputError`` where the interval is empty, where no change of sign is certain or where
    the zeros in between are not certainly one.
    """

    def __init__(self, what: Root, scalars: Mapping[Any, Fraction]) -> None:
        self.what = what
        used = {*what.equation.free_symbols, *what.low.free_symbols, *what.high.free_symbols}
        self._symbols = sorted(used - {what.symbol}, key=str)
        self._values = [scalars[symbol] for symbol in self._symbols]
        inputs = [what.symbol, *self._symbols]
        self._form = TaylorForm(compile_expressions([what.equation], inputs))
        self._slope = TaylorForm(compile_expressions([slope(what.equation, what.symbol)], inputs))
        self._found: dict[int, Any] = {}
        self._isolated = self._isolate()

    def ball(self, bits: int) -> flint.arb:
        """A ball around the root, of about that many bits.

        Raises ``InputError`` where Newton's method does not settle inside the isolating ball.
        """
        if bits not in self._found:
            digits = max(1, 3 * bits // 10)
            try:
                found = newton_enclosure(self._f, self._df, self._isolated.mid(), digits=digits)
            except RootNotProved:
                found = None
            if found is not None and found.contains(self._isolated):
                found = self._isolated
            if found is None or not self._isolated.contains(found):
                raise InputError(f"values: no enclosure of {self.what.symbol} to {digits} digits")
            self._found[bits] = found
        return self._found[bits]

    def _f(self, x: flint.arb) -> flint.arb:
        plain = self._run(self._form, x)
        if self._form.smooth or x.rad() == 0 or not plain.is_finite() or not plain.contains(0):
            return plain
        # The mean value theorem, where Taylor series are not known (averages).
        middle = x.mid()
        straight = self._run(self._form, middle) + self._df(x) * (x - middle)
        return plain.intersection(straight) if straight.is_finite() else plain

    def _df(self, x: flint.arb) -> flint.arb:
        return self._run(self._slope, x)

    def _run(self, form: TaylorForm, x: flint.arb) -> flint.arb:
        return form.enclose(x, [exact_ball(value) for value in self._values])

    def _isolate(self) -> flint.arb:
        low, high = self._ends()
        for digits, most in ISOLATING:
            found = isolate_roots(
                *(self._f, self._df, low, high),
                digits=digits,
                max_depth=DEPTH,
                max_intervals=most,
            )
            if len(found.proved) == 1 and not found.undecided:
                return found.proved[0]
        raise self._refused("there is no certified single root in between")

    def _ends(self) -> tuple[Fraction, Fraction]:
        """The ends rounded outwards, once the equation has certain and opposite signs at them."""
        ends = compile_expressions([self.what.low, self.what.high], self._symbols)
        bits = FIRST_BITS
        while bits <= LAST_BITS:
            low, high = evaluate_balls(ends, self._values, bits)
            with working_precision(bits):
                if low.is_finite() and high.is_finite():
                    if low >= high:
                        break
                    signs = [_sign(self._f(low)), _sign(self._f(high))]
                    if low < high and all(signs):
                        if signs[0] == signs[1]:
                            break
                        return _rational(low.lower()), _rational(high.upper())
            bits *= 2
        raise self._refused("its equation does not certainly change sign in between")

    def _refused(self, why: str) -> InputError:
        what = self.what
        return InputError(
            f"values: {what.symbol} is to be a root from {what.low} to {what.high}, but {why}: "
            "give less extreme inputs"
        )


def _sign(ball: flint.arb) -> int:
    if not ball.is_finite():
        return 0
    return int(bool(ball > 0)) - int(bool(ball < 0))


def _rational(end: flint.arb) -> Fraction:
    return as_fraction(end.mid().fmpq())
