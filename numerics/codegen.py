"""From a SymPy expression to a straight-line program for balls, mpmath numbers or arrays.

With ``nonlinearities`` the only module of ``numerics`` that reads SymPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from .programs import Instruction, Program

__all__ = [
    "Choose",
    "UnknownFunctionError",
    "compile_expressions",
]


class Choose(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """``Choose(d, a, b)`` is a where d > 0 and b elsewhere; so is its derivative."""

    nargs = 3

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_derivative(self, s: Any) -> Any:
        where, yes, no = self.args
        return Choose(where, yes.diff(s), no.diff(s))


_FUNCTIONS = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.coth: "coth",
    sympy.asinh: "asinh",
    sympy.acosh: "acosh",
    sympy.atanh: "atanh",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.atan: "atan",
    sympy.Abs: "abs",
    sympy.sign: "sign",
    sympy.LambertW: "lambertw",
    sympy.gamma: "gamma",
    sympy.erf: "erf",
    sympy.Max: "max",
    sympy.Min: "min",
    Choose: "choose",
}
_ANY_NUMBER = {"max", "min", "choose"}
_TANHC = sympy.Function("tanhc")
"""tanh(x)/x, which has no pole."""

_CONSTANTS = {sympy.pi: "pi", sympy.E: "e", sympy.EulerGamma: "euler"}


class UnknownFunctionError(ValueError):
    """The expression contains something that has no numeric meaning here."""


def compile_expressions(expressions: Sequence[Any], inputs: Sequence[Any]) -> Program:
    """Compile SymPy ``expressions`` of the atoms ``inputs`` (symbols or applied functions).

    Raises ``UnknownFunctionError`` naming what cannot be computed.
    """
    compiler = _Compiler(inputs)
    outputs = tuple(compiler.slot(e) for e in expressions)
    return Program(len(inputs), tuple(compiler.instructions), outputs)


def _without_poles(function: Any, variable: Any) -> Any:
    """``function`` with tanh(c z)/z as c tanhc(c z): there is no pole at z = 0."""
    found = {}
    for product in function.atoms(sympy.Mul):
        powers = [factor.as_base_exp() for factor in product.args]
        poles = [-n for base, n in powers if base == variable and n.is_Integer and n < 0]
        tangents = [
            (base, n)
            for base, n in powers
            if isinstance(base, sympy.tanh) and not (base.args[0] / variable).has(variable)
        ]
        if len(poles) == len(tangents) == 1 and tangents[0][1] >= poles[0]:
            (order,), ((tangent, _),) = poles, tangents
            smooth = tangent.args[0] / variable * _TANHC(tangent.args[0])
            found[product] = product * variable**order / tangent**order * smooth**order
    return function.xreplace(found)


class _Compiler:
    def __init__(self, inputs: Sequence[Any]) -> None:
        self.instructions: list[Instruction] = []
        self.known: dict[Any, int] = {atom: i for i, atom in enumerate(inputs)}
        self.count = len(inputs)
        self.inputs = tuple(inputs)

    def slot(self, expr: Any) -> int:
        if expr not in self.known:
            made = self._instruction(expr)
            self.known[expr] = self.count + len(self.instructions)
            self.instructions.append(made)
        return self.known[expr]

    def _instruction(self, expr: Any) -> Instruction:
        if expr.is_Rational:
            return Instruction("rational", (), Fraction(int(expr.p), int(expr.q)))
        if expr in _CONSTANTS:
            return Instruction(_CONSTANTS[expr])
        if expr.is_Add or expr.is_Mul:
            name = "add" if expr.is_Add else "mul"
            return Instruction(name, tuple(self.slot(arg) for arg in expr.args))
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if expr.func is sympy.lerchphi and expr.args[1].is_Integer:
            slots = self.slot(expr.args[0]), self.slot(expr.args[2])
            return Instruction("lerch", slots, int(expr.args[1]))
        if expr.func is sympy.polygamma and expr.args[0] == 0:
            return Instruction("digamma", (self.slot(expr.args[1]),))
        if expr.func is sympy.binomial:
            return Instruction("binomial", tuple(self.slot(arg) for arg in expr.args))
        if getattr(expr, "is_gaussian_average", False):
            return self._average(expr.function, expr.variable)
        if isinstance(expr, sympy.Heaviside):
            return self._instruction((1 + sympy.sign(expr.args[0])) / 2)
        name = "tanhc" if expr.func == _TANHC else _FUNCTIONS.get(expr.func, "")
        if name == "lambertw" and expr.args[1:] == (sympy.S.NegativeOne,):
            return Instruction("lambertw_lower", (self.slot(expr.args[0]),))
        # A second argument (another branch, a base left unevaluated) is another function.
        if not name or (len(expr.args) != 1 and name not in _ANY_NUMBER):
            raise UnknownFunctionError(f"expression: no numeric meaning for {expr}")
        return Instruction(name, tuple(self.slot(arg) for arg in expr.args))

    def _average(self, function: Any, variable: Any) -> Instruction:
        """The average of ``function`` over a standard normal ``variable``."""
        used = [a for a in self.inputs if function.has(a) and not a.has(variable)]
        inner = compile_expressions([_without_poles(function, variable)], [variable, *used])
        return Instruction("gaussian_average", tuple(self.known[a] for a in used), inner)

    def _power(self, base: Any, exponent: Any) -> Instruction:
        if base == sympy.E:
            return Instruction("exp", (self.slot(exponent),))
        if exponent.is_Integer:
            return Instruction("integer_power", (self.slot(base),), int(exponent))
        if exponent == sympy.S.Half:
            return Instruction("sqrt", (self.slot(base),))
        if exponent == -sympy.S.Half:
            return Instruction("rsqrt", (self.slot(base),))
        # Of a number that may be negative only powers that are certainly whole have a meaning.
        name = "whole_power" if exponent.is_integer else "power"
        return Instruction(name, (self.slot(base), self.slot(exponent)))
