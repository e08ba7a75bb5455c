"""Relations over levels against a claim: for every depth by a normal form, refuted by instances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import flint
import numpy as np
from lemmata.theory.claims import Claim
from sympy import Eq, Equivalent, Ge, Gt, Le, Lt, S
from sympy.core.function import AppliedUndef

from ..domain import gap, strict
from ..levels.instances import Instance, draw_instance, random_source
from ..levels.normal import LevelNormal
from ..levels.signs import LevelSigns
from ..levels.values import UndefinedError, Values
from ..verdicts import Status
from .comparison import Comparison, proved, undecided
from .generators import factor_candidates
from .inequalities import turned

__all__ = ["SequenceRelations", "described"]

DRAWS = 24
DIGITS = 8
_INEQUALITY = (Gt, Ge, Lt, Le)


class SequenceRelations:
    """Relations over sequences of symbolic length: one claim, and relations to compare with it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.signs = LevelSigns(claim)

    def names(self) -> Sequence[Any]:
        """Symbols and values of sequences of the statement."""
        statement = self.claim.statement
        return sorted(statement.free_symbols | statement.atoms(AppliedUndef), key=str)

    def instances(self, relation: Any, rng: np.random.Generator, count: int) -> Iterator[Instance]:
        """Instances of what the claim assumes, with all that the relation speaks of."""
        changed = replace(self.claim, statement=relation, derivation=None)
        source = random_source(rng)
        for _ in range(count):
            found = draw_instance(changed, source, attempts=3)
            if found is not None:
                yield found

    def follows(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether it holds for every depth; refuted by an exact instance."""
        if type(relation) is not type(self.claim.statement) and isinstance(relation, Eq) is not (
            isinstance(self.claim.statement, Eq)
        ):
            return undecided("the claim and this are relations of different kinds")
        changed = replace(self.claim, statement=relation, derivation=None)
        failing = [
            instance
            for instance in self.instances(relation, rng, DRAWS)
            if Values(changed, instance).holds(relation) is False
        ]
        if failing:
            smallest = min(failing, key=_size)
            left, right = self._sides(Values(changed, smallest), relation)
            return Comparison(Status.REFUTED, "it fails", described(smallest), left, right)
        if isinstance(relation, Eq) and LevelNormal(self.claim).vanishes(
            relation.lhs - relation.rhs
        ):
            return proved()
        return undecided("no instance tells against it, and its normal form does not show it")

    def _sides(self, values: Values, relation: Any) -> tuple[str, str]:
        if isinstance(relation, Equivalent):
            return "", ""
        told = []
        for side in (relation.lhs, relation.rhs):
            try:
                value = values.value(side)
                exact = not isinstance(value, flint.arb)
                told.append(str(value) if exact else value.str(DIGITS, radius=False))
            except (UndefinedError, ZeroDivisionError):
                told.append("undefined")
        return told[0], told[1]

    def same(self, relation: Any, rng: np.random.Generator) -> Comparison:
        """Whether the relation says what the claim says."""
        statement = self.claim.statement
        if isinstance(statement, Equivalent):
            return self._equivalences(relation)
        if isinstance(relation, Equivalent):
            return undecided("the claim is no equivalence, and this is one")
        return self._one(relation, statement)

    def _equivalences(self, relation: Any) -> Comparison:
        if not isinstance(relation, Equivalent) or len(relation.args) != 2:
            return undecided("the claim is an equivalence, and this is none")
        theirs = list(self.claim.statement.args)
        for mine in (list(relation.args), [turned(r) for r in relation.args]):
            for order in (theirs, theirs[::-1]):
                pairs = zip(mine, order, strict=True)
                if all(self._one(a, b).status is Status.PROVED for a, b in pairs):
                    return proved()
        return undecided("no side of it is shown to say what a side of the claim says")

    def _one(self, relation: Any, statement: Any) -> Comparison:
        equation = isinstance(statement, Eq)
        if isinstance(relation, Eq) is not equation:
            return undecided("the claim and this are relations of different kinds")
        if not equation and strict(relation) is not strict(statement):
            return undecided("one of the claim and this is strict, the other is not")
        told = gap if not equation else _difference
        mine, theirs = told(relation), told(statement)
        if mine == 0:
            return undecided("both sides are the same whatever the claim says")
        reason = "it is not shown to say what the claim says"
        for chosen in self._levels(relation):
            where = tuple(d for d in self.claim.where if d.symbol in chosen)
            normal = LevelNormal(replace(self.claim, where=where))
            if normal.vanishes(theirs):
                continue
            expanded = replace(self.claim, where=where)
            own, other = expanded.expand(mine), expanded.expand(theirs)
            slopes = (slope for slope, _ in factor_candidates(own, other))
            for factor in chain((S.One, S.NegativeOne), slopes):
                if not self._admitted(factor, equation):
                    continue
                if normal.vanishes(mine - factor * theirs):
                    return proved()
        if equation and self._literally(relation):
            return proved()
        return undecided(reason)

    def _literally(self, relation: Any) -> bool:
        """One side is a side of the claim as it stands, and the equation holds."""
        statement = self.claim.statement
        sides = {relation.lhs, relation.rhs} & _subjects(statement)
        difference = relation.lhs - relation.rhs
        if not sides or relation.lhs == relation.rhs:
            return False
        # What holds whatever the definitions are says nothing, unless that is all the claim says.
        bare = LevelNormal(replace(self.claim, where=()))
        if bare.vanishes(difference) and not bare.vanishes(statement.lhs - statement.rhs):
            return False
        return LevelNormal(self.claim).vanishes(difference)

    def _levels(self, relation: Any) -> Iterator[set[Any]]:
        where = self.claim.where
        spoken = {d.symbol for d in where if self.claim.statement.has(d.symbol)}
        written = {d.symbol for d in where if relation.has(d.symbol)}
        seen: list[set[Any]] = []
        for chosen in (set(), spoken - written, written - spoken, spoken ^ written,
                       {d.symbol for d in where}):  # fmt: skip
            if chosen not in seen:
                seen.append(chosen)
                yield chosen

    def _admitted(self, factor: Any, equation: bool) -> bool:
        if factor.has(*(d.symbol for d in self.claim.where)) or not factor.is_Number:
            factor = self.claim.expand(factor)
        if self.signs.positive(factor):
            return True
        return equation and self.signs.positive(-factor)


def _subjects(statement: Any) -> set[Any]:
    """The sides of which an equation speaks: values of sequences, or the longer side."""
    sides = (statement.lhs, statement.rhs)
    most = max(side.count_ops() for side in sides)
    return {s for s in sides if isinstance(s, AppliedUndef) or (s.count_ops() == most and s != 0)}


def described(instance: Instance) -> dict[Any, str]:
    """Symbols and the values of sequences at their indices."""
    told: dict[Any, str] = {symbol: str(value) for symbol, value in instance.scalars.items()}
    for function, values in instance.sequences.items():
        told |= {function(index): str(value) for index, value in sorted(values.items())}
    return told


def _size(instance: Instance) -> int:
    values = [*instance.scalars.values()]
    values += [v for told in instance.sequences.values() for v in told.values()]
    return sum(abs(v.numerator) + v.denominator for v in values)


def _difference(relation: Any) -> Any:
    return relation.lhs - relation.rhs
