"""Wrong variants of a matrix equation, one small change each.

Changes: an integer or rational coefficient or power; a sign; a term dropped or doubled; a
transpose added or removed; a letter replaced by another of its shape; two neighbouring runs of
factors exchanged.  Variants whose shapes disagree are not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from lemmata.theory.matrix_calculus import check_shapes, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Add, BlockMatrix, Inverse, MatrixSymbol, Rational
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow
from sympy.matrices.expressions.transpose import Transpose

from .engine import Engine
from .errors import OutOfReachError

__all__ = ["Mutant", "Mutants", "mutants", "variants"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A variant and, in words, how it differs from the original."""

    change: str
    equation: Any


@dataclass(frozen=True, slots=True)
class Mutants:
    """``wrong``: to be refuted.  ``equivalent``: proved to follow from the facts as well."""

    wrong: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]


def variants(equation: Any) -> list[Mutant]:
    """All single changes of an equation, without repetition, whether they hold or not."""
    letters = sorted(equation.lhs.atoms(MatrixSymbol) | equation.rhs.atoms(MatrixSymbol), key=str)
    seen, made = {(equation.lhs, equation.rhs)}, []
    for change, left, right in _variants(equation, letters):
        if (left, right) not in seen and _sound(left, right):
            seen.add((left, right))
            made.append(Mutant(change, matrix_equation(left, right)))
    return made


def mutants(equation: Any, facts: MatrixFacts | None = None) -> Mutants:
    """All single changes of an equation, split by whether they still hold.

    Raises ``ValueError`` when shapes of the equation itself disagree.
    """
    facts = facts or MatrixFacts()
    wrong, equivalent = list[Mutant](), list[Mutant]()
    for mutant in variants(equation):
        (equivalent if _holds(mutant.equation, facts) else wrong).append(mutant)
    return Mutants(tuple(wrong), tuple(equivalent))


def _variants(equation: Any, letters: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    for change, left in _changes(equation.lhs, letters):
        yield f"left: {change}", left, equation.rhs
    for change, right in _changes(equation.rhs, letters):
        yield f"right: {change}", equation.lhs, right


def _changes(expr: Any, letters: list[Any]) -> Iterator[tuple[str, Any]]:
    """Every expression one change away, this node first, then inside each argument."""
    yield from _here(expr, letters)
    if isinstance(expr, MatrixSymbol):
        return
    if isinstance(expr, BlockMatrix):
        yield from _in_blocks(expr, letters)
        return
    for i, argument in enumerate(expr.args):
        if isinstance(expr, MatPow) and i == 1:
            continue
        for change, other in _changes(argument, letters):
            rebuilt = _rebuild(expr, [*expr.args[:i], other, *expr.args[i + 1 :]])
            if rebuilt is not None:
                yield change, rebuilt


def _here(expr: Any, letters: list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(expr, Rational):
        for other in (expr + 1, expr - 1, 2 * expr, -expr):
            yield f"{expr} becomes {other}", other
    elif isinstance(expr, MatrixSymbol):
        for letter in letters:
            if letter != expr and letter.shape == expr.shape:
                yield f"{expr} becomes {letter}", letter
        if expr.rows == expr.cols and expr.rows != 1:
            yield f"{expr} is transposed", expr.T
    elif isinstance(expr, Transpose):
        yield f"{expr} loses its transpose", expr.arg
    elif isinstance(expr, Inverse):
        yield f"{expr} loses its inverse", expr.arg
    elif isinstance(expr, MatPow) and expr.exp.is_Integer and expr.exp > 0:
        yield f"{expr} becomes power {expr.exp + 1}", expr.base ** (expr.exp + 1)
    elif isinstance(expr, (MatAdd, Add)):
        yield from _terms(expr)
    elif isinstance(expr, MatMul):
        yield from _exchanges(expr)


def _terms(expr: Any) -> Iterator[tuple[str, Any]]:
    for i, term in enumerate(expr.args):
        before, after = expr.args[:i], expr.args[i + 1 :]
        for change, terms in (
            ("is dropped", [*before, *after]),
            ("changes sign", [*before, -term, *after]),
            ("is doubled", [*before, 2 * term, *after]),
        ):
            rebuilt = _rebuild(expr, terms) if len(terms) > 1 else terms[0]
            if rebuilt is not None:
                yield f"{term} {change}", rebuilt


def _exchanges(expr: Any) -> Iterator[tuple[str, Any]]:
    yield f"{expr} changes sign", -expr
    yield f"{expr} is doubled", 2 * expr
    scalars = [a for a in expr.args if not getattr(a, "is_Matrix", False)]
    factors = [a for a in expr.args if getattr(a, "is_Matrix", False)]
    for i, j, k in combinations(range(len(factors) + 1), 3):
        first, second = factors[i:j], factors[j:k]
        rebuilt = _rebuild(expr, [*scalars, *factors[:i], *second, *first, *factors[k:]])
        if rebuilt is not None and _fits(rebuilt, expr):
            yield f"{_product(first)} and {_product(second)} are exchanged", rebuilt


def _fits(expr: Any, original: Any) -> bool:
    # Most exchanges spoil the shapes; asking here spares building the whole equation.
    try:
        return bool(check_shapes(expr) == original.shape)
    except (TypeError, ValueError, AttributeError):
        return False


def _product(factors: list[Any]) -> str:
    return "*".join(map(str, factors))


def _in_blocks(expr: Any, letters: list[Any]) -> Iterator[tuple[str, Any]]:
    rows = [[expr.blocks[i, j] for j in range(expr.blocks.cols)] for i in range(expr.blocks.rows)]
    for i, row in enumerate(rows):
        for j, block in enumerate(row):
            changes = [*_changes(block, letters), (f"{block} changes sign", -block)]
            for change, other in changes:
                if other.shape == block.shape:
                    line = [*row[:j], other, *row[j + 1 :]]
                    yield change, BlockMatrix([*rows[:i], line, *rows[i + 1 :]])


def _rebuild(expr: Any, arguments: list[Any]) -> Any:
    # SymPy raises errors of several kinds for shapes that disagree.
    try:
        return expr.func(*arguments)
    except (TypeError, ValueError, AttributeError, IndexError):
        return None


def _sound(left: Any, right: Any) -> bool:
    try:
        return bool(check_shapes(left) == check_shapes(right))
    except (TypeError, ValueError, AttributeError):
        return False


def _holds(equation: Any, facts: MatrixFacts) -> bool:
    try:
        return Engine(facts, (equation.lhs, equation.rhs)).equal(equation.lhs, equation.rhs)
    except OutOfReachError:
        return False
