"""Relations, equivalences, and the conditions that follow a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import And, Eq, Equivalent, Ge, Gt, Le, Lt, MatMul, Ne, S, Trace

from .errors import NotationError
from .nodes import Empty, Logic, Node, Relation, Sequence, Text
from .reader import Reader
from .shapes import is_matrix
from .vocabulary import Vocabulary
from .writing import written

__all__ = ["read", "relations"]

_EQUAL = frozenset(("=", ":=", r"\equiv", r"\coloneqq", r"\triangleq"))
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
_EQUIVALENT = frozenset((r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow"))
_WORDS = frozenset(
    "where with so thus hence then and therefore here now or equivalently that is i.e. namely "
    "we get obtain have finally".split()
)
"""Words around a formula that change nothing of what it says."""


def read(node: Node, vocabulary: Vocabulary) -> Any:
    """What a formula says: a SymPy relation, ``Equivalent``, or the expression it is.

    Relations are not decided.  A chain ``a = b = c`` is an ``And`` of its links.  Raises
    ``NotationError`` with the token where something is not understood.
    """
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
    reader = Reader(vocabulary, node)
    main = _main(reader, node)
    if not isinstance(main, Relation):
        reader.fail("no relation: an equation or an inequality is due", main)
    return tuple(_settled(reader, link, main) for link in pairs(reader, main))


def _settled(reader: Reader, expr: Any, node: Node) -> Any:
    try:
        if reader.sizes.unknown(expr):
            reader.fail("the size of an I or a 0 is not determined by what stands around it", node)
        return reader.sizes.settled(expr)
    except NotationError:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NotationError(f"it makes no sense: {error}", node.start) from error


def _equivalence(reader: Reader, node: Logic) -> Any:
    if not all(sign in _EQUIVALENT for sign in node.signs):
        reader.fail(f"{node.signs[0]} is not read: only equivalences are", node)
    sides = []
    for side in node.sides:
        links = [_settled(reader, link, side) for link in pairs(reader, side)]
        sides.append(links[0] if len(links) == 1 else And(*links, evaluate=False))
    return Equivalent(*sides)


def pairs(reader: Reader, node: Node) -> list[Any]:
    """The relation of each side of a chain to the next."""
    if not isinstance(node, Relation):
        reader.fail("no relation: an equation or an inequality is due", node)
    if isinstance(node.sides[0], Empty):
        reader.fail("the left side is missing: it is that of a row before", node)
    values = [reader.value(side) for side in node.sides]
    links = []
    for n, sign in enumerate(node.signs):
        left, right = _alike(reader, values[n], values[n + 1], node)
        links.append(_related(reader, sign, left, right, node))
    return links


def _related(reader: Reader, sign: str, left: Any, right: Any, node: Node) -> Any:
    if sign in _EQUAL:
        return Eq(left, right, evaluate=False)
    if is_matrix(left) and not reader.single(left):
        reader.fail(f"{sign} between matrices is not read", node)
    if is_matrix(left):
        left, right = Trace(left), Trace(right)
    if sign in _ORDER:
        return _ORDER[sign](left, right, evaluate=False)
    if sign in _UNEQUAL:
        return Ne(left, right, evaluate=False)
    if sign in (r"\approx", r"\sim", r"\simeq", r"\propto", r"\cong", r"\asymp", r"\approxeq"):
        reader.fail(f"{sign} is not an exact relation: nothing can be proved of it", node)
    if sign in (r"\ll", r"\gg", r"\lesssim", r"\gtrsim"):
        reader.fail(f"{sign} is not an exact relation: write < or > with its factor", node)
    reader.fail(f"the relation {sign} is not read", node)


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
            reader.fail(
                "a number and a matrix stand on the two sides: write the number times I", node
            )
        return (single, right) if matrix is left else (left, single)
    if is_matrix(left):
        reader.same_size(left, right, node)
    return left, right


# What stands around a formula


def _main(reader: Reader, node: Node) -> Node:
    """The formula without words around it and conditions behind it that are known to hold."""
    if not isinstance(node, Sequence):
        return node
    parts = [p for p in node.items if not (isinstance(p, Text) and _is_idle(p.text))]
    while parts and isinstance(parts[0], Text):
        reader.fail(f"the words {parts[0].text!r} before the formula are not understood", parts[0])
    if not parts:
        reader.fail("there is no formula among the words", node)
    main, *rest = parts
    conditions = [p for p in rest if not isinstance(p, Text)]
    for part in rest:
        if isinstance(part, Text) and not _introduces(part.text):
            reader.fail(f"the words {part.text!r} are not understood", part)
    if rest and isinstance(rest[-1], Text):
        reader.fail(f"the words {rest[-1].text!r} are not understood", rest[-1])
    equation = isinstance(main, Relation) and all(sign in _EQUAL for sign in main.signs)
    for condition in conditions:
        _refuse_condition(reader, condition, equation=equation)
    return main


def _is_idle(text: str) -> bool:
    bare = text.strip(" ,.;:~()").lower()
    remark = text.strip().startswith("(") and text.strip().endswith(")")
    return remark or all(word in _WORDS for word in bare.replace(",", " ").split())


def _introduces(text: str) -> bool:
    words = text.strip(" ,.;:~()").lower().split()
    return bool(words) and all(w in ("for", "all", "if", "when", "whenever", "any") for w in words)


def _refuse_condition(reader: Reader, node: Node, *, equation: bool) -> None:
    """A condition must be known; of an equation it may leave out the boundary."""
    if not isinstance(node, Relation):
        reader.fail(f"{written(node)} behind the formula is not understood", node)
    for link in pairs(reader, node):
        holds = link.func(*link.args)
        known = link in reader.vocabulary.known or holds is S.true or holds == True  # noqa: E712
        if not known and equation and isinstance(link, Gt | Lt):
            wider = (Ge if isinstance(link, Gt) else Le)(*link.args)
            known = wider == True  # noqa: E712
        if not known:
            reader.fail(
                f"the condition {written(node)} is not one of the claim: leave it out, or check the "
                "equation on its own",
                node,
            )
