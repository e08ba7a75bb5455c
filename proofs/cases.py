"""Outputs that other claims tell, and outputs that inputs left out leave without a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.outputs import Case, Cases, Flow, Listed
from lemmata.theory.registry import REGISTRY
from sympy import S, Symbol

from .assignments import Assignment, missing_symbols, short
from .domain import Domain, rational
from .inputs import InputError
from .same_quantity import doubt_of_quantity

__all__ = [
    "case_inputs",
    "chosen",
    "doubt_of_cases",
    "doubt_of_citation",
    "doubt_of_optional",
    "told_outputs",
]


def told_outputs(claim: Claim, given: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs that have a value though optional inputs were left out.

    An output is left out with a symbol that it needs, and where a relation of the domain speaks of
    one of its symbols and cannot be asked.  Raises ``InputError`` where none is left.
    """
    what = claim.evaluation
    assert what is not None
    absent = missing_symbols(what, given)
    open_ = [r.free_symbols for r in what.domain if r.free_symbols & absent]
    told = {}
    for name, output in what.outputs.items():
        needed = _needed(what, output)
        if not needed & absent and not any(needed & symbols for symbols in open_):
            told[name] = output
    if not told:
        first = next(name for name in what.inputs if name not in given)
        raise InputError(f"{first}: missing input of {claim.id}: nothing can be told without it")
    return told


def _needed(what: Evaluation, output: Any) -> set[Any]:
    """The symbols on which the value of an output hangs."""
    found: set[Any] = set()
    for part in _parts(what, output):
        found |= part.free_symbols
    return found


def _parts(what: Evaluation, output: Any) -> Iterator[Any]:
    if isinstance(output, tuple):
        for part in output:
            yield from _parts(what, part)
    elif isinstance(output, Cases):
        for case in output.cases:
            yield from case_inputs(case).values()
            if case.condition is not True:
                yield case.condition
    elif isinstance(output, Flow | Listed):
        yield from output.parts
    else:
        yield output


def case_inputs(case: Case) -> dict[str, Any]:
    """What the claim of a case is asked at: its inputs by name, as expressions of symbols here."""
    told = REGISTRY[case.claim].evaluation
    assert told is not None
    wanted = {n: s for n, s in told.inputs.items() if n not in told.optional or s in case.at}
    return {name: S.Zero + case.at.get(symbol, symbol) for name, symbol in wanted.items()}


def chosen(
    name: str, output: Cases, what: Evaluation, point: Assignment
) -> tuple[Claim, dict[str, str], str]:
    """The claim of the first case that holds, its inputs as text, and the name of its output.

    Raises ``InputError`` where no case is certain to hold.
    """
    for case in output.cases:
        if _holds(case, point):
            numbers = {x: rational(v) for x, v in point.scalars.items()}
            exact = {n: e.xreplace(numbers) for n, e in case_inputs(case).items()}
            texts = {n: str(value) for n, value in exact.items()}
            return REGISTRY[case.claim], texts, case.name
    given = ", ".join(f"{n}={short(v)}" for n, v in point.given.items())
    names = {symbol: Symbol(n) for n, symbol in what.inputs.items()}
    conditions = " or ".join(_written(case.condition, names) for case in output.cases)
    raise InputError(
        f"{given}: {output.otherwise or f'{name} has no value here'}: give {conditions}"
    )


def _written(condition: Any, names: Mapping[Any, Any]) -> str:
    sign = "=" if condition.is_Equality else condition.rel_op
    return f"{condition.lhs.xreplace(names)} {sign} {condition.rhs.xreplace(names)}"


def _holds(case: Case, point: Assignment) -> bool:
    if case.condition is True:
        return True
    known = {s: v for s, v in point.scalars.items() if case.condition.has(s)}
    if case.condition.is_Equality:
        numbers = {x: rational(v) for x, v in known.items()}
        return bool(case.condition.lhs.xreplace(numbers) == case.condition.rhs.xreplace(numbers))
    return Domain(list(known), [case.condition]).contains(known) is True


def doubt_of_citation(claim: Claim, case: Case) -> str:
    """Why the claim may not take that output of another one; empty when it may."""
    if case.claim not in claim.rests_on or case.claim not in REGISTRY:
        return f"the claim does not rest on {case.claim}"
    cited = REGISTRY[case.claim]
    if cited.expects == "refuted":
        return f"{case.claim} is a slogan that is expected to be false"
    if cited.evaluation is None or case.name not in cited.evaluation.outputs:
        return f"{case.claim} has no output {case.name}"
    return ""


def doubt_of_cases(claim: Claim, name: str, output: Cases, rng: np.random.Generator) -> str:
    """Why other claims do not certify an output; empty when they do."""
    what = claim.evaluation
    assert what is not None
    inputs = {symbol for symbol in what.inputs.values() if symbol.is_Symbol}
    for case in output.cases:
        doubt = doubt_of_citation(claim, case)
        if doubt:
            return doubt
        for expr in case_inputs(case).values():
            if not expr.free_symbols <= inputs or not expr.is_rational_function(*inputs):
                return f"{case.claim} is asked at {expr}, which is no number of the inputs"
        if case.condition is not True and not case.condition.free_symbols <= inputs:
            return f"{case.condition} does not speak of inputs alone"
    return doubt_of_quantity(claim, name, output, rng)


def doubt_of_optional(claim: Claim) -> str:
    """A name that is optional and no input, or without which nothing is told."""
    what = claim.evaluation
    assert what is not None
    for name in what.optional:
        if name not in what.inputs:
            return f"{name} is optional, and no input"
    try:
        told_outputs(claim, {name: None for name in what.inputs if name not in what.optional})
    except InputError as error:
        return str(error)
    return ""
