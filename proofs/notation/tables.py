"""Matrices that are written with their entries, and cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import And, Eq, ImmutableDenseMatrix, Ne, Piecewise, S

from . import links
from .nodes import Matrix, Node, Sequence, Text
from .shapes import is_matrix

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["cases", "matrix"]


def matrix(reader: Reader, node: Matrix) -> Any:
    """The value of an environment with rows and cells."""
    if node.environment in ("cases", "dcases"):
        return cases(reader, node)
    if node.environment in ("vmatrix", "Vmatrix", "rcases", "substack", "subarray"):
        raise reader.error(f"the environment {node.environment} is not read as a value", node)
    if len({len(row) for row in node.rows}) != 1:
        raise reader.error("the rows of the matrix have different lengths", node)
    rows = [[reader.value(cell) for cell in row] for row in node.rows]
    if not any(is_matrix(x) for row in rows for x in row):
        reader.multiplied(max(len(rows), len(rows[0])), 1, node)
        return ImmutableDenseMatrix(rows)
    for row, cells in zip(rows, node.rows, strict=True):
        for value, cell in zip(row, cells, strict=True):
            if not is_matrix(value) and value != 0:
                raise reader.error("a number among matrices: write it times I", cell)
    return reader.sizes.blocks(rows)


def cases(reader: Reader, node: Matrix) -> Any:
    """The value of rows with a condition each, the first that holds."""
    pairs: list[tuple[Any, Any]] = []
    for row in node.rows:
        if len(row) != 2:
            raise reader.error("a row of cases needs a value and a condition", node)
        if pairs and pairs[-1][1] == S.true:
            raise reader.error("a case behind one that always holds: write otherwise last", node)
        value = reader.scalar(row[0], "a case")
        pairs.append((value, _condition(reader, row[1])))
    return Piecewise(*pairs)


def _condition(reader: Reader, node: Node) -> Any:
    """When a case holds: a relation behind ``if`` or ``for``, or ``otherwise``."""
    parts = node.items if isinstance(node, Sequence) else (node,)
    words = " ".join(p.text.strip() for p in parts if isinstance(p, Text)).strip(" ,.")
    relations = [p for p in parts if not isinstance(p, Text)]
    if not relations and words.lower() in ("otherwise", "else"):
        return S.true
    if len(relations) == 1 and words.lower() in ("", "if", "for", "when"):
        found = links.pairs(reader, relations[0])
        if len(found) == 1:
            return Eq(*found[0].args) if isinstance(found[0], Eq) else found[0]
        if not any(isinstance(link, Eq | Ne) for link in found):
            return And(*found)
    raise reader.error(
        "the condition of a case is not understood: write a relation or otherwise", node
    )
