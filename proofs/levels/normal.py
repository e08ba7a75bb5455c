"""A normal form for sums and products over levels.

A product of factors that cannot vanish, from a to b, is c(b + 1)/c(a), where c is the product of
all factors below an index; a sum is S(b + 1) - S(a).  Each is taken to the lowest index that is a
whole number away: c(x + 1) = f(x) c(x), S(x + 1) = S(x) + f(x).  Products of factors that may
vanish stay tails, t(a, b) = f(a) t(a + 1, b).  What is left over are independent generators: a
difference that vanishes as a rational function of them vanishes for every depth.

With Karr's convention for limits that run backwards all of this holds for all whole numbers;
sequences may be continued beyond their range by any numbers that are not zero.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lemmata.theory.claims import Claim
from sympy import (
    Add,
    Dummy,
    Function,
    Integer,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    factor_list,
    fraction,
    together,
)
from sympy.core.function import AppliedUndef
from sympy.polys.polyerrors import BasePolynomialError

from ..exact.normal_form import vanishes
from .signs import LevelSigns

__all__ = ["LevelNormal"]

ROUNDS = 12


class _BeyondError(Exception):
    """An expression of which this form can say nothing."""


class LevelNormal:
    """``vanishes`` decides whether an expression over levels is zero for every depth."""

    def __init__(self, claim: Claim) -> None:
        assert claim.levels is not None
        self.claim, self.levels = claim, claim.levels
        self.signs = LevelSigns(claim)
        self.cumulated: dict[Any, Any] = {}
        self.bodies: dict[Any, Any] = {}
        self._mark = Dummy("i", integer=True)

    def vanishes(self, expr: Any) -> bool:
        """Whether ``expr`` is identically zero; False when that is not shown."""
        try:
            reduced = self.reduced(expr)
        except _BeyondError:
            return False
        return reduced == 0 or bool(vanishes(self._free(reduced)))

    def reduced(self, expr: Any) -> Any:
        """``expr`` over the generators, each at its lowest index."""
        unfolded = self._unfold(self._bounded(self.claim.expand(expr)))
        return self._lowered(self._bounded(unfolded))

    def _bounded(self, expr: Any) -> Any:
        """Conventional values of sequences just outside their range."""
        return expr.xreplace(dict(self.levels.boundary))

    def _free(self, expr: Any) -> Any:
        """Generators as symbols: what they stand for is of no account any more."""
        atoms = sorted(expr.atoms(AppliedUndef), key=str)
        outer = [a for a in atoms if not any(a in b.args for b in atoms if b != a)]
        return expr.xreplace({a: Dummy(positive=self._sure(a) or None, real=True) for a in outer})

    def _sure(self, atom: Any) -> bool:
        kind, _ = self.bodies.get(atom.func, ("", None))
        return kind == "product" or self.signs.positive(atom)

    # Sums and products become generators.

    def _unfold(self, expr: Any) -> Any:
        if not expr.has(Sum, Product):
            return expr
        if isinstance(expr, Product):
            return self._product(expr)
        if isinstance(expr, Sum):
            return self._sum(expr)
        return expr.func(*(self._unfold(arg) for arg in expr.args))

    def _product(self, expr: Any) -> Any:
        index, low, high, body = self._opened(expr)
        result = S.One
        numerator, denominator = fraction(together(body))
        for part, side in ((numerator, 1), (denominator, -1)):
            content, factors = _factors_of(part)
            result *= Pow(content, side * (high - low + 1))
            for base, power in factors:
                result *= Pow(self._factors(base, index, low, high), side * power)
        return result

    def _factors(self, base: Any, index: Any, low: Any, high: Any) -> Any:
        if not base.has(index) and ((high - low).is_Integer or base.is_positive):
            return Pow(base, high - low + 1)
        key = base.xreplace({index: self._mark})
        for sign in (1, -1):
            if self.signs.positive(sign * base):
                made = self._generator("product", sign * key)
                return sign ** (high - low + 1) * made(high + 1) / made(low)
        return self._generator("tail", key)(low, high)

    def _opened(self, expr: Any) -> tuple[Any, Any, Any, Any]:
        """Index, ends and body; a generator inside may depend on the index by its place only."""
        if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
            raise _BeyondError
        (index, low, high), body = expr.limits[0], self._unfold(expr.function)
        for term in body.atoms(AppliedUndef):
            if term.func in self.bodies and self.bodies[term.func][1].has(index):
                raise _BeyondError
        return index, low, high, body

    def _sum(self, expr: Any) -> Any:
        index, low, high, body = self._opened(expr)
        body = self._lowered(body, index).expand()
        result = S.Zero
        for term in Add.make_args(body):
            fixed, moving = term.as_independent(index, as_Add=False)
            if moving == 1:
                result += fixed * (high - low + 1)
                continue
            made = self._generator("sum", moving.xreplace({index: self._mark}))
            result += fixed * (made(high + 1) - made(low))
        return result

    def _generator(self, kind: str, body: Any) -> Any:
        key = (kind, body)
        if key not in self.cumulated:
            made = Function(f"{kind}_{len(self.cumulated)}")
            self.cumulated[key] = made
            self.bodies[made] = key
        return self.cumulated[key]

    # Every generator to its lowest index.

    def _lowered(self, expr: Any, bound: Any = None) -> Any:
        """Each generator, and each recursion, at one index of those a whole number apart.

        Those at a bound index are taken to that index itself, so that equal terms of different
        sums meet.
        """
        for _ in range(ROUNDS):
            changed = self._bounded(self._once(expr, bound))
            if changed == expr:
                return expr
            expr = changed
        return expr

    def _once(self, expr: Any, bound: Any) -> Any:
        groups: dict[Any, list[Any]] = {}
        for atom in expr.atoms(AppliedUndef):
            kind, _ = self.bodies.get(atom.func, ("", None))
            if kind or self.levels.recursion(atom.func) is not None:
                bases = tuple(_split(arg)[0] for arg in atom.args)
                groups.setdefault((kind or "recursion", atom.func, bases), []).append(atom)
        moved = {}
        for (kind, function, bases), found in groups.items():
            offsets = [tuple(_split(arg)[1] for arg in atom.args) for atom in found]
            move = self._mover(kind, function, bases, offsets, bound)
            for atom, offset in zip(found, offsets, strict=True):
                other = move(*offset)
                if other != atom:
                    moved[atom] = other
        return expr.xreplace(moved)

    def _mover(
        self, kind: str, function: Any, bases: Any, offsets: list[Any], bound: Any
    ) -> Callable[..., Any]:
        base, lows = bases[0], [offset[0] for offset in offsets]
        if kind == "recursion":
            return partial(self._recursion, function, base, min(lows))
        body = self.bodies[function][1]
        if kind == "tail":
            if bound is not None and bound in bases and self._conventional(body):
                self._check_under_a_sum(body, bases, offsets, bound)
            first = 1 if base == bound else max(lows)
            last = min(offset[1] for offset in offsets)
            return partial(self._tail, function, body, bases, (first, last))
        least = 0 if base in (bound, 0) else min(lows)
        return partial(self._cumulated, function, kind, body, base, least)

    def _conventional(self, body: Any) -> list[Any]:
        """Places at which a convention makes the factor vanish."""
        places = [term.args[0] for term in self.levels.boundary if body.has(term.func)]
        return [place for place in places if self._at(body, place) == 0]

    def _check_under_a_sum(self, body: Any, bases: Any, offsets: list[Any], bound: Any) -> None:
        """t(a, b) = f(a) t(a + 1, b) needs a <= b where a convention makes f(a) vanish.

        Under a sum the index passes all places, so that this has to be certain beforehand.
        """
        low = bases[0] + min(offset[0] for offset in offsets)
        high = bases[1] + min(offset[1] for offset in offsets)
        for place in self._conventional(body):
            before = self.signs.certain(high - place) if bases[0] == bound else True
            after = self.signs.certain(place - low) if bases[1] == bound else True
            if not (before and after):
                raise _BeyondError

    def _cumulated(
        self, function: Any, kind: str, body: Any, base: Any, least: int, offset: int
    ) -> Any:
        start = base + least
        # All factors, or terms, below index 0: one, or none.
        value = function(start) if start != 0 else Integer(kind == "product")
        for i in range(least, offset):
            value = _join(kind, value, self._at(body, base + i), 1)
        for i in range(offset, least):
            value = _join(kind, value, self._at(body, base + i), -1)
        return value

    def _tail(
        self, function: Any, body: Any, bases: Any, ends: tuple[int, int], low: int, high: int
    ) -> Any:
        length = bases[1] + high - (bases[0] + low) + 1
        if length.is_Integer and length >= 0:
            return Mul(*(self._at(body, bases[0] + low + i) for i in range(int(length))))
        if length.is_Integer:
            # Beyond the range any numbers but zero may be put, unless a convention fixes them.
            beyond = [self._at(body, bases[1] + high + 1 + i) for i in range(-length)]
            if any(factor.is_zero is not False and not factor.free_symbols for factor in beyond):
                raise _BeyondError
            return Mul(*(1 / factor for factor in beyond))
        first, last = max(low, ends[0]), min(high, ends[1])
        places = [bases[0] + i for i in range(low, first)]
        places += [bases[1] + i for i in range(last + 1, high + 1)]
        parts = [self._at(body, place) for place in places]
        for place, part in zip(places, parts, strict=True):
            ends = place - bases[0] - low, bases[1] + high - place
            # A factor that a convention makes vanish is one only if it is in the range at all.
            if part == 0 and not all(self.signs.certain(end) for end in ends):
                raise _BeyondError
        return Mul(*parts) * function(bases[0] + first, bases[1] + last)

    def _recursion(self, function: Any, base: Any, least: int, offset: int) -> Any:
        told = self.levels.recursion(function)
        assert told is not None
        place = base + offset
        if place == told.start:
            return self._unfold(self._bounded(self.claim.expand(told.value)))
        away = place - told.start
        if offset == least and not (away.is_Integer and away > 0):
            return function(place)
        following = told.following.xreplace({told.index: place - 1})
        return self._unfold(self._bounded(self.claim.expand(following)))

    def _at(self, body: Any, place: Any) -> Any:
        return self._bounded(body.xreplace({self._mark: place}))


def _factors_of(part: Any) -> Any:
    try:
        return factor_list(part)
    except BasePolynomialError:
        raise _BeyondError from None


def _split(expr: Any) -> tuple[Any, int]:
    """The part without a whole number, and the whole number."""
    whole, rest = expr.as_coeff_Add()
    return (rest, int(whole)) if whole.is_Integer else (expr, 0)


def _join(kind: str, value: Any, part: Any, direction: int) -> Any:
    return value * part**direction if kind == "product" else value + direction * part
