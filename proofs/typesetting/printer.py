"""From SymPy expressions to pieces; see `docs/latex.md` for the conventions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import (
    Abs,
    Add,
    Equivalent,
    Float,
    Function,
    MatMul,
    Mul,
    Number,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    binomial,
    exp,
    latex,
    lerchphi,
)
from sympy.core.function import AppliedUndef
from sympy.core.numbers import Exp1, Infinity, NaN, NegativeInfinity, Pi
from sympy.core.relational import Relational
from sympy.functions.combinatorial.factorials import factorial
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue

from .functions import call_of
from .matrices import matrix_readers
from .names import indexed, named, renamed
from .operators import operator_readers
from .order import factors_in_order, negative, terms_in_order
from .pieces import (
    ONE_LINE,
    Piece,
    atom,
    environment,
    exponential,
    fenced,
    listed,
    power,
    product,
    quotient,
    relation,
    slash,
    total,
)
from .quotients import Factor, flattened, goes_below, parted, placed
from .scope import Scope
from .style import Style

__all__ = ["Printer"]

_RELATIONS = {"==": "=", "!=": r"\neq", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}


class Printer:
    """Prints the expressions of one ``scope``, whose names decide what ``e`` and ``d`` may mean.

    ``depth`` counts the fractions around: 0 in a line of its own, ``ONE_LINE`` in exponents.
    """

    def __init__(self, scope: Scope, style: Style, sequences: frozenset[Any]) -> None:
        self.scope, self.style, self.sequences = scope, style, sequences
        self._known: dict[tuple[Any, int], Piece] = {}
        self._by_class = self._readers()

    def piece(self, expr: Any, depth: int | None = None) -> Piece:
        """The piece of an expression, as it is printed at a depth."""
        if depth is None:
            depth = ONE_LINE if self.style.fraction == "slash" else 0
        key = (expr, min(depth, ONE_LINE))
        if key not in self._known:
            self._known[key] = self._reader(expr)(expr, key[1])
        return self._known[key]

    def name(self, text: str) -> Piece:
        """The piece of a name, in the style's words."""
        chosen = self.style.names.get(text)
        return renamed(chosen) if chosen is not None else named(text)

    def _symbol(self, text: str) -> Piece:
        return replace(self.name(text), apart=text in self.scope.shared)

    def _reader(self, expr: Any) -> Callable[[Any, int], Piece]:
        for cls in type(expr).__mro__:
            if cls in self._by_class:
                return self._by_class[cls]
        return lambda e, depth: atom(f"{{{latex(e)}}}", tall=True)

    def _readers(self) -> dict[Any, Callable[[Any, int], Piece]]:
        return {
            Symbol: lambda e, _: self._symbol(e.name),
            Number: self.signed,
            Float: lambda e, _: atom(str(e)),
            NaN: lambda e, _: atom(r"\text{undefined}"),
            Mul: self.signed,
            Pow: self._pow,
            exp: self._exp,
            Add: self.add,
            AppliedUndef: self._applied,
            Function: lambda e, depth: call_of(self, e, depth),
            Abs: lambda e, depth: fenced(self.piece(e.args[0], depth), brackets=("|", "|")),
            lerchphi: self._lerchphi,
            binomial: self._binomial,
            factorial: lambda e, depth: power_of_factorial(self.piece(e.args[0], depth)),
            Piecewise: self._piecewise,
            Pi: lambda e, _: atom(r"\pi"),
            Exp1: lambda e, _: atom("e") if self.scope.e_is_free else atom(r"\exp(1)"),
            Infinity: lambda e, _: atom(r"\infty"),
            NegativeInfinity: lambda e, _: total([atom(r"\infty")], ["-"]),
            Relational: self._relation,
            Equivalent: self._equivalent,
            And: lambda e, depth: relation(
                [self.piece(a, depth) for a in e.args], [r"\land"] * (len(e.args) - 1)
            ),
            BooleanTrue: lambda e, _: atom(r"\text{true}"),
            BooleanFalse: lambda e, _: atom(r"\text{false}"),
            **operator_readers(self),
            **matrix_readers(self),
        }

    # Sums and products

    def add(self, expr: Any, depth: int) -> Piece:
        """A sum, of numbers or of matrices."""
        terms = terms_in_order(expr)
        signs = ["-" if negative(term) else "+" for term in terms]
        signs[0] = signs[0].replace("+", "")
        return total([self.without_sign(term, depth) for term in terms], signs)

    def signed(self, expr: Any, depth: int) -> Piece:
        """A term with its minus, if it has one."""
        shown = self.without_sign(expr, depth)
        return total([shown], ["-"]) if negative(expr) else shown

    def without_sign(self, expr: Any, depth: int) -> Piece:
        """A term without the minus that ``negative`` finds before it."""
        if isinstance(expr, MatMul):
            scalars = [a for a in expr.args if not a.is_Matrix]
            matrices = [self.piece(a, depth) for a in expr.args if a.is_Matrix]
            return self.product_of(*flattened(scalars), matrices, depth)
        if isinstance(expr, Mul | Rational):
            return self.product_of(*flattened([expr]), (), depth)
        return self.piece(-expr if isinstance(expr, Float) and expr < 0 else expr, depth)

    def product_of(
        self, coefficient: Any, factors: Iterable[Any], matrices: Sequence[Piece], depth: int
    ) -> Piece:
        """A product with a number before it: one fraction, and what stands outside of it."""
        over, under = map(factors_in_order, parted(factors))
        up, down = abs(int(coefficient.p)), int(coefficient.q)
        if not under and down == 1:
            pieces = [self._power_of(*factor, depth) for factor in over]
            return product([*_number(up, pieces or list(matrices)), *pieces, *matrices])
        if depth >= ONE_LINE:
            fraction = self._fraction(up, over, down, under, ONE_LINE)
            return product([*([] if fraction is None else [fraction]), *matrices])
        inside, outside = placed(self, up, over, under, depth)
        fraction = self._fraction(up, inside, down, under, depth)
        behind = [self._power_of(*factor, depth) for factor in outside]
        return product([fraction, *behind, *matrices])

    def _fraction(
        self, up: int, over: Sequence[Factor], down: int, under: Sequence[Factor], depth: int
    ) -> Piece:
        inner = min(depth + 1, ONE_LINE)
        above = [self._power_of(*factor, inner) for factor in over]
        below = [self._power_of(*factor, inner) for factor in under]
        numerator = product([*_number(up, above), *above])
        denominator = product([*_number(down, below), *below])
        if depth >= ONE_LINE:
            return slash(numerator, denominator)
        outermost = self.style.fraction if depth == 0 else "frac"
        return quotient(numerator, denominator, "\\" + outermost)

    # Powers

    def _pow(self, expr: Any, depth: int) -> Piece:
        if goes_below(expr.exp):
            return self.product_of(S.One, [expr], (), depth)
        ((base, exponent),), _ = parted([expr])
        return self._power_of(base, exponent, depth)

    def _power_of(self, base: Any, exponent: Any, depth: int) -> Piece:
        if exponent == 1:
            return self.piece(base, depth)
        if base is S.Exp1:
            return self.e_to(exponent, depth)
        if exponent == S.Half:
            inside = self.piece(base, depth)
            return atom(rf"\sqrt{{{inside.latex}}}", tall=inside.tall)
        return power(self.piece(base, depth), self.script(exponent))

    def script(self, expr: Any) -> str:
        """LaTeX of an expression above or below a letter."""
        return self.piece(expr, ONE_LINE).latex

    def _exp(self, expr: Any, depth: int) -> Piece:
        if parted([expr])[1]:
            return self.product_of(S.One, [expr], (), depth)
        return self.e_to(expr.args[0], depth)

    def e_to(self, exponent: Any, depth: int) -> Piece:
        r"""``e^{x}``, or ``\exp(x)`` where e is a name of the claim."""
        inside = self.piece(exponent, depth)
        if self.scope.e_is_free:
            return exponential(self.piece(exponent, ONE_LINE), inside)
        return fenced(inside, r"\exp")

    # Functions

    def _applied(self, expr: Any, depth: int) -> Piece:
        text = expr.func.__name__
        if expr.func in self.sequences and len(expr.args) == 1:
            return indexed(text, self.script(expr.args[0]), self.style.names.get(text, ""))
        inside = listed([self.piece(argument, depth) for argument in expr.args])
        return fenced(inside, self.name(text).latex)

    def _lerchphi(self, expr: Any, depth: int) -> Piece:
        if expr.args[1] != 1:
            return fenced(listed([self.piece(a, depth) for a in expr.args]), r"\Phi")
        return self.product_of(*flattened([expr]), (), depth)

    def _binomial(self, expr: Any, depth: int) -> Piece:
        n, k = (self.piece(a, ONE_LINE).latex for a in expr.args)
        return atom(rf"\binom{{{n}}}{{{k}}}", tall=True)

    def _piecewise(self, expr: Any, depth: int) -> Piece:
        rows = []
        for value, condition in expr.args:
            when = r"\text{otherwise}"
            if condition is not S.true:
                when = rf"\text{{if }} {self.piece(condition, 1).latex}"
            rows.append(f"{self.piece(value, 1).latex} & {when}")
        return environment("cases", rows)

    # Relations

    def _relation(self, expr: Any, depth: int) -> Piece:
        sides = [self.piece(side, depth) for side in (expr.lhs, expr.rhs)]
        return relation(sides, [_RELATIONS[expr.rel_op]])

    def _equivalent(self, expr: Any, depth: int) -> Piece:
        sides = [self.piece(side, depth) for side in expr.args]
        return relation(sides, [r"\Leftrightarrow"] * (len(sides) - 1))


def power_of_factorial(inside: Piece) -> Piece:
    """``n!``."""
    bare = inside.kind in ("name", "atom") and not inside.tail
    return atom(f"{inside.latex if bare else fenced(inside).latex}!")


def _number(value: int, beside: Sequence[Piece]) -> list[Piece]:
    """A whole number as a factor; 1 shows only where nothing else does."""
    return [] if value == 1 and beside else [atom(str(value))]
