"""What a claim over the levels of a hierarchy, or over a list of modes, ranges over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Eq, Integer, S
from sympy.core.function import UndefinedFunction

__all__ = ["KINDS", "Levels", "Recursion", "Sequence"]

KINDS = ("count", "probability", "positive", "nonnegative", "real")
"""Values of a sequence: whole numbers from 1, numbers from 0 to 1, and by sign."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A free sequence: ``symbol(l)`` is any value of its ``kind`` for l from ``low`` to ``high``.

    Raises ``TypeError`` where ``symbol`` is no function, ``ValueError`` for an unknown kind.
    """

    symbol: Any
    kind: str
    low: Any
    high: Any

    def __post_init__(self) -> None:
        if not isinstance(self.symbol, UndefinedFunction):
            raise TypeError(f"symbol: {self.symbol!r} is no Function: give Function('B')")
        if self.kind not in KINDS:
            raise ValueError(f"kind: {self.kind!r} is unknown: choose from {', '.join(KINDS)}")
        object.__setattr__(self, "low", S.Zero + self.low)
        object.__setattr__(self, "high", S.Zero + self.high)


@dataclass(frozen=True, slots=True)
class Recursion:
    """A sequence that a model determines step by step.

    ``head`` = f(m): f(``start``) = ``value``, and f(m + 1) = ``following``, an expression in m and
    f(m).  Both are premises of the claim: ``first`` and ``step``.

    Raises ``ValueError`` where f stands in ``following`` at another place than m, or m in what f
    starts with.
    """

    head: Any
    start: Any
    value: Any
    following: Any

    def __post_init__(self) -> None:
        for name in ("start", "value", "following"):
            object.__setattr__(self, name, S.Zero + getattr(self, name))
        elsewhere = [t for t in self.following.atoms(self.symbol) if t != self.head]
        if elsewhere or self.value.has(self.symbol, self.index) or self.start.has(self.index):
            raise ValueError(
                f"following: {self.symbol} is determined from {self.head} alone: write "
                f"{self.symbol}({self.index} + 1) by it, and its start without {self.index}"
            )

    @property
    def index(self) -> Any:
        """The symbol m."""
        return self.head.args[0]

    @property
    def symbol(self) -> Any:
        """The function f."""
        return self.head.func

    @property
    def first(self) -> Any:
        """f(start) = value."""
        return Eq(self.symbol(self.start), self.value, evaluate=False)

    @property
    def step(self) -> Any:
        """f(m + 1) = following."""
        return Eq(self.symbol(self.index + 1), self.following, evaluate=False)


@dataclass(frozen=True, slots=True)
class Levels:
    """Sequences of symbolic length, and the indices for all values of which a claim holds.

    ``depth``: the symbol of the length, a positive whole number.  ``indices``: (symbol, low, high)
    in an order in which each range depends on earlier ones only.  ``boundary``: values of
    sequences just outside their range that a convention fixes.

    Raises ``TypeError`` for a depth or an index that is no whole number, ``ValueError`` for an
    index with a declared sign, one that is named twice, a sequence of two kinds or beside a
    recursion, and a value at the boundary that may lie inside the range.
    """

    depth: Any
    sequences: tuple[Sequence, ...]
    indices: tuple[tuple[Any, Any, Any], ...] = ()
    boundary: Mapping[Any, Any] = field(default_factory=dict)
    recursions: tuple[Recursion, ...] = ()

    def __post_init__(self) -> None:
        _refuse_indices(self)
        exact = tuple((i, S.Zero + low, S.Zero + high) for i, low, high in self.indices)
        object.__setattr__(self, "indices", exact)
        values = {k: Integer(v) if isinstance(v, int) else v for k, v in self.boundary.items()}
        object.__setattr__(self, "boundary", values)
        symbols = [s.symbol for s in self.sequences] + [r.symbol for r in self.recursions]
        twice = {symbol for symbol in symbols if symbols.count(symbol) > 1}
        if twice:
            raise ValueError(f"sequences: {min(twice, key=str)} is declared twice: keep one")
        for term in values:
            sequence = self.sequence(term.func)
            if sequence is None or not _certainly_outside(term.args[0], sequence):
                raise ValueError(
                    f"boundary: {term} is not outside the range of a sequence at every depth: "
                    "there its value is free"
                )

    def sequence(self, symbol: Any) -> Sequence | None:
        """The free sequence of that function, None where there is none."""
        return next((s for s in self.sequences if s.symbol == symbol), None)

    def recursion(self, symbol: Any) -> Recursion | None:
        """The recursion of that function, None where there is none."""
        return next((r for r in self.recursions if r.symbol == symbol), None)

    def range_of(self, index: Any) -> tuple[Any, Any] | None:
        """Lowest and highest value of an index, None for what is none."""
        return next(((low, high) for i, low, high in self.indices if i == index), None)


def _refuse_indices(levels: Levels) -> None:
    symbols = [index for index, _, _ in levels.indices]
    for symbol in (levels.depth, *symbols):
        if not (symbol.is_Symbol and symbol.is_integer):
            raise TypeError(f"indices: {symbol!r} is no whole number: give integer=True")
    for symbol in symbols:
        if symbol.is_nonnegative is not None or symbol.is_zero is not None:
            raise ValueError(f"indices: {symbol} has a declared sign: its range says it, drop it")
    if len({levels.depth, *symbols}) <= len(symbols):
        raise ValueError(f"indices: {symbols} are not all different")


def _certainly_outside(place: Any, sequence: Sequence) -> bool:
    below, above = sequence.low - place, place - sequence.high
    return bool(below.is_positive or above.is_positive)
