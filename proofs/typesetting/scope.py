"""The names of one claim: what ``e``, ``d`` and the variable of an integral may mean in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Basic, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef

__all__ = ["Scope", "named_things"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The LaTeX of all names that stand in the expressions printed together.

    ``shared`` are the names that a function bears as well as a symbol: ``a (1 - c)`` would be read
    as its value.
    """

    names: frozenset[str]
    shared: frozenset[str] = frozenset()

    @property
    def e_is_free(self) -> bool:
        """Whether ``e`` can mean the base of the natural logarithm."""
        return "e" not in self.names

    @property
    def d(self) -> str:
        """The d of a derivative."""
        return r"\mathrm{d}" if "d" in self.names else "d"

    @property
    def integrated(self) -> str:
        """A variable of integration that is no name of the claim."""
        return next(letter for letter in ("u", "r", "v", "x", "y", "z", r"\theta", r"\vartheta")
                    if letter not in self.names)  # fmt: skip


def named_things(expressions: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """The names of symbols, letters and functions, each with what bears it."""
    for expr in expressions:
        if not isinstance(expr, Basic):
            continue
        for found in expr.atoms(Symbol, MatrixSymbol, AppliedUndef):
            if isinstance(found, AppliedUndef):
                yield found.func.__name__, found.func
            else:
                yield found.name, found
