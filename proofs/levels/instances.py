"""Instances of a claim over levels: a depth, values of the sequences, indices, scalars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from lemmata.theory.claims import Claim
from lemmata.theory.levels import Levels
from lemmata.theory.well_formed import bound_symbols
from sympy import Symbol

from .values import UndefinedError, Values

__all__ = [
    "FITS",
    "Instance",
    "Source",
    "draw_instance",
    "fault_of",
    "instances",
    "random_source",
    "recorded",
]

DEEPEST, DEEPER = 4, 12
MOST_CHILDREN, MORE_CHILDREN = 4, 60
RARE = 7
"""One draw in eight is from a wider range: what holds for small numbers only is seen there."""
ATTEMPTS = 30
_PROBABILITIES = tuple(map(Fraction, ("1/10", "1/5", "0", "1/2", "1", "9/10")))


class Source(Protocol):
    """Where the values of an instance come from: Hypothesis, or a random generator."""

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        ...


@dataclass
class Instance:
    """``scalars``: depth, indices and symbols; ``sequences``: values by function and index."""

    scalars: dict[Any, Fraction] = field(default_factory=dict)
    sequences: dict[Any, dict[int, Fraction]] = field(default_factory=dict)

    def described(self) -> dict[str, str]:
        """Names and exact values."""
        told = {str(symbol): str(value) for symbol, value in self.scalars.items()}
        for function, values in self.sequences.items():
            told[str(function)] = ", ".join(f"{i}: {v}" for i, v in sorted(values.items()))
        return told


@dataclass(frozen=True)
class _Random:
    rng: np.random.Generator

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high, endpoint=True))


@dataclass(frozen=True)
class _Drawn:
    draw: DrawFn

    def whole(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))


def random_source(rng: np.random.Generator) -> Source:
    """Instances from a random generator."""
    return _Random(rng)


def instances(claim: Claim) -> SearchStrategy[Instance]:
    """Instances that satisfy what the claim assumes; they shrink to shallow trees."""

    @st.composite
    def drawn(draw: DrawFn) -> Instance:
        instance = draw_instance(claim, _Drawn(draw), attempts=1)
        assume(instance is not None)
        assert instance is not None
        return instance

    return drawn()


def draw_instance(claim: Claim, source: Source, attempts: int = ATTEMPTS) -> Instance | None:
    """An instance for which all that is given holds, None when no attempt finds one."""
    levels = claim.levels
    assert levels is not None
    for _ in range(attempts):
        made = _drawn(claim, levels, source)
        if made is not None and _satisfied(claim, made):
            return made
    return None


def recorded(claim: Claim, at: Mapping[Any, Any]) -> Instance:
    """The instance of a witness: values of symbols and of applied sequences."""
    levels = claim.levels
    assert levels is not None
    made = Instance()
    for key, value in {**levels.boundary, **at}.items():
        number = Fraction(int(value.p), int(value.q))
        if key.is_Symbol:
            made.scalars[key] = number
        else:
            place = key.args[0].subs({s: v for s, v in at.items() if s.is_Symbol})
            made.sequences.setdefault(key.func, {})[int(place)] = number
    return made


def _drawn(claim: Claim, levels: Levels, source: Source) -> Instance | None:
    made = Instance({levels.depth: Fraction(_tailed(source, 1, DEEPEST, DEEPER))})
    known = made.scalars
    for index, low, high in levels.indices:
        first, last = (_integer(end, known) for end in (low, high))
        if first > last:
            return None
        known[index] = Fraction(source.whole(first, last))
    for sequence in levels.sequences:
        first, last = (_integer(end, known) for end in (sequence.low, sequence.high))
        draw = _KINDS[sequence.kind]
        made.sequences[sequence.symbol] = {i: draw(source) for i in range(first, last + 1)}
    for applied, value in levels.boundary.items():
        place = _integer(applied.args[0], known)
        made.sequences.setdefault(applied.func, {})[place] = Fraction(int(value.p), int(value.q))
    for symbol in _scalars(claim, levels):
        known[symbol] = _scalar(symbol, source)
    return made


def fault_of(claim: Claim, made: Instance) -> str:
    """Why a recorded instance is none of the claim: what it leaves out, or a value outside."""
    levels = claim.levels
    assert levels is not None
    known = made.scalars
    missing = [s for s in (levels.depth, *_scalars(claim, levels)) if s not in known]
    missing += [index for index, _, _ in levels.indices if index not in known]
    if missing:
        return f"it gives no value of {', '.join(map(str, missing))}"
    if known[levels.depth] < 1 or known[levels.depth].denominator > 1:
        return f"{levels.depth} = {known[levels.depth]} is no depth"
    for index, low, high in levels.indices:
        if known[index].denominator > 1 or not (
            _integer(low, known) <= known[index] <= _integer(high, known)
        ):
            return f"{index} = {known[index]} is outside its range"
    for symbol in _scalars(claim, levels):
        if not _allowed(symbol, known[symbol]):
            return f"{symbol} = {known[symbol]} is outside its domain"
    for sequence in levels.sequences:
        values = made.sequences.get(sequence.symbol, {})
        for place in range(_integer(sequence.low, known), _integer(sequence.high, known) + 1):
            if place in values and not FITS[sequence.kind](values[place]):
                return f"{sequence.symbol}({place}) = {values[place]} is no {sequence.kind}"
    return ""


def _allowed(symbol: Any, value: Fraction) -> bool:
    if symbol.is_integer and value.denominator > 1:
        return False
    return not (
        (symbol.is_positive and value <= 0)
        or (symbol.is_nonnegative and value < 0)
        or (symbol.is_negative and value >= 0)
    )


FITS: dict[str, Callable[[Fraction], bool]] = {
    "count": lambda value: value.denominator == 1 and value >= 1,
    "probability": lambda value: 0 <= value <= 1,
    "positive": lambda value: value > 0,
    "nonnegative": lambda value: value >= 0,
    "real": lambda value: True,
}
"""Which values are of a kind."""


def _integer(expr: Any, known: Mapping[Any, Fraction]) -> int:
    return int(expr.subs({symbol: int(value) for symbol, value in known.items()}))


def _tailed(source: Source, low: int, high: int, higher: int) -> int:
    """Mostly from a small range, sometimes beyond it."""
    if source.whole(0, RARE) == RARE:
        return source.whole(high + 1, higher)
    return source.whole(low, high)


def _count(source: Source) -> Fraction:
    return Fraction(_tailed(source, 1, MOST_CHILDREN, MORE_CHILDREN))


def _probability(source: Source) -> Fraction:
    place = source.whole(0, 2 * len(_PROBABILITIES))
    if place < len(_PROBABILITIES):
        return _PROBABILITIES[place]
    parts = source.whole(2, 20)
    return Fraction(source.whole(1, parts - 1), parts)


def _positive(source: Source) -> Fraction:
    if source.whole(0, 1):  # what is assumed is often an upper bound of order one
        parts = source.whole(2, 20)
        return Fraction(source.whole(1, parts - 1), parts)
    return Fraction(_tailed(source, 1, 20, 1000), source.whole(1, 8))


def _nonnegative(source: Source) -> Fraction:
    return Fraction(_tailed(source, 0, 20, 1000), source.whole(1, 8))


def _real(source: Source) -> Fraction:
    sign = 1 - 2 * source.whole(0, 1)
    return Fraction(sign * _tailed(source, 0, 20, 1000), source.whole(1, 8))


_KINDS: dict[str, Callable[[Source], Fraction]] = {
    "count": _count,
    "probability": _probability,
    "positive": _positive,
    "nonnegative": _nonnegative,
    "real": _real,
}


def _scalars(claim: Claim, levels: Levels) -> list[Any]:
    """Symbols that are neither depth nor index nor bound nor defined, in order of their names."""
    defined = {d.symbol for d in claim.where}
    fixed = {levels.depth, *(index for index, _, _ in levels.indices), *defined}
    fixed |= {recursion.index for recursion in levels.recursions}
    parts = [claim.statement, *claim.given, *(d.expression for d in claim.where)]
    parts += [r.following for r in levels.recursions]
    found: set[Any] = set()
    for part in parts:
        found |= {s for s in part.free_symbols if isinstance(s, Symbol)}
    bound = set().union(*(bound_symbols(part) for part in parts)) if parts else set()
    return sorted(found - fixed - bound, key=str)


def _scalar(symbol: Any, source: Source) -> Fraction:
    if symbol.is_integer:
        low = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -6
        return Fraction(_tailed(source, low, 6, 100))
    if symbol.is_positive:
        return _positive(source)
    return _nonnegative(source) if symbol.is_nonnegative else _real(source)


def _satisfied(claim: Claim, made: Instance) -> bool:
    try:
        return all(Values(claim, made).holds(relation) is True for relation in claim.given)
    except UndefinedError:
        return False
