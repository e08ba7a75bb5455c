"""What acts on all that is written behind it: derivatives, sums, products, integrals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lemmata.theory.gaussian import GaussianAverage
from sympy import Derivative, Integral, Product, Subs, Sum, latex
from sympy.core.function import AppliedUndef
from sympy.printing.conventions import requires_partial

from .pieces import ONE_LINE, SQUARE, Piece, atom, fenced, operator

if TYPE_CHECKING:
    from .printer import Printer

__all__ = ["acting", "average", "integral", "operator_readers"]

Reader = Callable[[Any, int], Piece]


def operator_readers(printer: Printer) -> dict[Any, Reader]:
    """What prints each class of operator, averages and values at a point."""
    p = printer
    return {
        Derivative: lambda e, depth: _derivative(p, e, depth),
        Sum: lambda e, depth: _over_index(p, r"\sum", e, depth),
        Product: lambda e, depth: _over_index(p, r"\prod", e, depth),
        Integral: lambda e, depth: _integral(p, e, depth),
        Subs: lambda e, depth: _subs(p, e, depth),
        GaussianAverage: lambda e, depth: average(p, e.variable, e.function, depth),
    }


def acting(printer: Printer, head: str, expr: Any, depth: int) -> Piece:
    """An operator before what it acts on, in brackets unless that is one thing."""
    body = printer.piece(expr, depth)
    bare = body.kind in ("name", "call", "quotient", "exponential", "atom")
    return operator(head, body if bare else fenced(body))


def integral(printer: Printer, limits: str, body: Piece, variable: str) -> Piece:
    """An integral sign with its differential: it reaches no further, but stands last too."""
    inside = fenced(body) if body.kind == "sum" else body
    shown = atom(rf"{inside.latex}\,{printer.scope.d}{variable}", tall=True)
    return operator(rf"\int{limits}", shown)


def average(printer: Printer, variable: Any, inside: Any, depth: int) -> Piece:
    """An expectation, over a standard normal variable where one is named."""
    below = f"_{{{printer.script(variable)}}}" if variable is not None else ""
    return fenced(printer.piece(inside, depth), rf"\mathbb{{E}}{below}", brackets=SQUARE)


def _derivative(printer: Printer, expr: Any, depth: int) -> Piece:
    sign = r"\partial" if _is_partial(expr) else printer.scope.d
    order = sum(count for _, count in expr.variable_count)
    below = []
    for variable, count in reversed(expr.variable_count):
        inside = printer.piece(variable, ONE_LINE)
        times = f"^{{{printer.script(count)}}}" if count != 1 else ""
        shown = f"({inside.latex})" if times and inside.tail else inside.latex
        space = " " if sign == r"\partial" else ""
        below.append(f"{sign}{space}{shown}{times}")
    above = f"{sign}^{{{printer.script(order)}}}" if order != 1 else sign
    return acting(printer, rf"\frac{{{above}}}{{{' '.join(below)}}}", expr.expr, depth)


def _is_partial(expr: Any) -> bool:
    """Whether other things could vary: not where functions of the one variable are known."""
    variables = expr.variables
    known = expr.expr.atoms(AppliedUndef)
    if len(set(variables)) == 1 and any(call.args == (variables[0],) for call in known):
        return False
    return bool(requires_partial(expr.expr))


def _over_index(printer: Printer, sign: str, expr: Any, depth: int) -> Piece:
    heads = []
    for limits in reversed(expr.limits):
        index = printer.script(limits[0])
        low, high = (printer.script(limit) for limit in limits[1:])
        heads.append(f"{sign}_{{{index}={low}}}^{{{high}}}")
    body = printer.piece(expr.function, depth)
    return operator(" ".join(heads), fenced(body) if body.kind == "sum" else body)


def _integral(printer: Printer, expr: Any, depth: int) -> Piece:
    (variable, *ends), *others = expr.limits
    if others:
        return atom(f"{{{latex(expr)}}}", tall=True)
    low, high = (*map(printer.script, ends), "", "")[:2]
    limits = f"_{{{low}}}^{{{high}}}" if ends else ""
    body = printer.piece(expr.function, depth)
    return integral(printer, limits, body, printer.script(variable))


def _subs(printer: Printer, expr: Any, depth: int) -> Piece:
    pairs = zip(expr.variables, expr.point, strict=True)
    at = [f"{printer.script(old)}={printer.script(new)}" for old, new in pairs]
    where = at[0] if len(at) == 1 else r"\substack{" + r" \\ ".join(at) + "}"
    inside = printer.piece(expr.expr, depth)
    return atom(rf"\left. {inside.latex} \right|_{{{where}}}", tall=True)
