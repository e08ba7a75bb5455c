"""Rewrite an expression over independent generators with rational exponents.

Every generator is sound to treat as independent: a difference that vanishes as a rational
function of the generators vanishes.  Dependence that is overlooked costs a proof, never truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lemmata.theory.gaussian import GaussianAverage
from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    LambertW,
    Mul,
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
from .powers import Powers

__all__ = ["Atoms"]

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

    ``powers``: those of exponentials, roots, logarithms and Lambert's function.  ``angles``:
    e^(i angle), which are complex.  ``averages``: Gaussian ones.
    """

    def __init__(self, positive: Iterable[Any] = ()) -> None:
        self._others: dict[Any, Any] = {}
        self.made: dict[Any, Any] = {}
        self.memo: dict[Any, Any] = {}
        self.powers = Powers(self)
        self.angles = Angles(self)
        self.averages = Averages(self)
        self.positive: list[Any] = []
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
            return self.powers.exponential(self.canonical(expr.exp))
        if expr == S.Exp1:
            return self.powers.exponential(S.One)
        if expr.is_Pow:
            return self.powers.power(expr.base, expr.exp)
        if isinstance(expr, log) and len(expr.args) == 1:
            return self.powers.logarithm(expr.args[0])
        if expr.func in _HYPERBOLIC:
            return _HYPERBOLIC[expr.func](self.powers.exponential(self.canonical(expr.args[0])))
        if expr.func in TRIGONOMETRIC:
            return self._trigonometric(expr.func, self.rewrite(expr.args[0]))
        if isinstance(expr, Abs):
            return self.powers.absolute(expr.args[0])
        if isinstance(expr, LambertW) and len(expr.args) == 1:
            return self.powers.lambert(self.canonical(expr.args[0]))
        if isinstance(expr, gamma | polygamma | binomial):
            return factorial_function(self, expr)
        if isinstance(expr, lerchphi) and expr.args[1] == 0:
            # sum_n z^n, whatever the third argument: derivatives of the next order lead to it.
            return 1 / (1 - self.rewrite(expr.args[0]))
        if isinstance(expr, GaussianAverage):
            return self.averages.rewrite(expr)
        return self.opaque(expr)

    def generator(self, key: Any, positive: bool | None) -> Any:
        """The generator of a function of which no more is known; ``key`` names it."""
        return self.generator_of(self._others, key, positive)

    def unknown(self, function: Any, argument: Any) -> Any:
        """The generator of a function of what is undefined, which meets no other."""
        return self.generator((function, argument, len(self.made)), None)

    def generator_of(self, table: dict[Any, Any], key: Any, positive: bool | None) -> Any:
        """The generator of ``key`` in one of the tables, made where there is none."""
        if key not in table:
            made = Dummy(f"g{len(self.made)}", positive=positive or None, real=True)
            table[key] = made
            self.made[made] = (table, key)
        return table[key]

    def opaque(self, expr: Any) -> Any:
        """The generator of an expression of which no more is known."""
        if isinstance(expr, AppliedUndef | Function) and not isinstance(expr, Derivative):
            key: Any = (expr.func, *(self.canonical(arg) for arg in expr.args))
        else:
            key = expr
        positive = True if self._declared_positive(expr) else expr.is_positive
        return self.generator_of(self._others, key, positive)

    def _declared_positive(self, expr: Any) -> bool:
        return expr in self.positive

    def relation(self, generator: Any) -> Any:
        """The expression that the first power of a generator equals; None where none is known."""
        table, key = self.made.get(generator, (None, None))
        return key if table is self.powers.roots else self.angles.values.get(generator)

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
            return self.unknown(name, argument)
        return self.angles.function(name, argument)
