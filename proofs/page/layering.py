"""Nodes of a directed graph in columns: every edge leads from a column to a later one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Edge", "columns_of", "forward", "ordered"]

Edge = tuple[str, str]

SWEEPS = 12
"""Sweeps over the columns in which nodes are ordered to cross fewer edges."""


def forward(nodes: Sequence[str], edges: Iterable[Edge]) -> set[Edge]:
    """Edges of which none leads back: those that would close a circle are turned round.

    A node has no edge to itself.
    """
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for tail, head in sorted(set(edges)):
        after[tail].append(head)
    turned, done, above = set(), set(), set()

    def visit(node: str) -> None:
        above.add(node)
        for head in after[node]:
            turned.add((head, node) if head in above else (node, head))
            if head not in done and head not in above:
                visit(head)
        above.discard(node)
        done.add(node)

    for node in nodes:
        if node not in done:
            visit(node)
    return turned


def columns_of(nodes: Sequence[str], edges: set[Edge]) -> dict[str, int]:
    """The column of each node: as early as its edges allow, but sources next to what they serve.

    ``edges`` make no circle.
    """
    before: dict[str, list[str]] = {node: [] for node in nodes}
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for tail, head in sorted(edges):
        before[head].append(tail)
        after[tail].append(head)
    column: dict[str, int] = {}

    def place(node: str) -> int:
        if node not in column:
            column[node] = max((place(tail) + 1 for tail in before[node]), default=0)
        return column[node]

    for node in nodes:
        place(node)
    for node in nodes:
        if after[node] and not before[node]:
            column[node] = min(column[head] for head in after[node]) - 1
    return column


def ordered(columns: list[list[str]], edges: Sequence[Edge]) -> list[list[str]]:
    """The nodes of each column from top to bottom, with few crossings of edges.

    Each edge leads from one column to the next.  Each sweep puts every node at the mean place of
    its neighbours in the column before, then in the column after; the best order is kept.
    """
    back: dict[str, list[str]] = {node: [] for column in columns for node in column}
    ahead: dict[str, list[str]] = {node: [] for column in columns for node in column}
    for tail, head in edges:
        back[head].append(tail)
        ahead[tail].append(head)
    best, fewest = columns, crossings(columns, edges)
    current = columns
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        current = _swept(current, back) if sweep % 2 == 0 else _swept(current[::-1], ahead)[::-1]
        found = crossings(current, edges)
        if found < fewest:
            best, fewest = current, found
    return best


def _swept(columns: list[list[str]], neighbours: Mapping[str, list[str]]) -> list[list[str]]:
    made = [columns[0]]
    for column in columns[1:]:
        place = {node: i for i, node in enumerate(made[-1])}
        own = {node: float(i) for i, node in enumerate(column)}
        for node in column:
            known = [place[other] for other in neighbours[node]]
            if known:
                own[node] = sum(known) / len(known)
        made.append(sorted(column, key=own.__getitem__))
    return made


def crossings(columns: list[list[str]], edges: Iterable[Edge]) -> int:
    """How many pairs of edges between neighbouring columns cross."""
    place = {node: (c, i) for c, column in enumerate(columns) for i, node in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = {}
    for tail, head in edges:
        (column, start), (_, end) = place[tail], place[head]
        between.setdefault(column, []).append((start, end))
    total = 0
    for pairs in between.values():
        pairs.sort()
        total += sum(b[1] < a[1] for i, a in enumerate(pairs) for b in pairs[i + 1 :])
    return total
