"""Ball evaluation: rigorous enclosures with a precision that doubles until they decide."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from .gaussian_averages import at_most, average_ball
from .growth import NotBoundedError
from .lerch import lerch
from .precision import exact_ball, working_precision
from .programs import Program
from .quadrature import QuadratureFailed

__all__ = ["ARITHMETIC", "SignResult", "enclose", "evaluate_balls", "evaluate_on_balls", "sign"]

FIRST_BITS = 64
LAST_BITS = 4096
MOST_FACTORS = 1 << 16
"""Factors of a binomial that are multiplied out; beyond, by Gamma functions."""
DECIDING_BITS = 96
"""Averages take milliseconds up to here; a sign that they do not tell then is left undecided."""


def _lambertw(x: flint.arb) -> flint.arb:
    return x.lambertw(0)


def _lambertw_lower(x: flint.arb) -> flint.arb:
    return x.lambertw(-1)


def _lerch(z: flint.arb, a: flint.arb, order: int) -> flint.arb:
    """Phi(z, order, a) = sum_n z^n/(n + a)^order, continued to z < 1."""
    if order == 1:
        return lerch(z, a)
    if not z < 1 or (not a > 0 and a.contains_integer()):
        return flint.arb("nan")
    return flint.acb(z).lerch_phi(flint.acb(order), flint.acb(a)).real


def _sign(x: flint.arb) -> flint.arb:
    # Arb answers [-1, 1] for the sign of an undefined number: defined-looking, so refuse it.
    return x.sgn() if x.is_finite() else flint.arb("nan")


def _maximum(*values: flint.arb) -> flint.arb:
    return functools.reduce(lambda x, y: x.max(y), values)


def _minimum(*values: flint.arb) -> flint.arb:
    return functools.reduce(lambda x, y: x.min(y), values)


def _choose(where: flint.arb, yes: flint.arb, no: flint.arb) -> flint.arb:
    """``yes`` where ``where`` > 0, ``no`` elsewhere."""
    if where > 0:
        return yes
    if where <= 0:
        return no
    return yes.union(no) if where.is_finite() else flint.arb("nan")


def _integer_power(x: flint.arb, n: int) -> flint.arb:
    if n >= 0:
        return x**n
    return flint.arb("nan") if x.contains(0) else 1 / x ** (-n)


def _power(x: flint.arb, y: flint.arb) -> flint.arb:
    return (y * x.log()).exp() if x > 0 else flint.arb("nan")


def _whole_power(x: flint.arb, y: flint.arb) -> flint.arb:
    whole = y.unique_fmpz() if y.is_exact() and not x > 0 else None
    return _power(x, y) if whole is None else _integer_power(x, int(whole))


def _binomial(n: flint.arb, k: flint.arb) -> flint.arb:
    whole = k.unique_fmpz() if k.is_exact() else None
    if whole is not None and 0 <= whole < MOST_FACTORS:
        return n.bin(int(whole))
    return (n + 1).gamma() / ((k + 1).gamma() * (n - k + 1).gamma())


def _sum(*values: flint.arb) -> flint.arb:
    return functools.reduce(operator.add, values)


def _product(*values: flint.arb) -> flint.arb:
    return functools.reduce(operator.mul, values)


def _tanhc(x: flint.arb) -> flint.arb:
    """tanh(x)/x, which is 1 at 0: sinh(x)/x is sin(ix)/(ix)."""
    if not x.contains(0):
        return x.tanh() / x
    return flint.acb(0, x).sinc().real / x.cosh()


def _gaussian_average(*values: Any) -> flint.arb:
    *parameters, program = values
    try:
        return average_ball(program, parameters, _ARB)
    except (NotBoundedError, QuadratureFailed):
        return flint.arb("nan")


def _sqrt(x: flint.arb) -> flint.arb:
    return x.sqrt() if x >= 0 or x.contains(0) else flint.arb("nan")


_ARB: dict[str, Any] = {
    "rational": exact_ball,
    "pi": lambda: flint.arb.pi(),
    "e": lambda: flint.arb(1).exp(),
    "euler": lambda: flint.arb.const_euler(),
    "add": _sum,
    "mul": _product,
    "integer_power": _integer_power,
    "power": _power,
    "whole_power": _whole_power,
    "sqrt": _sqrt,
    "rsqrt": lambda x: x.rsqrt(),
    "lambertw": _lambertw,
    "lambertw_lower": _lambertw_lower,
    "lerch": _lerch,
    "binomial": _binomial,
    "abs": abs,
    "sign": _sign,
    "gaussian_average": _gaussian_average,
    "tanhc": _tanhc,
    "max": _maximum,
    "min": _minimum,
    "choose": _choose,
} | {
    name: operator.methodcaller(name)
    for name in (
        *("exp", "log", "sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh"),
        *("sin", "cos", "tan", "atan", "gamma", "digamma", "erf"),
    )
}


ARITHMETIC = _ARB
"""The operations of programs on balls, by name."""


def evaluate_balls(
    program: Program, values: Sequence[Fraction | int], bits: int
) -> list[flint.arb]:
    """One pass at a working precision of ``bits``: each output is contained in its ball.

    A ball that is not finite says that the expression could not be shown to be defined there.
    """
    with working_precision(bits):
        return program.run(_ARB, [exact_ball(value) for value in values])


def evaluate_on_balls(program: Program, values: Sequence[flint.arb], bits: int) -> list[flint.arb]:
    """Each output's range over a box of arguments is contained in its ball (not tightly)."""
    with working_precision(bits):
        return program.run(_ARB, list(values))


def enclose(
    program: Program, values: Sequence[Fraction | int], digits: int, last_bits: int = 1 << 16
) -> list[flint.arb]:
    """Balls of radius at most 10^-digits relative to max(1, |value|), for every output.

    Raises ``ArithmeticError`` when precision ``last_bits`` does not suffice (a singular point, or
    an expression that is undefined over the reals).
    """
    bits = max(FIRST_BITS, 32 + int(digits * 3.33))
    while bits <= last_bits:
        balls = evaluate_balls(program, values, bits)
        if all(_narrow(ball, digits) for ball in balls):
            return balls
        bits *= 2
    raise ArithmeticError(
        f"values: no enclosure to {digits} digits at {[str(v) for v in values]}: the expression "
        "is singular or undefined there"
    )


def _narrow(ball: flint.arb, digits: int) -> bool:
    if not ball.is_finite():
        return False
    with working_precision(64):
        scale = abs(ball).upper().max(flint.arb(1))
        return bool(ball.rad() <= scale * flint.arb(10) ** (-digits - 1))


@dataclass(frozen=True, slots=True)
class SignResult:
    """``sign`` -1 or 1, or None when undecided; the last ball and the bits it took."""

    sign: int | None
    ball: Any
    bits: int


def sign(
    program: Program, values: Sequence[Fraction | int], last_bits: int = LAST_BITS
) -> list[SignResult]:
    """The certain sign of each output at an exact point, doubling the precision until decided.

    A zero can never be decided by balls: it comes back as None.
    """
    bits = FIRST_BITS
    while True:
        with at_most(DECIDING_BITS):
            balls = evaluate_balls(program, values, bits)
        results = [SignResult(_certain_sign(ball), ball, bits) for ball in balls]
        if bits >= last_bits or all(result.sign is not None for result in results):
            return results
        if any(not ball.is_finite() for ball in balls) and bits >= 8 * FIRST_BITS:
            return results
        bits *= 2


def _certain_sign(ball: flint.arb) -> int | None:
    if not ball.is_finite():
        return None
    if ball > 0:
        return 1
    return -1 if ball < 0 else None
