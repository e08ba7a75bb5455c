"""One spelling for sums and products over levels that are written in different ways.

An index may be counted from another place, or downwards; a product whose factors are all the same
is a power; a sum of logarithms is the logarithm of a product.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

from sympy import Add, Dummy, Mul, Pow, Product, S, Sum, exp, log
from sympy.core.function import AppliedUndef

from .generators import unlogged

__all__ = ["free_of_logarithms", "merged", "spelled", "without_logarithms"]


def spelled(expr: Any) -> Any:
    """The expression with every sum and product in its one spelling."""
    made = expr.replace(lambda part: isinstance(part, Sum | Product), _spelled)
    return made.replace(_is_power_of_product, _distributed)


def free_of_logarithms(expr: Any) -> list[Any]:
    """Expressions that vanish where ``expr`` does, where it is defined; none without logarithms."""
    if not expr.has(log):
        return []
    return unlogged(expr.replace(lambda part: isinstance(part, Sum), _joined))


def without_logarithms(expr: Any) -> Any:
    """e^{c log x + y} as x^c e^y, also for sums of logarithms; equal where it is defined."""
    if not expr.has(exp) or not expr.has(log):
        return expr
    return expr.replace(lambda part: isinstance(part, exp) and part.has(log), _raised)


def _raised(power: Any) -> Any:
    exponent = power.exp.replace(lambda part: isinstance(part, Sum), _joined)
    made = S.One
    for term in Add.make_args(exponent.expand(log=False)):
        scale, rest = term.as_independent(log, as_Add=False)
        made *= Pow(rest.args[0], scale) if isinstance(rest, log) else exp(term)
    return made


def _joined(series: Any) -> Any:
    """sum_l c log f_l = c log prod_l f_l, where c is the same for all l."""
    if not series.function.has(log) or len(series.limits) != 1 or len(series.limits[0]) != 3:
        return series
    index, low, high = series.limits[0]
    joined = []
    for term in Add.make_args(series.function.expand(log=False)):
        fixed, moving = term.as_independent(index, as_Add=False)
        if not isinstance(moving, log):
            return series
        joined.append(fixed * log(Product(moving.args[0], (index, low, high))))
    return Add(*joined)


def merged(expr: Any, certain: Callable[[Any], bool]) -> Any:
    """Two products of one kind as one, where the second begins behind the end of the first.

    ``certain`` tells whether a whole number is never negative, so that neither runs backwards.
    """

    def joined(product: Any) -> Any:
        parts = [f for f in product.args if isinstance(f, Product) and len(f.limits) == 1]
        for one, other in permutations(parts, 2):
            (index, low, middle), (second, start, high) = one.limits[0], other.limits[0]
            if start != middle + 1 or other.function.xreplace({second: index}) != one.function:
                continue
            if certain(start - low) and certain(high - middle):
                rest = [f for f in product.args if f not in (one, other)]
                whole = Product(one.function, (index, low, high))
                return joined(Mul(whole, *rest)) if rest else whole
        return product

    return expr.replace(lambda part: isinstance(part, Mul) and part.has(Product), joined)


def _spelled(series: Any) -> Any:
    if len(series.limits) != 1 or len(series.limits[0]) != 3:
        return series
    index, low, high = series.limits[0]
    body = series.function
    if not body.has(index):
        return Pow(body, high - low + 1) if isinstance(series, Product) else body * (high - low + 1)
    places = {a for call in body.atoms(AppliedUndef) for a in call.args if a.has(index)}
    if not places:
        return _counted_from_zero(series)
    slopes = {place.coeff(index) for place in places}
    if slopes == {S.NegativeOne}:
        body, low, high = body.subs(index, -index), -high, -low
        places = {place.subs(index, -index) for place in places}
    elif slopes != {S.One}:
        return series
    offsets = [(place - index).expand() for place in places]
    first = min(offsets, key=str)
    if any(offset.has(index) or not (offset - first).is_Integer for offset in offsets):
        return series
    step = max(offsets, key=lambda offset: offset - first)
    return _shifted(type(series), body, index, low, high, step)


def _counted_from_zero(series: Any) -> Any:
    """For terms that are no sequences: from zero, in that one of two orders that comes first."""
    index, low, high = series.limits[0]
    up = _shifted(type(series), series.function, index, low, high, -low)
    last = up.limits[0][2]
    down = type(series)(_plain(up.function.subs(index, last - index)), up.limits[0])
    return min(up, down, key=str)


def _shifted(kind: Any, body: Any, index: Any, low: Any, high: Any, step: Any) -> Any:
    """The same series over ``index + step``."""
    new = Dummy("j", integer=True) if step.has(index) else index
    moved = _plain(body.subs(index, new - step))
    return kind(moved, (new, (low + step).expand(), (high + step).expand()))


def _plain(body: Any) -> Any:
    """Indices and exponents multiplied out."""
    calls = {c: c.func(*(a.expand() for a in c.args)) for c in body.atoms(AppliedUndef)}
    powers = {p: Pow(p.base, p.exp.expand()) for p in body.atoms(Pow)}
    return body.xreplace(powers).xreplace(calls)


def _is_power_of_product(part: Any) -> bool:
    return isinstance(part, Pow) and isinstance(part.base, Mul) and bool(part.exp.is_integer)


def _distributed(power: Any) -> Any:
    """(a b)^n = a^n b^n for a whole number n."""
    return Mul(*(Pow(factor, power.exp) for factor in power.base.args))
