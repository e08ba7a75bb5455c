"""Boxes in columns and the curves between them: no box covers another, no curve crosses a box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .layering import Edge, columns_of, forward, ordered

__all__ = ["Box", "Curve", "Layout", "laid_out"]

HEIGHT, LANE = 30.0, 8.0
"""Heights of a box, and of the lane of an edge that passes a column."""
BELOW, GAP, MARGIN = 12.0, 44.0, 6.0
"""Space below a box, between columns, and around the drawing."""
SETTLED = 16
"""Sweeps in which nodes move towards their neighbours."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node is drawn: left, top, width and height."""

    x: float
    y: float
    width: float
    height: float = HEIGHT

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge as points: straight from an even one to the next, bent after an odd one."""

    edge: Edge
    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """The curve as the path of an SVG; it arrives horizontally at every point."""
        x, y = self.points[0]
        told = [f"M{_digits(x)} {_digits(y)}"]
        for i, (to_x, to_y) in enumerate(self.points[1:]):
            if i % 2 == 0:
                told.append(f"H{_digits(to_x)}")
            else:
                half = (x + to_x) / 2
                bent = ((half, y), (half, to_y), (to_x, to_y))
                told.append("C" + " ".join(f"{_digits(a)} {_digits(b)}" for a, b in bent))
            x, y = to_x, to_y
        return "".join(told)


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing: its boxes by node, its curves, and its size."""

    boxes: Mapping[str, Box]
    curves: tuple[Curve, ...]
    width: float
    height: float


def laid_out(widths: Mapping[str, float], edges: Iterable[Edge]) -> Layout:
    """A drawing of the graph from left to right; equal graphs give equal drawings.

    ``widths`` has the width of every node.  An edge that would close a circle runs from right to
    left.  Raises ``ValueError`` for an edge to a node without a width, or from a node to itself.
    """
    wanted = sorted(set(edges))
    for tail, head in wanted:
        if tail == head or tail not in widths or head not in widths:
            raise ValueError(f"edges: {tail} -> {head}: an edge joins two different nodes")
    nodes = list(widths)
    turned = forward(nodes, wanted)
    column = columns_of(nodes, turned)
    chains = {edge: _chain(edge, column) for edge in sorted(turned)}
    columns: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        columns[column[node]].append(node)
    for (_, head), chain in chains.items():
        for place, lane in enumerate(chain[1:-1], column[head] - len(chain) + 2):
            columns[place].append(lane)
    steps = [pair for chain in chains.values() for pair in pairwise(chain)]
    columns = ordered(columns, steps)
    middles = _settled(columns, steps, widths)
    return _drawing(widths, wanted, chains, columns, middles)


def _chain(edge: Edge, column: Mapping[str, int]) -> tuple[str, ...]:
    """The edge by way of a lane in every column that it passes."""
    tail, head = edge
    lanes = (f"{tail} -> {head} @{c}" for c in range(column[tail] + 1, column[head]))
    return (tail, *lanes, head)


def _settled(
    columns: list[list[str]], steps: Sequence[Edge], widths: Mapping[str, float]
) -> dict[str, float]:
    """The middle of each node and lane: near its neighbours, in order, and none over another."""
    beside: dict[str, list[str]] = {node: [] for column in columns for node in column}
    for tail, head in steps:
        beside[tail].append(head)
        beside[head].append(tail)
    tall = {node: (HEIGHT if node in widths else LANE) + BELOW for node in beside}
    middles: dict[str, float] = {}
    for column in columns:
        middles |= _spaced(column, [0.0] * len(column), tall)
    for sweep in range(SETTLED):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = [_mean([middles[o] for o in beside[n]], middles[n]) for n in column]
            middles |= _spaced(column, wanted, tall)
    top = min((middles[node] - tall[node] / 2 for node in middles), default=0.0)
    return {node: middle - top - BELOW / 2 + MARGIN for node, middle in middles.items()}


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _spaced(
    column: Sequence[str], wanted: Sequence[float], tall: Mapping[str, float]
) -> dict[str, float]:
    """The places nearest to those wanted (least squares) that keep order and distance.

    Less the heights above it the wanted places must not decrease: neighbours that do are pooled
    at their mean.
    """
    offsets, total = [], 0.0
    for node in column:
        offsets.append(total + tall[node] / 2)
        total += tall[node]
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, size = (mean * size + before * many) / (size + many), size + many
        pools.append((mean, size))
    starts = [mean for mean, size in pools for _ in range(size)]
    return {node: s + o for node, s, o in zip(column, starts, offsets, strict=True)}


def _drawing(
    widths: Mapping[str, float],
    edges: Sequence[Edge],
    chains: Mapping[Edge, tuple[str, ...]],
    columns: list[list[str]],
    middles: Mapping[str, float],
) -> Layout:
    left, x, spans = MARGIN, {}, {}
    for column in columns:
        wide = max(widths.get(node, 0.0) for node in column)
        for node in column:
            x[node], spans[node] = left, (left, left + wide)
        left += wide + GAP
    boxes = {n: Box(x[n], middles[n] - HEIGHT / 2, wide) for n, wide in widths.items()}
    curves = []
    for tail, head in edges:
        back = (tail, head) not in chains
        chain = chains[(head, tail) if back else (tail, head)]
        start = x[chain[0]] + widths[chain[0]]
        points = [(start, middles[chain[0]]), (spans[chain[0]][1], middles[chain[0]])]
        for lane in chain[1:-1]:
            points += [(end, middles[lane]) for end in spans[lane]]
        points.append((x[chain[-1]], middles[chain[-1]]))
        curves.append(Curve((tail, head), _line(points, back)))
    height = max((box.y + box.height for box in boxes.values()), default=0.0) + MARGIN
    lanes = [y + LANE / 2 for curve in curves for _, y in curve.points]
    return Layout(boxes, tuple(curves), max(left - GAP, MARGIN) + MARGIN, max([height, *lanes]))


def _line(points: list[tuple[float, float]], back: bool) -> tuple[tuple[float, float], ...]:
    """The points in the direction of the edge, with straight and bent pieces in turn."""
    if not back:
        return tuple(points)
    # From right to left it begins with a bend: a straight piece of no length goes before.
    return (points[-1], *points[::-1])


def _digits(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
