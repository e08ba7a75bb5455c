"""What a claim says of a part put in its place."""

from __future__ import annotations

from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Subs
from sympy.core.function import AppliedUndef

from ..rules import Rules, differentiated, rewrite, running
from ..signs import Signs

__all__ = ["inserted"]

_KINDS = ("positive", "nonnegative", "negative", "integer")


def inserted(expr: Any, head: Any, formula: Any, claim: Claim, signs: Signs) -> Any:
    """``expr`` with ``head`` replaced by the ``formula`` that the claim determines.

    A function f(x, ...) of different symbols is replaced at all arguments of the domain, and so
    are its derivatives; any other head where it stands.
    """
    if not _for_all(head, claim):
        rules = Rules({head: formula}, running([claim.statement]))
        return rewrite(expr, rules)
    variables = head.args

    def put(*args: Any) -> Any:
        if not all(_admitted(x, arg, claim, signs) for x, arg in zip(variables, args, strict=True)):
            return head.func(*args)
        return formula.subs(dict(zip(variables, args, strict=True)), simultaneous=True)

    def value(derivative: Any) -> Any:
        result = put(*derivative.expr.args)
        for variable in derivative.variables:
            result = result.diff(variable)
        return result

    mine = {d: value(d) for d in expr.atoms(Derivative) if d.expr.func == head.func}
    expr = expr.xreplace(mine).replace(head.func, put)
    return differentiated(expr) if expr.atoms(Subs) else expr


def _for_all(head: Any, claim: Claim) -> bool:
    if not isinstance(head, AppliedUndef):
        return False
    distinct = len(set(head.args)) == len(head.args)
    return distinct and all(arg.is_Symbol for arg in head.args) and claim.statement.lhs == head


def _admitted(variable: Any, value: Any, claim: Claim, signs: Signs) -> bool:
    """Whether the value is in the domain for all values of which the claim holds."""
    if value == variable:
        return True
    for kind in _KINDS:
        fact = f"is_{kind}"
        if getattr(variable, fact) and not getattr(value, fact):
            return False
    for relation in signs.relations:
        if relation.has(variable):
            other = relation.subs(variable, value)
            if other != True and other not in signs.relations:  # noqa: E712 (a SymPy boolean)
                return False
    return True
