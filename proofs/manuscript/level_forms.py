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
from lemmata.theory.definitions import expand_all
from sympy import Add, Dummy, Eq, Mul, Piecewise, Pow, Product, S, Sum, Symbol, log
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..domain import gap
from ..exact.normal_form import vanishes
from ..levels.normal import LevelNormal
from ..levels.signs import LevelSigns
from .generators import factor_candidates
from .level_spelling import free_of_logarithms, merged, spelled, without_logarithms
from .time_limit import check_time

__all__ = ["LevelForms"]

_INDEX = Symbol("index", integer=True)


class LevelForms:
    """Relations against the statement of one claim."""

    def __init__(self, claim: Claim) -> None:
        assert claim.levels is not None
        self.signs = LevelSigns(claim)
        self.claim = replace(claim, levels=replace(claim.levels, recursions=()), derivation=None)
        self._told = claim

    def same(self, relation: Any, statement: Any) -> bool:
        """Whether left - right of one is that of the other times a factor without zeros.

        With definitions inserted as far as the statement is not an identity yet; an identity that
        needs no definition is compared with its sums and products taken as they stand.  An
        equation that holds may say more: the claim is it times a factor that has a value.
        """
        equation = isinstance(statement, Eq)
        more = equation and self._holds(relation)
        forms = [*self._forms(relation, statement)]
        for chosen in self._levels(relation, statement):
            where = tuple(d for d in self.claim.where if d.symbol in chosen)
            level = replace(self.claim, where=where)
            normal = LevelNormal(level)
            for mine, theirs in forms:
                check_time()
                if not normal.vanishes(theirs) and (
                    self._multiple(normal, mine, theirs, equation)
                    or (more and self._divided(normal, mine, theirs))
                ):
                    return True
        return equation and self._as_written(relation, statement)

    def same_where_defined(self, relation: Any, statement: Any) -> bool:
        """Whether it says the same once it is multiplied by what its terms are divided by.

        It has no value where that vanishes; elsewhere the multiplication changes nothing.
        """
        divisors = list(_divisors(relation))
        if not isinstance(statement, Eq) or not divisors:
            return False
        by = Mul(*divisors)
        sides = (Add(*(by * t for t in Add.make_args(s))) for s in (relation.lhs, relation.rhs))
        cleared = Eq(*sides, evaluate=False)
        return not self.restated(cleared, statement) and self.same(cleared, statement)

    def _multiple(self, normal: LevelNormal, mine: Any, theirs: Any, equation: bool) -> bool:
        own, other = normal.claim.expand(mine), normal.claim.expand(theirs)
        for factor in self._factors(own, other, equation):
            if normal.vanishes(mine - factor * theirs):
                return True
        mine, theirs = (merged(spelled(e), self.signs.certain) for e in (own, other))
        if (mine, theirs) == (own, other):
            return False
        factors = self._factors(mine, theirs, equation)
        return any(normal.vanishes(mine - factor * theirs) for factor in factors)

    def _divided(self, normal: LevelNormal, mine: Any, theirs: Any) -> bool:
        """Whether the claim is a multiple of it, by a factor that may vanish."""
        own, other = normal.claim.expand(mine), normal.claim.expand(theirs)
        for factor in _slopes(other, own):
            if self._finite(factor) and normal.vanishes(theirs - factor * mine):
                return True
        return False

    def _holds(self, relation: Any) -> bool:
        """Whether it holds by all that is assumed, and its sides have values everywhere."""
        sides = (relation.lhs, relation.rhs)
        return all(map(self.signs.finite, sides)) and self._all.vanishes(sides[0] - sides[1])

    def _finite(self, expr: Any) -> bool:
        """Whether it has a value everywhere: each factor, and each branch of one."""
        for part in Mul.make_args(expr):
            body = expand_all(self.claim.where, part)
            branches = [b for b, _ in body.args] if isinstance(body, Piecewise) else [part]
            if not all(map(self.signs.finite, branches)):
                return False
        return True

    def restated(self, relation: Any, statement: Any) -> bool:
        """Whether it is a definition as it stands, or a multiple of one, and the claim is not."""
        for restates in (self._copies, self._restates):
            if restates(relation) and not restates(statement):
                return True
        return False

    def _copies(self, relation: Any) -> bool:
        """Whether it is a definition, others inserted, with sums and products as they stand."""
        for told in self._definitions(relation):
            for chosen in self._levels(relation, told, told.lhs):
                check_time()
                where = tuple(d for d in self.claim.where if d.symbol in chosen)
                known: dict[Any, Any] = {}
                for forms in self._forms(relation, told):
                    mine, theirs = (
                        _opaque(spelled(expand_all(where, form)), known) for form in forms
                    )
                    if any(
                        vanishes(mine - slope * theirs)
                        for slope, _ in factor_candidates(mine, theirs)
                    ):
                        return True
        return False

    def _restates(self, relation: Any) -> bool:
        """Whether it is a definition times something, or the square of one."""
        for told in self._definitions(relation):
            for mine, theirs in self._forms(relation, told):
                for factor in _slopes(mine, theirs):
                    if self._bare.vanishes(mine - factor * theirs):
                        return True
        return False

    def _definitions(self, relation: Any) -> Iterator[Any]:
        """Definitions of which the relation speaks, at the indices at which it does."""
        for definition in self.claim.where:
            if not isinstance(relation, Eq) or not relation.has(definition.symbol):
                continue
            heads = {definition.head}
            if definition.head != definition.symbol:
                heads |= {c for c in relation.atoms(AppliedUndef) if c.func == definition.symbol}
            for head in sorted(heads, key=str):
                if not head.free_symbols & _bound(relation):
                    yield Eq(head, expand_all((definition,), head), evaluate=False)

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

    @cached_property
    def _all(self) -> LevelNormal:
        return LevelNormal(self._told)

    def bare(self) -> LevelForms:
        """The same without definitions."""
        return LevelForms(replace(self.claim, where=()))

    def _forms(self, relation: Any, statement: Any) -> Iterator[tuple[Any, Any]]:
        """Left - right of both; also of the squares, where neither side is negative."""
        if not isinstance(statement, Eq):
            yield gap(relation), gap(statement)
            return
        mine, theirs = (without_logarithms(r.lhs - r.rhs) for r in (relation, statement))
        yield mine, theirs
        if self._not_negative(relation):
            yield relation.lhs**2 - relation.rhs**2, theirs
        if self._not_negative(statement):
            yield mine, statement.lhs**2 - statement.rhs**2
        for form in free_of_logarithms(mine):
            yield from ((form, other) for other in (theirs, *free_of_logarithms(theirs)))
        if not mine.has(log):
            yield from ((mine, form) for form in free_of_logarithms(theirs))

    def _not_negative(self, relation: Any) -> bool:
        """Whether a root stands in it and neither side is negative."""
        if not any(p.exp.is_Rational and p.exp.q == 2 for p in relation.atoms(Pow)):
            return False
        return all(
            self._rooted(part)
            for side in (relation.lhs, relation.rhs)
            for part in Mul.make_args(side)
        )

    def _rooted(self, part: Any) -> bool:
        """Whether a factor is a root, is defined as one, or is not negative."""
        if _is_root(part) or self.signs.not_negative(part):
            return True
        body = expand_all(self.claim.where, part)
        return body != part and all(
            _is_root(factor) or self.signs.not_negative(factor) for factor in Mul.make_args(body)
        )

    def _levels(self, relation: Any, statement: Any, kept: Any = None) -> Iterator[set[Any]]:
        """Sets of definitions: those of which one of both speaks, until they meet, and all.

        Where one of both speaks of a sequence itself, and the other of what is defined by it, that
        definition is inserted as well.  ``kept`` is not inserted.
        """
        where = tuple(d for d in self.claim.where if kept is None or not kept.has(d.symbol))
        every = {d.symbol for d in where}
        spoken, written = self._heads(statement) & every, self._heads(relation) & every
        told = [set(), spoken - written, written - spoken, spoken ^ written]
        chosen: set[Any] = set()
        for _ in range(2 * len(every)):
            inserted = tuple(d for d in where if d.symbol in chosen)
            mine, theirs = (_names(r, inserted) for r in (relation, statement))
            apart = mine ^ theirs
            wanted = apart & every or {
                d.symbol for d in where if d.symbol in mine | theirs and _names(d.body, ()) & apart
            }
            if not wanted - chosen:
                break
            chosen = chosen | wanted
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
        for factor in chain((S.One, S.NegativeOne), _slopes(own, other)):
            sure = factor
            if factor.has(*(d.symbol for d in self.claim.where)) or not factor.is_Number:
                sure = self.claim.expand(factor)
            if self.signs.positive(sure) or (equation and self.signs.positive(-sure)):
                yield factor


