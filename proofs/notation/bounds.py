"""Bounds on what a formula may ask of SymPy: it expands sums to tell their signs."""

from __future__ import annotations

from math import comb
from typing import Any

from sympy import Add, Mul, Pow

__all__ = ["SECONDS", "TERMS", "expanded_terms"]

TERMS = 10_000
"""Terms of a formula that is multiplied out; the largest claim has 323."""
SECONDS = 5.0
"""Processor time for one formula; a long one takes a hundredth of a second."""


def expanded_terms(value: Any, known: dict[Any, int]) -> int:
    """Terms that the value has when all products and powers of sums in it are multiplied out.

    ``known`` keeps the counts of parts.
    """
    waiting = [value]
    while waiting:
        node = waiting[-1]
        inside = node.args if isinstance(node, Add | Mul | Pow) else ()
        missing = [part for part in inside if part not in known]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        known[node] = min(_count(node, known), 1 << 30)
    return known[value]


def _count(node: Any, known: dict[Any, int]) -> int:
    if isinstance(node, Add):
        return sum(known[part] for part in node.args)
    if isinstance(node, Mul):
        found = 1
        for part in node.args:
            found *= known[part]
        return found
    if isinstance(node, Pow) and node.exp.is_Integer:
        terms, power = known[node.base], abs(int(node.exp))
        return comb(power + terms - 1, terms - 1) if terms < TERMS else terms
    return 1
