"""The order in which factors and terms are written; SymPy keeps its own, for its own ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Derivative, Function, Integral, Mul, Pow, Product, Sum, exp
from sympy.core.function import AppliedUndef

__all__ = ["OPERATORS", "factors_in_order", "negative", "rank", "terms_in_order"]

OPERATORS = (Derivative, Sum, Product, Integral)
"""What acts on everything behind it, and so stands last in its term."""

NUMBERS, COUNTS, LETTERS, VALUES, ROOTS = range(5)
SUMS, EXPONENTIALS, FUNCTIONS, OTHERS, LAST = range(5, 10)
"""Classes of factors from left to right: ``2 (D - 1) s a(t) sqrt(x + y) (s - a(t)) e^t ln x``."""


def rank(base: Any, exponent: Any = 1) -> int:
    """The class of the factor ``base**exponent``."""
    if isinstance(base, OPERATORS) or type(base).__name__ == "ScalarTimeDerivative":
        return LAST
    if base.is_number and not base.has(Function):
        return NUMBERS
    if isinstance(base, Add):
        if getattr(exponent, "is_Rational", True) and not getattr(exponent, "is_integer", True):
            return ROOTS
        return COUNTS if base.is_integer and exponent == 1 else SUMS
    if base.is_Symbol:
        return LETTERS
    if isinstance(base, AppliedUndef):
        return VALUES
    if isinstance(base, exp):
        return EXPONENTIALS
    if isinstance(base, Mul | Pow):
        return ROOTS
    return FUNCTIONS if isinstance(base, Function) else OTHERS


def factors_in_order(factors: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Pairs (base, exponent) by class; inside a class in the order in which they came."""
    return sorted(factors, key=lambda factor: rank(*factor))


def terms_in_order(expr: Any) -> list[Any]:
    """Terms of a sum: a positive one first, sums over an index last, the rest as SymPy has it.

    A polynomial that would begin with minus is turned round where its other end is positive.
    """
    terms = list(expr.args if expr.is_Matrix else expr.as_ordered_terms())
    if negative(terms[0]):
        positive = [term for term in terms if not negative(term)]
        if positive and (positive[0] is terms[-1] or terms[-1].is_number):
            terms.reverse()
        elif positive:
            terms.remove(positive[0])
            terms.insert(0, positive[0])
    last = [term for term in terms if _ends_in_sum(term)]
    others = [term for term in terms if not _ends_in_sum(term)]
    if others and not negative(others[0]):
        return others + last
    return terms


def negative(term: Any) -> bool:
    """Whether a term is written with a minus before it."""
    if getattr(term, "is_Number", False):
        return bool(term.is_negative)
    if isinstance(term, Mul):
        return _odd_signs(term.args)
    if type(term).__name__ == "MatMul":
        return _odd_signs(term.args)
    return False


def _odd_signs(factors: Sequence[Any]) -> bool:
    signs = [negative(f) for f in factors if f.is_Number or isinstance(f, Mul)]
    return sum(signs) % 2 == 1


def _ends_in_sum(term: Any) -> bool:
    factors = term.args if isinstance(term, Mul) else (term,)
    return any(isinstance(f, Sum | Product | Integral) for f in factors)
