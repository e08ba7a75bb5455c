"""Where a claim over levels speaks of what it defines: its sequences end there.

A definition often has a value beyond, as an empty sum has; that decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Equivalent

from ..levels.instances import Instance
from ..levels.values import OutsideError, UndefinedError, Values

__all__ = ["Within", "places_of", "sides_of"]

Places = dict[Any, tuple[int, int]]


def places_of(claim: Claim, instance: Instance) -> Places:
    """The lowest and highest index at which the claim takes what it defines.

    Indices stand at their ends, since all places move along with them.
    """
    seen: dict[Any, set[int]] = {}
    for corner in _corners(claim, instance):
        reading = _Seen(claim, corner, seen)
        for side in sides_of(claim.statement):
            try:
                reading.value(side)
            except (UndefinedError, ZeroDivisionError):
                continue
        for definition in claim.where:
            args = definition.head.args
            if definition.symbol not in seen and len(args) == 1 and args[0] in corner.scalars:
                place = corner.scalars[args[0]]
                seen.setdefault(definition.symbol, set()).add(int(place))
    return {function: (min(told), max(told)) for function, told in seen.items()}


def sides_of(relation: Any) -> list[Any]:
    """The sides of a relation, or of both relations of an equivalence."""
    if isinstance(relation, Equivalent):
        return list(chain.from_iterable(map(sides_of, relation.args)))
    return [relation.lhs, relation.rhs]


def _corners(claim: Claim, instance: Instance) -> Iterator[Instance]:
    assert claim.levels is not None
    known = [dict(instance.scalars)]
    for index, low, high in claim.levels.indices:
        known = [
            {**scalars, index: Fraction(int(end.subs(_whole(scalars))))}
            for scalars in known
            for end in (low, high)
        ]
    for scalars in known:
        yield Instance(scalars, instance.sequences)


def _whole(scalars: dict[Any, Fraction]) -> dict[Any, int]:
    return {s: int(v) for s, v in scalars.items() if v.denominator == 1}


class _Seen(Values):
    """Values at an instance; ``seen``: the places at which what is defined was taken."""

    def __init__(self, claim: Claim, instance: Instance, seen: dict[Any, set[int]]) -> None:
        super().__init__(claim, instance)
        self.seen = seen

    def _called(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        value = super()._called(function, arguments)
        if function in self.definitions and len(arguments) == 1 and arguments[0].q == 1:
            self.seen.setdefault(function, set()).add(int(arguments[0].p))
        return value


class Within(Values):
    """Values at an instance; what is defined has none at places where the claim is silent."""

    def __init__(self, claim: Claim, instance: Instance, places: Places) -> None:
        super().__init__(claim, instance)
        self.places = places
        self.inside = 0

    def _called(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        low, high = self.places.get(function, (None, None))
        if not self.inside and low is not None and high is not None:
            place = arguments[0]
            if place.q != 1 or not low <= place <= high:
                raise OutsideError(f"{function} is not spoken of at {place}")
        self.inside += 1
        try:
            return super()._called(function, arguments)
        finally:
            self.inside -= 1
