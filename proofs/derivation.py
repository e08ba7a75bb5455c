"""Evidence ``derivation``: every step from the premises to the statement is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import (
    ByParts,
    Combines,
    Crosses,
    Entries,
    Evident,
    Extreme,
    Follows,
    Integrated,
    Lambert,
    Ordered,
    Premise,
    SameSign,
    Solved,
    Step,
    Substituted,
)
from lemmata.theory.matrix_calculus import TimeDerivative
from lemmata.theory.matrix_facts import MatrixFacts
from lemmata.theory.registry import REGISTRY
from sympy import Derivative, Eq, Equivalent, MatrixExpr, MatrixSymbol, Mul, S, Transpose
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul

from .averages_rule import check_by_parts, tied_under_average
from .evidence import Budget
from .exact.zero_test import ZeroDecision, decide_zero
from .expansion import assumed_equations, inequalities
from .inequality_rules import check_inequality, in_full
from .intervals import interval_of, without
from .inversions import check_lambert
from .poles import continuous_at, defined_throughout, kept_throughout
from .premises import check_premise, refused_replacement
from .rules import Rules, differentiated, premise_rules, rewrite, running
from .signs import Signs
from .tied import self_contained
from .verdicts import Status, Verdict
from .words.decide import decide

__all__ = ["DerivationEvidence", "changed_goal"]

PROVED = ZeroDecision("proved")
_CONTINUING = (
    *(Integrated, Solved, Substituted, Entries, Lambert),
    *(Ordered, Crosses, Extreme, SameSign),
)
_FROM_EQUATION = (Integrated, Solved, Substituted, Entries, Lambert)
_EQUATIONAL = (ByParts, Follows, Combines, Integrated, Solved, Substituted, Entries)


class DerivationEvidence:
    """Proved when every step is; refuted or undecided by the worst step, which it names."""

    kind = "derivation"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims with a derivation."""
        return claim.derivation is not None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """One decision a step; the last step must be the statement itself."""
        assert claim.derivation is not None
        steps = claim.derivation.steps
        previous: list[Step] = []
        for number, step in enumerate(steps, 1):
            decision = _judged(claim, step, previous, rng)
            if decision.status != "proved":
                where = f"step {number} ({step.why}): {step.relation}"
                return Verdict(
                    self.kind,
                    Status[decision.status.upper()],
                    drawn=len(steps),
                    decided=number - 1,
                    worst=where,
                    reason=f"{where}: {decision.reason or decision.ball}",
                )
            previous.append(step)
        if steps[-1].relation != claim.statement:
            return Verdict(
                self.kind,
                Status.UNDECIDED,
                len(steps),
                len(steps),
                reason="the last step is not the statement",
            )
        return Verdict(self.kind, Status.PROVED, len(steps), len(steps))


def _judged(
    claim: Claim, step: Step, previous: list[Step], rng: np.random.Generator
) -> ZeroDecision:
    """The decision on a step; values of functions that are tied elsewhere refute nothing."""
    decision = _check(claim, step, previous, rng)
    free = all(atom.is_Symbol for atom in decision.point or {})
    bound = any(not e.atoms(AppliedUndef) for e in assumed_equations(claim))
    if decision.status == "refuted" and tied_under_average(claim, step.relation):
        return ZeroDecision("undecided", reason="something is assumed of what is averaged")
    if decision.status == "refuted" and (bound or not free) and not self_contained(claim):
        reason = "the assumptions tie the functions to other values: it does not follow so"
        return ZeroDecision("undecided", reason=reason)
    return decision


def changed_goal(claim: Claim, goal: Any, rng: np.random.Generator) -> ZeroDecision:
    """The last step of a derivation whose other steps hold, with another goal than it has."""
    assert claim.derivation is not None
    *previous, last = claim.derivation.steps
    return _judged(claim, replace(last, relation=goal), previous, rng)


