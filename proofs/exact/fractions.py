"""Rational functions of generators with fractional exponents, reduced by algebraic relations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import flint
from sympy import Add, Mul, Pow, Rational

if TYPE_CHECKING:
    from .atoms import Atoms

__all__ = ["Fractions", "TooLargeError"]

LARGEST_POWER = 2000
"""Of a sum: higher powers have too many terms, and nothing is decided."""


class TooLargeError(ArithmeticError):
    """A power that would have too many terms."""


class Fractions:
    """Rewritten expressions as fractions of polynomials in one ring.

    A generator met with exponents of common denominator q is replaced by g^q.  A root R of F
    gives the relation g^q = F, by which numerators are reduced.
    """

    def __init__(self, atoms: Atoms, expressions: Sequence[Any]) -> None:
        self.atoms = atoms
        self.symbols: dict[Any, int] = {}
        pending = list(expressions)
        while pending:
            found = self._collect(pending.pop())
            known = [self.atoms.relation(s) for s in found]
            pending += [value for value in known if value is not None]
        self.order = sorted(self.symbols, key=self._age)
        names = tuple(f"x{i}" for i in range(len(self.order))) or ("x",)
        self.ring = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.lex)
        self.variables = dict(zip(self.order, self.ring.gens(), strict=False))
        self.one = self.ring.constant(1)
        self.values = [self.fraction(e) for e in expressions]

    def _age(self, symbol: Any) -> tuple[int, str]:
        known = list(self.atoms.made)
        return (known.index(symbol) if symbol in self.atoms.made else -1, symbol.name)

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
            return self.ring.constant(flint.fmpq(int(expr.p), int(expr.q))), self.one
        if expr.is_Symbol:
            return self.variables[expr] ** self.symbols[expr], self.one
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        parts = [self.fraction(arg) for arg in expr.args]
        if expr.is_Mul:
            return math.prod((n for n, _ in parts), start=self.one), math.prod(
                (d for _, d in parts), start=self.one
            )
        if expr.is_Add:
            return self._sum(parts)
        raise TypeError(f"expr: {expr} is not a rational expression of generators")

    def _power(self, base: Any, exponent: Any) -> tuple[Any, Any]:
        if base.is_Symbol:
            n, d = self.variables[base], self.one
            power = int(exponent * self.symbols[base])
        else:
            if not exponent.is_Integer:
                raise TypeError(f"expr: {base} to the power {exponent} has no generator")
            n, d = self.fraction(base)
            power = int(exponent)
            if abs(power) > LARGEST_POWER and max(len(n), len(d)) > 1:
                raise TooLargeError(f"{base} to the power {power} has too many terms")
        return (n**power, d**power) if power >= 0 else (d**-power, n**-power)

    def _sum(self, parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        total, common = 0 * self.one, self.one
        for n, d in parts:
            if d == common:
                total += n
            elif d == 1:
                total += n * common
            else:
                shared = common.gcd(d)
                left, right = common / shared, d / shared
                total = total * right + n * left
                common = common * right
        return total, common

    def reduce(self, polynomial: Any) -> Any:
        """``polynomial`` with every root generator brought below its degree.

        Times a power of the denominator of what a root is the root of, which does not vanish.
        """
        for symbol in reversed(self.order):
            value = self.atoms.relation(symbol)
            if value is not None:
                polynomial = self._reduce_root(polynomial, symbol, value)
        return polynomial

    def _reduce_root(self, polynomial: Any, symbol: Any, value: Any) -> Any:
        degree = self.symbols[symbol]
        index = self.order.index(symbol)
        if symbol == self.atoms.angles.half_turn:
            return self._reduce_half_turn(polynomial, index, degree)
        numerator, denominator = self.fraction(value)
        # Terms that hold the same power of the root are raised together.
        parts: dict[int, dict[Any, Any]] = {}
        for monomial, coefficient in polynomial.terms():
            quotient, remainder = divmod(int(monomial[index]), degree)
            lowered = (*monomial[:index], remainder, *monomial[index + 1 :])
            parts.setdefault(quotient, {})[lowered] = coefficient
        most = max(parts, default=0)
        pieces = (
            self.ring.from_dict(p) * numerator**power * denominator ** (most - power)
            for power, p in parts.items()
        )
        return sum(pieces, start=0 * self.one)

    def _reduce_half_turn(self, polynomial: Any, index: int, degree: int) -> Any:
        """e^(i pi/q) is a root of the cyclotomic polynomial of order 2q, which is irreducible."""
        modulus = flint.fmpq_poly(flint.fmpz_poly.cyclotomic(2 * degree))
        parts: dict[Any, dict[int, Any]] = {}
        for monomial, coefficient in polynomial.terms():
            others = (*monomial[:index], 0, *monomial[index + 1 :])
            parts.setdefault(others, {})[int(monomial[index])] = coefficient
        kept: dict[Any, Any] = {}
        for others, powers in parts.items():
            dense = [powers.get(k, 0) for k in range(max(powers) + 1)]
            for k, coefficient in enumerate((flint.fmpq_poly(dense) % modulus).coeffs()):
                if coefficient != 0:
                    kept[(*others[:index], k, *others[index + 1 :])] = coefficient
        return self.ring.from_dict(kept)

    def _lowered(self, numerator: Any, denominator: Any) -> tuple[Any, Any]:
        """A fraction with the powers of turns of known value lowered, its denominator monic."""
        turns = [s for s in self.order if s in self.atoms.angles.values]
        lowered = [numerator, denominator]
        for symbol in turns:
            value = self.atoms.angles.values[symbol]
            if value is not None:
                lowered = [self._reduce_root(part, symbol, value) for part in lowered]
        if not turns or lowered[1] == 0:
            return numerator, denominator
        unit = 1 / lowered[1].leading_coefficient()
        return lowered[0] * unit, lowered[1] * unit

    def expression(self, polynomial: Any) -> Any:
        """A ring element in the rewritten vocabulary."""
        generators = [Pow(s, Rational(1, self.symbols[s])) for s in self.order]
        return Add(
            *(
                Mul(
                    _rational(coefficient),
                    *(g ** int(k) for g, k in zip(generators, monomial, strict=False) if k),
                )
                for monomial, coefficient in polynomial.terms()
            )
        )

    def reduced(self) -> Any:
        """The first value as a fraction in lowest terms."""
        numerator, denominator = self._lowered(*self.values[0])
        shared = numerator.gcd(denominator)
        numerator, denominator = numerator / shared, denominator / shared
        return self.expression(numerator) / self.expression(denominator)

    def divided(self) -> tuple[Any, Any]:
        """The first value as a polynomial and a fraction whose numerator is the remainder."""
        numerator, denominator = self.values[0]
        whole, rest = divmod(numerator, denominator)
        return self.expression(whole), self.expression(rest) / self.expression(denominator)

    def factors(self) -> tuple[Any, list[tuple[Any, int]]]:
        """Rational content and irreducible factors of the numerator of the first value."""
        numerator, denominator = self.values[0]
        content, factors = numerator.factor()
        unit = _rational(content)
        if denominator.is_constant():
            unit /= _rational(denominator.leading_coefficient())
        return unit, [(self.expression(f), int(k)) for f, k in factors]


def _rational(number: Any) -> Any:
    return Rational(int(number.p), int(number.q))
