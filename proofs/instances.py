"""Instances: whether what is put for symbols satisfies all that is assumed of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Ge, Gt, Le, Lt

from .domain import gap
from .exact.normal_form import is_real
from .poles import defined_throughout
from .signs import Signs

__all__ = ["certain", "declared", "fits"]

_FACTS = (
    "algebraic",
    "composite",
    "even",
    "integer",
    "irrational",
    "negative",
    "noninteger",
    "nonnegative",
    "nonpositive",
    "nonzero",
    "odd",
    "positive",
    "prime",
    "rational",
    "transcendental",
    "zero",
)
"""What may be declared of a real number."""


def declared(head: Any) -> dict[str, bool]:
    """What is declared of a symbol or a function beyond that its values are real numbers."""
    if head.is_Symbol:
        return {f: v for f, v in head.assumptions0.items() if f.removeprefix("extended_") in _FACTS}
    found = {fact: getattr(head, f"is_{fact}") for fact in _FACTS}
    return {fact: value for fact, value in found.items() if value is not None}


def fits(symbol: Any, value: Any, relations: Sequence[Any]) -> bool:
    """Whether ``value`` certainly lies in the declared domain of ``symbol``.

    ``relations`` are the assumed inequalities; ``value`` is an expression over their domain.
    """
    if symbol == value:
        return True
    signs = Signs(relations)
    if not is_real(value) or not defined_throughout(value, signs):
        return False
    sign = signs.sign(value)
    weak = signs.not_negative(value), signs.not_negative(-value)
    return all(
        _has(fact.removeprefix("extended_"), wanted, sign, weak)
        or getattr(value, f"is_{fact}") is wanted
        for fact, wanted in declared(symbol).items()
    )


def _has(fact: str, wanted: bool, sign: int, weak: tuple[bool, bool]) -> bool:
    """Whether a real number of this sign has, or lacks, the property."""
    at_least, at_most = weak[0] or sign > 0, weak[1] or sign < 0
    known = {
        "positive": (sign > 0, at_most),
        "negative": (sign < 0, at_least),
        "nonnegative": (at_least, sign < 0),
        "nonpositive": (at_most, sign > 0),
        "zero": (False, sign != 0),
        "nonzero": (sign != 0, False),
    }
    return known[fact][0 if wanted else 1] if fact in known else False


def certain(relation: Any, relations: Sequence[Any]) -> bool:
    """Whether an inequality certainly holds on the domain of ``relations``."""
    if relation in relations or relation == True:  # noqa: E712 (a SymPy boolean)
        return True
    signs = Signs(relations)
    if isinstance(relation, Gt | Lt):
        return 1 in (signs.sign(gap(relation)), signs.sign(gap(relation).expand()))
    if isinstance(relation, Ge | Le):
        return signs.not_negative(gap(relation))
    return False
