r"""What of a product stands in its fraction and what behind it.

``\frac{\tau}{2 s} \ln(...)`` and ``\frac{s}{2} (1 + ...)``, but ``\frac{a (s - b)}{b (s - a)}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Add

from .order import FUNCTIONS, LAST, OTHERS, ROOTS, SUMS, VALUES, rank

if TYPE_CHECKING:
    from .printer import Printer

__all__ = ["Factor", "placed"]

Factor = tuple[Any, Any]
"""A base and an exponent."""

LONG_SUM = 3
"""A sum of more terms than these stands behind the fraction."""


def placed(
    printer: Printer,
    number: int,
    over: Sequence[Factor],
    down: int,
    under: Sequence[Factor],
    depth: int,
) -> tuple[list[Factor], list[Factor]]:
    """The factors of the numerator inside the fraction, and those behind it."""
    if not under:
        return _over_a_number(printer, number, over, depth)
    compound = any(isinstance(base, Add) for base, _ in under)
    ratio = any(rank(*factor) == LAST for factor in under)
    sums = [f for f in over if isinstance(f[0], Add) and rank(*f) != ROOTS]
    beside = [f for f in over if f not in sums]
    out: list[Factor] = [f for f in over if _reaches_out(printer, f, ratio, depth)]
    letters = any(rank(*f) <= ROOTS for f in beside)
    crowded = letters or number != 1 or any(_big(printer, f, depth) for f in sums)
    if not compound and sums and crowded:
        out += [f for f in over if f not in out and SUMS <= rank(*f) < LAST]
    return [f for f in over if f not in out], [f for f in over if f in out]


def _over_a_number(
    printer: Printer, number: int, over: Sequence[Factor], depth: int
) -> tuple[list[Factor], list[Factor]]:
    """Over a whole number: all of it behind, unless it is one thing or a few letters."""
    if number != 1:
        return [], list(over)
    if len(over) == 1:
        out = _reaches_out(printer, over[0], False, depth) or _big(printer, over[0], depth)
        return ([], list(over)) if out else (list(over), [])
    inside = [f for f in over if rank(*f) <= VALUES]
    return inside, [f for f in over if f not in inside]


def _reaches_out(printer: Printer, factor: Factor, ratio: bool, depth: int) -> bool:
    """Operators, and functions whose arguments are fractions, are not set in small type."""
    kind = rank(*factor)
    if kind == LAST:
        return not ratio
    return kind in (FUNCTIONS, OTHERS) and printer.piece(factor[0], depth).tall


def _big(printer: Printer, factor: Factor, depth: int) -> bool:
    base = factor[0]
    long = isinstance(base, Add) and len(base.args) > LONG_SUM
    return long or (rank(*factor) >= SUMS and printer.piece(base, depth).tall)
