r"""Sizes of matrices that are not written: of ``I``, of ``0`` and of the blocks of a matrix.

While a formula is read these sizes are unknowns; sums, products and equations between matrices say
which are equal.  ``settled`` puts the sizes found into the expression.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import (
    Add,
    Basic,
    BlockMatrix,
    Dummy,
    Identity,
    Integer,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Trace,
    Tuple,
    ZeroMatrix,
    preorder_traversal,
)
from sympy.matrices.expressions.inverse import Inverse
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.transpose import Transpose

from .rebuilding import fresh, is_matrix, rebuilt, rebuilt_with

__all__ = ["Blocks", "Sizes", "is_matrix", "matrix_product", "matrix_sum", "rebuilt"]

Sides = tuple[Any, ...]
"""The sizes along one side of a matrix, one for each block."""


class Blocks(MatrixExpr):  # type: ignore[misc]
    """A matrix of blocks before the sizes of all blocks are known.

    ``args``: the entries row by row (numbers stand for blocks as well), the sizes of the rows and
    those of the columns.
    """

    def __new__(cls, entries: Any, rows: Any, columns: Any) -> Any:
        """Keep the arguments as they are."""
        return Basic.__new__(cls, Tuple(*entries), Tuple(*rows), Tuple(*columns))

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns, added up over the blocks."""
        return Add(*self.args[1]), Add(*self.args[2])


def matrix_product(*factors: Any) -> Any:
    """The product as it is written, before the sizes in it are known."""
    return Basic.__new__(MatMul, *factors)


def matrix_sum(*terms: Any) -> Any:
    """The sum as it is written, before the sizes in it are known."""
    return Basic.__new__(MatAdd, *terms)


class Sizes:
    """Which unknown sizes are equal to which."""

    def __init__(self) -> None:
        self._found: dict[Any, Any] = {}

    def identity(self) -> Any:
        """An identity of unknown size."""
        return Identity(Dummy("n", integer=True, positive=True))

    def zero(self) -> Any:
        """A zero matrix of unknown sizes."""
        rows, columns = (Dummy("n", integer=True, positive=True) for _ in range(2))
        return ZeroMatrix(rows, columns)

    def blocks(self, rows: Sequence[Sequence[Any]]) -> Any:
        """The matrix of those blocks; numbers must be 0, of the size that is missing."""
        entries = [[x if is_matrix(x) else self.zero() for x in row] for row in rows]
        heights = [self._common([self.rows(x) for x in row]) for row in entries]
        widths = [
            self._common([self.columns(x) for x in column]) for column in zip(*entries, strict=True)
        ]
        return Blocks([x for row in entries for x in row], heights, widths)

    def _common(self, sides: list[Sides]) -> Any:
        """One size for all of them."""
        total = [Add(*side) for side in sides]
        for other in total[1:]:
            self.equal((total[0],), (other,))
        known = [self.now(size) for size in total]
        return next((size for size in known if not size.has(Dummy)), known[0])

    def rows(self, value: Any) -> Sides:
        """The sizes of the rows, block by block."""
        return self._sides(value, 0)

    def columns(self, value: Any) -> Sides:
        """The sizes of the columns, block by block."""
        return self._sides(value, 1)

    def _sides(self, value: Any, side: int) -> Sides:
        while True:
            matrices = [a for a in value.args if is_matrix(a)] if value.args else []
            if isinstance(value, Blocks):
                return tuple(value.args[1 + side])
            if isinstance(value, Transpose | Inverse):
                value, side = value.args[0], 1 - side
            elif isinstance(value, MatMul) and matrices:
                value = matrices[-1 if side else 0]
            elif isinstance(value, MatAdd) and matrices:
                value = next((m for m in matrices if m.has(Blocks)), matrices[0])
            elif matrices and not isinstance(value, MatrixSymbol | BlockMatrix):
                value = matrices[0]  # a power, a derivative, an average: as wide as what is inside
            else:
                return (Integer(0) + value.shape[side],)

    def equal(self, one: Sides, other: Sides) -> bool:
        """Note that two sides are of the same size; whether they can be."""
        if len(one) == len(other):
            fits = [self._unite(a, b) for a, b in zip(one, other, strict=True)]
            return all(fits)
        return self._unite(Add(*one), Add(*other))

    def _unite(self, one: Any, other: Any) -> bool:
        one, other = self.now(one), self.now(other)
        if one == other:
            return True
        for unknown, size in ((one, other), (other, one)):
            if isinstance(unknown, Dummy) and not size.has(unknown):
                self._found[unknown] = size
                return True
        return bool(one.has(Dummy) or other.has(Dummy))

    def now(self, size: Any) -> Any:
        """The size with what is known of its unknowns."""
        while True:
            known = {d: self._found[d] for d in size.atoms(Dummy) if d in self._found}
            if not known:
                return size
            size = size.xreplace(known)

    def unknown(self, expr: Any) -> bool:
        """Whether it matters that a size inside is unknown; where it does not, it is 1.

        What is of unknown size holds no letter, only multiples of I: they are equal in all sizes
        or in none, and only a trace tells them apart.
        """
        if any(self._open_sizes(trace) for trace in expr.atoms(Trace)):
            return True
        for size in self._open_sizes(expr):
            self._unite(size, Integer(1))
        return False

    def _open_sizes(self, expr: Any) -> set[Any]:
        inside = (
            m for m in preorder_traversal(expr) if isinstance(m, Identity | ZeroMatrix | Blocks)
        )
        sizes = (d for m in inside for d in m.atoms(Dummy))
        return {d for size in sizes for d in self.now(size).atoms(Dummy)}

    def settled(self, expr: Any) -> Any:
        """``expr`` with the sizes that were found, rebuilt as SymPy builds it from scratch."""

        def size(node: Any, args: tuple[Any, ...]) -> Any:
            if isinstance(node, Identity | ZeroMatrix):
                return node.func(*(self.now(arg) for arg in node.args))
            if isinstance(node, Blocks):
                width = len(node.args[2])
                entries = args[0]
                return BlockMatrix(
                    [[entries[n + k] for k in range(width)] for n in range(0, len(entries), width)]
                )
            return fresh(node, args, keep=True)

        return rebuilt_with(expr, size) if expr.has(MatrixExpr) else expr
