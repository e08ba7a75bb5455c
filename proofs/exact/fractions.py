"""Rational functions of generators with fractional exponents, reduced by algebraic relations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import QQ, Pow, Rational, ring

if TYPE_CHECKING:
    from .atoms import Atoms

__all__ = ["Fractions"]


class Fractions:
    """Rewritten expressions as fractions of polynomials in one ring.

    A generator met with exponents of common denominator q is replaced by g^q.  A root R of a
    polynomial F gives the relation g^q = F, by which numerators are reduced.
    """

    def __init__(self, atoms: Atoms, expressions: Sequence[Any]) -> None:
        self.atoms = atoms
        self.symbols: dict[Any, int] = {}
        pending = list(expressions)
        while pending:
            found = self._collect(pending.pop())
            pending += [self._root_value(s) for s in found if self._root_value(s) is not None]
        self.order = sorted(self.symbols, key=self._age)
        made, *variables = ring([f"x{i}" for i in range(len(self.order))] or ["x"], QQ)
        self.ring = made
        self.variables = dict(zip(self.order, variables, strict=False))
        self.values = [self.fraction(e) for e in expressions]

    def _age(self, symbol: Any) -> tuple[int, str]:
        known = list(self.atoms.made)
        return (known.index(symbol) if symbol in self.atoms.made else -1, symbol.name)

    def _root_value(self, symbol: Any) -> Any:
        table, value = self.atoms.made.get(symbol, (None, None))
        return value if table is self.atoms.roots else None

    def _collect(self, expr: Any) -> list[Any]:
        found = []
        stack = [expr]
        while stack:
            node = stack.pop()
            if node.is_Symbol:
                base, exponent = node, Rational(1)
            elif node.is_Pow and node.base.is_Symbol:
                base, exponent = node.base, node.exp
            else:
                stack.extend(node.args)
                continue
            if base not in self.symbols:
                found.append(base)
            self.symbols[base] = math.lcm(self.symbols.get(base, 1), int(exponent.q))
        return found

    def fraction(self, expr: Any) -> tuple[Any, Any]:
        """Numerator and denominator of a rewritten expression, as ring elements, not reduced."""
        if expr.is_Rational:
            return self.ring(QQ(int(expr.p), int(expr.q))), self.ring(1)
        if expr.is_Symbol:
            return self.variables[expr] ** self.symbols[expr], self.ring(1)
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        parts = [self.fraction(arg) for arg in expr.args]
        if expr.is_Mul:
            return math.prod((n for n, _ in parts), start=self.ring(1)), math.prod(
                (d for _, d in parts), start=self.ring(1)
            )
        if expr.is_Add:
            return self._sum(parts)
        raise TypeError(f"expr: {expr} is not a rational expression of generators")

    def _power(self, base: Any, exponent: Any) -> tuple[Any, Any]:
        if base.is_Symbol:
            n, d = self.variables[base], self.ring(1)
            power = int(exponent * self.symbols[base])
        else:
            n, d = self.fraction(base)
            power = int(exponent)
        return (n**power, d**power) if power >= 0 else (d**-power, n**-power)

    def _sum(self, parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        total, common = self.ring(0), self.ring(1)
        for n, d in parts:
            if d == common:
                total += n
            elif d == 1:
                total += n * common
            else:
                _, left, right = common.cofactors(d)
                total = total * right + n * left
                common = common * right
        return total, common

    def reduce(self, polynomial: Any) -> Any:
        """``polynomial`` with every root generator brought below its degree."""
        for symbol in reversed(self.order):
            value = self._root_value(symbol)
            if value is not None:
                polynomial = self._reduce_root(polynomial, symbol, value)
        return polynomial

    def _reduce_root(self, polynomial: Any, symbol: Any, value: Any) -> Any:
        degree = self.symbols[symbol]
        index = self.order.index(symbol)
        numerator, denominator = self.fraction(value)
        if denominator != 1:
            return polynomial
        total = self.ring(0)
        for monomial, coefficient in polynomial.terms():
            quotient, remainder = divmod(monomial[index], degree)
            lowered = (*monomial[:index], remainder, *monomial[index + 1 :])
            total += self.ring({lowered: coefficient}) * numerator**quotient
        return total

    def expression(self, polynomial: Any) -> Any:
        """A ring element in the rewritten vocabulary."""
        generators = [Pow(s, Rational(1, self.symbols[s])) for s in self.order]
        return polynomial.as_expr(*generators) if generators else polynomial.as_expr()

    def reduced(self) -> Any:
        """The first value as a fraction in lowest terms."""
        numerator, denominator = self.values[0]
        numerator, denominator = numerator.cancel(denominator)
        return self.expression(numerator) / self.expression(denominator)

    def divided(self) -> tuple[Any, Any]:
        """The first value as a polynomial and a fraction whose numerator is the remainder."""
        numerator, denominator = self.values[0]
        whole, rest = numerator.div(denominator)
        return self.expression(whole), self.expression(rest) / self.expression(denominator)

    def factors(self) -> tuple[Any, list[tuple[Any, int]]]:
        """Rational content and irreducible factors of the numerator of the first value."""
        numerator, denominator = self.values[0]
        content, factors = numerator.factor_list()
        unit = Rational(int(content.numerator), int(content.denominator))
        if denominator.is_ground:
            scale = denominator.LC
            unit /= Rational(int(scale.numerator), int(scale.denominator))
        return unit, [(self.expression(f), k) for f, k in factors]
