"""Block matrices as arrays of polynomials; a plain polynomial is an array of one block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import OutOfReachError
from .polynomials import Polynomial

__all__ = ["Blocks"]


class Blocks:
    """An immutable array of polynomials, with sums, products and transposes by blocks.

    A multiple of the identity given as one block is cut to the partition of its partner.
    Raises ``OutOfReachError`` where two partitions cannot be matched.
    """

    __slots__ = ("entries",)

    def __init__(self, entries: list[list[Polynomial]]) -> None:
        self.entries = entries

    @classmethod
    def of(cls, polynomial: Polynomial) -> Blocks:
        """One block."""
        return cls([[polynomial]])

    @property
    def heights(self) -> tuple[Any, ...]:
        """Row sizes of the blocks."""
        return tuple(row[0].rows for row in self.entries)

    @property
    def widths(self) -> tuple[Any, ...]:
        """Column sizes of the blocks."""
        return tuple(entry.cols for entry in self.entries[0])

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns of the whole."""
        return sum(self.heights), sum(self.widths)

    def single(self) -> Polynomial:
        """The only block; OutOfReachError if there are several."""
        if len(self.entries) != 1 or len(self.entries[0]) != 1:
            raise OutOfReachError("a matrix of several blocks stands where one letter is needed")
        return self.entries[0][0]

    def map(self, function: Callable[[Polynomial], Polynomial]) -> Blocks:
        """Each block under a function that keeps its shape."""
        return Blocks([[function(entry) for entry in row] for row in self.entries])

    def __iter__(self) -> Any:
        return (entry for row in self.entries for entry in row)

    @property
    def T(self) -> Blocks:
        """The transpose: blocks mirrored, each transposed."""
        return Blocks([[entry.T for entry in column] for column in zip(*self.entries, strict=True)])

    def __add__(self, other: Blocks) -> Blocks:
        left = self.cut(other.heights, other.widths)
        right = other.cut(left.heights, left.widths)
        rows = zip(left.entries, right.entries, strict=True)
        return Blocks([[a + b for a, b in zip(r, s, strict=True)] for r, s in rows])

    def __sub__(self, other: Blocks) -> Blocks:
        return self + other.map(lambda entry: entry.scaled(-1))

    def __mul__(self, other: Blocks) -> Blocks:
        left, right = self, other
        if left.widths != right.heights:
            zero = not any(left)
            left = left.cut(left.heights if zero else right.heights, right.heights)
        if left.widths != right.heights:
            zero = not any(right)
            right = right.cut(left.widths, right.widths if zero else left.widths)
        columns = list(zip(*right.entries, strict=True))
        return Blocks([[_dot(row, column) for column in columns] for row in left.entries])

    def cut(self, heights: tuple[Any, ...], widths: tuple[Any, ...]) -> Blocks:
        """The same matrix in another partition, possible for multiples of the identity."""
        if (self.heights, self.widths) == (heights, widths):
            return self
        whole = self.entries[0][0] if len(heights) * len(widths) > 1 else None
        single = len(self.entries) == 1 and len(self.entries[0]) == 1
        if whole is None or not single:
            if len(self.entries) * len(self.entries[0]) > 1 and len(heights) * len(widths) == 1:
                return self
            raise OutOfReachError(f"partitions {self.heights} and {heights} do not match")
        if whole.terms and (heights != widths or not whole.multiple_of_identity()):
            raise OutOfReachError(f"a letter of shape {whole.shape} meets a block matrix")
        return Blocks(
            [
                [Polynomial(h, w, whole.terms if i == j else {}) for j, w in enumerate(widths)]
                for i, h in enumerate(heights)
            ]
        )


def _dot(row: list[Polynomial], column: tuple[Polynomial, ...]) -> Polynomial:
    total = Polynomial(row[0].rows, column[0].cols, {})
    for a, b in zip(row, column, strict=True):
        total = total + a * b
    return total
