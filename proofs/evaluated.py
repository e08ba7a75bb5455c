"""Evidence ``evaluation``: the formulas that ``evaluate`` computes are those that are stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.matrix_calculus import TimeDerivative
from lemmata.theory.outputs import Cases, Flow, Listed, Root
from lemmata.theory.registry import REGISTRY
from sympy import Derivative, Equivalent, MatrixExpr, Ne, S
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from .branches import unlike
from .cases import doubt_of_cases, doubt_of_optional
from .elimination import unsolved
from .evidence import Budget
from .exact.zero_test import decide_zero
from .exceptions import doubt_of_exceptions
from .expansion import assumed_equations, inequalities
from .flows import flow_stated
from .instances import certain, fits
from .ranges import beyond_range, roots_of, tied_equations
from .signs import Signs
from .verdicts import Status, Verdict

__all__ = ["Evaluated"]


class Evaluated:
    """Proved when each output solves what is given, or is a side or definition of the claim."""

    kind = "evaluation"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that evaluate to something."""
        return claim.evaluation is not None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """One decision an output."""
        what = claim.evaluation
        assert what is not None
        count = len(what.outputs)
        if what.certified_by and what.certified_by not in REGISTRY:
            reason = f"there is no claim {what.certified_by}"
            return Verdict(self.kind, Status.UNDECIDED, count, 0, reason=reason)
        stated = claim if not what.certified_by else REGISTRY[what.certified_by]
        if stated.expects == "refuted":
            reason = f"{stated.id} is a slogan that is expected to be false"
            return Verdict(self.kind, Status.UNDECIDED, count, 0, reason=reason)
        for number, (name, output) in enumerate(what.outputs.items()):
            doubt = doubt_of_cases(claim, name, output, rng) if isinstance(output, Cases) else ""
            if doubt:
                told = f"{name} is not told by other claims: {doubt}"
                return Verdict(self.kind, Status.UNDECIDED, count, number, name, told)
        tied = {root: tied_equations(stated, root, rng) for root in roots_of(what)}
        equations = [equation for found in tied.values() for equation in found]
        doubt = (
            doubt_of_optional(claim)
            or _otherwise_derived(stated, what)
            or _untied(stated, what, tied)
            or _beyond(stated, what, equations)
            or beyond_range(stated, what, equations)
            or doubt_of_exceptions(claim, stated, what, rng)
            or unlike(stated, what, rng)
        )
        if doubt:
            return Verdict(self.kind, Status.UNDECIDED, count, 0, reason=doubt)
        tied_symbols = {root.symbol for root in tied}
        for number, (name, output) in enumerate(what.outputs.items()):
            if isinstance(output, Cases):
                continue
            for expr in _expressions(output):
                if expr in tied_symbols:
                    continue
                status, reason = (
                    flow_stated(stated, what, expr, rng)
                    if isinstance(expr, Flow)
                    else _stands_in(stated, expr, rng)
                )
                if status is not Status.PROVED:
                    told = f"{name} is not what {stated.id} states: {reason}"
                    return Verdict(self.kind, status, count, number, name, told)
        return Verdict(self.kind, Status.PROVED, count, count)


def _expressions(output: Any) -> tuple[Any, ...]:
    if isinstance(output, tuple):
        return output
    return (output.expression if isinstance(output, Listed) else output,)


def _otherwise_derived(stated: Claim, what: Evaluation) -> str:
    """A symbol that is derived from the inputs otherwise than the claim defines it."""
    for definition in stated.where:
        derived = what.derived.get(definition.symbol)
        if isinstance(derived, Root):
            return f"{definition.symbol} is defined, and not the root of an equation"
        if derived is not None and stated.expand(derived - definition.body).expand() != 0:
            return f"{definition.symbol} is derived otherwise than it is defined"
    return ""


def _untied(stated: Claim, what: Evaluation, tied: Mapping[Root, Sequence[Any]]) -> str:
    """A root of an equation that is not the one that the claim has for its symbol."""
    for symbol, root in what.derived.items():
        if isinstance(root, Root) and not (root.symbol == symbol and tied[root]):
            return f"{stated.id} neither assumes nor compares {root.equation} = 0 of {symbol}"
    return ""


def _beyond(claim: Claim, what: Evaluation, tied: Sequence[Any]) -> str:
    """An assumption on the inputs that the domain of the evaluation does not contain.

    Of no account where every output is told by other claims, which ask for what they need.
    """
    if all(isinstance(output, Cases) for output in what.outputs.values()):
        return ""
    domain = [relation for relation in what.domain if isinstance(relation, Relational)]
    derived = {
        x: e
        for x, e in what.derived.items()
        if x.is_Symbol and not isinstance(e, Root) and not e.atoms(MatrixExpr)
    }
    for symbol, expr in derived.items():
        if not fits(symbol, expr, domain):
            return f"{expr} is not shown to lie in the domain of {symbol}"
    inputs = {symbol for symbol in what.inputs.values() if symbol.is_Symbol}
    for equation in assumed_equations(claim):
        if equation in tied:
            continue
        if not equation.atoms(AppliedUndef) and equation.free_symbols & inputs:
            return f"{equation} is assumed, and not asked of the inputs"
    told = {x for x, e in what.derived.items() if x.is_Symbol and not isinstance(e, Root)}
    shown_elsewhere = _moving(claim, what)
    further = []
    for assumed in inequalities(claim):
        relation = assumed.xreplace(derived)
        if relation.atoms(AppliedUndef):
            return f"{relation} is assumed of a function, and not shown"
        if relation is S.true or relation.free_symbols & shown_elsewhere:
            continue
        if not relation.free_symbols <= inputs | told:
            further.append(relation)
        elif not (certain(relation, domain) or _apart(relation, domain)):
            return f"{relation} is assumed, and not asked of the inputs"
    free = {symbol for relation in further for symbol in relation.free_symbols} - inputs - told
    return unsolved(further, free, domain)


def _moving(claim: Claim, what: Evaluation) -> set[Any]:
    """Roots, indices and the time of a flow: what is assumed of them is shown in their range."""
    moving = {root.symbol for root in roots_of(what)}
    for output in what.outputs.values():
        if isinstance(output, Listed):
            moving |= set(output.indices)
        if isinstance(output, Flow):
            moving |= {x for d in claim.statement.atoms(Derivative) for x in d.variables}
    return moving


def _apart(relation: Any, domain: Sequence[Any]) -> bool:
    """Whether two sides that must differ do."""
    differ = isinstance(relation, Ne) and Signs(domain).sign(relation.lhs - relation.rhs) != 0
    return relation in domain or differ


def _stands_in(stated: Claim, expr: Any, rng: np.random.Generator) -> tuple[Status, str]:
    if any(expr in (part, stated.expand(part)) for part in _stated(stated.statement)):
        return Status.PROVED, ""
    if any(expr in (d.body, stated.expand(d.body)) for d in stated.where):
        return Status.PROVED, ""
    if stated.kind != "solution":
        return Status.UNDECIDED, f"{expr} is no side of it and no definition"
    relations = inequalities(stated)
    decision = decide_zero(expr - stated.expand(stated.statement.rhs), relations, rng=rng)
    return Status[decision.status.upper()], decision.reason or decision.ball


def _stated(statement: Any) -> Iterator[Any]:
    """Both sides of every relation of the statement, and the matrices whose motion it states."""
    for relation in statement.args if isinstance(statement, Equivalent) else (statement,):
        yield from (relation.lhs, relation.rhs)
    yield from (derivative.args[0] for derivative in statement.atoms(TimeDerivative))
