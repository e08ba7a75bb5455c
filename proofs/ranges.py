"""Whether indices that run, and roots of equations, stay where a claim holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Listed, Root
from sympy import Dummy, Eq, Equivalent, Ge, Gt, Le, Lt
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .domain import gap
from .exact.zero_test import decide_zero
from .expansion import assumed_equations, inequalities
from .instances import certain, declared, fits
from .signs import Signs

__all__ = ["beyond_range", "roots_of", "tied_equations"]

_GAPS = ("composite", "even", "odd", "prime", "zero")
"""Declared facts that do not hold between two integers just because they hold at both."""


def roots_of(what: Evaluation) -> list[Root]:
    """The roots among what is derived."""
    return [root for root in what.derived.values() if isinstance(root, Root)]


def tied_equations(stated: Claim, root: Root, rng: np.random.Generator) -> list[Any]:
    """What ``stated`` assumes, or compares, that vanishes exactly where the root's equation does.

    An assumed equation, or an inequality of the statement whose sides are equal at the root.
    """
    relations = inequalities(stated)
    wanted = stated.expand(root.equation)
    compared = [stated.expand(relation) for relation in _compared(stated.statement)]

    def same(relation: Any) -> bool:
        difference = relation.lhs - relation.rhs
        return any(
            rest == 0 or decide_zero(rest, relations, rng=rng).status == "proved"
            for rest in (wanted - difference, wanted + difference)
        )

    if root.unless and not _solved_by_value(root):
        return []
    found = [*assumed_equations(stated), *(r for r in compared if isinstance(r, Relational))]
    return [relation for relation in found if relation.has(root.symbol) and same(relation)]


def _solved_by_value(root: Root) -> bool:
    """Whether the value solves the equation where it is told instead of the root."""
    fixed = {r.lhs: r.rhs for r in root.unless if isinstance(r, Eq) and r.rhs.is_Rational}
    at = root.equation.xreplace({**fixed, root.symbol: root.value})
    return bool(at == 0)


def _compared(statement: Any) -> list[Any]:
    if isinstance(statement, Equivalent):
        return list(statement.args)
    return [statement] if isinstance(statement, Gt | Ge | Lt | Le) else []


def beyond_range(stated: Claim, what: Evaluation, tied: Sequence[Any]) -> str:
    """What ``stated`` asks of an index or a root and does not show in its whole range.

    ``tied``: the equations that roots satisfy.
    """
    moved = {root.symbol for root in roots_of(what)}
    for output in what.outputs.values():
        moved |= set(output.indices) if isinstance(output, Listed) else set()
    for equation in assumed_equations(stated):
        plain = not equation.atoms(AppliedUndef) and equation not in tied
        if plain and equation.free_symbols & moved:
            return f"{equation} is assumed, and not shown"
    domain = [relation for relation in what.domain if isinstance(relation, Relational)]
    for root in roots_of(what):
        if doubt := _root_leaves(stated, root, domain):
            return doubt
    for output in what.outputs.values():
        if isinstance(output, Listed) and (doubt := _index_leaves(stated, output, domain)):
            return doubt
    return ""


def _index_leaves(stated: Claim, family: Listed, domain: Sequence[Any]) -> str:
    known = list(domain)
    for index, first, last in family.limits:
        facts = declared(index)
        if any(facts.get(fact) for fact in _GAPS):
            return f"{index} runs through all integers from {first} to {last}, not as declared"
        if facts.get("nonzero") and not (facts.get("positive") or facts.get("negative")):
            return f"{index} may be zero between {first} and {last}"
        for end in (first, last):
            if not fits(index, end, known):
                return f"{end} is not shown to lie in the domain of {index}"
            for relation in _about(stated, index):
                if not (_straight(relation, index) and certain(_put(relation, index, end), known)):
                    return f"{relation} is assumed, and not shown at {index} = {end}"
        known += [r for r in (Ge(index, first), Le(index, last)) if isinstance(r, Relational)]
    return ""


def _root_leaves(stated: Claim, root: Root, domain: Sequence[Any]) -> str:
    """A root lies strictly between the ends of its interval."""
    signs, symbol = Signs(domain), root.symbol
    above, below = signs.not_negative(root.low), signs.not_negative(-root.high)
    inside = Dummy(positive=True) if above else Dummy(negative=True) if below else Dummy(real=True)
    if not fits(symbol, inside, []):
        return f"{symbol} is not shown to lie in its domain"
    for relation in _about(stated, symbol):
        if not isinstance(relation, Gt | Ge | Lt | Le) or not _straight(relation, symbol):
            return f"{relation} is assumed, and not shown of {symbol}"
        ends = [gap(relation).xreplace({symbol: end}) for end in (root.low, root.high)]
        if not all(signs.not_negative(end) for end in ends) or not any(
            signs.sign(end) == 1 or signs.sign(end.expand()) == 1 for end in ends
        ):
            return f"{relation} is assumed, and not shown of {symbol}"
    return ""


def _about(stated: Claim, symbol: Any) -> list[Any]:
    return [relation for relation in inequalities(stated) if relation.has(symbol)]


def _straight(relation: Any, symbol: Any) -> bool:
    """Whether the relation holds between two values of the symbol where it holds at both."""
    if not isinstance(relation, Gt | Ge | Lt | Le):
        return False
    return bool(gap(relation).diff(symbol, 2).expand() == 0)


def _put(relation: Any, symbol: Any, end: Any) -> Any:
    return relation.xreplace({symbol: end})
