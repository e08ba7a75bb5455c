"""Given equations taken apart: definitions for every argument, laws of motion, values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sympy import Derivative, Dummy, Subs
from sympy.core.function import AppliedUndef

from .exact.zero_test import decide_zero
from .instances import declared, fits
from .intervals import without
from .poles import continuous_at
from .rules import differentiated
from .signs import Signs

__all__ = ["Givens"]

ROUNDS = 50


class Givens:
    """The given equations and inequalities of one claim; ``resolve`` takes the equations apart.

    ``relations`` are the inequalities, with what the equations define inserted.
    """

    def __init__(
        self, equations: Sequence[Any], relations: Sequence[Any], rng: np.random.Generator
    ) -> None:
        self.equations = [e.lhs - e.rhs for e in equations]
        self.relations = list(relations)
        self.rng = rng
        self._moving: dict[Any, set[Any]] = {}
        for expr in (*self.equations, *self.relations):
            for d in expr.atoms(Derivative):
                if not _inside_subs(expr, d):
                    for f in d.expr.atoms(AppliedUndef):
                        moved = (v for v in d.variables if f.has(v))
                        self._moving.setdefault(f.func, set()).update(moved)
        self._arguments = {x for e in self.equations for f in e.atoms(AppliedUndef) for x in f.args}

    def resolve(self) -> tuple[str, str]:
        """A contradiction, and what is not shown to be possible; both empty where all is well."""
        for _ in range(ROUNDS):
            conflict, doubt = self._drop_identities()
            if conflict or doubt:
                return conflict, doubt
            found = self._definition()
            if found is None:
                return self._motion()
            head, value = found
            wrong = self._against_sign(head, value)
            if any(wrong):
                return wrong
            if head in self._arguments:
                return "", f"{head}, at which functions are taken, is tied to {value}"
            self._insert(head, value)
        return "", "the given equations were not taken apart"

    def _drop_identities(self) -> tuple[str, str]:
        kept = []
        for expr in self.equations:
            if expr.atoms(AppliedUndef) or _lone_symbol(expr) is not None:
                kept.append(expr)
                continue
            decision = decide_zero(expr, self.relations, rng=self.rng)
            if Signs(self.relations).sign(expr):
                return f"the given equations say that {expr} vanishes, which it does not", ""
            if decision.status != "proved":
                return "", f"it is not shown that the given equations agree: {expr} = 0"
        self.equations = kept
        return "", ""

    def _definition(self) -> tuple[Any, Any] | None:
        """A symbol, or a function for every argument, that an equation determines."""
        for i, expr in enumerate(self.equations):
            symbol = _lone_symbol(expr)
            heads = [symbol] if symbol is not None else self._universal(expr)
            for head in heads:
                value = self._solved(expr, head)
                if value is not None:
                    del self.equations[i]
                    return head, value
        return None

    def _universal(self, expr: Any) -> list[Any]:
        found = []
        for head in sorted(expr.atoms(AppliedUndef), key=str):
            symbols = set(head.args)
            runs = self._moving.get(head.func, symbols)
            if len(symbols) == len(head.args) and all(x.is_Symbol for x in symbols):
                others = [f for f in expr.atoms(AppliedUndef) if f.func == head.func and f != head]
                bare = expr.xreplace({head: Dummy()})
                if symbols <= runs and not others and not bare.has(head.func):
                    found.append(head)
        return found

    def _solved(self, expr: Any, head: Any) -> Any:
        """What the equation expr = 0, linear in ``head``, makes of it."""
        if any(d.has(head) for d in expr.atoms(Derivative, Subs)):
            return None
        unknown = Dummy("unknown", real=True)
        put = expr.xreplace({head: unknown})
        factor = put.diff(unknown).expand()
        if factor.has(unknown) or not Signs(self.relations).sign(factor):
            return None
        return -put.xreplace({unknown: 0 * unknown}) / factor

    def _against_sign(self, head: Any, value: Any) -> tuple[str, str]:
        """A value that its term cannot have, and one that it is not shown to be able to have."""
        if not declared(head) or fits(head, value, self.relations):
            return "", ""
        sign = Signs(self.relations).sign(value)
        against = (sign < 0 and head.is_extended_nonnegative) or (
            sign > 0 and head.is_extended_nonpositive
        )
        if against:
            return f"{head} cannot have the value {value}", ""
        return "", f"it is not shown that {head} can have the value {value}"

    def _insert(self, head: Any, value: Any) -> None:
        def put(expr: Any) -> Any:
            if head.is_Symbol:
                return expr.xreplace({head: value})
            return differentiated(expr.replace(head.func, at))

        def at(*args: Any) -> Any:
            return value.subs(dict(zip(head.args, args, strict=True)), simultaneous=True)

        self.equations = [put(expr) for expr in self.equations]
        self.relations = [put(relation) for relation in self.relations]
        self.relations = [r for r in self.relations if r != True]  # noqa: E712 (SymPy)

    def _motion(self) -> tuple[str, str]:
        """What remains must be laws of motion, and values at one start."""
        laws: dict[Any, tuple[int, Any]] = {}
        values: dict[Any, Any] = {}
        for expr in self.equations:
            head = _highest(expr)
            value = None if head is None else self._rate(expr, head)
            if value is None:
                return "", f"it is not shown that {expr} = 0 is possible"
            if isinstance(head, Derivative):
                known = laws.get(head.expr)
                if known is not None and known[1] != head:
                    return "", f"{head.expr} has two equations of motion"
                laws[head.expr] = (head.derivative_count, head)
            conflict, doubt = self._agrees(values, head, value)
            if conflict or doubt:
                return conflict, doubt
            values[head] = value
        return self._starts(laws, values)

    def _rate(self, expr: Any, head: Any) -> Any:
        unknown = Dummy("unknown", real=True)
        put = expr.xreplace({head: unknown}).expand()
        factor = put.diff(unknown)
        if factor.has(unknown) or not Signs(self.relations).sign(factor):
            return None
        return -put.xreplace({unknown: 0 * unknown}) / factor

    def _agrees(self, values: dict[Any, Any], head: Any, value: Any) -> tuple[str, str]:
        if head not in values:
            return ("", "") if isinstance(head, Derivative) else self._against_sign(head, value)
        decision = decide_zero(values[head] - value, self.relations, rng=self.rng)
        told = f"{head} is given the values {values[head]} and {value}"
        if decision.status == "proved":
            return "", ""
        return (told, "") if decision.status == "refuted" else ("", told)

    def _starts(self, laws: dict[Any, tuple[int, Any]], values: dict[Any, Any]) -> tuple[str, str]:
        moving = {head.func: (head, count) for head, (count, _) in laws.items()}
        for head, (_, highest) in laws.items():
            doubt = _no_law(values[highest], moving, head)
            if doubt:
                return "", doubt
            if declared(head):
                return "", f"it is not shown that {head} keeps its declared sign as it moves"
            if any(r.has(head.func) for r in self.relations):
                return "", f"an inequality is assumed of {head}, which has an equation of motion"
        points = set()
        for value in values:
            if isinstance(value, Derivative):
                continue
            inner = value.expr.expr if isinstance(value, Subs) else value
            if inner.func not in moving:
                continue
            head, count = moving[inner.func]
            point, order = _start(value, head)
            if order >= count:
                return "", f"{value} is given beside an equation of motion of order {count}"
            points.add(point)
            variable, rate = laws[head][1].variables[0], values[laws[head][1]]
            begin = next(p for x, p in zip(head.args, point, strict=True) if x == variable)
            rest = Signs(without(self.relations, variable))
            if not continuous_at(rate, variable, begin, rest, lambda e: e.xreplace(values)):
                return "", f"the equation of motion of {head} may be singular at {begin}"
        if len(points) > 1:
            told = " and ".join(sorted(str(p) for p in points))
            return "", f"it is not shown that values at {told} are possible together"
        return "", ""


def _inside_subs(expr: Any, derivative: Any) -> bool:
    return any(s.has(derivative) for s in expr.atoms(Subs))


def _lone_symbol(expr: Any) -> Any:
    """The symbol that an equation without functions determines, where it is alone on one side."""
    if expr.atoms(AppliedUndef):
        return None
    for term in sorted(expr.as_ordered_terms(), key=str):
        symbol = term.as_coeff_Mul()[1]
        if symbol.is_Symbol and not (expr - term).has(symbol):
            return symbol
    return None


def _highest(expr: Any) -> Any:
    """The derivative, or the value, that an equation can be solved for."""
    inside = expr.atoms(Subs)
    bare = expr.xreplace({s: Dummy() for s in inside})
    derivatives = [d for d in bare.atoms(Derivative) if isinstance(d.expr, AppliedUndef)]
    if derivatives:
        top = max(d.derivative_count for d in derivatives)
        found = [d for d in derivatives if d.derivative_count == top]
        return found[0] if len(found) == 1 else None
    heads = [*inside, *bare.atoms(AppliedUndef)]
    return heads[0] if len(heads) == 1 else None


def _no_law(rate: Any, moving: dict[Any, tuple[Any, int]], head: Any) -> str:
    """Why a right side is not made of lower derivatives at the same time; empty when it is."""
    for derivative in rate.atoms(Derivative):
        known = moving.get(getattr(derivative.expr, "func", None))
        if known is None or derivative.derivative_count >= known[1]:
            return f"the equation of motion of {head} has {derivative} on its right side"
    for function in rate.atoms(AppliedUndef):
        known = moving.get(function.func)
        if known is not None and known[0] != function:
            return f"the equation of motion of {head} has {function} on its right side"
    return ""


def _start(value: Any, head: Any) -> tuple[Any, int]:
    """The arguments at which a value is given, and the number of derivatives."""
    if isinstance(value, Subs):
        derivative = value.expr
        args = derivative.expr.args if isinstance(derivative, Derivative) else derivative.args
        put = dict(zip(value.variables, value.point, strict=True))
        count = derivative.derivative_count if isinstance(derivative, Derivative) else 0
        return tuple(a.xreplace(put) for a in args), count
    return tuple(value.args), 0
