"""What is read off a network: numbers that its weights determine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import flint
from lemmata.theory.letters import W21, W32

from ..matrix_balls import evaluate_matrix_expression
from .rationals import Matrix, columns, diagonal

__all__ = [
    "HiddenSquare",
    "MapEntries",
    "ModeStrength",
    "Observable",
    "StackedSquare",
    "WeightExpression",
]

Layers = Sequence[Any]
"""``flint.arb_mat`` of every layer, the one next to the input first."""
Strength = tuple[int, Matrix, Matrix]
"""Place i of a number, and columns u, v: number i is u^T W v for the end-to-end map W."""


class Observable(Protocol):
    """One number or several, in a fixed order."""

    def balls(self, layers: Layers) -> list[Any]:
        """Balls around the numbers, from balls around the weights, at the working precision."""
        ...

    def strengths(self, sizes: Sequence[int]) -> list[Strength]:
        """Those of the numbers that the end-to-end map alone determines.

        ``sizes``: numbers of inputs and outputs.
        """
        ...


@dataclass(frozen=True)
class ModeStrength:
    """u^T W v for the map W from input to output; ``left`` (u) and ``right`` (v) are columns."""

    left: Matrix
    right: Matrix

    def balls(self, layers: Layers) -> list[Any]:
        """The one number."""
        carried = flint.arb_mat(self.right)
        for layer in layers:
            carried = layer * carried
        return list((flint.arb_mat(self.left.transpose()) * carried).entries())

    def strengths(self, sizes: Sequence[int]) -> list[Strength]:
        """Itself."""
        return [(0, self.left, self.right)]


@dataclass(frozen=True)
class HiddenSquare:
    """|W21 v + W32^T u|^2/4, or with ``sign`` -1 the square of the difference."""

    left: Matrix
    right: Matrix
    sign: int

    def balls(self, layers: Layers) -> list[Any]:
        """The one number."""
        below, above = layers
        back = above.transpose() * flint.arb_mat(self.left)
        hidden = below * flint.arb_mat(self.right) + back * self.sign
        return [entry / 4 for entry in (hidden.transpose() * hidden).entries()]

    def strengths(self, sizes: Sequence[int]) -> list[Strength]:
        """None: it depends on the layers one by one."""
        return []


@dataclass(frozen=True)
class StackedSquare:
    """Q Q^T for Q = [W21^T; W32], row by row; its lower left block is the end-to-end map."""

    def balls(self, layers: Layers) -> list[Any]:
        """(inputs + outputs)^2 numbers."""
        below, above = layers
        stacked = flint.arb_mat(below.transpose().tolist() + above.tolist())
        return list((stacked * stacked.transpose()).entries())

    def strengths(self, sizes: Sequence[int]) -> list[Strength]:
        """The lower left block."""
        inputs, outputs = sizes
        width = inputs + outputs
        return [((inputs + i) * width + j, u, v) for i, j, u, v in _units(inputs, outputs)]


@dataclass(frozen=True)
class MapEntries:
    """The end-to-end map, row by row."""

    def balls(self, layers: Layers) -> list[Any]:
        """outputs * inputs numbers."""
        product = layers[0]
        for layer in layers[1:]:
            product = layer * product
        return list(product.entries())

    def strengths(self, sizes: Sequence[int]) -> list[Strength]:
        """All of them."""
        inputs, outputs = sizes
        return [(i * inputs + j, u, v) for i, j, u, v in _units(inputs, outputs)]


def _units(inputs: int, outputs: int) -> list[tuple[int, int, Matrix, Matrix]]:
    """i, j and the unit columns u, v with u^T W v = W_ij."""
    one, two = diagonal([1] * outputs), diagonal([1] * inputs)
    return [
        (i, j, columns(one, (i,)), columns(two, (j,)))
        for i in range(outputs)
        for j in range(inputs)
    ]


@dataclass(frozen=True)
class WeightExpression:
    """The entries of a matrix expression in the letters W21 and W32, row by row."""

    expression: Any

    def balls(self, layers: Layers) -> list[Any]:
        """All entries."""
        letters = dict(zip((W21, W32), layers, strict=True))
        found = evaluate_matrix_expression(self.expression, letters, flint.ctx.prec)
        return list(found.entries())

    def strengths(self, sizes: Sequence[int]) -> list[Strength]:
        """None: it depends on the layers one by one."""
        return []
