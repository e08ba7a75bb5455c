"""Whether relations over levels say the same, by definitions and algebra alone.

What a claim over levels assumes step by step, a recursion, may show that a relation is true, never
that it says as much: here the sequence of a recursion is as free as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Dummy, Eq, Mul, Pow, Product, S, Sum, Symbol

from ..domain import gap
from ..exact.normal_form import vanishes
from ..levels.normal import LevelNormal
from ..levels.signs import LevelSigns
from .generators import factor_candidates

__all__ = ["LevelForms"]

_INDEX = Symbol("index", integer=True)


class LevelForms:
    """Relations against the statement of one claim."""

    def __init__(self, claim: Claim) -> None:
        assert claim.levels is not None
        self.signs = LevelSigns(claim)
        self.claim = replace(claim, levels=replace(claim.levels, recursions=()), derivation=None)

    def same(self, relation: Any, statement: Any) -> bool:
        """Whether left - right of one is that of the other times a factor without zeros.

        With definitions inserted as far as the statement is not an identity yet; an identity that
        needs no definition is compared with its sums and products taken as they stand.
        """
        if self.restates(relation) and not self.restates(statement):
            return False
        forms = [*self._forms(relation, statement)]
        for chosen in self._levels(relation, statement):
            where = tuple(d for d in self.claim.where if d.symbol in chosen)
            level = replace(self.claim, where=where)
            normal = LevelNormal(level)
            for mine, theirs in forms:
                if normal.vanishes(theirs):
                    continue
                own, other = level.expand(mine), level.expand(theirs)
                for factor in self._factors(own, other, isinstance(statement, Eq)):
                    if normal.vanishes(mine - factor * theirs):
                        return True
        return isinstance(statement, Eq) and self._as_written(relation, statement)

    def restates(self, relation: Any) -> bool:
        """Whether it is a definition times something, or the square of one."""
        for definition in self.claim.where:
            told = Eq(definition.head, definition.body, evaluate=False)
            if not isinstance(relation, Eq) or not relation.has(definition.symbol):
                continue
            for mine, theirs in self._forms(relation, told):
                for factor in (slope for slope, _ in factor_candidates(mine, theirs)):
                    if self._bare.vanishes(mine - factor * theirs):
                        return True
        return False

    def _as_written(self, relation: Any, statement: Any) -> bool:
        """For an identity of sums and products, these taken as they stand."""
        if not self._bare.vanishes(statement.lhs - statement.rhs):
            return False
        known: dict[Any, Any] = {}
        mine, theirs = (_opaque(r.lhs - r.rhs, known) for r in (relation, statement))
        if vanishes(theirs):
            return False
        return any(vanishes(mine - f * theirs) for f in self._factors(mine, theirs, True))

    @cached_property
    def _bare(self) -> LevelNormal:
        return LevelNormal(replace(self.claim, where=()))

    def bare(self) -> LevelForms:
        """The same without definitions."""
        return LevelForms(replace(self.claim, where=()))

    def _forms(self, relation: Any, statement: Any) -> Iterator[tuple[Any, Any]]:
        """Left - right of both; also of the squares, where neither side is negative."""
        if not isinstance(statement, Eq):
            yield gap(relation), gap(statement)
            return
        mine, theirs = (r.lhs - r.rhs for r in (relation, statement))
        yield mine, theirs
        if self._not_negative(relation):
            yield relation.lhs**2 - relation.rhs**2, theirs
        if self._not_negative(statement):
            yield mine, statement.lhs**2 - statement.rhs**2

    def _not_negative(self, relation: Any) -> bool:
        """Whether a root stands in it and neither side is negative."""
        if not any(p.exp.is_Rational and p.exp.q == 2 for p in relation.atoms(Pow)):
            return False
        return all(
            _is_root(part) or self.signs.not_negative(part)
            for side in (relation.lhs, relation.rhs)
            for part in Mul.make_args(side)
        )

    def _levels(self, relation: Any, statement: Any) -> Iterator[set[Any]]:
        """Sets of definitions: those of which one of both speaks, until they meet, and all."""
        every = {d.symbol for d in self.claim.where}
        spoken, written = self._heads(statement), self._heads(relation)
        told = [set(), spoken - written, written - spoken, spoken ^ written]
        chosen: set[Any] = set()
        for _ in every:
            where = tuple(d for d in self.claim.where if d.symbol in chosen)
            level = replace(self.claim, where=where)
            mine, theirs = (
                self._heads(level.expand(r.lhs)) | self._heads(level.expand(r.rhs))
                for r in (relation, statement)
            )
            if not mine ^ theirs:
                break
            chosen = chosen | (mine ^ theirs)
            told.append(chosen)
        told.append(every)
        seen: list[set[Any]] = []
        for choice in told:
            if choice not in seen:
                seen.append(choice)
                yield choice

    def _heads(self, expr: Any) -> set[Any]:
        return {d.symbol for d in self.claim.where if expr.has(d.symbol)}

    def _factors(self, own: Any, other: Any, equation: bool) -> Iterator[Any]:
        """What may be the factor, if it has no zeros; positive for inequalities."""
        slopes = (slope for slope, _ in factor_candidates(own, other))
        for factor in chain((S.One, S.NegativeOne), slopes):
            sure = factor
            if factor.has(*(d.symbol for d in self.claim.where)) or not factor.is_Number:
                sure = self.claim.expand(factor)
            if self.signs.positive(sure) or (equation and self.signs.positive(-sure)):
                yield factor


def _is_root(part: Any) -> bool:
    return isinstance(part, Pow) and part.exp.is_Rational and part.exp.q == 2 and part.exp > 0


def _opaque(expr: Any, known: dict[Any, Any]) -> Any:
    """Sums and products as symbols: equal ones where ends and terms are equal by plain algebra."""

    def symbol(series: Any) -> Any:
        if len(series.limits) != 1 or len(series.limits[0]) != 3:
            return series
        index, low, high = series.limits[0]
        body = series.function.subs(index, _INDEX).expand()
        key = (type(series).__name__, body, low.expand(), high.expand())
        return known.setdefault(key, Dummy(real=True))

    return expr.replace(lambda part: isinstance(part, Sum | Product), symbol)
