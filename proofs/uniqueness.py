"""Whether a formula that satisfies the given equations is their only solution.

Picard and Lindelof: on an interval that contains the start, where the formula is regular and the
equation smooth along it, no other solution leaves the formula.  Functions are taken to be
continuous up to the ends of their interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import (
    Add,
    Derivative,
    Dummy,
    E,
    Mul,
    NumberSymbol,
    Pow,
    Subs,
    Tuple,
    log,
    preorder_traversal,
)
from sympy.core.function import AppliedUndef

from .expansion import assumed_equations, inequalities
from .intervals import Interval, interval_of
from .poles import SMOOTH, continuous_at, defined_throughout
from .signs import Signs

__all__ = ["missing_data"]


def missing_data(claim: Claim) -> str:
    """Why the given equations do not determine a solution; empty when they do.

    An equation of order n needs n values at one time of the interval; one without derivatives
    must be linear in the unknown.
    """
    if claim.kind != "solution":
        return ""
    head, formula = claim.statement.lhs, claim.expand(claim.statement.rhs)
    if formula.has(head.func):
        return f"the formula contains {head.func} itself"
    given = [r for r in assumed_equations(claim) if r.has(head.func)]
    laws = [r for r in given if _without_values(r).has(head)]
    derivatives = {d for r in laws for d in r.atoms(Derivative) if d.has(head.func)}
    relations = inequalities(claim)
    if not derivatives:
        if any(_linear(law, head, relations) for law in laws):
            return ""
        return f"no given equation determines {head}"
    variables = {v for d in derivatives for v in d.variables}
    if len(variables) > 1:
        return f"{head} is differentiated by several variables: one equation does not determine it"
    (variable,) = variables
    domain = interval_of(claim, variable)
    if domain is None:
        return f"the domain is not shown to be an interval in {variable}"
    order = max(d.derivative_count for d in derivatives)
    values = [r for r in given if r not in laws]
    starts = _starts(values, head, variable, order, relations)
    if not starts:
        return (
            f"{order} initial values at one point determine {head}: the formula is one solution "
            "of many"
        )
    if not any(domain.reaches(start) for start in starts):
        return f"the start {starts[0]} is not shown to lie in the interval of {variable}"
    start = next(start for start in starts if domain.reaches(start))
    if any(_determines(law, claim, order, domain, start) for law in laws):
        return ""
    return (
        f"it is not shown that {head} is the only solution: the equation or the formula may be "
        "singular"
    )


def _without_values(relation: Any) -> Any:
    """The relation with values of derivatives at one time, written as ``Subs``, taken out."""
    return relation.xreplace({value: Dummy() for value in relation.atoms(Subs)})


def _linear(law: Any, head: Any, relations: Sequence[Any]) -> bool:
    unknown = Dummy("unknown", real=True)
    expr = (law.lhs - law.rhs).xreplace({head: unknown})
    factor = expr.diff(unknown)
    if expr.has(head.func) or factor.has(unknown):
        return False
    return Signs(relations).sign(factor) != 0


def _starts(
    values: Sequence[Any], head: Any, variable: Any, order: int, relations: Sequence[Any]
) -> list[Any]:
    """Points at which the values of the function and of all derivatives below ``order`` are."""
    known: dict[Any, set[int]] = {}
    for value in values:
        found = _value(value, head, variable, relations)
        if found is not None:
            point, count = found
            known.setdefault(point, set()).add(count)
    return [point for point, counts in known.items() if counts >= set(range(order))]


def _value(
    equation: Any, head: Any, variable: Any, relations: Sequence[Any]
) -> tuple[Any, int] | None:
    """The point and the number of derivatives of the value that the equation determines."""
    inside = equation.atoms(Subs)
    plain = equation.xreplace({s: Dummy() for s in inside})
    heads = [s for s in inside if s.has(head.func)]
    heads += [f for f in plain.atoms(AppliedUndef) if f.func == head.func]
    if len(heads) != 1:
        return None
    (value,) = heads
    unknown = Dummy("unknown", real=True)
    expr = (equation.lhs - equation.rhs).xreplace({value: unknown})
    factor = expr.diff(unknown)
    if factor.has(unknown) or not Signs(relations).sign(factor):
        return None
    return _place(value, head, variable)


def _place(value: Any, head: Any, variable: Any) -> tuple[Any, int] | None:
    if isinstance(value, AppliedUndef):
        moved = [(v, p) for v, p in zip(head.args, value.args, strict=True) if v != p]
        if len(moved) != 1 or moved[0][0] != variable or moved[0][1].has(variable):
            return None
        return moved[0][1], 0
    derivative = value.expr
    if len(value.variables) != 1 or not isinstance(derivative, Derivative):
        return None
    if set(derivative.variables) != set(value.variables):
        return None
    if derivative.expr.xreplace({value.variables[0]: variable}) != head:
        return None
    return value.point[0], derivative.derivative_count


def _determines(law: Any, claim: Claim, order: int, domain: Interval, start: Any) -> bool:
    """Whether the law gives the highest derivative, smoothly along the formula."""
    head, variable = claim.statement.lhs, domain.variable
    formula = claim.expand(claim.statement.rhs)
    highest = Derivative(head, (variable, order))
    if any(f != head for f in law.atoms(AppliedUndef) if f.func == head.func):
        return False
    unknown = Dummy("unknown", real=True)
    whole = (law.lhs - law.rhs).xreplace({highest: unknown}).expand()
    factor = whole.diff(unknown)
    rest = (whole - factor * unknown).expand()
    if factor.has(unknown) or rest.has(unknown):
        return False
    along = {head: formula}
    for count in range(1, order):
        along[Derivative(head, (variable, count))] = formula.diff((variable, count))
    others = Signs(domain.others)
    if not all(continuous_at(e, variable, start, others) for e in (formula, *along.values())):
        return False
    places: list[tuple[Signs, Any]] = [(Signs(inequalities(claim)), {})]
    if not domain.has_inside(start):
        places.append((Signs(domain.others), {variable: start}))
    return all(
        _nonzero(factor, along, signs, at)
        and _smooth(factor, along, signs, at)
        and _smooth(rest, along, signs, at)
        and defined_throughout(formula.xreplace(at), signs)
        for signs, at in places
    )


def _nonzero(expr: Any, along: Any, signs: Signs, at: Any) -> int:
    put = expr.xreplace(along).xreplace(at)
    return signs.sign(put) or signs.sign(put.expand())


def _smooth(expr: Any, along: Any, signs: Signs, at: Any) -> bool:
    """Whether ``expr`` is a smooth function of the unknowns near the formula."""
    for part in preorder_traversal(expr):
        if isinstance(part, Pow) and part.base != E:
            if part.exp.is_Integer and part.exp > 0:
                continue
            found = _nonzero(part.base, along, signs, at)
            if not (found > 0 or (found < 0 and part.exp.is_Integer)):
                return False
        elif isinstance(part, log):
            if len(part.args) != 1 or _nonzero(part.args[0], along, signs, at) <= 0:
                return False
        elif not (
            part.is_Number
            or part.is_Symbol
            or isinstance(part, (Add, Mul, Pow, NumberSymbol, AppliedUndef, *SMOOTH))
            or (isinstance(part, Derivative) and isinstance(part.expr, AppliedUndef))
            or isinstance(part, Tuple)
        ):
            return False
    return True
