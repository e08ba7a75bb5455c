"""Exact values of expressions over sequences at an instance; balls where roots come in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import flint
from lemmata.numerics.precision import working_precision
from lemmata.theory.claims import Claim
from sympy import (
    Eq,
    Equivalent,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Piecewise,
    Product,
    Sum,
    exp,
    gamma,
    log,
    pi,
)
from sympy.core.function import AppliedUndef, UndefinedFunction

if TYPE_CHECKING:
    from .instances import Instance

__all__ = ["BITS", "LONGEST", "OutsideError", "UndefinedError", "Values"]

BITS = 512
MOST_BITS = 1 << 15
NARROW = 2.0**-100
"""Two sides agree where the ball of their difference holds zero and is no wider than this."""
LONGEST = 10**6
"""Terms of a sum that are added up one by one."""
MOST_EXACT_BITS = 1 << 15
"""Powers up to this size are exact."""
MOST_FACTORS = 10**5
"""Factors of a factorial that are multiplied out."""


class UndefinedError(ArithmeticError):
    """An expression without a value at the instance, or one that nothing is known of."""


class OutsideError(UndefinedError):
    """A term of a sequence outside the range of its index."""


class Values:
    """Values at one instance: ``flint.fmpq`` where exact, otherwise ``flint.arb``."""

    def __init__(self, claim: Claim, instance: Instance, bits: int = BITS) -> None:
        assert claim.levels is not None
        self.claim = claim
        self.levels, self.instance, self.bits = claim.levels, instance, bits
        self.definitions = {d.symbol: d for d in claim.where}
        self._memo: dict[Any, Any] = {}
        self._known = {s: _rational(v) for s, v in instance.scalars.items()}

    def value(self, expr: Any) -> Any:
        """The value; raises ``UndefinedError`` where there is none."""
        with working_precision(self.bits):
            return self._value(expr, self._known)

    def holds(self, relation: Any) -> bool | None:
        """Whether a relation holds; None where a ball cannot decide or a side is undefined."""
        if isinstance(relation, Equivalent):
            truths = [self.holds(part) for part in relation.args]
            return None if None in truths else len(set(truths)) == 1
        try:
            gap = self._gap(relation)
        except (UndefinedError, ZeroDivisionError):
            return None
        if isinstance(gap, flint.arb):
            if gap.contains(0) and gap.rad() > NARROW and self.bits < MOST_BITS:
                return Values(self.claim, self.instance, 4 * self.bits).holds(relation)
            return _ball_holds(relation, gap)
        if isinstance(relation, Eq):
            return bool(gap == 0)
        return bool(gap > 0) if isinstance(relation, Gt | Lt) else bool(gap >= 0)

    def gaps(self, statement: Any) -> list[Any]:
        """Left minus right of everything that is compared, in the order of its parts."""
        parts = statement.args if isinstance(statement, Equivalent) else (statement,)
        return [self.value(part.lhs - part.rhs) for part in sorted(parts, key=str)]

    def _gap(self, relation: Any) -> Any:
        left, right = self.value(relation.lhs), self.value(relation.rhs)
        with working_precision(self.bits):
            if isinstance(relation, Lt | Le):
                left, right = right, left
            return _plus(left, _times(right, flint.fmpq(-1)))

    def _value(self, expr: Any, known: Any) -> Any:
        if expr.is_Symbol:
            return self._symbol(expr, known)
        if expr.is_Rational:
            return flint.fmpq(int(expr.p), int(expr.q))
        if isinstance(expr, AppliedUndef):
            return self._applied(expr, known)
        if isinstance(expr, Sum | Product):
            return self._series(expr, known)
        if expr.is_Add:
            total = flint.fmpq(0)
            for term in expr.args:
                total = _plus(total, self._value(term, known))
            return total
        if expr.is_Mul:
            return self._product(expr, known)
        if isinstance(expr, exp):
            return _ball(self._value(expr.exp, known)).exp()
        if expr.is_Pow:
            return self._power(expr, known)
        if isinstance(expr, log):
            return _finite(_ball(self._value(expr.args[0], known)).log())
        if isinstance(expr, gamma):
            return _gamma(self._value(expr.args[0], known))
        if isinstance(expr, Max | Min):
            return self._extreme(expr, known)
        if isinstance(expr, Piecewise):
            return self._branch(expr, known)
        if expr == pi:
            return flint.arb.pi()
        raise UndefinedError(f"{expr} has no value at an instance")

    def _symbol(self, symbol: Any, known: Any) -> Any:
        if symbol in known:
            return known[symbol]
        if symbol in self.definitions:
            return self._value(self.definitions[symbol].expression, self._known)
        raise UndefinedError(f"{symbol} has no value")

    def _product(self, expr: Any, known: Any) -> Any:
        total = flint.fmpq(1)
        for factor in expr.args:
            total = _times(total, self._value(factor, known))
        return total

    def _power(self, expr: Any, known: Any) -> Any:
        base, exponent = (self._value(part, known) for part in expr.args)
        if isinstance(exponent, flint.fmpq) and exponent.q == 1:
            return _whole_power(base, int(exponent.p))
        if base == 0 and not isinstance(exponent, flint.arb) and exponent > 0:
            return flint.fmpq(0)
        if expr.exp.is_Rational and expr.exp.q == 2 and isinstance(base, flint.fmpq):
            root = _exact_root(base)
            if root is not None:
                return _whole_power(root, int(expr.exp.p))
        return _finite(_ball(base) ** _ball(exponent))

    def _branch(self, expr: Any, known: Any) -> Any:
        """The first branch whose condition, an equation of exact numbers, holds."""
        for branch, condition in expr.args:
            if condition == True:  # noqa: E712 (a SymPy boolean)
                return self._value(branch, known)
            if not isinstance(condition, Eq):
                break
            sides = [self._value(side, known) for side in condition.args]
            if any(isinstance(side, flint.arb) for side in sides):
                break
            if sides[0] == sides[1]:
                return self._value(branch, known)
        raise UndefinedError(f"{expr} has conditions that are not decided")

    def _extreme(self, expr: Any, known: Any) -> Any:
        values = [self._value(arg, known) for arg in expr.args]
        if any(isinstance(value, flint.arb) for value in values):
            raise UndefinedError(f"{expr} compares numbers that are not exact")
        return max(values) if isinstance(expr, Max) else min(values)

    def _series(self, expr: Any, known: Any) -> Any:
        body, (variable, low, high) = expr.function, expr.limits[0]
        if len(expr.limits) != 1:
            raise UndefinedError(f"{expr} runs over more than one index")
        first, last = (self._whole(end, known) for end in (low, high))
        if last - first > LONGEST:
            raise UndefinedError(f"{expr} has more than {LONGEST} terms")
        join = _plus if isinstance(expr, Sum) else _times
        total = flint.fmpq(0 if isinstance(expr, Sum) else 1)
        if last < first - 1:
            raise UndefinedError(f"{expr} runs backwards")
        for i in range(first, last + 1):
            total = join(total, self._value(body, {**known, variable: flint.fmpq(i)}))
        return total

    def _whole(self, expr: Any, known: Any) -> int:
        value = self._value(expr, known)
        if isinstance(value, flint.arb) or value.q != 1:
            raise UndefinedError(f"{expr} is no whole number")
        return int(value.p)

    def _applied(self, expr: Any, known: Any) -> Any:
        arguments = tuple(self._value(arg, known) for arg in expr.args)
        key = (expr.func, *((int(a.p), int(a.q)) for a in arguments if isinstance(a, flint.fmpq)))
        if len(key) <= len(arguments):
            raise UndefinedError(f"{expr} is taken at a number that is not exact")
        if key not in self._memo:
            self._memo[key] = self._called(expr.func, arguments)
        return self._memo[key]

    def _called(self, function: UndefinedFunction, arguments: tuple[Any, ...]) -> Any:
        values = self.instance.sequences.get(function)
        place = arguments[0]
        if values is not None and place.q == 1 and int(place.p) in values:
            return _rational(values[int(place.p)])
        if function in self.definitions:
            told = self.definitions[function].expression
            bound = dict(zip(told.variables, arguments, strict=True))
            return self._value(told.expr, {**self._known, **bound})
        recursion = self.levels.recursion(function)
        if recursion is None or place.q != 1:
            raise OutsideError(f"{function} has no value at {place}")
        start = self._whole(recursion.start, self._known)
        if place < start:
            raise OutsideError(f"{function} begins at {start}")
        if place == start:
            return self._value(recursion.value, self._known)
        for i in range(start, int(place.p) - 1):  # so that the recursion is never deep
            self._applied(function(i + 1), self._known)
        before = {**self._known, recursion.index: place - 1}
        return self._value(recursion.following, before)


def _rational(value: Fraction) -> Any:
    return flint.fmpq(value.numerator, value.denominator)


def _ball(value: Any) -> Any:
    return value if isinstance(value, flint.arb) else flint.arb(value)


def _plus(one: Any, other: Any) -> Any:
    if isinstance(one, flint.arb) or isinstance(other, flint.arb):
        return _ball(one) + _ball(other)
    return one + other


def _times(one: Any, other: Any) -> Any:
    if isinstance(one, flint.arb) or isinstance(other, flint.arb):
        return _ball(one) * _ball(other)
    return one * other


def _whole_power(base: Any, exponent: int) -> Any:
    if exponent < 0 and base == 0:
        raise UndefinedError("a division by zero")
    if isinstance(base, flint.fmpq) and abs(base.p) + base.q > 2:
        size = max(int(base.p).bit_length(), int(base.q).bit_length())
        if size * abs(exponent) > MOST_EXACT_BITS:
            return _finite(_ball(base) ** exponent)
    return _finite(base**exponent)


def _finite(value: Any) -> Any:
    if isinstance(value, flint.arb) and not value.is_finite():
        raise UndefinedError("a value that is not finite")
    return value


def _gamma(value: Any) -> Any:
    """A factorial where the argument is a small whole number."""
    if isinstance(value, flint.fmpq) and value.q == 1 and 0 < value <= MOST_FACTORS:
        return flint.fmpq(flint.fmpz.fac_ui(int(value.p) - 1))
    return _finite(_ball(value).gamma())


def _exact_root(value: Any) -> Any:
    """The square root of a rational number where it is rational."""
    if value < 0:
        raise UndefinedError("the root of a negative number")
    roots = [flint.fmpz(part).isqrt() for part in (value.p, value.q)]
    exact = roots[0] ** 2 == value.p and roots[1] ** 2 == value.q
    return flint.fmpq(roots[0], roots[1]) if exact else None


def _ball_holds(relation: Any, gap: Any) -> bool | None:
    if isinstance(relation, Eq):
        if not gap.contains(0):
            return False
        return True if gap.rad() <= NARROW else None
    return None if gap.contains(0) else bool(gap > 0)
