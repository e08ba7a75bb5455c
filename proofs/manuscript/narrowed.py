"""An edit told by no more of the author's text than it changes."""

from __future__ import annotations

from collections.abc import Sequence

from ..notation import nodes, written
from ..notation.nodes import Node
from .edits import Edit

__all__ = ["narrowed"]

Told = tuple[int, int, str]
"""The tokens that change, from the first up to but not including the last, and what is written."""


def narrowed(edit: Edit) -> Told:
    """The tokens that change, and what is written for them: no more than the change needs."""
    old, new = edit.old, edit.new
    if isinstance(old, nodes.Relation) and isinstance(new, nodes.Relation):
        number = _first_difference(old.signs, new.signs)
        return old.sides[number].end, old.sides[number + 1].start, new.signs[number]
    if isinstance(old, nodes.Sum):
        found = _in_a_sum(old, new, edit.kind)
        if found is not None:
            return found
    if edit.kind == "order" and isinstance(old, nodes.Product) and isinstance(new, nodes.Product):
        number = _first_difference(old.items, new.items)
        pair = nodes.Product(new.items[number : number + 2], ("", new.signs[number + 1]))
        return old.items[number].start, old.items[number + 1].end, written(pair)
    return old.start, old.end, written(new)


def _in_a_sum(old: nodes.Sum, new: Node, kind: str) -> Told | None:
    if kind in ("sign", "leading sign"):
        return _sign(old, new)
    if kind == "extra term":
        return _without(old, new)
    if kind == "missing term" and isinstance(new, nodes.Sum):
        return _with_one_more(old, new)
    return None


def _sign(old: nodes.Sum, new: Node) -> Told | None:
    """One term with another sign."""
    terms, signs = _terms(new)
    if terms != old.terms or len(terms) == 1:
        return None
    number = _first_difference(old.signs, signs)
    text = f"{signs[number]} {written(terms[number])}".strip()
    return _start(old, number), old.terms[number].end, text


def _without(old: nodes.Sum, new: Node) -> Told | None:
    """One term less: the sign of the term behind the first one may go with it."""
    terms, signs = _terms(new)
    number = _left_out(old, terms, signs)
    if number is None or len(terms) == 1:
        return None
    if number:
        return old.terms[number - 1].end, old.terms[number].end, ""
    behind = old.terms[1].start if old.signs[1] == "+" else old.terms[0].end
    return old.start, behind, ""


def _left_out(old: nodes.Sum, terms: Sequence[Node], signs: Sequence[str]) -> int | None:
    for number in range(len(old.terms)):
        left = [*old.signs[:number], *old.signs[number + 1 :]]
        if number == 0 and left[0] == "+":
            left[0] = ""
        same = (*old.terms[:number], *old.terms[number + 1 :]) == tuple(terms)
        if same and left == list(signs):
            return number
    return None


def _with_one_more(old: nodes.Sum, new: nodes.Sum) -> Told | None:
    """One term more, written behind the last one."""
    count = len(old.terms)
    if new.terms[:count] != old.terms or len(new.terms) != count + 1 or count < 2:
        return None
    text = f"{old.signs[-1]} {written(old.terms[-1])} {new.signs[-1]} {written(new.terms[-1])}"
    return _start(old, count - 1), old.end, text


def _start(node: nodes.Sum, number: int) -> int:
    """The token of the sign of a term."""
    return node.terms[number - 1].end if number else node.start


def _terms(node: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    return (node.terms, node.signs) if isinstance(node, nodes.Sum) else ((node,), ("",))


def _first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    return next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
