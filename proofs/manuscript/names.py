"""Names of the manuscript: what it declares, and how a point is told in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Function, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef

from ..notation import NotationError, nodes, vocabulary_of, written
from ..notation.nodes import Node
from ..notation.vocabulary import Entry, Vocabulary, declared, respelled, spelled
from .annotations import Declared

__all__ = ["point_told", "vocabulary_for", "with_declared"]

_KINDS: dict[str, dict[str, bool]] = {
    "real": {"real": True},
    "positive": {"positive": True},
    "nonnegative": {"nonnegative": True},
    "negative": {"negative": True},
    "integer": {"integer": True},
}


def with_declared(
    claim: Claim | None, new: Mapping[str, str], told: Sequence[Declared]
) -> Vocabulary:
    """The vocabulary of the claim, if there is one, and what the manuscript declares.

    Raises ``NotationError`` for a declaration that is none.
    """
    own = _declared(told)
    if claim is None:
        return own
    theirs = vocabulary_for(claim, new)
    return replace(theirs, names={**theirs.names, **own.names}, time=theirs.time or own.time)


def vocabulary_for(claim: Claim, new: Mapping[str, str]) -> Vocabulary:
    """The names of a claim, some of them renamed.

    A name of which only its assumptions speak gives way to one that is written as it is.
    """
    theirs, spoken = _base(claim)
    if not new:
        return theirs
    told = {spelled(latex) for latex in new.values()}
    names = {
        key: entry
        for key, entry in theirs.names.items()
        if key not in told or spoken & set(entry.things) or _is_renamed(entry, new)
    }
    try:
        return replace(theirs, names=respelled(names, new))
    except NotationError:
        told_instead = _turned(theirs, new) or _taken(theirs, names, new)
        if told_instead:
            raise NotationError(told_instead) from None
        raise


def _turned(theirs: Vocabulary, new: Mapping[str, str]) -> str:
    """What to write where the names stand on the wrong sides; empty where they do not."""
    known = {str(getattr(x, "name", x)) for e in theirs.names.values() for x in e.things}
    for name, latex in new.items():
        told = latex.removeprefix("\\")
        if name not in known and spelled(name) not in theirs.names and told in known:
            return f"{name} is no name of the claim, and {latex} is: write [{told}={name}]"
    return ""


def _taken(theirs: Vocabulary, names: Mapping[str, Entry], new: Mapping[str, str]) -> str:
    """What to write where a name is renamed to one that the claim has; empty where none is."""
    renamed = {key for key, entry in theirs.names.items() if _is_renamed(entry, new)}
    for name, latex in new.items():
        other = names.get(spelled(latex))
        if other is None or spelled(latex) in renamed:
            continue
        told = f"{latex} is written for {name}, and is a name of the claim itself: rename that too"
        if other.symbol is None or other.function is not None:
            return told
        return f"{told}, as [{name}={latex}, {latex}=...]; for the value, write [{name}=({latex})]"
    return ""


_BASES: dict[str, tuple[Claim, Vocabulary, set[Any]]] = {}
"""Vocabularies of claims, and of what their statements and definitions speak."""


def _base(claim: Claim) -> tuple[Vocabulary, set[Any]]:
    known = _BASES.get(claim.id)
    if known is None or known[0] is not claim:
        spoken: set[Any] = set()
        for part in (claim.statement, *(x for d in claim.where for x in (d.head, d.body))):
            calls = part.atoms(AppliedUndef)
            spoken |= {*part.free_symbols, *part.atoms(MatrixSymbol), *(f.func for f in calls)}
        known = _BASES[claim.id] = (claim, vocabulary_of(claim), spoken)
    return known[1:]


def _is_renamed(entry: Entry, new: Mapping[str, str]) -> bool:
    told = {str(getattr(thing, "name", thing)) for thing in entry.things}
    return bool(told & set(new)) or entry.shown in new


def _declared(told: Sequence[Declared]) -> Vocabulary:
    latest = {spelled(item.name): item for item in told}
    symbols: dict[str, Any] = {}
    for item in latest.values():
        if item.kind in _KINDS:
            symbols[item.name] = Symbol(_plain(item.name), **_KINDS[item.kind])
    known = {spelled(name): symbol for name, symbol in symbols.items()}
    things = dict(symbols)
    for item in latest.values():
        if item.kind == "function":
            arguments = [_argument(a, known, things) for a in item.arguments]
            sign = _KINDS.get(item.sign, {})
            things[item.name] = Function(_plain(item.name), **sign)(*arguments)
        elif item.kind == "matrix":
            sizes = [_size(a, known, things) for a in item.arguments]
            things[item.name] = MatrixSymbol(_plain(item.name), *sizes)
    try:
        return declared(things)
    except ValueError as error:
        raise NotationError(f"let: {error}") from None


def _argument(name: str, known: dict[str, Any], things: dict[str, Any]) -> Any:
    key = spelled(name)
    if key not in known:
        sign = {"nonnegative": True} if key == "t" else {"real": True}
        known[key] = things[name] = Symbol(_plain(name), **sign)
    return known[key]


def _size(name: str, known: dict[str, Any], things: dict[str, Any]) -> Any:
    if name.isdigit():
        return int(name)
    key = spelled(name)
    if key not in known:
        known[key] = things[name] = Symbol(_plain(name), integer=True, positive=True)
    return known[key]


def _plain(name: str) -> str:
    return name.replace("\\", "").replace("{", "").replace("}", "")


def point_told(point: Mapping[Any, str], written_as: Mapping[Any, Node]) -> dict[str, str]:
    """The point with the manuscript's names, where it has them."""
    return {_written(name, written_as): value for name, value in point.items()}


def _written(name: Any, written_as: Mapping[Any, Node]) -> str:
    if name in written_as:
        return written(written_as[name])
    if isinstance(name, AppliedUndef) and name.func in written_as and len(name.args) == 1:
        base = written_as[name.func]
        return written(nodes.Scripted(base, nodes.Number(str(name.args[0]))))
    return str(name)
