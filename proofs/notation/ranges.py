r"""Which numbers the index of a sum or a product takes, as it is written below and above the sign.

``\sum_{l=1}^{D}``, ``\sum_{1 \le l \le D}``, ``\sum_{l=1,\dots,D}``, ``\sum_{l \in \{1,\dots,D\}}``
say the same; ``\sum_{i,j=1}^{N}`` and ``\sum_{1 \le i < j \le N}`` have two indices.  What has no
lower and upper limit is not read: its range is known to the author alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Integer

from .nodes import Accent, Empty, Group, Letter, Matrix, Node, Relation, Scripted, Sequence
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["Range", "ranges", "shifted"]

_AT_MOST = {r"\le": 0, r"\leq": 0, r"\leqslant": 0, r"\leqq": 0, "<": 1, r"\lt": 1}
"""What is added to the smaller side so that the next number is reached."""
_AT_LEAST = {r"\ge": 0, r"\geq": 0, r"\geqslant": 0, r"\geqq": 0, ">": 1, r"\gt": 1}
_DOTS = (r"\dots", r"\ldots", r"\cdots", r"\dotsc", r"\dotsb")


@dataclass(frozen=True, slots=True)
class Range:
    """An index with its limits: nodes, and numbers added to them.

    A limit may be the index of another range, ``i + 1`` of ``i < j``.
    """

    index: Node
    low: Node
    high: Node
    above_low: int = 0
    below_high: int = 0


def ranges(reader: Reader, sign: str, below: Node | None, above: Node | None, node: Node) -> Any:
    """The ranges, the outer one first.  Raises ``NotationError`` with what is missing."""
    rows = _rows(below)
    found: list[Range] = []
    for row in rows:
        found += _of(reader, row, above)
    if not found or (above is not None and len(rows) > 1):
        raise reader.error(_missing(sign, below, above), node)
    return found


def _rows(below: Node | None) -> list[Node]:
    if isinstance(below, Matrix):
        return [cell for row in below.rows for cell in row]
    return [] if below is None else [below]


def _of(reader: Reader, row: Node, above: Node | None) -> list[Range]:
    if above is not None:
        return _with_limit_above(row, above)
    if isinstance(row, Relation):
        return _in_set(reader, row) or _between(row)
    return _listed(reader, row)


def _with_limit_above(row: Node, above: Node) -> list[Range]:
    """``l = 1`` below and ``D`` above; ``i, j = 1``: of all of them."""
    *others, last = row.items if isinstance(row, Sequence) else (row,)
    if not isinstance(last, Relation) or last.signs != ("=",):
        return []
    if any(not isinstance(other, Letter | Scripted | Accent) for other in others):
        return []
    if isinstance(row, Sequence) and set(row.signs) != {","}:
        return []
    index, low = last.sides
    return [Range(name, low, above) for name in (*others, index)]


def _in_set(reader: Reader, row: Relation) -> list[Range]:
    r"""``l \in \{1, \dots, D\}``."""
    if row.signs != (r"\in",) or not isinstance(row.sides[1], Group):
        return []
    group = row.sides[1]
    if (group.left, group.right) != (r"\{", r"\}") or not isinstance(group.content, Sequence):
        return []
    return _counted(reader, row.sides[0], group.content.items)


def _listed(reader: Reader, row: Node) -> list[Range]:
    r"""``l = 1, 2, \dots, D``."""
    if not isinstance(row, Sequence) or set(row.signs) != {","}:
        return []
    first, *rest = row.items
    if not isinstance(first, Relation) or first.signs != ("=",):
        return []
    return _counted(reader, first.sides[0], (first.sides[1], *rest))


def _counted(reader: Reader, index: Node, items: tuple[Node, ...]) -> list[Range]:
    """The numbers from the first to the last, where dots stand between and the second one fits."""
    if len(items) not in (3, 4) or not _is_dots(items[-2]):
        return []
    if len(items) == 4:
        step = reader.scalar(items[1], "a number") - reader.scalar(items[0], "a number")
        if step != 1:
            return []
    return [Range(index, items[0], items[-1])]


def _is_dots(node: Node) -> bool:
    return isinstance(node, Letter) and node.text in _DOTS


def _between(row: Relation) -> list[Range]:
    r"""``1 \le l \le D``, ``1 \le i < j \le N``, also from the right to the left."""
    sides, signs, order = row.sides, row.signs, _AT_MOST
    if all(sign in _AT_LEAST for sign in signs):
        sides, signs, order = sides[::-1], signs[::-1], _AT_LEAST
    if len(sides) < 3 or any(sign not in order for sign in signs):
        return []
    steps = [order[sign] for sign in signs]
    found, before, reached = [], sides[0], steps[0]
    for n in range(1, len(sides) - 1):
        # the numbers between this index and the upper limit leave room for the later ones
        found.append(Range(sides[n], before, sides[-1], reached, sum(steps[n:])))
        before, reached = sides[n], steps[n]
    return found


def _missing(sign: str, below: Node | None, above: Node | None) -> str:
    if isinstance(below, Relation) and above is None and len(below.signs) == 1:
        excluded = below.signs[0] in (r"\ne", r"\neq")
        if excluded:
            return (
                f"{sign} over all but one: write {sign} over all with its limits, and what it "
                "leaves out behind"
            )
    if below is None or isinstance(below, Empty):
        return f"{sign} has no index: write one with both limits, {sign}_{{l=1}}^{{D}}"
    return (
        f"{sign} over {written(below)} needs one index with both limits, {sign}_{{l=1}}^{{D}}: "
        "its range is not written"
    )


def shifted(reader: Reader, limit: Node, by: int) -> Any:
    """The value of a limit with the number that is added to it, which must be a whole one."""
    value = reader.scalar(limit, "a limit")
    if by and not value.is_integer:
        raise reader.error(f"{written(limit)} is no whole number: write the limit with \\le", limit)
    return value + Integer(by) if by else value
