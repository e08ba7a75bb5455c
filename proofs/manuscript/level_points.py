"""Whether a relation over levels holds by a part of what a claim assumes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import flint
import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq

from ..levels.instances import Instance, draw_instance, random_source
from ..levels.normal import LevelNormal
from ..levels.values import UndefinedError, Values
from .time_limit import check_time

__all__ = ["drawn", "holds"]

DRAWS = 24


def drawn(claim: Claim, rng: np.random.Generator, count: int) -> Iterator[Instance]:
    """At most so many instances of what the claim assumes and its statement speaks of."""
    source = random_source(rng)
    for _ in range(count):
        check_time()
        found = draw_instance(claim, source, attempts=3)
        if found is not None:
            yield found


def holds(reduced: Claim, relation: Any, rng: np.random.Generator) -> str:
    """Whether the relation holds by what ``reduced`` defines and assumes; see ``less.Holds``.

    What is defined no more is free, at every index.
    """
    decided = 0
    changed = replace(reduced, statement=relation, derivation=None)
    for instance in drawn(changed, rng, DRAWS):
        truth = _truth(_Free(changed, instance, rng), relation)
        if truth is False:
            return "refuted"
        decided += truth is True
    if isinstance(relation, Eq) and LevelNormal(reduced).vanishes(relation.lhs - relation.rhs):
        return "proved"
    return "undecided" if decided else "unknown"


def _truth(values: Values, relation: Any) -> bool | None:
    """Whether it holds there; an equation may, where no digits tell against it."""
    if not isinstance(relation, Eq):
        return values.holds(relation)
    try:
        difference = values.value(relation.lhs - relation.rhs)
    except (UndefinedError, ZeroDivisionError):
        return None
    return bool(difference.contains(0) if isinstance(difference, flint.arb) else difference == 0)


class _Free(Values):
    """Values at an instance; a sequence of which nothing is known has any positive ones."""

    def __init__(self, claim: Claim, instance: Instance, rng: np.random.Generator) -> None:
        super().__init__(claim, instance)
        self.rng = rng

    def _called(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        known = function in self.instance.sequences or function in self.definitions
        if known or self.levels.recursion(function) is not None:
            return super()._called(function, arguments)
        return flint.fmpq(int(self.rng.integers(1, 20)), int(self.rng.integers(1, 8)))
