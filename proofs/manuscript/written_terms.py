"""Equations as they are written: their terms, in any order and on whatever side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Add, Function, Mul, Pow, S, cos, powsimp, sin
from sympy.core.function import AppliedUndef

from ..rules import differentiated

__all__ = ["doubled", "empty", "proportional", "same_pieces"]


def proportional(one: Any, other: Any) -> bool:
    """Whether an expression is a number times another one, term by term."""
    one, other = (differentiated(e).expand() for e in (one, other))
    if one == 0 or other == 0:
        return False
    mine, theirs = one.as_coefficients_dict(), other.as_coefficients_dict()
    if set(mine) != set(theirs):
        return False
    ratios = {mine[part] / theirs[part] for part in mine}
    return len(ratios) == 1


def empty(residual: Any) -> bool:
    """Whether the equation holds as it stands, by plain algebra and differentiation."""
    plain = differentiated(residual)
    return plain == 0 or bool(plain.expand() == 0)


def doubled(expr: Any) -> Any:
    """Even powers of sines and cosines by those of twice the angle."""

    def even(power: Any) -> Any:
        (angle,), half = power.base.args, power.exp / 2
        sign = -1 if isinstance(power.base, sin) else 1
        return ((1 + sign * cos(2 * angle)) / 2) ** half

    squares = {
        node: even(node)
        for node in expr.atoms(Pow)
        if isinstance(node.base, sin | cos) and node.exp.is_Integer and node.exp % 2 == 0
    }
    return expr.xreplace(squares)


def same_pieces(
    one: tuple[Any, Any], other: tuple[Any, Any], admitted: Callable[[Any], bool]
) -> bool:
    """The terms of the sides ``one`` are those of ``other``, all times one factor.

    It is no sum, and ``admitted`` says whether it may be.  Products of sums are not multiplied out:
    those are other terms.
    """
    mine, theirs = (
        [*_pieces(left), *(-piece for piece in _pieces(right))] for left, right in (one, other)
    )
    if len(mine) != len(theirs) or not theirs:
        return False
    for first in mine:
        ratio = powsimp(first / theirs[0], combine="exp")
        if ratio.is_Add or not admitted(ratio):
            continue
        if _sorted(ratio * piece for piece in theirs) == _sorted(mine):
            return True
    return False


def _sorted(pieces: Iterable[Any]) -> list[Any]:
    return sorted(map(_plain, pieces), key=str)


def _pieces(side: Any) -> list[Any]:
    """The terms of a side; those of a sum that is multiplied by what is no sum."""
    found: list[Any] = []
    for term in Add.make_args(_plain(side)):
        sums = [part for part in Mul.make_args(term) if part.is_Add]
        if len(sums) == 1:
            rest = term / sums[0]
            found += [piece for part in sums[0].args for piece in _pieces(rest * part)]
        elif term != S.Zero:
            found.append(term)
    return found


def _plain(expr: Any) -> Any:
    """What functions are applied to multiplied out, and sums in products with one of two signs."""
    if isinstance(expr, Function) and not isinstance(expr, AppliedUndef):
        return expr.func(*(_plain(part).expand() for part in expr.args))
    if isinstance(expr, Add):
        return Add(*map(_plain, expr.args))
    if isinstance(expr, Mul):
        return Mul(*(part for factor in expr.args for part in _primitive(_plain(factor), S.One)))
    if isinstance(expr, Pow):
        base, exponent = map(_plain, expr.args)
        return Mul(*_primitive(base, exponent))
    return expr


def _primitive(base: Any, exponent: Any) -> tuple[Any, Any]:
    """A power of a sum as a number and that of a sum without common numbers, of one sign."""
    if not base.is_Add or not exponent.is_Integer:
        return S.One, base**exponent
    number, rest = base.primitive()
    if rest.could_extract_minus_sign():
        number, rest = -number, -rest
    return number**exponent, rest**exponent
