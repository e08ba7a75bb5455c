"""What a claim says once definitions are expanded: pairs of sides that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Dummy, Eq, MatrixExpr, Subs
from sympy.core.function import AppliedUndef

__all__ = [
    "inequalities",
    "missing_data",
    "premise_rules",
    "residuals",
    "rewrite",
    "self_contained",
    "sides",
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
    rules = premise_rules([claim.expand(r) for r in claim.given if isinstance(r, Eq)])
    left, right = (claim.expand(side).doit() for side in (statement.lhs, statement.rhs))
    return [(rewrite(left, rules), rewrite(right, rules))]


def residuals(claim: Claim) -> list[Any]:
    """Left minus right of every pair of ``sides``."""
    return [left - right for left, right in sides(claim)]


def inequalities(claim: Claim) -> list[Any]:
    """The inequalities among the assumptions, with definitions expanded."""
    return [claim.expand(r) for r in claim.given if not isinstance(r, Eq)]


def self_contained(claim: Claim) -> bool:
    """Whether a difference of the sides at a point refutes an equation.

    Values of functions at one time may be chosen freely only if every given equation acts as a
    rewrite rule and none ties them to another time (an initial value); otherwise the statement
    may follow from what the sides do not show, and only its derivation can decide it.
    """
    equations = [
        claim.expand(r) for r in claim.given if isinstance(r, Eq) and not r.atoms(MatrixExpr)
    ]
    if claim.kind == "solution" or not equations:
        return True
    rules = premise_rules(equations)
    if len(rules) < len(equations):
        return False
    heads = [h.expr if isinstance(h, Derivative) else h for h in rules]
    return all(
        all(argument.is_Symbol for argument in head.args) for head in heads if not head.is_Symbol
    )


def missing_data(claim: Claim) -> str:
    """Why the given equations do not determine a solution; empty when they do.

    An equation of order n needs n values at one time; one without derivatives must be linear.
    """
    if claim.kind != "solution":
        return ""
    head = claim.statement.lhs
    given = [r for r in claim.given if isinstance(r, Eq) and r.has(head.func)]
    laws = [r for r in given if _without_values(r).has(head)]
    order = max((d.derivative_count for r in laws for d in r.atoms(Derivative)), default=0)
    if len(given) - len(laws) < order:
        return (
            f"{order} initial values determine {head}, {len(given) - len(laws)} given: "
            "the formula is one solution of many"
        )
    if order == 0 and not any((r.lhs - r.rhs).diff(head, 2) == 0 for r in laws):
        return f"no given equation determines {head}"
    return ""


def _without_values(relation: Any) -> Any:
    """The relation with values of derivatives at one time, written as ``Subs``, taken out."""
    return relation.xreplace({value: Dummy() for value in relation.atoms(Subs)})


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


def _insert(claim: Claim, expr: Any, head: Any, formula: Any) -> Any:
    """``expr`` with the formula for the function of ``head``; its own definition stays out."""
    variables = head.args

    def put(*args: Any) -> Any:
        return formula.subs(dict(zip(variables, args, strict=True)))

    def differentiate(derivative: Any) -> Any:
        # One derivative at a time: SymPy factors what it differentiates twice at once.
        result = put(*derivative.expr.args)
        for variable in derivative.variables:
            result = result.diff(variable)
        return result

    for definition in reversed(claim.where):
        if definition.symbol != head.func:
            expr = definition.expand(expr)
    mine = {d: differentiate(d) for d in expr.atoms(Derivative) if d.expr.func == head.func}
    return expr.xreplace(mine).replace(head.func, put).doit()
