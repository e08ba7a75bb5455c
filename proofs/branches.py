"""`evaluate` by cases: for some inputs another claim, on the same function, is evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Branch
from lemmata.theory.registry import REGISTRY
from sympy import Dummy, Eq, S, oo

from .assignments import check_names, checked_scalar, short
from .domain import rational
from .exact.zero_test import decide_zero
from .expansion import assumed_equations, inequalities
from .inputs import InputError, exact_value
from .poles import continuous_at
from .signs import Signs

__all__ = ["Chosen", "choose", "unlike"]

INFINITE = "oo"
"""What stands for infinity among the inputs, where a branch says so."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The inputs as read, the claim to evaluate instead, and its inputs as text."""

    given: dict[str, Any]
    claim: Claim
    inputs: dict[str, str]


def choose(claim: Claim, inputs: Mapping[str, str]) -> Chosen | None:
    """What to evaluate instead of the claim; None where that is the claim itself.

    Raises ``InputError`` for malformed inputs, and for an ``oo`` that no branch takes.
    """
    what = claim.evaluation
    assert what is not None
    check_names(claim, what, inputs)
    endless = {branch.infinite for branch in what.branches} - {None}
    given = {
        name: oo
        if symbol in endless and inputs[name].strip() == INFINITE
        else checked_scalar(claim, name, symbol, exact_value(name, inputs[name]))
        for name, symbol in what.inputs.items()
    }
    finite = {symbol: given[name] for name, symbol in what.inputs.items() if given[name] is not oo}
    values = {symbol: rational(value) for symbol, value in finite.items()}
    for relation, fix in what.asked.items():
        if relation.free_symbols <= finite.keys() and relation.xreplace(values) != True:  # noqa: E712
            at = ", ".join(f"{name}={short(value)}" for name, value in given.items())
            raise InputError(f"{at}: outside the domain of {claim.id}: {fix}")
    infinite = {symbol for symbol in what.inputs.values() if symbol not in finite}
    for branch in what.branches:
        if infinite == {branch.infinite} - {None} and _holds(branch, values):
            there = REGISTRY[branch.claim]
            assert there.evaluation is not None
            told = {
                name: str((S.Zero + branch.inputs[name]).xreplace(values))
                if name in branch.inputs
                else inputs[name]
                for name in there.evaluation.inputs
            }
            return Chosen(given, there, told)
    if infinite:
        name = next(name for name, value in given.items() if value is oo)
        raise InputError(f"{name}: oo is not possible with these values: give a number")
    return None


def _holds(branch: Branch, values: Mapping[Any, Any]) -> bool:
    return all(relation.xreplace(values) == True for relation in branch.when)  # noqa: E712 (SymPy)


def unlike(claim: Claim, what: Evaluation, rng: np.random.Generator) -> str:
    """Why a branch may not be taken for what the claim speaks of; empty where all may."""
    return next((told for b in what.branches if (told := _unlike(claim, what, b, rng))), "")


def _unlike(claim: Claim, what: Evaluation, branch: Branch, rng: np.random.Generator) -> str:
    if branch.claim not in claim.rests_on or branch.claim not in REGISTRY:
        return f"the claim does not rest on {branch.claim}"
    there = REGISTRY[branch.claim]
    told = there.evaluation
    if there.expects == "refuted" or told is None or told.branches or told.certified_by:
        return f"{there.id} has nothing that could be evaluated instead"
    if set(told.outputs) != set(what.outputs):
        return f"{there.id} has other outputs"
    if claim.kind != "solution" or there.kind != "solution":
        return f"{claim.id} and {there.id} do not both solve equations for a function"
    if claim.statement.lhs != there.statement.lhs:
        return f"{there.id} solves for something else"
    put: dict[Any, Any] = {}
    for name, symbol in told.inputs.items():
        if name not in branch.inputs and what.inputs.get(name) != symbol:
            return f"{there.id} has an input {name}, which is not one here"
        put[symbol] = S.Zero + branch.inputs.get(name, symbol)
    fixed = {r.lhs: r.rhs for r in branch.when if isinstance(r, Eq)}
    return _other_law(
        claim, branch, there, _Seen(_derived(what), fixed), _Seen(_derived(told), put), rng
    )


def _derived(what: Evaluation) -> dict[Any, Any]:
    return {x: e for x, e in what.derived.items() if x.is_Symbol}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is derived from inputs, and then what is put for these."""

    derived: dict[Any, Any]
    put: dict[Any, Any]

    def __call__(self, expr: Any) -> Any:
        return expr.xreplace(self.derived).xreplace(self.put)


def _other_law(
    claim: Claim,
    branch: Branch,
    there: Claim,
    here_seen: _Seen,
    there_seen: _Seen,
    rng: np.random.Generator,
) -> str:
    """An equation that only one of the claims assumes, at the inputs of the branch."""
    told = [there_seen(relation) for relation in inequalities(there)]
    relations = [relation for relation in told if relation not in (True, False)]
    here = list(_at_branch(claim, branch, here_seen, Signs(relations)))
    equations = [(there_seen(e.lhs), there_seen(e.rhs)) for e in assumed_equations(there)]

    def same(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
        if one[0] != other[0]:
            return False
        return decide_zero(one[1] - other[1], relations, rng=rng).status == "proved"

    for equation in equations:
        if not any(same(equation, known) for known in here):
            return f"{there.id} assumes {Eq(*equation)}, which is not assumed here in that case"
    for known in here:
        if not any(same(equation, known) for equation in equations):
            return f"{there.id} does not assume {Eq(*known)}, which is assumed here in that case"
    return ""


def _at_branch(
    claim: Claim, branch: Branch, seen: _Seen, signs: Signs
) -> Iterator[tuple[Any, Any]]:
    """Both sides of what is assumed here, at the inputs of the branch; NaN where not known."""
    for equation in assumed_equations(claim):
        left, right = seen(equation.lhs), seen(equation.rhs)
        if branch.infinite is None:
            yield left, right
        elif left.has(branch.infinite):
            yield left, S.NaN
        else:
            yield left, _limit(right * branch.units, branch.infinite, signs)


def _limit(expr: Any, symbol: Any, signs: Signs) -> Any:
    """The limit of what is shown to be continuous in 1/``symbol``; NaN otherwise."""
    small = Dummy("epsilon", nonnegative=True)
    turned = expr.subs(symbol, 1 / small)
    turned = turned.replace(lambda e: e.is_Pow and e.exp == -1, lambda e: e.cancel())
    return turned.subs(small, 0) if continuous_at(turned, small, S.Zero, signs) else S.NaN
