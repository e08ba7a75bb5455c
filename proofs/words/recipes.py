"""How to build matrices that satisfy a given equation: read off its form.

``definition``  c*W = expression, or Average(...) = c*W, or a word = c*W
``balance``     X^T X = Y Y^T + c I
``spectrum``    S V = V L with V of orthonormal columns: S = V L V^T + P T P, P = I - V V^T
``intertwined`` E P = P B for words E: B = R^T E R and P = p(E) R where P is square, else P = 0
``flow``        c*TimeDerivative(W) = expression

An equation of another form has no recipe: it is checked after the draw, and seldom holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lemmata.theory.matrix_calculus import Average, TimeDerivative
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Identity, Integer, MatrixSymbol, Mul
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.transpose import Transpose

__all__ = ["Recipe", "letter_of", "recipe", "recipes"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to make the letters ``makes`` once the letters ``needs`` have values.

    ``parts`` depends on ``kind``: (coefficient, target, expression) of a definition or flow,
    (X, Y, gap) of a balance, (S, V, L) of a spectrum, (E, P, B) of what is intertwined.
    """

    kind: str
    makes: frozenset[Any]
    needs: frozenset[Any]
    parts: tuple[Any, ...]


def recipes(facts: MatrixFacts) -> list[Recipe]:
    """The recipes of all given equations that have one."""
    found = (recipe(equation, facts) for equation in facts.given)
    return [item for item in found if item is not None]


def recipe(equation: Any, facts: MatrixFacts) -> Recipe | None:
    """The recipe of one equation, or None."""
    coefficient, left = _factors(equation.lhs)
    scale, right = _factors(equation.rhs)
    if len(left) == 1 and isinstance(left[0], TimeDerivative):
        target = left[0].args[0]
        if letter_of(target) is not None:
            return _assign("flow", coefficient, target, equation.rhs)
    if len(left) == 1 and letter_of(left[0]) is not None:
        return _assign("definition", coefficient, left[0], equation.rhs)
    averaged = len(left) == len(right) == 1 and isinstance(left[0], Average)
    if averaged and letter_of(right[0]) is not None:
        return _assign("definition", scale, right[0], equation.lhs)
    found = None
    if len(left) == 2:
        found = _balance(equation, left, coefficient) or _spectrum(left, right, scale, facts)
    found = found or _intertwined(left, right, coefficient / scale)
    if found is None and len(right) == 1 and letter_of(right[0]) is not None:
        return _assign("definition", scale, right[0], equation.lhs)
    return found


def letter_of(expr: Any) -> Any:
    """The MatrixSymbol of a letter or of its transpose, else None."""
    inner = expr.arg if isinstance(expr, Transpose) else expr
    return inner if isinstance(inner, MatrixSymbol) else None


def _assign(kind: str, coefficient: Any, target: Any, expr: Any) -> Recipe | None:
    letter, needs = letter_of(target), expr.atoms(MatrixSymbol)
    if kind == "definition" and letter in needs:
        return None
    return Recipe(kind, frozenset({letter}), frozenset(needs), (coefficient, target, expr))


def _balance(equation: Any, left: list[Any], coefficient: Any) -> Recipe | None:
    x, y, gap = left[1], None, Integer(0)
    if left[0] != x.T or letter_of(x) is None or coefficient != 1:
        return None
    terms = equation.rhs.args if isinstance(equation.rhs, MatAdd) else (equation.rhs,)
    for term in terms:
        scale, factors = _factors(term)
        if len(factors) == 1 and isinstance(factors[0], Identity):
            gap = gap + scale
        elif len(factors) == 2 and factors[1] == factors[0].T and scale == 1 and y is None:
            y = factors[0]
        else:
            return None
    if y is None or letter_of(y) is None or letter_of(y) == letter_of(x):
        return None
    return Recipe("balance", frozenset({letter_of(x), letter_of(y)}), frozenset(), (x, y, gap))


def _spectrum(left: list[Any], right: list[Any], scale: Any, facts: MatrixFacts) -> Recipe | None:
    s, v = left
    fits = len(right) == 2 and right[0] == v and scale == 1 and s in facts.symmetric
    if not fits or v not in facts.orthonormal_columns or letter_of(right[1]) is None:
        return None
    return Recipe("spectrum", frozenset({s}), frozenset({v, letter_of(right[1])}), (s, v, right[1]))


def _intertwined(left: list[Any], right: list[Any], scale: Any) -> Recipe | None:
    if len(left) < 2 or len(right) != 2 or scale != 1 or left[-1] != right[0]:
        return None
    p, b = right
    words = MatMul(*left[:-1])
    needs = words.atoms(MatrixSymbol)
    if not (isinstance(p, MatrixSymbol) and isinstance(b, MatrixSymbol)) or {p, b} & needs:
        return None
    return Recipe("intertwined", frozenset({p, b}), frozenset(needs), (words, p, b))


def _factors(expr: Any) -> tuple[Any, list[Any]]:
    arguments = expr.args if isinstance(expr, MatMul) else (expr,)
    matrices = [a for a in arguments if getattr(a, "is_Matrix", False)]
    scalars = [a for a in arguments if not getattr(a, "is_Matrix", False)]
    return Mul(*scalars), matrices
