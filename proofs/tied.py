"""Whether values may be chosen freely at a point, or are tied by what else is assumed."""

from __future__ import annotations

from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative
from sympy.core.function import AppliedUndef

from .averages_rule import averaged
from .expansion import assumed_equations, inequalities
from .instances import declared
from .rules import Rules, premise_rules, running

__all__ = ["derivation_decides", "runs_freely", "self_contained"]


def self_contained(claim: Claim) -> bool:
    """Whether a difference of the sides at a point refutes an equation.

    Values of functions at one time may be chosen freely only if every given equation acts as a
    rewrite rule and neither they nor the statement speak of another time (an initial value);
    otherwise the statement may follow from what the sides do not show, and only its derivation
    can decide it.
    """
    equations = _relevant_equations(claim)
    if claim.kind == "solution":
        return _solves_alone(claim, equations)
    if _ranges_elsewhere(claim):
        return False
    if not equations:
        return True
    rules = premise_rules(equations, inequalities(claim))
    if len(rules) < len(equations) or _bounded(claim, rules):
        return False
    heads = [h.expr if isinstance(h, Derivative) else h for h in rules]
    functions = {head for head in heads if not head.is_Symbol}
    if not all(set(head.args) <= rules.runs[head.func] for head in functions):
        return False
    told = [claim.expand(claim.statement), *rules.values(), *inequalities(claim)]
    used = {f for expr in told for f in expr.atoms(AppliedUndef) if f.func in rules.runs}
    return {f for f in used if f.func in {g.func for g in functions}} <= functions


def _solves_alone(claim: Claim, equations: list[Any]) -> bool:
    """Only a law and its values speak of the unknown, and of other functions one of them each."""
    head = claim.statement.lhs
    if not all(equation.has(head.func) for equation in equations):
        return False
    order = max((d.derivative_count for e in equations for d in e.atoms(Derivative)), default=0)
    others = [f.func for e in equations for f in e.atoms(AppliedUndef) if f.func != head.func]
    return len(equations) <= order + 1 and len(others) == len(set(others))


def _bounded(claim: Claim, rules: Rules) -> bool:
    """Whether an inequality, or a declared sign, bounds what a rule replaces."""
    if any(relation.has(head) for head in rules for relation in inequalities(claim)):
        return True
    return any(declared(head) for head in rules if not isinstance(head, Derivative))


def _relevant_equations(claim: Claim) -> list[Any]:
    """The given equations that share a function or a symbol with the statement.

    By way of others too: an equation on something else ties nothing that the statement speaks of.
    """
    waiting = assumed_equations(claim)
    spoken = _spoken(claim.expand(claim.statement))
    for relation in inequalities(claim):
        spoken |= _spoken(relation)
    found: list[Any] = []
    while linked := [e for e in waiting if _spoken(e) & spoken]:
        found += linked
        spoken = spoken.union(*(_spoken(e) for e in linked))
        waiting = [e for e in waiting if e not in linked]
    return found


def _spoken(expr: Any) -> set[Any]:
    spoken: set[Any] = {f.func for f in expr.atoms(AppliedUndef)}
    return spoken | set(expr.free_symbols)


def _ranges_elsewhere(claim: Claim) -> bool:
    """Whether the statement has a function at arguments other than an inequality assumes."""
    assumed = {f for r in inequalities(claim) for f in r.atoms(AppliedUndef)}
    functions = {f.func for f in assumed}
    told = claim.expand(claim.statement).atoms(AppliedUndef)
    return any(f.func in functions and f not in assumed for f in told)


def derivation_decides(claim: Claim) -> bool:
    """Whether only its derivation can decide the claim: it has one, and no point refutes it."""
    if claim.derivation is None:
        return False
    return averaged(claim) or not self_contained(claim)


def runs_freely(claim: Claim, variable: Any) -> bool:
    """Whether the given equations hold for all values of the symbol, where they have it."""
    equations = assumed_equations(claim)
    runs = running(equations)
    for equation in equations:
        if equation.has(variable):
            functions = [f for f in equation.atoms(AppliedUndef) if f.has(variable)]
            if not functions or any(variable not in f.args for f in functions):
                return False
            if any(variable not in runs[f.func] for f in functions):
                return False
    return True
