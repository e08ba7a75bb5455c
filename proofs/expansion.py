"""What a claim says once definitions are expanded: pairs of sides that must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.well_formed import bound_symbols
from sympy import Derivative, Dummy, Eq, Limit, MatrixExpr, S, Subs
from sympy.concrete.expr_with_limits import ExprWithLimits
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
    "runs_freely",
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
    equations = _relevant_equations(claim)
    if claim.kind == "solution":
        return all(equation.has(claim.statement.lhs.func) for equation in equations)
    if _ranges_elsewhere(claim):
        return False
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


def _relevant_equations(claim: Claim) -> list[Any]:
    """The given equations that share a function or a symbol's value with the statement.

    By way of others too: an equation on something else ties nothing that the statement speaks of.
    """
    waiting = assumed_equations(claim)
    spoken = _spoken(claim.expand(claim.statement))
    for relation in inequalities(claim):
        spoken |= _spoken(relation)
    found: list[Any] = []
    while linked := [e for e in waiting if _spoken(e) & spoken or not e.atoms(AppliedUndef)]:
        found += linked
        spoken = spoken.union(*(_spoken(e) for e in linked))
        waiting = [e for e in waiting if e not in linked]
    return found


def _spoken(expr: Any) -> set[Any]:
    return {f.func for f in expr.atoms(AppliedUndef)}


def _ranges_elsewhere(claim: Claim) -> bool:
    """Whether the statement has a function at arguments other than an inequality assumes."""
    assumed = {f for r in inequalities(claim) for f in r.atoms(AppliedUndef)}
    functions = {f.func for f in assumed}
    told = claim.expand(claim.statement).atoms(AppliedUndef)
    return any(f.func in functions and f not in assumed for f in told)


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


def running(told: Iterable[Any]) -> dict[Any, set[Any]]:
    """For each function of equations the symbols for every value of which they hold.

    Those by which one differentiates it; all that a function depends on, where none does:
    f(x) = x + 1 defines f, but T(b) = 0 beside an equation for dT(a)/da is the value of T at
    one b.
    """
    runs: dict[Any, set[Any]] = {}
    expressions = list(told)
    for expr in expressions:
        for d in expr.atoms(Derivative):
            if isinstance(d.expr, AppliedUndef):
                runs.setdefault(d.expr.func, set()).update(d.variables)
    differentiated_ones = set(runs)
    for expr in expressions:
        for f in expr.atoms(AppliedUndef):
            symbols = {x for x in f.args if x.is_Symbol}
            runs.setdefault(f.func, set())
            if f.func not in differentiated_ones:
                runs[f.func].update(symbols)
    return runs


def rewrite(expr: Any, rules: Mapping[Any, Any]) -> Any:
    """``expr`` with the derivatives and values that the rules know replaced.

    What is known of f at one point says nothing of its derivative there, and what is known on the
    domain nothing of a bound variable, which may leave it.
    """
    runs = running(rules)
    for _ in range(ROUNDS):
        held = {node: Dummy() for node in _held(expr, rules, runs)}
        back = {dummy: node for node, dummy in held.items()}
        changed = differentiated(expr.xreplace(held).xreplace(rules)).xreplace(back)
        if changed == expr:
            return expr
        expr = changed
    return expr


def _held(expr: Any, rules: Mapping[Any, Any], runs: Mapping[Any, set[Any]]) -> Iterator[Any]:
    """Parts of which the rules say nothing, though what they speak of occurs inside."""
    fixed = {head for head in rules if head.is_Symbol}
    spoken = fixed | {x for head in rules for x in head.free_symbols}
    for node in expr.atoms(Derivative):
        if node not in rules:
            tied = node.expr in rules and not set(node.variables) <= runs.get(node.expr.func, set())
            if tied or fixed & set(node.variables):
                yield node
    for node in expr.atoms(ExprWithLimits, Subs, Limit):
        if spoken & bound_symbols(node):
            yield node


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
