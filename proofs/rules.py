"""Given equations as rewriting rules: what is known of functions, their derivatives, symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lemmata.theory.gaussian import GaussianAverage
from lemmata.theory.well_formed import bound_symbols
from sympy import Derivative, Dummy, Limit, S, Subs
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from .signs import Signs

__all__ = ["Rules", "differentiated", "premise_rules", "rewrite", "running"]


class Rules(dict[Any, Any]):
    """Heads (a function's value, a derivative, a symbol) and what they equal; never in a circle.

    ``runs``: for each function the symbols for all values of which the equations hold.
    """

    def __init__(self, rules: Mapping[Any, Any], runs: dict[Any, set[Any]]) -> None:
        super().__init__(rules)
        self.runs = runs

    def circular(self, head: Any, value: Any) -> bool:
        """Whether the head would come back by way of the rules that are there."""
        waiting, seen = [value], set()
        while waiting:
            expr = waiting.pop()
            if expr.has(head):
                return True
            used = [h for h in self if h not in seen and expr.has(h)]
            seen.update(used)
            waiting += [self[h] for h in used]
        return False


def premise_rules(equations: Sequence[Any], relations: Sequence[Any] = ()) -> Rules:
    """Left sides c*f(...) or c*Derivative(...) of given equations, with what they equal.

    Only where c certainly does not vanish when the ``relations`` hold, and where no circle arises.
    """
    signs = Signs(relations)
    rules = Rules({}, running([*equations, *relations]))
    for equation in equations:
        heads = equation.lhs.atoms(Derivative) or equation.lhs.atoms(AppliedUndef)
        heads = heads or ({equation.lhs} if equation.lhs.is_Symbol else set())
        if len(heads) != 1:
            continue
        head = heads.pop()
        if isinstance(head, Derivative) and not isinstance(head.expr, AppliedUndef):
            continue
        factor = equation.lhs.xreplace({head: S.One})
        if (equation.lhs - factor * head).expand() != 0 or not signs.sign(factor):
            continue
        if head not in rules and not rules.circular(head, equation.rhs / factor):
            rules[head] = equation.rhs / factor
    return rules


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
            for f in d.expr.atoms(AppliedUndef):
                runs.setdefault(f.func, set()).update(v for v in d.variables if f.has(v))
    moving = set(runs)
    for expr in expressions:
        for f in expr.atoms(AppliedUndef):
            runs.setdefault(f.func, set())
            if f.func not in moving:
                runs[f.func].update(x for x in f.args if x.is_Symbol)
    return runs


def differentiated(expr: Any) -> Any:
    """``expr`` with derivatives carried out, and nothing else.

    SymPy's ``doit`` would also integrate and sum, by solvers whose word nobody checks.
    """
    waiting = expr.atoms(Derivative, Subs)
    return expr.xreplace({d: d.doit(integrals=False) for d in waiting}) if waiting else expr


def rewrite(expr: Any, rules: Rules) -> Any:
    """``expr`` with the derivatives and values that the rules know replaced.

    What is known of f at one point says nothing of its derivative there, and what is known on the
    domain nothing of a bound variable, which may leave it.
    """
    for _ in range(len(rules) + 2):
        parts = list(_held(expr, rules))
        held = {node: Dummy() for node in (*parts, *_around(expr, parts))}
        back = {dummy: node for node, dummy in held.items()}
        known = {**rules, **_higher(expr, rules)}
        changed = differentiated(expr.xreplace(held).xreplace(known)).xreplace(back)
        if changed == expr:
            return expr
        expr = changed
    return expr


def _higher(expr: Any, rules: Rules) -> dict[Any, Any]:
    """Derivatives of what the rules say of lower ones."""
    found = {}
    for node in expr.atoms(Derivative):
        for head in rules:
            if isinstance(head, Derivative) and node not in rules and head.expr == node.expr:
                (*variables,) = {*node.variables, *head.variables}
                more = node.derivative_count - head.derivative_count
                if len(variables) == 1 and more > 0:
                    found[node] = Derivative(rules[head], (variables[0], more))
    return found


def _around(expr: Any, parts: Sequence[Any]) -> list[Any]:
    """The averages over a symbol of such a part: without it they would be those of a constant."""
    return [
        average
        for average in expr.atoms(GaussianAverage)
        if any(average.variable in p.free_symbols and average.has(p) for p in parts)
    ]


def _held(expr: Any, rules: Rules) -> Iterator[Any]:
    """Parts of which the rules say nothing, though what they speak of occurs inside."""
    fixed = {head for head in rules if head.is_Symbol}
    spoken = fixed | {x for head in rules for x in head.free_symbols}
    for node in expr.atoms(Derivative):
        if node not in rules:
            tied = node.expr in rules and not set(node.variables) <= rules.runs.get(
                node.expr.func, set()
            )
            if tied or fixed & node.free_symbols:
                yield node
    for node in expr.atoms(ExprWithLimits, Subs, Limit, GaussianAverage):
        if spoken & bound_symbols(node):
            yield node
