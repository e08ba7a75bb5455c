"""The sign of an expression on a domain, by structure and by positivity certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

from lemmata.theory.gaussian import GaussianAverage, tame
from sympy import (
    Abs,
    Add,
    Derivative,
    Ge,
    Gt,
    LambertW,
    Le,
    Lt,
    Mul,
    NumberSymbol,
    Pow,
    S,
    cos,
    cosh,
    exp,
    fraction,
    ilcm,
    log,
    sign,
    sin,
    sinh,
    tanh,
    together,
)

from .certificates import PositivityCertificate
from .domain import gap
from .exact.normal_form import is_real
from .orthant import Orthant
from .probes import Probes
from .sines import some_positive, trigonometric_sign, with_products

__all__ = ["Signs"]

MOST_TERMS = 12
"""Longer sums are left to the certificates."""


class Signs:
    """Certain signs on the domain of ``relations``; certificates found are kept.

    ``sign`` returns 1 (positive), -1 (negative) or 0 (not known), wherever the expression is
    defined: the structure of sums, products and monotone functions, and certificates for
    rational functions.
    """

    def __init__(self, relations: Sequence[Any]) -> None:
        self.relations = tuple(relations)
        self.certificates: list[PositivityCertificate] = []
        self._memo: dict[Any, int] = {}
        self._probes = Probes(self.relations)
        self._linked: set[Any] = set()
        self._inside: dict[Any, Signs] = {}
        for relation in self.relations:
            self._linked |= relation.free_symbols
        self._weak_gaps = [gap(r).expand() for r in self.relations if isinstance(r, Ge | Le)]
        self._gaps = [
            gap(r).expand().as_coefficients_dict() for r in self.relations if isinstance(r, Gt | Lt)
        ]

    def sign(self, expr: Any) -> int:
        """1, -1, or 0 when no certain sign is found."""
        if expr not in self._memo:
            self._memo[expr] = 0
            self._memo[expr] = self._sign(expr) if is_real(expr) else 0
        return self._memo[expr]

    def _sign(self, expr: Any) -> int:
        if expr.is_positive:
            return 1
        if expr.is_negative:
            return -1
        if isinstance(expr, Mul):
            whole = prod(self.sign(factor) for factor in expr.args)
            if whole:
                return whole
        if isinstance(expr, Pow):
            return self._power(expr) or self._from_relation(expr)
        if isinstance(expr, log) and len(expr.args) == 1:
            return self.sign(together(expr.args[0] - 1)) if self._positive(expr.args[0]) else 0
        if isinstance(expr, sinh | tanh):
            return self.sign(expr.args[0])
        if isinstance(expr, LambertW) and len(expr.args) == 1:
            return max(0, self.sign(expr.args[0]))
        if isinstance(expr, exp | cosh):
            return 1
        if isinstance(expr, sin | cos):
            return trigonometric_sign(self, expr)
        if isinstance(expr, Abs):
            return abs(self.sign(expr.args[0]))
        if isinstance(expr, GaussianAverage):
            inside = self._under(expr.variable)
            return inside.sign(expr.function) or inside._average(expr)
        if isinstance(expr, Add):
            return self._sum(expr)
        return self._rational(expr) if expr.is_Symbol else 0

    def _under(self, variable: Any) -> Signs:
        """The signs under an average: no relation speaks of its variable, which is bound."""
        if variable not in self._linked:
            return self
        if variable not in self._inside:
            kept = [r for r in self.relations if variable not in r.free_symbols]
            self._inside[variable] = Signs(kept)
        return self._inside[variable]

    def _average(self, expr: Any) -> int:
        """1 where what is averaged is smooth, nowhere negative and positive somewhere."""
        body, variable = expr.function, expr.variable
        if self._weak(body) != 1 or not tame(body, variable):
            return 0
        if any(variable in rate.variables for rate in body.atoms(Derivative)):
            return 0  # a rate has no value at a number that is put for its variable
        return int(any(self.sign(body.xreplace({variable: at})) == 1 for at in (S.One, S(2))))

    def _positive(self, expr: Any) -> bool:
        return self.sign(expr) > 0 or self.sign(together(expr)) > 0

    def _power(self, expr: Any) -> int:
        base = self.sign(expr.base)
        if expr.exp.is_integer and expr.exp.is_even:
            return abs(base)
        if base > 0:
            return 1
        return base if expr.exp.is_Integer else 0

    def _sum(self, expr: Any) -> int:
        signs = {self._weak(term) for term in expr.args}
        strict = {self.sign(term) for term in expr.args}
        if signs <= {1} and 1 in strict:
            return 1
        if signs <= {-1} and -1 in strict:
            return -1
        if not self._probes.possible(expr):
            return 0
        if len(expr.args) == 2 and any(expr == 1 - t**2 for t in expr.atoms(tanh)):
            return 1
        return (
            self._from_relation(expr)
            or self._rational(expr)
            or self._exponential(expr)
            or self._powered(expr)
            or self._grown(expr)
            or self._root(expr)
            or self._waves(expr)
        )

    def _waves(self, expr: Any) -> int:
        """The sign after two terms, one of them a cosine, were made a product of sines."""
        if not expr.has(cos) or len(expr.args) > MOST_TERMS:
            return 0
        return next((found for form in with_products(expr) if (found := self.sign(form))), 0)

    def _from_relation(self, expr: Any, depth: int = 1) -> int:
        """k (A - B) + rest, where A > B is assumed, k > 0 and no term of the rest is negative.

        The rest may be of this form again.
        """
        for direction, parts in self._remainders(expr, self._gaps):
            if all(part == 0 or self._weak(part) == 1 for part in parts):
                return direction
            rest = Add(*parts)
            if isinstance(rest, Add) and any(_scaled(rest, gap) for gap in self._weak_gaps):
                return direction
            if not depth:
                continue
            if 1 in self._probes.possible(rest) and self._from_relation(rest, depth - 1) == 1:
                return direction
        return self._positive_remainder(expr, [g.as_coefficients_dict() for g in self._weak_gaps])

    def _grown(self, expr: Any) -> int:
        """k (exp(x) - 1) + rest, where x >= 0, k > 0, and the rest is positive term by term."""
        grown = [e for e in expr.atoms(exp) if self._weak(e.exp) == 1]
        return self._positive_remainder(expr, [(e - 1).as_coefficients_dict() for e in grown])

    def _positive_remainder(self, expr: Any, known: Sequence[Any]) -> int:
        """The sign of k A + rest, where no A is negative, k > 0, and the rest is positive."""
        for direction, parts in self._remainders(expr, known):
            if all(self._weak(p) == 1 for p in parts) and any(self.sign(p) == 1 for p in parts):
                return direction
        return 0

    def _remainders(self, expr: Any, gaps: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Terms of +-expr less k times a gap, for every k > 0 that cancels a term."""
        for direction, form in product(self._probes.possible(expr), (expr, expr.expand())):
            terms = (direction * form).as_coefficients_dict()
            if len(terms) > MOST_TERMS:
                continue
            for known in gaps:
                for share in self._shares(terms, known):
                    taken = Add(*(share * c * monomial for monomial, c in known.items()))
                    yield direction, Add.make_args(direction * form - taken)

    def _shares(self, terms: Any, known: Any) -> list[Any]:
        """Positive k for which k (A - B) cancels one of the terms."""
        found: dict[Any, None] = {}
        for monomial, coefficient in terms.items():
            for other, c in known.items():
                share = coefficient / c * (monomial / other)
                if coefficient * c > 0 and (share.is_positive or share.is_Rational):
                    found[share] = None
        return list(found)

    def not_negative(self, expr: Any) -> bool:
        """Whether ``expr`` is certainly >= 0: by its sign, or as a multiple of an assumed gap."""
        return self._weak(expr) == 1 or self._weak(expr.expand()) == 1

    def _weak(self, term: Any) -> int:
        if term.is_nonnegative or (isinstance(term, Pow) and term.exp.is_even):
            return 1
        if isinstance(term, Add) and any(_multiple(term, known) for known in self._weak_gaps):
            return 1
        if isinstance(term, GaussianAverage):
            return self._under(term.variable)._weak(term.function)
        if isinstance(term, Mul):
            return prod(self._weak(factor) for factor in term.args)
        if isinstance(term, Add) and len(term.args) == 2 and S.NegativeOne in term.args:
            grown = (term + 1).as_coeff_Mul()
            if grown[0] == 1 and isinstance(grown[1], exp) and self._weak(grown[1].exp) == 1:
                return 1
        return -1 if term.is_nonpositive else self.sign(term)

    def _rational(self, expr: Any) -> int:
        # e and pi need no more than their sign, or a bound: any such numbers will do.
        expr = expr.xreplace({e: some_positive(e) for e in expr.atoms(NumberSymbol)})
        if not expr.is_rational_function(*expr.free_symbols):
            return 0
        numerator, denominator = fraction(together(expr))
        orthant = Orthant(list(expr.free_symbols | self._linked), self.relations)
        result = 1
        for part in (numerator, denominator):
            result *= self._factors(part, orthant)
        return result

    def _factors(self, polynomial: Any, orthant: Orthant) -> int:
        if polynomial.is_Number:
            return int(sign(polynomial))
        for direction in self._probes.possible(polynomial):
            certificate = orthant.certify((direction * polynomial).expand())
            if certificate is not None:
                self.certificates.append(certificate)
                return direction
        return 0

    def _exponential(self, expr: Any) -> int:
        """k (exp(x) - 1) has the sign of k x."""
        if len(expr.args) != 2:
            return 0
        for one, other in (expr.args, expr.args[::-1]):
            factor, rest = one.as_independent(exp)
            if isinstance(rest, exp) and factor == -other:
                return self.sign(factor) * self.sign(rest.exp)
        return 0

    def _powered(self, expr: Any) -> int:
        """f (b^u - b^v/r), b > 0: for r = 1 the sign of f (u - v) (b - 1); the same for r > 1
        where that is the sign of f, for r < 1 where it is the other.
        """
        if len(expr.args) != 2:
            return 0
        one, other = (Mul.make_args(term) for term in expr.args)
        powers = [p for p in (*one, *other) if isinstance(p, Pow) and not p.exp.is_Integer]
        for base in dict.fromkeys(power.base for power in powers):
            (factor, u), (rest, v) = _exponent_of(one, base), _exponent_of(other, base)
            ratio = (-factor / rest).cancel()
            if not (ratio.is_Rational and ratio > 0) or self.sign(base) != 1:
                continue
            above = self.sign(base - 1) or self.sign(together(base - 1))
            grown = above * self.sign(together(u - v))
            if ratio == 1 or grown == (1 if ratio > 1 else -1):
                return self.sign(factor) * grown
        return self._unrooted(expr)

    def _unrooted(self, expr: Any) -> int:
        """P - Q, both positive, has the sign of (P/Q)^n - 1."""
        one, other = expr.args
        if self.sign(one) * self.sign(other) != -1:
            return 0
        powers = [part.as_base_exp() for part in Mul.make_args(-one / other)]
        shares = [exponent for _, exponent in powers]
        if not all(e.is_Rational for e in shares) or all(e.is_Integer for e in shares):
            return 0
        if not all(e.is_Integer or self.sign(base) == 1 for base, e in powers):
            return 0
        n = ilcm(*(e.q for e in shares))
        above = self.sign(together(Mul(*(base ** (n * e) for base, e in powers)) - 1))
        return self.sign(one) * above

    def _root(self, expr: Any) -> int:
        """A + k sqrt(R) has the sign of k where k^2 R > A^2.

        Where A and k differ in sign it has the sign of k (k^2 R - A^2).
        """
        for term in expr.args:
            factor, root = term.as_coeff_Mul()
            if isinstance(root, Pow) and root.exp == S.Half:
                rest = expr - term
                excess = self.sign((factor**2 * root.base - rest**2).expand())
                if excess == 1 or self.sign(rest) * self.sign(factor) < 0:
                    return self.sign(factor) * excess
        return 0


def _exponent_of(parts: Sequence[Any], base: Any) -> tuple[Any, Any]:
    """The other factors of a product, and the exponent with which ``base`` stands in it."""
    powers = [p for p in parts if isinstance(p, Pow) and p.base == base]
    rest = [p for p in parts if not (isinstance(p, Pow) and p.base == base)]
    return Mul(*rest), Add(*(p.exp for p in powers))


def _multiple(term: Any, known: Any) -> bool:
    """Whether ``term`` is ``known`` times a positive rational number."""
    ratio = (term / known).cancel()
    return bool(ratio.is_Rational and ratio > 0)


def _scaled(term: Any, known: Any) -> bool:
    """Whether the expanded ``known`` times a positive rational number is ``term``, by its terms."""
    one, other = term.expand().as_coefficients_dict(), known.as_coefficients_dict()
    if one.keys() != other.keys():
        return False
    ratios = {one[monomial] / other[monomial] for monomial in one}
    return len(ratios) == 1 and min(ratios) > 0
