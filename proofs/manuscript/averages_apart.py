"""Averages as letters of their own: what is left of them is that they are linear.

A claim between averages that is an identity is none any more then, and an equation that is a
multiple of it says as much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lemmata.theory.gaussian import GaussianAverage
from sympy import Dummy, factor

from .insertions import Insertion

__all__ = ["AveragesApart"]


class AveragesApart:
    """Some definitions put in, and a letter for each average in what comes of it."""

    def __init__(self, level: Insertion, zero: Callable[[Any], bool]) -> None:
        self.level = level
        self.others = level.others
        self.zero = zero
        self.variable = Dummy("z", real=True)
        self.known: list[tuple[Any, Any]] = []

    def __call__(self, expr: Any) -> Any:
        """The expression with these definitions put in, its averages as letters."""
        expr = self.level(expr)
        nodes = expr.atoms(GaussianAverage)
        inside = {n for node in nodes for n in node.function.atoms(GaussianAverage)}
        return expr.xreplace({node: self._letter(node) for node in nodes - inside})

    def _letter(self, node: Any) -> Any:
        """The letter, times what does not depend on the variable."""
        body = factor(node.function.xreplace({node.variable: self.variable}))
        fixed, moving = body.as_independent(self.variable, as_Add=False)
        for other, letter in self.known:
            if other == moving or self.zero(other - moving):
                return fixed * letter
        letter = Dummy(f"average{len(self.known)}", real=True)
        self.known.append((moving, letter))
        return fixed * letter
