"""A row of ``align`` and its relatives cut into the equations in its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .commands import RELATIONS, words
from .scanner import Raw
from .spaces import SIGNS, WIDE

__all__ = ["begins_with", "cut_at_columns", "has_relation", "says_something", "with_level"]

FEW = 40
"""A row has no more ``&``, spaces and empty braces than this before its first sign."""


_ORDERS = words(
    r"< > \le \leq \leqslant \leqq \ge \geq \geqslant \geqq \ne \neq \lt \gt \ll \gg \in \notin"
)


def cut_at_columns(items: list[Raw | None]) -> list[list[Raw | None]]:
    """A row cut at every second ``&``, where both sides are equations of their own."""
    pieces: list[list[Raw | None]] = [[]]
    gaps: list[Raw] = []
    count = 0
    for item, outside in with_level(items):
        if outside and item is not None and item.kind == "align":
            count += 1
            if count % 2 == 0:
                pieces.append([])
                gaps.append(item._replace(kind=WIDE))
                continue
        pieces[-1].append(item)
    joined = [pieces[0]]
    for gap, piece in zip(gaps, pieces[1:], strict=True):
        condition = _is_ordered(piece) and not _is_ordered(joined[-1])
        alone = has_relation(joined[-1]) and _stands_alone(piece) and not condition
        if not says_something(piece) or alone:
            joined.append(piece)
        else:
            joined[-1] += [gap, *piece]
    return joined


def _is_ordered(piece: Sequence[Raw | None]) -> bool:
    """Whether all its relations are inequalities: behind an equation they may restrict it."""
    signs = [
        item.text
        for item, outside in with_level(piece)
        if outside and item is not None and item.kind in SIGNS and item.text in RELATIONS
    ]
    return bool(signs) and all(sign in _ORDERS for sign in signs)


def _stands_alone(piece: Sequence[Raw | None]) -> bool:
    return has_relation(piece) and not begins_with(piece, RELATIONS)


def with_level(items: Sequence[Raw | None]) -> Iterator[tuple[Raw | None, bool]]:
    """Every item, and whether it stands outside braces and inner environments."""
    depth = 0
    for item in items:
        if item is not None:
            opens = item.kind == "open" or item.text.startswith(r"\begin{")
            closes = item.kind == "close" or item.text.startswith(r"\end{")
            yield item, depth == 0 and not closes
            depth += opens - closes
        else:
            yield item, depth == 0


def has_relation(items: Sequence[Raw | None]) -> bool:
    """Whether a relation sign stands outside of braces."""
    return any(
        outside and item is not None and item.kind in SIGNS and item.text in RELATIONS
        for item, outside in with_level(items)
    )


def says_something(items: Sequence[Raw | None]) -> bool:
    """Whether there is more than words, brackets and punctuation."""
    return any(
        item is not None
        and item.kind not in ("text", "align", "newline", "open", "close", WIDE)
        and not (item.kind == "other" and item.text in ".,;:")
        for item in items
    )


def begins_with(items: Sequence[Raw | None], signs: frozenset[str]) -> bool:
    """Whether the first sign is one of them."""
    first = _first(items)
    return first is not None and first.kind in SIGNS and first.text in signs


def _first(items: Sequence[Raw | None]) -> Raw | None:
    """The first item that is neither ``&`` nor empty braces."""
    waiting = [item for item in items[:FEW] if item is not None and item.kind != WIDE]
    while waiting:
        item = waiting.pop(0)
        if item.kind == "align":
            continue
        if item.kind == "open" and waiting and waiting[0].kind == "close":
            waiting.pop(0)
            continue
        return item
    return None
