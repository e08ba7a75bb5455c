"""The names that an edit may write, by what they stand for: a matrix is no number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..notation import nodes
from ..notation.names import plain_spelling
from ..notation.nodes import Node
from .building import raised, without_exponent
from .plain_edits import Change
from .roles import Way, is_name, parts

__all__ = ["Names", "more_factors", "turned", "upright"]

TRANSPOSE = nodes.Letter(r"\top")
_SIGNS = (r"\top", "T", r"\intercal", r"{\mathsf{T}}")


@dataclass
class Names:
    """The names that there are to write, by what they stand for.

    ``known_letters`` are all names of matrices, also those that are not to be written; ``terms``
    and ``factors`` are longer parts of the claim.
    """

    symbols: list[Node] = field(default_factory=list)
    indices: list[Node] = field(default_factory=list)
    sequences: list[Node] = field(default_factory=list)
    letters: list[Node] = field(default_factory=list)
    known_letters: list[Node] = field(default_factory=list)
    terms: list[Node] = field(default_factory=list)
    factors: list[Node] = field(default_factory=list)

    @property
    def numbers(self) -> tuple[Node, ...]:
        """Names of numbers, whole ones last."""
        return (*self.symbols, *self.indices)

    def typed_parts(self, whole: Node) -> Iterator[tuple[Way, Node, str]]:
        """The parts of a formula; a letter for a matrix is one of them with all its scripts."""
        inside: list[Way] = []
        for way, node, role in parts(whole):
            if any(way[: len(outer)] == outer for outer in inside):
                continue
            if isinstance(node, nodes.Scripted) and self.letter_of(node) is not None:
                inside.append(way)
            yield way, node, role

    def letter_of(self, node: Node) -> tuple[Node, bool] | None:
        """The matrix of which the node is the name, and whether it is transposed."""
        for name, turned in ((node, False), (upright(node), True)):
            if name is not None and isinstance(name, nodes.Letter | nodes.Accent | nodes.Scripted):
                key = plain_spelling(name)
                if any(plain_spelling(letter) == key for letter in self.known_letters):
                    return name, turned
        return None

    def like(self, node: Node) -> Iterator[Node]:
        """Other names of the same kind: a matrix for a matrix, a number for a number."""
        known = self.letter_of(node)
        if known is not None:
            others = [turned(o) if known[1] else o for o in self.letters if o != known[0]]
            yield from others
            return
        if not is_name(node):
            return
        if self._is_number(node):
            yield from self.numbers
        else:
            yield from (*self.numbers, *self.letters)
        if isinstance(node, nodes.Scripted) and node.sub is not None:
            for base in self.sequences:
                if not isinstance(base, nodes.Scripted):
                    yield replace(node, base=base)

    def _is_number(self, node: Node) -> bool:
        return plain_spelling(node) in map(plain_spelling, self.numbers)

    def matrix_changes(self, node: Node, alone: bool) -> Iterator[Change]:
        """A transpose more or less, a letter more in a product or beside one that is ``alone``."""
        if not self.letters:
            return
        both = [factor for letter in self.letters for factor in (letter, turned(letter))]
        known = self.letter_of(node)
        if known is not None:
            yield (known[0] if known[1] else turned(node)), "transpose"
            if alone:
                yield from more_factors(nodes.Product((node,), ("",)), both)
        elif upright(node) is not None:
            yield without_exponent(node), "transpose"
        elif is_name(node):
            yield raised(node, TRANSPOSE), "transpose"
        if isinstance(node, nodes.Product):
            yield from more_factors(node, both)


def turned(letter: Node) -> Node:
    """The transpose of a letter."""
    if isinstance(letter, nodes.Scripted) and letter.sup is not None:
        return replace(letter, sup=nodes.Product((letter.sup, TRANSPOSE), ("", "")))
    return raised(letter, TRANSPOSE)


def upright(node: Node) -> Node | None:
    """What is transposed; None where nothing is."""
    if not isinstance(node, nodes.Scripted) or node.sup is None:
        return None
    sign = _bare(node.sup)
    if isinstance(sign, nodes.Product) and len(sign.items) > 1 and _is_sign(sign.items[-1]):
        left = sign.items[:-1]
        rest = left[0] if len(left) == 1 else nodes.Product(left, sign.signs[:-1])
        return replace(node, sup=rest)
    return _bare(without_exponent(node)) if _is_sign(sign) else None


def _is_sign(node: Node) -> bool:
    return isinstance(node, nodes.Letter | nodes.Accent) and plain_spelling(node) in _SIGNS


def _bare(node: Node) -> Node:
    while isinstance(node, nodes.Group) and node.left == "{":
        node = node.content
    return node


def more_factors(node: nodes.Product, factors: Iterable[Node]) -> Iterator[Change]:
    """A factor more, at any place of a product."""
    for factor in factors:
        for place in range(len(node.items) + 1):
            items = (*node.items[:place], factor, *node.items[place:])
            signs = ("", *(s for s in node.signs[1:place]), "", *node.signs[max(place, 1) :])
            if len(signs) == len(items):
                yield nodes.Product(items, signs), "missing factor"
