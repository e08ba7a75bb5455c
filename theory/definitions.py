"""A function symbol and the expression it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Lambda, Symbol
from sympy.core.function import UndefinedFunction

from .display import Shown
from .gaussian import apart

__all__ = ["Definition", "define", "expand_all", "refuse_definitions"]


@dataclass(frozen=True, slots=True)
class Definition(Shown):
    """``symbol(arguments) := expression``: printed as a "where" line, expanded only when checked.

    ``symbol`` is an undefined function with ``expression`` a ``Lambda``, or a ``Symbol`` with
    any expression.
    """

    symbol: Any
    expression: Any
    means: str

    def expand(self, expr: Any) -> Any:
        """``expr`` with the symbol replaced by what it stands for."""
        if isinstance(self.symbol, UndefinedFunction):
            return expr.replace(self.symbol, self._at)
        return expr.xreplace({self.symbol: self.expression})

    def _at(self, *args: Any) -> Any:
        """The function at ``args``, of which no average in the definition catches a symbol."""
        caught = set().union(*(arg.free_symbols for arg in args))
        body = apart(self.expression.expr, caught)
        if body == self.expression.expr:
            return self.expression(*args)
        return Lambda(self.expression.signature, body)(*args)

    @property
    def head(self) -> Any:
        """The left side of the "where" line."""
        if isinstance(self.symbol, UndefinedFunction):
            return self.symbol(*self.expression.variables)
        return self.symbol

    @property
    def body(self) -> Any:
        """The right side of the "where" line."""
        return self.expression.expr if isinstance(self.expression, Lambda) else self.expression


def define(symbol: Any, expression: Any, *, means: str) -> Definition:
    """Say what ``symbol`` stands for.

    ``symbol`` is ``Function("a")`` with ``expression`` a SymPy ``Lambda``, or a ``Symbol``.
    Raises ``TypeError`` for another kind of symbol, ``ValueError`` for an empty meaning or for an
    expression that contains the symbol itself.
    """
    if not isinstance(means, str) or not means.strip():
        raise ValueError(f"means: {means!r} says nothing: describe the quantity in words")
    if isinstance(symbol, UndefinedFunction):
        if not isinstance(expression, Lambda):
            raise TypeError(
                f"expression: {expression!r} for the function {symbol} must be a Lambda, "
                f"for example Lambda(t, ...)"
            )
        inside = expression.expr.has(symbol)
    elif isinstance(symbol, Symbol):
        inside = expression.has(symbol)
    else:
        raise TypeError(f"symbol: {symbol!r} is neither a Function nor a Symbol")
    if inside:
        raise ValueError(
            f"expression: {expression} contains {symbol} itself: definitions are not recursive"
        )
    return Definition(symbol, expression, means)


def expand_all(definitions: Sequence[Definition], expr: Any) -> Any:
    """``expr`` with all definitions expanded, also those that use one another, in any order."""
    if not definitions:
        return expr
    if getattr(expr, "__hash__", None) is None:  # a mutable matrix
        return _expanded.__wrapped__(tuple(definitions), expr)
    return _expanded(tuple(definitions), expr)


@lru_cache(maxsize=1 << 12)
def _expanded(definitions: tuple[Definition, ...], expr: Any) -> Any:
    """Kept: the court expands the same assumptions for every mutant of a claim."""
    for _ in definitions:
        before = expr
        for definition in reversed(definitions):
            expr = definition.expand(expr)
        if expr == before:
            return expr
    return expr


def refuse_definitions(definitions: Sequence[Definition], id: str) -> None:
    """Raise ``ValueError`` where a symbol is defined twice, or by way of others by itself."""
    known: dict[Any, Definition] = {}
    for definition in definitions:
        if definition.symbol in known:
            raise ValueError(
                f"where: {definition.symbol} is defined twice in {id}: keep one definition"
            )
        known[definition.symbol] = definition
    for start in known:
        reached, waiting = set(), [start]
        while waiting:
            body = known[waiting.pop()].body
            for used in [s for s in known if body.has(s) and s not in reached]:
                if used == start:
                    raise ValueError(
                        f"where: {start} is defined by itself in {id}: break the circle"
                    )
                reached.add(used)
                waiting.append(used)
