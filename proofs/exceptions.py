"""Values that are told instead of a root: a claim must say that there is no root then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Cases, Flow, Listed, Root
from lemmata.theory.registry import REGISTRY
from sympy import Eq, Ge, Gt, Le, Lt, MatrixExpr
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .domain import gap
from .exact.zero_test import decide_zero
from .expansion import inequalities
from .instances import certain, declared, fits
from .poles import continuous_at
from .ranges import roots_of
from .signs import Signs

__all__ = ["doubt_of_exceptions"]

_SIGNS = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "zero")


def doubt_of_exceptions(
    claim: Claim, stated: Claim, what: Evaluation, rng: np.random.Generator
) -> str:
    """Why a value may not be told instead of a root; empty where each may."""
    for root in roots_of(what):
        if not root.unless:
            continue
        doubt = _has_root(claim, stated, what, root, rng) or _beyond_limit(stated, what, root)
        if doubt:
            return f"{root.symbol} = {root.value}: {doubt}"
    return ""


def _has_root(
    claim: Claim, stated: Claim, what: Evaluation, root: Root, rng: np.random.Generator
) -> str:
    """The cited claim does not show that the equation has no root in the domain of the symbol."""
    rests_on = {*claim.rests_on, *stated.rests_on}
    if root.certified_by not in rests_on or root.certified_by not in REGISTRY:
        return f"the claim does not rest on {root.certified_by or 'one that shows it'}"
    cited = REGISTRY[root.certified_by]
    plain = not any(g.atoms(AppliedUndef, MatrixExpr) or isinstance(g, Eq) for g in cited.given)
    if cited.expects == "refuted" or cited.kind not in ("equation", "inequality") or not plain:
        return f"{cited.id} is a slogan, or assumes more than inequalities between numbers"
    fixed = _fixed(root)
    known = [relation for relation in _known(stated, what, root) if not isinstance(relation, Eq)]
    told = _at(known, fixed)
    for relation in inequalities(cited):
        if not certain(relation.xreplace(fixed), told):
            return f"{cited.id} needs {relation}"
    equation = stated.expand(root.equation).xreplace(fixed)
    for part in _of_one_sign(cited, fixed, Signs(told)):
        if part.atoms(AppliedUndef):
            continue
        for rest in (part - equation, part + equation):
            if rest.expand() == 0 or decide_zero(rest, told, rng=rng).status == "proved":
                return ""
    return f"{cited.id} does not show that {root.equation} has a sign then"


def _of_one_sign(cited: Claim, fixed: Mapping[Any, Any], signs: Signs) -> Iterator[Any]:
    """What a claim shows to have a sign.

    One side of a strict inequality less the other; a side of an equation whose other side has a
    sign on its face.
    """
    statement = cited.statement
    if isinstance(statement, Gt | Lt):
        yield cited.expand(gap(statement)).xreplace(fixed)
    if isinstance(statement, Eq):
        sides = [cited.expand(side).xreplace(fixed) for side in (statement.lhs, statement.rhs)]
        for one, other in (sides, sides[::-1]):
            if signs.sign(other):
                yield one


def _beyond_limit(stated: Claim, what: Evaluation, root: Root) -> str:
    """The value lies outside the domain, or outputs are not known to tend to those at the value.

    In the domain of the symbol or at an end of it, where the cited claim then states its limit.
    """
    fixed = _fixed(root)
    known = _at([r for r in _known(stated, what, root) if not r.has(root.symbol)], fixed)
    signs = Signs(known)
    for relation in inequalities(stated):
        if not relation.has(root.symbol):
            continue
        if not isinstance(relation, Gt | Ge | Lt | Le):
            return f"{relation} is not shown there"
        if not signs.not_negative(gap(relation).xreplace({**fixed, root.symbol: root.value})):
            return f"{relation} is not shown there"
    inside = fits(root.symbol, root.value, known)
    if not inside and not _at_end(root):
        return f"it is outside the domain of {root.symbol}"
    limits = REGISTRY[root.certified_by].limits
    if not inside and not any((x.variable, x.to) == (root.symbol, root.value) for x in limits):
        return f"{root.certified_by} states no limit there"
    for name, output in what.outputs.items():
        for part in _parts(output):
            told = stated.expand(part).xreplace(fixed)
            if not continuous_at(told, root.symbol, root.value, signs):
                return f"{name} is not shown to be continuous there"
    return ""


def _parts(output: Any) -> tuple[Any, ...]:
    if isinstance(output, tuple):
        return output
    if isinstance(output, Cases):
        return ()
    return tuple(output.parts) if isinstance(output, Listed | Flow) else (output,)


def _at_end(root: Root) -> bool:
    """Whether the value is a limit of numbers in the declared domain of the symbol."""
    facts = {fact.removeprefix("extended_") for fact, so in declared(root.symbol).items() if so}
    if not facts <= set(_SIGNS) or "zero" in facts:
        return False
    low = facts & {"positive", "nonnegative"}
    high = facts & {"negative", "nonpositive"}
    return not (low and root.value < 0) and not (high and root.value > 0)


def _fixed(root: Root) -> dict[Any, Any]:
    """What the exception fixes: symbols that are equal to a number."""
    return {
        r.lhs: r.rhs
        for r in root.unless
        if isinstance(r, Eq) and r.lhs.is_Symbol and r.rhs.is_Rational
    }


def _known(stated: Claim, what: Evaluation, root: Root) -> list[Any]:
    """Relations that hold where the value is told."""
    found = (*root.unless, *what.domain, *inequalities(stated))
    return [relation for relation in found if isinstance(relation, Relational)]


def _at(relations: Sequence[Any], fixed: dict[Any, Any]) -> list[Any]:
    """Relations at what is fixed, without what is evident then."""
    told = [relation.xreplace(fixed) for relation in relations]
    return [relation for relation in told if isinstance(relation, Relational)]