def _check(
    claim: Claim, step: Step, previous: list[Step], rng: np.random.Generator
) -> ZeroDecision:
    if not isinstance(step.relation, Relational | Equivalent):
        return ZeroDecision("undecided", reason="the step states no relation")
    if isinstance(step.by, _EQUATIONAL) and not isinstance(step.relation, Eq):
        return ZeroDecision("undecided", reason="this rule proves equations only")
    if isinstance(step.by, _CONTINUING) and not previous:
        return ZeroDecision("undecided", reason="there is no step before")
    if isinstance(step.by, _FROM_EQUATION) and not isinstance(previous[-1].relation, Eq):
        return ZeroDecision("undecided", reason="the step before is no equation")
    match step.by:
        case Premise():
            return check_premise(claim, step, previous, lambda r: _follows(claim, r, previous, rng))
        case Follows():
            return _follows(claim, step.relation, previous, rng)
        case Combines(factors):
            return _combines(claim, step, previous, factors, rng)
        case ByParts():
            return check_by_parts(claim, step.relation, step.by, rng)
        case Integrated():
            return _integrated(claim, step, previous, rng)
        case Solved():
            return _solved(claim, step, previous, rng)
        case Substituted(replacements):
            wrong = refused_replacement(claim, previous[-1].relation, replacements)
            if wrong:
                return ZeroDecision("undecided", reason=wrong)
            replaced = previous[-1].relation.subs(dict(replacements), simultaneous=True)
            return _same(claim, replaced, step.relation, rng)
        case Lambert(x):
            return check_lambert(claim, step.relation, previous[-1].relation, x, rng)
        case Evident() | Ordered() | Crosses() | Extreme() | SameSign():
            return check_inequality(claim, step, previous, rng)
        case Entries(entries):
            crooked = _not_diagonal(claim, previous[-1].relation)
            if crooked:
                return ZeroDecision("undecided", reason=f"{crooked} is not known to be diagonal")
            unclear = _unclear(entries, previous)
            if unclear:
                return ZeroDecision("undecided", reason=unclear)
            return _same(claim, _entries(previous[-1].relation, entries), step.relation, rng)
    return ZeroDecision("undecided", reason=f"no rule {step.by}")


def _rules(claim: Claim, previous: list[Step]) -> Rules:
    premises = [r for r in claim.given if isinstance(r, Eq)]
    premises += [s.relation for s in previous]
    equations = [p for p in premises if isinstance(p, Eq) and not _matrix(p)]
    rules = premise_rules(equations, inequalities(claim))
    # What a step says of one function at one value is no law, whatever it differentiates.
    rules.runs = running([*assumed_equations(claim), *inequalities(claim)])
    return rules


def _matrix(relation: Any) -> bool:
    return bool(relation.atoms(MatrixExpr))


def _follows(
    claim: Claim, relation: Any, previous: list[Step], rng: np.random.Generator
) -> ZeroDecision:
    if _matrix(relation):
        known = tuple(s.relation for s in previous if isinstance(s.by, Premise))
        facts = claim.facts or MatrixFacts()
        given = (*facts.given, *(k for k in known if k not in facts.given and _usable(k)))
        decision = decide(relation, replace(facts, given=given), rng=rng)
        return ZeroDecision(decision.status, reason=decision.reason)
    expr = differentiated(claim.expand(relation.lhs - relation.rhs))
    told = _rules(claim, previous)
    rules = Rules({k: claim.expand(v) for k, v in told.items()}, told.runs)
    return decide_zero(rewrite(expr, rules), inequalities(claim), rng=rng)


def _combines(
    claim: Claim, step: Step, previous: list[Step], factors: Any, rng: np.random.Generator
) -> ZeroDecision:
    expr = step.relation.lhs - step.relation.rhs
    for number, factor in factors.items():
        if not 1 <= number <= len(previous) or not isinstance(previous[number - 1].relation, Eq):
            return ZeroDecision("undecided", reason=f"step {number} is no earlier equation")
        relation, factor = previous[number - 1].relation, S.One * factor
        if not defined_throughout(factor, Signs(inequalities(claim))):
            return ZeroDecision("undecided", reason=f"{factor} is not shown to be finite")
        expr -= factor * (relation.lhs - relation.rhs)
    return decide_zero(differentiated(claim.expand(expr)), inequalities(claim), rng=rng)


def _usable(equation: Any) -> bool:
    return isinstance(equation, Eq) and equation.lhs.is_Matrix


def _integrated(
    claim: Claim, step: Step, previous: list[Step], rng: np.random.Generator
) -> ZeroDecision:
    assert isinstance(step.by, Integrated)
    before, variable = previous[-1].relation, step.by.variable
    if before.rhs != 0 or not isinstance(before.lhs, Derivative):
        return ZeroDecision("undecided", reason="the step before is not of the form dX/dt = 0")
    if before.lhs.variables != (variable,) or step.relation.lhs != before.lhs.expr:
        return ZeroDecision("undecided", reason="it integrates something else")
    kept, begin = in_full(claim, before.lhs.expr), S.Zero + step.by.start
    if begin.has(variable):
        return ZeroDecision("undecided", reason=f"the start {begin} is no fixed value")
    if not kept_throughout(kept, Signs(inequalities(claim)), variable):
        return ZeroDecision("undecided", reason=f"a pole in {variable} is not excluded")
    domain = interval_of(claim, variable)
    if domain is None or not domain.reaches(claim.expand(begin)):
        reason = f"{begin} is not shown to lie in the interval of {variable}"
        return ZeroDecision("undecided", reason=reason)
    rules = _rules(claim, previous)
    others = Signs(without(inequalities(claim), variable))

    def known(expr: Any) -> Any:
        return rewrite(claim.expand(expr), rules)

    if not continuous_at(kept, variable, claim.expand(begin), others, known):
        return ZeroDecision("undecided", reason=f"it is not shown to be continuous at {begin}")
    start = kept.subs(variable, begin)
    value = known(start)
    if not defined_throughout(value, Signs(inequalities(claim))):
        return ZeroDecision("undecided", reason=f"{start} is not shown to be finite")
    return _follows(claim, Eq(start, step.relation.rhs, evaluate=False), previous, rng)


