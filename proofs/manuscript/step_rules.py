"""Rules of derivation that may show a step of a manuscript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from sympy import Eq, Ge, Gt, Le, Lt, Matrix, S, Subs

from ..rules import differentiated
from .generators import factor_candidates
from .places import universal

__all__ = ["combinations", "combined", "rates_of", "rules_of"]

_INEQUALITY = (Gt, Ge, Lt, Le)
MOST_REPLACEMENTS = 40
MOST_TERMS = 60


def rules_of(
    base: Claim, premises: Sequence[Any], goal: Any, moving: Mapping[Any, frozenset[Any]]
) -> Iterator[tuple[Sequence[Any], Rule]]:
    """Rules that may show the step, with premises that follow from those there are.

    ``moving``: the symbols for all values of which an equation of a function holds.
    """
    if not isinstance(goal, Eq):
        if isinstance(goal, _INEQUALITY):
            yield (), Evident()
        return
    yield (), Follows()
    equations = [p for p in premises if isinstance(p, Eq)]
    if not equations:
        return
    yield from (((), rule) for rule in combinations(base, premises, goal))
    several = combined(base, premises, goal)
    if several is not None:
        yield (), several
    if isinstance(premises[-1], Eq):
        yield (), Solved()
        for variable in sorted(premises[-1].free_symbols, key=str):
            yield (), Integrated(variable, S.Zero)
    for variable, rates in rates_of(equations, moving):
        yield rates, Follows()
        told = [*premises, *rates]
        yield from ((rates, rule) for rule in combinations(base, told, goal))
        del variable
    if isinstance(premises[-1], Eq):
        yield from (((), rule) for rule in _replacements(premises[-1], goal))


def combinations(base: Claim, premises: Sequence[Any], goal: Any) -> Iterator[Rule]:
    """The goal as a multiple of one of the premises."""
    mine = differentiated(base.expand(goal.lhs - goal.rhs))
    for number, premise in enumerate(premises, 1):
        if isinstance(premise, Eq):
            theirs = differentiated(base.expand(premise.lhs - premise.rhs))
            if theirs != 0:
                for factor, _part in factor_candidates(mine, theirs):
                    yield Combines({number: factor})


def rates_of(
    equations: Sequence[Any], moving: Mapping[Any, frozenset[Any]]
) -> Iterator[tuple[Any, list[Any]]]:
    """The equations differentiated by each variable that their functions are declared to have.

    By no other symbol: an equation at one place says nothing of the rate there.
    """
    for variable in sorted(set().union(*moving.values()) if moving else (), key=str):
        if variable.is_integer:
            continue
        found = []
        for equation in equations:
            if universal(equation, variable, moving) and not equation.atoms(Subs):
                left, right = (side.diff(variable) for side in (equation.lhs, equation.rhs))
                found.append(Eq(left, right, evaluate=False))
        if found:
            yield variable, found


def combined(base: Claim, premises: Sequence[Any], goal: Any) -> Combines | None:
    """Numbers by which the premises add up to the goal."""
    known = {n: p for n, p in enumerate(premises, 1) if isinstance(p, Eq)}
    told = [_monomials(base, p) for p in known.values()]
    wanted = _monomials(base, goal)
    terms = list(dict.fromkeys(term for part in (*told, wanted) for term in part))
    if not told or len(terms) > MOST_TERMS:
        return None
    table = Matrix(len(terms), len(told), lambda i, j: told[j].get(terms[i], S.Zero))
    right = Matrix([wanted.get(term, S.Zero) for term in terms])
    try:
        found, free = table.gauss_jordan_solve(right)
    except ValueError:  # no numbers do
        return None
    values = [value.xreplace(dict.fromkeys(free, S.Zero)) for value in found]
    return Combines({n: v for n, v in zip(known, values, strict=True) if v != 0})


def _monomials(base: Claim, relation: Any) -> dict[Any, Any]:
    difference = differentiated(base.expand(relation.lhs - relation.rhs))
    return dict(difference.expand().as_coefficients_dict())


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
