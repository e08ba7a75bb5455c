"""The order in which factors and terms are written; SymPy keeps its own, for its own ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import (
    Add,
    Derivative,
    Function,
    Identity,
    Integral,
    Mul,
    Number,
    Pow,
    Product,
    Sum,
    default_sort_key,
    exp,
)
from sympy.core.function import AppliedUndef

__all__ = [
    "OPERATORS",
    "all_negative",
    "factors_in_order",
    "negative",
    "rank",
    "terms_in_order",
]

OPERATORS = (Derivative, Sum, Product, Integral)
"""What acts on everything behind it, and so stands last in its term."""

NUMBERS, WHOLES, COUNTS, LETTERS, VALUES, ROOTS, SUMS = range(7)
TERMS, TIME, EXPONENTIALS, FUNCTIONS, OTHERS, LAST = range(7, 13)
"""Classes of factors, left to right, as in ``2 D (D - 1) s a(t) (s - a(t)) q_k t e^x ln(x)``."""


def rank(base: Any, exponent: Any = 1) -> int:
    """The class of the factor ``base**exponent``."""
    if isinstance(base, OPERATORS) or type(base).__name__ == "ScalarTimeDerivative":
        return LAST
    if base.is_number and not base.has(Function):
        return NUMBERS
    if isinstance(base, Add):
        return _rank_of_sum(base, exponent)
    if base.is_Symbol:
        if base.name == "t" and exponent == 1:
            return TIME
        return WHOLES if base.is_integer and exponent == 1 else LETTERS
    if isinstance(base, AppliedUndef):
        return TERMS if all(argument.is_integer for argument in base.args) else VALUES
    if isinstance(base, exp):
        return EXPONENTIALS
    if isinstance(base, Mul | Pow):
        return ROOTS
    return FUNCTIONS if isinstance(base, Function) else OTHERS


def _rank_of_sum(base: Any, exponent: Any) -> int:
    if getattr(exponent, "is_Rational", False) and not exponent.is_integer:
        return ROOTS
    return COUNTS if base.is_integer and exponent == 1 else SUMS


def factors_in_order(factors: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Pairs (base, exponent) by class, letters of one class by name, ``tau s**(1/D)``."""
    sortable = (WHOLES, LETTERS, TERMS)

    def key(factor: tuple[Any, Any]) -> tuple[Any, ...]:
        base, exponent = factor
        kind = rank(base, exponent)
        if kind not in sortable:
            return (kind,)
        return kind, not exponent.is_number, default_sort_key(base)

    return sorted(factors, key=key)


def terms_in_order(expr: Any) -> list[Any]:
    """Terms of a sum: a positive one first, sums over an index last, the rest as SymPy has it.

    Numbers come before anything but whole numbers, ``1 + x`` but ``D + 1``, and so does the
    identity.  A polynomial that would begin with minus is written in rising powers where that
    begins with plus.
    """
    terms = list(expr.args if expr.is_Matrix else expr.as_ordered_terms())
    if negative(terms[0]) and not negative(terms[-1]) and _is_polynomial(expr):
        terms.reverse()
    first = next((t for t in terms if _leads(t, expr)), None)
    if first is None and negative(terms[0]):
        first = next((t for t in terms if not negative(t)), None)
    if first is not None:
        terms.remove(first)
        terms.insert(0, first)
    last = [term for term in terms if _ends_in_sum(term)]
    others = [term for term in terms if not _ends_in_sum(term)]
    if others and not negative(others[0]):
        return others + last
    return terms


def _leads(term: Any, expr: Any) -> bool:
    if isinstance(term, Identity):
        return True
    return isinstance(term, Number) and bool(term.is_positive) and not expr.is_integer


def _is_polynomial(expr: Any) -> bool:
    """Whether all terms are products of powers of one or two symbols."""
    if expr.is_Matrix or len(expr.free_symbols) > 2 or expr.has(Function):
        return False
    powers = [f for term in expr.args for f in Mul.make_args(term)]
    return all(
        f.is_Rational or f.is_Symbol or (f.is_Pow and f.base.is_Symbol and f.exp.is_Integer)
        for f in powers
    )


def negative(term: Any) -> bool:
    """Whether a term is written with a minus before it."""
    if getattr(term, "is_Number", False):
        return bool(term.is_negative)
    if isinstance(term, Mul) or type(term).__name__ == "MatMul":
        return sum(_turns_sign(f) for f in term.args) % 2 == 1
    return False


def _turns_sign(factor: Any) -> bool:
    if type(factor).__name__ == "MatMul":
        return False  # a product of matrices inside another one keeps its own minus, in brackets
    return all_negative(factor) if isinstance(factor, Add) else negative(factor)


def all_negative(expr: Any) -> bool:
    """Whether every term of a sum is written with a minus: in a product it stands before."""
    return isinstance(expr, Add) and all(negative(term) for term in expr.args)


def _ends_in_sum(term: Any) -> bool:
    factors = term.args if isinstance(term, Mul) else (term,)
    return any(isinstance(f, Sum | Product | Integral) for f in factors)
