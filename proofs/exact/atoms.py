"""Rewrite an expression over independent generators with rational exponents.

Every generator is sound to treat as independent: a difference that vanishes as a rational
function of the generators vanishes.  Dependence that is overlooked costs a proof, never truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import Any

from lemmata.theory.gaussian import GaussianAverage
from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    LambertW,
    Mul,
    Pow,
    Rational,
    S,
    binomial,
    cosh,
    coth,
    csch,
    exp,
    factor_list,
    gamma,
    lerchphi,
    log,
    nan,
    polygamma,
    sech,
    sinh,
    tanh,
    zoo,
)
from sympy.core.function import AppliedUndef, Function

from .angles import TRIGONOMETRIC, Angles
from .averages import Averages
from .factorials import factorial_function
from .fractions import Fractions
from .primes import primes

__all__ = ["Atoms"]

LARGEST_EXPONENT = 24

_HYPERBOLIC: dict[Any, Any] = {
    sinh: lambda e: (e - 1 / e) / 2,
    cosh: lambda e: (e + 1 / e) / 2,
    tanh: lambda e: (e - 1 / e) / (e + 1 / e),
    coth: lambda e: (e + 1 / e) / (e - 1 / e),
    sech: lambda e: 2 / (e + 1 / e),
    csch: lambda e: 2 / (e - 1 / e),
}


class Atoms:
    """The generators met so far, what each stands for, and what is known to be positive.

    ``exponentials``: generator E of exp(key).  ``roots``: generator R equal to a polynomial, met
    with fractional exponents.  ``logarithms``: generator L of log(factor).  ``lamberts``:
    generator w of LambertW(z), with exp(w) = z/w.  ``angles``: e^(i angle), which are complex.
    """

    def __init__(self, positive: Iterable[Any] = ()) -> None:
        self.exponentials: dict[Any, Any] = {}
        self.roots: dict[Any, Any] = {}
        self.logarithms: dict[Any, Any] = {}
        self.lamberts: dict[Any, Any] = {}
        self.opaque: dict[Any, Any] = {}
        self.made: dict[Any, Any] = {}
        self.memo: dict[Any, Any] = {}
        self.angles = Angles(self)
        self.averages = Averages(self)
        self.positive: list[Any] = []
        self._units: list[Any] = []
        for expr in positive:
            self._learn(expr)

    def rewrite(self, expr: Any) -> Any:
        """``expr`` as a rational expression of generators with rational exponents."""
        if expr not in self.memo:
            self.memo[expr] = self._rewrite(expr)
        return self.memo[expr]

    def canonical(self, expr: Any) -> Any:
        """The rewritten ``expr`` as a reduced fraction of expanded polynomials."""
        return Fractions(self, [self.rewrite(expr)]).reduced()

    def is_positive(self, rewritten: Any) -> bool:
        """Whether the rewritten expression is certainly positive on the domain."""
        if rewritten.is_positive or rewritten in self.positive:
            return True
        return any((rewritten - known).expand().is_nonnegative for known in self.positive)

    def _learn(self, expr: Any) -> None:
        numerator, denominator = self.canonical(expr).as_numer_denom()
        if not self.is_positive(denominator):
            return
        content, factors = factor_list(numerator)
        unknown = [] if content > 0 else [S.NegativeOne]
        for factor, power in factors:
            if not self.is_positive(factor) and power % 2:
                unknown.append(factor)
        fact = Mul(*unknown).expand()
        # Of turns nothing is learned: a power of one would be taken for a root of its value.
        if unknown and fact not in self.positive and not self.angles.complex(fact):
            self.positive.append(fact)

    def _rewrite(self, expr: Any) -> Any:
        if expr.is_Rational or expr.is_Symbol:
            return expr
        if expr.is_Add or expr.is_Mul:
            return expr.func(*(self.rewrite(arg) for arg in expr.args))
        if isinstance(expr, exp):
            # An unevaluated E**x is an exp as well, but its first argument is E.
            return self._exponential(self.canonical(expr.exp))
        if expr == S.Exp1:
            return self._exponential(S.One)
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if isinstance(expr, log) and len(expr.args) == 1:
            return self._logarithm(expr.args[0])
        if expr.func in _HYPERBOLIC:
            return _HYPERBOLIC[expr.func](self._exponential(self.canonical(expr.args[0])))
        if expr.func in TRIGONOMETRIC:
            return self._trigonometric(expr.func, self.rewrite(expr.args[0]))
        if isinstance(expr, Abs):
            return self._absolute(expr.args[0])
        if isinstance(expr, LambertW) and len(expr.args) == 1:
            return self._lambert(self.canonical(expr.args[0]))
        if isinstance(expr, gamma | polygamma | binomial):
            return factorial_function(self, expr)
        if isinstance(expr, lerchphi) and expr.args[1] == 0:
            # sum_n z^n, whatever the third argument: derivatives of the next order lead to it.
            return 1 / (1 - self.rewrite(expr.args[0]))
        if isinstance(expr, GaussianAverage):
            return self.averages.rewrite(expr)
        return self._opaque(expr)

    def generator(self, key: Any, positive: bool | None) -> Any:
        """The generator of a function of which no more is known; ``key`` names it."""
        return self._generator(self.opaque, key, positive)

    def _generator(self, table: dict[Any, Any], key: Any, positive: bool | None) -> Any:
        if key not in table:
            made = Dummy(f"g{len(self.made)}", positive=positive or None, real=True)
            table[key] = made
            self.made[made] = (table, key)
        return table[key]

    def _opaque(self, expr: Any) -> Any:
        if isinstance(expr, AppliedUndef | Function) and not isinstance(expr, Derivative):
            key: Any = (expr.func, *(self.canonical(arg) for arg in expr.args))
        else:
            key = expr
        positive = True if self._declared_positive(expr) else expr.is_positive
        return self._generator(self.opaque, key, positive)

    def _declared_positive(self, expr: Any) -> bool:
        return expr in self.positive

    def relation(self, generator: Any) -> Any:
        """The expression that the first power of a generator equals; None where none is known."""
        table, key = self.made.get(generator, (None, None))
        return key if table is self.roots else self.angles.values.get(generator)

    def terms(self, argument: Any) -> list[tuple[Any, Any]]:
        """Rational coefficients and what they multiply, of a canonical sum.

        The whole part of a fraction goes by itself: exp(x + x/(x + y)) must meet exp(x).
        """
        whole, rest = Fractions(self, [argument]).divided()
        numerator, denominator = rest.as_numer_denom()
        scale, denominator = denominator.as_content_primitive()
        found = []
        for term in Add.make_args(numerator.expand()) if numerator != 0 else ():
            coefficient, monomial = term.as_coeff_Mul()
            found.append((coefficient / scale, monomial / denominator))
        terms = Add.make_args(whole.expand()) if whole != 0 else ()
        return found + [term.as_coeff_Mul() for term in terms]

    def _trigonometric(self, name: Any, argument: Any) -> Any:
        if argument.has(zoo, nan):
            return self._generator(self.opaque, (name, argument, len(self.made)), None)
        return self.angles.function(name, argument)

    def _exponential(self, argument: Any) -> Any:
        if argument.has(zoo, nan):
            # The exponential of what is undefined is undefined: a generator that meets no other.
            return self._generator(self.opaque, (exp, argument, len(self.made)), None)
        # Only the sum of terms with turns in them is a real number.
        found, turning = self.terms(argument), S.Zero
        result: Any = S.One
        for coefficient, key in found:
            if self.angles.complex(key):
                turning += coefficient * key
            else:
                result *= self._one_exponential(coefficient, key)
        if turning != 0:
            scale, key = turning.as_content_primitive()
            sign = -1 if key.could_extract_minus_sign() else 1
            result *= Pow(self._generator(self.exponentials, sign * key, True), sign * scale)
        return result

    def _one_exponential(self, coefficient: Any, key: Any) -> Any:
        if key in self.made:
            table, what = self.made[key]
            if table is self.logarithms:
                return self._factor_power(what, coefficient)
            if table is self.lamberts:
                return self._base_power(what / key, coefficient)
        if key == 1:
            return self._number_exponential(coefficient)
        return Pow(self._generator(self.exponentials, key, True), coefficient)

    def _number_exponential(self, number: Any) -> Any:
        """exp(number); a power of exp(1) would make polynomials of degree ``number``."""
        for unit in (S.One, *self._units):
            ratio = number / unit
            if max(abs(ratio.p), ratio.q) <= LARGEST_EXPONENT:
                return Pow(self._generator(self.exponentials, unit, True), ratio)
        self._units.append(number)
        return self._generator(self.exponentials, number, True)

    def _power(self, base: Any, exponent: Any) -> Any:
        if exponent.is_Integer:
            return Pow(self.rewrite(base), exponent)
        if exponent.is_Rational:
            return self._base_power(self.canonical(base), exponent)
        rewritten = self.canonical(base)
        if rewritten == -1 and exponent.is_integer:
            return self.angles.parity(self.canonical(exponent), exponent)
        if self._split(rewritten)[1] == 1:
            product = self.rewrite(exponent) * self._split_logarithm(rewritten)
            return self._exponential(Fractions(self, [product]).reduced())
        return self._unsigned_power(rewritten, self.canonical(exponent), Pow(base, exponent))

    def _unsigned_power(self, base: Any, exponent: Any, expr: Any) -> Any:
        """A power of what has no certain sign: factor by factor where the exponent is whole."""
        if exponent.has(zoo, nan) or base.has(zoo, nan):
            return self._opaque(expr)
        if not expr.exp.is_integer:
            return self._one_power(base, exponent)
        result: Any = S.One
        for part, side in zip(base.as_numer_denom(), (1, -1), strict=True):
            content, factors = Fractions(self, [part]).factors()
            if content < 0:
                result *= self.angles.parity(exponent, expr.exp)
            for prime, power in (*primes(abs(content.p)), *((p, -k) for p, k in primes(content.q))):
                result *= self.rewrite(Pow(Rational(prime), power * side * expr.exp))
            for factor, power in factors:
                result *= Pow(self._one_power(factor, exponent), power * side)
        return result

    def _one_power(self, base: Any, exponent: Any) -> Any:
        """x^(n + k) = x^n x^k for a whole number k, whatever the sign of x; x^-n = 1/x^n."""
        if self.is_positive(base):
            return self._exponential(self.canonical(exponent * self._split_logarithm(base)))
        constant = sum((c for c, key in self.terms(exponent) if key == 1), start=S.Zero)
        rest = self.canonical(exponent - floor(constant))
        sign = -1 if rest.could_extract_minus_sign() else 1
        power = self.generator((Pow, base, self.canonical(sign * rest)), None)
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
        return self._generator(self.roots, value, self.is_positive(value))

    def _split(self, canonical: Any) -> tuple[list[tuple[Any, Any]], Any]:
        """Positive factors with their powers, and the product of the others."""
        positive: list[tuple[Any, Any]] = []
        rest: Any = S.One
        for part, side in zip(canonical.as_numer_denom(), (1, -1), strict=True):
            content, factors = Fractions(self, [part]).factors()
            positive += [(Rational(p), k * side) for p, k in primes(abs(content.p))]
            positive += [(Rational(p), -k * side) for p, k in primes(content.q)]
            rest *= -1 if content < 0 else 1
            for factor, power in factors:
                if self.is_positive(factor):
                    positive.append((factor, power * side))
                elif self.is_positive(-factor):
                    positive.append(((-factor).expand(), power * side))
                    rest *= (-1) ** power
                else:
                    rest *= factor ** (power * side)
        return [(f, k) for f, k in positive if f != 1], rest

    def _logarithm(self, argument: Any) -> Any:
        return self._split_logarithm(self.canonical(argument))

    def _split_logarithm(self, canonical: Any) -> Any:
        positive, rest = self._split(canonical)
        total: Any = S.Zero
        for factor, power in positive:
            total += power * self._factor_logarithm(factor)
        if rest != 1:
            total += self._generator(self.logarithms, rest, None)
        return total

    def _factor_logarithm(self, factor: Any) -> Any:
        base, exponent = factor.as_base_exp()
        if base in self.made:
            table, what = self.made[base]
            if table is self.exponentials:
                return exponent * what
            if table is self.roots:
                return exponent * self._split_logarithm(what)
            if table is self.lamberts:
                return exponent * (self._split_logarithm(what) - base)
        if exponent != 1:
            return exponent * self._factor_logarithm(base)
        return self._generator(self.logarithms, factor, None)

    def _absolute(self, argument: Any) -> Any:
        rewritten = self.canonical(argument)
        if self.is_positive(rewritten):
            return rewritten
        if self.is_positive(-rewritten):
            return -rewritten
        return Pow(self._root((rewritten**2).expand()), Rational(1, 2))

    def _lambert(self, argument: Any) -> Any:
        if argument == 0:
            # exp(w) = z/w says nothing where z and w vanish.
            return S.Zero
        positive = self._split(argument)[1] == 1
        return self._generator(self.lamberts, argument, positive)
