"""Single changes of a formula, each at one place of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..notation import nodes, written
from ..notation.nodes import Node, replaced
from .building import fraction_node, number_node, raised, times, without_exponent
from .roles import INDEX, LIMIT, NAME, VALUE, Way, changed_tokens, is_name, parts

__all__ = ["Edit", "Names", "enumerated", "plain_edits"]

_OPPOSITE = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", r"\leq": r"\geq", r"\geq": r"\leq"}
_WEAKER = {"<": r"\leq", ">": r"\geq", r"\le": "<", r"\ge": ">", r"\leq": "<", r"\geq": ">"}
_FUNCTIONS = (
    {"sin": r"\sin", "cos": r"\cos", "tan": r"\tan"},
    {"sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "coth": r"\coth"},
)
TRANSPOSE = r"\top"
_ADDED = frozenset(
    ("missing factor", "missing term", "extra factor", "extra term", "order", "leading sign")
)


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
        """Smaller edits first: by tokens, then replaced before added, then by their place.

        A factor is added to as much as possible, anything else is changed as deep as possible.
        """
        depth = len(self.way)
        return self.cost, int(self.kind in _ADDED), depth if "factor" in self.kind else -depth


@dataclass
class Names:
    """The names that there are to write, by what they stand for."""

    symbols: list[Node] = field(default_factory=list)
    indices: list[Node] = field(default_factory=list)
    sequences: list[Node] = field(default_factory=list)
    letters: list[Node] = field(default_factory=list)


def plain_edits(whole: Node) -> Iterator[Edit]:
    """Changes that need no number: signs, terms, factors, fractions, functions, relations."""
    for way, node, role in parts(whole):
        if isinstance(node, nodes.Relation) and role not in (INDEX, LIMIT):
            yield from _relations(way, node)
        if isinstance(node, nodes.Sum):
            yield from _terms(way, node)
        elif isinstance(node, nodes.Product) and role == VALUE:
            yield from _factors(way, node)
        elif isinstance(node, nodes.Fraction) and role == VALUE and node.command != r"\binom":
            turned = replace(node, numerator=node.denominator, denominator=node.numerator)
            yield Edit(way, node, turned, "fraction")
        elif isinstance(node, nodes.Named) and role == NAME:
            yield from _functions(way, node)
        elif isinstance(node, nodes.Root) and node.index is None and role == VALUE:
            yield Edit(way, node, nodes.Group("(", node.radicand, ")", sized=True), "root")


def enumerated(whole: Node, names: Names) -> list[Edit]:
    """All single changes, smallest first."""
    found = [*plain_edits(whole)]
    for way, node, role in parts(whole):
        if isinstance(node, nodes.Number) and role in (VALUE, LIMIT, INDEX):
            added = isinstance(_parent(whole, way), nodes.Sum)
            found += [e for e in _numbers(way, node, role) if not (added and _is_zero(e.new))]
        if is_name(node) and role in (VALUE, LIMIT, INDEX):
            found += _names(way, node, names, role)
        if role in (LIMIT, INDEX) and not isinstance(node, nodes.Relation):
            found += _shifted(way, node, role, alone=not isinstance(_parent(whole, way), nodes.Sum))
        if role == VALUE:
            found += _powers(way, node)
            found += _more_factors(way, node, names)
        if names.letters and role == VALUE:
            found += _transposed(way, node)
            if isinstance(node, nodes.Product):
                found += _more_letters(way, node, names)
    distinct = {(e.way, e.new): e for e in found if e.new != e.old}
    return sorted(distinct.values(), key=lambda e: e.rank)


def _parent(whole: Node, way: Way) -> Node | None:
    node: Node | None = None
    for number in way:
        node, whole = whole, whole.children[number]
    return node


def _is_zero(node: Node) -> bool:
    return isinstance(node, nodes.Number) and node.text == "0"


def _relations(way: Way, node: nodes.Relation) -> Iterator[Edit]:
    for number, sign in enumerate(node.signs):
        for table, kind in ((_OPPOSITE, "direction"), (_WEAKER, "strictness")):
            if sign in table:
                signs = (*node.signs[:number], table[sign], *node.signs[number + 1 :])
                yield Edit(way, node, replace(node, signs=signs), kind)


def _terms(way: Way, node: nodes.Sum) -> Iterator[Edit]:
    for number, sign in enumerate(node.signs):
        other = "-" if sign in ("", "+") else "+" if number else ""
        signs = (*node.signs[:number], other, *node.signs[number + 1 :])
        plain = len(signs) == 1 and not other
        kind = "sign" if number or sign == "-" else "leading sign"
        yield Edit(way, node, node.terms[0] if plain else replace(node, signs=signs), kind)
        if len(node.terms) > 1:
            yield Edit(way, node, _without_term(node, number), "extra term")


def _without_term(node: nodes.Sum, number: int) -> Node:
    terms = (*node.terms[:number], *node.terms[number + 1 :])
    signs = [*node.signs[:number], *node.signs[number + 1 :]]
    signs[0] = "" if signs[0] == "+" else signs[0]
    if len(terms) == 1 and signs[0] == "":
        return terms[0]
    return nodes.Sum(terms, tuple(signs))


def _factors(way: Way, node: nodes.Product) -> Iterator[Edit]:
    if len(node.items) < 2:
        return
    for number, item in enumerate(node.items):
        items = (*node.items[:number], *node.items[number + 1 :])
        signs = [*node.signs[:number], *node.signs[number + 1 :]]
        if isinstance(item, nodes.Named | nodes.Operator) or (number == 0 and signs[0] == "/"):
            continue
        signs[0] = ""
        kept: Node = nodes.Product(items, tuple(signs)) if len(items) > 1 else items[0]
        yield Edit(way, node, kept, "extra factor")
    for number in range(len(node.items) - 1):
        one, other = node.items[number], node.items[number + 1]
        if one != other and not isinstance(one, nodes.Named | nodes.Number):
            items = (*node.items[:number], other, one, *node.items[number + 2 :])
            yield Edit(way, node, replace(node, items=items), "order")


def _functions(way: Way, node: nodes.Named) -> Iterator[Edit]:
    for family in _FUNCTIONS:
        if node.name in family:
            for name, text in family.items():
                if name != node.name:
                    yield Edit(way, node, nodes.Named(name, text), "function")


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
        for other in (*names.symbols, *names.letters, *names.indices):
            if other != node:
                yield Edit(way, node, other, kind)
        if isinstance(node, nodes.Scripted) and node.sub is not None:
            for base in names.sequences:
                if base != node.base and not isinstance(base, nodes.Scripted):
                    yield Edit(way, node, replace(node, base=base), kind)
        return
    for other in names.indices:
        if other != node:
            yield Edit(way, node, other, kind)
    if role == LIMIT:
        for number in (0, 1):
            yield Edit(way, node, number_node(number), kind)


def _shifted(way: Way, node: Node, role: str, *, alone: bool) -> Iterator[Edit]:
    """An index or a limit one higher or lower."""
    kind = "limit" if role == LIMIT else "index"
    if isinstance(node, nodes.Sum) and len(node.terms) == 2 and node.terms[1] == nodes.Number("1"):
        yield Edit(way, node, node.terms[0], kind)
    if is_name(node) and alone:
        for sign in ("+", "-"):
            yield Edit(way, node, nodes.Sum((node, nodes.Number("1")), ("", sign)), kind)


def _powers(way: Way, node: Node) -> Iterator[Edit]:
    if isinstance(node, nodes.Scripted) and node.sup is not None and not _transpose(node.sup):
        yield Edit(way, node, without_exponent(node), "exponent")
        return
    if is_name(node) or (isinstance(node, nodes.Group) and node.left == "("):
        yield Edit(way, node, raised(node, nodes.Number("2")), "exponent")


def _more_factors(way: Way, node: Node, names: Names) -> Iterator[Edit]:
    if isinstance(node, nodes.Number | nodes.Group):
        return
    factors: list[Node] = [nodes.Number("2"), fraction_node(Fraction(1, 2)), *names.symbols]
    if isinstance(node, nodes.Scripted) and node.sub is not None:
        bases = [b for b in names.sequences if not isinstance(b, nodes.Scripted)]
        factors += [nodes.Scripted(base, node.sub) for base in bases]
    for factor in factors:
        yield Edit(way, node, times(factor, node), "missing factor")


def _more_letters(way: Way, node: nodes.Product, names: Names) -> Iterator[Edit]:
    """A letter, or its transpose, more in a product of matrices."""
    for letter in names.letters:
        for factor in (letter, raised(letter, nodes.Letter(TRANSPOSE))):
            for place in range(len(node.items) + 1):
                items = (*node.items[:place], factor, *node.items[place:])
                signs = ("", *(s for s in node.signs[1:place]), "", *node.signs[max(place, 1) :])
                if len(signs) == len(items):
                    yield Edit(way, node, nodes.Product(items, signs), "missing factor")


def _transpose(node: Node | None) -> bool:
    while isinstance(node, nodes.Group):
        node = node.content
    return isinstance(node, nodes.Letter) and node.text in (TRANSPOSE, "T")


def _transposed(way: Way, node: Node) -> Iterator[Edit]:
    if isinstance(node, nodes.Scripted) and _transpose(node.sup):
        yield Edit(way, node, without_exponent(node), "transpose")
    elif is_name(node):
        yield Edit(way, node, raised(node, nodes.Letter(TRANSPOSE)), "transpose")
