"""What a part of a formula has to be, recognised by the values that it would need.

As a number, a multiple, a power, a sum: with a number or with a name that there is to write.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

from ..notation import nodes
from ..notation.nodes import Node
from .building import bracketed, fraction_node, raised, rooted, times
from .edits import MISSING_ROOT, Edit
from .floats import close, simple_ratio
from .roles import Way, is_name

__all__ = ["Named", "Part", "left_out", "recognised"]

POWERS = (Fraction(2), Fraction(3), Fraction(-1), Fraction(-2))
MOST_TERM = 4

Named = Mapping[Any, tuple[Node, list[float]]]
"""What there is to write, and what it is worth at the points."""


@dataclass(frozen=True)
class Part:
    """A part with its values, and the values that it would need."""

    way: Way
    node: Node
    parent: Node | None
    role: str
    has: list[float]
    needs: list[float]


def left_out(number: Fraction, parent: Node | None) -> bool:
    """Whether the number would rather not be written: nothing is added, or multiplied by 1."""
    if isinstance(parent, nodes.Sum):
        return number == 0
    return isinstance(parent, nodes.Product) and number in (0, 1)


def _in_a_logarithm(part: Part) -> bool:
    """Whether the part is what a logarithm is taken of: a power is a factor before it."""
    before = part.parent.children[part.way[-1] - 1] if part.parent and part.way[-1] else None
    return isinstance(before, nodes.Named) and before.name in ("ln", "log")


def recognised(
    part: Part,
    names: Named,
    missing: Named,
    kind: str,
) -> Iterator[Edit]:
    """Edits of the part after which it has the values that it needs.

    ``names`` may stand in an exponent, ``missing`` may be a factor or a term too many or too few.
    """
    way, node = part.way, part.node
    number = simple_ratio(part.needs)
    if isinstance(node, nodes.Number):
        if number is not None and number > 0 and not left_out(number, part.parent):
            yield Edit(way, node, fraction_node(number), kind)
    elif number and is_name(node) and number > 0 and not left_out(number, part.parent):
        yield Edit(way, node, fraction_node(number), "symbol")
    if any(abs(v) < 1e-12 for v in part.has):
        return
    ratios = [w / v for v, w in zip(part.has, part.needs, strict=True)]
    yield from _multiples(part, ratios, missing)
    base = isinstance(part.parent, nodes.Scripted) and way[-1] == 0
    if not base and not _in_a_logarithm(part):
        yield from _powers(part, names)
    inside = isinstance(part.parent, nodes.Sum | nodes.Product)
    if isinstance(node, nodes.Sum) or not inside:
        yield from _terms(part, missing)
    elif is_name(node) and not isinstance(part.parent, nodes.Sum):
        yield from _terms(part, {})


def _multiples(part: Part, ratios: Sequence[float], names: Named) -> Iterator[Edit]:
    way, node = part.way, part.node
    plain = simple_ratio(ratios)
    if plain is not None:
        if plain == -1 and not isinstance(part.parent, nodes.Sum | nodes.Product):
            yield Edit(way, node, nodes.Sum((bracketed(node),), ("-",)), "leading sign")
        elif plain not in (0, -1) and not isinstance(node, nodes.Number):
            yield Edit(way, node, times(fraction_node(plain), node), "missing factor")
        return
    for other, values in names.values():
        above = simple_ratio([r / v for r, v in zip(ratios, values, strict=True)])
        if above is not None and above > 0:
            made = times(other, node)
            yield Edit(way, node, _scaled(above, made), "missing factor")
        below = simple_ratio([r * v for r, v in zip(ratios, values, strict=True)])
        if below is not None and below > 0:
            yield Edit(way, node, _scaled(below, _divided(node, other)), "missing factor")
        square = simple_ratio([r / v**2 for r, v in zip(ratios, values, strict=True)])
        if square == 1:
            yield Edit(way, node, times(raised(other, nodes.Number("2")), node), "missing factor")
    for (one, ones), (two, twos) in permutations(names.values(), 2):
        if all(close(r, a / b) for r, a, b in zip(ratios, ones, twos, strict=True)):
            ratio = nodes.Fraction(r"\frac", one, two)
            yield Edit(way, node, times(ratio, node), "missing factor")


def _scaled(number: Fraction, node: Node) -> Node:
    return node if number == 1 else times(fraction_node(number), node)


def _divided(node: Node, by: Node) -> Node:
    if isinstance(node, nodes.Fraction) and node.command != r"\binom":
        below = times(by, node.denominator)
        return nodes.Fraction(node.command, node.numerator, below)
    return nodes.Fraction(r"\frac", node, by)


def _powers(part: Part, names: Named) -> Iterator[Edit]:
    node = part.node
    scripted = isinstance(node, nodes.Scripted) and node.sup is not None
    if any(v <= 0 or v == 1 for v in part.has) or any(w <= 0 for w in part.needs):
        square = all(close(v * v, w) for v, w in zip(part.has, part.needs, strict=True))
        if square and not scripted and not isinstance(node, nodes.Number | nodes.Product):
            yield Edit(part.way, node, raised(node, nodes.Number("2")), "exponent")
        return
    exponents = [math.log(w) / math.log(v) for v, w in zip(part.has, part.needs, strict=True)]
    power = simple_ratio(exponents)
    if power == Fraction(1, 2) and not isinstance(node, nodes.Number):
        yield Edit(part.way, node, rooted(node), MISSING_ROOT)
    if scripted or isinstance(node, nodes.Number | nodes.Product):
        return
    for other, values in names.values():
        for more, exponent in (
            (0, other),
            (1, nodes.Sum((other, nodes.Number("1")), ("", "+"))),
            (-1, nodes.Sum((other, nodes.Number("1")), ("", "-"))),
        ):
            if all(close(e, v + more) for e, v in zip(exponents, values, strict=True)):
                yield Edit(part.way, node, raised(node, exponent), "exponent")
    if power is not None and power in POWERS and power != Fraction(1, 2):
        yield Edit(part.way, node, raised(node, fraction_node(power)), "exponent")


def _terms(part: Part, names: Named) -> Iterator[Edit]:
    differences = [w - v for v, w in zip(part.has, part.needs, strict=True)]
    number = simple_ratio(differences)
    if number is not None and number != 0 and abs(number) <= MOST_TERM:
        yield from _with_term(part, fraction_node(abs(number)), number > 0)
    for other, values in names.values():
        ratio = simple_ratio([d / v for d, v in zip(differences, values, strict=True)])
        if ratio in (1, -1):
            yield from _with_term(part, other, ratio == 1)


def _with_term(part: Part, term: Node, plus: bool) -> Iterator[Edit]:
    """The part with one term more, if that does not take away one that is there."""
    node = part.node
    terms, signs = (node.terms, node.signs) if isinstance(node, nodes.Sum) else ((node,), ("",))
    if (term, not plus) in {(t, s != "-") for t, s in zip(terms, signs, strict=True)}:
        return
    made = nodes.Sum((*terms, term), (*signs, "+" if plus else "-"))
    yield Edit(part.way, node, made, "missing term")
