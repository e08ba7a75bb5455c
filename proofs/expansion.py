"""The residuals of a claim: expressions that vanish exactly when the statement holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Eq
from sympy.core.function import AppliedUndef

__all__ = ["inequalities", "premise_rules", "residuals", "rewrite"]


def residuals(claim: Claim) -> list[Any]:
    """Expressions over symbols that must vanish for an equation or a solution to hold.

    A solution f(t) = formula of given equations is checked by putting the formula into each of
    them; an equation by expanding the definitions.
    """
    statement = claim.statement
    if claim.kind == "solution":
        rule = (statement.lhs, claim.expand(statement.rhs))
        givens = [r for r in claim.given if isinstance(r, Eq) and r.has(statement.lhs.func)]
        return [_insert(_difference(claim, given), *rule) for given in givens]
    rules = premise_rules([claim.expand(r) for r in claim.given if isinstance(r, Eq)])
    return [rewrite(_difference(claim, statement).doit(), rules)]


def inequalities(claim: Claim) -> list[Any]:
    """The inequalities among the assumptions, with definitions expanded."""
    return [claim.expand(r) for r in claim.given if not isinstance(r, Eq)]


def premise_rules(equations: Sequence[Any]) -> dict[Any, Any]:
    """Left sides c*f(...) or c*Derivative(...) of given equations, with what they equal."""
    rules: dict[Any, Any] = {}
    for equation in equations:
        heads = equation.lhs.atoms(Derivative) or equation.lhs.atoms(AppliedUndef)
        heads = heads or ({equation.lhs} if equation.lhs.is_Symbol else set())
        if len(heads) != 1:
            continue
        head = heads.pop()
        factor = equation.lhs.xreplace({head: 1})
        if (equation.lhs - factor * head).expand() == 0:
            rules[head] = equation.rhs / factor
    return rules


def rewrite(expr: Any, rules: dict[Any, Any]) -> Any:
    """``expr`` with the derivatives and initial values that the rules know replaced."""
    for _ in range(3):
        changed = expr.xreplace(rules).doit()
        if changed == expr:
            return expr
        expr = changed
    return expr


def _difference(claim: Claim, equation: Any) -> Any:
    return claim.expand(equation.lhs - equation.rhs)


def _insert(expr: Any, head: Any, formula: Any) -> Any:
    variables = head.args
    return expr.replace(
        head.func, lambda *args: formula.subs(dict(zip(variables, args, strict=True)))
    ).doit()
