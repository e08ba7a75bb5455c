"""Values of functions at one place are numbers: what holds there says nothing of other places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Derivative, Dummy
from sympy.core.function import AppliedUndef

from ..notation import Vocabulary
from ..rules import running

__all__ = ["arguments_of", "at_places", "fixed", "moving_in"]


def arguments_of(vocabulary: Vocabulary) -> dict[Any, frozenset[Any]]:
    """The symbols by which the functions of a vocabulary run: t of a(t)."""
    entries = [e for e in vocabulary.names.values() if e.function is not None and e.bare]
    return {e.function: frozenset(x for x in e.bare or () if x.is_Symbol) for e in entries}


def moving_in(
    claim: Claim | None, arguments: Mapping[Any, frozenset[Any]]
) -> dict[Any, frozenset[Any]]:
    """The symbols by which functions run, in the claim and where they are declared."""
    told = {} if claim is None else running([claim.statement, *claim.given])
    return {**{f: frozenset(symbols) for f, symbols in told.items()}, **arguments}


def fixed(relations: Iterable[Any], moving: Mapping[Any, frozenset[Any]]) -> dict[Any, Any]:
    """A number of its own for every value, or rate, of a function at a symbol that it is not
    declared to depend on.

    a(T) = b says nothing of the rate at T where a(t) is declared.
    """
    found: dict[Any, Any] = {}
    for relation in relations:
        for part in relation.atoms(AppliedUndef, Derivative):
            function = part.expr if isinstance(part, Derivative) else part
            if not isinstance(function, AppliedUndef):
                continue
            symbols = {x for x in function.args if x.is_Symbol}
            if function.func in moving and symbols - moving[function.func]:
                found.setdefault(part, Dummy(str(part), real=True))
    # Rates first: a value that is replaced inside of one would be a constant there.
    return dict(sorted(found.items(), key=lambda item: not isinstance(item[0], Derivative)))


def at_places(relations: Iterable[Any]) -> bool:
    """Whether some function is spoken of at more than one place."""
    told: dict[Any, set[Any]] = {}
    for relation in relations:
        for call in relation.atoms(AppliedUndef):
            told.setdefault(call.func, set()).add(call.args)
    return any(len(places) > 1 for places in told.values())
