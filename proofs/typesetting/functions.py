"""Functions with a name of their own, and Gauss's hypergeometric function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Function, LambertW, Max, Min, S, polygamma

from .pieces import Piece, fenced, listed

if TYPE_CHECKING:
    from .printer import Printer

__all__ = ["HEADS", "Gauss", "call_of"]

HEADS = {
    "log": r"\ln",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "cot": r"\cot",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
    "coth": r"\coth",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "asinh": r"\operatorname{arsinh}",
    "acosh": r"\operatorname{arcosh}",
    "atanh": r"\operatorname{artanh}",
    "erf": r"\operatorname{erf}",
    "erfc": r"\operatorname{erfc}",
    "sign": r"\operatorname{sign}",
    "gamma": r"\Gamma",
    "loggamma": r"\ln \Gamma",
    "Max": r"\max",
    "Min": r"\min",
}
"""LaTeX of the names of functions, by their names in SymPy."""


class Gauss(Function):  # type: ignore[misc]
    """F(1, a; 1 + a; z) as a factor: ``lerchphi(z, 1, a)`` is ``Gauss(z, a)/a``."""

    nargs = 2


def call_of(printer: Printer, expr: Any, depth: int) -> Piece:
    """The piece of a function applied to its arguments."""
    shown = [printer.piece(argument, depth) for argument in expr.args]
    if isinstance(expr, Gauss):
        z, a = expr.args
        sum_of = [printer.piece(x, depth) for x in (S.One, a, 1 + a, z)]
        return fenced(listed(sum_of, [",", ";", ";"]), "{}_{2}F_{1}")
    if isinstance(expr, LambertW):
        branch = printer.script(expr.args[1]) if len(expr.args) == 2 else "0"
        taken = {"W", f"W_{{{branch}}}"} & printer.scope.names
        letter = r"\operatorname{W}" if taken else "W"
        return fenced(shown[0], f"{letter}_{{{branch}}}")
    if isinstance(expr, polygamma):
        order = expr.args[0]
        bare = order == 0 and r"\psi" not in printer.scope.names
        return fenced(shown[1], r"\psi" if bare else rf"\psi^{{({printer.script(order)})}}")
    if isinstance(expr, Max | Min):
        shown = sorted(shown, key=lambda piece: len(piece.latex))
    head = HEADS.get(type(expr).__name__)
    return fenced(listed(shown), head or rf"\operatorname{{{type(expr).__name__}}}")
