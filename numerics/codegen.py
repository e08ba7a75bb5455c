"""From a SymPy expression to a straight-line program for balls, mpmath numbers or arrays.

The only module of ``numerics`` that reads SymPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

__all__ = [
    "Choose",
    "Instruction",
    "Program",
    "UnknownFunctionError",
    "compile_activation",
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


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation: its name, the slots it reads, and the constant it carries, if any.

    The constant of an average is the program of what is averaged.
    """

    name: str
    slots: tuple[int, ...] = ()
    constant: Fraction | int | str | Program | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Straight-line code with common sub-expressions shared.

    Slots 0 to ``inputs - 1`` hold the inputs; instruction i fills slot ``inputs + i``;
    ``outputs`` names the slots of the results.
    """

    inputs: int
    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]

    def run(self, backend: Mapping[str, Any], values: Sequence[Any]) -> list[Any]:
        """The outputs, computed by the operations of ``backend`` on ``values``.

        Raises ``ValueError`` when the number of values is not ``inputs``.
        """
        if len(values) != self.inputs:
            raise ValueError(f"values: {len(values)} given, {self.inputs} needed")
        slots = list(values)
        for step in self.instructions:
            arguments = [slots[i] for i in step.slots]
            if step.constant is not None:
                arguments.append(step.constant)
            slots.append(backend[step.name](*arguments))
        return [slots[i] for i in self.outputs]


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


# Nonlinearities phi, with their slopes.

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
