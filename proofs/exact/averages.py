"""Averages over a standard normal variable in the normal form.

The average is a linear functional on functions of z: each body becomes a sum of what does not
depend on z times products of functions of z, and each such product one generator.  Powers of z
alone have their moments, odd products average to zero.  No more is used, so that an identity that
is shown holds wherever the averages that stand in it exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lemmata.theory.gaussian import GaussianAverage
from sympy import (
    Add,
    Derivative,
    Dummy,
    Integer,
    Lambda,
    Mul,
    Pow,
    S,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    factorial2,
    floor,
    sign,
    sinh,
    tanh,
)
from sympy.core.function import AppliedUndef

if TYPE_CHECKING:
    from .atoms import Atoms

__all__ = ["Averages", "moments_inserted", "tried"]

_ODD = (asinh, atan, erf, sign, sinh, tanh)
_EVEN = (cos, cosh)
HIGHEST_MOMENT = 200


class Averages:
    """Rewrites averages with the generators of ``atoms``."""

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.tangents: dict[Any, Any] = {}
        self.known: set[Any] = set()
        self.bound: list[Any] = []

    def rewrite(self, expr: Any) -> Any:
        """The average as a linear expression in generators of averages."""
        variable = self._variable(_height(expr))
        body = expr.function.xreplace({expr.variable: variable})
        reduced = self.atoms.canonical(self._with_tangents(body, variable))
        # What a generator stands for is looked up; one of which nothing is known may depend on z.
        self.known = set(body.free_symbols)
        inside = [s for s in reduced.free_symbols if self._moves(s, variable, self.known)]
        numerator, denominator = reduced.as_numer_denom()
        fixed, below = _split(denominator, inside)
        total = S.Zero
        terms = (self._term(term) for term in Add.make_args(numerator.expand()))
        for term in Add.make_args(Add(*terms).expand()):
            factor, moves = _split(term, inside)
            total += factor / fixed * self._value(moves / below, variable)
        return total

    def _variable(self, height: int) -> Any:
        """The variable of all averages with so many levels of averages in them.

        Names of bound variables do not matter then, and no assumption speaks of one.
        """
        while len(self.bound) < height:
            self.bound.append(Dummy(f"z{len(self.bound)}", real=True))
        return self.bound[height - 1]

    def _with_tangents(self, body: Any, variable: Any) -> Any:
        """A polynomial in tanh is linear in its powers; in exponentials it would be a quotient."""
        kept = {}
        for power in body.atoms(Pow):
            base = power.base
            even = power.exp.is_even and power.exp.is_negative
            if even and isinstance(base, cosh) and base.has(variable):
                kept[power] = (1 - self._tangent(base.args[0]) ** 2) ** (-power.exp / 2)
        body = body.xreplace(kept)
        moving = [t for t in body.atoms(tanh) if t.has(variable)]
        return body.xreplace({t: self._tangent(t.args[0]) for t in moving})

    def _term(self, term: Any) -> Any:
        """A product in which whole powers of roots are what they are roots of."""
        result: Any = S.One
        for base, exponent in term.as_powers_dict().items():
            value: Any = self.atoms.relation(base) if base.is_Symbol else None
            if value is None or not exponent.is_Rational:
                result *= base**exponent
            else:
                result *= value ** floor(exponent) * base ** (exponent - floor(exponent))
        return result

    def _tangent(self, argument: Any) -> Any:
        key = self.atoms.canonical(argument)
        if key not in self.tangents:
            made = Dummy(f"t{len(self.tangents)}", real=True)
            self.tangents[key] = made
        return self.tangents[key]

    def _key(self, symbol: Any) -> Any:
        """What a generator stands for: an expression, or a function with its arguments."""
        for key, made in self.tangents.items():
            if made == symbol:
                return (tanh, key)
        return self.atoms.made.get(symbol, (None, None))[1]

    def _moves(self, symbol: Any, variable: Any, known: set[Any]) -> bool:
        if symbol == variable or symbol in known or symbol in self.bound:
            return bool(symbol == variable)
        key = self._key(symbol)
        if key is None:
            return True
        parts = key[1:] if isinstance(key, tuple) else (key,)
        return any(
            self._moves(inner, variable, known)
            for part in parts
            if hasattr(part, "free_symbols")
            for inner in part.free_symbols
        )

    def _value(self, product: Any, variable: Any) -> Any:
        if product == 1:
            return S.One
        power = _power_of(product, variable)
        if power is not None and power <= HIGHEST_MOMENT:
            return moment(power)
        if self._parity(product, variable) == -1:
            return S.Zero
        key = (GaussianAverage, product, variable)
        return self.atoms.generator(key, bool(product.is_positive))

    def _parity(self, expr: Any, variable: Any) -> int:
        """1 for an even function of the variable, -1 for an odd one, 0 for neither."""
        turned = {}
        for symbol in expr.free_symbols:
            if self._moves(symbol, variable, self.known):
                parity = self._symbol_parity(symbol, variable)
                if not parity:
                    return 0
                turned[symbol] = parity * symbol
        other = expr.xreplace(turned)
        if (other - expr).expand() == 0:
            return 1
        return -1 if (other + expr).expand() == 0 else 0

    def _symbol_parity(self, symbol: Any, variable: Any) -> int:
        if symbol == variable:
            return -1
        key = self._key(symbol)
        function, arguments = (key[0], key[1:]) if isinstance(key, tuple) else (None, (key,))
        if len(arguments) != 1 or not hasattr(arguments[0], "free_symbols"):
            return 0
        if arguments[0].atoms(Derivative):
            return 0
        if function is not None and function not in (*_ODD, *_EVEN):
            return 0
        (argument,) = arguments
        parity = self._parity(argument, variable)
        if parity == -1 and function in _EVEN:
            return 1
        # Of an odd argument nothing is known for an exponential, a root or a logarithm.
        return 0 if parity == -1 and function is None else parity


def _height(expr: Any) -> int:
    """How many averages stand in one another."""
    return 1 + max((_height(a) for a in expr.function.atoms(GaussianAverage)), default=0)


def _split(expr: Any, inside: list[Any]) -> tuple[Any, Any]:
    """The factors of a product without the symbols inside, and those with them."""
    fixed: list[Any] = []
    moving: list[Any] = []
    for factor in Mul.make_args(expr):
        (moving if factor.free_symbols & set(inside) else fixed).append(factor)
    return Mul(*fixed), Mul(*moving)


def _power_of(product: Any, variable: Any) -> int | None:
    base, exponent = product.as_base_exp()
    whole = base == variable and exponent.is_Integer and exponent >= 0
    return int(exponent) if whole else None


def moment(power: int) -> Any:
    """E z^power: 0 for odd powers, else 1 * 3 * 5 * ... * (power - 1)."""
    return S.Zero if power % 2 else S.Zero + factorial2(power - 1)


def moments_inserted(expr: Any) -> Any:
    """``expr`` with averages of polynomials in the variable alone carried out."""
    found = {}
    for average in expr.atoms(GaussianAverage):
        body, variable = average.function, average.variable
        if not body.is_polynomial(variable):
            continue
        expanded = body.expand()
        powers = [t.as_independent(variable)[1] for t in Add.make_args(expanded)]
        found[average] = Add(
            *(
                t.as_independent(variable)[0] * moment(_power_of(p, variable) or 0)
                for t, p in zip(Add.make_args(expanded), powers, strict=True)
            )
        )
    return expr.xreplace(found) if found else expr


def _unnested(expr: Any) -> Any:
    """``expr`` with averages of polynomials inside averages carried out, from the inside.

    Balls of an integrand that is an integral itself are too wide to decide anything.
    """
    inside = {b for a in expr.atoms(GaussianAverage) for b in a.function.atoms(GaussianAverage)}
    known = {b: moments_inserted(b) for b in inside if _height(b) == 1}
    changed = expr.xreplace(known)
    return expr if changed == expr else _unnested(changed)


def tried(expr: Any) -> Any:
    """``expr`` with undefined functions under averages replaced by polynomials.

    They stand for any function of a certain growth, so that a difference that does not vanish for
    these does not vanish identically.  The polynomials are of low degree and have no symmetry.
    """
    expr = _unnested(expr)
    averages = expr.atoms(GaussianAverage)
    unknown = sorted(
        {
            f.func
            for average in averages
            for f in average.function.atoms(AppliedUndef)
            if f.args == (average.variable,)
        },
        key=str,
    )
    for number, function in enumerate(unknown):
        x = Dummy("x", real=True)
        shape = Integer(2 + number) + 3 * x + (5 - 2 * number) * x**2 / 7 + x**3 / (11 + number)
        expr = expr.replace(function, Lambda(x, shape))
    return moments_inserted(expr.doit(integrals=False)) if unknown else expr
