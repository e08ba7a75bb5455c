"""The proving half of the zero test: a normal form over independent generators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import I, nan, oo, zoo

from .atoms import Atoms
from .fractions import Fractions, TooLargeError

__all__ = ["is_real", "vanishes"]

INFINITIES = (oo, -oo, zoo, nan)


def vanishes(expr: Any, positive: Iterable[Any] = ()) -> bool:
    """Whether ``expr`` is identically zero, as far as the normal form can tell.

    True is a proof, wherever both sides are defined and the expressions of ``positive`` are
    positive.  False only says that the normal form is not zero.  No ``simplify``, no floats.

    Only for numbers that commute and are real: log(exp(z)) = z and sqrt(z**2) = |z| are wrong
    for others, so an expression with I, with a symbol that is not declared real, with matrices
    or with infinities is never proved to vanish.
    """
    if not is_real(expr):
        return False
    try:
        atoms = Atoms(positive)
        rewritten = atoms.rewrite(expr)
        if rewritten.has(*INFINITIES):  # it divides by what vanishes identically
            return False
        fractions = Fractions(atoms, [rewritten])
    except TooLargeError:
        return False
    numerator, denominator = fractions.values[0]
    if fractions.reduce(numerator) != 0:
        return False
    return bool(fractions.reduce(denominator) != 0)


def is_real(expr: Any) -> bool:
    """Whether ``expr`` speaks of finite real numbers only: no I, matrices or undeclared symbols."""
    if not expr.is_commutative or expr.has(I, *INFINITIES):
        return False
    return all(symbol.is_extended_real for symbol in expr.free_symbols if symbol.is_Symbol)
