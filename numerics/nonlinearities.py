"""Nonlinearities phi with their slopes, from a name or a SymPy expression to a program."""

from __future__ import annotations

from typing import Any

import sympy

from .codegen import Choose, UnknownFunctionError, compile_expressions
from .programs import Program

__all__ = ["compile_activation"]

_X = sympy.Symbol("x", real=True)
_ACTIVATIONS = {
    "tanh": sympy.tanh(_X),
    "erf": sympy.erf(sympy.sqrt(sympy.pi) * _X / 2),
    "relu": (_X + sympy.Abs(_X)) / 2,
    "hard_tanh": (sympy.Abs(_X + 1) - sympy.Abs(_X - 1)) / 2,
}
_CORNERS = (sympy.Abs, sympy.Max, sympy.Min)
_JUMPS = (sympy.sign, sympy.Heaviside, Choose)


class _Softplus(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """log(1 + exp(u)), whose slope needs no quotient of exponentials."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Any:
        return _sigmoid(self.args[0])


def compile_activation(activation: Any) -> Program:
    """phi; phi' where phi has no jump; phi'' where it has no kink: of a name or an expression.

    Slopes are those between the kinks.  Raises ``ValueError`` for an unknown name and for other
    than one symbol, and ``UnknownFunctionError`` naming what cannot be computed.
    """
    if isinstance(activation, str):
        if activation not in _ACTIVATIONS:
            names = ", ".join(_ACTIVATIONS)
            raise ValueError(f"nonlinearity: {activation!r} is unknown: give one of {names}")
        activation = _ACTIVATIONS[activation]
    symbols: set[Any] = getattr(activation, "free_symbols", set())
    if len(symbols) != 1:
        raise ValueError(f"nonlinearity: {activation!r} is no expression of one symbol: give one")
    (given,) = symbols
    phi = _bounded_forms(_without_pieces(activation.xreplace({given: _X})))
    derivatives = [phi]
    if not _may_jump(phi):
        derivatives.append(_slope(phi))
        if not phi.has(*_CORNERS, *_JUMPS):
            derivatives.append(_slope(derivatives[-1]))
    return compile_expressions([_plain(made) for made in derivatives], [_X])


def _slope(function: Any) -> Any:
    """The derivative between kinks, where signs do not change."""
    return _bounded_forms(function.diff(_X).replace(sympy.DiracDelta, lambda *_: sympy.S.Zero))


def _plain(function: Any) -> Any:
    return function.replace(_Softplus, lambda u: sympy.log(1 + sympy.exp(u)))


def _sigmoid(u: Any) -> Any:
    """1/(1 + exp(-u)), bounded as it stands."""
    return (1 + sympy.tanh(u / 2)) / 2


def _bounded_forms(function: Any) -> Any:
    """``function`` with log(1 + exp(u)) and 1/(1 + exp(u)) in forms with bounded slopes."""
    return function.replace(_is_softplus, lambda e: _Softplus(_exponent(e.args[0]))).replace(
        _is_sigmoid, lambda e: _sigmoid(-_exponent(e.base)) ** -e.exp
    )


def _exponent(expr: Any) -> Any:
    """u where ``expr`` is 1 + exp(u), else None."""
    if expr.is_Add and len(expr.args) == 2 and sympy.S.One in expr.args:
        (other,) = (arg for arg in expr.args if arg != 1)
        if isinstance(other, sympy.exp):
            return other.args[0]
    return None


def _is_softplus(expr: Any) -> bool:
    return (
        isinstance(expr, sympy.log) and len(expr.args) == 1 and _exponent(expr.args[0]) is not None
    )


def _is_sigmoid(expr: Any) -> bool:
    negative = expr.is_Pow and expr.exp.is_Integer and expr.exp < 0
    return bool(negative) and _exponent(expr.base) is not None


def _without_pieces(function: Any) -> Any:
    """``function`` with every ``Piecewise`` as nested choices.

    Raises ``UnknownFunctionError`` for a place without a branch and for conditions that are no
    strict or weak inequalities.
    """
    return function.replace(sympy.Piecewise, lambda *branches: _choices(list(branches)))


def _choices(branches: list[Any]) -> Any:
    conditions = [condition for _, condition in branches]
    if sympy.Or(*conditions) != sympy.true:
        raise UnknownFunctionError(
            f"nonlinearity: {sympy.Piecewise(*branches)} may have no branch somewhere: "
            "end with (..., True)"
        )
    found = branches[-1][0]
    for expression, condition in reversed(branches[:-1]):
        found = _choice(condition, expression, found)
    return found


def _choice(condition: Any, yes: Any, no: Any) -> Any:
    if condition in (sympy.true, sympy.false):
        return yes if condition == sympy.true else no
    if isinstance(condition, sympy.And):
        for part in condition.args:
            yes = _choice(part, yes, no)
        return yes
    if isinstance(condition, sympy.Or):
        for part in condition.args:
            no = _choice(part, yes, no)
        return no
    if isinstance(condition, sympy.StrictGreaterThan | sympy.StrictLessThan):
        return Choose(condition.gts - condition.lts, yes, no)
    if isinstance(condition, sympy.GreaterThan | sympy.LessThan):
        # a >= b where not b - a > 0.
        return Choose(condition.lts - condition.gts, no, yes)
    raise UnknownFunctionError(f"nonlinearity: {condition} is no inequality: give one with < or <=")


def _may_jump(phi: Any) -> bool:
    """Whether phi is not shown to be continuous where a sign or a choice turns."""
    turning = {part.args[0] for part in phi.atoms(*_JUMPS)}
    places: set[Any] = set()
    for inside in turning:
        line = sympy.Poly(inside, _X) if inside.is_polynomial(_X) else None
        if line is None or line.degree() > 1:
            return True
        if line.degree() == 1:
            slope, offset = line.all_coeffs()
            places.add(-offset / slope)
    return any(_jumps_at(phi, place) for place in places)


def _jumps_at(phi: Any, place: Any) -> bool:
    below, above = (_beside(phi, place, way) for way in (-1, 1))
    return bool(sympy.simplify(above - below) != 0)


def _beside(phi: Any, place: Any, way: int) -> Any:
    """phi at a place with the branches that its signs and choices take on one side of it."""

    def sign(inside: Any) -> Any:
        at = sympy.simplify(inside.subs(_X, place))
        found = sympy.sign(at if at != 0 else way * inside.diff(_X))
        return found if found.is_Integer else sympy.nan

    def chosen(where: Any, yes: Any, no: Any) -> Any:
        found = sign(where)
        return found if found is sympy.nan else yes if found == 1 else no

    one = phi.replace(Choose, chosen).replace(sympy.sign, sign)
    one = one.replace(sympy.Heaviside, lambda inside, *_: (1 + sign(inside)) / 2)
    return one.subs(_X, place)
