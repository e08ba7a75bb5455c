"""Exact random points that satisfy every fact of a claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from lemmata.theory.matrix_calculus import Average, ScalarAverage
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import MatrixSymbol, S

from .chance import Chance, RejectedError
from .errors import OutOfReachError
from .fields import Rationals, as_fraction
from .recipes import Recipe, letter_of, recipes
from .values import Point, Values

__all__ = ["Drawer"]

EXAMPLES = 3
MOST_GAUSSIAN = 4
"""Entries of a Gaussian matrix at a point, each of five values."""


class Drawer:
    """Draws points for the letters and scalars of some expressions.

    ``draw`` raises ``RejectedError`` for a draw that cannot satisfy the facts and
    ``OutOfReachError`` when no recipe can.  Every point is checked exactly against every fact and
    every given equation before it is handed out.
    """

    def __init__(
        self, facts: MatrixFacts, expressions: Iterable[Any], rng: np.random.Generator
    ) -> None:
        self.facts, self.chance = facts, Chance(rng)
        sides = [side for e in facts.given for side in (e.lhs, e.rhs)]
        self.expressions = [*expressions, *sides, *(v for _, v in facts.gaussian)]
        letters = {letter for e in self.expressions for letter in e.atoms(MatrixSymbol)}
        self.letters = sorted(letters, key=str)
        sizes = {s for letter in letters for size in letter.shape for s in size.free_symbols}
        scalars = {s for e in self.expressions for s in e.free_symbols if not _matrix(s)}
        self.sizes = sorted(sizes, key=str)
        self.scalars = sorted(scalars - sizes, key=str)
        self._orders = recipes(facts)
        self._bare = any(_outside_average(side, set(facts.random)) for side in sides)

    def draw(self, largest: int) -> Point:
        """A point whose sizes are at most ``largest``."""
        if self._bare:
            raise OutOfReachError("a given equation binds each example outside an Average")
        scalars: dict[Any, Any] = {s: self.chance.integer(1, largest) for s in self.sizes}
        for s in self.scalars:
            scalars[s] = self._scalar(s)
        point = Point(scalars=scalars, time=self.facts.time)
        point = self._matrices(point)
        point = self._laws(point)
        point = self._tangents(point)
        self._check(point)
        return point

    def _scalar(self, symbol: Any) -> Any:
        if symbol.is_integer:
            value = as_fraction(self.chance.integer(1, 4))
            return -value if symbol.is_nonpositive else value
        if symbol.is_nonpositive:
            return -self.chance.rational(positive=True)
        return self.chance.rational(positive=bool(symbol.is_nonnegative))

    def _matrices(self, point: Point) -> Point:
        todo = [order for order in self._orders if order.kind != "flow"]
        defined = {s for order in todo if order.kind == "definition" for s in order.makes}
        todo = [o for o in todo if o.kind == "definition" or not o.makes & defined]
        made = {letter for order in todo for letter in order.makes}
        for letter in self.letters:
            if letter in self.facts.random:
                rows = [self._free(letter, point).tolist() for _ in range(EXAMPLES)]
                point = replace(point, samples={**point.samples, letter: rows})
                point = _with(point, letter, self.chance.numbers.matrix(rows[0]))
            elif letter not in made:
                point = _with(point, letter, self._free(letter, point))
        while todo:
            ready = [o for o in todo if o.needs <= set(point.matrices)]
            if not ready:
                raise OutOfReachError("the given equations define letters in a circle")
            todo.remove(ready[0])
            point = self._follow(ready[0], point)
        return point

    def _laws(self, point: Point) -> Point:
        """Variances of the Gaussian letters, which have few entries: all outcomes are visited."""
        laws = {}
        for letter, variance in self.facts.gaussian:
            if letter in self.letters:
                rows = point.matrices[letter]
                if len(rows) * len(rows[0]) > MOST_GAUSSIAN:
                    raise RejectedError(f"{letter} has more than {MOST_GAUSSIAN} entries")
                laws[letter] = Values(point, Rationals()).scalar(S.Zero + variance)
                _require(laws[letter] >= 0, letter)
        return replace(point, laws=laws)

    def _free(self, letter: Any, point: Point) -> Any:
        rows, cols = (Values(point, Rationals()).size(size) for size in letter.shape)
        for pair in self.facts.commuting:
            partner = pair[0] if pair[1] == letter else pair[1]
            if letter in pair and partner in point.matrices and letter not in self.facts.diagonal:
                partner_rows = point.matrices[partner]
                return self.chance.polynomial_of(self.chance.numbers.matrix(partner_rows))
        if letter in self.facts.orthonormal_columns:
            return self.chance.orthonormal(rows, cols)
        return self._structured(letter, rows, cols)

    def _structured(self, letter: Any, rows: int, cols: int) -> Any:
        if letter in self.facts.diagonal:
            return self.chance.diagonal(rows)
        paired = {member for pair in self.facts.commuting for member in pair}
        if letter in self.facts.symmetric or (letter in paired and self._symmetric_partner(letter)):
            return self.chance.symmetric(rows)
        return self.chance.matrix(rows, cols)

    def _symmetric_partner(self, letter: Any) -> bool:
        pairs = [pair for pair in self.facts.commuting if letter in pair]
        return any(member in self.facts.symmetric for pair in pairs for member in pair)

    def _follow(self, order: Recipe, point: Point) -> Point:
        values = Values(point, Rationals())
        if order.kind == "definition":
            coefficient, target, expr = order.parts
            value = values.matrix(expr) * (1 / values.scalar(coefficient))
            return _with(point, target, value)
        if order.kind == "spectrum":
            s, v, spectrum = order.parts
            basis = values.matrix(v)
            away = self.chance.identity(basis.nrows()) - basis * basis.transpose()
            rest = away * self.chance.symmetric(basis.nrows()) * away
            return _with(point, s, basis * values.matrix(spectrum) * basis.transpose() + rest)
        if order.kind == "intertwined":
            return self._intertwined(order, point, values)
        return self._balance(order, point, values)

    def _intertwined(self, order: Recipe, point: Point, values: Values) -> Point:
        words, p, b = order.parts
        known = values.matrix(words)
        if values.size(p.rows) == values.size(p.cols):
            turn = self.chance.orthonormal(known.nrows(), known.nrows())
            point = _with(point, p, self.chance.polynomial_of(known) * turn)
            return _with(point, b, turn.transpose() * known * turn)
        point = _with(point, p, values.zero(p.shape))
        return _with(point, b, self._structured(b, *(values.size(n) for n in b.shape)))

    def _balance(self, order: Recipe, point: Point, values: Values) -> Point:
        x, y, gap = order.parts
        amount = values.scalar(gap)
        m, h, n = values.size(x.rows), values.size(x.cols), values.size(y.cols)
        if letter_of(y) in point.matrices and amount == 0:
            return _with(point, x, self.chance.balanced_above(values.matrix(y), m))
        if {letter_of(x), letter_of(y)} & set(point.matrices):
            raise OutOfReachError("a chain of balances that has no recipe")
        above, below = self.chance.balanced((m, h, n), amount)
        return _with(_with(point, x, above), y, below)

    def _tangents(self, point: Point) -> Point:
        rates: dict[Any, Any] = {}
        moves: dict[Any, Any] = {}
        for letter in self.letters:
            rows, cols = (Values(point, Rationals()).size(size) for size in letter.shape)
            constant = letter in self.facts.constant
            zero = self.chance.matrix(rows, cols) * 0
            if constant:
                rates[letter] = moves[letter] = zero.tolist()
            elif letter not in self.facts.orthonormal_columns:
                rates[letter] = self._structured(letter, rows, cols).tolist()
                moves[letter] = self._structured(letter, rows, cols).tolist()
        # An example has no rate of its own inside an average: better unknown than wrong.
        for letter in (*self.facts.random, *(letter for letter, _ in self.facts.gaussian)):
            rates.pop(letter, None)
            moves.pop(letter, None)
        point = replace(point, rates=rates, moves=moves)
        for order in self._orders:
            if order.kind == "flow":
                coefficient, target, expr = order.parts
                values = Values(point, Rationals())
                rate = values.matrix(expr) * (1 / values.scalar(coefficient))
                rate = rate if isinstance(target, MatrixSymbol) else rate.transpose()
                point = replace(point, rates={**point.rates, letter_of(target): rate.tolist()})
        return point

    def _check(self, point: Point) -> None:
        values, present = Values(point, Rationals()), set(self.letters)
        for equation in self.facts.given:
            if any((values.matrix(equation.lhs) - values.matrix(equation.rhs)).entries()):
                raise RejectedError(f"the draw violates {equation}")
        for letter in present & set(self.facts.orthonormal_columns):
            a = values.matrix(letter)
            _require(a.transpose() * a == self.chance.identity(a.ncols()), letter)
        for letter in present & {*self.facts.symmetric, *self.facts.diagonal}:
            a = values.matrix(letter)
            _require(a == a.transpose(), letter)
        for letter in present & set(self.facts.diagonal):
            a = values.matrix(letter).tolist()
            _require(not any(e for i, r in enumerate(a) for j, e in enumerate(r) if i != j), letter)
        for first, second in self.facts.commuting:
            if not {first, second} <= present:
                continue
            a, b = values.matrix(first), values.matrix(second)
            _require(a * b == b * a, (first, second))


def _with(point: Point, target: Any, value: Any) -> Point:
    value = value if isinstance(target, MatrixSymbol) else value.transpose()
    return replace(point, matrices={**point.matrices, letter_of(target): value.tolist()})


def _require(holds: bool, what: Any) -> None:
    if not holds:
        raise RejectedError(f"the draw violates the facts on {what}")


def _matrix(symbol: Any) -> bool:
    return bool(getattr(symbol, "is_Matrix", False))


def _outside_average(expr: Any, random: set[Any]) -> bool:
    if isinstance(expr, (Average, ScalarAverage)):
        return False
    if isinstance(expr, MatrixSymbol):
        return expr in random
    return any(_outside_average(argument, random) for argument in expr.args)
