"""Which value a part of a formula would have to have for the formula to hold.

A hole is put in place of the part; what it has to be is found by secants at a few points where the
claim holds, and recognised: as a number, another symbol, a multiple, a power, a sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

from sympy import Basic, Derivative, Symbol
from sympy.core.function import AppliedUndef

from ..notation import nodes
from ..notation.nodes import Node, replaced
from .building import bracketed, fraction_node, raised, rooted, times, without_exponent
from .edits import MISSING_ROOT, Edit
from .floats import close, simple_ratio
from .numbers import Points, root_near
from .roles import VALUE, Way, is_name, parts

__all__ = ["HOLE", "HOLE_SYMBOL", "needed_edits"]

HOLE = nodes.Letter(r"\lemmatahole")
HOLE_SYMBOL = Symbol("hole", real=True)
POWERS = (Fraction(2), Fraction(3), Fraction(-1), Fraction(-2))
MOST_TERM = 4
NUMBERS = tuple(map(Fraction, ("0", "1", "2", "3", "4", "5", "6", "8", "1/2")))


@dataclass(frozen=True)
class Part:
    """A part with its values, and the values that it would need."""

    way: Way
    node: Node
    parent: Node | None
    role: str
    has: list[float]
    needs: list[float]


def needed_edits(
    whole: Node,
    points: Points,
    gap_of: Callable[[Node], Any],
    value_of: Callable[[Node], Any],
    spelled: Mapping[Any, Node],
    composites: Mapping[Any, Node],
    over: Callable[[], bool],
) -> Iterator[Edit]:
    """Edits of single parts after which the gap vanishes at the points.

    ``gap_of`` reads a formula with a hole and tells what has to vanish, None where it cannot;
    ``value_of`` reads a part; ``spelled`` says how the symbols there are may be written, and
    ``composites`` what else may be missing; ``over`` tells when to stop.
    """
    names = _names(points, spelled)
    missing = {**names, **_names(points, composites)}
    for way, node, role in parts(whole):
        if over():
            return
        if role != VALUE or not way or isinstance(node, nodes.Named | nodes.Text):
            continue
        gap, value = gap_of(replaced(whole, way, HOLE)), value_of(node)
        if gap is None or value is None or not gap.has(HOLE_SYMBOL):
            continue
        if any(f.has(HOLE_SYMBOL) for f in gap.atoms(AppliedUndef, Derivative)):
            gap = points.about.reduced(gap)
        exponent = _exponent_of(whole, way)
        kind = "exponent" if exponent is not None else "factor"
        if is_name(node) or isinstance(node, nodes.Number):
            yield from _other_leaf(points, gap, way, node, names, kind, _parent(whole, way))
        has, needs = _values(points, gap, value)
        if has is None or needs is None or all(map(close, has, needs)):
            continue
        number = simple_ratio(needs)
        if exponent is not None and number == 1:
            power = whole
            for step in exponent:
                power = power.children[step]
            yield Edit(exponent, power, without_exponent(power), "exponent")
            continue
        part = Part(way, node, _parent(whole, way), role, has, needs)
        yield from _recognised(part, names, missing, kind)


def _names(points: Points, spelled: Mapping[Any, Node]) -> dict[Any, tuple[Node, list[float]]]:
    found = {}
    for name, node in spelled.items():
        values = points.values(name) if isinstance(name, Basic) else None
        if values is not None and 0.0 not in values:
            found[name] = (node, values)
    return found


def _values(points: Points, gap: Any, value: Any) -> tuple[Any, Any]:
    has, program = points.values(value), points.program(gap, (HOLE_SYMBOL,))
    if has is None or program is None:
        return None, None
    needs = []
    for number, start in enumerate(has):
        root = root_near(lambda x, n=number: program(n, x), start)  # type: ignore[misc]
        if root is None:
            return has, None
        needs.append(root)
    return has, needs


def _parent(whole: Node, way: Way) -> Node | None:
    node: Node = whole
    for number in way[:-1]:
        node = node.children[number]
    return node if way else None


def _exponent_of(whole: Node, way: Way) -> Way | None:
    """The way to the power of which the part is all of the exponent; None where it is not."""
    for length in range(len(way), 0, -1):
        parent = _parent(whole, way[:length])
        if isinstance(parent, nodes.Group) and parent.left == "{":
            continue
        last = isinstance(parent, nodes.Scripted) and parent.sup is not None
        if last and way[length - 1] == len(parent.children) - 1:  # type: ignore[union-attr]
            return way[: length - 1]
        return None
    return None


def _other_leaf(
    points: Points,
    gap: Any,
    way: Way,
    node: Node,
    names: Mapping[Any, tuple[Node, list[float]]],
    kind: str,
    parent: Node | None,
) -> Iterator[Edit]:
    """Another name, or another small number, in place of a name or a number."""
    program = points.program(gap, (HOLE_SYMBOL,))
    if program is None:
        return
    count = len(points.points)

    def vanishes(values: Sequence[float]) -> bool:
        found = [program(n, v) for n, v in zip(range(count), values, strict=True)]
        return all(abs(f) <= 1e-10 for f in found)

    for other, values in names.values():
        if other != node and vanishes(values):
            yield Edit(way, node, other, "symbol")
    for number in NUMBERS:
        if _left_out(number, parent):
            continue
        if fraction_node(number) != node and vanishes([float(number)] * count):
            if kind == "exponent" and number == 1:
                continue
            yield Edit(way, node, fraction_node(number), kind)


def _left_out(number: Fraction, parent: Node | None) -> bool:
    """Whether the number would rather not be written: nothing is added, or multiplied by 1."""
    if isinstance(parent, nodes.Sum):
        return number == 0
    return isinstance(parent, nodes.Product) and number in (0, 1)


def _in_a_logarithm(part: Part) -> bool:
    """Whether the part is what a logarithm is taken of: a power is a factor before it."""
    before = part.parent.children[part.way[-1] - 1] if part.parent and part.way[-1] else None
    return isinstance(before, nodes.Named) and before.name in ("ln", "log")


def _recognised(
    part: Part,
    names: Mapping[Any, tuple[Node, list[float]]],
    missing: Mapping[Any, tuple[Node, list[float]]],
    kind: str,
) -> Iterator[Edit]:
    way, node = part.way, part.node
    number = simple_ratio(part.needs)
    if isinstance(node, nodes.Number):
        if number is not None and number > 0 and not _left_out(number, part.parent):
            yield Edit(way, node, fraction_node(number), kind)
    elif number and is_name(node) and number > 0 and not _left_out(number, part.parent):
        yield Edit(way, node, fraction_node(number), "symbol")
    if any(abs(v) < 1e-12 for v in part.has):
        return
    ratios = [w / v for v, w in zip(part.has, part.needs, strict=True)]
    yield from _multiples(part, ratios, missing)
    base = isinstance(part.parent, nodes.Scripted) and way[-1] == 0
    if not base and not _in_a_logarithm(part):
        yield from _powers(part, names)
    if isinstance(node, nodes.Sum) or not isinstance(part.parent, nodes.Sum | nodes.Product):
        yield from _terms(part, missing)


def _multiples(
    part: Part, ratios: Sequence[float], names: Mapping[Any, tuple[Node, list[float]]]
) -> Iterator[Edit]:
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


def _powers(part: Part, names: Mapping[Any, tuple[Node, list[float]]]) -> Iterator[Edit]:
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


def _terms(part: Part, names: Mapping[Any, tuple[Node, list[float]]]) -> Iterator[Edit]:
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
