r"""What of a product stands above and below the bar, and what behind the fraction.

``\frac{\tau}{2 s} \ln(...)`` and ``\frac{s}{2} (1 + ...)``, but ``\frac{a (s - b)}{b (s - a)}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Add, Integer, Mul, Pow, Rational, S, exp, lerchphi

from .functions import Gauss
from .measure import width
from .order import (
    FUNCTIONS,
    LAST,
    OTHERS,
    ROOTS,
    SUMS,
    TERMS,
    TIME,
    all_negative,
    negative,
    rank,
)

if TYPE_CHECKING:
    from .printer import Printer

__all__ = ["Factor", "flattened", "goes_below", "parted", "placed"]

Factor = tuple[Any, Any]
"""A base and an exponent."""

LONG_SUM = 3
"""A sum of more terms than these stands behind the fraction."""
WIDE = 90.0
"""A function wider than these points stands behind a whole number."""


def flattened(given: Sequence[Any]) -> tuple[Any, list[Any]]:
    """The number before a product, without its sign, and its other factors."""
    coefficient: Any = Integer(1)
    factors: list[Any] = []
    waiting = list(reversed(given))
    while waiting:
        factor = waiting.pop()
        if isinstance(factor, Mul):
            waiting += reversed(factor.args)
        elif isinstance(factor, lerchphi) and factor.args[1] == 1:
            waiting += [1 / factor.args[2], Gauss(factor.args[0], factor.args[2])]
        elif isinstance(factor, Rational):
            coefficient *= factor
        else:
            factors.append(-factor if all_negative(factor) else factor)
    return _with_contents(abs(coefficient), factors)


def _with_contents(coefficient: Any, factors: list[Any]) -> tuple[Any, list[Any]]:
    """Whole numbers that divide all terms of a factor stand before the product.

    Only where nothing cancels: the formula stays the one that was checked.
    """
    parts: list[Any] = []
    for factor in factors:
        inverse = isinstance(factor, Pow) and factor.exp == -1
        inside = factor.base if inverse else factor
        whole, rest = inside.primitive() if _is_whole(inside) else (S.One, inside)
        alone = len(factors) == 1 and coefficient == 1 and not inverse
        free = coefficient.p == 1 if inverse else coefficient.q == 1
        if whole.is_Integer and whole > 1 and free and not alone:
            coefficient = coefficient / whole if inverse else coefficient * whole
            factor = 1 / rest if inverse else rest
        parts.append(factor)
    return coefficient, parts


def parted(factors: Iterable[Any]) -> tuple[list[Factor], list[Factor]]:
    """Factors above and below the bar."""
    over: list[Factor] = []
    under: list[Factor] = []
    for factor in factors:
        if isinstance(factor, Pow) and goes_below(factor.exp):
            under.append((_unsigned(factor.base, factor.exp), -factor.exp))
        elif isinstance(factor, Pow):
            over.append((_unsigned(factor.base, factor.exp), factor.exp))
        elif isinstance(factor, exp) and factor.args[0].is_Integer and factor.args[0] < 0:
            under.append((S.Exp1, -factor.args[0]))
        else:
            over.append((factor, S.One))
    return over, under


def goes_below(exponent: Any) -> bool:
    """Whether a power belongs below the bar: its exponent is negative and no fraction of names."""
    if isinstance(exponent, Add):
        below = all(negative(term) for term in exponent.args)
    else:
        below = negative(exponent)
    return below and (exponent.is_Rational or exponent.as_numer_denom()[1].is_number)


def _unsigned(base: Any, exponent: Any) -> Any:
    return -base if all_negative(base) and exponent.is_even else base


def placed(
    printer: Printer,
    number: int,
    over: Sequence[Factor],
    under: Sequence[Factor],
    depth: int,
) -> tuple[list[Factor], list[Factor]]:
    """The factors of the numerator inside the fraction, and those behind it."""
    if not under:
        return _over_a_number(printer, number, over, depth)
    compound = any(isinstance(base, Add) for base, _ in under)
    ratio = any(rank(*factor) in (FUNCTIONS, OTHERS, LAST) for factor in under)
    sums = [f for f in over if isinstance(f[0], Add) and rank(*f) != ROOTS]
    letters = any(_is_plain(f) for f in over if f not in sums)
    crowded = letters or number != 1 or any(_big(printer, f, depth) for f in sums)
    out = [f for f in over if not ratio and _reaches_out(printer, f, depth)]
    if not compound and sums and crowded and (letters or not ratio):
        out += [f for f in over if f not in out and SUMS <= rank(*f) < LAST]
    return [f for f in over if f not in out], [f for f in over if f in out]


def _over_a_number(
    printer: Printer, number: int, over: Sequence[Factor], depth: int
) -> tuple[list[Factor], list[Factor]]:
    """Over a whole number: all of it behind, unless it is one thing or a few letters."""
    if number != 1:
        return [], list(over)
    if len(over) == 1:
        out = _reaches_out(printer, over[0], depth) or _big(printer, over[0], depth)
        return ([], list(over)) if out else (list(over), [])
    inside = [f for f in over if _is_plain(f)]
    return inside, [f for f in over if f not in inside]


def _reaches_out(printer: Printer, factor: Factor, depth: int) -> bool:
    """Operators, and functions whose arguments are fractions, are not set in small type."""
    kind = rank(*factor)
    if kind == FUNCTIONS:
        return printer.piece(factor[0], depth).tall
    return kind in (OTHERS, LAST)


def _big(printer: Printer, factor: Factor, depth: int) -> bool:
    base = factor[0]
    if isinstance(base, Add) and len(base.args) > LONG_SUM:
        return True
    shown = printer.piece(base, depth)
    kind = rank(*factor)
    return kind >= SUMS and (shown.tall or (kind >= FUNCTIONS and width(shown.latex) > WIDE))


def _is_plain(factor: Factor) -> bool:
    """Letters, their roots, values of functions and terms of sequences."""
    kind = rank(*factor)
    return kind <= ROOTS or kind in (TERMS, TIME)


def _is_whole(expr: Any) -> bool:
    """A sum without fractions."""
    return isinstance(expr, Add) and not any(p.exp.is_negative for p in expr.atoms(Pow))
