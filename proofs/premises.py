"""Premises and replacements in derivations: what they take over must hold here as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.derivations import Premise, Step
from lemmata.theory.matrix_facts import MatrixFacts
from lemmata.theory.registry import REGISTRY
from lemmata.theory.well_formed import bound_symbols
from sympy import Derivative, Eq, MatrixExpr, S
from sympy.core.function import AppliedUndef

from .exact.zero_test import ZeroDecision
from .expansion import assumed_equations, inequalities
from .instances import certain, fits
from .rules import running
from .tied import runs_freely

__all__ = ["check_premise", "refused_replacement"]

PROVED = ZeroDecision("proved")
Follow = Callable[[Any], ZeroDecision]


def check_premise(claim: Claim, step: Step, previous: list[Step], follow: Follow) -> ZeroDecision:
    """Decide a step that takes over what is given, defined, or stated by another claim.

    ``follow`` decides whether an equation follows from the earlier steps.
    """
    assert isinstance(step.by, Premise)
    if not step.by.claim:
        known = _known(claim, [])
        if step.relation in [*known, *(Eq(d.head, d.body) for d in claim.where)]:
            return PROVED
        return _undecided("it is neither given nor a definition")
    if step.by.claim not in claim.rests_on or step.by.claim not in REGISTRY:
        return _undecided(f"the claim does not rest on {step.by.claim}")
    cited = REGISTRY[step.by.claim]
    at = {symbol: S.Zero + value for symbol, value in step.by.at.items()}
    if step.relation not in _put(cited.statement, at):
        return _undecided(f"this is not what {cited.id} states")
    reason = (
        _refused_use(claim, cited, at)
        or _strangers(claim, cited, at)
        or _not_assumed(claim, cited, at, previous, follow)
    )
    return _undecided(reason) if reason else PROVED


def _undecided(reason: str) -> ZeroDecision:
    return ZeroDecision("undecided", reason=reason)


def _known(claim: Claim, previous: list[Step]) -> list[Any]:
    facts = claim.facts.given if claim.facts else ()
    return [*claim.given, *facts, *(s.relation for s in previous)]


def _put(relation: Any, at: Mapping[Any, Any]) -> list[Any]:
    moved = set().union(*(d.variables for d in relation.atoms(Derivative))) & set(at)
    together = relation.subs(at, simultaneous=True)
    return [together] if moved else [relation.xreplace(at), together]


def _refused_use(claim: Claim, cited: Claim, at: Mapping[Any, Any]) -> str:
    if cited.expects == "refuted":
        return f"{cited.id} is a slogan that is expected to be false"
    if at and cited.kind == "matrix":
        return "matrices are not replaced in a premise"
    here, there = claim.facts or MatrixFacts(), cited.facts or MatrixFacts()
    for field in fields(MatrixFacts):
        if field.name in ("given", "time"):
            continue
        for letter in getattr(there, field.name):
            if letter not in getattr(here, field.name):
                return f"{cited.id} assumes {letter} to be {field.name}, which is not assumed here"
    return ""


def _strangers(claim: Claim, cited: Claim, at: Mapping[Any, Any]) -> str:
    """A symbol that means something else there, or is put outside its domain here."""
    relations = inequalities(claim)
    expanded = {symbol: claim.expand(value) for symbol, value in at.items()}
    caught = _caught(cited.statement, expanded) if at else ""
    if caught:
        return caught
    for definition in cited.where:
        if definition not in claim.where:
            return f"{cited.id} defines {definition.symbol}, which is not so defined here"
    defined = {d.symbol for d in cited.where}
    for symbol, value in at.items():
        if not symbol.is_Symbol or symbol in defined:
            return f"{symbol} of {cited.id} is no symbol that stands for any number"
        if not fits(symbol, claim.expand(value), relations):
            return f"{value} is not shown to lie in the domain of {symbol}"
    for definition in claim.where:
        symbol = definition.symbol
        if symbol.is_Symbol and symbol not in defined and symbol not in at:
            body = claim.expand(definition.body)
            if cited.statement.has(symbol) and not fits(symbol, body, relations):
                return f"{symbol} is not shown to lie in its domain"
    return ""


def _not_assumed(
    claim: Claim, cited: Claim, at: Mapping[Any, Any], previous: list[Step], follow: Follow
) -> str:
    """What the cited claim assumes and is neither given here nor shown; empty when all is."""
    known, relations = _known(claim, previous), inequalities(claim)
    facts = cited.facts.given if cited.facts else ()
    there, here = (running([*assumed_equations(c), *inequalities(c)]) for c in (cited, claim))
    for function, symbols in there.items():
        if function in here and not (
            symbols <= here[function] and all(runs_freely(claim, x) for x in symbols)
        ):
            return f"{cited.id} speaks of {function} at all values, which is not assumed here"
    for relation in (*cited.given, *facts):
        instances = _put(relation, at)
        if any(instance in known for instance in instances):
            continue
        if isinstance(relation, Eq):
            if not relation.atoms(MatrixExpr) and follow(instances[0]).status == "proved":
                continue
        elif certain(claim.expand(instances[0]), relations):
            continue
        return f"{cited.id} assumes {instances[0]}, which is not shown here"
    return ""


def _caught(relation: Any, at: Mapping[Any, Any]) -> str:
    """A symbol that a derivative, an integral or the like in the relation takes for its own."""
    taken = bound_symbols(relation)
    for derivative in relation.atoms(Derivative):
        taken |= set(derivative.variables)
    moved = set(at).union(*(value.free_symbols for value in at.values()))
    return f"{min(map(str, taken & moved))} is bound in {relation}" if taken & moved else ""


def refused_replacement(claim: Claim, relation: Any, replacements: Mapping[Any, Any]) -> str:
    """Why symbols of a proved relation may not be replaced; empty when they may."""
    relations = inequalities(claim)
    at = {symbol: S.Zero + value for symbol, value in replacements.items()}
    for symbol, value in at.items():
        if not symbol.is_Symbol:
            return f"{symbol} is no symbol that stands for any number"
        if not fits(symbol, claim.expand(value), relations):
            return f"{value} is not shown to lie in the domain of {symbol}"
    caught = _caught(relation, {symbol: claim.expand(value) for symbol, value in at.items()})
    if caught:
        return caught
    for definition in claim.where:
        fixed = definition.expression.free_symbols & set(at)
        if fixed and relation.has(definition.symbol):
            return f"{definition.symbol} depends on {min(map(str, fixed))}"
    runs = running(assumed_equations(claim))
    assumed = [claim.expand(given) for given in claim.given]
    for given in assumed:
        moved = given.free_symbols & set(at)
        if not moved or given.xreplace(at) in assumed:
            continue
        if isinstance(given, Eq):
            functions = given.atoms(AppliedUndef)
            if not functions or any(not moved <= _free(f, runs) for f in functions):
                return f"{given} is not assumed with {min(map(str, moved))} replaced"
        elif not certain(claim.expand(given.xreplace(at)), relations):
            return f"{given.xreplace(at)} is not shown"
    return ""


def _free(function: Any, runs: Mapping[Any, set[Any]]) -> set[Any]:
    """The arguments of a function for every value of which the given equations hold."""
    return set(function.args) & runs.get(function.func, set(function.args))
