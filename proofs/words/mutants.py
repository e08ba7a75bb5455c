"""Wrong variants of a matrix equation, one small change each.

Changes: an integer or rational coefficient or power; a sign; a term dropped or doubled; a
transpose added or removed; a letter replaced by another of its shape; two neighbouring runs of
factors exchanged.  Variants whose shapes disagree are not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, pairwise
from typing import Any

from lemmata.theory.matrix_calculus import check_shapes, matrix_equation
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import Add, BlockMatrix, Inverse, MatrixSymbol, Rational
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow
from sympy.matrices.expressions.transpose import Transpose

from ..changes import Change
from .engine import Engine
from .errors import OutOfReachError

__all__ = ["Mutant", "Mutants", "mutants", "variants"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A variant and how it differs from the original; both are written out when asked for."""

    words: Change
    left: Any
    right: Any

    @property
    def change(self) -> str:
        """The difference in words."""
        return str(self.words)

    @property
    def equation(self) -> Any:
        """The variant."""
        return matrix_equation(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Mutants:
    """``wrong``: to be refuted.  ``equivalent``: proved to follow from the facts as well."""

    wrong: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]


def variants(equation: Any) -> list[Mutant]:
    """All single changes of an equation, without repetition, whether they hold or not."""
    letters = sorted(equation.lhs.atoms(MatrixSymbol) | equation.rhs.atoms(MatrixSymbol), key=str)
    seen, made = {(equation.lhs, equation.rhs)}, []
    shape = check_shapes(equation.lhs)
    for words, left, right in _variants(equation, letters):
        changed = left if right is equation.rhs else right
        if (left, right) not in seen and _has_shape(changed, shape):
            seen.add((left, right))
            made.append(Mutant(words, left, right))
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


def _variants(equation: Any, letters: list[Any]) -> Iterator[tuple[Change, Any, Any]]:
    for change, left in _changes(equation.lhs, letters):
        yield Change("left: ", change), left, equation.rhs
    for change, right in _changes(equation.rhs, letters):
        yield Change("right: ", change), equation.lhs, right


def _changes(expr: Any, letters: list[Any]) -> Iterator[tuple[Change, Any]]:
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


def _here(expr: Any, letters: list[Any]) -> Iterator[tuple[Change, Any]]:
    if isinstance(expr, Rational):
        for other in (expr + 1, expr - 1, 2 * expr, -expr):
            yield Change(expr, " becomes ", other), other
    elif isinstance(expr, MatrixSymbol):
        for letter in letters:
            if letter != expr and letter.shape == expr.shape:
                yield Change(expr, " becomes ", letter), letter
        if expr.rows == expr.cols and expr.rows != 1:
            yield Change(expr, " is transposed"), expr.T
    elif isinstance(expr, Transpose) and expr.arg.shape == expr.shape:
        yield Change(expr, " loses its transpose"), expr.arg
    elif isinstance(expr, Inverse):
        yield Change(expr, " loses its inverse"), expr.arg
    elif isinstance(expr, MatPow) and expr.exp.is_Integer and expr.exp > 0:
        yield Change(expr, " becomes power ", expr.exp + 1), expr.base ** (expr.exp + 1)
    elif isinstance(expr, (MatAdd, Add)):
        yield from _terms(expr)
    elif isinstance(expr, MatMul):
        yield from _exchanges(expr)


def _terms(expr: Any) -> Iterator[tuple[Change, Any]]:
    for i, term in enumerate(expr.args):
        before, after = expr.args[:i], expr.args[i + 1 :]
        for change, terms in (
            ("is dropped", [*before, *after]),
            ("changes sign", [*before, -term, *after]),
            ("is doubled", [*before, 2 * term, *after]),
        ):
            rebuilt = _rebuild(expr, terms) if len(terms) > 1 else terms[0]
            if rebuilt is not None:
                yield Change(term, " ", change), rebuilt


def _exchanges(expr: Any) -> Iterator[tuple[Change, Any]]:
    yield Change(expr, " changes sign"), -expr
    yield Change(expr, " is doubled"), 2 * expr
    scalars = [a for a in expr.args if not getattr(a, "is_Matrix", False)]
    factors = [a for a in expr.args if getattr(a, "is_Matrix", False)]
    for i, j, k in combinations(range(len(factors) + 1), 3):
        first, second = factors[i:j], factors[j:k]
        exchanged = [*factors[:i], *second, *first, *factors[k:]]
        if not _fits(exchanged, factors):
            continue
        rebuilt = _rebuild(expr, [*scalars, *exchanged])
        if rebuilt is not None:
            yield Change(_product(first), " and ", _product(second), " are exchanged"), rebuilt


def _fits(exchanged: list[Any], factors: list[Any]) -> bool:
    """Whether the exchanged factors can be multiplied, to a product of the shape of the first."""
    ends = exchanged[0].rows == factors[0].rows and exchanged[-1].cols == factors[-1].cols
    return bool(ends and all(one.cols == other.rows for one, other in pairwise(exchanged)))


def _product(factors: list[Any]) -> Change:
    first, *others = factors
    return Change(first, *chain.from_iterable(("*", other) for other in others))


def _in_blocks(expr: Any, letters: list[Any]) -> Iterator[tuple[Change, Any]]:
    rows = [[expr.blocks[i, j] for j in range(expr.blocks.cols)] for i in range(expr.blocks.rows)]
    for i, row in enumerate(rows):
        for j, block in enumerate(row):
            changes = [*_changes(block, letters), (Change(block, " changes sign"), -block)]
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


def _has_shape(expr: Any, shape: tuple[Any, Any]) -> bool:
    try:
        return bool(check_shapes(expr) == shape)
    except (TypeError, ValueError, AttributeError):
        return False


def _holds(equation: Any, facts: MatrixFacts) -> bool:
    try:
        return Engine(facts, (equation.lhs, equation.rhs)).equal(equation.lhs, equation.rhs)
    except OutOfReachError:
        return False
