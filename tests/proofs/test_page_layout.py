"""Drawings of graphs: no box covers another, no curve crosses a box, every edge is there."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.proofs.page.layering import columns_of, crossings, forward, ordered
from lemmata.proofs.page.layout import Box, Curve, Layout, laid_out


@st.composite
def graphs(draw):
    nodes = [f"n{i}" for i in range(draw(st.integers(1, 14)))]
    widths = {node: draw(st.floats(20, 300)) for node in nodes}
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    edges = draw(st.sets(pairs.filter(lambda pair: pair[0] != pair[1]), max_size=30))
    return widths, edges


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def crossed(layout: Layout) -> list[tuple[tuple[str, str], str]]:
    """Edges with the boxes, other than their own ends, that one of their points lies in."""
    found = []
    for curve in layout.curves:
        for node, box in layout.boxes.items():
            if node not in curve.edge and any(inside(box, p) for p in along(curve)):
                found.append((curve.edge, node))
    return found


def inside(box: Box, point: tuple[float, float]) -> bool:
    x, y = point
    return box.x < x < box.x + box.width and box.y < y < box.y + box.height


def along(curve: Curve) -> list[tuple[float, float]]:
    """Points of the curve: 20 of each piece, bent ones as cubics with horizontal ends."""
    told = []
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(curve.points)):
        for step in range(21):
            u = step / 20
            if i % 2 == 0:
                told.append((x0 + (x1 - x0) * u, y0))
            else:
                bend = 3 * u * u - 2 * u**3
                half = (x0 + x1) / 2
                x = x0 * (1 - u) ** 3 + 3 * half * u * (1 - u) + x1 * u**3
                told.append((x, y0 + (y1 - y0) * bend))
    return told


@given(graphs())
def test_boxes_do_not_cover_one_another(graph):
    layout = laid_out(*graph)
    assert layout.boxes.keys() == graph[0].keys()
    for one, other in combinations(layout.boxes.values(), 2):
        assert not overlap(one, other)


@given(graphs())
def test_every_edge_is_there_from_its_tail_to_its_head(graph):
    layout = laid_out(*graph)
    assert [curve.edge for curve in layout.curves] == sorted(graph[1])
    for curve in layout.curves:
        for node, (x, y) in zip(curve.edge, (curve.points[0], curve.points[-1]), strict=True):
            box = layout.boxes[node]
            assert x in (box.x, box.x + box.width)
            assert y == pytest.approx(box.middle)


@given(graphs())
def test_no_curve_crosses_a_box(graph):
    assert crossed(laid_out(*graph)) == []


@given(graphs())
def test_everything_is_on_the_drawing(graph):
    layout = laid_out(*graph)
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
    for curve in layout.curves:
        for x, y in curve.points:
            assert 0 <= x <= layout.width
            assert 0 <= y <= layout.height


@given(graphs())
def test_equal_graphs_give_equal_drawings(graph):
    widths, edges = graph
    assert laid_out(widths, sorted(edges)) == laid_out(dict(widths), sorted(edges, reverse=True))


@given(graphs())
def test_edges_that_close_no_circle_lead_to_the_right(graph):
    widths, edges = graph
    open_ = {(tail, head) for tail, head in edges if int(tail[1:]) < int(head[1:])}
    layout = laid_out(widths, open_)
    for tail, head in open_:
        one, other = layout.boxes[tail], layout.boxes[head]
        assert one.x + one.width < other.x


@given(graphs())
def test_circles_are_cut(graph):
    widths, edges = graph
    turned = forward(list(widths), edges)
    assert {frozenset(edge) for edge in turned} == {frozenset(edge) for edge in edges}
    column = columns_of(list(widths), turned)
    assert all(column[tail] < column[head] for tail, head in turned)


def test_crossings_are_counted_and_undone():
    crossing = [["a", "b"], ["c", "d"]]
    edges = [("a", "d"), ("b", "c")]
    assert crossings(crossing, edges) == 1
    assert crossings(ordered(crossing, edges), edges) == 0


def test_the_check_of_curves_would_notice_a_crossing():
    layout = laid_out({"a": 50, "b": 50, "c": 50}, [("a", "b"), ("b", "c")])
    a, c = layout.boxes["a"], layout.boxes["c"]
    through = Curve(("a", "c"), ((a.x + a.width, a.middle), (c.x, c.middle)))
    planted = Layout(layout.boxes, (through,), layout.width, layout.height)
    assert crossed(planted) == [(("a", "c"), "b")]


@pytest.mark.parametrize("edge", [("a", "a"), ("a", "x"), ("x", "a")])
def test_an_edge_joins_two_nodes_that_are_there(edge):
    with pytest.raises(ValueError, match="joins two different nodes"):
        laid_out({"a": 10, "b": 10}, [edge])


def test_paths_are_those_of_the_points():
    (curve,) = laid_out({"a": 50, "b": 50}, [("a", "b")]).curves
    start, end = curve.points[0], curve.points[-1]
    told = [float(number) for number in re.findall(r"-?[\d.]+", curve.path)]
    assert told[:2] == [pytest.approx(n, abs=0.05) for n in start]
    assert told[-2:] == [pytest.approx(n, abs=0.05) for n in end]


def test_nothing_is_a_drawing_of_nothing():
    assert laid_out({}, []).boxes == {}
