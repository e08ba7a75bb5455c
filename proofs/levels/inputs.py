"""From the inputs of ``evaluate`` to an instance of a claim over levels."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lemmata.theory.claims import Claim, Evaluation
from lemmata.theory.levels import Levels, Sequence
from sympy import Integer, Symbol
from sympy.core.function import UndefinedFunction

from ..assignments import check_names, checked_scalar, short
from ..inputs import InputError, exact_value
from .instances import FITS, Instance
from .values import Values

__all__ = ["read_instance"]

MOST_LEVELS = 300
"""Sums inside sums over more levels take many seconds."""
_WANTED = {
    "count": "a whole number from 1",
    "probability": "from 0 to 1",
    "positive": "positive",
    "nonnegative": "0 or positive",
    "real": "a number",
}


def read_instance(claim: Claim, inputs: Mapping[str, str]) -> tuple[Instance, dict[str, Any]]:
    """The instance, and the inputs as they were read.

    A sequence is a list; one number alone stands for all levels where it is a probability.  The
    depth is the length of the lists.  Raises ``InputError`` for a missing, an extra or a malformed
    input, for lists of different lengths and for values outside the domain.
    """
    what, levels = claim.evaluation, claim.levels
    assert what is not None
    assert levels is not None
    check_names(claim, what, inputs)
    given = {name: exact_value(name, inputs[name]) for name in what.inputs}
    made = Instance()
    _read_sequences(levels, what, given, made)
    for name, symbol in what.inputs.items():
        if not isinstance(symbol, UndefinedFunction):
            made.scalars[symbol] = checked_scalar(claim, name, symbol, given[name])
    for name, symbol in what.inputs.items():
        _check_range(levels, name, symbol, made)
    _check_domain(claim, what, given, made)
    return made, given


def _read_sequences(
    levels: Levels, what: Evaluation, given: Mapping[str, Any], made: Instance
) -> None:
    lists = {
        name: (sequence, given[name])
        for name, symbol in what.inputs.items()
        if isinstance(symbol, UndefinedFunction) and (sequence := levels.sequence(symbol))
    }
    for name, (_, value) in lists.items():
        if isinstance(value, list) and any(isinstance(entry, list) for entry in value):
            raise InputError(f"{name}: a matrix is outside the domain: give a list, one per level")
    depth = _depth(levels, lists)
    made.scalars[levels.depth] = Fraction(depth)
    for name, (sequence, value) in lists.items():
        first, last = (int(end.subs(levels.depth, depth)) for end in (sequence.low, sequence.high))
        entries = value if isinstance(value, list) else [value] * (last - first + 1)
        for entry in entries:
            if not FITS[sequence.kind](entry):
                wanted = _WANTED[sequence.kind]
                raise InputError(f"{name}: {short(entry)} is outside the domain: give {wanted}")
        made.sequences[sequence.symbol] = dict(enumerate(entries, first))
    for applied, value in levels.boundary.items():
        place = int(applied.args[0].subs(levels.depth, depth))
        made.sequences.setdefault(applied.func, {})[place] = Fraction(int(value.p), int(value.q))


def _depth(levels: Levels, lists: Mapping[str, tuple[Sequence, Any]]) -> int:
    """The depth at which every list has an entry for each of its places."""
    found: dict[str, int] = {}
    for name, (sequence, value) in lists.items():
        more = int((sequence.high - sequence.low + 1).subs(levels.depth, 0))
        if isinstance(value, list):
            found[name] = len(value) - more
        elif sequence.kind != "probability":
            found[name] = 1 - more
    depths = set(found.values()) or {1}
    if len(depths) > 1:
        told = ", ".join(f"{name} has {_length(lists[name][1])}" for name in found)
        raise InputError(f"{told} entries: give every list one entry for each level")
    depth = depths.pop()
    if depth > MOST_LEVELS:
        raise InputError(f"{', '.join(found)}: {depth} levels: give at most {MOST_LEVELS}")
    if depth < 1:
        raise InputError(f"{', '.join(found)}: too few entries: give at least one level")
    return depth


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1


def _check_range(levels: Levels, name: str, symbol: Any, made: Instance) -> None:
    ends = levels.range_of(symbol)
    if ends is None:
        return
    known = {s: Integer(int(v)) for s, v in made.scalars.items() if v.denominator == 1}
    low, high = (end.subs(known) for end in ends)
    value = made.scalars[symbol]
    if not low <= value <= high:
        raise InputError(f"{name}: {short(value)} is outside the tree: give {low} to {high}")


def _check_domain(
    claim: Claim, what: Evaluation, given: Mapping[str, Any], made: Instance
) -> None:
    values = Values(claim, made)
    for relation in (*what.domain, *claim.given):
        if values.holds(relation) is not True:
            told = ", ".join(f"{name}={short(value)}" for name, value in given.items())
            raise InputError(f"{told}: outside the domain {_named(what, relation)} of {claim.id}")


def _named(what: Evaluation, relation: Any) -> Any:
    """The relation with the names of the inputs."""
    names = {s: Symbol(name) for name, s in what.inputs.items() if isinstance(s, Symbol)}
    return relation.xreplace(names)
