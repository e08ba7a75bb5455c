"""Signs that the kinds of the sequences alone make certain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import expand_all
from sympy import Add, Ge, Gt, Le, Lt, Mul, Pow, Product, Sum, exp, factor
from sympy.core.function import AppliedUndef

__all__ = ["LevelSigns"]


class LevelSigns:
    """``positive`` and ``not_negative`` of expressions wherever they are defined.

    Knows sums and products of what has a certain sign, even powers, numbers from 0 to 1 and their
    complements, counts less one, definitions, and the inequalities that are given.
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
            return self.positive(expr.function)
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
            return terms or self._unit(expr) or self._factored(expr, self.not_negative)
        if isinstance(expr, Pow):
            return bool(expr.exp.is_even) or self.not_negative(expr.base)
        if isinstance(expr, Product | Sum):
            return self.not_negative(expr.function)
        return expr.is_Symbol and self._defined(expr, self.not_negative)

    def _called(self, expr: Any, sign: Any, kinds: tuple[str, ...]) -> bool:
        sequence = self.levels.sequence(expr.func)
        if sequence is not None:
            return sequence.kind in kinds
        if expr.func in self.definitions:
            return bool(sign(self.definitions[expr.func].expression(*expr.args)))
        return False

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
        count = expr + 1
        sequence = self.levels.sequence(count.func) if isinstance(count, AppliedUndef) else None
        return sequence is not None and sequence.kind == "count"

    def _share(self, part: Any) -> bool:
        sequence = self.levels.sequence(part.func) if isinstance(part, AppliedUndef) else None
        return sequence is not None and sequence.kind == "probability"

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
