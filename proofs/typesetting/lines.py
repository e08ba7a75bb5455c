r"""Long formulas, broken into lines that fit a column.

Lines end before relations, then before plus and minus of the outermost sum, then between factors
(the next line begins with ``\cdot``), then inside brackets, which are given a fixed size there.  A
fraction that is too wide becomes ``\frac{1}{...}`` times its numerator, or one bracket over
another; ``e^{...}`` becomes ``\exp(...)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .measure import size, width
from .pieces import SPACE, Piece, atom, fenced, product, quotient

__all__ = ["aligned_rows", "broken", "split_lines"]

_SIGN = re.compile(r"[\[\](){}]| (?:[=<>]|\\leq|\\geq|\\Leftrightarrow) ")
STEP = r"\quad "
INDENT = 10.0
"""Width of ``STEP``."""
LEFT_SHARE = 0.35
"""A left side narrower than this part of the column stands beside the lines of the right side."""
_SIZED = ((11, "big"), (20, "Big"), (27, "bigg"))
TALL_LINES = 32.0
"""Depth and height that meet between two lines and leave no room, in points."""
SHORT = 40.0
"""A right side up to this width ends the last line of the left side."""
ROOM = 0.45
"""A part is begun on the current line only where so much of the column is left."""


def split_lines(piece: Piece, column: float) -> list[str]:
    """The formula as LaTeX of one display: one line, or the lines of a ``split``."""
    if width(piece.latex) <= column:
        return [piece.latex]
    lines = _sides(piece, column) if piece.kind == "relation" else broken(piece, column, column)
    aligned = lines if piece.kind == "relation" else ["&" + lines[0], *_pushed(lines[1:], "&")]
    ended = [f"  {line} {_end(line, after)}" for line, after in pairwise(aligned)]
    return [r"\begin{split}", *ended, f"  {aligned[-1]}", r"\end{split}"]


def aligned_rows(lines: Sequence[str], *, numbered: bool) -> Iterator[str]:
    """The lines of a display as the rows of an ``align``, of which the last has the number."""
    if len(lines) == 1:
        yield _marked(lines[0])
        return
    unnumbered = r"\notag " if numbered else ""
    for line in lines[1:-2]:
        row, end, room = line.strip().rpartition(r"\\")
        yield row + unnumbered + end + room
    yield lines[-2].strip()


def _marked(line: str) -> str:
    """A relation on one line with a mark at its first sign outside of all brackets."""
    depth = 0
    for found in _SIGN.finditer(line):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(found[0], 0)
        if depth == 0 and found[0].startswith(" "):
            return f"{line[: found.start()]} &{found[0].strip()}{line[found.end() - 1 :]}"
    return line


def _end(line: str, after: str) -> str:
    """The end of a line, with room below where two tall lines would touch."""
    return r"\\[4pt]" if size(line).depth + size(after).height > TALL_LINES else r"\\"


def _sides(piece: Piece, column: float) -> list[str]:
    """Lines of a relation with their alignment marks."""
    left, *sides = piece.items
    signs = piece.signs[1:]
    start = width(left.latex) + width(signs[0]) + 8.0
    room = column - start
    if start <= LEFT_SHARE * column and len(sides) == 1 and _widest(sides[0]) <= room - INDENT:
        first, *rest = broken(sides[0], room, room - INDENT)
        return [f"{left.latex} &{signs[0]} {first}", *_pushed(rest, "&" + STEP)]
    first, *rest = broken(left, column, column - 2 * INDENT)
    lines = ["&" + first, *_pushed(rest, "&" + STEP + STEP)]
    for sign, side in zip(signs, sides, strict=True):
        closed = f"{lines[-1]} {sign} {side.latex}"
        short = width(side.latex) <= SHORT and width(closed.replace("&", "")) <= column
        if short and len(lines) > 1:
            lines[-1] = closed
            continue
        room = column - INDENT - width(sign) - 6.0
        first, *rest = broken(side, room, column - 2 * INDENT)
        lines += [f"&{STEP}{sign} {first}", *_pushed(rest, "&" + STEP + STEP)]
    return lines


def _widest(side: Piece) -> float:
    """The width of what has to stand on one line if the side is broken between its terms."""
    return max(width(item.latex) for item in (side.items if side.kind == "sum" else (side,)))


def _pushed(lines: Sequence[str], by: str) -> list[str]:
    return [by + line for line in lines]


def broken(piece: Piece, first: float, rest: float) -> list[str]:
    """Lines of a piece: the first as wide as ``first`` at most, the others as ``rest``.

    What can be taken apart no further is wider, if it must.
    """
    if width(piece.latex) <= first:
        return [piece.latex]
    if piece.kind in ("sum", "product", "relation", "list"):
        return _row(piece, first, rest)
    if piece.kind == "call":
        return _fence(piece, first, rest)
    if piece.kind == "operator":
        head = piece.head + " "
        return _behind(head, broken(piece.items[0], first - width(head), rest - INDENT))
    if piece.kind == "exponential":
        return broken(fenced(piece.items[0], r"\exp"), first, rest)
    if piece.kind in ("quotient", "slash"):
        return _quotient(piece, first, rest)
    return [piece.latex]


def _row(piece: Piece, first: float, rest: float) -> list[str]:
    """Fill lines with items, each with the sign before it."""
    lines: list[str] = []
    line, room = "", first
    for sign, item in zip(piece.signs, piece.items, strict=True):
        added = _added(line, sign, item.latex, piece.kind)
        if _wide(added) <= room:
            line = added
            continue
        leading = _leading(sign, piece.kind) if lines or line else sign
        alone = f"{leading} {item.latex}".strip()
        if line and (_wide(alone) <= rest or room - _wide(line) < ROOM * rest):
            lines.append(_closed(line, sign, piece.kind))
            line, room = "", rest
            if _wide(alone) <= rest:
                line = alone
                continue
        before = _added(line, sign if line else leading, "", piece.kind)
        begun = broken(item, room - _wide(before) - 4.0, rest - INDENT)
        *full, line = _behind(before + " " if before else "", begun)
        lines += full
        room = rest
    return [*lines, line]


def _wide(line: str) -> float:
    """The width of a line; a sign that begins it has the space of one between two terms."""
    return width("{} " + line if line.startswith(("+", "-", r"\cdot")) else line)


def _added(line: str, sign: str, latex: str, kind: str) -> str:
    if kind == "list" and line:
        return f"{line}{sign} {latex}".rstrip()
    if not line:
        return f"{sign}{latex}" if kind == "sum" else f"{sign} {latex}".strip()
    return " ".join(part for part in (line, sign, latex) if part)


def _leading(sign: str, kind: str) -> str:
    """What a line begins with: two factors are joined by a dot."""
    if kind == "list":
        return ""
    return sign if kind != "product" or sign not in ("", SPACE) else r"\cdot"


def _closed(line: str, sign: str, kind: str) -> str:
    return line + sign if kind == "list" else line


def _behind(before: str, lines: Sequence[str]) -> list[str]:
    return [before + lines[0], *_pushed(lines[1:], STEP)]


def _fence(piece: Piece, first: float, rest: float) -> list[str]:
    inside = piece.items[0]
    tall = size(inside.latex).total
    sized = next((s for limit, s in _SIZED if tall <= limit), "Bigg")
    left, right = rf"\{sized}l{piece.brackets[0]}", rf"\{sized}r{piece.brackets[1]}"
    opened, closing = piece.head + left, right + piece.tail
    room = rest - INDENT - width(closing)
    begun = broken(inside, first - width(opened), room)
    if len(begun) == 1:
        begun = broken(inside, first - width(opened) - width(closing), room)
    if len(begun) == 1:
        return [piece.latex]
    lines = _behind(opened, begun)
    return [*lines[:-1], lines[-1] + closing]


def _quotient(piece: Piece, first: float, rest: float) -> list[str]:
    above, below = piece.items
    if piece.kind == "quotient" and width(quotient(atom("1"), below).latex) <= 0.5 * rest:
        return broken(product([quotient(atom("1"), below), above]), first, rest)
    over = above if above.kind in ("call", "name", "atom") else fenced(above)
    under = below if below.kind in ("call", "name", "atom") else fenced(below)
    latex = rf"{over.latex} \Big/ {under.latex}"
    return _row(Piece("product", latex, items=(over, under), signs=("", r"\Big/")), first, rest)
