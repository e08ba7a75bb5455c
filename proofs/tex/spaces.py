r"""Wide spaces: ``a = b \quad c = d`` are two formulas, and no product of b and c.

A wide space between two operands separates what stands before it from what stands behind it; at
the beginning of a row, beside a relation, a sign, a comma or words it says nothing.  Between two
operands in round or square brackets it is kept: ``(a \\quad b)`` may be a row and no product.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .commands import RELATIONS, words
from .scanner import Raw

__all__ = [
    "CLOSERS",
    "HALF",
    "OPENERS",
    "SIGNS",
    "WIDE",
    "WIDTHS",
    "is_solid",
    "parted_by_spaces",
]

WIDE = "wide"
"""The kind of a space of half a quad or more, while a formula is read."""

HALF = 9.0
"""A space that may separate two formulas, in eighteenths of a quad."""
WIDTHS = {
    **dict.fromkeys((r"\,", r"\thinspace"), 3.0),
    **dict.fromkeys((r"\:", r"\>", r"\medspace"), 4.0),
    **dict.fromkeys((r"\;", r"\thickspace"), 5.0),
    "\\ ": 6.0,
    **dict.fromkeys((r"\enspace", r"\enskip"), 9.0),
    **dict.fromkeys((r"\!", r"\negthinspace"), -3.0),
    r"\negmedspace": -4.0,
    r"\negthickspace": -5.0,
}
"""How wide spaces are, in eighteenths of a quad; several in a row add up."""

OPENERS = frozenset({"(", "[", r"\{", r"\lbrace", r"\left", r"\lbrack"})
CLOSERS = frozenset({")", "]", r"\}", r"\rbrace", r"\right", r"\rbrack"})
SIGNS = frozenset({"other", "command"})
_ROUND = frozenset({"(", "["})
_BRACKETS = OPENERS - {r"\left"}

_SILENT = frozenset({"text", "newline"})
_BINARY = words(r"* / \pm \mp \cdot \times \div \circ \otimes \odot \oplus") | frozenset(",;:.")
_EITHER = frozenset("+-")
"""Signs that begin a formula or join it to what stands before."""
_ROWS = tuple(
    rf"\{way}{{{name}}}"
    for way in ("begin", "end")
    for name in ("aligned", "alignedat", "gathered", "gatheredat", "multlined")
)


def is_solid(item: Raw | None) -> bool:
    """Whether an item prints something."""
    return item is not None and item.kind != WIDE


def parted_by_spaces(items: Sequence[Raw | None]) -> list[Raw | None]:
    r"""The items with the command ``\quad`` where a wide space separates, and no other space."""
    found: list[Raw | None] = [None if _is_wide(item) else item for item in items]
    if not any(map(_is_wide, items)):
        return found
    depths = _depths(items)
    _keep_in_brackets(items, found)
    outside = [
        n
        for n, item in enumerate(items)
        if item is not None and item.kind != "align" and depths[n] == 0
    ]
    relations = [n for n in outside if _shows(items[n], RELATIONS)]
    if not relations:
        return found
    behind = _next_solid(items, outside)
    before: Raw | None = None
    for n in outside:
        item = items[n]
        if item is None:
            continue
        if item.kind != WIDE:
            before = item
        elif _is_operand(before) and _begins(behind[n], more=relations[-1] > n):
            found[n] = item._replace(kind="command", text=r"\quad")
            before = None  # of several spaces the first one separates
    return found


def _keep_in_brackets(items: Sequence[Raw | None], found: list[Raw | None]) -> None:
    """Put the spaces back that stand between two operands in the same round or square brackets."""
    solid = [n for n, item in enumerate(items) if is_solid(item)]
    inside: list[str] = []
    behind = dict(pairwise(solid))
    last = -1
    for n, item in enumerate(items):
        if item is None:
            continue
        if item.kind != WIDE:
            last = n
            _follow(inside, item)
            continue
        after = behind.get(last) if last >= 0 else None
        before, next_item = items[last], None if after is None else items[after]
        if inside and inside[-1] in _ROUND and _ends(before) and _starts(next_item):
            found[n] = item._replace(kind="command", text=r"\quad")


def _follow(inside: list[str], item: Raw) -> None:
    """Note what is opened and closed."""
    begins = item.text.startswith(r"\begin{")
    if item.kind == "open" or begins or (item.kind in SIGNS and item.text in _BRACKETS):
        inside.append(item.text)
    elif inside and (
        item.kind == "close"
        or item.text.startswith(r"\end{")
        or (item.kind in SIGNS and item.text in CLOSERS - {r"\right"})
    ):
        inside.pop()


def _ends(item: Raw | None) -> bool:
    opens = item is not None and (item.kind in ("open", "align") or item.text in OPENERS)
    return _is_operand(item) and not opens


def _starts(item: Raw | None) -> bool:
    closes = item is not None and (item.kind in ("close", "align") or item.text in CLOSERS)
    return _is_operand(item) and not closes


def _next_solid(items: Sequence[Raw | None], outside: Sequence[int]) -> dict[int, Raw | None]:
    """For each of the places what is printed next behind it."""
    found: dict[int, Raw | None] = {}
    after: Raw | None = None
    for n in reversed(outside):
        found[n] = after
        after = items[n] if is_solid(items[n]) else after
    return found


def _is_wide(item: Raw | None) -> bool:
    return item is not None and item.kind == WIDE


def _shows(item: Raw | None, signs: frozenset[str]) -> bool:
    return item is not None and item.kind in SIGNS and item.text in signs


def _is_operand(item: Raw | None) -> bool:
    silent = item is None or item.kind in _SILENT
    return not silent and not _shows(item, RELATIONS | _BINARY | _EITHER)


def _begins(item: Raw | None, *, more: bool) -> bool:
    """Whether a formula of its own begins; with a sign only where a relation follows."""
    return _is_operand(item) or (more and _shows(item, _EITHER))


def _depths(items: Sequence[Raw | None]) -> list[int]:
    """Braces, brackets and inner environments around each item."""
    found: list[int] = []
    depth, delimiter = 0, False
    for item in items:
        opens = closes = False
        if item is not None and item.kind in ("open", "close"):
            opens, closes = item.kind == "open", item.kind == "close"
        elif item is not None and item.kind in SIGNS and item.text not in _ROWS:
            opens = not delimiter and (item.text.startswith(r"\begin{") or item.text in OPENERS)
            closes = not delimiter and (item.text.startswith(r"\end{") or item.text in CLOSERS)
        delimiter = item is not None and item.kind in SIGNS and item.text in (r"\left", r"\right")
        depth = max(depth - closes, 0)
        found.append(depth)
        depth += opens
    return found
