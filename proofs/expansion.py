"""What a claim says once definitions are expanded: pairs of sides that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Eq, MatrixExpr
from sympy.core.relational import Relational

from .domain import gap
from .rules import differentiated, premise_rules, rewrite

__all__ = [
    "assumed_equations",
    "inequalities",
    "residuals",
    "sides",
    "statement_gaps",
]

def sides(claim: Claim) -> list[tuple[Any, Any]]:
    """Pairs of expressions over symbols that must agree for an equation or a solution to hold.

    A solution f(t) = formula of given equations is checked by putting the formula into each of
    them; an equation by expanding the definitions.
    """
    statement = claim.statement
    if claim.kind == "solution":
        head, formula = statement.lhs, claim.expand(statement.rhs)
        solved = [r for r in claim.given if isinstance(r, Eq) and r.has(head.func)]
        return [
            (_insert(claim, g.lhs, head, formula), _insert(claim, g.rhs, head, formula))
            for g in solved
        ]
    rules = premise_rules(assumed_equations(claim), inequalities(claim))
    left, right = (differentiated(claim.expand(side)) for side in (statement.lhs, statement.rhs))
    return [(rewrite(left, rules), rewrite(right, rules))]


def statement_gaps(claim: Claim, relations: Sequence[Any]) -> list[Any]:
    """What the inequalities ``relations`` of the statement assert to be positive, expanded."""
    gaps = [differentiated(claim.expand(gap(relation))) for relation in relations]
    rules = premise_rules(assumed_equations(claim), inequalities(claim))
    return [rewrite(expr, rules) for expr in gaps] if rules else gaps


def residuals(claim: Claim) -> list[Any]:
    """Left minus right of every pair of ``sides``."""
    return [left - right for left, right in sides(claim)]


def inequalities(claim: Claim) -> list[Any]:
    """The inequalities among the assumptions, definitions expanded; not what is evident then."""
    expanded = [claim.expand(r) for r in claim.given if not isinstance(r, Eq)]
    return [r for r in expanded if isinstance(r, Relational)]


def assumed_equations(claim: Claim) -> list[Any]:
    """The equations between scalars that are assumed, definitions expanded."""
    expanded = [claim.expand(r) for r in claim.given if isinstance(r, Eq) and not _matrices(r)]
    return [r for r in expanded if isinstance(r, Eq)]


def _matrices(relation: Any) -> bool:
    return bool(relation.atoms(MatrixExpr))


def _insert(claim: Claim, expr: Any, head: Any, formula: Any) -> Any:
    """``expr`` with the formula for the function of ``head``."""
    variables = head.args

    def put(*args: Any) -> Any:
        return formula.subs(dict(zip(variables, args, strict=True)), simultaneous=True)

    def differentiate(derivative: Any) -> Any:
        # One derivative at a time: SymPy factors what it differentiates twice at once.
        result = put(*derivative.expr.args)
        for variable in derivative.variables:
            result = result.diff(variable)
        return result

    expr = claim.expand(expr)
    mine = {d: differentiate(d) for d in expr.atoms(Derivative) if d.expr.func == head.func}
    return differentiated(expr.xreplace(mine).replace(head.func, put))
