"""The vocabulary of a claim, from all its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.gaussian import GaussianAverage
from lemmata.theory.matrix_calculus import ScalarTimeDerivative, TimeDerivative
from sympy import Basic, Derivative, Integral, Lambda, MatrixSymbol, Product, Subs, Sum, Symbol
from sympy.core.function import AppliedUndef, UndefinedFunction

from ..typesetting.names import latex_of_name
from .vocabulary import Entry, Vocabulary, respelled, spelled

__all__ = ["expressions_of", "vocabulary_of"]


def vocabulary_of(claim: Claim, renamed: Mapping[str, str] | None = None) -> Vocabulary:
    r"""The names of a claim: of its statement, definitions, assumptions, facts, levels and steps.

    ``renamed`` maps a name of the claim (``s``, ``a_0``, ``tau``, ``W21``, also as LaTeX ``\tau``)
    to what the manuscript writes, ``{"s": "S", "a_0": "u_0"}``.  Raises ``NotationError`` for a
    name that the claim does not have, and where two names would be written alike.
    """
    expressions = [e for e in expressions_of(claim) if isinstance(e, Basic)]
    names = _names(claim, expressions)
    bound = {_spelled(symbol.name): symbol for symbol in _bound(expressions)}
    for key, symbol in bound.items():
        names.setdefault(key, Entry(latex_of_name(symbol.name), symbol=symbol))
    facts = claim.facts
    time = _time(claim, names)
    return Vocabulary(
        respelled(names, renamed or {}),
        bound=bound,
        time=time,
        random=frozenset(facts.random) | {w for w, _ in facts.gaussian} if facts else frozenset(),
        known=(*claim.given, *(facts.given if facts else ())),
        moves=any(_moves(expr, time) for expr in expressions),
    )


def expressions_of(claim: Claim) -> Iterator[Any]:
    """Every expression in which a name of the claim may stand."""
    yield claim.statement
    for definition in claim.where:
        yield definition.head
        yield definition.body
    yield from claim.given
    if claim.facts is not None:
        facts = claim.facts
        yield from facts.given
        for letters in (facts.orthonormal_columns, facts.symmetric, facts.diagonal):
            yield from letters
        yield from (*facts.constant, *facts.random)
        yield from (part for pair in (*facts.commuting, *facts.gaussian) for part in pair)
        yield facts.time
    if claim.levels is not None:
        levels = claim.levels
        yield levels.depth
        for index, low, high in levels.indices:
            yield from (index, low, high)
        for sequence in levels.sequences:
            yield sequence.symbol(Symbol("l", integer=True))
            yield from (sequence.low, sequence.high)
        for term, value in levels.boundary.items():
            yield from (term, value)
        for recursion in levels.recursions:
            yield from (recursion.head, recursion.first, recursion.step)
    if claim.derivation is not None:
        for step in claim.derivation.steps:
            yield step.relation


def _names(claim: Claim, expressions: list[Any]) -> dict[str, Entry]:
    parts: dict[str, dict[str, Any]] = {}
    seen: dict[Any, dict[tuple[Any, ...], None]] = {}
    for expr in expressions:
        for found in sorted(expr.atoms(Symbol, MatrixSymbol), key=str):
            kind = "letter" if isinstance(found, MatrixSymbol) else "symbol"
            _put(parts, found.name, kind, found)
        for call in sorted(expr.atoms(AppliedUndef), key=str):
            _put(parts, call.func.__name__, "function", call.func)
            seen.setdefault(call.func, {})[call.args] = None
    heads = {d.symbol: d.head.args for d in claim.where if isinstance(d.symbol, UndefinedFunction)}
    usual = _usual_arguments(claim, expressions)
    entries: dict[str, Entry] = {}
    for name, things in parts.items():
        function = things.get("function")
        calls = tuple(seen.get(function, {}))
        entries[_spelled(name)] = Entry(
            latex_of_name(name),
            **things,
            seen=calls,
            bare=_bare(calls, heads.get(function) or usual.get(function)),
            indexed=_indexed(calls),
        )
    return entries


def _put(parts: dict[str, dict[str, Any]], name: str, kind: str, thing: Any) -> None:
    """Keep what a name stands for: of two symbols the one of which more is known."""
    things = parts.setdefault(name, {})
    known = things.get(kind)
    if known is None or (kind == "symbol" and len(thing.assumptions0) > len(known.assumptions0)):
        things[kind] = thing


def _usual_arguments(claim: Claim, expressions: list[Any]) -> dict[Any, tuple[Any, ...]]:
    """Of functions without a definition: those in which they are differentiated, or are solved."""
    found: dict[Any, set[tuple[Any, ...]]] = {}
    for expr in expressions:
        for rate in expr.atoms(Derivative):
            if isinstance(rate.expr, AppliedUndef):
                found.setdefault(rate.expr.func, set()).add(rate.expr.args)
    usual = {function: next(iter(args)) for function, args in found.items() if len(args) == 1}
    head = getattr(claim.statement, "lhs", None)
    if isinstance(head, AppliedUndef):
        usual[head.func] = head.args
    return usual


def _bare(calls: tuple[Any, ...], head: Any) -> tuple[Any, ...] | None:
    """The arguments that the name has where none are written."""
    plain = [c for c in calls if all(x.is_Symbol for x in c) and len(set(c)) == len(c)]
    if head in plain:
        plain = [head]
    if len(plain) != 1 or _indexed(calls):
        return None
    return tuple(plain[0])


def _indexed(calls: tuple[Any, ...]) -> bool:
    return bool(calls) and all(len(c) == 1 and c[0].is_integer for c in calls)


def _bound(expressions: list[Any]) -> Iterator[Symbol]:
    for expr in expressions:
        for inner in sorted(expr.atoms(Sum, Product, Integral), key=str):
            yield from (limits[0] for limits in inner.limits)
        for inner in sorted(expr.atoms(GaussianAverage), key=str):
            yield inner.variable
        for inner in sorted(expr.atoms(Subs, Lambda), key=str):
            yield from inner.variables


def _time(claim: Claim, names: Mapping[str, Entry]) -> Any:
    if claim.facts is not None and claim.facts.time is not None:
        return claim.facts.time
    entry = names.get("t")
    return entry.symbol if entry is not None else None


def _moves(expr: Any, time: Any) -> bool:
    """Whether something in it is differentiated by the time."""
    rates = (d for d in expr.atoms(Derivative) if time in d.variables)
    return expr.has(TimeDerivative, ScalarTimeDerivative) or any(rates)


def _spelled(name: str) -> str:
    return spelled(latex_of_name(name))
