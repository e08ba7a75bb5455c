"""From the tree of a formula to relations in the vocabulary of a claim."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lemmata.theory.claims import Claim
from sympy import Add, Pow, preorder_traversal

from ..notation import NotationError, nodes, parse, read, relations, vocabulary_of
from ..notation.names import plain_spelling
from ..notation.nodes import Node
from ..notation.vocabulary import Entry, Vocabulary
from ..tex import read_formula
from ..typesetting import typeset_in
from .building import bracketed
from .needed import HOLE, HOLE_SYMBOL
from .roles import is_name
from .typed_names import Names

__all__ = ["FormulaError", "Reader", "formula_of", "reason_of", "with_left"]

LONGEST = 10
"""Operations in a part of a claim that may be missing in an equation."""
MOST_COMPOSITES = 12
_CANNOT = (ValueError, ArithmeticError, TypeError, AttributeError, RecursionError)
"""What reading an edited formula may end in: then it is no formula."""


class FormulaError(ValueError):
    """A formula that states nothing that could be compared; the message says why."""


def formula_of(tree: Node) -> Node:
    """The relation that a formula states, without words and conditions around it."""
    tree = _unwrapped(tree)
    if isinstance(tree, nodes.Sequence):
        stated = [_unwrapped(item) for item in tree.items if not isinstance(item, nodes.Text)]
        tree = stated[0] if stated else tree
    if isinstance(tree, nodes.Relation | nodes.Logic):
        return tree
    raise FormulaError("it states no equation and no inequality")


def _unwrapped(node: Node) -> Node:
    while isinstance(node, nodes.Group) and node.left == "{":
        node = node.content
    if isinstance(node, nodes.Sequence) and len(node.items) == 1:
        return _unwrapped(node.items[0])
    return node


def with_left(tree: Node, left: Node) -> Node:
    """A row that begins with a relation, with the left side of the row before."""
    tree = _unwrapped(tree)
    if isinstance(tree, nodes.Sequence):
        return replace(tree, items=tuple(with_left(item, left) for item in tree.items))
    if isinstance(tree, nodes.Relation) and isinstance(tree.sides[0], nodes.Empty):
        return replace(tree, sides=(left, *tree.sides[1:]))
    return tree


@dataclass(frozen=True)
class Reader:
    """Reads trees in one vocabulary."""

    vocabulary: Vocabulary
    claim: Claim | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _holed(self) -> Vocabulary:
        names = {**self.vocabulary.names, HOLE.text: Entry(HOLE.text, symbol=HOLE_SYMBOL)}
        return replace(self.vocabulary, names=names)

    def links(self, formula: Node) -> list[Any]:
        """Every relation of a formula; raises ``NotationError``."""
        return self._links(formula, self.vocabulary)

    def _links(self, formula: Node, vocabulary: Vocabulary) -> list[Any]:
        if isinstance(formula_of(formula), nodes.Logic):
            return [read(formula, vocabulary)]
        return list(relations(formula, vocabulary))

    def link(self, formula: Node, number: int, *, hole: bool = False) -> Any:
        """One relation of a formula, None where it cannot be read."""
        try:
            return self._links(formula, self._holed if hole else self.vocabulary)[number]
        except (IndexError, *_CANNOT):
            return None

    def value(self, node: Node) -> Any:
        """A part of a formula as an expression, None where it cannot be read alone."""
        try:
            return read(node, self.vocabulary)
        except _CANNOT:
            return None

    @cached_property
    def _shown(self) -> list[tuple[Entry, Node]]:
        found = []
        for entry in self.vocabulary.names.values():
            try:
                found.append((entry, parse(read_formula(entry.shown))))
            except ValueError:
                continue
        return found

    def spelled(self, spoken: Container[Any] | None = None) -> Mapping[Any, Node]:
        """How the scalars of the vocabulary, or those ``spoken`` of, may be written."""
        found: dict[Any, Node] = {}
        for entry, node in self._shown:
            if entry.symbol is not None and entry.symbol not in self.vocabulary.bound.values():
                found[entry.symbol] = node
            if entry.function is not None and entry.bare is not None:
                found[entry.function(*entry.bare)] = node
            if entry.function is not None and entry.indexed:
                found[entry.function] = node
        return {k: v for k, v in found.items() if spoken is None or k in spoken}

    def composites(self) -> Mapping[Any, Node]:
        """Short sums in the claim's statement, and powers of them, in the manuscript's names."""
        found: dict[Any, Node] = {}
        if self.claim is None:
            return found
        for part in preorder_traversal(self.claim.statement):
            base = part.base if isinstance(part, Pow) else part
            if not isinstance(base, Add) or part in found or part.count_ops() > LONGEST:
                continue
            try:
                node = parse(read_formula(typeset_in(self.claim, part)))
            except ValueError:
                continue
            found[part] = bracketed(self._respelled(node))
            if len(found) == MOST_COMPOSITES:
                break
        return found

    def _respelled(self, node: Node) -> Node:
        """A part of the claim, as it is printed, with the names of the manuscript."""
        if is_name(node):
            latex = self._new.get(plain_spelling(node))
            return node if latex is None else parse(read_formula(latex))
        return node.with_children(tuple(self._respelled(child) for child in node.children))

    @cached_property
    def _new(self) -> dict[str, str]:
        """What is written for a name of the claim, by its spelling."""
        if self.claim is None or not self.renamed:
            return {}
        told: dict[str, str] = {}
        for key, entry in vocabulary_of(self.claim).names.items():
            names = {str(getattr(thing, "name", thing)) for thing in entry.things}
            for old, new in self.renamed.items():
                if old in {key, *names}:
                    told[key] = new
        return told

    def names(self, spoken: Container[Any]) -> Names:
        """The names that are ``spoken`` of, by what they stand for."""
        made = Names()
        for entry, node in self._shown:
            if entry.letter is not None:
                made.known_letters.append(node)
                if entry.letter in spoken:
                    made.letters.append(node)
            if entry.symbol is not None and entry.symbol in spoken:
                whole = bool(entry.symbol.is_integer)
                (made.indices if whole else made.symbols).append(node)
            if entry.function is not None and entry.indexed and entry.function in spoken:
                made.sequences.append(node)
        return made


def reason_of(error: ValueError) -> str:
    """Why a formula was not read, with the place where it is known."""
    if isinstance(error, NotationError):
        return error.reason
    return str(error)