def _solved(
    claim: Claim, step: Step, previous: list[Step], rng: np.random.Generator
) -> ZeroDecision:
    assert isinstance(step.by, Solved)
    unknown, before = step.relation.lhs, previous[-1].relation
    if not (unknown.is_Symbol or unknown.is_Function) or step.relation.rhs.has(unknown):
        return ZeroDecision("undecided", reason=f"{unknown} is not isolated")
    # What follows with definitions left as they are follows with them inserted.
    if unknown not in {d.head for d in claim.where}:
        plain = before.lhs - before.rhs
        rest = (plain - unknown).expand()
        if not rest.has(unknown.func if unknown.is_Function else unknown) and (
            (rest + step.relation.rhs).expand() == 0
        ):
            return PROVED
    expr = claim.expand(before.lhs - before.rhs).together().as_numer_denom()[0].expand()
    if expr.diff(unknown, 2) != 0 or expr.diff(unknown) == 0:
        return ZeroDecision("undecided", reason=f"the step before is not linear in {unknown}")
    factor, shown = expr.diff(unknown), step.by.factor
    if shown is not None:
        shown = claim.expand(S.Zero + shown)
        same = decide_zero(factor - shown, inequalities(claim), rng=rng)
        if same.status != "proved":
            return ZeroDecision("undecided", reason=f"{unknown} is not multiplied by {shown}")
    if not Signs(inequalities(claim)).sign(factor if shown is None else shown):
        return ZeroDecision("undecided", reason=f"the factor {factor} of {unknown} may vanish")
    solved = expr.xreplace({unknown: claim.expand(step.relation.rhs)})
    return decide_zero(solved, inequalities(claim), rng=rng)


def _same(claim: Claim, left: Any, right: Any, rng: np.random.Generator) -> ZeroDecision:
    for one, other in ((left.lhs, right.lhs), (left.rhs, right.rhs)):
        decision = decide_zero(one - other, inequalities(claim), rng=rng)
        if decision.status != "proved":
            return decision
    return PROVED


def _not_diagonal(claim: Claim, relation: Any) -> Any:
    """A letter of the relation that neither the claim nor what it rests on says is diagonal."""
    known = set(claim.facts.diagonal) if claim.facts else set()
    for name in claim.rests_on:
        facts = REGISTRY[name].facts if name in REGISTRY else None
        known |= set(facts.diagonal) if facts else set()
    return next((x for x in relation.atoms(MatrixSymbol) if x not in known), None)


def _unclear(entries: Any, previous: list[Step]) -> str:
    """Why names of entries do not stand for one entry each; empty when they do."""
    letters = {k: v for k, v in entries.items() if isinstance(k, MatrixSymbol)}
    if len(set(letters.values())) < len(letters):
        return "two letters have one name for their entries"
    for key, value in entries.items():
        if key in letters:
            continue
        moving = isinstance(key, TimeDerivative) and letters.get(key.args[0])
        if not (moving and isinstance(value, Derivative) and value.expr == moving):
            return f"{value} is not shown to be an entry of {key}"
    for step in previous:
        if isinstance(step.by, Entries):
            for key, value in step.by.entries.items():
                if entries.get(key, value) != value:
                    return f"{key} has entries of two names"
    return ""


def _entries(relation: Any, entries: Any) -> Any:
    return Eq(_entry(relation.lhs, entries), _entry(relation.rhs, entries), evaluate=False)


def _entry(expr: Any, entries: Any) -> Any:
    """One diagonal entry: products of diagonal matrices multiply entry by entry."""
    if expr in entries:
        return entries[expr]
    if isinstance(expr, MatAdd):
        return sum(_entry(arg, entries) for arg in expr.args)
    if isinstance(expr, MatMul):
        return Mul(*(_entry(arg, entries) for arg in expr.args))
    if isinstance(expr, Transpose):
        return _entry(expr.arg, entries)
    if isinstance(expr, MatrixSymbol) or getattr(expr, "is_Matrix", False):
        raise ValueError(f"entries: no entry given for {expr}: name it")
    return expr
