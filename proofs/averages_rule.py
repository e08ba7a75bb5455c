"""The rule of derivations that integrates by parts under a standard normal density."""

from __future__ import annotations

from typing import Any

import numpy as np
from lemmata.numerics.balls import sign
from lemmata.numerics.codegen import UnknownFunctionError, compile_expressions
from lemmata.theory.claims import Claim
from lemmata.theory.derivations import ByParts
from lemmata.theory.gaussian import GaussianAverage, converges, tame
from sympy import Eq, MatrixExpr, S
from sympy.core.function import AppliedUndef

from .domain import Domain
from .exact.averages import tried
from .exact.zero_test import ZeroDecision, decide_zero
from .expansion import inequalities
from .poles import defined_throughout
from .rules import differentiated
from .signs import Signs

__all__ = [
    "averaged",
    "check_by_parts",
    "no_average",
    "tied_under_average",
    "unknown_under_average",
]

FEW = 4


def check_by_parts(
    claim: Claim, relation: Any, rule: ByParts, rng: np.random.Generator
) -> ZeroDecision:
    """Left minus right is ``factor`` times E[H' - z H], and H exp(-z^2/2) vanishes at both ends."""
    variable = rule.variable
    function = differentiated(claim.expand(S.Zero + rule.function))
    factor = claim.expand(S.Zero + rule.factor)
    if not (getattr(variable, "is_Symbol", False) and variable.is_real):
        return ZeroDecision("undecided", reason=f"{variable} is no standard normal variable")
    if factor.has(variable):
        return ZeroDecision("undecided", reason=f"the factor {factor} depends on {variable}")
    if not tame(function, variable):
        reason = f"{function} times the density is not shown to vanish at both ends"
        return ZeroDecision("undecided", reason=reason)
    assumed = {f.func for given in claim.given for f in given.atoms(AppliedUndef)}
    tied = {f.func for f in function.atoms(AppliedUndef)} & assumed
    if tied:
        return ZeroDecision("undecided", reason=f"{min(tied, key=str)} is not any tame function")
    signs = Signs(inequalities(claim))
    total = GaussianAverage(function.diff(variable) - variable * function, variable)
    if not all(defined_throughout(part, signs) for part in (factor, S.Zero + total)):
        return ZeroDecision("undecided", reason=f"{factor}, {function} may have a pole")
    expr = relation.lhs - relation.rhs - factor * total
    return decide_zero(differentiated(claim.expand(expr)), inequalities(claim), rng=rng)


def no_average(claim: Claim, relation: Any, rng: np.random.Generator) -> bool:
    """Whether some average in the relation has no finite value at any of a few points."""
    expr = tried(claim.expand(relation.lhs - relation.rhs))
    averages = expr.atoms(GaussianAverage)
    inner = [a for a in averages if not converges(a.function, a.variable)]
    try:
        domain = Domain(sorted({s for a in inner for s in a.free_symbols}, key=str))
        program = compile_expressions(inner, domain.atoms)
    except UnknownFunctionError:
        return False
    points = [p for p in (domain.draw(rng) for _ in range(FEW)) if p is not None]
    values = [sign(program, [point[a] for a in domain.atoms]) for point in points]
    finite = [[result.ball.is_finite() for result in found] for found in values]
    return bool(inner and finite) and any(not any(column) for column in zip(*finite, strict=True))


def averaged(claim: Claim) -> bool:
    """Whether the claim is derived, and its statement speaks of averages.

    The normal form does not integrate by parts: what it leaves open says nothing then.
    """
    return claim.derivation is not None and bool(
        claim.expand(claim.statement).atoms(GaussianAverage)
    )


def unknown_under_average(claim: Claim) -> bool:
    """Whether an undefined function stands under an average, so that no point has a value."""
    return bool(_unknown(claim.expand(claim.statement)))


def tied_under_average(claim: Claim, relation: Any) -> bool:
    """Whether something is assumed of a function for which examples are tried under averages."""
    if not relation.atoms(GaussianAverage) and not claim.where:
        return False
    assumed = {f.func for given in claim.given for f in given.atoms(AppliedUndef)}
    if not assumed or relation.atoms(MatrixExpr) or not isinstance(relation, Eq):
        return False
    return bool(_unknown(claim.expand(relation.lhs - relation.rhs)) & assumed)


def _unknown(expr: Any) -> set[Any]:
    return {
        f.func
        for average in expr.atoms(GaussianAverage)
        for f in average.function.atoms(AppliedUndef)
        if f.has(average.variable)
    }
