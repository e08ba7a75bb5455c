"""Gamma functions and their logarithmic derivative: arguments a whole number apart.

Gamma(x + 1) = x Gamma(x) and psi(x + 1) = psi(x) + 1/x take every argument to the one whose
constant term lies between 0 and 1; binomials are quotients of Gamma functions.  Values at
different arguments are treated as independent.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from sympy import Mul, Pow, S, binomial, gamma, polygamma

if TYPE_CHECKING:
    from .atoms import Atoms

__all__ = ["factorial_function"]

FARTHEST = 24
"""How many factors may be split off."""


def factorial_function(atoms: Atoms, expr: Any) -> Any:
    """The rewritten ``expr``, a Gamma function, a polygamma function or a binomial."""
    if isinstance(expr, binomial):
        return _binomial(atoms, expr)
    if isinstance(expr, gamma):
        return _gamma(atoms, atoms.canonical(expr.args[0]))
    order, argument = expr.args
    if order != 0:
        return _plain(atoms, expr)
    return _digamma(atoms, atoms.canonical(argument))


def _plain(atoms: Atoms, expr: Any) -> Any:
    key = (expr.func, *(atoms.canonical(arg) for arg in expr.args))
    return atoms.generator(key, expr.is_positive)


def _binomial(atoms: Atoms, expr: Any) -> Any:
    """Gamma functions, where no argument is a negative number, for which conventions differ."""
    n, k = expr.args
    if not all(x.is_nonnegative or (x.is_integer and (x + 1).is_positive) for x in (n, k)):
        return _plain(atoms, expr)
    over, one, other = (_gamma(atoms, atoms.canonical(x + 1)) for x in (n, k, n - k))
    return over / (one * other)


def _gamma(atoms: Atoms, argument: Any) -> Any:
    base, steps = _apart(atoms, argument)
    value = atoms.generator((gamma, base), True if atoms.is_positive(base) else None)
    factors = Mul(*(base + i for i in range(min(steps, 0), max(steps, 0))))
    return value * Pow(factors, 1 if steps > 0 else -1)


def _digamma(atoms: Atoms, argument: Any) -> Any:
    base, steps = _apart(atoms, argument)
    value = atoms.generator((polygamma, S.Zero, base), None)
    sign = 1 if steps > 0 else -1
    places = range(min(steps, 0), max(steps, 0))
    return value + sum((sign / (base + i) for i in places), start=S.Zero)


def _apart(atoms: Atoms, argument: Any) -> tuple[Any, int]:
    """The argument without the whole part of its constant term, and that whole part.

    A pure number keeps its place: SymPy has evaluated it where that says anything.
    """
    constant = sum((c for c, key in atoms.terms(argument) if key == 1), start=S.Zero)
    steps = floor(constant)
    if argument.is_number or abs(steps) > FARTHEST:
        return argument, 0
    return atoms.canonical(argument - steps), steps
