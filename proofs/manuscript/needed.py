"""Which value a part of a formula would have to have for the formula to hold.

A hole is put in place of the part; what it has to be is found by secants at a few points where the
claim holds, and recognised: as a number, another symbol, a multiple, a power, a sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy import Basic, Derivative, Symbol
from sympy.core.function import AppliedUndef

from ..notation import nodes
from ..notation.nodes import Node, replaced
from .building import fraction_node, times, without_exponent
from .edits import Edit
from .floats import close, simple_ratio
from .numbers import Points, root_near
from .recognised import Named, Part, left_out, recognised
from .roles import VALUE, Way, is_name, parts

__all__ = ["HOLE", "HOLE_SYMBOL", "needed_edits"]

HOLE = nodes.Letter(r"\lemmatahole")
HOLE_SYMBOL = Symbol("hole", real=True)
MULTIPLES = (Fraction(2), Fraction(1, 2))
ZERO = 1e-10
"""What is left of a gap by rounding, as a share of what it is elsewhere."""
ELSEWHERE = 1.37
"""A value that no part has to have."""
NUMBERS = tuple(map(Fraction, ("0", "1", "2", "3", "4", "5", "6", "8", "1/2")))


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
        yield from _simple_multiples(points, gap, way, node, value, _parent(whole, way))
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
        yield from recognised(part, names, missing, kind)


def _simple_multiples(
    points: Points, gap: Any, way: Way, node: Node, value: Any, parent: Node | None
) -> Iterator[Edit]:
    """Twice the part, or half of it: where many values would do, the nearest may be another."""
    if isinstance(node, nodes.Number) or isinstance(parent, nodes.Product):
        return
    has, program = points.values(value), points.program(gap, (HOLE_SYMBOL,))
    if has is None or program is None or not has:
        return
    vanishes = _zero_test(program, len(has))
    for ratio in MULTIPLES:
        if vanishes([float(ratio) * v for v in has]):
            yield Edit(way, node, times(fraction_node(ratio), node), "missing factor")


def _zero_test(program: Callable[..., float], count: int) -> Callable[[Sequence[float]], bool]:
    """Whether the gap vanishes at values of the hole, measured by what it is elsewhere."""
    told = (abs(program(n, ELSEWHERE)) for n in range(count))
    sizes = [max(1.0, size) if math.isfinite(size) else 1.0 for size in told]

    def vanishes(values: Sequence[float]) -> bool:
        found = [program(n, v) for n, v in enumerate(values)]
        return all(abs(f) <= ZERO * s for f, s in zip(found, sizes, strict=True))

    return vanishes


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
    names: Named,
    kind: str,
    parent: Node | None,
) -> Iterator[Edit]:
    """Another name, or another small number, in place of a name or a number."""
    program = points.program(gap, (HOLE_SYMBOL,))
    if program is None:
        return
    count = len(points.points)
    vanishes = _zero_test(program, count)
    for other, values in names.values():
        if other != node and vanishes(values):
            yield Edit(way, node, other, "symbol")
    for number in NUMBERS:
        if left_out(number, parent):
            continue
        if fraction_node(number) != node and vanishes([float(number)] * count):
            if kind == "exponent" and number == 1:
                continue
            yield Edit(way, node, fraction_node(number), kind)
