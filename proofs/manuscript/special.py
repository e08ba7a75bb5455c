r"""Special cases of claims: ``[tau=1]`` gives a symbol a value.

The value must lie where the claim holds; what it is not known to satisfy is assumed of its letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.claims import Claim
from lemmata.theory.edges import Assumption
from sympy import Eq, Ge, Gt, Le, Lt, S, nan, oo, zoo
from sympy.core.relational import Relational

from ..domain import Domain, gap
from ..exact.zero_test import free_atoms
from ..signs import Signs
from ..verdicts import Status
from .annotations import AnnotationError, Declared
from .comparing import compare_chain, known
from .comparison import Comparison
from .floats import moderate_points
from .names import vocabulary_for
from .special_values import symbol_named, values_of
from .time_limit import OutOfTimeError, limited

__all__ = ["meant", "special_case"]

MOST_ABSENT = 3
"""Symbols of a claim that an equation does not have, for which a value is guessed."""
SECONDS = 1.0
"""Of the processor: how long one guess is looked at."""

_SIGNS: dict[str, tuple[Any, str]] = {
    "positive": (Gt, "> 0"),
    "nonnegative": (Ge, ">= 0"),
    "negative": (Lt, "< 0"),
    "nonpositive": (Le, "<= 0"),
}
_WHOLE = ("integer", "even", "odd")


def special_case(
    claim: Claim, values: Mapping[str, str], renamed: Mapping[str, str], told: Sequence[Declared]
) -> Claim:
    """The claim with values for some of its symbols; its id says which.

    Raises ``AnnotationError`` for a name that takes no value, and for a value that is none, or that
    breaks what the claim assumes.
    """
    if claim.levels is not None:
        raise AnnotationError(
            f"{claim.id} holds for every depth: no value can be put into it; state the claim, and "
            "the special case as a step, % lemmata: follows"
        )
    at, shown = values_of(claim, values, renamed, told)
    _refuse_slogan(claim, at)
    return _put(claim, at, f"{claim.id} at {shown}")


def _refuse_slogan(claim: Claim, at: Mapping[Any, Any]) -> None:
    """A slogan is known to be false at its point only."""
    if claim.expects != "refuted":
        return
    there = claim.witness.at if claim.witness is not None else {}
    for symbol, value in at.items():
        if there.get(symbol) != value:
            where = f"{symbol} = {there[symbol]}" if symbol in there else "another point"
            raise AnnotationError(
                f"{claim.id} is a slogan that is known to fail at {where}, and not at "
                f"{symbol} = {value}: drop the value"
            )


def _put(claim: Claim, at: Mapping[Any, Any], id: str) -> Claim:
    """The claim at the values, with what they are assumed to satisfy."""
    told = ", ".join(f"{k} = {v}" for k, v in at.items())
    relations = [r for symbol, value in at.items() for r in _domain(claim, symbol, value)]
    for assumption in claim.assumptions:
        made = _relation(assumption.relation, at, evaluate=True)
        if made == False or _fails(made):  # noqa: E712 (a SymPy boolean)
            raise AnnotationError(
                f"{told} breaks what {claim.id} assumes, {assumption.relation}: give another value"
            )
        if made != True:  # noqa: E712
            relations.append(made)
    if not _somewhere(relations):
        raise AnnotationError(
            f"{told}: no point was found at which {claim.id} holds, so it says nothing there: "
            "give other values"
        )
    statement = _relation(claim.statement, at, evaluate=False)
    facts, witness = claim.facts, claim.witness
    if facts is not None:
        facts = replace(facts, given=tuple(_relation(r, at, evaluate=False) for r in facts.given))
    if witness is not None:
        witness = replace(witness, at={k: v for k, v in witness.at.items() if k not in at})
    parts = (statement, *relations, *(d.body.xreplace(at) for d in claim.where))
    try:
        if any(part.has(nan, zoo, oo, -oo) for part in parts):
            raise ValueError("something in it is infinite")
        return replace(
            claim,
            id=id,
            statement=statement,
            where=tuple(replace(d, expression=d.expression.xreplace(at)) for d in claim.where),
            assumptions=tuple(Assumption(relation) for relation in relations),
            facts=facts,
            witness=witness,
            derivation=None,
            evaluation=None,
            rests_on=(),
            limits=(),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise AnnotationError(f"{told}: {claim.id} says nothing there: {error}") from None


def _somewhere(relations: Sequence[Any]) -> bool:
    """Whether a point was found at which all inequalities hold."""
    told = [r for r in relations if isinstance(r, Gt | Ge | Lt | Le)]
    if not told:
        return True
    atoms = {atom for r in told for side in r.args for atom in free_atoms(side)}
    domain = Domain(list(atoms), told)
    return bool(moderate_points(domain, np.random.default_rng(0), 1))


def _domain(claim: Claim, symbol: Any, value: Any) -> Iterator[Any]:
    """What the value has to satisfy to be one of the symbol, as far as it does not show."""
    whole = next((fact for fact in _WHOLE if getattr(symbol, f"is_{fact}")), "")
    if whole and not getattr(value, f"is_{whole}"):
        raise AnnotationError(
            f"{symbol} = {value}: {claim.id} asks for an {whole} {symbol}: give an {whole} number"
        )
    for fact, (relation, words) in _SIGNS.items():
        if not getattr(symbol, f"is_{fact}"):
            continue
        known = getattr(value, f"is_{fact}")
        if known is False:
            raise AnnotationError(
                f"{symbol} = {value} breaks what {claim.id} assumes, {symbol} {words}: "
                "give another value"
            )
        if known is None:
            yield relation(value, 0)
        return


def _relation(relation: Any, at: Mapping[Any, Any], *, evaluate: bool) -> Any:
    """The relation with the values put in."""
    if not isinstance(relation, Relational):
        return relation.func(*(_relation(r, at, evaluate=evaluate) for r in relation.args))
    sides = [side.xreplace(dict(at)) for side in relation.args]
    return relation.func(*sides) if evaluate else relation.func(*sides, evaluate=False)


def _fails(relation: Any) -> bool:
    if isinstance(relation, Eq):
        difference = relation.lhs - relation.rhs
        return bool(difference.is_number and difference.is_nonzero)
    if isinstance(relation, Gt | Ge | Lt | Le):
        return Signs(()).sign(gap(relation).expand()) == -1
    return False


def meant(
    claim: Claim, links: Sequence[Any], verdict: Comparison, rng: np.random.Generator
) -> Comparison:
    """A verdict with the special case that the equation states, where it silently is one."""
    if verdict.status is Status.PROVED or claim.expects == "refuted" or claim.levels is not None:
        return verdict
    written_symbols = set().union(*(link.free_symbols for link in links))
    absent = sorted(_takers(claim) - written_symbols, key=str)
    if not 0 < len(absent) <= MOST_ABSENT:
        return verdict
    for value in (S.One, S.Zero):
        told = ", ".join(f"{symbol.name}={value}" for symbol in absent)
        try:
            case = _put(claim, dict.fromkeys(absent, value), claim.id)
            with limited(SECONDS):
                found, _ = compare_chain(case, known(case), links, rng)
        except (AnnotationError, OutOfTimeError):
            continue
        if found.status is Status.PROVED:
            hint = f"it is the claim at {told}: write [{told}] if that is meant"
            return replace(verdict, reason=f"{verdict.reason}; {hint}" if verdict.reason else hint)
    return verdict


def _takers(claim: Claim) -> set[Any]:
    """The symbols of the statement that may take a value."""
    found = set()
    vocabulary = vocabulary_for(claim, {})
    for symbol in claim.statement.free_symbols:
        try:
            found.add(symbol_named(claim, vocabulary, symbol.name))
        except (AnnotationError, AttributeError):
            continue
    return found
