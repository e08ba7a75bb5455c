"""Bounds on the whole real line for the slots of a program: growth, sign, and where it has kinks.

Every slot f(z) of a program whose first input is z, the others being fixed balls, is bounded by
|f(z)| <= size (1 + |z|)^degree exp(rate |z|) for every real z.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flint

from .codegen import Instruction, Program

__all__ = ["Growth", "NotBoundedError", "slot_growth"]

ZERO, ONE = flint.arb(0), flint.arb(1)


class NotBoundedError(ValueError):
    """A function of which no bound on the whole real line is known."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What is known of f(z) for every real z.

    ``sign``: 1 where f >= 0 throughout, -1 where f <= 0 throughout, 0 where neither is known.
    ``least``: |f| is nowhere below.  ``affine``: (a, b) where f = a + b z.  ``above``: (a, b) with
    f <= a + b |z| and b >= 0.  ``value``: the ball of f where it does not depend on z.
    """

    size: flint.arb
    degree: int = 0
    rate: flint.arb = ZERO
    sign: int = 0
    least: flint.arb = ZERO
    affine: tuple[flint.arb, flint.arb] | None = None
    above: tuple[flint.arb, flint.arb] | None = None
    value: flint.arb | None = None

    @property
    def bounded(self) -> bool:
        """Whether f is bounded by its size alone."""
        return self.degree == 0 and bool(self.rate.is_zero())

    @property
    def linear_above(self) -> tuple[flint.arb, flint.arb] | None:
        """(a, b) with f <= a + b |z|, from whatever is known of f."""
        if self.above is not None:
            return self.above
        if self.affine is not None:
            return self.affine[0].upper(), self.affine[1].abs_upper()
        if self.sign < 0:
            return ZERO, ZERO
        return (self.size, ZERO) if self.bounded else None


def constant(ball: flint.arb) -> Growth:
    """A number that does not depend on z."""
    sign = 1 if ball >= 0 else -1 if ball <= 0 else 0
    least = ball.abs_lower()
    return Growth(ball.abs_upper(), sign=sign, least=least, affine=(ball, ZERO), value=ball)


IDENTITY = Growth(ONE, degree=1, affine=(ZERO, ONE))


def slot_growth(
    program: Program, parameters: Sequence[flint.arb], arithmetic: Mapping[str, Any]
) -> list[Growth]:
    """The growth of every slot; slots without z are evaluated by ``arithmetic``.

    Raises ``NotBoundedError`` where a slot may have a pole or no bound is known.
    """
    known = [IDENTITY, *map(constant, parameters)]
    for step in program.instructions:
        inside = [known[i] for i in step.slots]
        if all(part.value is not None for part in inside):
            extra = [] if step.constant is None else [step.constant]
            ball = arithmetic[step.name](*(part.value for part in inside), *extra)
            if not ball.is_finite():
                raise NotBoundedError(f"{step.name} of a parameter is not shown to be defined")
            known.append(constant(ball))
        else:
            known.append(_moving(step, inside))
    return known


def _moving(step: Instruction, inside: list[Growth]) -> Growth:
    if step.name == "integer_power":
        assert isinstance(step.constant, int)
        return _integer_power(inside[0], step.constant)
    if step.name not in _RULES:
        raise NotBoundedError(f"no bound on the real line is known for {step.name}")
    return _RULES[step.name](*inside)


def _add(*terms: Growth) -> Growth:
    total = terms[0]
    for term in terms[1:]:
        total = _sum_of_two(total, term)
    return total


def _sum_of_two(f: Growth, g: Growth) -> Growth:
    sign = f.sign if f.sign == g.sign else 0
    above = None
    one, other = f.linear_above, g.linear_above
    if one is not None and other is not None:
        above = (one[0] + other[0]).upper(), (one[1] + other[1]).upper()
    affine = None
    if f.affine is not None and g.affine is not None:
        affine = f.affine[0] + g.affine[0], f.affine[1] + g.affine[1]
    return Growth(
        (f.size + g.size).upper(),
        max(f.degree, g.degree),
        f.rate.max(g.rate),
        sign,
        (f.least + g.least).lower() if sign else ZERO,
        affine,
        above,
    )


def _mul(*factors: Growth) -> Growth:
    total = factors[0]
    for factor in factors[1:]:
        total = _product_of_two(total, factor)
    return total


def _product_of_two(f: Growth, g: Growth) -> Growth:
    if f.value is None and g.value is not None:
        f, g = g, f
    affine = above = None
    if f.value is not None and g.affine is not None:
        affine = f.value * g.affine[0], f.value * g.affine[1]
    told = g.linear_above
    if f.value is not None and f.sign > 0 and told is not None:
        above = (f.value * told[0]).upper(), (f.value * told[1]).upper()
    return Growth(
        (f.size * g.size).upper(),
        f.degree + g.degree,
        (f.rate + g.rate).upper(),
        f.sign * g.sign,
        (f.least * g.least).lower(),
        affine,
        above,
    )


def _integer_power(f: Growth, n: int) -> Growth:
    if n < 0:
        return _reciprocal(_integer_power(f, -n))
    sign = 1 if n % 2 == 0 else f.sign
    least = (f.least**n).lower()
    return Growth((f.size**n).upper(), f.degree * n, (f.rate * n).upper(), sign, least)


def _reciprocal(f: Growth) -> Growth:
    if not f.least > 0:
        raise NotBoundedError("a denominator is not shown to stay away from zero")
    return Growth((1 / f.least).upper(), sign=f.sign)


def _sqrt(f: Growth) -> Growth:
    if f.sign < 1:
        raise NotBoundedError("what stands under a root is not shown to be nonnegative")
    rate, least = (f.rate / 2).upper(), f.least.sqrt().lower()
    return Growth(f.size.sqrt().upper(), -(-f.degree // 2), rate, 1, least)


def _exp(f: Growth) -> Growth:
    told = f.linear_above
    if told is None:
        raise NotBoundedError("an exponent may grow faster than linearly")
    # exp(a + b |z|) with b >= 0.
    least = ONE if f.sign > 0 else (-f.size).exp().lower() if f.bounded else ZERO
    return Growth(told[0].exp().upper(), 0, told[1], 1, least)


def _hyperbolic(f: Growth) -> tuple[flint.arb, flint.arb]:
    if f.affine is not None:
        return f.affine[0].abs_upper().exp().upper(), f.affine[1].abs_upper()
    if f.bounded:
        return f.size.exp().upper(), ZERO
    raise NotBoundedError("the argument of a hyperbolic function may grow faster than linearly")


def _cosh(f: Growth) -> Growth:
    try:
        size, rate = _hyperbolic(f)
    except NotBoundedError:
        # Only its reciprocal can be bounded then.
        size, rate = flint.arb.pos_inf(), ZERO
    return Growth(size, 0, rate, 1, ONE)


def _sinh(f: Growth) -> Growth:
    size, rate = _hyperbolic(f)
    return Growth(size, 0, rate, f.sign)


def _unit(f: Growth) -> Growth:
    return Growth(ONE, sign=f.sign)


def _wave(f: Growth) -> Growth:
    return Growth(ONE)


def _absolute(f: Growth) -> Growth:
    return replace(f, sign=1, affine=None, above=None)


def _extreme(*parts: Growth) -> Growth:
    total = _add(*(replace(part, affine=None, above=None) for part in parts))
    return replace(total, least=ZERO)


_RULES: dict[str, Callable[..., Growth]] = {
    "add": _add,
    "mul": _mul,
    "sqrt": _sqrt,
    "rsqrt": lambda f: _reciprocal(_sqrt(f)),
    "exp": _exp,
    "cosh": _cosh,
    "sinh": _sinh,
    "tanh": _unit,
    "tanhc": lambda f: Growth(ONE, sign=1),
    "erf": _unit,
    "sign": _unit,
    "sin": _wave,
    "cos": _wave,
    "atan": lambda f: Growth(flint.arb(2), sign=f.sign),
    "abs": _absolute,
    "max": _extreme,
    "min": _extreme,
}
