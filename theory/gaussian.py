"""Averages over a standard normal variable, E_z f(z), as expressions that claims can state.

``gaussian_average(f, z)`` is the integral of f(z) exp(-z^2/2)/sqrt(2 pi) over the line.  It is
never evaluated: the court knows that it is linear, that odd functions average to zero, and the
moments 1, 0, 1, 0, 3, ...; ``ByParts`` is the rule of derivations for integration by parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache
from itertools import count
from typing import Any

from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Expr,
    Function,
    Max,
    Min,
    Mul,
    Pow,
    S,
    Symbol,
    cos,
    cosh,
    erf,
    exp,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)
from sympy.core.function import AppliedUndef

__all__ = ["GaussianAverage", "apart", "converges", "gaussian_average", "slope", "tame", "z"]

z = Symbol("z", real=True)
"""The standard normal variable of the claims."""

HIGHEST_DEGREE = 12
REMEMBERED = 4096


class GaussianAverage(Expr):  # type: ignore[misc]
    """E f(z) over a standard normal z: its arguments are f and z, and z is bound."""

    is_gaussian_average = True
    is_commutative = True

    def __new__(cls, function: Any, variable: Any) -> Any:
        """The average of ``function`` over ``variable``; what does not depend on it is itself.

        A variable that is bound inside as well is renamed there.  Raises ``TypeError`` where the
        variable is no symbol, or declared to be anything but real.
        """
        function = S.Zero + function
        if not getattr(variable, "is_Symbol", False):
            raise TypeError(f"variable: {variable!r} is no symbol: give Symbol('z', real=True)")
        if not _takes_all_values(variable):
            raise TypeError(
                f"variable: the symbol {variable} is not declared real and nothing more, and a "
                f"normal variable takes all real values: give Symbol({variable.name!r}, real=True)"
            )
        if variable not in function.free_symbols:
            return function
        return Expr.__new__(cls, apart(function, {variable}), variable)

    @property
    def function(self) -> Any:
        """What is averaged."""
        return self.args[0]

    @property
    def variable(self) -> Any:
        """The standard normal variable, bound here."""
        return self.args[1]

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols of the function but for the variable."""
        return set(self.function.free_symbols) - {self.variable}

    @property
    def bound_symbols(self) -> list[Any]:
        """The variable."""
        return [self.variable]

    def _eval_is_extended_real(self) -> Any:
        return True if self.function.is_extended_real else None

    def _eval_is_real(self) -> Any:
        return True if self.function.is_real else None

    def _eval_is_finite(self) -> Any:
        return True if converges(self.function, self.variable) else None

    def _eval_is_extended_positive(self) -> Any:
        return True if self.function.is_positive else None

    def _eval_is_extended_nonnegative(self) -> Any:
        return True if self.function.is_nonnegative else None

    def _eval_derivative(self, symbol: Any) -> Any:
        """Under the average where it and all derivatives are dominated, and not otherwise."""
        if symbol not in self.free_symbols:
            return S.Zero
        if not tame(self.function, self.variable):
            return Derivative(self, symbol, evaluate=False)
        return GaussianAverage(self.function.diff(symbol), self.variable)

    def _eval_subs(self, old: Any, new: Any) -> Any:
        """The variable is bound: it is never replaced, and catches nothing that is inserted."""
        if old == self.variable:
            return self
        other = self._beside({old: new})
        return None if other is self else other._subs(old, new)

    def _xreplace(self, rule: Any) -> tuple[Any, bool]:
        """As for ``subs``: a definition or a rule may be inserted under an average."""
        if self in rule:
            return rule[self], True
        if not isinstance(rule, Mapping):
            return super()._xreplace(rule)  # type: ignore[no-any-return]
        kept = {old: new for old, new in rule.items() if old != self.variable}
        other = self._beside(kept)
        function, changed = other.function._xreplace(kept)
        return (GaussianAverage(function, other.variable), True) if changed else (self, False)

    def _beside(self, rule: Mapping[Any, Any]) -> Any:
        """The same average, with a variable that nothing contains which is inserted by ``rule``."""
        caught: set[Any] = set()
        for old, new in rule.items():
            free: set[Any] = getattr(new, "free_symbols", set())
            if self.variable in free - old.free_symbols and self.function.has(old):
                caught |= free
        return self.renamed(caught) if caught else self

    def renamed(self, taken: Set[Any]) -> Any:
        """The same average over a variable that is not among the symbols ``taken``."""
        body = apart(self.function, taken)
        names = {symbol.name for symbol in taken | body.atoms(Symbol)}
        name = next(n for k in count(1) if (n := f"{self.variable.name}_{k}") not in names)
        other = Symbol(name, real=True)
        return Expr.__new__(type(self), body.xreplace({self.variable: other}), other)

    def _latex(self, printer: Any) -> str:
        function = printer._print(self.function)
        return rf"\mathbb{{E}}_{{{printer._print(self.variable)}}}\left[{function}\right]"

    def _sympystr(self, printer: Any) -> str:
        return f"E_{printer._print(self.variable)}[{printer._print(self.function)}]"


def gaussian_average(function: Any, variable: Any = z) -> Any:
    """E of ``function`` over a standard normal ``variable``.

    >>> gaussian_average(z**2)
    E_z[z**2]
    """
    return GaussianAverage(function, variable)


