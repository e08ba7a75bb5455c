"""Signs that the kinds of the sequences alone make certain."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import expand_all
from lemmata.theory.levels import Sequence
from sympy import Add, Dummy, Ge, Gt, Le, Lt, Mul, Pow, Product, Sum, exp, factor, log
from sympy.core.function import AppliedUndef

from .instances import FITS

__all__ = ["LevelSigns"]


class LevelSigns:
    """``positive`` and ``not_negative`` of expressions wherever they are defined.

    Knows sums and products of what has a certain sign, even powers, numbers from 0 to 1 and their
    complements, counts less one, e^x - 1 - x, definitions, and the inequalities that are given.
    """

    def __init__(self, claim: Claim) -> None:
        assert claim.levels is not None
        self.levels = claim.levels
        self.where = claim.where
        self.definitions = {d.symbol: d for d in claim.where}
        self.given = [_gap(r) for r in claim.given if isinstance(r, Gt | Ge | Lt | Le)]
        self._memo: dict[tuple[bool, Any], bool] = {}
        self.strictly = [_gap(r) for r in claim.given if isinstance(r, Gt | Lt)]

    def positive(self, expr: Any) -> bool:
        """Whether it is certainly positive."""
        return self._remembered(True, expr, self._positive)

    def not_negative(self, expr: Any) -> bool:
        """Whether it is certainly zero or positive."""
        return self._remembered(False, expr, self._not_negative)

    def _remembered(self, strict: bool, expr: Any, look: Callable[[Any], bool]) -> bool:
        key = (strict, expr)
        if key not in self._memo:
            self._memo[key] = False  # a circle shows nothing
            self._memo[key] = bool(look(expr))
        return self._memo[key]

    def _positive(self, expr: Any) -> bool:
        if expr.is_positive or expr in self.strictly:
            return True
        if isinstance(expr, AppliedUndef):
            return self._called(expr, self.positive, ("count", "positive"))
        if isinstance(expr, Mul):
            return all(self.positive(part) for part in expr.args) or self._signed(expr, strict=True)
        if isinstance(expr, Add):
            return (
                self._sum(expr)
                or any(self._above(expr, known) for known in self.strictly)
                or self._factored(expr, self.positive)
            )
        if isinstance(expr, exp):
            return True
        if isinstance(expr, Pow):
            return self.positive(expr.base)
        if isinstance(expr, Product):
            return self.positive(_anywhere(expr))
        return expr.is_Symbol and self._defined(expr, self.positive)

    def _not_negative(self, expr: Any) -> bool:
        if expr.is_nonnegative or expr in self.given or self.positive(expr):
            return True
        if isinstance(expr, AppliedUndef):
            return self._called(expr, self.not_negative, ("probability", "nonnegative"))
        if isinstance(expr, Mul):
            whole = all(self.not_negative(part) for part in expr.args)
            return whole or self._signed(expr, strict=False)
        if isinstance(expr, Add):
            terms = all(self.not_negative(term) for term in expr.args)
            return (
                terms
                or self._unit(expr)
                or self._convex(expr)
                or self._factored(expr, self.not_negative)
            )
        if isinstance(expr, Pow):
            return bool(expr.exp.is_even) or self.not_negative(expr.base)
        if isinstance(expr, Product | Sum):
            return self.not_negative(_anywhere(expr))
        return expr.is_Symbol and self._defined(expr, self.not_negative)

    def _called(self, expr: Any, sign: Any, kinds: tuple[str, ...]) -> bool:
        sequence = self.levels.sequence(expr.func)
        if sequence is not None:
            return sequence.kind in kinds and self._of_its_kind(expr, sequence)
        if expr.func in self.definitions:
            return bool(sign(self.definitions[expr.func].expression(*expr.args)))
        return False

    def _of_its_kind(self, term: Any, sequence: Sequence) -> bool:
        """Whether the value there is of the kind of the sequence, a conventional one included."""
        ends = [v for t, v in self.levels.boundary.items() if t.func == sequence.symbol]
        return all(_fits(value, sequence.kind) for value in ends) or self._inside(term, sequence)

    def _inside(self, term: Any, sequence: Sequence) -> bool:
        """Whether the place is in the range of the sequence for every value of the indices."""
        return self.certain(term.args[0] - sequence.low) and self.certain(
            sequence.high - term.args[0]
        )

    def certain(self, gap: Any) -> bool:
        """Whether what is linear in the indices is never negative in their ranges."""
        for index, low, high in reversed(self.levels.indices):
            gap = _least(gap, index, low, high)
        return bool(gap.is_nonnegative)

    def whole(self, expr: Any) -> bool:
        """Whether it is certainly a whole number."""
        if isinstance(expr, AppliedUndef):
            return self._is(expr, "count")
        if expr.is_Add or expr.is_Mul:
            return all(self.whole(arg) for arg in expr.args)
        if isinstance(expr, Sum | Product):
            return self.whole(_anywhere(expr))
        return bool(expr.is_integer)

    def finite(self, expr: Any) -> bool:
        """Whether the expression certainly has a value wherever its terms do."""
        if (expr.is_Symbol and expr not in self.definitions) or expr.is_Rational:
            return True
        if isinstance(expr, AppliedUndef) or expr.is_Symbol:
            told = self.definitions.get(expr if expr.is_Symbol else expr.func)
            if told is None:
                return all(self.finite(arg) for arg in expr.args)
            body = told.expression if expr.is_Symbol else told.expression(*expr.args)
            return self.finite(body)
        if expr.is_Add or expr.is_Mul or isinstance(expr, exp):
            return all(self.finite(arg) for arg in expr.args)
        if isinstance(expr, Pow):
            return self._finite_power(expr)
        if isinstance(expr, log):
            return self.positive(expr.args[0]) and self.finite(expr.args[0])
        return isinstance(expr, Sum | Product) and self.finite(_anywhere(expr))

    def _finite_power(self, expr: Any) -> bool:
        base, exponent = expr.args
        if not (self.finite(base) and self.finite(exponent)):
            return False
        if exponent.is_integer and exponent.is_nonnegative:
            return True
        if self.positive(base):
            return True
        if exponent.is_integer:
            return self.positive(-base)
        return bool(exponent.is_positive) and self.not_negative(base)

    def _defined(self, symbol: Any, sign: Any) -> bool:
        return symbol in self.definitions and bool(sign(self.definitions[symbol].expression))

    def _sum(self, expr: Any) -> bool:
        return all(self.not_negative(term) for term in expr.args) and any(
            self.positive(term) for term in expr.args
        )

    def _above(self, expr: Any, known: Any) -> bool:
        """Whether it is an assumed positive gap and something that is not negative."""
        rest = expr - known
        return len(Add.make_args(rest)) < len(expr.args) and self.not_negative(rest)

    def _signed(self, expr: Any, strict: bool) -> bool:
        """An even number of factors that are negative or zero, the others positive or zero."""
        sign = self.positive if strict else self.not_negative
        turned = 0
        for part in expr.args:
            if sign(part):
                continue
            # The negative of a sum is a sum; that of anything else would lead back here.
            if not (part.is_Number or part.is_Add) or not sign(-part):
                return False
            turned += 1
        return turned % 2 == 0

    def _unit(self, expr: Any) -> bool:
        """1 - p for a probability p or a product of them, or a count less one."""
        rest = 1 - expr
        if all(self._share(part) for part in Mul.make_args(rest)) and self.not_negative(rest):
            return True
        return self._is(expr + 1, "count")

    def _convex(self, expr: Any) -> bool:
        """k (e^x - 1 - x) for k > 0 and any x: the exponential lies above its tangent at 0."""
        for term in expr.args:
            scale, grown = term.as_independent(exp, as_Add=False)
            if isinstance(grown, exp) and self.positive(scale):
                tangent = expr - scale * (grown - 1 - grown.exp)
                if tangent == 0 or tangent.expand(power_exp=False) == 0:
                    return True
        return False

    def _share(self, part: Any) -> bool:
        return self._is(part, "probability")

    def _is(self, part: Any, kind: str) -> bool:
        sequence = self.levels.sequence(part.func) if isinstance(part, AppliedUndef) else None
        return (
            sequence is not None and sequence.kind == kind and self._of_its_kind(part, sequence)
        )

    def same_zeros(self, one: Any, other: Any) -> bool:
        """Whether both are products of what is not negative, and vanish together."""
        return self._roots(one) is not None and self._roots(one) == self._roots(other)

    def _roots(self, expr: Any) -> frozenset[Any] | None:
        """The factors that may vanish, None where one may be negative."""
        parts = [part.base if part.is_Pow and part.exp.is_positive else part
                 for part in Mul.make_args(expr)]  # fmt: skip
        if not all(self.not_negative(part) for part in parts):
            return None
        return frozenset(part for part in parts if not self.positive(part))

    def _factored(self, expr: Any, sign: Any) -> bool:
        other = factor(expand_all(self.where, expr))
        return other.is_Mul and bool(sign(other))


def _gap(relation: Any) -> Any:
    if isinstance(relation, Lt | Le):
        return relation.rhs - relation.lhs
    return relation.lhs - relation.rhs


def _anywhere(series: Any) -> Any:
    """What is added or multiplied, at an index of which nothing is assumed."""
    (index,) = series.bound_symbols
    return series.function.xreplace({index: Dummy(str(index), integer=True)})


def _fits(value: Any, kind: str) -> bool:
    return FITS[kind](Fraction(int(value.p), int(value.q)))


def _least(expr: Any, index: Any, low: Any, high: Any) -> Any:
    """The least value of what is linear in the index, over its range."""
    slope = expr.coeff(index)
    if not slope.is_Integer or slope == 0:
        return expr
    return expr.subs(index, low if slope > 0 else high)
