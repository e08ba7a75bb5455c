"""A factor that both sides of an equation share, and the equation without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..notation import nodes
from ..notation.nodes import Node
from .edits import Edit

__all__ = ["COMMON_FACTOR", "Divided", "divided_edits"]

COMMON_FACTOR = "common factor"


@dataclass(frozen=True, slots=True)
class Divided(Edit):
    """``old`` is the factor that both sides share, ``new`` the equation without it."""

    def applied(self, whole: Node) -> Node:
        """The formula after the change."""
        return self.new


def divided_edits(whole: Node) -> Iterator[Divided]:
    """The equation without each of the factors that all of its sides share."""
    if not isinstance(whole, nodes.Relation):
        return
    for way, factor in _factors(whole.sides[0], (0,)):
        if isinstance(factor, nodes.Number | nodes.Named | nodes.Operator):
            continue
        sides = [_without(side, factor) for side in whole.sides]
        left = [side for side in sides if side is not None]
        if len(left) == len(sides):
            yield Divided(way, factor, replace(whole, sides=tuple(left)), COMMON_FACTOR)


def _factors(side: Node, way: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Node]]:
    """The factors of a side that divide nothing."""
    if isinstance(side, nodes.Product):
        for number, item in enumerate(side.items):
            if _multiplies(side, number):
                yield (*way, number), item
    elif isinstance(side, nodes.Fraction) and side.command != r"\binom":
        yield from _factors(side.numerator, (*way, 0))
    elif not isinstance(side, nodes.Sum):
        yield way, side


def _multiplies(side: nodes.Product, number: int) -> bool:
    """Whether the item is a factor: it is not divided by, and nothing is applied to it."""
    before = side.items[number - 1] if number else None
    return side.signs[number] != "/" and not isinstance(before, nodes.Named | nodes.Operator)


def _without(side: Node, factor: Node) -> Node | None:
    """The side divided by a factor, None where it is not one."""
    if side == factor:
        return nodes.Number("1")
    if isinstance(side, nodes.Product):
        for number, item in enumerate(side.items):
            if not _multiplies(side, number):
                continue
            left: Node | None = nodes.Number("1") if item == factor else None
            if item != factor and isinstance(item, nodes.Fraction):
                left = _without(item, factor)
            if left is not None:
                return _with_item(side, number, left)
    if isinstance(side, nodes.Fraction) and side.command != r"\binom":
        above = _without(side.numerator, factor)
        return None if above is None else replace(side, numerator=above)
    return None


def _with_item(side: nodes.Product, number: int, item: Node) -> Node:
    """The product with another item, left out where it is 1 and others are left."""
    divides = number == 0 and side.signs[1:2] == ("/",)
    if item != nodes.Number("1") or divides:
        items = (*side.items[:number], item, *side.items[number + 1 :])
        return replace(side, items=items)
    items = (*side.items[:number], *side.items[number + 1 :])
    signs = ("", *(*side.signs[:number], *side.signs[number + 1 :])[1:])
    return nodes.Product(items, signs) if len(items) > 1 else items[0]