def _divisors(relation: Any) -> Iterator[Any]:
    """What its terms are divided by, to the highest of the powers."""
    highest: dict[Any, Any] = {}
    for side in (relation.lhs, relation.rhs):
        for term in Add.make_args(side):
            for factor in Mul.make_args(term):
                base, power = factor.as_base_exp()
                if power.is_Integer and power < 0:
                    highest[base] = max(-power, highest.get(base, S.Zero))
    for base, power in highest.items():
        yield base**power


def _slopes(own: Any, other: Any) -> Iterator[Any]:
    """What one expression may be times the other; sums and products are parts as well."""
    known: dict[Any, Any] = {}
    back: dict[Any, Any] = {}
    mine, theirs = (_opaque(expr, known, back) for expr in (own, other))
    yield from (slope.xreplace(back) for slope, _ in factor_candidates(mine, theirs))


def _names(relation: Any, where: Any) -> set[Any]:
    """Functions and symbols of which a relation or an expression speaks, definitions inserted."""
    sides = (relation.lhs, relation.rhs) if isinstance(relation, Relational) else (relation,)
    parts = [expand_all(where, side) for side in sides]
    found = {call.func for part in parts for call in part.atoms(AppliedUndef)}
    return found.union(*(part.free_symbols for part in parts))


def _bound(relation: Any) -> set[Any]:
    """Indices over which a sum or product of the relation runs."""
    return {limit[0] for series in relation.atoms(Sum, Product) for limit in series.limits}


def _is_root(part: Any) -> bool:
    return isinstance(part, Pow) and part.exp.is_Rational and part.exp.q == 2 and part.exp > 0


def _opaque(expr: Any, known: dict[Any, Any], back: dict[Any, Any] | None = None) -> Any:
    """Sums and products as symbols: equal ones where ends and terms are equal by plain algebra.

    ``known``: symbols by what they stand for; ``back``: what the symbols have come from.
    """
    if not expr.has(Sum, Product):
        return expr
    if not isinstance(expr, Sum | Product):
        return expr.func(*(_opaque(arg, known, back) for arg in expr.args))
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
        return expr
    index, low, high = expr.limits[0]
    body = expr.function.subs(index, _INDEX).expand()
    key = (type(expr).__name__, body, low.expand(), high.expand())
    letter = known.setdefault(key, Dummy(real=True))
    if back is not None:
        back[letter] = expr
    return letter
