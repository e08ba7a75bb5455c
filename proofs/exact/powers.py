"""Exponentials, logarithms, powers and roots over independent generators."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from sympy import Pow, Rational, S, exp, nan, zoo

from .fractions import Fractions
from .primes import primes

if TYPE_CHECKING:
    from .atoms import Atoms

__all__ = ["Powers"]

LARGEST_EXPONENT = 24


class Powers:
    """``exponentials``: generator E of exp(key).  ``roots``: generator R equal to a polynomial, met
    with fractional exponents.  ``logarithms``: generator L of log(factor).  ``lamberts``:
    generator w of LambertW(z), with exp(w) = z/w.
    """

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.exponentials: dict[Any, Any] = {}
        self.roots: dict[Any, Any] = {}
        self.logarithms: dict[Any, Any] = {}
        self.lamberts: dict[Any, Any] = {}
        self._units: list[Any] = []

    def exponential(self, argument: Any) -> Any:
        """exp of a canonical argument: a product of powers of generators."""
        if argument.has(zoo, nan):
            # The exponential of what is undefined is undefined: a generator that meets no other.
            return self.atoms.unknown(exp, argument)
        # Only the sum of terms with turns in them is a real number.
        found, turning = self.atoms.terms(argument), S.Zero
        result: Any = S.One
        for coefficient, key in found:
            if self.atoms.angles.complex(key):
                turning += coefficient * key
            else:
                result *= self._one_exponential(coefficient, key)
        if turning != 0:
            scale, key = turning.as_content_primitive()
            sign = -1 if key.could_extract_minus_sign() else 1
            result *= Pow(
                self.atoms.generator_of(self.exponentials, sign * key, True), sign * scale
            )
        return result

    def _one_exponential(self, coefficient: Any, key: Any) -> Any:
        if key in self.atoms.made:
            table, what = self.atoms.made[key]
            if table is self.logarithms:
                return self._factor_power(what, coefficient)
            if table is self.lamberts:
                return self._base_power(what / key, coefficient)
        if key == 1:
            return self._number_exponential(coefficient)
        return Pow(self.atoms.generator_of(self.exponentials, key, True), coefficient)

    def _number_exponential(self, number: Any) -> Any:
        """exp(number); a power of exp(1) would make polynomials of degree ``number``."""
        for unit in (S.One, *self._units):
            ratio = number / unit
            if max(abs(ratio.p), ratio.q) <= LARGEST_EXPONENT:
                return Pow(self.atoms.generator_of(self.exponentials, unit, True), ratio)
        self._units.append(number)
        return self.atoms.generator_of(self.exponentials, number, True)

    def power(self, base: Any, exponent: Any) -> Any:
        """exp(exponent log(base)) for a positive base, else as far as the exponent is whole."""
        if exponent.is_Integer:
            return Pow(self.atoms.rewrite(base), exponent)
        if exponent.is_Rational:
            return self._base_power(self.atoms.canonical(base), exponent)
        rewritten = self.atoms.canonical(base)
        if rewritten == -1 and exponent.is_integer:
            return self.atoms.angles.parity(self.atoms.canonical(exponent), exponent)
        if self._split(rewritten)[1] == 1:
            product = self.atoms.rewrite(exponent) * self._split_logarithm(rewritten)
            return self.exponential(Fractions(self.atoms, [product]).reduced())
        return self._unsigned_power(rewritten, self.atoms.canonical(exponent), Pow(base, exponent))

    def _unsigned_power(self, base: Any, exponent: Any, expr: Any) -> Any:
        """A power of what has no certain sign: factor by factor where the exponent is whole."""
        if exponent.has(zoo, nan) or base.has(zoo, nan):
            return self.atoms.opaque(expr)
        if not expr.exp.is_integer:
            return self._one_power(base, exponent)
        result: Any = S.One
        for part, side in zip(base.as_numer_denom(), (1, -1), strict=True):
            content, factors = Fractions(self.atoms, [part]).factors()
            if content < 0:
                result *= self.atoms.angles.parity(exponent, expr.exp)
            for prime, power in (*primes(abs(content.p)), *((p, -k) for p, k in primes(content.q))):
                result *= self.atoms.rewrite(Pow(Rational(prime), power * side * expr.exp))
            for factor, power in factors:
                result *= Pow(self._one_power(factor, exponent), power * side)
        return result

    def _one_power(self, base: Any, exponent: Any) -> Any:
        """x^(n + k) = x^n x^k for a whole number k, whatever the sign of x; x^-n = 1/x^n."""
        if self.atoms.is_positive(base):
            return self.exponential(self.atoms.canonical(exponent * self._split_logarithm(base)))
        constant = sum((c for c, key in self.atoms.terms(exponent) if key == 1), start=S.Zero)
        rest = self.atoms.canonical(exponent - floor(constant))
        sign = -1 if rest.could_extract_minus_sign() else 1
        power = self.atoms.generator((Pow, base, self.atoms.canonical(sign * rest)), None)
        return Pow(power, sign) * Pow(base, floor(constant))

    def _base_power(self, base: Any, exponent: Any) -> Any:
        if exponent.is_Integer:
            return Pow(base, exponent)
        positive, rest = self._split(base)
        result: Any = S.One
        for factor, power in positive:
            result *= self._factor_power(factor, power * exponent)
        if rest != 1:
            result *= Pow(self._root(rest), exponent)
        return result

    def _factor_power(self, factor: Any, exponent: Any) -> Any:
        base, power = factor.as_base_exp()
        if exponent.is_Integer or base.is_Symbol:
            return Pow(base, power * exponent)
        return Pow(self._root(factor), exponent)

    def _root(self, value: Any) -> Any:
        if value.is_Symbol:
            return value
        return self.atoms.generator_of(self.roots, value, self.atoms.is_positive(value))

    def _split(self, canonical: Any) -> tuple[list[tuple[Any, Any]], Any]:
        """Positive factors with their powers, and the product of the others."""
        positive: list[tuple[Any, Any]] = []
        rest: Any = S.One
        for part, side in zip(canonical.as_numer_denom(), (1, -1), strict=True):
            content, factors = Fractions(self.atoms, [part]).factors()
            positive += [(Rational(p), k * side) for p, k in primes(abs(content.p))]
            positive += [(Rational(p), -k * side) for p, k in primes(content.q)]
            rest *= -1 if content < 0 else 1
            for factor, power in factors:
                if self.atoms.is_positive(factor):
                    positive.append((factor, power * side))
                elif self.atoms.is_positive(-factor):
                    positive.append(((-factor).expand(), power * side))
                    rest *= (-1) ** power
                else:
                    rest *= factor ** (power * side)
        return [(f, k) for f, k in positive if f != 1], rest

    def logarithm(self, argument: Any) -> Any:
        """log of an expression: the sum of those of its positive factors, and of the others."""
        return self._split_logarithm(self.atoms.canonical(argument))

    def _split_logarithm(self, canonical: Any) -> Any:
        positive, rest = self._split(canonical)
        total: Any = S.Zero
        for factor, power in positive:
            total += power * self._factor_logarithm(factor)
        if rest != 1:
            total += self.atoms.generator_of(self.logarithms, rest, None)
        return total

    def _factor_logarithm(self, factor: Any) -> Any:
        base, exponent = factor.as_base_exp()
        if base in self.atoms.made:
            table, what = self.atoms.made[base]
            if table is self.exponentials:
                return exponent * what
            if table is self.roots:
                return exponent * self._split_logarithm(what)
            if table is self.lamberts:
                return exponent * (self._split_logarithm(what) - base)
        if exponent != 1:
            return exponent * self._factor_logarithm(base)
        return self.atoms.generator_of(self.logarithms, factor, None)

    def absolute(self, argument: Any) -> Any:
        """The expression or its negative where its sign is certain, else a root."""
        rewritten = self.atoms.canonical(argument)
        if self.atoms.is_positive(rewritten):
            return rewritten
        if self.atoms.is_positive(-rewritten):
            return -rewritten
        return Pow(self._root((rewritten**2).expand()), Rational(1, 2))

    def lambert(self, argument: Any) -> Any:
        """The generator of LambertW of a canonical argument."""
        if argument == 0:
            # exp(w) = z/w says nothing where z and w vanish.
            return S.Zero
        positive = self._split(argument)[1] == 1
        return self.atoms.generator_of(self.lamberts, argument, positive)
