"""Rules of derivation that may show a step of a manuscript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.derivations import (
    Combines,
    Evident,
    Follows,
    Integrated,
    Rule,
    Solved,
    Substituted,
)
from sympy import Eq, Ge, Gt, Le, Lt, S
from sympy.core.function import AppliedUndef

from ..rules import differentiated
from .generators import factor_candidates

__all__ = ["rules_of"]

_INEQUALITY = (Gt, Ge, Lt, Le)
MOST_REPLACEMENTS = 40


def rules_of(
    base: Claim, premises: Sequence[Any], goal: Any
) -> Iterator[tuple[Sequence[Any], Rule]]:
    """Rules that may show the step, with premises that follow from those there are."""
    if not isinstance(goal, Eq):
        if isinstance(goal, _INEQUALITY):
            yield (), Evident()
        return
    yield (), Follows()
    equations = [p for p in premises if isinstance(p, Eq)]
    if not equations:
        return
    yield from (((), rule) for rule in _combinations(base, premises, goal))
    if isinstance(premises[-1], Eq):
        yield (), Solved()
        for variable in sorted(premises[-1].free_symbols, key=str):
            yield (), Integrated(variable, S.Zero)
    for variable, rates in _rates(equations):
        yield rates, Follows()
        told = [*premises, *rates]
        yield from ((rates, rule) for rule in _combinations(base, told, goal))
        del variable
    if isinstance(premises[-1], Eq):
        yield from (((), rule) for rule in _replacements(premises[-1], goal))


def _combinations(base: Claim, premises: Sequence[Any], goal: Any) -> Iterator[Rule]:
    mine = differentiated(base.expand(goal.lhs - goal.rhs))
    for number, premise in enumerate(premises, 1):
        if isinstance(premise, Eq):
            theirs = differentiated(base.expand(premise.lhs - premise.rhs))
            if theirs != 0:
                for factor, _part in factor_candidates(mine, theirs):
                    yield Combines({number: factor})


def _rates(equations: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """The equations differentiated by each variable that their functions depend on."""
    functions = {f for e in equations for f in e.atoms(AppliedUndef)}
    for variable in sorted({x for f in functions for x in f.args if x.is_Symbol}, key=str):
        found = []
        for equation in equations:
            if any(variable in f.args for f in equation.atoms(AppliedUndef)):
                left, right = (side.diff(variable) for side in (equation.lhs, equation.rhs))
                found.append(Eq(left, right, evaluate=False))
        if found:
            yield variable, found


def _replacements(premise: Any, goal: Any) -> Iterator[Rule]:
    """What may have been put for a symbol that the goal no longer has."""
    gone = sorted(premise.free_symbols - goal.free_symbols, key=str)
    new = sorted(goal.free_symbols - premise.free_symbols, key=str)
    inside = sorted(goal.atoms(*{type(x) for x in _parts(goal)}), key=lambda e: e.count_ops())
    values = [S.Zero, S.One, *new, *sorted(goal.free_symbols, key=str), *inside]
    count = 0
    for symbol in gone:
        for value in dict.fromkeys(values):
            if value != symbol and getattr(value, "is_Matrix", False) is not True:
                count += 1
                if count > MOST_REPLACEMENTS:
                    return
                yield Substituted({symbol: value})


def _parts(expr: Any) -> list[Any]:
    return [x for side in expr.args for x in (side, *side.args) if not x.is_Symbol] or [expr.lhs]
