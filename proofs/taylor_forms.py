"""Enclosures of a formula over an interval by Taylor's formula: sharp where terms cancel."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any

import flint
from lemmata.numerics.balls import evaluate_on_balls
from lemmata.numerics.precision import exact_ball
from lemmata.numerics.programs import Program

__all__ = ["TaylorForm"]

LEAST_ORDER, BITS_PER_TERM, LARGEST_ORDER = 16, 8, 128
"""The order grows with the precision: each term has to shrink by 2^-8 only, whatever cancels."""


def _integer_power(x: Any, n: int) -> Any:
    return x**n if n >= 0 else 1 / x**-n


def _power(x: Any, y: Any) -> Any:
    return (y * x.log()).exp()


_SERIES: Mapping[str, Any] = {
    "rational": exact_ball,
    "pi": lambda: flint.arb.pi(),
    "e": lambda: flint.arb(1).exp(),
    "euler": lambda: flint.arb.const_euler(),
    "add": lambda *values: functools.reduce(operator.add, values),
    "mul": lambda *values: functools.reduce(operator.mul, values),
    "integer_power": _integer_power,
    "power": _power,
    "whole_power": _power,
    "sinh": lambda x: (x.exp() - (-x).exp()) / 2,
    "cosh": lambda x: (x.exp() + (-x).exp()) / 2,
    "tanh": lambda x: 1 - 2 / ((2 * x).exp() + 1),
} | {
    name: operator.methodcaller(name)
    for name in ("exp", "log", "sqrt", "rsqrt", "sin", "cos", "tan", "atan")
}


class TaylorForm:
    """The first output of a program whose first input runs over an interval X.

    Sharpened only where plain interval arithmetic does not tell it from zero.

    With m the middle of X and h = X - m: f(X) lies in the sum of f_i(m) h^i, i < n, and
    f_n(X) h^n, where f_i is the i-th derivative over i!.  What cancels at the middle cancels here,
    as it does not in interval arithmetic on X.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._smooth = all(step.name in _SERIES for step in program.instructions)

    @property
    def smooth(self) -> bool:
        """Whether every operation has a Taylor series here."""
        return self._smooth

    def enclose(self, x: flint.arb, others: Sequence[flint.arb]) -> flint.arb:
        """A ball around all values on the ball ``x``, at the working precision."""
        (plain,) = evaluate_on_balls(self.program, [x, *others], flint.ctx.prec)
        decided = not plain.contains(0) or not plain.is_finite()
        if decided or not self._smooth or x.rad() == 0:
            return plain
        middle, order = x.mid(), _order(flint.ctx.prec)
        at_middle, over = (self._series(point, others, order) for point in (middle, x))
        if at_middle is None or over is None:
            return plain
        h = x - middle
        total = over[order]
        for coefficient in reversed(at_middle[:order]):
            total = total * h + coefficient
        return plain.intersection(total)

    def _series(self, x: flint.arb, others: Sequence[flint.arb], order: int) -> list[Any] | None:
        """Coefficients up to the order of the program at x + t; None where one is not finite."""
        before = flint.ctx.cap
        flint.ctx.cap = order + 1
        try:
            (found,) = self.program.run(_SERIES, [flint.arb_series([x, 1]), *others])
        except (ZeroDivisionError, ValueError):
            return None
        finally:
            flint.ctx.cap = before
        if isinstance(found, flint.arb):
            found = flint.arb_series([found])
        coefficients = [found[i] for i in range(order + 1)]
        return coefficients if all(c.is_finite() for c in coefficients) else None


def _order(bits: int) -> int:
    return min(LARGEST_ORDER, max(LEAST_ORDER, bits // BITS_PER_TERM))
