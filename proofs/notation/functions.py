"""Functions with a name: which they are, how far their argument reaches, what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import averages, factors, powers
from .errors import NotationError
from .lookups import lookup
from .named import Head, hypergeometric, named_value
from .nodes import (
    Accent,
    Empty,
    Fraction,
    Group,
    Integral,
    Letter,
    Matrix,
    Named,
    Node,
    Operator,
    Root,
    Scripted,
    Sum,
)
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["Head", "applied", "head_of"]

_EXPECTATIONS = frozenset(rf"\{font}{{E}}" for font in ("mathbb", "mathsf", "mathrm", "mathbf"))


def head_of(reader: Reader, node: Node, following: Node | None) -> Head | None:
    """The function that a node names, if it names one where it stands."""
    below = above = None
    base = node
    if isinstance(node, Scripted):
        if node.primes:
            return None
        base, below, above = node.base, node.sub, node.sup
    if isinstance(base, Group) and base.left == "{" and not isinstance(base.content, Empty):
        base = base.content if isinstance(base.content, Named | Accent) else base
    if isinstance(base, Named):
        name = "average" if base.name in ("E", "Expect") else base.name
        return Head(name, node, below, above)
    if isinstance(base, Group) and isinstance(base.content, Empty) and below is not None:
        return Head("hypergeometric", node, below, above, items=2)
    if factors.bracket(following) is None:
        return None
    text = written(base)
    plain = text == "E" and averages.normal_variable(reader, below) is not None
    if plain or text in _EXPECTATIONS:
        return Head("average", node, below, above)
    if isinstance(base, Letter):
        special = {r"\Gamma": "gamma", r"\psi": "polygamma", r"\Phi": "lerchphi", "W": "LambertW"}
        if text in special and (below is None or text == "W"):
            return Head(special[text], node, below, above)
    return None


def applied(
    reader: Reader, head: Head, items: Sequence[Node], signs: Sequence[str], n: int
) -> tuple[Any, int]:
    """The value of the function with the argument behind it, and the first item after that."""
    first = n + head.items
    if head.name == "average":
        return averages.expectation(reader, head, items, first)
    if head.name == "hypergeometric":
        return hypergeometric(reader, head, items, n)
    if first >= len(items) or signs[first]:
        raise reader.error(f"{written(head.node)} has no argument", head.node)
    found = factors.bracket(items[first])
    if found is not None:
        group, scripts = found
        _refuse_second(reader, head, group, items[first + 1 : first + 2])
        args = factors.inside(reader, group)
        value = named_value(reader, head, args, group)
        return factors.scripted(reader, value, scripts, head.node), first + 1
    behind = items[first + 1] if first + 1 < len(items) and not signs[first + 1] else None
    inner = head_of(reader, items[first], behind) if lookup(reader, items[first]) is None else None
    if inner is not None and inner.name not in ("average", "hypergeometric"):
        argument, after = applied(reader, inner, items, signs, first)
        if after < len(items) and signs[after] in ("", "/", r"\div"):
            raise _reach(reader, head, items[after])
        return named_value(reader, head, [argument], items[first]), after
    argument, after = _argument(reader, head, items, signs, first)
    return named_value(reader, head, [argument], items[first]), after


def _refuse_second(reader: Reader, head: Head, group: Group, following: Sequence[Node]) -> None:
    r"""``\sin[2](x)`` prints a factor, and is written for a power."""
    second = factors.bracket(following[0]) if following else None
    if group.left == "[" and second is not None and second[0].left == "(":
        shown = written(head.node)
        raise reader.error(
            f"{shown} {written(group)} {written(second[0])} is read as a product and as a power of "
            f"{shown}: write the power above {shown}",
            group,
        )


def _argument(
    reader: Reader, head: Head, items: Sequence[Node], signs: Sequence[str], first: int
) -> tuple[Any, int]:
    """An argument without a bracket; see the second rule in ``factors``."""
    behind = first + 1
    goes_on = behind < len(items) and not signs[behind] and not _ends_run(reader, items, behind)
    if _stands_alone(items[first]) and not (goes_on and _is(items[first], Root)):
        if goes_on and (_is(items[first], Fraction | Letter | Accent) or _unseen(items[first])):
            raise _reach(reader, head, items[behind])
        value = reader.value(_without_braces(items[first]))
        _refuse_slash(reader, head, items, signs, behind)
        return value, behind
    found: list[Any] = []
    n = first
    while n < len(items) and (n == first or not signs[n]) and not _ends_run(reader, items, n):
        begins = n == first and _is(items[n], Root)
        if not begins and (_stands_alone(items[n]) or isinstance(items[n], Group)):
            raise _reach(reader, head, items[n])
        value, after = factors.item(reader, items, signs, n)
        found.append(("", value, items[n]))
        n = after
    if not found:
        raise reader.error(f"{written(head.node)} has no argument", head.node)
    _refuse_slash(reader, head, items, signs, n)
    return factors.combined(reader, found, items[first]), n


def _reach(reader: Reader, head: Head, node: Node) -> NotationError:
    name = written(head.node)
    return reader.error(
        f"how far {name} reaches is not clear: write its argument in brackets", node
    )


def _is(node: Node, kind: Any) -> bool:
    """Whether a node, without its scripts, is of a kind."""
    return isinstance(node.base if isinstance(node, Scripted) else node, kind)


def _unseen(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Group) and base.left == "{"


def _without_braces(node: Node) -> Node:
    r"""``\exp{-x}``: one term with its sign."""
    inside = node.content if isinstance(node, Group) and node.left == "{" else node
    return inside if isinstance(inside, Sum) and len(inside.terms) == 1 else node


def _stands_alone(node: Node) -> bool:
    """Whether the whole argument shows at a glance."""
    base = node.base if isinstance(node, Scripted) else node
    braces = isinstance(base, Group) and base.left not in ("(", "[", r"\{")
    if isinstance(node, Scripted) and node.sup is not None and powers.is_e(base):
        return True
    return braces or isinstance(base, Fraction | Root | Matrix | Integral)


def _ends_run(reader: Reader, items: Sequence[Node], n: int) -> bool:
    node = items[n]
    base = node.base if isinstance(node, Scripted) else node
    if isinstance(base, Operator) or (isinstance(base, Letter) and base.text in ("!", "|")):
        return True
    following = items[n + 1] if n + 1 < len(items) else None
    return lookup(reader, node) is None and head_of(reader, node, following) is not None


def _refuse_slash(
    reader: Reader, head: Head, items: Sequence[Node], signs: Sequence[str], n: int
) -> None:
    if n < len(items) and signs[n] in ("/", r"\div"):
        name = written(head.node)
        raise reader.error(
            f"{name} x/y is read as {name}(x/y) and as {name}(x)/y: write the argument in brackets",
            items[n],
        )
