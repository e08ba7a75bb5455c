"""What stands above and below a part of a formula, as the grammar reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .errors import NotationError
from .nodes import Empty, Group, Letter, Node, Product, Scripted

__all__ = ["carrying", "is_carried", "with_scripts"]


def _is_prime(argument: Node) -> bool:
    r"""Whether ``^{\prime\prime}`` says no more than two primes."""
    items = argument.items if isinstance(argument, Product) else (argument,)
    signs = argument.signs if isinstance(argument, Product) else ()
    return not any(signs) and all(isinstance(x, Letter) and x.text == r"\prime" for x in items)


def is_carried(node: Node) -> bool:
    r"""Whether an empty group carries scripts, as in ``\W{}^\top``."""
    base = node.base if isinstance(node, Scripted) else None
    above = isinstance(node, Scripted) and node.sub is None  # {}_2 F_1 begins a name
    empty = isinstance(base, Group) and base.left == "{" and isinstance(base.content, Empty)
    return above and empty


def carrying(before: Node, node: Node) -> Node:
    """What stands before an empty group, with the scripts of the group."""
    assert isinstance(node, Scripted)
    base = before
    if not isinstance(before, Letter | Group):
        base = Group("{", before, "}", start=before.start, end=before.end)
    return replace(node, base=base, start=before.start)


def with_scripts(base: Node, scripts: list[Any]) -> Node:
    """The base with what stands above and below it, and its primes."""
    found: dict[str, Any] = {"sub": None, "sup": None}
    primes = 0
    for sign, argument, _ in scripts:
        if sign.type == "PRIME" or (sign.type == "SUP" and _is_prime(argument)):
            primes += len(argument.items) if isinstance(argument, Product) else 1
            continue
        kind = "sub" if sign.type == "SUB" else "sup"
        if found[kind] is not None:
            raise NotationError(
                f"two {sign} on one letter: put the inner one in braces", int(sign.start_pos)
            )
        found[kind] = argument
    return Scripted(base, found["sub"], found["sup"], primes, start=base.start, end=scripts[-1][2])
