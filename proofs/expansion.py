"""What a claim says once definitions are expanded: pairs of sides that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Abs, Derivative, Dummy, E, Eq, MatrixExpr, Max, Min, Pow, S, Subs, log, sign
from sympy.core.function import AppliedUndef

from .signs import Signs

__all__ = [
    "differentiated",
    "inequalities",
    "missing_data",
    "premise_rules",
    "residuals",
    "rewrite",
    "self_contained",
    "sides",
]

ROUNDS = 20
"""Most rewriting rounds: a chain of given equations of that length is followed."""


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
    equations = [claim.expand(r) for r in claim.given if isinstance(r, Eq)]
    rules = premise_rules(equations, inequalities(claim))
    left, right = (differentiated(claim.expand(side)) for side in (statement.lhs, statement.rhs))
    return [(rewrite(left, rules), rewrite(right, rules))]


def differentiated(expr: Any) -> Any:
    """``expr`` with derivatives carried out, and nothing else.

    SymPy's ``doit`` would also integrate and sum, by solvers whose word nobody checks.
    """
    waiting = expr.atoms(Derivative, Subs)
    return expr.xreplace({d: d.doit(integrals=False) for d in waiting}) if waiting else expr


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
    if claim.kind == "solution":
        return all(equation.has(claim.statement.lhs.func) for equation in equations)
    if not equations:
        return True
    rules = premise_rules(equations, inequalities(claim))
    if len(rules) < len(equations):
        return False
    heads = [h.expr if isinstance(h, Derivative) else h for h in rules]
    return all(
        all(argument.is_Symbol for argument in head.args) for head in heads if not head.is_Symbol
    )


def missing_data(claim: Claim) -> str:
    """Why the given equations do not determine a solution; empty when they do.

    An equation of order n needs n values at one time; one without derivatives must be linear.
    The highest derivative must be determined, and smoothly so: its factor must not vanish, and no
    root, logarithm or quotient of the unknown may occur, nor a pole in the variable.
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
    if order == 0 and not any(_linear(r, head, inequalities(claim)) for r in laws):
        return f"no given equation determines {head}"
    if order and not any(_regular(r, head, order, inequalities(claim)) for r in laws):
        return f"it is not shown that {head} is the only solution: the equation may be singular"
    return ""


def _linear(law: Any, head: Any, relations: Sequence[Any]) -> bool:
    factor = (law.lhs - law.rhs).diff(head)
    return not factor.has(head) and Signs(relations).sign(factor) != 0


def _regular(law: Any, head: Any, order: int, relations: Sequence[Any]) -> bool:
    highest = [d for d in law.atoms(Derivative) if d.derivative_count == order and d.expr == head]
    if len(highest) != 1:
        return False
    whole = (law.lhs - law.rhs).expand()
    factor = whole.diff(highest[0])
    rest = (whole - factor * highest[0]).expand()
    signs = Signs(relations)
    if factor.has(highest[0]) or rest.has(highest[0]) or not signs.sign(factor):
        return False
    rough = [p for p in rest.atoms(Pow, log, Abs, Max, Min, sign) if not _smooth(p, head, signs)]
    return not rough


def _smooth(part: Any, head: Any, signs: Signs) -> bool:
    if not isinstance(part, Pow):
        return not part.has(head.func) and not part.has(*head.args)
    if part.exp.is_Integer and part.exp > 0:
        return True
    if not part.base.has(head.func) and not part.base.has(*head.args):
        return True
    return bool(part.base == E or (not part.base.has(head.func) and signs.sign(part.base)))


def _without_values(relation: Any) -> Any:
    """The relation with values of derivatives at one time, written as ``Subs``, taken out."""
    return relation.xreplace({value: Dummy() for value in relation.atoms(Subs)})


def premise_rules(equations: Sequence[Any], relations: Sequence[Any] = ()) -> dict[Any, Any]:
    """Left sides c*f(...) or c*Derivative(...) of given equations, with what they equal.

    Only where c certainly does not vanish when the ``relations`` hold.
    """
    signs = Signs(relations)
    rules: dict[Any, Any] = {}
    for equation in equations:
        heads = equation.lhs.atoms(Derivative) or equation.lhs.atoms(AppliedUndef)
        heads = heads or ({equation.lhs} if equation.lhs.is_Symbol else set())
        if len(heads) != 1:
            continue
        head = heads.pop()
        factor = equation.lhs.xreplace({head: S.One})
        if (equation.lhs - factor * head).expand() == 0 and signs.sign(factor):
            rules[head] = equation.rhs / factor
    return rules


def rewrite(expr: Any, rules: dict[Any, Any]) -> Any:
    """``expr`` with the derivatives and initial values that the rules know replaced."""
    for _ in range(ROUNDS):
        changed = differentiated(expr.xreplace(rules))
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
    return differentiated(expr.xreplace(mine).replace(head.func, put))
