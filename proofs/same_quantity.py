"""Whether outputs that other claims tell are what this claim speaks of, case by case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition
from lemmata.theory.outputs import Case, Cases, Root
from lemmata.theory.registry import REGISTRY
from sympy import Eq, Equivalent, Expr, Ge, Gt, Le, Lt, MatrixExpr, S
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .exact.zero_test import decide_zero
from .expansion import assumed_equations, inequalities
from .instances import certain

__all__ = ["doubt_of_quantity"]


def doubt_of_quantity(claim: Claim, name: str, output: Cases, rng: np.random.Generator) -> str:
    """Why a case may tell something else than the output; empty where all tell the same.

    Each asks another claim for its output of the same name, at inputs of this claim, unchanged.
    The first must be compared or defined here; further ones too, or be defined in their claim as
    the first is in its own.
    """
    first = output.cases[0]
    for case in output.cases:
        if case.name != name:
            return f"{case.claim} tells {case.name}, which is not {name}"
        if doubt := _altered(case):
            return doubt
    if not (_compared_here(claim, first, rng) or _of_functions_here(claim, first)):
        return f"{first.claim} tells {name} of what is neither compared nor defined here"
    for case in output.cases[1:]:
        if not (_defined_alike(first, case) or _compared_here(claim, case, rng)):
            return f"{case.claim} does not define {name} as {first.claim} does"
    return ""


def _altered(case: Case) -> str:
    """An input of the case that is no input here, or stands for two."""
    values = [case.at.get(symbol, symbol) for symbol in _told(case).inputs.values()]
    for value in case.at.values():
        if not getattr(value, "is_Symbol", False):
            return f"{case.claim} is asked at {value}: inputs may be renamed, and not changed"
    if len(set(values)) < len(values):
        return f"{case.claim} is asked at one input in place of two"
    return ""


def _told(case: Case) -> Any:
    told = REGISTRY[case.claim].evaluation
    assert told is not None
    return told


def _stating(case: Case) -> Claim:
    """The claim that states the output of the case."""
    return REGISTRY[_told(case).certified_by or case.claim]


def _formula(case: Case) -> Any:
    """The output as an expression of the inputs there; None where it is none."""
    told = _told(case)
    formula = told.outputs[case.name]
    derived = {x: e for x, e in told.derived.items() if x.is_Symbol}
    if not isinstance(formula, Expr) or told.branches:
        return None
    if any(isinstance(e, Root) or e.atoms(MatrixExpr) for e in derived.values()):
        return None
    return _stating(case).expand(formula.xreplace(derived))


def _fixed(case: Case) -> dict[Any, Any]:
    """The input that the condition of a case fixes."""
    condition = case.condition
    if isinstance(condition, Eq) and condition.lhs.is_Symbol and condition.rhs.is_Rational:
        return {condition.lhs: condition.rhs}
    return {}


def _compared_here(claim: Claim, case: Case, rng: np.random.Generator) -> bool:
    """Whether the output is a side or a definition of this claim wherever the case is taken."""
    formula = _formula(case)
    if formula is None or any(not e.atoms(AppliedUndef) for e in assumed_equations(claim)):
        return False
    fixed = _fixed(case)

    def seen(expr: Any) -> Any:
        return expr.xreplace(dict(case.at)).xreplace(fixed)

    asked = [seen(r) for r in (*inequalities(_stating(case)), *_told(case).domain)]
    known = [r for r in (*asked, case.condition) if isinstance(r, Gt | Ge | Lt | Le)]
    if not all(certain(relation.xreplace(fixed), known) for relation in inequalities(claim)):
        return False
    return any(
        decide_zero(seen(formula) - told.xreplace(fixed), known, rng=rng).status == "proved"
        for told in dict.fromkeys(_speaks_of(claim))
    )


def _speaks_of(claim: Claim) -> Iterator[Any]:
    """Sides, definitions and values of defined functions of a claim, in full."""
    statement = claim.statement
    relations = statement.args if isinstance(statement, Equivalent) else (statement,)
    parts = [side for r in relations if isinstance(r, Relational) for side in r.args]
    for definition in claim.where:
        heads = statement.atoms(AppliedUndef)
        parts += [head for head in heads if head.func == definition.symbol]
        parts += [definition.symbol] if isinstance(definition.symbol, Expr) else []
    for part in parts:
        full = claim.expand(part) if isinstance(part, Expr) else None
        if full is not None and not full.atoms(AppliedUndef, MatrixExpr):
            yield full


def _stated_of(case: Case) -> Any:
    """What the claim of a case says to equal its output; None where it is no equation."""
    statement, formula = _stating(case).statement, _formula(case)
    if isinstance(statement, Eq) and formula is not None:
        for one, other in (statement.args, statement.args[::-1]):
            if _stating(case).expand(other) == formula:
                return one
    return None


def _unchanged(case: Case) -> bool:
    return all(symbol == value for symbol, value in case.at.items())


def _of_functions_here(claim: Claim, case: Case) -> bool:
    """Whether the output is stated of functions that both claims define by the same words."""
    stated = _stated_of(case)
    if stated is None or not _unchanged(case):
        return False
    reached = list(_reached(_stating(case), stated))
    here = {(definition.symbol, definition.expression) for definition in claim.where}
    return bool(reached) and all((d.symbol, d.expression) in here for d in reached)


def _reached(claim: Claim, expr: Any) -> Iterator[Definition]:
    """The definitions that an expression needs, directly or not."""
    for definition in claim.where:
        if expr.has(definition.symbol):
            yield definition
            yield from _reached(claim, S.Zero + definition.body)


def _defined_alike(first: Case, case: Case) -> bool:
    """Whether both claims define what equals their output by one formula, where the case holds."""
    bodies = []
    for each in (first, case):
        stated = _stated_of(each)
        found = [d.body for d in _stating(each).where if d.symbol == stated]
        if not found or not _unchanged(each):
            return False
        bodies.append(found[0].xreplace(_fixed(case)))
    return bool((bodies[0] - bodies[1]).expand() == 0)
