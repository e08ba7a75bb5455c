"""Values of a family over indices, as a nested list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lemmata.theory.outputs import Listed
from sympy import Integer

from .domain import rational
from .inputs import InputError

__all__ = ["MOST_ENTRIES", "Places", "nested"]

MOST_ENTRIES = 100_000


class Places:
    """The values that the indices of a family run through, at exact values of the inputs.

    Raises ``InputError`` for a bound that is no whole number and for more than ``MOST_ENTRIES``
    entries.
    """

    def __init__(self, name: str, family: Listed, scalars: Mapping[Any, Fraction]) -> None:
        self.name, self.family = name, family
        self._known = {symbol: rational(value) for symbol, value in scalars.items()}
        self.shape: Any = self._shape(0, {})
        self.count = _total(self.shape)
        self.first = [self._bound(first, {}) for _, first, _ in family.limits]

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """The values of the indices, entry by entry, in the order of the nested list."""
        return _run(self.shape, self.first)

    def _shape(self, level: int, outer: dict[Any, Any]) -> Any:
        """A length, or at an outer index the shape of each row (one number: all alike)."""
        index, first, last = self.family.limits[level]
        start, end = self._bound(first, outer), self._bound(last, outer)
        length = max(0, end - start + 1)
        self._refuse_beyond(length)
        if level + 1 == len(self.family.limits):
            return length
        deeper = [limit[2] for limit in self.family.limits[level + 1 :]]
        if not any(bound.has(index) for bound in deeper):
            row = self._shape(level + 1, outer)
            self._refuse_beyond(length * _total(row))
            return [row] * length
        rows: list[Any] = []
        total = 0
        for place in range(start, end + 1):
            rows.append(self._shape(level + 1, {**outer, index: Integer(place)}))
            total += _total(rows[-1])
            self._refuse_beyond(total)
        return rows

    def _bound(self, bound: Any, outer: Mapping[Any, Any]) -> int:
        value = bound.xreplace({**self._known, **outer})
        if not value.is_Integer:
            raise InputError(f"values: {self.name} is listed up to {bound} = {value}, no integer")
        return int(value)

    def _refuse_beyond(self, count: int) -> None:
        if count > MOST_ENTRIES:
            raise InputError(
                f"values: {self.name} would have {count} entries or more: give smaller inputs, for "
                f"at most {MOST_ENTRIES} entries"
            )


def _total(shape: Any) -> int:
    if isinstance(shape, int):
        return shape
    return sum(_total(row) for row in shape)


def _run(shape: Any, first: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if isinstance(shape, int):
        yield from ((place,) for place in range(first[0], first[0] + shape))
        return
    for place, row in enumerate(shape, first[0]):
        yield from ((place, *rest) for rest in _run(row, first[1:]))


def nested(shape: Any, entries: Iterator[Any], part: Callable[[Any], Any]) -> Any:
    """``part`` of each of the entries, in nested lists of that shape."""
    if isinstance(shape, int):
        return [part(next(entries)) for _ in range(shape)]
    return [nested(row, entries, part) for row in shape]
