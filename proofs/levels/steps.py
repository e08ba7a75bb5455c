"""Steps of a derivation over levels: each is decided for every depth, or is undecided."""

from __future__ import annotations

from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.derivations import (
    Combines,
    Evident,
    Follows,
    Induction,
    Premise,
    Proportional,
    Step,
)
from lemmata.theory.levels import Levels
from lemmata.theory.registry import REGISTRY
from sympy import Add, Eq, Equivalent, Ge, Gt, Le, Lt, S, Sum
from sympy.core.function import AppliedUndef

from ..domain import gap
from .normal import LevelNormal
from .signs import LevelSigns

__all__ = ["doubt_of_sign", "doubt_of_step", "gaps_agree"]


def doubt_of_step(claim: Claim, step: Step, previous: list[Step]) -> str:
    """Why the step is not shown; empty when it is proved."""
    match step.by:
        case Premise():
            return _premise(claim, step)
        case Follows():
            return _vanishing(claim, step.relation, {}, previous)
        case Combines(factors):
            return _vanishing(claim, step.relation, factors, previous)
        case Induction(index, start, factor):
            return _induction(claim, step.relation, index, S.Zero + start, S.One * factor)
        case Evident():
            return doubt_of_sign(claim, step.relation, previous)
        case Proportional(factor):
            return _proportional(claim, step.relation, S.One * factor)
    return f"the rule {type(step.by).__name__} is not known for sequences"


def _premise(claim: Claim, step: Step) -> str:
    assert isinstance(step.by, Premise)
    assert claim.levels is not None
    told = [part for r in claim.levels.recursions for part in (r.first, r.step)]
    told += [*claim.given, *(Eq(d.head, d.body, evaluate=False) for d in claim.where)]
    if step.by.claim:
        return _cited(claim, step)
    return "" if step.relation in told else "it is neither given nor a definition nor a recursion"


def _cited(claim: Claim, step: Step) -> str:
    """A claim over the same sequences, or over fewer, taken over as it stands."""
    assert isinstance(step.by, Premise)
    assert claim.levels is not None
    if step.by.claim not in claim.rests_on or step.by.claim not in REGISTRY:
        return f"the claim does not rest on {step.by.claim}"
    cited = REGISTRY[step.by.claim]
    if cited.levels is None or step.by.at:
        return f"{cited.id} is no claim over these sequences, or is taken with replacements"
    if cited.expects == "refuted":
        return f"{cited.id} is a slogan that is expected to be false"
    if step.relation != cited.statement:
        return f"this is not what {cited.id} states"
    for part in (*cited.levels.sequences, *cited.levels.recursions):
        if part not in (*claim.levels.sequences, *claim.levels.recursions):
            return f"{cited.id} speaks of {part}, which is not so here"
    for index, low, high in cited.levels.indices:
        here = claim.levels.range_of(index)
        if here is None or not _inside(here, (low, high)):
            return f"{cited.id} is stated for another range of {index}"
    if any(d not in claim.where for d in cited.where):
        return f"{cited.id} defines what is not so defined here"
    if any(relation not in claim.given for relation in cited.given):
        return f"{cited.id} assumes what is not given here"
    if _conventions(cited.levels, cited.levels) != _conventions(claim.levels, cited.levels):
        return f"{cited.id} has other values at the boundary"
    spoken = {s.func if isinstance(s, AppliedUndef) else s for s in _symbols(cited.statement)}
    for definition in claim.where:
        if definition.symbol in spoken and definition not in cited.where:
            return f"{definition.symbol} is defined here, and free in {cited.id}"
    return ""


def _conventions(levels: Levels, spoken: Levels) -> dict[Any, Any]:
    """The values at the boundary of the sequences of which ``spoken`` speaks."""
    known = {s.symbol for s in spoken.sequences}
    return {term: value for term, value in levels.boundary.items() if term.func in known}


def _symbols(expr: Any) -> set[Any]:
    return set(expr.atoms(AppliedUndef)) | set(expr.free_symbols)


