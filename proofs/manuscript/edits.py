"""Single changes of a formula, each at one place of its tree: what an edit is, and all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..notation import nodes, written
from ..notation.nodes import Node, replaced
from .building import bracketed, fraction_node, number_node, raised, rooted, times, without_exponent
from .plain_edits import plain_changes
from .roles import INDEX, LIMIT, VALUE, Way, changed_tokens, is_name, parts
from .typed_names import Names, more_factors

__all__ = ["MISSING_ROOT", "Edit", "enumerated", "plain_edits"]

MISSING_ROOT = "missing root"
_LEFT_OUT = frozenset(("extra factor", "extra term", "order"))
_ADDED = frozenset(("missing factor", "missing term", "leading sign"))


@dataclass(frozen=True, slots=True)
class Edit:
    """The part ``old`` at ``way`` becomes ``new``; ``kind`` says what is wrong, in a word."""

    way: Way
    old: Node
    new: Node
    kind: str

    def applied(self, whole: Node) -> Node:
        """The formula after the change."""
        return replaced(whole, self.way, self.new)

    @property
    def cost(self) -> int:
        """Tokens that change."""
        return changed_tokens(written(self.old), written(self.new))

    @property
    def rank(self) -> tuple[int, int, int]:
        """By tokens, then replaced before left out before added, roots last, then by place.

        A factor is added to as much as possible, anything else is changed as deep as possible.
        """
        depth = len(self.way)
        groups = (_LEFT_OUT, _ADDED, (MISSING_ROOT,))
        group = next((n for n, kinds in enumerate(groups, 1) if self.kind in kinds), 0)
        return self.cost, group, depth if "factor" in self.kind else -depth


def plain_edits(whole: Node) -> Iterator[Edit]:
    """Changes that need no number: signs, terms, factors, fractions, functions, relations."""
    for way, node, role in parts(whole):
        for new, kind in plain_changes(node, role):
            yield Edit(way, node, new, kind)


def enumerated(whole: Node, names: Names) -> list[Edit]:
    """All single changes, smallest first."""
    found = [*plain_edits(whole)]
    for way, node, role in names.typed_parts(whole):
        if isinstance(node, nodes.Number) and role in (VALUE, LIMIT, INDEX):
            added = isinstance(_parent(whole, way), nodes.Sum)
            found += [e for e in _numbers(way, node, role) if not (added and _is_zero(e.new))]
            if role == LIMIT and not added:
                found += [Edit(way, node, other, "limit") for other in names.indices]
        if role in (VALUE, LIMIT, INDEX):
            found += _names(way, node, names, role)
        if _is_exponent(_parent(whole, way), node) and names.letter_of(node) is None:
            found += _shifted(way, node, role, alone=True)
        if role in (LIMIT, INDEX) and not isinstance(node, nodes.Relation):
            found += _shifted(way, node, role, alone=not isinstance(_parent(whole, way), nodes.Sum))
        if role == VALUE:
            alone = not isinstance(_parent(whole, way), nodes.Product)
            found += _powers(way, node, names)
            found += _more_factors(way, node, names)
            found += [Edit(way, node, new, kind) for new, kind in names.matrix_changes(node, alone)]
            parent = _parent(whole, way)
            found += _longer_factors(way, node, parent, names)
            found += _more_terms(way, node, parent, names)
    distinct = {(e.way, e.new): e for e in found if e.new != e.old}
    return sorted(distinct.values(), key=lambda e: e.rank)


def _parent(whole: Node, way: Way) -> Node | None:
    node: Node | None = None
    for number in way:
        node, whole = whole, whole.children[number]
    return node


def _is_exponent(parent: Node | None, node: Node) -> bool:
    return isinstance(parent, nodes.Scripted) and parent.sup is node


def _is_zero(node: Node) -> bool:
    return isinstance(node, nodes.Number) and node.text == "0"


def _numbers(way: Way, node: nodes.Number, role: str) -> Iterator[Edit]:
    if not node.text.isdigit():
        return
    value = int(node.text)
    others = {value + 1, value - 1}
    if role == VALUE:
        others |= {2 * value, value // 2, 1, 2, 3, 4}
    kind = {VALUE: "factor", LIMIT: "limit", INDEX: "index"}[role]
    for other in sorted(others - {value}):
        if other > 0 or (other == 0 and role != INDEX):
            yield Edit(way, node, number_node(other), kind)


def _names(way: Way, node: Node, names: Names, role: str) -> Iterator[Edit]:
    kind = {VALUE: "symbol", LIMIT: "limit", INDEX: "index"}[role]
    if role == VALUE:
        for other in names.like(node):
            yield Edit(way, node, other, kind)
        return
    if not is_name(node):
        return
    for other in names.indices:
        yield Edit(way, node, other, kind)
    if role == LIMIT:
        for number in (0, 1):
            yield Edit(way, node, number_node(number), kind)


def _shifted(way: Way, node: Node, role: str, *, alone: bool) -> Iterator[Edit]:
    """An index or a limit one higher or lower."""
    kind = {VALUE: "exponent", LIMIT: "limit", INDEX: "index"}[role]
    if isinstance(node, nodes.Sum) and len(node.terms) == 2 and node.terms[1] == nodes.Number("1"):
        yield Edit(way, node, node.terms[0], kind)
    if is_name(node) and alone:
        for sign in ("+", "-"):
            yield Edit(way, node, nodes.Sum((node, nodes.Number("1")), ("", sign)), kind)


def _powers(way: Way, node: Node, names: Names) -> Iterator[Edit]:
    if names.letter_of(node) is not None:
        return
    if isinstance(node, nodes.Scripted) and node.sup is not None:
        yield Edit(way, node, without_exponent(node), "exponent")
    elif is_name(node) or (isinstance(node, nodes.Group) and node.left == "("):
        yield Edit(way, node, raised(node, nodes.Number("2")), "exponent")
    if not names.letters and not isinstance(node, nodes.Number | nodes.Root):
        yield Edit(way, node, rooted(node), MISSING_ROOT)


def _longer_factors(way: Way, node: Node, parent: Node | None, names: Names) -> Iterator[Edit]:
    """A product or an inverse more, at any place of a product or beside a part that is alone."""
    if not isinstance(node, nodes.Product):
        if isinstance(parent, nodes.Product) or isinstance(node, nodes.Sum):
            return
        node_in = nodes.Product((node,), ("",))
    else:
        node_in = node
    if not names.letters:  # numbers: it may stand anywhere
        for factor in names.factors:
            items, signs = (*node_in.items, factor), (*node_in.signs, "")
            yield Edit(way, node, nodes.Product(items, signs), "missing factor")
        return
    for new, kind in more_factors(node_in, names.factors):
        yield Edit(way, node, new, kind)


def _more_terms(way: Way, node: Node, parent: Node | None, names: Names) -> Iterator[Edit]:
    """A term more, behind a sum or a part that is none of a sum."""
    if isinstance(parent, nodes.Sum) or isinstance(node, nodes.Number):
        return
    terms, signs = (node.terms, node.signs) if isinstance(node, nodes.Sum) else ((node,), ("",))
    inside = isinstance(parent, nodes.Product | nodes.Scripted)
    for term in names.terms:
        for sign in ("+", "-"):
            made: Node = nodes.Sum((*terms, term), (*signs, sign))
            yield Edit(way, node, bracketed(made) if inside else made, "missing term")


def _more_factors(way: Way, node: Node, names: Names) -> Iterator[Edit]:
    if isinstance(node, nodes.Number | nodes.Group):
        return
    factors: list[Node] = [nodes.Number("2"), fraction_node(Fraction(1, 2)), *names.numbers]
    if isinstance(node, nodes.Scripted) and node.sub is not None:
        bases = [b for b in names.sequences if not isinstance(b, nodes.Scripted)]
        factors += [nodes.Scripted(base, node.sub) for base in bases]
    for factor in factors:
        yield Edit(way, node, times(factor, node), "missing factor")