def apart(expr: Any, taken: Set[Any]) -> Any:
    """``expr`` with no average in it over one of the symbols ``taken``: these are renamed.

    >>> apart(gaussian_average(z**2), {z})
    E_z_1[z_1**2]
    """
    inside = [a for a in expr.atoms(GaussianAverage) if a.variable in taken]
    return expr.xreplace({a: a.renamed(taken) for a in inside}) if inside else expr


@lru_cache(maxsize=REMEMBERED)
def _takes_all_values(variable: Any) -> bool:
    return bool(variable.assumptions0 == z.assumptions0)


@lru_cache(maxsize=REMEMBERED)
def tame(expr: Any, variable: Any) -> bool:
    """Whether ``expr``, as a function of the variable, may be averaged and differentiated freely.

    It is smooth, and it and all its derivatives, also those in parameters, are bounded by
    A exp(c |z|), locally uniformly in the parameters: so averages exist, are differentiated under
    the average, and boundary terms of integration by parts vanish.  The class: polynomials in z,
    exp of a quadratic that does not grow like z^2, hyperbolic functions and erf of something
    linear, sines and cosines and tanh of polynomials, 1/cosh^n, tanh(c z)/z, sums and products.
    Undefined functions of z alone stand for any function of this kind, with their derivatives.
    """
    if not expr.has(variable) or expr == variable:
        return True
    if isinstance(expr, Mul):
        poles = [p for p in expr.args if isinstance(p, Pow) and p.base == variable]
        others = [arg for arg in expr.args if arg not in poles]
        if not all(p.exp.is_Integer for p in poles):
            return False
        order = Add(*(p.exp for p in poles), *(_order(arg, variable) for arg in others))
        return order >= 0 and all(tame(arg, variable) for arg in others)
    if isinstance(expr, Add):
        return all(tame(arg, variable) for arg in expr.args)
    if isinstance(expr, AppliedUndef):
        return bool(expr.args == (variable,))
    if isinstance(expr, Derivative):
        return set(expr.variables) == {variable} and tame(expr.expr, variable)
    if isinstance(expr, exp):
        return _bounded_exponent(expr.exp, variable)
    if isinstance(expr, Pow):
        if not expr.exp.is_Integer:
            return False
        if expr.exp > 0:
            return tame(expr.base, variable)
        return isinstance(expr.base, cosh) and _degree(expr.base.args[0], variable) in (0, 1)
    if isinstance(expr, tanh | sin | cos):
        return _degree(expr.args[0], variable) is not None
    if isinstance(expr, cosh | sinh | erf):
        return _degree(expr.args[0], variable) in (0, 1)
    return False


def _order(expr: Any, variable: Any) -> Any:
    """How often powers of z and of tanh(c z) vanish at 0."""
    base, power = expr.as_base_exp()
    if not power.is_Integer or power < 0:
        return S.Zero
    odd = (isinstance(base, tanh) and _coefficients(base.args[0], variable)) or ()
    return power if base == variable or (len(odd) == 2 and odd[0] == 0) else S.Zero


@lru_cache(maxsize=REMEMBERED)
def converges(expr: Any, variable: Any) -> bool:
    """Whether the average of ``expr`` certainly exists: tame but for kinks and jumps."""
    if tame(expr, variable):
        return True
    if isinstance(expr, Add | Mul | Abs | Max | Min):
        return all(converges(arg, variable) for arg in expr.args)
    if isinstance(expr, sign):
        return True
    return bool(
        isinstance(expr, Pow)
        and expr.exp.is_Integer
        and expr.exp > 0
        and converges(expr.base, variable)
    )


def _degree(expr: Any, variable: Any) -> int | None:
    """The degree of a polynomial in the variable; None for what is none."""
    coefficients = _coefficients(expr, variable)
    return None if coefficients is None else len(coefficients) - 1


@lru_cache(maxsize=REMEMBERED)
def _coefficients(expr: Any, variable: Any) -> tuple[Any, ...] | None:
    if not expr.is_polynomial(variable):
        return None
    expanded = expr.expand()
    found = [expanded.coeff(variable, n) for n in range(HIGHEST_DEGREE + 1)]
    rest = expanded - Add(*(c * variable**n for n, c in enumerate(found)))
    if rest.expand() != 0:
        return None
    while len(found) > 1 and found[-1] == 0:
        found.pop()
    return tuple(found)


def _bounded_exponent(exponent: Any, variable: Any) -> bool:
    coefficients = _coefficients(exponent, variable)
    if coefficients is None or len(coefficients) > 3:
        return False
    return len(coefficients) < 3 or bool(coefficients[2].is_nonpositive)


def slope(expr: Any, symbol: Any) -> Any:
    """The derivative of ``expr`` in ``symbol``, the variance of what is averaged.

    For tame F the average of F(sqrt(q) z) obeys the heat equation, d/dq E F = E F''/2, which
    unlike E z F'/(2 sqrt(q)) has no difference of large terms where q is small.
    """
    held = {a: Function(f"A{n}")(symbol) for n, a in enumerate(expr.atoms(GaussianAverage))}
    found = expr.xreplace(held).diff(symbol)
    for average, name in held.items():
        found = found.subs(name.diff(symbol), _heated(average, symbol)).subs(name, average)
    return found


def _heated(average: Any, symbol: Any) -> Any:
    argument, scaled = Dummy("x", real=True), sqrt(symbol) * average.variable
    body = average.function.xreplace({scaled: argument})
    if not tame(average.function, average.variable) or body.has(average.variable, symbol):
        return average.diff(symbol)
    return GaussianAverage(
        (body.diff(argument, 2) / 2).xreplace({argument: scaled}), average.variable
    )
