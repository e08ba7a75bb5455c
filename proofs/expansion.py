"""What a claim says once definitions are expanded: pairs of sides that must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Dummy, Eq, MatrixExpr, S, Subs
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .domain import gap
from .signs import Signs

__all__ = [
    "assumed_equations",
    "derivation_decides",
    "differentiated",
    "inequalities",
    "premise_rules",
    "residuals",
    "rewrite",
    "running",
    "self_contained",
    "sides",
    "statement_gaps",
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
    rules = premise_rules(assumed_equations(claim), inequalities(claim))
    left, right = (differentiated(claim.expand(side)) for side in (statement.lhs, statement.rhs))
    return [(rewrite(left, rules), rewrite(right, rules))]


def statement_gaps(claim: Claim, relations: Sequence[Any]) -> list[Any]:
    """What the inequalities ``relations`` of the statement assert to be positive, expanded."""
    gaps = [differentiated(claim.expand(gap(relation))) for relation in relations]
    rules = premise_rules(assumed_equations(claim), inequalities(claim))
    return [rewrite(expr, rules) for expr in gaps] if rules else gaps


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
    """The inequalities among the assumptions, definitions expanded; not what is evident then."""
    expanded = [claim.expand(r) for r in claim.given if not isinstance(r, Eq)]
    return [r for r in expanded if isinstance(r, Relational)]


def assumed_equations(claim: Claim) -> list[Any]:
    """The equations between scalars that are assumed, definitions expanded."""
    expanded = [claim.expand(r) for r in claim.given if isinstance(r, Eq) and not _matrices(r)]
    return [r for r in expanded if isinstance(r, Eq)]


def _matrices(relation: Any) -> bool:
    return bool(relation.atoms(MatrixExpr))


def self_contained(claim: Claim) -> bool:
    """Whether a difference of the sides at a point refutes an equation.

    Values of functions at one time may be chosen freely only if every given equation acts as a
    rewrite rule and neither they nor the statement speak of another time (an initial value);
    otherwise the statement may follow from what the sides do not show, and only its derivation
    can decide it.
    """
    equations = assumed_equations(claim)
    if claim.kind == "solution":
        return all(equation.has(claim.statement.lhs.func) for equation in equations)
    if not equations:
        return True
    rules = premise_rules(equations, inequalities(claim))
    if len(rules) < len(equations):
        return False
    runs = running(rules)
    heads = [h.expr if isinstance(h, Derivative) else h for h in rules]
    functions = {head for head in heads if not head.is_Symbol}
    if not all(set(head.args) <= runs[head.func] for head in functions):
        return False
    told = [claim.expand(claim.statement), *rules.values(), *inequalities(claim)]
    used = {f for expr in told for f in expr.atoms(AppliedUndef) if f.func in runs}
    return used <= functions


def derivation_decides(claim: Claim) -> bool:
    """Whether only its derivation can decide the claim: it has one, and no point refutes it."""
    return claim.derivation is not None and not self_contained(claim)


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


def running(rules: Mapping[Any, Any]) -> dict[Any, set[Any]]:
    """For each function of the rules the symbols for every value of which they hold.

    Those by which a rule differentiates it; all that a function depends on, where no rule
    differentiates it: f(x) = x + 1 defines f, but T(b) = 0 beside an equation for dT(a)/da is the
    value of T at one b.
    """
    runs: dict[Any, set[Any]] = {}
    for head in rules:
        if isinstance(head, Derivative):
            runs.setdefault(head.expr.func, set()).update(head.variables)
    for head in rules:
        if isinstance(head, AppliedUndef) and not any(
            isinstance(d, Derivative) and d.expr.func == head.func for d in rules
        ):
            symbols = {x for x in head.args if x.is_Symbol}
            runs.setdefault(head.func, set()).update(symbols)
        elif isinstance(head, AppliedUndef):
            runs.setdefault(head.func, set())
    return runs


def rewrite(expr: Any, rules: Mapping[Any, Any]) -> Any:
    """``expr`` with the derivatives and values that the rules know replaced.

    What is known of f at one point says nothing of its derivative there.
    """
    runs = running(rules)
    for _ in range(ROUNDS):
        held = {
            d: Dummy()
            for d in expr.atoms(Derivative)
            if d not in rules and d.expr in rules and not set(d.variables) <= runs[d.expr.func]
        }
        back = {dummy: derivative for derivative, dummy in held.items()}
        changed = differentiated(expr.xreplace(held).xreplace(rules)).xreplace(back)
        if changed == expr:
            return expr
        expr = changed
    return expr


def _insert(claim: Claim, expr: Any, head: Any, formula: Any) -> Any:
    """``expr`` with the formula for the function of ``head``."""
    variables = head.args

    def put(*args: Any) -> Any:
        return formula.subs(dict(zip(variables, args, strict=True)))

    def differentiate(derivative: Any) -> Any:
        # One derivative at a time: SymPy factors what it differentiates twice at once.
        result = put(*derivative.expr.args)
        for variable in derivative.variables:
            result = result.diff(variable)
        return result

    expr = claim.expand(expr)
    mine = {d: differentiate(d) for d in expr.atoms(Derivative) if d.expr.func == head.func}
    return differentiated(expr.xreplace(mine).replace(head.func, put))
