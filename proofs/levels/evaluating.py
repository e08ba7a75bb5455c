"""`evaluate` on claims over levels: exact fractions, or balls with the digits asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

import flint
import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition, expand_all
from lemmata.theory.outputs import Listed, Taken
from lemmata.theory.registry import REGISTRY
from sympy import Equivalent, Integer, Lambda, Piecewise, Symbol
from sympy.core.function import AppliedUndef

from ..cases import doubt_of_citation
from ..evidence import Budget
from ..inputs import InputError
from ..lists import Places, nested
from ..told import sharpened, told
from ..verdicts import Status, Verdict
from .inputs import read_instance
from .instances import Instance
from .values import UndefinedError, Values

__all__ = ["LevelEvaluated", "level_values"]


def level_values(
    claim: Claim, inputs: Mapping[str, str], digits: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs as read, and value and radius of every output."""
    assert claim.evaluation is not None
    instance, given = read_instance(claim, inputs)
    told_ = {
        name: _value(claim, name, output, instance, digits)
        for name, output in claim.evaluation.outputs.items()
    }
    return given, told_


def _value(
    claim: Claim, name: str, output: Any, instance: Instance, digits: int
) -> dict[str, Any]:
    numbers = _Numbers(claim, instance)
    if not isinstance(output, Listed):
        value, radius = numbers.told(name, output, digits)
        return {"value": value, "radius": radius}
    places = Places(name, output, instance.scalars)
    pairs = [
        numbers.told(name, output.expression.subs(_at(output, place)), digits) for place in places
    ]
    value, radius = (nested(places.shape, iter(pairs), itemgetter(part)) for part in (0, 1))
    return {"value": value, "radius": radius, "first": places.first}


def _at(family: Listed, place: tuple[int, ...]) -> dict[Any, Any]:
    return dict(zip(family.indices, map(Integer, place), strict=True))


class _Numbers:
    """Values of one claim at one instance, kept from one output to the next at each precision."""

    def __init__(self, claim: Claim, instance: Instance) -> None:
        assert claim.evaluation is not None
        taken = {f: t for f, t in claim.evaluation.derived.items() if isinstance(t, Taken)}
        where = (*claim.where, *(_taken(symbol, told) for symbol, told in taken.items()))
        self.claim, self.instance = replace(claim, where=where), instance
        self._at_bits: dict[int, Values] = {}

    def told(self, name: str, expr: Any, digits: int) -> tuple[str, str]:
        first = self._look(name, expr, 64 + 4 * digits)
        if isinstance(first, flint.fmpq):
            return str(first), "0"
        (ball,) = sharpened(name, lambda bits: [self._ball(name, expr, bits)], digits)
        return told(name, ball, digits)

    def _ball(self, name: str, expr: Any, bits: int) -> Any:
        return flint.arb(self._look(name, expr, bits))

    def _look(self, name: str, expr: Any, bits: int) -> Any:
        values = self._at_bits.setdefault(bits, Values(self.claim, self.instance, bits))
        try:
            return values.value(expr)
        except (UndefinedError, ZeroDivisionError) as error:
            raise InputError(f"values: {name} is undefined there: {error}") from None


def _taken(symbol: Any, what: Taken) -> Definition:
    """A sequence as other claims tell it."""
    branches = []
    for case in what.cases:
        told_there = REGISTRY[case.claim].evaluation
        assert told_there is not None
        branches.append((told_there.outputs[case.name].xreplace(dict(case.at)), case.condition))
    return Definition(symbol, Lambda(what.index, Piecewise(*branches)), "taken from other claims")


class LevelEvaluated:
    """Proved when each output is a side of what is stated, or what one of its terms stands for."""

    kind = "evaluation"

    def applies(self, claim: Claim, budget: Budget) -> bool:
        """Claims that evaluate to something."""
        return claim.evaluation is not None

    def check(self, claim: Claim, budget: Budget, rng: np.random.Generator) -> Verdict:
        """One decision an output."""
        what = claim.evaluation
        assert what is not None
        stated = REGISTRY[what.certified_by] if what.certified_by else claim
        count = len(what.outputs)
        if stated.expects == "refuted" or stated.levels != claim.levels:
            reason = f"{stated.id} does not certify it: it is false, or over other sequences"
            return Verdict(self.kind, Status.UNDECIDED, count, 0, reason=reason)
        doubt = _doubt_of_taken(claim) or _otherwise_defined(claim, stated)
        if doubt:
            return Verdict(self.kind, Status.UNDECIDED, count, 0, reason=doubt)
        for number, (name, output) in enumerate(what.outputs.items()):
            doubt = _doubt(stated, output)
            if doubt:
                reason = f"{name} is not what {stated.id} states: {doubt}"
                return Verdict(self.kind, Status.UNDECIDED, count, number, name, reason)
        return Verdict(self.kind, Status.PROVED, count, count)


def _doubt_of_taken(claim: Claim) -> str:
    """A sequence taken from what the claim does not rest on; empty when all are in order."""
    assert claim.evaluation is not None
    for symbol, what in claim.evaluation.derived.items():
        if not isinstance(what, Taken):
            return f"{symbol} is derived in a way that is not known for sequences"
        for case in what.cases:
            doubt = doubt_of_citation(claim, case)
            if doubt:
                return doubt
    return ""


def _doubt(stated: Claim, output: Any) -> str:
    """Why an output is not what is stated; empty when it is."""
    assert stated.levels is not None
    expr = output
    if isinstance(output, Listed):
        expr = output.expression
        for index, first, last in output.limits:
            ends = stated.levels.range_of(index)
            if ends is None or not _within((first, last), ends):
                return f"{index} leaves the range for which it is stated"
    statement = stated.statement
    parts = statement.args if isinstance(statement, Equivalent) else (statement,)
    if any(expr in (part.lhs, part.rhs) for part in parts):
        return ""
    spoken = _spoken(stated)
    kept = tuple(d for d in stated.where if d.symbol not in spoken)
    told = expand_all(kept, expr)
    terms = told.atoms(AppliedUndef, Symbol)
    if not any((term if term.is_Symbol else term.func) in spoken for term in terms):
        return f"nothing is stated of {expr}"
    for term in told.atoms(AppliedUndef):
        wrong = _leaves(stated, term)
        if wrong:
            return wrong
    return ""


def _spoken(stated: Claim) -> set[Any]:
    """Defined terms of which the statement speaks, also by way of other definitions."""
    found: set[Any] = set()
    waiting = [stated.statement]
    while waiting:
        expr = waiting.pop()
        for definition in stated.where:
            if definition.symbol not in found and expr.has(definition.symbol):
                found.add(definition.symbol)
                waiting.append(definition.body)
    return found


def _leaves(stated: Claim, term: Any) -> str:
    """A term at a level for which nothing is stated: only an index, its ends and numbers are."""
    assert stated.levels is not None
    known = {index for index, _, _ in stated.levels.indices} | {stated.levels.depth}
    strange = [s for arg in term.args for s in arg.free_symbols - known if s.is_integer]
    return f"{term} is at another place than an index" if strange else ""


def _otherwise_defined(claim: Claim, stated: Claim) -> str:
    """A term that the certifying claim defines otherwise; empty when all agree."""
    there = {d.symbol: d for d in stated.where}
    for definition in claim.where:
        if there.get(definition.symbol, definition) != definition:
            return f"{stated.id} defines {definition.symbol} otherwise"
    return ""


def _within(range_: tuple[Any, Any], ends: tuple[Any, Any]) -> bool:
    return bool((range_[0] - ends[0]).is_nonnegative and (ends[1] - range_[1]).is_nonnegative)
