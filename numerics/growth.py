"""Bounds on functions for all real numbers: growth and sign, from the operations.

A function f is bounded by |f(z)| <= size (1 + |z|)^degree exp(rate |z|) for every real z, or for
every z of one sign.  Each operation of programs has a rule from its arguments to its result.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import flint

from .programs import Instruction

__all__ = ["Growth", "NotBoundedError", "constant", "moving", "multiplied"]

ZERO, ONE = flint.arb(0), flint.arb(1)


class NotBoundedError(ValueError):
    """A function of which no bound on the whole real line is known."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What is known of f(z) for every z that is looked at.

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


def _add(*terms: Growth) -> Growth:
    total = terms[0]
    for term in terms[1:]:
        total = _sum_of_two(total, term)
    return total


def _sum_of_two(f: Growth, g: Growth) -> Growth:
    sign = f.sign if f.sign == g.sign else 0
    least = (f.least + g.least).lower() if sign else ZERO
    for large, small in ((f, g), (g, f)):
        # What stays away from zero outweighs what is smaller.
        if not sign and small.bounded and large.least > small.size:
            sign, least = large.sign, (large.least - small.size).lower()
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
        least,
        affine,
        above,
    )


def multiplied(*factors: Growth) -> Growth:
    """The growth of a product."""
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


def _power(f: Growth, exponent: Growth) -> Growth:
    y = exponent.value
    if y is None or not (y >= 0 or y < 0):
        raise NotBoundedError("an exponent may depend on z, or has no certain sign")
    if y < 0:
        return _reciprocal(_power(f, constant(-y)))
    if f.sign < 1:
        raise NotBoundedError("the base of a power is not shown to be nonnegative")
    degree = (f.degree * y).upper().ceil().unique_fmpz()
    least = (f.least**y).lower() if f.least > 0 else ZERO
    # The power of an upper bound is one, as the exponent is not negative.
    return Growth((f.size**y).upper(), int(degree), (f.rate * y).upper(), 1, least)


def _log(f: Growth) -> Growth:
    if not (f.sign > 0 and f.least > 0):
        raise NotBoundedError("what stands under a logarithm is not shown to stay above zero")
    # log f <= log size + (degree + rate) |z|, as log(1 + |z|) <= |z|.
    low, top = f.least.log().lower(), f.size.log().upper()
    slope = (f.degree + f.rate).upper()
    size = top.max(-low).max(ZERO)
    sign, least = (1, low) if low >= 0 else (0, ZERO)
    if slope.is_zero():
        return Growth(size, sign=sign, least=least)
    return Growth(size.max(slope), 1, sign=sign, least=least, above=(top, slope))


def _asinh(f: Growth) -> Growth:
    # |asinh u| <= log(1 + 2 |u|).
    bound = _log(Growth((1 + 2 * f.size).upper(), f.degree, f.rate, 1, ONE))
    return Growth(bound.size, bound.degree, bound.rate, f.sign)


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
    above = None if f.affine is None else (f.affine[0].abs_upper(), f.affine[1].abs_upper())
    return replace(f, sign=1, affine=None, above=above)


def _one_of(parts: Sequence[Growth]) -> Growth:
    """What holds for a function that is one of these at every z."""
    above = [part.linear_above for part in parts]
    signs = {part.sign for part in parts}
    return Growth(
        _largest([part.size for part in parts]),
        max(part.degree for part in parts),
        _largest([part.rate for part in parts]),
        signs.pop() if len(signs) == 1 else 0,
        -_largest([-part.least for part in parts]),
        above=None
        if None in above
        else (_largest([a[0] for a in above if a]), _largest([a[1] for a in above if a])),
    )


def _largest(balls: Sequence[flint.arb]) -> flint.arb:
    return functools.reduce(flint.arb.max, balls)


def _maximum(*parts: Growth) -> Growth:
    found = _one_of(parts)
    positive = [part.least for part in parts if part.sign > 0]
    return replace(found, sign=1, least=_largest(positive)) if positive else found


def _minimum(*parts: Growth) -> Growth:
    found = _one_of(parts)
    below = [part.linear_above for part in parts if part.linear_above is not None]
    # The least of the parts is below each: the flattest line is kept.
    flat = min(below, key=lambda line: float(line[1]), default=None)
    sign = -1 if any(part.sign < 0 for part in parts) else found.sign
    return replace(found, sign=sign, above=flat)


RULES: dict[str, Callable[..., Growth]] = {
    "add": _add,
    "mul": multiplied,
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
    "asinh": _asinh,
    "log": _log,
    "power": _power,
    "max": _maximum,
    "min": _minimum,
    "choose": lambda where, yes, no: _one_of([yes, no]),
}


def moving(step: Instruction, inside: Sequence[Growth]) -> Growth:
    """The result of an operation.  ``NotBoundedError`` where it may have a pole or grow faster."""
    if step.name == "integer_power":
        assert isinstance(step.constant, int)
        return _integer_power(inside[0], step.constant)
    if step.name not in RULES:
        raise NotBoundedError(f"no bound on the real line is known for {step.name}")
    return RULES[step.name](*inside)
