"""Signs of sines and cosines from the interval of their angle, and of differences of cosines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sympy import Abs, Add, Dummy, NumberSymbol, S, cos, pi, sign, sin, together

if TYPE_CHECKING:
    from .signs import Signs

__all__ = ["some_positive", "trigonometric_sign", "with_products"]


def trigonometric_sign(signs: Signs, expr: Any) -> int:
    """sin a is positive for 0 < a < pi, cos a for -pi/2 < a < pi/2; 0 where nothing is known."""
    angle = expr.args[0] if isinstance(expr, sin) else expr.args[0] + pi / 2
    for direction in (1, -1):
        turned = direction * angle
        if _positive(signs, turned) and _positive(signs, pi - turned):
            return direction
    return 0


def with_products(expr: Any) -> Iterator[Any]:
    """The sum with two terms made one product, by the addition theorem.

    cos a - cos b = 2 sin((a + b)/2) sin((b - a)/2), 1 - cos b = 2 sin(b/2)^2 and
    1 + cos b = 2 cos(b/2)^2.
    """
    terms = [term.as_independent(cos) for term in expr.args]
    waves = [(c, f.args[0]) for c, f in terms if isinstance(f, cos)]
    for (c, a), (d, b) in combinations(waves, 2):
        shared = _shared(c, d)
        if shared is not None:
            left = expr - shared * (cos(a) - cos(b))
            yield left + 2 * shared * sin((a + b) / 2) * sin((b - a) / 2)
    constant = sum((term for term in expr.args if term.is_Rational), start=S.Zero)
    for c, a in waves:
        if c.is_Rational and constant != 0:
            shared = min(Abs(c), Abs(constant)) * sign(constant)
            square = sin(a / 2) ** 2 if c * constant < 0 else cos(a / 2) ** 2
            left = expr - shared - sign(c) * Abs(shared) * cos(a)
            yield left + 2 * shared * square


def _shared(c: Any, d: Any) -> Any:
    """The largest k for which k (cos a - cos b) is part of c cos a + d cos b, None for none."""
    if c == -d:
        return c
    if c.is_Rational and d.is_Rational and c * d < 0:
        return min(Abs(c), Abs(d)) * sign(c)
    return None


def some_positive(number: NumberSymbol) -> Any:
    """A positive unknown in place of e, pi and the like; pi exceeds 3."""
    unknown = Dummy(str(number), positive=True)
    return 3 + unknown if number is pi else unknown


def _positive(signs: Signs, expr: Any) -> bool:
    return any(signs.sign(form) == 1 for form in (expr, together(expr), Add(expr.expand())))