def _inside(here: tuple[Any, Any], there: tuple[Any, Any]) -> bool:
    below, above = here[0] - there[0], there[1] - here[1]
    return bool(below.is_nonnegative and above.is_nonnegative)


def _vanishing(claim: Claim, relation: Any, factors: Any, previous: list[Step]) -> str:
    if not isinstance(relation, Eq):
        return "this rule proves equations only"
    expr = relation.lhs - relation.rhs
    for number, factor in factors.items():
        if not 1 <= number <= len(previous) or not isinstance(previous[number - 1].relation, Eq):
            return f"step {number} is no earlier equation"
        told = previous[number - 1].relation
        if not LevelSigns(claim).finite(S.One * factor):
            return f"{factor} is not shown to be finite"
        expr -= S.One * factor * (told.lhs - told.rhs)
    return "" if LevelNormal(claim).vanishes(expr) else "the two sides have other normal forms"


def _induction(claim: Claim, relation: Any, index: Any, start: Any, factor: Any) -> str:
    assert claim.levels is not None
    ends = claim.levels.range_of(index)
    if not isinstance(relation, Eq) or ends is None:
        return f"{index} is no index of an equation"
    if start not in ends:
        return f"{start} is no end of the range of {index}"
    if any(low.has(index) or high.has(index) for _, low, high in claim.levels.indices):
        return f"the range of another index depends on {index}"
    if not LevelSigns(claim).finite(factor):
        return f"{factor} is not shown to be finite"
    toward = -1 if start == ends[0] else 1
    difference = relation.lhs - relation.rhs
    if not LevelNormal(claim).vanishes(difference.subs(index, start)):
        return f"it is not shown for {index} = {start}"
    before = difference.subs(index, index + toward)
    if not LevelNormal(claim).vanishes(difference - factor * before):
        return f"it is not shown that {index + toward} implies {index}"
    return ""


def doubt_of_sign(claim: Claim, relation: Any, previous: list[Step]) -> str:
    """Why an inequality is not evident, once an equation of an earlier step is put in."""
    if not isinstance(relation, Gt | Ge | Lt | Le):
        return "only inequalities are evident"
    strict, expr, signs = isinstance(relation, Gt | Lt), gap(relation), LevelSigns(claim)
    forms = [expr]
    for step in previous:
        told = step.relation
        if isinstance(told, Eq) and signs.finite(told.lhs) and signs.finite(told.rhs):
            forms += [expr - told.lhs + told.rhs, expr + told.lhs - told.rhs]
    for form in (*forms, *(_joined(form) for form in forms)):
        if signs.positive(form) or (not strict and signs.not_negative(form)):
            return ""
    return "its sign does not show"


def _joined(expr: Any) -> Any:
    """The same with sums over one range made one sum."""
    ranges: dict[Any, Any] = {}
    rest = S.Zero
    for term in Add.make_args(expr):
        number, part = term.as_coeff_Mul()
        if isinstance(part, Sum):
            ranges[part.limits] = ranges.get(part.limits, S.Zero) + number * part.function
        else:
            rest += term
    return rest + sum((Sum(body, *limits) for limits, body in ranges.items()), S.Zero)


def _proportional(claim: Claim, relation: Any, factor: Any) -> str:
    if not isinstance(relation, Equivalent) or len(relation.args) != 2:
        return "it is no equivalence of two inequalities"
    signs = LevelSigns(claim)
    if not (signs.positive(factor) or signs.positive(claim.expand(factor))):
        return f"{factor} is not shown to be positive"
    if not signs.finite(factor):
        return f"{factor} is not shown to be finite"
    if gaps_agree(claim, relation, factor):
        return ""
    return "the two quantities are no such multiples"


def gaps_agree(claim: Claim, relation: Any, factor: Any) -> bool:
    """Whether one gap of the equivalence is ``factor`` times the other, in either order."""
    one, other = relation.args
    if isinstance(one, Gt | Lt) is not isinstance(other, Gt | Lt):
        return False
    normal = LevelNormal(claim)
    return normal.vanishes(gap(one) - factor * gap(other)) or normal.vanishes(
        gap(other) - factor * gap(one)
    )
