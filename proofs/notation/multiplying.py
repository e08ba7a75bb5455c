"""Factors multiplied: numbers, matrices of sizes that fit, and what a slash divides by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Mul, Pow, S, Trace

from .errors import SizeError
from .nodes import Group, Node
from .shapes import is_matrix, matrix_product
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["Factor", "combined"]

Factor = tuple[str, Any, Node]
"""The sign before a factor, its value, and where it was written."""


def combined(reader: Reader, found: Sequence[Factor], node: Node) -> Any:
    """The product of the factors, refused where ``/`` is read both ways."""
    numbers: list[Any] = []
    matrices: list[tuple[Any, Node]] = []
    reader.calculable([value for _, value, _ in found], node)
    for n, (sign, value, where) in enumerate(found):
        if sign in ("/", r"\div"):
            if is_matrix(value) and not reader.single(value):
                raise reader.error("division by a matrix: write its inverse ^{-1}", where)
            _refuse_both_ways(reader, found, n)
            value = reader.as_number(value)
            if value == 0:
                raise reader.error("division by 0", where)
            numbers.append(Pow(value, -1))
        elif is_matrix(value):
            matrices.append((value, where))
        else:
            numbers.append(value)
    if not matrices:
        return reader.finite(Mul(*numbers), node)
    return _matrix_product(reader, numbers, matrices)


def _refuse_both_ways(reader: Reader, found: Sequence[Factor], n: int) -> None:
    """``a/b c``: the denominator must be a bracket, or nothing may follow side by side."""
    if n + 1 >= len(found) or found[n + 1][0]:
        return
    denominator, following = found[n][2], found[n + 1][2]
    closed = isinstance(denominator, Group) and denominator.left != "{"
    again = isinstance(following, Group) and following.left == "("
    if not closed or again:
        here, behind = written(denominator), written(following)
        raise reader.error(
            f"/{here} {behind} is read as division by {here} and by {here} {behind}: "
            r"write \frac or brackets",
            following,
        )


def _matrix_product(reader: Reader, numbers: list[Any], matrices: list[tuple[Any, Node]]) -> Any:
    """Numbers before the matrices; a product with one entry is a number where nothing else fits."""
    sizes = reader.sizes
    chain: list[Any] = []
    for value, where in matrices:
        if chain and not sizes.equal(sizes.columns(chain[-1]), sizes.rows(value)):
            whole = chain[0] if len(chain) == 1 else matrix_product(*chain)
            if reader.single(value):
                numbers.append(Trace(value))
                continue
            if not reader.single(whole):
                raise SizeError(
                    f"{written(where)} has {sizes.now(value.shape[0])} rows, and what stands "
                    f"before it {sizes.now(chain[-1].shape[1])} columns",
                    where.start,
                )
            numbers.append(Trace(whole))
            chain = []
        chain.append(value)
    number = Mul(*numbers)
    if len(chain) == 1 and number == 1:
        return chain[0]
    return matrix_product(*([] if number == S.One else [number]), *chain)
