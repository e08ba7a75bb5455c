"""Operations of programs on complex balls, on a piece of the line without kinks."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import TypeAlias

import flint

from .kinks import Turn
from .programs import Instruction

__all__ = ["Operation", "analytic_operation", "constant", "switch"]

IMAGINARY = flint.acb(0, 1)
Operation: TypeAlias = Callable[[list[flint.acb], bool], flint.acb]
"""The slots so far, and whether the result must be analytic on all of its argument."""


def constant(value: flint.acb) -> Operation:
    """What does not depend on z."""
    return lambda slots, analytic: value


def switch(step: Instruction, turn: Turn) -> Operation:
    """An operation that is not analytic as a whole, on a piece."""
    if turn.value is not None:
        return constant(flint.acb(turn.value))
    scale, slot = turn.scale, turn.slot
    if slot is not None:
        if turn.factor > 0:
            return lambda slots, analytic: slots[slot]
        return lambda slots, analytic: -slots[slot]
    assert scale is not None
    if step.name == "abs":
        return lambda slots, analytic: scale * slots[0]
    i, j = step.slots
    way = 1 if step.name == "max" else -1
    return lambda slots, analytic: (slots[i] + slots[j] + way * scale * slots[0]) / 2


def analytic_operation(step: Instruction) -> Operation:
    """One analytic operation on complex balls."""
    i, *rest = step.slots
    j = rest[0] if len(rest) == 1 else None
    match step.name:
        case "add" if j is not None:
            return lambda slots, analytic: slots[i] + slots[j]
        case "mul" if j is not None:
            return lambda slots, analytic: slots[i] * slots[j]
        case "add":
            return lambda slots, analytic: functools.reduce(
                operator.add, [slots[k] for k in rest], slots[i]
            )
        case "mul":
            return lambda slots, analytic: functools.reduce(
                operator.mul, [slots[k] for k in rest], slots[i]
            )
        case "integer_power":
            assert isinstance(step.constant, int)
            return _power(i, step.constant)
        case "sqrt":
            return lambda slots, analytic: slots[i].sqrt(analytic=analytic)
        case "rsqrt":
            return lambda slots, analytic: slots[i].rsqrt(analytic=analytic)
        case "log":
            return lambda slots, analytic: slots[i].log(analytic=analytic)
        case "power" if j is not None:
            return lambda slots, analytic: _general_power(slots[i], slots[j], analytic)
        case "tanhc":
            return lambda slots, analytic: _tanhc(slots[i])
        case "atan":
            return lambda slots, analytic: _cut(slots[i], analytic).atan()
        case "asinh":
            return lambda slots, analytic: _asinh(slots[i], analytic)
        case name:
            function = operator.methodcaller(name)
            return lambda slots, analytic: function(slots[i])


def _power(i: int, n: int) -> Operation:
    if n == 2:
        return lambda slots, analytic: slots[i] * slots[i]
    if n >= 0:
        return lambda slots, analytic: slots[i] ** n
    return lambda slots, analytic: 1 / slots[i] ** -n


def _tanhc(z: flint.acb) -> flint.acb:
    """tanh(z)/z: near 0 as sin(iz)/(iz cosh z), which is no quotient of zeros."""
    return (z * IMAGINARY).sinc() / z.cosh() if z.contains(0) else z.tanh() / z


def _cut(z: flint.acb, analytic: bool) -> flint.acb:
    """z, which has to stay away from i y with |y| >= 1, the cuts of atan and asinh."""
    cut = z.real.contains(0) and not bool(abs(z.imag) < 1)
    return flint.acb(flint.arb.nan()) if analytic and cut else z


def _asinh(z: flint.acb, analytic: bool) -> flint.acb:
    """log(z + sqrt(1 + z^2)), odd, so that nothing cancels where z is negative."""
    turn = -1 if bool(z.real < 0) else 1
    w = turn * z
    root = (1 + w * w).sqrt(analytic=analytic)
    return turn * (w + root).log(analytic=analytic)


def _general_power(z: flint.acb, y: flint.acb, analytic: bool) -> flint.acb:
    if not analytic and z.contains(0) and y.imag.is_zero() and bool(y.real > 0):
        reach = flint.arb(0, (z.abs_upper() ** y.real).upper())
        return flint.acb(reach, reach)
    return z.pow(y, analytic=analytic)
