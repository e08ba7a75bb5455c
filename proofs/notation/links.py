"""Equations and inequalities between the sides of a chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Eq, Ge, Gt, Le, Lt, Ne, Trace

from .constancy import is_constant, unchanging
from .labels import is_labelled, labelled
from .nodes import Empty, Group, Node, Relation
from .shapes import is_matrix

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["EQUAL", "pairs"]

EQUAL = frozenset(
    ("=", ":=", "=:", r"\equiv", r"\coloneqq", r"\coloneq", r"\eqqcolon", r"\defeq", r"\triangleq")
)
_ORDER = {
    "<": Lt,
    r"\lt": Lt,
    ">": Gt,
    r"\gt": Gt,
    r"\le": Le,
    r"\leq": Le,
    r"\leqslant": Le,
    r"\leqq": Le,
    r"\ge": Ge,
    r"\geq": Ge,
    r"\geqslant": Ge,
    r"\geqq": Ge,
}
_UNEQUAL = frozenset((r"\ne", r"\neq"))


def pairs(reader: Reader, node: Node) -> list[Any]:
    """The relation of each side of a chain to the next."""
    if not isinstance(node, Relation):
        raise reader.error("no relation: an equation or an inequality is due", node)
    if isinstance(node.sides[0], Empty):
        raise reader.error("the left side is missing: it is that of a row before", node)
    if any(map(is_constant, node.sides)):
        return _constant(reader, node)
    return _between(reader, node, node.sides, node.signs)


def _constant(reader: Reader, node: Relation) -> list[Any]:
    """A chain that ends in a constant: what it says besides, and that the last side is one."""
    *sides, last = node.sides
    if is_constant(node.sides[0]) and len(node.sides) == 2:
        sides, last = [node.sides[1]], node.sides[0]
    if not is_constant(last) or any(map(is_constant, sides)) or node.signs[-1] not in EQUAL:
        raise reader.error("the word const stands at the end of an equation, behind =", node)
    links = _between(reader, node, sides, node.signs[:-1]) if len(sides) > 1 else []
    return [*links, unchanging(reader, reader.value(_alone(reader, sides[-1])), last)]


def _between(reader: Reader, node: Node, sides: Sequence[Node], signs: Sequence[str]) -> list[Any]:
    values = [reader.value(_alone(reader, side)) for side in sides]
    links = []
    for n, sign in enumerate(signs):
        left, right = _alike(reader, values[n], values[n + 1], node)
        links.append(_related(reader, sign, left, right, node))
    return links


def _alone(reader: Reader, side: Node) -> Node:
    """A side without braces around all of it, seen or not."""
    while isinstance(side, Group) and side.left == "{" and not isinstance(side.content, Empty):
        side = side.content
    return labelled(reader, side, alone=True) if is_labelled(side) else side


def _related(reader: Reader, sign: str, left: Any, right: Any, node: Node) -> Any:
    if sign in EQUAL:
        return Eq(left, right, evaluate=False)
    if is_matrix(left) and not reader.single(left):
        raise reader.error(f"{sign} between matrices is not read", node)
    if is_matrix(left):
        left, right = Trace(left), Trace(right)
    if sign in _ORDER:
        return _ORDER[sign](left, right, evaluate=False)
    if sign in _UNEQUAL:
        return Ne(left, right, evaluate=False)
    if sign in (r"\approx", r"\sim", r"\simeq", r"\propto", r"\cong", r"\asymp", r"\approxeq"):
        raise reader.error(f"{sign} is not an exact relation: nothing can be proved of it", node)
    if sign in (r"\ll", r"\gg", r"\lesssim", r"\gtrsim"):
        raise reader.error(f"{sign} is not an exact relation: write < or > with its factor", node)
    raise reader.error(f"the relation {sign} is not read", node)


def _alike(reader: Reader, left: Any, right: Any, node: Node) -> tuple[Any, Any]:
    """Both sides as numbers, or as matrices of one size."""
    if is_matrix(left) != is_matrix(right):
        matrix, number = (left, right) if is_matrix(left) else (right, left)
        if number == 0:
            zero = reader.sizes.zero()
            reader.same_size(matrix, zero, node)
            return (left, zero) if matrix is left else (zero, right)
        single = reader.as_number(matrix)
        if single is None:
            raise reader.error(
                "a number and a matrix stand on the two sides: write the number times I", node
            )
        return (single, right) if matrix is left else (left, single)
    if is_matrix(left):
        reader.same_size(left, right, node)
    return left, right
