"""Strategy for hierarchies: branching factors, flip probabilities, regular and irregular trees."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .arguments import Exact, exact, flag, in_order, invalid, lazily, whole
from .rationals import draw_share
from .trees import Hierarchy, Tree

__all__ = ["hierarchies"]

FLIPS = tuple(Fraction(n, d) for n, d in ((1, 10), (0, 1), (1, 2), (1, 1), (9, 10)))
"""Simple, frozen, structureless, inverted, and more likely to flip than not."""

USUAL = 2  # children of the simplest node: one child makes a level without a singular value


@lazily
def hierarchies(
    *,
    min_depth: int = 1,
    max_depth: int = 3,
    min_branching: int = 1,
    max_branching: int = 4,
    min_epsilon: Exact = 0,
    max_epsilon: Exact = 1,
    regular: bool | None = None,
) -> SearchStrategy[Hierarchy]:
    """Trees of items for the branching diffusion: each link flips a feature with epsilon.

    From ``min_depth`` to ``max_depth`` links lead from the root to each leaf; nodes have
    ``min_branching`` to ``max_branching`` children, one child (a unary level) included by default,
    and ``min_epsilon <= epsilon <= max_epsilon`` on every link: by default 0, 1/2, 1 and values
    above 1/2 occur.  ``regular=True`` gives one branching factor and one flip probability per
    level, ``regular=False`` trees that differ in one of them between two nodes of a level (leaves
    may then lie at different depths), ``None`` both.

    Draws ``Hierarchy``: ``tree`` is a nested list of links ``(epsilon, node)``, a leaf is ``[]``;
    ``B`` and ``epsilon`` are lists over the levels of a regular tree, else None; ``D`` is the
    depth, ``P`` the number of items.  All exact (``Fraction``).  Shrinks to B = [2],
    epsilon = [1/10].

    Raises ``InvalidArgument`` on first use for ranges that are empty, probabilities outside
    [0, 1], and ``regular=False`` where all trees in the range are regular.

    >>> @given(hierarchies(regular=True))
    ... def test_my_similarity(h):
    ...     q = my_similarity(h.B, [float(e) for e in h.epsilon])

    Source: Saxe, McClelland & Ganguli: data from a branching diffusion process.  Only in regular
    trees are coarse distinctions always learned before finer ones.
    """
    shallow = whole("min_depth", min_depth, least=1)
    deep = whole("max_depth", max_depth, least=1)
    in_order("min_depth", shallow, "max_depth", deep)
    few = whole("min_branching", min_branching, least=1)
    many = whole("max_branching", max_branching, least=1)
    in_order("min_branching", few, "max_branching", many)
    low = exact("min_epsilon", min_epsilon, least=0, most=1)
    high = exact("max_epsilon", max_epsilon, least=0, most=1)
    in_order("min_epsilon", low, "max_epsilon", high)
    bounds = _Bounds(shallow, deep, few, many, low, high)
    kinds = [True, False] if regular is None else [flag("regular", regular)]
    if not bounds.ways_to_differ:
        if regular is False:
            problem = f"with max_branching={many} and no freedom below leaves no irregular tree"
            raise invalid("regular", regular, problem, "widen max_branching, epsilon or depth")
        kinds = [True]
    return _hierarchies(bounds, kinds)


class _Bounds(NamedTuple):
    shallow: int
    deep: int
    few: int
    many: int
    low: Fraction
    high: Fraction

    def counts(self, level: int) -> list[int]:
        """Children that a node at ``level`` can have, the simplest first; 0 makes it a leaf."""
        if level == self.deep:
            return [0]
        inner = sorted(range(self.few, self.many + 1), key=lambda n: (abs(n - USUAL), n))
        return [0, *inner] if level >= self.shallow else inner

    @property
    def ways_to_differ(self) -> list[str]:
        """In what two children of the root can differ."""
        if self.many < USUAL:
            return []
        shape = ["shape"] if len(self.counts(1)) > 1 else []
        return [*(["flip"] if self.low < self.high else []), *shape]


@st.composite
def _hierarchies(draw: DrawFn, bounds: _Bounds, kinds: list[bool]) -> Hierarchy:
    if draw(st.sampled_from(kinds)):
        return _regular(draw, bounds)
    made = Hierarchy(_tree(draw, bounds, 0))
    return made if made.levels is None else Hierarchy(_irregular(draw, bounds))


def _regular(draw: DrawFn, bounds: _Bounds) -> Hierarchy:
    depth = draw(st.integers(bounds.shallow, bounds.deep))
    counts = [n for n in bounds.counts(0) if n]
    B = [draw(st.sampled_from(counts)) for _ in range(depth)]
    return Hierarchy.regular(B, [_flip(draw, bounds) for _ in range(depth)])


def _flip(draw: DrawFn, bounds: _Bounds) -> Fraction:
    """An edge case inside the bounds, or any rational between them."""
    low, high = bounds.low, bounds.high
    simple = [flip for flip in FLIPS if low <= flip <= high]
    place = draw(st.integers(0, 2 * len(simple)))
    if place < len(simple):
        return simple[place]
    return low + (high - low) * draw_share(draw)


def _tree(draw: DrawFn, bounds: _Bounds, level: int) -> Tree:
    return _node(draw, bounds, level, draw(st.sampled_from(bounds.counts(level))))


def _node(draw: DrawFn, bounds: _Bounds, level: int, children: int) -> Tree:
    return [(_flip(draw, bounds), _tree(draw, bounds, level + 1)) for _ in range(children)]


def _irregular(draw: DrawFn, bounds: _Bounds) -> Tree:
    """A tree whose first two branches differ, in the number of children or in the flip."""
    children = draw(st.sampled_from([n for n in bounds.counts(0) if n >= USUAL]))
    (flip, _), (other, below), *rest = _node(draw, bounds, 0, children)
    if draw(st.sampled_from(bounds.ways_to_differ)) == "flip":
        if other == flip:
            other = bounds.low if flip > bounds.low else bounds.high
        return [(flip, _tree(draw, bounds, 1)), (other, below), *rest]
    counts = [n for n in bounds.counts(1) if n != len(below)]
    first = _node(draw, bounds, 1, draw(st.sampled_from(counts)))
    return [(flip, first), (other, below), *rest]
