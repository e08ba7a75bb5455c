"""Which of several edits is named first: where the author is most likely to have erred."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Equivalent, Expr

from ..notation import nodes, written
from ..notation.nodes import Node
from .edits import Edit
from .reading import Reader
from .roles import Way

__all__ = ["Ranking"]


class Ranking:
    """The order of the edits of one formula.

    A side that is a side of the claim as it stands has no mistake in it: an edit of it repairs what
    is wrong with the other one.  Then the edits with the fewest tokens, and of those on the right
    side first: the left one is often a name.
    """

    def __init__(self, claim: Claim, reader: Reader, formula: Node) -> None:
        self.right = _sides_of_claim(claim, reader, formula)

    def size(self, edit: Edit) -> tuple[int, int, int]:
        """How large the edit is; of edits that are as large each is as likely."""
        return (int(edit.way[:1] in self.right), *edit.rank[:2])

    def ranked(self, edits: Iterable[Edit]) -> list[Edit]:
        """The edits, the likeliest first."""
        distinct = {(e.way, written(e.new)): e for e in edits}
        return sorted(
            distinct.values(), key=lambda e: (*self.size(e), e.way[:1] == (0,), e.rank[2])
        )


def _sides_of_claim(claim: Claim, reader: Reader, formula: Node) -> set[Way]:
    """The ways to the sides of the formula that are sides of the claim as they stand."""
    try:
        links = reader.links(formula)
    except (ValueError, ArithmeticError, TypeError):
        return set()
    theirs = _sides(claim.statement)
    if isinstance(formula, nodes.Logic):
        told = _sides(links[0])
    else:
        told = [links[0].lhs, *(link.rhs for link in links)] if _are_relations(links) else []
    found: set[Way] = {(n,) for n, side in enumerate(told) if any(_alike(side, t) for t in theirs)}
    return found if len(found) < len(told) else set()


def _are_relations(links: list[Any]) -> bool:
    return bool(links) and all(hasattr(link, "lhs") for link in links)


def _sides(relation: Any) -> list[Any]:
    return list(relation.args) if isinstance(relation, Equivalent) else [*relation.args[:2]]


def _alike(one: Any, other: Any) -> bool:
    if one == other:
        return True
    if not isinstance(one, Expr) or not isinstance(other, Expr):
        return False
    try:
        return bool((one - other).expand() == 0)
    except (AttributeError, TypeError, ValueError):
        return False
