"""Operations of programs on complex balls, on a piece of the line without kinks."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import flint

from .codegen import Instruction
from .quadrature import QuadratureFailed

__all__ = ["Operation", "Side", "analytic_operation", "constant", "side_of", "switch"]

IMAGINARY = flint.acb(0, 1)
Operation: TypeAlias = Callable[[list[flint.acb], bool], flint.acb]
"""The slots so far, and whether the result must be analytic on all of its argument."""


def constant(value: flint.acb) -> Operation:
    """What does not depend on z."""
    return lambda slots, analytic: value


@dataclass(frozen=True, slots=True)
class Side:
    """Of d = a + b z on a piece: its sign; and where b is not told from 0, c with |d| = c z."""

    sign: flint.arb
    scale: flint.acb | None = None


def switch(step: Instruction, side: Side) -> Operation:
    """An operation that is not analytic as a whole, on a piece: d is u, or u - v."""
    i, *rest = step.slots
    sign, scale = side.sign, side.scale
    match step.name:
        case "sign":
            return constant(flint.acb(sign))
        case "abs" if scale is None:
            return lambda slots, analytic: sign * slots[i]
        case "abs":
            return lambda slots, analytic: scale * slots[0]
        case _ if scale is None:
            chosen = i if bool(sign >= 0) is (step.name == "max") else rest[0]
            return lambda slots, analytic: slots[chosen]
        case _:
            turn = 1 if step.name == "max" else -1
            return lambda slots, analytic: (slots[i] + slots[rest[0]] + turn * scale * slots[0]) / 2


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
        case "tanhc":
            return lambda slots, analytic: _tanhc(slots[i])
        case "atan":
            return lambda slots, analytic: _atan(slots[i], analytic)
        case name:
            function = operator.methodcaller(name)
            return lambda slots, analytic: function(slots[i])


def _power(i: int, n: int) -> Operation:
    if n == 2:
        return lambda slots, analytic: slots[i] * slots[i]
    if n >= 0:
        return lambda slots, analytic: slots[i] ** n
    return lambda slots, analytic: 1 / slots[i] ** -n


def side_of(a: flint.arb, b: flint.arb, z: flint.arb) -> Side:
    """The sign of a + b z at a place z where it has one."""
    at = a + b * z
    if bool(at > 0) or bool(at < 0):
        return Side(flint.arb(1 if bool(at > 0) else -1))
    if a.is_zero() and b.is_zero():
        return Side(flint.arb(0))
    if a.is_zero() and (bool(z > 0) or bool(z < 0)):
        return Side(flint.arb(0, 1), flint.acb(abs(b) if bool(z > 0) else -abs(b)))
    raise QuadratureFailed(f"the side of a kink is not known at {z.str(8)}")


def _tanhc(z: flint.acb) -> flint.acb:
    """tanh(z)/z: near 0 as sin(iz)/(iz cosh z), which is no quotient of zeros."""
    return (z * IMAGINARY).sinc() / z.cosh() if z.contains(0) else z.tanh() / z


def _atan(z: flint.acb, analytic: bool) -> flint.acb:
    cut = z.real.contains(0) and not bool(abs(z.imag) < 1)
    return flint.acb(flint.arb.nan()) if analytic and cut else z.atan()
