"""Relations, equivalences, and the conditions that follow a formula."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sympy import And, Equivalent, Ge, Gt, Le, Lt, S

from .errors import NotationError
from .grouping import grouped
from .links import EQUAL, pairs
from .nodes import Group, Logic, Node, Relation, Sequence, Text
from .reader import Reader
from .signs import EQUIVALENT
from .vocabulary import Vocabulary
from .words import introduces, is_idle
from .writing import written

__all__ = ["read", "relations"]


def read(node: Node, vocabulary: Vocabulary) -> Any:
    """What a formula says: a SymPy relation, ``Equivalent``, or the expression it is.

    Relations are not decided.  A chain ``a = b = c`` is an ``And`` of its links.  Raises
    ``NotationError`` with the token where something is not understood.
    """
    node = grouped(node)
    with _refusals(node):
        reader = Reader(vocabulary, node)
        main = _main(reader, node)
        if isinstance(main, Logic):
            return _equivalence(reader, main)
        if not isinstance(main, Relation):
            return _settled(reader, reader.value(main), main)
        found = [_settled(reader, link, main) for link in pairs(reader, main)]
        return found[0] if len(found) == 1 else And(*found, evaluate=False)


def relations(node: Node, vocabulary: Vocabulary) -> tuple[Any, ...]:
    """The links of a chain, one relation each; one for an equation with two sides."""
    node = grouped(node)
    with _refusals(node):
        reader = Reader(vocabulary, node)
        main = _main(reader, node)
        if not isinstance(main, Relation):
            raise reader.error("no relation: an equation or an inequality is due", main)
        return tuple(_settled(reader, link, main) for link in pairs(reader, main))


@contextmanager
def _refusals(node: Node) -> Iterator[None]:
    """What SymPy refuses to build is refused here, with its reason."""
    try:
        yield
    except NotationError:
        raise
    except (TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        raise NotationError(f"it makes no sense: {error}", node.start) from error


def _settled(reader: Reader, expr: Any, node: Node) -> Any:
    if reader.sizes.unknown(expr):
        raise reader.error(
            "the size of an I or a 0 is not determined by what stands around it", node
        )
    return reader.sizes.settled(expr)


def _equivalence(reader: Reader, node: Logic) -> Any:
    if not all(sign in EQUIVALENT for sign in node.signs):
        raise reader.error(
            f"{node.signs[0]} is not read, only equivalences are: write the formulas around it as "
            "equations of their own",
            node,
        )
    sides = []
    for side in node.sides:
        links = [_settled(reader, link, side) for link in pairs(reader, side)]
        sides.append(links[0] if len(links) == 1 else And(*links, evaluate=False))
    made = Equivalent(*sides)
    if not isinstance(made, Equivalent):
        raise reader.error("the equivalence says nothing: its sides are the same or opposite", node)
    return made


# What stands around a formula


def _main(reader: Reader, node: Node) -> Node:
    """The formula without words around it and conditions behind it that are known to hold."""
    if not isinstance(node, Sequence):
        return node
    parts = [p for p in node.items if not (isinstance(p, Text) and is_idle(p.text))]
    while parts and isinstance(parts[0], Text):
        raise reader.error(
            f"the words {parts[0].text!r} before the formula are not understood", parts[0]
        )
    if not parts:
        raise reader.error("there is no formula among the words", node)
    main, *rest = parts
    conditions = [p for p in rest if not isinstance(p, Text)]
    for part in rest:
        if isinstance(part, Text) and not introduces(part.text):
            raise reader.error(f"the words {part.text!r} are not understood", part)
    if rest and isinstance(rest[-1], Text):
        raise reader.error(f"the words {rest[-1].text!r} are not understood", rest[-1])
    equation = isinstance(main, Relation) and all(sign in EQUAL for sign in main.signs)
    for condition in conditions:
        _refuse_condition(reader, condition, equation=equation)
    return main


def _refuse_condition(reader: Reader, node: Node, *, equation: bool) -> None:
    """A condition must be known; of an equation it may leave out the boundary."""
    while isinstance(node, Group) and (node.left, node.right) in (("(", ")"), ("[", "]")):
        node = node.content
    if not isinstance(node, Relation):
        raise reader.error(f"{written(node)} behind the formula is not understood", node)
    for link in pairs(reader, node):
        holds = link.func(*link.args)
        told = reader.vocabulary.known
        known = link in told or link.reversed in told or holds is S.true or holds == True  # noqa: E712
        if not known and equation and isinstance(link, Gt | Lt):
            wider = (Ge if isinstance(link, Gt) else Le)(*link.args)
            known = wider == True  # noqa: E712
        if not known:
            raise reader.error(
                f"the condition {written(node)} is not one of the claim: leave it out, or check "
                "the equation on its own",
                node,
            )
